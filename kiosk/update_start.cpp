#include <algorithm>

#include "core/base/text.h"
#include "kiosk/update_parts.h"

namespace kiosk {
namespace {

// Where a tablet whose store is open goes next.
Life next_life(const State& state) {
    if (!state.tablet.has_pin) return ChoosePin{};
    if (!state.tablet.has_seal_certificate) return AwaitCertificate{};
    return Attract{};
}

std::vector<std::string> words_in(const std::string& passphrase) {
    std::vector<std::string> words;
    std::string folded = core::fold_for_search(passphrase);  // hyphens become spaces
    for (auto word : core::split(folded, ' '))
        if (!word.empty()) words.emplace_back(word);
    return words;
}

bool is_word(const std::string& passphrase, int place, const std::string& typed) {
    auto words = words_in(passphrase);
    auto index = static_cast<std::size_t>(place - 1);
    return index < words.size() && core::fold_for_search(typed) == words[index];
}

bool is_weak_pin(const std::string& pin) {
    bool same = true, rising = true, falling = true;
    for (std::size_t i = 1; i < pin.size(); ++i) {
        same = same && pin[i] == pin[i - 1];
        rising = rising && pin[i] == pin[i - 1] + 1;
        falling = falling && pin[i] == pin[i - 1] - 1;
    }
    return same || rising || falling;
}

bool is_six_digits(const std::string& pin) {
    return pin.size() == 6 && pin.find_first_not_of("0123456789") == std::string::npos;
}

void show_secrets(State& state, const KeyringCreated& answer) {
    state.life = FirstRun{FirstRun::WriteDown{answer.passphrase, answer.recovery_code}};
}

struct Begins {
    Turn& turn;
    State& state = turn.state;

    void operator()(const Started& answer) {
        state.ceremony = answer.ceremony;
        state.arms = answer.arms;
        if (!state.ceremony) {
            state.life = CannotStart{std::nullopt, answer.problems};
            return;
        }
        state.check_ins.assign(state.ceremony->expected.size(), CheckIn{});
        if (!state.ceremony->languages.empty()) {
            const auto& first = state.ceremony->languages.front();
            state.language = first.substr(0, first.find('_'));
        }
        if (answer.has_keyring)
            state.life = AskPassphrase{};
        else
            state.life = FirstRun{FirstRun::ChooseLetter{}};
    }

    void operator()(const KeyringCreated& answer) {
        if (living<FirstRun>(state) || living<AskPassphrase>(state)) show_secrets(state, answer);
    }
    void operator()(const Unlocked&) {
        // After the first run's secrets; those are still on screen.
        if (living<AskPassphrase>(state)) state.life = next_life(state);
    }

    void operator()(const Choose& choose) {
        auto* first = living<FirstRun>(state);
        auto* letter = first ? std::get_if<FirstRun::ChooseLetter>(&first->step) : nullptr;
        if (letter && !letter->busy && choose.choice == Choice::letter && choose.option >= 0 &&
            choose.option < 26)
            letter->letter = static_cast<char>('A' + choose.option);
    }

    void operator()(const Type& type) {
        if (!core::is_utf8(type.text)) return;
        if (auto* ask = living<AskPassphrase>(state); ask && type.field == Field::passphrase && !ask->busy)
            ask->typed = type.text, ask->wrong = false;
        if (auto* choose = living<ChoosePin>(state); choose && !choose->busy) {
            if (type.field == Field::pin) choose->pin = type.text, choose->error.clear();
            if (type.field == Field::pin_again) choose->again = type.text, choose->error.clear();
        }
        if (auto* ask = living<AskPin>(state); ask && type.field == Field::pin) type_pin(ask->pin, type.text);
        if (auto* first = living<FirstRun>(state))
            if (auto* confirm = std::get_if<FirstRun::Confirm>(&first->step);
                confirm && type.field == Field::word) {
                (type.index == 0 ? confirm->typed_first : confirm->typed_second) = type.text;
                confirm->wrong = false;
            }
    }

    void operator()(const UseRecoveryCode& use) {
        if (auto* ask = living<AskPassphrase>(state); ask && !ask->busy) {
            core::wipe(ask->typed);
            *ask = AskPassphrase{use.on, "", false, false};
        }
    }

