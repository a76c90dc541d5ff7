#include "core/certificate/seal_cms.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>

#include "core/certificate/der.h"

namespace core {
namespace {

using BigNumber = Handle<BIGNUM, BN_free>;
using EcdsaSignature = Handle<ECDSA_SIG, ECDSA_SIG_free>;

Bytes oid(std::initializer_list<std::uint8_t> content) {
    return der::write(der::object_id, {Bytes(content)});
}

const Bytes signed_data_id = oid({0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02});
const Bytes data_id = oid({0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01});
const Bytes content_type_id = oid({0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x03});
const Bytes message_digest_id = oid({0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x04});
const Bytes signing_certificate_id = oid({0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x2F});
const Bytes timestamp_id = oid({0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x0E});
const Bytes sha256_id = oid({0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01});
const Bytes ecdsa_sha256_id = oid({0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02});
const Bytes rsa_sha256_id = oid({0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B});

Bytes issuer_of(X509* certificate) { return to_der(X509_get_issuer_name(certificate), i2d_X509_NAME); }
Bytes serial_of(X509* certificate) { return to_der(X509_get0_serialNumber(certificate), i2d_ASN1_INTEGER); }

Bytes attribute(const Bytes& type, ByteView value) {
    return der::write(der::sequence, {type, der::write(der::set, {value})});
}

// ESSCertIDv2 with SHA-256, which is its default and therefore left out.
Bytes certificate_id(X509* certificate) {
    using namespace der;
    Bytes names = write(sequence, {write(context_4, {issuer_of(certificate)})});
    return write(sequence, {write(octet_string, {sha256(to_der(certificate, i2d_X509))}),
                            write(sequence, {names, serial_of(certificate)})});
}

Bytes signature_algorithm(EVP_PKEY* key) {
    using namespace der;
    return EVP_PKEY_is_a(key, "RSA") == 1 ? write(sequence, {rsa_sha256_id, write(null, {})})  // RFC 4055, 5
                                          : write(sequence, {ecdsa_sha256_id});
}

}  // namespace

Bytes signed_attributes(const SealCertificates& certificates, const Sha256& content_digest) {
    using namespace der;
    Bytes named = write(sequence, {certificate_id(certificates.signer), certificate_id(certificates.issuer)});
    return write_sorted(set, {attribute(content_type_id, data_id),
                              attribute(message_digest_id, write(octet_string, {content_digest})),
                              attribute(signing_certificate_id, write(sequence, {named}))});
}

Bytes write_cms(const SealCertificates& certificates, ByteView attributes, ByteView signature,
                ByteView timestamp) {
    using namespace der;
    X509* signer = certificates.signer;
    Bytes version = {integer, 1, 1}, digest_id = write(sequence, {sha256_id});
    Bytes in_place(attributes.begin(), attributes.end()), unsigned_attributes;
    in_place.at(0) = context_0;
    if (!timestamp.empty()) unsigned_attributes = write(context_1, {attribute(timestamp_id, timestamp)});
    Bytes signer_info = write(sequence, {version, write(sequence, {issuer_of(signer), serial_of(signer)}),
                                         digest_id, in_place, signature_algorithm(X509_get0_pubkey(signer)),
                                         write(octet_string, {signature}), unsigned_attributes});
    Bytes both = write_sorted(context_0, {to_der(signer, i2d_X509), to_der(certificates.issuer, i2d_X509)});
    Bytes signed_data = write(sequence, {version, write(set, {digest_id}), write(sequence, {data_id}), both,
                                         write(set, {signer_info})});
    return write(sequence, {signed_data_id, write(context_0, {signed_data})});
}

bool can_seal(EVP_PKEY* key) {
    return is_p256(key) ||
           (key != nullptr && EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) >= 3072);
}

std::optional<Bytes> one_form(EVP_PKEY* key, ByteView signature) {
    if (key == nullptr || EVP_PKEY_is_a(key, "EC") != 1) return Bytes(signature.begin(), signature.end());
    const unsigned char* at = signature.data();
    EcdsaSignature parts(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(signature.size())));
    if (!parts || at != signature.data() + signature.size()) return std::nullopt;
    char name[64] = "";
    std::size_t size = 0;
    if (EVP_PKEY_get_group_name(key, name, sizeof name, &size) != 1) return std::nullopt;
    Handle<EC_GROUP, EC_GROUP_free> group(EC_GROUP_new_by_curve_name(OBJ_txt2nid(name)));
    if (!group) return std::nullopt;
    const BIGNUM *order = EC_GROUP_get0_order(group.get()), *s = ECDSA_SIG_get0_s(parts.get());
    BigNumber other(BN_new());
    CHECK_THAT(other && BN_sub(other.get(), order, s) == 1);
    if (BN_is_negative(other.get()) || BN_is_zero(s)) return std::nullopt;
    if (BN_cmp(s, other.get()) > 0) {
        BigNumber r(BN_dup(ECDSA_SIG_get0_r(parts.get())));
        CHECK_THAT(r && ECDSA_SIG_set0(parts.get(), r.release(), other.release()) == 1);
    }
    return to_der(parts.get(), i2d_ECDSA_SIG);
}

}  // namespace core
