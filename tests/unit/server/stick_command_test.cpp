// Sticks as staff use them: both programs, real seals, with the server running and without it.
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "sync/client/link.h"
#include "sync/protocol/admission.h"
#include "sync/protocol/parcel.h"
#include "sync/server/enrolment.h"
#include "sync/server/home.h"
#include "tests/support/demo_ceremony.h"

using namespace core;
namespace fs = std::filesystem;

namespace {

struct Ran {
    int exit = -1;
    std::string said;  // stdout and stderr
    bool says(std::string_view what) const { return said.find(what) != std::string::npos; }
};

Ran run(const std::string& program, const std::string& arguments) {
    auto command =
        std::string(HANDSLAG_BINARY_DIR) + "/bin/" + program + " " + arguments + " 2>&1 </dev/null";
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

// handslag-server as a process, until it goes out of scope.
class Serving {
  public:
    explicit Serving(const fs::path& dir) {
        auto program = std::string(HANDSLAG_BINARY_DIR) + "/bin/handslag-server", folder = dir.string();
        process_ = ::fork();
        if (process_ == 0) {
            if (std::freopen("/dev/null", "w", stderr) == nullptr) ::_exit(1);
            ::execl(program.c_str(), program.c_str(), "--dir", folder.c_str(), "--listen", "127.0.0.1",
                    "--port", "0", "--host", "127.0.0.1", nullptr);
            ::_exit(1);
        }
        while (!fs::exists(dir / "running") && ::waitpid(process_, nullptr, WNOHANG) == 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        REQUIRE(fs::exists(dir / "running"));
    }
    Serving(const Serving&) = delete;
    Serving& operator=(const Serving&) = delete;
    ~Serving() {
        ::kill(process_, SIGTERM);
        ::waitpid(process_, nullptr, 0);
    }

  private:
    pid_t process_ = -1;
};

struct Town {
    TemporaryFolder folder;
    demo::Tablet tablet{folder / "tablet"};
    std::string server = " --dir " + (folder / "server").string() + " --host 127.0.0.1 ";
    fs::path stick = folder / "stick";
    Town() {
        fs::create_directories(stick);
        tablet.stick = folder / "host";
        fs::create_directories(tablet.stick);
        REQUIRE(write_file_durably(folder / "secret", as_bytes(tablet.passphrase)).ok());
        REQUIRE(
            write_file_durably(folder / "bundle.key", as_bytes(demo::authority().bundle_key.key_pem)).ok());
        REQUIRE(write_file_durably(folder / "bundle.crt", as_bytes(demo::authority().bundle.certificate_pem))
                    .ok());
        REQUIRE(write_file_durably(folder / "bundle.secret", as_bytes(demo::secret)).ok());
        REQUIRE(open_ceremony(tablet.desk()).ok());
    }
    std::string sign(const char* organisation) {
        return complete_signing(tablet.desk(), tablet.input(organisation)).value().record.certificate_number;
    }
    std::string at(const char* name) const { return (folder / name).string(); }
    std::string store() const {
        return " --store " + at("tablet/store") + " --keys " + at("tablet/keys") + " --passphrase-file " +
               at("secret") + " ";
    }
    Ran handslag(const std::string& command, const std::string& rest = {}) const {
        return run("handslag", command + store() + rest);
    }
    Ran serve(const std::string& command) const { return run("handslag-server", server + command); }
    std::string municipal_key() const {
        return " --key " + at("bundle.key") + " --certificate " + at("bundle.crt") + " --passphrase-file " +
               at("bundle.secret") + " ";
    }
    void enrol() {  // needs the running server
        tablet.store.reset();
        auto invitation = serve("device invite --name 'surfplatta A'").said;
        invitation.resize(invitation.find('\n'));
        REQUIRE(handslag("enrol", "'" + invitation + "'").exit == 0);
    }
    fs::path only(const fs::path& where, const char* extension) const {
        fs::path found;
        for (const auto& at : fs::recursive_directory_iterator(where))
            if (at.path().extension() == extension) found = at.path();
        return found;
    }
};

}  // namespace

TEST_CASE("a bundle goes to the running server, and its receipts come back") {
    Town town;
    auto number = town.sign("Bygdegården Åsö");
    Serving serving(town.folder / "server");
    town.enrol();

    auto written = town.handslag("bundle write", town.stick.string());
    CHECK_MESSAGE(written.exit == 0, written.said);
    CHECK(written.says("2 entries, "));
    CHECK(written.says("written and read back"));
    auto taken = town.serve("ingest " + town.stick.string());
    CHECK_MESSAGE(taken.exit == 0, taken.said);
    CHECK(taken.says(", surfplatta A: TAKEN\n  1 of 1 part, 2 entries accepted\n"));
    CHECK(town.serve("page /v/" + number).says("Bygdegården Åsö"));

    // Whoever finds the stick learns nothing.
    for (const auto& at : fs::directory_iterator(town.stick)) {
        auto name = at.path().filename().string();
        CHECK(name.starts_with("handslag-"));
        auto rest = name.substr(17);
        CHECK((rest == "-1-of-1.frames" || rest == ".receipts"));
        CHECK(name.substr(9, 8).find_first_not_of("0123456789abcdef") == std::string::npos);
        auto bytes = read_file(at.path()).value();
        auto device = town.tablet.keyring->device();
        for (auto said :
             {std::string_view("Bygdeg"), std::string_view("8020"), std::string_view(number),
              std::string_view("STR26"), std::string_view("Lindqvist"), std::string_view("signing"),
              std::string_view("surfplatta"), std::string_view("device"), as_text(device.bytes)})
            CHECK_MESSAGE(as_text(bytes).find(said) == std::string_view::npos, name << " tells " << said);
    }

    auto receipts = town.only(town.stick, ".receipts").string();
    auto read = town.handslag("bundle receipt", receipts);
    CHECK_MESSAGE(read.exit == 0, read.said);
    CHECK(read.says("Everything on this tablet is with the municipality."));
    CHECK(read.says("2 receipts verified, 0 entries left"));
    CHECK(town.handslag("receipt", "1").says("Receipt for entry 1, VERIFIED"));
    CHECK(town.handslag("bundle receipt", receipts).exit == 0);
    CHECK(town.handslag("bundle write", town.stick.string()).says("Nothing is written"));
    // Nobody hears by stick what a tablet witnesses; a sync tells it.
    CHECK(town.handslag("witness", "--head").exit == 1);
    CHECK(town.handslag("sync").says("0 receipts, 0 entries left"));
    auto key = parse_note_key(trim(town.handslag("witness").said)).value();
    CHECK(key.algorithm == NoteAlgorithm::cosignature);
    CHECK(key.name == log_origin(town.tablet.keyring->device(), 1));
    auto head = town.handslag("witness", "--head");
    CHECK(head.exit == 0);
    auto log = parse_note_key(trim(town.serve("log-key").said)).value();
    CHECK(open_checkpoint(head.said, log.key)->origin == log.name);
    CHECK(trim(town.serve("witness-keys").said) == encode_note_key(key));
    auto wrong = town.handslag("bundle receipt", town.only(town.stick, ".frames").string());
    CHECK(wrong.exit == 2);
    CHECK(wrong.says("not a receipts file"));
}

TEST_CASE(
    "without the server running, ingest takes parts, names what is missing, and refuses what is not whole") {
    Town town;
    {
        Serving serving(town.folder / "server");
        town.enrol();
    }
    REQUIRE(town.tablet.reopen().ok());
    for (const char* name : {"Ett", "Två", "Tre"}) town.sign(name);
    // The kiosk has the store.
    auto locked = town.handslag("bundle write", town.stick.string());
    CHECK(locked.exit == 2);
    CHECK(locked.says("kiosken är igång"));
    CHECK(fs::is_empty(town.stick));
    town.tablet.store.reset();
    CHECK(town.handslag("bundle write", town.stick.string() + " --part-size 1000").exit == 2);
    auto written = town.handslag("bundle write", town.stick.string() + " --part-size 65536");
    CHECK_MESSAGE(written.exit == 0, written.said);
    std::vector<std::string> parts;
    for (const auto& at : fs::directory_iterator(town.stick)) parts.push_back(at.path().string());
    std::ranges::sort(parts);
    REQUIRE(parts.size() == 4);

    auto some = town.serve("ingest " + parts[0]);
    CHECK_MESSAGE(some.exit == 1, some.said);
    CHECK(some.says("NOT ALL TAKEN\n  1 of 4 parts"));
    CHECK(some.says("part 3 of 4 is missing: " + fs::path(parts[2]).filename().string()));
    auto early = town.serve("ingest " + parts[2]);
    CHECK(early.exit == 1);
    CHECK(early.says("an earlier part or bundle must come first"));
    auto bytes = read_file(parts[1]).value();
    REQUIRE(write_file_durably(town.folder / "torn.frames", ByteView(bytes).first(bytes.size() - 1)).ok());
    auto torn = town.serve("ingest " + town.at("torn.frames"));
    CHECK(torn.exit == 1);
    CHECK(torn.says("NOT TAKEN\n  the file is not as the tablet wrote it: cut short, or changed"));
    CHECK(town.serve("ingest " + town.at("secret")).says("not a bundle (.frames), nor a copy of an entry"));
    CHECK(town.serve("ingest " + town.at("tablet")).exit == 2);
    CHECK(run("handslag-server", "--dir " + town.at("elsewhere") + " ingest " + parts[0]).exit == 2);
    CHECK_FALSE(fs::exists(town.folder / "elsewhere"));

    // Another municipality's server cannot even read whose it is.
    CHECK(run("handslag-server", "--dir " + town.at("other") + " device list").exit == 0);
    auto foreign = run("handslag-server", "--dir " + town.at("other") + " ingest " + parts[0]);
    CHECK(foreign.exit == 1);
    CHECK(foreign.says("it was sealed to another"));

    auto all = town.serve("ingest " + town.stick.string());
    CHECK_MESSAGE(all.exit == 0, all.said);
    CHECK(all.says("4 of 4 parts, 4 entries accepted"));
    CHECK(town.handslag("bundle receipt", town.only(town.stick, ".receipts").string()).exit == 0);
}

TEST_CASE(
    "a tablet that is broken is taken from the host's stick; if it comes back, nothing is there twice") {
    Town town;
    for (const char* name : {"Ett", "Två"}) town.sign(name);
    auto device = town.tablet.keyring->device().str();
    auto log_key = to_hex(town.tablet.keyring->log_key()->public_key());
    std::vector<std::optional<wire::ParcelHash>> parcels;
    auto transfer_key = wire::transfer_key(town.tablet.keyring->payload_key());
    for (std::uint64_t seq = 0; seq < town.tablet.store->size(); ++seq) {
        auto parcel = wire::read_parcel(*town.tablet.store, transfer_key, seq).value();
        parcels.push_back(parcel ? std::optional(wire::ParcelHash::of(*parcel)) : std::nullopt);
    }
    // What was written before the stick was plugged in comes with it.
    REQUIRE(copy_to_stick(town.tablet.desk()).ok());
    auto host = (town.folder / "host").string();
    CHECK(town.serve("device list").exit == 0);
    auto unsealed = town.serve("ingest " + host);
    CHECK(unsealed.exit == 1);
    CHECK(unsealed.says("it was sealed to another"));
    auto unknown = town.serve("ingest " + host + town.municipal_key());
    CHECK(unknown.exit == 1);
    CHECK(unknown.says("it is of a tablet that is not enrolled here: " + device + ", epoch 1, log key " +
                       log_key));
    CHECK(town.serve("device adopt " + device + " --log-key 00 --name 'surfplatta A'").exit == 2);
    CHECK(town.serve("device adopt " + device + " --log-key " + log_key + " --name 'surfplatta A'").exit ==
          0);
    std::string before;
    for (int i = 0; i < 2; ++i) {
        auto taken = town.serve("ingest " + host + town.municipal_key());
        CHECK_MESSAGE(taken.exit == 0, taken.said);
        CHECK(taken.says("copies of surfplatta A: TAKEN\n  3 entries accepted"));
    }
    {
        SystemClock clock;
        server::HomeSettings settings;
        settings.dir = town.folder / "server";
        auto home = server::Home::open(settings, clock).value();
        auto log = home.ledger->all_logs().value().at(0);
        CHECK(log.held == 3);
        for (std::uint64_t seq = 0; seq < 3; ++seq)
            CHECK(home.ledger->entries_at(log.number, seq).value().at(0).parcel == parcels[seq]);
        before = std::to_string(home.ledger->leaf_count().value());
    }
    Serving serving(town.folder / "server");
    CHECK(town.serve("page /").says("Två"));
    town.enrol();
    CHECK(town.handslag("sync").says("3 receipts, 0 entries left"));
    auto checkpoint = town.serve("page /checkpoint").said;
    CHECK(checkpoint.find("\n" + before + "\n") != std::string::npos);
}

TEST_CASE("a copy that is damaged or lost is named, and those after it wait unless it is lost for good") {
    Town town;
    for (const char* name : {"Ett", "Två", "Tre"}) town.sign(name);
    REQUIRE(copy_to_stick(town.tablet.desk()).ok());
    auto device = town.tablet.keyring->device().str();
    auto log_key = to_hex(town.tablet.keyring->log_key()->public_key());
    REQUIRE(town.serve("device adopt " + device + " --log-key " + log_key + " --name 'surfplatta A'").exit ==
            0);
    std::vector<fs::path> copies;
    for (const auto& at : fs::recursive_directory_iterator(town.folder / "host"))
        if (at.is_regular_file()) copies.push_back(at.path());
    std::ranges::sort(copies);
    REQUIRE(copies.size() == 4);
    auto bytes = read_file(copies[1]).value();
    auto changed = bytes;
    changed[changed.size() / 2] ^= 1;
    REQUIRE(write_file_durably(copies[1], changed).ok());
    auto host = (town.folder / "host").string() + town.municipal_key();
    auto damaged = town.serve("ingest " + host);
    CHECK(damaged.exit == 1);
    CHECK(damaged.says(copies[1].string() + ": NOT TAKEN"));
    CHECK(damaged.says("entry 1 is missing: neither the server nor a copy here has it"));
    CHECK(damaged.says("  1 entry accepted"));
    auto without = town.serve("ingest --despite-gaps " + host);
    CHECK(without.says("  3 entries accepted"));
    REQUIRE(write_file_durably(copies[1], bytes).ok());
    auto whole = town.serve("ingest " + host);
    CHECK_MESSAGE(whole.exit == 0, whole.said);
    CHECK(whole.says("  4 entries accepted"));
    CHECK(town.serve("device list").says("4 entries  surfplatta A"));
}

TEST_CASE("a tablet without a network is enrolled by a stick that goes to the server and back") {
    Town town;
    town.sign("Ett");
    town.tablet.store.reset();
    auto stick = " --stick " + town.stick.string();
    CHECK(town.handslag("enrol").says("give the invitation, or --stick DIR, or both"));
    auto nothing = town.handslag("enrol", stick);
    CHECK(nothing.exit == 2);
    CHECK(nothing.says("neither an answer nor an invitation there"));
    REQUIRE(town.serve("device invite --name 'surfplatta A' --hours 336" + stick).exit == 0);
    auto asked = town.handslag("enrol", stick);
    CHECK_MESSAGE(asked.exit == 0, asked.said);
    CHECK(asked.says("handslag-ansokan-"));
    auto request = read_file(town.only(town.stick, ".json")).value();
    CHECK(town.handslag("enrol", stick).exit == 0);  // an impatient one: the same request
    CHECK(read_file(town.only(town.stick, ".json")).value() == request);
    CHECK(town.handslag("bundle write", town.stick.string()).exit == 2);  // not enrolled yet

    auto admitted = town.serve("device admit " + town.stick.string());
    CHECK_MESSAGE(admitted.exit == 0, admitted.said);
    auto device = town.tablet.keyring->device().str();
    auto answer = town.stick / wire::admission_file_name(device);
    auto good = read_file(answer).value();
    auto spoiled = good;
    spoiled[spoiled.size() - 3] ^= 1;
    REQUIRE(write_file_durably(answer, spoiled).ok());
    CHECK(town.handslag("enrol", stick).exit == 2);
    REQUIRE(write_file_durably(answer, good).ok());
    auto enrolled = town.handslag("enrol", stick);
    CHECK_MESSAGE(enrolled.exit == 0, enrolled.said);
    CHECK(enrolled.says("Enrolled."));
    REQUIRE(town.handslag("bundle write", town.stick.string()).exit == 0);
    CHECK(town.serve("ingest " + town.stick.string()).says("surfplatta A: TAKEN"));
    auto receipts = town.handslag("bundle receipt", town.only(town.stick, ".receipts").string());
    CHECK(receipts.says("2 receipts verified, 0 entries left"));
}
