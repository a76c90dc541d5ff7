// The disk fails in every way at every operation of one signing; then the power goes. What comes back is the
// old store or the new one, and confirming again gives exactly one certificate.
#include <doctest/doctest.h>

#include "tests/support/demo_ceremony.h"
#include "tests/support/fault_vfs.h"

using namespace core;
using test::Fault;

namespace {

const char* name_of(Fault fault) {
    switch (fault) {
        case Fault::one_error:
            return "one error";
        case Fault::dead_disk:
            return "dead disk";
        case Fault::full_disk:
            return "full disk";
        case Fault::power_cut:
            return "power cut";
        default:
            return "";
    }
}

// False when the signing was over before its n-th operation.
bool fail_at(test::FaultDisk& disk, demo::Tablet& tablet, const test::FaultDisk::Files& before, Fault fault,
             int n) {
    INFO(name_of(fault) << " at operation " << n);
    disk.load(before);
    REQUIRE(tablet.reopen().ok());
    auto size = tablet.store->size();
    auto input = tablet.input();
    input.draft = "waiting";
    disk.fail_at(n, fault);
    auto done = complete_signing(tablet.desk(), input);
    bool came = disk.fired();
    bool acknowledged = done.ok();
    auto first = acknowledged ? done->record.certificate_number : std::string();
    if (came && fault == Fault::full_disk && !acknowledged) CHECK(done.error().code == Errc::disk_full);

    tablet.store.reset();
    disk.power_up(static_cast<std::uint32_t>(n));
    auto opened = tablet.reopen();
    REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().detail));
    auto rows = tablet.store->signings().value();
    bool is_there = rows.size() == 1;
    CHECK(tablet.store->size() == size + (is_there ? 1 : 0));
    CHECK(tablet.store->counter().value() == (is_there ? 1 : 0));
    CHECK(tablet.store->drafts()->size() == (is_there ? 0 : 1));
    if (acknowledged) CHECK(is_there);
    auto audit = tablet.store->audit().value();
    for (const auto& finding : audit.findings) FAIL_CHECK(finding.what);

    auto again = complete_signing(tablet.desk(), input);  // the same touch, once more
    REQUIRE(again.ok());
    if (acknowledged) CHECK(again->record.certificate_number == first);
    CHECK(tablet.store->signings()->size() == 1);
    CHECK(tablet.store->counter().value() == 1);
    tablet.store.reset();
    return came;
}

}  // namespace

TEST_CASE("whatever the disk does in the middle of a signing, there is no signing or a whole one") {
    TemporaryFolder folder;
    test::FaultDisk disk;
    demo::Tablet tablet(folder / "tablet");
    REQUIRE(open_ceremony(tablet.desk()).ok());
    REQUIRE(tablet.store->save_draft("waiting", as_bytes("halfway")).ok());
    tablet.store.reset();
    auto before = disk.files();
    for (auto fault : {Fault::one_error, Fault::dead_disk, Fault::full_disk, Fault::power_cut}) {
        int n = 1;
        while (fail_at(disk, tablet, before, fault, n)) ++n;
        CHECK_MESSAGE(n > 3, name_of(fault));  // the disk was used at all
    }
}
