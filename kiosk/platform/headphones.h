// Headphones: whether the tablet's socket has them in, as the kernel's jack switch says (SW_HEADPHONE_INSERT of
// linux/input-event-codes.h), and a call when that changes.
//
// Sleeps in poll(2) between changes. Needs to read /dev/input (the group `input`, as the kiosk session has it).
#pragma once

#include <functional>
#include <thread>
#include <vector>

#include "kiosk/look.h"

namespace kiosk {

class Headphones {
  public:
    // `changed` is called once with how it is, then at each change; on a thread of this class. A tablet without
    // such a switch is never called back.
    explicit Headphones(std::function<void(Jack)> changed);
    Headphones(const Headphones&) = delete;
    Headphones& operator=(const Headphones&) = delete;
    ~Headphones();

  private:
    std::function<void(Jack)> changed_;
    std::vector<int> switches_;  // open event devices
    int stop_ = -1;              // an eventfd
    std::thread thread_;
};

}  // namespace kiosk
