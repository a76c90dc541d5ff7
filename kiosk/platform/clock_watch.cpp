#include "kiosk/platform/clock_watch.h"

#include <cerrno>
#include <cstdint>
#include <ctime>

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace kiosk {
namespace {

// Due in a century at the earliest: only a clock that jumps ends the wait.
bool arm(int timer) {
    constexpr time_t century_s = 3'155'760'000;
    itimerspec due{};
    due.it_value.tv_sec = std::time(nullptr) + century_s;
    // The call itself tells of a jump since the last one (ECANCELED), and arms the timer all the same.
    return timerfd_settime(timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &due, nullptr) == 0 ||
           errno == ECANCELED;
}

}  // namespace

ClockWatch::ClockWatch(std::function<void()> jumped) : jumped_(std::move(jumped)) {
    timer_ = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    stop_ = eventfd(0, EFD_CLOEXEC);
    if (timer_ < 0 || stop_ < 0 || !arm(timer_)) {
        spdlog::warn("the clock cannot be watched: after a sleep the screen waits for a touch");
        return;
    }
    thread_ = std::thread([this] {
        pollfd waits[] = {{timer_, POLLIN, 0}, {stop_, POLLIN, 0}};
        while (poll(waits, 2, -1) >= 0 || errno == EINTR) {
            if (waits[1].revents != 0) return;
            if (waits[0].revents == 0) continue;
            std::uint64_t times = 0;
            [[maybe_unused]] auto got = read(timer_, &times, sizeof times);  // ECANCELED: it jumped
            if (!arm(timer_)) return;
            jumped_();
        }
    });
}

ClockWatch::~ClockWatch() {
    if (thread_.joinable()) {
        std::uint64_t one = 1;
        [[maybe_unused]] auto written = write(stop_, &one, sizeof one);
        thread_.join();
    }
    if (timer_ >= 0) close(timer_);
    if (stop_ >= 0) close(stop_);
}

}  // namespace kiosk
