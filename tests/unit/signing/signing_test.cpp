#include "core/signing.h"

#include <doctest/doctest.h>

#include "tests/support/demo_ceremony.h"

using namespace core;

namespace {

struct Opened {
    TemporaryFolder folder;
    demo::Tablet tablet{folder / "tablet"};
    Opened() { REQUIRE(open_ceremony(tablet.desk()).ok()); }

    CompletedSigning sign(const SigningInput& input) {
        auto done = complete_signing(tablet.desk(), input);
        std::string why =
            done.ok() ? "" : std::string(to_string(done.error().code)) + ": " + done.error().detail;
        REQUIRE_MESSAGE(done.ok(), why);
        return std::move(*done);
    }
    // Refused, and nothing is left of it.
    Errc refused(const SigningInput& input) {
        auto size = tablet.store->size();
        auto counter = tablet.store->counter().value();
        auto done = complete_signing(tablet.desk(), input);
        CHECK(tablet.store->size() == size);
        CHECK(tablet.store->counter().value() == counter);
        REQUIRE_FALSE(done.ok());
        return done.error().code;
    }
};

std::string all_text(const Document& document) {
    std::string all;
    for (const auto& page : document.pages)
        for (const auto& item : page.items)
            if (const auto* text = std::get_if<TextItem>(&item)) all += text->text + "\n";
    return all;
}

Verdict judged(const Bytes& pdf) {
    auto report = verify_certificate(pdf, demo::authority().ca.root_pem(), demo::ceremony_time());
    REQUIRE(report.ok());
    return report->verdict;
}

}  // namespace

TEST_CASE("a signing becomes a sealed certificate that verifies against the CA") {
    Opened at;
    auto done = at.sign(at.tablet.input());
    CHECK(is_certificate_number(done.record.certificate_number));
    CHECK(done.record.certificate_number.starts_with("STR26-A0001-"));
    CHECK(done.record.demonstration);
    CHECK(done.record.clock_confirmed_by_host);
    auto report = verify_certificate(done.pdf, demo::authority().ca.root_pem(), at.tablet.clock.wall_ms());
    REQUIRE(report.ok());
    CHECK(report->verdict == Verdict::valid);
    CHECK(report->demonstration);
    CHECK(report->record == encode(done.record));
    CHECK(at.tablet.store->payload(done.seq, "certificate").value() == done.pdf);
    CHECK(at.tablet.store->payload(done.seq, "record").value() == to_bytes(report->record));
    CHECK(at.tablet.store->counter().value() == 1);
    CHECK(at.tablet.store->audit()->ok());
}

