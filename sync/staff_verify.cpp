// handslag verify, handslag show: reading certificates.
#include <algorithm>
#include <iostream>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/certificate/verify_report.h"
#include "core/certificate/verify_revision.h"
#include "core/longterm/extend.h"
#include "core/longterm/judge.h"
#include "core/longterm/validation.h"
#include "sync/staff.h"
#include "sync/staff_compare.h"

namespace staff {
namespace {

std::string printable(const core::Json& json) {
    return json.dump(2, ' ', false, core::Json::error_handler_t::replace);
}

bool names_timestamp(const core::VerifyReport& report) {
    return std::any_of(report.findings.begin(), report.findings.end(), [](const auto& finding) {
        return finding.outcome == core::Finding::Outcome::not_checked &&
               finding.check.find("timestamp") != std::string::npos;
    });
}

core::Result<core::VerifyReport> judge(core::ByteView pdf, const core::TrustFiles& trust, std::int64_t at_ms,
                                       const core::ValidationData& lists = {}) {
    TRY_ASSIGN(auto judged, core::judge_long_term(pdf, trust, at_ms, lists));
    return std::move(judged.report);
}

// The seal's own bytes: what openssl cms -verify wants.
struct SealParts {
    core::Bytes cms, signed_data;
};
core::Result<SealParts> seal_parts(core::ByteView pdf) {
    const core::Error none{core::Errc::malformed, "no seal in the form that Handslag writes"};
    auto text = core::as_text(pdf);
    auto at = text.substr(0, core::first_revision_size(pdf)).rfind("/ByteRange");  // not a later timestamp's
    if (at == std::string_view::npos) return none;
    std::uint64_t range[4] = {};
    at = text.find('[', at);
    for (auto& number : range) {
        at = at == std::string_view::npos ? at : text.find_first_of("0123456789", at);
        if (at == std::string_view::npos) return none;
        int digits = 0;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && digits < 18; ++at, ++digits)
            number = number * 10 + static_cast<std::uint64_t>(text[at] - '0');
    }
    bool fits = range[0] == 0 && range[1] < range[2] && range[2] <= pdf.size() &&
                range[3] <= pdf.size() - range[2] && range[2] - range[1] > 2;
    if (!fits) return none;
    auto hex = text.substr(static_cast<std::size_t>(range[1]) + 1,
                           static_cast<std::size_t>(range[2] - range[1]) - 2);
    auto padded = core::from_hex(hex);
    if (!padded || padded->size() < 4 || (*padded)[0] != 0x30 || (*padded)[1] != 0x82) return none;
    std::size_t size = 4U + (static_cast<std::size_t>((*padded)[2]) << 8 | (*padded)[3]);
    if (size > padded->size()) return none;
    padded->resize(size);
    SealParts parts{std::move(*padded), {}};
    core::append(parts.signed_data, pdf.first(static_cast<std::size_t>(range[1])));
    core::append(parts.signed_data,
                 pdf.subspan(static_cast<std::size_t>(range[2]), static_cast<std::size_t>(range[3])));
    return parts;
}

int write_parts(const ShowOptions& options, core::ByteView pdf) {
    auto parts = seal_parts(pdf);
    if (!parts.ok()) return complain(options.file.string(), parts.error());
    for (const auto& [path, content] : {std::pair{&options.cms_output, &parts->cms},
                                        std::pair{&options.signed_output, &parts->signed_data}}) {
        if (path->empty()) continue;
        if (auto written = core::write_file_durably(*path, *content); !written.ok())
            return complain(path->string(), written.error());
    }
    return all_well;
}

core::Result<std::int64_t> moment(const std::string& day) {
    if (day.empty()) return core::SystemClock().wall_ms();
    auto date = core::parse_iso_date(day);
    if (date.empty()) return core::Error{core::Errc::malformed, "not a date that exists; write YYYY-MM-DD"};
    return core::from_swedish_time({date, 23, 59, 59});
}

// When the record says that it was sealed: whether it was changed does not depend on today.
std::int64_t declared_at(const std::string& record) {
    auto json = core::decode_canonical(record);
    bool told = json.ok() && json->is_object() && json->contains("declared_at_ms") &&
                (*json)["declared_at_ms"].is_number_integer();
    return told ? (*json)["declared_at_ms"].get<std::int64_t>() : core::SystemClock().wall_ms();
}

// What has been read, until all of it can be compared.
struct Gathered {
    std::vector<core::ProtocolRecord> protocols;
    std::vector<GivenCertificate> certificates;

    // Of files whose seal holds; what is refused belongs to nothing.
    void take(const std::string& file, core::ByteView pdf, const core::VerifyReport& report) {
        if (report.verdict == core::Verdict::not_valid) return;
        if (auto protocol = core::decode_protocol_record(report.record); protocol.ok())
            protocols.push_back(std::move(*protocol));
        auto signing = core::decode_signing_record(report.record);
        auto original = core::sealed_original(pdf);
        if (signing.ok() && original.ok())
            certificates.push_back({file, std::move(*signing), core::to_hex(core::sha256(*original))});
    }
};

}  // namespace

