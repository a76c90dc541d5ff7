// Demo ceremony: a ceremony as a value, a demonstration CA, a keyring and a store, ready to sign.
//
// The CA is made once a program: stretching its passphrase is slow by design.
#pragma once

#include <fstream>
#include <memory>

#include "core/certificate/ca.h"
#include "core/certificate/keyring.h"
#include "core/signing.h"
#include "tests/support/temporary_folder.h"

namespace demo {

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
constexpr std::string_view secret = "mossa granit kajak";

inline std::int64_t ceremony_time() { return core::from_swedish_time({{2026, 11, 21}, 14, 5, 0}); }

// A scrawl that counts as a signature, with time and pressure.
inline core::Ink scrawl(int seed = 0) {
    core::Ink ink{120'000, 44'000, {}};
    core::Stroke stroke;
    for (int i = 0; i < 60; ++i) {
        int wave = (i * 7 + seed) % 12;
        stroke.points.push_back({15'000 + i * 1'500,
                                 12'000 + (wave > 6 ? 12 - wave : wave) * 3'000 + (i % 3) * 400, i * 9,
                                 300 + i % 400});
    }
    ink.strokes.push_back(std::move(stroke));
    return ink;
}

inline core::Signature drawn(int seed = 0, std::int64_t at_ms = ceremony_time()) {
    core::Signature signature;
    signature.ink = scrawl(seed);
    signature.signed_at_ms = at_ms;
    return signature;
}

inline core::Ceremony ceremony() {
    core::Ceremony ceremony;
    ceremony.id = *core::CeremonyId::parse("019aa6d0-2c00-7c01-a5d1-636572656d6f");
    ceremony.code = "STR26";
    ceremony.title = "Vi skriver under tillsammans";
    ceremony.place = "Stadshuset, Strandköping";
    ceremony.officiant = "Karin Lindqvist";
    ceremony.date = {2026, 11, 21};
    ceremony.signatories = {{"Karin Lindqvist", "kommunstyrelsens ordförande"}};
    ceremony.languages = {"sv"};
    auto& municipality = ceremony.municipality;
    municipality.name = "Strandköpings kommun";
    municipality.short_name = "Strandköping";
    municipality.kind = "kommun";
    municipality.organisationsnummer = "2120000142";
    municipality.place = "Strandköping";
    municipality.contact = {"Anna Ek", "samordnare", "anna.ek@strandkoping.example", "0611-12 34 56"};
    municipality.register_url = "https://strandkoping.example/overenskommelse";
    auto& agreement = ceremony.agreement;
    agreement.id = *core::AgreementId::parse("019aa6d0-2c00-7c01-a5d1-617661747461");
    agreement.version = "1.0";
    agreement.kind = "överenskommelse";
    agreement.adoption = {"Kommunfullmäktige", "§ 23", {2026, 4, 28}};
    agreement.networks_may_sign = true;
    agreement.criteria = {{"demokrati", core::Strength::must}, {"lokal", core::Strength::should}};
    agreement.original_language = "sv";
    core::Text text;
    text.language = "sv";
    text.title = "Överenskommelsen i Strandköping";
    agreement.texts = {text};
    agreement.digest = core::AgreementDigest::of(core::as_bytes("avtal"));
    ceremony.digest = core::sha256(core::as_bytes("ceremoni"));
    return ceremony;
}

struct Authority {
    TemporaryFolder folder;
    core::MunicipalCa ca;
    core::KeyAndRequest bundle_key;
    core::Issued bundle;

