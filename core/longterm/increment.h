// Increment: what is appended to a sealed file, in the one form that we write (ISO 32000-1, 7.5.6).
//
// Nothing of the earlier bytes is touched. There are two kinds:
//
// | kind            | objects                                                                               |
// |-----------------|---------------------------------------------------------------------------------------|
// | validation data | the catalog (first time: with /DSS), new streams, the /DSS dictionary                 |
// | timestamp       | the form (one more field), a DocTimeStamp over all that goes before, its hidden field |
//
// Then a classic cross-reference table, a trailer with /Prev and the same first /ID, and %%EOF. The same
// arguments always give the same bytes; the reader (revisions.h) relies on it.
#pragma once

#include <vector>

#include "core/base/bytes.h"
#include "core/base/hash.h"
#include "core/base/result.h"
#include "core/certificate/verify_revision.h"
#include "core/longterm/validation_data.h"

namespace core {

// Room for a document timestamp's token, in bytes; tokens with their chains take 4 to 8 kB.
inline constexpr std::size_t timestamp_room = 14'336;

// All that an increment must know about the file before it.
struct RevisionEnd {
    std::size_t size = 0, table_at = 0;  // in bytes; the table is the next /Prev
    int next_object = 0, root = 0, info = 0, form = 0;
    std::string root_text, form_text, first_id;  // as they stand in the file
    std::string id;                              // of the next revision: from what stands before it

    struct Entry {  // of /VRI: what validating one signature needs, as numbers of objects
        std::string key;
        std::vector<int> certificates, ocsps, crls;
    };
    int store = 0;  // the /DSS dictionary's object; 0: none yet
    ValidationData data;
    Entry all;  // the objects of `data`, in the same order
    std::vector<Entry> entries;

    std::string last_signature;  // the key that /VRI has for the last seal or timestamp
    int timestamps = 0;
};

// Of the file as sealed in the room, or with a timestamp in its seal. Errc::damaged: nothing to append to.
Result<RevisionEnd> end_of(const FirstRevision& first, ByteView revision);

struct Increment {
    Bytes bytes;
    RevisionEnd end;  // of the file with these bytes
};

// `needs`: all that the last signature's validation needs; what the file holds already is not stored again.
Increment write_validation_increment(const RevisionEnd& before, const ValidationData& needs);

struct EmptyTimestamp {
    Increment increment;
    std::size_t hole = 0;  // in the increment's bytes: where the hexadecimal digits begin
};
EmptyTimestamp write_timestamp_increment(const RevisionEnd& before);

// What the token is over: the file before and the increment, without the hole.
Sha256 timestamp_digest(ByteView before, const EmptyTimestamp& empty);
// Errc::internal when the token does not fit; the detail gives both sizes.
Result<Increment> fill_timestamp(EmptyTimestamp empty, ByteView token);

// SHA-1 of a whole /Contents, padding included, as the keys of /VRI are (EN 319 142-1, 5.4.2.2).
std::string signature_key(ByteView contents);

}  // namespace core
