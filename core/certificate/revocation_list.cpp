#include "core/certificate/revocation_list.h"

#include <algorithm>

#include <openssl/x509v3.h>

namespace core {
namespace {

using Crl = Handle<X509_CRL, X509_CRL_free>;

Result<Crl> decode(ByteView der) {
    const unsigned char* at = der.data();
    Crl list(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    if (!list || at != der.data() + der.size())
        return Error{Errc::malformed, "not a certificate revocation list in DER"};
    return list;
}

bool signed_by(X509_CRL* list, X509* issuer) {
    bool so = X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(issuer)) == 0 &&
              (X509_get_key_usage(issuer) & KU_CRL_SIGN) != 0 &&
              X509_CRL_verify(list, X509_get0_pubkey(issuer)) == 1;
    ERR_clear_error();
    return so;
}

bool issued_by(X509* certificate, X509* root) {
    bool so = X509_check_issued(root, certificate) == X509_V_OK &&
              X509_verify(certificate, X509_get0_pubkey(root)) == 1;
    ERR_clear_error();
    return so;
}

}  // namespace

Result<ListFacts> read_list(ByteView der) {
    TRY_ASSIGN(auto list, decode(der));
    Handle<ASN1_INTEGER, ASN1_INTEGER_free> number(
        static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(list.get(), NID_crl_number, nullptr, nullptr)));
    Handle<BIGNUM, BN_free> value(number ? ASN1_INTEGER_to_BN(number.get(), nullptr) : nullptr);
    const ASN1_TIME* next = X509_CRL_get0_nextUpdate(list.get());
    ERR_clear_error();
    if (!value || BN_is_negative(value.get()) || next == nullptr)
        return Error{Errc::malformed,
                     "a list without a number, or that does not say when the next one comes"};
    ListFacts facts;
    facts.this_update_ms = to_ms(X509_CRL_get0_lastUpdate(list.get()));
    facts.next_update_ms = to_ms(next);
    facts.number.resize(static_cast<std::size_t>(BN_num_bytes(value.get())));
    BN_bn2bin(value.get(), facts.number.data());
    facts.issuer = sha256(to_der(X509_CRL_get_issuer(list.get()), i2d_X509_NAME));
    return facts;
}

Result<ListFacts> check_list(ByteView der, std::string_view root_pem, std::string_view issuing_pem) {
    TRY_ASSIGN(auto facts, read_list(der));
    TRY_ASSIGN(auto list, decode(der));
    TRY_ASSIGN(auto roots, read_certificates(root_pem));
    TRY_ASSIGN(auto issuing, read_certificates(issuing_pem));
    if (roots.size() != 1) return Error{Errc::malformed, "root.crt is not one certificate"};
    X509* root = roots.front().get();
    facts.by_root = signed_by(list.get(), root);
    bool ours = facts.by_root || std::any_of(issuing.begin(), issuing.end(), [&](const auto& one) {
                    return issued_by(one.get(), root) && signed_by(list.get(), one.get());
                });
    if (!ours) return Error{Errc::not_allowed, "no CA of this root signed it"};
    return facts;
}

Status check_root_certificate(std::string_view pem) {
    TRY_ASSIGN(auto roots, read_certificates(pem));
    bool is_root = roots.size() == 1 && X509_check_ca(roots.front().get()) == 1 &&
                   X509_self_signed(roots.front().get(), 1) == 1;
    ERR_clear_error();
    if (!is_root) return Error{Errc::not_allowed, "not the certificate of a root"};
    return {};
}

Result<bool> revokes(ByteView der, const std::vector<X509Certificate>& chain) {
    TRY_ASSIGN(auto list, decode(der));
    bool ours = false;
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        if (!signed_by(list.get(), chain[i + 1].get())) continue;
        ours = true;
        X509_REVOKED* entry = nullptr;
        constexpr int named = 1;  // 2: taken off a list that this one adds to
        if (X509_CRL_get0_by_cert(list.get(), &entry, chain[i].get()) == named) return true;
    }
    if (!ours) return Error{Errc::not_allowed, "no CA of this chain signed it"};
    return false;
}

bool is_later(const ListFacts& a, const ListFacts& b) {
    if (a.number.size() != b.number.size()) return a.number.size() > b.number.size();
    return std::lexicographical_compare(b.number.begin(), b.number.end(), a.number.begin(), a.number.end());
}

}  // namespace core
