#include <doctest/doctest.h>
#include <sqlite3.h>

#include "core/base/file.h"
#include "tests/support/signing_fixture.h"

using namespace core;
using test::open_store;

namespace {

// Somebody with a SQLite tool, who takes the triggers off and puts them back.
class Tamperer {
  public:
    explicit Tamperer(const std::filesystem::path& file) {
        REQUIRE(sqlite3_open(file.c_str(), &connection_) == SQLITE_OK);
    }
    Tamperer(const Tamperer&) = delete;
    Tamperer& operator=(const Tamperer&) = delete;
    ~Tamperer() { sqlite3_close(connection_); }

    int run(const std::string& sql) {
        return sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr);
    }
    std::vector<std::string> column(const std::string& sql) {
        std::vector<std::string> out;
        auto collect = [](void* to, int, char** values, char**) {
            static_cast<std::vector<std::string>*>(to)->push_back(values[0] == nullptr ? "" : values[0]);
            return 0;
        };
        REQUIRE(sqlite3_exec(connection_, sql.c_str(), collect, &out, nullptr) == SQLITE_OK);
        return out;
    }
    // Without the triggers of `table`, which stand there again afterwards.
    void change(const std::string& table, const std::string& sql) {
        auto triggers =
            column("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = '" + table + "'");
        for (const auto& name :
             column("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = '" + table + "'"))
            REQUIRE(run("DROP TRIGGER " + name) == SQLITE_OK);
        REQUIRE(run(sql) == SQLITE_OK);
        REQUIRE(sqlite3_changes(connection_) == 1);
        for (const auto& trigger : triggers) REQUIRE(run(trigger) == SQLITE_OK);
    }

  private:
    sqlite3* connection_ = nullptr;
};

void fill(const std::filesystem::path& dir) {
    auto store = open_store(dir).value();
    for (int i = 1; i <= 4; ++i) REQUIRE(store.append(test::signing(i)).ok());
    REQUIRE(store.append(test::voiding(1, "fel")).ok());
    REQUIRE(store.erase(2, "KS 2027:4", test::now()).ok());
    REQUIRE(store.append(test::note("last")).ok());
    REQUIRE(store.save_draft("draft", as_bytes("waiting")).ok());
}

// What finds the damage: the audit with keys, or already the opening; and the audit without keys.
bool found_with_keys(const std::filesystem::path& dir) {
    auto store = open_store(dir);
    if (!store.ok()) return store.error().code == Errc::damaged || store.error().code == Errc::wrong_secret;
    return !store->audit().value().ok();
}
bool found_without_keys(const std::filesystem::path& dir) {
    auto report = Store::audit_without_keys(dir);
    return report.ok() ? !report->ok() : report.error().code == Errc::damaged;
}

// The filled store, as files to copy.
const std::filesystem::path& filled() {
    static const test::Folder folder;
    static const bool done = (fill(folder.path()), true);
    REQUIRE(done);
    return folder.path();
}

// Flips a bit of one byte in each row of `table` in turn: at the start, in the middle or at the end.
void flip_every_row(const std::string& table, const std::string& blob) {
    auto file = filled() / "handslag.db";
    auto rows = Tamperer(file).column("SELECT rowid FROM " + table + " ORDER BY rowid");
    auto sizes = Tamperer(file).column("SELECT length(" + blob + ") FROM " + table + " ORDER BY rowid");
    REQUIRE_FALSE(rows.empty());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        test::Folder copy;
        std::filesystem::copy(filled(), copy.path(), std::filesystem::copy_options::recursive);
        std::size_t size = std::stoul(sizes[i]);
        auto at = std::to_string(std::array{std::size_t{1}, size / 2, size}[i % 3]);
        auto where = " WHERE rowid = " + rows[i];
        auto byte = Tamperer(copy.database())
                        .column("SELECT hex(substr(" + blob + ", " + at + ", 1)) FROM " + table + where);
        auto flipped = to_hex(Bytes{static_cast<std::uint8_t>(std::stoul(byte.at(0), nullptr, 16) ^ 4)});
        Tamperer(copy.database())
            .change(table, "UPDATE " + table + " SET " + blob + " = CAST(substr(" + blob + ", 1, " + at +
                               " - 1) || x'" + flipped + "' || substr(" + blob + ", " + at +
                               " + 1) AS BLOB)" + where);
        INFO(table << "." << blob << " row " << rows[i] << " byte " << at);
        CHECK(found_with_keys(copy.path()));
        CHECK(found_without_keys(copy.path()));
    }
}

}  // namespace

