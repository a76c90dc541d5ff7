// Link: what enrolment left in a tablet's store, and a whole sync over it.
//
// Encrypted values of the store (Store::set): sync.url, sync.pin, sync.origin, sync.server_key,
// sync.certificate, sync.key, sync.key_secret, sync.bundle_certificate. The TLS key is made here and never
// leaves the tablet.
#pragma once

#include <filesystem>

#include "core/base/clock.h"
#include "sync/client/carrier.h"
#include "sync/client/session.h"

namespace client {

// The keys of the tablet that a sync needs.
struct TabletKeys {
    const core::Ed25519Key& log_key;
    const core::SecretKey& transfer_key;
};

// What a sync over this link needs: the session for the thread that owns the store, the rest for whoever carries.
struct OpenLink {
    Session session;
    Address address;
    Credentials credentials;
};
// Errc::not_found when the tablet is not enrolled. `keys`, `keep_feed_item` and `clock` outlive the session.
Result<OpenLink> open_link(core::Store& store, const TabletKeys& keys,
                           const std::function<Status(const wire::FeedItem&)>& keep_feed_item,
                           const core::Clock& clock);
inline constexpr const char *sync_path = "/sync/1", *sync_type = "application/vnd.handslag.sync";

// Feed items as files, by position and kind, until the kiosk takes them from there. One of a kind that this version does
// not know lies there too, until a version comes that does.
Status keep_feed_file(const std::filesystem::path& dir, const wire::FeedItem& item);

// An answer to an invitation in two halves, with the network between them. The TLS key lives here meanwhile.
class Enrolment {
  public:
    static Result<Enrolment> begin(const core::Store& store, const core::Ed25519Key& log_key,
                                   std::string_view invitation, std::string_view tablet);
    const Address& address() const { return address_; }
    const std::string& body() const { return body_; }
    // Errc::not_allowed in the server's words; not_found with advice; conflict: enrolled with another server.
    Status finish(core::Store& store, const Carried& carried) const;

    // The same without a network: the request and its answer travel by stick (sync/protocol/admission.h), and the request
    // with its key waits in the store, until an enrolment is finished or another is kept.
    Status keep(core::Store& store) const;
    static Result<std::optional<Enrolment>> kept(const core::Store& store);
    bool answers(std::string_view invitation) const;  // that one: it need not be answered anew
    // Errc::malformed, damaged: not this server's answer to this request.
    Status finish_by_stick(core::Store& store, ByteView admission) const;

    static constexpr const char *path = "/enrol", *type = "application/json";

  private:
    Status take(core::Store& store, ByteView answer) const;

    Address address_;
    std::string body_, key_pem_, secret_;
};

// Answers an invitation ("handslag-invitation/1 URL CODE PIN"). Errc::malformed; not_allowed in the server's
// words; not_found when it cannot be reached, with advice.
Status enrol(core::Store& store, const core::Ed25519Key& log_key, std::string_view invitation,
             std::string_view tablet);

// How long a tablet tries: until the link has failed some times with nothing new at the server between.
class Patience {
  public:
    explicit Patience(int most_tries = 6, int first_pause_ms = 200)
        : most_tries_(most_tries), first_pause_ms_(first_pause_ms) {}
    void heard(const Progress& progress);  // after an answer
    void failed();
    void give_up() { tries_ = most_tries_; }
    bool over() const { return tries_ >= most_tries_; }
    int pause_ms() const { return tries_ == 0 ? 0 : first_pause_ms_ << (tries_ - 1); }  // before the next try
    // For the carrier: short ones once the link has broken, the shortest when nothing came through even so.
    std::size_t tls_record() const { return tls_record_; }

  private:
    int most_tries_, first_pause_ms_, tries_ = 0;
    std::size_t tls_record_ = Carrier::longest_tls_record;
    std::uint64_t receipts_ = 0, held_bytes_ = 0;
};

struct SyncReport {
    Outcome outcome = Outcome::working;
    Progress progress;
    wire::Refusal refusal;
    Trouble trouble = Trouble::none;  // that ended it
    std::string detail;
    std::optional<Status> renewed;         // a new certificate was asked for, since the old one soon runs out
    std::uint64_t sent = 0, received = 0;  // bytes, with HTTP's
    std::int64_t took_ms = 0;
};

// Errc::not_found when the tablet is not enrolled. What has come to receipts when patience ends stays. `told`
// after each answer.
Result<SyncReport> sync_once(core::Store& store, const TabletKeys& keys, const core::Clock& clock,
                             const std::function<void(const Progress&)>& told,
                             const std::function<Status(const wire::FeedItem&)>& keep_feed_item,
                             Patience patience = Patience());

// What a session needs of an enrolled tablet, whatever carries it. Errc::not_found when it is not enrolled.
Result<SessionSettings> session_settings(const core::Store& store, const TabletKeys& keys);

Result<wire::ServerName> enrolled_server(const core::Store& store);  // Errc::not_found

}  // namespace client
