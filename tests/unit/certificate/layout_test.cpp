#include <doctest/doctest.h>

#include "core/base/text.h"
#include "core/certificate/typeset.h"
#include "tests/support/certificate_samples.h"
#include "tests/unit/certificate/tidy.h"

namespace {

core::Document laid_out(const core::SigningRecord& record, std::string_view also = {}) {
    auto document = core::lay_out_certificate(record, test::workshop().context(also));
    if (!document.ok()) {
        FAIL(document.error().detail);
        return {};
    }
    return std::move(document).value();
}

std::string all_text(const core::Document& document) {
    std::string text;
    for (const auto& page : document.pages)
        for (const auto& item : page.items)
            if (const auto* line = std::get_if<core::TextItem>(&item)) text += line->text + "\n";
    return text;
}

std::size_t count_ink(const core::Page& page) {
    std::size_t found = 0;
    for (const auto& item : page.items) found += std::holds_alternative<core::InkItem>(item) ? 1 : 0;
    return found;
}

core::SigningRecord named(const std::string& organisation, const std::string& person) {
    core::SigningRecord record = test::sample_record();
    record.organisation.name = organisation;
    record.representatives[0].representative.name = person;
    return record;
}

std::string refusal(const core::SigningRecord& record) {
    auto document = core::lay_out_certificate(record, test::workshop().context());
    return document.ok()
               ? "laid out"
               : std::string(core::to_string(document.error().code)) + ": " + document.error().detail;
}

}  // namespace

TEST_CASE("one to six representatives and none to three municipal signatories find room") {
    for (int people = 1; people <= 6; ++people)
        for (int rulers = 0; rulers <= 3; ++rulers) {
            INFO(people << " and " << rulers);
            core::Document document = laid_out(test::sample_record(people, rulers));
            test::check_tidy(document);
            CHECK(document.pages.size() == (people <= 3 ? 1 : 2));
            std::size_t signatures = 0;
            for (const auto& page : document.pages) signatures += count_ink(page);
            CHECK(signatures == static_cast<std::size_t>(people + rulers));
        }
}

TEST_CASE("a certificate in two languages says everything in both, and each in its own") {
    for (std::string also : {"fi", "en"})
        for (int people = 1; people <= 6; ++people)
            for (int rulers = 0; rulers <= 2; ++rulers) {
                INFO(also << ": " << people << " and " << rulers);
                auto record = test::sample_record(people, rulers);
                record.demonstration = true;
                record.replaces = core::certificate_number("STR26", 'A', 3);
                core::Document document = laid_out(record, also);
                test::check_tidy(document);
                CHECK(document.pages.size() <= 2);
                std::size_t theirs = 0;
                for (const auto& page : document.pages)
                    for (const auto& item : page.items)
                        if (const auto* line = std::get_if<core::TextItem>(&item);
                            line && !line->language.empty()) {
                            CHECK(line->language == also);
                            ++theirs;
                        }
                CHECK(theirs >= 6);
            }
    std::string both = all_text(laid_out(test::sample_record(), "fi"));
    for (const char* part :
         {"Överenskommelse", "Yhteistyösopimus", "För organisationen", "Järjestön puolesta",
          "21 november 2026", "21. marraskuuta 2026", "enkla elektroniska", "yksinkertaisia"}) {
        INFO(part);
        bool upper = std::string_view(part).starts_with("För ");
        std::string wanted = upper ? core::to_upper(part) : part, flat = both;
        for (std::size_t at; (at = flat.find("\u00A0")) != std::string::npos;) flat.replace(at, 2, " ");
        CHECK(flat.find(wanted) != std::string::npos);
    }
    CHECK(all_text(laid_out(test::sample_record())).find("marraskuuta") == std::string::npos);
}

TEST_CASE("a second page repeats the number and says page of pages") {
    std::string text = all_text(laid_out(test::sample_record(6, 1)));
    CHECK(text.find("STR26-A0007-1 · sida 1 av 2") != std::string::npos);
    CHECK(text.find("STR26-A0007-1 · sida 2 av 2") != std::string::npos);
    CHECK(all_text(laid_out(test::sample_record(1, 1))).find("sida") == std::string::npos);
}

TEST_CASE("when the municipality signs at closing, its column says so") {
    std::string text = all_text(laid_out(test::sample_record(2, 0)));
    CHECK(text.find("Kommunen undertecknar") != std::string::npos);
    CHECK(text.find("ceremoniprotokollet") != std::string::npos);
    CHECK(all_text(laid_out(test::sample_record(2, 1))).find("ceremoniprotokollet") == std::string::npos);
}

