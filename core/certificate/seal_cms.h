// The seal's CMS: the one form that we write, and the only one that we accept (RFC 5652, ETSI EN 319 122-1).
//
// | part              | content                                                                                   |
// |-------------------|-------------------------------------------------------------------------------------------|
// | ContentInfo       | id-signedData, [0] SignedData                                                             |
// | SignedData        | version 1, {SHA-256}, id-data without content, [0] {signer's, issuing CA's}, {SignerInfo} |
// | SignerInfo        | version 1, issuer and serial, SHA-256, [0] signed attributes, algorithm, signature,       |
// |                   | [1] {signature timestamp} from B-T on                                                     |
// | signed attributes | content-type id-data; message-digest; signing-certificate-v2 with both certificates       |
//
// Every SET is in DER's order. SHA-256's identifier has no parameters (RFC 5754, 2); an ECDSA signature has
// the lower of its two values s. Both certificates are named by their hash (RFC 5035), so nothing of them can
// be written in another way either, whoever issued them.
#pragma once

#include "core/base/hash.h"
#include "core/certificate/x509.h"

namespace core {

struct SealCertificates {
    X509* signer = nullptr;
    X509* issuer = nullptr;
};

// What is signed: the attributes as a SET (0x31). In the CMS the same bytes begin with 0xA0.
Bytes signed_attributes(const SealCertificates& certificates, const Sha256& content_digest);

// The whole. `timestamp` is a TimeStampToken (RFC 3161) over `signature`; empty for B-B.
Bytes write_cms(const SealCertificates& certificates, ByteView attributes, ByteView signature,
                ByteView timestamp = {});

// ECDSA on P-256, or RSA of at least 3072 bits; others seal nothing.
bool can_seal(EVP_PKEY* key);

// The signature in its one form: for ECDSA strict DER with s at most half the order, for RSA as it is.
// Nothing when it is no signature at all.
std::optional<Bytes> one_form(EVP_PKEY* key, ByteView signature);

}  // namespace core
