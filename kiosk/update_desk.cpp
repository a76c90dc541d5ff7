#include <algorithm>

#include "core/base/text.h"
#include "kiosk/draft.h"
#include "kiosk/update_parts.h"

namespace kiosk {
namespace {

struct Hosts {
    Turn& turn;
    State& state = turn.state;
    Desk& desk = *living<Desk>(turn.state);

    template <class P>
    P* at() {
        return std::get_if<P>(&desk.page);
    }
    const SigningLine* line(std::uint64_t seq) {
        auto found = std::find_if(state.lists.signings.begin(), state.lists.signings.end(),
                                  [&](const SigningLine& l) { return l.seq == seq; });
        return found == state.lists.signings.end() ? nullptr : &*found;
    }
    bool busy() {
        auto* open = at<DeskOpen>();
        auto* signing = at<DeskSigning>();
        auto* closing = at<DeskClosing>();
        return (open && open->busy) || (signing && signing->busy) || (closing && closing->busy);
    }

    void operator()(const GoTo& go) {
        if (busy()) return;
        desk.copied.reset();
        switch (go.tab) {
            case DeskTab::overview:
                desk.page = DeskOverview{};
                turn.ask(ReadLists{});
                break;
            case DeskTab::open:
                desk.page = DeskOpen{};
                break;
            case DeskTab::arrivals:
                desk.page = DeskArrivals{};
                break;
            case DeskTab::signings:
                desk.page = DeskSignings{};
                break;
            case DeskTab::drafts:
                desk.page = DeskDrafts{};
                break;
            case DeskTab::sync:
                desk.page = DeskSync{};
                break;
            case DeskTab::closing:
                if (state.lists.ceremony_open) desk.page = DeskClosing{};
                break;
            case DeskTab::room:
                desk.page = DeskRoom{};
                break;
            case DeskTab::paper:
                desk.page = DeskPaper{};
                break;
        }
    }

    void operator()(const Back&) {
        if (busy()) return;
        if (at<DeskArrival>())
            desk.page = DeskArrivals{};
        else if (auto* signing = at<DeskSigning>(); signing && signing->voiding)
            signing->voiding = false;
        else if (at<DeskSigning>() || at<DeskCertificate>())
            to_signings();
        else if (at<DeskOverview>())
            leave(turn);
        else
            to_overview();
    }
    void to_overview() {
        desk.page = DeskOverview{};
        turn.ask(ReadLists{});  // battery and disk are not what they were
    }

    void operator()(const EndKiosk&) {
        if (auto* overview = at<DeskOverview>()) overview->ending = true;
    }
    void to_signings() {
        if (auto* signing = at<DeskSigning>(); signing && signing->redo) wipe(*signing->redo);
        desk.page = DeskSignings{};
    }
    void operator()(const LockKiosk&) {
        if (!busy()) leave(turn);
    }
    void operator()(const Finish&) { operator()(LockKiosk{}); }

    // --- opening

    void operator()(const Continue&) {
        if (auto* open = at<DeskOpen>(); open && open->date_right && !open->busy) {
            open->busy = true;
            turn.ask(OpenCeremony{});
        } else if (auto* arrival = at<DeskArrival>()) {
            keep_arrival(*arrival);
        } else if (auto* signing = at<DeskSigning>(); signing && signing->voiding && !signing->busy) {
            auto reason = core::parse_name(signing->reason, 200).value;
            signing->reason_missing = !reason;
            if (!reason) return;
            signing->busy = true;
            turn.ask(VoidSigning{signing->seq, *reason});
        } else if (at<DeskSigning>()) {
            operator()(Redo{});
        } else if (auto* drafts = at<DeskDrafts>(); drafts && !drafts->dropping.empty()) {
            turn.ask(DropDraft{drafts->dropping});
            auto dropped = [&](const Draft& draft) { return draft.id == drafts->dropping; };
            for (auto& draft : state.drafts)
                if (dropped(draft)) wipe(draft.visit);
            // wipe() empties the visit, not the draft's id: it is found again.
            std::erase_if(state.drafts, dropped);
            drafts->dropping.clear();
        } else if (auto* overview = at<DeskOverview>(); overview && overview->ending) {
            leave(turn);
            state.ended = true;
        } else if (auto* sync = at<DeskSync>(); sync && state.sync.stage == SyncState::Stage::idle) {
            if (state.sync.server.empty())
                turn.ask(Enrol{sync->invitation});
            else
                turn.ask(StartSync{});  // and fetches what the server has for tablets
        } else if (at<DeskClosed>()) {
            to_overview();
        } else if (at<DeskRoom>()) {
            leave(turn);  // nobody but the host opens the desk again
            show_room(turn);
        }
    }
    void operator()(const CeremonyOpened&) {
        if (at<DeskOpen>()) desk.page = DeskOverview{};
    }

