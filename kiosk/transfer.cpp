#include "kiosk/transfer.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace kiosk {

struct Transfer::Data {
    Data(client::Address address, client::Credentials credentials, std::function<void(client::Carried)> to)
        : carrier(std::move(address), std::move(credentials)), carried(std::move(to)) {}

    client::Carrier carrier;
    const std::function<void(client::Carried)> carried;
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Errand> errand;  // guarded by mutex, as is what follows
    bool stopping = false;
    std::thread thread;

    void run() {
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [&] { return stopping || errand; });
            if (stopping) return;
            Errand next = std::move(*errand);
            errand.reset();
            if (changed.wait_for(lock, std::chrono::milliseconds(next.after_ms), [&] { return stopping; }))
                return;
            lock.unlock();
            carrier.set_tls_record(next.tls_record);
            auto answer = carrier.ask(next.path, next.type, next.body);
            lock.lock();
            if (stopping) return;
            carried(std::move(answer));
        }
    }
};

Transfer::Transfer(client::Address address, client::Credentials credentials,
                   std::function<void(client::Carried)> carried)
    : data_(std::make_unique<Data>(std::move(address), std::move(credentials), std::move(carried))) {
    data_->thread = std::thread([data = data_.get()] { data->run(); });
}

Transfer::~Transfer() {
    {
        std::lock_guard lock(data_->mutex);
        data_->stopping = true;
    }
    data_->carrier.stop();
    data_->changed.notify_all();
    data_->thread.join();
}

void Transfer::carry(Errand errand) {
    {
        std::lock_guard lock(data_->mutex);
        CHECK_THAT(!data_->errand);
        data_->errand = std::move(errand);
    }
    data_->changed.notify_all();
}

}  // namespace kiosk
