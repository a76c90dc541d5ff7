#include "sync/client/link.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/certificate/ca.h"
#include "core/certificate/keyring.h"
#include "sync/client/renewal.h"
#include "sync/protocol/admission.h"
#include "sync/protocol/invitation.h"

namespace client {
namespace {

using core::Errc;
using core::Error;
using core::Json;

constexpr std::string_view kept_name = "sync.request";

Result<std::string> needed(const core::Store& store, std::string_view name) {
    TRY_ASSIGN(auto value, store.value(name));
    if (!value) return Error{Errc::not_found, "this tablet is not enrolled with a server"};
    return std::move(*value);
}

struct Answer {
    std::string certificate, bundle_certificate, origin, server_key;
};
Result<Answer> decode_answer(core::ByteView body) {
    TRY_ASSIGN(Json json, core::decode_canonical(core::as_text(body)));
    Answer answer;
    for (auto [name, field] :
         {std::pair{"certificate", &answer.certificate},
          std::pair{"bundle_certificate", &answer.bundle_certificate}, std::pair{"origin", &answer.origin},
          std::pair{"server_key", &answer.server_key}}) {
        if (!json.is_object() || !json.contains(name) || !json[name].is_string())
            return Error{Errc::malformed, "the server's answer to the invitation"};
        *field = json[name].get<std::string>();
    }
    return answer;
}

}  // namespace

Result<wire::ServerName> enrolled_server(const core::Store& store) {
    wire::ServerName server;
    TRY_ASSIGN(server.origin, needed(store, "sync.origin"));
    TRY_ASSIGN(auto hex, needed(store, "sync.server_key"));
    auto key = core::from_hex(hex);
    if (!key || key->size() != server.key.size())
        return Error{Errc::damaged, "the server's key in the store"};
    std::copy(key->begin(), key->end(), server.key.begin());
    return server;
}

Result<Enrolment> Enrolment::begin(const core::Store& store, const core::Ed25519Key& log_key,
                                   std::string_view invitation, std::string_view tablet) {
    TRY_ASSIGN(auto invited, wire::parse_invitation(invitation));
    Enrolment enrolment;
    enrolment.secret_ = core::to_base32(core::random_bytes(20));
    TRY_ASSIGN(auto pair,
               core::make_key_and_request(tablet, enrolment.secret_, core::KeyStretch::for_our_own_secret));
    const auto& identity = store.identity();
    wire::LogName log{identity.device, static_cast<std::uint32_t>(identity.epoch)};
    enrolment.body_ = core::encode_canonical({{"code", invited.code},
                                              {"device", identity.device.str()},
                                              {"epoch", identity.epoch},
                                              {"log_key", core::to_hex(identity.log_key)},
                                              {"request", pair.request_pem},
                                              {"signature", core::to_hex(log_key.sign(wire::enrolment_message(
                                                                invited.code, log, pair.request_pem)))}});
    enrolment.address_ = {invited.url, invited.pin};
    enrolment.key_pem_ = pair.key_pem;
    return enrolment;
}

Status Enrolment::finish(core::Store& store, const Carried& carried) const {
    if (carried.status == 403) return Error{Errc::not_allowed, carried.detail};
    if (carried.trouble != Trouble::none)
        return Error{Errc::not_found, std::string(to_string(carried.trouble)) + ": " + carried.detail + "\n" +
                                          advice(carried.trouble)};
    return take(store, carried.body);
}

Status Enrolment::take(core::Store& store, ByteView body) const {
    TRY_ASSIGN(auto answer, decode_answer(body));
    // Another server would not know what this one has given receipts for.
    auto before = enrolled_server(store);
    if (before.ok() && (before->origin != answer.origin || core::to_hex(before->key) != answer.server_key))
        return Error{Errc::conflict, "this tablet is enrolled with another server"};
    return store.keep_receipts({}, {{"sync.url", address_.url},
                                    {"sync.pin", address_.pin},
                                    {"sync.origin", answer.origin},
                                    {"sync.server_key", answer.server_key},
                                    {"sync.certificate", answer.certificate},
                                    {"sync.key", key_pem_},
                                    {"sync.key_secret", secret_},
                                    {"sync.bundle_certificate", answer.bundle_certificate},
                                    {std::string(kept_name), ""}});
}

Status Enrolment::keep(core::Store& store) const {
    return store.set(kept_name, core::encode_canonical({{"body", body_},
                                                        {"key", key_pem_},
                                                        {"pin", address_.pin},
                                                        {"secret", secret_},
                                                        {"url", address_.url}}));
}

Result<std::optional<Enrolment>> Enrolment::kept(const core::Store& store) {
    TRY_ASSIGN(auto text, store.value(kept_name));
    if (!text || text->empty()) return std::optional<Enrolment>{};
    TRY_ASSIGN(const Json json, core::decode_canonical(*text));
    Enrolment enrolment;
    for (auto [name, field] :
         {std::pair{"body", &enrolment.body_}, std::pair{"key", &enrolment.key_pem_},
          std::pair{"pin", &enrolment.address_.pin}, std::pair{"secret", &enrolment.secret_},
          std::pair{"url", &enrolment.address_.url}}) {
        if (!json.is_object() || !json.contains(name) || !json[name].is_string())
            return Error{Errc::damaged, "the request for enrolment in the store"};
        *field = json[name].get<std::string>();
    }
    return std::optional(std::move(enrolment));
}

bool Enrolment::answers(std::string_view invitation) const {
    auto invited = wire::parse_invitation(invitation);
    auto request = core::decode_canonical(body_);
    return invited.ok() && request.ok() && invited->url == address_.url && invited->pin == address_.pin &&
           (*request)["code"] == invited->code;
}

Status Enrolment::finish_by_stick(core::Store& store, ByteView admission) const {
    TRY_ASSIGN(const Json request, core::decode_canonical(body_));
    TRY_ASSIGN(auto answer, wire::open_admission(core::as_text(admission), address_.pin,
                                                 request["request"].get<std::string>()));
    return take(store, core::as_bytes(answer));
}

Status enrol(core::Store& store, const core::Ed25519Key& log_key, std::string_view invitation,
             std::string_view tablet) {
    TRY_ASSIGN(auto enrolment, Enrolment::begin(store, log_key, invitation, tablet));
    Carrier carrier(enrolment.address(), {});
    return enrolment.finish(store,
                            carrier.ask(Enrolment::path, Enrolment::type, core::as_bytes(enrolment.body())));
}

Result<SessionSettings> session_settings(const core::Store& store, const TabletKeys& keys) {
    SessionSettings settings;
    TRY_ASSIGN(settings.server, enrolled_server(store));
    settings.log_key = &keys.log_key;
    settings.transfer_key = &keys.transfer_key;
    TRY_ASSIGN(auto bundle_certificate, needed(store, "sync.bundle_certificate"));
    settings.seal = [bundle_certificate](ByteView key) { return core::seal_to(bundle_certificate, key); };
    return settings;
}

Result<OpenLink> open_link(core::Store& store, const TabletKeys& keys,
                           const std::function<Status(const wire::FeedItem&)>& keep_feed_item,
                           const core::Clock& clock) {
    TRY_ASSIGN(auto settings, session_settings(store, keys));
    settings.keep_feed_item = keep_feed_item;
    settings.wall_ms = [&clock] { return clock.wall_ms(); };
    Address address;
    Credentials credentials;
    TRY_ASSIGN(address.url, needed(store, "sync.url"));
    TRY_ASSIGN(address.pin, needed(store, "sync.pin"));
    TRY_ASSIGN(credentials.certificate_pem, needed(store, "sync.certificate"));
    TRY_ASSIGN(credentials.key_pem, needed(store, "sync.key"));
    TRY_ASSIGN(credentials.key_secret, needed(store, "sync.key_secret"));
    TRY_ASSIGN(auto session, Session::begin(store, std::move(settings)));
    return OpenLink{std::move(session), std::move(address), std::move(credentials)};
}

Status keep_feed_file(const std::filesystem::path& dir, const wire::FeedItem& item) {
    std::error_code error;
    std::filesystem::create_directories(dir, error);
    return core::write_file_durably(
        dir / (std::to_string(item.position) + "-" + std::to_string(static_cast<int>(item.kind))),
        item.content, core::FileAccess::owner_only);
}

void Patience::failed() {
    constexpr std::size_t short_record = 2'048;
    ++tries_;
    tls_record_ = tries_ > 1 ? Carrier::shortest_tls_record : std::min(tls_record_, short_record);
}

void Patience::heard(const Progress& progress) {
    bool receipts = progress.receipts > receipts_;
    if (!receipts && progress.held_bytes <= held_bytes_) return;
    receipts_ = progress.receipts;
    held_bytes_ = receipts ? 0 : progress.held_bytes;  // what has its receipt is held no more
    tries_ = 0;
}

Result<SyncReport> sync_once(core::Store& store, const TabletKeys& keys, const core::Clock& clock,
                             const std::function<void(const Progress&)>& told,
                             const std::function<Status(const wire::FeedItem&)>& keep_feed_item,
                             Patience patience) {
    TRY_ASSIGN(auto link, open_link(store, keys, keep_feed_item, clock));
    Carrier carrier(std::move(link.address), std::move(link.credentials));
    auto& session = link.session;

    SyncReport report;
    auto began_ms = clock.now().monotonic_ms;
    while (!patience.over()) {
        TRY_ASSIGN(auto request, session.request());
        if (request.empty()) break;
        carrier.set_tls_record(patience.tls_record());
        std::atomic<bool> answered = false;
        auto preparing = std::async(std::launch::async, [&]() -> Status {
            for (bool more = true; more && !answered;) {
                TRY_ASSIGN(more, session.prepare());
            }
            return {};
        });
        auto carried = carrier.ask(sync_path, sync_type, request);
        answered = true;
        TRY(preparing.get());
        report.trouble = carried.trouble;
        report.detail = carried.detail;
        if (carried.trouble == Trouble::none) {
            TRY(session.answer(carried.body));
            patience.heard(session.progress());
            told(session.progress());
            continue;
        }
        session.cut();
        if (carried.trouble == Trouble::not_enrolled || carried.trouble == Trouble::certificate) break;
        patience.failed();
        std::this_thread::sleep_for(std::chrono::milliseconds(patience.pause_ms()));
    }
    report.outcome = session.outcome();
    if (report.outcome == Outcome::done) {  // what was signed comes first
        TRY_ASSIGN(bool due, renewal_is_due(store, clock.wall_ms()));
        if (due) {
            TRY_ASSIGN(auto renewal, Renewal::begin(store, keys.log_key, "surfplatta"));
            report.renewed = renewal.finish(
                store, carrier.ask(Renewal::path, Renewal::type, core::as_bytes(renewal.body())));
        }
    }
    report.progress = session.progress();
    report.refusal = session.refusal();
    report.sent = carrier.sent();
    report.received = carrier.received();
    report.took_ms = clock.now().monotonic_ms - began_ms;
    return report;
}

}  // namespace client
