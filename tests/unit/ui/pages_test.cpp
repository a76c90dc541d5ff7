// Pages of a screen: what must have been seen, how the bar makes room, sheets of a document.
#include <algorithm>

#include <doctest/doctest.h>

#include "core/base/words.h"
#include "kiosk/platform/headless.h"

using namespace kiosk;

namespace {

struct Shown {
    std::unique_ptr<FrameLoop> loop;
    int pressed = 0;

    explicit Shown(std::function<void(Ui&, Shown&)> draw, int width = 1280, int height = 800) {
        FrameLoopOptions options;
        options.window.width_px = width, options.window.height_px = height;
        auto opened = open_headless(options);
        REQUIRE(opened.ok());
        loop = std::move(*opened);
        auto words = core::Words::load(std::string(HANDSLAG_BINARY_DIR) + "/share/locale", "sv");
        REQUIRE(words.ok());
        loop->set_words(std::move(*words));
        loop->set_draw([this, draw](Ui& ui) { draw(ui, *this); });
        loop->refresh();
        loop->settle();
    }
    const SemanticNode* find(std::string_view label) const { return loop->semantics().find_operable(label); }
    bool shown(std::string_view label) const {
        const auto* node = find(label);
        return node != nullptr && node->on_screen && node->rect.width > 0;
    }
    bool shown(std::string_view label, std::string_view near) const {
        const auto* node = loop->semantics().find_operable(label, near);
        return node != nullptr && node->on_screen && node->rect.width > 0;
    }
    void tap(std::string_view label) {
        const auto* node = find(label);
        REQUIRE_MESSAGE(node != nullptr, label);
        Hand hand(*loop);
        hand.tap(node->rect.x + node->rect.width / 2, node->rect.y + node->rect.height / 2);
        loop->settle();
    }
};

void long_page(Ui& ui, Shown& shown) {
    FrameSpec spec;
    spec.screen = "check", spec.back = "Tillbaka", spec.help = "Be om hjälp";
    spec.primary = "Skriv under överenskommelsen", spec.all_pages_first = true;
    if (ui.begin_frame(spec).primary) ++shown.pressed;
    for (int i = 0; i < 14; ++i) ui.summary_row("Rad " + std::to_string(i), "Svar", "Ändra");
    ui.end_frame();
}

}  // namespace

TEST_CASE("the final button is live only when every row has been shown") {
    Shown shown(long_page);
    CHECK_FALSE(shown.find("Skriv under överenskommelsen"));
    Hand hand(*shown.loop);
    hand.key(SDLK_RETURN);
    CHECK(shown.pressed == 0);
    for (int i = 0; i < 10 && shown.shown("Visa mer"); ++i) {
        CHECK_FALSE(shown.find("Skriv under överenskommelsen"));
        shown.tap("Visa mer");
    }
    shown.tap("Skriv under överenskommelsen");
    CHECK(shown.pressed == 1);
    shown.tap("Upp");  // what has been seen stays seen
    CHECK(shown.find("Skriv under överenskommelsen"));
    auto theme = shown.loop->theme();
    shown.loop->set_theme(make_theme(Contrast::light, TextSize::largest, {}, theme.px_per_mm));
    shown.loop->settle();
    for (int i = 0; i < 20 && shown.shown("Visa mer"); ++i) shown.tap("Visa mer");
    CHECK(shown.find("Skriv under överenskommelsen"));
}

