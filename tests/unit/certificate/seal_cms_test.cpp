#include "core/certificate/seal_cms.h"

#include <doctest/doctest.h>

#include "core/certificate/der.h"
#include "core/certificate/verify_cms.h"
#include "tests/support/certificate_samples.h"

using core::Bytes;

namespace {

const core::Sha256 digest = core::sha256(core::as_bytes("ab"));

struct Sealed {
    test::Pki pki;
    test::Seal seal = pki.issue();
    Bytes cms;
    std::vector<core::X509Certificate> chain;

    Sealed() : cms(test::load(seal).sign_detached(core::as_bytes("a"), core::as_bytes("b")).value()) {
        chain = core::read_certificates(seal.chain_pem).value();
    }
    core::SealCertificates pair() const { return {chain[0].get(), chain[1].get()}; }
    Bytes signature() const { return core::check_cms(cms, digest).value().signature; }
};
const Sealed& sealed() {
    static const Sealed one;
    return one;
}

bool accepted(const Bytes& cms) { return core::check_cms(cms, digest).ok(); }

bool openssl_verifies(core::ByteView signature) {
    Bytes attributes = core::signed_attributes(sealed().pair(), digest);
    core::EvpDigestContext context(EVP_MD_CTX_new());
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr,
                                X509_get0_pubkey(sealed().pair().signer)) == 1 &&
           EVP_DigestVerify(context.get(), signature.data(), signature.size(), attributes.data(),
                            attributes.size()) == 1;
}

// A certificate whose own signature has the other s: as valid as before, and other bytes.
core::X509Certificate resigned(X509* certificate) {
    const ASN1_BIT_STRING* signature = nullptr;
    const X509_ALGOR* algorithm = nullptr;
    X509_get0_signature(&signature, &algorithm, certificate);
    Bytes other = test::with_the_other_s({signature->data, static_cast<std::size_t>(signature->length)});
    Bytes der = core::to_der(certificate, i2d_X509);
    core::ByteView all(der);
    core::ByteView in = core::der::take(all)->content;
    Bytes to_be_signed = [&] {
        auto whole = core::der::take(in)->whole;
        return Bytes(whole.begin(), whole.end());
    }();
    auto kind = core::der::take(in)->whole;
    Bytes bits{0};
    core::append(bits, other);
    Bytes again = core::der::write(core::der::sequence, {to_be_signed, kind, core::der::write(0x03, {bits})});
    const unsigned char* at = again.data();
    return core::X509Certificate(d2i_X509(nullptr, &at, static_cast<long>(again.size())));
}

// Puts something else in place of the first occurrence, and mends no length: only for equal sizes.
Bytes with(Bytes cms, core::ByteView from, core::ByteView to) {
    REQUIRE(from.size() == to.size());
    auto at = std::search(cms.begin(), cms.end(), from.begin(), from.end());
    REQUIRE(at != cms.end());
    std::copy(to.begin(), to.end(), at);
    return cms;
}

}  // namespace

TEST_CASE("a seal is accepted as it was written, and twice sealed it stays low") {
    CHECK(accepted(sealed().cms));
    core::SealKey key = test::load(sealed().seal);
    for (int i = 0; i < 16; ++i)
        CHECK(accepted(key.sign_detached(core::as_bytes("a"), core::as_bytes("b")).value()));
}

TEST_CASE("the other value s of an ECDSA signature verifies, and is refused") {
    Bytes other = test::with_the_other_s(sealed().signature());
    CHECK(openssl_verifies(other));
    Bytes attributes = core::signed_attributes(sealed().pair(), digest);
    CHECK(accepted(core::write_cms(sealed().pair(), attributes, sealed().signature())));
    CHECK_FALSE(accepted(core::write_cms(sealed().pair(), attributes, other)));
}

TEST_CASE("an ECDSA signature that is not shortest DER is refused") {
    Bytes attributes = core::signed_attributes(sealed().pair(), digest);
    Bytes behind = sealed().signature();
    behind.push_back(0);
    CHECK_FALSE(accepted(core::write_cms(sealed().pair(), attributes, behind)));
    Bytes padded = sealed().signature();  // r with a needless zero in front
    padded.insert(padded.begin() + 4, 0);
    ++padded[1], ++padded[3];
    CHECK_FALSE(accepted(core::write_cms(sealed().pair(), attributes, padded)));
    CHECK_FALSE(accepted(core::write_cms(sealed().pair(), attributes, {})));
}

TEST_CASE("a value s above the order is no signature, and does no harm") {
    Bytes huge =
        core::der::write(core::der::sequence, {core::der::write(core::der::integer, {Bytes(32, 0x7F)}),
                                               core::der::write(core::der::integer, {Bytes(40, 0x7F)})});
    CHECK_FALSE(core::one_form(X509_get0_pubkey(sealed().pair().signer), huge));
    Bytes zero = core::der::write(core::der::sequence, {core::der::write(core::der::integer, {Bytes{1}}),
                                                        core::der::write(core::der::integer, {Bytes{0}})});
    CHECK_FALSE(core::one_form(X509_get0_pubkey(sealed().pair().signer), zero));
}

