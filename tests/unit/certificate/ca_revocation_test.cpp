#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "core/base/file.h"
#include "core/base/openssl.h"
#include "core/certificate/ca.h"
#include "core/certificate/seal_key.h"
#include "tests/support/temporary_folder.h"

using namespace core;

namespace {

constexpr std::int64_t now_ms = 1'795'000'000'000;  // 2026-11-18
constexpr std::string_view passphrase = "mossa granit kajak";
using Crl = Handle<X509_CRL, X509_CRL_free>;

CaSpec spec(std::string crl_base = {}) {
    CaSpec made;
    made.municipality = "Strandköpings kommun";
    made.organisationsnummer = "212000-0142";
    made.crl_base = std::move(crl_base);
    return made;
}

struct Office {
    TemporaryFolder folder;
    std::filesystem::path dir = folder / "ca";
    MunicipalCa ca;
    explicit Office(std::string crl_base = {})
        : ca(MunicipalCa::create(dir, spec(std::move(crl_base)), passphrase, now_ms).value()) {}
    Issued tablet(std::string_view name = "surfplatta A") {
        return ca.issue(make_key_and_request(name, passphrase)->request_pem, IssueKind::seal, name, 3, now_ms)
            .value();
    }
};

X509Certificate read_pem(const std::string& pem) {
    BioHandle in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return X509Certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
}

Crl read_crl(const Bytes& der) {
    const unsigned char* at = der.data();
    return Crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
}

// The reason's code, 0 when none is given, -1 when the certificate is not on the list.
int on_list(const Bytes& der, const std::string& certificate_pem) {
    auto crl = read_crl(der);
    auto certificate = read_pem(certificate_pem);
    X509_REVOKED* entry = nullptr;
    if (X509_CRL_get0_by_cert(crl.get(), &entry, certificate.get()) != 1) return -1;
    Handle<ASN1_ENUMERATED, ASN1_ENUMERATED_free> reason(
        static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nullptr, nullptr)));
    return reason ? static_cast<int>(ASN1_ENUMERATED_get(reason.get())) : 0;
}

std::int64_t number_of(const Bytes& der) {
    auto crl = read_crl(der);
    Handle<ASN1_INTEGER, ASN1_INTEGER_free> number(
        static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(crl.get(), NID_crl_number, nullptr, nullptr)));
    std::int64_t value = -1;
    if (number) ASN1_INTEGER_get_int64(&value, number.get());
    return value;
}

std::string crl_place(const std::string& pem) {
    auto certificate = read_pem(pem);
    Handle<CRL_DIST_POINTS, CRL_DIST_POINTS_free> places(static_cast<CRL_DIST_POINTS*>(
        X509_get_ext_d2i(certificate.get(), NID_crl_distribution_points, nullptr, nullptr)));
    const GENERAL_NAME* name =
        sk_GENERAL_NAME_value(sk_DIST_POINT_value(places.get(), 0)->distpoint->name.fullname, 0);
    if (name->type != GEN_URI) return "by name";
    const auto* uri = name->d.uniformResourceIdentifier;
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
            static_cast<std::size_t>(ASN1_STRING_length(uri))};
}

}  // namespace

TEST_CASE("a revoked certificate is on every list from then on, with its reason, and the others are not") {
    Office office;
    auto lost = office.tablet(), other = office.tablet("surfplatta B");
    auto before = office.ca.write_crl(30, now_ms);
    REQUIRE(before.ok());
    CHECK(on_list(*before, lost.certificate_pem) == -1);
    REQUIRE(office.ca.revoke(lost.serial, RevocationReason::key_compromise, now_ms + 1000).ok());
    auto after = MunicipalCa::open(office.dir, passphrase)->write_crl(30, now_ms + 2000);
    REQUIRE(after.ok());
    CHECK(on_list(*after, lost.certificate_pem) == 1);
    CHECK(on_list(*after, other.certificate_pem) == -1);
    CHECK(read_file(office.dir / "issuing.crl").value() == *after);
    CHECK(read_ca(office.dir)->is_revoked(lost.serial));
    CHECK_FALSE(read_ca(office.dir)->is_revoked(other.serial));
}

