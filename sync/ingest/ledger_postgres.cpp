#include "sync/ingest/ledger_postgres.h"

#include <algorithm>
#include <set>

#include "core/evidence/schema.h"
#include "sync/ingest/ledger_postgres_schema.h"

namespace server {
namespace {

using core::Errc;
using core::Error;
using Row = PostgresRow;

template <class HashType>
HashType hash_of(const Bytes& bytes) {
    HashType hash;
    CHECK_THAT(bytes.size() == hash.bytes.size());  // the table's own CHECK
    std::ranges::copy(bytes, hash.bytes.begin());
    return hash;
}

// Every row of a query, as `read` makes it.
template <class Read>
auto all_rows(const Result<PostgresRows>& rows, Read read)
    -> Result<std::vector<decltype(read((*rows)[0]))>> {
    if (!rows.ok()) return rows.error();
    std::vector<decltype(read((*rows)[0]))> found;
    for (const auto& row : *rows) found.push_back(read(row));
    return found;
}
template <class Read>
auto first_row(const Result<PostgresRows>& rows, Read read)
    -> Result<std::optional<decltype(read((*rows)[0]))>> {
    if (!rows.ok()) return rows.error();
    if (rows->empty()) return std::optional<decltype(read((*rows)[0]))>{};
    return std::optional(read((*rows)[0]));
}

KnownLog read_log(const Row& row) {
    KnownLog log;
    log.number = row.integer(0);
    std::ranges::copy(row.blob(1), log.name.device.bytes.begin());
    log.name.epoch = static_cast<std::uint32_t>(row.integer(2));
    std::ranges::copy(row.blob(3), log.key.begin());
    log.state = static_cast<wire::LogState>(row.integer(4));
    log.held = row.count(5);
    if (!row.is_null(6)) log.lost_from = row.count(6);
    if (auto nonce = row.blob(7); nonce.size() == 32) std::ranges::copy(nonce, log.nonce.emplace().begin());
    log.transfer_key = row.blob(8);
    log.tablet = row.text(9);
    return log;
}
#define LOG_COLUMNS "number, device, epoch, log_key, state, held, lost_from, nonce, transfer_key, tablet"

HeldEntry read_held(const Row& row) {
    HeldEntry entry;
    entry.seq = row.count(0);
    entry.leaf = hash_of<core::LeafHash>(row.blob(1));
    entry.bytes = row.blob(2);
    if (!row.is_null(3)) entry.parcel = hash_of<wire::ParcelHash>(row.blob(3));
    entry.standing = static_cast<wire::Standing>(row.integer(4));
    entry.received_ms = row.integer(5);
    entry.index = row.count(6);
    return entry;
}
#define ENTRY_COLUMNS "seq, leaf, bytes, parcel, standing, received_ms, log_index"

SeenHead read_seen(const Row& row) {
    return {{row.text(0), row.count(1), hash_of<core::NodeHash>(row.blob(2))},
            row.text(3),
            static_cast<SeenHead::Judgement>(row.integer(4))};
}
#define HEAD_COLUMNS "origin, size, root, note, judgement"

RegisterLine read_line(const Row& row) {
    RegisterLine line;
    line.index = row.count(0);
    line.certificate_number = row.text(1), line.organisation = row.text(2), line.place = row.text(3);
    line.ceremony = row.text(4), line.agreement = row.text(5), line.agreement_version = row.text(6);
    line.declared_at_ms = row.integer(7), line.received_ms = row.integer(8);
    line.record_sha256 = row.text(9), line.certificate_sha256 = row.text(10);
    line.voided = row.flag(11), line.demonstration = row.flag(12);
    line.organisation_number = row.text(13), line.withdrawn_ms = row.integer(14);
    if (!row.is_null(15)) line.same_as = row.count(15);
    return line;
}
#define LINE_COLUMNS                                                                               \
    "log_index, certificate_number, organisation, place, ceremony, agreement, agreement_version, " \
    "declared_at_ms, received_ms, record_sha256, certificate_sha256, voided, demonstration, "      \
    "organisation_number, withdrawn_ms, same_as"

#define THIS_BLOB "municipality = $1 AND log = $2 AND hash = $3"

class PostgresLedger : public Ledger {
  public:
    PostgresLedger(std::unique_ptr<Postgres> database, std::int64_t municipality)
        : database_(std::move(database)), municipality_(municipality) {}

