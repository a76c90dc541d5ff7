// Store: everything that makes the log grow.
#include "core/base/text.h"
#include "core/evidence/entry.h"
#include "core/evidence/schema.h"
#include "core/evidence/store_data.h"

namespace core {
namespace {

Status check_text(const NewEntry& what) {
    bool is_text = is_utf8(what.kind) && is_utf8(what.reason) && is_utf8(what.at.boot_id);
    for (const auto& [name, payload] : what.payloads) is_text = is_text && is_utf8(name) && !name.empty();
    if (!is_text || what.kind.empty())
        return Error{Errc::malformed, "an entry's kind, reason and names are text"};
    return {};
}

// What an entry may refer to.
Status check_reference(const LogReader& log, const NewEntry& what) {
    if (!what.refers_to) {
        if (what.kind == kind_voided || what.kind == kind_erased)
            return Error{Errc::not_allowed, "it does not say which entry"};
        return {};
    }
    TRY_ASSIGN(Entry target, read_entry(log.database, log.identity, *what.refers_to));
    TRY_ASSIGN(auto eraser, erased_by(log.database, target));
    if (eraser) return Error{Errc::not_allowed, "the entry was erased by entry " + std::to_string(*eraser)};
    if (what.kind != kind_voided) return {};
    if (target.kind != kind_signing) return Error{Errc::not_allowed, "only a signing can be voided"};
    TRY_ASSIGN(auto voided_by, find_reference(log.database, target.seq, kind_voided));
    if (voided_by)
        return Error{Errc::not_allowed, "the signing was voided by entry " + std::to_string(*voided_by)};
    return {};
}

Status insert_payload(const LogReader& log, std::uint64_t seq, std::string_view name, Bytes salted) {
    Bytes sealed = log.sealer.seal(SealedTable::payloads, payload_row(seq, name), salted);
    wipe(salted);
    return log.database.run("INSERT INTO payloads (seq, name, sealed_sha256, sealed) VALUES (?, ?, ?, ?)",
                            seq, name, ByteView(sha256(sealed)), ByteView(sealed));
}

}  // namespace

Status Store::Data::write(const std::function<Status()>& change) {
    if (stopped) return Error{stopped->code, "the store must be opened again after: " + stopped->detail};
    Status done = [&]() -> Status {
        TRY_ASSIGN(auto transaction, Transaction::begin(*database));
        TRY(change());
        auto committed = transaction.commit();
        // A full disk is known before anything is synced. After any other failure the write may be on disk or
        // not, and a later sync that succeeds proves nothing about this one.
        if (!committed.ok() && committed.error().code != Errc::disk_full) stopped = committed.error();
        return committed;
    }();
    if (!done.ok() && !stopped) {
        auto now = read_head(*database, identity);
        if (database->in_transaction() || !now.ok() || now->head != newest.head) stopped = done.error();
    }
    return done;
}

Result<Appended> Store::Data::grow(const Growth& change) {
    LogHead sealed;
    TRY(write([&]() -> Status {
        std::uint64_t size = newest.head.size;
        TRY(change(size));
        TRY_ASSIGN(sealed, seal_head(size));
        return {};
    }));
    newest = std::move(sealed);
    if (wal_holds_erased) empty_wal();
    return Appended{newest.head.size - 1, newest.head, newest.note};
}

Status Store::Data::add(const NewEntry& what, std::uint64_t seq) {
    TRY(check_text(what));
    TRY(check_reference(log(), what));
    Entry entry;
    entry.seq = seq;
    entry.kind = what.kind;
    entry.refers_to = what.refers_to;
    entry.at = what.at;
    auto payloads = what.payloads;
    if (what.kind == kind_erased)
        entry.reason = what.reason;
    else if (!what.reason.empty() && !payloads.emplace(payload_reason, to_bytes(what.reason)).second)
        return Error{Errc::malformed, "an entry has one reason"};

    std::map<std::string, Bytes> salted;
    for (auto& [name, payload] : payloads) {
        Bytes salt = random_bytes(salt_size);
        entry.commitments[name] = commitment(name, salt, payload);
        salt.reserve(salt_size + payload.size());  // no second copy is left behind in freed memory
        core::append(salt, payload);
        salted[name] = std::move(salt);
        wipe(payload);
    }
    entry.bytes = encode_entry(identity, entry);
    TRY(database->run("INSERT INTO entries (seq, kind, refers_to, bytes) VALUES (?, ?, ?, ?)", seq,
                      std::string_view(entry.kind), entry.refers_to, ByteView(entry.bytes)));
    for (auto& [name, bytes] : salted) TRY(insert_payload(log(), seq, name, std::move(bytes)));
    TRY_ASSIGN(auto nodes, append_leaf(seq, leaf_hash(entry.bytes), node_source(*database)));
    for (const auto& node : nodes)
        TRY(database->run("INSERT INTO nodes (position, hash) VALUES (?, ?)",
                          node_position(node.level, node.index), ByteView(node.hash.bytes)));
    TRY(database->run("INSERT INTO outbox (seq) VALUES (?)", seq));
    return update_views(log(), entry);
}

Result<LogHead> Store::Data::seal_head(std::uint64_t size) {
    auto nodes = node_source(*database);
    LogHead sealed;
    sealed.head = {newest.head.origin, size, {}};
    TRY_ASSIGN(sealed.head.root, tree_root(size, nodes));
    TRY_ASSIGN(Proof growth, consistency_proof(newest.head.size, size, nodes));
    if (!verify_consistency(newest.head.size, newest.head.root, size, sealed.head.root, growth))
        return Error{Errc::damaged, "the tree no longer holds the head that was signed before"};
    for (std::uint64_t seq = newest.head.size; seq < size; ++seq) {
        TRY_ASSIGN(Entry written, read_entry(*database, identity, seq));
        TRY_ASSIGN(Proof proof, inclusion_proof(seq, size, nodes));
        if (!verify_inclusion(leaf_hash(written.bytes), seq, size, proof, sealed.head.root))
            return Error{Errc::damaged, "an entry does not read back as it was written"};
        for (const auto& [name, digest] : written.commitments)
            TRY(read_payload(*database, sealer, written, name));
    }
    sealed.note = sign_checkpoint(sealed.head, log_key);
    TRY(database->run("INSERT INTO checkpoints (size, note) VALUES (?, ?)", size, as_bytes(sealed.note)));
    TRY_ASSIGN(LogHead read_back, read_head(*database, identity));
    CHECK_THAT(read_back.head == sealed.head && read_back.note == sealed.note);
    return sealed;
}

// A failure loses nothing: it is tried again after the next append and at the next opening.
void Store::Data::empty_wal() {
    wal_holds_erased = !database->execute("PRAGMA wal_checkpoint(TRUNCATE);").ok();
}

Result<Appended> Store::append(const Append& what) { return append_all({&what, 1}); }

Result<Appended> Store::append_all(std::span<const Append> all) {
    CHECK_THAT(!all.empty());
    Data& data = *data_;
    return data.grow([&](std::uint64_t& size) -> Status {
        for (const auto& what : all) {
            if (what.entry.kind == kind_erased)
                return Error{Errc::not_allowed, "erasing has its own function"};
            TRY(data.add(what.entry, size));
            if (what.drop_draft)
                TRY(data.database->run("DELETE FROM drafts WHERE id = ?",
                                       std::string_view(*what.drop_draft)));
            if (what.counter) TRY(data.use_counter(*what.counter));
            ++size;
        }
        return {};
    });
}

Result<Appended> Store::erase(std::uint64_t seq, std::string_view disposal_decision, const ClockReading& at) {
    if (trim(disposal_decision).empty()) return Error{Errc::not_allowed, "erasing needs a disposal decision"};
    Data& data = *data_;
    auto erased = data.grow([&](std::uint64_t& size) -> Status {
        NewEntry what{std::string(kind_erased), {}, seq, std::string(disposal_decision), at};
        TRY(check_reference(data.log(), what));
        std::vector<std::uint64_t> with_payloads{seq};
        {
            TRY_ASSIGN(auto rows,
                       data.database->query("SELECT seq FROM entries WHERE refers_to = ? ORDER BY seq", seq));
            while (true) {
                TRY_ASSIGN(bool more, rows.step());
                if (!more) break;
                with_payloads.push_back(rows.count(0));
            }
        }
        std::int64_t deleted = 0;
        for (auto each : with_payloads) {
            TRY(data.database->run("DELETE FROM payloads WHERE seq = ?", each));
            deleted += data.database->changed_rows();
        }
        if (deleted == 0) return Error{Errc::not_allowed, "the entry has nothing to erase"};
        TRY(data.add(what, size));
        ++size;
        return {};
    });
    // What was deleted still stands in the write-ahead log until that is emptied.
    if (erased.ok()) data.empty_wal();
    return erased;
}

}  // namespace core
