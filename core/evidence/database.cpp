#include "core/evidence/database.h"

#include <cerrno>

#include <sqlite3.h>

namespace core {
namespace {

// The one place where SQLite's codes become ours.
Errc to_errc(int extended) {
    switch (extended) {
        case SQLITE_IOERR_READ:
        case SQLITE_IOERR_FSTAT:
            return Errc::not_readable;
        case SQLITE_IOERR_SHORT_READ:
        case SQLITE_IOERR_CORRUPTFS:
        case SQLITE_IOERR_DATA:
            return Errc::damaged;
        case SQLITE_IOERR_NOMEM:
            return Errc::internal;
        default:
            break;
    }
    switch (extended & 0xff) {
        case SQLITE_FULL:
            return Errc::disk_full;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Errc::locked;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Errc::damaged;
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return Errc::not_writable;
        default:
            return Errc::internal;
    }
}

// A file that cannot be made because the disk is full is told as SQLITE_CANTOPEN. A sync that fails for want of space is
// not a full disk to us: what was written before it may still reach the disk, so the store must be opened again.
bool for_want_of_space(sqlite3* connection, int extended) {
    int code = extended & 0xff;
    if (extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC) return false;
    if (connection == nullptr || (code != SQLITE_CANTOPEN && code != SQLITE_IOERR)) return false;
    int reason = sqlite3_system_errno(connection);
    return reason == ENOSPC || reason == EDQUOT;
}

Error to_error(sqlite3* connection, int code, std::string_view doing) {
    int extended = connection != nullptr ? sqlite3_extended_errcode(connection) : code;
    std::string detail(doing);
    detail += ": ";
    detail += connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
    detail += " (SQLite " + std::to_string(extended) + ")";
    return {for_want_of_space(connection, extended) ? Errc::disk_full : to_errc(extended), std::move(detail)};
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : home_(other.home_), database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}

Statement::~Statement() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_);  // repeats the error that step() has already told
    sqlite3_clear_bindings(statement_);
    home_->push_back(statement_);
}

// Binding fails only for a wrong index or lack of memory.
void Statement::bind(int parameter, std::int64_t value) {
    CHECK_THAT(sqlite3_bind_int64(statement_, parameter, value) == SQLITE_OK);
}
void Statement::bind(int parameter, ByteView value) {
    CHECK_THAT(sqlite3_bind_blob64(statement_, parameter,
                                   value.empty() ? "" : static_cast<const void*>(value.data()), value.size(),
                                   SQLITE_TRANSIENT) == SQLITE_OK);
}
void Statement::bind(int parameter, std::string_view value) {
    CHECK_THAT(sqlite3_bind_text64(statement_, parameter, value.empty() ? "" : value.data(), value.size(),
                                   SQLITE_TRANSIENT, SQLITE_UTF8) == SQLITE_OK);
}
void Statement::bind(int parameter, const std::optional<std::uint64_t>& value) {
    if (value) return bind(parameter, *value);
    CHECK_THAT(sqlite3_bind_null(statement_, parameter) == SQLITE_OK);
}

Result<bool> Statement::step() {
    switch (sqlite3_step(statement_)) {
        case SQLITE_ROW:
            return true;
        case SQLITE_DONE:
            return false;
        default:
            return database_->error(sqlite3_sql(statement_));
    }
}

Status Statement::run() {
    TRY_ASSIGN(bool row, step());
    CHECK_THAT(!row);
    return {};
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }
ByteView Statement::blob(int column) const {
    auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    return {data, data == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}
std::string_view Statement::text(int column) const { return as_text(blob(column)); }
bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file, Access access,
                                                 Durability durability, int page_bytes) {
    std::error_code error;
    if (access == Access::read_only && !std::filesystem::exists(file, error))
        return Error{Errc::not_found, file.filename().string() + ": no such store"};
    // Reading, too, needs write access: the lock that keeps a second process out is a write lock.
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (access == Access::create) flags |= SQLITE_OPEN_CREATE;
    if (access == Access::scratch) flags |= SQLITE_OPEN_MEMORY;
    sqlite3* connection = nullptr;
    int code = sqlite3_open_v2(file.c_str(), &connection, flags, nullptr);
    std::unique_ptr<Database> database(new Database(connection));
    if (code != SQLITE_OK) return to_error(connection, code, "opening the store");
    if (sqlite3_db_readonly(connection, "main") == 1)
        return Error{Errc::not_writable, file.filename().string() + ": write-protected"};
    TRY(database->configure(access, durability, page_bytes));
    return database;
}

