#include "core/base/clock.h"

#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>

namespace core {

namespace chrono = std::chrono;

ClockReading SystemClock::now() const {
    static const std::string boot_id = [] {
        std::string id;
        std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
        return id;
    }();
    timespec boot{};
    clock_gettime(CLOCK_BOOTTIME, &boot);
    auto wall = chrono::system_clock::now().time_since_epoch();
    return {chrono::duration_cast<chrono::milliseconds>(wall).count(),
            boot.tv_sec * 1000LL + boot.tv_nsec / 1'000'000, boot_id};
}

std::optional<std::int64_t> moved_ms(const ClockReading& earlier, const ClockReading& later) {
    if (earlier.boot_id != later.boot_id) return std::nullopt;
    return (later.wall_ms - earlier.wall_ms) - (later.monotonic_ms - earlier.monotonic_ms);
}

std::string Date::iso() const {
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    return text;
}

bool Date::valid(int year, int month, int day) {
    return year >= 1 && year <= 9999 &&
           chrono::year_month_day(chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                  chrono::day(static_cast<unsigned>(day)))
               .ok();
}

Date parse_iso_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return {};
    for (std::size_t i = 0; i < text.size(); ++i)
        if (i != 4 && i != 7 && (text[i] < '0' || text[i] > '9')) return {};
    auto number = [&](std::size_t from, std::size_t n) {
        int value = 0;
        for (char c : text.substr(from, n)) value = value * 10 + (c - '0');
        return value;
    };
    Date date{number(0, 4), number(5, 2), number(8, 2)};
    return Date::valid(date.year, date.month, date.day) ? date : Date{};
}

namespace {

// Seconds since 1970 (UTC) of the moment when summer time begins or ends that year: last Sunday, 01:00 UTC.
std::int64_t switch_s(int year, unsigned month) {
    chrono::sys_days last = chrono::year(year) / chrono::month(month) / chrono::Sunday[chrono::last];
    return last.time_since_epoch().count() * 86400LL + 3600;
}

std::int64_t offset_s(std::int64_t utc_s) {
    auto days = chrono::floor<chrono::days>(chrono::sys_seconds(chrono::seconds(utc_s)));
    int year = static_cast<int>(chrono::year_month_day(days).year());
    return utc_s >= switch_s(year, 3) && utc_s < switch_s(year, 10) ? 7200 : 3600;
}

}  // namespace

LocalTime to_swedish_time(std::int64_t wall_ms) {
    auto utc =
        chrono::floor<chrono::seconds>(chrono::sys_time<chrono::milliseconds>(chrono::milliseconds(wall_ms)));
    auto local = utc + chrono::seconds(offset_s(utc.time_since_epoch().count()));
    auto days = chrono::floor<chrono::days>(local);
    chrono::year_month_day ymd(days);
    chrono::hh_mm_ss time(local - days);
    return {{static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
             static_cast<int>(static_cast<unsigned>(ymd.day()))},
            static_cast<int>(time.hours().count()),
            static_cast<int>(time.minutes().count()),
            static_cast<int>(time.seconds().count())};
}

std::int64_t from_swedish_time(const LocalTime& local) {
    chrono::sys_days days = chrono::year(local.date.year) / local.date.month / local.date.day;
    std::int64_t as_utc_s =
        days.time_since_epoch().count() * 86400LL + local.hour * 3600LL + local.minute * 60LL + local.second;
    std::int64_t summer_s = as_utc_s - 7200;
    return (offset_s(summer_s) == 7200 ? summer_s : as_utc_s - 3600) * 1000;
}

}  // namespace core
