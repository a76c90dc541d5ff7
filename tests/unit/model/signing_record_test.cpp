#include "core/model/signing_record.h"

#include <doctest/doctest.h>

#include "core/base/text.h"
#include "tests/support/files.h"

using namespace core;

namespace {

std::vector<std::filesystem::path> vectors(const std::string& prefix) {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(golden("signing_record")))
        if (entry.path().filename().string().starts_with(prefix)) found.push_back(entry.path());
    return found;
}

SigningRecord full() {
    auto record = decode_signing_record(read_text(golden("signing_record/valid-full.json")));
    REQUIRE(record.ok());
    return *record;
}

PrivatePayload payload() {
    PrivatePayload payload;
    payload.id = full().id;
    payload.contact = {"Åsa Öberg", "asa@springaren.example", "070-123 45 67"};
    payload.language = "sv_easy";
    payload.show_in_room = payload.identity_seen = true;
    payload.full_ink = {{60000, 22000, {{{{10, 20, 0, 500}, {30, 40, 8, 1000}}}, {{{50, 60, 400, 0}}}}}};
    return payload;
}

ProtocolRecord protocol() {
    SigningRecord record = full();
    ProtocolRecord out;
    out.number = "STR26-B-PROTOKOLL";
    out.ceremony_id = record.ceremony_id;
    out.ceremony_code = record.ceremony_code;
    out.ceremony_title = record.ceremony_title;
    out.ceremony_place = record.ceremony_place;
    out.officiant = "Karin Lindqvist";
    out.ceremony_date = record.ceremony_date;
    out.municipality_name = record.municipality_name;
    out.municipality_number = record.municipality_number;
    out.agreement_title = record.agreement_title;
    out.agreement_version = record.agreement_version;
    out.agreement_digest = record.agreement_digest;
    std::string hex(64, 'c');
    out.lines = {
        {record.certificate_number, "IK Örnen", record.id, hex, hex, 1'795'262'460'000, false, "", true},
        {record.replaces, "IK Örnen", record.id, hex, hex, 1'795'262'400'000, true, "Fel namn", false}};
    out.checkpoint = "handslag.example/log\n42\nabc=\n\n— handslag.example/log Az3g\n";
    out.log_key = std::string(64, 'd');
    out.municipal = record.municipal;
    out.opened_at = {1'795'250'000'000, 1000, record.declared_at.boot_id};
    out.declared_at = record.declared_at;
    out.device = record.device;
    out.epoch = record.epoch;
    out.tablet_letter = record.tablet_letter;
    return out;
}

}  // namespace

TEST_CASE("a valid signing record decodes, and encodes to the very same bytes") {
    Json digests = Json::parse(read_text(golden("signing_record/digests.json")));
    auto files = vectors("valid-");
    CHECK(files.size() == 3);
    for (const auto& file : files) {
        CAPTURE(file);
        std::string bytes = read_text(file);
        auto record = decode_signing_record(bytes);
        if (!record.ok()) FAIL_CHECK(record.error().detail);
        REQUIRE(record.ok());
        CHECK(encode(*record) == bytes);
        CHECK(RecordHash::of(as_bytes(bytes)).hex() ==
              digests.at(file.filename().string()).get<std::string>());
    }
}

TEST_CASE("a signing record that is wrong in one way is refused, and the error names the field") {
    auto files = vectors("invalid-");
    CHECK(files.size() >= 40);
    for (const auto& file : files) {
        CAPTURE(file);
        Json vector = Json::parse(read_text(file));
        auto record = decode_signing_record(vector.at("bytes").get<std::string>());
        REQUIRE(!record.ok());
        CHECK(record.error().detail == vector.at("expected_error").get<std::string>());
        CHECK(std::string(to_string(record.error().code)) == vector.at("expected_code").get<std::string>());
    }
}

TEST_CASE("the fields of a signing record come back as they were") {
    SigningRecord record = full();
    CHECK(record.organisation.name == "Föreningen Čáppa Sámi-vänner");
    CHECK(record.organisation.form == OrganisationForm::annan);
    CHECK(record.organisation.form_text == "sameförening");
    CHECK(record.representatives.size() == 2);
    CHECK(record.representatives[1].representative ==
          Representative{"Šejla Öst", "kassör", Authority::jointly});
    CHECK(record.representatives[0].signature.ink.strokes.size() == 2);
    CHECK(record.representatives[0].signature.ink.strokes[0].points[1] == InkPoint{4100, 9000, 0, 0});
    CHECK(record.municipal.front().signatory.role == "kommunstyrelsens ordförande");
    CHECK(record.adoption.paragraph == "§ 84");
    CHECK(record.tablet_letter == 'B');
    CHECK(record.epoch == 3);
    CHECK(record.clock_confirmed_by_host);
    CHECK(!record.demonstration);
    CHECK(record.criteria.back() == RecordedCriterion{"verksam", Strength::should, false});
}

