// Compare: which certificates of a ceremony protocol lie beside it, and which do not belong.
//
// The protocol lists each certificate by number and by the SHA-256 of the file that left the ceremony; a file that
// has been extended since is compared as it was then. Nothing is judged here but the lists: seals are verified
// before.
#pragma once

#include "core/base/json.h"
#include "core/model/signing_record.h"

namespace staff {

struct GivenCertificate {
    std::string file;
    core::SigningRecord record;
    std::string original_sha256;  // hex, of the file as it left the ceremony
};

struct Comparison {
    std::string protocol;                          // its number
    std::size_t listed = 0, here = 0, voided = 0;  // voided: of those listed
    std::vector<std::string> missing;              // numbers that are listed and not given
    std::vector<std::string> other_file;           // files whose number is listed with another hash
    std::vector<std::string> foreign;              // files of this tablet's ceremony that are not listed
    bool whole() const { return here == listed && other_file.empty() && foreign.empty(); }
};
// Certificates of other ceremonies, or of other tablets, are none of this protocol's.
Comparison compare(const core::ProtocolRecord& protocol, const std::vector<GivenCertificate>& given);

std::string to_text(const Comparison& comparison);
core::Json to_json(const Comparison& comparison);

}  // namespace staff
