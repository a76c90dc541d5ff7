// The room: what it may see, for how long, and on which screen.
#include <algorithm>

#include <doctest/doctest.h>

#include "tests/unit/kiosk/fixture.h"

using namespace kiosk_test;
using What = RoomView::What;

namespace {

std::vector<std::string> names(const RoomView& view) {
    std::vector<std::string> all;
    for (const auto* line : view.names) all.push_back(line->organisation);
    return all;
}

Lists many(int count) {
    Lists lists = open_lists();
    lists.signings.clear();
    for (int i = 1; i <= count; ++i)
        lists.signings.push_back({static_cast<std::uint64_t>(i), "", "Nr " + std::to_string(i), "",
                                  opening_ms, false, "", true, false, a_shown()});
    return lists;
}

Play sealed() {
    Play play;
    play.act(RoomScreenChanged{true}).to_sealing().act(SigningCompleted{a_certificate(), room_lists()});
    return play;
}

}  // namespace

TEST_CASE("the room sees a signing when it is sealed, and nothing of it before") {
    Play play;
    play.act(RoomScreenChanged{true}).to_sealing();
    auto before = room_view(play.state);
    CHECK(before.what == What::one_of_all);
    CHECK(names(before) == std::vector<std::string>{"Röda Korset"});
    play.act(SigningCompleted{a_certificate(), room_lists()});
    auto view = room_view(play.state);
    CHECK(view.what == What::newest);
    REQUIRE(view.one);
    CHECK(view.one->organisation == "Strandköpings IF");
}

TEST_CASE("who did not agree to be shown counts, and is not shown") {
    Play play = sealed();
    CHECK(play.state.signed_count() == 3);
    CHECK(names(room_view(play.state)) == std::vector<std::string>{"Strandköpings IF", "Röda Korset"});
    auto certificate = a_certificate();
    certificate.seq = 9;
    play.act(SigningCompleted{certificate, room_lists()});
    CHECK(room_view(play.state).what == What::one_of_all);
    for (int i = 0; i < 4; ++i)
        CHECK(room_view(play.wait(room_turn_ms).state).one->organisation != "De som inte vill synas");
}

TEST_CASE("a void signing leaves the room at once, and the count with it") {
    Play play = sealed();
    auto lists = room_lists();
    lists.signings[1].voided = true;
    play.act(SigningVoided{8, nullptr, nullptr, lists});
    CHECK(play.state.signed_count() == 2);
    auto view = room_view(play.state);
    CHECK(view.what == What::one_of_all);
    CHECK(view.one->organisation == "Röda Korset");
    CHECK(names(view) == std::vector<std::string>{"Röda Korset"});
}

TEST_CASE("a new signing is new for a minute, then each has its turn") {
    Play play = sealed();
    CHECK(room_wake_ms(play.state) == room_newest_ms);
    play.wait(room_newest_ms - 1);
    CHECK(room_view(play.state).what == What::newest);
    play.wait(1);
    CHECK(play.state.room.newest == 0);
    auto first = room_view(play.state).one->organisation;
    CHECK(*room_wake_ms(play.state) <= room_turn_ms);
    CHECK(room_view(play.wait(room_turn_ms).state).one->organisation != first);
    CHECK(room_view(play.wait(room_turn_ms).state).one->organisation == first);
}

TEST_CASE("nothing wakes a tablet for a room that nobody sees, or in which nothing changes") {
    Play play = sealed();
    CHECK(room_wake_ms(play.state));
    CHECK_FALSE(room_wake_ms(play.act(RoomScreenChanged{false}).state));
    play.act(Finish{}).act(RoomScreenChanged{true}).wait(room_newest_ms);
    CHECK(room_wake_ms(play.state));
    play.act(ListsRead{open_lists()});
    CHECK_FALSE(room_wake_ms(play.state));
}

