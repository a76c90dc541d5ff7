// A small ceremony as a value, and a kiosk that is played by actions alone.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kiosk/state.h"

namespace kiosk_test {

using namespace kiosk;

// 19 November 2026, 14.05 in Sweden.
inline constexpr std::int64_t opening_ms = 1'795'093'500'000;

std::shared_ptr<const core::Ceremony> a_ceremony(
    core::Countersigning countersigning = core::Countersigning::beside);
core::Ink good_ink();
core::SigningId an_id();
std::shared_ptr<const Shown> a_shown();
Lists open_lists();
Lists room_lists();  // two who agreed to be shown, the last one a_certificate()'s; and one who did not
ShownCertificate a_certificate();
ShownCertificate a_personal_certificate();  // of an enrolled tablet
std::shared_ptr<const core::SigningRecord> a_record();

// Every text in a State, wherever it stands: what must not hold a person's words after a wipe.
std::string all_texts(const State& state);

struct Play {
    State state;
    std::vector<Effect> effects;  // of the last action

    int single = 0, joint = 1;  // of Ceremony::expected: one that one person signs for, one that two do

    explicit Play(core::Countersigning countersigning = core::Countersigning::beside, bool open = true)
        : Play(a_ceremony(countersigning), open) {}
    explicit Play(std::shared_ptr<const core::Ceremony> ceremony, bool open = true);

    Play& act(const Action& action);
    Play& type(Field field, const std::string& text, int index = 0) { return act(Type{field, index, text}); }
    Play& mark(Box box, int index = 0) { return act(Mark{box, index, true}); }
    Play& go_on() { return act(Continue{}); }
    Play& wait(std::int64_t ms);
    Play& draw();  // a good signature in whatever area is open
    Play& check_in(int expected);

    // From attract to the step named; an expected organisation with one representative.
    Play& to_find();
    Play& to_read();
    Play& meet_criteria();                     // ticks all and goes on
    Play& to_details(DetailsStep::Page page);  // by going back from the choices: the list has said it all
    Play& to_sign();
    Play& to_check();
    Play& to_sealing();
    Play& to_second_of_two();  // a joint signing; the first has signed
    Play& to_desk();
    Play& to_paper();  // a form of the single one's, up to what the host says of it
    Play& fill_in_paper();
    // The same for a new organisation that meets the host.
    Play& new_organisation(const std::string& name);

    template <class E>
    const E* asked() const {
        for (const auto& effect : effects)
            if (auto* found = std::get_if<E>(&effect)) return found;
        return nullptr;
    }
    template <class L>
    const L* life() const {
        return std::get_if<L>(&state.life);
    }
    template <class S>
    const S* step() const {
        auto* visiting = std::get_if<Visiting>(&state.life);
        return visiting ? std::get_if<S>(&visiting->step) : nullptr;
    }
    template <class P>
    const P* page() const {
        auto* desk = std::get_if<Desk>(&state.life);
        return desk ? std::get_if<P>(&desk->page) : nullptr;
    }
    const Visiting& visiting() const { return std::get<Visiting>(state.life); }
    const Visit& visit() const { return visiting().visit; }
    bool has_error(const std::string& message) const;
};

// Every screen there is, by the way that leads to it.
struct Screen {
    const char* name;
    std::function<Play()> make;
    std::string_view buttons = {};  // pressed there: T is Tab, E is Enter
};
std::vector<Screen> screens(const std::shared_ptr<const core::Ceremony>& ceremony);

}  // namespace kiosk_test
