// Signed list: who has signed already, on any tablet, as the feed tells the others (feed kind "already signed").
//
// Canonical JSON. Only what the public register shows, and the organisationsnummer; no person. Each item adds to those
// before it.
//
// | field  | content                                                                                    |
// |--------|--------------------------------------------------------------------------------------------|
// | format | "handslag-signed/1"                                                                        |
// | signed | list of objects: certificate, organisation, number (organisationsnummer, ten digits; "")   |
// | voided | list of certificate numbers that do not stand any more: void, or erased                   |
#pragma once

#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace wire {

struct SignedLine {
    std::string certificate_number, organisation, organisationsnummer;
    friend bool operator==(const SignedLine&, const SignedLine&) = default;
};
struct SignedList {
    std::vector<SignedLine> lines;
    std::vector<std::string> voided;
    friend bool operator==(const SignedList&, const SignedList&) = default;
};

inline constexpr std::size_t most_signed_lines = 1'000;  // in one item, and as many voided

core::Bytes encode(const SignedList& list);
core::Result<SignedList> decode_signed_list(core::ByteView bytes);  // Errc::malformed, newer_version

}  // namespace wire