TEST_CASE("an untouched store passes both audits, and the counts are its own") {
    test::Folder folder;
    fill(folder.path());
    auto with = open_store(folder.path())->audit().value();
    auto without = Store::audit_without_keys(folder.path()).value();
    for (const auto& report : {with, without}) {
        for (const auto& finding : report.findings) MESSAGE(finding.what);
        CHECK(report.ok());
        CHECK(report.entries == 7);
        CHECK(report.payloads == 3 * 3 + 1 + 1);
        CHECK(report.erased == 3);
        CHECK(report.checkpoints == 8);
        CHECK(report.head.size == 7);
        CHECK(report.log_key == test::log_key().public_key());
    }
    CHECK(open_store(folder.path()).ok());
}

TEST_CASE("a flipped byte in any entry is found") { flip_every_row("entries", "bytes"); }
TEST_CASE("a flipped byte in any node of the tree is found") { flip_every_row("nodes", "hash"); }
TEST_CASE("a flipped byte in any checkpoint is found") { flip_every_row("checkpoints", "note"); }
TEST_CASE("a flipped byte in any payload or salt is found") { flip_every_row("payloads", "sealed"); }
TEST_CASE("a flipped byte in any digest of a payload is found") {
    flip_every_row("payloads", "sealed_sha256");
}
TEST_CASE("a flipped byte in any row of the view is found") { flip_every_row("signings", "sealed"); }
TEST_CASE("a flipped byte in a waiting signing is found") { flip_every_row("drafts", "sealed"); }
TEST_CASE("a flipped byte in the device's values is found") { flip_every_row("settings", "sealed"); }

TEST_CASE("an encrypted payload swapped with its digest is found with the keys") {
    test::Folder folder;
    fill(folder.path());
    Tamperer(folder.database())
        .change("payloads",
                "UPDATE payloads SET (sealed, sealed_sha256) = (SELECT sealed, sealed_sha256 FROM payloads"
                " WHERE seq = 1 AND name = 'private') WHERE seq = 0 AND name = 'private'");
    CHECK(found_with_keys(folder.path()));
}

TEST_CASE("a payload, entry, checkpoint or row of the view that was taken away is found") {
    for (auto [table, where] :
         {std::pair{"payloads", "seq = 3 AND name = 'private'"}, std::pair{"entries", "seq = 6"},
          std::pair{"entries", "seq = 1"}, std::pair{"checkpoints", "size = 7"},
          std::pair{"nodes", "position = 2"}, std::pair{"signings", "seq = 1"}}) {
        test::Folder folder;
        fill(folder.path());
        Tamperer(folder.database()).change(table, std::string("DELETE FROM ") + table + " WHERE " + where);
        INFO(table << " " << where);
        CHECK(found_with_keys(folder.path()));
        CHECK(found_without_keys(folder.path()));
    }
}

