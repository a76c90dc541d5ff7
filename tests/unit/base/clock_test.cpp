#include "core/base/clock.h"

#include <doctest/doctest.h>

using namespace core;

TEST_CASE("a clock was moved by what it shows beyond the time since") {
    FakeClock clock(1'000'000);
    auto before = clock.now();
    clock.advance(60'000);
    CHECK(moved_ms(before, clock.now()) == 0);
    clock.set_wall(clock.wall_ms() - 7'000);
    CHECK(moved_ms(before, clock.now()) == -7'000);
    clock.restart("another boot");
    CHECK_FALSE(moved_ms(before, clock.now()));
}

TEST_CASE("only dates that exist are dates") {
    CHECK(parse_iso_date("2026-11-21") == Date{2026, 11, 21});
    CHECK(parse_iso_date("2024-02-29") == Date{2024, 2, 29});
    for (auto wrong :
         {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-11-21", "2026/11/21", "2026-11-2x", ""})
        CHECK(parse_iso_date(wrong).empty());
    CHECK(Date{2026, 3, 7}.iso() == "2026-03-07");
}

TEST_CASE("Swedish time turns at one o'clock UTC on the last Sundays of March and October") {
    auto utc = [](const char* date, int h, int m, int s) {
        auto local = LocalTime{parse_iso_date(date), h, m, s};
        return from_swedish_time(local) + 3'600'000;  // valid for winter dates only
    };
    auto winter = to_swedish_time(utc("2026-11-21", 12, 0, 0));
    CHECK(winter.date == Date{2026, 11, 21});
    CHECK(winter.hour == 13);
    // 2026-03-29 00:59:59 UTC and one second later.
    constexpr std::int64_t spring = 1'774'746'000'000;
    CHECK(to_swedish_time(spring - 1000).hour == 1);
    CHECK(to_swedish_time(spring).hour == 3);
    // 2026-10-25 00:59:59 UTC and one second later: the hour repeats.
    constexpr std::int64_t autumn = 1'792'890'000'000;
    CHECK(to_swedish_time(autumn - 1000).hour == 2);
    CHECK(to_swedish_time(autumn).hour == 2);
    CHECK(from_swedish_time(to_swedish_time(autumn)) == autumn - 3'600'000);  // the earlier of two
}

TEST_CASE("local time and back is the same moment through a whole year") {
    for (std::int64_t ms = 1'767'225'600'000; ms < 1'767'225'600'000 + 366LL * 86'400'000; ms += 7'211'000) {
        auto local = to_swedish_time(ms);
        auto back = from_swedish_time(local);
        CHECK((back == ms || back == ms - 3'600'000));
    }
}

TEST_CASE("the system's clock knows its boot, and monotonic time does not fall") {
    SystemClock clock;
    auto first = clock.now();
    auto second = clock.now();
    CHECK(first.boot_id.size() == 36);
    CHECK(second.boot_id == first.boot_id);
    CHECK(second.monotonic_ms >= first.monotonic_ms);
    CHECK(first.wall_ms > 1'700'000'000'000);
}
