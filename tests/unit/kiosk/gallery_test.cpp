// Every screen in all four languages, in the smallest and the largest look: nothing cut off, no word broken, nothing on top of another, no message without
// words. With HANDSLAG_GALLERY=DIR the pictures are kept, for people to look at;
// HANDSLAG_SCREEN=NAME draws only that one, HANDSLAG_LANGUAGE=se only that language: a draft, too.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <sstream>

#include <doctest/doctest.h>

#include "core/certificate/arms.h"
#include "core/certificate/fonts.h"
#include "core/certificate/layout.h"
#include "kiosk/platform/headless.h"
#include "kiosk/screens/screens.h"
#include "kiosk/ui/text_layout.h"
#include "tests/unit/kiosk/fixture.h"

using namespace kiosk_test;

namespace {

const std::filesystem::path source_dir = HANDSLAG_SOURCE_DIR;

struct Look {
    const char* name;
    int width, height;
    TextSize size;
    Contrast contrast;
};
constexpr Look looks[] = {{"tablet", 1280, 800, TextSize::normal, Contrast::light},
                          {"tablet-largest", 1280, 800, TextSize::largest, Contrast::high},
                          {"big", 1920, 1200, TextSize::normal, Contrast::light},
                          {"portrait", 800, 1280, TextSize::largest, Contrast::light},
                          {"portrait-normal", 800, 1280, TextSize::normal, Contrast::light},
                          {"seven-inch", 600, 1024, TextSize::normal, Contrast::light},
                          {"seven-inch-largest", 600, 1024, TextSize::largest, Contrast::high}};
constexpr double seven_inch_px_per_mm = 6.68;

core::Words words_in(const std::string& language) {
    auto words = core::Words::load(std::filesystem::path(HANDSLAG_BINARY_DIR) / "share" / "locale", language);
    REQUIRE(words.ok());
    return std::move(*words);
}

bool overlap(const Rect& a, const Rect& b) {
    constexpr float slack = 1;
    return a.x + slack < b.x + b.width && b.x + slack < a.x + a.width && a.y + slack < b.y + b.height &&
           b.y + slack < a.y + a.height;
}

// Letters that do not fit: more lines than the place is high, or a word that is wider than it. Of a row, by the
// letters and margins that it has; otherwise by the smallest letters of this look, so what is found is surely
// cut.
void check_fits(const SemanticNode& node, const Fonts& fonts, const Theme& theme) {
    auto mm = [&](double length) { return static_cast<float>(length * theme.px_per_mm); };
    bool row = node.role == Role::row;
    if (!row && node.role != Role::button && node.role != Role::heading && node.role != Role::status &&
        node.role != Role::text)
        return;
    if (node.rect.width <= mm(20)) return;  // icons with a spoken name
    Font font = row ? Font{core::Face::sans_bold, mm(theme.body_mm())}
                    : Font{core::Face::sans, mm(theme.body_mm() / 1.25)};
    float room = node.rect.width - (row ? mm(13 + 0.9 * theme.body_mm()) : 0);
    auto lines = wrap(fonts, node.label, font, room);
    bool runs_on = node.role == Role::text && node.rect.y > mm(16);  // to the next page; not in the bar
    if (!runs_on) CHECK(static_cast<float>(lines.size()) * font.size <= node.rect.height + 1);
    std::istringstream words(node.label);
    for (std::string word; words >> word;)
        if (word.find_first_of("@-/") == std::string::npos) CHECK(fonts.width(font, word) <= room);
}

// Nobody should have to turn a page to learn their certificate's number.
void check_number_is_seen(const SemanticTree& tree, const Look& look) {
    if (tree.screen != "done" || look.size != TextSize::normal) return;
    const auto* number = tree.find_shown("STR26-A0002-B");
    REQUIRE(number != nullptr);
    CHECK(number->on_screen);
}

// Nor whose the code is, at any size of text: it is shown once.
void check_own_code_is_seen(const SemanticTree& tree) {
    for (const auto& node : tree.nodes)
        if (node.label == "Er egen kopia" || node.label == "QR-kod till er egen kopia av intyget")
            CHECK(node.on_screen);
}

void check_screen(const SemanticTree& tree, const Look& look, const Fonts& fonts, const Theme& theme) {
    static const std::regex name_of_a_message("[a-z_]+(\\.[a-z0-9_]+)+|.*[{}].*");
    bool asks =
        std::any_of(tree.nodes.begin(), tree.nodes.end(), [](const auto& n) { return n.id == "ask"; });
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        const auto& a = tree.nodes[i];
        CAPTURE(a.label);
        CHECK_FALSE(std::regex_match(a.label, name_of_a_message));
        if (!a.on_screen || a.rect.width <= 0) continue;
        CHECK(a.rect.x >= -1);
        CHECK(a.rect.y >= -1);
        CHECK(a.rect.x + a.rect.width <= static_cast<float>(look.width) + 1);
        CHECK(a.rect.y + a.rect.height <= static_cast<float>(look.height) + 1);
        // The room's letters follow its height, not a visitor's wish; room_picture_test judges them.
        if (tree.screen != "room") check_fits(a, fonts, theme);
        if (asks || !operable(a.role) || !a.enabled || a.role == Role::link) continue;
        for (std::size_t j = i + 1; j < tree.nodes.size(); ++j) {
            const auto& b = tree.nodes[j];
            if (!operable(b.role) || !b.on_screen || !b.enabled || b.role == Role::link) continue;
            CAPTURE(b.label);
            CHECK_FALSE(overlap(a.rect, b.rect));
        }
    }
}

