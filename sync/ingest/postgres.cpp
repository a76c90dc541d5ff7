#include "sync/ingest/postgres.h"

#include <charconv>
#include <map>

#include <pqxx/pqxx>

namespace server {
namespace {

using core::Errc;
using core::Error;

constexpr std::chrono::seconds connect_pause{1};

// What keeps one process from waiting for ever on the database, and the database on a process that is gone.
constexpr std::pair<const char*, const char*> url_defaults[] = {{"connect_timeout", "5"},
                                                                {"keepalives_idle", "5"},
                                                                {"keepalives_interval", "2"},
                                                                {"keepalives_count", "3"},
                                                                {"tcp_user_timeout", "15000"},
                                                                {"target_session_attrs", "read-write"},
                                                                {"application_name", "handslag-server"}};
constexpr const char* session_settings =
    "SET client_min_messages = error; SET client_encoding = 'UTF8'; SET bytea_output = 'hex';"
    "SET lock_timeout = '5s'; SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '10s';"
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;";

std::string with_defaults(std::string_view url) {
    std::string whole(url);
    for (auto [name, value] : url_defaults)
        if (whole.find(std::string(name) + "=") == std::string::npos)
            whole += std::string(whole.find('?') == std::string::npos ? "?" : "&") + name + "=" + value;
    return whole;
}

// The rest of a message may quote values.
std::string first_line(std::string_view text) {
    auto line = std::string(text.substr(0, text.find('\n')));
    return line.empty() ? "no reason given" : line;
}

Error error_of(const std::exception& thrown) {
    const auto* sql = dynamic_cast<const pqxx::sql_error*>(&thrown);
    auto state = sql != nullptr ? std::string_view(sql->sqlstate()) : std::string_view{};
    auto detail =
        "PostgreSQL: " + first_line(thrown.what()) + (state.empty() ? "" : " (" + std::string(state) + ")");
    auto code = sql == nullptr || state.empty()        ? Errc::not_readable
                : state == "53100"                     ? Errc::disk_full
                : state == "25006" || state == "42501" ? Errc::not_writable
                : state.starts_with("XX")              ? Errc::damaged
                : state.starts_with("23") || state.starts_with("42") || state.starts_with("22")
                    ? Errc::internal
                    : Errc::not_readable;
    return {code, detail};
}

PostgresRows copy(const pqxx::result& result) {
    PostgresRows rows;
    for (const auto& from : result) {
        std::vector<std::optional<std::string>> cells;
        for (const auto& field : from)
            cells.push_back(field.is_null() ? std::nullopt
                                            : std::optional(std::string(field.c_str(), field.size())));
        rows.emplace_back(std::move(cells));
    }
    return rows;
}

}  // namespace

const std::string& PostgresRow::text(std::size_t column) const {
    CHECK_THAT(cells_.at(column).has_value());
    return *cells_[column];
}
std::int64_t PostgresRow::integer(std::size_t column) const {
    const auto& digits = text(column);
    std::int64_t number = 0;
    auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    CHECK_THAT(wrong == std::errc{} && end == digits.data() + digits.size());
    return number;
}
Bytes PostgresRow::blob(std::size_t column) const {
    const auto& hex = text(column);
    CHECK_THAT(hex.starts_with("\\x"));
    auto bytes = core::from_hex(std::string_view(hex).substr(2));
    CHECK_THAT(bytes.has_value());
    return std::move(*bytes);
}

// The statements are our own BEGIN and COMMIT: what libpqxx's transactions send, and when, differs between versions.
struct Postgres::Link {
    explicit Link(const std::string& url) : connection(url), session(connection) {
#if PQXX_VERSION_MAJOR < 7
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
        connection.activate();
        connection.inhibit_reactivation(true);  // a new connection would know nothing of our BEGIN
#pragma GCC diagnostic pop
#endif
    }

    pqxx::result run(const char* sql, const std::vector<PostgresValue>& values) {
        auto& name = prepared[sql];
        if (name.empty()) {
            auto fresh = "s" + std::to_string(prepared.size());
            connection.prepare(fresh, sql);
            name = fresh;
        }
#if PQXX_VERSION_MAJOR < 7
        std::vector<const char*> texts;
        for (const auto& value : values) texts.push_back(value.text() ? value.text()->c_str() : nullptr);
        return session.exec_prepared(name, pqxx::prepare::make_dynamic_params(texts));
#else
        pqxx::params texts;
        for (const auto& value : values) {
            if (value.text())
                texts.append(*value.text());
            else
                texts.append();
        }
        return session.exec(pqxx::prepped{name}, texts);
#endif
    }

