// Received: the leaves of the server's own log, and the receipts that prove them.
//
// The server appends a leaf for every entry that it takes, and for every decision about a tablet's log. A
// leaf is canonical JSON and public; it names the entry only by its leaf hash and the parcel only by the hash
// of its sealed bytes.
//
// | field         | content                                                                  |
// |---------------|--------------------------------------------------------------------------|
// | format        | "handslag-received/1"                                                    |
// | device, epoch, seq | the entry's place                                                   |
// | entry         | its leaf hash in the tablet's log (hex)                                  |
// | parcel        | SHA-256 of the sealed parcel (hex); absent when it had none              |
// | standing      | "accepted", "conflict", "frozen" or "revoked"                            |
// | received_ms   | the server's clock                                                       |
//
// | field         | content                                                                  |
// |---------------|--------------------------------------------------------------------------|
// | format        | "handslag-notice/1"                                                      |
// | device, epoch | whose log                                                                |
// | what          | "enrolled", "frozen", "revoked"                                          |
// | why           | "", or the evidence in words and heads; nothing personal                 |
// | held, at_ms   | entries held in order by then; the server's clock                        |
#pragma once

#include "core/evidence/checkpoint.h"
#include "sync/protocol/frames.h"

namespace wire {

std::string_view to_id(Standing standing);
std::optional<Standing> parse_standing(std::string_view id);

struct Received {
    LogName log;
    std::uint64_t seq = 0;
    core::LeafHash entry;
    std::optional<ParcelHash> parcel;
    Standing standing = Standing::accepted;
    std::int64_t received_ms = 0;
    friend bool operator==(const Received&, const Received&) = default;
};
core::Bytes encode(const Received& received);
core::Result<Received> decode_received(core::ByteView bytes);

struct Notice {
    LogName log;
    std::string what, why;
    std::uint64_t held = 0;
    std::int64_t at_ms = 0;
};
core::Bytes encode(const Notice& notice);

// The server's log, by the key that the tablet was enrolled with.
struct ServerName {
    std::string origin;  // "handslag/server/<id>"
    core::Ed25519Public key{};
    friend bool operator==(const ServerName&, const ServerName&) = default;
};
core::Result<core::TreeHead> open_server_checkpoint(std::string_view note, const ServerName& server);

// That the server holds the entries of `run`, whose leaf hashes in the tablet's log are `entries`.
// Errc::damaged: it proves nothing of the kind.
core::Status verify_run(const Receipts::Run& run, const core::TreeHead& server_head, const LogName& log,
                        std::span<const core::LeafHash> entries);

// A receipt as the tablet keeps it: one run under its checkpoint, as a receipts frame without consistency
// proof.
core::Bytes encode_receipt(const std::string& checkpoint, const Receipts::Run& run);
core::Result<Receipts> decode_receipt(core::ByteView bytes);

}  // namespace wire
