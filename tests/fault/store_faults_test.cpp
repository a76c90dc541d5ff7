// Every point of every change to the store fails in turn, in every way that a disk can; then the power goes.
// After the store is opened again: what was acknowledged is there, what was not is there whole or not at all,
// and the audit is clean.
#include <functional>

#include <doctest/doctest.h>

#include "tests/support/fault_vfs.h"
#include "tests/support/signing_fixture.h"

using namespace core;
using test::Fault;
using test::open_store;

namespace {

const std::filesystem::path& nowhere() {
    static const test::Folder folder;  // exists for real; the database in it does not
    return folder.path();
}

struct Scenario {
    std::function<Status(Store&)> act;
    std::function<bool(Store&)> is_old, is_new;  // judged by content
};

// Two signings, the first one voided; a draft.
test::FaultDisk::Files base(test::FaultDisk& disk) {
    disk.load({});
    {
        auto store = open_store(nowhere()).value();
        REQUIRE(store.append(test::signing(1)).ok());
        REQUIRE(store.append(test::signing(2)).ok());
        REQUIRE(store.append(test::voiding(0, "fel namn")).ok());
        REQUIRE(store.save_draft("draft", as_bytes("waiting")).ok());
    }
    return disk.files();
}

bool holds_note(Store& store, std::uint64_t seq, std::string_view text) {
    auto payload = store.payload(seq, "text");
    return payload.ok() && as_text(*payload) == text;
}

void check_clean(Store& store) {
    auto report = store.audit();
    REQUIRE(report.ok());
    for (const auto& finding : report->findings) FAIL_CHECK(finding.what);
    auto views = store.views_digest().value();
    REQUIRE(store.rebuild_views().ok());
    CHECK(store.views_digest().value() == views);
}

// One fault at the n-th operation of the act. False when the act was over before it came.
bool fault_at(test::FaultDisk& disk, const test::FaultDisk::Files& files, const Scenario& scenario,
              Fault fault, int n, std::uint32_t seed) {
    INFO("fault " << static_cast<int>(fault) << " at operation " << n);
    disk.load(files);
    bool done = false, done_after = false;
    std::uint64_t after_seq = 0;
    {
        auto store = open_store(nowhere()).value();
        disk.fail_at(n, fault);
        auto status = scenario.act(store);
        done = status.ok();
        if (!disk.fired()) return false;
        if (!done) {
            auto code = status.error().code;
            CHECK_MESSAGE((code == Errc::not_writable || code == Errc::disk_full ||
                           code == Errc::not_readable || code == Errc::damaged),
                          status.error().detail);
            if (fault == Fault::full_disk) CHECK(code == Errc::disk_full);
        }
        // Usable again, or refusing in words; but what it says now counts.
        if (fault != Fault::power_cut) {
            disk.heal();
            auto after = store.append(test::note("afterwards"));
            done_after = after.ok();
            if (done_after) after_seq = after->seq;
            if (fault == Fault::full_disk)
                CHECK_MESSAGE(done_after, "a disk with space again takes a signing again");
        }
    }
    disk.power_up(seed);
    auto reopened = open_store(nowhere());
    REQUIRE_MESSAGE(reopened.ok(), (reopened.ok() ? "" : reopened.error().detail));
    Store& store = *reopened;
    bool is_old = scenario.is_old(store), is_new = scenario.is_new(store);
    CHECK(is_old != is_new);
    if (done) CHECK(is_new);
    if (done_after) CHECK(holds_note(store, after_seq, "afterwards"));
    check_clean(store);
    CHECK(store.append(test::note("life goes on")).ok());
    return true;
}

int sweep(const Scenario& scenario) {
    test::FaultDisk disk;
    auto files = base(disk);
    int points = 0;
    for (Fault fault :
         {Fault::one_error, Fault::dead_disk, Fault::full_disk, Fault::power_cut, Fault::read_error}) {
        int n = 1;
        for (std::uint32_t seed = 20261121; fault_at(disk, files, scenario, fault, n, seed);) ++n, ++seed;
        points += n - 1;
    }
    return points;
}

std::string kind_of(Store& store, std::uint64_t seq) {
    auto entry = store.entry(seq);
    return entry.ok() ? entry->kind : "";
}

const Scenario signing{[](Store& store) -> Status {
                           auto what = test::signing(3, "Den tredje");
                           what.drop_draft = "draft";
                           TRY(store.append(what));
                           return {};
                       },
                       [](Store& store) {
                           return kind_of(store, 3) != "signing" && store.counter().value() == 2 &&
                                  store.drafts()->size() == 1 && store.signings()->size() == 2;
                       },
                       [](Store& store) {
                           auto record = store.payload(3, "record");
                           return kind_of(store, 3) == "signing" && store.counter().value() == 3 &&
                                  store.drafts()->empty() && store.signings()->size() == 3 && record.ok() &&
                                  as_text(*record) == encode(test::record(3, "Den tredje")) &&
                                  store.payload(3, "certificate").value() == Bytes(3000, 3);
                       }};

const Scenario erasing{[](Store& store) -> Status {
                           TRY(store.erase(0, "KS 2027:4", test::now()));
                           return {};
                       },
                       [](Store& store) {
                           return kind_of(store, 3) != "erased" && store.payload(0, "record").ok() &&
                                  store.payload(2, "reason").ok() && !store.signings().value()[0].erased;
                       },
                       [](Store& store) {
                           return kind_of(store, 3) == "erased" &&
                                  store.payload(0, "record").error().code == Errc::not_found &&
                                  store.payload(2, "reason").error().code == Errc::not_found &&
                                  store.signings().value()[0].erased;
                       }};

const Scenario drafting{[](Store& store) { return store.save_draft("draft", Bytes(9000, 'n')); },
                        [](Store& store) { return as_text(store.drafts().value().at("draft")) == "waiting"; },
                        [](Store& store) { return store.drafts().value().at("draft") == Bytes(9000, 'n'); }};

}  // namespace