    void operator()(const Continue&) {
        if (auto* first = living<FirstRun>(state)) return go_on(*first);
        if (auto* ask = living<AskPassphrase>(state); ask && !ask->busy && !core::trim(ask->typed).empty()) {
            ask->busy = true, ask->wrong = false;
            turn.ask(Unlock{ask->typed, ask->recovery});
        }
        if (auto* choose = living<ChoosePin>(state); choose && !choose->busy) {
            choose->error = !is_six_digits(choose->pin)    ? "pin.not_six_digits"
                            : is_weak_pin(choose->pin)     ? "pin.too_easy"
                            : choose->pin != choose->again ? "pin.not_the_same"
                                                           : "";
            if (!choose->error.empty()) return;
            choose->busy = true;
            turn.ask(SetPin{choose->pin});
        }
        if (auto* ask = living<AskPin>(state)) try_pin(turn, ask->pin);
    }

    void go_on(FirstRun& first) {
        if (auto* letter = std::get_if<FirstRun::ChooseLetter>(&first.step); letter && !letter->busy) {
            letter->busy = true;
            turn.ask(CreateKeyring{letter->letter});
        } else if (auto* secrets = std::get_if<FirstRun::WriteDown>(&first.step)) {
            // Which two is not predictable for whoever only writes down some of them.
            int count = static_cast<int>(words_in(secrets->passphrase).size());
            int first_place = 1 + static_cast<int>(state.monotonic_ms % std::max(1, count / 2));
            int second_place =
                1 + count / 2 + static_cast<int>(state.wall_ms % std::max(1, count - count / 2));
            first.step = FirstRun::Confirm{std::move(secrets->passphrase),
                                           std::move(secrets->recovery_code),
                                           first_place,
                                           second_place,
                                           "",
                                           "",
                                           false};
        } else if (auto* confirm = std::get_if<FirstRun::Confirm>(&first.step)) {
            confirm->wrong = !is_word(confirm->passphrase, confirm->first, confirm->typed_first) ||
                             !is_word(confirm->passphrase, confirm->second, confirm->typed_second);
            if (confirm->wrong) return;
            for (auto* text : {&confirm->passphrase, &confirm->recovery_code, &confirm->typed_first,
                               &confirm->typed_second})
                core::wipe(*text);
            state.life = next_life(state);
            turn.ask(Wipe{});
        }
    }

    void operator()(const Back&) {
        if (auto* first = living<FirstRun>(state)) {
            if (auto* confirm = std::get_if<FirstRun::Confirm>(&first->step)) {
                auto again =
                    FirstRun::WriteDown{std::move(confirm->passphrase), std::move(confirm->recovery_code)};
                first->step = std::move(again);
            }
        }
        if (living<AskPin>(state)) leave(turn);
    }

    void operator()(const PinSet&) {
        if (auto* choose = living<ChoosePin>(state)) {
            core::wipe(choose->pin), core::wipe(choose->again);
            state.tablet.has_pin = true;
            state.life = next_life(state);
        }
    }

    void operator()(const SaveRequestAsked&) {
        if (auto* wait = living<AwaitCertificate>(state); wait && !wait->busy)
            wait->busy = true, turn.ask(SaveRequest{});
    }
    void operator()(const RequestSaved&) {
        if (auto* wait = living<AwaitCertificate>(state)) *wait = {true, false};
    }
    void operator()(const InstallCertificateAsked&) {
        if (auto* wait = living<AwaitCertificate>(state); wait && !wait->busy)
            wait->busy = true, turn.ask(InstallCertificate{});
    }
    void operator()(const CertificateInstalled&) {
        if (living<AwaitCertificate>(state)) state.life = next_life(state);
    }

    void operator()(const Begin&) { begin({}); }
    void operator()(const ChooseLanguage& choose) { begin(choose.language); }
    void begin(const std::string& language) {
        if (!living<Attract>(state) || !state.lists.ceremony_open) return;
        Visit visit;
        bool only_one = state.ceremony->languages.size() < 2;
        visit.language = !language.empty() ? language
                         : only_one        ? state.ceremony->languages.front()
                                           : state.language;
        state.language = visit.language.substr(0, visit.language.find('_'));
        Step step = PrivacyStep{};
        if (language.empty() && !only_one) step = ChooseLanguageStep{};
        begin_visit(turn, std::move(visit), std::move(step), false);
    }
    void operator()(const OpenStaff&) {
        if (living<Attract>(state)) state.life = AskPin{};
    }
    void operator()(const TryAgain&) {
        if (living<CannotStart>(state)) {
            state.life = Starting{};
            turn.ask(LoadStart{});
        }
    }

