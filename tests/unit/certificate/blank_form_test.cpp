// Blank forms: what stands on the paper that stands in for the tablets. With HANDSLAG_SAMPLES=DIR they are left there.
#include "core/certificate/blank_form.h"

#include <cstdlib>
#include <fstream>

#include <doctest/doctest.h>

#include "core/model/ceremony.h"
#include "tests/support/certificate_samples.h"
#include "tests/unit/certificate/tidy.h"

namespace {

const core::Ceremony& demonstration() {
    static const auto loaded =
        core::load_ceremony(std::filesystem::path(HANDSLAG_SOURCE_DIR) / "assets" / "demo");
    REQUIRE(loaded.value);
    return *loaded.value;
}

core::BlankFormsInput input_of(const core::Ceremony& ceremony, int empty) {
    core::BlankFormsInput input;
    input.ceremony = &ceremony;
    input.empty = empty;
    for (const auto& expected : ceremony.expected) input.whose.push_back(&expected);
    return input;
}

core::Document forms(const core::Ceremony& ceremony, int empty = 2) {
    auto document = core::lay_out_blank_forms(input_of(ceremony, empty), test::workshop().context());
    if (!document.ok()) {
        FAIL(document.error().detail);
        return {};
    }
    return std::move(document).value();
}

std::string text_of(const core::Page& page) {
    std::string text;
    for (const auto& item : page.items)
        if (const auto* line = std::get_if<core::TextItem>(&item)) text += line->text + "\n";
    return text;
}

void keep(const core::Ceremony& ceremony, int empty, const char* name) {
    auto made =
        core::make_blank_forms(input_of(ceremony, empty), test::workshop().context(), nullptr, test::now_ms);
    INFO((made.ok() ? std::string() : made.error().detail));
    REQUIRE(made.ok());
    CHECK(core::as_text(*made).starts_with("%PDF-1.7"));
    CHECK(core::as_text(*made).find("/ByteRange") == std::string_view::npos);
    if (const char* folder = std::getenv("HANDSLAG_SAMPLES"))
        std::ofstream(std::string(folder) + "/" + name, std::ios::binary) << core::as_text(*made);
}

}  // namespace

TEST_CASE("every expected organisation has its own form, and the agreement comes with them") {
    const auto& ceremony = demonstration();
    auto document = forms(ceremony);
    test::check_tidy(document);
    REQUIRE(document.pages.size() > ceremony.expected.size() + 2);
    std::string all;
    for (const auto& page : document.pages) all += text_of(page);
    std::size_t next = 0;
    for (const auto& expected : ceremony.expected) {
        INFO(expected.organisation.name);
        while (next < document.pages.size() &&
               text_of(document.pages[next]).find(expected.organisation.name) == std::string::npos)
            ++next;
        REQUIRE(next < document.pages.size());
        // Forms lie about before anybody has signed: no person's name is on them.
        for (const auto& person : expected.representatives) CHECK(all.find(person.name) == std::string::npos);
    }
    CHECK(all.find(ceremony.signatories.front().name) != std::string::npos);
    for (const auto& block : ceremony.agreement.original().blocks)
        if (block.kind == core::Block::Kind::principle) CHECK(all.find(block.text) != std::string::npos);
    CHECK(all.find(std::string(core::term_mark)) == std::string::npos);
    // Whoever signs on paper is told what the tablet tells first of all.
    const auto& notice = ceremony.municipality.privacy.at("sv");
    auto flat = [](const std::string& text) {
        std::string joined;  // as it is read, whatever the line breaks
        for (char c : text)
            if (char one = c == '\n' ? ' ' : c; one != ' ' || !joined.ends_with(' ')) joined += one;
        return joined;
    };
    for (const auto& said : {notice.controller, notice.rights, notice.storage})
        CHECK(flat(all).find(said) != std::string::npos);
    keep(ceremony, 2, "forms.pdf");
}

