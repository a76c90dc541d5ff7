// The clerk's side of a sync: it owns the session, and the transfer thread carries what the session says. Signings come
// first: an answer from the server waits until nothing else has been asked for.
#include <spdlog/spdlog.h>

#include "kiosk/effects_clerk.h"
#include "kiosk/feed.h"
#include "sync/client/enrolment_stick.h"
#include "sync/protocol/parcel.h"

namespace kiosk {
namespace {

// Names of messages: what the host reads.
const char* words_for(client::Trouble trouble) {
    using client::Trouble;
    switch (trouble) {
        case Trouble::none:
            return "sync.unfinished";
        case Trouble::no_network:
            return "sync.trouble.no_network";
        case Trouble::refused:
            return "sync.trouble.refused";
        case Trouble::slow:
            return "sync.trouble.slow";
        case Trouble::cut:
            return "sync.trouble.cut";
        case Trouble::other_server:
            return "sync.trouble.other_server";
        case Trouble::certificate:
            return "sync.trouble.certificate";
        case Trouble::not_enrolled:
            return "sync.trouble.not_enrolled";
        case Trouble::server_fault:
            return "sync.trouble.server_fault";
        case Trouble::proxy:
            return "sync.trouble.proxy";
        case Trouble::other:
            return "sync.trouble.other";
    }
    return "";
}

const char* words_for(client::Outcome outcome, client::Trouble trouble) {
    using client::Outcome;
    switch (outcome) {
        case Outcome::working:
            return words_for(trouble);
        case Outcome::done:
            return "sync.done";
        case Outcome::kept_apart:
            return "sync.kept_apart";
        case Outcome::restored_copy:
            return "sync.restored_copy";
        case Outcome::server_forked:
            return "sync.server_forked";
        case Outcome::refused:
            return "sync.refused";
    }
    return "";
}

std::string host_of(std::string_view url) {
    for (std::string_view scheme : {"https://", "http://"})
        if (url.starts_with(scheme)) url.remove_prefix(scheme.size());
    return std::string(url.substr(0, url.find('/')));
}

}  // namespace

core::Result<SyncState> Clerk::sync_state() const {
    SyncState state = told_;
    TRY_ASSIGN(auto url, store_->value("sync.url"));
    state.server = url ? host_of(*url) : "";
    TRY_ASSIGN(auto standing, client::Session::standing(*store_));
    state.standing = standing == wire::LogState::revoked  ? SyncState::Standing::revoked
                     : standing == wire::LogState::frozen ? SyncState::Standing::frozen
                                                          : SyncState::Standing::active;
    state.unreadable = feed_unreadable_;
    state.stage = enrolment_ ? SyncState::Stage::enrolling
                  : session_ ? SyncState::Stage::sending
                             : SyncState::Stage::idle;
    if (session_) count(state);
    return state;
}

// What was signed meanwhile goes along.
void Clerk::count(SyncState& state) const {
    const auto& progress = session_->progress();
    state.receipts = progress.receipts, state.entries = std::max(progress.entries, progress.receipts);
}

void Clerk::read_feed(const Lists& own) {
    std::vector<std::string> numbers;
    for (const auto& line : own.signings) numbers.push_back(line.certificate_number);
    std::ranges::sort(numbers);
    auto feed = kiosk::read_feed(feed_dir(), numbers, ceremony_ ? ceremony_->digest : core::Sha256{});
    for (auto position : feed.unreadable)
        spdlog::warn("feed: item {} cannot be read, and is passed over", position);
    take_newest_list();
    feed_unreadable_ = feed.unreadable.size() + (list_refused_ ? 1 : 0);
    revocations_ = std::move(feed.revocations);
    learn_revocations();
    elsewhere_ = std::make_shared<const std::vector<SignedElsewhere>>(std::move(feed.elsewhere));
    offered_ = std::make_shared<const std::vector<OfferedCeremony>>(std::move(feed.offered));
    feed_read_ = true;
}

void Clerk::use_newest_list(core::Ceremony& ceremony) {
    auto list = newest_list(feed_dir(), ceremony, ceremony_position_);
    list_refused_ = !list.ok();
    if (!list.ok()) return spdlog::warn("feed: {}", list.error().detail);
    if (!*list || (*list)->position == list_position_) return;
    list_position_ = (*list)->position;
    ceremony.expected = std::move((*list)->expected);
}

// Nobody waits for a start: whoever registered late is on the list that is searched now.
void Clerk::take_newest_list() {
    if (!ceremony_) return;
    auto before = list_position_;
    use_newest_list(*ceremony_);
    if (list_position_ == before) return;
    told_.listed = ceremony_->expected.size();
    answer_(ExpectedChanged{std::make_shared<const core::Ceremony>(*ceremony_)});
}

// A list of another CA (an older one, or of a tablet before it got another seal) says nothing of this tablet.
void Clerk::learn_revocations() {
    if (!seal_key_) return;
    for (const auto& list : revocations_) {
        auto learned = seal_key_->learn(list);
        if (!learned.ok()) spdlog::info("feed: a revocation list: {}", learned.error().detail);
    }
    if (seal_key_->revoked()) spdlog::error("this tablet's seal certificate is revoked");
}

core::Status Clerk::operate(UseCeremony& effect) {
    if (!store_ || !offered_) return core::Error{core::Errc::not_allowed, "the store is not open"};
    TRY_ASSIGN(bool open, ceremony_is_open());
    if (open) return core::Error{core::Errc::not_allowed, "a ceremony is open"};
    bool is_offered =
        std::ranges::find(*offered_, effect.position, &OfferedCeremony::position) != offered_->end();
    if (!is_offered) return core::Error{core::Errc::not_found, "no such ceremony in the feed"};
    TRY(choose_ceremony(feed_dir(), effect.position));
    feed_read_ = false;
    TRY_ASSIGN(auto lists, this->lists());
    answer_(ListsRead{std::move(lists)});
    return {};
}

core::Status Clerk::tell_sync() {
    TRY_ASSIGN(auto state, sync_state());
    answer_(SyncTold{std::move(state)});
    return {};
}

core::Status Clerk::end_transfer(const char* words, bool well) {
    if (session_) {
        count(told_);
        spdlog::info("sync: {} requests, {} parcels sealed ahead", session_->progress().requests,
                     sealed_ahead_);
    }
    sealed_ahead_ = 0;
    session_.reset(), enrolment_.reset(), renewal_.reset(), transfer_.reset();
    told_.words = words, told_.well = well;
    feed_read_ = false;  // more may have come
    TRY_ASSIGN(auto lists, this->lists());
    TRY(tell_sync());
    answer_(ListsRead{std::move(lists)});
    return {};
}

core::Status Clerk::operate(Enrol& effect) {
    if (!store_ || !keyring_) return core::Error{core::Errc::not_allowed, "the store is not open"};
    if (transfer_) return tell_sync();
    told_ = {};
    if (effect.invitation.empty()) {
        TRY_ASSIGN(bool done, enrolled_by_stick());
        if (done) return {};
        for (const auto& stick : {sticks_.host, sticks_.visitor})
            if (effect.invitation.empty() && !stick.empty()) effect.invitation = client::invitation_on(stick);
        if (effect.invitation.empty()) return end_transfer("sync.invitation.not_on_stick", false);
    }
    TRY_ASSIGN(auto log_key, keyring_->log_key());
    auto begun = client::enrolment_for(*store_, log_key, effect.invitation, tablet_name());
    if (!begun.ok() && begun.error().code != core::Errc::malformed) return begun.error();
    if (!begun.ok()) return end_transfer("sync.invitation.unreadable", false);
    enrolment_.emplace(std::move(*begun));
    transfer_ = std::make_unique<Transfer>(enrolment_->address(), client::Credentials{}, carried_);
    transfer_->carry(
        {client::Enrolment::path, client::Enrolment::type, core::to_bytes(enrolment_->body()), 0});
    return tell_sync();
}

// A tablet that never sees the network: its request waits for the answer that a stick brings. False: no answer there.
core::Result<bool> Clerk::enrolled_by_stick() {
    for (const auto& stick : {sticks_.host, sticks_.visitor}) {
        if (stick.empty()) continue;
        auto finished = client::finish_enrolment_from(*store_, stick);
        if (finished.ok() && !*finished) continue;
        if (!finished.ok()) spdlog::warn("enrolling by stick: {}", core::to_string(finished.error().code));
        TRY(end_transfer(finished.ok() ? "sync.enrolled" : "sync.invitation.not_the_answer", finished.ok()));
        return true;
    }
    return false;
}

// The server cannot be reached: by stick then, if there is one.
core::Status Clerk::leave_request(const client::Carried& carried) {
    auto stick = sticks_.host.empty() ? sticks_.visitor : sticks_.host;
    if (stick.empty()) return end_transfer(words_for(carried.trouble), false);
    auto left = client::leave_request(*store_, *enrolment_, stick);
    if (!left.ok()) {
        spdlog::warn("the request on the stick: {}", core::to_string(left.error().code));
        return end_transfer(words_for(carried.trouble), false);
    }
    return end_transfer("sync.invitation.request_on_stick", true);
}

core::Status Clerk::operate(StartSync&) {
    if (!store_ || !keyring_) return core::Error{core::Errc::not_allowed, "the store is not open"};
    if (transfer_) return tell_sync();
    told_ = {};
    TRY_ASSIGN(auto log_key, keyring_->log_key());
    sync_log_key_.emplace(std::move(log_key));
    transfer_key_.emplace(wire::transfer_key(keyring_->payload_key()));
    auto link = client::open_link(
        *store_, {*sync_log_key_, *transfer_key_},
        [this](const wire::FeedItem& item) { return client::keep_feed_file(feed_dir(), item); },
        *settings_.clock);
    if (!link.ok()) {
        if (link.error().code == core::Errc::not_found)
            return end_transfer("sync.trouble.not_enrolled", false);
        return link.error();
    }
    session_.emplace(std::move(link->session));
    transfer_ = std::make_unique<Transfer>(std::move(link->address), std::move(link->credentials), carried_);
    patience_ = client::Patience();
    return send_next(client::Trouble::none);
}

core::Status Clerk::send_next(client::Trouble before) {
    TRY_ASSIGN(auto request, session_->request());
    if (request.empty() || patience_.over()) {
        auto outcome = session_->outcome();
        if (outcome == client::Outcome::done) {
            TRY_ASSIGN(bool renewing, begin_renewal());
            if (renewing) return tell_sync();
        }
        return end_transfer(words_for(outcome, before), outcome == client::Outcome::done);
    }
    transfer_->carry({client::sync_path, client::sync_type, std::move(request), patience_.pause_ms(),
                      patience_.tls_record()});
    return tell_sync();
}

// As sync_once() does. What cannot be sealed is said when the request that needs it is made.
bool Clerk::seal_ahead() {
    if (!session_) return false;
    auto sealed = session_->prepare();
    bool one_more = sealed.ok() && *sealed;
    if (one_more) ++sealed_ahead_;
    return one_more;
}

// Before the certificate runs out that opens the server's door.
core::Result<bool> Clerk::begin_renewal() {
    TRY_ASSIGN(bool due, client::renewal_is_due(*store_, settings_.clock->wall_ms()));
    if (!due) return false;
    TRY_ASSIGN(auto renewal, client::Renewal::begin(*store_, *sync_log_key_, tablet_name()));
    renewal_.emplace(std::move(renewal));
    transfer_->carry({client::Renewal::path, client::Renewal::type, core::to_bytes(renewal_->body()), 0});
    return true;
}

core::Status Clerk::take_renewal(const client::Carried& carried) {
    auto finished = renewal_->finish(*store_, carried);
    if (finished.ok()) {
        spdlog::info("the certificate for the server was renewed");
        return end_transfer("sync.done", true);
    }
    spdlog::warn("renewing: {}: {}", core::to_string(finished.error().code), finished.error().detail);
    // All that was signed has come; the next sync asks again, as long as the old certificate holds.
    return end_transfer("sync.not_renewed", false);
}

core::Status Clerk::take_enrolment(const client::Carried& carried) {
    auto finished = enrolment_->finish(*store_, carried);
    if (finished.ok()) return end_transfer("sync.enrolled", true);
    spdlog::warn("enrolling: {}", core::to_string(finished.error().code));
    switch (finished.error().code) {
        case core::Errc::not_allowed:
            return end_transfer("sync.invitation.refused", false);
        case core::Errc::conflict:
            return end_transfer("sync.invitation.other_server", false);
        case core::Errc::not_found:
            return leave_request(carried);
        default:
            TRY(end_transfer("sync.trouble.other", false));
            return finished;
    }
}

core::Status Clerk::take_answer(const client::Carried& carried) {
    if (carried.trouble == client::Trouble::none) {
        TRY(session_->answer(carried.body));
        patience_.heard(session_->progress());
        return send_next(carried.trouble);
    }
    spdlog::warn("sync: {}: {}", client::to_string(carried.trouble), carried.detail);
    session_->cut();
    bool hopeless =
        carried.trouble == client::Trouble::not_enrolled || carried.trouble == client::Trouble::certificate;
    hopeless ? patience_.give_up() : patience_.failed();
    return send_next(carried.trouble);
}

void Clerk::take(const client::Carried& carried) {
    if (!transfer_ || !store_) return;
    core::Status status;
    try {
        status = enrolment_ ? take_enrolment(carried)
                 : renewal_ ? take_renewal(carried)
                            : take_answer(carried);
    } catch (const std::exception& exception) {  // a library threw: no answer from outside ends the kiosk
        status = core::Error{core::Errc::internal, exception.what()};
    }
    if (status.ok()) return;
    spdlog::error("sync: {}: {}", core::to_string(status.error().code), status.error().detail);
    session_.reset(), enrolment_.reset(), renewal_.reset(), transfer_.reset();
    told_.words = "sync.trouble.other", told_.well = false;
    answer_(Failed{Trouble{Job::start_sync, status.error()}});
    if (auto told = tell_sync(); !told.ok()) spdlog::error("sync: {}", told.error().detail);
}

}  // namespace kiosk
