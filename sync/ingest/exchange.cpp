#include "sync/ingest/exchange.h"

#include <algorithm>

namespace server {

using wire::RefusalCode;

namespace {

// As many frames as the runs need, all under one head. Most need one: a run for each entry is for those whose entries
// came one by one, in another order.
std::vector<wire::Receipts> in_frames(wire::Receipts receipts) {
    constexpr std::size_t item_size = 42, run_size = 19, room_for_head = 32 << 10;
    auto runs = std::exchange(receipts.runs, {});
    std::vector<wire::Receipts> frames;
    std::size_t size = wire::longest_body;
    for (auto& run : runs) {
        auto more = run_size + run.items.size() * item_size + run.proof.size() * sizeof(core::NodeHash);
        if (size + more > wire::longest_body - room_for_head) frames.push_back(receipts), size = 0;
        frames.back().runs.push_back(std::move(run));
        size += more;
    }
    return frames;
}

}  // namespace

void Exchange::refuse(RefusalCode code, std::string text) {
    answer_.push_back(wire::Refusal{code, std::move(text)});
    stopped_ = true;
}

void Exchange::fail(const core::Error& error) {
    refuse(RefusalCode::server_fault, core::to_string(error.code));
    fault_ = error;
}

template <class T>
Status Exchange::settle(const Answer<T>& answer) {
    if (answer.error() != nullptr) return *answer.error();
    if (const auto* refusal = answer.refusal()) refuse(refusal->code, refusal->text);
    return {};
}

Status Exchange::feed(ByteView bytes) {
    if (stopped_) return {};
    reader_.push(bytes);
    auto done = [&]() -> Status {
        while (!stopped_) {
            auto frame = reader_.next();
            if (!frame.ok()) {
                TRY(keep_parts());
                refuse(frame.error().code == core::Errc::newer_version ? RefusalCode::newer_version
                                                                       : RefusalCode::malformed,
                       frame.error().detail);
                break;
            }
            if (!*frame) return keep_begun_part();
            TRY(act(std::move(**frame)));
        }
        return {};
    }();
    if (!done.ok()) fail(done.error());
    return done;
}

Status Exchange::act(wire::Frame frame) {
    begun_size_ = 0;
    if (auto* part = std::get_if<wire::BlobPart>(&frame)) {
        has_waiting(parts_size_ + part->bytes.size());
        parts_.push_back(std::move(*part));
        return time_to_keep(parts_size_) ? keep_parts() : Status{};
    }
    if (auto* batch = std::get_if<wire::EntryBatch>(&frame)) return take(*batch);
    TRY(keep_parts());
    if (stopped_) return {};
    if (auto* hello = std::get_if<wire::Hello>(&frame)) return greet(*hello);
    if (auto* claim = std::get_if<wire::Claim>(&frame)) return settle(ingest_->claim(peer_, *claim));
    if (auto* key = std::get_if<wire::TransferKey>(&frame))
        return settle(ingest_->keep_transfer_key(peer_, *key));
    if (auto* cosigned = std::get_if<wire::Cosigned>(&frame))
        return settle(ingest_->keep_cosignature(peer_, *cosigned));
    refuse(RefusalCode::out_of_order, "that frame is the server's to send");
    return {};
}

// The feed comes with the first: others only ask for proofs.
Status Exchange::greet(const wire::Hello& hello) {
    if (++hellos_ > wire::most_hellos) return refuse(RefusalCode::too_much, "too many hellos"), Status{};
    auto welcome = ingest_->hello(peer_, hello, way_);
    if (!welcome.ok()) return settle(welcome);
    answer_.push_back(std::move(*welcome));
    if (hellos_ > 1) return {};
    TRY_ASSIGN(auto feed, ingest_->feed_for(peer_, hello.feed_position));
    for (auto& item : feed) answer_.push_back(std::move(item));
    return {};
}

// The parts that came before the entries go with them: one commit for both.
Status Exchange::take(const wire::EntryBatch& batch) {
    auto answer = ingest_->entries(peer_, batch, parts_);
    if (!answer.ok()) {
        TRY(keep_parts());
        return stopped_ ? Status{} : settle(answer);
    }
    parts_.clear();
    has_waiting(0);
    kept_at_ = std::chrono::steady_clock::now();
    for (const auto& now : answer->kept.parcels) say_held(now);
    if (answer->receipts) {
        for (const auto& run : answer->receipts->runs)
            for (const auto& item : run.items)
                if (item.parcel) held_.erase(*item.parcel);  // the receipt says more
        for (auto& frame : in_frames(std::move(*answer->receipts))) answer_.push_back(std::move(frame));
    }
    for (const auto& missing : answer->missing.parcels) say_held(missing);
    if (answer->refusal) refuse(answer->refusal->code, answer->refusal->text);
    return {};
}

void Exchange::say_held(const wire::HeldParcel& now) {
    if (held_.contains(now.parcel) || held_.size() < wire::most_items)
        held_[now.parcel] = now.offset;
    else if (!stopped_)
        refuse(RefusalCode::too_much, "more parcels than an answer can name");
}

bool Exchange::time_to_keep(std::size_t size) const {
    constexpr std::chrono::steady_clock::duration longest_wait = std::chrono::milliseconds(250);
    constexpr std::size_t most_steps = 320, most_waiting = 32U << 20;
    constexpr int keepings = 3;  // a disk that is slow gets a quarter of the time, not all of it
    auto share = most_waiting / static_cast<std::size_t>(std::max(under_way_.load(), 1));
    // Those that hang with nothing take nothing from the others.
    bool crowded = all_waiting_.load() >= most_waiting && size >= std::max(share, durable_step_);
    return crowded || size >= durable_step_ * most_steps || parts_.size() >= wire::most_items ||
           (size >= durable_step_ &&
            std::chrono::steady_clock::now() - kept_at_ >=
                std::max(longest_wait * under_way_.load(), keeping_took_ * keepings));
}

void Exchange::has_waiting(std::size_t bytes) {
    all_waiting_ += bytes - parts_size_;  // modulo 2^n
    parts_size_ = bytes;
}

Status Exchange::keep_parts() {
    auto began = kept_at_ = std::chrono::steady_clock::now();
    if (parts_.empty()) return {};
    auto parts = std::exchange(parts_, {});
    has_waiting(0);
    auto held = ingest_->blobs(peer_, parts);
    kept_at_ = std::chrono::steady_clock::now();
    keeping_took_ = kept_at_ - began;
    if (!held.ok()) return settle(held);
    for (const auto& now : held->parcels) say_held(now);
    return {};
}

// What overlaps when the rest has come is dropped.
Status Exchange::keep_begun_part() {
    if (reader_.waiting() < begun_size_ || !time_to_keep(parts_size_ + reader_.waiting() - begun_size_))
        return {};
    return keep_all();
}

Status Exchange::keep_all() {
    if (auto part = reader_.cut_blob_part()) {
        begun_size_ = reader_.waiting();
        parts_.push_back(std::move(*part));
    }
    return keep_parts();
}

void Exchange::keep() {
    bool has_new = !parts_.empty() || reader_.waiting() > begun_size_;
    if (stopped_ || !has_new) return;
    if (auto kept = keep_all(); !kept.ok()) fail(kept.error());
}

Bytes Exchange::finish() {
    if (!stopped_ && !reader_.at_end()) {
        cut();
        refuse(RefusalCode::malformed, "the message ends within a frame");
    }
    if (!stopped_) {
        auto kept = keep_parts();
        if (!kept.ok()) fail(kept.error());
    }
    wire::Held held;
    for (const auto& [parcel, offset] : held_) held.parcels.push_back({parcel, offset});
    if (!held.parcels.empty()) answer_.push_back(std::move(held));
    return wire::encode_exchange(answer_);
}

void Exchange::cut() {
    if (stopped_) return;
    if (auto part = reader_.cut_blob_part()) parts_.push_back(std::move(*part));
    // The tablet asks again what is held, so a failure here is told then.
    static_cast<void>(keep_parts());
    stopped_ = true;
}

}  // namespace server
