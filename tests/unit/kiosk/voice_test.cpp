#include <algorithm>

#include <doctest/doctest.h>

#include "tests/unit/kiosk/fixture.h"

using namespace kiosk_test;

TEST_CASE("headphones in: the tablet reads aloud; out: it is silent at once") {
    Play play;
    play.state.voice_way = VoiceWay::headphones;
    play.act(HeadphonesChanged{Jack::in});
    CHECK(play.state.voice);
    play.to_sign();
    CHECK(play.act(HeadphonesChanged{Jack::out}).state.voice == false);
}

TEST_CASE("where the tablet can tell, nothing is read aloud without headphones") {
    Play play;
    play.state.voice_way = VoiceWay::headphones;
    play.act(HeadphonesChanged{Jack::out}).act(SetVoice{true});
    CHECK_FALSE(play.state.voice);
    REQUIRE(play.state.trouble);
    CHECK(words_for(play.state.trouble->error).message == "trouble.headphones_first");
    // A tablet without that switch must be believed.
    Play other;
    other.state.voice_way = VoiceWay::headphones;
    CHECK(other.act(SetVoice{true}).state.voice);
}

TEST_CASE("a tablet that must not speak does not") {
    Play play;
    play.act(SetVoice{true}).act(HeadphonesChanged{Jack::in});
    CHECK_FALSE(play.state.voice);
}

TEST_CASE("voice and volume leave with the person, unless the next one's headphones are in") {
    Play play;
    play.state.voice_way = VoiceWay::loudspeaker;
    play.act(SetVoice{true});
    for (int i = 0; i < 9; ++i) play.act(SetVolume{1});
    CHECK(play.state.volume == 5);
    play.to_sign().wait(host_wait_ms);
    REQUIRE(play.life<Attract>());
    CHECK_FALSE(play.state.voice);
    CHECK(play.state.volume == 3);
    Play listener;
    listener.state.voice_way = VoiceWay::headphones;
    listener.act(HeadphonesChanged{Jack::in}).to_sign();
    listener.wait(host_wait_ms);
    REQUIRE(listener.life<Attract>());
    CHECK(listener.state.voice);
    listener.state.lists.signings.clear();
    CHECK_FALSE(next_wake_ms(listener.state).has_value());
}

TEST_CASE("at the host's desk the names that wait and are expected are personal, and a first run is secret") {
    Play play;
    play.to_second_of_two().act(SignLater{});
    play.act(DraftSaved{play.asked<SaveDraft>()->id}).go_on().to_desk();
    auto texts = personal_texts(play.state);
    for (const auto& who : play.state.drafts.at(0).visit.signatories)
        CHECK(std::find(texts.begin(), texts.end(), who.name) != texts.end());
    for (const auto& expected : play.state.ceremony->expected)
        for (const auto& who : expected.representatives)
            CHECK(std::find(texts.begin(), texts.end(), who.name) != texts.end());
    CHECK_FALSE(shows_secrets(play.state));
    play.state.life = FirstRun{FirstRun::WriteDown{"sex ord", "KOD"}};
    CHECK(shows_secrets(play.state));
}

TEST_CASE("what is personal is known by the visit, the longest first") {
    Play play;
    play.to_sign();
    auto& visit = std::get<Visiting>(play.state.life).visit;
    visit.email = "asa.oberg@springaren.example", visit.contact_name = "Åsa Öberg";
    auto texts = personal_texts(play.state);
    CHECK(std::find(texts.begin(), texts.end(), visit.email) != texts.end());
    CHECK(std::find(texts.begin(), texts.end(), visit.signatories.front().name) != texts.end());
    CHECK(std::is_sorted(texts.begin(), texts.end(),
                         [](const auto& a, const auto& b) { return a.size() > b.size(); }));
    CHECK(std::find(texts.begin(), texts.end(), visit.name) == texts.end());
}
