// Session: the tablet's side of a sync, from hello to the last receipt. It makes requests and reads answers;
// whoever has a network carries them. Runs where the store is owned.
//
// Nothing is remembered but what is durable in the store: the outbox, the receipts, and the server's head. A
// session may therefore end anywhere, and another begins where the last receipt was.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "core/evidence/store.h"
#include "sync/protocol/received.h"

namespace client {

using core::Bytes;
using core::ByteView;
using core::Result;
using core::Status;

struct SessionSettings {
    wire::ServerName server;  // as enrolment told
    const core::Ed25519Key* log_key = nullptr;
    const core::SecretKey* transfer_key = nullptr;
    // To the municipality's bundle certificate.
    std::function<Result<Bytes>(ByteView)> seal;
    // Keeps what the server has for tablets, durably.
    std::function<Status(const wire::FeedItem&)> keep_feed_item = [](const auto&) { return Status{}; };
    // The tablet's clock. With it the server's newest head is cosigned (witness.h) at the end; empty: it is not.
    std::function<std::int64_t()> wall_ms;
};

enum class Outcome {
    working,
    done,           // every entry has a receipt
    kept_apart,     // every entry has a receipt, but the server has frozen or revoked this log
    restored_copy,  // as kept_apart, and it is this tablet that is a copy or was restored from one
    server_forked,  // the server's log does not contain what this tablet remembers: staff must look first
    refused,        // see refusal()
};
const char* to_string(Outcome outcome);

struct Progress {
    std::uint64_t entries = 0, receipts = 0;  // of this session: to send in all, and done
    std::uint64_t parcel_bytes = 0;           // put into requests
    std::uint64_t held_bytes = 0;  // that the server has, at the newest welcome, of parcels not yet done
    std::uint64_t requests = 0, request_bytes = 0, answer_bytes = 0, cuts = 0;
};

class Session {
  public:
    static Result<Session> begin(core::Store& store, SessionSettings settings);

    // What to send next; empty when the session is over. An Error is the store's.
    Result<Bytes> request();
    // While the server works on the request: seals one more parcel for the next. False when as much is ready as the next
    // request may carry. Whether the server takes the request does not matter to what is sealed.
    Result<bool> prepare();
    // The whole answer to it. What cannot be read or proven counts as a cut. An Error is the store's.
    Status answer(ByteView bytes);
    // No answer came, or half of one.
    void cut();

    // What a bundle begins with (stick.h): the hellos of a first request.
    Result<std::vector<wire::Frame>> hellos() const;
    // The server's answer to a bundle, whichever and whenever. Receipts are taken on the server's signature; a head of
    // the server that nothing proves yet is remembered, and the server must prove it at the next hello. An Error:
    // unreadable or not this server's (malformed, damaged), or the store's.
    Status read_from_stick(ByteView exchange);

    // As the server said last, in any session; active before it has.
    static Result<wire::LogState> standing(const core::Store& store);

    Outcome outcome() const { return outcome_; }
    const wire::Refusal& refusal() const { return refusal_; }
    const Progress& progress() const { return progress_; }

  private:
    enum class Phase { greet, send, cosign };
    Session(core::Store& store, SessionSettings settings);

    struct Sending;
    Result<Bytes> send();
    Result<wire::Claim> make_claim() const;
    // An entry, ready to go.
    struct Sealed {
        Bytes entry;
        core::LeafHash leaf;
        std::optional<Bytes> parcel;  // nothing: the entry has no payload left
        wire::ParcelHash hash;
    };
    Status fill(Sending& sending);
    bool add_parts(Sending& sending, const Sealed& sealed);
    Result<bool> add_entry(Sending& sending, std::uint64_t seq, Sealed& sealed);
    Status close_batch(Sending& sending);
    Result<Sealed*> sealed(std::uint64_t seq);
    Result<core::LeafHash> leaf(std::uint64_t seq) const;
    void drop_sealed(std::uint64_t seq);

    enum class Trust { holds, garbled, forked, unproven };
    Trust judge_server_head(std::string_view note, std::uint64_t old_size, const core::Proof& consistency,
                            core::TreeHead& head) const;
    Status distrust(Trust trust);
    Status read_welcome(const wire::Welcome& welcome);
    Status read_later_welcome(const wire::Welcome& welcome);
    Status keep_feed_item(const wire::FeedItem& item);
    Status keep_standing(wire::LogState state);
    // Of a head that came by stick. Updates what is remembered, in memory; remembered() is what to keep.
    Result<Trust> meet_server_head(std::string_view note, const core::Proof& consistency);
    std::map<std::string, std::string> remembered() const;
    Status read_stick_receipts(const wire::Receipts& receipts);
    // The runs as the tablet keeps them; nothing when one proves nothing.
    Result<std::optional<std::vector<core::KeptReceipt>>> verify_runs(const wire::Receipts& receipts,
                                                                      const core::TreeHead& head) const;
    void read_held(const wire::Held& held);
    Status read_receipts(const wire::Receipts& receipts);
    Status read_refusal(const wire::Refusal& refusal);
    Status check_own_head(const wire::Welcome& welcome);
    Status finish_if_done();
    Result<bool> cosigning_is_due() const;
    void garbled();
    void stalled(const wire::Refusal& why);

    core::Store* store_;
    SessionSettings settings_;
    wire::LogName log_;
    Phase phase_ = Phase::greet;
    Outcome outcome_ = Outcome::working;
    Progress progress_;
    wire::Refusal refusal_;

    core::TreeHead server_head_;  // remembered; size 0 and no origin: none yet
    std::string server_note_;
    struct Unproven {
        core::TreeHead head;
        std::string note;
    };
    std::vector<Unproven> unproven_;  // the server signed them, and has not proven yet that it stands by them
    std::uint64_t feed_position_ = 0;
    std::size_t feed_items_ = 0, feed_bytes_ = 0;  // since the last hello

    // Of this welcome.
    wire::Nonce nonce_{};
    wire::LogState state_ = wire::LogState::active;
    std::optional<core::TreeHead> known_head_;  // our newest that the server knows
    bool copied_ = false, claim_due_ = false, key_due_ = false;
    std::uint64_t held_ = 0;
    std::map<wire::ParcelHash, std::uint64_t> offsets_;
    std::set<wire::ParcelHash> thought_whole_;  // by the server's word, when the last request began

    std::uint64_t budget_, entries_budget_;
    bool entries_first_ = false;       // too many parcels wait for theirs
    std::uint64_t entries_alone_ = 0;  // bytes of them in the newest request, when it had no parcels
    int stalls_ = 0, forks_seen_ = 0;
    std::size_t welcomes_ = 0;  // in this answer
    bool progressed_ = false;
    std::map<std::uint64_t, core::LeafHash> sent_;  // the entries of the newest request
    std::map<std::uint64_t, Sealed> sealed_;        // those that are next
    std::uint64_t sealed_bytes_ = 0, next_ = 0;  // next: the entry that the newest request did not get to
};

}  // namespace client
