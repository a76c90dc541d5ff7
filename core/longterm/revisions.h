// Revisions: what stands behind the sealed file, read as strictly as the seal is.
//
// Each increment is taken apart, written anew by increment.h around what was found in it, and the two must be
// the same bytes. So nothing but validation data and document timestamps can follow, in one form. Input is
// hostile: time and memory are bounded by the file's size and the limits below.
#pragma once

#include "core/longterm/increment.h"

namespace core {

inline constexpr std::size_t most_increments = 100, most_stored_objects = 400, most_stored_bytes = 16U << 20;

struct DocumentTimestamp {
    Bytes token;          // DER, not judged here
    Sha256 digest{};      // of what it must be over
    std::size_t end = 0;  // of the file that it covers, itself included
};

struct AddedRevision {
    enum class Kind { validation_data, timestamp } kind = Kind::validation_data;
    std::size_t begin = 0, end = 0;
    DocumentTimestamp timestamp;  // of the second kind
};

struct Revisions {
    RevisionEnd end;  // of the whole file
    std::vector<AddedRevision> added;
};

// `first`: where revision 1 ends. Errc::damaged says which increment is not one of ours, and why.
Result<Revisions> read_increments(ByteView pdf, RevisionEnd first);

}  // namespace core
