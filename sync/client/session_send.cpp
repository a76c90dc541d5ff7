// Session: what goes into a request: parcels, and the entries whose parcels are complete.
#include <algorithm>

#include "sync/client/session.h"
#include "sync/client/session_values.h"
#include "sync/protocol/parcel.h"

namespace client {

using namespace session_values;

namespace {

constexpr std::size_t most_batch_items = 512;

}  // namespace

// What goes into one request.
struct Session::Sending {
    std::vector<wire::Frame> frames, batches;
    std::uint64_t budget = 0, used = 0, entry_bytes = 0;
    wire::EntryBatch batch;
    std::size_t batch_bytes = 0, items = 0;
    bool parts = false;  // of parcels
    core::TreeHead head;
};

// One for what is remembered, and one for each head that is still to be proven.
Result<std::vector<wire::Frame>> Session::hellos() const {
    TRY_ASSIGN(auto checkpoint, store_->checkpoint());
    std::vector<wire::Frame> frames{wire::Hello{log_, checkpoint, server_note_, feed_position_}};
    for (const auto& unproven : unproven_)
        frames.push_back(wire::Hello{log_, checkpoint, unproven.note, no_feed});
    return frames;
}

Result<wire::Claim> Session::make_claim() const {
    wire::Claim claim;
    claim.nonce = nonce_;
    TRY_ASSIGN(claim.checkpoint, store_->checkpoint());
    if (known_head_ && !copied_) {
        TRY_ASSIGN(claim.consistency, store_->prove_consistency(known_head_->size, store_->size()));
    }
    claim.signature = settings_.log_key->sign(wire::claim_message(claim));
    return claim;
}

Result<Session::Sealed*> Session::sealed(std::uint64_t seq) {
    auto ready = sealed_.find(seq);
    if (ready == sealed_.end()) {
        Sealed sealed;
        TRY_ASSIGN(auto entry, store_->entry(seq));
        TRY_ASSIGN(sealed.parcel, wire::read_parcel(*store_, *settings_.transfer_key, entry));
        if (sealed.parcel) {
            sealed.hash = wire::ParcelHash::of(*sealed.parcel);
            sealed_bytes_ += sealed.parcel->size();
        }
        sealed.leaf = core::leaf_hash(entry.bytes);
        sealed.entry = std::move(entry.bytes);
        ready = sealed_.emplace(seq, std::move(sealed)).first;
    }
    return &ready->second;
}

Result<core::LeafHash> Session::leaf(std::uint64_t seq) const {
    if (auto sent = sent_.find(seq); sent != sent_.end()) return sent->second;
    TRY_ASSIGN(auto entry, store_->entry(seq));
    return core::leaf_hash(entry.bytes);
}

void Session::drop_sealed(std::uint64_t seq) {
    auto ready = sealed_.find(seq);
    if (ready == sealed_.end()) return;
    if (ready->second.parcel) sealed_bytes_ -= ready->second.parcel->size();
    sealed_.erase(ready);
}

Result<bool> Session::prepare() {
    if (outcome_ != Outcome::working || phase_ != Phase::send) return false;
    if (sealed_bytes_ >= std::min(most_budget, budget_ * 2) || sealed_.size() >= most_batch_items)
        return false;
    auto from = sealed_.empty() ? next_ : std::max(next_, sealed_.rbegin()->first + 1);
    TRY_ASSIGN(auto unsent, store_->unsent_entries(from, 1));
    if (unsent.empty()) return false;
    TRY_ASSIGN(const auto* next, sealed(unsent[0]));
    return next != nullptr;
}

Status Session::close_batch(Sending& sending) {
    auto& batch = sending.batch;
    if (batch.items.empty()) return {};
    TRY_ASSIGN(batch.proof,
               store_->prove_range(batch.from, batch.from + batch.items.size(), sending.head.size));
    sending.items += batch.items.size();
    auto note = batch.checkpoint;
    sending.batches.push_back(std::exchange(batch, {}));
    batch.checkpoint = std::move(note);
    batch.server_size = server_head_.size;
    sending.batch_bytes = 0;
    return {};
}

// What the server has not got of a parcel, as far as the budget goes. True: then it has all of it.
bool Session::add_parts(Sending& sending, const Sealed& sealed) {
    const ByteView parcel(*sealed.parcel);
    auto& offset = offsets_[sealed.hash];
    if (offset >= parcel.size()) thought_whole_.insert(sealed.hash);
    while (offset < parcel.size() && sending.used < sending.budget) {
        auto size = std::min<std::uint64_t>({wire::longest_blob_part, parcel.size() - offset,
                                             std::max(sending.budget - sending.used, std::uint64_t{512})});
        auto part = parcel.subspan(offset, size);
        sending.frames.push_back(
            wire::BlobPart{sealed.hash, parcel.size(), offset, {part.begin(), part.end()}});
        sending.parts = true;
        offset += size, sending.used += size;
    }
    return offset >= parcel.size();
}

// True: no more goes into this request.
Result<bool> Session::add_entry(Sending& sending, std::uint64_t seq, Sealed& sealed) {
    auto& batch = sending.batch;
    auto size = sealed.entry.size();
    if (!batch.items.empty() &&
        (batch.from + batch.items.size() != seq || batch.items.size() == most_batch_items ||
         sending.batch_bytes + size > most_batch_bytes))
        TRY(close_batch(sending));
    if (batch.items.empty()) batch.from = seq;
    sending.batch_bytes += size, sending.entry_bytes += size, sending.used += size;
    batch.items.push_back(
        {std::move(sealed.entry), sealed.parcel ? std::optional(sealed.hash) : std::nullopt});
    sent_[seq] = sealed.leaf;
    return sending.entry_bytes >= entries_budget_ || (sending.budget > 0 && sending.used >= sending.budget) ||
           sending.items + batch.items.size() >= most_batch_items;
}

// Parcels in order, as far as the budget goes, and the entries whose parcels are then complete.
Status Session::fill(Sending& sending) {
    next_ = 0;
    while (true) {
        TRY_ASSIGN(auto unsent, store_->unsent_entries(next_, 64));
        while (next_ == 0 && !sealed_.empty() && (unsent.empty() || sealed_.begin()->first < unsent.front()))
            drop_sealed(sealed_.begin()->first);
        for (auto seq : unsent) {
            if (seq >= sending.head.size) return close_batch(sending);
            TRY_ASSIGN(auto* next, sealed(seq));
            // What the server says that it holds needs no parcel again, unless it asks.
            bool wanted = next->parcel && (seq >= held_ || offsets_.contains(next->hash));
            if (wanted && !add_parts(sending, *next)) return close_batch(sending);
            TRY_ASSIGN(bool full, add_entry(sending, seq, *next));
            drop_sealed(seq);  // all of it is on its way
            next_ = seq + 1;
            if (full) return close_batch(sending);
        }
        if (unsent.size() < 64) return close_batch(sending);
    }
}

Result<Bytes> Session::send() {
    Sending sending;
    thought_whole_.clear();
    sent_.clear();
    TRY_ASSIGN(sending.batch.checkpoint, store_->checkpoint());
    TRY_ASSIGN(sending.head,
               core::open_checkpoint(sending.batch.checkpoint, settings_.log_key->public_key()));
    sending.batch.server_size = server_head_.size;
    if (claim_due_) {
        TRY_ASSIGN(auto claim, make_claim());
        sending.frames.push_back(std::move(claim));
    }
    if (key_due_) {
        TRY_ASSIGN(auto sealed, settings_.seal(settings_.transfer_key->bytes()));
        sending.frames.push_back(wire::TransferKey{std::move(sealed)});
    }
    // Parcels that wait for their entries are listed in every welcome: on a link that always breaks within the parcels,
    // entries must come first at times.
    sending.budget = std::exchange(entries_first_, false) ? 0 : budget_;
    TRY(fill(sending));
    if (sending.budget == 0 && sending.batches.empty()) {
        sending.budget = budget_;
        TRY(fill(sending));
    }
    entries_alone_ = sending.parts ? 0 : sending.entry_bytes;
    progress_.parcel_bytes += sending.used;
    std::ranges::move(sending.batches, std::back_inserter(sending.frames));
    return wire::encode_exchange(sending.frames);
}

}  // namespace client