    // The rows that are locked for a turn.
    Status prepare_turns() {
        return database_->transact([&] {
            return run(
                "INSERT INTO turns (municipality, turn) VALUES ($1, 0), ($1, 1) ON CONFLICT DO NOTHING");
        });
    }

    Status transact(const std::function<Status()>& change) override {
        held_.clear();
        return database_->transact(change);
    }
    Status hold(Turn turn) override {
        if (held_.contains(turn)) return {};
        TRY(run("SELECT turn FROM turns WHERE municipality = $1 AND turn = $2 FOR UPDATE",
                static_cast<int>(turn)));
        held_.insert(turn);
        return {};
    }

    Result<std::optional<Bytes>> value(std::string_view name) override {
        return first_row(query("SELECT value FROM meta WHERE municipality = $1 AND name = $2", name),
                         [](const Row& row) { return row.blob(0); });
    }
    Status put_value(std::string_view name, ByteView value) override {
        return run(
            "INSERT INTO meta (municipality, name, value) VALUES ($1, $2, $3)"
            " ON CONFLICT (municipality, name) DO UPDATE SET value = excluded.value",
            name, value);
    }

    Result<std::optional<KnownLog>> find_log(const wire::LogName& name) override {
        return first_row(
            query("SELECT " LOG_COLUMNS " FROM logs WHERE municipality = $1 AND device = $2 AND epoch = $3",
                  ByteView(name.device.bytes), name.epoch),
            read_log);
    }
    Result<std::optional<KnownLog>> hold_log(const wire::LogName& name) override {
        CHECK_THAT(database_->in_transaction());
        // NO KEY: rows that refer to the log may be added by whoever has it.
        return first_row(
            query("SELECT " LOG_COLUMNS " FROM logs WHERE municipality = $1 AND device = $2 AND epoch = $3"
                  " FOR NO KEY UPDATE",
                  ByteView(name.device.bytes), name.epoch),
            read_log);
    }
    Result<KnownLog> add_log(KnownLog log) override {
        CHECK_THAT(held_.contains(Turn::own_log));  // two numbers would be the same
        TRY_ASSIGN(auto there, find_log(log.name));
        if (there) return Error{Errc::conflict, "the log is known already"};
        TRY_ASSIGN(
            auto rows,
            query("INSERT INTO logs (municipality, " LOG_COLUMNS
                  ") SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, 0, 0, NULL, '', $5, $6 FROM logs"
                  " WHERE municipality = $1 RETURNING number",
                  ByteView(log.name.device.bytes), log.name.epoch, ByteView(log.key),
                  ByteView(log.transfer_key), log.tablet));
        log.number = rows.at(0).integer(0);
        return log;
    }
    Status update_log(const KnownLog& log) override {
        return run(
            "UPDATE logs SET state = $3, held = $4, lost_from = $5, nonce = $6, transfer_key = $7, tablet = "
            "$8"
            " WHERE municipality = $1 AND number = $2",
            log.number, static_cast<int>(log.state), log.held, log.lost_from,
            log.nonce ? ByteView(*log.nonce) : ByteView{}, ByteView(log.transfer_key), log.tablet);
    }
    Result<std::vector<KnownLog>> all_logs() override {
        return all_rows(query("SELECT " LOG_COLUMNS " FROM logs WHERE municipality = $1 ORDER BY number"),
                        read_log);
    }

