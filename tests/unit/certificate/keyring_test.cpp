#include "core/certificate/keyring.h"

#include <fstream>
#include <set>

#include <doctest/doctest.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/certificate/ca.h"
#include "core/certificate/keyring_words.h"
#include "tests/support/temporary_folder.h"

using namespace core;

namespace {

constexpr std::int64_t now_ms = 1'795'000'000'000;
constexpr int cheap = 10;

std::filesystem::path words_file(const TemporaryFolder& folder, int count = 2048) {
    auto file = folder / ("words-" + std::to_string(count) + ".txt");
    std::ofstream out(file);
    for (int i = 0; i < count; ++i) out << "ö" << static_cast<char>('a' + i % 26) << i << '\n';
    return file;
}

struct Made {
    TemporaryFolder folder;
    std::filesystem::path dir = folder / "tablet", words = words_file(folder);
    Keyring::Created created = Keyring::create(dir, words, "surfplatta A", now_ms, cheap).value();
};

void flip(const std::filesystem::path& file, std::size_t at, std::uint8_t bit = 1) {
    auto content = read_file(file).value();
    content.at(at) ^= bit;
    REQUIRE(write_file_durably(file, content).ok());
}

}  // namespace

TEST_CASE("a keyring opens with its six words, however they are typed") {
    Made made;
    auto words = split(made.created.secrets.passphrase, ' ');
    CHECK(words.size() == 6);
    std::string typed;
    for (auto word : words) typed += "  " + to_upper(word) + " - ";
    auto opened = Keyring::open(made.dir, typed);
    REQUIRE(opened.ok());
    CHECK(opened->device() == made.created.keyring.device());
    CHECK(opened->epoch() == 1);
    CHECK(opened->tablet_name() == "surfplatta A");
    CHECK(equal_in_constant_time(opened->payload_key().bytes(), made.created.keyring.payload_key().bytes()));
    CHECK(opened->log_key()->public_key() == made.created.keyring.log_key()->public_key());
}

TEST_CASE("another passphrase is a wrong secret, and no keyring is not found") {
    Made made;
    CHECK(Keyring::open(made.dir, "fem ord räcker inte alls").error().code == Errc::wrong_secret);
    CHECK(Keyring::open(made.dir, "").error().code == Errc::wrong_secret);
    CHECK(Keyring::open(made.folder / "nowhere", "x").error().code == Errc::not_found);
    CHECK(Keyring::exists(made.dir));
    CHECK_FALSE(Keyring::exists(made.folder / "nowhere"));
    CHECK(Keyring::create(made.dir, made.words, "B", now_ms, cheap).error().code == Errc::conflict);
}

TEST_CASE("the recovery code opens the keyring, and a slip of the pen is told from a wrong code") {
    Made made;
    auto code = made.created.secrets.recovery_code;
    CHECK(code.size() == 9 * 4 + 8);
    CHECK(Keyring::open_with_recovery_code(made.dir, code).ok());
    std::string typed;
    for (char c : code)
        if (c != '-') typed += static_cast<char>(c == '0' ? 'o' : c == '1' ? 'l' : std::tolower(c));
    CHECK(Keyring::open_with_recovery_code(made.dir, typed).ok());
    auto slip = code;
    slip[0] = slip[0] == 'A' ? 'B' : 'A';
    CHECK_FALSE(parse_recovery_code(slip));
    CHECK(Keyring::open_with_recovery_code(made.dir, slip).error().code == Errc::wrong_secret);
    auto another = spell_recovery_code(random_bytes(20));
    CHECK(parse_recovery_code(another));
    CHECK(Keyring::open_with_recovery_code(made.dir, another).error().code == Errc::wrong_secret);
}