TEST_CASE("the certificate says what kind of signature it is, by which clock, and never more") {
    std::string text = all_text(laid_out(test::sample_record()));
    CHECK(text.find("enkla elektroniska underskrifter") != std::string::npos);
    CHECK(text.find("enligt surfplattans klocka, bekräftad av ceremonivärden") != std::string::npos);
    CHECK(text.find("strandkoping.example/overenskommelse/v/STR26-A0007-1") != std::string::npos);
    CHECK(text.find("avancerad") == std::string::npos);
    CHECK(text.find("kvalificerad") == std::string::npos);
    core::SigningRecord unconfirmed = test::sample_record();
    unconfirmed.clock_confirmed_by_host = false;
    CHECK(all_text(laid_out(unconfirmed)).find("inte bekräftad") != std::string::npos);
}

TEST_CASE("no word is missing, and no placeholder is left") {
    core::SigningRecord record = test::sample_record(6, 3);
    record.demonstration = true;
    record.replaces = core::certificate_number("STR26", 'A', 3);
    auto protocol = core::lay_out_protocol(test::sample_protocol(30, 2), test::workshop().context());
    REQUIRE(protocol.ok());
    for (const std::string& text : {all_text(laid_out(record)), all_text(*protocol)}) {
        CHECK(text.find('{') == std::string::npos);
        CHECK(text.find("certificate.") == std::string::npos);
        CHECK(text.find("protocol.") == std::string::npos);
    }
}

TEST_CASE("names of 120 characters are broken between words only") {
    std::string organisation, person;
    for (const char* word : {"Föreningen", "för", "Naturens", "Kulturmiljöns", "och", "Skärgårdens",
                             "Bevarande", "i", "Strandköping", "med", "Östra", "Ångermanälvens", "Dalgång"})
        organisation += (organisation.empty() ? "" : " ") + std::string(word);
    for (int i = 0; i < 11; ++i)
        person += (i > 0 ? " " : "") + std::string(i % 2 ? "Łukasiewicz" : "Margareta");
    REQUIRE(core::code_points(organisation).size() <= 120);
    REQUIRE(core::code_points(person).size() <= 120);
    core::Document document = laid_out(named(organisation, person));
    test::check_tidy(document);
    for (const auto& page : document.pages)
        for (const auto& item : page.items)
            if (const auto* line = std::get_if<core::TextItem>(&item); line != nullptr && line->continues) {
                INFO(line->text);
                CHECK(line->text.front() != '-');
            }
    std::string text = all_text(document);
    for (const char* word : {"Kulturmiljöns", "Ångermanälvens", "Łukasiewicz"})
        CHECK(text.find(word) != std::string::npos);
}

TEST_CASE("a word that is wider than its column is broken rather than cut off") {
    std::string word;
    for (int i = 0; i < 60; ++i) word += "Åö";
    core::Document document = laid_out(named(word, word));
    test::check_tidy(document);
}

