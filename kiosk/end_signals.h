// How the system ends the kiosk.
#pragma once

#include <atomic>
#include <csignal>
#include <thread>

#include "kiosk/platform/frame_loop.h"

namespace kiosk {

// SIGTERM, SIGINT and SIGHUP end the kiosk in order: the work in hand is finished first. Made before any
// other thread, so that all of them leave the signals to this one.
class EndSignals {
  public:
    EndSignals() {
        sigemptyset(&signals_);
        for (int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals_, number);
        pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    }
    EndSignals(const EndSignals&) = delete;
    EndSignals& operator=(const EndSignals&) = delete;
    ~EndSignals() { stop(); }
    void stop() {  // before the loop goes
        if (!thread_.joinable()) return;
        // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread): it waits for it
        pthread_kill(thread_.native_handle(), SIGTERM);
        thread_.join();
    }
    void wake(FrameLoop& loop) {
        thread_ = std::thread([this, &loop] {
            int number = 0;
            sigwait(&signals_, &number);
            came_ = true;
            loop.wake();
        });
    }
    bool came() const { return came_; }

  private:
    sigset_t signals_{};
    std::atomic<bool> came_{false};
    std::thread thread_;
};

}  // namespace kiosk