    void operator()(const Failed& failed) {
        const auto& [job, error] = failed.trouble;
        bool wrong = error.code == core::Errc::wrong_secret;
        if (auto* ask = living<AskPassphrase>(state); ask && job == Job::unlock) {
            ask->busy = false;
            core::wipe(ask->typed);
            if (wrong)
                ask->wrong = true;
            else if (error.code == core::Errc::throttled)
                show_trouble(turn, failed.trouble);
            else
                state.life = CannotStart{failed.trouble, {}};
            return;
        }
        if (job == Job::load_start || job == Job::create_keyring || job == Job::unlock) {
            state.life = CannotStart{failed.trouble, {}};
            return;
        }
        if (auto* choose = living<ChoosePin>(state); choose && job == Job::set_pin) {
            choose->busy = false;
            if (error.code == core::Errc::not_allowed)
                choose->error = "pin.too_easy";
            else
                show_trouble(turn, failed.trouble);
            return;
        }
        if (auto* wait = living<AwaitCertificate>(state)) wait->busy = false;
        if (job == Job::try_pin) return;  // answer_pin() says it, or nobody waits for it any more
        show_trouble(turn, failed.trouble);
    }

    template <class Other>
    void operator()(const Other&) {}
};

}  // namespace

void type_pin(PinEntry& pin, const std::string& typed) {
    if (pin.busy || typed.size() > 12) return;
    pin.typed = typed, pin.wrong = false;
}

void try_pin(Turn& turn, PinEntry& pin) {
    if (pin.busy || turn.state.monotonic_ms < pin.throttled_until_ms) return;
    if (!is_six_digits(pin.typed)) {
        pin.wrong = true;  // not worth one of the counted tries
        core::wipe(pin.typed);
        return;
    }
    pin.busy = true, pin.wrong = false;
    turn.ask(TryPin{pin.typed});
    core::wipe(pin.typed);
}

Admission answer_pin(const State& state, PinEntry& pin, const Action& action) {
    if (!pin.busy) return Admission::none;
    auto wait = [&](std::int64_t seconds) {
        pin.throttled_until_ms = seconds > 0 ? state.monotonic_ms + seconds * 1000 : 0;
    };
    if (auto* tried = std::get_if<PinTried>(&action)) {
        pin.busy = false;
        pin.wrong = !tried->right;
        wait(tried->wait_s);
        return tried->right ? Admission::admitted : Admission::refused;
    }
    if (auto* failed = std::get_if<Failed>(&action); failed && failed->trouble.job == Job::try_pin) {
        pin.busy = false;
        pin.wrong = failed->trouble.error.code == core::Errc::wrong_secret;
        wait(words_for(failed->trouble.error).wait_s);
        return Admission::refused;
    }
    return Admission::none;
}

void begin_visit(Turn& turn, Visit visit, Step step, bool by_host) {
    auto& state = turn.state;
    if (visit.id.empty()) turn.ask(NewId{});
    if (visit.criteria.empty()) visit.criteria.assign(state.ceremony->agreement.criteria.size(), false);
    state.language = visit.language.substr(0, visit.language.find('_'));
    state.touched_ms = state.monotonic_ms;
    state.life = Visiting{std::move(visit), std::move(step), {}, false, by_host};
}

void update_start(Turn& turn, const Action& action) {
    auto& state = turn.state;
    if (auto* ask = living<AskPin>(state)) {
        auto admission = answer_pin(state, ask->pin, action);
        if (admission == Admission::admitted) {
            state.touched_ms = state.monotonic_ms;
            state.life = Desk{};
            turn.ask(ReadLists{});
            return;
        }
        auto* failed = std::get_if<Failed>(&action);
        if (failed && failed->trouble.job == Job::try_pin && !ask->pin.wrong &&
            ask->pin.throttled_until_ms == 0)
            return show_trouble(turn, failed->trouble);
    }
    std::visit(Begins{turn}, action);
}

}  // namespace kiosk
