#include <algorithm>

#include "core/base/text.h"
#include "kiosk/draft.h"
#include "kiosk/update_parts.h"

namespace kiosk {
namespace {

bool is_beside(const State& state) {
    return state.ceremony->countersigning == core::Countersigning::beside &&
           !state.ceremony->signatories.empty();
}

// Asks the store to keep the signing; DraftSaved puts it on the list.
void keep_as_draft(Turn& turn, Visiting& visiting) {
    auto& visit = visiting.visit;
    if (visit.id.empty()) return;  // NewId has failed; that trouble is on screen
    visit.draft = "signing-" + visit.id.str();
    visit.representatives_signed = signed_content(turn.state, visit);
    turn.ask(SaveDraft{visit.draft, encode(draft_of(turn.state, visit))});
}

struct Signs : OnVisit {
    Signatory& signatory(const SignStep& sign) {
        return visit.signatories[static_cast<std::size_t>(sign.who)];
    }
    core::MunicipalSignature& municipal(const MunicipalityStep& step) {
        return visit.municipal[static_cast<std::size_t>(step.who)];
    }

    // --- the pen

    void operator()(const AddInk& event) {
        change_ink([&](core::Ink& ink, Pen& pen) { add_ink(ink, pen, event); });
    }
    void operator()(const UndoStroke&) { change_ink(undo_stroke); }
    void operator()(const RestartInk&) {
        change_ink([](core::Ink& ink, Pen& pen) { ink.strokes.clear(), pen = {}; });
    }
    template <class Change>
    void change_ink(const Change& change) {
        if (auto* sign = at<SignStep>(); sign && !sign->witness) {
            auto& who = signatory(*sign);
            if (who.signature.kind != core::Signature::Kind::drawn) who.signature = {};
            change(who.signature.ink, sign->pen);
            who.has_signed = false, sign->refused.reset();
        } else if (auto* step = at<MunicipalityStep>(); step && !step->witness && is_beside(state)) {
            auto& signature = municipal(*step).signature;
            if (signature.kind != core::Signature::Kind::drawn) signature = {};
            change(signature.ink, step->pen);
            visit.municipality_signed = signed_content(state, visit);
            signature.signed_at_ms = 0, step->refused.reset();
        }
    }

    // Asked once, kindly; whoever goes on with it means it.
    template <class S>
    static bool asks_again(S& step, const core::Ink& ink) {
        auto verdict = core::judge(ink);
        if (verdict == core::InkVerdict::good || (core::can_stand(verdict) && step.asked_again)) return false;
        step.refused = verdict;
        step.asked_again = step.asked_again || core::can_stand(verdict);
        return true;
    }

    // --- forward

    void operator()(const Continue&) {
        if (auto* sign = at<SignStep>())
            sign_now(*sign);
        else if (at<CheckStep>())
            confirm();
        else if (auto* step = at<MunicipalityStep>())
            countersign(*step);
        else if (auto* later = at<LaterStep>(); later && later->saved)
            leave(turn);
    }

    void sign_now(SignStep& sign) {
        auto& who = signatory(sign);
        if (sign.witness) return sign_as_typed(sign, who);
        if (who.has_signed) return go_to(visiting, sign_or_check(visit));
        if (asks_again(sign, who.signature.ink)) return;
        who.signature.kind = core::Signature::Kind::drawn;
        who.signature.signed_at_ms = state.wall_ms;
        who.has_signed = true;
        go_to(visiting, sign_or_check(visit));
    }

    void sign_as_typed(SignStep& sign, Signatory& who) {
        if (!type_signature(*sign.witness, who.name, who.signature)) return;
        who.has_signed = true;
        go_to(visiting, sign_or_check(visit));
    }

    // The name as it stands, with the host as witness; true when that is now the signature.
    bool type_signature(HostBeside& host, const std::string& name, core::Signature& signature) {
        if (!host.admitted) return try_pin(turn, host.pin), false;
        visiting.errors = typed_name_errors(signature, name);
        if (!visiting.errors.empty()) return false;
        sign_by_name(signature, "ceremonivärd", state.wall_ms);
        return true;
    }

