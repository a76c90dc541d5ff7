// handslag monitor against a real server over TLS: honest, rewritten, rolled back, damaged, silent.
#include <array>
#include <cstdio>
#include <fstream>

#include <doctest/doctest.h>
#include <sys/wait.h>

#include "core/base/file.h"
#include "core/evidence/database.h"
#include "sync/client/link.h"
#include "sync/client/witness.h"
#include "sync/protocol/parcel.h"
#include "tests/support/running_server.h"

using namespace core;
namespace fs = std::filesystem;

namespace {

struct Ran {
    int exit = -1;
    std::string said;  // stdout and stderr
    bool says(std::string_view what) const { return said.find(what) != std::string::npos; }
};

struct Tablet {
    explicit Tablet(std::uint8_t number)
        : log_key(Ed25519Key::from_seed(Bytes(32, number)).value()),
          store(Store::open(folder.path(), {DeviceId{{number}}, 1, log_key.public_key()}, test::payload_key(),
                            Ed25519Key::from_seed(Bytes(32, number)).value(),
                            {StoreOptions::Durability::none})
                    .value()) {}
    void enrol(const test::Running& server) {
        REQUIRE(client::enrol(store, log_key, server.invitation(), "surfplatta").ok());
    }
    void write(std::size_t entries) {
        std::vector<Append> all(entries, Append{{"note", {{"text", to_bytes("x")}}, {}, {}, {}}, {}, {}});
        REQUIRE(store.append_all(all).ok());
    }
    void sync() {
        auto report = client::sync_once(
            store, {log_key, transfer_key}, clock, [](const auto&) {}, [](const auto&) { return Status{}; });
        REQUIRE(report->outcome == client::Outcome::done);
    }

    test::Folder folder;
    Ed25519Key log_key;
    Store store;
    SecretKey transfer_key = wire::transfer_key(test::payload_key());
    SystemClock clock;
};

// A server whose log is followed: two tablets enrolled, three entries, and all of it as it was then.
struct Town {
    test::Running server;
    test::Folder folder;
    Tablet first{1}, second{2};
    std::string key, state = (folder.path() / "state.json").string();

    Town() {
        first.enrol(server);
        second.enrol(server);
        first.write(3);
        first.sync();
        key = server.command({{"command", "log-key"}});
        key.pop_back();
    }
    Ran monitor(const std::string& more = "") const {
        auto command = std::string(HANDSLAG_BINARY_DIR) + "/bin/handslag monitor " + server.url() +
                       " --key '" + key + "' --state " + state + " --pin '" + server.pin() + "' " + more +
                       " 2>&1 </dev/null";
        Ran ran;
        std::FILE* pipe = ::popen(command.c_str(), "r");
        REQUIRE(pipe != nullptr);
        std::array<char, 4096> part{};
        for (std::size_t n = 0; (n = std::fread(part.data(), 1, part.size(), pipe)) > 0;)
            ran.said.append(part.data(), n);
        int status = ::pclose(pipe);
        if (WIFEXITED(status)) ran.exit = WEXITSTATUS(status);
        return ran;
    }
    fs::path ledger() const { return server.dir() / "ledger.db"; }
    void back_up() {
        server.stop();
        fs::copy_file(ledger(), folder.path() / "backup.db");
        server.start();
    }
    void restore() {
        server.stop();
        fs::copy_file(folder.path() / "backup.db", ledger(), fs::copy_options::overwrite_existing);
        server.start();
    }
    // As somebody with the file may.
    void tamper(const std::string& sql) {
        server.stop();
        {
            auto database = Database::open(ledger(), Database::Access::create).value();
            REQUIRE(database->execute(sql).ok());
        }
        server.start();
    }
    std::vector<std::string> evidence(std::string_view ending) const {
        std::vector<std::string> files;
        for (const auto& file : fs::directory_iterator(folder.path()))
            if (file.path().string().starts_with(state + ".") && file.path().string().ends_with(ending))
                files.push_back(file.path());
        std::ranges::sort(files);
        return files;
    }
    std::string remembered() const { return std::string(as_text(read_file(state).value())); }
};

std::string text_of(const fs::path& file) { return std::string(as_text(read_file(file).value())); }

}  // namespace