TEST_CASE("a new passphrase replaces the old one and changes nothing else") {
    Made made;
    auto device = made.created.keyring.device();
    auto old = made.created.secrets.passphrase;
    auto recovered = Keyring::open_with_recovery_code(made.dir, made.created.secrets.recovery_code);
    REQUIRE(recovered.ok());
    auto renewed = recovered->renew_passphrase(made.words);
    REQUIRE(renewed.ok());
    CHECK(*renewed != old);
    CHECK(Keyring::open(made.dir, old).error().code == Errc::wrong_secret);
    auto opened = Keyring::open(made.dir, *renewed);
    REQUIRE(opened.ok());
    CHECK(opened->device() == device);
    CHECK(opened->log_key()->public_key() == made.created.keyring.log_key()->public_key());
    CHECK(Keyring::open_with_recovery_code(made.dir, made.created.secrets.recovery_code).ok());
}

TEST_CASE("every flipped byte of keyring.json is damage, never a wrong passphrase") {
    Made made;
    auto whole = read_file(made.dir / "keyring.json").value();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        CAPTURE(at);
        auto changed = whole;
        changed[at] ^= 1;
        REQUIRE(write_file_durably(made.dir / "keyring.json", changed).ok());
        REQUIRE(Keyring::open(made.dir, made.created.secrets.passphrase).error().code == Errc::damaged);
    }
    REQUIRE(write_file_durably(made.dir / "keyring.json", ByteView(whole).first(whole.size() / 2)).ok());
    CHECK(Keyring::open(made.dir, made.created.secrets.passphrase).error().code == Errc::damaged);
    REQUIRE(write_file_durably(made.dir / "keyring.json", whole).ok());
    CHECK(Keyring::open(made.dir, made.created.secrets.passphrase).ok());
}

TEST_CASE("a keyring changed by somebody who mends the digest is found out by the store key") {
    Made made;
    auto file = decode_canonical(as_text(read_file(made.dir / "keyring.json").value())).value();
    file["name"] = "surfplatta B";
    file.erase("digest");
    file["digest"] = to_hex(sha256(as_bytes(encode_canonical(file))));
    REQUIRE(write_file_durably(made.dir / "keyring.json", as_bytes(encode_canonical(file))).ok());
    CHECK(Keyring::open(made.dir, made.created.secrets.passphrase).error().code == Errc::damaged);
}

TEST_CASE("a keyring of a newer Handslag is named as such") {
    Made made;
    auto file = decode_canonical(as_text(read_file(made.dir / "keyring.json").value())).value();
    file["format"] = "handslag-keyring/2";
    file.erase("digest");
    file["digest"] = to_hex(sha256(as_bytes(encode_canonical(file))));
    REQUIRE(write_file_durably(made.dir / "keyring.json", as_bytes(encode_canonical(file))).ok());
    CHECK(Keyring::open(made.dir, made.created.secrets.passphrase).error().code == Errc::newer_version);
}

TEST_CASE("a changed log key is damage, and secrets are readable by their owner only") {
    Made made;
    auto perms = std::filesystem::status(made.dir / "keyring.json").permissions();
    CHECK((perms & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) ==
          std::filesystem::perms::none);
    flip(made.dir / "log.key", 40);
    CHECK(made.created.keyring.log_key().error().code == Errc::damaged);
}

TEST_CASE("a start that was cut before keyring.json leaves no keyring, and the next start makes one") {
    Made made;
    std::filesystem::remove(made.dir / "keyring.json");
    CHECK_FALSE(Keyring::exists(made.dir));
    auto again = Keyring::create(made.dir, made.words, "surfplatta A", now_ms, cheap);
    REQUIRE(again.ok());
    CHECK(again->keyring.log_key().ok());
}