    static core::MunicipalCa create(const std::filesystem::path& dir) {
        core::CaSpec spec;
        spec.municipality = "Strandköpings kommun";
        spec.organisationsnummer = "212000-0142";
        spec.demonstration = true;
        return core::MunicipalCa::create(dir, spec, secret, ceremony_time() - 30 * day_ms).value();
    }
    Authority()
        : ca(create(folder / "ca")),
          bundle_key(core::make_key_and_request("arkivpaket", secret).value()),
          bundle(ca.issue(bundle_key.request_pem, core::IssueKind::bundle, "arkivpaket", 2,
                          ceremony_time() - 30 * day_ms)
                     .value()) {}
};
inline Authority& authority() {
    static Authority one;
    return one;
}

struct Warm {  // read once
    core::Fonts fonts = core::Fonts::load().value();
    core::Words words =
        core::Words::load(std::filesystem::path(HANDSLAG_BINARY_DIR) / "share" / "locale", "sv").value();
};
inline Warm& warm() {
    static Warm one;
    return one;
}

// One tablet in a folder of its own.
class Tablet {
  public:
    explicit Tablet(const std::filesystem::path& dir, char letter = 'A') : dir_(dir), letter_(letter) {
        auto words = dir / "words.txt";
        std::filesystem::create_directories(dir);
        std::ofstream(words) << [] {
            std::string all;
            for (int i = 0; i < 2048; ++i) all += "ord" + std::to_string(i) + "\n";
            return all;
        }();
        auto created = core::Keyring::create(dir / "keys", words, std::string("Surfplatta ") + letter,
                                             ceremony_time() - day_ms, 10)
                           .value();
        passphrase = created.secrets.passphrase;
        keyring = std::make_unique<core::Keyring>(std::move(created.keyring));
        auto issued = authority().ca.issue(keyring->seal_request_pem(), core::IssueKind::seal,
                                           std::string("surfplatta ") + letter, 2, ceremony_time() - day_ms);
        CHECK_THAT(keyring->install_seal_certificate(issued.value().chain_pem).ok());
        seal_key = std::make_unique<core::SealKey>(keyring->seal_key().value());
        ceremony.municipality.bundle_certificate_pem = authority().bundle.certificate_pem;
        CHECK_THAT(reopen().ok());
    }

    core::Status reopen() {
        store.reset();
        auto log_key = keyring->log_key().value();
        core::StoreIdentity identity{keyring->device(), keyring->epoch(), log_key.public_key()};
        auto opened = core::Store::open(dir_ / "store", identity, keyring->payload_key(), std::move(log_key));
        if (!opened.ok()) return opened.error();
        store = std::make_unique<core::Store>(std::move(*opened));
        return {};
    }

    core::SigningDesk desk() {
        core::SigningDesk desk;
        desk.ceremony = &ceremony;
        desk.fonts = &warm().fonts;
        desk.words = &warm().words;
        desk.seal_key = seal_key.get();
        desk.clock = &clock;
        desk.store = store.get();
        desk.device = keyring->device();
        desk.epoch = keyring->epoch();
        desk.tablet_letter = letter_;
        desk.clock_confirmed = true;
        desk.stick = stick;
        return desk;
    }

    core::SigningInput input(std::string organisation = "Bygdegården Åsö", std::string person = "Åsa Öberg") {
        core::SigningInput input;
        input.id = core::SigningId::make(clock.wall_ms());
        input.organisation.name = std::move(organisation);
        input.organisation.number = core::Organisationsnummer::parse("802481-1237").value;
        input.organisation.place = "Strandköping";
        input.decision = {"Styrelsen", {2026, 10, 3}};
        input.criteria = {{"demokrati", core::Strength::must, true},
                          {"lokal", core::Strength::should, false}};
        input.representatives = {{{std::move(person), "ordförande", core::Authority::alone}, drawn(1)}};
        input.municipal = {{ceremony.signatories[0], drawn(5)}};
        input.private_payload.contact = {"Åsa Öberg", "asa@bygd.example", "070-123 45 67"};
        input.private_payload.language = "sv";
        return input;
    }

    core::Ceremony ceremony = demo::ceremony();
    core::FakeClock clock{ceremony_time()};
    std::string passphrase;
    std::unique_ptr<core::Keyring> keyring;
    std::unique_ptr<core::SealKey> seal_key;
    std::unique_ptr<core::Store> store;
    std::filesystem::path stick;

  private:
    std::filesystem::path dir_;
    char letter_;
};

}  // namespace demo
