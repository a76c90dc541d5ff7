#include "kiosk/effects_pin.h"

#include <algorithm>

#include <spdlog/spdlog.h>

namespace kiosk {
namespace {

constexpr const char* value_name = "pin.tries";

}  // namespace

core::Result<PinTries::Tries> PinTries::read() const {
    if (unwritten_) return *unwritten_;
    TRY_ASSIGN(auto value, store_->value(value_name));
    if (!value) return Tries{};
    TRY_ASSIGN(auto json, core::decode_canonical(*value));
    if (!json.is_object() || !json.contains("wrong") || !json["wrong"].is_number_integer() ||
        !json.contains("last_monotonic_ms") || !json["last_monotonic_ms"].is_number_integer() ||
        !json.contains("boot_id") || !json["boot_id"].is_string())
        return core::Error{core::Errc::malformed, "the count of PIN tries"};
    return Tries{json["wrong"].get<int>(), json["last_monotonic_ms"].get<std::int64_t>(),
                 json["boot_id"].get<std::string>()};
}

void PinTries::write(const Tries& tries) {
    core::Json json{
        {"wrong", tries.wrong}, {"last_monotonic_ms", tries.last_monotonic_ms}, {"boot_id", tries.boot_id}};
    auto written = store_->set(value_name, core::encode_canonical(json));
    if (written.ok()) {
        unwritten_.reset();
    } else {
        spdlog::error("the count of PIN tries is kept in memory: {}: {}",
                      core::to_string(written.error().code), written.error().detail);
        unwritten_ = tries;
    }
}

std::int64_t PinTries::wait_after_s(int wrong_tries) {
    constexpr int free_tries = 3;
    constexpr std::int64_t first_wait_s = 30, longest_wait_s = 3600;
    if (wrong_tries < free_tries) return 0;
    int doublings = std::min(wrong_tries - free_tries, 7);
    return std::min(first_wait_s << doublings, longest_wait_s);
}

core::Result<std::int64_t> PinTries::wait_s() {
    TRY_ASSIGN(auto tries, read());
    auto wait = wait_after_s(tries.wrong);
    if (wait == 0) return std::int64_t{0};
    auto now = clock_->now();
    if (now.boot_id != tries.boot_id || now.monotonic_ms < tries.last_monotonic_ms) {
        tries.boot_id = now.boot_id;
        tries.last_monotonic_ms = now.monotonic_ms;
        write(tries);
    }
    auto left_ms = wait * 1000 - (now.monotonic_ms - tries.last_monotonic_ms);
    return std::max<std::int64_t>(0, (left_ms + 999) / 1000);
}

core::Result<bool> PinTries::spent() {
    TRY_ASSIGN(auto tries, read());
    return tries.wrong >= most_tries;
}

core::Status PinTries::count_try() {
    TRY_ASSIGN(auto tries, read());
    auto now = clock_->now();
    write(Tries{std::min(tries.wrong + 1, 1'000'000), now.monotonic_ms, now.boot_id});
    return {};
}

core::Status PinTries::succeed() {
    TRY_ASSIGN(auto tries, read());
    if (tries.wrong > 0) write(Tries{});
    return {};
}

}  // namespace kiosk
