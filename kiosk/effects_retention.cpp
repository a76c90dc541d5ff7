// What the tablet forgets (sync/client/retention.h), and with it what the clerk remembers of that.
#include <spdlog/spdlog.h>

#include "kiosk/effects_clerk.h"
#include "sync/client/retention.h"

namespace kiosk {
namespace {

constexpr const char* standing_decision =
    "Surfplattans kopia rensas: kommunens server har kvitterat den, och tiden i municipality.toml är ute";

}  // namespace

core::Status Clerk::operate(KeepRetention&) {
    if (!store_ || !ceremony_) return core::Error{core::Errc::not_allowed, "the store is not open"};
    RetentionKept answer;
    auto server = client::enrolled_server(*store_);
    if (server.ok() && !transfer_) {  // without receipts nothing is forgotten
        const auto& municipality = ceremony_->municipality;
        client::RetentionRules rules;
        rules.keep_days = municipality.tablet_keep_days;
        rules.disposal_decision = municipality.tablet_disposal_decision.empty()
                                      ? standing_decision
                                      : municipality.tablet_disposal_decision;
        TRY_ASSIGN(auto kept, client::keep_retention(*store_, *server, rules, settings_.clock->now()));
        for (auto seq : kept.erased) shown_.erase(seq);
        if (!kept.erased.empty()) {
            spdlog::info("retention: {} entries were erased", kept.erased.size());
            declined_.clear(), declined_up_to_ = 0;  // read again, without those that are gone
        }
        answer.retained = {kept.erased.size(), kept.waits_for_closing, kept.asks_for_time, kept.clock_is_odd};
    }
    TRY_ASSIGN(answer.lists, lists());
    answer_(std::move(answer));
    return {};
}

}  // namespace kiosk
