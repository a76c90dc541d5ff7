// The staff command line, as staff use it: the program itself, its words and its exit codes.
#include <array>
#include <cstdio>
#include <fstream>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/support/demo_ceremony.h"

using namespace core;

namespace {

struct Ran {
    int exit = -1;
    std::string said;  // stdout and stderr
};

Ran handslag(const std::string& arguments) {
    auto command = std::string(HANDSLAG_BINARY_DIR) + "/bin/handslag " + arguments + " 2>&1 </dev/null";
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

bool says(const Ran& ran, std::string_view what) { return ran.said.find(what) != std::string::npos; }

void write(const std::filesystem::path& file, std::string_view content) {
    REQUIRE(write_file_durably(file, as_bytes(content)).ok());
}

// A tablet's whole evening, in files.
struct Evening {
    TemporaryFolder folder;
    demo::Tablet tablet{folder / "tablet"};
    CompletedSigning signing;
    std::string root, pdf, secret;
    Evening() {
        tablet.stick = folder / "stick";
        std::filesystem::create_directories(tablet.stick);
        REQUIRE(open_ceremony(tablet.desk()).ok());
        signing = complete_signing(tablet.desk(), tablet.input()).value();
        REQUIRE(signing.copied_to_stick);
        tablet.store.reset();
        root = (folder / "root.crt").string();
        pdf = (folder / "certificate.pdf").string();
        secret = (folder / "secret").string();
        write(root, demo::authority().ca.root_pem());
        write(pdf, as_text(signing.pdf));
        write(secret, demo::secret);
    }
    std::string at(const char* name) const { return (folder / name).string(); }
};

}  // namespace

TEST_CASE("a protocol beside certificates tells which are here, which are missing and which do not belong") {
    TemporaryFolder folder;
    demo::Tablet tablet{folder / "tablet"};
    REQUIRE(open_ceremony(tablet.desk()).ok());
    auto at = [&](const std::string& name) { return (folder / name).string(); };
    auto first = complete_signing(tablet.desk(), tablet.input()).value();
    auto second = complete_signing(tablet.desk(), tablet.input("Koloniföreningen Åsen")).value();
    auto closed = close_ceremony(tablet.desk(), {{tablet.ceremony.signatories[0], demo::drawn(5)}});
    REQUIRE(closed.ok());
    write(at("root.crt"), demo::authority().ca.root_pem());
    write(at("1.pdf"), as_text(first.pdf));
    write(at("2.pdf"), as_text(second.pdf));
    write(at("protocol.pdf"), as_text(closed->pdf));
    auto verify = [&](const std::string& files) {
        return handslag("verify --at 2026-11-21 --trust " + at("root.crt") + " " + files);
    };
    auto whole = verify(at("protocol.pdf") + " " + at("1.pdf") + " " + at("2.pdf"));
    CHECK(whole.exit == 0);
    CHECK(says(whole, "all 2 certificates that it lists are here"));
    auto removed = verify(at("protocol.pdf") + " " + at("1.pdf"));
    CHECK(removed.exit == 1);
    CHECK(says(removed, "not given:     " + second.record.certificate_number));
    // One that was sealed after the closing belongs to the ceremony and stands on no list of that protocol.
    REQUIRE(open_ceremony(tablet.desk()).ok());
    auto late = complete_signing(tablet.desk(), tablet.input("Kören Efteråt")).value();
    write(at("3.pdf"), as_text(late.pdf));
    auto added = verify(at("protocol.pdf") + " " + at("1.pdf") + " " + at("2.pdf") + " " + at("3.pdf"));
    CHECK(added.exit == 1);
    CHECK(says(added, "not listed:    " + at("3.pdf")));
    // Another tablet's certificates are none of this protocol's.
    demo::Tablet other{folder / "other", 'B'};
    REQUIRE(open_ceremony(other.desk()).ok());
    write(at("b.pdf"), as_text(complete_signing(other.desk(), other.input()).value().pdf));
    auto beside = verify(at("protocol.pdf") + " " + at("1.pdf") + " " + at("2.pdf") + " " + at("b.pdf"));
    CHECK(beside.exit == 0);
    auto json = handslag("verify --at 2026-11-21 --json --trust " + at("root.crt") + " " +
                         at("protocol.pdf") + " " + at("2.pdf"));
    CHECK(says(json, "\"missing\": ["));
    CHECK(says(json, first.record.certificate_number));
    CHECK(handslag("verify --at 2026-11-21 --trust " + at("root.crt") + " " + at("protocol.pdf")).exit == 0);
}

TEST_CASE("handslag verify says valid, undecided, not valid and unreadable, each with its exit code") {
    Evening evening;
    auto valid = handslag("verify --at 2026-11-21 --trust " + evening.root + " " + evening.pdf);
    CHECK_MESSAGE(valid.exit == 0, valid.said);
    CHECK(says(valid, "certificate.pdf: VALID"));
    CHECK(says(valid, "revocation   "));
    CHECK(says(valid, "DEMONSTRATION"));
    CHECK(says(valid, evening.signing.record.certificate_number));
    auto undecided = handslag("verify --at 2026-11-21 " + evening.pdf);
    CHECK_MESSAGE(undecided.exit == 1, undecided.said);
    CHECK(handslag("verify --at 2026-02-30 " + evening.pdf).exit == 2);
    auto long_after = handslag("verify --at 2040-01-01 --trust " + evening.root + " " + evening.pdf);
    CHECK_MESSAGE(long_after.exit == 1, long_after.said);
    CHECK(says(undecided, "UNDECIDED"));
    CHECK(says(undecided, "--trust root.crt"));
    auto changed = evening.signing.pdf;
    changed[changed.size() / 2] ^= 1;
    write(evening.at("changed.pdf"), as_text(changed));
    auto bad = handslag("verify --at 2026-11-21 --trust " + evening.root + " " + evening.at("changed.pdf"));
    CHECK((bad.exit == 1 || bad.exit == 2));
    CHECK_FALSE(says(bad, ": VALID"));
    write(evening.at("letter.pdf"), "Hej!");
    auto mixed = handslag("verify --at 2026-11-21 --trust " + evening.root + " " + evening.pdf + " " +
                          evening.at("letter.pdf"));
    CHECK(mixed.exit == 2);
    CHECK(says(mixed, "certificate.pdf: VALID"));
    CHECK(says(mixed, "letter.pdf: UNREADABLE"));
    CHECK(handslag("verify --at 2026-11-21 --trust " + evening.pdf + " " + evening.pdf).exit == 2);
    auto json = handslag("verify --at 2026-11-21 --json --trust " + evening.root + " " + evening.pdf);
    auto parsed = Json::parse(json.said, nullptr, false);
    REQUIRE(parsed.is_array());
    CHECK(parsed[0]["verdict"] == "valid");
    CHECK(parsed[0]["demonstration"] == true);
}

TEST_CASE("handslag show gives the record, its exact bytes, and the parts that openssl verifies") {
    Evening evening;
    auto shown = handslag("show " + evening.pdf);
    CHECK(shown.exit == 0);
    CHECK(says(shown, "Bygdegården Åsö"));
    CHECK(handslag("show --raw " + evening.pdf).said == encode(evening.signing.record));
    CHECK(handslag("show " + evening.pdf + " --cms " + evening.at("seal.der") + " --signed " +
                   evening.at("covered"))
              .exit == 0);
    auto command = "openssl cms -verify -cades -inform DER -in " + evening.at("seal.der") + " -content " +
                   evening.at("covered") + " -binary -CAfile " + evening.root +
                   " -purpose any -out /dev/null 2>&1";
    CHECK(std::system((command + " >/dev/null").c_str()) == 0);
    CHECK(handslag("show " + evening.root).exit == 2);
}

TEST_CASE("handslag audit reads a store with and without its passphrase, and finds a changed byte") {
    Evening evening;
    write(evening.at("words"), evening.tablet.passphrase + "\n");
    auto store = evening.at("tablet/store"), keys = evening.at("tablet/keys");
    auto with = "audit --store " + store + " --keys " + keys + " --passphrase-file " + evening.at("words");
    CHECK(handslag("audit --store " + store).exit == 0);
    auto whole = handslag(with);
    CHECK_MESSAGE(whole.exit == 0, whole.said);
    CHECK(says(whole, "WHOLE"));
    auto wrong =
        handslag("audit --store " + store + " --keys " + keys + " --passphrase-file " + evening.secret);
    CHECK(wrong.exit == 2);
    CHECK(says(wrong, "six words"));
    CHECK(handslag("audit --store " + evening.at("nothing")).exit == 2);
    CHECK_FALSE(std::filesystem::exists(evening.folder / "nothing"));

    REQUIRE(evening.tablet.reopen().ok());
    auto locked = handslag(with);
    CHECK(locked.exit == 2);
    CHECK(says(locked, "kiosken är igång"));
    evening.tablet.store.reset();

    auto database = evening.folder / "tablet" / "store" / "handslag.db";
    auto bytes = read_file(database).value();
    auto entry = as_text(bytes).rfind("handslag-entry/1");
    REQUIRE(entry != std::string_view::npos);
    bytes[entry + 3] ^= 1;
    REQUIRE(write_file_durably(database, bytes).ok());
    auto changed = handslag("audit --json --store " + store);
    CHECK_MESSAGE(changed.exit == 1, changed.said);
    CHECK(says(changed, "\"whole\": false"));
}

TEST_CASE("a municipality makes its CA, answers a tablet and a bundle key, and reads a stick, all by hand") {
    Evening evening;
    auto ca = evening.at("ca"), secret = " --passphrase-file " + evening.secret;
    CHECK(handslag("ca create " + ca + " --municipality 'Strandköpings kommun' --number 212000-0142" + secret)
              .exit == 0);
    auto again =
        handslag("ca create " + ca + " --municipality 'Strandköpings kommun' --number 212000-0142" + secret);
    CHECK(again.exit == 2);
    CHECK(says(again, "holds a CA already"));
    CHECK(handslag("request " + evening.at("tablet") + " -o " + evening.at("a.csr")).exit == 0);
    auto issue = "ca issue " + ca + " " + evening.at("a.csr") + " --name 'surfplatta A' -o " +
                 evening.at("a.crt") + secret;
    auto issued = handslag(issue);
    CHECK_MESSAGE(issued.exit == 0, issued.said);
    CHECK(handslag(issue).exit == 2);  // never over a file that is there
    write(evening.at("words"), evening.tablet.passphrase);
    auto install = "install " + evening.at("tablet") + " " + evening.at("a.crt") + " --passphrase-file " +
                   evening.at("words");
    {
        int kiosk = ::open((std::filesystem::path(evening.at("tablet")) / "kiosk.lock").c_str(),
                           O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        REQUIRE(::flock(kiosk, LOCK_EX | LOCK_NB) == 0);
        auto beside = handslag(install);
        CHECK(beside.exit == 2);
        CHECK(says(beside, "kiosken är igång"));
        ::close(kiosk);
    }
    CHECK(handslag(install).exit == 0);
    CHECK(handslag("key create --name arkivpaket -o " + evening.at("bundle") + secret).exit == 0);
    CHECK(handslag("ca issue " + ca + " " + evening.at("bundle.csr") +
                   " --kind bundle --name arkivpaket -o " + evening.at("bundle.crt") + secret)
              .exit == 0);
    auto shown = handslag("ca show " + ca);
    CHECK(shown.exit == 0);
    CHECK(says(shown, "surfplatta A"));
    CHECK(says(shown, "root.key is still here"));

    std::filesystem::path bundle;
    for (const auto& file : std::filesystem::recursive_directory_iterator(evening.tablet.stick))
        if (file.path().extension() == ".bundle") bundle = file.path();
    write(evening.at("demo.key"), demo::authority().bundle_key.key_pem);
    write(evening.at("demo.crt"), demo::authority().bundle.certificate_pem);
    auto read = handslag("bundle read " + bundle.string() + " --key " + evening.at("demo.key") +
                         " --certificate " + evening.at("demo.crt") + " -o " + evening.at("out") + secret);
    CHECK_MESSAGE(read.exit == 0, read.said);
    CHECK(says(read, "WHOLE"));
    CHECK(says(read, "not compared"));
    auto keys = "bundle read " + bundle.string() + " --key " + evening.at("demo.key") + " --certificate " +
                evening.at("demo.crt") + secret + " --log-key ";
    auto log_key = evening.tablet.keyring->log_key()->public_key();
    auto compared = handslag(keys + to_hex(log_key));
    CHECK(compared.exit == 0);
    CHECK(says(compared, "(compared)"));
    auto foreign = handslag(keys + std::string(64, '0'));
    CHECK(foreign.exit == 1);
    CHECK(says(foreign, "NOT WHOLE"));
    CHECK(read_file(evening.folder / "out" / "certificate.pdf").value() == evening.signing.pdf);
    auto wrong_key = handslag("bundle read " + bundle.string() + " --key " + evening.at("bundle.key") +
                              " --certificate " + evening.at("bundle.crt") + secret);
    CHECK(wrong_key.exit == 2);
}

TEST_CASE("mistakes on the command line exit with 2 and say what to do") {
    CHECK(handslag("").exit == 2);
    CHECK(handslag("frobnicate").exit == 2);
    CHECK(handslag("--help").exit == 0);
    CHECK(says(handslag("verify --help"), "Example"));
    CHECK(handslag("ceremony check /nowhere").exit == 2);
    CHECK(says(handslag("agreement check " HANDSLAG_SOURCE_DIR "/tests"), "agreement.toml"));
    CHECK(handslag("agreement check " HANDSLAG_SOURCE_DIR "/tests").exit == 1);
    auto asked = handslag("ca issue /nowhere /dev/null --name x");
    CHECK(asked.exit == 2);
}