    Result<std::vector<HeldEntry>> entries_at(std::int64_t log, std::uint64_t seq) override {
        auto found = all_rows(
            query("SELECT " ENTRY_COLUMNS " FROM entries WHERE municipality = $1 AND log = $2 AND seq = $3"
                  " ORDER BY leaf",
                  log, seq),
            read_held);
        if (found.ok()) std::ranges::sort(*found, {}, &HeldEntry::index);
        return found;
    }
    Result<std::vector<HeldEntry>> entries_apart(std::int64_t log, std::uint64_t from_index,
                                                 std::size_t most) override {
        return all_rows(query("SELECT " ENTRY_COLUMNS " FROM entries WHERE municipality = $1 AND log = $2"
                              " AND standing <> 0 AND log_index >= $3 ORDER BY log_index LIMIT $4",
                              log, from_index, most),
                        read_held);
    }
    Result<std::vector<LoggedEntry>> entries(std::uint64_t from, std::uint64_t count) override {
        return all_rows(query("SELECT " ENTRY_COLUMNS ", log FROM entries WHERE municipality = $1"
                              " AND log_index >= $2 AND log_index < $3 ORDER BY log_index",
                              from, from + count),
                        [](const Row& row) {
                            return LoggedEntry{row.integer(7), read_held(row)};
                        });
    }
    Result<std::optional<HeldEntry>> entry_by_index(std::uint64_t index) override {
        return first_row(
            query("SELECT " ENTRY_COLUMNS " FROM entries WHERE municipality = $1 AND log_index = $2", index),
            read_held);
    }
    Status add_entry(std::int64_t log, const HeldEntry& entry) override {
        auto parcel = entry.parcel ? std::optional(ByteView(entry.parcel->bytes)) : std::nullopt;
        return run("INSERT INTO entries (municipality, " ENTRY_COLUMNS
                   ", log) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                   entry.seq, ByteView(entry.leaf.bytes), ByteView(entry.bytes), parcel,
                   static_cast<int>(entry.standing), entry.received_ms, entry.index, log);
    }

    Result<std::vector<SeenHead>> heads(std::int64_t log, SeenHead::Judgement judgement) override {
        return all_rows(
            query("SELECT " HEAD_COLUMNS
                  " FROM heads WHERE municipality = $1 AND log = $2 AND judgement = $3 ORDER BY size",
                  log, static_cast<int>(judgement)),
            read_seen);
    }
    Result<std::optional<SeenHead>> newest_head(std::int64_t log) override {
        return first_row(
            query("SELECT " HEAD_COLUMNS " FROM heads WHERE municipality = $1 AND log = $2 AND judgement <> 2"
                  " ORDER BY size DESC LIMIT 1",
                  log),
            read_seen);
    }
    Status put_head(std::int64_t log, const SeenHead& seen) override {
        return run("INSERT INTO heads (municipality, log, " HEAD_COLUMNS
                   ") VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (municipality, log, size, root)"
                   " DO UPDATE SET judgement = excluded.judgement WHERE heads.judgement = 0",
                   log, seen.head.origin, seen.head.size, ByteView(seen.head.root.bytes), seen.note,
                   static_cast<int>(seen.judgement));
    }

