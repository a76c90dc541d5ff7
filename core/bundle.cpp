#include "core/bundle.h"

#include <algorithm>

#include "core/certificate/keyring.h"
#include "core/evidence/entry.h"

namespace core {
namespace {

constexpr std::string_view family = "handslag-bundle/", first = "handslag-bundle/1\n",
                           magic = "handslag-bundle/2\n";

Error malformed(const char* what) { return {Errc::malformed, std::string("bundle: ") + what}; }

// Takes from the front of what is left.
class Taker {
  public:
    explicit Taker(ByteView bytes) : left_(bytes) {}
    std::optional<ByteView> take(std::uint64_t size) {
        if (size > left_.size()) return std::nullopt;
        auto part = left_.first(static_cast<std::size_t>(size));
        left_ = left_.subspan(static_cast<std::size_t>(size));
        return part;
    }
    bool empty() const { return left_.empty(); }

  private:
    ByteView left_;
};

bool is_text(const Json& json, const char* name) { return json.contains(name) && json[name].is_string(); }
bool is_count(const Json& json, const char* name) {
    return json.contains(name) && json[name].is_number_unsigned();
}

Result<Bundle> decode_manifest(const Json& json, bool has_transfer_key) {
    if (!json.is_object() || json.size() != (has_transfer_key ? 9U : 8U) ||
        has_transfer_key != is_text(json, "transfer_key") || !is_text(json, "device") ||
        !is_text(json, "log_key") || !is_text(json, "checkpoint") || !is_count(json, "epoch") ||
        !is_count(json, "seq") || !is_count(json, "entry_size") || !json.contains("payloads") ||
        !json["payloads"].is_array() || !json.contains("proof") || !json["proof"].is_array())
        return malformed("a member of the manifest is missing");
    Bundle bundle;
    auto device = DeviceId::parse(json["device"].get<std::string>());
    auto log_key = from_hex(json["log_key"].get<std::string>());
    constexpr std::uint64_t most_epochs = 1'000'000;
    if (!device || !log_key || log_key->size() != bundle.identity.log_key.size() ||
        json["epoch"].get<std::uint64_t>() > most_epochs)
        return malformed("an id, an epoch or a key is not one");
    bundle.identity.device = *device;
    bundle.identity.epoch = json["epoch"].get<int>();
    std::copy(log_key->begin(), log_key->end(), bundle.identity.log_key.begin());
    if (has_transfer_key) {
        auto key = from_hex(json["transfer_key"].get<std::string>());
        if (!key || key->size() != bundle.transfer_key.bytes().size()) return malformed("its transfer key");
        bundle.transfer_key = SecretKey(*key);
        wipe(*key);
        if (bundle.transfer_key.empty()) return malformed("its transfer key");
    }
    bundle.seq = json["seq"].get<std::uint64_t>();
    bundle.checkpoint = json["checkpoint"].get<std::string>();
    for (const auto& hex : json["proof"]) {
        auto hash = hex.is_string() ? NodeHash::from_hex(hex.get<std::string>()) : std::nullopt;
        if (!hash) return malformed("the proof is not hashes");
        bundle.proof.push_back(*hash);
    }
    return bundle;
}

}  // namespace

Bytes encode(const Bundle& bundle) {
    Json payloads = Json::array(), proof = Json::array();
    for (const auto& payload : bundle.payloads)
        payloads.push_back({{"name", payload.name}, {"size", payload.content.size()}});
    for (const auto& hash : bundle.proof) proof.push_back(hash.hex());
    Json members{{"device", bundle.identity.device.str()},
                 {"epoch", bundle.identity.epoch},
                 {"seq", bundle.seq},
                 {"log_key", to_hex(bundle.identity.log_key)},
                 {"entry_size", bundle.entry.size()},
                 {"payloads", std::move(payloads)},
                 {"proof", std::move(proof)},
                 {"checkpoint", bundle.checkpoint}};
    bool has_key = !bundle.transfer_key.empty();
    if (has_key) members["transfer_key"] = to_hex(bundle.transfer_key.bytes());
    auto manifest = encode_canonical(members);
    Bytes bytes = to_bytes(has_key ? magic : first);
    for (int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::uint8_t>(manifest.size() >> shift));
    append(bytes, as_bytes(manifest));
    append(bytes, bundle.entry);
    for (const auto& payload : bundle.payloads) {
        CHECK_THAT(payload.salt.size() == salt_size);
        append(bytes, payload.salt);
        append(bytes, payload.content);
    }
    return bytes;
}

Result<Bundle> decode_bundle(ByteView bytes) {
    Taker taker(bytes);
    auto head = taker.take(magic.size());
    bool has_key = head && as_text(*head) == magic;
    if (!has_key && (!head || as_text(*head) != first)) {
        if (head && as_text(*head).starts_with(family))
            return Error{Errc::newer_version, "a bundle of a newer Handslag"};
        return malformed("its first line is not a bundle's");
    }
    auto size = taker.take(4);
    if (!size) return malformed("cut short");
    auto manifest = taker.take(std::uint64_t{(*size)[0]} << 24 | std::uint64_t{(*size)[1]} << 16 |
                               std::uint64_t{(*size)[2]} << 8 | (*size)[3]);
    if (!manifest) return malformed("cut short");
    TRY_ASSIGN(auto json, decode_canonical(as_text(*manifest)));
    TRY_ASSIGN(auto bundle, decode_manifest(json, has_key));
    auto entry = taker.take(json["entry_size"].get<std::uint64_t>());
    if (!entry) return malformed("cut short");
    bundle.entry.assign(entry->begin(), entry->end());
    for (const auto& listed : json["payloads"]) {
        if (!listed.is_object() || listed.size() != 2 || !is_text(listed, "name") ||
            !is_count(listed, "size"))
            return malformed("a payload is not listed rightly");
        Bundle::Payload payload;
        payload.name = listed["name"].get<std::string>();
        auto salt = taker.take(salt_size);
        auto content = taker.take(listed["size"].get<std::uint64_t>());
        if (!salt || !content) return malformed("cut short");
        payload.salt.assign(salt->begin(), salt->end());
        payload.content.assign(content->begin(), content->end());
        if (!bundle.payloads.empty() && bundle.payloads.back().name >= payload.name)
            return malformed("payloads are not in order of name");
        bundle.payloads.push_back(std::move(payload));
    }
    if (!taker.empty()) return malformed("something stands after the last payload");
    return bundle;
}

Status check_bundle(const Bundle& bundle) {
    auto damaged = [](std::string what) { return Error{Errc::damaged, "bundle: " + std::move(what)}; };
    TRY_ASSIGN(auto head, open_checkpoint(bundle.checkpoint, bundle.identity.log_key));
    if (head.origin != log_origin(bundle.identity.device, bundle.identity.epoch))
        return damaged("the checkpoint is of another log");
    if (!verify_inclusion(leaf_hash(bundle.entry), bundle.seq, head.size, bundle.proof, head.root))
        return damaged("the log does not hold this entry");
    TRY_ASSIGN(auto entry, decode_entry(bundle.identity, bundle.seq, bundle.entry));
    for (const auto& payload : bundle.payloads) {
        auto committed = entry.commitments.find(payload.name);
        if (committed == entry.commitments.end() ||
            committed->second != commitment(payload.name, payload.salt, payload.content))
            return damaged("the entry does not commit to its payload " + payload.name);
    }
    return {};
}

Result<Bundle> read_bundle(const Store& store, std::uint64_t seq) {
    Bundle bundle;
    bundle.identity = store.identity();
    bundle.seq = seq;
    TRY_ASSIGN(auto entry, store.entry(seq));
    for (const auto& [name, digest] : entry.commitments) {
        auto content = store.payload(seq, name);
        if (!content.ok() && content.error().code == Errc::not_found) continue;  // erased
        if (!content.ok()) return content.error();
        TRY_ASSIGN(auto salt, store.salt(seq, name));
        bundle.payloads.push_back({name, std::move(salt), std::move(*content)});
    }
    bundle.entry = std::move(entry.bytes);
    TRY_ASSIGN(bundle.proof, store.prove_inclusion(seq, store.size()));
    TRY_ASSIGN(bundle.checkpoint, store.checkpoint());
    bundle.transfer_key = store.transfer_key();
    return bundle;
}

}  // namespace core
