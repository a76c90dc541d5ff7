// Two panes on one loop, and ink that draws itself in one of them.
#include <doctest/doctest.h>

#include "kiosk/ui/ink_replay.h"
#include "tests/unit/ui/demo.h"

using namespace kiosk;

namespace {

constexpr std::int64_t long_after_ms = 60'000;

struct RoomStage {
    demo::Stage stage;
    core::Ink ink = demo::sample_ink();
    RoomSheet sheet;
    int heard_open = 0, heard_closed = 0;

    RoomStage() {
        sheet.municipality = "Strandköpings kommun", sheet.agreement = "Överenskommelse om samverkan";
        sheet.kicker = "Har just skrivit under", sheet.name = "Scoutkåren Måsen", sheet.ink = &ink;
        sheet.ink_alternative = "Underskrift", sheet.figure = "7", sheet.figure_words = "har skrivit under";
        FrameLoop::Room room;
        auto words = core::Words::load(std::string(HANDSLAG_BINARY_DIR) + "/share/locale", "sv");
        REQUIRE(words.ok());
        room.words = *words;
        room.theme = loop().theme();
        room.draw = [this](Ui& ui) { ui.room(sheet); };
        room.listener = [this](bool open) { ++(open ? heard_open : heard_closed); };
        loop().set_room(std::move(room));
        loop().settle();
    }
    FrameLoop& loop() { return stage.loop(); }
    Pane& open() {
        loop().place_room(RoomPlace::headless, 1280, 720);
        loop().settle();
        REQUIRE(loop().room() != nullptr);
        return *loop().room();
    }
};

struct Replay {
    core::Ink ink = demo::sample_ink();
    InkReplay replay;
    static constexpr InkLayer::Place where{600, 240, 0, 0, 0.004};
    bool at(std::int64_t now_ms, std::uint64_t moment = 1, const InkLayer::Place& place = where) {
        return replay.place(moment, ink, {10, 20, 600, 240}, place, {0, 0, 0}, now_ms);
    }
    static int dark(const InkPatch& patch) {
        int count = 0;
        for (std::size_t i = 3; i < patch.rgba.size(); i += 4) count += patch.rgba[i] > 127 ? 1 : 0;
        return count;
    }
};

}  // namespace

TEST_CASE("the room comes and goes, and the tablet's picture stays what it was") {
    RoomStage room;
    auto before = room.loop().picture();
    auto pages = room.loop().counts().pages;
    CHECK(room.loop().room() == nullptr);
    auto& pane = room.open();
    CHECK(pane.width_px() == 1280);
    CHECK(pane.semantics().shows("Scoutkåren Måsen"));
    CHECK_FALSE(room.loop().semantics().shows("Scoutkåren Måsen"));
    room.loop().place_room(RoomPlace::nowhere);
    room.loop().settle();
    CHECK(room.loop().room() == nullptr);
    CHECK(room.heard_open == 1);
    CHECK(room.heard_closed == 1);
    CHECK(room.loop().counts().pages == pages);
    CHECK(room.loop().picture()->rgba == before->rgba);
}

TEST_CASE("the room draws nothing while nothing in it changes") {
    RoomStage room;
    auto& pane = room.open();
    auto pages = pane.counts().pages;
    auto passes = pane.counts().passes;
    for (int i = 0; i < 5; ++i) CHECK(room.loop().turn(10));
    CHECK(pane.counts().passes == passes);
    room.loop().refresh();
    room.loop().settle();
    CHECK(pane.counts().passes > passes);
    CHECK(pane.counts().pages == pages);
    room.sheet.figure = "8";
    room.loop().refresh();
    room.loop().settle();
    CHECK(pane.counts().pages == pages + 1);
}

TEST_CASE("a signature draws itself in rectangles, and the page is painted once, when it stands") {
    RoomStage room;
    room.sheet.moment = 1;
    auto& pane = room.open();
    REQUIRE(pane.ink_draws_itself());
    auto pages = pane.counts().pages;
    while (pane.ink_draws_itself()) REQUIRE(room.loop().turn(20));
    CHECK(pane.counts().pages == pages + 1);
    CHECK(pane.counts().ink_frames > 0);
    auto drawn = pane.picture();
    room.sheet.moment = 0;  // the same, standing still
    room.loop().refresh();
    room.loop().settle();
    CHECK(pane.picture()->rgba == drawn->rgba);
}

TEST_CASE("ink begins with nothing, only grows, and ends as the page's") {
    Replay play;
    CHECK(play.at(0));
    CHECK(play.replay.whole_patch().empty());
    int before = 0;
    bool runs = true;
    std::int64_t now_ms = 0;
    for (; runs; now_ms += 200) {
        runs = play.at(now_ms);
        if (!runs) break;
        int dark = Replay::dark(play.replay.whole_patch());
        CHECK(dark >= before);
        before = dark;
    }
    CHECK(before > 100);
    CHECK(now_ms < 10'000);
    CHECK(play.replay.whole_patch().empty());
    CHECK_FALSE(play.at(now_ms + long_after_ms));
}

TEST_CASE("another moment begins anew; another place goes on where it was") {
    Replay play;
    play.at(0);
    play.at(1'500);
    int so_far = Replay::dark(play.replay.whole_patch());
    REQUIRE(so_far > 0);
    InkLayer::Place wider = Replay::where;
    wider.width = 700;
    CHECK(play.at(1'500, 1, wider));
    CHECK(Replay::dark(play.replay.whole_patch()) == so_far);
    CHECK(play.at(1'500, 2, wider));
    CHECK(play.replay.whole_patch().empty());
}

TEST_CASE("how the person moved the pen makes no difference") {
    Replay slow, quick;
    for (auto& stroke : slow.ink.strokes)
        for (auto& point : stroke.points) point.pressure = 500;
    quick.ink = slow.ink;
    for (auto& stroke : quick.ink.strokes)
        for (auto& point : stroke.points) point.t_ms /= 3;
    for (std::int64_t now_ms : {0, 900, 1'500, 2'100}) {
        bool running = slow.at(now_ms);
        CHECK(running == quick.at(now_ms));
        CHECK(slow.replay.whole_patch().rgba == quick.replay.whole_patch().rgba);
    }
}
