// Frames in files: what a tablet and the server say to each other when a USB stick carries it. PROTOCOL.md has the
// bytes.
//
// A tablet's frames go into a bundle of one or more parts, each an exchange of its own with whole entries: sealed to
// the municipality's bundle certificate and signed with the tablet's log key. The server's answer to a bundle is one
// receipts file, sealed under the tablet's transfer key. Parts may be larger than memory and are never whole in it.
// Not here: files and sticks (sync/client/stick, sync/server/stick), and CMS, which callers bring as functions.
#pragma once

#include <functional>

#include "core/base/hash_stream.h"
#include "sync/protocol/frames.h"

namespace wire {

inline constexpr std::uint64_t most_parts = 10'000;

// One part, by its sealed head: what is signed, so that no part can stand in for another.
struct PartHead {
    core::SecretKey key;  // of the chunks
    core::Uuid bundle{};  // random; the same in every part of a bundle
    std::uint32_t place = 1, total = 1;
    LogName log;
    std::uint64_t from = 0, to = 0;  // holds entries of [from, to): those of the log that the server lacks
};
core::Bytes encode(const PartHead& head);
core::Result<PartHead> decode_part_head(core::ByteView bytes);  // Errc::malformed

// To the bundle certificate, and with its key.
using Seal = std::function<core::Result<core::Bytes>(core::ByteView)>;
using OpenSeal = Seal;

class PartWriter {
  public:
    using Sink = std::function<core::Status(core::ByteView)>;
    static core::Result<PartWriter> begin(const PartHead& head, const Seal& seal, Sink sink);
    core::Status write(const Frame& frame);
    core::Status finish(const core::Ed25519Key& log_key);

  private:
    PartWriter(core::SecretKey key, Sink sink) : key_(std::move(key)), sink_(std::move(sink)) {}
    core::Status put(core::ByteView bytes);
    core::Status put_chunk(core::ByteView plain, bool last);

    core::SecretKey key_;
    Sink sink_;
    core::Sha256Stream whole_;
    core::Sha256 head_{};
    std::uint64_t chunks_ = 0;
    core::Bytes pending_;
};

// A file of `size` bytes that can be read anywhere.
struct Source {
    std::uint64_t size = 0;
    std::function<core::Result<core::Bytes>(std::uint64_t offset, std::size_t size)> read;
};

// Does it begin as a part does? Says nothing about the rest.
bool looks_like_part(core::ByteView begin);
// The whole file was written by the owner of `log_key`, and nothing of it is missing or changed. Errc::damaged.
core::Status check_signature(const Source& file, const core::Ed25519Public& log_key);

class PartReader {
  public:
    // Reads the head. Errc::malformed, newer_version, damaged (cut short); what `open` says when it was sealed to
    // somebody else.
    static core::Result<PartReader> begin(Source file, const OpenSeal& open);
    const PartHead& head() const { return head_; }
    const Source& file() const { return file_; }
    // The next frame; nothing after the last. Call check_signature() before believing any of them. Errc::damaged,
    // malformed.
    core::Result<std::optional<Frame>> next();

  private:
    PartReader(Source file, PartHead head, core::Sha256 digest, std::uint64_t begin)
        : file_(std::move(file)), head_(std::move(head)), digest_(digest), at_(begin) {}
    Source file_;
    PartHead head_;
    core::Sha256 digest_;
    std::uint64_t at_, chunks_ = 0;
    FrameReader frames_;
};

// The answer to a bundle: an exchange, sealed so that nobody but the tablet reads it.
core::Bytes seal_receipts(const core::SecretKey& transfer_key, const LogName& log, core::ByteView exchange);
// Errc::malformed, newer_version; damaged: changed, or for another tablet.
core::Result<core::Bytes> open_receipts(const core::SecretKey& transfer_key, const LogName& log,
                                        core::ByteView file);

}  // namespace wire
