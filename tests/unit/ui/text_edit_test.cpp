#include "kiosk/ui/text_edit.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "kiosk/ui/screen_keyboard.h"

using namespace kiosk;

TEST_CASE("backspace takes a whole letter, however many bytes it has") {
    TextEdit edit;
    edit.adopt("Åsa Öå");
    edit.backspace();
    CHECK(edit.text() == "Åsa Ö");
    edit.backspace(), edit.backspace(), edit.backspace(), edit.backspace(), edit.backspace();
    CHECK(edit.text().empty());
    edit.backspace();
    CHECK(edit.text().empty());
}

TEST_CASE("a letter and a combining mark become one letter") {
    TextEdit edit;
    edit.insert("A\u030A");
    CHECK(edit.text() == "Å");
    edit.insert("e");
    edit.insert("\u0301");
    CHECK(edit.text() == "Åé");
    edit.backspace();
    CHECK(edit.text() == "Å");
}

TEST_CASE("text goes in where the caret is, and the caret stays between letters") {
    TextEdit edit;
    edit.adopt("Öberg");
    edit.home();
    edit.insert("Åsa ");
    CHECK(edit.text() == "Åsa Öberg");
    edit.right();
    edit.remove();
    CHECK(edit.text() == "Åsa Öerg");
    edit.left(), edit.left();
    edit.place(edit.caret() + 2);  // in the middle of Ö: before it
    edit.insert("x");
    CHECK(edit.text() == "Åsa xÖerg");
}

TEST_CASE("what is selected gives way") {
    TextEdit edit;
    edit.adopt("gammalt");
    edit.select_all();
    edit.insert("nytt");
    CHECK(edit.text() == "nytt");
    edit.select_all();
    edit.backspace();
    CHECK(edit.text().empty());
}

TEST_CASE("control characters, line ends and endless text are refused") {
    TextEdit edit;
    edit.insert("a\n\tb\x7F");
    CHECK(edit.text() == "ab");
    edit.insert(std::string(5000, 'x'));
    CHECK(edit.text() == "ab");
}

TEST_CASE("the Swedish letters have keys of their own; others lie under a key that is held") {
    auto rows = keyboard_rows(FieldKind::name, KeyPage::letters);
    auto has = [&](const std::string& text) {
        for (const auto& row : rows)
            for (const auto& key : row)
                if (key.text == text) return true;
        return false;
    };
    for (const char* letter : {"å", "ä", "ö", "q", "m", "-"}) CHECK(has(letter));
    CHECK_FALSE(has("é"));
    auto under = [](const char* key, const std::string& wanted) {
        auto found = alternatives(key);
        return std::find(found.begin(), found.end(), wanted) != found.end();
    };
    for (auto [key, wanted] : {std::pair{"e", "é"},
                               {"u", "ü"},
                               {"c", "č"},
                               {"s", "š"},
                               {"z", "ž"},
                               {"n", "ŋ"},
                               {"d", "đ"},
                               {"t", "ŧ"},
                               {"a", "á"}})
        CHECK(under(key, wanted));
    CHECK(alternatives("q").empty());
}

TEST_CASE("e-mail has its signs on the first page; numbers have a pad") {
    auto email = keyboard_rows(FieldKind::email, KeyPage::letters).back();
    CHECK(std::any_of(email.begin(), email.end(), [](const KeyCap& k) { return k.text == "@"; }));
    for (auto kind : {FieldKind::digits, FieldKind::date, FieldKind::phone, FieldKind::pin}) {
        auto rows = keyboard_rows(kind, KeyPage::letters);
        CHECK(rows[0][0].text == "1");
        CHECK(rows[0].size() <= 4);
    }
}

TEST_CASE("a capital begins a name and each of its parts, but neither an address nor a secret") {
    CHECK(wants_capital(FieldKind::name, ""));
    CHECK(wants_capital(FieldKind::name, "Åsa "));
    CHECK(wants_capital(FieldKind::name, "Anna-"));
    CHECK_FALSE(wants_capital(FieldKind::name, "Ås"));
    CHECK(wants_capital(FieldKind::text, ""));
    CHECK_FALSE(wants_capital(FieldKind::text, "Vi "));
    CHECK_FALSE(wants_capital(FieldKind::email, ""));
    CHECK_FALSE(wants_capital(FieldKind::secret, ""));
}
