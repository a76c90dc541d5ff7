#include "kiosk/effects.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <list>
#include <mutex>
#include <thread>

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "kiosk/effects_clerk.h"

namespace kiosk {

struct Effects::Data {
    Data(EffectSettings settings, std::function<void(Action)> callback)
        : places(settings.sticks),
          answer(std::move(callback)),
          clerk(std::move(settings), answer, [this](client::Carried came) { hand_in(std::move(came)); }) {}

    const StickPlaces places;
    const std::function<void(Action)> answer;

    std::mutex mutex;
    std::list<Effect> queue;             // guarded by mutex; a node given back is a node overwritten
    std::list<client::Carried> carried;  // guarded by mutex; from the transfer thread
    bool stopping = false;               // guarded by mutex
    std::atomic<int> unanswered{0};
    int wake_fd = -1;
    Clerk clerk;  // touched by the thread alone; goes first, and the transfer thread with it
    std::thread thread;

    void run();
    void wait(StickWatch& watch);
    bool do_next();
    bool take_carried();
    void hand_in(client::Carried came);
    void wake() const;
};

namespace {

// What nobody asked for is tried again at its next occasion.
void guarded(const char* what, const std::function<void()>& work) {
    try {
        work();
    } catch (const std::exception& exception) {
        spdlog::error("{}: {}", what, exception.what());
    }
}

// Once a signing has been asked for it is carried to its end, whatever happens to the screens.
void carry_out(Clerk& clerk, Effect& effect, const std::function<void(Action)>& answer) {
    auto begun = std::chrono::steady_clock::now();
    Job job = job_of(effect);
    core::Status status;
    try {
        status = clerk.carry_out(effect);
    } catch (const std::exception& exception) {
        // A library threw: what() of those that we use names conditions, never content.
        status = core::Error{core::Errc::internal, exception.what()};
    }
    auto took =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun);
    double took_ms = static_cast<double>(took.count()) / 1000.0;
    if (status.ok()) {
        spdlog::info("{} done in {:.1f} ms", name_of(job), took_ms);
    } else {
        spdlog::error("{} failed in {:.1f} ms: {}: {}", name_of(job), took_ms,
                      core::to_string(status.error().code), status.error().detail);
        answer(Failed{Trouble{job, status.error()}});
    }
}

}  // namespace

void Effects::Data::wake() const {
    const std::uint64_t one = 1;
    while (::write(wake_fd, &one, sizeof one) < 0 && errno == EINTR) {
    }
}

bool Effects::Data::do_next() {
    std::unique_lock lock(mutex);
    if (queue.empty()) return false;
    std::list<Effect> next;  // not moved: a short word would stay behind
    next.splice(next.begin(), queue, queue.begin());
    lock.unlock();
    kiosk::carry_out(clerk, next.front(), answer);
    wipe_secrets(next.front());
    next.clear();
    unanswered.fetch_sub(1);
    return true;
}

bool Effects::Data::take_carried() {
    std::list<client::Carried> next;
    {
        std::lock_guard lock(mutex);
        if (carried.empty() || stopping) return false;
        next.splice(next.begin(), carried, carried.begin());
    }
    clerk.take(next.front());
    return true;
}

void Effects::Data::hand_in(client::Carried came) {
    {
        std::lock_guard lock(mutex);
        carried.push_back(std::move(came));
    }
    wake();
}

// Sleeps until something is asked for or a stick may have come or gone; no timer runs.
void Effects::Data::wait(StickWatch& watch) {
    pollfd what[] = {{wake_fd, POLLIN, 0}, {watch.mounts_fd(), POLLPRI, 0}, {watch.folders_fd(), POLLIN, 0}};
    if (::poll(what, 3, -1) < 0) return;  // interrupted by a signal: look again
    if (what[0].revents != 0) {
        std::uint64_t count = 0;
        while (::read(wake_fd, &count, sizeof count) < 0 && errno == EINTR) {
        }
    }
    if (what[1].revents != 0 || what[2].revents != 0) {
        watch.drain();
        guarded("looking for sticks", [this] { clerk.look_for_sticks(); });
    }
}

void Effects::Data::run() {
    StickWatch watch(places);
    watch.drain();
    while (true) {
        while (do_next()) {
        }
        if (take_carried()) continue;  // what people ask for comes before the next answer
        {
            std::lock_guard lock(mutex);
            if (stopping && queue.empty()) return;
        }
        bool more = false;
        guarded("preparing", [this] { clerk.prepare(); });
        guarded("sealing ahead", [&] { more = clerk.seal_ahead(); });
        if (more) continue;  // a parcel at a time: whatever comes meanwhile comes first
        wait(watch);
    }
}

Effects::Effects(EffectSettings settings, std::function<void(Action)> answer)
    : data_(std::make_unique<Data>(std::move(settings), std::move(answer))) {
    data_->wake_fd = ::eventfd(0, EFD_CLOEXEC);
    CHECK_THAT(data_->wake_fd >= 0);
    data_->thread = std::thread([data = data_.get()] { data->run(); });
}

Effects::~Effects() {
    stop();
    ::close(data_->wake_fd);
}

void Effects::ask(Effect effect) {
    data_->unanswered.fetch_add(1);
    {
        std::lock_guard lock(data_->mutex);
        data_->queue.push_back(std::move(effect));
    }
    data_->wake();
}

bool Effects::busy() const { return data_->unanswered.load() > 0; }

void Effects::stop() {
    if (!data_->thread.joinable()) return;
    {
        std::lock_guard lock(data_->mutex);
        data_->stopping = true;
    }
    data_->wake();
    data_->thread.join();
}

}  // namespace kiosk
