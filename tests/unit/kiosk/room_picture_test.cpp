// The room's screen as it is drawn: on projectors of every size, in words, with whole names, nothing over another,
// letters large enough. With HANDSLAG_GALLERY=DIR the pictures are kept, for people to look at.
#include <cstdlib>
#include <filesystem>

#include <doctest/doctest.h>

#include "core/certificate/arms.h"
#include "kiosk/platform/headless.h"
#include "kiosk/platform/signatures.h"
#include "kiosk/screens/screens.h"
#include "tests/unit/kiosk/fixture.h"

using namespace kiosk_test;

namespace {

namespace fs = std::filesystem;

const char* const long_name =
    "Riksförbundet för en meningsfull fritid och ett jämlikt föreningsliv i hela länet, lokalavdelningen i "
    "Strandköping";
const char* const organisations[] = {
    "Strandköpings Röda Korskrets",   "Hyresgästföreningen",
    "Kooperativet Brödkorgen",        "Čáhppes Duottar",
    "Strandköpings hembygdsförening", "Scoutkåren Måsen",
    "Café Élan – mötesplatsen",       "Nätverket Grannarna på Ågatan",
    "Somaliska kvinnoföreningen",     "Pensionärernas riksorganisation, Strandköpings lokalförening",
    "Schackklubben Springaren"};

core::Ink written(const char* name) {
    core::Ink ink;
    ink.width_um = 160'000, ink.height_um = 60'000;
    auto drawn = draw_signature(name);
    REQUIRE(drawn);
    for (const auto& samples : drawn->strokes) {
        core::Stroke stroke;
        for (const auto& sample : samples)
            stroke.points.push_back({static_cast<std::int32_t>(20'000 + sample.x * 16'000),
                                     static_cast<std::int32_t>(40'000 + sample.y * 16'000), sample.t_ms,
                                     static_cast<std::int32_t>(sample.pressure * 1000)});
        ink.strokes.push_back(std::move(stroke));
    }
    return core::shape_only(ink);
}

Lists lists_of(std::vector<std::string> names, bool open = true) {
    Lists lists;
    lists.ceremony_open = open;
    for (const auto& name : names) {
        auto shown = std::make_shared<Shown>();
        shown->place = "Strandköping", shown->ink = written("Åsa Öberg");
        if (name == long_name) shown->ink = written("Märta Lindqvist af Ugglas");
        lists.signings.push_back(
            {lists.signings.size() + 1, "", name, "", opening_ms, false, "", true, false, std::move(shown)});
    }
    return lists;
}

struct RoomScene {
    const char* name;
    std::function<State(const std::shared_ptr<const core::Ceremony>&)> make;
};

State with(const std::shared_ptr<const core::Ceremony>& ceremony, Lists lists, bool newest) {
    Play play(ceremony);
    play.act(RoomScreenChanged{true}).act(ListsRead{std::move(lists)});
    if (newest) {
        play.state.room.newest = play.state.lists.signings.back().seq;
        play.state.room.newest_from_ms = play.state.monotonic_ms;
    }
    play.state.room.moves = false;
    return play.state;
}

std::vector<RoomScene> room_scenes() {
    std::vector<std::string> all(std::begin(organisations), std::end(organisations));
    auto long_one = all;
    long_one.push_back(long_name);
    auto many = long_one;
    many.insert(many.end(), all.begin(), all.end());
    using Ceremony = std::shared_ptr<const core::Ceremony>;
    return {
        {"newest", [all](const Ceremony& c) { return with(c, lists_of(all), true); }},
        {"one-of-all", [all](const Ceremony& c) { return with(c, lists_of(all), false); }},
        {"long-name", [long_one](const Ceremony& c) { return with(c, lists_of(long_one), true); }},
        {"first", [](const Ceremony& c) { return with(c, lists_of({"Scoutkåren Måsen"}), true); }},
        {"typed",
         [all](const Ceremony& c) {
             auto lists = lists_of(all);
             auto shown = std::make_shared<Shown>(*lists.signings.back().shown);
             shown->ink = {};
             lists.signings.back().shown = shown;
             return with(c, lists, true);
         }},
        {"none-signed", [](const Ceremony& c) { return with(c, lists_of({}), false); }},
        {"nobody-agreed",
         [all](const Ceremony& c) {
             auto lists = lists_of(all);
             for (auto& line : lists.signings) line.shown = nullptr;
             return with(c, lists, false);
         }},
        {"everybody", [many](const Ceremony& c) { return with(c, lists_of(many, false), false); }},
    };
}

struct Screen {
    const char* name;
    int width, height;
    const char* language;
    Contrast contrast;
};
constexpr Screen room_screens[] = {
    {"720-sv", 1280, 720, "sv", Contrast::light},    {"1080-sv", 1920, 1080, "sv", Contrast::light},
    {"1080-en", 1920, 1080, "en", Contrast::light},  {"1080-fi-high", 1920, 1080, "fi", Contrast::high},
    {"2160-sv", 3840, 2160, "sv", Contrast::light},  {"xga-sv", 1024, 768, "sv", Contrast::light},
    {"upright-sv", 800, 1280, "sv", Contrast::light}};

core::Words words_in(const char* language) {
    auto words = core::Words::load(fs::path(HANDSLAG_BINARY_DIR) / "share" / "locale", language);
    REQUIRE(words.ok());
    return std::move(*words);
}

void check_room(const SemanticTree& tree, const Screen& screen) {
    CHECK(tree.screen == "room");
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        const auto& a = tree.nodes[i];
        CAPTURE(a.label);
        CHECK_FALSE(a.label.empty());
        CHECK(a.rect.x >= 0);
        CHECK(a.rect.y >= 0);
        CHECK(a.rect.x + a.rect.width <= static_cast<float>(screen.width) + 1);
        CHECK(a.rect.y + a.rect.height <= static_cast<float>(screen.height) + 1);
        for (std::size_t j = i + 1; j < tree.nodes.size(); ++j) {
            const auto& b = tree.nodes[j].rect;
            CAPTURE(tree.nodes[j].label);
            bool apart = a.rect.x + a.rect.width <= b.x + 1 || b.x + b.width <= a.rect.x + 1 ||
                         a.rect.y + a.rect.height <= b.y + 1 || b.y + b.height <= a.rect.y + 1;
            CHECK(apart);
        }
    }
}

}  // namespace

