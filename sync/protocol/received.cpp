#include "sync/protocol/received.h"

#include <algorithm>

#include "core/base/json.h"

namespace wire {
namespace {

using core::Bytes;
using core::ByteView;
using core::Errc;
using core::Error;
using core::Json;
using core::Result;

constexpr std::array<std::string_view, 4> standing_ids{"accepted", "conflict", "frozen", "revoked"};

}  // namespace

std::string_view to_id(Standing standing) { return standing_ids[static_cast<std::size_t>(standing)]; }

std::optional<Standing> parse_standing(std::string_view id) {
    for (std::size_t i = 0; i < standing_ids.size(); ++i)
        if (standing_ids[i] == id) return static_cast<Standing>(i);
    return std::nullopt;
}

Bytes encode(const Received& received) {
    Json json = {{"format", "handslag-received/1"},    {"device", received.log.device.str()},
                 {"epoch", received.log.epoch},        {"seq", received.seq},
                 {"entry", received.entry.hex()},      {"standing", to_id(received.standing)},
                 {"received_ms", received.received_ms}};
    if (received.parcel) json["parcel"] = received.parcel->hex();
    return core::to_bytes(core::encode_canonical(json));
}

Result<Received> decode_received(ByteView bytes) {
    const Error wrong{Errc::malformed, "the leaf is not of a received entry"};
    TRY_ASSIGN(Json json, core::decode_canonical(core::as_text(bytes)));
    if (!json.is_object()) return wrong;
    auto text = [&json](const char* name) {
        return json.contains(name) && json[name].is_string() ? json[name].get<std::string>() : std::string();
    };
    auto number = [&json](const char* name) {
        return json.contains(name) && json[name].is_number_integer() ? json[name].get<std::int64_t>() : -1;
    };
    Received received;
    auto device = core::DeviceId::parse(text("device"));
    auto entry = core::LeafHash::from_hex(text("entry"));
    auto standing = parse_standing(text("standing"));
    if (!device || !entry || !standing || number("epoch") < 0 || number("seq") < 0) return wrong;
    received.log = {*device, static_cast<std::uint32_t>(number("epoch"))};
    received.seq = static_cast<std::uint64_t>(number("seq"));
    received.entry = *entry;
    received.standing = *standing;
    received.received_ms = number("received_ms");
    if (json.contains("parcel")) {
        received.parcel = ParcelHash::from_hex(text("parcel"));
        if (!received.parcel) return wrong;
    }
    if (!std::ranges::equal(encode(received), bytes)) return wrong;
    return received;
}

Bytes encode(const Notice& notice) {
    return core::to_bytes(core::encode_canonical({{"format", "handslag-notice/1"},
                                                  {"device", notice.log.device.str()},
                                                  {"epoch", notice.log.epoch},
                                                  {"what", notice.what},
                                                  {"why", notice.why},
                                                  {"held", notice.held},
                                                  {"at_ms", notice.at_ms}}));
}

Result<core::TreeHead> open_server_checkpoint(std::string_view note, const ServerName& server) {
    TRY_ASSIGN(auto head, core::open_checkpoint(note, server.key));
    if (head.origin != server.origin) return Error{Errc::damaged, "the checkpoint is of another server"};
    return head;
}

core::Status verify_run(const Receipts::Run& run, const core::TreeHead& server_head, const LogName& log,
                        std::span<const core::LeafHash> entries) {
    if (entries.size() != run.items.size()) return Error{Errc::damaged, "a receipt for other entries"};
    // What canonical JSON cannot say, no leaf says.
    constexpr std::int64_t most = (std::int64_t{1} << 53) - 1;
    if (run.from > static_cast<std::uint64_t>(most) - entries.size())
        return Error{Errc::damaged, "a receipt for entries that cannot be"};
    std::vector<core::LeafHash> leaves;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto& item = run.items[i];
        if (item.received_ms > most || item.received_ms < -most)
            return Error{Errc::damaged, "a receipt of a time that cannot be"};
        leaves.push_back(core::leaf_hash(
            encode(Received{log, run.from + i, entries[i], item.parcel, item.standing, item.received_ms})));
    }
    if (!core::verify_range(leaves, run.index, server_head.size, run.proof, server_head.root))
        return Error{Errc::damaged, "the server's log does not hold what the receipt says"};
    return {};
}

Bytes encode_receipt(const std::string& checkpoint, const Receipts::Run& run) {
    return encode(Frame(Receipts{checkpoint, 0, {}, {run}}));
}

Result<Receipts> decode_receipt(ByteView bytes) {
    TRY_ASSIGN(auto frame, decode_frame(bytes));
    auto* receipts = std::get_if<Receipts>(&frame);
    if (receipts == nullptr || receipts->runs.size() != 1)
        return Error{Errc::malformed, "not a kept receipt"};
    return std::move(*receipts);
}

}  // namespace wire