    core::NodeSource nodes(std::int64_t log) override {
        return [this, log](int level, std::uint64_t index) -> Result<core::NodeHash> {
            TRY_ASSIGN(auto found,
                       first_row(query("SELECT hash FROM nodes WHERE municipality = $1 AND log = $2"
                                       " AND position = $3",
                                       log, core::node_position(level, index)),
                                 [](const Row& row) { return hash_of<core::NodeHash>(row.blob(0)); }));
            if (!found) return Error{Errc::damaged, "a node of the tree is missing"};
            return *found;
        };
    }
    Result<std::vector<core::NodeHash>> node_row(std::int64_t log, int level, std::uint64_t from,
                                                 std::uint64_t count) override {
        std::string positions;  // an array's text
        for (auto index = from; index < from + count; ++index)
            positions += (positions.empty() ? "{" : ",") + std::to_string(core::node_position(level, index));
        if (count == 0) return std::vector<core::NodeHash>{};
        TRY_ASSIGN(auto rows,
                   query("SELECT place, (SELECT hash FROM nodes WHERE municipality = $1 AND log = $2"
                         " AND position = place) FROM unnest($3::bigint[]) AS wanted (place)",
                         log, positions + "}"));
        // Positions of a level rise with the index.
        std::ranges::sort(rows, {}, [](const Row& row) { return row.integer(0); });
        std::vector<core::NodeHash> found;
        for (const auto& row : rows) {
            if (row.is_null(1)) return Error{Errc::damaged, "a node of the tree is missing"};
            found.push_back(hash_of<core::NodeHash>(row.blob(1)));
        }
        return found;
    }
    Status add_nodes(std::int64_t log, std::span<const core::NewNode> nodes) override {
        std::string positions;  // an array's text
        Bytes hashes;           // 32 bytes each
        for (const auto& node : nodes) {
            positions +=
                (positions.empty() ? "{" : ",") + std::to_string(core::node_position(node.level, node.index));
            core::append(hashes, node.hash.bytes);
        }
        if (nodes.empty()) return {};
        return run(
            "INSERT INTO nodes (municipality, log, position, hash)"
            " SELECT $1, $2, position, substring($4::bytea FROM (32 * place - 31)::integer FOR 32)"
            " FROM unnest($3::bigint[]) WITH ORDINALITY AS new (position, place)",
            log, positions + "}", ByteView(hashes));
    }
    Result<std::uint64_t> leaf_count() override {
        TRY_ASSIGN(auto last, query("SELECT log_index FROM leaves WHERE municipality = $1"
                                    " ORDER BY log_index DESC LIMIT 1"));
        return last.empty() ? 0 : last[0].count(0) + 1;
    }
    Result<Bytes> leaf(std::uint64_t index) override {
        TRY_ASSIGN(auto rows,
                   query("SELECT bytes FROM leaves WHERE municipality = $1 AND log_index = $2", index));
        if (rows.empty()) return Error{Errc::not_found, "no leaf " + std::to_string(index)};
        return rows[0].blob(0);
    }
    Result<std::vector<Bytes>> leaves(std::uint64_t from, std::uint64_t count) override {
        TRY_ASSIGN(auto rows, query("SELECT log_index, bytes FROM leaves WHERE municipality = $1"
                                    " AND log_index >= $2 AND log_index < $3",
                                    from, from + count));
        std::ranges::sort(rows, {}, [](const Row& row) { return row.integer(0); });
        return all_rows(Result<PostgresRows>(std::move(rows)), [](const Row& row) { return row.blob(1); });
    }
    Status add_leaf(std::uint64_t index, ByteView bytes) override {
        CHECK_THAT(held_.contains(Turn::own_log));
        return run("INSERT INTO leaves (municipality, log_index, bytes) VALUES ($1, $2, $3)", index, bytes);
    }
    Result<std::optional<std::string>> newest_checkpoint() override {
        return first_row(
            query("SELECT note FROM checkpoints WHERE municipality = $1 ORDER BY size DESC LIMIT 1"),
            [](const Row& row) { return row.text(0); });
    }
    Status add_checkpoint(std::uint64_t size, std::string_view note) override {
        CHECK_THAT(held_.contains(Turn::own_log));
        return run("INSERT INTO checkpoints (municipality, size, note) VALUES ($1, $2, $3)", size, note);
    }

    Result<std::optional<std::string>> checkpoint_at(std::uint64_t size) override {
        return first_row(query("SELECT note FROM checkpoints WHERE municipality = $1 AND size = $2", size),
                         [](const Row& row) { return row.text(0); });
    }