TEST_CASE("an honest log is followed from the first look on, and only what is new is read") {
    Town town;
    auto ran = town.monitor();
    CHECK(ran.exit == 0);
    CHECK(ran.says("a log of 5 entries, seen for the first time"));
    CHECK(ran.says("3 x handslag-received/1"));
    CHECK(ran.says("2 x handslag-notice/1"));
    CHECK(town.monitor().says("the log has 5 entries, as before"));
    town.first.write(300);
    town.first.sync();
    ran = town.monitor("--json");
    CHECK(ran.exit == 0);
    auto report = Json::parse(ran.said);
    CHECK(report["outcome"] == "grown");
    CHECK(report["remembered"]["size"] == 5);
    CHECK(report["shown"]["size"] == 305);
    CHECK(report["leaves_read"] == 300);
    CHECK(town.monitor("-q").said.empty());
    CHECK(Json::parse(town.monitor("--json --whole").said)["leaves_read"] == 305);
    CHECK(town.evidence("").empty());
}

TEST_CASE("a database with another history under the same key is found out, and both signed heads are kept") {
    Town town;
    town.back_up();
    town.first.write(2);
    town.first.sync();
    REQUIRE(town.monitor().exit == 0);
    auto before = town.remembered();
    town.restore();
    SUBCASE("that is longer") { town.second.write(6); }
    SUBCASE("that is as long") { town.second.write(2); }
    town.second.sync();
    auto ran = town.monitor();
    CHECK(ran.exit == 1);
    CHECK(ran.says("THE SERVER HAS REWRITTEN ITS HISTORY"));
    CHECK(ran.says("Keep the files below"));
    CHECK(town.remembered() == before);
    auto notes = town.evidence(".checkpoint");
    REQUIRE(notes.size() == 2);
    auto key = parse_note_key(town.key).value();
    auto one = open_checkpoint(text_of(notes[0]), key.key).value(),
         other = open_checkpoint(text_of(notes[1]), key.key).value();
    CHECK(one.root != other.root);
    auto proofs = town.evidence(".proof");
    REQUIRE(proofs.size() == (one.size == other.size ? 0U : 1U));
    if (!proofs.empty()) {  // anyone can check it without the server
        auto json = Json::parse(text_of(proofs[0]));
        auto remembered = open_checkpoint(json["remembered"].get<std::string>(), key.key).value(),
             shown = open_checkpoint(json["shown"].get<std::string>(), key.key).value();
        auto root = NodeHash::from_hex(json["root_in_shown"].get<std::string>()).value();
        Proof proof;
        for (const auto& hash : json["consistency"])
            proof.push_back(NodeHash::from_hex(hash.get<std::string>()).value());
        CHECK(remembered.root != root);
        CHECK(verify_consistency(remembered.size, root, shown.size, shown.root, proof));
    }
    CHECK(town.monitor().exit == 1);  // and it stays so
}

TEST_CASE("a server that was rolled back is found out") {
    Town town;
    town.back_up();
    town.first.write(2);
    town.first.sync();
    REQUIRE(town.monitor().exit == 0);
    town.restore();
    auto ran = town.monitor();
    CHECK(ran.exit == 1);
    CHECK(ran.says("THE SERVER HAS FORGOTTEN: it shows 5 entries, and had signed 7"));
    CHECK(ran.says("restored from an old backup"));
    CHECK(town.evidence(".checkpoint").size() == 2);
    CHECK(Json::parse(town.monitor("--json").said)["outcome"] == "rolled back");
}

