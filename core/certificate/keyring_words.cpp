#include "core/certificate/keyring_words.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/base/text.h"

namespace core {
namespace {

constexpr std::size_t list_size = 2048, words_in_passphrase = 6;
constexpr std::size_t recovery_bytes = 20, recovery_characters = 32, check_characters = 4;

std::string check_group(ByteView secret) {
    auto digest = sha256({as_bytes("handslag/recovery-check/1"), secret});
    return to_base32(ByteView(digest).first(5)).substr(0, check_characters);
}

}  // namespace

Result<std::string> make_passphrase(const std::filesystem::path& words_file) {
    TRY_ASSIGN(auto content, read_file(words_file, 1 << 20));
    std::vector<std::string> words;
    for (auto line : split(as_text(content), '\n'))
        if (auto word = trim(line); !word.empty()) words.emplace_back(word);
    std::set<std::string> folded;
    for (const auto& word : words) folded.insert(fold_passphrase(word));
    if (words.size() != list_size || folded.size() != list_size)
        return Error{Errc::malformed, words_file.string() + ": must hold 2048 different words, one a line"};
    std::string passphrase;
    Bytes random = random_bytes(2 * words_in_passphrase);
    for (std::size_t i = 0; i < words_in_passphrase; ++i) {
        std::size_t at = static_cast<std::size_t>(random[2 * i] << 8 | random[2 * i + 1]) %
                         list_size;  // 2^16 / 2^11: even
        passphrase += (i == 0 ? "" : " ") + words[at];
    }
    wipe(random);
    return passphrase;
}

std::string fold_passphrase(std::string_view typed) {
    std::string spaced(typed);
    std::replace(spaced.begin(), spaced.end(), '-', ' ');
    auto normal = normalise(spaced);
    return normal ? to_upper(*normal) : std::string();
}

std::string spell_recovery_code(ByteView secret) {
    CHECK_THAT(secret.size() == recovery_bytes);
    auto characters = to_base32(secret) + check_group(secret);
    std::string code;
    for (std::size_t i = 0; i < characters.size(); i += 4)
        code += (i == 0 ? "" : "-") + characters.substr(i, 4);
    return code;
}

std::optional<Bytes> parse_recovery_code(std::string_view typed) {
    static constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    std::string characters;
    for (char c : to_upper(typed)) {
        if (c == ' ' || c == '-' || c == '\n' || c == '\r' || c == '\t') continue;
        characters += c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
    }
    if (characters.size() != recovery_characters + check_characters) return std::nullopt;
    Bytes secret;
    unsigned group = 0;
    int bits = 0;
    for (char c : characters.substr(0, recovery_characters)) {
        auto digit = digits.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        group = (group << 5 | static_cast<unsigned>(digit)) & 0x1FFF;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            secret.push_back(static_cast<std::uint8_t>(group >> bits));
        }
    }
    if (check_group(secret) != characters.substr(recovery_characters)) return std::nullopt;
    return secret;
}

bool is_pin(std::string_view pin) {
    return pin.size() == 6 &&
           std::all_of(pin.begin(), pin.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_guessable_pin(std::string_view pin) {
    static constexpr std::array<std::string_view, 10> favourites = {
        "123123", "112233", "121212", "159753", "147258", "147852", "789456", "456789", "123321", "246810"};
    if (std::find(favourites.begin(), favourites.end(), pin) != favourites.end()) return true;
    // One step all the way (111111, 123456, 654321, 135791), counted round the dial.
    int step = (pin[1] - pin[0] + 10) % 10;
    bool run = true;
    for (std::size_t i = 2; i < pin.size(); ++i) run = run && (pin[i] - pin[i - 1] + 10) % 10 == step;
    if (run) return true;
    // 121212, 123123, 111222: too few different keys, worn and easy to see from behind.
    if (pin.substr(0, 2) == pin.substr(2, 2) && pin.substr(2, 2) == pin.substr(4, 2)) return true;
    if (pin.substr(0, 3) == pin.substr(3, 3)) return true;
    return std::set<char>(pin.begin(), pin.end()).size() <= 2;
}

}  // namespace core
