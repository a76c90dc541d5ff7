// The staff's PIN, wherever it is asked for; after too many wrong ones, the passphrase in its place.
#include "core/base/text.h"
#include "kiosk/update_parts.h"

namespace kiosk {
namespace {

constexpr std::size_t longest_pin = 12, longest_passphrase = 200;

}  // namespace

bool is_six_digits(const std::string& pin) {
    return pin.size() == 6 && pin.find_first_not_of("0123456789") == std::string::npos;
}

void type_pin(const State& state, PinEntry& pin, const Type& type) {
    bool locked = state.tablet.pin_locked;
    if (pin.busy || type.field != (locked ? Field::passphrase : Field::pin)) return;
    if (type.text.size() > (locked ? longest_passphrase : longest_pin)) return;
    set_text(pin.typed, type.text), pin.wrong = false;
}

void try_pin(Turn& turn, PinEntry& pin) {
    if (pin.busy) return;
    if (turn.state.tablet.pin_locked) {
        if (core::trim(pin.typed).empty()) return;
        turn.ask(TryPassphrase{pin.typed});
    } else {
        if (turn.state.monotonic_ms < pin.throttled_until_ms) return;
        if (!is_six_digits(pin.typed)) {
            pin.wrong = true;  // not worth one of the counted tries
            return core::wipe(pin.typed);
        }
        turn.ask(TryPin{pin.typed});
    }
    core::wipe(pin.typed);
    pin.busy = true, pin.wrong = false;
}

bool answer_pin(Turn& turn, PinEntry& pin, const Action& action) {
    if (!pin.busy) return false;
    auto& state = turn.state;
    auto wait = [&](std::int64_t seconds) {
        pin.throttled_until_ms = seconds > 0 ? state.monotonic_ms + seconds * 1000 : 0;
    };
    if (auto* tried = std::get_if<PinTried>(&action)) {
        pin.busy = false;
        pin.wrong = !tried->right;
        // The try that locks was a wrong PIN, not a wrong passphrase.
        if (tried->locked && !state.tablet.pin_locked) pin.wrong = false;
        state.tablet.pin_locked = tried->locked;
        wait(tried->wait_s);
        return tried->right;
    }
    if (auto* failed = std::get_if<Failed>(&action); failed && is_about_pin(*failed)) {
        const auto& error = failed->trouble.error;
        pin.busy = false;
        pin.wrong = error.code == core::Errc::wrong_secret;
        wait(words_for(error).wait_s);
        if (!pin.wrong && pin.throttled_until_ms == 0) show_trouble(turn, failed->trouble);
    }
    return false;
}

bool is_about_pin(const Failed& failed) {
    return failed.trouble.job == Job::try_pin || failed.trouble.job == Job::try_passphrase;
}

}  // namespace kiosk
