// The tablet's battery and disk, read from folders as the kernel lays them out.
#include "kiosk/health.h"

#include <fstream>

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.h"

namespace {

struct Power {
    TemporaryFolder folder;
    void add(const std::string& name, const std::string& type, const std::string& capacity,
             const std::string& status, const std::string& scope = "") {
        std::filesystem::create_directories(folder / name);
        auto write = [&](const char* file, const std::string& text) {
            if (!text.empty()) std::ofstream(folder / name / file) << text << "\n";
        };
        write("type", type), write("capacity", capacity), write("status", status), write("scope", scope);
    }
    kiosk::Health read() const { return kiosk::read_health(folder.path(), folder.path()); }
};

}  // namespace

TEST_CASE("the weakest battery counts, a pen's does not, and a tablet without one says nothing of it") {
    Power power;
    power.add("AC", "Mains", "", "");
    CHECK_FALSE(power.read().battery_percent);
    power.add("wacom_0", "Battery", "3", "Discharging", "Device");
    CHECK_FALSE(power.read().battery_percent);
    power.add("BAT0", "Battery", "81", "Charging");
    CHECK(power.read().battery_percent == 81);
    CHECK_FALSE(power.read().discharging);
    power.add("BAT1", "Battery", "17", "Discharging");
    CHECK(power.read().battery_percent == 17);
    CHECK(power.read().discharging);
    power.add("BAT2", "Battery", "101", "Discharging");  // nonsense is left out
    power.add("BAT3", "Battery", "hej", "Discharging");
    CHECK(power.read().battery_percent == 17);
}

TEST_CASE("free space is that of the store's disk, and nothing where there is no such folder") {
    Power power;
    REQUIRE(power.read().free_bytes);
    CHECK(*power.read().free_bytes > 0);
    CHECK_FALSE(kiosk::read_health("/nowhere/at/all", power.folder.path()).free_bytes);
}

TEST_CASE(
    "the clock fits, lies behind, or was moved since the last entry; after a restart only behind shows") {
    using kiosk::Health;
    core::FakeClock clock(1'800'000'000'000);
    auto last = clock.now();
    CHECK(kiosk::clock_against(last, last) == Health::Clock::fits);
    clock.advance(3'600'000);
    clock.set_wall(clock.wall_ms() + core::clock_tolerance_ms);
    CHECK(kiosk::clock_against(last, clock.now()) == Health::Clock::fits);
    clock.set_wall(clock.wall_ms() + 1);
    CHECK(kiosk::clock_against(last, clock.now()) == Health::Clock::moved);
    clock.restart("another boot");
    CHECK(kiosk::clock_against(last, clock.now()) == Health::Clock::fits);
    clock.set_wall(last.wall_ms - 1);
    CHECK(kiosk::clock_against(last, clock.now()) == Health::Clock::behind);
}
