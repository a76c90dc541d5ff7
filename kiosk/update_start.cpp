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

// Whatever was typed on the way here has been used.
void wipe_typed(Life& life) {
    if (auto* ask = std::get_if<AskPassphrase>(&life)) core::wipe(ask->typed);
    if (auto* choose = std::get_if<ChoosePin>(&life)) core::wipe(choose->pin), core::wipe(choose->again);
    if (auto* wait = std::get_if<AwaitCertificate>(&life)) core::wipe(wait->pin.typed);
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
        const auto& languages = state.ceremony->languages;
        if (!languages.empty()) state.language = language_of_words(*state.ceremony, languages.front());
        if (answer.has_keyring)
            state.life = AskPassphrase{};
        else
            state.life = FirstRun{FirstRun::ChooseLetter{}};
    }

    void operator()(const KeyringCreated& answer) {
        bool renewed = living<AskPassphrase>(state) != nullptr;
        if (!renewed && !living<FirstRun>(state)) return;
        wipe_typed(state.life);
        state.life = FirstRun{FirstRun::WriteDown{answer.passphrase, answer.recovery_code}, renewed};
    }
    void operator()(const Unlocked&) {
        // After the first run's secrets; those are still on screen.
        if (!living<AskPassphrase>(state)) return;
        wipe_typed(state.life);
        state.life = next_life(state);
        turn.ask(Wipe{});
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
            set_text(ask->typed, type.text), ask->wrong = false;
        if (auto* choose = living<ChoosePin>(state); choose && !choose->busy) {
            if (type.field == Field::pin) set_text(choose->pin, type.text), choose->error.clear();
            if (type.field == Field::pin_again) set_text(choose->again, type.text), choose->error.clear();
        }
        if (auto* ask = living<AskPin>(state)) type_pin(state, ask->pin, type);
        if (auto* wait = living<AwaitCertificate>(state); wait && wait->wanted)
            type_pin(state, wait->pin, type);
        if (auto* first = living<FirstRun>(state))
            if (auto* confirm = std::get_if<FirstRun::Confirm>(&first->step);
                confirm && type.field == Field::word) {
                set_text(type.index == 0 ? confirm->typed_first : confirm->typed_second, type.text);
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
        if (auto* wait = living<AwaitCertificate>(state); wait && wait->wanted) try_pin(turn, wait->pin);
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
        if (auto* wait = living<AwaitCertificate>(state)) stop_asking(*wait);
    }

    void operator()(const PinSet&) {
        if (living<ChoosePin>(state)) {
            wipe_typed(state.life);
            state.tablet.has_pin = true;
            state.life = next_life(state);
        }
    }

    void operator()(const SaveRequestAsked&) { ask_staff(AwaitCertificate::Wanted::save_request); }
    void operator()(const InstallCertificateAsked&) { ask_staff(AwaitCertificate::Wanted::install); }
    void ask_staff(AwaitCertificate::Wanted wanted) {
        auto* wait = living<AwaitCertificate>(state);
        if (wait && !wait->busy && !wait->wanted) wait->wanted = wanted;
    }
    void operator()(const RequestSaved&) {
        if (auto* wait = living<AwaitCertificate>(state)) wait->request_saved = true, wait->busy = false;
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
        const auto& chosen = language.empty() ? state.ceremony->languages.front() : language;
        visit.language = language_of_text(*state.ceremony, chosen);
        state.language = language_of_words(*state.ceremony, chosen);
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
        if (is_about_pin(failed)) return;
        show_trouble(turn, failed.trouble);
    }

    template <class Other>
    void operator()(const Other&) {}
};

}  // namespace

void begin_visit(Turn& turn, Visit visit, Step step, bool by_host) {
    auto& state = turn.state;
    if (visit.id.empty()) turn.ask(NewId{});
    if (visit.criteria.empty()) visit.criteria.assign(state.ceremony->agreement.criteria.size(), false);
    // Words that were chosen stay, where they go with this text.
    if (language_of_text(*state.ceremony, state.language) != visit.language)
        state.language = language_of_words(*state.ceremony, visit.language);
    state.touched_ms = state.monotonic_ms;
    state.life = Visiting{std::move(visit), std::move(step), {}, false, by_host};
}

void stop_asking(AwaitCertificate& wait) {
    core::wipe(wait.pin.typed);
    wait.pin = {}, wait.wanted.reset();
}

void update_start(Turn& turn, const Action& action) {
    auto& state = turn.state;
    if (auto* ask = living<AskPin>(state); ask && answer_pin(turn, ask->pin, action)) {
        state.touched_ms = state.monotonic_ms;
        state.life = Desk{};
        if (!state.sync.server.empty() && state.sync.stage == SyncState::Stage::idle)
            turn.ask(KeepRetention{});
        return turn.ask(ReadLists{});
    }
    if (auto* wait = living<AwaitCertificate>(state); wait && answer_pin(turn, wait->pin, action)) {
        bool save = wait->wanted == AwaitCertificate::Wanted::save_request;
        stop_asking(*wait);
        wait->busy = true;
        return turn.ask(save ? Effect(SaveRequest{}) : Effect(InstallCertificate{}));
    }
    std::visit(Begins{turn}, action);
}

}  // namespace kiosk
