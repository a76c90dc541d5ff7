#include "sync/protocol/parcel.h"

#include "core/base/text.h"
#include "core/evidence/entry.h"

namespace wire {
namespace {

using core::Bytes;
using core::ByteView;
using core::Errc;
using core::Error;
using core::Result;

constexpr std::string_view family = "handslag-parcel/", magic = "handslag-parcel/1\n";
constexpr std::size_t longest_name = 64;

Error malformed(const char* what) { return {Errc::malformed, std::string("parcel: ") + what}; }

Bytes bound_to(const LogName& log, std::uint64_t seq) {
    Bytes bound = core::to_bytes("handslag-parcel/1");
    for (const std::string& part : {log.device.str(), std::to_string(log.epoch), std::to_string(seq)}) {
        bound.push_back(0);
        core::append(bound, core::as_bytes(part));
    }
    return bound;
}

std::optional<ByteView> take(ByteView& left, std::size_t size) {
    if (size > left.size()) return std::nullopt;
    auto part = left.first(size);
    left = left.subspan(size);
    return part;
}

}  // namespace

Bytes encode_parcel(const std::vector<Payload>& payloads) {
    Bytes bytes = core::to_bytes(magic);
    std::size_t size = bytes.size();
    for (const auto& payload : payloads)
        size += 1 + payload.name.size() + core::salt_size + 4 + payload.content.size();
    bytes.reserve(size);  // nothing personal is left behind in freed memory
    for (const auto& payload : payloads) {
        CHECK_THAT(!payload.name.empty() && payload.name.size() <= longest_name &&
                   payload.salt.size() == core::salt_size);
        bytes.push_back(static_cast<std::uint8_t>(payload.name.size()));
        core::append(bytes, core::as_bytes(payload.name));
        core::append(bytes, payload.salt);
        for (int shift : {24, 16, 8, 0})
            bytes.push_back(static_cast<std::uint8_t>(payload.content.size() >> shift));
        core::append(bytes, payload.content);
    }
    return bytes;
}

Result<std::vector<Payload>> decode_parcel(ByteView bytes) {
    auto head = take(bytes, magic.size());
    if (!head || core::as_text(*head) != magic) {
        if (head && core::as_text(*head).starts_with(family))
            return Error{Errc::newer_version, "a parcel of a newer Handslag"};
        return malformed("its first line is not a parcel's");
    }
    std::vector<Payload> payloads;
    while (!bytes.empty()) {
        std::size_t name_size = bytes[0];
        bytes = bytes.subspan(1);
        auto name = take(bytes, name_size);
        auto salt = name ? take(bytes, core::salt_size) : std::nullopt;
        auto size = salt ? take(bytes, 4) : std::nullopt;
        auto content = size ? take(bytes, std::size_t{(*size)[0]} << 24 | std::size_t{(*size)[1]} << 16 |
                                              std::size_t{(*size)[2]} << 8 | (*size)[3])
                            : std::nullopt;
        if (!content) return malformed("cut short");
        if (name->empty() || name->size() > longest_name || !core::is_utf8(core::as_text(*name)))
            return malformed("a payload's name");
        if (!payloads.empty() && payloads.back().name >= core::as_text(*name))
            return malformed("payloads are not in order of name");
        payloads.push_back({std::string(core::as_text(*name)), Bytes(salt->begin(), salt->end()),
                            Bytes(content->begin(), content->end())});
    }
    return payloads;
}

core::SecretKey transfer_key(const core::SecretKey& payload_key) {
    return core::derive_transfer_key(payload_key);
}

Bytes seal_parcel(const core::SecretKey& key, const LogName& log, std::uint64_t seq, ByteView parcel) {
    return core::encrypt_repeatably(key, parcel, bound_to(log, seq));
}

Result<Bytes> open_parcel(const core::SecretKey& key, const LogName& log, std::uint64_t seq,
                          ByteView sealed) {
    return core::decrypt(key, sealed, bound_to(log, seq));
}

core::Status check_parcel(const core::Entry& entry, const std::vector<Payload>& payloads) {
    for (const auto& payload : payloads) {
        auto committed = entry.commitments.find(payload.name);
        if (committed == entry.commitments.end() ||
            committed->second != core::commitment(payload.name, payload.salt, payload.content))
            return Error{Errc::damaged, "the entry does not commit to a payload of its parcel"};
    }
    return {};
}

Result<std::optional<Bytes>> read_parcel(const core::Store& store, const core::SecretKey& key,
                                         std::uint64_t seq) {
    TRY_ASSIGN(auto entry, store.entry(seq));
    return read_parcel(store, key, entry);
}

Result<std::optional<Bytes>> read_parcel(const core::Store& store, const core::SecretKey& key,
                                         const core::Entry& entry) {
    std::vector<Payload> payloads;
    TRY_ASSIGN(auto stored, store.payloads(entry));
    for (auto& [name, payload] : stored)
        payloads.push_back({name, std::move(payload.salt), std::move(payload.content)});
    if (payloads.empty()) return std::optional<Bytes>{};
    auto plain = encode_parcel(payloads);
    const auto& identity = store.identity();
    auto sealed =
        seal_parcel(key, {identity.device, static_cast<std::uint32_t>(identity.epoch)}, entry.seq, plain);
    core::wipe(plain);
    for (auto& payload : payloads) core::wipe(payload.content);
    return std::optional(std::move(sealed));
}

}  // namespace wire