core::Result<std::string> read_trust(const std::vector<Path>& files) {
    std::string all;
    for (const auto& file : files) {
        TRY_ASSIGN(auto pem, read_text(file));
        if (pem.find("-----BEGIN CERTIFICATE-----") == std::string::npos)
            return core::Error{core::Errc::malformed, file.string() + ": holds no certificate (PEM)"};
        all += pem + "\n";
    }
    return all;
}

core::Result<core::ValidationData> read_lists(const std::vector<Path>& files) {
    core::ValidationData lists;
    for (const auto& file : files) {
        TRY_ASSIGN(auto content, core::read_file(file));
        auto der = core::crl_to_der(content);
        if (!der.ok()) return core::Error{der.error().code, file.string() + ": " + der.error().detail};
        lists.crls.push_back(std::move(*der));
    }
    return lists;
}

int verify(const VerifyOptions& options) {
    auto trust = read_trust(options.trust);
    if (!trust.ok()) return complain("--trust", trust.error());
    auto trust_tsa = read_trust(options.trust_tsa);
    if (!trust_tsa.ok()) return complain("--trust-tsa", trust_tsa.error());
    auto lists = read_lists(options.crls);
    if (!lists.ok()) return complain("--crl", lists.error());
    auto at_ms = moment(options.at);
    if (!at_ms.ok()) return complain("--at", at_ms.error());
    auto trusted = core::read_trusted(*trust + "\n" + *trust_tsa);
    if (!trusted.ok()) return complain("--trust", trusted.error());
    int worst = all_well;
    core::Json all = core::Json::array();
    Gathered gathered;
    for (const auto& file : options.files) {
        auto content = core::read_file(file);
        auto report = content.ok() ? judge(*content, {*trust, *trust_tsa}, *at_ms, *lists)
                                   : core::Result<core::VerifyReport>(content.error());
        if (!report.ok()) {
            worst = could_not;
            if (options.form == Form::json)
                all.push_back(
                    {{"file", file.string()}, {"verdict", "unreadable"}, {"why", report.error().detail}});
            else
                std::cout << file.string() << ": UNREADABLE\n";
            complain(file.string(), report.error());
            continue;
        }
        if (report->verdict != core::Verdict::valid) worst = std::max<int>(worst, found_wanting);
        gathered.take(file.string(), *content, *report);
        core::Judged judged{file.string(),
                            "handslag " HANDSLAG_VERSION,
                            core::sha256(*content),
                            content->size(),
                            *at_ms,
                            core::SystemClock().wall_ms(),
                            *trusted};
        if (options.form == Form::json)
            all.push_back(core::report_json(judged, *report));
        else
            std::cout << core::report_text(judged, *report);
        if (report->verdict == core::Verdict::undecided && options.trust.empty())
            std::cerr << "  Give the municipality's root certificate: --trust root.crt\n";
        else if (report->verdict == core::Verdict::undecided && options.trust_tsa.empty() &&
                 names_timestamp(*report))
            std::cerr << "  Give the timestamp authority's root: --trust-tsa tsa-root.pem\n";
    }
    for (const auto& protocol : gathered.protocols) {
        if (gathered.certificates.empty()) break;  // a protocol alone is judged alone
        auto comparison = compare(protocol, gathered.certificates);
        if (!comparison.whole()) worst = std::max<int>(worst, found_wanting);
        if (options.form == Form::json)
            all.push_back(to_json(comparison));
        else
            std::cout << to_text(comparison);
    }
    if (options.form == Form::json) std::cout << printable(all) << '\n';
    return worst;
}

int show(const ShowOptions& options) {
    auto content = core::read_file(options.file);
    if (!content.ok()) return complain(options.file.string(), content.error());
    if (!options.cms_output.empty() || !options.signed_output.empty()) return write_parts(options, *content);
    auto report = judge(*content, {}, core::SystemClock().wall_ms());
    if (!report.ok()) return complain(options.file.string(), report.error());
    if (report->record.empty())
        return complain(options.file.string(), {core::Errc::not_found, "no record could be read in it"});
    report = judge(*content, {}, declared_at(report->record));
    if (!report.ok()) return complain(options.file.string(), report.error());
    if (report->verdict == core::Verdict::not_valid)
        std::cerr << "handslag: " << options.file.string()
                  << ": NOT VALID; do not trust what follows (handslag verify says why)\n";
    if (options.raw) {
        std::cout << report->record;
    } else {
        auto json = core::Json::parse(report->record, nullptr, false);
        std::cout << (json.is_discarded() ? report->record : printable(json)) << '\n';
    }
    return report->verdict == core::Verdict::not_valid ? found_wanting : all_well;
}

}  // namespace staff
