// Copies: what a host's stick holds of a tablet that is no more (core/bundle.h), an entry a file, through the same
// ingest as its sync would have been. The copy brings the tablet's transfer key, so the parcels become the very bytes
// that the tablet would send; should it come back after all, nothing is there twice.
#pragma once

#include "sync/ingest/stick.h"

namespace server {

// The copies of one tablet's log.
struct TakenCopies {
    wire::LogName log;
    std::uint64_t accepted = 0, kept_apart = 0;  // entries, now or before
    std::vector<Remark> remarks;                 // empty: all well
};
struct TakenCopyFiles {
    std::vector<TakenCopies> logs;
    std::vector<Remark> refused;  // files that are no copy of an entry of a tablet that is known here
};

// `open` opens what was sealed to the municipality; `seal` seals to the server's own bundle certificate.
Result<TakenCopyFiles> take_copies(const Door& door, std::span<const std::filesystem::path> files,
                                   const wire::OpenSeal& open, const wire::Seal& seal,
                                   Gaps gaps = Gaps::wait);

}  // namespace server
