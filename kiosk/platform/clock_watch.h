// ClockWatch: a call when the wall clock is set, and when the tablet wakes up from sleep.
//
// Waiting for the next event or countdown counts no time asleep, so nothing else would move on a tablet that is
// opened and not touched. The kernel cancels a timer on either (TFD_TIMER_CANCEL_ON_SET of timerfd_create(2)); this
// sleeps until it does.
#pragma once

#include <functional>
#include <thread>

namespace kiosk {

class ClockWatch {
  public:
    explicit ClockWatch(std::function<void()> jumped);  // called on a thread of this class
    ClockWatch(const ClockWatch&) = delete;
    ClockWatch& operator=(const ClockWatch&) = delete;
    ~ClockWatch();

  private:
    std::function<void()> jumped_;
    int timer_ = -1, stop_ = -1;  // a timerfd, an eventfd
    std::thread thread_;
};

}  // namespace kiosk