    // Everything once more: a page that was left by going back may have lost an answer.
    bool all_is_right() {
        auto look = [&](std::vector<FieldError> errors, Step step) {
            if (errors.empty()) return true;
            go_to(visiting, std::move(step));
            visiting.errors = std::move(errors);
            visiting.back_to_check = true;
            return false;
        };
        using Page = DetailsStep::Page;
        using Of = OrganisationStep::Page;
        if (!look(name_errors(state, visit), OrganisationStep{Of::name})) return false;
        if (!look(form_errors(visit), OrganisationStep{Of::form})) return false;
        if (!look(number_errors(visit), OrganisationStep{Of::number})) return false;
        if (!look(criteria_errors(state, visit), EligibilityStep{})) return false;
        if (!look(decision_errors(state, visit), DetailsStep{Page::decision})) return false;
        if (!look(representatives_errors(visit), DetailsStep{Page::representatives})) return false;
        if (!look(contact_errors(visit), DetailsStep{Page::contact})) return false;
        if (visit.on_paper) return look(paper_errors(state, visit), PaperStep{});
        if (is_checked_in(visit)) return true;
        go_to(visiting, HostStep{});
        visiting.back_to_check = true;
        return false;
    }

    void confirm() {
        if (!all_is_right()) return;
        if (!everybody_signed(visit)) return go_to(visiting, sign_or_check(visit));
        if (visit.on_paper) return seal();
        auto the_same = [](const core::MunicipalSignature& m, const core::MunicipalSignatory& signatory) {
            return m.signatory == signatory;
        };
        const auto& signatories = state.ceremony->signatories;
        if (is_beside(state) && !std::equal(visit.municipal.begin(), visit.municipal.end(),
                                            signatories.begin(), signatories.end(), the_same)) {
            visit.municipal.clear();
            for (const auto& signatory : signatories) visit.municipal.push_back({signatory, {}});
        }
        go_to(visiting, MunicipalityStep{});
    }

    void countersign(MunicipalityStep& step) {
        if (!is_beside(state)) return seal();
        auto& [signatory, signature] = municipal(step);
        if (step.witness) {
            if (!type_signature(*step.witness, signatory.name, signature)) return;
            visit.municipality_signed = signed_content(state, visit);
        } else if (signature.kind == core::Signature::Kind::drawn && asks_again(step, signature.ink)) {
            return;
        }
        if (signature.signed_at_ms == 0) signature.signed_at_ms = state.wall_ms;
        if (step.who + 1 == static_cast<int>(visit.municipal.size())) return seal();
        MunicipalityStep next;
        next.who = step.who + 1;
        go_to(visiting, next);
    }

    void seal() {
        if (visit.id.empty()) {
            turn.ask(NewId{});  // it failed before; the button may be pressed again
            return;
        }
        turn.ask(CompleteSigning{order_of(state, visit)});
        go_to(visiting, SealingStep{});
    }

    void operator()(const TryAgain&) {
        if (auto* sealing = at<SealingStep>(); sealing && sealing->trouble) seal();
        if (auto* later = at<LaterStep>(); later && !later->saved)
            state.trouble.reset(), keep_as_draft(turn, visiting);
    }

    void operator()(const SignLater&) {
        auto* sign = at<SignStep>();
        bool somebody = std::any_of(visit.signatories.begin(), visit.signatories.end(),
                                    [](const Signatory& who) { return who.has_signed; });
        bool waits_for_representative = sign && !sign->witness && somebody;
        bool waits_for_municipality =
            at<MunicipalityStep>() && !at<MunicipalityStep>()->witness && is_beside(state);
        if (!waits_for_representative && !waits_for_municipality) return;
        if (waits_for_representative) signatory(*sign).signature = {};  // a half-drawn line is nobody's
        if (waits_for_municipality)
            for (auto& signature : visit.municipal)
                if (signature.signature.signed_at_ms == 0) signature.signature = {};
        keep_as_draft(turn, visiting);
        go_to(visiting, LaterStep{});
    }

    void operator()(const Dismiss&) {
        if (auto* sign = at<SignStep>()) sign->refused.reset();
        if (auto* step = at<MunicipalityStep>()) step->refused.reset();
    }

    // --- somebody who cannot draw