Status Database::configure(Access access, Durability durability, int page_bytes) {
    for (auto [option, value] :
         {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1}, std::pair{SQLITE_DBCONFIG_DQS_DML, 0},
          std::pair{SQLITE_DBCONFIG_DQS_DDL, 0}, std::pair{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
          std::pair{SQLITE_DBCONFIG_ENABLE_FKEY, 1},
          std::pair{SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, access == Access::read_only ? 1 : 0}})
        CHECK_THAT(sqlite3_db_config(connection_, option, value, nullptr) == SQLITE_OK);
    // Exclusive before the first access, so that the WAL index lives in memory and no second connection can
    // come in.
    TRY(
        execute("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cell_size_check = ON;"
                "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA fullfsync = ON;"
                "PRAGMA checkpoint_fullfsync = ON;"));
    if (access == Access::scratch) return {};
    if (access == Access::read_only) return execute("PRAGMA query_only = ON; SELECT 1 FROM sqlite_schema;");
    if (page_bytes > 0) TRY(execute("PRAGMA page_size = " + std::to_string(page_bytes) + ";"));
    TRY(execute("PRAGMA journal_mode = WAL;"));
    TRY(execute(durability == Durability::full ? "PRAGMA synchronous = FULL;" : "PRAGMA synchronous = OFF;"));
    // Takes the lock now, not at the first signing.
    TRY(execute("BEGIN IMMEDIATE; COMMIT;"));
    TRY_ASSIGN(auto mode, query("PRAGMA journal_mode"));
    TRY_ASSIGN(bool found, mode.step());
    if (!found || mode.text(0) != "wal")
        return Error{Errc::not_writable, "the store cannot use a write-ahead log here"};
    return {};
}

Database::~Database() {
    for (auto& [sql, statements] : idle_)
        for (auto* statement : statements) sqlite3_finalize(statement);
    sqlite3_close_v2(connection_);
}

Result<Statement> Database::prepare(const char* sql) {
    auto known = idle_.find(std::string_view(sql));
    auto& idle = known != idle_.end() ? known->second : idle_[sql];
    if (!idle.empty()) {
        auto* statement = idle.back();
        idle.pop_back();
        return Statement(idle, *this, statement);
    }
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(connection_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
        return error(sql);
    return Statement(idle, *this, statement);
}

Status Database::execute(const std::string& script) {
    if (sqlite3_exec(connection_, script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return error(script.substr(0, script.find(';')));
    return {};
}

std::int64_t Database::changed_rows() const { return sqlite3_changes64(connection_); }
bool Database::in_transaction() const { return sqlite3_get_autocommit(connection_) == 0; }
void Database::forget_cached_pages() { sqlite3_db_release_memory(connection_); }
Error Database::error(std::string_view doing) const { return to_error(connection_, SQLITE_ERROR, doing); }

Result<Transaction> Transaction::begin(Database& database) {
    TRY(database.run("BEGIN IMMEDIATE"));
    return Transaction(database);
}

Status Transaction::commit() {
    TRY(database_->run("COMMIT"));
    database_ = nullptr;
    return {};
}

Transaction::~Transaction() {
    // SQLite has rolled back by itself after a full disk. If this fails, the connection stays in the
    // transaction, which the store notices (in_transaction) before it writes again.
    if (database_ != nullptr && database_->in_transaction()) static_cast<void>(database_->run("ROLLBACK"));
}

}  // namespace core