TEST_CASE("a fault at any point of a signing leaves it whole or not there") { CHECK(sweep(signing) > 50); }
TEST_CASE("a fault at any point of an erasure leaves it done or not begun") { CHECK(sweep(erasing) > 50); }
TEST_CASE("a fault at any point of saving a draft leaves the old one or the new one") {
    CHECK(sweep(drafting) > 10);
}

TEST_CASE("a fault at any point of making the store leaves one that can be made") {
    test::FaultDisk disk;
    int points = 0;
    for (Fault fault :
         {Fault::one_error, Fault::dead_disk, Fault::full_disk, Fault::power_cut, Fault::read_error})
        for (int n = 1;; ++n, ++points) {
            disk.load({});
            disk.fail_at(n, fault);
            bool made = open_store(nowhere()).ok();
            bool fired = disk.fired();
            disk.power_up(static_cast<std::uint32_t>(n));
            auto store = open_store(nowhere());
            REQUIRE_MESSAGE(store.ok(), (store.ok() ? "" : store.error().detail));
            CHECK(store->size() == 0);
            CHECK(store->append(test::note("first")).ok());
            check_clean(*store);
            if (!fired) {
                CHECK(made);
                break;
            }
        }
    CHECK(points > 50);
}

TEST_CASE("a power cut at any point of the recovery after a power cut loses nothing that was acknowledged") {
    test::FaultDisk disk;
    auto files = base(disk);
    int points = 0;
    for (int n = 1;; ++n, ++points) {
        disk.load(files);
        {
            auto store = open_store(nowhere()).value();
            REQUIRE(store.append(test::note("acknowledged")).ok());
            disk.fail_at(1, Fault::power_cut);
        }
        disk.power_up(static_cast<std::uint32_t>(n));
        disk.fail_at(n, Fault::power_cut);
        static_cast<void>(open_store(nowhere()).ok());
        bool fired = disk.fired();
        disk.power_up(static_cast<std::uint32_t>(1000 + n));
        auto store = open_store(nowhere()).value();
        CHECK(holds_note(store, 3, "acknowledged"));
        check_clean(store);
        if (!fired) break;
    }
    CHECK(points > 3);
}

TEST_CASE("after a sync that failed the store refuses, because a later sync proves nothing") {
    test::FaultDisk disk;
    disk.load(base(disk));
    int refused = 0;
    for (int n = 1; n < 200; ++n) {
        disk.load(base(disk));
        auto store = open_store(nowhere()).value();
        disk.fail_at(n, Fault::one_error);
        auto failed = store.append(test::note("fails"));
        if (!disk.fired()) break;
        if (failed.ok()) continue;
        auto next = store.append(test::note("next"));
        if (next.ok()) continue;
        ++refused;
        CHECK(next.error().code == Errc::not_writable);
        CHECK(store.save_draft("d", as_bytes("x")).error().code == Errc::not_writable);
        CHECK(store.payload(0, "record").ok());
    }
    CHECK(refused >= 1);
}

TEST_CASE("a folder that cannot be written and a full disk are told apart") {
    test::FaultDisk disk;
    disk.fail_at(1, Fault::dead_disk);
    CHECK(open_store(nowhere()).error().code == Errc::not_writable);
    disk.load({});
    disk.fail_at(2, Fault::full_disk);
    CHECK(open_store(nowhere()).error().code == Errc::disk_full);
}