    void operator()(const CannotDraw&) {
        if (auto* sign = at<SignStep>()) call_witness(*sign);
        if (auto* step = at<MunicipalityStep>(); step && is_beside(state)) call_witness(*step);
    }
    template <class S>
    static void call_witness(S& step) {
        if (step.witness) return;
        step.witness.emplace();
        step.witness->purpose = HostBeside::Purpose::witness;
        step.refused.reset();
    }
    void operator()(const Type& type) {
        if (type.text.size() > 400 || !core::is_utf8(type.text)) return;
        if (auto* sign = at<SignStep>(); sign && sign->witness) {
            auto& who = signatory(*sign);
            if (type_beside(*sign->witness, who.signature, type)) who.has_signed = false;
        }
        if (auto* step = at<MunicipalityStep>(); step && step->witness)
            type_beside(*step->witness, municipal(*step).signature, type);
    }
    // True when it was the name.
    bool type_beside(HostBeside& host, core::Signature& signature, const Type& type) {
        if (!host.admitted) return type_pin(state, host.pin, type), false;
        if (type.field != Field::typed_name) return false;
        set_text(signature.typed_name, type.text);
        signature.kind = core::Signature::Kind::drawn, signature.signed_at_ms = 0;  // until it is the name
        return true;
    }

    // --- back and change

    void operator()(const Back&) {
        visiting.errors.clear();
        if (auto* sign = at<SignStep>()) {
            if (sign->witness) return sign->witness.reset();
            if (sign->who > 0) {
                SignStep previous;
                previous.who = sign->who - 1;
                return go_to(visiting, previous);
            }
            visiting.back_to_check = false;  // or the choices would lead back here, for ever
            return go_to(visiting, ChoicesStep{});
        }
        if (at<CheckStep>()) {
            if (visit.on_paper) return go_to(visiting, PaperStep{});
            if (visiting.by_host) return leave(turn);
            SignStep last;
            last.who = static_cast<int>(visit.signatories.size()) - 1;
            return go_to(visiting, last);
        }
        if (auto* step = at<MunicipalityStep>()) {
            if (step->witness) return step->witness.reset();
            if (step->who == 0) return go_to(visiting, CheckStep{});
            MunicipalityStep previous;
            previous.who = step->who - 1;
            return go_to(visiting, previous);
        }
        if (auto* sealing = at<SealingStep>(); sealing && sealing->trouble) go_to(visiting, CheckStep{});
        if (auto* later = at<LaterStep>(); later && !later->saved && state.trouble) {
            state.trouble.reset();
            go_to(visiting, sign_or_check(visit));
        }
    }

    void operator()(const Change& change) {
        if (!at<CheckStep>()) return;
        using Page = DetailsStep::Page;
        switch (change.row) {
            case CheckRow::organisation:
                go_to(visiting, OrganisationStep{});
                break;
            case CheckRow::form:
                go_to(visiting, OrganisationStep{OrganisationStep::Page::form});
                break;
            case CheckRow::number:
                go_to(visiting, OrganisationStep{OrganisationStep::Page::number});
                break;
            case CheckRow::decision:
                go_to(visiting, DetailsStep{Page::decision});
                break;
            case CheckRow::representative:
                go_to(visiting, DetailsStep{Page::representatives});
                break;
            case CheckRow::contact:
                go_to(visiting, DetailsStep{Page::contact});
                break;
            case CheckRow::choices:
                go_to(visiting, ChoicesStep{});
                break;
            case CheckRow::signature: {
                if (visit.on_paper) {
                    go_to(visiting, PaperStep{});
                    break;
                }
                if (change.index < 0 || change.index >= static_cast<int>(visit.signatories.size())) return;
                SignStep sign;
                sign.who = change.index;
                go_to(visiting, sign);
                break;
            }
        }
        visiting.back_to_check = true;
    }

    void operator()(const Finish&) {
        auto* sealing = at<SealingStep>();
        if (sealing && !sealing->trouble) return;
        if (auto* later = at<LaterStep>(); later && !later->saved) return;
        leave(turn);
    }

    // --- the world

