#include "core/evidence/entry.h"

namespace core {
namespace {

constexpr std::string_view entry_format = "handslag-entry/1";

bool has_strings(const Json& json, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (!json.contains(name) || !json.at(name).is_string()) return false;
    return true;
}
bool has_integers(const Json& json, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (!json.contains(name) || !json.at(name).is_number_integer()) return false;
    return true;
}

struct Payload;  // what a commitment is a hash of

}  // namespace

Sha256 commitment(std::string_view name, ByteView salt, ByteView payload) {
    CHECK_THAT(salt.size() == salt_size);
    const std::uint8_t zero[] = {0};
    return sha256({as_bytes("handslag-commitment/1"), zero, as_bytes(name), zero, salt, payload});
}

Bytes encode_entry(const StoreIdentity& identity, const Entry& entry) {
    Json commitments = Json::object();
    for (const auto& [name, digest] : entry.commitments) commitments[name] = to_hex(digest);
    Json json = {
        {"format", entry_format},
        {"device", identity.device.str()},
        {"epoch", identity.epoch},
        {"seq", entry.seq},
        {"kind", entry.kind},
        {"commitments", commitments},
        {"at_ms", entry.at.wall_ms},
        {"boot_id", entry.at.boot_id},
        {"monotonic_ms", entry.at.monotonic_ms},
    };
    if (entry.refers_to) json["refers_to"] = *entry.refers_to;
    if (!entry.reason.empty()) json["reason"] = entry.reason;
    return to_bytes(encode_canonical(json));
}

Result<Entry> decode_entry(const StoreIdentity& identity, std::uint64_t seq, ByteView bytes) {
    const auto wrong = [](const char* what) { return Error{Errc::malformed, std::string("entry: ") + what}; };
    if (seq >= most_entries) return wrong("at a place that no log has");
    TRY_ASSIGN(Json json, decode_canonical(as_text(bytes)));
    if (!json.is_object() || !has_strings(json, {"format", "kind", "boot_id"}) ||
        !has_integers(json, {"at_ms", "monotonic_ms"}))
        return wrong("a field is missing or of the wrong type");
    Entry entry;
    entry.seq = seq;
    entry.kind = json["kind"].get<std::string>();
    entry.at = {json["at_ms"].get<std::int64_t>(), json["monotonic_ms"].get<std::int64_t>(),
                json["boot_id"].get<std::string>()};
    if (json.contains("refers_to")) {
        if (!json["refers_to"].is_number_unsigned()) return wrong("refers_to");
        entry.refers_to = json["refers_to"].get<std::uint64_t>();
        if (*entry.refers_to >= seq) return wrong("refers to a later entry");
    }
    if (has_strings(json, {"reason"})) entry.reason = json["reason"].get<std::string>();
    if (!json.contains("commitments") || !json["commitments"].is_object()) return wrong("commitments");
    for (const auto& [name, hex] : json["commitments"].items()) {
        auto digest = hex.is_string() ? Hash<Payload>::from_hex(hex.get<std::string>()) : std::nullopt;
        if (!digest) return wrong("commitment");
        entry.commitments[name] = digest->bytes;
    }
    // Device, epoch, seq, format and any field that is not ours: all of them show here.
    entry.bytes = encode_entry(identity, entry);
    if (!std::ranges::equal(entry.bytes, bytes))
        return wrong("not of this log and place, or with unknown fields");
    return entry;
}

}  // namespace core
