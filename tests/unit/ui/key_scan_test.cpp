// Two buttons on the screen keyboard: where "next" and "choose" lead, what each is called, and that they write.
#include "kiosk/ui/key_scan.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

#include <doctest/doctest.h>

#include "demo.h"
#include "kiosk/platform/journey.h"
#include "kiosk/ui/key_names.h"
#include "kiosk/ui/reader.h"

using namespace kiosk;

namespace {

constexpr FieldKind kinds[] = {FieldKind::text,  FieldKind::name,  FieldKind::digits, FieldKind::date,
                               FieldKind::email, FieldKind::phone, FieldKind::secret, FieldKind::pin};

core::Words words_in(const char* language) {
    auto loaded =
        core::Words::load(std::filesystem::path(HANDSLAG_BINARY_DIR) / "share" / "locale", language);
    REQUIRE(loaded.ok());
    return std::move(*loaded);
}

std::set<std::string> keys_of(const std::vector<std::vector<KeyCap>>& rows) {
    std::set<std::string> texts;
    for (const auto& row : rows)
        for (const auto& cap : row)
            if (cap.act != KeyAct::hide && cap.act != KeyAct::next) texts.insert(cap.text);
    return texts;
}

std::set<std::string> keys_of(const std::vector<ScanRow>& rows) {
    std::set<std::string> texts;
    for (const auto& row : rows)
        for (const auto& cap : row.keys)
            if (cap.act != KeyAct::done && cap.act != KeyAct::accent) texts.insert(cap.text);
    return texts;
}

// "next" so many times, then "choose".
std::optional<KeyCap> press(KeyScan& scan, const std::vector<ScanRow>& rows, int next) {
    for (int i = 0; i < next; ++i) scan.next(rows);
    return scan.choose(rows);
}

const SemanticNode* focused(const SemanticTree& tree) {
    auto found =
        std::find_if(tree.nodes.begin(), tree.nodes.end(), [](const SemanticNode& n) { return n.focused; });
    return found == tree.nodes.end() ? nullptr : &*found;
}

bool has_keys(demo::Stage& stage) {
    const auto& nodes = stage.loop().semantics().nodes;
    return std::any_of(nodes.begin(), nodes.end(), [](const auto& n) { return n.role == Role::key; });
}

void tab_to(demo::Stage& stage, const std::string& label) {
    for (int i = 0; i < 60; ++i) {
        const auto* at = focused(stage.loop().semantics());
        if (at != nullptr && at->label == label) return;
        stage.hand->key(SDLK_TAB);
    }
    FAIL("Tab never comes to " << label);
}

core::Status play(demo::Stage& stage, const std::string& journey) {
    JourneyHost host;
    host.loop = [&]() -> FrameLoop& { return stage.loop(); };
    host.timeout_ms = 500;
    host.picture_dir = std::filesystem::temp_directory_path();
    return run_journey("buttons.journey", journey, host);
}

}  // namespace

TEST_CASE("scanning reaches every key that a finger does, and \"done\" in a row of its own") {
    for (auto kind : kinds)
        for (auto page : {KeyPage::letters, KeyPage::symbols}) {
            auto rows = scan_rows(kind, page);
            CHECK(keys_of(rows) == keys_of(keyboard_rows(kind, page)));
            REQUIRE(rows.back().keys.size() == 1);
            CHECK(rows.back().keys.front().act == KeyAct::done);
            bool accents = std::any_of(rows.begin(), rows.end(), [](const ScanRow& row) {
                return std::any_of(row.keys.begin(), row.keys.end(),
                                   [](const KeyCap& cap) { return cap.act == KeyAct::accent; });
            });
            CHECK(accents == (kind == FieldKind::text || kind == FieldKind::name));
        }
}

TEST_CASE("\"choose\" goes into a row, \"next\" over its keys, and a letter leads back to the first row") {
    auto rows = scan_rows(FieldKind::name, KeyPage::letters);
    KeyScan scan;
    CHECK_FALSE(scan.choose(rows));
    CHECK_FALSE(scan.open());
    scan.start();
    CHECK_FALSE(press(scan, rows, 1));  // into the row of a
    CHECK(scan.row() == 1);
    CHECK(scan.key() == 0);
    auto pressed = press(scan, rows, 10);
    REQUIRE(pressed);
    CHECK(pressed->text == "ä");
    CHECK(scan.open());
    CHECK(scan.row() == 0);
    CHECK_FALSE(scan.key());
}

TEST_CASE("after the last key stands the way out of the row, and after it the first key again") {
    auto rows = scan_rows(FieldKind::name, KeyPage::letters);
    KeyScan scan;
    scan.start();
    CHECK_FALSE(press(scan, rows, 0));
    CHECK_FALSE(press(scan, rows, 11));  // the way out: nothing is written
    CHECK(scan.row() == 0);
    CHECK_FALSE(scan.key());
    CHECK_FALSE(press(scan, rows, 0));
    auto first = press(scan, rows, 12);
    REQUIRE(first);
    CHECK(first->text == "q");
    CHECK_FALSE(press(scan, rows, 0));
    scan.previous(rows);
    CHECK(scan.key() == rows[0].keys.size());
    scan.out();
    CHECK(scan.open());
    scan.out();
    CHECK_FALSE(scan.open());
}

