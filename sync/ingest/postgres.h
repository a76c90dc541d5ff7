// Postgres: one connection to a PostgreSQL database behind a small class. libpqxx stays in postgres.cpp.
//
// SQL is a literal with $1, $2, ...; it is prepared once a connection. A lost connection is made again by the next call
// outside a transaction, at most once a second. Within one nothing is made again: the transaction fails as a whole, and
// so it does after any statement that failed, whatever `change` makes of that. Writing is for transactions only.
//
// Errors: not_readable (no connection, or no answer in time: try later), disk_full, not_writable (or no
// right to), damaged, internal. Their details have no values in them, and no password.
#pragma once

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace server {

using core::Bytes;
using core::ByteView;
using core::Result;
using core::Status;

// A value on its way to a statement, in PostgreSQL's text form.
class PostgresValue {
  public:
    PostgresValue(std::integral auto number)  // NOLINT: implicit by design
        : text_(std::to_string(static_cast<std::int64_t>(number))) {}
    PostgresValue(ByteView bytes) : text_("\\x" + core::to_hex(bytes)) {}  // NOLINT: implicit by design
    PostgresValue(std::string_view text) : text_(text) {}                  // NOLINT: implicit by design
    template <class Value>
    PostgresValue(const std::optional<Value>& value) {  // NOLINT: implicit by design
        if (value) *this = PostgresValue(*value);
    }
    const std::optional<std::string>& text() const { return text_; }  // nothing: NULL

  private:
    std::optional<std::string> text_;
};

// A row, copied out of the answer; columns count from 0.
class PostgresRow {
  public:
    explicit PostgresRow(std::vector<std::optional<std::string>> cells) : cells_(std::move(cells)) {}
    bool is_null(std::size_t column) const { return !cells_.at(column); }
    const std::string& text(std::size_t column) const;
    std::int64_t integer(std::size_t column) const;
    std::uint64_t count(std::size_t column) const { return static_cast<std::uint64_t>(integer(column)); }
    bool flag(std::size_t column) const { return text(column) == "t"; }
    Bytes blob(std::size_t column) const;

  private:
    std::vector<std::optional<std::string>> cells_;
};
using PostgresRows = std::vector<PostgresRow>;

class Postgres {
  public:
    // `url` as libpq takes it: postgresql://USER@HOST:PORT/DATABASE?... What it leaves open of timeouts is filled in.
    // Tables are found in the schema `schema`.
    static Result<std::unique_ptr<Postgres>> open(std::string_view url, std::string schema);
    ~Postgres();
    Postgres(const Postgres&) = delete;
    Postgres& operator=(const Postgres&) = delete;

    // Rolled back unless `change` and every statement in it went well.
    Status transact(const std::function<Status()>& change);
    bool in_transaction() const { return in_transaction_; }

    template <class... Values>
    Result<PostgresRows> query(const char* sql, const Values&... values) {
        return execute(sql, std::vector<PostgresValue>{PostgresValue(values)...});
    }
    // For what changes something: only in a transaction.
    template <class... Values>
    Status run(const char* sql, const Values&... values) {
        CHECK_THAT(in_transaction_);
        auto rows = query(sql, values...);
        return rows.ok() ? Status{} : Status(rows.error());
    }
    Status run_script(const std::string& sql);  // several statements; in a transaction

  private:
    struct Link;
    Postgres(std::string url, std::string schema);

    Status connect();
    void set_up();  // throws as libpqxx does
    Result<PostgresRows> execute(const char* sql, const std::vector<PostgresValue>& values);
    Result<PostgresRows> attempt(const std::function<PostgresRows()>& work);
    Status plain(const std::string& sql);
    void end_badly();

    std::string url_, schema_;
    std::unique_ptr<Link> link_;
    std::chrono::steady_clock::time_point connect_from_{};  // not before
    core::Error why_not_;
    bool in_transaction_ = false;
    std::optional<core::Error> failed_;  // in this transaction
};

}  // namespace server
