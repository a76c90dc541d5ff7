#include "sync/protocol/invitation.h"

#include "core/base/text.h"

namespace wire {
namespace {

constexpr std::string_view word = "handslag-invitation/1";

std::string who_and_what(const LogName& log, std::string_view request_pem) {
    return log.device.str() + "\n" + std::to_string(log.epoch) + "\n" +
           core::to_hex(core::sha256(core::as_bytes(request_pem))) + "\n";
}

}  // namespace

std::string encode(const Invitation& invitation) {
    return std::string(word) + " " + invitation.url + " " + invitation.code + " " + invitation.pin;
}

core::Result<Invitation> parse_invitation(std::string_view line) {
    std::vector<std::string> parts;
    for (auto part : core::split(core::trim(line), ' '))
        if (!part.empty()) parts.emplace_back(part);
    if (parts.size() != 4 || parts[0] != word || !parts[1].starts_with("https://") ||
        !parts[3].starts_with("sha256//"))
        return core::Error{core::Errc::malformed, "not an invitation: it begins with " + std::string(word)};
    return Invitation{parts[1], core::to_upper(parts[2]), parts[3]};
}

core::Bytes enrolment_message(std::string_view code, const LogName& log, std::string_view request_pem) {
    return core::to_bytes("handslag-enrol/1\n" + std::string(code) + "\n" + who_and_what(log, request_pem));
}

core::Bytes renewal_message(const LogName& log, std::string_view request_pem) {
    return core::to_bytes("handslag-renew/1\n" + who_and_what(log, request_pem));
}

}  // namespace wire
