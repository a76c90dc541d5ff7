#include "tests/support/ladder.h"

#include <doctest/doctest.h>

#include "core/longterm/extend.h"
#include "core/longterm/judge.h"
#include "core/longterm/timestamp.h"

using core::Level;
using core::Verdict;
using test::day_ms;
using test::now_ms;

namespace {

const test::Ladder& p256() {
    static const test::Ladder one(test::KeyKind::p256);
    return one;
}

std::string verdict(const core::Result<core::LongTerm>& judged) {
    if (!judged.ok()) return "unreadable";
    const auto& report = judged->report;
    std::string level = " " + report.level;
    if (report.verdict == Verdict::valid) return "valid" + level;
    if (report.verdict == Verdict::undecided) return "undecided" + level;
    return "not valid: " + (report.first_failure() != nullptr ? report.first_failure()->check : "?");
}
std::string why(const core::Result<core::LongTerm>& judged) {
    REQUIRE(judged.ok());
    std::string text;
    for (const auto& finding : judged->report.findings)
        if (finding.outcome != core::Finding::Outcome::passed)
            text += finding.check + ": " + finding.what + "\n";
    return text;
}
std::string judge(core::ByteView pdf, std::int64_t at_ms = now_ms + day_ms) {
    return verdict(core::judge_long_term(pdf, p256().trust(), at_ms));
}

}  // namespace

TEST_CASE("each level is valid and called by its name, for P-256 and for RSA-3072") {
    static const test::Ladder rsa(test::KeyKind::rsa3072);
    for (const auto* ladder : {&p256(), static_cast<const test::Ladder*>(&rsa)}) {
        auto at = [&](const core::Bytes& pdf, std::int64_t at_ms = now_ms + day_ms) {
            auto judged = core::judge_long_term(pdf, ladder->trust(), at_ms);
            INFO(why(judged));
            return verdict(judged);
        };
        CHECK(at(ladder->bb) == "valid B-B");
        CHECK(at(ladder->bt) == "valid B-T");
        CHECK(at(ladder->blt) == "valid B-LT");
        CHECK(at(ladder->blta) == "valid B-LTA");
        CHECK(at(ladder->renewed, test::Ladder::renewed_ms + day_ms) == "valid B-LTA");
    }
}

TEST_CASE(
    "from B-LT on nothing of the earlier bytes is touched, and B-T touches only the seal's spare room") {
    const auto& ladder = p256();
    auto begins = [](const core::Bytes& whole, const core::Bytes& front) {
        return whole.size() > front.size() && std::equal(front.begin(), front.end(), whole.begin());
    };
    CHECK(begins(ladder.blt, ladder.bt));
    CHECK(begins(ladder.blta, ladder.blt));
    CHECK(begins(ladder.renewed, ladder.blta));
    REQUIRE(ladder.bt.size() == ladder.bb.size());
    auto hole = core::as_text(ladder.bb).find("/Contents <"), end = core::as_text(ladder.bb).find('>', hole);
    for (std::size_t i = 0; i < ladder.bb.size(); ++i)
        if (ladder.bb[i] != ladder.bt[i]) REQUIRE((i > hole && i < end));
}

TEST_CASE("the file that left the ceremony comes out of every level, byte for byte") {
    for (const auto* pdf : {&p256().bb, &p256().bt, &p256().blt, &p256().blta, &p256().renewed}) {
        auto original = core::sealed_original(*pdf);
        REQUIRE(original.ok());
        CHECK(*original == p256().bb);
    }
}

TEST_CASE("revocation is told as of the time that is proven") {
    auto judged = core::judge_long_term(p256().blt, p256().trust(), now_ms + day_ms);
    REQUIRE(judged.ok());
    CHECK(judged->report.revocation.find("checked as of 2026-11-21 15:") == 0);
    CHECK(judged->proven_at_ms == test::Ladder::stamped_ms);
    auto before = core::judge_long_term(p256().bt, p256().trust(), now_ms + day_ms);
    REQUIRE(before.ok());
    CHECK(before->report.revocation == "not checked");
    CHECK(before->seal.missing.size() == 4);  // seal, issuing CA, TSA, its CA
}

TEST_CASE("after the seal's certificate has expired only a timestamp keeps it valid") {
    std::int64_t later = now_ms + 800 * day_ms;  // the TSA's certificate lives 1000 days
    CHECK(judge(p256().bb, later) == "undecided B-B");
    CHECK(judge(p256().bt, later) == "valid B-T");
    CHECK(judge(p256().blt, later) == "valid B-LT");
    CHECK(judge(p256().blta, later) == "valid B-LTA");
}

