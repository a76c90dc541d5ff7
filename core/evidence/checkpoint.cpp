#include "core/evidence/checkpoint.h"

#include <algorithm>
#include <charconv>

#include "core/base/text.h"

namespace core {
namespace {

constexpr std::string_view signature_mark = "\u2014 ";
constexpr std::size_t longest_note = 16 * 1024;
constexpr std::size_t key_id_size = 4;

using KeyId = std::array<std::uint8_t, key_id_size>;

KeyId key_id(std::string_view name, const Ed25519Public& key,
             NoteAlgorithm algorithm = NoteAlgorithm::checkpoint) {
    const std::uint8_t between[] = {'\n', static_cast<std::uint8_t>(algorithm)};
    auto digest = sha256({as_bytes(name), between, key});
    KeyId id;
    std::copy_n(digest.begin(), id.size(), id.begin());
    return id;
}

std::string note_text(const TreeHead& head) {
    return head.origin + "\n" + std::to_string(head.size) + "\n" + to_base64(head.root.bytes) + "\n";
}

Error malformed(const char* what) { return {Errc::malformed, std::string("checkpoint: ") + what}; }

// The line without its newline, taken off the front of `text`; nothing when no newline is left.
std::optional<std::string_view> take_line(std::string_view& text) {
    auto end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

bool has_control_characters(std::string_view note) {
    return std::any_of(note.begin(), note.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f;
    });
}

// A key name has no space and no plus (C2SP signed-note).
bool is_key_name(std::string_view name) {
    return !name.empty() && name.find_first_of(" +") == std::string_view::npos;
}

std::optional<std::uint64_t> parse_size(std::string_view digits) {
    if (digits.empty() || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
    std::uint64_t size = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return size;
}

Result<TreeHead> parse_text(std::string_view text) {
    auto origin = take_line(text);
    auto size = take_line(text);
    auto root = take_line(text);
    if (!origin || !size || !root) return malformed("fewer than three lines");
    if (!text.empty()) return malformed("lines after the root hash");
    if (!is_key_name(*origin)) return malformed("origin");
    auto parsed_size = parse_size(*size);
    if (!parsed_size) return malformed("tree size");
    auto hash = from_base64(*root);
    if (!hash || hash->size() != 32) return malformed("root hash");
    TreeHead head{std::string(*origin), *parsed_size, {}};
    std::copy(hash->begin(), hash->end(), head.root.bytes.begin());
    return head;
}

struct NoteSignature {
    std::string_view name;
    Bytes id_and_signature;
};

Result<NoteSignature> parse_signature(std::string_view line) {
    if (!line.starts_with(signature_mark)) return malformed("a signature line without its dash");
    line.remove_prefix(signature_mark.size());
    auto space = line.find(' ');
    if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return malformed("key name");
    auto bytes = from_base64(line.substr(space + 1));
    if (!bytes || bytes->size() <= key_id_size) return malformed("signature");
    return NoteSignature{line.substr(0, space), std::move(*bytes)};
}

Bytes cosigned_text(const TreeHead& head, std::uint64_t time_s) {
    return to_bytes("cosignature/v1\ntime " + std::to_string(time_s) + "\n" + note_text(head));
}

}  // namespace

std::string log_origin(const DeviceId& device, int epoch) {
    return "handslag/device/" + device.str() + "/" + std::to_string(epoch);
}

std::string sign_checkpoint(const TreeHead& head, const Ed25519Key& key) {
    CHECK_THAT(is_key_name(head.origin) && !has_control_characters(head.origin) &&
               head.origin.find('\n') == std::string::npos);
    std::string text = note_text(head);
    Bytes line;
    append(line, key_id(head.origin, key.public_key()));
    append(line, key.sign(as_bytes(text)));
    return text + "\n" + std::string(signature_mark) + head.origin + " " + to_base64(line) + "\n";
}

Result<TreeHead> open_checkpoint(std::string_view note, const Ed25519Public& key) {
    if (note.size() > longest_note) return malformed("too long");
    if (!is_utf8(note) || has_control_characters(note)) return malformed("not text");
    auto blank = note.find("\n\n");
    if (blank == std::string_view::npos) return malformed("no empty line before the signatures");
    auto text = note.substr(0, blank + 1);
    auto signatures = note.substr(blank + 2);
    TRY_ASSIGN(TreeHead head, parse_text(text));
    if (signatures.empty()) return malformed("no signature");

    // Others may have co-signed: their lines are read for their form and otherwise ignored.
    const KeyId ours = key_id(head.origin, key);
    int by_us = 0;
    while (!signatures.empty()) {
        auto line = take_line(signatures);
        if (!line) return malformed("last line has no end");
        TRY_ASSIGN(NoteSignature signature, parse_signature(*line));
        ByteView bytes(signature.id_and_signature);
        if (signature.name != head.origin || !std::ranges::equal(bytes.first(key_id_size), ours)) continue;
        if (++by_us > 1) return malformed("signed twice by one key");
        if (bytes.size() != key_id_size + 64 ||
            !verify_ed25519(key, as_bytes(text), bytes.subspan(key_id_size)))
            return Error{Errc::damaged, "checkpoint: the signature does not hold"};
    }
    if (by_us == 0) return Error{Errc::damaged, "checkpoint: not signed by this log's key"};
    return head;
}

std::string encode_note_key(const NoteKey& key) {
    Bytes typed{static_cast<std::uint8_t>(key.algorithm)};
    append(typed, key.key);
    return key.name + "+" + to_hex(key_id(key.name, key.key, key.algorithm)) + "+" + to_base64(typed);
}

Result<NoteKey> parse_note_key(std::string_view text) {
    const Error wrong{Errc::malformed, "a key is NAME+ID+KEY, as `handslag-server log-key` prints it"};
    auto first = text.find('+');
    auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
    if (second == std::string_view::npos) return wrong;
    auto typed = from_base64(text.substr(second + 1));
    if (!typed || typed->size() != 33) return wrong;
    NoteKey key{std::string(text.substr(0, first)), static_cast<NoteAlgorithm>(typed->front()), {}};
    std::copy(typed->begin() + 1, typed->end(), key.key.begin());
    bool known = key.algorithm == NoteAlgorithm::checkpoint || key.algorithm == NoteAlgorithm::cosignature;
    if (!known || !is_key_name(key.name) || encode_note_key(key) != text)
        return Error{Errc::malformed, "a key whose id, kind and bytes do not go together: copy it again"};
    return key;
}

Cosignature cosign(const TreeHead& head, std::uint64_t time_s, const Ed25519Key& witness) {
    return {time_s, witness.sign(cosigned_text(head, time_s))};
}

bool verify_cosignature(const TreeHead& head, const Cosignature& cosignature, const Ed25519Public& witness) {
    return verify_ed25519(witness, cosigned_text(head, cosignature.time_s), cosignature.signature);
}

std::string cosignature_line(const NoteKey& witness, const Cosignature& cosignature) {
    CHECK_THAT(witness.algorithm == NoteAlgorithm::cosignature);
    Bytes line;
    append(line, key_id(witness.name, witness.key, witness.algorithm));
    for (int shift = 56; shift >= 0; shift -= 8)
        line.push_back(static_cast<std::uint8_t>(cosignature.time_s >> shift));
    append(line, cosignature.signature);
    return std::string(signature_mark) + witness.name + " " + to_base64(line) + "\n";
}

Result<std::optional<Cosignature>> find_cosignature(std::string_view note, const TreeHead& head,
                                                    const NoteKey& witness) {
    auto signatures = note.substr(std::min(note.find("\n\n"), note.size() - 2) + 2);
    const auto id = key_id(witness.name, witness.key, NoteAlgorithm::cosignature);
    while (auto line = take_line(signatures)) {
        TRY_ASSIGN(auto signature, parse_signature(*line));
        ByteView bytes(signature.id_and_signature);
        if (signature.name != witness.name || !std::ranges::equal(bytes.first(key_id_size), id)) continue;
        Cosignature found;
        bool fits = bytes.size() == key_id_size + 8 + found.signature.size();
        if (fits) {
            for (auto byte : bytes.subspan(key_id_size, 8)) found.time_s = found.time_s << 8 | byte;
            std::ranges::copy(bytes.subspan(key_id_size + 8), found.signature.begin());
        }
        if (!fits || !verify_cosignature(head, found, witness.key))
            return Error{Errc::damaged, "the cosignature of " + witness.name + " does not hold"};
        return std::optional(found);
    }
    return std::optional<Cosignature>{};
}

}  // namespace core
