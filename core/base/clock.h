// Clock: what the device believes the time is, kept apart from how long it has been on.
//
// Wall time can jump (a person sets it, a battery dies); monotonic time cannot, but restarts with the boot.
// Evidence carries both, with the boot id, so that drift between them can be shown afterwards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace core {

struct ClockReading {
    std::int64_t wall_ms = 0;       // since 1970-01-01 UTC
    std::int64_t monotonic_ms = 0;  // since boot, suspend included (CLOCK_BOOTTIME)
    std::string boot_id;            // /proc/sys/kernel/random/boot_id
};

inline constexpr std::int64_t clock_tolerance_ms = 300'000;  // moved so far it was corrected, beyond it was set

// How far the wall clock was moved forward between two readings of one boot (negative: back); nothing of two boots,
// since nothing measures how long the device was off.
std::optional<std::int64_t> moved_ms(const ClockReading& earlier, const ClockReading& later);

class Clock {
  public:
    virtual ~Clock() = default;
    virtual ClockReading now() const = 0;
    std::int64_t wall_ms() const { return now().wall_ms; }
};

class SystemClock : public Clock {
  public:
    ClockReading now() const override;
};

// Stands still until told; for tests and for journeys that must print the same date every day.
class FakeClock : public Clock {
  public:
    explicit FakeClock(std::int64_t wall_ms)
        : reading_{wall_ms, 60'000, "00000000-0000-4000-8000-000000000000"} {}
    ClockReading now() const override { return reading_; }
    void advance(std::int64_t ms) { reading_.wall_ms += ms, reading_.monotonic_ms += ms; }
    void set_wall(std::int64_t wall_ms) { reading_.wall_ms = wall_ms; }
    void restart(std::string boot_id) {
        reading_.boot_id = std::move(boot_id), reading_.monotonic_ms = 60'000;
    }

  private:
    ClockReading reading_;
};

// A calendar date, as agreements and decisions carry it.
struct Date {
    int year = 0, month = 0, day = 0;
    bool empty() const { return year == 0; }
    std::string iso() const;  // 2026-11-21
    static bool valid(int year, int month, int day);
    friend auto operator<=>(const Date&, const Date&) = default;
};

// Only YYYY-MM-DD of a day that exists; else an empty Date.
Date parse_iso_date(std::string_view text);

// In Sweden (Europe/Stockholm, the rules of EU directive 2000/84/EC since 1996).
struct LocalTime {
    Date date;
    int hour = 0, minute = 0, second = 0;
};
LocalTime to_swedish_time(std::int64_t wall_ms);
std::int64_t from_swedish_time(const LocalTime& local);  // the earlier of two, in the hour that repeats

}  // namespace core
