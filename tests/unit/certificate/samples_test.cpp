// With HANDSLAG_SAMPLES=DIR: certificates of every shape into DIR, for tests/certificates.sh and for the eye.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "core/certificate/ca.h"
#include "tests/support/certificate_samples.h"

namespace {

core::SigningRecord with_long_names() {
    core::SigningRecord record = test::sample_record(2, 2);
    record.organisation.name =
        "Föreningen för Naturens, Kulturmiljöns och Skärgårdens Bevarande i Strandköping och Östra "
        "Ångermanälvens Dalgångar m.m.";
    record.representatives[0].representative.name =
        "Anna-Karin Margareta Wilhelmina Łukasiewicz-Öberg af Strandköping och Ånäset, född Černý-Šimková";
    record.representatives[1].representative.role =
        "adjungerad vice ordförande i valberedningen och sammankallande för miljögruppen";
    record.agreement_title =
        "Länsöverenskommelsen om samverkan mellan den idéburna sektorn och det offentliga i Västernorrlands "
        "län, antagen 2014";
    record.replaces = core::certificate_number("STR26", 'A', 3);
    return record;
}

core::SigningRecord informal_network() {
    core::SigningRecord record = test::sample_record(1, 0);
    record.organisation = {};
    record.organisation.name = "Nätverket Språkkafé på Söder";
    record.organisation.form = core::OrganisationForm::natverk;
    record.decision.body = "Nätverksträffen";
    record.demonstration = true;
    record.clock_confirmed_by_host = false;
    auto& signature = record.representatives[0].signature;
    signature.kind = core::Signature::Kind::typed_witnessed;
    signature.ink = {};
    signature.typed_name = "Åsa Öberg";
    signature.witness = "ceremonivärd";
    return record;
}

core::SigningRecord on_paper() {
    core::SigningRecord record = test::sample_record(2, 1);
    core::Signature signature;
    signature.kind = core::Signature::Kind::on_paper;
    signature.signed_at_ms = core::from_swedish_time({record.ceremony_date, 0, 0, 0});
    for (auto& one : record.representatives) one.signature = signature;
    for (auto& one : record.municipal) one.signature = signature;
    return record;
}

struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / "handslag-samples-ca";
    Folder() { std::filesystem::remove_all(path); }
    ~Folder() { std::filesystem::remove_all(path); }
};

// A seal key as a tablet has it: asked for, and issued by the municipal CA. Gives back the root, too.
std::pair<core::SealKey, std::string> issued_by_the_municipal_ca() {
    Folder folder;
    std::int64_t before = test::now_ms - test::day_ms;
    auto ca = core::MunicipalCa::create(folder.path, {"Strandköpings kommun", "212000-0142"},
                                        "en lång hemlig mening", before);
    if (!ca.ok()) FAIL(ca.error().detail);
    auto request = core::make_key_and_request("surfplatta A", "ännu en hemlighet");
    if (!request.ok()) FAIL(request.error().detail);
    auto issued = ca->issue(request->request_pem, core::IssueKind::seal, "surfplatta A", 2, before);
    if (!issued.ok()) FAIL(issued.error().detail);
    return {test::load({request->key_pem, issued->certificate_pem, issued->chain_pem}, "ännu en hemlighet"),
            ca->root_pem()};
}

}  // namespace

TEST_CASE("certificates of every shape are made") {
    test::Pki pki, demonstration("Strandköpings kommun", true);
    core::SealKey key = test::load(pki.issue()), demonstration_key = test::load(demonstration.issue());
    const char* folder = std::getenv("HANDSLAG_SAMPLES");
    auto keep = [&](const char* name, const core::Result<core::Made>& made) {
        INFO(name << (made.ok() ? "" : ": " + made.error().detail));
        REQUIRE(made.ok());
        CHECK(made->pdf.size() > 50'000);
        if (folder != nullptr)
            std::ofstream(std::string(folder) + "/" + name, std::ios::binary) << core::as_text(made->pdf);
    };
    const test::Workshop& shop = test::workshop();
    for (int people = 1; people <= 6; ++people)
        for (int rulers : {0, 1, 3})
            if (people != 5 || rulers == 0)
                keep(
                    ("certificate-" + std::to_string(people) + "-" + std::to_string(rulers) + ".pdf").c_str(),
                    shop.make(test::sample_record(people, rulers), key));
    keep("certificate-long-names.pdf", shop.make(with_long_names(), key));
    keep("certificate-fi-1-1.pdf", shop.make(test::sample_record(), key, "fi"));
    keep("certificate-fi-4-1.pdf", shop.make(test::sample_record(4, 1), key, "fi"));
    keep("certificate-en-2-2.pdf", shop.make(test::sample_record(2, 2), key, "en"));
    keep("certificate-fi-long-names.pdf", shop.make(with_long_names(), key, "fi"));
    keep("demonstration-network-en.pdf", shop.make(informal_network(), demonstration_key, "en"));
    keep("demonstration-network.pdf", shop.make(informal_network(), demonstration_key));
    keep("certificate-on-paper.pdf", shop.make(on_paper(), key));
    keep("certificate-on-paper-fi.pdf", shop.make(on_paper(), key, "fi"));
    keep("protocol-0.pdf", shop.make(test::sample_protocol(0), key));
    keep("protocol-14.pdf", shop.make(test::sample_protocol(14, 2), key));
    keep("protocol-100.pdf", shop.make(test::sample_protocol(100, 3), key));
    auto [municipal_key, municipal_root] = issued_by_the_municipal_ca();
    keep("municipal-ca.pdf", shop.make(test::sample_record(), municipal_key));
    if (folder != nullptr)
        std::ofstream(std::string(folder) + "/ca.pem")
            << pki.root_pem() << demonstration.root_pem() << municipal_root;
}
