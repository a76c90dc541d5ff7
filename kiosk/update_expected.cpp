// The list of expected organisations, when the municipality sends another while the tablet is in use.
#include "kiosk/update_parts.h"

namespace kiosk {
namespace {

// From a place on the list before to the place on the one now.
class Moves {
  public:
    Moves(const core::Ceremony& before, const core::Ceremony& now) {
        for (const auto& expected : before.expected)
            to_.push_back(place_on_list(now, expected.organisation.name));
    }
    void move(std::optional<int>& place) const {
        if (place) place = to_.at(static_cast<std::size_t>(*place));
    }
    std::vector<CheckIn> move(std::vector<CheckIn> check_ins, std::size_t count) const {
        std::vector<CheckIn> moved(count);
        for (std::size_t i = 0; i < to_.size() && i < check_ins.size(); ++i)
            if (to_[i]) moved[static_cast<std::size_t>(*to_[i])] = std::move(check_ins[i]);
        return moved;
    }

  private:
    std::vector<std::optional<int>> to_;
};

void move_desk(DeskPage& page, const Moves& moves) {
    if (auto* signing = std::get_if<DeskSigning>(&page); signing && signing->redo)
        moves.move(signing->redo->expected);
    auto* arrival = std::get_if<DeskArrival>(&page);
    if (arrival == nullptr) return;
    std::optional<int> place = arrival->expected;
    moves.move(place);
    if (place)
        arrival->expected = *place;
    else
        page = DeskArrivals{};
}

}  // namespace

void use_list(State& state, std::shared_ptr<const core::Ceremony> ceremony) {
    Moves moves(*state.ceremony, *ceremony);
    state.check_ins = moves.move(std::move(state.check_ins), ceremony->expected.size());
    for (auto& draft : state.drafts) moves.move(draft.visit.expected);
    if (auto* visiting = std::get_if<Visiting>(&state.life)) moves.move(visiting->visit.expected);
    if (auto* desk = std::get_if<Desk>(&state.life)) move_desk(desk->page, moves);
    auto changed = std::make_shared<core::Ceremony>(*state.ceremony);
    changed->expected = ceremony->expected;  // and nothing else of it, whatever a step stands on
    state.ceremony = std::move(changed);
}

}  // namespace kiosk