TEST_CASE("a log cut back to an earlier head is found by the head that is remembered elsewhere") {
    test::Folder folder;
    fill(folder.path());
    TreeHead remembered = Store::audit_without_keys(folder.path())->head;
    {
        Tamperer tool(folder.database());
        tool.change("checkpoints", "DELETE FROM checkpoints WHERE size = 7");
        tool.change("payloads", "DELETE FROM payloads WHERE seq = 6");
        tool.change("outbox", "DELETE FROM outbox WHERE seq = 6");
        tool.change("entries", "DELETE FROM entries WHERE seq = 6");
        tool.change("nodes", "DELETE FROM nodes WHERE position = 10");
    }
    auto report = Store::audit_without_keys(folder.path()).value();
    CHECK(report.ok());  // whole in itself: only a witness can tell
    CHECK(report.head != remembered);
}

TEST_CASE("a trigger that was taken off is found at opening") {
    test::Folder folder;
    fill(folder.path());
    REQUIRE(Tamperer(folder.database()).run("DROP TRIGGER entries_no_DELETE") == SQLITE_OK);
    CHECK(open_store(folder.path()).error().code == Errc::damaged);
    CHECK(found_without_keys(folder.path()));
}

TEST_CASE("the log's tables refuse change, deletion and replacement") {
    test::Folder folder;
    fill(folder.path());
    auto tool = std::make_unique<Tamperer>(folder.database());
    for (const char* sql :
         {"UPDATE entries SET kind = 'x'", "DELETE FROM entries",
          "REPLACE INTO entries SELECT * FROM entries", "UPDATE nodes SET hash = zeroblob(32)",
          "DELETE FROM nodes", "REPLACE INTO nodes SELECT * FROM nodes",
          "UPDATE checkpoints SET note = x'00'", "DELETE FROM checkpoints", "UPDATE meta SET value = x'00'",
          "DELETE FROM meta", "UPDATE payloads SET sealed = x'00'",
          "REPLACE INTO payloads SELECT * FROM payloads"}) {
        INFO(sql);
        CHECK(tool->run(sql) == SQLITE_CONSTRAINT);
    }
    tool.reset();
    CHECK(open_store(folder.path())->audit()->ok());
}

TEST_CASE("a store that this program must not open is refused in words") {
    test::Folder folder;
    fill(folder.path());
    CHECK(Store::open(folder.path(), test::identity(), SecretKey::random(), test::log_key()).error().code ==
          Errc::wrong_secret);
    auto other = test::identity();
    other.epoch = 2;
    CHECK(Store::open(folder.path(), other, test::payload_key(), test::log_key()).error().code ==
          Errc::conflict);
    auto other_key = Ed25519Key::generate();
    auto with_other_key = test::identity();
    with_other_key.log_key = other_key.public_key();
    CHECK(
        Store::open(folder.path(), with_other_key, test::payload_key(), std::move(other_key)).error().code ==
        Errc::conflict);
    REQUIRE(Tamperer(folder.database()).run("PRAGMA user_version = 99") == SQLITE_OK);
    CHECK(open_store(folder.path()).error().code == Errc::newer_version);
    CHECK(Store::audit_without_keys(folder.path()).error().code == Errc::newer_version);
}

TEST_CASE("another program's file, and no file, are refused") {
    test::Folder folder;
    CHECK(Store::audit_without_keys(folder.path()).error().code == Errc::not_found);
    REQUIRE(Tamperer(folder.database()).run("CREATE TABLE recipes (name TEXT)") == SQLITE_OK);
    CHECK(open_store(folder.path()).error().code == Errc::malformed);
    REQUIRE(write_file_durably(folder.database(), Bytes(5000, 'x')).ok());
    CHECK(open_store(folder.path()).error().code == Errc::damaged);
}

TEST_CASE("the audit without keys is refused while the store is in use, and changes nothing") {
    test::Folder folder;
    {
        auto store = open_store(folder.path()).value();
        REQUIRE(store.append(test::note("one")).ok());
        CHECK(Store::audit_without_keys(folder.path()).error().code == Errc::locked);
    }
    auto before = read_file(folder.database()).value();
    CHECK(Store::audit_without_keys(folder.path())->ok());
    CHECK(read_file(folder.database()).value() == before);
}
