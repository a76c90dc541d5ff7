// Token form: a TimeStampToken (RFC 3161, RFC 5816) in the one form that we store and accept.
//
// A TSA signs its statement (TSTInfo) and the signed attributes. All else in its CMS could be spelt in another
// way by anybody, and everything would still verify. So what a TSA sends is read as leniently as OpenSSL reads,
// and written anew around what is signed; a stored token must be, byte for byte, what writing it anew gives.
//
// | part                 | a TSA may send                               | we store                                  |
// |----------------------|----------------------------------------------|-------------------------------------------|
// | encoding             | BER (RFC 5652, 1; Contents in a PDF: DER)    | DER, every SET in its order               |
// | versions             | 3, and 1 or 3 (RFC 5652, 5.1 and 5.3)        | 3, and 1                                  |
// | digest algorithms    | parameters NULL or none (RFC 5754, 2)        | the signer's, without parameters          |
// | eContent             | in pieces                                    | the bytes that the TSA hashed, in one     |
// | certificates         | any                                          | the signer's, and the issuers above it in |
// |                      |                                              | the token; a root only when ESS names it  |
// | CRLs, unsigned attr. | any (EN 319 122-1, 5.5: archive time-stamps) | none: their place is the DSS              |
// |                      |                                              | (EN 319 142-1, 5.4)                       |
// | signer               | issuer and number, or key identifier         | issuer and number                         |
// | signed attributes    | in any order                                 | in DER's, as they are signed (5652, 5.4)  |
// | signature algorithm  | the key's, or with the digest (RFC 3370, 3)  | with the digest; PSS with all parameters  |
// | signature            | ECDSA: s or its negative                     | the lower of the two                      |
//
// Where the TSA signed its choice of algorithms (RFC 6211, CMSAlgorithmProtection), that spelling is kept. The
// signer's certificate is pinned by its hash in signing-certificate-v2, an issuer's by the signature on it, and
// by judge.h, which wants the whole way to a trusted root in the token itself.
//
// Not pinned: an issuer's certificate that ESS does not name. When ECDSA signed it, it has two spellings, and
// they are its CA's to choose; judge.h refuses the one that differs from the same certificate in the file's
// validation data or in the trust file, so from B-LT on the other shows. And whoever trusts an issuer below
// the root does not miss it in the token.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace core {

inline constexpr std::size_t longest_token = 64U << 10;
inline constexpr int most_token_certificates = 10;

// Whether anything in it holds is not asked. Errc::damaged: no token of one signer whose certificate it carries,
// signed with SHA-256 or stronger by RSA or ECDSA.
Result<Bytes> token_in_one_form(ByteView token);

}  // namespace core
