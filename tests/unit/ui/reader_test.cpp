#include "kiosk/ui/reader.h"

#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>

using namespace kiosk;

namespace {

const core::Words& words() {
    static const auto loaded =
        core::Words::load(std::filesystem::path(HANDSLAG_BINARY_DIR) / "share" / "locale", "sv");
    REQUIRE(loaded.ok());
    return *loaded;
}

SemanticNode node(Role role, std::string label, std::string value = {}) {
    SemanticNode n;
    n.role = role, n.label = std::move(label), n.value = std::move(value);
    n.rect = {0, 0, 10, 10};
    return n;
}

SemanticTree details() {
    SemanticTree tree;
    tree.screen = "details";
    auto field = node(Role::field, "Namn", "Åsa");
    field.id = "representative_name", field.rect = {0, 50, 100, 20};
    auto hint = node(Role::text, "Som det står i protokollet");
    hint.rect = {0, 20, 100, 50};
    auto box = node(Role::checkbox, "Visa underskriften i rummet");
    tree.nodes = {node(Role::heading, "Vem skriver under?"), field, hint, box,
                  node(Role::button, "Fortsätt")};
    return tree;
}

std::string heard(Reader& reader, const SemanticTree& tree, const Hearing& hearing = {}) {
    std::string all;
    for (const auto& text : reader.read(tree, words(), hearing)) all += (all.empty() ? "" : " | ") + text;
    return all;
}

void focus(SemanticTree& tree, std::size_t index) {
    for (auto& n : tree.nodes) n.focused = false;
    tree.nodes[index].focused = true;
}

}  // namespace

TEST_CASE("a new screen is read once, and a field's hint with its field") {
    Reader reader;
    auto tree = details();
    CHECK(heard(reader, tree) == "Vem skriver under?");
    CHECK(heard(reader, tree).empty());
    focus(tree, 1);
    CHECK(heard(reader, tree) == "Namn, skrivfält, Åsa. Som det står i protokollet");
    focus(tree, 4);
    CHECK(heard(reader, tree) == "Fortsätt, knapp");
    reader.forget();
    CHECK(heard(reader, tree) == "Vem skriver under? | Fortsätt, knapp");
}

TEST_CASE("ticking and typing answer at once") {
    Reader reader;
    auto tree = details();
    focus(tree, 3);
    CHECK(heard(reader, tree).ends_with("Visa underskriften i rummet, ruta, inte ikryssad"));
    tree.nodes[3].checked = true;
    CHECK(heard(reader, tree) == "På");
    focus(tree, 1);
    heard(reader, tree);
    tree.nodes[1].value = "Åsaö";
    CHECK(heard(reader, tree) == "ö");
    tree.nodes[1].value = "Åsaö ";
    CHECK(heard(reader, tree) == "Åsaö, mellanslag");
    tree.nodes[1].value = "Åsaö";
    CHECK(heard(reader, tree) == "tecken borttaget");
    tree.nodes[1].value = "Karin";
    CHECK(heard(reader, tree) == "Karin");
}

TEST_CASE("a secret is counted, never spelled") {
    Reader reader;
    auto tree = details();
    tree.nodes[1].value = "\u2022\u2022\u2022\u2022";
    focus(tree, 1);
    CHECK(heard(reader, tree).find("4 tecken") != std::string::npos);
    tree.nodes[1].value += "\u2022";
    CHECK(heard(reader, tree) == "tecken");
}

TEST_CASE("in a room nobody hears what people typed") {
    Reader reader;
    auto tree = details();
    tree.nodes.push_back(node(Role::text, "Företrädare", "Åsa Öberg, ordförande"));
    Hearing room{false, {"Åsa Öberg"}};
    auto all = heard(reader, tree, room);
    CHECK(all.find("Öberg") == std::string::npos);
    CHECK(all.find("ordförande") != std::string::npos);
    focus(tree, 1);
    CHECK(heard(reader, tree, room) == "Namn, skrivfält, ifyllt. Som det står i protokollet");
    tree.nodes[1].value = "Åsas";
    CHECK(heard(reader, tree, room) == "tecken");
}

TEST_CASE("a countdown is said when it begins, not every second") {
    Reader reader;
    auto tree = details();
    tree.nodes.push_back(node(Role::text, "Skärmen töms om 60 sekunder"));
    CHECK(heard(reader, tree).find("60 sekunder") != std::string::npos);
    tree.nodes.back().label = "Skärmen töms om 9 sekunder";
    CHECK(heard(reader, tree).empty());
}

