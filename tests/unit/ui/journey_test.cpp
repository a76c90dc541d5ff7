#include "kiosk/platform/journey.h"

#include <filesystem>
#include <set>

#include <doctest/doctest.h>

#include "demo.h"
#include "kiosk/platform/signatures.h"

using namespace kiosk;

namespace {

struct Tour {
    demo::Stage stage;
    JourneyHost host;
    std::filesystem::path dir = std::filesystem::temp_directory_path() / "handslag-journey-test";

    Tour() {
        std::filesystem::create_directories(dir);
        host.loop = [this]() -> FrameLoop& { return stage.loop(); };
        host.picture_dir = dir;
        host.timeout_ms = 30'000;
        host.variables["FORM"] = "form";
        host.hands["show"] = [this](const std::vector<std::string>& arguments) {
            stage.show(arguments.at(0));
            return core::Status{};
        };
    }
    ~Tour() { std::filesystem::remove_all(dir); }
    core::Status run(const std::string& text) { return run_journey("tour.txt", text, host); }
};

std::string why(const std::string& text) {
    auto parsed = parse_journey("tour.txt", text, {});
    return parsed.ok() ? std::string() : parsed.error().detail;
}

}  // namespace

TEST_CASE("a script with errors is refused with its line and what to write") {
    CHECK(why("tap \"Börja\"\ndance\n").starts_with("tour.txt:2: there is no step \"dance\""));
    CHECK(why("\n\ntap \"Börja\n").starts_with("tour.txt:3: a quotation mark"));
    CHECK(why("tap\n") == "tour.txt:1: write: tap \"Label\" [in \"text\"]");
    CHECK(why("tap \"a\" near \"b\"\n") == "tour.txt:1: write: tap \"Label\" [in \"text\"]");
    CHECK(why("type \"${WHO}\"\n") == "tour.txt:1: there is no variable ${WHO}");
    CHECK(why("type \"${WHO\"\n") == "tour.txt:1: ${ without }");
    CHECK(why("fill \"Namn\"\n") == "tour.txt:1: write: fill \"Field\" \"text\"");
}

TEST_CASE("comments, blank lines, quotation marks and variables are read as people write them") {
    auto steps = parse_journey(
        "t", "# a tour\n\n  tap \"Ändra\" in \"Åsa # Öberg\"   # here\ntype \"${A} och ${B}\"\n",
        {{"A", "en \"citerad\""}, {"B", "två"}});
    REQUIRE(steps.ok());
    REQUIRE(steps->size() == 2);
    CHECK((*steps)[0].line == 3);
    CHECK((*steps)[0].arguments == std::vector<std::string>{"Ändra", "in", "Åsa # Öberg"});
    CHECK((*steps)[1].arguments[0] == "en \"citerad\" och två");
}

