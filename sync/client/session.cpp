#include "sync/client/session.h"

#include <algorithm>

#include "core/base/json.h"
#include "sync/client/session_values.h"
#include "sync/client/witness.h"

namespace client {

using namespace session_values;

namespace {

using core::Errc;
using core::Error;
using wire::LogState;
using wire::RefusalCode;

constexpr std::uint64_t first_budget = 256 << 10, least_budget = 1 << 10;
constexpr std::size_t many_parcels = 8;
// A session that gets nowhere gives up; what it holds is safe, and the next one begins where it stood.
constexpr int most_stalls = 8, most_forks_seen = 3;

}  // namespace

const char* to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::working:
            return "working";
        case Outcome::done:
            return "done";
        case Outcome::kept_apart:
            return "kept apart";
        case Outcome::restored_copy:
            return "restored copy";
        case Outcome::server_forked:
            return "server forked";
        case Outcome::refused:
            return "refused";
    }
    return "?";
}

Session::Session(core::Store& store, SessionSettings settings)
    : store_(&store),
      settings_(std::move(settings)),
      log_{store.identity().device, static_cast<std::uint32_t>(store.identity().epoch)},
      budget_(first_budget),
      entries_budget_(most_batch_bytes) {}

Result<Session> Session::begin(core::Store& store, SessionSettings settings) {
    Session session(store, std::move(settings));
    TRY_ASSIGN(session.progress_.entries, store.unsent());
    TRY_ASSIGN(auto note, store.value(server_checkpoint_name));
    if (note) {
        TRY_ASSIGN(session.server_head_, wire::open_server_checkpoint(*note, session.settings_.server));
        session.server_note_ = *note;
    }
    TRY_ASSIGN(auto unproven, store.value(unproven_name));
    if (unproven) {
        TRY_ASSIGN(auto notes, core::decode_canonical(*unproven));
        for (const auto& each : notes) {
            auto text = each.get<std::string>();
            TRY_ASSIGN(auto head, wire::open_server_checkpoint(text, session.settings_.server));
            session.unproven_.push_back({std::move(head), std::move(text)});
        }
    }
    TRY_ASSIGN(auto feed, store.value(feed_position_name));
    if (feed) session.feed_position_ = std::stoull(*feed);
    return session;
}

Result<Bytes> Session::request() {
    if (outcome_ != Outcome::working) return Bytes{};
    Bytes bytes;
    if (phase_ == Phase::greet) {
        TRY_ASSIGN(auto frames, hellos());
        bytes = wire::encode_exchange(frames);
    } else if (phase_ == Phase::cosign) {
        TRY_ASSIGN(auto cosigned, cosign_head(*store_, settings_.server, server_note_, *settings_.log_key,
                                              settings_.wall_ms()));
        bytes = wire::encode_exchange({std::move(cosigned)});
    } else {
        TRY_ASSIGN(bytes, send());
    }
    ++progress_.requests;
    progress_.request_bytes += bytes.size();
    return bytes;
}

void Session::cut() {
    ++progress_.cuts;
    if (phase_ == Phase::cosign) {  // the next session sends it again
        outcome_ = Outcome::done;
        return;
    }
    budget_ = std::max(least_budget, budget_ / 2);
    if (entries_alone_ > 0) entries_budget_ = std::max(least_budget, entries_alone_ / 2);
    entries_alone_ = 0;
    phase_ = Phase::greet;
}

void Session::garbled() { stalled({RefusalCode::malformed, "the answer cannot be read or proven"}); }

void Session::stalled(const wire::Refusal& why) {
    cut();
    refusal_ = why;
    if (++stalls_ >= most_stalls) outcome_ = Outcome::refused;
}

