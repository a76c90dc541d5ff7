#include "sync/staff_compare.h"

#include <algorithm>

namespace staff {

Comparison compare(const core::ProtocolRecord& protocol, const std::vector<GivenCertificate>& given) {
    Comparison found;
    found.protocol = protocol.number;
    found.listed = protocol.lines.size();
    for (const auto& line : protocol.lines) {
        found.voided += line.voided ? 1 : 0;
        bool here = std::any_of(given.begin(), given.end(), [&](const GivenCertificate& certificate) {
            return certificate.original_sha256 == line.certificate_sha256;
        });
        if (here)
            ++found.here;
        else
            found.missing.push_back(line.certificate_number);
    }
    for (const auto& certificate : given) {
        const auto& record = certificate.record;
        bool ours = record.ceremony_id == protocol.ceremony_id && record.device == protocol.device &&
                    record.epoch == protocol.epoch;
        if (!ours) continue;
        auto line = std::find_if(protocol.lines.begin(), protocol.lines.end(), [&](const auto& listed) {
            return listed.certificate_number == record.certificate_number;
        });
        if (line == protocol.lines.end())
            found.foreign.push_back(certificate.file);
        else if (line->certificate_sha256 != certificate.original_sha256)
            found.other_file.push_back(certificate.file);
    }
    return found;
}

std::string to_text(const Comparison& comparison) {
    auto count = [](std::size_t n) { return std::to_string(n); };
    std::string text = "Protocol " + comparison.protocol + ": ";
    if (comparison.whole())
        text +=
            "all " + count(comparison.listed) + " certificates that it lists are here, each the very file";
    else
        text += count(comparison.here) + " of the " + count(comparison.listed) +
                " certificates that it lists are here";
    if (comparison.voided > 0) text += " (" + count(comparison.voided) + " listed as voided)";
    text += "\n";
    for (const auto& number : comparison.missing) text += "  not given:     " + number + "\n";
    for (const auto& file : comparison.other_file)
        text += "  another file:  " + file + " (its number is listed, with another content)\n";
    for (const auto& file : comparison.foreign) text += "  not listed:    " + file + "\n";
    return text;
}

core::Json to_json(const Comparison& comparison) {
    return {{"protocol", comparison.protocol},
            {"listed", comparison.listed},
            {"here", comparison.here},
            {"voided", comparison.voided},
            {"whole", comparison.whole()},
            {"missing", comparison.missing},
            {"other_file", comparison.other_file},
            {"not_listed", comparison.foreign}};
}

}  // namespace staff