TEST_CASE("lines break alike however often they are asked, and balanced lines keep all words") {
    core::Typesetter type(test::workshop().fonts());
    core::Style style;
    std::string text = "Överenskommelse om samverkan mellan Strandköpings kommun och civilsamhället";
    auto greedy = type.lines(text, style, 60'000),
         balanced = type.lines(text, style, 60'000, core::Break::balanced);
    REQUIRE(greedy.ok());
    REQUIRE(balanced.ok());
    CHECK(greedy->size() == balanced->size());
    for (const auto* lines : {&*greedy, &*balanced}) {
        std::string joined;
        for (const auto& line : *lines) {
            joined += line;
            CHECK(type.width_of(line, style) <= 60'000);
        }
        CHECK(joined == text);
    }
}

TEST_CASE("names that the font cannot draw are refused, with the character's code and nothing else") {
    CHECK(refusal(named("Idrottsförening 🎉", "Åsa Öberg")) == "undrawable text: U+1F389");
    CHECK(refusal(named("Strandköpings IF", "王小明")) == "undrawable text: U+738B");
    CHECK(refusal(named("جمعية", "Åsa Öberg")) == "undrawable text: U+062C");
    CHECK(refusal(named("Strandköpings IF", "A\u030C\u0323sa")) ==
          "undrawable text: U+030C");  // no composed form
    CHECK(refusal(named("Strandköpings IF", "Åsa Öberg")) == "laid out");
}

TEST_CASE("decomposed letters are composed before they are drawn") {
    core::SigningRecord record = named("Strandko\u0308pings IF", "A\u030Asa O\u0308berg");
    std::string text = all_text(laid_out(record));
    CHECK(text.find("Strandköpings IF") != std::string::npos);
    CHECK(text.find("Åsa Öberg") != std::string::npos);
}

TEST_CASE("the protocol lists every certificate, also over many pages, and voids with their reason") {
    for (int lines : {0, 1, 14, 15, 40, 100}) {
        INFO(lines);
        core::ProtocolRecord record = test::sample_protocol(lines, 1 + lines % 3);
        auto document = core::lay_out_protocol(record, test::workshop().context());
        REQUIRE(document.ok());
        test::check_tidy(*document);
        std::string text = all_text(*document);
        for (const auto& line : record.lines) CHECK(text.find(line.certificate_number) != std::string::npos);
        CHECK((text.find("Makulerat: fel namn") != std::string::npos) == (lines > 4));
        std::string last = "sida " + std::to_string(document->pages.size()) + " av " +
                           std::to_string(document->pages.size());
        CHECK(text.find(last) != std::string::npos);
        std::size_t signatures = 0;
        for (const auto& page : document->pages) signatures += count_ink(page);
        CHECK(signatures == record.municipal.size());
    }
}

TEST_CASE("a body's name becomes part of a sentence, a name of its own stays") {
    CHECK(core::in_sentence("Årsmötet") == "årsmötet");
    CHECK(core::in_sentence("Kommunfullmäktige") == "kommunfullmäktige");
    CHECK(core::in_sentence("Styrelsen för Södra kretsen") == "styrelsen för Södra kretsen");
    CHECK(core::in_sentence("Rädda Barnens lokalförening") == "Rädda Barnens lokalförening");
    CHECK(core::short_hash("0123456789abcdef0123") == "0123\u00A04567\u00A089ab\u00A0cdef");
}

TEST_CASE("a folder without the fonts is a clear error") {
    auto fonts = core::Fonts::load("/nonexistent");
    REQUIRE_FALSE(fonts.ok());
    CHECK(fonts.error().code == core::Errc::missing_font);
    CHECK(fonts.error().detail.find("NotoSerif-Regular.ttf") != std::string::npos);
    CHECK(fonts.error().detail.find("fonts-noto-core") != std::string::npos);
}

TEST_CASE(
    "texts that fill the first page push the signatures, and the closing note with them, to the second") {
    for (int rulers : {0, 2}) {
        core::SigningRecord record = test::sample_record(3, rulers);
        std::string word = "Samverkansöverenskommelsen ";
        for (int i = 0; i < 11; ++i) record.agreement_title += " " + word.substr(0, word.size() - 1);
        for (int i = 0; i < 4; ++i) record.organisation.name += " " + word.substr(0, word.size() - 1);
        record.municipality_name =
            "Strandköpings, Granköpings och Ekköpings gemensamma kommunalförbund för samverkan";
        core::Document document = laid_out(record);
        test::check_tidy(document);
        REQUIRE(document.pages.size() >= 2);
        CHECK((all_text(document).find("ceremoniprotokollet") != std::string::npos) == (rulers == 0));
        std::size_t signatures = 0;
        for (const auto& page : document.pages) signatures += count_ink(page);
        CHECK(signatures == static_cast<std::size_t>(3 + rulers));
    }
}

TEST_CASE("no line ends within a date, a paragraph's number or a time") {
    auto keeps = [](const core::Document& document) {
        for (const auto& page : document.pages)
            for (const auto& item : page.items) {
                const auto* line = std::get_if<core::TextItem>(&item);
                if (line == nullptr) continue;
                CAPTURE(line->text);
                auto text = core::trim(line->text);
                CHECK_FALSE(text.ends_with("§"));
                CHECK_FALSE(text.ends_with("kl."));
                for (const char* month : {"januari", "maj", "september", "oktober", "november"}) {
                    CHECK_FALSE(text.starts_with(month));
                    CHECK_FALSE(text.ends_with(month));
                }
            }
    };
    // Names of every length move the dates along the lines.
    for (int letters = 0; letters < 60; ++letters) {
        auto record = test::sample_record();
        record.municipality_name += std::string(static_cast<std::size_t>(letters), 'n');
        record.adoption.paragraph = "§ 84";
        keeps(laid_out(record));
        auto protocol = test::sample_protocol(3, 1);
        protocol.ceremony_title += std::string(static_cast<std::size_t>(letters), 'n');
        auto document = core::lay_out_protocol(protocol, test::workshop().context());
        REQUIRE(document.ok());
        keeps(*document);
    }
}

TEST_CASE("a protocol of few lines stands on one page with its signature, and its rows are a table's") {
    auto document = core::lay_out_protocol(test::sample_protocol(3, 1), test::workshop().context());
    REQUIRE(document.ok());
    CHECK(document->pages.size() == 1);
    int cells = 0, heads = 0, last_row = 0;
    for (const auto& item : document->pages[0].items) {
        const auto* text = std::get_if<core::TextItem>(&item);
        if (text == nullptr || text->continues) continue;
        cells += text->meaning == core::Meaning::cell ? 1 : 0;
        heads += text->meaning == core::Meaning::header_cell ? 1 : 0;
        last_row = std::max(last_row, text->row);
    }
    CHECK(last_row == 3);
    CHECK(cells == 3 * 3);
    CHECK(heads == 4 + 3);  // of the columns; each row's number heads it
}
