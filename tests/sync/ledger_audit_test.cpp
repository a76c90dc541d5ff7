// The audit of the server's ledger, by what somebody may have done to its file.
#include "sync/ingest/ledger_audit.h"

#include <doctest/doctest.h>

#include "core/evidence/schema.h"
#include "tests/sync/town.h"

using namespace town;

namespace {

constexpr std::uint64_t entries = 21;  // on the server's log 1..21: after the one that enrolled the tablet
constexpr int piece_level = 2;         // so that there are several pieces, the last not whole

// A ledger that somebody then opens with a tool of their own.
struct Meddled {
    Place place;
    Server server{place / "server.db"};
    wire::ServerName name = server.ingest->name();
    Meddled() {
        Tablet tablet(1, place / "tablet");
        server.enrol(tablet);
        for (std::uint64_t i = 0; i < entries; ++i)
            REQUIRE(tablet.write("anteckning " + std::to_string(i), test::now()).ok());
        sync(tablet, server);
    }
    void meddle(const char* sql) {
        server.stop();
        auto file = Database::open(server.file, Database::Access::create, server.durability).value();
        for (const char* guard :
             {"entries_no_update", "entries_no_delete", "nodes_no_update", "nodes_no_delete",
              "leaves_no_update", "leaves_no_delete", "checkpoints_no_update", "checkpoints_no_delete"})
            REQUIRE(file->execute(("DROP TRIGGER " + std::string(guard)).c_str()).ok());
        REQUIRE(file->execute("PRAGMA foreign_keys = OFF").ok());
        REQUIRE(file->execute(sql).ok());
    }
    server::LedgerAudit audit() {
        server.ingest.reset();
        server.ledger.reset();
        server.ledger = server.open().value();
        return server::audit_ledger(*server.ledger, name, piece_level).value();
    }
};

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

// Where a node lies in the ledger's table, for SQL.
std::string at_node(int level, std::uint64_t index) {
    return " WHERE log = 0 AND position = " + std::to_string(node_position(level, index));
}

}  // namespace

TEST_CASE("a ledger that nobody touched is whole, however much is read at once") {
    Meddled ledger;
    for (int level : {0, 1, 2, 3, 10}) {
        auto audit = server::audit_ledger(*ledger.server.ledger, ledger.name, level).value();
        CHECK(audit.findings == std::vector<std::string>{});
        CHECK(audit.leaves == entries + 1);
        CHECK(audit.entries == entries);
        CHECK(audit.parcels == entries);
    }
}

TEST_CASE("whatever is changed in the ledger's file, the audit names the place") {
    if (on_postgres()) return;  // the same code; here it is a file that is meddled with
    struct Case {
        std::string sql;
        std::vector<std::string> findings;
    };
    const std::string other_hash = "zeroblob(32)", not_below = "a node of the tree is not what lies below it",
                      missing_node = "a node of the tree is missing",
                      other_tree = "the checkpoint signs another tree than this";
    const Case cases[] = {
        {"UPDATE leaves SET bytes = x'00' WHERE log_index = 6",
         {"#6: the leaf is not what its node says", "#6: the entry is not what the leaf says"}},
        {"DELETE FROM leaves WHERE log_index = 6", {"#6: the leaf is missing"}},
        {"UPDATE nodes SET hash = " + other_hash + at_node(0, 6),
         {"#6: the leaf is not what its node says", "#7: " + not_below}},
        {"UPDATE nodes SET hash = " + other_hash + at_node(1, 3), {"#7: " + not_below, "#7: " + not_below}},
        {"UPDATE nodes SET hash = " + other_hash + at_node(3, 1), {"#15: " + not_below, "#15: " + not_below}},
        {"UPDATE nodes SET hash = " + other_hash + at_node(4, 0), {"#15: " + not_below, other_tree}},
        {"DELETE FROM nodes" + at_node(0, 6), {"#6: " + missing_node}},
        {"DELETE FROM nodes" + at_node(4, 0), {"#15: " + missing_node, other_tree}},
        {"DELETE FROM entries WHERE log_index = 6", {"#6: the entry is missing"}},
        {"UPDATE entries SET seq = 900 WHERE log_index = 6", {"#6: the entry is not what the leaf says"}},
        {"UPDATE entries SET log = 900 WHERE log_index = 6",
         {"#6: the entry is not what the leaf says",
          "#6: the parcel is missing or was changed, and no decision erased it"}},
        {"UPDATE entries SET bytes = x'00' WHERE log_index = 6", {"#6: the entry's bytes were changed"}},
        {"UPDATE entries SET parcel = NULL WHERE log_index = 6", {"#6: the entry is not what the leaf says"}},
        {"UPDATE blob_parts SET bytes = x'00' WHERE blob = (SELECT number FROM blobs WHERE hash ="
         " (SELECT parcel FROM entries WHERE log_index = 6))",
         {"#6: the parcel is missing or was changed, and no decision erased it"}},
        {"INSERT INTO meta (name, value) VALUES ('act.erased.6', CAST('7' AS BLOB))",
         {"#6: it is said to be erased, and no decision says so"}},
        {"DELETE FROM checkpoints", {"the newest checkpoint: it is missing"}},
        {"DELETE FROM checkpoints WHERE size = 22", {"the checkpoint signs 1 leaves, and 22 are here"}},
        {"UPDATE checkpoints SET note = replace(note, 'handslag/server', 'handslag/sörver')",
         {"the newest checkpoint: checkpoint: not signed by this log's key"}},
    };
    for (const auto& one : cases) {
        CAPTURE(one.sql);
        Meddled ledger;
        ledger.meddle(one.sql.c_str());
        CHECK(joined(ledger.audit().findings) == joined(one.findings));
    }
}
