// Every statement that the store runs is caught while it runs, then asked how SQLite would do it.
#include <regex>
#include <set>

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "tests/support/signing_fixture.h"

using namespace core;
using test::open_store;

namespace {

std::set<std::string>& statements() {
    static std::set<std::string> seen;
    return seen;
}

int note_statement(unsigned, void*, void* statement, void*) {
    if (const char* sql = sqlite3_sql(static_cast<sqlite3_stmt*>(statement))) statements().insert(sql);
    return 0;
}

int trace_connection(sqlite3* connection, const char**, const void*) {
    return sqlite3_trace_v2(connection, SQLITE_TRACE_PROFILE, note_statement, nullptr);
}

void use_everything(const std::filesystem::path& dir) {
    {
        auto store = open_store(dir).value();
        for (int i = 1; i <= 4; ++i) REQUIRE(store.append(test::signing(i)).ok());
        REQUIRE(store.append(test::voiding(1, "fel")).ok());
        REQUIRE(store.erase(1, "KS 1", test::now()).ok());
        auto with_draft = test::note("x");
        with_draft.drop_draft = "d";
        REQUIRE(store.save_draft("d", as_bytes("draft")).ok());
        REQUIRE(store.append(with_draft).ok());
        REQUIRE(store.drop_draft("d").ok());
        REQUIRE(store.drafts().ok());
        REQUIRE(store.set("name", "value").ok());
        REQUIRE(store.value("name").ok());
        REQUIRE(store.mark_copied(0).ok());
        REQUIRE(store.signings().ok());
        REQUIRE(store.rebuild_views().ok());
        REQUIRE(store.views_digest().ok());
        REQUIRE(store.unsent().ok());
        REQUIRE(store.unsent_entries(2, 3)->size() == 3);
        REQUIRE(store.keep_receipts(std::vector{KeptReceipt{0, 2, to_bytes("receipt")}}, {{"name", "value"}})
                    .ok());
        REQUIRE(store.receipt(1).value().has_value());
        REQUIRE(store.root(3).ok());
        REQUIRE(store.prove_range(1, 3, 7).ok());
        REQUIRE(store.salt(0, "record").ok());
        REQUIRE(store.prove_inclusion(0, 7).ok());
        REQUIRE(store.prove_consistency(3, 7).ok());
        REQUIRE(store.audit()->ok());
    }
    REQUIRE(open_store(dir).ok());
    REQUIRE(Store::audit_without_keys(dir)->ok());
}

std::vector<std::string> plan(sqlite3* connection, const std::string& sql) {
    std::vector<std::string> steps;
    sqlite3_stmt* explain = nullptr;
    REQUIRE(sqlite3_prepare_v2(connection, ("EXPLAIN QUERY PLAN " + sql).c_str(), -1, &explain, nullptr) ==
            SQLITE_OK);
    while (sqlite3_step(explain) == SQLITE_ROW)
        steps.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(explain, 3)));
    sqlite3_finalize(explain);
    return steps;
}

}  // namespace

TEST_CASE(
    "no statement of the store searches without an index, sorts, or reads a table that it does not need "
    "whole") {
    test::Folder folder;
    auto entry_point = reinterpret_cast<void (*)()>(trace_connection);
    sqlite3_auto_extension(entry_point);
    use_everything(folder.path());
    sqlite3_cancel_auto_extension(entry_point);

    // The lists, the rebuilding and the audit read their tables from end to end, in the order in which they
    // lie; the newest row is the first of such a walk.
    const std::regex whole_table(
        R"((ORDER BY (seq|size|position|id|name|number|signings\.seq|seq, name)( DESC LIMIT 1)?$)|)"
        R"((^SELECT count\(\*\) FROM outbox$)|(^DELETE FROM signings$))");
    sqlite3* connection = nullptr;
    REQUIRE(sqlite3_open(folder.database().c_str(), &connection) == SQLITE_OK);
    int judged = 0, searches = 0;
    for (const auto& sql : statements()) {
        if (!std::regex_search(sql, std::regex("^(SELECT|INSERT|DELETE|UPDATE)"))) continue;
        if (sql.find("sqlite_schema") != std::string::npos) continue;
        ++judged;
        for (const auto& step : plan(connection, sql)) {
            INFO(sql << ": " << step);
            CHECK(step.find("TEMP B-TREE") == std::string::npos);
            CHECK(step.find("AUTOMATIC") == std::string::npos);
            if (step.starts_with("SEARCH")) ++searches;
            if (step.starts_with("SCAN") && step != "SCAN CONSTANT ROW")
                CHECK((std::regex_search(sql, whole_table) && sql.find("WHERE") == std::string::npos));
        }
    }
    sqlite3_close(connection);
    CHECK(judged > 25);
    CHECK(searches > 8);
}