TEST_CASE(
    "when the last timestamp's certificate has expired it is undecided, unless it was renewed in time") {
    std::int64_t much_later = now_ms + 1100 * day_ms;
    CHECK(judge(p256().bt, much_later).starts_with("undecided"));
    CHECK(judge(p256().blta, much_later).starts_with("undecided"));
    CHECK(judge(p256().renewed, much_later) == "valid B-LTA");
    CHECK(judge(p256().renewed, now_ms + 6000 * day_ms).starts_with("undecided"));
}

TEST_CASE("cut back to an earlier level, a file is that level and nothing more") {
    const auto& ladder = p256();
    auto cut = [&](std::size_t size) { return core::ByteView(ladder.renewed).first(size); };
    CHECK(judge(cut(ladder.bt.size())) == "valid B-T");
    CHECK(judge(cut(ladder.blt.size())) == "valid B-LT");
    CHECK(judge(cut(ladder.blta.size())) == "valid B-LTA");
    for (std::size_t size = ladder.bt.size() + 1; size < ladder.renewed.size(); size += 997)
        if (size != ladder.blt.size() && size != ladder.blta.size())
            CHECK_FALSE(judge(cut(size)).starts_with("valid"));
}

TEST_CASE("no step leads downwards or sideways") {
    const auto& ladder = p256();
    auto code = [](const auto& result) { return result.ok() ? core::Errc::internal : result.error().code; };
    CHECK(code(core::seal_timestamp_digest(ladder.bt)) == core::Errc::not_allowed);
    CHECK(code(core::seal_timestamp_digest(ladder.blta)) == core::Errc::not_allowed);
    CHECK(code(core::add_seal_timestamp(ladder.blt, {})) == core::Errc::not_allowed);
    CHECK(code(core::add_validation_data(ladder.bb, ladder.needs)) == core::Errc::not_allowed);
    CHECK(code(core::add_validation_data(ladder.bt, {})) == core::Errc::not_allowed);
    CHECK(code(core::document_timestamp_digest(ladder.bb)) == core::Errc::not_allowed);
    CHECK(code(core::document_timestamp_digest(ladder.bt)) == core::Errc::not_allowed);
}

TEST_CASE("a timestamp of something else is never put in") {
    const auto& ladder = p256();
    auto other = ladder.world.stamp(core::sha256(core::as_bytes("annat")), now_ms);
    CHECK_FALSE(core::add_seal_timestamp(ladder.bb, other).ok());
    CHECK_FALSE(core::add_document_timestamp(ladder.blt, other).ok());
}

TEST_CASE("a timestamp that does not fit is a clear error") {
    const auto& ladder = p256();
    auto digest = core::seal_timestamp_digest(ladder.bb);
    REQUIRE(digest.ok());
    test::CertificateOrder order = test::authority_order("");
    order.crl_url = "http://tsa.example/" + std::string(5000, 'x');
    std::vector<test::Authority> way;
    std::vector<X509*> chain;
    for (int i = 0; i < 5; ++i) {
        order.name = "Prov-TSA utfärdare " + std::to_string(i);
        test::Authority next(order, way.empty() ? nullptr : &way.back());
        way.push_back(std::move(next));
        chain.push_back(way.back().self().certificate.get());
    }
    auto token = test::make_token(*digest, way.back().issue(test::tsa_order()), chain);
    auto added = core::add_seal_timestamp(ladder.bb, token);
    REQUIRE_FALSE(added.ok());
    CHECK(added.error().detail.find("its field has room for ") != std::string::npos);
}

TEST_CASE("a TSA that no trusted CA vouches for leaves it undecided, and proves nothing") {
    core::TrustFiles only_seals{p256().world.root.pem(), ""};
    auto judged = core::judge_long_term(p256().blta, only_seals, now_ms + day_ms);
    CHECK(verdict(judged) == "undecided B-B");
    CHECK(judged->proven_at_ms == 0);
    auto other = p256().trust();
    other.timestamps_pem =
        test::Authority(test::authority_order("Prov-TSA rot")).pem();  // same name, other key
    CHECK_FALSE(verdict(core::judge_long_term(p256().blta, other, now_ms + day_ms)).starts_with("valid"));
}

TEST_CASE("a CA for timestamps alone vouches for no seal") {
    core::TrustFiles swapped{p256().world.tsa_root.pem(), p256().world.root.pem()};
    CHECK(judge(p256().bb) == "valid B-B");
    CHECK(verdict(core::judge_long_term(p256().bb, swapped, now_ms)) == "not valid: chain");
}