TEST_CASE("the room stands whole on every projector") {
    const char* keep = std::getenv("HANDSLAG_GALLERY");
    auto loaded =
        core::load_ceremony(fs::path(HANDSLAG_SOURCE_DIR) / "assets" / "demo", core::Date{2026, 11, 19});
    REQUIRE(loaded.value);
    auto ceremony = std::make_shared<const core::Ceremony>(std::move(*loaded.value));
    auto arms = core::render_arms(ceremony->municipality.arms_svg, 720);
    REQUIRE(arms.ok());
    for (const auto& screen : room_screens) {
        FrameLoopOptions options;
        options.window.width_px = screen.width, options.window.height_px = screen.height;
        auto loop = open_headless(options);
        REQUIRE(loop.ok());
        (*loop)->set_words(words_in(screen.language));
        (*loop)->set_theme(make_theme(screen.contrast, TextSize::normal, ceremony->municipality.accent, 6));
        State state;
        (*loop)->set_draw([&](Ui& ui) { draw_room(state, ui); });
        for (const auto& scene : room_scenes()) {
            CAPTURE(screen.name);
            CAPTURE(scene.name);
            state = scene.make(ceremony);
            state.arms = *arms, state.tablet.demonstration = true;
            (*loop)->refresh();
            (*loop)->settle();
            check_room((*loop)->semantics(), screen);
            if (!keep) continue;
            auto file = fs::path(keep) /
                        ("room-" + std::string(scene.name) + "-" + std::string(screen.name) + ".png");
            CHECK((*loop)->screenshot(file).ok());
        }
    }
}