TEST_CASE("the latest ten stand in the room, the last one first") {
    Play play;
    play.act(ListsRead{many(23)});
    auto view = room_view(play.state);
    REQUIRE(view.names.size() == room_latest);
    CHECK(view.names.front()->organisation == "Nr 23");
    CHECK(view.names.back()->organisation == "Nr 14");
}

TEST_CASE("when the ceremony is over the room sees everybody, page after page") {
    Play play;
    auto lists = many(40);
    lists.ceremony_open = false;
    play.act(RoomScreenChanged{true}).act(ListsRead{lists});
    std::vector<std::string> all;
    int pages = room_view(play.state).page_count;
    CHECK(pages == 3);
    for (int i = 0; i < pages; ++i) {
        auto view = room_view(play.wait(room_turn_ms).state);
        CHECK(view.what == What::everybody);
        for (auto& name : names(view)) all.push_back(name);
    }
    std::sort(all.begin(), all.end());
    CHECK(std::unique(all.begin(), all.end()) == all.end());
    CHECK(all.size() == 40);
}

TEST_CASE("before anybody has signed, the room is welcome") {
    Play play;
    play.act(ListsRead{many(0)});
    CHECK(room_view(play.state).what == What::welcome);
    CHECK(start().state.room.newest == 0);
    CHECK(room_view(start().state).what == What::welcome);
}

TEST_CASE("a visitor's look and language are not the room's") {
    Play play = sealed();
    auto before = play.state.room.contrast;
    play.act(SetContrast{Contrast::high});
    CHECK(play.state.room.contrast == before);
    play.act(Finish{}).to_desk().act(GoTo{DeskTab::room}).mark(Box::room_contrast);
    play.act(Mark{Box::room_moves, 0, false});
    CHECK(play.state.room.contrast == Contrast::high);
    CHECK_FALSE(play.state.room.moves);
    CHECK(play.act(LockKiosk{}).state.room.contrast == Contrast::high);
}

TEST_CASE("by turns: the host shows the room on the tablet, and any touch leads to attract") {
    Play play;
    play.to_desk().act(GoTo{DeskTab::room});
    REQUIRE(play.page<DeskRoom>());
    play.go_on();
    CHECK(play.life<TheRoom>());
    CHECK(play.asked<Wipe>());  // what the host had open
    // The finger that lands changes nothing under itself; the screen says Back when it lets go.
    CHECK(play.act(Touched{}).life<TheRoom>());
    CHECK(play.act(Back{}).life<Attract>());
    CHECK_FALSE(play.wait(10 * room_after_ms).life<TheRoom>());  // it was for once
}

TEST_CASE("between visits the room comes by itself: after a signing, and when nobody has touched attract") {
    Play play;
    play.to_desk().act(GoTo{DeskTab::room}).mark(Box::room_between_visits).act(LockKiosk{});
    REQUIRE(play.life<Attract>());
    play.act(Touched{});
    CHECK(*next_wake_ms(play.state) <= room_after_ms);
    CHECK(play.wait(room_after_ms).life<TheRoom>());
    play.act(Touched{}).act(Back{}).to_sealing().act(SigningCompleted{a_certificate(), room_lists()});
    CHECK(play.life<Done>());
    play.wait(done_ms - 1).act(Finish{});
    CHECK(play.life<TheRoom>());
    // It is new for the room from now, not from when the certificate was on screen.
    CHECK(room_view(play.state).what == What::newest);
    CHECK(room_view(play.wait(room_newest_ms - 1).state).what == What::newest);
    CHECK(room_view(play.wait(1).state).what == What::one_of_all);
}

TEST_CASE("who goes away without signing leaves attract, not the room") {
    Play play;
    play.state.room.between_visits = true;
    play.to_read().wait(away_ms);
    CHECK(play.life<Attract>());
}

TEST_CASE("trouble on attract stays in sight") {
    Play play;
    play.state.room.between_visits = true;
    play.act(Failed{{Job::save_draft, {core::Errc::disk_full, ""}}}).wait(room_after_ms);
    CHECK(play.life<Attract>());
    CHECK(play.state.trouble);
}