Status Session::answer(ByteView bytes) {
    if (outcome_ != Outcome::working) return {};
    progress_.answer_bytes += bytes.size();
    auto frames = wire::decode_exchange(bytes);
    if (phase_ == Phase::cosign) {  // a server that does not know the frame, or wants no witness, refuses
        outcome_ = Outcome::done;
        return frames.ok() ? note_cosigning_answered(*store_, server_note_) : Status{};
    }
    if (!frames.ok()) {
        garbled();
        return {};
    }
    auto phase = phase_, began = phase_;
    progressed_ = false;
    welcomes_ = 0;
    if (phase == Phase::send) claim_due_ = key_due_ = false;  // answered, unless a refusal says otherwise
    for (const auto& frame : *frames) {
        if (outcome_ != Outcome::working || phase_ != phase) break;
        if (const auto* refusal = std::get_if<wire::Refusal>(&frame)) {
            TRY(read_refusal(*refusal));
        } else if (const auto* receipts = std::get_if<wire::Receipts>(&frame);
                   receipts && phase == Phase::send) {
            TRY(read_receipts(*receipts));
        } else if (const auto* held = std::get_if<wire::Held>(&frame); held && phase == Phase::send) {
            read_held(*held);
        } else if (const auto* welcome = std::get_if<wire::Welcome>(&frame);
                   welcome && began == Phase::greet) {
            TRY(welcomes_++ == 0 ? read_welcome(*welcome) : read_later_welcome(*welcome));
            phase = phase_;
        } else if (const auto* item = std::get_if<wire::FeedItem>(&frame)) {
            TRY(keep_feed_item(*item));
        }
    }
    if (outcome_ != Outcome::working) return {};
    if (began == Phase::greet && phase_ == Phase::send && !unproven_.empty()) {
        if (welcomes_ <= unproven_.size()) return garbled(), Status{};  // each hello has its welcome
        unproven_.clear();
        TRY(store_->set(unproven_name, "[]"));
    }
    if (phase_ == Phase::send && phase == Phase::send) {
        budget_ = std::min(most_budget, budget_ * 2);
        TRY(finish_if_done());
        if (outcome_ == Outcome::working && !progressed_)
            stalled({RefusalCode::out_of_order, "the server answers, but takes nothing"});
    }
    return {};
}

// Less than what was sent means that it was lost or spoiled on the way.
void Session::read_held(const wire::Held& held) {
    for (const auto& parcel : held.parcels) {
        auto& offset = offsets_[parcel.parcel];
        // It has as much as there is, and still lacks the parcel: it believes another size, which was spoiled on the way.
        bool stuck = thought_whole_.contains(parcel.parcel) && parcel.offset >= offset;
        if (parcel.offset >= offset && !stuck) progressed_ = true;
        offset = stuck ? 0 : parcel.offset;
    }
    if (!progressed_ && stalls_ + 1 < most_stalls) ++stalls_, progressed_ = true;
}

Status Session::finish_if_done() {
    TRY_ASSIGN(auto left, store_->unsent());
    if (left > 0 || claim_due_) return {};
    auto items = std::exchange(feed_items_, 0), bytes = std::exchange(feed_bytes_, 0);
    if (items >= wire::most_feed_items || bytes >= wire::most_feed_bytes) {  // there may be more
        phase_ = Phase::greet;
        progressed_ = true;
        return {};
    }
    TRY_ASSIGN(bool due, cosigning_is_due());
    if (due) {
        phase_ = Phase::cosign;
        progressed_ = true;
        return {};
    }
    outcome_ = copied_                      ? Outcome::restored_copy
               : state_ != LogState::active ? Outcome::kept_apart
                                            : Outcome::done;
    return {};
}

// All that this tablet remembers of the server's log has been proven, up to the newest head.
Result<bool> Session::cosigning_is_due() const {
    bool has_time = settings_.wall_ms && settings_.wall_ms() >= 1'000;  // a cosignature's is not zero
    if (!has_time || copied_ || state_ != LogState::active || !unproven_.empty()) return false;
    return is_cosigning_due(*store_, settings_.server, server_note_);
}

Session::Trust Session::judge_server_head(std::string_view note, std::uint64_t old_size,
                                          const core::Proof& consistency, core::TreeHead& head) const {
    auto opened = wire::open_server_checkpoint(note, settings_.server);
    if (!opened.ok()) return Trust::garbled;
    head = std::move(*opened);
    if (server_note_.empty()) return Trust::holds;
    // Both heads are signed, so these two prove it by themselves.
    if (head.size < server_head_.size) return Trust::forked;
    if (head.size == server_head_.size) return head.root == server_head_.root ? Trust::holds : Trust::forked;
    if (old_size != server_head_.size) return Trust::garbled;
    return core::verify_consistency(server_head_.size, server_head_.root, head.size, head.root, consistency)
               ? Trust::holds
               : Trust::forked;
}

// A proof that fails may have been spoiled on the way, once or twice.
Status Session::distrust(Trust trust) {
    if (trust == Trust::garbled || ++forks_seen_ < most_forks_seen) {
        garbled();
        return {};
    }
    outcome_ = Outcome::server_forked;
    return store_->set(alarm_name, to_string(outcome_));
}

