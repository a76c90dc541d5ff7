// Representative: a person who signs for an organisation, and the signature that the person leaves.
#pragma once

#include <string>
#include <vector>

#include "core/model/ink.h"

namespace core {

enum class Authority { alone, jointly };  // firmatecknare: ensam, i förening

struct Representative {
    std::string name, role;  // "Åsa Öberg", "ordförande"
    Authority authority = Authority::alone;
    friend bool operator==(const Representative&, const Representative&) = default;
};

// Private: never in the certificate (decision 16).
struct ContactDetails {
    std::string name, email, phone;
    friend bool operator==(const ContactDetails&, const ContactDetails&) = default;
};

struct Signature {
    // on_paper: on a blank form that the municipality keeps; the host entered it later.
    enum class Kind { drawn, typed_witnessed, on_paper } kind = Kind::drawn;
    Ink ink;                          // drawn
    std::string typed_name, witness;  // typed_witnessed: the witness's role ("ceremonivärd") or name
    std::int64_t signed_at_ms = 0;    // on_paper: when the day that stands on the paper began in Sweden
    friend bool operator==(const Signature&, const Signature&) = default;
};

}  // namespace core