TEST_CASE("a list is signed by the issuing CA, has a growing number and an end") {
    Office office;
    auto first = read_crl(office.ca.write_crl(30, now_ms).value());
    auto second = read_crl(office.ca.write_crl(30, now_ms + 5000).value());
    auto issuing = read_pem(office.ca.issuing_pem());
    CHECK(X509_CRL_verify(second.get(), X509_get0_pubkey(issuing.get())) == 1);
    auto number = [](X509_CRL* crl) {
        Handle<ASN1_INTEGER, ASN1_INTEGER_free> value(
            static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(crl, NID_crl_number, nullptr, nullptr)));
        return ASN1_INTEGER_get(value.get());
    };
    CHECK(number(first.get()) < number(second.get()));
    int days = 0, seconds = 0;
    ASN1_TIME_diff(&days, &seconds, X509_CRL_get0_lastUpdate(first.get()),
                   X509_CRL_get0_nextUpdate(first.get()));
    CHECK(days == 30);
    CHECK(office.ca.write_crl(0, now_ms).error().code == Errc::not_allowed);
}

TEST_CASE("a seal key learns from its issuers' lists that it is revoked, and never unlearns it") {
    Office office, elsewhere;
    auto pair = make_key_and_request("surfplatta A", passphrase).value();
    auto issued = office.ca.issue(pair.request_pem, IssueKind::seal, "surfplatta A", 3, now_ms).value();
    TemporaryFolder keys;
    REQUIRE(write_file_durably(keys / "seal.key", as_bytes(pair.key_pem)).ok());
    auto key = SealKey::load((keys / "seal.key").string(), passphrase, issued.chain_pem).value();
    auto before = office.ca.write_crl(30, now_ms).value();
    CHECK(key.learn(before).ok());
    CHECK(key.learn(read_file(office.dir / "root.crl").value()).ok());
    CHECK_FALSE(key.revoked());
    REQUIRE(office.ca.revoke(issued.serial, RevocationReason::key_compromise, now_ms).ok());
    auto after = office.ca.write_crl(30, now_ms).value();

    CHECK(key.learn(elsewhere.ca.write_crl(30, now_ms).value()).error().code == Errc::not_allowed);
    auto forged = after;
    forged.back() ^= 1;
    CHECK(key.learn(forged).error().code == Errc::not_allowed);
    CHECK(key.learn(as_bytes("no list")).error().code == Errc::malformed);
    CHECK_FALSE(key.revoked());
    CHECK(key.learn(after).ok());
    CHECK(key.revoked());
    CHECK(key.learn(before).ok());
    CHECK(key.revoked());
}

TEST_CASE("nothing is revoked twice, nor what was never issued") {
    Office office;
    auto tablet = office.tablet();
    REQUIRE(office.ca.revoke(tablet.serial, RevocationReason::cessation, now_ms).ok());
    CHECK(office.ca.revoke(tablet.serial, RevocationReason::superseded, now_ms).error().code ==
          Errc::conflict);
    CHECK(office.ca.revoke("00", RevocationReason::unspecified, now_ms).error().code == Errc::not_found);
    CHECK(on_list(office.ca.write_crl(30, now_ms).value(), tablet.certificate_pem) == 5);
}

TEST_CASE("a damaged revoked.csv makes no list at all") {
    Office office;
    REQUIRE(office.ca.revoke(office.tablet().serial, RevocationReason::unspecified, now_ms).ok());
    auto file = office.dir / "revoked.csv";
    auto content = read_file(file).value();
    content.resize(content.size() - 4);
    REQUIRE(write_file_durably(file, content).ok());
    CHECK(office.ca.write_crl(30, now_ms).error().code == Errc::damaged);
    CHECK_FALSE(read_ca(office.dir).ok());
}