Status Session::read_welcome(const wire::Welcome& welcome) {
    core::TreeHead head;
    auto trust = judge_server_head(welcome.checkpoint, server_head_.size, welcome.consistency, head);
    if (trust != Trust::holds) return distrust(trust);
    if (unproven_.empty()) forks_seen_ = 0;
    if (welcome.checkpoint != server_note_) {
        TRY(store_->set(server_checkpoint_name, welcome.checkpoint));
        server_head_ = head;
        server_note_ = welcome.checkpoint;
    }
    nonce_ = welcome.nonce;
    TRY(keep_standing(welcome.state));
    held_ = welcome.held;
    offsets_.clear();
    progress_.held_bytes = 0;
    for (const auto& parcel : welcome.parcels) {
        offsets_[parcel.parcel] = parcel.offset;
        progress_.held_bytes += parcel.offset;
    }
    entries_first_ = welcome.parcels.size() > many_parcels;
    key_due_ = !welcome.has_transfer_key;
    phase_ = Phase::send;
    progressed_ = true;
    TRY(check_own_head(welcome));
    return {};
}

Status Session::keep_standing(wire::LogState state) {
    state_ = state;
    TRY_ASSIGN(auto before, standing(*store_));
    if (before == state) return {};
    return store_->set(standing_name, std::to_string(static_cast<int>(state)));
}

Result<LogState> Session::standing(const core::Store& store) {
    TRY_ASSIGN(auto digit, store.value(standing_name));
    if (digit == "1") return LogState::frozen;
    if (digit == "2") return LogState::revoked;
    return LogState::active;
}

Status Session::keep_feed_item(const wire::FeedItem& item) {
    if (item.position != feed_position_ + 1) return {};
    TRY(settings_.keep_feed_item(item));
    TRY(store_->set(feed_position_name, std::to_string(item.position)));
    feed_position_ = item.position;
    ++feed_items_;
    feed_bytes_ += item.content.size();
    return {};
}

// Is the head that the server shows of our log one that we have had?
Status Session::check_own_head(const wire::Welcome& welcome) {
    known_head_.reset();
    copied_ = false;
    claim_due_ = store_->size() > 0;
    if (welcome.device_head.empty()) return {};
    auto head = core::open_checkpoint(welcome.device_head, settings_.log_key->public_key());
    if (!head.ok()) {
        garbled();
        return {};
    }
    copied_ = head->size > store_->size();
    if (!copied_) {
        TRY_ASSIGN(auto root, store_->root(head->size));
        copied_ = root != head->root;
    }
    claim_due_ = copied_ || head->size != store_->size();
    known_head_ = std::move(*head);
    if (copied_) return store_->set(alarm_name, to_string(Outcome::restored_copy));
    return {};
}

Result<std::optional<std::vector<core::KeptReceipt>>> Session::verify_runs(const wire::Receipts& receipts,
                                                                           const core::TreeHead& head) const {
    std::vector<core::KeptReceipt> kept;
    for (const auto& run : receipts.runs) {
        if (run.from > store_->size() || run.items.size() > store_->size() - run.from)
            return std::optional<std::vector<core::KeptReceipt>>{};
        std::vector<core::LeafHash> leaves;
        for (std::uint64_t i = 0; i < run.items.size(); ++i) {
            TRY_ASSIGN(auto hash, leaf(run.from + i));
            leaves.push_back(hash);
        }
        if (!wire::verify_run(run, head, log_, leaves).ok())
            return std::optional<std::vector<core::KeptReceipt>>{};
        kept.push_back({run.from, run.items.size(), wire::encode_receipt(receipts.checkpoint, run)});
    }
    return std::optional(std::move(kept));
}

Status Session::read_receipts(const wire::Receipts& receipts) {
    core::TreeHead head;
    auto trust = judge_server_head(receipts.checkpoint, receipts.old_size, receipts.consistency, head);
    if (trust != Trust::holds) return distrust(trust);
    TRY_ASSIGN(auto kept, verify_runs(receipts, head));
    if (!kept) return garbled(), Status{};
    TRY(store_->keep_receipts(*kept, {{std::string(server_checkpoint_name), receipts.checkpoint}}));
    server_head_ = std::move(head);
    server_note_ = receipts.checkpoint;
    for (const auto& receipt : *kept) progress_.receipts += receipt.count;
    entries_budget_ = std::min<std::uint64_t>(most_batch_bytes, entries_budget_ * 2);
    forks_seen_ = stalls_ = 0;
    progressed_ = true;
    return {};
}

Status Session::read_refusal(const wire::Refusal& refusal) {
    switch (refusal.code) {
        case RefusalCode::newer_version:
        case RefusalCode::not_enrolled:
            // Not spoiled on the way twice in the same manner.
            if (refusal_.code == refusal.code && stalls_ > 0) {
                outcome_ = Outcome::refused;
                refusal_ = refusal;
                return {};
            }
            [[fallthrough]];
        default:
            stalled(refusal);
            return {};
    }
}

}  // namespace client
