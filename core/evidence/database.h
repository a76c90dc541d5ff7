// Database, Statement, Transaction: SQLite behind three small classes. Its errors become Errc here and
// nowhere else.
//
// One connection, locked to this process: a second open gives Errc::locked at once. WAL, synchronous=FULL,
// foreign keys, secure_delete. SQL names its columns, binds every value, and orders every list.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace core {

class Database;

// One prepared statement with its values bound; borrowed from the Database, which must outlive it.
class Statement {
  public:
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    Result<bool> step();  // true: a row stands ready
    Status run();         // to the end; CHECKs that there are no rows

    // Of the row that stands ready; columns count from 0. Views hold until the next step().
    std::int64_t integer(int column) const;
    std::uint64_t count(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    ByteView blob(int column) const;
    std::string_view text(int column) const;
    bool is_null(int column) const;

  private:
    friend class Database;
    using Idle = std::vector<sqlite3_stmt*>;  // prepared, of the same SQL
    Statement(Idle& home, Database& database, sqlite3_stmt* statement)
        : home_(&home), database_(&database), statement_(statement) {}
    void bind(int parameter, std::int64_t value);
    void bind(int parameter, std::uint64_t value) { bind(parameter, static_cast<std::int64_t>(value)); }
    void bind(int parameter, int value) { bind(parameter, static_cast<std::int64_t>(value)); }
    void bind(int parameter, ByteView value);
    void bind(int parameter, std::string_view value);
    void bind(int parameter, const std::optional<std::uint64_t>& value);

    Idle* home_;  // where it goes afterwards
    Database* database_;
    sqlite3_stmt* statement_;
};

class Database {
  public:
    // create: the file may be missing. read_only: nothing is written, not even a WAL checkpoint. scratch: in
    // memory only.
    enum class Access { create, read_only, scratch };
    enum class Durability { full, none };  // none: for measurements; a power cut may damage the file

    // page_bytes: of a file that is made; 0: as SQLite has them.
    static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file, Access access,
                                                  Durability durability = Durability::full,
                                                  int page_bytes = 0);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    // `sql` is a literal; it is prepared once and kept.
    template <class... Values>
    Result<Statement> query(const char* sql, const Values&... values) {
        auto statement = prepare(sql);
        int parameter = 0;
        if (statement.ok()) (statement->bind(++parameter, values), ...);
        return statement;
    }
    template <class... Values>
    Status run(const char* sql, const Values&... values) {
        TRY_ASSIGN(auto statement, query(sql, values...));
        return statement.run();
    }
    // The first column of the only row.
    template <class... Values>
    Result<std::int64_t> integer(const char* sql, const Values&... values) {
        TRY_ASSIGN(auto statement, query(sql, values...));
        TRY_ASSIGN(bool found, statement.step());
        if (!found) return Error{Errc::internal, std::string("no row: ") + sql};
        return statement.integer(0);
    }

    Status execute(const std::string& script);  // several statements; rows are ignored
    std::int64_t changed_rows() const;          // by the newest run()
    bool in_transaction() const;
    void forget_cached_pages();                 // so that an audit reads the file, not memory
    Error error(std::string_view doing) const;  // the newest one

  private:
    friend class Statement;
    explicit Database(sqlite3* connection) : connection_(connection) {}
    Result<Statement> prepare(const char* sql);
    Status configure(Access access, Durability durability, int page_bytes);

    sqlite3* connection_;
    struct HashText {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::unordered_map<std::string, Statement::Idle, HashText, std::equal_to<>> idle_;
};

// Rolls back unless committed.
class Transaction {
  public:
    static Result<Transaction> begin(Database& database);
    Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    Status commit();

  private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;
};

}  // namespace core
