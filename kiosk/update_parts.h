// The parts of update(): each file takes the actions that it knows and leaves the rest.
//
//   update.cpp          time, wiping, settings, what the store reports; calls the others
//   update_start.cpp    from the first second to attract: keyring, passphrase, PIN, certificate; the way in
//   update_pin.cpp      the PIN, wherever it is asked for
//   update_visit.cpp    a representative's steps up to the signature: forward, back, language, reading
//   update_find.cpp     which organisation it is, and the host beside
//   update_expected.cpp the list of expected organisations, when another comes
//   update_paper.cpp    a form that was signed on paper, entered by the host
//   update_typed.cpp    what is typed, ticked and chosen on those steps
//   update_sign.cpp     signatures of both parties, sealing, done;  update_ink.cpp: what the pen does
//   update_desk.cpp     the host;  update_closing.cpp: the municipality's signatures under the protocol
//   update_room.cpp     the room's screen, on whatever screen it stands
//   update_answers.cpp  what was typed, judged and put into the model's words
// Not here: State, Action and Effect themselves (kiosk/state.h).
#pragma once

#include <utility>

#include "kiosk/state.h"

namespace kiosk {

struct Turn {
    State& state;
    std::vector<Effect>& effects;
    void ask(Effect effect) { effects.push_back(std::move(effect)); }
};

template <class L>
L* living(State& state) {
    return std::get_if<L>(&state.life);
}

template <class S>
S* at_step(State& state) {
    auto* visiting = living<Visiting>(state);
    return visiting ? std::get_if<S>(&visiting->step) : nullptr;
}

template <class P>
P* at_desk(State& state) {
    auto* desk = living<Desk>(state);
    return desk ? std::get_if<P>(&desk->page) : nullptr;
}

// What the parts that take a visitor's actions stand on.
struct OnVisit {
    Turn& turn;
    State& state = turn.state;
    Visiting& visiting = *living<Visiting>(turn.state);
    Visit& visit = visiting.visit;

    template <class S>
    S* at() {
        return std::get_if<S>(&visiting.step);
    }
};

// Each is called in its own life only, with whatever action comes; what does not belong there changes
// nothing.
void update_start(Turn& turn, const Action& action);
void stop_asking(AwaitCertificate& wait);
void update_visit(Turn& turn, const Action& action);
void update_find(Turn& turn, const Action& action);   // called by update_visit
void update_paper(Turn& turn, const Action& action);  // called by update_visit
void update_typed(Turn& turn, const Action& action);  // called by update_visit
void update_sign(Turn& turn, const Action& action);
void update_desk(Turn& turn, const Action& action);
bool update_closing(Turn& turn, const Action& action);  // called by update_desk; false: not the closing's own
void update_room(Turn& turn, const Action& action);

// Drops all that a person or a host left, and shows attract: the only way out of Visiting, Done, AskPin and
// Desk.
void leave(Turn& turn);
void show_trouble(Turn& turn, const Trouble& trouble);
void tell(Turn& turn, std::string_view words);  // one of state.h's told::; over the screen until dismissed

// The room on the tablet itself: by the host's hand, after a signing, or when attract stands untouched.
void show_room(Turn& turn);
bool room_comes_by_itself(const State& state);
void mark_room(State& state, const Mark& mark);
void room_has_seen(State& state);  // a new signing is new for a time

// PIN entry, the same at attract, beside a visitor and while the certificate is awaited.
void type_pin(const State& state, PinEntry& pin, const Type& type);
void try_pin(Turn& turn, PinEntry& pin);
// Takes what the world answers to a try, and tells what went wrong with it; true: admitted.
bool answer_pin(Turn& turn, PinEntry& pin, const Action& action);
bool is_about_pin(const Failed& failed);  // then answer_pin() tells it, or nobody waits for it any more
bool is_six_digits(const std::string& pin);

// The host beside a visitor: the PIN opens the form, the form goes on.
void admit(Turn& turn, HostBeside& host);
void beside(Turn& turn, HostBeside& host);

inline constexpr std::size_t most_signatories = 6;
void set_text(std::string& to, const std::string& text);  // overwrites what stood there

// Ink on whichever area is on screen.
void add_ink(core::Ink& ink, Pen& pen, const AddInk& event);
void undo_stroke(core::Ink& ink, Pen& pen);

// Steps.
void go_to(Visiting& visiting, Step step);
void begin_visit(Turn& turn, Visit visit, Step step, bool by_host);  // asks for an id where there is none
void enter_paper(Turn& turn);                                        // a new form
void back_to_papers(
    Turn&
        turn);  // the desk's page of forms (attract, when it was not begun there); nothing of this one stays
bool to_check_again(Visiting& visiting);  // after "Ändra": by way of whoever must sign anew; false: not there
Step sign_or_check(const Visit& visit);   // the first who has not signed, or the check
bool is_checked_in(const Visit& visit);   // by the name that it has now
Visit visit_from_record(const core::SigningRecord& record, const core::PrivatePayload* payload);

// What is wrong with what was typed; empty: nothing.
std::vector<FieldError> name_errors(const State& state, const Visit& visit);
std::vector<FieldError> form_errors(const Visit& visit);
std::vector<FieldError> number_errors(const Visit& visit);
std::vector<FieldError> decision_errors(const State& state, const Visit& visit);
std::vector<FieldError> representatives_errors(const Visit& visit);
std::vector<FieldError> contact_errors(const Visit& visit);
std::vector<FieldError> criteria_errors(const State& state, const Visit& visit);
std::vector<FieldError> paper_errors(const State& state, const Visit& visit);
// Of a name that is typed in place of a drawn signature: it must be the signatory's, the witness's somebody else's.
std::vector<FieldError> typed_name_errors(const core::Signature& signature, const std::string& name);
std::vector<FieldError> witness_errors(const core::Signature& signature, const std::string& name);
void sign_by_name(core::Signature& signature, std::string witness, std::int64_t wall_ms);  // after those
bool number_is_personal(const Visit& visit);  // then it must be dropped at once

std::vector<FieldError> undrawable_errors(const Visit& visit, const std::vector<std::string>& texts);
std::vector<std::string> printed_texts(const Visit& visit);  // what the certificate will print of it

// A waiting signing of this ceremony, and the list as it is now, as it may have changed since.
Draft draft_of(const State& state, const Visit& visit);
void fit(const core::Ceremony& ceremony, Draft& draft);

// Another list of expected organisations, at any moment: what is known of each stays with it. Whoever is no longer on it
// goes on as one that was never on it.
void use_list(State& state, std::shared_ptr<const core::Ceremony> ceremony);

// What a signature stands for: organisation, decision, criteria and who signs; hex of a digest.
std::string signed_content(const State& state, const Visit& visit);
// Called when somebody goes on to sign or check: ink that stands for other content is dropped, and that is
// told.
void drop_outdated_ink(Turn& turn, Visiting& visiting);
// Another name under a signature would be a lie: the signature goes with the name.
void rename(Signatory& signatory, const std::string& name);

core::SigningInput order_of(const State& state, const Visit& visit);

}  // namespace kiosk
