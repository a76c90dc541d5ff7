#include "kiosk/health.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>

namespace kiosk {
namespace {

namespace fs = std::filesystem;

std::string line_of(const fs::path& file) {
    std::string line;
    std::getline(std::ifstream(file) >> std::ws, line);
    return line;
}

}  // namespace

Health read_health(const fs::path& store_dir, const fs::path& power_dir) {
    Health health;
    std::error_code error;
    auto space = fs::space(store_dir, error);
    if (!error) health.free_bytes = space.available;
    for (fs::directory_iterator at(power_dir, error), end; !error && at != end; at.increment(error)) {
        // Mice and pens have batteries too; theirs say that they power a device.
        if (line_of(at->path() / "type") != "Battery" || line_of(at->path() / "scope") == "Device") continue;
        std::string text = line_of(at->path() / "capacity");
        int percent = -1;
        std::from_chars(text.data(), text.data() + text.size(), percent);
        if (percent < 0 || percent > 100) continue;
        health.battery_percent = std::min(health.battery_percent.value_or(100), percent);
        health.discharging = health.discharging || line_of(at->path() / "status") == "Discharging";
    }
    return health;
}

Health::Clock clock_against(const core::ClockReading& last, const core::ClockReading& now) {
    if (now.wall_ms < last.wall_ms) return Health::Clock::behind;
    bool moved = std::abs(core::moved_ms(last, now).value_or(0)) > core::clock_tolerance_ms;
    return moved ? Health::Clock::moved : Health::Clock::fits;
}

}  // namespace kiosk