TEST_CASE("revoked before the proven time is not valid, revoked after it is") {
    const auto& w = p256().world;
    auto judged_with = [&](std::int64_t revoked_ms, const core::Bytes& pdf) {
        core::ValidationData more;
        more.crls = {w.issuing.crl(now_ms + 10 * day_ms, {{w.seal.certificate.get(), revoked_ms, 1}})};
        return verdict(core::judge_long_term(pdf, p256().trust(), now_ms + 11 * day_ms, more));
    };
    CHECK(judged_with(now_ms - day_ms, p256().bb) == "not valid: revocation");
    CHECK(judged_with(now_ms - day_ms, p256().bt) == "not valid: revocation");
    CHECK(judged_with(now_ms + 5 * day_ms, p256().bb) == "not valid: revocation");  // nothing proves it older
    CHECK(judged_with(now_ms + 5 * day_ms, p256().bt) == "valid B-T");
    CHECK(judged_with(now_ms + 5 * day_ms, p256().blta) == "valid B-LTA");
}

TEST_CASE("a list by somebody else, from the future, run out or of another scope says nothing") {
    const auto& w = p256().world;
    auto missing_with = [&](core::Bytes crl) {
        core::ValidationData more;
        more.crls = {std::move(crl)};
        auto judged = core::judge_long_term(p256().bt, p256().trust(), now_ms + day_ms, more);
        REQUIRE(judged.ok());
        return judged->seal.missing.size();
    };
    CHECK(missing_with(w.issuing.crl(now_ms)) == 3);
    test::Authority twin(test::authority_order("Strandköpings kommun utfärdare"));
    CHECK(missing_with(twin.crl(now_ms)) == 4);
    CHECK(missing_with(w.issuing.crl(now_ms + 2 * day_ms)) == 4);
    CHECK(missing_with(w.issuing.crl(now_ms - 20 * day_ms)) == 4);
    CHECK(missing_with(w.root.crl(now_ms)) == 3);  // of the issuing CA alone
}

TEST_CASE("an OCSP answer counts when the CA or its own responder signed it, and not otherwise") {
    const auto& w = p256().world;
    auto* seal = w.seal.certificate.get();
    auto responder = w.issuing.issue(test::ocsp_order());
    auto impostor = w.issuing.issue(test::CertificateOrder{});  // a seal's key answers for another seal
    auto foreign = w.tsa_ca.issue(test::ocsp_order());
    auto missing_with = [&](core::Bytes ocsp) {
        core::ValidationData more;
        more.ocsps = {std::move(ocsp)};
        auto judged = core::judge_long_term(p256().bt, p256().trust(), now_ms + day_ms, more);
        REQUIRE(judged.ok());
        return judged->seal.missing.size();
    };
    CHECK(missing_with(w.issuing.ocsp(seal, now_ms)) == 3);
    CHECK(missing_with(w.issuing.ocsp(seal, now_ms, {}, &responder)) == 3);
    CHECK(missing_with(w.issuing.ocsp(seal, now_ms, {}, &impostor)) == 4);
    CHECK(missing_with(w.issuing.ocsp(seal, now_ms, {}, &foreign)) == 4);
    CHECK(missing_with(w.issuing.ocsp(responder.certificate.get(), now_ms)) == 4);  // about somebody else
    core::ValidationData more;
    more.ocsps = {w.issuing.ocsp(seal, now_ms, {seal, now_ms - day_ms, 1}, &responder)};
    CHECK(verdict(core::judge_long_term(p256().bt, p256().trust(), now_ms + day_ms, more)) ==
          "not valid: revocation");
}

TEST_CASE("a TSA that was revoked before it stamped proves nothing; superseded afterwards it still does") {
    const auto& w = p256().world;
    auto judged_with = [&](std::int64_t revoked_ms, int reason) {
        core::ValidationData more;
        more.crls = {w.tsa_ca.crl(now_ms + 10 * day_ms, {{w.tsa.certificate.get(), revoked_ms, reason}})};
        return verdict(core::judge_long_term(p256().bt, p256().trust(), now_ms + 11 * day_ms, more));
    };
    constexpr int key_compromise = 1, superseded = 4;
    CHECK(judged_with(now_ms - day_ms, superseded) == "not valid: timestamp");
    CHECK(judged_with(now_ms + 5 * day_ms, superseded) == "valid B-T");
    CHECK(judged_with(now_ms + 5 * day_ms, key_compromise) == "not valid: timestamp");
}
