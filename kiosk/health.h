// Health: what the host should know of the tablet itself, as the kernel tells it. Read on the effect thread.
#pragma once

#include <filesystem>

#include "kiosk/life.h"

namespace kiosk {

// `store_dir` is where signings go; `power_dir` has a folder for each battery and charger.
Health read_health(const std::filesystem::path& store_dir,
                   const std::filesystem::path& power_dir = "/sys/class/power_supply");

// `last`: when the log's last entry was made.
Health::Clock clock_against(const core::ClockReading& last, const core::ClockReading& now);

}  // namespace kiosk
