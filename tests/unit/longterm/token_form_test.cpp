// The one spelling of a timestamp token: what TSAs may write comes out the same, and nothing else is accepted.
#include "core/longterm/token_form.h"

#include <algorithm>
#include <cstdlib>

#include <doctest/doctest.h>
#include <openssl/x509v3.h>

#include "core/certificate/der.h"
#include "core/certificate/seal_cms.h"
#include "core/longterm/timestamp.h"
#include "tests/support/test_tsa.h"
#include "tests/support/token_parts.h"

namespace {

using core::Bytes;
using core::ByteView;
using namespace core::der;

const core::Sha256 imprint = core::sha256(core::as_bytes("en försegling"));
const Bytes sha256_id = test::object_id("608648016503040201");

const test::World& world() {
    static const test::World one;
    return one;
}
test::Credential rsa_tsa() {
    auto order = test::tsa_order("Prov-TSA RSA");
    order.key = test::KeyKind::rsa3072;
    return world().tsa_ca.issue(order);
}

Bytes token(const test::Credential& by = world().tsa, const test::TokenOrder& order = {}) {
    return test::make_token(imprint, by, world().tsa_chain(), order);
}
// Without its issuer's certificate, which is judged with the way to a root: tests/attacks/token_kinds.
Bytes alone(const test::Credential& by = world().tsa, const test::TokenOrder& order = {}) {
    return test::make_token(imprint, by, {}, order);
}
Bytes stored(const Bytes& token) {
    auto form = core::token_in_one_form(token);
    REQUIRE(form.ok());
    return std::move(*form);
}
bool is_taken(ByteView token) { return core::check_token(token, imprint).ok(); }

// Each bit, or some of them when it is not asked for all.
void every_bit_is_refused(const Bytes& form, std::size_t sampled_step) {
    std::size_t step = std::getenv("HANDSLAG_FULL") != nullptr ? 1 : sampled_step;
    Bytes changed = form;
    for (std::size_t bit = 0; bit < form.size() * 8; bit += step) {
        auto mask = static_cast<std::uint8_t>(1U << (bit % 8));
        changed[bit / 8] ^= mask;
        CAPTURE(bit);
        CHECK_FALSE(is_taken(changed));
        changed[bit / 8] ^= mask;
    }
}

}  // namespace

TEST_CASE("a token in its one form stays as it is, and says what it said") {
    Bytes sent = token(), form = stored(sent);
    CHECK(stored(form) == form);
    CHECK(is_taken(form));
    CHECK(test::put_together(test::take_token_apart(form)) == form);
}

TEST_CASE(
    "whatever spelling a TSA may choose, the same token is stored, and only that is taken from a file") {
    const Bytes form = stored(token());
    auto differs = [&](const char* how, auto change) {
        CAPTURE(how);
        auto parts = test::take_token_apart(form);
        change(parts);
        Bytes spelt = test::put_together(parts);
        REQUIRE(spelt != form);
        CHECK(stored(spelt) == form);
        CHECK_FALSE(is_taken(spelt));
    };
    using Parts = test::TokenParts;
    const Bytes with_null = write(sequence, {sha256_id, write(null, {})});
    differs("digest algorithm with NULL", [&](Parts& p) { p.digest = with_null; });
    differs("digest algorithms with NULL", [&](Parts& p) { p.digests = write(set, {with_null}); });
    differs("no digest algorithms", [](Parts& p) { p.digests = write(set, {}); });
    differs("another version", [](Parts& p) { p.version = {integer, 1, 1}; });
    differs("another version of the signer", [](Parts& p) { p.signer_version = {integer, 1, 3}; });
    differs("signer by key identifier", [](Parts& p) {
        const auto* id = X509_get0_subject_key_id(world().tsa.certificate.get());
        p.signer_id = write(
            0x80, {ByteView(ASN1_STRING_get0_data(id), static_cast<std::size_t>(ASN1_STRING_length(id)))});
    });
    differs("certificates in another order",
            [](Parts& p) { std::reverse(p.certificates.begin(), p.certificates.end()); });
    differs("the root as well", [](Parts& p) { p.certificates.push_back(world().tsa_root.self().der()); });
    differs("a certificate that has nothing to do with it",
            [](Parts& p) { p.certificates.insert(p.certificates.begin(), world().seal.der()); });
    differs("a revocation list",
            [](Parts& p) { p.revocation = write(context_1, {world().tsa_ca.crl(test::now_ms)}); });
    differs("attributes in another order",
            [](Parts& p) { std::reverse(p.attributes.begin(), p.attributes.end()); });
    differs("an unsigned attribute", [](Parts& p) {
        p.unsigned_part =
            write(context_1, {test::attribute("2a864886f70d010907", write(0x0C, {core::as_bytes("x")}))});
    });
    differs("signature algorithm without the digest",
            [](Parts& p) { p.algorithm = write(sequence, {test::object_id("2a8648ce3d0201")}); });
    differs("the other s", [](Parts& p) { p.signature = test::with_the_other_s(p.signature); });
    differs("content in pieces", [](Parts& p) { p.in_pieces = true; });
}

