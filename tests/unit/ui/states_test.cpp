// What the gallery cannot show in one pass: keys on screen, a question, focus, errors. With
// HANDSLAG_GALLERY=DIR kept.
#include <algorithm>
#include <cstdlib>

#include <doctest/doctest.h>

#include "demo.h"

using namespace kiosk;

namespace {

void keep(demo::Stage& stage, const std::string& name) {
    if (const char* dir = std::getenv("HANDSLAG_GALLERY"))
        CHECK(stage.loop().screenshot(std::string(dir) + "/state-" + name + ".png").ok());
}

const SemanticNode* focused(const SemanticTree& tree) {
    for (const auto& n : tree.nodes)
        if (n.focused) return &n;
    return nullptr;
}

float top_of_keys(const SemanticTree& tree) {
    float top = 1e9F;
    for (const auto& n : tree.nodes)
        if (n.role == Role::key) top = std::min(top, n.rect.y);
    return top;
}

}  // namespace

TEST_CASE("the screen keyboard comes with a touch and never covers the field, in every size and shape") {
    for (auto [width, height] : {std::pair{1280, 800}, {800, 1280}, {1920, 1200}}) {
        demo::Stage stage(width, height);
        for (auto size : {TextSize::normal, TextSize::large, TextSize::larger, TextSize::largest}) {
            stage.look(size, Contrast::light);
            for (const char* label : {"Organisationens namn", "Organisationsnummer", "E-post", "Lösenfras"}) {
                stage.show("attract"), stage.show("form");
                for (int i = 0; i < 6 && !stage.node(label).on_screen; ++i) stage.tap("Visa mer");
                stage.tap(label);
                const auto& field = stage.node(label);
                CAPTURE(label);
                CAPTURE(static_cast<int>(size));
                CAPTURE(width);
                CHECK(field.focused);
                CHECK(field.on_screen);
                REQUIRE(top_of_keys(stage.loop().semantics()) < 1e8F);
                CHECK(field.rect.y + field.rect.height <= top_of_keys(stage.loop().semantics()));
                keep(stage, std::string("keys-") + std::to_string(width) + "-" +
                                std::to_string(static_cast<int>(size)) + "-" + label);
            }
        }
    }
}

TEST_CASE("the screen keyboard writes å, ä and ö, capitals where a name begins, and é under e") {
    demo::Stage stage;
    stage.demo.name.clear();
    stage.show("form");
    stage.tap("Organisationens namn");
    for (const char* key : {"Å", "s", "a", "mellanslag", "Ö", "b", "e"}) stage.tap(key);
    CHECK(stage.demo.name == "Åsa Öbe");
    stage.tap("Radera");
    CHECK(stage.demo.name == "Åsa Öb");
    Rect e = stage.node("e").rect;
    float x = e.x + e.width / 2, y = e.y + e.height / 2;
    stage.hand->down(x, y);
    auto until = SDL_GetTicks64() + 600;
    while (SDL_GetTicks64() < until) stage.loop().turn(20);
    stage.hand->up(x, y);
    stage.loop().settle();
    keep(stage, "alternatives");
    stage.tap("é");
    CHECK(stage.demo.name == "Åsa Öbé");
    stage.tap("123");
    keep(stage, "symbols");
    stage.tap("7");
    CHECK(stage.demo.name == "Åsa Öbé7");
}

TEST_CASE("keys on screen give way to a hardware keyboard and come back with a touch") {
    demo::Stage stage;
    stage.show("form");
    stage.tap("Organisationens namn");
    CHECK(top_of_keys(stage.loop().semantics()) < 1e8F);
    stage.hand->type("x");
    CHECK(top_of_keys(stage.loop().semantics()) > 1e8F);
    stage.tap("Organisationens namn");
    CHECK(top_of_keys(stage.loop().semantics()) < 1e8F);
    stage.tap("Göm tangenterna");
    CHECK(top_of_keys(stage.loop().semantics()) > 1e8F);
}

TEST_CASE("Tab reaches everything, turns pages where it must, and comes around") {
    demo::Stage stage;
    stage.show("form");
    std::vector<std::string> reached;
    for (int i = 0; i < 14; ++i) {
        stage.hand->key(SDLK_TAB);
        const auto* at = focused(stage.loop().semantics());
        if (at == nullptr) continue;
        CHECK(at->on_screen);
        reached.push_back(at->label);
    }
    for (const char* label : {"Organisationens namn", "Organisationsnummer", "E-post", "Lösenfras",
                              "Fortsätt", "Be om hjälp", "Tillbaka"}) {
        CAPTURE(label);
        CHECK(std::find(reached.begin(), reached.end(), label) != reached.end());
    }
    keep(stage, "focus");
    auto last = reached.back();
    stage.hand->key(SDLK_TAB);
    stage.hand->key(SDLK_TAB, KMOD_LSHIFT);
    REQUIRE(focused(stage.loop().semantics()) != nullptr);
    CHECK(focused(stage.loop().semantics())->label == last);
}