TEST_CASE("Tab comes to every page, also to one that has only text, and skips none") {
    // Rows, then two pages of text alone, then rows again.
    Shown shown([](Ui& ui, Shown& s) {
        FrameSpec spec;
        spec.screen = "check", spec.primary = "Skriv under", spec.all_pages_first = true;
        if (ui.begin_frame(spec).primary) ++s.pressed;
        ui.summary_row("Först", "Svar", "Ändra");
        for (int i = 0; i < 26; ++i) ui.paragraph("Stycke " + std::to_string(i) + ".");
        ui.summary_row("Sist", "Svar", "Ändra det sista");
        ui.end_frame();
    });
    const auto& tree = shown.loop->semantics();
    auto focused = [&] {
        return std::find_if(tree.nodes.begin(), tree.nodes.end(), [](const auto& n) { return n.focused; });
    };
    auto seen = std::vector<bool>(26);
    std::vector<std::string> rests;
    Hand hand(*shown.loop);
    auto look = [&] {
        for (int i = 0; i < 26; ++i) {
            const auto* text = tree.find_shown("Stycke " + std::to_string(i) + ".");
            seen[static_cast<std::size_t>(i)] = seen[static_cast<std::size_t>(i)] || text->on_screen;
        }
    };
    look();
    REQUIRE(std::count(seen.begin(), seen.end(), false) > 0);
    for (int i = 0; i < 20 && !shown.find("Skriv under"); ++i) {
        hand.key(SDLK_TAB);
        shown.loop->settle();
        look();
        auto at = focused();
        REQUIRE(at != tree.nodes.end());
        CHECK(at->on_screen);
        if (at->role == Role::page) {
            rests.push_back(at->label);
            CHECK(at->rect.width > 0);
        }
    }
    CHECK(std::count(seen.begin(), seen.end(), false) == 0);
    CHECK(shown.find("Skriv under"));
    REQUIRE(rests.size() >= 1);
    CHECK(rests.front().starts_with("Sida 2 av "));
    CHECK(focused()->label == "Ändra det sista");
    // And the same way back.
    for (auto rest = rests.rbegin(); rest != rests.rend(); ++rest) {
        hand.key(SDLK_TAB, KMOD_SHIFT);
        shown.loop->settle();
        CHECK(focused()->label == *rest);
    }
}

TEST_CASE("a page counts as shown only when it was: from the last one, the way leads back") {
    Shown shown(long_page);
    Hand hand(*shown.loop);
    for (int i = 0; i < 40 && !shown.shown("Ändra", "Rad 13"); ++i) {  // backwards, by way of the bars
        hand.key(SDLK_TAB, KMOD_SHIFT);
        shown.loop->settle();
    }
    REQUIRE(shown.shown("Ändra", "Rad 13"));
    CHECK_FALSE(shown.shown("Visa mer"));
    CHECK_FALSE(shown.find("Skriv under överenskommelsen"));
    for (int i = 0; i < 10 && shown.shown("Upp"); ++i) shown.tap("Upp");
    CHECK(shown.find("Skriv under överenskommelsen"));
}

TEST_CASE("a screen that shows all at once asks for nothing more") {
    Shown shown([](Ui& ui, Shown& s) {
        FrameSpec spec;
        spec.screen = "check", spec.primary = "Skriv under", spec.all_pages_first = true;
        if (ui.begin_frame(spec).primary) ++s.pressed;
        ui.paragraph("Allt.");
        ui.end_frame();
    });
    shown.tap("Skriv under");
    CHECK(shown.pressed == 1);
}

TEST_CASE("the page buttons stand in the bar's own row on a tablet") {
    Shown shown(long_page);
    const auto* more = shown.find("Visa mer");
    REQUIRE(more != nullptr);
    const auto& nodes = shown.loop->semantics().nodes;
    auto sign = std::find_if(nodes.begin(), nodes.end(),
                             [](const SemanticNode& n) { return n.label == "Skriv under överenskommelsen"; });
    REQUIRE(sign != nodes.end());
    CHECK(more->rect.y == doctest::Approx(sign->rect.y).epsilon(0.02));
    CHECK(more->rect.x + more->rect.width <= sign->rect.x);
}

TEST_CASE("a row tells its detail and its act to whoever does not see it") {
    Shown shown([](Ui& ui, Shown&) {
        FrameSpec spec;
        spec.screen = "find";
        ui.begin_frame(spec);
        ui.row("Schackklubben", "Väntar på en underskrift", "Fortsätt");
        ui.end_frame();
    });
    const auto* row = shown.find("Schackklubben");
    REQUIRE(row != nullptr);
    CHECK(row->value == "Väntar på en underskrift · Fortsätt");
}

TEST_CASE("eight letters to choose from stand on one page") {
    Shown shown([](Ui& ui, Shown&) {
        FrameSpec spec;
        spec.screen = "letter", spec.primary = "Fortsätt", spec.progress = "För personalen";
        ui.begin_frame(spec);
        ui.heading("Vilken bokstav ska surfplattan ha?");
        ui.paragraph("Bokstaven står i varje intygs nummer.");
        ui.choice("Bokstav", {"A", "B", "C", "D", "E", "F", "G", "H"}, 0);
        ui.end_frame();
    });
    CHECK(shown.shown("A"));
    CHECK(shown.shown("H"));
    CHECK(shown.find("A")->rect.y == shown.find("D")->rect.y);
}