TEST_CASE(
    "an error summary is read whole when the focus comes to it, each error once, and nothing that was there "
    "before") {
    Reader reader;
    auto tree = details();
    heard(reader, tree);
    auto at_field = node(Role::status, "Skriv namnet");
    at_field.rect = {0, 20, 100, 50};
    tree.nodes.insert(tree.nodes.begin(),
                      {node(Role::errors, "Det här behöver rättas:"),
                       node(Role::link, "Person 1: Skriv namnet"), node(Role::link, "Är det rätt?")});
    tree.nodes.insert(tree.nodes.begin() + 5, at_field);
    tree.nodes.push_back(node(Role::text, "Det som stod på den första sidan"));
    focus(tree, 0);
    CHECK(heard(reader, tree) == "Det här behöver rättas: 2 fel. 1: Person 1: Skriv namnet. 2: Är det rätt?");
    focus(tree, 1);
    CHECK(heard(reader, tree) == "Person 1: Skriv namnet, länk");
    focus(tree, 0);  // once more, with the same errors
    CHECK(heard(reader, tree).starts_with("Det här behöver rättas: 2 fel."));
    tree.nodes.erase(tree.nodes.begin() + 2);
    CHECK(heard(reader, tree) == "Det här behöver rättas: ett fel. Person 1: Skriv namnet.");
}

TEST_CASE("a question is all that is said, and what was there before is not read again after it") {
    Reader reader;
    auto tree = details();
    heard(reader, tree);
    auto question = node(Role::status, "Är du kvar? Skärmen töms om 45 sekunder.");
    question.id = "ask";
    tree.nodes.push_back(question);
    tree.nodes.push_back(node(Role::text, "Något nytt under frågan"));
    CHECK(heard(reader, tree) == question.label);
    tree.nodes.pop_back();
    tree.nodes.back().label = "Är du kvar? Skärmen töms om 44 sekunder.";
    CHECK(heard(reader, tree).empty());
    tree.nodes.pop_back();
    CHECK(heard(reader, tree).empty());
}

TEST_CASE("a page that a question hid is not read again when it comes back") {
    Reader reader;
    auto tree = details(), asking = details();
    heard(reader, tree);
    auto question = node(Role::status, "Är du kvar? Skärmen töms om 45 sekunder.");
    question.id = "ask";
    asking.nodes = {question};
    CHECK(heard(reader, asking) == question.label);
    CHECK(heard(reader, tree).empty());
    CHECK(heard(reader, asking) == question.label);  // the next time, too
}

TEST_CASE("a page of text that the focus rests on says which it is, after its text") {
    Reader reader;
    SemanticTree tree;
    tree.screen = "check";
    tree.nodes = {node(Role::text, "Första sidan")};
    heard(reader, tree);
    tree.nodes = {node(Role::text, "Andra sidan"), node(Role::page, "Sida 2 av 3")};
    focus(tree, 1);
    CHECK(heard(reader, tree) == "Andra sidan | Sida 2 av 3");
}

TEST_CASE("a warning says its word first, a choice its place, and a change what it changes") {
    Reader reader;
    SemanticTree tree;
    tree.screen = "check";
    auto radio = node(Role::radio, "Stiftelse", "Form");
    radio.checked = true;
    tree.nodes = {node(Role::status, "Numret saknas.", "Obs"), node(Role::radio, "Ideell förening", "Form"),
                  radio, node(Role::text, "Ordförande", "Åsa Öberg"), node(Role::button, "Ändra")};
    CHECK(heard(reader, tree) == "Obs: Numret saknas. | Ordförande: Åsa Öberg");
    focus(tree, 2);
    CHECK(heard(reader, tree) == "Form: Stiftelse, vald, 2 av 2");
    focus(tree, 4);
    CHECK(heard(reader, tree) == "Ändra, knapp: Ordförande");
}

TEST_CASE("every role that can be operated has words of its own") {
    for (auto role : {Role::button, Role::row, Role::checkbox, Role::radio, Role::field, Role::link}) {
        Reader reader;
        SemanticTree tree;
        tree.screen = "x";
        tree.nodes = {node(Role::heading, "Rubrik"), node(role, "Etikett")};
        tree.nodes[1].focused = true;
        auto all = heard(reader, tree);
        CAPTURE(to_string(role));
        CHECK(all.starts_with("Rubrik | Etikett, "));
    }
}
