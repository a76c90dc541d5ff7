#include <algorithm>

#include <doctest/doctest.h>

#include "core/decline.h"
#include "core/signing.h"
#include "tests/support/demo_ceremony.h"

using namespace core;

namespace {

struct Opened {
    TemporaryFolder folder;
    demo::Tablet tablet{folder / "tablet"};
    explicit Opened(Countersigning countersigning = Countersigning::beside) {
        tablet.ceremony.countersigning = countersigning;
        REQUIRE(open_ceremony(tablet.desk()).ok());
    }
    std::vector<MunicipalSignature> chair() { return {{tablet.ceremony.signatories[0], demo::drawn(9)}}; }
};

}  // namespace

TEST_CASE(
    "where the municipality signs at closing, certificates say so and the protocol carries its signature") {
    Opened at(Countersigning::closing);
    auto input = at.tablet.input();
    CHECK(complete_signing(at.tablet.desk(), input).error().code ==
          Errc::not_allowed);  // no ink is used twice
    input.municipal.clear();
    auto done = complete_signing(at.tablet.desk(), input);
    REQUIRE(done.ok());
    CHECK(done->record.municipal.empty());
    CHECK(close_ceremony(at.tablet.desk(), {}).error().code == Errc::not_allowed);
    auto closed = close_ceremony(at.tablet.desk(), at.chair());
    REQUIRE(closed.ok());
    REQUIRE(closed->record.municipal.size() == 1);
    CHECK(closed->record.municipal[0].signatory.name == "Karin Lindqvist");
}

TEST_CASE("the protocol tells a typed name as one, with the witness who is somebody else") {
    Opened at;
    auto chair = at.chair();
    auto& signature = chair[0].signature;
    signature = {};
    signature.kind = Signature::Kind::typed_witnessed;
    signature.signed_at_ms = demo::ceremony_time();
    auto refused = [&](const char* typed, const char* witness) {
        signature.typed_name = typed, signature.witness = witness;
        auto closed = close_ceremony(at.tablet.desk(), chair);
        return !closed.ok() && closed.error().code == Errc::not_allowed;
    };
    CHECK(refused("", "Maria Ek"));
    CHECK(refused("Karin Lindqvist", " "));
    CHECK(refused("Kalle Lindqvist", "Maria Ek"));
    CHECK(refused("Karin Lindqvist", "karin lindqvist"));
    signature.typed_name = "Karin Lindqvist", signature.witness = "Maria Ek";
    auto closed = close_ceremony(at.tablet.desk(), chair);
    REQUIRE(closed.ok());
    CHECK(closed->record.municipal[0].signature == signature);
    auto report = verify_certificate(closed->pdf, demo::authority().ca.root_pem(), at.tablet.clock.wall_ms());
    REQUIRE(report.ok());
    CHECK(report->verdict == Verdict::valid);
    auto fact = std::find(
        report->facts.begin(), report->facts.end(),
        std::pair<std::string, std::string>("signed by", closed->record.municipal[0].signatory.name + ", " +
                                                             closed->record.municipal[0].signatory.role +
                                                             "; typed the name, witnessed by Maria Ek"));
    CHECK(fact != report->facts.end());
    std::string text;
    for (const auto& page : closed->document.pages)
        for (const auto& item : page.items)
            if (const auto* run = std::get_if<TextItem>(&item)) text += run->text;
    std::erase(text, ' ');  // wherever the lines end
    CHECK(text.find("Skrivetnamn,bevittnatavMariaEk") != std::string::npos);
}

TEST_CASE("an organisation that declines is in the log, on no certificate's list, and can be erased") {
    Opened at;
    auto desk = at.tablet.desk();
    REQUIRE(decline(desk, {"Åsö IF", "Fråga Åsa", DeclineReason::content}).ok());
    REQUIRE(decline(desk, {"Café Élan", "", DeclineReason::unsaid}).ok());
    CHECK(decline(desk, {"", "", DeclineReason::time}).error().code == Errc::not_allowed);
    CHECK(decline(desk, {"Åsö IF", std::string(301, 'x'), DeclineReason::time}).error().code ==
          Errc::malformed);
    auto found = declined(*at.tablet.store, at.tablet.ceremony.id, 0);
    REQUIRE(found.ok());
    REQUIRE(found->size() == 2);
    CHECK((*found)[0].organisation == "Åsö IF");
    CHECK((*found)[0].reason == DeclineReason::content);
    CHECK(declined(*at.tablet.store, at.tablet.ceremony.id, (*found)[1].seq).value().size() == 1);
    CHECK(declined(*at.tablet.store, CeremonyId::make(1), 0).value().empty());
    auto entry = at.tablet.store->entry((*found)[0].seq).value();
    CHECK(as_text(entry.bytes).find("Åsö") == std::string_view::npos);  // salted commitments only
    CHECK(at.tablet.store->signings().value().empty());
    auto closed = close_ceremony(desk, at.chair());
    REQUIRE(closed.ok());
    CHECK(closed->record.lines.empty());
    REQUIRE(at.tablet.store->erase((*found)[0].seq, "Gallringsbeslut 2026:4", at.tablet.clock.now()).ok());
    CHECK(declined(*at.tablet.store, at.tablet.ceremony.id, 0).value().size() == 1);
    CHECK(at.tablet.store->audit().value().ok());
}

