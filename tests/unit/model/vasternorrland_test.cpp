#include "tests/support/vasternorrland.h"

#include <doctest/doctest.h>

#include "core/model/agreement.h"
#include "tests/support/temporary_folder.h"

using namespace core;

TEST_CASE(
    "a real agreement, Länsöverenskommelsen Västernorrland, is read with every principle and commitment") {
    auto source = vasternorrland_json();
    if (!source) {
        MESSAGE(
            "skipped: HANDSLAG_TEST_DATA does not name the folder of "
            "lansoverenskommelsen-vasternorrland.json");
        return;
    }
    TemporaryFolder folder, again;
    write_vasternorrland(*source, folder.path());
    auto loaded = load_agreement(folder.path());
    for (const auto& problem : loaded.problems) FAIL_CHECK(problem.str());
    REQUIRE(loaded.value);
    const Text& text = loaded.value->original();
    CHECK(text.title == "Länsöverenskommelsen Västernorrland");
    CHECK(text.subtitle.find("samverkan mellan landstinget och den idéburna sektorn") != std::string::npos);

    int principles = 0;
    std::map<Party, int> by_party;
    for (const auto& block : text.blocks) {
        principles += block.kind == Block::Kind::principle;
        if (block.kind == Block::Kind::commitment) ++by_party[block.commitment.party];
    }
    CHECK(principles == 6);
    CHECK(by_party[Party::together] == 11);
    CHECK(by_party[Party::municipality] == 8);
    CHECK(by_party[Party::organisation] == 4);

    write_vasternorrland(*source, again.path());
    auto second = load_agreement(again.path());
    REQUIRE(second.value);
    CHECK(second.value->digest == loaded.value->digest);
    write_vasternorrland(*source, again.path(), "2014-10-02");
    auto other_day = load_agreement(again.path());
    REQUIRE(other_day.value);
    CHECK(other_day.value->digest != loaded.value->digest);
}