TEST_CASE("a record is the same as itself, and differs from one where anything differs") {
    SigningRecord a = full(), b = full();
    CHECK(a == b);
    b.organisation.place = "Hamnviken";
    CHECK(!(a == b));
}

TEST_CASE("how fast and how hard somebody wrote never reaches the signing record") {
    SigningRecord record = full(), with_dynamics = full();
    for (auto& stroke : with_dynamics.representatives[0].signature.ink.strokes)
        for (auto& point : stroke.points) point.t_ms = 77, point.pressure = 500;
    CHECK(encode(with_dynamics) == encode(record));
}

TEST_CASE("text that is not normalised is normalised on its way into a record") {
    SigningRecord record = full();
    record.organisation.name = "  Cafe\xCC\x81  E\xCC\x81lan";
    auto again = decode_signing_record(encode(record));
    REQUIRE(again.ok());
    CHECK(again->organisation.name == "Café Élan");
}

TEST_CASE("no flipped bit in a signing record goes unnoticed by its bytes, and none crashes the reader") {
    const std::string bytes = read_text(golden("signing_record/valid-minimal.json"));
    SigningRecord original = *decode_signing_record(bytes);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::string flipped = bytes;
        flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 7)));
        auto record = decode_signing_record(flipped);
        if (record.ok()) CHECK(!(*record == original));
    }
}

TEST_CASE("an error about a record never repeats what the record holds") {
    for (const auto& file : vectors("invalid-")) {
        Json vector = Json::parse(read_text(file));
        auto record = decode_signing_record(vector.at("bytes").get<std::string>());
        for (const char* personal : {"Máret", "Karin", "Šejla", "850101"})
            CHECK(record.error().detail.find(personal) == std::string::npos);
    }
}

TEST_CASE("a private payload comes back whole, with time and pressure when the profile keeps them") {
    std::string bytes = encode(payload());
    auto again = decode_private_payload(bytes);
    REQUIRE(again.ok());
    CHECK(*again == payload());
    PrivatePayload bare;
    bare.id = payload().id;
    bare.language = "sv";
    auto bare_again = decode_private_payload(encode(bare));
    REQUIRE(bare_again.ok());
    CHECK(*bare_again == bare);
}

TEST_CASE("a private payload carries the token of a personal link, and one from before links still reads") {
    auto with_link = payload();
    with_link.link = "0123456789ABCDEFGHJKMNPQRS";
    auto bytes = encode(with_link);
    CHECK(bytes.find("payload/2") != std::string::npos);
    CHECK(encode(payload()).find("payload/1") != std::string::npos);
    auto again = decode_private_payload(bytes);
    REQUIRE(again.ok());
    CHECK(*again == with_link);
    for (const char* wrong :
         {"0123456789ABCDEFGHJKMNPQR", "0123456789ABCDEFGHJKMNPQRU", "0123456789abcdefghjkmnpqrs"})
        CHECK(decode_private_payload(replaced(bytes, with_link.link, wrong)).error().code == Errc::malformed);
    CHECK(decode_private_payload(replaced(bytes, "payload/2", "payload/1")).error().code == Errc::malformed);
    CHECK(decode_private_payload(replaced(encode(payload()), "payload/1", "payload/2")).error().code ==
          Errc::malformed);
    CHECK(decode_private_payload(replaced(bytes, "payload/2", "payload/3")).error().code ==
          Errc::newer_version);
}

TEST_CASE("a private payload with an unknown field, or of a newer version, is refused") {
    std::string bytes = encode(payload());
    auto unknown = decode_private_payload(replaced(bytes, "\"full_ink\"", "\"extra\":1,\"full_ink\""));
    REQUIRE(!unknown.ok());
    CHECK(unknown.error().code == Errc::malformed);
    auto newer = decode_private_payload(replaced(bytes, "payload/1", "payload/12"));
    REQUIRE(!newer.ok());
    CHECK(newer.error().code == Errc::newer_version);
    auto pressed = decode_private_payload(replaced(bytes, "1000", "1001"));
    REQUIRE(!pressed.ok());
    CHECK(pressed.error().detail == "full_ink[0].strokes holds a stroke that is not points");
}

TEST_CASE("a protocol comes back whole, with its checkpoint's line breaks") {
    ProtocolRecord record = protocol();
    std::string bytes = encode(record);
    auto again = decode_protocol_record(bytes);
    if (!again.ok()) FAIL_CHECK(again.error().detail);
    REQUIRE(again.ok());
    CHECK(encode(*again) == bytes);
    CHECK(again->lines == record.lines);
    CHECK(again->checkpoint == record.checkpoint);
    CHECK(again->log_key == std::string(64, 'd'));
    CHECK(!decode_protocol_record(replaced(bytes, std::string(64, 'd'), std::string(62, 'd'))).ok());
    CHECK(again->opened_at.wall_ms == record.opened_at.wall_ms);
    CHECK(!decode_protocol_record(replaced(bytes, std::string(64, 'c'), std::string(63, 'c'))).ok());
    CHECK(!decode_protocol_record(replaced(bytes, "\"voided\"", "\"voider\"")).ok());
}
