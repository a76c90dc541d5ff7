// A whole signing, small enough to read.
#pragma once

#include "core/model/signing_record.h"
#include "tests/support/store_fixture.h"

namespace test {

inline core::SigningRecord record(int counter, std::string organisation = "Föreningen Lövsångaren") {
    core::SigningRecord record;
    record.id.bytes = test::identity().device.bytes;
    record.id.bytes[15] = static_cast<std::uint8_t>(counter);
    record.id.bytes[14] ^= static_cast<std::uint8_t>(counter >> 8);
    record.certificate_number = core::certificate_number("TEST26", 'A', counter);
    record.ceremony_id.bytes = record.id.bytes;
    record.ceremony_code = "TEST26";
    record.ceremony_title = "Provceremoni";
    record.ceremony_place = "Folkets hus";
    record.ceremony_date = {2026, 11, 21};
    record.municipality_name = "Provkommunen";
    record.municipality_number = "2120000001";
    record.agreement_id.bytes = record.id.bytes;
    record.agreement_title = "Överenskommelsen";
    record.agreement_version = "1.0";
    record.adoption = {"Kommunfullmäktige", "§ 23", {2026, 9, 1}};
    record.organisation.name = std::move(organisation);
    record.organisation.place = "Stranden";
    record.decision = {"Styrelsen", {2026, 10, 2}};
    record.criteria = {{"democratic", core::Strength::must, true}};
    core::RepresentativeSignature signature;
    signature.representative.name = "Astrid Berg";
    signature.representative.role = "ordförande";
    signature.signature.kind = core::Signature::Kind::typed_witnessed;
    signature.signature.typed_name = "Astrid Berg";
    signature.signature.witness = "ceremonivärd";
    signature.signature.signed_at_ms = now().wall_ms;
    record.representatives = {signature};
    record.countersigning = core::Countersigning::closing;
    record.declared_at = now();
    record.clock_confirmed_by_host = true;
    record.device = identity().device;
    record.epoch = 1;
    record.demonstration = true;
    return record;
}

inline core::Append signing(int counter, std::string organisation = "Föreningen Lövsångaren") {
    core::Append what;
    what.entry.kind = "signing";
    what.entry.payloads["record"] = core::to_bytes(core::encode(record(counter, std::move(organisation))));
    what.entry.payloads["private"] = core::to_bytes("contact of " + std::to_string(counter));
    what.entry.payloads["certificate"] = core::Bytes(3000, static_cast<std::uint8_t>(counter));
    what.entry.at = now();
    what.counter = counter;
    return what;
}

inline core::Append voiding(std::uint64_t seq, std::string reason) {
    return {{"voided", {}, seq, std::move(reason), now()}, {}, {}};
}

}  // namespace test
