// Session: what a stick brings back, and the proofs that are asked for it later. The file may be any answer of this
// server, old or new: what it proves is taken, and nothing is asked.
#include <algorithm>

#include "core/base/json.h"
#include "sync/client/session.h"
#include "sync/client/session_values.h"

namespace client {

using namespace session_values;
using core::Errc;
using core::Error;
using wire::LogState;

namespace {

// Each sync or bundle proves all that wait, so this many come of something else than use.
constexpr std::size_t most_unproven = wire::most_hellos - 1;

bool proves(const core::TreeHead& before, const core::TreeHead& head, const core::Proof& consistency) {
    if (before.size == head.size) return before.root == head.root;
    return core::verify_consistency(before.size, before.root, head.size, head.root, consistency);
}

}  // namespace

Result<Session::Trust> Session::meet_server_head(std::string_view note, const core::Proof& consistency) {
    auto opened = wire::open_server_checkpoint(note, settings_.server);
    if (!opened.ok())
        return Error{Errc::damaged, "the receipts are not signed by the server that this tablet knows"};
    auto& head = *opened;
    auto contradicts = [&](const core::TreeHead& known) {
        return known.size == head.size && known.root != head.root;
    };
    bool forked = (!server_note_.empty() && contradicts(server_head_)) ||
                  std::ranges::any_of(unproven_, contradicts, &Unproven::head);
    if (forked) return Trust::forked;
    // What a later head contains needs no proof of its own.
    std::erase_if(unproven_, [&](const Unproven& before) { return proves(before.head, head, consistency); });
    if (server_note_.empty() || proves(server_head_, head, consistency)) {
        server_head_ = std::move(head);
        server_note_ = note;
        return Trust::holds;
    }
    if (unproven_.size() >= most_unproven)
        return Error{Errc::not_allowed, "too many receipts that wait for a sync or a new bundle"};
    unproven_.push_back({std::move(head), std::string(note)});
    return Trust::unproven;
}

// To the hello of a head that came by stick.
Status Session::read_later_welcome(const wire::Welcome& welcome) {
    if (phase_ != Phase::send || welcomes_ > unproven_.size() + 1) return {};
    const auto& before = unproven_[welcomes_ - 2].head;
    auto head = wire::open_server_checkpoint(welcome.checkpoint, settings_.server);
    if (!head.ok()) return distrust(Trust::garbled);
    // It proves something only under the head that the first welcome was about. The log may have grown since: asked again
    // then. Two heads of one size prove it by themselves.
    if (*head != server_head_)
        return distrust(head->size == server_head_.size ? Trust::forked : Trust::garbled);
    nonce_ = welcome.nonce;
    if (core::verify_consistency(before.size, before.root, head->size, head->root, welcome.consistency))
        return {};
    return distrust(Trust::forked);
}

std::map<std::string, std::string> Session::remembered() const {
    core::Json notes = core::Json::array();
    for (const auto& unproven : unproven_) notes.push_back(unproven.note);
    return {{std::string(server_checkpoint_name), server_note_},
            {std::string(unproven_name), core::encode_canonical(notes)}};
}

Status Session::read_from_stick(ByteView exchange) {
    TRY_ASSIGN(auto frames, wire::decode_exchange(exchange));
    refusal_ = {};
    bool refused = false;
    for (const auto& frame : frames) {
        if (const auto* welcome = std::get_if<wire::Welcome>(&frame)) {
            TRY_ASSIGN(auto trust, meet_server_head(welcome->checkpoint, welcome->consistency));
            if (trust == Trust::forked) outcome_ = Outcome::server_forked;
            if (trust == Trust::forked) return store_->set(alarm_name, to_string(outcome_));
            TRY(store_->keep_receipts({}, remembered()));
            TRY(keep_standing(welcome->state));
            if (!copied_) TRY(check_own_head(*welcome));  // once is enough
        } else if (const auto* receipts = std::get_if<wire::Receipts>(&frame)) {
            TRY(read_stick_receipts(*receipts));
            if (outcome_ == Outcome::server_forked) return {};
        } else if (const auto* item = std::get_if<wire::FeedItem>(&frame)) {
            TRY(keep_feed_item(*item));
        } else if (const auto* refusal = std::get_if<wire::Refusal>(&frame)) {
            refusal_ = *refusal;
            refused = true;
        }
    }
    claim_due_ = false, feed_items_ = feed_bytes_ = 0, settings_.wall_ms = {};  // nobody is there to hear it
    TRY(finish_if_done());
    if (outcome_ == Outcome::working && refused) outcome_ = Outcome::refused;
    return {};
}

Status Session::read_stick_receipts(const wire::Receipts& receipts) {
    TRY_ASSIGN(auto head, wire::open_server_checkpoint(receipts.checkpoint, settings_.server));
    TRY_ASSIGN(auto trust, meet_server_head(receipts.checkpoint, receipts.consistency));
    if (trust == Trust::forked) {
        outcome_ = Outcome::server_forked;
        return store_->set(alarm_name, to_string(outcome_));
    }
    TRY_ASSIGN(auto kept, verify_runs(receipts, head));
    if (!kept)
        return Error{Errc::damaged, "the receipts do not prove what they say of this tablet's entries"};
    TRY(store_->keep_receipts(*kept, remembered()));
    for (const auto& receipt : *kept) progress_.receipts += receipt.count;
    // Only a copy of this tablet can have written another entry at the same place.
    auto conflicts = [](const wire::Receipts::Run& run) {
        return std::ranges::find(run.items, wire::Standing::conflict, &wire::Receipts::Item::standing) !=
               run.items.end();
    };
    if (copied_ || !std::ranges::any_of(receipts.runs, conflicts)) return {};
    copied_ = true;
    return store_->set(alarm_name, to_string(Outcome::restored_copy));
}

}  // namespace client
