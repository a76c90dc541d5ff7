// A form that was signed on paper, entered by the host: the visitor's pages without reading and signing.
#include "core/base/text.h"
#include "kiosk/update_parts.h"

namespace kiosk {
namespace {

std::optional<core::Date> date_on(const State& state, const Visit& visit) {
    return core::parse_past_date(visit.paper_date, core::to_swedish_time(state.wall_ms).date).value;
}

bool somebody_of_the_municipality(const Visit& visit) {
    for (const auto& municipal : visit.municipal)
        if (municipal.signature.signed_at_ms != 0) return true;
    return false;
}

struct Papers : OnVisit {
    void operator()(const Type& type) {
        if (type.field == Field::paper_date && type.text.size() <= 60 && core::is_utf8(type.text))
            set_text(visit.paper_date, type.text);
    }

    void operator()(const Mark& mark) {
        switch (mark.box) {
            case Box::paper_signed:
                for (auto& signatory : visit.signatories) signatory.has_signed = mark.on;
                break;
            case Box::paper_municipal:
                tick_municipal(mark);
                break;
            case Box::identity_seen:
                visit.check_in.identity_seen = mark.on;
                break;
            case Box::authority_seen:
                visit.check_in.authority_seen = mark.on;
                break;
            default:
                break;
        }
    }

    // Until the host goes on, the time says only that it is ticked.
    void tick_municipal(const Mark& mark) {
        const auto& signatories = state.ceremony->signatories;
        auto index = static_cast<std::size_t>(mark.index);
        if (index >= signatories.size()) return;
        if (visit.municipal.size() != signatories.size()) {
            visit.municipal.clear();
            for (const auto& signatory : signatories) visit.municipal.push_back({signatory, {}});
        }
        auto& signature = visit.municipal[index].signature;
        signature.kind = core::Signature::Kind::on_paper;
        signature.signed_at_ms = mark.on ? state.wall_ms : 0;
    }

    void operator()(const Continue&) {
        visiting.errors = paper_errors(state, visit);
        if (!visiting.errors.empty()) return;
        tell_day(*date_on(state, visit));
        visit.check_in.arrived = true;
        visit.checked_in_as = visit.name;
        go_to(visiting, CheckStep{});
    }

    void tell_day(const core::Date& day) {
        std::int64_t day_ms = core::from_swedish_time({day, 0, 0, 0});
        for (auto& signatory : visit.signatories) {
            signatory.signature = {};
            signatory.signature.kind = core::Signature::Kind::on_paper;
            signatory.signature.signed_at_ms = day_ms;
        }
        for (auto& municipal : visit.municipal)
            if (municipal.signature.signed_at_ms != 0) municipal.signature.signed_at_ms = day_ms;
    }

    void operator()(const Back&) {
        if (visiting.back_to_check && everybody_signed(visit)) {
            if (auto day = date_on(state, visit)) tell_day(*day);  // what was ticked anew has only a time
            return go_to(visiting, CheckStep{});
        }
        go_to(visiting, ChoicesStep{});
    }
    void operator()(const Finish&) { leave(turn); }
    void operator()(const Failed& failed) { show_trouble(turn, failed.trouble); }

    template <class Other>
    void operator()(const Other&) {}
};

}  // namespace

std::vector<FieldError> paper_errors(const State& state, const Visit& visit) {
    std::vector<FieldError> errors;
    auto wrong = [&](Field field, int index, const char* message) {
        errors.push_back({field, index, message});
    };
    auto today = core::to_swedish_time(state.wall_ms).date;
    auto date = core::parse_past_date(visit.paper_date, today).value;
    if (core::trim(visit.paper_date).empty())
        wrong(Field::paper_date, 0, "paper.date.empty");
    else if (!date)
        wrong(Field::paper_date, 0, "paper.date.wrong");
    else if (*date < state.ceremony->agreement.adoption.date)
        wrong(Field::paper_date, 0, "paper.date.before_agreement");
    else if (auto decided = core::parse_past_date(visit.decision_date, today).value;
             decided && *date < *decided)
        wrong(Field::paper_date, 0, "paper.date.before_decision");
    if (!everybody_signed(visit)) wrong(Field::paper_box, 0, "paper.not_signed");
    bool beside = state.ceremony->countersigning == core::Countersigning::beside &&
                  !state.ceremony->signatories.empty();
    if (beside && !somebody_of_the_municipality(visit))
        wrong(Field::paper_box, 1, "paper.municipality_not_signed");
    if (!visit.check_in.identity_seen || !visit.check_in.authority_seen)
        wrong(Field::paper_box, 2, "paper.both_needed");
    return errors;
}

void enter_paper(Turn& turn) {
    const auto& ceremony = *turn.state.ceremony;
    Visit visit;
    visit.on_paper = true;
    visit.language = ceremony.agreement.original_language;
    if (ceremony.date <= core::to_swedish_time(turn.state.wall_ms).date)
        visit.paper_date = ceremony.date.iso();
    begin_visit(turn, std::move(visit), FindStep{}, true);
}

void back_to_papers(Turn& turn) {
    auto& state = turn.state;
    // One that waited, and was gone on with at a visitor's side: the desk is behind the PIN.
    if (auto* visiting = living<Visiting>(state); visiting && !visiting->by_host) return leave(turn);
    auto size = state.text_size;
    auto contrast = state.contrast;
    bool voice = state.voice;
    leave(turn);
    state.text_size = size, state.contrast = contrast,
    state.voice = voice;  // the host goes on with the next one
    state.life = Desk{DeskPaper{}, {}};
    state.touched_ms = state.monotonic_ms;
    turn.ask(ReadLists{});
}

void update_paper(Turn& turn, const Action& action) { std::visit(Papers{{turn}}, action); }

}  // namespace kiosk
