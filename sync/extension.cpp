#include "sync/extension.h"

#include <algorithm>

#include "core/longterm/extend.h"
#include "core/longterm/timestamp.h"
#include "core/longterm/validation.h"
#include "sync/http.h"

namespace ladder {
namespace {

using core::Level;

constexpr std::int64_t day_ms = 86'400'000;
constexpr http::Limits for_lists{8U << 20, 10'000, 60'000};
constexpr http::Limits for_answers{256U << 10, 10'000, 30'000};

// The first finding that did not pass, for people.
std::string shortcoming(const core::VerifyReport& report) {
    const core::Finding* worst = report.first_failure();
    for (const auto& finding : report.findings)
        if (worst == nullptr && finding.outcome == core::Finding::Outcome::not_checked &&
            finding.check != "revocation")
            worst = &finding;
    return worst != nullptr ? worst->check + ": " + worst->what : "no reason given";
}

}  // namespace

core::Result<Extension> Extension::start(core::Bytes pdf, ExtensionPlan plan, const core::Clock& clock) {
    Extension extension(std::move(pdf), std::move(plan), clock);
    TRY_ASSIGN(extension.now_, extension.judge(extension.pdf_, extension.known_));
    const auto& report = extension.now_.report;
    if (report.verdict == core::Verdict::not_valid)
        return core::Error{core::Errc::damaged, "is not valid: " + shortcoming(report)};
    if (report.verdict == core::Verdict::undecided)
        return core::Error{core::Errc::not_allowed, "cannot be decided: " + shortcoming(report)};
    return extension;
}

bool Extension::is_done() const {
    if (now_.level < plan_.wanted) return false;
    if (plan_.wanted < Level::blta) return true;
    return !plan_.renew && now_.renew_before_ms - clock_->wall_ms() >= plan_.renew_days * day_ms;
}

core::Status Extension::climb() {
    if (now_.level == Level::bb) {
        TRY_ASSIGN(auto extended, with_seal_timestamp());
        return take(std::move(extended), Level::bt);
    }
    if (now_.level == Level::bt) {
        TRY_ASSIGN(auto extended, with_validation_data(Whose::seal));
        return take(std::move(extended), Level::blt);
    }
    core::Bytes before = pdf_;
    if (now_.level == Level::blta) {
        plan_.renew = false;
        TRY_ASSIGN(before, with_validation_data(Whose::last_timestamp));
    }
    TRY_ASSIGN(auto extended, with_document_timestamp(before));
    return take(std::move(extended), Level::blta);
}

core::Result<core::LongTerm> Extension::judge(const core::Bytes& pdf,
                                              const core::ValidationData& besides) const {
    return core::judge_long_term(pdf, plan_.trust, clock_->wall_ms(), besides);
}

core::Result<core::Bytes> Extension::ask_tsa(const core::Sha256& digest) const {
    if (plan_.tsa.empty())
        return core::Error{core::Errc::not_allowed, "a timestamp needs the address of a timestamp authority"};
    TRY_ASSIGN(auto request, core::make_timestamp_request(digest, plan_.policy));
    TRY_ASSIGN(auto response,
               http::fetch({plan_.tsa, "application/timestamp-query", request.der}, for_answers));
    return core::read_timestamp_response(response, request);
}

core::Result<core::Bytes> Extension::with_seal_timestamp() const {
    TRY_ASSIGN(auto digest, core::seal_timestamp_digest(pdf_));
    TRY_ASSIGN(auto token, ask_tsa(digest));
    return core::add_seal_timestamp(pdf_, token);
}

core::Result<core::Bytes> Extension::with_document_timestamp(const core::Bytes& pdf) const {
    TRY_ASSIGN(auto digest, core::document_timestamp_digest(pdf));
    TRY_ASSIGN(auto token, ask_tsa(digest));
    return core::add_document_timestamp(pdf, token);
}

// Asks for what is missing, each place once. Only certificates that lead to a trusted CA say where to ask.
core::Result<core::Bytes> Extension::with_validation_data(Whose whose) {
    TRY_ASSIGN(auto judged, judge(pdf_, known_));
    auto missing = whose == Whose::seal ? judged.seal.missing : judged.last_timestamp.missing;
    for (const auto& one : missing) TRY(look_for(one, whose, judged));
    return core::add_validation_data(pdf_,
                                     whose == Whose::seal ? judged.seal.data : judged.last_timestamp.data);
}

core::Status Extension::look_for(const core::Needs::Missing& wanted, Whose whose, core::LongTerm& judged) {
    auto is_known = [&] {
        const auto& missing = whose == Whose::seal ? judged.seal.missing : judged.last_timestamp.missing;
        return std::none_of(missing.begin(), missing.end(),
                            [&](const auto& one) { return one.ocsp_request == wanted.ocsp_request; });
    };
    if (is_known()) return {};  // an answer about another one told of this too
    std::string tried;
    auto attempt = [&](const core::Result<core::Bytes>& answer, core::Status (*check)(core::ByteView),
                       std::vector<core::Bytes>& into) -> core::Result<bool> {
        auto usable = answer.ok() ? check(*answer) : core::Status(answer.error());
        if (!usable.ok()) {
            tried += "; " + usable.error().detail;
            return false;
        }
        into.push_back(*answer);
        TRY_ASSIGN(judged, judge(pdf_, known_));
        if (is_known()) return true;
        into.pop_back();
        TRY_ASSIGN(judged, judge(pdf_, known_));
        tried += "; an answer that does not tell, or that nobody vouches for";
        return false;
    };
    for (const auto& url : wanted.ocsp_urls) {
        auto answer = http::fetch({url, "application/ocsp-request", wanted.ocsp_request}, for_answers);
        TRY_ASSIGN(bool found, attempt(answer, core::check_ocsp_answer, known_.ocsps));
        if (found) return {};
    }
    for (const auto& url : wanted.crl_urls) {
        TRY_ASSIGN(bool found, attempt(http::fetch({url, "", {}}, for_lists), core::check_crl, known_.crls));
        if (found) return {};
    }
    if (tried.empty()) tried = "; its certificate names no place to ask, and its CA's list was not given";
    return core::Error{core::Errc::not_found, "no revocation data for " + wanted.whose + tried};
}

core::Status Extension::take(core::Bytes extended, Level at_least) {
    TRY_ASSIGN(auto judged, judge(extended, {}));
    if (judged.report.verdict != core::Verdict::valid || judged.level < at_least)
        return core::Error{core::Errc::damaged, "what came out does not verify as " +
                                                    std::string(core::to_id(at_least)) + ": " +
                                                    shortcoming(judged.report)};
    pdf_ = std::move(extended);
    now_ = std::move(judged);
    return {};
}

}  // namespace ladder