TEST_CASE("the root's list is there from the start, and needs the root's key to be made anew") {
    Office office;
    auto root = read_pem(office.ca.root_pem());
    auto first = read_crl(read_file(office.dir / "root.crl").value());
    REQUIRE(first);
    CHECK(X509_CRL_verify(first.get(), X509_get0_pubkey(root.get())) == 1);
    CHECK(MunicipalCa::write_root_crl(office.dir, {passphrase}, 400, now_ms).ok());
    CHECK(MunicipalCa::write_root_crl(office.dir, {"fel lösenfras"}, 400, now_ms).error().code ==
          Errc::wrong_secret);
    std::filesystem::remove(office.dir / "root.key");
    CHECK(MunicipalCa::write_root_crl(office.dir, {passphrase}, 400, now_ms).error().code == Errc::not_found);
}

TEST_CASE("certificates say where their CA's list is, when the CA was told") {
    Office silent, told("http://register.example/ca");
    CHECK(crl_place(silent.ca.issuing_pem()) == "by name");
    CHECK(crl_place(silent.tablet().certificate_pem) == "by name");
    CHECK(crl_place(told.ca.issuing_pem()) == "http://register.example/ca/root.crl");
    CHECK(crl_place(told.tablet().certificate_pem) == "http://register.example/ca/issuing.crl");
    TemporaryFolder folder;
    for (const char* wrong :
         {"https://register.example/ca", "register.example", "http://register.example/ca/"})
        CHECK(MunicipalCa::create(folder / "x", spec(wrong), passphrase, now_ms).error().code ==
              Errc::malformed);
}

TEST_CASE("renewing gives the same key and name another serial number and a later end") {
    Office office;
    auto old = office.tablet();
    constexpr std::int64_t two_years_ms = 2 * 365 * 86'400'000LL;
    auto renewed = office.ca.renew(old.serial, 3, now_ms + two_years_ms);
    REQUIRE(renewed.ok());
    auto before = read_pem(old.certificate_pem), after = read_pem(renewed->certificate_pem);
    CHECK(EVP_PKEY_eq(X509_get0_pubkey(before.get()), X509_get0_pubkey(after.get())) == 1);
    CHECK(X509_NAME_cmp(X509_get_subject_name(before.get()), X509_get_subject_name(after.get())) == 0);
    CHECK(renewed->serial != old.serial);
    CHECK(read_ca(office.dir)->issued.size() == 2);
    CHECK(office.ca.renew("00", 3, now_ms).error().code == Errc::not_found);
    REQUIRE(office.ca.revoke(old.serial, RevocationReason::key_compromise, now_ms).ok());
    CHECK(office.ca.renew(old.serial, 3, now_ms).error().code == Errc::not_allowed);
}

TEST_CASE("a list's number grows within a second, and with a clock that was set back") {
    Office office;
    auto first = office.ca.write_crl(30, now_ms), second = office.ca.write_crl(30, now_ms),
         back = office.ca.write_crl(30, now_ms - 3'600'000);
    REQUIRE((first.ok() && second.ok() && back.ok()));
    CHECK(number_of(*second) == number_of(*first) + 1);
    CHECK(number_of(*back) == number_of(*second) + 1);
    CHECK(number_of(*office.ca.write_crl(30, now_ms + 3'600'000)) == now_ms / 1000 + 3'600);
}

TEST_CASE("a certificate whose file was lost is revoked all the same, and stops no list") {
    Office office;
    auto lost = office.tablet("surfplatta A"), other = office.tablet("surfplatta B");
    std::filesystem::remove(office.dir / "issued" / (lost.serial + ".crt"));
    REQUIRE(office.ca.revoke(lost.serial, RevocationReason::key_compromise, now_ms).ok());
    REQUIRE(office.ca.revoke(other.serial, RevocationReason::key_compromise, now_ms).ok());
    auto list = office.ca.write_crl(30, now_ms);
    REQUIRE(list.ok());
    CHECK(on_list(*list, lost.certificate_pem) > 0);
    CHECK(on_list(*list, other.certificate_pem) > 0);
}
