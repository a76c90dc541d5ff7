// Another list of expected organisations, while the tablet is in use.
#include <algorithm>

#include <doctest/doctest.h>

#include "kiosk/draft.h"
#include "tests/unit/kiosk/fixture.h"

using namespace kiosk_test;

namespace {

core::ExpectedOrganisation late(const core::Ceremony& ceremony) {
    auto organisation = ceremony.expected[0];
    organisation.organisation.name = "Kören som anmälde sig sent";
    organisation.organisation.number.reset();
    return organisation;
}

// The same with one more in front, or without `gone`: every place is another.
std::shared_ptr<const core::Ceremony> with_one_more(const core::Ceremony& ceremony) {
    auto changed = std::make_shared<core::Ceremony>(ceremony);
    changed->expected.insert(changed->expected.begin(), late(ceremony));
    return changed;
}
std::shared_ptr<const core::Ceremony> without(const core::Ceremony& ceremony, int gone) {
    auto changed = std::make_shared<core::Ceremony>(ceremony);
    changed->expected.erase(changed->expected.begin() + gone);
    return changed;
}

}  // namespace

TEST_CASE("who registered late is on the list at once, and whoever stands at the tablet notices nothing") {
    Play play;
    play.check_in(play.joint).to_read();
    auto before = play.state;
    auto name = play.visit().name;
    play.act(ExpectedChanged{with_one_more(*play.state.ceremony)});
    CHECK(play.step<ReadStep>());
    CHECK(play.visit().name == name);
    CHECK(play.visit().expected == play.single + 1);
    CHECK(play.state.check_ins.size() == before.check_ins.size() + 1);
    CHECK_FALSE(play.state.check_ins[0].complete());
    CHECK(play.state.check_ins[static_cast<std::size_t>(play.joint) + 1].complete());
    CHECK(play.effects.empty());
    CHECK(matching_organisations(*play.state.ceremony, "kören sent") == std::vector{0});
}

TEST_CASE("who is no longer on the list goes on as one that was not expected") {
    Play play;
    play.to_find().act(ChooseOrganisation{play.single});
    REQUIRE(play.step<HostStep>());
    auto name = play.visit().name;
    play.act(ExpectedChanged{without(*play.state.ceremony, play.single)});
    CHECK_FALSE(play.visit().expected);
    play.type(Field::pin, "281957").go_on().act(PinTried{true, 0});
    play.mark(Box::identity_seen).mark(Box::authority_seen).go_on();
    CHECK(play.step<ReadStep>());
    CHECK(play.visit().name == name);
}

TEST_CASE("the host goes on with the arrival that is on screen, and is led back when it is off the list") {
    Play play;
    play.to_desk().act(GoTo{DeskTab::arrivals}).act(SelectArrival{1});
    auto name = play.state.ceremony->expected[1].organisation.name;
    play.act(ExpectedChanged{with_one_more(*play.state.ceremony)});
    REQUIRE(play.page<DeskArrival>());
    CHECK(play.page<DeskArrival>()->expected == 2);
    play.mark(Box::identity_seen).mark(Box::authority_seen).go_on();
    CHECK(play.state.check_ins[2].complete());
    REQUIRE(play.asked<SaveDraft>());
    auto kept =
        decode_arrival(*play.state.ceremony, play.asked<SaveDraft>()->id, play.asked<SaveDraft>()->content);
    CHECK(play.state.ceremony->expected[static_cast<std::size_t>(kept->expected)].organisation.name == name);

    play.act(SelectArrival{2});
    play.act(ExpectedChanged{without(*play.state.ceremony, 2)});
    CHECK(play.page<DeskArrivals>());
}

TEST_CASE("what was kept before the list changed is found again after the next start") {
    Play first;
    first.to_desk().act(GoTo{DeskTab::arrivals}).act(SelectArrival{1});
    first.mark(Box::identity_seen).mark(Box::authority_seen).go_on();
    auto arrival = *first.asked<SaveDraft>();
    Play second(first.state.ceremony);
    second.to_second_of_two().act(SignLater{});
    auto draft = *second.asked<SaveDraft>();

    Play play(with_one_more(*first.state.ceremony));
    Unlocked unlocked{
        play.state.tablet, open_lists(), {{arrival.id, arrival.content}, {draft.id, draft.content}}};
    play.act(unlocked);
    CHECK(play.state.check_ins[2].complete());
    REQUIRE(play.state.drafts.size() == 1);
    CHECK(play.state.drafts[0].visit.expected == second.joint + 1);
    CHECK_FALSE(play.state.trouble);
    play.act(ExpectedChanged{without(*play.state.ceremony, second.joint + 1)});
    CHECK_FALSE(play.state.drafts[0].visit.expected);
}