TEST_CASE("a journey taps, types, pages, chooses, signs and takes pictures") {
    Tour tour;
    auto status = tour.run(R"(
        see "skrivit under"
        tap "Börja"
        hand show ${FORM}
        fill "Organisationens namn" "Ådalens scoutkår"
        fill "E-post" "asa@example.se"        # on another page of the screen
        see "Ådalens scoutkår"
        not "Medelpad"
        hand show choices
        tap "Namnet får stå i registret"
        tap "Stiftelse"
        tap "Ta bort underskriften"
        tap "Låt vara"
        hand show check
        tap "Ändra" in "Ordförande"
        hand show sign
        sign "karin-lindstrom"
        screenshot signed
        resize 1920x1200
        size largest
        contrast high
        see "Skriv under"
        wait 20ms
        tap "Börja om"
        scribble dot
        stroke 10,12 14,20 40,18
    )");
    REQUIRE_MESSAGE(status.ok(), status.error().detail);
    CHECK(tour.stage.demo.pressed == 1);
    CHECK(tour.stage.demo.name == "Ådalens scoutkår");
    CHECK(tour.stage.demo.email == "asa@example.se");
    CHECK(tour.stage.demo.publish);
    CHECK(tour.stage.demo.form == 1);
    CHECK(tour.stage.demo.log == std::vector<std::string>{"no", "chair"});
    CHECK(tour.stage.demo.ink.strokes.size() == 2);
    CHECK(tour.stage.loop().width_px() == 1920);
    CHECK(std::filesystem::file_size(tour.dir / "signed.png") > 10'000);
}

TEST_CASE("a step that fails says where, what was asked for and what is there, and keeps a picture") {
    Tour tour;
    tour.host.timeout_ms = 200;
    auto status = tour.run("see \"Börja\"\ntap \"Sluta\"\n");
    REQUIRE_FALSE(status.ok());
    const auto& detail = status.error().detail;
    CHECK(detail.starts_with("tour.txt:2: tap \"Sluta\": nothing to tap is called \"Sluta\""));
    CHECK(detail.find("on screen \"attract\"") != std::string::npos);
    CHECK(detail.find("button \"Börja\"") != std::string::npos);
    CHECK(std::filesystem::exists(tour.dir / "failed-tour-2.png"));
    CHECK_FALSE(tour.run("see \"Ingenting\"").ok());
    CHECK_FALSE(tour.run("not \"Börja\"").ok());
    CHECK_FALSE(tour.run("sign \"Åsa Öberg\"").ok());
    CHECK_FALSE(tour.run("restart").ok());
    CHECK_FALSE(tour.run("hand wave").ok());
    CHECK_FALSE(tour.run("resize wide").ok());
    CHECK_FALSE(tour.run("key Any").ok());
}

TEST_CASE("every name becomes good ink, each in its own hand, the same every time") {
    std::set<std::pair<std::size_t, float>> shapes;
    constexpr std::string_view names[] = {"Åsa Öberg",    "Karin Lindqvist", "Élodie Marchand", "Šejla Begić",
                                          "Östen Rönn",   "Zdeněk Dvořák",   "Máret Šuorra",    "Bo Ek",
                                          "Xerxes Quitz", "Hjördis Wifve",   "Per-Yngve Ågård"};
    for (auto name : names) {
        CAPTURE(name);
        auto drawn = draw_signature(name), again = draw_signature(name);
        REQUIRE(drawn.has_value());
        core::Ink ink{120'000, 60'000, {}};
        std::size_t points = 0;
        std::int32_t start = 0;
        for (std::size_t s = 0; s < drawn->strokes.size(); ++s) {
            core::Stroke stroke;
            start += drawn->pauses_ms[s];
            REQUIRE(drawn->strokes[s].size() == again->strokes[s].size());
            for (std::size_t i = 0; i < drawn->strokes[s].size(); ++i) {
                const auto& p = drawn->strokes[s][i];
                CHECK(p.x == again->strokes[s][i].x);
                CHECK(p.pressure > 0);
                CHECK(p.pressure < 1);
                stroke.points.push_back({static_cast<std::int32_t>(p.x * 20'000) + 2000,
                                         static_cast<std::int32_t>(p.y * 20'000) + 2000, start + p.t_ms,
                                         static_cast<std::int32_t>(p.pressure * 1000)});
            }
            start = stroke.points.back().t_ms;
            points += stroke.points.size();
            ink.strokes.push_back(stroke);
        }
        CHECK(core::judge(ink) == core::InkVerdict::good);
        CHECK(start < 15'000);
        shapes.insert({points, drawn->width});
    }
    CHECK(shapes.size() == std::size(names));
    CHECK_FALSE(draw_signature("123").has_value());
}

TEST_CASE("a signature has the letters of its name: more of them make it wider, and their marks are there") {
    CHECK(draw_signature("Bo Ek")->width < draw_signature("Elisabeth Lindqvist")->width);
    auto strokes = [](std::string_view name) { return draw_signature(name)->strokes.size(); };
    // The hand follows from the name, so the same word is compared within one hand: a flourish is at most one
    // more.
    CHECK(strokes("Öööö") + 1 >= strokes("Oooo") + 8);
    CHECK(strokes("Šč") + 1 >= strokes("Sc") + 2);
}
