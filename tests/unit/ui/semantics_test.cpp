#include "kiosk/ui/semantics.h"

#include <doctest/doctest.h>

using namespace kiosk;

namespace {

SemanticNode node(Role role, std::string label, std::string value = {}, bool enabled = true,
                  bool on_screen = true) {
    SemanticNode n;
    n.role = role, n.label = std::move(label), n.value = std::move(value), n.enabled = enabled,
    n.on_screen = on_screen;
    return n;
}

SemanticTree tree() {
    SemanticTree t;
    t.nodes = {node(Role::heading, "Fortsätt läsa"),
               node(Role::button, "Fortsätt läsa vidare"),
               node(Role::button, "Fortsätt", "", false),
               node(Role::text, "Organisation", "Ådalens scoutkår"),
               node(Role::button, "Ändra"),
               node(Role::text, "Ordförande", "Åsa Öberg"),
               node(Role::button, "Ändra", "andra"),
               node(Role::button, "Fortsätt", "påslagen"),
               node(Role::button, "Klar", "", true, false)};
    return t;
}

}  // namespace

TEST_CASE("a label finds what can be operated: exact before beginning, never what is off or only text") {
    auto t = tree();
    REQUIRE(t.find_operable("Fortsätt") != nullptr);
    CHECK(t.find_operable("Fortsätt")->value == "påslagen");
    CHECK(t.find_operable("Fortsätt läsa")->label == "Fortsätt läsa vidare");
    CHECK(t.find_operable("Organisation") == nullptr);
    CHECK(t.find_operable("Avbryt") == nullptr);
}

TEST_CASE("what is on another page is found, but after what is on this one") {
    auto t = tree();
    REQUIRE(t.find_operable("Klar") != nullptr);
    CHECK_FALSE(t.find_operable("Klar")->on_screen);
    t.nodes.push_back(node(Role::button, "Klar igen"));
    CHECK(t.find_operable("Klar")->label == "Klar igen");
}

TEST_CASE("a label beside a text finds the one that follows it") {
    auto t = tree();
    REQUIRE(t.find_operable("Ändra", "Åsa Öberg") != nullptr);
    CHECK(t.find_operable("Ändra", "Åsa Öberg")->value == "andra");
    CHECK(t.find_operable("Ändra", "Organisation")->value.empty());
    CHECK(t.find_operable("Ändra", "Kassör") == nullptr);
}

TEST_CASE("text is shown when a label or a value has it, but a key on screen says nothing") {
    auto t = tree();
    CHECK(t.shows("scoutkår"));
    CHECK_FALSE(t.shows("Medelpad"));
    t.nodes.push_back(node(Role::key, "Medelpad"));
    CHECK_FALSE(t.shows("Medelpad"));
}