TEST_CASE("RSA tokens come out with the digest in their algorithm, and PSS ones with all parameters") {
    const auto by = rsa_tsa();
    Bytes plain = stored(token(by));
    CHECK(is_taken(plain));
    auto parts = test::take_token_apart(plain);
    parts.algorithm = write(sequence, {test::object_id("2a864886f70d010101"), write(null, {})});
    CHECK(stored(test::put_together(parts)) == plain);
    CHECK_FALSE(is_taken(test::put_together(parts)));

    test::TokenOrder order;
    order.pss = true;
    Bytes pss = stored(token(by, order));
    CHECK(is_taken(pss));
    CHECK(stored(pss) == pss);
    every_bit_is_refused(stored(alone(by)), 61);
    every_bit_is_refused(stored(alone(by, order)), 61);
}

TEST_CASE("SHA-384 and SHA-512 are taken, and their tokens have one form too") {
    for (const EVP_MD* md : {EVP_sha384(), EVP_sha512()}) {
        test::TokenOrder order;
        order.digest = md;
        Bytes form = stored(token(world().tsa, order));
        CHECK(is_taken(form));
        CHECK(stored(form) == form);
    }
}

TEST_CASE("algorithms that the TSA has signed keep the spelling that it signed") {
    const Bytes digest = write(sequence, {sha256_id, write(null, {})});
    Bytes algorithm = write(sequence, {test::object_id("2a8648ce3d040302")}), tagged = algorithm;
    tagged[0] = context_1;
    test::TokenOrder order;
    order.protects = core::to_hex(write(sequence, {digest, tagged}));
    Bytes form = stored(token(world().tsa, order));
    auto parts = test::take_token_apart(form);
    CHECK(parts.digest == digest);
    CHECK(parts.algorithm == algorithm);
    CHECK(is_taken(form));
    parts.digest = write(sequence, {sha256_id});
    CHECK(stored(test::put_together(parts)) == form);
    CHECK_FALSE(is_taken(test::put_together(parts)));
    every_bit_is_refused(stored(alone(world().tsa, order)), 61);
}

TEST_CASE("a chain that ESS names stays to its root, and every bit of it is pinned") {
    test::TokenOrder order;
    order.names_its_chain = true;
    std::vector<X509*> chain = world().tsa_chain();
    chain.push_back(world().tsa_root.self().certificate.get());
    Bytes form = stored(test::make_token(imprint, world().tsa, chain, order));
    CHECK(test::take_token_apart(form).certificates.size() == 3);
    CHECK(is_taken(form));
    every_bit_is_refused(form, 31);
}

TEST_CASE("a token of two signers, of none, or by a key of another kind has no form") {
    auto parts = test::take_token_apart(stored(token()));
    auto why = [](const Bytes& bytes) {
        auto form = core::token_in_one_form(bytes);
        return form.ok() ? std::string() : form.error().detail;
    };
    auto twice = parts;
    Bytes whole = test::put_together(parts);
    twice.more_signers = {write(sequence, {parts.signer_version, parts.signer_id, parts.digest,
                                           parts.algorithm, write(octet_string, {parts.signature})})};
    CHECK(why(test::put_together(twice)).find("one signer") != std::string::npos);
    auto alone = parts;
    alone.certificates.clear();
    CHECK(why(test::put_together(alone)).find("does not carry its certificates") != std::string::npos);
    CHECK_FALSE(why({}).empty());
    for (std::size_t size = 0; size < whole.size(); size += 11)
        CHECK_FALSE(why({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}).empty());
}

TEST_CASE("every single bit of a stored token is refused") { every_bit_is_refused(stored(alone()), 7); }
