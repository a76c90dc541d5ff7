#include <algorithm>

#include "core/base/text.h"
#include "kiosk/draft.h"
#include "kiosk/update_parts.h"

namespace kiosk {
namespace {

constexpr int usual_volume = 3, loudest = 5;
constexpr std::int64_t attract_reset_ms = 45'000, ask_pin_ms = 60'000;

std::string default_language(const State& state) {
    if (!state.ceremony || state.ceremony->languages.empty()) return "sv";
    return language_of_words(*state.ceremony, state.ceremony->languages.front());
}

// Headphones that stay in are for whoever comes next.
bool voice_by_itself(const State& state) {
    return state.voice_way == VoiceWay::headphones && state.headphones == Jack::in;
}

bool look_is_default(const State& state) {
    return state.text_size == TextSize::normal && state.contrast == Contrast::light &&
           state.steadiness == Steadiness::off && state.voice == voice_by_itself(state) &&
           state.volume == usual_volume && state.language == default_language(state);
}

void reset_look(State& state) {
    state.text_size = TextSize::normal;
    state.contrast = Contrast::light;
    state.steadiness = Steadiness::off;
    state.voice = voice_by_itself(state);
    state.volume = usual_volume;
    state.language = default_language(state);
}

bool is_sealing(const State& state) {
    auto* visiting = std::get_if<Visiting>(&state.life);
    auto* sealing = visiting ? std::get_if<SealingStep>(&visiting->step) : nullptr;
    return sealing && !sealing->trouble;
}

// A signing that could be neither sealed nor kept must not be wiped by a clock.
bool is_unkept_failure(const State& state) {
    auto* visiting = std::get_if<Visiting>(&state.life);
    auto* sealing = visiting ? std::get_if<SealingStep>(&visiting->step) : nullptr;
    if (!sealing || !sealing->trouble) return false;
    return std::none_of(state.drafts.begin(), state.drafts.end(),
                        [&](const Draft& draft) { return draft.id == visiting->visit.draft; });
}

bool desk_is_busy(const State& state) {
    auto* desk = std::get_if<Desk>(&state.life);
    if (!desk) return false;
    auto* closing = std::get_if<DeskClosing>(&desk->page);
    auto* signing = std::get_if<DeskSigning>(&desk->page);
    return (closing && closing->busy) || (signing && signing->busy);
}

// How long the life at hand may stay untouched before leave(); nothing: for ever.
std::optional<std::int64_t> patience_ms(const State& state) {
    if (auto* visiting = std::get_if<Visiting>(&state.life)) {
        if (is_sealing(state) || is_unkept_failure(state)) return std::nullopt;
        if (std::holds_alternative<HostStep>(visiting->step)) return host_wait_ms;
        if (auto* later = std::get_if<LaterStep>(&visiting->step); later && !later->saved)
            return std::nullopt;
        return idle_wipe_ms;
    }
    if (std::holds_alternative<Done>(state.life)) return done_ms;
    if (std::holds_alternative<AskPin>(state.life)) return ask_pin_ms;
    if (auto* wait = std::get_if<AwaitCertificate>(&state.life); wait && wait->wanted) return ask_pin_ms;
    if (std::holds_alternative<Desk>(state.life) && !desk_is_busy(state)) return staff_idle_ms;
    if (std::holds_alternative<Attract>(state.life) && !look_is_default(state)) return attract_reset_ms;
    if (room_comes_by_itself(state)) return room_after_ms;
    return std::nullopt;
}

const PinEntry* pin_on_screen(const State& state) {
    if (auto* ask = std::get_if<AskPin>(&state.life)) return &ask->pin;
    if (auto* wait = std::get_if<AwaitCertificate>(&state.life)) return &wait->pin;
    auto* visiting = std::get_if<Visiting>(&state.life);
    if (!visiting) return nullptr;
    if (auto* host = std::get_if<HostStep>(&visiting->step)) return &host->host.pin;
    auto* witness = witness_of(visiting->step);
    return witness ? &witness->pin : nullptr;
}

void take(State& state, const Lists& lists) { state.lists = lists; }

void unlocked(Turn& turn, const Unlocked& unlocked) {
    auto& state = turn.state;
    state.tablet = unlocked.tablet;
    take(state, unlocked.lists);
    state.drafts.clear();
    for (const auto& [id, content] : unlocked.drafts) {
        if (id.starts_with("arrival-")) {
            if (!state.ceremony) continue;
            auto arrival = decode_arrival(*state.ceremony, id, content);
            if (arrival.ok())
                state.check_ins[static_cast<std::size_t>(arrival->expected)] = arrival->check_in;
            else if (arrival.error().code != core::Errc::not_found)
                state.trouble = Trouble{Job::read_lists, arrival.error()};
        } else if (auto draft = decode_draft(id, content); draft.ok()) {
            if (state.ceremony) fit(*state.ceremony, *draft);
            state.drafts.push_back(std::move(*draft));
        } else {
            state.trouble = Trouble{Job::read_lists, draft.error()};  // it stays in the store
        }
    }
}

bool store_is_open(const State& state) {
    const auto& life = state.life;
    return !std::holds_alternative<Starting>(life) && !std::holds_alternative<CannotStart>(life) &&
           !std::holds_alternative<FirstRun>(life) && !std::holds_alternative<AskPassphrase>(life);
}

struct Common {
    Turn& turn;
    State& state = turn.state;

