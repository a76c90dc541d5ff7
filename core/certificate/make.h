// Make: from a laid-out document to a sealed PDF: draw (libharu) -> structure (qpdf) -> seal (OpenSSL CMS).
//
// What comes out is PDF/A-3u, PDF/UA-1 and PAdES B-B (ETSI EN 319 142-1) in one file, with the signing record embedded as
// an associated file. It does not count as made until verify_certificate() has said valid: make_certificate() does both.
#pragma once

#include "core/certificate/arms.h"
#include "core/certificate/layout.h"
#include "core/certificate/seal_key.h"

namespace core {

struct CertificateFile;
using CertificateHash = Hash<CertificateFile>;

struct MakeInput {
    const Document* document = nullptr;
    const Fonts* fonts = nullptr;
    const VectorArms* arms = nullptr;                   // may be null
    std::string record_name;                            // "signing-record.json", "ceremony-protocol.json"
    std::string record;                                 // canonical bytes
    std::string record_description;                     // in the document's language
    std::string seal_name, seal_reason, seal_location;  // /Name /Reason /Location
    std::string seal_description;                       // /TU of the seal's field
    std::int64_t claimed_at_ms = 0;                     // /M
};

struct Made {
    Bytes pdf;
    CertificateHash hash;
};
Result<Made> make_certificate(const MakeInput& input, const SealKey& key);

// A document that says nothing about anybody yet (core/certificate/blank_form.h): neither record nor seal. PDF/UA all the
// same.
Result<Bytes> make_unsealed(const MakeInput& input);

}  // namespace core
