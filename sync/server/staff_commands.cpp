#include "sync/server/staff_commands.h"

#include "core/base/json.h"
#include "sync/server/enrolment.h"

namespace server {
namespace {

using core::Errc;
using core::Error;
using core::Json;

std::string text_in(const Json& json, const char* name) {
    return json.contains(name) && json[name].is_string() ? json[name].get<std::string>() : std::string();
}

const char* to_words(wire::LogState state) {
    switch (state) {
        case wire::LogState::active:
            return "active";
        case wire::LogState::frozen:
            return "FROZEN";
        case wire::LogState::revoked:
            return "lost";
    }
    return "?";
}

}  // namespace

Result<std::string> run_staff_command(Home& home, std::string_view text, std::int64_t now_ms) {
    TRY_ASSIGN(Json json, core::decode_canonical(text));
    if (!json.is_object()) return Error{Errc::malformed, "not a command"};
    auto command = text_in(json, "command");
    if (command == "invite") {
        TRY_ASSIGN(auto invitation, invite(home, text_in(json, "tablet"), text_in(json, "url"), now_ms));
        return wire::encode(invitation) + "\n";
    }
    if (command == "list") {
        TRY_ASSIGN(auto logs, home.ledger->all_logs());
        std::string lines;
        for (const auto& log : logs)
            lines += log.name.device.str() + "  epoch " + std::to_string(log.name.epoch) + "  " +
                     to_words(log.state) + "  " + std::to_string(log.held) + " entries  " + log.tablet + "\n";
        return lines;
    }
    if (command == "revoke") {
        auto device = core::DeviceId::parse(text_in(json, "device"));
        bool has_epoch = json.contains("epoch") && json["epoch"].is_number_unsigned();
        if (!device || !has_epoch) return Error{Errc::malformed, "which device, which epoch?"};
        TRY(home.ingest->revoke({*device, json["epoch"].get<std::uint32_t>()}, text_in(json, "why")));
        return std::string("reported lost: what it sends from now on is kept apart\n");
    }
    return Error{Errc::malformed, "no such command"};
}

}  // namespace server
