#include "core/signing.h"

#include <doctest/doctest.h>

#include "core/base/file.h"
#include "tests/support/demo_ceremony.h"

using namespace core;

namespace {

struct Opened {
    TemporaryFolder folder;
    demo::Tablet tablet{folder / "tablet"};
    Opened() { REQUIRE(open_ceremony(tablet.desk()).ok()); }
};

std::string why(const Error& error) { return std::string(to_string(error.code)) + ": " + error.detail; }

}  // namespace

TEST_CASE("a signing becomes a sealed certificate that verifies against the CA") {
    Opened at;
    auto input = at.tablet.input();
    auto done = complete_signing(at.tablet.desk(), input);
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : why(done.error())));
    CHECK(is_certificate_number(done->record.certificate_number));
    CHECK(done->record.certificate_number.starts_with("STR26-A0001-"));
    CHECK(done->record.demonstration);
    auto report = verify_certificate(done->pdf, demo::authority().ca.root_pem(), at.tablet.clock.wall_ms());
    REQUIRE(report.ok());
    CHECK(report->verdict == Verdict::valid);
    CHECK(report->demonstration);
    CHECK(report->record == encode(done->record));
    auto kept = at.tablet.store->payload(done->seq, "certificate");
    REQUIRE(kept.ok());
    CHECK(*kept == done->pdf);
    CHECK(at.tablet.store->counter().value() == 1);
    CHECK(at.tablet.store->audit()->ok());
}
