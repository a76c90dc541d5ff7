#include "kiosk/platform/headphones.h"

#include <cerrno>
#include <cstdint>
#include <filesystem>

#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace kiosk {
namespace {

using Switches = unsigned long[(SW_MAX + 8 * sizeof(unsigned long)) / (8 * sizeof(unsigned long))];

bool is_set(const Switches& switches, unsigned which) {
    constexpr unsigned bits = 8 * sizeof(unsigned long);
    return ((switches[which / bits] >> (which % bits)) & 1UL) != 0;
}

bool has_socket(int device) {
    Switches known{};
    return ioctl(device, EVIOCGBIT(EV_SW, sizeof known), known) >= 0 && is_set(known, SW_HEADPHONE_INSERT);
}

bool plugged(int device) {
    Switches now{};
    return ioctl(device, EVIOCGSW(sizeof now), now) >= 0 && is_set(now, SW_HEADPHONE_INSERT);
}

}  // namespace

Headphones::Headphones(std::function<void(Jack)> changed) : changed_(std::move(changed)) {
    std::error_code error;
    for (std::filesystem::directory_iterator at("/dev/input", error), end; !error && at != end;
         at.increment(error)) {
        if (!at->path().filename().string().starts_with("event")) continue;
        int device = open(at->path().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (device < 0) continue;
        if (has_socket(device))
            switches_.push_back(device);
        else
            close(device);
    }
    if (switches_.empty()) return;
    stop_ = eventfd(0, EFD_CLOEXEC);
    thread_ = std::thread([this] {
        std::vector<pollfd> waits;
        for (int device : switches_) waits.push_back({device, POLLIN, 0});
        waits.push_back({stop_, POLLIN, 0});
        auto told = Jack::unknown;
        while (true) {
            auto now = Jack::out;
            for (int device : switches_)
                if (plugged(device)) now = Jack::in;
            if (now != told) changed_(told = now);
            if (poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) return;
            if (waits.back().revents != 0) return;
            for (auto& wait : waits) {
                input_event drained[16];
                if ((wait.revents & POLLIN) != 0)
                    while (read(wait.fd, drained, sizeof drained) > 0) {
                    }
                // A USB headset that was pulled out takes its switch with it.
                if ((wait.revents & (POLLHUP | POLLERR)) != 0) wait.fd = -1;
            }
        }
    });
}

Headphones::~Headphones() {
    if (thread_.joinable()) {
        std::uint64_t one = 1;
        [[maybe_unused]] auto written = write(stop_, &one, sizeof one);
        thread_.join();
    }
    for (int device : switches_) close(device);
    if (stop_ >= 0) close(stop_);
}

}  // namespace kiosk