TEST_CASE("Enter goes from field to field and from the last one onwards; Escape lets go, then goes back") {
    demo::Stage stage;
    stage.show("form");
    stage.tap("Organisationens namn");
    for (const char* label : {"Organisationsnummer", "E-post", "Lösenfras"}) {
        stage.hand->key(SDLK_RETURN);
        CHECK(stage.node(label).focused);
        CHECK(stage.demo.done_pressed == 0);
    }
    stage.hand->key(SDLK_RETURN);
    CHECK(stage.demo.done_pressed == 1);
    stage.show("find");
    stage.tap("Sök på namn");
    stage.hand->key(SDLK_ESCAPE);
    CHECK(stage.demo.log.empty());
    stage.hand->key(SDLK_ESCAPE);
    stage.hand->key(SDLK_ESCAPE);
    REQUIRE_FALSE(stage.demo.log.empty());
    CHECK(stage.demo.log.front() == "back");
}

TEST_CASE("a question stands over everything: what is under it cannot be touched, Escape says no") {
    demo::Stage stage;
    stage.show("choices");
    stage.demo.asking = true;
    stage.loop().refresh();
    stage.loop().settle();
    keep(stage, "ask");
    const auto* under = stage.loop().semantics().find_operable("Fortsätt");
    CHECK(under == nullptr);
    stage.tap("Låt vara");
    CHECK(stage.demo.log == std::vector<std::string>{"no"});
    stage.demo.asking = true;
    stage.loop().refresh();
    stage.loop().settle();
    stage.hand->key(SDLK_ESCAPE);
    CHECK(stage.demo.log == std::vector<std::string>{"no", "no"});
    CHECK_FALSE(stage.demo.asking);
    CHECK(stage.loop().semantics().find_operable("Fortsätt") != nullptr);
}

TEST_CASE("an error stands above and at its field, and leads there") {
    demo::Stage stage;
    stage.demo.field_error = true;
    stage.show("form");
    keep(stage, "error");
    // The focus has come to the summary; "next" goes to what is wrong, and an attempt that fails comes back.
    auto rests = [&] {
        const auto& nodes = stage.loop().semantics().nodes;
        return std::any_of(nodes.begin(), nodes.end(),
                           [](const auto& n) { return n.role == Role::errors && n.focused && n.on_screen; });
    };
    CHECK(rests());
    stage.hand->key(SDLK_TAB);
    CHECK(stage.node("Kontrollsiffran stämmer inte").focused);
    stage.tap("Fortsätt");
    CHECK(rests());
    stage.tap("Kontrollsiffran stämmer inte");
    const auto& field = stage.node("Organisationsnummer");
    CHECK(field.focused);
    CHECK(field.on_screen);
    keep(stage, "error-field");
}

TEST_CASE("a secret is masked on screen and for speech until it is asked for") {
    demo::Stage stage;
    stage.show("form");
    for (int i = 0; i < 6 && !stage.node("Lösenfras").on_screen; ++i) stage.tap("Visa mer");
    stage.tap("Lösenfras");
    stage.hand->type("blå häst");
    CHECK(stage.demo.secret == "blå häst");
    CHECK(stage.node("Lösenfras").value == "••••••••");
    CHECK_FALSE(stage.loop().semantics().shows("häst"));
    stage.tap("Visa");
    CHECK(stage.node("Dölj").on_screen);
    CHECK_FALSE(stage.loop().semantics().shows("häst"));
    keep(stage, "secret");
}

TEST_CASE("a long word in a title is set smaller, never broken") {
    demo::Stage stage(800, 1280);
    stage.look(TextSize::largest, Contrast::light);
    stage.loop().set_draw([&](Ui& ui) {
        FrameSpec spec;
        spec.screen = "words";
        ui.begin_frame(spec);
        ui.title("Samverkansöverenskommelsen gäller");
        ui.end_frame();
    });
    stage.loop().settle();
    const auto* title = stage.loop().semantics().find_shown("Samverkansöverenskommelsen");
    REQUIRE(title != nullptr);
    float height = title->rect.height;
    stage.loop().set_draw([&](Ui& ui) {
        FrameSpec spec;
        spec.screen = "short words";
        ui.begin_frame(spec);
        ui.title("Vi gäller");
        ui.end_frame();
    });
    stage.loop().settle();
    const auto* one_line = stage.loop().semantics().find_shown("Vi gäller");
    REQUIRE(one_line != nullptr);
    CHECK(height < 2 * one_line->rect.height + 2);  // two lines, not three
}

TEST_CASE("what a person wrote is gone from the tree with the next screen") {
    demo::Stage stage;
    stage.show("form");
    stage.tap("Organisationens namn");
    stage.hand->type(" Hemligt");
    CHECK(stage.loop().semantics().shows("Hemligt"));
    stage.show("attract");
    CHECK_FALSE(stage.loop().semantics().shows("Hemligt"));
}