TEST_CASE("the embedded certificates cannot be written with their own other s, whoever issued them") {
    Bytes attributes = core::signed_attributes(sealed().pair(), digest);
    auto signer = resigned(sealed().pair().signer), issuer = resigned(sealed().pair().issuer);
    REQUIRE(signer);
    REQUIRE(issuer);
    CHECK(X509_verify(signer.get(), X509_get0_pubkey(sealed().pair().issuer)) == 1);
    CHECK(X509_verify(issuer.get(), X509_get0_pubkey(sealed().chain[2].get())) == 1);
    CHECK_FALSE(
        accepted(core::write_cms({signer.get(), sealed().pair().issuer}, attributes, sealed().signature())));
    CHECK_FALSE(
        accepted(core::write_cms({sealed().pair().signer, issuer.get()}, attributes, sealed().signature())));
}

TEST_CASE("a certificate that the signature does not name is refused, and so is a third one") {
    Bytes attributes = core::signed_attributes(sealed().pair(), digest);
    CHECK_FALSE(accepted(core::write_cms({sealed().pair().signer, sealed().chain[2].get()}, attributes,
                                         sealed().signature())));
    // The whole written again with the root in the bag as well.
    Bytes root = core::to_der(sealed().chain[2].get(), i2d_X509);
    core::ByteView all(sealed().cms);
    core::ByteView info = core::der::take(all)->content;
    auto type = core::der::take(info)->whole;
    core::ByteView content = core::der::take(info)->content;
    core::ByteView data = core::der::take(content)->content;
    std::vector<core::ByteView> parts;
    while (!data.empty()) parts.push_back(core::der::take(data)->whole);
    REQUIRE(parts.size() == 5);
    std::vector<Bytes> bag{root};
    core::ByteView certificates = parts[3], inside = core::der::take(certificates)->content;
    while (!inside.empty()) {
        auto one = core::der::take(inside)->whole;
        bag.emplace_back(one.begin(), one.end());
    }
    using namespace core::der;
    auto rebuilt = [&](const std::vector<Bytes>& with_bag) {
        return write(
            sequence,
            {type, write(context_0, {write(sequence, {parts[0], parts[1], parts[2],
                                                      write_sorted(context_0, with_bag), parts[4]})})});
    };
    CHECK(rebuilt({bag[1], bag[2]}) == sealed().cms);
    CHECK_FALSE(accepted(rebuilt(bag)));
    CHECK_FALSE(accepted(rebuilt({bag[1]})));
    CHECK_FALSE(accepted(rebuilt({bag[1], bag[1]})));
}

TEST_CASE("SHA-256 with parameters is another spelling, and is refused") {
    using namespace core::der;
    Bytes plain = core::from_hex("300b0609608648016503040201").value();
    Bytes with_null = core::from_hex("300d06096086480165030402010500").value();
    // Both places grow by two bytes; all lengths around them are written anew.
    core::ByteView all(sealed().cms);
    core::ByteView info = take(all)->content;
    auto type = take(info)->whole;
    core::ByteView content = take(info)->content;
    core::ByteView data = take(content)->content;
    auto version = take(data)->whole;
    auto digests = take(data)->whole, what = take(data)->whole, certificates = take(data)->whole;
    core::ByteView infos = take(data)->content;
    core::ByteView signer = take(infos)->content;
    std::vector<core::ByteView> parts;
    while (!signer.empty()) parts.push_back(take(signer)->whole);
    REQUIRE(parts.size() == 6);
    auto rebuilt = [&](core::ByteView outer, core::ByteView inner) {
        Bytes one = write(sequence, {parts[0], parts[1], inner, parts[3], parts[4], parts[5]});
        return write(sequence, {type, write(context_0, {write(sequence, {version, outer, what, certificates,
                                                                         write(set, {one})})})});
    };
    Bytes set_with_null = write(set, {with_null});
    CHECK(rebuilt(digests, plain) == sealed().cms);
    CHECK_FALSE(accepted(rebuilt(set_with_null, with_null)));
    CHECK_FALSE(accepted(rebuilt(set_with_null, plain)));
    CHECK_FALSE(accepted(rebuilt(digests, with_null)));
}

TEST_CASE("lengths, versions and tags have one spelling") {
    const Bytes& cms = sealed().cms;
    Bytes longer = cms;  // the outer length in three bytes instead of two
    REQUIRE(longer[1] == 0x82);
    longer[1] = 0x83;
    longer.insert(longer.begin() + 2, 0);
    CHECK_FALSE(accepted(longer));
    Bytes version = {0x02, 0x01, 0x01, 0x31};
    CHECK_FALSE(accepted(with(cms, version, Bytes{0x02, 0x01, 0x03, 0x31})));
    CHECK_FALSE(accepted(with(cms, Bytes{0x0C}, Bytes{0x13})));  // UTF8String -> PrintableString
}

TEST_CASE("a timestamp inside the seal is handed on, and its attribute has one form") {
    Bytes attributes = core::signed_attributes(sealed().pair(), digest);
    Bytes token = core::der::write(core::der::sequence, {core::as_bytes("token")});
    Bytes cms = core::write_cms(sealed().pair(), attributes, sealed().signature(), token);
    auto facts = core::check_cms(cms, digest);
    REQUIRE(facts.ok());
    CHECK(facts->timestamp == token);
    Bytes type = core::from_hex("060b2a864886f70d010910020e").value(), other = type;
    other.back() = 0x0F;
    CHECK_FALSE(accepted(with(cms, type, other)));
    CHECK_FALSE(
        accepted(core::write_cms(sealed().pair(), attributes, sealed().signature(), core::as_bytes("x"))));
}