TEST_CASE("a row of one key is pressed at once; erasing stays where it is; rows come around") {
    auto rows = scan_rows(FieldKind::text, KeyPage::letters);
    KeyScan scan;
    scan.start();
    auto space = press(scan, rows, 3);
    REQUIRE(space);
    CHECK(space->text == " ");
    CHECK(scan.row() == 0);
    for (int i = 0; i < 3; ++i) {
        auto erased = press(scan, rows, i == 0 ? 4 : 0);
        REQUIRE(erased);
        CHECK(erased->act == KeyAct::backspace);
    }
    auto done = press(scan, rows, 2);
    REQUIRE(done);
    CHECK(done->act == KeyAct::done);
    for (std::size_t i = 0; i < rows.size(); ++i) scan.next(rows);
    CHECK(scan.row() == 0);
    scan.previous(rows);
    CHECK(scan.row() == rows.size() - 1);
}

TEST_CASE("a place that the other page does not have is no trouble") {
    auto letters = scan_rows(FieldKind::text, KeyPage::letters),
         pad = scan_rows(FieldKind::pin, KeyPage::letters);
    KeyScan scan;
    scan.start();
    scan.previous(letters);
    CHECK(press(scan, pad, 0));
    CHECK_FALSE(press(scan, letters, 0));
    for (int i = 0; i < 10; ++i) scan.next(letters);
    CHECK_FALSE(press(scan, pad, 0));  // past the end of the pad's row: its way out
    CHECK_FALSE(scan.choose({}));
}

TEST_CASE("an accent is changed by one key that goes around, capital as it was") {
    CHECK(next_accent("e", "e") == "é");
    CHECK(next_accent("e", "é") == "è");
    std::string letter = "e";
    for (std::size_t i = 0; i <= alternatives("e").size(); ++i) letter = next_accent("e", letter);
    CHECK(letter == "e");
    CHECK(next_accent("E", "E") == "É");
    CHECK(next_accent("Ö", "Ö") == "Ø");
    CHECK(next_accent("q", "q") == "q");
}

TEST_CASE("every key is called something that a voice says, in every language") {
    for (const char* language : {"sv", "en", "fi"}) {
        auto words = words_in(language);
        std::set<std::string> signs;
        for (auto kind : kinds)
            for (auto page : {KeyPage::letters, KeyPage::symbols})
                for (const auto& row : scan_rows(kind, page))
                    for (const auto& cap : row.keys) {
                        auto name = key_name(words, cap, false);
                        CAPTURE(cap.text);
                        CHECK_FALSE(name.empty());
                        CHECK(name.find("voice.") == std::string::npos);
                        bool sign = cap.act == KeyAct::insert && cap.text.size() == 1 &&
                                    std::isalnum(static_cast<unsigned char>(cap.text[0])) == 0;
                        if (!sign) continue;
                        CHECK(name.size() > 2);
                        signs.insert(name);
                    }
        CHECK(signs.size() > 20);
        CHECK(letter_name(words, "Å") == letter_name(words, "å"));
        CHECK(typed_name(words, "Å") != typed_name(words, "å"));
    }
    auto sv = words_in("sv");
    auto rows = scan_rows(FieldKind::name, KeyPage::letters);
    CHECK(row_name(sv, rows[0].keys, false) == "q till å");
    CHECK(row_name(sv, rows[2].keys, false) == "Skift, av, z till bindestreck");
    CHECK(row_name(sv, scan_rows(FieldKind::date, KeyPage::letters)[0].keys, false) == "1, 2, 3, Radera");
    CHECK(row_name(words_in("en"), rows[1].keys, false) == "a to a with two dots");
    CHECK(typed_name(sv, "Ä") == "stort ä");
}

TEST_CASE("two buttons open the keys, write, and close them; the field is where it was") {
    demo::Stage stage;
    stage.demo.name.clear();
    stage.show("form");
    CHECK_FALSE(play(stage, "buttons\nfill \"Organisationens namn\" \"Åsa Öberg-É2\"\n").ok());
    CHECK(stage.demo.name == "Åsa Öberg-");  // an accent is no key of its own
    auto written = play(stage,
                        "buttons\nfill \"Organisationens namn\" \"Åsa & Öberg-2\"\nfill "
                        "\"Organisationsnummer\" \"802481-1230\"\nfill \"E-post\" \"a@b.se\"\n");
    CHECK_MESSAGE(written.ok(), (written.ok() ? "" : written.error().detail));
    CHECK(stage.demo.name == "Åsa & Öberg-2");
    CHECK(stage.demo.number == "802481-1230");
    CHECK(stage.demo.email == "a@b.se");
    CHECK_FALSE(has_keys(stage));
    REQUIRE(focused(stage.loop().semantics()) != nullptr);
    CHECK(focused(stage.loop().semantics())->label == "E-post");
    CHECK(play(stage, "buttons\ntap \"Fortsätt\"\n").ok());
    CHECK(stage.demo.done_pressed == 1);
    CHECK_FALSE(play(stage, "buttons\nkey Left\n").ok());
    CHECK_FALSE(play(stage, "buttons\nsign \"Bo\"\n").ok());
}