TEST_CASE("the same signing twice is one signing") {
    Opened at;
    auto input = at.tablet.input();
    auto first = at.sign(input);
    auto size = at.tablet.store->size();
    at.tablet.clock.advance(10'000);
    auto again = at.sign(input);
    CHECK(again.record == first.record);
    CHECK(again.pdf == first.pdf);
    CHECK(again.seq == first.seq);
    CHECK(all_text(again.document) == all_text(first.document));
    CHECK(at.tablet.store->size() == size);
    REQUIRE(at.tablet.reopen().ok());  // also after a restart
    CHECK(at.sign(input).hash == first.hash);
    CHECK(at.tablet.store->size() == size);
}

TEST_CASE("names with å, ö, é, č and š stand on the certificate as they are written") {
    Opened at;
    auto input = at.tablet.input("Föreningen Škoda & Čapek på Åsön", "André Ödmårk-Đurđić");
    auto done = at.sign(input);
    auto text = all_text(done.document);
    CHECK(text.find("Föreningen Škoda & Čapek på Åsön") != std::string::npos);
    CHECK(text.find("André Ödmårk-Đurđić") != std::string::npos);
    CHECK(judged(done.pdf) == Verdict::valid);
    // Typed with combining accents, it becomes the same name.
    auto decomposed = at.tablet.input("Fo\xCC\x88reningen");
    CHECK(at.sign(decomposed).record.organisation.name == "Föreningen");
}

TEST_CASE("a name that no font can draw is refused before anything is kept") {
    Opened at;
    CHECK(at.refused(at.tablet.input("友好協会")) == Errc::undrawable_text);
    CHECK(at.refused(at.tablet.input("Bygdegården", "علي")) == Errc::undrawable_text);
}

TEST_CASE("two who sign jointly both stand on the certificate, and one of them alone is not enough") {
    Opened at;
    auto input = at.tablet.input();
    input.representatives = {{{"Åsa Öberg", "ordförande", Authority::jointly}, demo::drawn(1)},
                             {{"Per Lund", "kassör", Authority::jointly}, demo::drawn(2)}};
    auto alone = input;
    alone.representatives.pop_back();
    CHECK(at.refused(alone) == Errc::not_allowed);
    auto done = at.sign(input);
    CHECK(done.record.representatives.size() == 2);
    auto text = all_text(done.document);
    CHECK(text.find("Per Lund") != std::string::npos);
    CHECK(judged(done.pdf) == Verdict::valid);
}

TEST_CASE("an informal network signs without organisationsnummer where the agreement lets it") {
    Opened at;
    auto input = at.tablet.input("Grannarna på Åsgatan");
    input.organisation.form = OrganisationForm::natverk;
    CHECK(at.refused(input) == Errc::not_allowed);  // a network has no number
    input.organisation.number.reset();
    auto done = at.sign(input);
    CHECK(judged(done.pdf) == Verdict::valid);
    at.tablet.ceremony.agreement.networks_may_sign = false;
    input.id = SigningId::make(at.tablet.clock.wall_ms());
    CHECK(at.refused(input) == Errc::not_allowed);
}

TEST_CASE("every criterion has an answer, and those that must hold do") {
    Opened at;
    auto input = at.tablet.input();
    input.criteria[0].met = false;
    CHECK(at.refused(input) == Errc::not_allowed);
    input.criteria[0] = {"demokrati", Strength::should, false};  // weaker than the agreement's
    CHECK(at.refused(input) == Errc::not_allowed);
    input.criteria = {{"demokrati", Strength::must, true}};
    CHECK(at.refused(input) == Errc::not_allowed);
    input.criteria = {{"demokrati", Strength::must, true}, {"demokrati", Strength::must, true}};
    CHECK(at.refused(input) == Errc::not_allowed);
    input = at.tablet.input();  // the one that should hold does not: a warning, never a stop
    CHECK(at.sign(input).record.criteria[1].met == false);
}

TEST_CASE("nothing is sealed without signatures, a decision and a name") {
    Opened at;
    auto wrong = [&](auto change) {
        auto input = at.tablet.input();
        change(input);
        return at.refused(input);
    };
    CHECK(wrong([](SigningInput& in) { in.representatives.clear(); }) == Errc::not_allowed);
    CHECK(wrong([](SigningInput& in) { in.representatives[0].signature.ink.strokes.clear(); }) ==
          Errc::not_allowed);
    CHECK(wrong([](SigningInput& in) { in.representatives[0].signature.ink.strokes[0].points.resize(1); }) ==
          Errc::not_allowed);
    CHECK(wrong([](SigningInput& in) { in.representatives[0].representative.name = " "; }) ==
          Errc::not_allowed);
    CHECK(wrong([](SigningInput& in) { in.municipal.clear(); }) == Errc::not_allowed);
    CHECK(wrong([](SigningInput& in) { in.municipal[0].signatory.name = "Någon Annan"; }) ==
          Errc::not_allowed);
    CHECK(wrong([](SigningInput& in) { in.municipal[0].signature.ink.strokes.clear(); }) ==
          Errc::not_allowed);
    CHECK(wrong([](SigningInput& in) { in.organisation.name = ""; }) == Errc::not_allowed);
    CHECK(wrong([](SigningInput& in) {
              in.organisation.form = OrganisationForm::bostadsrattsforening;
              in.organisation.number.reset();
          }) == Errc::not_allowed);
    CHECK(wrong([](SigningInput& in) { in.decision = {}; }) == Errc::not_allowed);
    CHECK(wrong([](SigningInput& in) { in.decision.date = {2026, 11, 22}; }) == Errc::not_allowed);
    CHECK(wrong([](SigningInput& in) { in.replaces = "STR26-A0001-K"; }) == Errc::not_allowed);
    CHECK(wrong([](SigningInput& in) { in.organisation.name = std::string(500, 'x'); }) == Errc::malformed);
    CHECK(wrong([](SigningInput& in) { in.id = {}; }) == Errc::not_allowed);
}

TEST_CASE("a name typed before a witness counts as a signature") {
    Opened at;
    auto input = at.tablet.input();
    input.representatives[0].signature = {};
    input.representatives[0].signature.kind = Signature::Kind::typed_witnessed;
    input.representatives[0].signature.typed_name = "Åsa Öberg";
    input.representatives[0].signature.signed_at_ms = demo::ceremony_time();
    CHECK(at.refused(input) == Errc::not_allowed);
    input.representatives[0].signature.witness = "Åsa Öberg";  // oneself
    CHECK(at.refused(input) == Errc::not_allowed);
    input.representatives[0].signature.witness = "ceremonivärd";
    CHECK(judged(at.sign(input).pdf) == Verdict::valid);
}

TEST_CASE("what was signed on paper is entered as signed on paper, by everybody on the form") {
    Opened at;
    auto input = at.tablet.input();
    Signature paper;
    paper.kind = Signature::Kind::on_paper;
    auto on_day = [&](const Date& date) { paper.signed_at_ms = from_swedish_time({date, 0, 0, 0}); };
    on_day(to_swedish_time(demo::ceremony_time()).date);
    input.representatives[0].signature = paper;
    CHECK(at.refused(input) == Errc::not_allowed);  // the municipality drew on the tablet
    input.municipal[0].signature = paper;
    auto wrong = [&](std::int64_t at_ms) {
        auto other = input;
        other.representatives[0].signature.signed_at_ms = at_ms;
        return at.refused(other);
    };
    CHECK(wrong(paper.signed_at_ms + 1) == Errc::not_allowed);           // a time that nobody wrote down
    CHECK(wrong(paper.signed_at_ms + 86'400'000) == Errc::not_allowed);  // tomorrow
    CHECK(wrong(from_swedish_time({{2026, 4, 27}, 0, 0, 0})) == Errc::not_allowed);  // before the agreement
    auto undecided = input;
    undecided.decision.date = to_swedish_time(demo::ceremony_time()).date;
    for (auto* signature : {&undecided.representatives[0].signature, &undecided.municipal[0].signature})
        signature->signed_at_ms = from_swedish_time({{2026, 11, 20}, 0, 0, 0});
    CHECK(at.refused(undecided) == Errc::not_allowed);  // nobody had asked the organisation yet
    auto done = at.sign(input);
    CHECK(judged(done.pdf) == Verdict::valid);
    CHECK(on_paper(done.record));
    CHECK(done.record.representatives[0].signature.signed_at_ms == paper.signed_at_ms);
}

TEST_CASE("a clock that cannot be right stops the signing") {
    Opened at;
    auto& clock = at.tablet.clock;
    auto input = at.tablet.input();
    clock.set_wall(from_swedish_time({{2026, 4, 27}, 12, 0, 0}));  // the day before the agreement was adopted
    CHECK(at.refused(input) == Errc::clock_implausible);
    clock.set_wall(demo::ceremony_time() - 6 * 60'000);  // before the log's last entry
    CHECK(at.refused(input) == Errc::clock_implausible);
    clock.set_wall(demo::ceremony_time() + 6 * 60'000);  // moved on, while the tablet's own time stood still
    CHECK(at.refused(input) == Errc::clock_implausible);
    clock.set_wall(demo::ceremony_time() - 2 * 60'000);  // a correction
    CHECK(complete_signing(at.tablet.desk(), input).ok());
    auto desk = at.tablet.desk();
    desk.clock_confirmed = false;
    CHECK(complete_signing(desk, at.tablet.input()).error().code == Errc::not_allowed);
    CHECK(open_ceremony(desk).error().code == Errc::not_allowed);
}

TEST_CASE(
    "a ceremony cannot be opened at a time that cannot be right, and may be opened again when the clock was "
    "mended") {
    TemporaryFolder folder;
    demo::Tablet tablet(folder / "tablet");
    tablet.clock.set_wall(from_swedish_time({{2026, 4, 27}, 12, 0, 0}));
    CHECK(open_ceremony(tablet.desk()).error().code == Errc::clock_implausible);
    tablet.clock.set_wall(demo::ceremony_time() + 3 * 365 * demo::day_ms);  // the seal certificate is over
    CHECK(open_ceremony(tablet.desk()).error().code == Errc::not_allowed);
    CHECK(tablet.store->size() == 0);
    tablet.clock.set_wall(demo::ceremony_time());
    REQUIRE(open_ceremony(tablet.desk()).ok());
    REQUIRE(open_ceremony(tablet.desk()).ok());
    CHECK(tablet.store->size() == 1);
    tablet.clock.set_wall(demo::ceremony_time() + 3'600'000);
    REQUIRE(open_ceremony(tablet.desk()).ok());
    CHECK(tablet.store->size() == 2);
    CHECK(complete_signing(tablet.desk(), tablet.input()).ok());
}

TEST_CASE("only the ceremony that is open on this tablet takes signings") {
    TemporaryFolder folder;
    demo::Tablet tablet(folder / "tablet");
    CHECK(complete_signing(tablet.desk(), tablet.input()).error().code == Errc::not_allowed);
    REQUIRE(open_ceremony(tablet.desk()).ok());
    auto other = tablet.ceremony;
    other.id = CeremonyId::make(demo::ceremony_time());
    auto desk = tablet.desk();
    desk.ceremony = &other;
    CHECK(complete_signing(desk, tablet.input()).error().code == Errc::not_allowed);
}

TEST_CASE("the draft goes in the same breath as the signing, and stays when that is refused") {
    Opened at;
    auto input = at.tablet.input();
    input.draft = "waiting";
    REQUIRE(at.tablet.store->save_draft("waiting", as_bytes("halfway")).ok());
    auto refused = input;
    refused.municipal.clear();
    CHECK(at.refused(refused) == Errc::not_allowed);
    CHECK(at.tablet.store->drafts()->size() == 1);
    at.sign(input);
    CHECK(at.tablet.store->drafts()->empty());
    REQUIRE(at.tablet.store->save_draft("waiting", as_bytes("saved late")).ok());
    at.sign(input);  // the same once more: nobody waits for it
    CHECK(at.tablet.store->drafts()->empty());
}

TEST_CASE("how fast and how hard somebody wrote is kept only where the municipality says so") {
    Opened at;
    auto has_dynamics = [](const Ink& ink) {
        for (const auto& stroke : ink.strokes)
            for (const auto& point : stroke.points)
                if (point.t_ms != 0 || point.pressure != 0) return true;
        return false;
    };
    auto input = at.tablet.input();
    input.private_payload.full_ink = {demo::scrawl()};  // nobody may slip it in
    auto done = at.sign(input);
    CHECK_FALSE(has_dynamics(done.record.representatives[0].signature.ink));
    CHECK_FALSE(has_dynamics(done.record.municipal[0].signature.ink));
    auto read_private = [&](std::uint64_t seq) {
        return decode_private_payload(as_text(at.tablet.store->payload(seq, "private").value())).value();
    };
    CHECK(read_private(done.seq).full_ink.empty());
    CHECK(read_private(done.seq).id == input.id);
    CHECK(read_private(done.seq).contact.email == "asa@bygd.example");
    CHECK(encode(done.record).find("asa@bygd.example") == std::string::npos);

    at.tablet.ceremony.municipality.keep_stroke_dynamics = true;
    auto kept = at.sign(at.tablet.input());
    CHECK_FALSE(has_dynamics(kept.record.representatives[0].signature.ink));
    REQUIRE(read_private(kept.seq).full_ink.size() == 1);
    CHECK(has_dynamics(read_private(kept.seq).full_ink[0]));
}

TEST_CASE("each signing has a token of its own for the visitor, which no certificate and no record shows") {
    Opened at;
    auto input = at.tablet.input();
    auto first = at.sign(input), other = at.sign(at.tablet.input());
    CHECK(first.link.size() == 26);
    CHECK(other.link.size() == 26);
    CHECK(first.link != other.link);
    CHECK(at.sign(input).link == first.link);  // the same signing once more
    auto kept = decode_private_payload(as_text(at.tablet.store->payload(first.seq, "private").value()));
    CHECK(kept->link == first.link);
    CHECK(encode(first.record).find(first.link) == std::string::npos);
    CHECK(all_text(first.document).find(first.link) == std::string::npos);
    CHECK(as_text(first.pdf).find(first.link) == std::string_view::npos);
}

TEST_CASE("certificates that were voided stay in the log, and their replacement names them") {
    Opened at;
    auto first = at.sign(at.tablet.input());
    CHECK(void_signing(at.tablet.desk(), first.seq, "  ").error().code == Errc::not_allowed);
    CHECK(void_signing(at.tablet.desk(), 0, "inte en underskrift").ok() == false);
    CHECK(void_signing(at.tablet.desk(), 99, "finns inte").error().code == Errc::not_found);
    auto early = at.tablet.input();
    early.replaces = first.record.certificate_number;
    CHECK(at.refused(early) == Errc::not_allowed);  // it is not void yet
    REQUIRE(void_signing(at.tablet.desk(), first.seq, "Fel namn").ok());
    CHECK(void_signing(at.tablet.desk(), first.seq, "igen").error().code == Errc::not_allowed);
    auto second = at.sign(early);
    CHECK(second.record.replaces == first.record.certificate_number);
    CHECK(all_text(second.document).find(first.record.certificate_number) != std::string::npos);
    auto rows = at.tablet.store->signings().value();
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].voided);
    CHECK(rows[0].void_reason == "Fel namn");
    CHECK_FALSE(rows[1].voided);
    // The reason may name somebody: it is not in the public entry.
    auto entry = at.tablet.store->entry(first.seq + 1).value();
    CHECK(as_text(entry.bytes).find("Fel namn") == std::string_view::npos);
}

TEST_CASE("after a restart nobody signs until the host has confirmed date and time again") {
    Opened at;
    auto first = at.sign(at.tablet.input());
    at.tablet.clock.advance(60'000);
    at.tablet.clock.restart("11111111-0000-4000-8000-000000000000");
    CHECK_FALSE(ceremony_is_open(*at.tablet.store, at.tablet.ceremony.id, at.tablet.clock.now()).value());
    CHECK(at.refused(at.tablet.input()) == Errc::not_allowed);
    CHECK(void_signing(at.tablet.desk(), first.seq, "Fel namn").error().code == Errc::not_allowed);
    CHECK(close_ceremony(at.tablet.desk(), at.tablet.input().municipal).error().code == Errc::not_allowed);
    auto size = at.tablet.store->size();
    REQUIRE(open_ceremony(at.tablet.desk()).ok());
    CHECK(at.tablet.store->size() == size + 1);  // a fresh "opened", with the new boot
    CHECK(at.tablet.store->entry(size)->kind == "opened");
    CHECK(ceremony_is_open(*at.tablet.store, at.tablet.ceremony.id, at.tablet.clock.now()).value());
    at.sign(at.tablet.input());
    REQUIRE(open_ceremony(at.tablet.desk()).ok());
    CHECK(at.tablet.store->size() == size + 2);  // confirmed already
}

TEST_CASE("a log entry from a clock that was ahead does not lock the tablet until that day") {
    Opened at;
    auto& clock = at.tablet.clock;
    clock.set_wall(demo::ceremony_time() + 200 * demo::day_ms);  // a wrong year, say, and the host says yes
    REQUIRE(open_ceremony(at.tablet.desk()).ok());
    auto wrong = at.sign(at.tablet.input());
    clock.set_wall(demo::ceremony_time() + 3'600'000);  // put right
    CHECK_FALSE(ceremony_is_open(*at.tablet.store, at.tablet.ceremony.id, clock.now()).value());
    CHECK(at.refused(at.tablet.input()) == Errc::clock_implausible);
    REQUIRE(open_ceremony(at.tablet.desk()).ok());
    at.sign(at.tablet.input());
    REQUIRE(void_signing(at.tablet.desk(), wrong.seq, "Fel datum").ok());
    CHECK(close_ceremony(at.tablet.desk(), at.tablet.input().municipal).ok());
    CHECK(at.tablet.store->audit()->ok());
}

TEST_CASE("an erasure whose clock was ahead is answered by confirming the time again") {
    Opened at;
    auto done = at.sign(at.tablet.input());
    core::FakeClock ahead(demo::ceremony_time() + 200 * demo::day_ms);
    REQUIRE(at.tablet.store->erase(done.seq, "Gallringsbeslut 12/2026", ahead.now()).ok());
    CHECK(at.refused(at.tablet.input()) == Errc::clock_implausible);
    REQUIRE(open_ceremony(at.tablet.desk()).ok());
    at.sign(at.tablet.input());
}

TEST_CASE("where the ceremony names a root, only a seal that leads to it opens and signs") {
    TemporaryFolder folder;
    demo::Tablet tablet(folder / "tablet");
    CaSpec spec;
    spec.municipality = "Strandköpings kommun";
    spec.organisationsnummer = "212000-0142";
    spec.demonstration = true;
    auto other = MunicipalCa::create(folder / "ca", spec, demo::secret, demo::ceremony_time()).value();
    tablet.ceremony.municipality.root_certificate_pem = other.root_pem();
    CHECK(open_ceremony(tablet.desk()).error().code == Errc::not_allowed);
    tablet.ceremony.municipality.root_certificate_pem = demo::authority().ca.root_pem();
    REQUIRE(open_ceremony(tablet.desk()).ok());
    CHECK(complete_signing(tablet.desk(), tablet.input()).ok());
    tablet.ceremony.municipality.root_certificate_pem = other.root_pem();
    CHECK(complete_signing(tablet.desk(), tablet.input()).error().code == Errc::not_allowed);
}
