#include "core/certificate/verify_report.h"

#include <algorithm>
#include <ctime>

#include "core/base/clock.h"
#include "core/certificate/x509.h"

namespace core {
namespace {

using Outcome = Finding::Outcome;

std::string utc(std::int64_t ms, const char* form = "%Y-%m-%d %H:%M:%S UTC") {
    auto seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[40];
    std::strftime(text, sizeof text, form, &parts);
    return text;
}
std::string iso(std::int64_t ms) { return utc(ms, "%Y-%m-%dT%H:%M:%SZ"); }

const char* word(Outcome outcome) {
    return outcome == Outcome::passed ? "passed" : outcome == Outcome::failed ? "FAILED" : "not checked";
}

const Finding* left_open(const VerifyReport& report) {
    for (const Finding& finding : report.findings)
        if (finding.outcome == Outcome::not_checked && finding.check == "chain") return &finding;
    return nullptr;
}

std::string fact(const VerifyReport& report, std::string_view name) {
    for (const auto& [what, text] : report.facts)
        if (what == name) return text;
    return {};
}

// For a terminal: a hostile certificate's name may hold what would move its cursor.
std::string printable(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
    return text;
}

class Lines {
  public:
    explicit Lines(std::string first) : text_(std::move(first)) {}
    void add(std::string_view name, const std::string& what, std::size_t column = 20) {
        if (what.empty()) return;
        std::string label(name);
        label.resize(std::max(label.size() + 1, column), ' ');
        text_ += "  " + label + printable(what) + "\n";
    }
    void heading(const char* what) { text_ += std::string("\n  ") + what + "\n"; }
    // Prose, broken between words.
    void prose(const std::string& words) {
        const std::string what = printable(words);
        std::string line;
        std::size_t from = 0;
        while (from < what.size()) {
            std::size_t to = std::min(what.find(' ', from), what.size());
            if (!line.empty() && line.size() + (to - from) > 96) text_ += "  " + line + "\n", line.clear();
            line += (line.empty() ? "" : " ") + what.substr(from, to - from);
            from = to + 1;
        }
        if (!line.empty()) text_ += "  " + line + "\n";
    }
    void findings(const VerifyReport& report, Outcome outcome, const char* title) {
        bool first = true;
        for (const Finding& finding : report.findings) {
            if (finding.outcome != outcome) continue;
            if (first) heading(title);
            first = false;
            std::string clause = finding.clause.empty() ? "" : " [" + finding.clause + "]";
            add(word(outcome), finding.check + ": " + finding.what + clause, 13);
        }
    }
    std::string text() && { return std::move(text_); }

