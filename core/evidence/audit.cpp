#include "core/evidence/audit.h"

#include "core/evidence/entry.h"
#include "core/evidence/schema.h"
#include "core/evidence/store_data.h"

namespace core {
namespace {

constexpr std::size_t most_findings = 1'000;

// Rows in the order of their first column, walked beside the log.
class Rows {
  public:
    static Result<Rows> of(Database& database, const char* sql) {
        TRY_ASSIGN(auto statement, database.query(sql));
        Rows rows(std::move(statement));
        TRY(rows.next());
        return rows;
    }
    bool at_end() const { return !ready_; }
    bool at(std::uint64_t key) const { return ready_ && statement_.count(0) == key; }
    bool before(std::uint64_t key) const { return ready_ && statement_.count(0) < key; }
    const Statement& row() const { return statement_; }
    Status next() {
        TRY_ASSIGN(ready_, statement_.step());
        return {};
    }

  private:
    explicit Rows(Statement statement) : statement_(std::move(statement)) {}
    Statement statement_;
    bool ready_ = false;
};

class Audit {
  public:
    Audit(Database& database, const StoreIdentity& identity, const Sealer* sealer)
        : database_(database), identity_(identity), sealer_(sealer) {}

    Result<AuditReport> run() {
        report_.log_key = identity_.log_key;
        // What damage keeps from being read to the end is a finding, too; what cannot be read at all is an
        // error.
        for (auto check :
             {&Audit::check_file, &Audit::check_head, &Audit::check_log, &Audit::check_side_tables}) {
            auto done = (this->*check)();
            if (done.ok()) continue;
            if (done.error().code != Errc::damaged) return done.error();
            find({}, done.error().detail);
        }
        return std::move(report_);
    }

  private:
    void find(std::optional<std::uint64_t> seq, std::string what) {
        if (report_.findings.size() < most_findings) report_.findings.push_back({seq, std::move(what)});
    }

    Status check_file();
    Status check_head();
    Status check_log();
    Status check_entry(const Statement& row, std::uint64_t seq);
    Status check_tree(Rows& nodes, std::uint64_t seq, ByteView bytes);
    Status check_checkpoints(Rows& checkpoints, std::uint64_t size);
    Status check_payloads(Rows& payloads, const Entry& entry);
    Status check_erasure(const Entry& erased);
    Status check_view(Rows& views, const Entry& entry);
    Status check_side_tables();