TEST_CASE("a flipped byte in a leaf or in a tile is found out and named") {
    Town town;
    SUBCASE("in a leaf that is new") {
        town.tamper("DROP TRIGGER leaves_no_update; UPDATE leaves SET bytes = x'7b7d' WHERE log_index = 3;");
        auto ran = town.monitor();
        CHECK(ran.exit == 3);
        CHECK(ran.says("leaf 3 is not the one that it signed"));
        CHECK_FALSE(fs::exists(town.state));
    }
    SUBCASE("in a leaf that was seen before") {
        REQUIRE(town.monitor().exit == 0);
        town.tamper("DROP TRIGGER leaves_no_update; UPDATE leaves SET bytes = x'7b7d' WHERE log_index = 1;");
        CHECK(town.monitor().exit == 0);
        auto ran = town.monitor("--whole");
        CHECK(ran.exit == 3);
        CHECK(ran.says("leaf 1 is not the one that it signed"));
    }
    SUBCASE("in a leaf and in the tree's own hashes") {
        town.tamper(
            "DROP TRIGGER leaves_no_update; UPDATE leaves SET bytes = x'7b7d' WHERE log_index = 3;"
            "DROP TRIGGER nodes_no_update; UPDATE nodes SET hash = zeroblob(32) WHERE log = 0 AND position = "
            "0;");
        auto ran = town.monitor();
        CHECK(ran.exit == 3);
        CHECK(ran.says("neither its leaves nor its tiles give the head that it signed"));
    }
}

TEST_CASE("a head that another key signed, and a state of another log, are refused in words") {
    Town town;
    REQUIRE(town.monitor().exit == 0);
    auto before = town.remembered();
    auto name = parse_note_key(town.key).value().name;
    auto real = town.key;
    town.key = encode_note_key(
        {name, NoteAlgorithm::checkpoint, Ed25519Key::from_seed(Bytes(32, 5)).value().public_key()});
    auto other = town.monitor();
    CHECK(other.exit == 2);
    CHECK(other.says("it remembers another log, or the same log by another key"));
    auto state = std::exchange(town.state, town.state + "-new");
    auto ran = town.monitor();
    CHECK(ran.exit == 3);
    CHECK(ran.says("not signed as it should be: checkpoint: not signed by this log's key"));
    CHECK_FALSE(fs::exists(town.state));
    town.key = "nonsense";
    CHECK(town.monitor().exit == 2);
    town.key = real, town.state = state;
    CHECK(town.remembered() == before);
    std::ofstream(town.state, std::ios::app) << "x";
    CHECK(town.monitor().exit == 2);
}

