#include <doctest/doctest.h>

#include "kiosk/draft.h"
#include "tests/unit/kiosk/fixture.h"

using namespace kiosk_test;

namespace {

// Two who sign jointly: the first has signed, the second comes later.
Play joint_and_later() {
    Play play;
    play.to_second_of_two();
    play.act(SignLater{});
    REQUIRE(play.step<LaterStep>());
    return play;
}

}  // namespace

TEST_CASE("nothing, a dot, a slip and a straight line are refused kindly, and a signature is not") {
    Play play;
    play.to_sign();
    CHECK(play.go_on().step<SignStep>()->refused == core::InkVerdict::empty);
    play.act(AddInk{AddInk::What::begin, {50'000, 30'000, 0, 0}, 160'000, 60'000});
    CHECK_FALSE(play.step<SignStep>()->refused);
    play.act(AddInk{AddInk::What::end, {50'000, 30'000, 9, 0}, 160'000, 60'000}).go_on();
    CHECK(play.step<SignStep>()->refused == core::InkVerdict::dot);
    play.act(Dismiss{});
    CHECK_FALSE(play.step<SignStep>()->refused);
    play.act(RestartInk{}).draw().go_on();
    CHECK(play.step<CheckStep>());
    CHECK(play.visit().signatories[0].signature.signed_at_ms == play.state.wall_ms);
}

