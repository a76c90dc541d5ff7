// What both stores must be alike in, and what PostgreSQL's tables refuse.
#include <doctest/doctest.h>

#include "core/base/text.h"
#include "core/base/words.h"
#include "sync/ingest/acts.h"
#include "sync/ingest/ledger_audit.h"
#include "sync/ingest/register.h"
#include "sync/server/pages.h"
#include "tests/sync/town.h"

using namespace town;

namespace {

// What staff might do in a year.
void decide_all(server::Ingest& ingest, server::Ledger& ledger, OpenReader& reader, const FakeClock& clock) {
    using What = wire::Act::What;
    auto lines = ledger.lines(0, 100).value();
    REQUIRE(lines.size() == 4);
    auto decide = [&](What what, std::size_t line, std::optional<std::uint64_t> other = {}) {
        REQUIRE(server::decide(ingest, ledger, {what, lines[line].index, other, "KS 2026/7", clock.wall_ms()})
                    .ok());
        REQUIRE(server::derive_register(ledger, reader).ok());
    };
    CHECK(server::candidates(ledger)->size() == 1);  // the voided ones are none
    decide(What::same_as, 3, lines[1].index);
    decide(What::apart, 3);
    decide(What::withdrawn, 3);
    decide(What::rejoined, 3);
    decide(What::withdrawn, 3);
    REQUIRE(server::erase(ingest, ledger, lines[0].index, "KS 2026/8", clock.wall_ms()).ok());
    REQUIRE(server::derive_register(ledger, reader).ok());
    CHECK(server::kept_apart(ledger)->empty());
    CHECK(server::audit_ledger(ledger, ingest.name())->findings.empty());
}

struct Outcome {
    std::vector<std::pair<std::uint64_t, NodeHash>> device_heads;
    std::string list;
};

std::string folder_of(std::uint8_t number) { return "tablet" + std::to_string(number); }

void hold_ceremony(const Place& place) {
    for (std::uint8_t number : {1, 2}) {
        Tablet tablet(number, place / folder_of(number));
        REQUIRE(tablet.store->append(test::signing(1, "Föreningen Ett")).ok());
        REQUIRE(tablet.store->append(test::signing(2, "Föreningen Två")).ok());
        REQUIRE(tablet.store->append(test::voiding(0, "fel")).ok());
    }
}

// What a server makes of copies of those tablets, received at the same moments.
Outcome after_sync(const Place& ceremony, server::Ledger& ledger) {
    Place place;
    OpenReader reader;
    FakeClock clock{1'795'000'000'000};
    auto ingest =
        server::Ingest::open(ledger, Ed25519Key::from_seed(Bytes(32, 77)).value(), reader, clock).value();
    Outcome outcome;
    for (std::uint8_t number : {1, 2}) {
        std::filesystem::copy(ceremony / folder_of(number), place / folder_of(number),
                              std::filesystem::copy_options::recursive);
        Tablet tablet(number, place / folder_of(number));
        REQUIRE(ingest.enrol(tablet.name, tablet.log_key.public_key(), "surfplatta").ok());
        auto session = tablet.session(ingest.name());
        for (Bytes request; !(request = session.request().value()).empty();) {
            clock.advance(1'000);
            server::Exchange exchange(ingest, tablet.name);
            REQUIRE(exchange.feed(request).ok());
            REQUIRE(session.answer(exchange.finish()).ok());
        }
        auto log = ledger.find_log(tablet.name).value().value();
        outcome.device_heads.emplace_back(log.held, tree_root(log.held, ledger.nodes(log.number)).value());
    }
    REQUIRE(server::derive_register(ledger, reader).ok());
    decide_all(ingest, ledger, reader, clock);
    auto words = Words::load(HANDSLAG_BINARY_DIR "/share/locale", "sv").value();
    server::ListPage page;
    page.lines = ledger.lines(0, 100).value();
    page.standing = server::standing_total(ledger).value();
    outcome.list = server::render_list(page, words);
    return outcome;
}

std::string refusal_of(const std::string& sql) {
    try {
        return test::postgres_cluster().sql(sql);
    } catch (const std::exception& refused) {
        return refused.what();
    }
}

}  // namespace

TEST_CASE(
    "the same records give the same device heads and the same bytes of the public list in both stores") {
    if (!on_postgres()) return;
    Place place;
    auto sqlite = server::open_sqlite_ledger(place / "ledger.db").value();
    auto postgres = server::open_postgres_ledger(test::postgres_cluster().url(), new_municipality()).value();
    hold_ceremony(place);
    auto first = after_sync(place, *sqlite), second = after_sync(place, *postgres);
    CHECK(first.device_heads == second.device_heads);
    CHECK(first.device_heads[0].first == 3);
    CHECK(first.list == second.list);
    CHECK(first.list.find("Föreningen Två") != std::string::npos);
    CHECK(first.list.find("Har lämnat den") != std::string::npos);
}

TEST_CASE("a process with another log key than the others' is not let in") {
    if (!on_postgres()) return;
    Place place;
    Server server(place / "server.db");
    auto refused = server::Ingest::open(*server.ledger, Ed25519Key::from_seed(Bytes(32, 78)).value(),
                                        server.reader, server.clock);
    CHECK(refused.error().code == Errc::damaged);
}

TEST_CASE("a process with another log key than the others' is not let in") {
    if (!on_postgres()) return;
    Place place;
    Server server(place / "server.db");
    auto refused = server::Ingest::open(*server.ledger, Ed25519Key::from_seed(Bytes(32, 78)).value(),
                                        server.reader, server.clock);
    CHECK(refused.error().code == Errc::damaged);
}

TEST_CASE("every statement finds its rows by an index, and none looks through others") {
    if (!on_postgres()) return;
    auto& cluster = test::postgres_cluster();
    cluster.sql("CREATE DATABASE indexed");
    REQUIRE(server::open_postgres_ledger(cluster.url("indexed"), 1).ok());
    for (const char* setting :
         {"enable_seqscan = off",  // small tables would be read whole in any case
          "session_preload_libraries = 'auto_explain'", "auto_explain.log_min_duration = 0"})
        cluster.sql("ALTER DATABASE indexed SET " + std::string(setting));
    auto before = cluster.log().size();
    Place place;
    hold_ceremony(place);
    {
        auto ledger = server::open_postgres_ledger(cluster.url("indexed"), 1).value();
        after_sync(place, *ledger);
        OpenReader reader;
        REQUIRE(server::rebuild_register(*ledger, reader).ok());
        CHECK(ledger->all_logs()->size() == 2);
        CHECK(ledger->lines_numbered(certificate_number("TEST26", 'A', 1))->size() == 1);
        CHECK(ledger->leaves(2, 3)->size() == 3);
        CHECK(ledger->node_row(0, 0, 2, 3)->size() == 3);
        CHECK(ledger->feed_after(0, 10)->empty());
    }
    int plans = 0;
    std::string statement;
    auto log = cluster.log();
    for (auto line : split(std::string_view(log).substr(before), '\n')) {
        if (auto at = line.find("Query Text: "); at != std::string_view::npos)
            ++plans, statement = line.substr(at);
        bool of_ours = statement.find("ledger_version") == std::string::npos &&
                       statement.find("pg_catalog") == std::string::npos;
        line = trim(line);
        // Forked heads are passed over on the way to the newest; lines are counted once in a ledger's life.
        bool may_filter = line == "Filter: (judgement <> 2)" ||
                          statement.find("SELECT count(*) FROM lines") != std::string::npos;
        bool few = statement.ends_with("FROM logs WHERE municipality = $1 ORDER BY number");
        bool reads_all = (line.starts_with("Filter: ") && !may_filter) ||
                         line.find("Seq Scan") != std::string_view::npos ||
                         (line.starts_with("Sort Key") && !few);
        if (of_ours && reads_all) FAIL_CHECK(statement << "\n" << line);
    }
    CHECK(plans > 200);
}

TEST_CASE(
    "in PostgreSQL too, what is append-only cannot be changed, deleted or emptied, and types are strict") {
    if (!on_postgres()) return;
    Place place;
    Server server(place / "server.db");
    for (const char* table : {"entries", "nodes", "leaves", "checkpoints", "feed"}) {
        std::string name = std::string("handslag.") + table;
        for (const auto& sql : {"UPDATE " + name + " SET municipality = 1", "DELETE FROM " + name,
                                "TRUNCATE " + name + " CASCADE"}) {
            INFO(sql);
            CHECK(refusal_of(sql).find(std::string(table) + " is append-only") != std::string::npos);
        }
    }
    CHECK(refusal_of("INSERT INTO handslag.nodes VALUES (1, 0, 0, '\\x00')")
              .find("violates check constraint") != std::string::npos);
}

TEST_CASE("a PostgreSQL ledger of a newer Handslag, or a schema of somebody else's, is left alone") {
    if (!on_postgres()) return;
    auto& cluster = test::postgres_cluster();
    cluster.sql("CREATE DATABASE newer");
    REQUIRE(server::open_postgres_ledger(cluster.url("newer"), 1).ok());
    REQUIRE(server::open_postgres_ledger(cluster.url("newer"), 1).ok());  // again: nothing to make
    cluster.sql("UPDATE handslag.ledger_version SET version = 1000", "newer");
    CHECK(server::open_postgres_ledger(cluster.url("newer"), 1).error().code == Errc::newer_version);
    cluster.sql("CREATE DATABASE others");
    cluster.sql("CREATE SCHEMA handslag CREATE TABLE greetings (text text)", "others");
    CHECK(server::open_postgres_ledger(cluster.url("others"), 1).error().code == Errc::malformed);
    CHECK(server::open_postgres_ledger(cluster.url("nowhere"), 1).error().code == Errc::not_readable);
}

TEST_CASE("municipalities that share a database see nothing of each other") {
    if (!on_postgres()) return;
    Place place;
    Server one(place / "one.db"), other(place / "other.db");
    Tablet tablet(1, place / "tablet");
    one.enrol(tablet);
    REQUIRE(tablet.store->append(test::signing(1)).ok());
    sync(tablet, one);
    REQUIRE(server::derive_register(*one.ledger, one.reader).ok());
    CHECK(one.ledger->lines(0, 10).value().size() == 1);
    CHECK(other.ledger->lines(0, 10).value().empty());
    CHECK(other.ledger->leaf_count().value() == 0);
    CHECK(other.ledger->all_logs().value().empty());
    CHECK(one.ingest->name().origin != other.ingest->name().origin);
}