TEST_CASE("an accent is put on with two buttons") {
    demo::Stage stage;
    stage.demo.name.clear();
    stage.show("form");
    tab_to(stage, "Organisationens namn");
    REQUIRE(play(stage, "buttons\ntype \"Andre\"\n").ok());
    tab_to(stage, "Siffror och tecken, Byt accent, kommatecken, punkt");
    stage.hand->key(SDLK_RETURN);
    tab_to(stage, "é ü");
    stage.hand->key(SDLK_RETURN);
    CHECK(stage.demo.name == "André");
    stage.hand->key(SDLK_RETURN);
    CHECK(stage.demo.name == "Andrè");
}

TEST_CASE("whoever has a keyboard is not led through the keys on screen") {
    demo::Stage stage;
    stage.demo.name.clear();
    stage.show("form");
    tab_to(stage, "Organisationens namn");
    CHECK_FALSE(has_keys(stage));
    stage.hand->type("Bo");
    stage.hand->key(SDLK_RETURN);  // as ever: to the next field, and the next
    CHECK(stage.node("Organisationsnummer").focused);
    stage.hand->key(SDLK_RETURN);
    CHECK(stage.node("E-post").focused);
    CHECK_FALSE(has_keys(stage));
    // Opened by mistake: the first letter closes them, and is written.
    tab_to(stage, "Organisationens namn");
    stage.hand->key(SDLK_RETURN);
    CHECK(has_keys(stage));
    stage.hand->type("r");
    CHECK_FALSE(has_keys(stage));
    CHECK(stage.demo.name == "Bor");
    tab_to(stage, "Organisationsnummer");
    stage.hand->key(SDLK_RETURN);
    stage.hand->key(SDLK_RETURN);  // in a row
    stage.hand->key(SDLK_ESCAPE);
    REQUIRE(focused(stage.loop().semantics()) != nullptr);
    CHECK(focused(stage.loop().semantics())->role == Role::keys);
    stage.hand->key(SDLK_ESCAPE);
    CHECK_FALSE(has_keys(stage));
    CHECK(stage.node("Organisationsnummer").focused);
}

TEST_CASE("a helping finger writes on the scanned keys, and a touch of the field brings its own") {
    demo::Stage stage;
    stage.demo.name.clear();
    stage.show("form");
    tab_to(stage, "Organisationens namn");
    stage.hand->key(SDLK_RETURN);
    stage.tap("Å"), stage.tap("s");
    CHECK(stage.demo.name == "Ås");
    stage.tap("Organisationens namn");
    const auto& nodes = stage.loop().semantics().nodes;
    CHECK(std::none_of(nodes.begin(), nodes.end(), [](const auto& n) { return n.role == Role::keys; }));
    stage.tap("a");
    CHECK(stage.demo.name == "Åsa");
    stage.tap("Göm tangenterna");
    CHECK_FALSE(has_keys(stage));
}

TEST_CASE("where others hear, the keys of a code are not named, and other keys are") {
    auto words = words_in("sv");
    for (bool in_private : {true, false}) {
        demo::Stage stage;
        stage.show("form");
        Reader reader;
        std::string heard;
        auto listen = [&] {
            heard.clear();
            for (const auto& text : reader.read(stage.loop().semantics(), words, {in_private, {}}))
                heard += (heard.empty() ? "" : " | ") + text;
        };
        listen();
        tab_to(stage, "Lösenfras");
        stage.hand->key(SDLK_RETURN), listen();
        CHECK(heard.find(in_private ? "Skärmens tangenter. | Rad: q till å" : "Sätt i hörlurar. | rad") !=
              std::string::npos);
        stage.hand->key(SDLK_RETURN), listen();
        CHECK(heard == (in_private ? "q" : "tangent"));
        stage.hand->key(SDLK_RETURN), listen();
        CHECK(heard == (in_private ? "tecken | Rad: q till å" : "tecken | rad"));
        tab_to(stage, "Radera"), listen();
        CHECK(heard == "Radera");
        stage.hand->key(SDLK_RETURN), listen();
        CHECK(heard == "tecken borttaget");
        tab_to(stage, "Klar"), listen();
        CHECK(heard == "Klar");
        stage.hand->key(SDLK_RETURN), listen();
        CHECK(heard == "Lösenfras, skrivfält, tomt. Retur öppnar skärmens tangenter.");
    }
}
