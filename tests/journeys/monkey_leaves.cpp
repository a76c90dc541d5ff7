// The ways back: by what is on screen, or by waiting.
#include <algorithm>

#include "kiosk/platform/headless.h"
#include "monkey.h"

namespace monkey {

using namespace kiosk;

bool Monkey::at_home() {
    const auto& life = state().life;
    return std::holds_alternative<Attract>(life) || std::holds_alternative<Desk>(life);
}

core::Status Monkey::leave_by_hand() {
    note("leave by hand");
    constexpr int most_steps = 60;  // more than any way has
    for (int i = 0; i < most_steps; ++i) {
        TRY(settle());
        if (at_home() && !state().trouble && !state().help_open) {
            ++left_by_hand_;
            return {};
        }
        const auto& nodes = loop().semantics().nodes;
        auto question = std::find_if(nodes.rbegin(), nodes.rend(), [](const SemanticNode& n) {
            return n.id == "ask" && n.enabled && n.on_screen;
        });
        if (question != nodes.rend()) {
            tap(*question);
        } else if (const auto* lock = std::get_if<AskPassphrase>(&state().life)) {
            auto field = std::find_if(nodes.begin(), nodes.end(), [](const SemanticNode& n) {
                return n.role == Role::field && n.on_screen;
            });
            if (lock->recovery) {
                // On a small display the screen keyboard hides the way: a key puts it away.
                if (!tap_called("passphrase.use_words")) Hand(loop()).key(SDLK_ESCAPE);
                continue;
            }
            auto words = backstage_.passphrase();
            if (field == nodes.end() || !words.ok()) return lost("there is nowhere to write the passphrase");
            tap(*field);
            Hand hand(loop());
            hand.key(SDLK_a, KMOD_CTRL);
            hand.key(SDLK_BACKSPACE);
            hand.type(*words);
            hand.key(SDLK_ESCAPE);  // the screen keyboard goes
            if (!tap_called("passphrase.open")) return lost("nobody opens the tablet");
        } else if (!tap_called("frame.back") && !tap_called("sealing.back") && !tap_called("later.done") &&
                   !tap_called("done.close")) {
            note("Escape");
            Hand(loop()).key(SDLK_ESCAPE);
        }
    }
    return lost("no way leads back by hand");
}

core::Status Monkey::leave_by_waiting() {
    note("leave by waiting");
    TRY(settle());
    backstage_.travel(700);
    loop().refresh();
    TRY(settle());
    // A locked tablet stays locked; and what could not be kept is wiped by no clock.
    if (!std::holds_alternative<Attract>(state().life)) return leave_by_hand();
    ++left_by_waiting_;
    return {};
}

}  // namespace monkey
