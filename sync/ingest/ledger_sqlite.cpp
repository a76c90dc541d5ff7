#include "sync/ingest/ledger_sqlite.h"

#include <algorithm>

#include "core/evidence/schema.h"
#include "sync/ingest/ledger_schema.h"

namespace server {
namespace {

using core::Database;
using core::Errc;
using core::Error;
using core::Statement;

template <class HashType>
HashType hash_of(ByteView bytes) {
    HashType hash;
    CHECK_THAT(bytes.size() == hash.bytes.size());  // the table's own CHECK
    std::ranges::copy(bytes, hash.bytes.begin());
    return hash;
}
Bytes copy(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

// Every row of a query, as `read` makes it.
template <class Read>
auto all_rows(Result<Statement> rows, Read read) -> Result<std::vector<decltype(read(*rows))>> {
    std::vector<decltype(read(*rows))> found;
    if (!rows.ok()) return rows.error();
    while (true) {
        TRY_ASSIGN(bool more, rows->step());
        if (!more) return found;
        found.push_back(read(*rows));
    }
}
template <class Read>
auto first_row(Result<Statement> rows, Read read) -> Result<std::optional<decltype(read(*rows))>> {
    if (!rows.ok()) return rows.error();
    TRY_ASSIGN(bool found, rows->step());
    if (!found) return std::optional<decltype(read(*rows))>{};
    return std::optional(read(*rows));
}

KnownLog read_log(const Statement& row) {
    KnownLog log;
    log.number = row.integer(0);
    std::ranges::copy(row.blob(1), log.name.device.bytes.begin());
    log.name.epoch = static_cast<std::uint32_t>(row.integer(2));
    std::ranges::copy(row.blob(3), log.key.begin());
    log.state = static_cast<wire::LogState>(row.integer(4));
    log.held = row.count(5);
    if (!row.is_null(6)) log.lost_from = row.count(6);
    if (row.blob(7).size() == 32) std::ranges::copy(row.blob(7), log.nonce.emplace().begin());
    log.transfer_key = copy(row.blob(8));
    log.tablet = row.text(9);
    return log;
}
#define LOG_COLUMNS "number, device, epoch, log_key, state, held, lost_from, nonce, transfer_key, tablet"

HeldEntry read_held(const Statement& row) {
    HeldEntry entry;
    entry.seq = row.count(0);
    entry.leaf = hash_of<core::LeafHash>(row.blob(1));
    entry.bytes = copy(row.blob(2));
    if (!row.is_null(3)) entry.parcel = hash_of<wire::ParcelHash>(row.blob(3));
    entry.standing = static_cast<wire::Standing>(row.integer(4));
    entry.received_ms = row.integer(5);
    entry.index = row.count(6);
    return entry;
}
#define ENTRY_COLUMNS "seq, leaf, bytes, parcel, standing, received_ms, log_index"

SeenHead read_seen(const Statement& row) {
    return {{std::string(row.text(0)), row.count(1), hash_of<core::NodeHash>(row.blob(2))},
            std::string(row.text(3)),
            static_cast<SeenHead::Judgement>(row.integer(4))};
}
#define HEAD_COLUMNS "origin, size, root, note, judgement"

RegisterLine read_line(const Statement& row) {
    RegisterLine line;
    line.index = row.count(0);
    line.certificate_number = row.text(1), line.organisation = row.text(2), line.place = row.text(3);
    line.ceremony = row.text(4), line.agreement = row.text(5), line.agreement_version = row.text(6);
    line.declared_at_ms = row.integer(7), line.received_ms = row.integer(8);
    line.record_sha256 = row.text(9), line.certificate_sha256 = row.text(10);
    line.voided = row.integer(11) != 0, line.demonstration = row.integer(12) != 0;
    line.organisation_number = row.text(13), line.withdrawn_ms = row.integer(14);
    if (!row.is_null(15)) line.same_as = row.count(15);
    return line;
}
#define LINE_COLUMNS                                                                               \
    "log_index, certificate_number, organisation, place, ceremony, agreement, agreement_version, " \
    "declared_at_ms, "                                                                             \
    "received_ms, record_sha256, certificate_sha256, voided, demonstration, organisation_number, " \
    "withdrawn_ms, same_as"

class SqliteLedger : public Ledger {
  public:
    explicit SqliteLedger(std::unique_ptr<Database> database) : database_(std::move(database)) {}

    Status transact(const std::function<Status()>& change) override {
        // A commit that failed may be on disk or not; only opening again tells.
        if (stopped_)
            return Error{stopped_->code, "the ledger must be opened again after: " + stopped_->detail};
        TRY_ASSIGN(auto transaction, core::Transaction::begin(*database_));
        TRY(change());
        auto done = transaction.commit();
        if (!done.ok() && done.error().code != Errc::disk_full) stopped_ = done.error();
        return done;
    }
    Status hold(Turn) override { return {}; }  // nobody else has the file

    Result<std::optional<Bytes>> value(std::string_view name) override {
        return first_row(db().query("SELECT value FROM meta WHERE name = ?", name),
                         [](const Statement& row) { return copy(row.blob(0)); });
    }
    Status put_value(std::string_view name, ByteView value) override {
        return db().run(
            "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = "
            "excluded.value",
            name, value);
    }

    Result<std::optional<KnownLog>> find_log(const wire::LogName& name) override {
        return first_row(db().query("SELECT " LOG_COLUMNS " FROM logs WHERE device = ? AND epoch = ?",
                                    ByteView(name.device.bytes), static_cast<std::int64_t>(name.epoch)),
                         read_log);
    }
    Result<std::optional<KnownLog>> hold_log(const wire::LogName& name) override { return find_log(name); }
    Result<KnownLog> add_log(KnownLog log) override {
        TRY_ASSIGN(auto there, find_log(log.name));
        if (there) return Error{Errc::conflict, "the log is known already"};
        TRY_ASSIGN(log.number, db().integer("SELECT coalesce(max(number), 0) + 1 FROM logs"));
        TRY(db().run("INSERT INTO logs (" LOG_COLUMNS ") VALUES (?, ?, ?, ?, 0, 0, NULL, ?, ?, ?)",
                     log.number, ByteView(log.name.device.bytes), static_cast<std::int64_t>(log.name.epoch),
                     ByteView(log.key), ByteView{}, ByteView(log.transfer_key),
                     std::string_view(log.tablet)));
        return log;
    }
    Status update_log(const KnownLog& log) override {
        return db().run(
            "UPDATE logs SET state = ?, held = ?, lost_from = ?, nonce = ?, transfer_key = ?, tablet = ?"
            " WHERE number = ?",
            static_cast<int>(log.state), log.held, log.lost_from,
            log.nonce ? ByteView(*log.nonce) : ByteView{}, ByteView(log.transfer_key),
            std::string_view(log.tablet), log.number);
    }
    Result<std::vector<KnownLog>> all_logs() override {
        return all_rows(db().query("SELECT " LOG_COLUMNS " FROM logs ORDER BY number"), read_log);
    }

    Result<std::vector<HeldEntry>> entries_at(std::int64_t log, std::uint64_t seq) override {
        auto found = all_rows(
            db().query("SELECT " ENTRY_COLUMNS " FROM entries WHERE log = ? AND seq = ? ORDER BY leaf", log,
                       seq),
            read_held);
        if (found.ok()) std::ranges::sort(*found, {}, &HeldEntry::index);
        return found;
    }
    Result<std::optional<HeldEntry>> entry_by_index(std::uint64_t index) override {
        return first_row(db().query("SELECT " ENTRY_COLUMNS " FROM entries WHERE log_index = ?", index),
                         read_held);
    }
    Result<std::vector<LoggedEntry>> entries(std::uint64_t from, std::uint64_t count) override {
        return all_rows(db().query("SELECT " ENTRY_COLUMNS ", log FROM entries WHERE log_index >= ?"
                                   " AND log_index < ? ORDER BY log_index",
                                   from, from + count),
                        [](const Statement& row) { return LoggedEntry{row.integer(7), read_held(row)}; });
    }
    Result<std::vector<HeldEntry>> entries_apart(std::int64_t log, std::uint64_t from_index,
                                                 std::size_t most) override {
        return all_rows(db().query("SELECT " ENTRY_COLUMNS " FROM entries WHERE log = ? AND standing <> 0"
                                   " AND log_index >= ? ORDER BY log_index LIMIT ?",
                                   log, from_index, static_cast<std::int64_t>(most)),
                        read_held);
    }
    Status add_entry(std::int64_t log, const HeldEntry& entry) override {
        const char* with = "INSERT INTO entries (" ENTRY_COLUMNS ", log) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        const char* without =
            "INSERT INTO entries (" ENTRY_COLUMNS ", log) VALUES (?, ?, ?, NULL, ?, ?, ?, ?)";
        auto standing = static_cast<int>(entry.standing);
        if (entry.parcel)
            return db().run(with, entry.seq, ByteView(entry.leaf.bytes), ByteView(entry.bytes),
                            ByteView(entry.parcel->bytes), standing, entry.received_ms, entry.index, log);
        return db().run(without, entry.seq, ByteView(entry.leaf.bytes), ByteView(entry.bytes), standing,
                        entry.received_ms, entry.index, log);
    }

    Result<std::vector<SeenHead>> heads(std::int64_t log, SeenHead::Judgement judgement) override {
        return all_rows(
            db().query("SELECT " HEAD_COLUMNS " FROM heads WHERE log = ? AND judgement = ? ORDER BY size",
                       log, static_cast<int>(judgement)),
            read_seen);
    }
    Result<std::optional<SeenHead>> newest_head(std::int64_t log) override {
        return first_row(db().query("SELECT " HEAD_COLUMNS
                                    " FROM heads WHERE log = ? AND judgement <> 2 ORDER BY size DESC LIMIT 1",
                                    log),
                         read_seen);
    }
    Status put_head(std::int64_t log, const SeenHead& seen) override {
        return db().run("INSERT INTO heads (log, " HEAD_COLUMNS
                        ") VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (log, size, root) DO UPDATE SET judgement ="
                        " excluded.judgement WHERE judgement = 0",
                        log, std::string_view(seen.head.origin), seen.head.size,
                        ByteView(seen.head.root.bytes), std::string_view(seen.note),
                        static_cast<int>(seen.judgement));
    }

    core::NodeSource nodes(std::int64_t log) override {
        return [this, log](int level, std::uint64_t index) -> Result<core::NodeHash> {
            TRY_ASSIGN(auto found,
                       first_row(db().query("SELECT hash FROM nodes WHERE log = ? AND position = ?", log,
                                            core::node_position(level, index)),
                                 [](const Statement& row) { return hash_of<core::NodeHash>(row.blob(0)); }));
            if (!found) return Error{Errc::damaged, "a node of the tree is missing"};
            return *found;
        };
    }
    Result<std::vector<core::NodeHash>> node_row(std::int64_t log, int level, std::uint64_t from,
                                                 std::uint64_t count) override {
        std::vector<core::NodeHash> row;
        auto node = nodes(log);
        for (auto index = from; index < from + count; ++index) {
            TRY_ASSIGN(auto hash, node(level, index));
            row.push_back(hash);
        }
        return row;
    }
    Status add_nodes(std::int64_t log, std::span<const core::NewNode> nodes) override {
        for (const auto& node : nodes)
            TRY(db().run("INSERT INTO nodes (log, position, hash) VALUES (?, ?, ?)", log,
                         core::node_position(node.level, node.index), ByteView(node.hash.bytes)));
        return {};
    }
    Result<std::uint64_t> leaf_count() override {
        TRY_ASSIGN(auto last,
                   first_row(db().query("SELECT log_index FROM leaves ORDER BY log_index DESC LIMIT 1"),
                             [](const Statement& row) { return row.count(0); }));
        return last ? *last + 1 : 0;
    }
    Result<Bytes> leaf(std::uint64_t index) override {
        TRY_ASSIGN(auto found, first_row(db().query("SELECT bytes FROM leaves WHERE log_index = ?", index),
                                         [](const Statement& row) { return copy(row.blob(0)); }));
        if (!found) return Error{Errc::not_found, "no leaf " + std::to_string(index)};
        return std::move(*found);
    }
    Result<std::vector<Bytes>> leaves(std::uint64_t from, std::uint64_t count) override {
        return all_rows(db().query("SELECT bytes FROM leaves WHERE log_index >= ? AND log_index < ?"
                                   " ORDER BY log_index",
                                   from, from + count),
                        [](const Statement& row) { return copy(row.blob(0)); });
    }
    Status add_leaf(std::uint64_t index, ByteView bytes) override {
        return db().run("INSERT INTO leaves (log_index, bytes) VALUES (?, ?)", index, bytes);
    }
    Result<std::optional<std::string>> newest_checkpoint() override {
        return first_row(db().query("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1"),
                         [](const Statement& row) { return std::string(row.text(0)); });
    }
    Status add_checkpoint(std::uint64_t size, std::string_view note) override {
        return db().run("INSERT INTO checkpoints (size, note) VALUES (?, ?)", size, note);
    }

    Result<std::optional<std::string>> checkpoint_at(std::uint64_t size) override {
        return first_row(db().query("SELECT note FROM checkpoints WHERE size = ?", size),
                         [](const Statement& row) { return std::string(row.text(0)); });
    }

    Status put_cosignature(const Cosigned& cosigned) override {
        return db().run(
            "INSERT INTO cosignatures (log, size, time_s, signature) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (log) DO UPDATE SET size = excluded.size, time_s = excluded.time_s,"
            " signature = excluded.signature WHERE excluded.size > size",
            cosigned.log, cosigned.size, cosigned.cosignature.time_s,
            ByteView(cosigned.cosignature.signature));
    }
    Result<std::vector<Cosigned>> cosignatures() override {
        return all_rows(db().query("SELECT log, size, time_s, signature FROM cosignatures ORDER BY log"),
                        [](const Statement& row) {
                            Cosigned held{row.integer(0), row.count(1), {row.count(2), {}}};
                            std::ranges::copy(row.blob(3), held.cosignature.signature.begin());
                            return held;
                        });
    }

    Result<std::optional<BlobState>> find_blob(std::int64_t log, const wire::ParcelHash& hash) override {
        return first_row(
            db().query("SELECT size, received, whole, used FROM blobs WHERE log = ? AND hash = ?", log,
                       ByteView(hash.bytes)),
            [](const Statement& row) {
                return BlobState{row.count(0), row.count(1), row.integer(2) != 0, row.integer(3) != 0};
            });
    }
    Result<std::vector<wire::HeldParcel>> unused_blobs(std::int64_t log, std::size_t most) override {
        return all_rows(
            db().query("SELECT hash, received FROM blobs WHERE log = ? AND used = 0 ORDER BY hash LIMIT ?",
                       log, static_cast<std::int64_t>(most)),
            [](const Statement& row) {
                return wire::HeldParcel{hash_of<wire::ParcelHash>(row.blob(0)), row.count(1)};
            });
    }
    Result<Unused> unused(std::int64_t log) override {
        TRY_ASSIGN(auto rows, db().query("SELECT count(*), coalesce(sum(received), 0) FROM blobs"
                                         " WHERE log = ? AND used = 0",
                                         log));
        TRY_ASSIGN(bool found, rows.step());
        CHECK_THAT(found);  // an aggregate has one row
        return Unused{rows.count(0), rows.count(1)};
    }
    Status extend_blob(std::int64_t log, const wire::ParcelHash& hash, std::uint64_t size,
                       ByteView bytes) override {
        TRY(
            db().run("INSERT INTO blobs (log, hash, size, received, whole, used) VALUES (?, ?, ?, 0, 0, 0)"
                     " ON CONFLICT (log, hash) DO NOTHING",
                     log, ByteView(hash.bytes), size));
        TRY(
            db().run("INSERT INTO blob_parts (blob, offset, bytes) SELECT number, received, ? FROM blobs"
                     " WHERE log = ? AND hash = ?",
                     bytes, log, ByteView(hash.bytes)));
        return db().run("UPDATE blobs SET received = received + ? WHERE log = ? AND hash = ?",
                        static_cast<std::uint64_t>(bytes.size()), log, ByteView(hash.bytes));
    }
    Status finish_blob(std::int64_t log, const wire::ParcelHash& hash) override {
        return db().run("UPDATE blobs SET whole = 1 WHERE log = ? AND hash = ?", log, ByteView(hash.bytes));
    }
    Status use_blob(std::int64_t log, const wire::ParcelHash& hash) override {
        return db().run("UPDATE blobs SET used = 1 WHERE log = ? AND hash = ?", log, ByteView(hash.bytes));
    }
    Status drop_blob(std::int64_t log, const wire::ParcelHash& hash) override {
        TRY(db().run(
            "DELETE FROM blob_parts WHERE blob = (SELECT number FROM blobs WHERE log = ? AND hash = ?)", log,
            ByteView(hash.bytes)));
        return db().run("DELETE FROM blobs WHERE log = ? AND hash = ?", log, ByteView(hash.bytes));
    }
    Result<Bytes> read_blob(std::int64_t log, const wire::ParcelHash& hash) override {
        TRY_ASSIGN(auto rows,
                   db().query("SELECT offset, bytes FROM blob_parts WHERE blob ="
                              " (SELECT number FROM blobs WHERE log = ? AND hash = ?) ORDER BY offset",
                              log, ByteView(hash.bytes)));
        Bytes blob;
        while (true) {
            TRY_ASSIGN(bool more, rows.step());
            if (!more) return blob;
            if (rows.count(0) != blob.size()) return Error{Errc::damaged, "a parcel has a hole"};
            core::append(blob, rows.blob(1));
        }
    }

    // secure_delete has overwritten it in its pages; the pages of before stand in the log until it is cut.
    Status scrub() override { return db().execute("PRAGMA wal_checkpoint(TRUNCATE);"); }

    Status add_feed_item(const wire::FeedItem& item) override {
        return db().run("INSERT INTO feed (position, kind, name, content) VALUES (?, ?, ?, ?)", item.position,
                        static_cast<int>(item.kind), std::string_view(item.name), ByteView(item.content));
    }
    Result<std::vector<wire::FeedItem>> feed_after(std::uint64_t position, std::size_t most) override {
        return all_rows(db().query("SELECT position, kind, name, content FROM feed WHERE position > ?"
                                   " ORDER BY position LIMIT ?",
                                   position, static_cast<std::int64_t>(most)),
                        [](const Statement& row) {
                            return wire::FeedItem{row.count(0), static_cast<wire::FeedKind>(row.integer(1)),
                                                  std::string(row.text(2)), copy(row.blob(3))};
                        });
    }

    Status put_line(const RegisterLine& line) override {
        return db().run("INSERT INTO lines (" LINE_COLUMNS
                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        " ON CONFLICT (log_index) DO UPDATE SET voided = excluded.voided,"
                        " withdrawn_ms = excluded.withdrawn_ms, same_as = excluded.same_as",
                        line.index, std::string_view(line.certificate_number),
                        std::string_view(line.organisation), std::string_view(line.place),
                        std::string_view(line.ceremony), std::string_view(line.agreement),
                        std::string_view(line.agreement_version), line.declared_at_ms, line.received_ms,
                        std::string_view(line.record_sha256), std::string_view(line.certificate_sha256),
                        line.voided ? 1 : 0, line.demonstration ? 1 : 0,
                        std::string_view(line.organisation_number), line.withdrawn_ms, line.same_as);
    }
    Status drop_line(std::uint64_t index) override {
        return db().run("DELETE FROM lines WHERE log_index = ?", index);
    }
    Status drop_lines() override { return db().run("DELETE FROM lines"); }
    Result<std::vector<RegisterLine>> lines(std::uint64_t from_index, std::size_t most) override {
        return all_rows(
            db().query("SELECT " LINE_COLUMNS " FROM lines WHERE log_index >= ? ORDER BY log_index LIMIT ?",
                       from_index, static_cast<std::int64_t>(most)),
            read_line);
    }
    Result<std::vector<RegisterLine>> lines_numbered(std::string_view certificate_number) override {
        return all_rows(db().query("SELECT " LINE_COLUMNS
                                   " FROM lines WHERE certificate_number = ? ORDER BY log_index LIMIT 100",
                                   certificate_number),
                        read_line);
    }
    Result<std::uint64_t> count_standing_lines() override {
        TRY_ASSIGN(
            auto count,
            db().integer(
                "SELECT count(*) FROM lines WHERE voided = 0 AND withdrawn_ms = 0 AND same_as IS NULL"));
        return static_cast<std::uint64_t>(count);
    }

  private:
    Database& db() { return *database_; }
    std::unique_ptr<Database> database_;
    std::optional<Error> stopped_;
};

constexpr const char* steps[] = {ledger_step_1, ledger_step_2, ledger_step_3, ledger_step_4};
constexpr std::int64_t newest_version = std::size(steps);

Status prepare(Database& database) {
    TRY_ASSIGN(auto application, database.integer("PRAGMA application_id"));
    TRY_ASSIGN(auto version, database.integer("PRAGMA user_version"));
    TRY_ASSIGN(auto tables, database.integer("SELECT count(*) FROM sqlite_schema"));
    if (application != ledger_application_id && (application != 0 || version != 0 || tables != 0))
        return Error{Errc::malformed, "the file is not a Handslag server's ledger"};
    if (version > newest_version) return Error{Errc::newer_version, "the ledger is of a newer Handslag"};
    if (version == newest_version) return {};
    TRY_ASSIGN(auto transaction, core::Transaction::begin(database));
    for (auto step = version; step < newest_version; ++step) TRY(database.execute(steps[step]));
    TRY(database.execute("PRAGMA user_version = " + std::to_string(newest_version)));
    TRY(database.execute("PRAGMA application_id = " + std::to_string(ledger_application_id)));
    return transaction.commit();
}

}  // namespace

Result<std::unique_ptr<Ledger>> open_sqlite_ledger(const std::filesystem::path& file,
                                                   core::Database::Durability durability) {
    // A parcel takes four pages, not sixteen, each of which is written and read by itself.
    constexpr int page_bytes = 16 << 10;
    TRY_ASSIGN(auto database, Database::open(file, Database::Access::create, durability, page_bytes));
    TRY(prepare(*database));
    // 16 MiB of either: a sync of many parcels copies its pages from the write-ahead log less often, and what one request
    // brings is not written before it is whole, nor read back from the disk.
    TRY_ASSIGN(auto actual_bytes, database->integer("PRAGMA page_size"));
    TRY(database->execute("PRAGMA wal_autocheckpoint = " + std::to_string((16 << 20) / actual_bytes) +
                          "; PRAGMA cache_size = -16384;"));
    return std::unique_ptr<Ledger>(new SqliteLedger(std::move(database)));
}

}  // namespace server
