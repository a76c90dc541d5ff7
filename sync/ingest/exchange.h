// Exchange: one message from a tablet, acted on as its bytes arrive, and the answer to it. No network here.
#pragma once

#include <atomic>
#include <chrono>
#include <map>

#include "sync/ingest/ingest.h"

namespace server {

class Exchange {
  public:
    // Blob parts become durable in steps of `durable_step` bytes. What comes faster than a disk can sync is taken
    // together: for at most 250 ms, times the exchanges that share the disk, or three times as long as the last took, or
    // 320 steps, or this exchange's share when all have 32 MiB waiting. Or with the entries that follow; and all of it
    // when the exchange ends, is cut, or another asks what has come.
    Exchange(Ingest& ingest, wire::LogName peer, Way way = Way::network, std::size_t durable_step = 16 * 1024)
        : ingest_(&ingest), peer_(peer), way_(way), durable_step_(durable_step) {
        ++under_way_;
    }
    ~Exchange() {
        has_waiting(0);
        --under_way_;
    }
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    // After a refusal what follows is not read. An Error is ours (full disk, damage); the answer says so too.
    Status feed(ByteView bytes);
    // The message is whole: its answer. A message that ends within a frame is treated as cut.
    Bytes finish();
    // The link broke: what has come of a blob is kept.
    void cut();
    // The same, while the link lasts.
    void keep();
    // Something of ours failed: the tablet should hear nothing but that, and ask again. What is durable stays so.
    const std::optional<core::Error>& fault() const { return fault_; }

  private:
    Status act(wire::Frame frame);
    Status keep_parts();
    Status keep_begun_part();
    Status keep_all();
    bool time_to_keep(std::size_t size) const;
    void has_waiting(std::size_t bytes);  // in parts_
    template <class T>
    Status settle(const Answer<T>& answer);  // notes a refusal
    Status greet(const wire::Hello& hello);
    Status take(const wire::EntryBatch& batch);
    void say_held(const wire::HeldParcel& now);  // in the answer, once for each parcel
    void refuse(wire::RefusalCode code, std::string text);
    void fail(const core::Error& error);

    static inline std::atomic<int> under_way_{0};            // in this process
    static inline std::atomic<std::size_t> all_waiting_{0};  // their parts_size_ together

    Ingest* ingest_;
    wire::LogName peer_;
    Way way_;
    std::size_t durable_step_;
    wire::FrameReader reader_;
    std::vector<wire::BlobPart> parts_;
    std::size_t parts_size_ = 0, begun_size_ = 0;  // begun: kept of the part that is still coming
    std::chrono::steady_clock::time_point kept_at_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::duration keeping_took_{};
    std::vector<wire::Frame> answer_;
    std::map<wire::ParcelHash, std::uint64_t> held_;
    std::size_t hellos_ = 0;
    bool stopped_ = false;
    std::optional<core::Error> fault_;
};

}  // namespace server
