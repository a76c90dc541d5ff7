#include "core/evidence/log.h"

#include <charconv>

#include "core/evidence/entry.h"
#include "core/evidence/schema.h"

namespace core {
namespace {

Error damaged(std::string what) { return {Errc::damaged, std::move(what)}; }

Result<std::uint64_t> rows_up_to(Database& database, const char* newest) {
    TRY_ASSIGN(auto row, database.query(newest));
    TRY_ASSIGN(bool found, row.step());
    return found ? row.count(0) + 1 : 0;
}

}  // namespace

NodeSource node_source(Database& database) {
    return [&database](int level, std::uint64_t index) -> Result<NodeHash> {
        TRY_ASSIGN(auto row,
                   database.query("SELECT hash FROM nodes WHERE position = ?", node_position(level, index)));
        TRY_ASSIGN(bool found, row.step());
        if (!found || row.blob(0).size() != 32)
            return damaged("tree node " + std::to_string(level) + "/" + std::to_string(index) +
                           " is missing");
        NodeHash hash;
        std::ranges::copy(row.blob(0), hash.bytes.begin());
        return hash;
    };
}

Result<Entry> read_entry(Database& database, const StoreIdentity& identity, std::uint64_t seq) {
    TRY_ASSIGN(auto row, database.query("SELECT bytes FROM entries WHERE seq = ?", seq));
    TRY_ASSIGN(bool found, row.step());
    if (!found) return Error{Errc::not_found, "no entry " + std::to_string(seq)};
    auto entry = decode_entry(identity, seq, row.blob(0));
    if (!entry.ok()) return damaged("entry " + std::to_string(seq) + ": " + entry.error().detail);
    return entry;
}

Result<std::optional<std::uint64_t>> find_reference(Database& database, std::uint64_t seq,
                                                    std::string_view kind) {
    TRY_ASSIGN(auto row,
               database.query("SELECT seq FROM entries WHERE refers_to = ? AND kind = ? ORDER BY seq LIMIT 1",
                              seq, kind));
    TRY_ASSIGN(bool found, row.step());
    return found ? std::optional(row.count(0)) : std::nullopt;
}

Result<std::optional<std::uint64_t>> erased_by(Database& database, const Entry& entry) {
    TRY_ASSIGN(auto own, find_reference(database, entry.seq, kind_erased));
    if (own || !entry.refers_to) return own;
    return find_reference(database, *entry.refers_to, kind_erased);
}

bool digest_fits(ByteView sealed, ByteView sealed_sha256) {
    return std::ranges::equal(sha256(sealed), sealed_sha256);
}

namespace {

Result<SaltedPayload> open_salted(const Sealer& sealer, const Entry& entry, std::string_view name,
                                  ByteView sealed) {
    auto committed = entry.commitments.find(std::string(name));
    if (committed == entry.commitments.end())
        return Error{Errc::not_found, "entry " + std::to_string(entry.seq) + " has no such payload"};
    auto salted = sealer.open(SealedTable::payloads, payload_row(entry.seq, name), sealed);
    if (!salted.ok() || salted->size() < salt_size)
        return damaged("a payload of entry " + std::to_string(entry.seq) + " does not decrypt");
    auto salt = ByteView(*salted).first(salt_size);
    auto payload = ByteView(*salted).subspan(salt_size);
    bool fits = commitment(name, salt, payload) == committed->second;
    SaltedPayload opened{{salt.begin(), salt.end()}, {payload.begin(), payload.end()}};
    wipe(*salted);
    if (!fits)
        return damaged("a payload of entry " + std::to_string(entry.seq) +
                       " is not what the entry commits to");
    return opened;
}

}  // namespace

Result<Bytes> open_payload(const Sealer& sealer, const Entry& entry, std::string_view name, ByteView sealed) {
    TRY_ASSIGN(auto opened, open_salted(sealer, entry, name, sealed));
    return std::move(opened.content);
}

Result<SaltedPayload> read_salted_payload(Database& database, const Sealer& sealer, const Entry& entry,
                                          std::string_view name) {
    TRY_ASSIGN(auto row,
               database.query("SELECT sealed_sha256, sealed FROM payloads WHERE seq = ? AND name = ?",
                              entry.seq, name));
    TRY_ASSIGN(bool found, row.step());
    if (!found) {
        if (!entry.commitments.contains(std::string(name)))
            return Error{Errc::not_found, "entry " + std::to_string(entry.seq) + " has no such payload"};
        TRY_ASSIGN(auto eraser, erased_by(database, entry));
        if (eraser) return Error{Errc::not_found, "erased by entry " + std::to_string(*eraser)};
        return damaged("a payload of entry " + std::to_string(entry.seq) + " is missing");
    }
    if (!digest_fits(row.blob(1), row.blob(0)))
        return damaged("a payload of entry " + std::to_string(entry.seq) + " has been changed");
    return open_salted(sealer, entry, name, row.blob(1));
}

Result<Bytes> read_payload(Database& database, const Sealer& sealer, const Entry& entry,
                           std::string_view name) {
    TRY_ASSIGN(auto read, read_salted_payload(database, sealer, entry, name));
    return std::move(read.content);
}

Result<Bytes> read_salt(Database& database, const Sealer& sealer, const Entry& entry, std::string_view name) {
    TRY_ASSIGN(auto read, read_salted_payload(database, sealer, entry, name));
    wipe(read.content);
    return std::move(read.salt);
}

Result<LogHead> read_head(Database& database, const StoreIdentity& identity) {
    TRY_ASSIGN(auto newest, database.query("SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1"));
    TRY_ASSIGN(bool found, newest.step());
    if (!found) return damaged("the log has no checkpoint");
    std::string note(newest.text(1));
    auto opened = open_checkpoint(note, identity.log_key);
    if (!opened.ok()) return damaged("the newest checkpoint does not hold: " + opened.error().detail);
    const TreeHead& head = *opened;
    if (head.origin != log_origin(identity.device, identity.epoch) || head.size != newest.count(0))
        return damaged("the newest checkpoint is of another log or size");

    TRY_ASSIGN(auto entries, rows_up_to(database, "SELECT seq FROM entries ORDER BY seq DESC LIMIT 1"));
    if (entries != head.size)
        return damaged("the log has " + std::to_string(entries) + " entries, its checkpoint " +
                       std::to_string(head.size));
    TRY_ASSIGN(auto stored_nodes,
               rows_up_to(database, "SELECT position FROM nodes ORDER BY position DESC LIMIT 1"));
    if (stored_nodes != node_count(head.size)) return damaged("the tree has too few or too many nodes");

    auto nodes = node_source(database);
    TRY_ASSIGN(NodeHash root, tree_root(head.size, nodes));
    if (root != head.root) return damaged("the tree's root is not what the newest checkpoint signs");
    if (head.size > 0) {
        TRY_ASSIGN(Entry last, read_entry(database, identity, head.size - 1));
        TRY_ASSIGN(Proof proof, inclusion_proof(last.seq, head.size, nodes));
        if (!verify_inclusion(leaf_hash(last.bytes), last.seq, head.size, proof, head.root))
            return damaged("the last entry is not the one under the checkpoint's root");
    }
    return LogHead{head, std::move(note)};
}

Result<StoreIdentity> read_identity(Database& database) {
    StoreIdentity identity;
    std::size_t known = 0;
    TRY_ASSIGN(auto rows, database.query("SELECT name, value FROM meta ORDER BY name"));
    while (true) {
        TRY_ASSIGN(bool more, rows.step());
        if (!more) break;
        auto name = rows.text(0);
        auto value = rows.blob(1);
        if (name == "device") {
            auto device = DeviceId::parse(as_text(value));
            if (!device) break;
            identity.device = *device, ++known;
        } else if (name == "epoch") {
            auto text = as_text(value);
            auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), identity.epoch);
            if (wrong != std::errc{} || end != text.data() + text.size()) break;
            ++known;
        } else if (name == "log_key" && value.size() == identity.log_key.size()) {
            std::ranges::copy(value, identity.log_key.begin());
            ++known;
        }
    }
    if (known != 3) return damaged("the store does not say which device's it is");
    return identity;
}

}  // namespace core
