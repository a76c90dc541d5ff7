#include "core/certificate/verify_revision.h"

#include <algorithm>

#include "core/certificate/verify_page.h"

namespace core {
namespace {

constexpr const char *pades = "ETSI EN 319 142-1 6.3", *associated = "ISO 19005-3 6.8";

}  // namespace

std::size_t first_revision_size(ByteView pdf) {
    std::string_view text = as_text(pdf);
    constexpr std::string_view begin = "\nstartxref\n", end = "\n%%EOF\n";
    for (auto at = text.find(begin); at != std::string_view::npos; at = text.find(begin, at + 1)) {
        auto digits = at + begin.size();
        auto behind = text.find_first_not_of("0123456789", digits);
        if (behind != std::string_view::npos && behind > digits && text.substr(behind, end.size()) == end)
            return behind + end.size();
    }
    return pdf.size();
}

Result<std::optional<FirstRevision>> judge_first_revision(Judgement& judgement, ByteView revision) {
    std::optional<FirstRevision> none;
    TRY_ASSIGN(PdfFile file, PdfFile::read(revision));
    judgement.passed("form", "every byte of what was sealed is accounted for", "ISO 32000-1 7.5");
    FirstRevision first{std::move(file), {}, {}};
    auto sealed = check_structure(first.file, revision);
    if (!sealed.ok()) {
        judgement.failed("structure", sealed.error().detail, pades);
        return none;
    }
    first.sealed = std::move(*sealed);
    judgement.passed("structure", "one seal, which covers the whole file and forbids changes", pades);
    auto seal = check_cms(first.sealed.hole, first.sealed.digest);
    if (!seal.ok()) {
        judgement.failed("signature", seal.error().detail, "RFC 5652 5.6, ETSI EN 319 122-1 5");
        return none;
    }
    first.seal = std::move(*seal);
    judgement.passed("signature", "the signature holds, and its encoding is strict",
                     "RFC 5652 5.6, ETSI EN 319 122-1 5");
    VerifyReport& report = judgement.report();
    report.level = "B-B";
    report.sealed_by = common_name(first.seal.signer.get());
    report.issuer_fingerprint = to_hex(sha256(to_der(first.seal.issuer.get(), i2d_X509)));
    report.claimed_at_ms = first.sealed.claimed_at_ms;
    report.demonstration = says_demonstration(first.seal.signer.get());
    if (std::string why = check_usage(first.seal.signer.get()); !why.empty())
        judgement.failed("usage", "the seal's certificate: " + why, "RFC 9336 3");
    else
        judgement.passed("usage", "the certificate is for sealing documents", "RFC 9336 3");
    return std::optional<FirstRevision>(std::move(first));
}

void judge_chain(Judgement& judgement, const FirstRevision& first, const std::vector<X509Certificate>& trust,
                 std::int64_t at_ms) {
    using Standing = ChainFacts::Standing;
    X509* signer = first.seal.signer.get();
    ChainFacts chain = check_chain(first.seal, trust, at_ms);
    switch (chain.standing) {
        case Standing::trusted:
            judgement.passed("chain", "the certificate leads to a trusted CA and is valid", "RFC 5280 6.1");
            break;
        case Standing::untrusted:
            judgement.failed("chain", chain.why, "RFC 5280 6.1");
            break;
        case Standing::outside_validity:
        case Standing::no_anchor:
            judgement.undecided("chain", chain.why, "RFC 5280 6.1");
            break;
    }
    std::int64_t claimed_ms = first.sealed.claimed_at_ms;
    if (claimed_ms < to_ms(X509_get0_notBefore(signer)) || claimed_ms > to_ms(X509_get0_notAfter(signer)))
        judgement.failed("claimed-time", "the seal claims a time when its certificate was not valid",
                         "ETSI EN 319 142-1 6.3 (M), RFC 5280 4.1.2.5");
    else
        judgement.passed("claimed-time", "the claimed time lies within the certificate's validity",
                         "ETSI EN 319 142-1 6.3 (M), RFC 5280 4.1.2.5");
}

void judge_record(Judgement& judgement, const FirstRevision& first) {
    VerifyReport& report = judgement.report();
    std::size_t room = inflated_room;
    auto record = extract_record(first.file, *first.sealed.catalog, room);
    if (!record.ok()) return judgement.failed("record", record.error().detail, associated);
    report.record_name = record->name;
    report.record = record->content;
    auto pages = read_pages(first.file, first.sealed.pages, room);
    if (!pages.ok()) return judgement.failed("page", pages.error().detail, "ISO 32000-1 8, 9");
    judgement.passed("page", "what the pages show is text in plain sight, lines, ink and the arms",
                     "ISO 32000-1 8, 9");
    auto compared = compare_with_record(*record, *pages, {first.sealed.claimed_at_ms, report.demonstration});
    if (!compared.ok()) return judgement.failed("record", compared.error().detail, associated);
    report.demonstration = report.demonstration || compared->demonstration;
    report.facts = std::move(compared->facts);
    judgement.passed("record", "the embedded record is canonical, and the pages say the same", associated);
    judgement.not_checked("letters", "whether the embedded fonts draw each letter as that letter",
                          "ISO 32000-1 9.10");
}

}  // namespace core