TEST_CASE("a server that does not answer, or is another by its TLS key, changes nothing that is remembered") {
    Town town;
    REQUIRE(town.monitor().exit == 0);
    auto before = town.remembered();
    auto elsewhere = town.monitor("--pin sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    CHECK(elsewhere.exit == 2);
    town.server.stop();
    auto ran = town.monitor();
    CHECK(ran.exit == 2);
    CHECK(ran.says("Nothing could be checked: 127.0.0.1"));
    CHECK(ran.says("cannot be reached"));
    CHECK(town.remembered() == before);
    CHECK(town.evidence("").empty());
}

// --- tablets as witnesses

namespace {

std::string name_of(const Tablet& tablet) { return client::witness_key(tablet.store).name; }

// Two tablets that both have seen the newest head, and a file with their keys.
struct Witnessed : Town {
    std::string keys = (folder.path() / "witnesses").string();
    Witnessed() {
        second.sync();
        std::ofstream(keys) << server.command({{"command", "witness-keys"}});
    }
    Ran monitor_witnessed(const std::string& more) const { return monitor("--witness " + keys + " " + more); }
    // What the tablet would tell, in a file.
    std::string head_of(const Tablet& tablet) const {
        auto file = (folder.path() / "seen").string();
        std::ofstream(file) << client::cosigned_head(tablet.store).value().value();
        return file;
    }
};

}  // namespace

TEST_CASE("two tablets witness the log as they sync, and the monitor tells how many have") {
    Witnessed town;
    auto ran = town.monitor_witnessed("--witnesses 2");
    CHECK(ran.exit == 0);
    CHECK(ran.says(name_of(town.first) + ": cosigned this head, "));
    CHECK(ran.says("2 of 2 witnesses have cosigned this head"));
    CHECK(town.monitor_witnessed("--witnesses 2 -q").said.empty());
    town.first.write(1);
    town.first.sync();
    ran = town.monitor_witnessed("--witnesses 2 -q");
    CHECK(ran.exit == 4);
    CHECK(ran.says("TOO FEW WITNESSES: 1 have cosigned this head, and at least 2 were to"));
    CHECK(ran.says(name_of(town.second) + ": cosigned the head of 5 entries, "));
    CHECK(town.monitor_witnessed("--witnesses 1").exit == 0);
    auto report = Json::parse(town.monitor_witnessed("--json").said);
    CHECK(report["cosigned_by"] == 1);
    CHECK(report["outcome"] == "unchanged");
    CHECK(report["witnesses"][0]["cosigned_size"] == 6);
    CHECK(report["witnesses"][1]["cosigned_size"] == 5);
    town.second.sync();
    CHECK(town.monitor_witnessed("--witnesses 2").exit == 0);
    ran = town.monitor_witnessed("--witnesses 3");
    CHECK(ran.exit == 2);
    CHECK(ran.says("--witnesses wants 3, and the keys of 2 are given"));
    // A tablet that is lost is no witness any more.
    auto& device = town.second.store.identity().device;
    town.server.command(
        {{"command", "revoke"}, {"device", device.str()}, {"epoch", std::uint64_t{1}}, {"why", "lost"}});
    CHECK(town.monitor_witnessed("--witnesses 1").exit == 4);
    CHECK(town.server.command({{"command", "witness-keys"}}).find(name_of(town.second)) == std::string::npos);
    CHECK(town.evidence("").empty());
}

TEST_CASE("a server that shows two tablets two logs is exposed by what each has witnessed") {
    Witnessed town;
    town.back_up();
    town.first.write(2);
    town.first.sync();
    auto seen = town.head_of(town.first);
    town.restore();  // the same key, another face
    bool longer = false;
    SUBCASE("as long") { town.second.write(2); }
    SUBCASE("longer") {
        town.second.write(6);
        longer = true;
    }
    town.second.sync();
    // Whoever is shown this one finds that the first tablet does not stand by it,
    auto ran = town.monitor_witnessed("--witnesses 2");
    CHECK(ran.exit == 4);
    CHECK(ran.says(name_of(town.second) + ": cosigned this head, "));
    CHECK(ran.says(name_of(town.first) + ": cosigned the head of 5 entries, "));
    CHECK(town.evidence("").empty());
    // and the first tablet's head is the proof.
    ran = town.monitor("--seen " + seen);
    CHECK(ran.exit == 1);
    CHECK(ran.says("THE SERVER HAS REWRITTEN ITS HISTORY"));
    CHECK(ran.says("(" + seen + ")"));
    CHECK(town.evidence(".checkpoint").size() == 2);
    CHECK(town.evidence(".proof").size() == (longer ? 1U : 0U));
    // A cosignature of the other log cannot be shown under this one.
    auto size = Json::parse(town.monitor("--json").said)["shown"]["size"].get<std::uint64_t>();
    town.tamper("UPDATE cosignatures SET size = " + std::to_string(size));
    ran = town.monitor_witnessed("--witnesses 2");
    CHECK(ran.exit == 3);
    CHECK(ran.says("the cosignature of " + name_of(town.first) + " does not hold"));
    // And the tablet itself finds out.
    auto report = client::sync_once(
        town.first.store, {town.first.log_key, town.first.transfer_key}, town.first.clock, [](const auto&) {},
        [](const auto&) { return Status{}; });
    CHECK(report->outcome == client::Outcome::server_forked);
}

TEST_CASE("a head that is no head of this log is refused before anything is asked") {
    Witnessed town;
    auto file = town.head_of(town.second);
    CHECK(town.monitor("--seen " + file).exit == 0);
    std::ofstream(file) << town.second.store.checkpoint().value();
    auto ran = town.monitor("--seen " + file);
    CHECK(ran.exit == 2);
    CHECK(ran.says(file));
    CHECK(town.monitor("--seen " + file + ".gone").exit == 2);
}