TEST_CASE("a PIN is six digits that nobody guesses first, and is told right from wrong") {
    Made made;
    auto& keyring = made.created.keyring;
    CHECK_FALSE(keyring.has_pin());
    CHECK_FALSE(keyring.pin_is("482915"));
    for (const char* guessable :
         {"000000", "123456", "654321", "121212", "123123", "111222", "112233", "246802"})
        CHECK_MESSAGE(keyring.set_pin(guessable).error().code == Errc::not_allowed, guessable);
    for (const char* wrong : {"", "12345", "1234567", "48291a", "4829 5"})
        CHECK_MESSAGE(keyring.set_pin(wrong).error().code == Errc::malformed, wrong);
    REQUIRE(keyring.set_pin("482915").ok());
    CHECK(keyring.pin_is("482915"));
    CHECK_FALSE(keyring.pin_is("482916"));
    CHECK_FALSE(keyring.pin_is(""));
    auto reopened = Keyring::open(made.dir, made.created.secrets.passphrase);
    REQUIRE(reopened.ok());
    CHECK(reopened->pin_is("482915"));
    REQUIRE(reopened->set_pin("709316").ok());
    CHECK_FALSE(reopened->pin_is("482915"));
    auto text = read_file(made.dir / "keyring.json").value();
    CHECK(as_text(text).find("709316") == std::string_view::npos);
}

TEST_CASE("passphrases come from 2048 different words, and two of them differ") {
    TemporaryFolder folder;
    CHECK(make_passphrase(words_file(folder, 2047)).error().code == Errc::malformed);
    CHECK(make_passphrase(folder / "none.txt").error().code == Errc::not_found);
    auto words = words_file(folder);
    std::set<std::string> seen;
    for (int i = 0; i < 50; ++i) seen.insert(make_passphrase(words).value());
    CHECK(seen.size() == 50);
}

TEST_CASE("a tablet's request is answered, installed and seals; a certificate for another key is refused") {
    Made made;
    auto& keyring = made.created.keyring;
    CHECK_FALSE(keyring.has_seal_certificate());
    CHECK(keyring.seal_key().error().code == Errc::not_found);
    CaSpec spec;
    spec.municipality = "Strandköpings kommun";
    spec.organisationsnummer = "212000-0142";
    auto ca = MunicipalCa::create(made.folder / "ca", spec, "mossa granit kajak", now_ms);
    REQUIRE(ca.ok());
    auto issued = ca->issue(keyring.seal_request_pem(), IssueKind::seal, "surfplatta A", 3, now_ms);
    REQUIRE(issued.ok());
    auto stranger = make_key_and_request("surfplatta B", "mossa granit kajak").value();
    auto foreign = ca->issue(stranger.request_pem, IssueKind::seal, "surfplatta B", 3, now_ms);
    REQUIRE(foreign.ok());
    CHECK(keyring.install_seal_certificate(foreign->chain_pem).error().code == Errc::conflict);
    CHECK(keyring.install_seal_certificate(issued->certificate_pem).error().code == Errc::malformed);
    CHECK(keyring.install_seal_certificate(issued->certificate_pem + ca->root_pem()).error().code ==
          Errc::malformed);
    auto client = ca->issue(keyring.seal_request_pem(), IssueKind::tls_client, "surfplatta A", 3, now_ms);
    REQUIRE(client.ok());
    CHECK(keyring.install_seal_certificate(client->chain_pem).error().code == Errc::not_allowed);
    auto other = MunicipalCa::create(made.folder / "other", spec, "mossa granit kajak", now_ms);
    REQUIRE(other.ok());  // of the same name
    CHECK(keyring.install_seal_certificate(issued->chain_pem, other->root_pem()).error().code ==
          Errc::not_allowed);
    CHECK(keyring.install_seal_certificate(issued->chain_pem, "no PEM").error().code == Errc::malformed);
    CHECK_FALSE(keyring.has_seal_certificate());
    // With the root in the chain, and without.
    REQUIRE(
        keyring.install_seal_certificate(issued->certificate_pem + ca->issuing_pem(), ca->root_pem()).ok());
    REQUIRE(keyring.install_seal_certificate(issued->chain_pem, ca->root_pem()).ok());
    CHECK(keyring.seal_key()->check_root(other->root_pem()).error().code == Errc::not_allowed);
    auto seal = keyring.seal_key();
    REQUIRE(seal.ok());
    CHECK_FALSE(seal->demonstration());
    CHECK(seal->root_pem() == ca->root_pem());
    CHECK(seal->sign_detached(as_bytes("a"), as_bytes("b")).ok());
}