    // --- arrivals

    void operator()(const SelectArrival& select) {
        auto index = static_cast<std::size_t>(select.expected);
        if (!at<DeskArrivals>() || index >= state.check_ins.size()) return;
        DeskArrival arrival{select.expected, state.check_ins[index]};
        const auto& expected = state.ceremony->expected[index].representatives;
        for (std::size_t i = arrival.form.names.size(); i < expected.size(); ++i)
            arrival.form.names.push_back(expected[i].name);
        desk.page = std::move(arrival);
    }
    void keep_arrival(const DeskArrival& arrival) {
        CheckIn form = arrival.form;
        form.arrived = form.arrived || form.identity_seen || form.authority_seen;
        state.check_ins[static_cast<std::size_t>(arrival.expected)] = form;
        turn.ask(SaveDraft{arrival_id(*state.ceremony, arrival.expected),
                           encode_arrival(*state.ceremony, {arrival.expected, form})});
        desk.page = DeskArrivals{};
    }
    void operator()(const Mark& mark) {
        if (auto* open = at<DeskOpen>(); open && !open->busy && mark.box == Box::date_right)
            open->date_right = mark.on;
        if (auto* arrival = at<DeskArrival>()) {
            if (mark.box == Box::arrived) arrival->form.arrived = mark.on;
            if (mark.box == Box::identity_seen) arrival->form.identity_seen = mark.on;
            if (mark.box == Box::authority_seen) arrival->form.authority_seen = mark.on;
        }
        if (at<DeskRoom>()) mark_room(state, mark);
    }
    void operator()(const Type& type) {
        if (type.text.size() > 400 || !core::is_utf8(type.text)) return;
        if (auto* arrivals = at<DeskArrivals>(); arrivals && type.field == Field::search)
            arrivals->search = type.text;
        if (auto* arrival = at<DeskArrival>(); arrival && type.field == Field::check_in_name) {
            auto index = static_cast<std::size_t>(type.index);
            if (index < arrival->form.names.size()) arrival->form.names[index] = type.text;
        }
        if (auto* signing = at<DeskSigning>();
            signing && signing->voiding && !signing->busy && type.field == Field::void_reason)
            signing->reason = type.text, signing->reason_missing = false;
        if (auto* sync = at<DeskSync>(); sync && type.field == Field::invitation)
            sync->invitation = type.text;
    }

    // --- signings