    pqxx::connection connection;
    pqxx::nontransaction session;
    std::map<std::string_view, std::string> prepared;
};

Postgres::Postgres(std::string url, std::string schema) : url_(std::move(url)), schema_(std::move(schema)) {}
Postgres::~Postgres() = default;

Result<std::unique_ptr<Postgres>> Postgres::open(std::string_view url, std::string schema) {
    std::unique_ptr<Postgres> postgres(new Postgres(with_defaults(url), std::move(schema)));
    TRY(postgres->connect());
    return postgres;
}

void Postgres::set_up() {
    auto& session = link_->session;
    session.exec(session_settings);
    session.exec("SET search_path = " + session.quote_name(schema_) + ", pg_temp");
    // A receipt is a promise; a stronger setting than ours is left as it is.
    auto weak = session.exec(
        "SELECT current_setting('synchronous_commit') = 'off', current_setting('fsync') = 'off'");
    if (weak[0][0].as<bool>()) session.exec("SET synchronous_commit = on");
    if (weak[0][1].as<bool>())
        throw pqxx::failure(
            "this database does not write durably (fsync = off); receipts need one that does");
}

Status Postgres::connect() {
    if (link_) return {};
    auto now = std::chrono::steady_clock::now();
    if (now < connect_from_) return why_not_;
    try {
        link_ = std::make_unique<Link>(url_);
        set_up();
        return {};
    } catch (const std::exception& thrown) {
        link_.reset();
        why_not_ = error_of(thrown);
        connect_from_ = now + connect_pause;
        return why_not_;
    }
}

Result<PostgresRows> Postgres::attempt(const std::function<PostgresRows()>& work) {
    try {
        return work();
    } catch (const std::exception& thrown) {
        auto error = error_of(thrown);
        const auto* sql = dynamic_cast<const pqxx::sql_error*>(&thrown);
        bool closing = sql != nullptr && sql->sqlstate().starts_with("57P");
        if (closing || !link_->connection.is_open()) link_.reset();
        if (in_transaction_) failed_ = error;
        return error;
    }
}

Result<PostgresRows> Postgres::execute(const char* sql, const std::vector<PostgresValue>& values) {
    for (const auto& value : values)
        if (value.text() && value.text()->find('\0') != std::string::npos)
            return Error{Errc::malformed, "a text with a zero byte in it"};
    if (in_transaction_ && failed_) return *failed_;
    auto work = [&] { return copy(link_->run(sql, values)); };
    TRY(connect());
    auto rows = attempt(work);
    // The connection was lost while nobody looked: nothing has been done yet, so once more.
    if (rows.ok() || link_ || in_transaction_) return rows;
    TRY(connect());
    return attempt(work);
}

Status Postgres::plain(const std::string& sql) {
    auto done = attempt([&] { return copy(link_->session.exec(sql)); });
    return done.ok() ? Status{} : Status(done.error());
}

Status Postgres::run_script(const std::string& sql) {
    CHECK_THAT(in_transaction_);
    if (failed_) return *failed_;
    return plain(sql);
}

void Postgres::end_badly() {
    // Whether it worked or not: the connection is sound, or it is gone and with it the transaction.
    if (link_ && !plain("ROLLBACK").ok()) link_.reset();
    in_transaction_ = false;
}

Status Postgres::transact(const std::function<Status()>& change) {
    CHECK_THAT(!in_transaction_);
    constexpr const char* begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
    TRY(connect());
    if (auto begun = plain(begin); !begun.ok()) {
        if (link_) return begun;
        TRY(connect());
        TRY(plain(begin));
    }
    in_transaction_ = true;
    failed_.reset();
    struct Ending {
        Postgres* postgres;
        ~Ending() {
            if (postgres->in_transaction_) postgres->end_badly();
        }
    } ending{this};
    auto done = change();
    if (done.ok() && failed_) done = *failed_;
    if (!done.ok()) return done;
    done = plain("COMMIT");
    if (!done.ok()) link_.reset();
    in_transaction_ = false;
    return done;
}

}  // namespace server
