// With HANDSLAG_SAMPLES=DIR: certificates of every shape into DIR, for tests/certificates.sh and for the eye.
#include <cstdlib>
#include <fstream>

#include <doctest/doctest.h>

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
    keep("demonstration-network.pdf", shop.make(informal_network(), demonstration_key));
    keep("protocol-0.pdf", shop.make(test::sample_protocol(0), key));
    keep("protocol-14.pdf", shop.make(test::sample_protocol(14, 2), key));
    keep("protocol-100.pdf", shop.make(test::sample_protocol(100, 3), key));
    if (folder != nullptr)
        std::ofstream(std::string(folder) + "/ca.pem") << pki.root_pem() << demonstration.root_pem();
}
