// Expected list: the organisations that are expected at a ceremony, anew and alone (feed kind "expected organisations"), so
// that who registers late is on the tablets' lists without another ceremony folder and without a restart.
//
// Canonical JSON. It takes the place of the folder's expected.csv, whole; the one of the highest position counts.
//
// | field    | content                                                                              |
// |----------|--------------------------------------------------------------------------------------|
// | format   | "handslag-expected/1"                                                                |
// | ceremony | the id in its ceremony.toml                                                          |
// | list     | the text of expected.csv (assets/agreements/FORMAT.md); whoever uses it judges it    |
#pragma once

#include <string>

#include "core/base/id.h"
#include "sync/protocol/frames.h"

namespace wire {

struct ExpectedList {
    core::CeremonyId ceremony;
    std::string list;
    friend bool operator==(const ExpectedList&, const ExpectedList&) = default;
};

core::Result<core::Bytes> encode(
    const ExpectedList& list);  // Errc::malformed: not UTF-8; not_allowed: too large
core::Result<ExpectedList> decode_expected_list(core::ByteView bytes);  // Errc::malformed, newer_version

}  // namespace wire
