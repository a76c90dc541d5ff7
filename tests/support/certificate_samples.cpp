#include "tests/support/certificate_samples.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "core/certificate/draw.h"
#include "core/certificate/seal.h"
#include "core/certificate/structure.h"

namespace test {
namespace {

template <class T>
T must(core::Result<T> result) {
    if (!result.ok()) {
        std::fprintf(stderr, "test samples: %s\n", result.error().detail.c_str());
        std::abort();
    }
    return std::move(result).value();
}

constexpr const char* names[] = {"Åsa Öberg",       "Milan Černý-Šimko", "Renée Łukasiewicz",
                                 "Karin Lindqvist", "Nils-Ánte Gaup",    "Þóra Björk Đukić"};
constexpr const char* roles[] = {"ordförande", "kassör", "sekreterare", "ledamot", "vice ordförande", ""};
constexpr const char* rulers[] = {"Karin Lindqvist", "Per-Olof Sandström", "Amina Warsame"};
constexpr const char* ruler_roles[] = {"kommunstyrelsens ordförande", "kommundirektör",
                                       "andre vice ordförande"};

core::Signature signature(int seed) {
    core::Signature drawn;
    drawn.ink = scribble(seed);
    drawn.signed_at_ms = now_ms - 60'000;
    return drawn;
}

}  // namespace

core::Ink scribble(int seed, std::int32_t width_um, std::int32_t height_um) {
    core::Ink ink{width_um, height_um, {}};
    auto wave = [&](int k) { return std::sin(seed * 12.9898 + k * 78.233) * 0.5 + 0.5; };
    core::Stroke name, line;
    constexpr int points = 260;
    for (int i = 0; i < points; ++i) {
        double t = static_cast<double>(i) / points, rise = std::exp(-3.0 * t);
        double x = 0.12 + 0.74 * t + 0.035 * std::sin(t * (48 + 18 * wave(1)));
        double y = 0.55 - (0.34 * rise + 0.10) * std::sin(t * (40 + 22 * wave(2)) + 6 * wave(3)) -
                   0.06 * std::sin(9 * t);
        name.points.push_back(
            {static_cast<std::int32_t>(x * width_um), static_cast<std::int32_t>(y * height_um), 0, 0});
    }
    for (int i = 0; i < 60; ++i) {
        double t = i / 60.0;
        line.points.push_back(
            {static_cast<std::int32_t>((0.30 + 0.52 * t) * width_um),
             static_cast<std::int32_t>((0.78 - 0.10 * t + 0.02 * std::sin(7 * t)) * height_um), 0, 0});
    }
    ink.strokes = {name, line};
    return ink;
}

core::SigningRecord sample_record(int representatives, int municipal) {
    core::SigningRecord record;
    record.id = *core::SigningId::parse("019aa700-0000-7000-8000-000000000007");
    record.certificate_number = core::certificate_number("STR26", 'A', 7);
    record.ceremony_id = *core::CeremonyId::parse("019aa700-0000-7000-8000-000000000001");
    record.ceremony_code = "STR26";
    record.ceremony_title = "Höstceremonin 2026";
    record.ceremony_place = "Strandköping";
    record.ceremony_date = {2026, 11, 21};
    record.municipality_name = "Strandköpings kommun";
    record.municipality_number = "2120000142";
    record.agreement_id = *core::AgreementId::parse("019aa700-0000-7000-8000-000000000002");
    record.agreement_title = "Överenskommelse om samverkan mellan Strandköpings kommun och civilsamhället";
    record.agreement_version = "1.0";
    record.agreement_digest = core::AgreementDigest::of(core::as_bytes("överenskommelsen"));
    record.adoption = {"Kommunfullmäktige", "§ 23", {2026, 6, 15}};
    record.organisation.name = "Strandköpings Idrottsförening";
    record.organisation.form = core::OrganisationForm::ideell_forening;
    record.organisation.number = core::Organisationsnummer::parse("802481-1237").value;
    record.organisation.place = "Strandköping";
    record.decision = {"Årsmötet", {2026, 3, 3}};
    record.criteria = {{"ideell", core::Strength::must, true}, {"demokratisk", core::Strength::must, true}};
    for (int i = 0; i < representatives; ++i)
        record.representatives.push_back(
            {{names[i % 6], roles[i % 6],
              representatives > 1 ? core::Authority::jointly : core::Authority::alone},
             signature(i)});
    record.countersigning = municipal > 0 ? core::Countersigning::beside : core::Countersigning::closing;
    for (int i = 0; i < municipal; ++i)
        record.municipal.push_back({{rulers[i % 3], ruler_roles[i % 3]}, signature(20 + i)});
    record.declared_at = {now_ms, 3'600'000, "00000000-0000-4000-8000-000000000000"};
    record.clock_confirmed_by_host = true;
    record.device = *core::DeviceId::parse("019aa700-0000-7000-8000-0000000000a1");
    record.epoch = 1;
    return record;
}

core::ProtocolRecord sample_protocol(int lines, int municipal) {
    core::SigningRecord like = sample_record(1, municipal);
    core::ProtocolRecord record;
    record.number = "STR26-A-PROTOKOLL";
    record.ceremony_id = like.ceremony_id;
    record.ceremony_code = like.ceremony_code;
    record.ceremony_title = like.ceremony_title;
    record.ceremony_place = like.ceremony_place;
    record.officiant = "Anna-Karin Wåhlstrand";
    record.ceremony_date = like.ceremony_date;
    record.municipality_name = like.municipality_name;
    record.municipality_number = like.municipality_number;
    record.agreement_title = like.agreement_title;
    record.agreement_version = like.agreement_version;
    record.agreement_digest = like.agreement_digest;
    constexpr const char* organisations[] = {
        "Strandköpings Idrottsförening",
        "Nätverket Språkkafé på Söder",
        "Röda Korsets krets i Strandköping",
        "Stiftelsen Skärgårdsbåten",
        "Föreningen för Naturens, Kulturmiljöns och Skärgårdens Bevarande i Strandköping med omnejd",
        "Kvinnojouren Märta"};
    for (int i = 0; i < lines; ++i) {
        core::ProtocolLine line;
        line.certificate_number = core::certificate_number("STR26", 'A', i + 1);
        line.organisation = organisations[i % 6];
        line.signing =
            core::SigningId::parse("019aa700-0000-7000-8000-00000000" + std::to_string(1000 + i)).value();
        line.record_sha256 = core::to_hex(core::sha256(core::as_bytes(line.certificate_number)));
        line.certificate_sha256 = core::to_hex(core::sha256(core::as_bytes(line.record_sha256)));
        line.declared_at_ms = now_ms - (lines - i) * 240'000;
        line.on_paper = i % 7 == 1;
        if (i % 9 == 4) line.voided = true, line.void_reason = "fel namn på firmatecknaren";
        record.lines.push_back(line);
    }
    record.log_key = core::to_hex(core::sha256(core::as_bytes("log key")));
    record.checkpoint = "strandkoping.example/logg/a\n" + std::to_string(lines * 2 + 1) +
                        "\nqN7iWHDd1kqCdyQ9L4RX0hyy5IhFZOXIj3ohX8J9vTo=\n\n"
                        "\xE2\x80\x94 strandkoping.example/logg/a Gq4fWbvzN0Q0pIUJ4Rk2m7dWZQ5zFkHj1m9f3v8s\n";
    record.municipal = like.municipal;
    record.opened_at = {now_ms - 7'200'000, 1'000, "00000000-0000-4000-8000-000000000000"};
    record.declared_at = like.declared_at;
    record.device = like.device;
    record.epoch = 1;
    return record;
}

Workshop::Workshop()
    : fonts_(must(core::Fonts::load())),
      words_(must(core::Words::load(HANDSLAG_BINARY_DIR "/share/locale", "sv"))),
      finnish_(must(core::Words::load(HANDSLAG_BINARY_DIR "/share/locale", "fi"))),
      english_(must(core::Words::load(HANDSLAG_BINARY_DIR "/share/locale", "en"))),
      arms_(must(core::vector_arms(HANDSLAG_SOURCE_DIR "/assets/demo/municipality/arms.svg"))) {}

const Workshop& workshop() {
    static const Workshop one;
    return one;
}

core::CertificateContext Workshop::context(std::string_view also) const {
    core::CertificateContext context;
    context.words = &words_;
    context.also_words = also == "fi" ? &finnish_ : also == "en" ? &english_ : nullptr;
    context.fonts = &fonts_;
    context.register_url = "https://strandkoping.example/overenskommelse";
    context.contact = {"Anna-Karin Wåhlstrand", "samordnare", "civilsamhalle@strandkoping.example",
                       "0123-45 67 89"};
    context.ca_fingerprint = core::to_hex(core::sha256(core::as_bytes("utfärdare")));
    context.has_arms = true;
    return context;
}

core::MakeInput Workshop::input(const core::Document& document, const std::string& record) const {
    core::MakeInput input;
    input.document = &document;
    input.fonts = &fonts_;
    input.arms = &arms_;
    input.record_name = "signing-record.json";
    input.record = record;
    input.record_description = "Uppgifterna i maskinläsbar form";
    input.seal_name = "Strandköpings kommun, surfplatta A";
    input.seal_reason = "Förseglat vid ceremonin";
    input.seal_location = "Strandköping";
    input.seal_description = "Kommunens elektroniska stämpel";
    input.claimed_at_ms = now_ms;
    return input;
}

core::Result<core::Made> Workshop::make(const core::SigningRecord& record, const core::SealKey& key,
                                        std::string_view also) const {
    TRY_ASSIGN(core::Document document, core::lay_out_certificate(record, context(also)));
    return core::make_certificate(input(document, core::encode(record)), key);
}

core::Bytes Workshop::seal_unchecked(const core::SigningRecord& shown, const std::string& embedded,
                                     const core::SealKey& key, std::int64_t claimed_at_ms) const {
    core::Document document = must(core::lay_out_certificate(shown, context()));
    core::MakeInput with = input(document, embedded);
    with.claimed_at_ms = claimed_at_ms;
    core::Drawn drawn = must(core::draw(document, fonts_, &arms_));
    return must(core::seal(must(core::add_structure(drawn, with)), key));
}

core::Result<core::Made> Workshop::make(const core::ProtocolRecord& record, const core::SealKey& key) const {
    TRY_ASSIGN(core::Document document, core::lay_out_protocol(record, context()));
    core::MakeInput with = input(document, core::encode(record));
    with.record_name = "ceremony-protocol.json";
    return core::make_certificate(with, key);
}

}  // namespace test