    Database& database_;
    const StoreIdentity& identity_;
    const Sealer* sealer_;
    AuditReport report_;
    std::optional<Entry> entry_;        // the one just read, when it can be decoded
    std::array<NodeHash, 64> peaks_{};  // newest complete subtree of each level
    NodeSource peak_source_ = [this](int level, std::uint64_t) -> Result<NodeHash> {
        return peaks_[static_cast<std::size_t>(level)];
    };
};

// SQLite's own structure, references between tables, and that tables and triggers are ours.
Status Audit::check_file() {
    {
        TRY_ASSIGN(auto rows, database_.query("PRAGMA integrity_check(20)"));
        while (true) {
            TRY_ASSIGN(bool more, rows.step());
            if (!more) break;
            if (rows.text(0) != "ok") find({}, "file: " + std::string(rows.text(0)));
        }
    }
    TRY_ASSIGN(auto rows, database_.query("PRAGMA foreign_key_check"));
    while (true) {
        TRY_ASSIGN(bool more, rows.step());
        if (!more) break;
        find({}, "file: a row of " + std::string(rows.text(0)) + " belongs to no entry");
    }
    return check_schema(database_);
}

Status Audit::check_head() {
    TRY_ASSIGN(LogHead head, read_head(database_, identity_));
    report_.head = head.head;
    return {};
}

Status Audit::check_log() {
    TRY_ASSIGN(auto entries,
               Rows::of(database_, "SELECT seq, kind, refers_to, bytes FROM entries ORDER BY seq"));
    TRY_ASSIGN(auto nodes, Rows::of(database_, "SELECT position, hash FROM nodes ORDER BY position"));
    TRY_ASSIGN(auto checkpoints, Rows::of(database_, "SELECT size, note FROM checkpoints ORDER BY size"));
    TRY_ASSIGN(auto payloads, Rows::of(database_,
                                       "SELECT seq, name, sealed_sha256, sealed FROM payloads"
                                       " ORDER BY seq, name"));
    TRY_ASSIGN(auto views,
               Rows::of(database_, "SELECT seq, sealed_sha256, sealed FROM signings ORDER BY seq"));
    TRY(check_checkpoints(checkpoints, 0));
    for (std::uint64_t seq = 0; !entries.at_end(); ++seq) {
        if (!entries.at(seq)) {
            find(seq, "the entry is missing");
            return {};
        }
        TRY(check_entry(entries.row(), seq));
        TRY(check_tree(nodes, seq, entries.row().blob(3)));
        if (entry_) {
            TRY(check_payloads(payloads, *entry_));
            TRY(check_view(views, *entry_));
            if (entry_->kind == kind_erased) TRY(check_erasure(*entry_));
        } else {
            // Its payloads and view cannot be judged without it.
            while (payloads.at(seq)) TRY(payloads.next());
            while (views.at(seq)) TRY(views.next());
        }
        report_.entries = seq + 1;
        TRY(check_checkpoints(checkpoints, seq + 1));
        TRY(entries.next());
    }
    if (!nodes.at_end()) find({}, "the tree has nodes beyond its last entry");
    if (!checkpoints.at_end()) find({}, "a checkpoint is of a log longer than this one");
    if (!payloads.at_end()) find({}, "a payload belongs to no entry");
    if (!views.at_end()) find({}, "a row of the view belongs to no entry");
    return {};
}

Status Audit::check_entry(const Statement& row, std::uint64_t seq) {
    entry_.reset();
    auto entry = decode_entry(identity_, seq, row.blob(3));
    if (!entry.ok()) {
        find(seq, entry.error().detail);
        return {};
    }
    entry_ = std::move(*entry);
    std::optional<std::uint64_t> refers_to = row.is_null(2) ? std::nullopt : std::optional(row.count(2));
    if (row.text(1) != entry_->kind || refers_to != entry_->refers_to)
        find(seq, "the entry's columns are not what its bytes say");
    return {};
}

// On a difference the walk goes on with the stored hash, so that one changed node is not told a thousand
// times.
Status Audit::check_tree(Rows& nodes, std::uint64_t seq, ByteView bytes) {
    TRY_ASSIGN(auto added, append_leaf(seq, leaf_hash(bytes), peak_source_));
    for (auto& node : added) {
        auto below = static_cast<std::size_t>(node.level) - 1;
        if (node.level > 0) node.hash = node_hash(peaks_[below], added[below].hash);
        if (!nodes.at(node_position(node.level, node.index))) {
            find(seq, "a node of the tree is missing, level " + std::to_string(node.level));
            continue;
        }
        auto stored = nodes.row().blob(1);
        if (!std::ranges::equal(stored, node.hash.bytes)) {
            find(seq, node.level == 0
                          ? "the entry is not the one in the tree"
                          : "a node of the tree has been changed, level " + std::to_string(node.level));
            if (stored.size() == node.hash.bytes.size()) std::ranges::copy(stored, node.hash.bytes.begin());
        }
        TRY(nodes.next());
    }
    peaks_[static_cast<std::size_t>(added.back().level)] = added.back().hash;
    return {};
}

Status Audit::check_checkpoints(Rows& checkpoints, std::uint64_t size) {
    if (size == 0 && !checkpoints.at(0)) find({}, "the checkpoint of the empty log is missing");
    if (!checkpoints.at(size)) return {};
    ++report_.checkpoints;
    std::string name = "checkpoint " + std::to_string(size);
    auto opened = open_checkpoint(checkpoints.row().text(1), identity_.log_key);
    if (!opened.ok()) {
        find({}, name + ": " + opened.error().detail);
    } else {
        TRY_ASSIGN(NodeHash root, tree_root(size, peak_source_));
        if (*opened != TreeHead{log_origin(identity_.device, identity_.epoch), size, root})
            find({}, name + " is not of this tree");
    }
    return checkpoints.next();
}

Status Audit::check_payloads(Rows& payloads, const Entry& entry) {
    auto missing = entry.commitments;
    while (payloads.at(entry.seq)) {
        const auto& row = payloads.row();
        std::string name(row.text(1));
        if (missing.erase(name) == 0) {
            find(entry.seq, "a payload stands here that the entry does not name");
        } else if (++report_.payloads; !digest_fits(row.blob(3), row.blob(2))) {
            find(entry.seq, "an encrypted payload has been changed");
        } else if (sealer_ != nullptr) {
            auto opened = open_payload(*sealer_, entry, name, row.blob(3));
            if (!opened.ok()) find(entry.seq, opened.error().detail);
        }
        TRY(payloads.next());
    }
    if (missing.empty()) return {};
    TRY_ASSIGN(auto eraser, erased_by(database_, entry));
    if (!eraser) {
        find(entry.seq, "a payload is missing and no entry erased it");
        return {};
    }
    report_.erased += missing.size();
    if (report_.remarks.size() < most_findings)
        report_.remarks.push_back({entry.seq, "erased by entry " + std::to_string(*eraser)});
    return {};
}

Status Audit::check_erasure(const Entry& erased) {
    if (!erased.refers_to || erased.reason.empty()) {
        find(erased.seq, "an erasure without its entry or its disposal decision");
        return {};
    }
    TRY_ASSIGN(std::int64_t own,
               database_.integer("SELECT count(*) FROM payloads WHERE seq = ?", *erased.refers_to));
    TRY_ASSIGN(std::int64_t of_others,
               database_.integer("SELECT count(*) FROM entries JOIN payloads ON payloads.seq = entries.seq"
                                 " WHERE entries.refers_to = ?",
                                 *erased.refers_to));
    if (own + of_others != 0) find(*erased.refers_to, "a payload that was erased is still there");
    return {};
}

Status Audit::check_view(Rows& views, const Entry& entry) {
    while (views.before(entry.seq) || (views.at(entry.seq) && entry.kind != kind_signing)) {
        find(views.row().count(0), "a row of the view belongs to no signing");
        TRY(views.next());
    }
    if (entry.kind != kind_signing) return {};
    if (!views.at(entry.seq)) {
        find(entry.seq, "the view lacks the signing");
        return {};
    }
    auto sealed = views.row().blob(2);
    if (!digest_fits(sealed, views.row().blob(1))) {
        find(entry.seq, "the view's row has been changed");
    } else if (sealer_ != nullptr) {
        auto derived = derive_signing({database_, identity_, *sealer_}, entry);
        if (!derived.ok() || !std::ranges::equal(seal_row(*sealer_, *derived), sealed))
            find(entry.seq, "the view's row is not what the log says");
    }
    return views.next();
}

Status Audit::check_side_tables() {
    for (auto [table, sql, finding] :
         {std::tuple{SealedTable::drafts, "SELECT id, sealed_sha256, sealed FROM drafts ORDER BY id",
                     "a waiting signing has been changed"},
          std::tuple{SealedTable::settings, "SELECT name, sealed_sha256, sealed FROM settings ORDER BY name",
                     "a value of the device has been changed"}}) {
        TRY_ASSIGN(auto rows, database_.query(sql));
        while (true) {
            TRY_ASSIGN(bool more, rows.step());
            if (!more) break;
            bool whole = digest_fits(rows.blob(2), rows.blob(1));
            if (whole && sealer_ != nullptr) whole = sealer_->open(table, rows.text(0), rows.blob(2)).ok();
            if (!whole) find({}, finding);
        }
    }
    return {};
}

}  // namespace

Result<AuditReport> audit_store(Database& database, const StoreIdentity& identity, const Sealer* sealer) {
    database.forget_cached_pages();
    return Audit(database, identity, sealer).run();
}

Result<AuditReport> Store::audit() const {
    TRY_ASSIGN(auto report, audit_store(*data_->database, data_->identity, &data_->sealer));
    if (report.head != data_->newest.head)
        report.findings.push_back({{}, "the log in the file is not the one that this program wrote"});
    return report;
}

Result<AuditReport> Store::audit_without_keys(const std::filesystem::path& dir) {
    TRY_ASSIGN(auto database, Database::open(dir / store_file, Database::Access::read_only));
    TRY_ASSIGN(auto version, schema_version(*database));
    if (version == 0) return Error{Errc::not_found, "the store is empty"};
    TRY_ASSIGN(auto identity, read_identity(*database));
    return audit_store(*database, identity, nullptr);
}

}  // namespace core
