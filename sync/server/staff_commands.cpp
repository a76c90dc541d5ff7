#include "sync/server/staff_commands.h"

#include <algorithm>
#include <charconv>

#include "core/base/json.h"
#include "core/certificate/revocation_list.h"
#include "sync/ingest/cosigning.h"
#include "sync/protocol/ceremony_folder.h"
#include "sync/protocol/expected_list.h"
#include "sync/server/act_commands.h"
#include "sync/server/enrolment.h"

namespace server {
namespace {

using core::Errc;
using core::Error;
using core::Json;

constexpr std::int64_t most_hours = 90 * 24;

std::string text_in(const Json& json, const char* name) {
    return json.contains(name) && json[name].is_string() ? json[name].get<std::string>() : std::string();
}

const char* to_words(wire::LogState state) {
    switch (state) {
        case wire::LogState::active:
            return "active";
        case wire::LogState::frozen:
            return "FROZEN";
        case wire::LogState::revoked:
            return "lost";
    }
    return "?";
}

const char* to_words(wire::FeedKind kind) {
    switch (kind) {
        case wire::FeedKind::ceremony:
            return "ceremony";
        case wire::FeedKind::expected:
            return "expected organisations";
        case wire::FeedKind::signed_list:
            return "already signed";
        case wire::FeedKind::revocations:
            return "revocations";
    }
    return "?";
}

Result<std::string> publish_ceremony(Home& home, const Json& json) {
    auto content = core::from_base64(text_in(json, "content"));
    if (!content) return Error{Errc::malformed, "not a ceremony's folder"};
    TRY_ASSIGN(auto files, wire::decode_folder(*content));
    if (!files.contains("ceremony.toml")) return Error{Errc::malformed, "no ceremony.toml in the folder"};
    TRY(home.ingest->publish(wire::FeedKind::ceremony, text_in(json, "name"), *content));
    return std::string(
        "published: tablets get it at their next sync, and their hosts choose when to use it\n");
}

Result<std::string> publish_expected(Home& home, const Json& json) {
    auto content = core::from_base64(text_in(json, "content"));
    if (!content) return Error{Errc::malformed, "not a list of expected organisations"};
    TRY(wire::decode_expected_list(*content));
    TRY(home.ingest->publish(wire::FeedKind::expected, text_in(json, "name"), *content));
    return std::string(
        "published: tablets use it from their next sync on, also while the ceremony is open\n");
}

// Each list once: what was published already is published.
Result<std::string> publish_revocations(Home& home, const Json& json) {
    auto content = core::from_base64(text_in(json, "content"));
    if (!content) return Error{Errc::malformed, "not a revocation list"};
    TRY(core::read_list(*content));
    for (std::uint64_t after = 0;;) {
        TRY_ASSIGN(auto items, home.ledger->feed_after(after, wire::most_feed_items));
        if (items.empty()) break;
        for (const auto& item : items)
            if (item.kind == wire::FeedKind::revocations && item.content == *content) return std::string();
        after = items.back().position;
    }
    TRY(home.ingest->publish(wire::FeedKind::revocations, text_in(json, "name"), *content));
    return text_in(json, "name") + ": tablets get it at their next sync\n";
}

Result<std::string> tell_feed(Home& home) {
    std::string lines;
    for (std::uint64_t after = 0;;) {
        TRY_ASSIGN(auto items, home.ledger->feed_after(after, wire::most_feed_items));
        if (items.empty()) return lines;
        for (const auto& item : items)
            lines += std::to_string(item.position) + "  " + to_words(item.kind) +
                     (item.name.empty() ? "" : "  " + item.name) + "  " +
                     std::to_string(item.content.size()) + " bytes\n";
        after = items.back().position;
    }
}

Result<wire::LogName> log_in(const Json& json) {
    auto device = core::DeviceId::parse(text_in(json, "device"));
    bool has_epoch = json.contains("epoch") && json["epoch"].is_number_unsigned();
    if (!device || !has_epoch) return Error{Errc::malformed, "which device, which epoch?"};
    return wire::LogName{*device, json["epoch"].get<std::uint32_t>()};
}

Result<std::string> tell_log(Home& home, const wire::LogName& name) {
    TRY_ASSIGN(auto log, home.ledger->find_log(name));
    if (!log) return std::string("{}");
    return core::encode_canonical({{"key", core::to_hex(log->key)},
                                   {"state", static_cast<int>(log->state)},
                                   {"held", log->held},
                                   {"transfer_key", core::to_hex(log->transfer_key)},
                                   {"tablet", log->tablet},
                                   {"origin", home.ingest->name().origin},
                                   {"server_key", core::to_hex(home.ingest->name().key)}});
}

Result<std::optional<LogNews>> decode_log(std::string_view text) {
    const Error wrong{Errc::malformed, "the running server's answer about a tablet"};
    TRY_ASSIGN(Json json, core::decode_canonical(text));
    if (json.is_object() && json.empty()) return std::optional<LogNews>{};
    auto key = core::from_hex(text_in(json, "key")), server = core::from_hex(text_in(json, "server_key")),
         transfer = core::from_hex(text_in(json, "transfer_key"));
    LogNews news;
    if (!key || key->size() != news.key.size() || !server || server->size() != news.server.key.size() ||
        !transfer || !json["state"].is_number_unsigned() || json["state"].get<std::uint64_t>() > 2 ||
        !json["held"].is_number_unsigned())
        return wrong;
    std::ranges::copy(*key, news.key.begin());
    std::ranges::copy(*server, news.server.key.begin());
    news.tablet = text_in(json, "tablet");
    news.server.origin = text_in(json, "origin");
    news.state = static_cast<wire::LogState>(json["state"].get<int>());
    news.held = json["held"].get<std::uint64_t>();
    news.transfer_key = std::move(*transfer);
    return std::optional(std::move(news));
}

}  // namespace

Result<std::string> run_staff_command(Home& home, std::string_view text, std::int64_t now_ms) {
    TRY_ASSIGN(Json json, core::decode_canonical(text));
    if (!json.is_object()) return Error{Errc::malformed, "not a command"};
    auto command = text_in(json, "command");
    if (command == "invite") {
        std::int64_t hours = 1;
        if (json.contains("hours") && json["hours"].is_number_unsigned())
            hours = std::clamp<std::int64_t>(json["hours"].get<std::int64_t>(), 1, most_hours);
        TRY_ASSIGN(auto invitation,
                   invite(home, text_in(json, "tablet"), text_in(json, "url"), now_ms, hours));
        return wire::encode(invitation) + "\n";
    }
    if (command == "log-key") {
        const auto& name = home.ingest->name();
        return core::encode_note_key({name.origin, core::NoteAlgorithm::checkpoint, name.key}) + "\n";
    }
    if (command == "witness-keys") {
        TRY_ASSIGN(auto logs, home.ledger->all_logs());
        std::string lines;
        for (const auto& log : logs)
            if (log.state == wire::LogState::active) lines += core::encode_note_key(witness_key(log)) + "\n";
        return lines;
    }
    if (command == "list") {
        TRY_ASSIGN(auto logs, home.ledger->all_logs());
        std::string lines;
        for (const auto& log : logs)
            lines += log.name.device.str() + "  epoch " + std::to_string(log.name.epoch) + "  " +
                     to_words(log.state) + "  " + std::to_string(log.held) + " entries  " + log.tablet + "\n";
        return lines;
    }
    if (command == "admit") return admit(home, text_in(json, "request"), now_ms);
    if (command == "publish") return publish_ceremony(home, json);
    if (command == "expected") return publish_expected(home, json);
    if (command == "revocations") return publish_revocations(home, json);
    if (command == "feed") return tell_feed(home);
    if (command == "revoke") {
        TRY_ASSIGN(auto log, log_in(json));
        TRY(home.ingest->revoke(log, text_in(json, "why")));
        return std::string("reported lost: what it sends from now on is kept apart\n");
    }
    if (command == "adopt" || command == "log") {
        TRY_ASSIGN(auto log, log_in(json));
        if (command == "log") return tell_log(home, log);
        auto key = core::from_hex(text_in(json, "log_key"));
        core::Ed25519Public log_key{};
        if (!key || key->size() != log_key.size())
            return Error{Errc::malformed, "a log key has 64 hexadecimal digits"};
        std::ranges::copy(*key, log_key.begin());
        TRY(home.ingest->enrol(log, log_key, text_in(json, "tablet")));
        return std::string("known: what its sticks hold can be taken now\n");
    }
    TRY_ASSIGN(auto said, run_act_command(home, json, now_ms));
    if (said) return std::move(*said);
    return Error{Errc::malformed, "no such command"};
}

Door door_by(Post post) {
    Door door;
    door.find_log = [post](const wire::LogName& log) -> Result<std::optional<LogNews>> {
        TRY_ASSIGN(
            auto answer,
            post("/staff", core::as_bytes(core::encode_canonical(
                               {{"command", "log"}, {"device", log.device.str()}, {"epoch", log.epoch}}))));
        return decode_log(core::as_text(answer));
    };
    door.exchange = [post](const wire::LogName& log, ByteView request) {
        return post(std::string(exchange_path) + log.device.str() + "/" + std::to_string(log.epoch), request);
    };
    return door;
}

Result<wire::LogName> parse_exchange_path(std::string_view path) {
    if (path.starts_with(exchange_path)) path.remove_prefix(exchange_path.size());
    auto slash = path.find('/');
    auto device =
        slash == std::string_view::npos ? std::nullopt : core::DeviceId::parse(path.substr(0, slash));
    if (!device) return Error{Errc::malformed, "whose exchange?"};
    wire::LogName log{*device, 0};
    auto digits = path.substr(slash + 1);
    auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), log.epoch);
    if (wrong != std::errc{} || end != digits.data() + digits.size())
        return Error{Errc::malformed, "whose exchange?"};
    return log;
}

}  // namespace server
