#include "core/longterm/timestamp.h"

#include <doctest/doctest.h>

#include "core/certificate/der.h"
#include "core/certificate/x509.h"
#include "tests/support/test_tsa.h"

namespace {

const test::World& world() {
    static const test::World one;
    return one;
}

const core::Sha256 imprint = core::sha256(core::as_bytes("en försegling"));

core::TimestampRequest request(std::string_view policy = {}) {
    auto made = core::make_timestamp_request(imprint, policy);
    REQUIRE(made.ok());
    return std::move(*made);
}

test::TokenOrder answer_to(const core::TimestampRequest& asked) {
    test::TokenOrder order;
    order.nonce = asked.nonce;
    return order;
}

// Why the answer is refused; empty when it is taken.
std::string why_not(const core::TimestampRequest& asked, core::ByteView response) {
    auto read = core::read_timestamp_response(response, asked);
    return read.ok() ? "" : read.error().detail;
}
std::string why_not(const test::TokenOrder& order, const core::TimestampRequest& asked,
                    const test::Credential& by = world().tsa) {
    return why_not(asked, test::granted(test::make_token(imprint, by, world().tsa_chain(), order)));
}
bool says(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

test::Credential tsa_with(const char* key_usage, const char* extended_key_usage,
                          const char* basic_constraints = "critical,CA:FALSE") {
    test::CertificateOrder order = test::tsa_order("En annan TSA");
    order.key_usage = key_usage;
    order.extended_key_usage = extended_key_usage;
    order.basic_constraints = basic_constraints;
    return world().tsa_ca.issue(order);
}

}  // namespace

TEST_CASE("a right answer gives its token, time and TSA") {
    auto asked = request("1.2.3.4.1");
    auto token = core::read_timestamp_response(
        test::granted(test::make_token(imprint, world().tsa, world().tsa_chain(), answer_to(asked))), asked);
    REQUIRE(token.ok());
    auto facts = core::check_token(*token, imprint);
    REQUIRE(facts.ok());
    CHECK(facts->at_ms == test::now_ms);
    CHECK(facts->tsa == "Prov-TSA");
    CHECK(facts->policy == "1.2.3.4.1");
    CHECK(facts->certificates.size() == 1);
}

TEST_CASE("two requests never have the same nonce") {
    CHECK(request().nonce != request().nonce);
    CHECK(request().nonce.size() == 16);
}

TEST_CASE("a policy that is no number is refused before anything is sent") {
    CHECK_FALSE(core::make_timestamp_request(imprint, "bästa möjliga").ok());
}

TEST_CASE("an answer to another request is refused by its nonce") {
    auto asked = request();
    CHECK(says(why_not(answer_to(request()), asked), "nonce"));
    CHECK(says(why_not(test::TokenOrder{}, asked), "nonce"));  // none at all
}

TEST_CASE("a timestamp of something else is refused by its imprint") {
    auto asked = request();
    auto order = answer_to(asked);
    core::Sha256 other = core::sha256(core::as_bytes("något annat"));
    order.imprint.assign(other.begin(), other.end());
    CHECK(says(why_not(order, asked), "imprint"));
}

TEST_CASE("a timestamp under another policy is refused when one was asked for") {
    auto asked = request("1.2.3.4.1");
    auto order = answer_to(asked);
    order.policy = "1.2.3.4.2";
    CHECK(says(why_not(order, asked), "policy 1.2.3.4.2"));
    auto open = request();
    order.nonce = open.nonce;
    CHECK(why_not(order, open).empty());
}

TEST_CASE("a TSA whose certificate is not for time-stamping alone, critically, is refused") {
    auto asked = request();
    auto refused = [&](const test::Credential& by) { return why_not(answer_to(asked), asked, by); };
    CHECK(says(refused(tsa_with("critical,digitalSignature", "timeStamping")), "critically"));
    CHECK(says(refused(tsa_with("critical,digitalSignature", "critical,timeStamping,emailProtection")),
               "alone"));
    CHECK(says(refused(tsa_with("critical,digitalSignature", "critical,emailProtection")), "alone"));
    CHECK(says(refused(tsa_with("critical,digitalSignature", nullptr)), "alone"));
    CHECK(says(refused(tsa_with("critical,keyEncipherment", "critical,timeStamping")), "else than signing"));
    CHECK(says(refused(tsa_with("critical,keyCertSign,digitalSignature", "critical,timeStamping",
                                "critical,CA:TRUE")),
               "a CA's"));
}

TEST_CASE("a token that does not name its certificate (ESS) is refused") {
    auto asked = request();
    auto order = answer_to(asked);
    order.names_its_certificate = false;
    CHECK(says(why_not(order, asked), "signing-certificate-v2"));
}

TEST_CASE("a token without its certificates is refused") {
    auto asked = request();
    auto order = answer_to(asked);
    order.carries_certificates = false;
    CHECK(says(why_not(order, asked), "certificates"));
}

TEST_CASE("a token signed with SHA-1 is refused") {
    auto asked = request();
    auto order = answer_to(asked);
    order.digest = EVP_sha1();
    CHECK(says(why_not(order, asked), "weak digest"));
}

TEST_CASE("a refusal is told in the TSA's words, without its control characters") {
    auto asked = request();
    std::string why = why_not(asked, test::refused("quota\x1b[2J spent"));
    CHECK(says(why, "refused"));
    CHECK(says(why, "quota?[2J spent"));
    CHECK(says(why_not(asked, test::refused("")), "refused"));
}

TEST_CASE("an answer that is granted but empty, too long, cut or followed by something is refused") {
    auto asked = request();
    auto whole = test::granted(test::make_token(imprint, world().tsa, world().tsa_chain(), answer_to(asked)));
    REQUIRE(why_not(asked, whole).empty());
    CHECK_FALSE(why_not(asked, test::granted({})).empty());
    CHECK_FALSE(why_not(asked, {}).empty());
    auto longer = whole;
    longer.push_back(0);
    CHECK_FALSE(why_not(asked, longer).empty());
    longer.resize(1U << 20);
    CHECK(says(why_not(asked, longer), "too long"));
    for (std::size_t size = 0; size < whole.size(); size += 7)
        CHECK_FALSE(why_not(asked, core::ByteView(whole).first(size)).empty());
}