TEST_CASE("who signs small is asked once, and then it is their signature; a dot never is") {
    auto stroke = [](Play& play, std::int32_t from, std::int32_t to) {
        play.act(AddInk{AddInk::What::begin, {from, 30'000, 0, 0}, 160'000, 60'000});
        for (int i = 1; i <= 8; ++i)
            play.act(AddInk{AddInk::What::move,
                            {from + (to - from) * i / 8, 30'000 + (i % 2) * 1'500, i * 10, 0},
                            160'000,
                            60'000});
        play.act(AddInk{AddInk::What::end, {to, 30'000, 90, 0}, 160'000, 60'000});
    };
    Play play;
    play.to_sign();
    stroke(play, 50'000, 54'000);
    REQUIRE(core::judge(play.visit().signatories[0].signature.ink) == core::InkVerdict::too_small);
    CHECK(play.go_on().step<SignStep>()->refused == core::InkVerdict::too_small);
    CHECK(play.act(Dismiss{}).go_on().step<CheckStep>());
    CHECK(play.visit().signatories[0].has_signed);

    Play dot;
    dot.to_sign();
    for (int i = 0; i < 3; ++i) {
        dot.act(AddInk{AddInk::What::begin, {50'000, 30'000, 0, 0}, 160'000, 60'000});
        dot.act(AddInk{AddInk::What::end, {50'000, 30'000, 9, 0}, 160'000, 60'000});
        CHECK(dot.go_on().step<SignStep>()->refused == core::InkVerdict::dot);
        dot.act(RestartInk{});
    }
}

TEST_CASE("undo takes back one stroke and restart takes all") {
    Play play;
    play.to_sign().draw();
    CHECK(play.visit().signatories[0].signature.ink.strokes.size() == 2);
    CHECK(play.act(UndoStroke{}).visit().signatories[0].signature.ink.strokes.size() == 1);
    CHECK(play.draw().act(RestartInk{}).visit().signatories[0].signature.ink.empty());
}

TEST_CASE("time in ink counts from the first point and never falls") {
    Play play;
    play.to_sign();
    auto pen = [&](AddInk::What what, std::int32_t x, std::int32_t t) {
        play.act(AddInk{what, {x, 100, t, 0}, 160'000, 60'000});
    };
    pen(AddInk::What::begin, 10, 500'000), pen(AddInk::What::move, 900, 500'008),
        pen(AddInk::What::end, 1'900, 499'000);
    const auto& points = play.visit().signatories[0].signature.ink.strokes[0].points;
    REQUIRE(points.size() == 3);
    CHECK(points[0].t_ms == 0);
    CHECK(points[1].t_ms == 8);
    CHECK(points[2].t_ms == 8);
}

TEST_CASE("another size of the area refits the ink and never wipes it") {
    Play play;
    play.to_sign().draw();
    play.act(AddInk{AddInk::What::begin, {10'000, 10'000, 0, 0}, 120'000, 50'000});
    const auto& ink = play.visit().signatories[0].signature.ink;
    CHECK(ink.strokes.size() == 3);
    CHECK(ink.width_um == 120'000);
    CHECK(core::bounds(ink).right_um <= 120'000);
}

TEST_CASE("a cancelled stroke leaves nothing") {
    Play play;
    play.to_sign();
    play.act(AddInk{AddInk::What::begin, {10'000, 10'000, 0, 0}, 120'000, 50'000});
    play.act(AddInk{AddInk::What::cancel, {10'000, 10'000, 0, 0}, 120'000, 50'000});
    CHECK(play.visit().signatories[0].signature.ink.empty());
    CHECK(play.act(AddInk{AddInk::What::move, {10'000, 10'000, 0, 0}, 120'000, 50'000})
              .visit()
              .signatories[0]
              .signature.ink.empty());
}

TEST_CASE("somebody who cannot draw types the name, with the host as witness") {
    Play play;
    play.to_sign().act(CannotDraw{});
    play.type(Field::typed_name, "Åsa Öberg").go_on();
    CHECK(play.visit().signatories[0].signature.typed_name.empty());  // not before the host is there
    play.type(Field::pin, "281957").go_on().act(PinTried{true, 0});
    CHECK(play.type(Field::typed_name, "Kalle").go_on().has_error("sign.typed.not_the_name"));
    play.type(Field::typed_name, "åsa öberg").go_on();
    REQUIRE(play.step<CheckStep>());
    CHECK(play.visit().signatories[0].signature.kind == core::Signature::Kind::typed_witnessed);
    CHECK_FALSE(play.visit().signatories[0].signature.witness.empty());
}

TEST_CASE("a joint signing waits durably and is resumed by the second person with the host") {
    Play play = joint_and_later();
    auto* save = play.asked<SaveDraft>();
    REQUIRE(save);
    auto id = save->id, content = save->content;
    CHECK_FALSE(play.step<LaterStep>()->saved);
    CHECK(play.act(Finish{}).step<LaterStep>());  // nothing says done before it is durable
    play.act(DraftSaved{id});
    CHECK(play.step<LaterStep>()->saved);
    CHECK(play.go_on().life<Attract>());
    REQUIRE(play.state.drafts.size() == 1);

    // The tablet is restarted.
    Play again(play.state.ceremony);
    Unlocked unlocked{again.state.tablet, open_lists(), {{id, content}}};
    again.act(unlocked).to_find().act(ResumeDraft{id});
    REQUIRE(again.step<HostStep>());
    again.type(Field::pin, "281957").go_on().act(PinTried{true, 0});
    CHECK_FALSE(again.step<HostStep>()->host.form.identity_seen);
    again.mark(Box::identity_seen).mark(Box::authority_seen).go_on();
    REQUIRE(again.step<SignStep>());
    CHECK(again.step<SignStep>()->who == 1);
    CHECK(again.visit().signatories[0].has_signed);
    again.draw().go_on();
    REQUIRE(again.step<CheckStep>());
    again.go_on().draw().go_on();
    REQUIRE(again.asked<CompleteSigning>());
    CHECK(again.asked<CompleteSigning>()->order.draft == id);
    CHECK(again.asked<CompleteSigning>()->order.representatives.size() == 2);
    again.act(SigningCompleted{a_certificate(), open_lists()});
    CHECK(again.state.drafts.empty());
}

TEST_CASE("whoever opens a waiting signing and leaves sees it gone and leaves it whole") {
    Play play = joint_and_later();
    auto id = play.asked<SaveDraft>()->id;
    play.act(DraftSaved{id}).go_on().to_find().act(ResumeDraft{id}).act(Back{});
    CHECK(play.step<FindStep>());
    CHECK(play.visit().name.empty());
    CHECK(play.state.drafts.size() == 1);
    CHECK(play.state.drafts[0].visit.signatories[0].has_signed);
}

TEST_CASE("a joint signing that cannot be saved says so and can be tried again") {
    Play play = joint_and_later();
    play.act(Failed{{Job::save_draft, {core::Errc::disk_full, ""}}});
    CHECK(play.state.trouble);
    CHECK_FALSE(play.step<LaterStep>()->saved);
    play.wait(1'000'000);
    CHECK(play.life<Visiting>());  // no clock wipes what could not be kept
    CHECK(play.act(TryAgain{}).asked<SaveDraft>());
    CHECK(play.act(Failed{{Job::save_draft, {core::Errc::disk_full, ""}}}).act(Back{}).step<SignStep>());
}

TEST_CASE("the municipality signs beside, or says that it will at closing") {
    Play beside;
    beside.to_check().go_on();
    REQUIRE(beside.step<MunicipalityStep>());
    CHECK(beside.go_on().step<MunicipalityStep>()->refused == core::InkVerdict::empty);
    CHECK(beside.draw().go_on().step<SealingStep>());

    Play closing(core::Countersigning::closing);
    closing.to_check().go_on();
    REQUIRE(closing.step<MunicipalityStep>());
    closing.go_on();
    REQUIRE(closing.asked<CompleteSigning>());
    CHECK(closing.asked<CompleteSigning>()->order.municipal.empty());
}

TEST_CASE("who signs for the municipality may type the name too, with the host as witness") {
    Play play;
    play.to_check().go_on();
    const auto name = play.visit().municipal.at(0).signatory.name;
    play.act(CannotDraw{}).type(Field::typed_name, name).go_on();
    CHECK(play.visit().municipal[0].signature.typed_name.empty());  // not before the host is there
    play.type(Field::pin, "281957").go_on().act(PinTried{true, 0});
    CHECK(play.act(SignLater{}).step<MunicipalityStep>());
    CHECK(play.type(Field::typed_name, "Kalle").go_on().has_error("sign.typed.not_the_name"));
    play.type(Field::typed_name, name).act(Back{});
    CHECK(play.go_on().step<MunicipalityStep>()->refused ==
          core::InkVerdict::empty);  // typed is not yet signed
    play.act(Dismiss{}).act(CannotDraw{}).type(Field::pin, "281957").go_on().act(PinTried{true, 0});
    play.type(Field::typed_name, name).go_on();
    REQUIRE(play.step<SealingStep>());
    const auto& signature = play.asked<CompleteSigning>()->order.municipal.at(0).signature;
    CHECK(signature.kind == core::Signature::Kind::typed_witnessed);
    CHECK(signature.typed_name == name);
    CHECK_FALSE(signature.witness.empty());
    CHECK(signature.signed_at_ms != 0);
}

TEST_CASE("a signing can wait for the municipality") {
    Play play;
    play.to_check().go_on().act(SignLater{});
    REQUIRE(play.asked<SaveDraft>());
    play.act(DraftSaved{play.asked<SaveDraft>()->id});
    CHECK(play.step<LaterStep>()->saved);
}

TEST_CASE("a failed sealing keeps everything, durably, and tries again with the same id") {
    Play play;
    play.to_sealing();
    auto id = play.visit().id;
    play.act(Failed{{Job::complete_signing, {core::Errc::disk_full, ""}}});
    REQUIRE(play.step<SealingStep>()->trouble);
    auto* save = play.asked<SaveDraft>();
    REQUIRE(save);
    auto draft = save->id;
    play.wait(1'000'000);
    CHECK(play.step<SealingStep>());  // not kept yet, so not wiped
    play.act(TryAgain{});
    REQUIRE(play.asked<CompleteSigning>());
    CHECK(play.asked<CompleteSigning>()->order.id == id);
    CHECK(play.asked<CompleteSigning>()->order.draft == draft);
    play.act(Failed{{Job::complete_signing, {core::Errc::disk_full, ""}}}).act(DraftSaved{draft});
    CHECK(play.act(Back{}).step<CheckStep>());
    CHECK(everybody_signed(play.visit()));
    CHECK(play.state.drafts.size() == 1);
}

TEST_CASE("nothing leaves the sealing screen while it seals") {
    Play play;
    play.to_sealing();
    play.act(Back{}).act(Finish{}).go_on().act(TryAgain{}).wait(1'000'000);
    CHECK(play.step<SealingStep>());
    CHECK(play.effects.empty());
}

TEST_CASE("a certificate is handed over only to a stick that is there") {
    Play play;
    play.to_sealing().act(SigningCompleted{a_certificate(), open_lists()});
    CHECK_FALSE(play.act(HandOverTo{"/media/x"}).asked<HandOver>());
    play.act(StickChanged{{{"/media/x", "USB", Stick::Whose::visitor}}}).act(HandOverTo{"/media/x"});
    REQUIRE(play.asked<HandOver>());
    CHECK(play.asked<HandOver>()->seq == 8);
    CHECK(play.act(HandedOver{}).life<Done>()->handing == Done::Handing::handed);
}

TEST_CASE("done returns by itself with a countdown that can be seen") {
    Play play;
    play.to_sealing().act(SigningCompleted{a_certificate(), open_lists()});
    CHECK(done_countdown_s(play.state) == 60);
    play.wait(20'500);
    CHECK(done_countdown_s(play.state) == 40);
    CHECK(*next_wake_ms(play.state) <= 1000);
    play.wait(39'500);
    CHECK(play.life<Attract>());
}

TEST_CASE("a draft comes back from its bytes as it was") {
    Play play = joint_and_later();
    auto* save = play.asked<SaveDraft>();
    auto draft = decode_draft(save->id, save->content);
    REQUIRE(draft.ok());
    CHECK(draft->visit == play.visit());
    CHECK(encode(*draft) == save->content);
}

TEST_CASE("a draft that was tampered with, cut or of another format is refused, not guessed at") {
    Play play = joint_and_later();
    auto content = play.asked<SaveDraft>()->content;
    CHECK_FALSE(decode_draft("signing-x", content.substr(0, content.size() / 2)).ok());
    CHECK_FALSE(decode_draft("signing-x", " " + content).ok());
    auto other = content;
    other.replace(other.find("handslag-draft/1"), 16, "handslag-draft/2");
    CHECK(decode_draft("signing-x", other).error().code == core::Errc::newer_version);
    CHECK_FALSE(decode_draft("signing-x", "{}").ok());
}

TEST_CASE("a draft that cannot be read is told, and the others come back") {
    Play first = joint_and_later();
    auto* save = first.asked<SaveDraft>();
    Play play(first.state.ceremony);
    Unlocked unlocked{play.state.tablet, open_lists(), {{save->id, save->content}, {"signing-broken", "{"}}};
    play.act(unlocked);
    CHECK(play.state.drafts.size() == 1);
    CHECK(play.state.trouble);
}

TEST_CASE("an arrival comes back for the same ceremony and for no other") {
    auto ceremony = a_ceremony();
    Arrival arrival{1, {true, true, false, {"Máret Šuorra", ""}}};
    auto content = encode_arrival(*ceremony, arrival);
    auto back = decode_arrival(*ceremony, arrival_id(*ceremony, 1), content);
    REQUIRE(back.ok());
    CHECK(back->expected == 1);
    CHECK(back->check_in == arrival.check_in);
    CHECK(decode_arrival(*ceremony, arrival_id(*ceremony, 0), content).error().code == core::Errc::not_found);
    auto other = std::make_shared<core::Ceremony>(*ceremony);
    other->id = core::CeremonyId::make(opening_ms + 5);
    CHECK(decode_arrival(*other, arrival_id(*ceremony, 1), content).error().code == core::Errc::not_found);
}