  private:
    std::string text_;
};

const char* verdict_word(Verdict verdict) {
    return verdict == Verdict::valid ? "VALID" : verdict == Verdict::undecided ? "UNDECIDED" : "NOT VALID";
}
const char* verdict_id(Verdict verdict) {
    return verdict == Verdict::valid ? "valid" : verdict == Verdict::undecided ? "undecided" : "not_valid";
}

std::string claimed(const VerifyReport& report) {
    if (report.claimed_at_ms == 0) return {};
    LocalTime at = to_swedish_time(report.claimed_at_ms);
    auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return at.date.iso() + " " + two(at.hour) + ":" + two(at.minute) + ":" + two(at.second) +
           " in Sweden, by the sealing device's own clock";
}

}  // namespace

Result<std::vector<TrustedCa>> read_trusted(std::string_view pem) {
    TRY_ASSIGN(auto certificates, read_certificates(pem));
    std::vector<TrustedCa> trusted;
    for (const auto& one : certificates)
        trusted.push_back({common_name(one.get()), to_hex(core::sha256(to_der(one.get(), i2d_X509)))});
    return trusted;
}

std::string in_words(const VerifyReport& report) {
    std::string words;
    const Finding *failure = report.first_failure(), *open = left_open(report);
    switch (report.verdict) {
        case Verdict::valid:
            words =
                "The file is byte for byte as it was sealed by " + report.sealed_by +
                ", whose certificate was issued for sealing by a CA that is trusted here. Its pages say what "
                "its record says.";
            break;
        case Verdict::undecided:
            words =
                "Nothing speaks against the file, which is as it was sealed, but who sealed it is not "
                "settled" +
                (open != nullptr ? ": " + open->what : std::string()) + ".";
            break;
        case Verdict::not_valid:
            words = "Do not rely on this file" + (failure != nullptr ? ": " + failure->what : std::string()) +
                    ".";
            break;
    }
    if (report.demonstration) words += " DEMONSTRATION: made to show and to try; it binds nobody.";
    return words;
}

std::string report_text(const Judged& judged, const VerifyReport& report) {
    Lines lines(printable(judged.file) + ": " + verdict_word(report.verdict) + "\n");
    lines.prose(in_words(report));
    lines.findings(report, Outcome::failed, "Why it is refused");
    lines.heading("What was judged");
    lines.add("file", "SHA-256 " + to_hex(judged.sha256) + ", " + std::to_string(judged.size) + " bytes");
    lines.add("judged as of", utc(judged.as_of_ms));
    lines.add("made", utc(judged.made_at_ms) + " by " + judged.program);
    for (const TrustedCa& ca : judged.trusted) lines.add("trusted", ca.name + " (SHA-256 " + ca.sha256 + ")");
    if (judged.trusted.empty()) lines.add("trusted", "no CA was given");
    if (report.verdict != Verdict::not_valid) {
        lines.add(report.verdict == Verdict::valid ? "sealed by" : "calls itself",
                  report.sealed_by + (report.level.empty() ? "" : " (PAdES " + report.level + ")"));
        lines.add("claims", claimed(report));
    }
    if (!report.issuer_fingerprint.empty()) lines.add("issuing CA", "SHA-256 " + report.issuer_fingerprint);
    lines.add("revocation", report.revocation);
    if (report.verdict != Verdict::not_valid && !report.facts.empty()) {
        lines.heading("What it says");
        for (const auto& [name, what] : report.facts) lines.add(name, what);
    }
    lines.findings(report, Outcome::passed, "What was checked");
    lines.findings(report, Outcome::not_checked, "What was not checked");
    return std::move(lines).text();
}

Json report_json(const Judged& judged, const VerifyReport& report) {
    Json findings = Json::array(), trusted = Json::array(), facts = Json::array();
    for (const Finding& finding : report.findings)
        findings.push_back({{"check", finding.check},
                            {"outcome", word(finding.outcome)},
                            {"what", finding.what},
                            {"clause", finding.clause}});
    for (const TrustedCa& ca : judged.trusted) trusted.push_back({{"name", ca.name}, {"sha256", ca.sha256}});
    bool told = report.verdict != Verdict::not_valid;
    if (told)
        for (const auto& [name, what] : report.facts) facts.push_back({{"name", name}, {"what", what}});
    const Finding* failure = report.first_failure();
    return {{"file", judged.file},
            {"sha256", to_hex(judged.sha256)},
            {"size", judged.size},
            {"verdict", verdict_id(report.verdict)},
            {"in_words", in_words(report)},
            {"refused_by", failure != nullptr ? failure->check : ""},
            {"judged_as_of", iso(judged.as_of_ms)},
            {"made_at", iso(judged.made_at_ms)},
            {"program", judged.program},
            {"trusted", std::move(trusted)},
            {"level", report.level},
            {"number", told ? fact(report, "number") : ""},
            {"sealed_by", report.sealed_by},
            {"claimed_at", report.claimed_at_ms == 0 ? "" : iso(report.claimed_at_ms)},
            {"issuer_sha256", report.issuer_fingerprint},
            {"revocation", report.revocation},
            {"demonstration", report.demonstration},
            {"facts", std::move(facts)},
            {"findings", std::move(findings)}};
}

}  // namespace core
