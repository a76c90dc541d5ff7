// The link is cut: at every byte of a small sync, and every so often in a large one. It always finishes, sends
// little twice, and leaves what an uncut sync leaves. A sample; every byte with HANDSLAG_FULL=1.
#include <cstdio>
#include <cstdlib>

#include "tests/breaking/restored_server.h"
#include "tests/support/temporary_folder.h"

using namespace breaking;
using client::Outcome;
using test::Cut;

namespace {

bool full() { return std::getenv("HANDSLAG_FULL") != nullptr; }

const client::Patience tireless(6, 0);

struct Town {
    explicit Town(const std::vector<Append>& entries)
        : server(place.path() / "server"), tablet(place.path() / "tablet", entries, server, proxy) {
        server.keep();
    }
    // A sync from the beginning over such a link.
    client::SyncReport sync(std::optional<Cut> cut) {
        server.restore();
        tablet.restore();
        proxy.lead_to(server.start(), cut);
        auto report = tablet.sync(tireless);
        server.stop();
        return report;
    }
    // What is left when it has finished.
    Ending ending() {
        CHECK(tablet.store().unsent().value() == 0);
        return server.ending(tablet.name());
    }

    TemporaryFolder place{fast_place()};
    test::CuttingProxy proxy;
    RestoredServer server;
    RestoredTablet tablet;
};

std::vector<Append> signings(int count, std::size_t certificate_size) {
    std::vector<Append> all;
    for (int i = 1; i <= count; ++i) {
        all.push_back(test::signing(i, "Föreningen nummer " + std::to_string(i)));
        all.back().entry.payloads["certificate"] = random_bytes(certificate_size);
    }
    return all;
}

const char* name_of(Cut::Way way) {
    return way == Cut::Way::up ? "up" : way == Cut::Way::down ? "down" : "both";
}
const char* name_of(Cut::How how) { return how == Cut::How::fin ? "FIN" : "RST"; }

}  // namespace

TEST_CASE("a small sync whose link is cut at any byte finishes and leaves what an uncut one leaves") {
    Town town(signings(2, 1'500));
    REQUIRE(town.sync({}).outcome == Outcome::done);
    const auto uncut = town.ending();
    const auto bytes = town.proxy.passed();
    std::printf(
        "\nA small sync, %llu bytes up and %llu down, cut once\n  way   how   cuts at    finished  most up\n",
        static_cast<unsigned long long>(bytes.up), static_cast<unsigned long long>(bytes.down));
    for (auto way : {Cut::Way::up, Cut::Way::down})
        for (auto how : {Cut::How::fin, Cut::How::rst}) {
            auto end = way == Cut::Way::up ? bytes.up : bytes.down;
            auto step = full() ? 1 : end / 23;
            std::uint64_t cuts = 0, finished = 0, most_up = 0;
            // Where in each step: another place for each way to cut.
            for (auto at = full() ? 0 : (how == Cut::How::rst) * step / 2; at < end; at += step) {
                INFO(std::string(name_of(way)) << " " << std::string(name_of(how)) << " after " << at);
                auto report = town.sync(Cut{way, how, at, false});
                auto passed = town.proxy.passed();
                cuts += passed.cuts;
                // TLS and JSON numbers vary by some bytes from sync to sync: the last few may be past the end.
                CHECK((passed.cuts == 1 || at + 64 > end));
                CHECK_MESSAGE(report.outcome == Outcome::done, report.detail);
                finished += report.outcome == Outcome::done;
                most_up = std::max(most_up, passed.up);
                REQUIRE(town.ending() == uncut);
            }
            std::printf("  %-5s %s  %8llu  %8llu  %8llu\n", name_of(way), name_of(how),
                        static_cast<unsigned long long>(cuts), static_cast<unsigned long long>(finished),
                        static_cast<unsigned long long>(most_up));
        }
}

TEST_CASE("a large sync over a link that is cut again and again finishes, and sends little twice") {
    constexpr std::uint64_t kib = 1'024, mib = 1'024 * kib;
    struct Size {
        std::uint64_t every;
        int records;  // of 60 KB
    };
    const int many = full() ? 400 : 100;
    const std::vector<Size> sizes{
        {4 * kib, full() ? 20 : 1},     {8 * kib, full() ? 20 : 2}, {16 * kib, full() ? 60 : 5},
        {64 * kib, full() ? 200 : 30},  {256 * kib, many},          {1 * mib, many},
        {5 * mib, full() ? 1'000 : 100}};
    std::printf(
        "\nA large sync, whose link is cut each time that it has carried so many bytes up\n"
        "  every    how    payload    cuts     up/payload  (up+down)/payload\n");
    for (auto [every, records] : sizes) {
        Town town(signings(records, 60'000));
        auto whole = town.sync({});
        REQUIRE(whole.outcome == Outcome::done);
        const auto uncut = town.ending();
        const auto payload = whole.progress.parcel_bytes;
        for (auto how : {Cut::How::fin, Cut::How::rst}) {
            INFO(std::string(name_of(how)) << " every " << every);
            auto report = town.sync(Cut{Cut::Way::up, how, every, true});
            auto passed = town.proxy.passed();
            double up = static_cast<double>(passed.up) / static_cast<double>(payload),
                   all = static_cast<double>(passed.all()) / static_cast<double>(payload);
            std::printf("  %4llu K   %s  %9llu  %6llu        %6.4f       %6.4f\n",
                        static_cast<unsigned long long>(every / kib), name_of(how),
                        static_cast<unsigned long long>(payload),
                        static_cast<unsigned long long>(passed.cuts), up, all);
            CHECK_MESSAGE(report.outcome == Outcome::done, report.detail);
            CHECK(passed.cuts >= payload / every / 2);
            if (every >= 64 * kib) CHECK(up <= 1.1);
            CHECK(town.ending() == uncut);
        }
    }
}