struct Gallery {
    std::shared_ptr<const core::Ceremony> ceremony;
    core::SharedImage arms;
    std::shared_ptr<const core::Document> certificate;

    Gallery() {
        auto loaded = core::load_ceremony(source_dir / "assets" / "demo", core::Date{2026, 11, 19});
        REQUIRE(loaded.value);
        ceremony = std::make_shared<core::Ceremony>(std::move(*loaded.value));
        auto image = core::render_arms(ceremony->municipality.arms_svg, 360);
        REQUIRE(image.ok());
        arms = *image;
        certificate = lay_out();
    }

    // The certificate of the one who signs in these screens, as core/certificate lays it out.
    std::shared_ptr<const core::Document> lay_out() const {
        Play play(ceremony);
        play.to_sealing();
        auto order = play.asked<CompleteSigning>()->order;
        core::SigningRecord record;
        record.id = order.id, record.certificate_number = "STR26-A0002-B";
        record.ceremony_title = ceremony->title, record.ceremony_place = ceremony->place,
        record.ceremony_date = ceremony->date;
        record.municipality_name = ceremony->municipality.name;
        record.agreement_title = ceremony->agreement.original().title,
        record.agreement_version = ceremony->agreement.version;
        record.adoption = ceremony->agreement.adoption;
        record.organisation = order.organisation, record.decision = order.decision;
        record.criteria = order.criteria, record.representatives = order.representatives,
        record.municipal = order.municipal;
        record.declared_at.wall_ms = opening_ms;
        auto fonts = core::Fonts::load();
        REQUIRE(fonts.ok());
        auto words = words_in("sv");
        core::CertificateContext context;
        context.words = &words, context.fonts = &*fonts, context.has_arms = true;
        context.register_url = ceremony->municipality.register_url,
        context.contact = ceremony->municipality.contact;
        auto document = core::lay_out_certificate(record, context);
        REQUIRE(document.ok());
        return std::make_shared<core::Document>(std::move(*document));
    }

    // What stands for the effects' answers.
    void dress(State& state) const {
        state.arms = arms;
        if (auto* done = std::get_if<Done>(&state.life)) done->certificate.document = certificate;
        if (auto* desk = std::get_if<Desk>(&state.life)) {
            if (auto* page = std::get_if<DeskCertificate>(&desk->page))
                page->certificate.document = certificate;
            if (auto* page = std::get_if<DeskClosed>(&desk->page)) page->protocol.document = certificate;
        }
    }
};

}  // namespace

TEST_CASE("every screen stands within its display, in words, and no target covers another") {
    const char* keep = std::getenv("HANDSLAG_GALLERY");
    const char* only = std::getenv("HANDSLAG_SCREEN");
    std::vector<std::string> languages{"sv", "en", "fi", "sv_easy"};
    if (const char* one = std::getenv("HANDSLAG_LANGUAGE")) languages = {one};
    Gallery gallery;
    auto all = screens(gallery.ceremony);
    auto fonts = Fonts::open();
    REQUIRE(fonts.ok());
    for (const auto& look : looks) {
        FrameLoopOptions options;
        options.paint_one_in = 5;  // where things stand is judged; the renderer meets each look all the same
        options.window.width_px = look.width, options.window.height_px = look.height;
        bool seven_inch = look.width == 600;  // the least tablet that has room for the keys that are scanned
        if (seven_inch) options.window.px_per_mm = seven_inch_px_per_mm;
        auto loop = open_headless(options);
        REQUIRE(loop.ok());
        State state;
        (*loop)->set_words(words_in("sv"));
        (*loop)->set_draw([&](Ui& ui) { draw_screen(state, ui, [](const Action&) {}); });
        for (const auto& language : languages) {
            (*loop)->set_words(words_in(language));
            (*loop)->set_theme(make_theme(look.contrast, look.size, gallery.ceremony->municipality.accent,
                                          (*loop)->theme().px_per_mm));
            for (const auto& screen : all) {
                if (only && screen.name != std::string(only)) continue;
                if (seven_inch && screen.buttons.empty()) continue;
                CAPTURE(look.name);
                CAPTURE(language);
                CAPTURE(screen.name);
                state = screen.make().state;
                gallery.dress(state);
                state.language = language;
                state.text_size = look.size,
                state.contrast = look.contrast;  // some screens stand otherwise then
                if (auto* visiting = std::get_if<Visiting>(&state.life)) visiting->visit.language = language;
                (*loop)->refresh();
                (*loop)->settle();
                Hand hand(**loop);
                for (char button : screen.buttons) hand.key(button == 'T' ? SDLK_TAB : SDLK_RETURN);
                check_screen((*loop)->semantics(), look, **fonts, (*loop)->theme());
                check_number_is_seen((*loop)->semantics(), look);
                check_own_code_is_seen((*loop)->semantics());
                if (keep) {
                    auto file = std::filesystem::path(keep) /
                                (std::string(screen.name) + "-" + look.name + "-" + language + ".png");
                    CHECK((*loop)->screenshot(file).ok());
                }
                for (int i = 0; i < 3 && !screen.buttons.empty(); ++i)
                    hand.key(SDLK_ESCAPE);  // out of the row, the keys and the field
            }
        }
    }
}