    void operator()(const SigningCompleted& answer) {
        if (!at<SealingStep>()) return;
        std::erase_if(state.drafts,
                      [&](const Draft& draft) { return !visit.draft.empty() && draft.id == visit.draft; });
        if (visit.on_paper && visiting.by_host) {  // the host has the next form in hand
            back_to_papers(turn);
            auto& page = std::get<DeskPaper>(std::get<Desk>(state.life).page);
            page.entered = answer.certificate.certificate_number;
            page.organisation = answer.certificate.organisation;
            return;
        }
        wipe(visit);
        Done done;
        done.certificate = answer.certificate;
        if (!done.certificate.link.empty())
            done.certificate.qr = core::make_qr(done.certificate.link.c_str());
        state.touched_ms = state.monotonic_ms;
        state.trouble.reset();
        state.life = std::move(done);
        turn.ask(Wipe{});
    }

    void operator()(const Failed& failed) {
        if (is_about_pin(failed)) return;
        auto* sealing = at<SealingStep>();
        if (sealing && failed.trouble.job == Job::complete_signing) {
            sealing->trouble = failed.trouble;
            state.touched_ms = state.monotonic_ms;
            return keep_as_draft(turn, visiting);  // whatever happens to the tablet now, nothing is lost
        }
        // The trouble that sealing shows already says more than that keeping failed as well.
        if (sealing && sealing->trouble && failed.trouble.job == Job::save_draft) return;
        show_trouble(turn, failed.trouble);
    }

    template <class Other>
    void operator()(const Other&) {}
};

struct Finishes {
    Turn& turn;
    State& state = turn.state;
    Done& done = *living<Done>(turn.state);

    void operator()(const Finish&) { leave(turn); }
    void operator()(const Continue&) { leave(turn); }
    void operator()(const HandOverTo& hand) {
        bool plugged_in = std::any_of(state.sticks.begin(), state.sticks.end(),
                                      [&](const Stick& stick) { return stick.path == hand.stick; });
        if (!plugged_in || done.handing == Done::Handing::busy) return;
        done.handing = Done::Handing::busy;
        turn.ask(HandOver{done.certificate.seq, hand.stick});
    }
    void operator()(const HandedOver&) { done.handing = Done::Handing::handed; }
    void operator()(const Failed& failed) {
        if (failed.trouble.job == Job::hand_over) done.handing = Done::Handing::not_yet;
        show_trouble(turn, failed.trouble);
    }
    template <class Other>
    void operator()(const Other&) {}
};

}  // namespace

void rename(Signatory& signatory, const std::string& name) {
    if (signatory.name == name) return;
    core::wipe(signatory.name);
    signatory.name = name;
    if (signatory.has_signed) signatory.signature = {}, signatory.has_signed = false;
}

void drop_outdated_ink(Turn& turn, Visiting& visiting) {
    auto& visit = visiting.visit;
    if (visit.on_paper) return;  // the paper stays as it was signed; what differs from it is mended
    auto content = signed_content(turn.state, visit);
    if (!visit.municipality_signed.empty() && visit.municipality_signed != content) {
        if (std::any_of(visit.municipal.begin(), visit.municipal.end(),
                        [](const auto& municipal) { return municipal.signature.signed_at_ms != 0; }))
            tell(turn, told::changed_since_countersigned);
        visit.municipal.clear(), visit.municipality_signed.clear();
    }
    // Whoever signed before it was kept is perhaps not here to see what was changed.
    if (visit.draft.empty() || visit.representatives_signed == content) return;
    visit.representatives_signed = content;
    bool anybody = false;
    for (auto& signatory : visit.signatories) {
        anybody = anybody || signatory.has_signed;
        signatory.signature = {}, signatory.has_signed = false;
    }
    if (!anybody) return;
    tell(turn, told::changed_since_signed);
    go_to(visiting, sign_or_check(visit));
}

void update_sign(Turn& turn, const Action& action) {
    if (living<Done>(turn.state)) return std::visit(Finishes{turn}, action);
    auto admit = [&](auto* step) {
        if (step && step->witness && answer_pin(turn, step->witness->pin, action))
            step->witness->admitted = true;
    };
    admit(at_step<SignStep>(turn.state));
    admit(at_step<MunicipalityStep>(turn.state));
    std::visit(Signs{{turn}}, action);
}

}  // namespace kiosk