    void operator()(const Tick& tick) {
        bool warned = idle_countdown_s(state).has_value();
        bool slept_long = tick.monotonic_ms - state.monotonic_ms >= away_ms;
        state.wall_ms = tick.wall_ms;
        state.monotonic_ms = tick.monotonic_ms;
        // A tablet may sleep through the warning: whoever is back soon gets it whole.
        if (!warned && !slept_long && idle_countdown_s(state))
            state.touched_ms = state.monotonic_ms - (*patience_ms(state) - idle_countdown_ms);
        if (auto patience = patience_ms(state);
            patience && state.monotonic_ms - state.touched_ms >= *patience) {
            if (room_comes_by_itself(state) && look_is_default(state))
                show_room(turn);
            else if (std::holds_alternative<Attract>(state.life))
                reset_look(state);
            else if (auto* wait = living<AwaitCertificate>(state))
                stop_asking(*wait);
            else
                leave(turn);
        }
        room_has_seen(state);
    }
    void operator()(const SetTextSize& set) { state.text_size = set.size; }
    void operator()(const SetContrast& set) { state.contrast = set.contrast; }
    void operator()(const SetSteadiness& set) { state.steadiness = set.steadiness; }
    void operator()(const SetVoice& set) {
        if (state.voice_way == VoiceWay::off) return;
        bool refused = set.on && state.voice_way == VoiceWay::headphones && state.headphones == Jack::out;
        if (refused) tell(turn, told::headphones_first);
        state.voice = set.on && !refused;
    }
    void operator()(const SetVolume& set) {
        state.volume = std::clamp(state.volume + std::clamp(set.step, -1, 1), 1, loudest);
    }
    void operator()(const ReadAgain&) { state.readings += state.voice ? 1 : 0; }
    // Whether the ceremony still counts as open hangs on the clock.
    void operator()(const ClockJumped&) {
        if (store_is_open(state)) turn.ask(ReadLists{});
    }
    // Whoever plugs headphones in wants to listen; whoever pulls them out does not want the room to.
    void operator()(const HeadphonesChanged& change) {
        state.headphones = change.jack;
        if (state.voice_way == VoiceWay::headphones) state.voice = voice_by_itself(state);
    }
    ShownCertificate* on_screen() {
        if (auto* done = living<Done>(state)) return &done->certificate;
        if (auto* page = at_desk<DeskCertificate>(state)) return &page->certificate;
        if (auto* page = at_desk<DeskClosed>(state)) return &page->protocol;
        return nullptr;
    }
    void operator()(const PrintAsked&) {
        auto* shown = on_screen();
        if (shown == nullptr || shown->printer.empty() || shown->printing == Printing::busy) return;
        shown->printing = Printing::busy;
        turn.ask(Print{shown->seq, shown->printer});
    }
    void operator()(const Printed& answer) {
        auto* shown = on_screen();  // whoever has left does not hear of it
        if (shown != nullptr && shown->seq == answer.seq) shown->printing = answer.how;
    }
    void operator()(const Failed& failed) {
        auto* shown = on_screen();
        if (failed.trouble.job == Job::print && shown != nullptr) shown->printing = Printing::not_yet;
    }
    void operator()(const AskForHelp&) { state.help_open = true; }
    void operator()(const Dismiss&) { state.help_open = false, state.trouble.reset(); }
    void operator()(const Unlocked& answer) { unlocked(turn, answer); }
    void operator()(const CeremonyOpened& answer) { take(state, answer.lists); }
    void operator()(const SigningCompleted& answer) {
        take(state, answer.lists);
        state.room.newest = answer.certificate.seq, state.room.newest_from_ms = state.monotonic_ms;
    }
    void operator()(const RoomScreenChanged& change) {
        state.room.has_screen = change.open;
        if (change.open) state.room.newest_from_ms = state.monotonic_ms;
    }
    void operator()(const SigningVoided& answer) { take(state, answer.lists); }
    void operator()(const CeremonyClosed& answer) { take(state, answer.lists); }
    void operator()(const CopiedToStick& answer) { take(state, answer.lists); }
    void operator()(const ListsRead& answer) { take(state, answer.lists); }
    void operator()(const ExpectedChanged& changed) {
        if (state.ceremony) use_list(state, changed.ceremony);
    }
    void operator()(const Declined& answer) { take(state, answer.lists); }
    void operator()(const SyncTold& told) {
        bool ended =
            state.sync.stage == SyncState::Stage::sending && told.sync.stage == SyncState::Stage::idle;
        state.sync = told.sync;
        // Never beside a visit: the desk asks again when it is opened.
        bool visited = living<Visiting>(state) != nullptr || living<Done>(state) != nullptr;
        if (ended && told.sync.well && !visited) turn.ask(KeepRetention{});
    }
    void operator()(const RetentionKept& answer) {
        state.retained = answer.retained;
        take(state, answer.lists);
    }
    void operator()(const CertificateInstalled& answer) { state.tablet = answer.tablet; }
    void operator()(const StickChanged& answer) { state.sticks = answer.sticks; }
    void operator()(const FreshId& answer) {
        if (auto* visiting = living<Visiting>(state); visiting && visiting->visit.id.empty())
            visiting->visit.id = answer.id;
    }
    void operator()(const DraftSaved& answer) {
        auto* visiting = living<Visiting>(state);
        if (!visiting || visiting->visit.draft != answer.id) return;
        std::erase_if(state.drafts, [&](const Draft& draft) { return draft.id == answer.id; });
        state.drafts.push_back(draft_of(state, visiting->visit));
        if (auto* later = std::get_if<LaterStep>(&visiting->step)) later->saved = true;
    }
    void operator()(const DrawableChecked& answer) {
        auto* visiting = living<Visiting>(state);
        if (!visiting || answer.undrawable.empty()) return;
        auto found = undrawable_errors(visiting->visit, answer.undrawable);
        if (found.empty()) return;  // it has been changed since
        if (found.front().field == Field::organisation_name || found.front().field == Field::form_text ||
            found.front().field == Field::place)
            go_to(*visiting,
                  OrganisationStep{found.front().field == Field::form_text ? OrganisationStep::Page::form
                                                                           : OrganisationStep::Page::name});
        else if (found.front().field == Field::decision_body)
            go_to(*visiting, DetailsStep{});
        else
            go_to(*visiting, DetailsStep{DetailsStep::Page::representatives});
        visiting->errors = std::move(found);
    }
    template <class Other>
    void operator()(const Other&) {}
};

using Part = void (*)(Turn&, const Action&);
Part part_for(const State& state) {
    if (std::holds_alternative<Desk>(state.life)) return update_desk;
    if (std::holds_alternative<Done>(state.life)) return update_sign;
    if (std::holds_alternative<TheRoom>(state.life)) return update_room;
    auto* visiting = std::get_if<Visiting>(&state.life);
    if (!visiting) return update_start;
    static const std::size_t first_to_sign = Step(SignStep{}).index();
    return visiting->step.index() < first_to_sign ? update_visit : update_sign;
}

bool by_a_person(const Action& action) {
    static const std::size_t first_of_the_world = Action(Tick{}).index();
    return action.index() < first_of_the_world;
}

}  // namespace

void leave(Turn& turn) {
    auto& state = turn.state;
    bool signed_now = living<Done>(state) != nullptr;
    if (auto* visiting = living<Visiting>(state)) {
        wipe(visiting->visit);
        if (auto* find = std::get_if<FindStep>(&visiting->step)) core::wipe(find->search);
        if (auto* decline = std::get_if<DeclineStep>(&visiting->step)) core::wipe(decline->words);
        if (auto* host = std::get_if<HostStep>(&visiting->step))
            for (auto& name : host->host.form.names) core::wipe(name);
    }
    if (auto* page = at_desk<DeskSigning>(state); page && page->redo) wipe(*page->redo);
    if (auto* page = at_desk<DeskClosing>(state))
        for (auto& [signatory, signature] : page->municipal)
            core::wipe(signature.typed_name), core::wipe(signature.witness);
    if (auto* ask = living<AskPin>(state)) core::wipe(ask->pin.typed);
    state.life = Attract{};
    state.help_open = false;
    state.trouble.reset();
    reset_look(state);
    turn.ask(Wipe{});
    if (signed_now && state.room.between_visits) show_room(turn);
}

const HostBeside* witness_of(const Step& step) {
    if (auto* sign = std::get_if<SignStep>(&step)) return sign->witness ? &*sign->witness : nullptr;
    auto* municipality = std::get_if<MunicipalityStep>(&step);
    return municipality && municipality->witness ? &*municipality->witness : nullptr;
}

void show_trouble(Turn& turn, const Trouble& trouble) { turn.state.trouble = trouble; }

void tell(Turn& turn, std::string_view words) {
    show_trouble(turn, {Job::complete_signing, {core::Errc::not_allowed, std::string(words)}});
}

std::size_t State::signed_count() const {
    return static_cast<std::size_t>(std::count_if(lists.signings.begin(), lists.signings.end(),
                                                  [](const SigningLine& line) { return !line.voided; }));
}

std::vector<std::string> personal_texts(const State& state) {
    if (auto* visiting = std::get_if<Visiting>(&state.life)) {
        auto texts = personal_texts(visiting->visit);
        if (auto* decline = std::get_if<DeclineStep>(&visiting->step); decline && !decline->words.empty())
            texts.insert(texts.begin(), decline->words);
        return texts;
    }
    std::vector<std::string> texts;
    if (!std::holds_alternative<Desk>(state.life)) return texts;
    auto add = [&](const std::vector<std::string>& more) {
        texts.insert(texts.end(), more.begin(), more.end());
    };
    if (state.ceremony)
        for (const auto& expected : state.ceremony->expected)
            for (const auto& who : expected.representatives) texts.push_back(who.name);
    for (const auto& check_in : state.check_ins) add(check_in.names);
    for (const auto& draft : state.drafts) add(personal_texts(draft.visit));
    if (auto* page = std::get_if<DeskClosing>(&std::get<Desk>(state.life).page))
        for (const auto& municipal : page->municipal)
            if (!municipal.signature.witness.empty()) texts.push_back(municipal.signature.witness);
    // The longest first: a name within another must not leave half of it.
    std::stable_sort(texts.begin(), texts.end(),
                     [](const auto& a, const auto& b) { return a.size() > b.size(); });
    return texts;
}

bool shows_secrets(const State& state) { return std::holds_alternative<FirstRun>(state.life); }

CertificateTime certificate_time(const Tablet& tablet, std::int64_t wall_ms) {
    if (tablet.seals_until_ms == 0) return CertificateTime::good;
    if (wall_ms < tablet.seals_from_ms) return CertificateTime::not_yet;
    if (wall_ms > tablet.seals_until_ms) return CertificateTime::ended;
    return certificate_days_left(tablet, wall_ms) <= ends_soon_days ? CertificateTime::ends_soon
                                                                    : CertificateTime::good;
}

int certificate_days_left(const Tablet& tablet, std::int64_t wall_ms) {
    constexpr std::int64_t day_ms = 86'400'000;
    return static_cast<int>(std::max<std::int64_t>(0, tablet.seals_until_ms - wall_ms) / day_ms);
}

Job job_of(const Effect& effect) {
    static_assert(std::variant_size_v<Effect> == static_cast<std::size_t>(Job::wipe) + 1);
    // Effect lists its alternatives in Job's order; each pair is checked where it is easy to get wrong.
    static_assert(
        std::is_same_v<std::variant_alternative_t<static_cast<std::size_t>(Job::wipe), Effect>, Wipe>);
    static_assert(
        std::is_same_v<std::variant_alternative_t<static_cast<std::size_t>(Job::complete_signing), Effect>,
                       CompleteSigning>);
    static_assert(
        std::is_same_v<std::variant_alternative_t<static_cast<std::size_t>(Job::load_start), Effect>,
                       LoadStart>);
    return static_cast<Job>(effect.index());
}

Updated start() {
    Updated updated;
    updated.effects.push_back(LoadStart{});
    return updated;
}

Updated update(State state, const Action& action) {
    Updated updated{std::move(state), {}};
    Turn turn{updated.state, updated.effects};
    // A finger that lands while "Är du kvar?" is up answers by its button, not by landing.
    bool lands_on_question = std::holds_alternative<Touched>(action) && idle_countdown_s(turn.state);
    if (by_a_person(action) && !lands_on_question) turn.state.touched_ms = turn.state.monotonic_ms;
    // Chosen by the life before the action, so that no action is taken twice by two lives.
    auto part = part_for(turn.state);
    auto life_before = turn.state.life.index();
    std::visit(Common{turn}, action);
    if (turn.state.life.index() == life_before) part(turn, action);
    return updated;
}

std::optional<int> idle_countdown_s(const State& state) {
    auto patience = patience_ms(state);
    if (!patience || !std::holds_alternative<Visiting>(state.life)) return std::nullopt;
    std::int64_t left = *patience - (state.monotonic_ms - state.touched_ms);
    if (left > idle_countdown_ms) return std::nullopt;
    return static_cast<int>(std::max<std::int64_t>(0, (left + 999) / 1000));
}

int done_countdown_s(const State& state) {
    std::int64_t left = done_ms - (state.monotonic_ms - state.touched_ms);
    return static_cast<int>(std::clamp<std::int64_t>((left + 999) / 1000, 0, done_ms / 1000));
}

std::optional<int> next_wake_ms(const State& state) {
    std::optional<std::int64_t> wake;
    auto sooner = [&](std::int64_t ms) { wake = std::min(wake.value_or(ms), std::max<std::int64_t>(ms, 1)); };
    constexpr std::int64_t second = 1000;
    std::int64_t idle = state.monotonic_ms - state.touched_ms;
    if (auto patience = patience_ms(state)) {
        std::int64_t left = *patience - idle;
        bool visiting = std::holds_alternative<Visiting>(state.life),
             done = std::holds_alternative<Done>(state.life);
        std::int64_t counted = done ? *patience : visiting ? idle_countdown_ms : 0;
        // Before the countdown one long sleep; in it, wake as each second ends.
        if (left > counted)
            sooner(left - counted);
        else
            sooner(left > 0 && counted > 0 ? (left - 1) % second + 1 : left);
    }
    bool somebody_to_show = std::any_of(state.lists.signings.begin(), state.lists.signings.end(),
                                        [](const SigningLine& line) { return line.shown && !line.voided; });
    if (std::holds_alternative<Attract>(state.life) && state.lists.ceremony_open && somebody_to_show)
        sooner(shown_name_ms - state.monotonic_ms % shown_name_ms);
    if (auto room = room_wake_ms(state)) sooner(*room);
    if (auto* pin = pin_on_screen(state); pin && pin->throttled_until_ms > state.monotonic_ms)
        sooner((pin->throttled_until_ms - state.monotonic_ms - 1) % second + 1);
    if (!wake) return std::nullopt;
    return static_cast<int>(*wake);
}

}  // namespace kiosk