    Status put_cosignature(const Cosigned& cosigned) override {
        return run(
            "INSERT INTO cosignatures AS held (municipality, log, size, time_s, signature)"
            " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (municipality, log) DO UPDATE SET size = excluded.size,"
            " time_s = excluded.time_s, signature = excluded.signature WHERE excluded.size > held.size",
            cosigned.log, cosigned.size, cosigned.cosignature.time_s,
            ByteView(cosigned.cosignature.signature));
    }
    Result<std::vector<Cosigned>> cosignatures() override {
        return all_rows(query("SELECT log, size, time_s, signature FROM cosignatures WHERE municipality = $1"
                              " ORDER BY log"),
                        [](const Row& row) {
                            Cosigned held{row.integer(0), row.count(1), {row.count(2), {}}};
                            std::ranges::copy(row.blob(3), held.cosignature.signature.begin());
                            return held;
                        });
    }

    Result<std::optional<BlobState>> find_blob(std::int64_t log, const wire::ParcelHash& hash) override {
        return first_row(query("SELECT size, received, whole, used FROM blobs WHERE " THIS_BLOB, log,
                               ByteView(hash.bytes)),
                         [](const Row& row) {
                             return BlobState{row.count(0), row.count(1), row.flag(2), row.flag(3)};
                         });
    }
    Result<std::vector<wire::HeldParcel>> unused_blobs(std::int64_t log, std::size_t most) override {
        return all_rows(query("SELECT hash, received FROM blobs WHERE municipality = $1 AND log = $2"
                              " AND NOT used ORDER BY hash LIMIT $3",
                              log, most),
                        [](const Row& row) {
                            return wire::HeldParcel{hash_of<wire::ParcelHash>(row.blob(0)), row.count(1)};
                        });
    }
    Result<Unused> unused(std::int64_t log) override {
        TRY_ASSIGN(auto rows, query("SELECT count(*), coalesce(sum(received), 0)::bigint FROM blobs"
                                    " WHERE municipality = $1 AND log = $2 AND NOT used",
                                    log));
        return Unused{rows.at(0).count(0), rows.at(0).count(1)};
    }
    Status extend_blob(std::int64_t log, const wire::ParcelHash& hash, std::uint64_t size,
                       ByteView bytes) override {
        TRY(
            run("INSERT INTO blobs (municipality, log, hash, size, received, whole, used)"
                " VALUES ($1, $2, $3, $4, 0, false, false) ON CONFLICT DO NOTHING",
                log, ByteView(hash.bytes), size));
        TRY(
            run("INSERT INTO blob_parts (municipality, log, hash, \"offset\", bytes)"
                " SELECT municipality, log, hash, received, $4 FROM blobs WHERE " THIS_BLOB,
                log, ByteView(hash.bytes), bytes));
        return run("UPDATE blobs SET received = received + $4 WHERE " THIS_BLOB, log, ByteView(hash.bytes),
                   bytes.size());
    }
    Status finish_blob(std::int64_t log, const wire::ParcelHash& hash) override {
        return run("UPDATE blobs SET whole = true WHERE " THIS_BLOB, log, ByteView(hash.bytes));
    }
    Status use_blob(std::int64_t log, const wire::ParcelHash& hash) override {
        return run("UPDATE blobs SET used = true WHERE " THIS_BLOB, log, ByteView(hash.bytes));
    }
    Status drop_blob(std::int64_t log, const wire::ParcelHash& hash) override {
        TRY(run("DELETE FROM blob_parts WHERE " THIS_BLOB, log, ByteView(hash.bytes)));
        return run("DELETE FROM blobs WHERE " THIS_BLOB, log, ByteView(hash.bytes));
    }
    // The database's own log and its backups keep what they have: that is their keeper's to end.
    Status scrub() override {
        auto done = database_->query("VACUUM blob_parts");
        return done.ok() ? Status{} : Status(done.error());
    }
    Result<Bytes> read_blob(std::int64_t log, const wire::ParcelHash& hash) override {
        Bytes blob;
        while (true) {  // some at a time: what libpq holds is twice as large as the bytes
            TRY_ASSIGN(auto rows, query("SELECT \"offset\", bytes FROM blob_parts WHERE " THIS_BLOB
                                        " AND \"offset\" >= $4 ORDER BY \"offset\" LIMIT 16",
                                        log, ByteView(hash.bytes), blob.size()));
            if (rows.empty()) return blob;
            for (const auto& row : rows) {
                if (row.count(0) != blob.size()) return Error{Errc::damaged, "a parcel has a hole"};
                core::append(blob, row.blob(1));
            }
        }
    }

