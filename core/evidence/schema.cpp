#include "core/evidence/schema.h"

#include <array>
#include <bit>
#include <map>
#include <set>
#include <span>

namespace core {
namespace {

constexpr const char* step_1 = R"sql(
CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE entries (
    seq INTEGER NOT NULL PRIMARY KEY CHECK (seq >= 0),
    kind TEXT NOT NULL,
    refers_to INTEGER REFERENCES entries (seq) CHECK (refers_to < seq),
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX entries_by_refers_to ON entries (refers_to, seq) WHERE refers_to IS NOT NULL;

CREATE TABLE nodes (
    position INTEGER NOT NULL PRIMARY KEY CHECK (position >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE checkpoints (
    size INTEGER NOT NULL PRIMARY KEY CHECK (size >= 0),
    note BLOB NOT NULL
) STRICT;

CREATE TABLE payloads (
    seq INTEGER NOT NULL REFERENCES entries (seq),
    name TEXT NOT NULL,
    sealed_sha256 BLOB NOT NULL CHECK (length(sealed_sha256) = 32),
    sealed BLOB NOT NULL,
    UNIQUE (seq, name)
) STRICT;

CREATE TABLE signings (
    seq INTEGER NOT NULL PRIMARY KEY REFERENCES entries (seq),
    sealed_sha256 BLOB NOT NULL CHECK (length(sealed_sha256) = 32),
    sealed BLOB NOT NULL
) STRICT;

CREATE TABLE drafts (
    id TEXT NOT NULL PRIMARY KEY,
    sealed_sha256 BLOB NOT NULL CHECK (length(sealed_sha256) = 32),
    sealed BLOB NOT NULL
) STRICT;

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    sealed_sha256 BLOB NOT NULL CHECK (length(sealed_sha256) = 32),
    sealed BLOB NOT NULL
) STRICT;

CREATE TABLE copies (
    seq INTEGER NOT NULL PRIMARY KEY REFERENCES entries (seq)
) STRICT;

CREATE TABLE outbox (
    seq INTEGER NOT NULL PRIMARY KEY REFERENCES entries (seq)
) STRICT;
)sql";

// What the server has given receipts for: each run of them once, as it came, and which one an entry is in.
constexpr const char* step_2 = R"sql(
CREATE TABLE receipt_runs (
    number INTEGER NOT NULL PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE receipts (
    seq INTEGER NOT NULL PRIMARY KEY REFERENCES entries (seq),
    run INTEGER NOT NULL REFERENCES receipt_runs (number)
) STRICT;
)sql";

// Append-only means: no change, no deletion, and no replacement (which would be a silent deletion).
constexpr std::array append_only_tables{std::pair{"meta", "name"}, std::pair{"entries", "seq"},
                                        std::pair{"nodes", "position"}, std::pair{"checkpoints", "size"}};

constexpr std::array append_only_since_2{std::pair{"receipt_runs", "number"}, std::pair{"receipts", "seq"}};

std::string append_only_triggers(std::span<const std::pair<const char*, const char*>> tables) {
    std::string sql;
    for (auto [table_name, key] : tables) {
        std::string table(table_name), column(key);
        for (std::string act : {"UPDATE", "DELETE"})
            sql += "CREATE TRIGGER " + table + "_no_" + act + " BEFORE " + act + " ON " + table +
                   " BEGIN SELECT RAISE(ABORT, '" + table + " is append-only'); END;\n";
        sql += "CREATE TRIGGER " + table + "_no_REPLACE BEFORE INSERT ON " + table +
               " WHEN EXISTS (SELECT 1 FROM " + table + " WHERE " + column + " = NEW." + column +
               ") BEGIN SELECT RAISE(ABORT, '" + table + " is append-only'); END;\n";
    }
    return sql;
}

// A payload may be deleted, never changed or replaced.
std::string payload_triggers() {
    return "CREATE TRIGGER payloads_no_UPDATE BEFORE UPDATE ON payloads"
           " BEGIN SELECT RAISE(ABORT, 'payloads are never changed'); END;\n"
           "CREATE TRIGGER payloads_no_REPLACE BEFORE INSERT ON payloads WHEN EXISTS"
           " (SELECT 1 FROM payloads WHERE seq = NEW.seq AND name = NEW.name)"
           " BEGIN SELECT RAISE(ABORT, 'payloads are never changed'); END;\n";
}

struct Step {
    std::int64_t version;
    std::string sql;
};

// Never edit a step that has been released: add one.
const std::vector<Step>& steps() {
    static const std::vector<Step> all{
        {1, step_1 + append_only_triggers(append_only_tables) + payload_triggers()},
        {2, step_2 + append_only_triggers(append_only_since_2)},
    };
    return all;
}

Result<std::set<std::string>> definitions(Database& database) {
    std::set<std::string> found;
    TRY_ASSIGN(auto rows, database.query("SELECT type, name, sql FROM sqlite_schema ORDER BY name"));
    while (true) {
        TRY_ASSIGN(bool more, rows.step());
        if (!more) return found;
        found.insert(std::string(rows.text(0)) + " " + std::string(rows.text(1)) + ": " +
                     std::string(rows.text(2)));
    }
}

}  // namespace

std::uint64_t node_count(std::uint64_t leaves) {
    return 2 * leaves - static_cast<std::uint64_t>(std::popcount(leaves));
}

std::uint64_t node_position(int level, std::uint64_t index) {
    std::uint64_t last_leaf = ((index + 1) << level) - 1;  // whose append completes the subtree
    return node_count(last_leaf) + static_cast<std::uint64_t>(level);
}

std::int64_t newest_schema_version() { return steps().back().version; }

Result<std::int64_t> schema_version(Database& database) {
    TRY_ASSIGN(std::int64_t application, database.integer("PRAGMA application_id"));
    TRY_ASSIGN(std::int64_t version, database.integer("PRAGMA user_version"));
    TRY_ASSIGN(std::int64_t tables, database.integer("SELECT count(*) FROM sqlite_schema"));
    if (application != store_application_id && (application != 0 || version != 0 || tables != 0))
        return Error{Errc::malformed, "the file is not a Handslag store"};
    if (version > newest_schema_version())
        return Error{Errc::newer_version, "the store has version " + std::to_string(version) +
                                              ", this program reads up to " +
                                              std::to_string(newest_schema_version())};
    return version;
}

Status migrate(Database& database) {
    CHECK_THAT(database.in_transaction());
    TRY_ASSIGN(std::int64_t version, schema_version(database));
    for (const auto& step : steps()) {
        if (step.version <= version) continue;
        TRY(database.execute(step.sql));
        TRY(database.execute("PRAGMA user_version = " + std::to_string(step.version)));
    }
    return database.execute("PRAGMA application_id = " + std::to_string(store_application_id));
}

Status check_schema(Database& database) {
    TRY_ASSIGN(std::int64_t version, schema_version(database));
    thread_local std::map<std::int64_t, std::set<std::string>> known;
    auto expected = known.find(version);
    if (expected == known.end()) {
        TRY_ASSIGN(auto model, Database::open(":memory:", Database::Access::scratch));
        for (const auto& step : steps())
            if (step.version <= version) TRY(model->execute(step.sql));
        TRY_ASSIGN(auto made, definitions(*model));
        expected = known.emplace(version, std::move(made)).first;
    }
    TRY_ASSIGN(auto found, definitions(database));
    if (found != expected->second)
        return Error{Errc::damaged, "the store's tables or triggers have been changed"};
    return {};
}

}  // namespace core
