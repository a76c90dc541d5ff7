// Stick: what the server makes of bundles that came in files (sync/protocol/frames_file.h): the same frames through the
// same ingest as over the network, and one answer for the tablet.
//
// Nothing of a part is taken before its signature was checked over the whole file. Parts are taken in order, whatever
// the order they are given in; one whose predecessors are not here waits, since the order of arrival is the order of
// the register.
#pragma once

#include <filesystem>

#include "sync/ingest/ingest.h"
#include "sync/protocol/frames_file.h"

namespace server {

// What a reader of sticks must know of a tablet's log.
struct LogNews {
    core::Ed25519Public key{};
    wire::LogState state = wire::LogState::active;
    std::uint64_t held = 0;
    Bytes transfer_key;  // as it came; empty: not come yet
    wire::ServerName server;
    std::string tablet;  // "surfplatta A"
};

// To the one ingest there is: in this process, or in the server that runs. An Error ends everything.
struct Door {
    std::function<Result<std::optional<LogNews>>(const wire::LogName&)> find_log;
    // An exchange by stick, and its answer.
    std::function<Result<Bytes>(const wire::LogName&, ByteView)> exchange;
};
Door door_of(Ingest& ingest, Ledger& ledger);

// Something that staff should know of a file, in words.
struct Remark {
    std::filesystem::path file;
    std::string what;
};

enum class Gaps { wait, accept };  // entries whose predecessors the server does not hold

struct TakenBundle {
    core::Uuid bundle{};
    wire::LogName log;
    std::uint32_t total = 0;
    std::vector<std::uint32_t> taken, missing;   // places
    std::vector<std::filesystem::path> files;    // of those that were given
    std::uint64_t accepted = 0, kept_apart = 0;  // entries, now or before
    Bytes receipts;                              // the file for the tablet; empty: nothing to tell
    std::vector<Remark> remarks;                 // empty: all well
};
struct TakenSticks {
    std::vector<TakenBundle> bundles;  // a log's in order
    std::vector<Remark> refused;       // files that are no part of any
};

// Exactly once: the same files again give the same receipts. `open` opens what was sealed to the bundle certificate.
Result<TakenSticks> take_bundles(const Door& door, std::span<const std::filesystem::path> files,
                                 const wire::OpenSeal& open, Gaps gaps = Gaps::wait);

// Does nothing but ask: the answer to one exchange, taken apart. Errc::malformed when the server cannot be understood.
Result<std::vector<wire::Frame>> ask(const Door& door, const wire::LogName& log,
                                     const std::vector<wire::Frame>& frames);

// "handslag-1a2b3c4d", what a bundle's files begin with.
std::string file_name_of(const core::Uuid& bundle);

}  // namespace server