TEST_CASE("every sheet of a document can be looked at") {
    core::Document document;
    document.pages.resize(3);
    Shown shown([&](Ui& ui, Shown&) {
        FrameSpec spec;
        spec.screen = "done", spec.primary = "Klar";
        ui.begin_frame(spec);
        ui.sheets(document, nullptr, 82, "Intyget");
        ui.end_frame();
    });
    CHECK(shown.loop->semantics().shows("Intyget, Sida 1 av 3"));
    shown.tap("Nästa sida");
    shown.tap("Nästa sida");
    CHECK(shown.loop->semantics().shows("Intyget, Sida 3 av 3"));
    CHECK_FALSE(shown.find("Nästa sida"));
    shown.tap("Förra sidan");
    CHECK(shown.loop->semantics().shows("Intyget, Sida 2 av 3"));
}

TEST_CASE("what is too tall for its page is not touched through the bar") {
    std::string error;
    Shown screen([&](Ui& ui, Shown& shown) {
        FrameSpec spec;
        spec.screen = "tall", spec.primary = "Gå vidare";
        if (ui.begin_frame(spec).primary) ++shown.pressed;
        FieldSpec field;
        field.id = "name", field.label = "Namn", field.error = error;
        ui.field(field, "");
        ui.end_frame();
    });
    auto covers = [&] {
        const auto *field = screen.find("Namn"), *button = screen.find("Gå vidare");
        REQUIRE((field != nullptr && button != nullptr));
        float middle = button->rect.y + button->rect.height / 2, x = button->rect.x + button->rect.width / 2;
        return field->rect.y < middle && middle < field->rect.y + field->rect.height && field->rect.x < x &&
               x < field->rect.x + field->rect.width;
    };
    for (int words = 0; words < 300 && !covers(); ++words) {
        error += "Något är fel. ";
        screen.loop->refresh();
        screen.loop->settle();
    }
    REQUIRE(covers());
    screen.tap("Gå vidare");
    CHECK(screen.pressed == 1);
    const auto& nodes = screen.loop->semantics().nodes;
    CHECK(std::none_of(nodes.begin(), nodes.end(), [](const auto& n) { return n.role == Role::key; }));
}

TEST_CASE("what is too tall for its page is not touched through the top bar either") {
    int back = 0, ticked = 0;
    std::string sentence = "Vi arbetar för alla. ";
    Shown screen([&](Ui& ui, Shown&) {
        FrameSpec spec;
        spec.screen = "tall", spec.back = "Tillbaka", spec.primary = "Gå vidare";
        if (ui.begin_frame(spec).back) ++back;
        if (ui.checkbox(sentence, false)) ++ticked;
        ui.end_frame();
    });
    auto covers = [&] {
        const auto *box = screen.find(sentence), *button = screen.find("Tillbaka");
        REQUIRE((box != nullptr && button != nullptr));
        float middle = button->rect.y + button->rect.height / 2, x = button->rect.x + button->rect.width / 2;
        return box->rect.y < middle && middle < box->rect.y + box->rect.height && box->rect.x < x;
    };
    for (int words = 0; words < 300 && screen.find("Visa mer") == nullptr; ++words) {
        sentence += "Vi arbetar för alla. ";
        screen.loop->refresh();
        screen.loop->settle();
    }
    for (int words = 0; words < 60; ++words) sentence += "Vi arbetar för alla. ";
    screen.loop->refresh();
    screen.loop->settle();
    for (int page = 0; page < 9 && !covers(); ++page) screen.tap("Visa mer");
    REQUIRE(covers());
    screen.tap("Tillbaka");
    CHECK(back == 1);
    CHECK(ticked == 0);
}

TEST_CASE("a button over the screen keyboard answers the first tap, however long the finger stays") {
    std::string name;
    Shown screen([&](Ui& ui, Shown& shown) {
        FrameSpec spec;
        spec.screen = "form", spec.primary = "Gå vidare";
        if (ui.begin_frame(spec).primary) ++shown.pressed;
        FieldSpec field;
        field.id = "name", field.label = "Namn";
        if (auto typed = ui.field(field, name)) name = *typed;
        ui.end_frame();
    });
    screen.tap("Namn");
    screen.tap("A");
    CHECK(name == "A");
    const auto* button = screen.find("Gå vidare");
    REQUIRE(button != nullptr);
    float x = button->rect.x + button->rect.width / 2, y = button->rect.y + button->rect.height / 2;
    Hand hand(*screen.loop);
    hand.down(x, y);
    screen.loop->settle();
    CHECK(screen.find("a") != nullptr);  // the keys stay while it is down
    hand.up(x, y);
    screen.loop->settle();
    CHECK(screen.pressed == 1);
    CHECK(screen.find("a") == nullptr);
}
