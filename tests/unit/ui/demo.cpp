#include "demo.h"

#include <cmath>

#include <doctest/doctest.h>

#include "kiosk/platform/signatures.h"

namespace demo {
namespace {

using namespace kiosk;

void attract(Demo& d, Ui& ui) {
    FrameSpec spec;
    spec.screen = "attract", spec.centred = true, spec.secondary = "För värden";
    auto answer = ui.begin_frame(spec);
    if (answer.text_size) d.size = *answer.text_size, d.look_changed = true;
    if (answer.contrast) d.contrast = *answer.contrast, d.look_changed = true;
    ui.image(d.arms, 18, "Ådalens vapen");
    ui.small("Ådalens kommun");
    ui.title("Överenskommelsen mellan kommunen och civilsamhället");
    ui.paragraph("23 föreningar har skrivit under i dag.");
    if (ui.button("Börja", ButtonKind::primary)) ++d.pressed;
    ui.buttons({"Svenska", "Lättläst", "English", "Suomi", "Davvisámegiella"}, ButtonKind::quiet);
    ui.end_frame();
}

void find(Demo& d, Ui& ui) {
    FrameSpec spec;
    spec.screen = "find", spec.back = "Tillbaka", spec.progress = "Steg 2 av 6 · Hitta er organisation",
    spec.help = "Be om hjälp";
    if (ui.begin_frame(spec).back) d.log.emplace_back("back");
    ui.heading("Vilken organisation företräder du?");
    if (auto v = ui.field({"search", "Sök på namn", "", "", FieldKind::text, false}, d.search)) d.search = *v;
    for (const char* row :
         {"Medelpads hembygdsförening", "Ådalens scoutkår", "Nätverket Grannsamverkan Öster"})
        if (ui.row(row, "Ideell förening · Kramfors")) ++d.rows_tapped, d.log.emplace_back(row);
    ui.row("Vår organisation finns inte här", "Skriv in den själv");
    ui.end_frame();
}

void details(Demo& d, Ui& ui) {
    FrameSpec spec;
    spec.screen = "form", spec.back = "Tillbaka", spec.progress = "Steg 4 av 6 · Uppgifter",
    spec.help = "Be om hjälp", spec.primary = "Fortsätt";
    if (ui.begin_frame(spec).primary) ++d.done_pressed;
    if (d.field_error)
        ui.error_summary({{"number", "Kontrollsiffran stämmer inte. Titta efter i registreringsbeviset."}});
    ui.heading("Era uppgifter");
    if (auto v = ui.field(
            {"name", "Organisationens namn", "Som det står i stadgarna", "", FieldKind::name, false}, d.name))
        d.name = *v;
    if (auto v = ui.field(
            {"number", "Organisationsnummer", "Tio siffror",
             d.field_error ? "Kontrollsiffran stämmer inte. Titta efter i registreringsbeviset." : "",
             FieldKind::digits, true},
            d.number))
        d.number = *v;
    if (auto v = ui.field({"email", "E-post", "Dit skickas inget nu", "", FieldKind::email, true}, d.email))
        d.email = *v;
    if (auto v = ui.field({"secret", "Lösenfras", "", "", FieldKind::secret, false}, d.secret)) d.secret = *v;
    ui.end_frame();
}

void choices(Demo& d, Ui& ui) {
    FrameSpec spec;
    spec.screen = "choices", spec.back = "Tillbaka", spec.progress = "Steg 5 av 6 · Era val",
    spec.help = "Be om hjälp", spec.primary = "Fortsätt";
    ui.begin_frame(spec);
    ui.heading("Vad får vi visa?");
    ui.paragraph("Allt är avstängt från början. Ni kan ändra er senare.");
    if (auto v = ui.checkbox("Namnet får stå i registret", d.publish,
                             "Organisationens namn, ort och dagens datum"))
        d.publish = *v;
    if (auto v = ui.checkbox("Underskriften får visas i lokalen", d.show)) d.show = *v;
    if (auto v = ui.choice(
            "Organisationsform",
            {"Ideell förening", "Stiftelse", "Ekonomisk förening", "Nätverk utan organisationsnummer"},
            d.form))
        d.form = *v;
    ui.notice(Tone::neutral, "Ni kan när som helst dra tillbaka er underskrift. Hör då av er till kommunen.");
    ui.notice(Tone::done, "Intyget ligger på ert minne.");
    ui.notice(Tone::warn, "Klockan på surfplattan går fel. Be värden om hjälp.");
    if (ui.button("Ta bort underskriften", ButtonKind::dangerous)) d.asking = true;
    ui.button("Inte än", ButtonKind::secondary, false);
    if (d.asking)
        if (auto a = ui.ask("Vill du ta bort underskriften? Organisationen får skriva under igen.", "Ta bort",
                            "Låt vara"))
            d.asking = false, d.log.emplace_back(*a == 1 ? "yes" : "no");
    ui.end_frame();
}

std::vector<TextBlock> agreement() {
    using Kind = TextBlock::Kind;
    std::vector<TextBlock> blocks{
        {Kind::title, "Överenskommelsen", "", 0},
        {Kind::quote, "Antagen av kommunstyrelsen den 3 september 2026, § 214.", "", 0}};
    for (int i = 0; i < 4; ++i) {
        blocks.push_back({Kind::heading,
                          std::string("Princip ") + std::to_string(i + 1) + ": Självständighet och oberoende",
                          "", 0});
        blocks.push_back({Kind::paragraph,
                          "Civilsamhällets organisationer är fria och självständiga. De sätter sina egna mål "
                          "och väljer sina egna arbetssätt, och de har rätt att granska och kritisera. Ett "
                          "\u2062idéburet offentligt partnerskap\u2062 bygger på att båda parter kan säga "
                          "vad de tycker – även när de är beroende av varandra.",
                          "", 0});
        blocks.push_back({Kind::commitment,
                          "Vi frågar organisationerna tidigt, medan förslagen ännu går att ändra, och "
                          "berättar hur svaren har använts.",
                          "Kommunen åtar sig", 1});
        blocks.push_back({Kind::commitment,
                          "Vi för fram medlemmarnas erfarenheter och säger ifrån när något inte fungerar.",
                          "Organisationen åtar sig", 2});
        blocks.push_back({Kind::commitment,
                          "Vi möts en gång om året och följer upp vad som har blivit gjort.", "Tillsammans",
                          3});
        blocks.push_back({Kind::bullet, "öppenhet och insyn", "", 0});
        blocks.push_back({Kind::bullet, "kvalitet och långsiktighet", "", 0});
    }
    return blocks;
}

void read(Demo& d, Ui& ui) {
    FrameSpec spec;
    spec.screen = "read", spec.back = "Tillbaka", spec.progress = "Steg 3 av 6 · Läs överenskommelsen",
    spec.help = "Be om hjälp", spec.primary = "Vi har läst";
    ui.begin_frame(spec);
    auto answer = ui.book(agreement(), d.book_page);
    if (answer.page) d.book_page = *answer.page;
    if (answer.term) d.log.push_back(*answer.term);
    ui.end_frame();
}

void sign(Demo& d, Ui& ui) {
    FrameSpec spec;
    spec.screen = "sign", spec.back = "Tillbaka", spec.progress = "Steg 6 av 6 · Skriv under",
    spec.primary = "Fortsätt", spec.primary_enabled = !d.ink.empty();
    ui.begin_frame(spec);
    auto answer = ui.sign_area("Skriv ditt namn här", d.ink, "Åsa Öberg, ordförande");
    if (!d.ink.empty() && (d.ink.width_um != answer.width_um || d.ink.height_um != answer.height_um))
        d.ink = core::refit(d.ink, answer.width_um, answer.height_um);
    d.ink.width_um = answer.width_um, d.ink.height_um = answer.height_um;
    for (const auto& event : answer.events) {
        using What = InkAnswer::Event::What;
        d.ink_events.push_back(event);
        if (event.what == What::begin) d.ink.strokes.emplace_back();
        if (event.what == What::cancel)
            d.ink.strokes.pop_back();
        else
            d.ink.strokes.back().points.push_back(event.point);
    }
    if (answer.undo) d.ink.strokes.pop_back();
    if (answer.restart) d.ink.strokes.clear();
    ui.end_frame();
}

void check(Demo& d, Ui& ui) {
    FrameSpec spec;
    spec.screen = "check", spec.back = "Tillbaka", spec.progress = "Kontrollera", spec.help = "Be om hjälp",
    spec.primary = "Skriv under överenskommelsen";
    if (ui.begin_frame(spec).primary) ++d.done_pressed;
    ui.heading("Stämmer allt?");
    if (ui.summary_row("Organisation", "Medelpads hembygdsförening", "Ändra")) d.log.emplace_back("name");
    if (ui.summary_row("Ordförande", "Åsa Öberg", "Ändra")) d.log.emplace_back("chair");
    ui.summary_row("Beslut", "Styrelsemöte 14 oktober 2026, § 7", "Ändra");
    ui.summary_row("Får visas", "Namnet i registret, underskriften i lokalen", "Ändra");
    ui.ink(d.ink.empty() ? sample_ink() : d.ink, 60, 22, "Underskrift av Åsa Öberg");
    ui.end_frame();
}

void done(Demo& d, Ui& ui) {
    FrameSpec spec;
    spec.screen = "done", spec.primary = "Klar";
    ui.begin_frame(spec);
    ui.columns({1, 1.1}, {[&] { ui.page(d.certificate, d.arms, 92, "Intyget"); },
                          [&] {
                              ui.title("Tack!");
                              ui.small("Intygets nummer");
                              ui.figure("ADA26-B12-K");
                              ui.paragraph("Överenskommelsen gäller nu också er.");
                              ui.qr(core::make_qr("https://register.example.se/v/ADA26-B12-K"), 32,
                                    "Kod till ert intyg");
                              ui.small("Den här sidan stängs om 45 sekunder.");
                          }});
    ui.end_frame();
}

void desk(Demo& d, Ui& ui) {
    FrameSpec spec;
    spec.screen = "desk", spec.back = "Stäng", spec.progress = "Värdens bord",
    spec.primary = "Avsluta ceremonin";
    ui.begin_frame(spec);
    ui.card([&] {
        ui.heading("Ceremonin pågår");
        ui.small("Klockan är 14.05, bekräftad av Eva Ståhl.");
    });
    std::vector<std::vector<std::string>> rows;
    for (int i = 1; i <= 14; ++i)
        rows.push_back(
            {"Förening nummer " + std::to_string(i), "Kramfors", i % 3 == 0 ? "Undertecknad" : "Väntar"});
    auto answer =
        ui.table({{"Organisation", 3}, {"Ort", 1.4}, {"Läge", 1.6}}, rows, "Ingen har anmält sig än.");
    if (answer.row) d.log.push_back(rows[static_cast<std::size_t>(*answer.row)][0]);
    ui.end_frame();
}

}  // namespace

std::vector<std::string> screens() {
    return {"attract", "find", "form", "choices", "read", "sign", "check", "done", "desk"};
}

void Demo::draw(Ui& ui) {
    if (screen == "attract") attract(*this, ui);
    if (screen == "find") find(*this, ui);
    if (screen == "form") details(*this, ui);
    if (screen == "choices") choices(*this, ui);
    if (screen == "read") read(*this, ui);
    if (screen == "sign") sign(*this, ui);
    if (screen == "check") check(*this, ui);
    if (screen == "done") done(*this, ui);
    if (screen == "desk") desk(*this, ui);
}

core::Ink sample_ink() {
    auto drawn = kiosk::draw_signature("Åsa Öberg");
    core::Ink ink;
    constexpr double height_um = 22'000;
    ink.width_um = static_cast<std::int32_t>(drawn->width * height_um) + 8000, ink.height_um = 30'000;
    for (const auto& stroke : drawn->strokes) {
        core::Stroke s;
        for (const auto& p : stroke)
            s.points.push_back({static_cast<std::int32_t>(4000 + p.x * height_um),
                                static_cast<std::int32_t>(4000 + p.y * height_um), p.t_ms,
                                static_cast<std::int32_t>(p.pressure * 1000)});
        ink.strokes.push_back(s);
    }
    return ink;
}

core::Page make_certificate(const core::Ink& ink) {
    core::Page page;
    core::Rgb black{0x17, 0x21, 0x2B}, soft{0x46, 0x53, 0x5F};
    auto text = [&](std::string words, core::Face face, double size_mm, double x_mm, double y_mm,
                    core::Rgb colour, double space_mm = 0) {
        core::TextItem item;
        item.text = std::move(words), item.face = face,
        item.size_um = static_cast<std::int32_t>(size_mm * 1000);
        item.x_um = static_cast<std::int32_t>(x_mm * 1000),
        item.baseline_um = static_cast<std::int32_t>(y_mm * 1000);
        item.letter_space_um = static_cast<std::int32_t>(space_mm * 1000), item.colour = colour;
        page.items.emplace_back(item);
    };
    page.items.emplace_back(core::ArmsItem{93'000, 22'000, 24'000, 24'000, "Vapen"});
    text("ÅDALENS KOMMUN", core::Face::sans, 4, 78, 56, soft, 0.6);
    page.items.emplace_back(core::LineItem{22'000, 62'000, 188'000, 62'000, 200, soft});
    text("Överenskommelse", core::Face::serif, 10.5, 58, 84, black);
    text("om samverkan mellan kommunen och civilsamhället, version 2", core::Face::serif_italic, 4.5, 46, 94,
         soft);
    text("Medelpads hembygdsförening ansluter sig till överenskommelsen.", core::Face::serif, 4.6, 30, 120,
         black);
    core::InkItem signature;
    signature.colour = {0x14, 0x23, 0x3A};
    for (auto outline : core::outline(ink)) {
        auto move = [](core::InkVec& v) { v.x = v.x * 0.75 + 26'000, v.y = v.y * 0.75 + 150'000; };
        move(outline.start);
        for (auto& s : outline.segments) move(s.c1), move(s.c2), move(s.to);
        signature.outlines.push_back(outline);
    }
    page.items.emplace_back(signature);
    page.items.emplace_back(core::LineItem{24'000, 176'000, 98'000, 176'000, 250, black});
    text("Åsa Öberg, ordförande", core::Face::sans, 4, 24, 183, soft);
    core::QrItem qr{
        core::make_qr("https://register.example.se/v/ADA26-B12-K"), 22'000, 245'000, 24'000, "Kod", ""};
    page.items.emplace_back(qr);
    text("ADA26-B12-K", core::Face::sans_bold, 5, 52, 258, black);
    return page;
}

// --- the stage

Stage::Stage(int width, int height, double px_per_mm) {
    FrameLoopOptions options;
    options.window.width_px = width, options.window.height_px = height, options.window.px_per_mm = px_per_mm;
    auto opened = open_headless(options);
    REQUIRE_MESSAGE(opened.ok(), opened.error().detail);
    loop_ = std::move(opened).value();
    auto words = core::Words::load(std::string(HANDSLAG_BINARY_DIR) + "/share/locale", "sv");
    REQUIRE(words.ok());
    loop_->set_words(*words);
    core::Image arms{48, 56, {}};
    for (int y = 0; y < 56; ++y)
        for (int x = 0; x < 48; ++x) {
            bool inside = y < 30 || std::hypot(x - 24, (y - 30) * 0.95) < 24;
            bool wave = std::fabs(y - 26 - 4 * std::sin(x * 0.3)) < 4;
            arms.rgba.insert(arms.rgba.end(),
                             {std::uint8_t(wave ? 0xF0 : 0x0A), std::uint8_t(wave ? 0xC8 : 0x4D),
                              std::uint8_t(wave ? 0x40 : 0x88), std::uint8_t(inside ? 255 : 0)});
        }
    demo.arms = std::make_shared<core::Image>(std::move(arms));
    demo.certificate = make_certificate(sample_ink());
    loop_->set_draw([this](Ui& ui) { demo.draw(ui); });
    hand = std::make_unique<Hand>(*loop_);
    loop_->settle();
}

void Stage::show(const std::string& screen) {
    demo.screen = screen;
    loop_->refresh();
    loop_->settle();
}

void Stage::look(TextSize size, Contrast contrast) {
    loop_->set_theme(make_theme(contrast, size, {}, 0));
    loop_->settle();
}

const SemanticNode& Stage::node(const std::string& label) const {
    const auto* found = loop_->semantics().find_operable(label);
    REQUIRE_MESSAGE(found != nullptr, label);
    return *found;
}

void Stage::tap(const std::string& label) {
    Rect r = node(label).rect;
    hand->tap(r.x + r.width / 2, r.y + r.height / 2);
}

}  // namespace demo
