// What an attacker may try behind the sealed file.
#include <cstring>

#include <doctest/doctest.h>

#include "core/certificate/x509.h"
#include "core/longterm/judge.h"
#include "core/longterm/revisions.h"
#include "tests/support/ladder.h"
#include "tests/support/token_parts.h"

using test::day_ms;
using test::now_ms;

namespace {

const test::Ladder& ladder() {
    static const test::Ladder one(test::KeyKind::p256);
    return one;
}

// "valid B-LT", or the check that failed.
std::string judge(core::ByteView pdf, std::int64_t at_ms = now_ms + day_ms) {
    auto judged = core::judge_long_term(pdf, ladder().trust(), at_ms);
    if (!judged.ok()) return "unreadable";
    const auto& report = judged->report;
    if (report.verdict == core::Verdict::valid) return "valid " + report.level;
    if (report.verdict == core::Verdict::undecided) return "undecided " + report.level;
    return report.first_failure()->check;
}

core::Bytes with(core::Bytes pdf, std::string_view from, std::string_view to) {
    std::string text(core::as_text(pdf));
    auto at = text.rfind(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    return core::to_bytes(text);
}
core::Bytes with_behind(core::Bytes pdf, std::string_view more) {
    core::append(pdf, core::as_bytes(more));
    return pdf;
}

struct Opened {
    core::FirstRevision first;
    core::Revisions later;
};
Opened open(const core::Bytes& pdf) {
    core::Judgement judgement;
    core::ByteView sealed = core::ByteView(pdf).first(core::first_revision_size(pdf));
    auto first = core::judge_first_revision(judgement, sealed);
    REQUIRE((first.ok() && first->has_value()));
    auto end = core::end_of(**first, sealed);
    REQUIRE(end.ok());
    auto later = core::read_increments(pdf, std::move(*end));
    REQUIRE(later.ok());
    return {std::move(**first), std::move(*later)};
}

// Appends validation data in our own form, whatever is in it.
core::Bytes stored(const core::Bytes& pdf, const core::ValidationData& data) {
    core::Bytes extended = pdf;
    core::append(extended, core::write_validation_increment(open(pdf).later.end, data).bytes);
    return extended;
}

// Appends a document timestamp over everything, by whom and when one likes.
core::Bytes stamped(const core::Bytes& pdf, const test::Credential& by, const test::TokenOrder& order) {
    auto empty = core::write_timestamp_increment(open(pdf).later.end);
    auto token = test::make_token(core::timestamp_digest(pdf, empty), by, ladder().world.tsa_chain(), order);
    auto filled = core::fill_timestamp(std::move(empty), test::as_stored(token));
    REQUIRE(filled.ok());
    core::Bytes extended = pdf;
    core::append(extended, filled->bytes);
    return extended;
}
test::TokenOrder at(std::int64_t at_ms) {
    test::TokenOrder order;
    order.at_ms = at_ms;
    return order;
}

}  // namespace

TEST_CASE("the reader finds what the writer wrote") {
    auto opened = open(ladder().renewed);
    using Kind = core::AddedRevision::Kind;
    REQUIRE(opened.later.added.size() == 4);
    CHECK(opened.later.added[0].kind == Kind::validation_data);
    CHECK(opened.later.added[1].kind == Kind::timestamp);
    CHECK(opened.later.added[3].kind == Kind::timestamp);
    CHECK(opened.later.added[0].end == ladder().blt.size());
    CHECK(opened.later.end.timestamps == 2);
    CHECK(opened.later.end.entries.size() == 2);  // of the seal, and of the first document timestamp
}

TEST_CASE("any changed bit behind the seal is refused, the last timestamp's own included") {
    const auto& pdf = ladder().blta;
    REQUIRE(judge(pdf) == "valid B-LTA");
    auto opened = open(pdf);
    std::size_t token = core::as_text(pdf).rfind("/Contents <") + 11;
    std::size_t token_end = token + 2 * opened.later.added.back().timestamp.token.size();
    core::Bytes changed = pdf;
    for (std::size_t i = ladder().bt.size(); i<pdf.size(); i += i> token_end ? 397 : 41) {
        changed[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
        CAPTURE(i);
        CHECK_FALSE(judge(changed).starts_with("valid"));
        changed[i] = pdf[i];
    }
}

TEST_CASE("more validation data than a file may hold is refused before it is decoded") {
    core::ValidationData huge = ladder().needs;
    huge.ocsps.emplace_back(core::most_stored_bytes + 1, std::uint8_t{0x30});
    CHECK(judge(stored(ladder().bt, huge)) == "increments");
}

TEST_CASE("anything that is not an increment of ours is refused") {
    const auto& blt = ladder().blt;
    for (std::string_view more : {"\n", "%%EOF\n", "x", "74 0 obj\n<< /JS (app.alert) >>\nendobj\n"})
        CHECK(judge(with_behind(blt, more)) == "increments");
    CHECK(judge(with_behind(ladder().bb, "\n")) != "valid B-B");
    // An ordinary incremental update that replaces the page.
    std::string update =
        "8 0 obj\n<< /Type /Pages /Count 0 /Kids [ ] >>\nendobj\nxref\n8 1\n0000000000 00000 n \n"
        "trailer << /Root 1 0 R /Size 74 /Prev 9 >>\nstartxref\n9\n%%EOF\n";
    CHECK(judge(with_behind(ladder().bt, update)) == "increments");
    CHECK(judge(with_behind(blt, update)) == "increments");
    CHECK(judge(with_behind(ladder().blta, update)) == "increments");
}

TEST_CASE("an increment with more keys, another order or another spelling is refused") {
    const auto& blt = ladder().blt;
    CHECK(judge(with(blt, "/Type /DSS ", "/Type /DSS /X 1 ")) == "increments");
    CHECK(judge(with(blt, " >>\nendobj\n", " /OpenAction 9 0 R >>\nendobj\n")) == "increments");
    CHECK(judge(with(blt, "/ExtensionLevel 5", "/ExtensionLevel 6")) == "increments");
    CHECK(judge(with(blt, "trailer << ", "trailer <<  ")) == "increments");
    CHECK(judge(with(ladder().blta, "/Rect [ 0 0 0 0 ]", "/Rect [ 0 0 9 9 ]")) == "increments");
    CHECK(judge(with(ladder().blta, "/SubFilter /ETSI.RFC3161", "/SubFilter /ETSI.RFC3162")) == "increments");
    CHECK(judge(with(ladder().blta, "(Tidsstampel1)", "(Tidsstampel9)")) == "increments");
}

TEST_CASE("increments in another order, doubled or taken from another certificate are refused") {
    const auto& one = ladder();
    static const test::Ladder other(test::KeyKind::p256);
    auto part = [](const core::Bytes& whole, const core::Bytes& from) {
        return core::as_text(core::ByteView(whole).subspan(from.size()));
    };
    CHECK(judge(with_behind(one.bt, part(one.blta, one.blt))) == "increments");
    CHECK(judge(with_behind(one.blt, part(one.blt, one.bt))) == "increments");
    CHECK(judge(with_behind(one.bt, part(other.blt, other.bt))) == "increments");
    CHECK(judge(with_behind(one.bb, part(one.blt, one.bt))) == "increments");
}

TEST_CASE("validation data behind a seal without a timestamp is refused, even in our form") {
    CHECK(judge(stored(ladder().bb, ladder().needs)) == "increments");
}

TEST_CASE("junk in the DSS is refused: what is not DER of its kind, and what nothing needs") {
    const auto& bt = ladder().bt;
    for (auto part :
         {&core::ValidationData::certificates, &core::ValidationData::ocsps, &core::ValidationData::crls}) {
        core::ValidationData junk = ladder().needs;
        (junk.*part).push_back(core::to_bytes("MZ this program"));
        CHECK(judge(stored(bt, junk)) == "validation-data");
        junk = ladder().needs;
        (junk.*part).push_back({});
        CHECK(judge(stored(bt, junk)) == "validation-data");
    }
    test::Authority stranger(test::authority_order("Någon annan"));
    core::ValidationData ballast = ladder().needs;
    ballast.certificates.push_back(stranger.self().der());
    CHECK(judge(stored(bt, ballast)) == "validation-data");
    ballast = ladder().needs;
    ballast.crls.push_back(stranger.crl(now_ms));
    CHECK(judge(stored(bt, ballast)) == "validation-data");
    ballast = ladder().needs;
    ballast.ocsps.push_back(stranger.ocsp(ladder().world.seal.certificate.get(), now_ms));
    CHECK(judge(stored(bt, ballast)) == "validation-data");
    CHECK(judge(stored(bt, ladder().needs)) == "valid B-LT");
}

TEST_CASE("validation data with a gap in it is B-T, honestly") {
    core::ValidationData few = ladder().needs;
    few.ocsps.clear();
    CHECK(judge(stored(ladder().bt, few)) == "valid B-T");
    CHECK(judge(stored(stored(ladder().bt, few), ladder().needs)) == "valid B-LT");  // and can be mended
}

TEST_CASE("a document timestamp by the wrong hand, of something else or at an impossible time is refused") {
    const auto& blt = ladder().blt;
    const auto& world = ladder().world;
    auto stamped_ms = test::Ladder::stamped_ms + 1000;
    CHECK(judge(stamped(blt, world.tsa, at(stamped_ms))) == "valid B-LTA");
    auto loose = test::tsa_order();
    loose.extended_key_usage = "timeStamping";  // not critical
    CHECK(judge(stamped(blt, world.tsa_ca.issue(loose), at(stamped_ms))) == "document-timestamp 1");
    CHECK(judge(stamped(blt, world.seal, at(stamped_ms))) == "document-timestamp 1");
    test::TokenOrder wrong = at(stamped_ms);
    core::Sha256 other = core::sha256(core::as_bytes("annat"));
    wrong.imprint.assign(other.begin(), other.end());
    CHECK(judge(stamped(blt, world.tsa, wrong)) == "document-timestamp 1");
    // Before its own certificate, before what it covers, and in the future.
    CHECK(judge(stamped(blt, world.tsa, at(now_ms - 100 * day_ms))) == "document-timestamp 1");
    CHECK(judge(stamped(blt, world.tsa, at(now_ms - day_ms))) == "timestamp");
    CHECK(judge(stamped(blt, world.tsa, at(now_ms + 5 * day_ms))).starts_with("undecided"));
    // A TSA of the same name under a root of its own.
    test::Authority root(test::authority_order("Prov-TSA rot")),
        ca(test::authority_order("Prov-TSA utfärdare"), &root);
    CHECK_FALSE(judge(stamped(blt, ca.issue(test::tsa_order()), at(stamped_ms))).starts_with("valid"));
}

TEST_CASE("a hundred increments are read, and the next one is not") {
    core::Bytes pdf = ladder().blt;
    auto opened = open(pdf);
    auto end = opened.later.end;
    for (std::size_t i = 1; i < core::most_increments; ++i) {
        auto increment = core::write_validation_increment(end, ladder().needs);
        core::append(pdf, increment.bytes);
        end = increment.end;
    }
    CHECK(judge(pdf) == "valid B-LT");
    core::append(pdf, core::write_validation_increment(end, ladder().needs).bytes);
    CHECK(judge(pdf) == "increments");
}