TEST_CASE("the protocol lists every certificate in order, with the hashes of what was sealed, and verifies") {
    Opened at;
    std::vector<CompletedSigning> made;
    for (const char* name : {"Åsö IF", "Föreningen Ö", "Café Élan"}) {
        at.tablet.clock.advance(90'000);
        made.push_back(complete_signing(at.tablet.desk(), at.tablet.input(name)).value());
    }
    REQUIRE(void_signing(at.tablet.desk(), made[1].seq, "Fel namn").ok());
    auto before = at.tablet.store->checkpoint().value();
    auto closed = close_ceremony(at.tablet.desk(), at.chair());
    REQUIRE(closed.ok());
    const auto& record = closed->record;
    CHECK(record.number == "STR26-A-PROTOKOLL");
    CHECK(record.checkpoint == before);
    CHECK(record.log_key == to_hex(at.tablet.store->identity().log_key));
    CHECK(record.opened_at.wall_ms == demo::ceremony_time());
    CHECK(record.declared_at.wall_ms == demo::ceremony_time() + 3 * 90'000);
    REQUIRE(record.lines.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(record.lines[i].certificate_number == made[i].record.certificate_number);
        CHECK(record.lines[i].certificate_sha256 == made[i].hash.hex());
        CHECK(record.lines[i].record_sha256 == RecordHash::of(as_bytes(encode(made[i].record))).hex());
        CHECK(record.lines[i].voided == (i == 1));
    }
    CHECK(record.lines[1].void_reason == "Fel namn");
    auto report = verify_certificate(closed->pdf, demo::authority().ca.root_pem(), at.tablet.clock.wall_ms());
    REQUIRE(report.ok());
    CHECK(report->verdict == Verdict::valid);
    CHECK(report->record == encode(record));
    CHECK(at.tablet.store->payload(closed->seq, "certificate").value() == closed->pdf);
    CHECK(at.tablet.store->payload(closed->seq, "protocol").value() == to_bytes(report->record));
    CHECK(at.tablet.store->audit()->ok());
}

TEST_CASE("the protocol says which certificates have their signatures on paper") {
    Opened at;
    REQUIRE(complete_signing(at.tablet.desk(), at.tablet.input("Första")).ok());
    auto input = at.tablet.input("Andra");
    Signature paper;
    paper.kind = Signature::Kind::on_paper;
    paper.signed_at_ms = from_swedish_time({to_swedish_time(demo::ceremony_time()).date, 0, 0, 0});
    input.representatives[0].signature = input.municipal[0].signature = paper;
    REQUIRE(complete_signing(at.tablet.desk(), input).ok());
    auto closed = close_ceremony(at.tablet.desk(), at.chair());
    REQUIRE(closed.ok());
    REQUIRE(closed->record.lines.size() == 2);
    CHECK_FALSE(closed->record.lines[0].on_paper);
    CHECK(closed->record.lines[1].on_paper);
    auto report = verify_certificate(closed->pdf, demo::authority().ca.root_pem(), at.tablet.clock.wall_ms());
    REQUIRE(report.ok());
    CHECK(report->verdict == Verdict::valid);
    CHECK(decode_protocol_record(report->record)->lines[1].on_paper);
}

TEST_CASE("a closed ceremony takes nothing more until it is opened again, and then gets a second protocol") {
    Opened at;
    auto first = complete_signing(at.tablet.desk(), at.tablet.input("Första"));
    REQUIRE(first.ok());
    REQUIRE(close_ceremony(at.tablet.desk(), at.chair()).ok());
    CHECK(complete_signing(at.tablet.desk(), at.tablet.input()).error().code == Errc::not_allowed);
    CHECK(void_signing(at.tablet.desk(), first->seq, "sent").error().code == Errc::not_allowed);
    CHECK(close_ceremony(at.tablet.desk(), at.chair()).error().code == Errc::not_allowed);
    REQUIRE(open_ceremony(at.tablet.desk()).ok());
    REQUIRE(complete_signing(at.tablet.desk(), at.tablet.input("Andra")).ok());
    auto again = close_ceremony(at.tablet.desk(), at.chair());
    REQUIRE(again.ok());
    CHECK(again->record.number == "STR26-A-PROTOKOLL-2");
    CHECK(again->record.lines.size() == 2);
}

TEST_CASE("another ceremony on the same tablet has its own protocol and goes on counting") {
    Opened at;
    REQUIRE(complete_signing(at.tablet.desk(), at.tablet.input("Vårens")).ok());
    REQUIRE(close_ceremony(at.tablet.desk(), at.chair()).ok());
    at.tablet.ceremony.id = CeremonyId::make(demo::ceremony_time());
    at.tablet.ceremony.code = "STR27";
    REQUIRE(open_ceremony(at.tablet.desk()).ok());
    auto done = complete_signing(at.tablet.desk(), at.tablet.input("Höstens"));
    REQUIRE(done.ok());
    CHECK(done->record.certificate_number.starts_with("STR27-A0002-"));
    CHECK(void_signing(at.tablet.desk(), 1, "en annan ceremonis").error().code == Errc::not_allowed);
    auto closed = close_ceremony(at.tablet.desk(), at.chair());
    REQUIRE(closed.ok());
    CHECK(closed->record.number == "STR27-A-PROTOKOLL");
    REQUIRE(closed->record.lines.size() == 1);
    CHECK(closed->record.lines[0].organisation == "Höstens");
}

TEST_CASE("an empty ceremony closes too") {
    Opened at(Countersigning::closing);
    auto closed = close_ceremony(at.tablet.desk(), at.chair());
    REQUIRE(closed.ok());
    CHECK(closed->record.lines.empty());
}
