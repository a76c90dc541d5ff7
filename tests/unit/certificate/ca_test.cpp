#include "core/certificate/ca.h"

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "core/base/file.h"
#include "core/base/openssl.h"
#include "core/certificate/keyring.h"
#include "tests/support/temporary_folder.h"

using namespace core;

namespace {

constexpr std::int64_t now_ms = 1'795'000'000'000;  // 2026-11-18
constexpr std::string_view passphrase = "mossa granit kajak";

CaSpec strandkoping(bool demonstration = false) {
    CaSpec spec;
    spec.municipality = "Strandköpings kommun";
    spec.organisationsnummer = "212000-0142";
    spec.demonstration = demonstration;
    return spec;
}

X509Certificate read_pem(const std::string& pem) {
    BioHandle in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return X509Certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
}

std::string subject_of(X509* certificate) {
    BioHandle out(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0,
                       XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    char* data = nullptr;
    long size = BIO_get_mem_data(out.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

bool chain_holds(const Issued& issued, const MunicipalCa& ca, int purpose) {
    Handle<X509_STORE, X509_STORE_free> trust(X509_STORE_new());
    auto root = read_pem(ca.root_pem());
    X509_STORE_add_cert(trust.get(), root.get());
    auto issuing = read_pem(ca.issuing_pem());
    auto end = read_pem(issued.certificate_pem);
    STACK_OF(X509)* between = sk_X509_new_null();
    sk_X509_push(between, issuing.get());
    Handle<X509_STORE_CTX, X509_STORE_CTX_free> context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), trust.get(), end.get(), between);
    X509_STORE_CTX_set_purpose(context.get(), purpose);
    X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(context.get()), X509_V_FLAG_X509_STRICT);
    X509_STORE_CTX_set_time(context.get(), 0, now_ms / 1000);
    bool good = X509_verify_cert(context.get()) == 1;
    context.reset();
    sk_X509_free(between);
    return good;
}

KeyAndRequest request() { return make_key_and_request("surfplatta A", passphrase).value(); }

std::string weak_request(const char* kind, unsigned bits_or_group) {
    EvpKey key(std::string_view(kind) == "RSA" ? EVP_RSA_gen(bits_or_group) : EVP_EC_gen("P-384"));
    X509Request made(X509_REQ_new());
    X509_REQ_set_pubkey(made.get(), key.get());
    X509_REQ_sign(made.get(), key.get(), EVP_sha256());
    BioHandle out(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509_REQ(out.get(), made.get());
    char* data = nullptr;
    long size = BIO_get_mem_data(out.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

}  // namespace

TEST_CASE("a municipal CA issues a seal certificate that chains to its root, strictly by RFC 5280") {
    TemporaryFolder folder;
    auto ca = MunicipalCa::create(folder / "ca", strandkoping(), passphrase, now_ms);
    REQUIRE(ca.ok());
    auto issued = ca->issue(request().request_pem, IssueKind::seal, "surfplatta Å", 3, now_ms);
    REQUIRE(issued.ok());
    CHECK(chain_holds(*issued, *ca, X509_PURPOSE_SMIME_SIGN));
    auto certificate = read_pem(issued->certificate_pem);
    CHECK(subject_of(certificate.get()) ==
          "CN=surfplatta Å,organizationIdentifier=NTRSE-2120000142,O=Strandköpings kommun,C=SE");
    CHECK(X509_get_key_usage(certificate.get()) == (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION));
    CHECK(X509_get_extension_flags(certificate.get()) != 0);
    CHECK((X509_get_extension_flags(certificate.get()) & (EXFLAG_CA | EXFLAG_INVALID)) == 0);
    CHECK(X509_get0_subject_key_id(certificate.get()) != nullptr);
    CHECK(X509_get0_authority_key_id(certificate.get()) != nullptr);
    CHECK(issued->serial.size() == 32);
    CHECK(issued->chain_pem == issued->certificate_pem + ca->issuing_pem() + ca->root_pem());
}

TEST_CASE("bundle and TLS certificates are for one purpose each") {
    TemporaryFolder folder;
    auto ca = MunicipalCa::create(folder / "ca", strandkoping(), passphrase, now_ms);
    REQUIRE(ca.ok());
    auto bundle = ca->issue(request().request_pem, IssueKind::bundle, "arkivpaket", 2, now_ms);
    auto client = ca->issue(request().request_pem, IssueKind::tls_client, "surfplatta A", 2, now_ms);
    REQUIRE(bundle.ok());
    REQUIRE(client.ok());
    CHECK(X509_get_key_usage(read_pem(bundle->certificate_pem).get()) == KU_KEY_AGREEMENT);
    CHECK(X509_get_key_usage(read_pem(client->certificate_pem).get()) == KU_DIGITAL_SIGNATURE);
    CHECK(chain_holds(*client, *ca, X509_PURPOSE_SSL_CLIENT));
    CHECK_FALSE(chain_holds(*bundle, *ca, X509_PURPOSE_SSL_CLIENT));
}

TEST_CASE("a CA that was closed opens again with its passphrase and no other") {
    TemporaryFolder folder;
    std::string root;
    {
        auto ca = MunicipalCa::create(folder / "ca", strandkoping(), passphrase, now_ms);
        REQUIRE(ca.ok());
        root = ca->root_pem();
    }
    CHECK(MunicipalCa::open(folder / "ca", "mossa granit kanot").error().code == Errc::wrong_secret);
    auto again = MunicipalCa::open(folder / "ca", passphrase);
    REQUIRE(again.ok());
    CHECK(again->root_pem() == root);
    CHECK(MunicipalCa::open(folder / "none", passphrase).error().code == Errc::not_found);
    CHECK(MunicipalCa::create(folder / "ca", strandkoping(), passphrase, now_ms).error().code ==
          Errc::conflict);
    std::filesystem::remove((folder / "ca") / "root.key");  // to the safe
    CHECK(MunicipalCa::open(folder / "ca", passphrase).ok());
}

TEST_CASE("every certificate stands in the ledger, and the ledger survives names with quotation marks") {
    TemporaryFolder folder;
    auto ca = MunicipalCa::create(folder / "ca", strandkoping(), passphrase, now_ms);
    REQUIRE(ca.ok());
    auto first = ca->issue(request().request_pem, IssueKind::seal, "platta \"A\"; Öst", 3, now_ms);
    auto second = ca->issue(request().request_pem, IssueKind::bundle, "arkivpaket", 2, now_ms);
    REQUIRE(first.ok());
    REQUIRE(second.ok());
    auto overview = read_ca(folder / "ca");
    REQUIRE(overview.ok());
    REQUIRE(overview->issued.size() == 2);
    CHECK(overview->issued[0].name == "platta \"A\"; Öst");
    CHECK(overview->issued[0].serial == first->serial);
    CHECK(overview->issued[1].kind == "bundle");
    CHECK(overview->root_key_is_here);
    CHECK_FALSE(overview->demonstration);
    CHECK(first->serial != second->serial);
    CHECK(read_file(folder / "ca" / "issued" / (first->serial + ".crt")).ok());
}

TEST_CASE("a demonstration CA says so in every subject, and a real one never does") {
    TemporaryFolder folder;
    auto demo = MunicipalCa::create(folder / "demo", strandkoping(true), passphrase, now_ms);
    REQUIRE(demo.ok());
    CHECK(demo->demonstration());
    auto issued = demo->issue(request().request_pem, IssueKind::seal, "surfplatta A", 1, now_ms);
    REQUIRE(issued.ok());
    for (const auto& pem : {demo->root_pem(), demo->issuing_pem(), issued->certificate_pem}) {
        auto subject = subject_of(read_pem(pem).get());
        CHECK(subject.find("CN=DEMONSTRATION") != std::string::npos);
        CHECK(subject.find("O=DEMONSTRATION Strandköpings kommun") != std::string::npos);
    }
    auto real = MunicipalCa::create(folder / "real", strandkoping(), passphrase, now_ms);
    REQUIRE(real.ok());
    CHECK(real->issue(request().request_pem, IssueKind::seal, "Demonstration A", 1, now_ms).error().code ==
          Errc::not_allowed);
    auto disguised = strandkoping();
    disguised.municipality = "DEMONSTRATION kommun";
    CHECK(MunicipalCa::create(folder / "x", disguised, passphrase, now_ms).error().code == Errc::not_allowed);
    // A demonstration's issuing CA under a real root, put together by hand.
    std::filesystem::copy_file(folder / "demo" / "issuing.crt", folder / "real" / "issuing.crt",
                               std::filesystem::copy_options::overwrite_existing);
    CHECK(MunicipalCa::open(folder / "real", passphrase).error().code == Errc::damaged);
}

TEST_CASE("weak keys, forged requests and lives longer than the issuer's are refused") {
    TemporaryFolder folder;
    auto ca = MunicipalCa::create(folder / "ca", strandkoping(), passphrase, now_ms);
    REQUIRE(ca.ok());
    auto refused = [&](const std::string& pem, int years = 3) {
        return ca->issue(pem, IssueKind::seal, "surfplatta A", years, now_ms).error().code;
    };
    CHECK(refused(weak_request("RSA", 2048)) == Errc::not_allowed);
    CHECK(refused(weak_request("EC", 384)) == Errc::not_allowed);
    CHECK(refused("not PEM at all") == Errc::malformed);
    CHECK(refused(request().request_pem, 11) == Errc::not_allowed);
    CHECK(refused(request().request_pem, 0) == Errc::not_allowed);
    CHECK(ca->issue(request().request_pem, IssueKind::seal, std::string(65, 'x'), 3, now_ms).error().code ==
          Errc::malformed);
    // The names and the key stay, the signature is another request's.
    auto pem = request().request_pem;
    BioHandle in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    X509Request forged(PEM_read_bio_X509_REQ(in.get(), nullptr, nullptr, nullptr));
    EvpKey other(EVP_EC_gen("P-256"));
    X509_REQ_set_pubkey(forged.get(), other.get());
    BioHandle out(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509_REQ(out.get(), forged.get());
    char* data = nullptr;
    long size = BIO_get_mem_data(out.get(), &data);
    CHECK(refused(std::string(data, static_cast<std::size_t>(size))) == Errc::damaged);
    CHECK(read_ca(folder / "ca")->issued.empty());
}

TEST_CASE("a CA needs a real passphrase, a valid organisationsnummer and a folder it may write to") {
    TemporaryFolder folder;
    auto spec = strandkoping();
    CHECK(MunicipalCa::create(folder / "a", spec, "kort", now_ms).error().code == Errc::not_allowed);
    spec.organisationsnummer = "212000-0143";
    CHECK(MunicipalCa::create(folder / "a", spec, passphrase, now_ms).error().code == Errc::malformed);
    spec = strandkoping();
    spec.municipality = " ";
    CHECK(MunicipalCa::create(folder / "a", spec, passphrase, now_ms).error().code == Errc::malformed);
    CHECK(MunicipalCa::create("/proc/handslag", strandkoping(), passphrase, now_ms).error().code ==
          Errc::not_writable);
    CHECK_FALSE(std::filesystem::exists(folder / "a"));
}

TEST_CASE("what is sealed to a bundle certificate opens with its key only, and any changed bit is refused") {
    TemporaryFolder folder;
    auto ca = MunicipalCa::create(folder / "ca", strandkoping(), passphrase, now_ms);
    REQUIRE(ca.ok());
    auto recipient = request();
    auto stranger = request();
    auto issued = ca->issue(recipient.request_pem, IssueKind::bundle, "arkivpaket", 2, now_ms);
    auto other = ca->issue(stranger.request_pem, IssueKind::bundle, "annan", 2, now_ms);
    REQUIRE(issued.ok());
    REQUIRE(other.ok());
    Bytes content = to_bytes("Åsa Öberg, ordförande");
    auto sealed = seal_to(issued->certificate_pem, content);
    REQUIRE(sealed.ok());
    CHECK(as_text(*sealed).find("berg") == std::string_view::npos);
    auto opened = open_sealed(*sealed, recipient.key_pem, passphrase, issued->certificate_pem);
    REQUIRE(opened.ok());
    CHECK(*opened == content);
    CHECK(open_sealed(*sealed, stranger.key_pem, passphrase, other->certificate_pem).error().code ==
          Errc::damaged);
    CHECK(open_sealed(*sealed, stranger.key_pem, passphrase, issued->certificate_pem).error().code ==
          Errc::conflict);
    // The ciphertext and its tag are the last bytes.
    for (std::size_t back : {1, 8, 16, 17, 20, 30}) {
        auto changed = *sealed;
        changed[changed.size() - back] ^= 1;
        CHECK_FALSE(open_sealed(changed, recipient.key_pem, passphrase, issued->certificate_pem).ok());
    }
    auto longer = *sealed;
    longer.push_back(0);
    CHECK(open_sealed(longer, recipient.key_pem, passphrase, issued->certificate_pem).error().code ==
          Errc::malformed);
    CHECK(seal_to("no certificate", content).error().code == Errc::malformed);
}
