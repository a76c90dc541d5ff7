// The issuing CA gets another certificate: with the key that it has, and with a new one.
#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "core/base/file.h"
#include "core/base/openssl.h"
#include "core/certificate/ca.h"
#include "core/certificate/verify.h"
#include "tests/support/certificate_samples.h"
#include "tests/support/temporary_folder.h"

using namespace core;

namespace {

constexpr std::int64_t now_ms = test::now_ms, year_ms = 365 * test::day_ms;
constexpr std::string_view passphrase = "mossa granit kajak";
using Crl = Handle<X509_CRL, X509_CRL_free>;

struct Tablet {
    Issued issued;
    std::string key_pem;
    Bytes certificate() const {  // sealed in the room
        auto key = SealKey::load(file.string(), passphrase, issued.chain_pem).value();
        return test::workshop().make(test::sample_record(), key).value().pdf;
    }
    std::filesystem::path file;
};

struct Office {
    TemporaryFolder folder;
    std::filesystem::path dir = folder / "ca";
    explicit Office(int root_years = 20) {
        CaSpec spec;
        spec.municipality = "Strandköpings kommun";
        spec.organisationsnummer = "212000-0142";
        spec.root_years = root_years;
        spec.crl_base = "http://register.example/crl";
        REQUIRE(MunicipalCa::create(dir, spec, passphrase, now_ms - test::day_ms).ok());
    }
    MunicipalCa ca() const { return MunicipalCa::open(dir, passphrase).value(); }
    Tablet tablet(std::string_view name, std::int64_t at_ms = now_ms) const {
        auto made = make_key_and_request(name, passphrase).value();
        auto file = folder / (std::string(name) + ".key");
        REQUIRE(write_file_durably(file, as_bytes(made.key_pem), FileAccess::owner_only).ok());
        return {ca().issue(made.request_pem, IssueKind::seal, name, 3, at_ms).value(), made.key_pem, file};
    }
    Result<std::string> renew(bool new_key, std::int64_t at_ms = now_ms, int years = 10) const {
        return MunicipalCa::renew_issuing(dir, {passphrase}, {years, new_key, {}}, at_ms);
    }
    Verdict verdict(const Bytes& pdf) const {
        return verify_certificate(pdf, ca().root_pem(), now_ms)->verdict;
    }
};

X509Certificate read_pem(const std::string& pem) {
    BioHandle in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return X509Certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
}

// Is the certificate on that list, and did its own issuer sign the list?
bool is_listed(const std::filesystem::path& file, const Issued& issued) {
    auto der = read_file(file).value();
    const unsigned char* at = der.data();
    Crl list(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
    auto certificate = read_pem(issued.certificate_pem);
    auto issuer = read_pem(issued.chain_pem.substr(issued.certificate_pem.size()));
    REQUIRE(X509_CRL_verify(list.get(), X509_get0_pubkey(issuer.get())) == 1);
    X509_REVOKED* entry = nullptr;
    return X509_CRL_get0_by_cert(list.get(), &entry, certificate.get()) == 1;
}
bool names_list(const Issued& issued, std::string_view url) {
    auto certificate = read_pem(issued.certificate_pem);
    Handle<CRL_DIST_POINTS, CRL_DIST_POINTS_free> places(static_cast<CRL_DIST_POINTS*>(
        X509_get_ext_d2i(certificate.get(), NID_crl_distribution_points, nullptr, nullptr)));
    const auto* uri = sk_GENERAL_NAME_value(sk_DIST_POINT_value(places.get(), 0)->distpoint->name.fullname, 0)
                          ->d.uniformResourceIdentifier;
    return std::string_view(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                            static_cast<std::size_t>(ASN1_STRING_length(uri))) == url;
}

}  // namespace

TEST_CASE("with the same key the issuing CA lives longer, and nothing that it issued notices") {
    Office office;
    auto before = office.tablet("surfplatta A");
    Bytes sealed = before.certificate();
    auto old_end = read_ca(office.dir)->issuing_not_after_ms;
    REQUIRE(office.renew(false, now_ms + year_ms).ok());
    auto overview = read_ca(office.dir);
    REQUIRE(overview.ok());
    CHECK(overview->issuing_not_after_ms > old_end);
    REQUIRE(overview->retired.size() == 1);
    CHECK(overview->retired[0].not_after_ms == old_end);
    CHECK(office.verdict(sealed) == Verdict::valid);
    auto after = office.tablet("surfplatta B", now_ms + year_ms);
    CHECK(names_list(after.issued, "http://register.example/crl/issuing.crl"));
    // One list for both: the key is the same.
    REQUIRE(office.ca().revoke(before.issued.serial, RevocationReason::key_compromise, now_ms).ok());
    REQUIRE(office.ca().write_crl(30, now_ms).ok());
    CHECK(is_listed(office.dir / "issuing.crl", before.issued));
    CHECK_FALSE(is_listed(office.dir / "issuing.crl", after.issued));
}

TEST_CASE("with a new key there is a second list, and the first goes on for what the first key issued") {
    Office office;
    auto before = office.tablet("surfplatta A");
    Bytes sealed = before.certificate();
    REQUIRE(office.renew(true).ok());
    auto after = office.tablet("surfplatta B");
    CHECK(office.verdict(sealed) == Verdict::valid);
    CHECK(office.verdict(after.certificate()) == Verdict::valid);
    CHECK(names_list(before.issued, "http://register.example/crl/issuing.crl"));
    CHECK(names_list(after.issued, "http://register.example/crl/issuing-2.crl"));
    auto ca = office.ca();
    REQUIRE(ca.revoke(before.issued.serial, RevocationReason::superseded, now_ms).ok());
    REQUIRE(ca.revoke(after.issued.serial, RevocationReason::superseded, now_ms).ok());
    REQUIRE(ca.write_crl(30, now_ms).ok());
    CHECK(is_listed(office.dir / "issuing.crl", before.issued));
    CHECK(is_listed(office.dir / "issuing-2.crl", after.issued));
    // Another tablet's renewal moves it to the new key.
    auto c = office.tablet("surfplatta C");
    auto again = ca.renew(c.issued.serial, 3, now_ms);
    REQUIRE(again.ok());
    CHECK(names_list(*again, "http://register.example/crl/issuing-2.crl"));
    REQUIRE(office.renew(true).ok());
    CHECK(names_list(office.tablet("surfplatta D").issued, "http://register.example/crl/issuing-3.crl"));
    CHECK(read_ca(office.dir)->retired.size() == 2);
    // A key that was destroyed after its time makes no list any more; the others do.
    std::filesystem::remove(office.dir / "issuing.key");
    CHECK(office.ca().write_crl(30, now_ms + 1000).ok());
}

TEST_CASE("the root alone renews, wherever its key lies, and for no longer than it lives itself") {
    Office office(12);
    auto before = read_file(office.dir / "issuing.crt").value();
    CHECK(office.renew(false, now_ms, 12).error().code == Errc::not_allowed);
    CHECK(office.renew(true, now_ms, 0).error().code == Errc::not_allowed);
    CHECK(MunicipalCa::renew_issuing(office.dir, {"fel lösenfras"}, {}, now_ms).error().code ==
          Errc::wrong_secret);
    std::filesystem::rename(office.dir / "root.key", office.folder / "safe.key");
    CHECK(office.renew(false).error().code == Errc::not_found);
    CHECK(MunicipalCa::renew_issuing(office.dir, {passphrase, office.dir / "issuing.key"}, {}, now_ms)
              .error()
              .code == Errc::damaged);
    CHECK(read_file(office.dir / "issuing.crt").value() == before);
    REQUIRE(MunicipalCa::renew_issuing(office.dir, {passphrase, office.folder / "safe.key"},
                                       {10, false, "http://elsewhere.example"}, now_ms)
                .ok());
    CHECK(names_list(office.tablet("surfplatta A").issued, "http://elsewhere.example/issuing.crl"));
    CHECK(
        MunicipalCa::write_root_crl(office.dir, {passphrase, office.folder / "safe.key"}, 400, now_ms).ok());
}

TEST_CASE("a renewal that was cut short before its certificate leaves the CA as it was") {
    Office office;
    REQUIRE(office.renew(true).ok());
    // As after a power cut between the new key and its certificate: the old certificate, and a key too many.
    std::filesystem::path old;
    for (const auto& file : std::filesystem::directory_iterator(office.dir / "retired")) old = file.path();
    std::filesystem::copy_file(old, office.dir / "issuing.crt",
                               std::filesystem::copy_options::overwrite_existing);
    auto tablet = office.tablet("surfplatta A");
    CHECK(names_list(tablet.issued, "http://register.example/crl/issuing.crl"));
    REQUIRE(office.renew(true).ok());
    CHECK(office.verdict(tablet.certificate()) == Verdict::valid);
}