    Status add_feed_item(const wire::FeedItem& item) override {
        return run(
            "INSERT INTO feed (municipality, position, kind, name, content) VALUES ($1, $2, $3, $4, $5)",
            item.position, static_cast<int>(item.kind), item.name, ByteView(item.content));
    }
    Result<std::vector<wire::FeedItem>> feed_after(std::uint64_t position, std::size_t most) override {
        return all_rows(query("SELECT position, kind, name, content FROM feed WHERE municipality = $1"
                              " AND position > $2 ORDER BY position LIMIT $3",
                              position, most),
                        [](const Row& row) {
                            return wire::FeedItem{row.count(0), static_cast<wire::FeedKind>(row.integer(1)),
                                                  row.text(2), row.blob(3)};
                        });
    }

    Status put_line(const RegisterLine& line) override {
        return run("INSERT INTO lines (municipality, " LINE_COLUMNS
                   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
                   " $16, $17) ON CONFLICT (municipality, log_index) DO UPDATE SET voided = excluded.voided,"
                   " withdrawn_ms = excluded.withdrawn_ms, same_as = excluded.same_as",
                   line.index, line.certificate_number, line.organisation, line.place, line.ceremony,
                   line.agreement, line.agreement_version, line.declared_at_ms, line.received_ms,
                   line.record_sha256, line.certificate_sha256, line.voided, line.demonstration,
                   line.organisation_number, line.withdrawn_ms, line.same_as);
    }
    Status drop_line(std::uint64_t index) override {
        return run("DELETE FROM lines WHERE municipality = $1 AND log_index = $2", index);
    }
    Status drop_lines() override { return run("DELETE FROM lines WHERE municipality = $1"); }
    Result<std::vector<RegisterLine>> lines(std::uint64_t from_index, std::size_t most) override {
        return all_rows(query("SELECT " LINE_COLUMNS " FROM lines WHERE municipality = $1 AND log_index >= $2"
                              " ORDER BY log_index LIMIT $3",
                              from_index, most),
                        read_line);
    }
    Result<std::vector<RegisterLine>> lines_numbered(std::string_view certificate_number) override {
        return all_rows(query("SELECT " LINE_COLUMNS " FROM lines WHERE municipality = $1"
                              " AND certificate_number = $2 ORDER BY log_index LIMIT 100",
                              certificate_number),
                        read_line);
    }
    Result<std::uint64_t> count_standing_lines() override {
        TRY_ASSIGN(auto rows, query("SELECT count(*) FROM lines WHERE municipality = $1 AND NOT voided"
                                    " AND withdrawn_ms = 0 AND same_as IS NULL"));
        return rows.at(0).count(0);
    }

  private:
    template <class... Values>
    Result<PostgresRows> query(const char* sql, const Values&... values) {
        return database_->query(sql, municipality_, values...);
    }
    template <class... Values>
    Status run(const char* sql, const Values&... values) {
        return database_->run(sql, municipality_, values...);
    }

    std::unique_ptr<Postgres> database_;
    std::int64_t municipality_;
    std::set<Turn> held_;  // in this transaction
};

}  // namespace

Result<std::unique_ptr<Ledger>> open_postgres_ledger(std::string_view url, std::int64_t municipality) {
    TRY_ASSIGN(auto database, Postgres::open(url, "handslag"));
    TRY(prepare_postgres_schema(*database));
    auto ledger = std::make_unique<PostgresLedger>(std::move(database), municipality);
    TRY(ledger->prepare_turns());
    return std::unique_ptr<Ledger>(std::move(ledger));
}

}  // namespace server
