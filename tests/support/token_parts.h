// Token parts: a timestamp token taken apart and written again, in whatever other spelling one likes.
#pragma once

#include <vector>

#include "core/base/bytes.h"

namespace test {

// Each already DER. What is unsigned may be changed at will, and the signature still holds.
struct TokenParts {
    core::Bytes version, digests, content_type, content;  // content: of the OCTET STRING
    std::vector<core::Bytes> certificates, attributes;
    core::Bytes revocation, signer_version, signer_id, digest, algorithm, signature, unsigned_part;
    std::vector<core::Bytes> more_signers;
    bool in_pieces = false;  // the content as BER allows it
};
// Of a token in its one form; aborts when it is none.
TokenParts take_token_apart(core::ByteView token);
core::Bytes put_together(const TokenParts& parts);  // in the order of the vectors

// As it is stored; a token that cannot be, as it is.
core::Bytes as_stored(const core::Bytes& token);

core::Bytes object_id(std::string_view content_hex);
core::Bytes attribute(std::string_view oid_hex, core::ByteView value);

}  // namespace test