    void operator()(const SelectSigning& select) {
        if (!at<DeskSignings>() || !line(select.seq)) return;
        DeskSigning signing;
        signing.seq = select.seq;
        desk.page = std::move(signing);
    }
    void operator()(const BeginVoid&) {
        auto* signing = at<DeskSigning>();
        if (signing && line(signing->seq) && !line(signing->seq)->voided) signing->voiding = true;
    }
    void operator()(const SigningVoided& answer) {
        auto* signing = at<DeskSigning>();
        if (!signing || signing->seq != answer.seq) return;
        signing->busy = signing->voiding = false;
        core::wipe(signing->reason);
        if (!answer.record) return;
        signing->redo = visit_from_record(*answer.record, answer.private_payload.get());
        if (!state.ceremony->agreement.text(signing->redo->language))
            signing->redo->language = state.ceremony->agreement.original_language;
    }
    void operator()(const Redo&) {
        auto* signing = at<DeskSigning>();
        if (!signing || !signing->redo || !state.lists.ceremony_open) return;
        Visit visit = std::move(*signing->redo);
        begin_visit(turn, std::move(visit), CheckStep{}, true);
    }
    void operator()(const ShowAgain& show) {
        if (line(show.seq)) turn.ask(ShowCertificate{show.seq});
    }
    void operator()(const CertificateShown& answer) {
        if (!at<DeskSigning>() && !at<DeskSignings>()) return;
        DeskCertificate page{answer.certificate};
        if (!page.certificate.link.empty())
            page.certificate.qr = core::make_qr(page.certificate.link.c_str());
        desk.page = std::move(page);
    }
    void operator()(const HandOverTo& hand) {
        auto* certificate = at<DeskCertificate>();
        auto* closed = at<DeskClosed>();
        bool plugged_in = std::any_of(state.sticks.begin(), state.sticks.end(),
                                      [&](const Stick& stick) { return stick.path == hand.stick; });
        if (!plugged_in || (!certificate && !closed)) return;
        turn.ask(HandOver{certificate ? certificate->certificate.seq : closed->protocol.seq, hand.stick});
    }
    void operator()(const HandedOver&) { desk.copied = 1; }
    void operator()(const ChooseCeremony& choose) {
        if (!at<DeskSync>() || state.lists.ceremony_open || !state.lists.offered) return;
        for (const auto& offered : *state.lists.offered)
            if (offered.position == choose.position && !offered.chosen)
                turn.ask(UseCeremony{offered.position});
    }
    void operator()(const CopyToStickAsked&) { turn.ask(CopyToStick{}); }
    void operator()(const CopiedToStick& answer) { desk.copied = answer.count; }

    // --- drafts

    void operator()(const ResumeDraft& resume) {
        auto draft = std::find_if(state.drafts.begin(), state.drafts.end(),
                                  [&](const auto& d) { return d.id == resume.id; });
        if (!at<DeskDrafts>() || draft == state.drafts.end() || !state.lists.ceremony_open) return;
        if (!waits_here(*state.ceremony, *draft)) return tell(turn, told::another_ceremony);
        Visit visit = draft->visit;
        // The host stands beside and sees who signs next.
        visit.check_in.arrived = visit.check_in.identity_seen = visit.check_in.authority_seen = true;
        visit.checked_in_as = visit.name;
        Step step = sign_or_check(visit);
        begin_visit(turn, std::move(visit), std::move(step), true);
    }
    void operator()(const DropDraftAsked& drop) {
        if (auto* drafts = at<DeskDrafts>()) drafts->dropping = drop.id;
    }
    void operator()(const Dismiss&) {
        if (auto* overview = at<DeskOverview>()) overview->ending = false;
        if (auto* drafts = at<DeskDrafts>()) drafts->dropping.clear();
    }

    // --- paper

    void operator()(const FormsAsked& asked) {
        auto* paper = at<DeskPaper>();
        if (!paper || paper->busy) return;
        paper->busy = asked.to;
        paper->saved = false, paper->printing.reset();
        turn.ask(WriteForms{asked.to});
    }
    void operator()(const FormsWritten& answer) {
        auto* paper = at<DeskPaper>();
        if (!paper || paper->busy != answer.to) return;
        paper->busy.reset();
        if (answer.to == FormsTo::stick)
            paper->saved = true;
        else
            paper->printing = answer.how;
    }
    void operator()(const EnterPaper&) {
        if (at<DeskPaper>() && state.lists.ceremony_open) enter_paper(turn);
    }

    void operator()(const CeremonyClosed& answer) {
        DeskClosed page{answer.protocol};
        if (!page.protocol.link.empty()) page.protocol.qr = core::make_qr(page.protocol.link.c_str());
        desk.page = std::move(page);
    }

    void operator()(const Failed& failed) {
        if (is_about_pin(failed)) return;
        if (auto* open = at<DeskOpen>()) open->busy = false;
        if (auto* signing = at<DeskSigning>()) signing->busy = false;
        if (auto* paper = at<DeskPaper>()) paper->busy.reset();
        show_trouble(turn, failed.trouble);
    }

    template <class Other>
    void operator()(const Other&) {}
};

}  // namespace

void update_desk(Turn& turn, const Action& action) {
    if (at_desk<DeskClosing>(turn.state) && update_closing(turn, action)) return;
    std::visit(Hosts{turn}, action);
}

}  // namespace kiosk