TEST_CASE("four criteria and two signatories stand on one sheet, the host's part with them") {
    core::Ceremony ceremony = demonstration();
    ceremony.expected.clear();
    REQUIRE(ceremony.agreement.criteria.size() == 4);
    auto document = forms(ceremony, 1);
    test::check_tidy(document);
    const auto& words = test::workshop().words();
    std::string sheet = text_of(document.pages.front());
    CHECK(sheet.find(words.say("form.host")) != std::string::npos);
    CHECK(sheet.find(words.say("form.next_page")) == std::string::npos);
}

TEST_CASE(
    "as many criteria and signatories as there may be stand on one sheet, and else the signatures stay "
    "together") {
    const auto& words = test::workshop().words();
    for (std::size_t criteria : {1U, 3U, 4U, 7U})
        for (std::size_t signatories : {1U, 2U, 3U}) {
            INFO(criteria, " criteria, ", signatories, " signatories");
            core::Ceremony ceremony = demonstration();
            ceremony.expected.resize(1);
            auto& all = ceremony.agreement.criteria;
            while (all.size() < criteria) all.push_back(all[all.size() - 3]);
            all.resize(criteria);
            ceremony.signatories.resize(1);
            while (ceremony.signatories.size() < signatories)
                ceremony.signatories.push_back(
                    {"Bengt-Olof Wallin", "ordförande i kultur- och fritidsnämnden"});
            for (int empty : {0, 1}) {  // which has room for two to sign for the organisation
                if (empty == 1) ceremony.expected.clear();
                auto document = forms(ceremony, empty);
                test::check_tidy(document);
                std::string sheet = text_of(document.pages.front());
                bool on_one = sheet.find(words.say("form.next_page")) == std::string::npos;
                CHECK(on_one == (criteria < 7 || signatories < 3));
                CHECK((sheet.find(words.say("form.host")) != std::string::npos) == on_one);
                std::size_t signed_here = 0, line = 0;
                std::string label = words.say("form.signature") + "\n";
                while ((line = sheet.find(label, line)) != std::string::npos) ++signed_here, ++line;
                CHECK(signed_here == signatories + static_cast<std::size_t>(empty) + 1);
            }
        }
}

TEST_CASE("a sheet that parts from its form says whose it is, and what was agreed to") {
    core::Ceremony ceremony = demonstration();
    ceremony.expected.resize(1);
    ceremony.expected[0].representatives_required = 6;
    auto document = forms(ceremony, 1);
    const auto& words = test::workshop().words();
    std::size_t sheets = 0;
    for (const auto& page : document.pages) {
        std::string text = text_of(page);
        if (text.find(words.say("form.signature") + "\n") == std::string::npos) continue;
        ++sheets;
        CHECK((text.find(ceremony.expected[0].organisation.name) != std::string::npos ||
               text.find(words.say("form.name")) != std::string::npos));
        CHECK(text.find(core::short_hash(ceremony.agreement.digest.hex())) != std::string::npos);
    }
    CHECK(sheets >= 3);
}

TEST_CASE("six joint signatories, a long name and a ceremony that closes in its protocol find room") {
    core::Ceremony ceremony = demonstration();
    auto& first = ceremony.expected.front();
    first.organisation.name =
        "Föreningen för Naturens, Kulturmiljöns och Skärgårdens Bevarande i Strandköping och Östra "
        "Ångermanälvens Dalgångar m.m.";
    first.representatives_required = 6;
    ceremony.countersigning = core::Countersigning::closing;
    ceremony.expected.resize(1);
    auto document = forms(ceremony, 0);
    test::check_tidy(document);
    std::size_t signatures = 0;
    for (const auto& page : document.pages) {
        std::string text = text_of(page), word = test::workshop().words().say("form.signature") + "\n";
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++signatures;
    }
    CHECK(signatures == 6);
    keep(ceremony, 0, "forms-six.pdf");
}
