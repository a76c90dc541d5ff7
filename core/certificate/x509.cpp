#include "core/certificate/x509.h"

#include <ctime>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace core {
namespace {

std::string one_line(const X509_NAME* name) {
    BioHandle out(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(out.get(), name, 0,
                       XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
    char* text = nullptr;
    long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size > 0 ? size : 0)};
}

}  // namespace

Result<std::vector<X509Certificate>> read_certificates(std::string_view pem) {
    std::vector<X509Certificate> all;
    BioHandle in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    while (X509* certificate = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr))
        all.emplace_back(certificate);
    unsigned long reason = ERR_peek_last_error();
    ERR_clear_error();
    if (ERR_GET_LIB(reason) == ERR_LIB_PEM && ERR_GET_REASON(reason) == PEM_R_NO_START_LINE) return all;
    return Error{Errc::malformed, "not a list of PEM certificates"};
}

Status check_root(const std::vector<X509Certificate>& chain, std::string_view root_pem) {
    CHECK_THAT(!chain.empty());
    TRY_ASSIGN(auto roots, read_certificates(root_pem));
    if (roots.size() != 1) return Error{Errc::malformed, "root.pem is not one certificate"};
    X509* root = roots.front().get();
    X509* last = chain.back().get();
    bool leads_there = to_der(last, i2d_X509) == to_der(root, i2d_X509) ||
                       (X509_check_ca(root) == 1 && X509_check_issued(root, last) == X509_V_OK &&
                        X509_verify(last, X509_get0_pubkey(root)) == 1);
    ERR_clear_error();
    if (leads_there) return {};
    return Error{Errc::not_allowed, "the seal's certificate does not lead to the municipality's root"};
}

std::string to_pem(X509* certificate) {
    BioHandle out(BIO_new(BIO_s_mem()));
    CHECK_THAT(PEM_write_bio_X509(out.get(), certificate) == 1);
    char* text = nullptr;
    long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

bool is_p256(EVP_PKEY* key) {
    char group[64] = "";
    std::size_t size = 0;
    return key != nullptr && EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 &&
           std::string_view(group) == "prime256v1";
}

bool is_self_issued(X509* certificate) {
    return X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
}

std::string subject_entry(X509* certificate, int nid) {
    const X509_NAME* name = X509_get_subject_name(certificate);
    int at = X509_NAME_get_index_by_NID(name, nid, -1);
    if (at < 0) return {};
    unsigned char* utf8 = nullptr;
    int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (size < 0) return {};
    std::string text(reinterpret_cast<char*>(utf8), static_cast<std::size_t>(size));
    OPENSSL_free(utf8);
    return text;
}

std::int64_t to_ms(const ASN1_TIME* time) {
    std::tm utc{};
    if (ASN1_TIME_to_tm(time, &utc) != 1) return 0;
    return static_cast<std::int64_t>(timegm(&utc)) * 1000;
}

bool says_demonstration(X509* certificate) {
    return one_line(X509_get_issuer_name(certificate)).find("DEMONSTRATION") != std::string::npos ||
           one_line(X509_get_subject_name(certificate)).find("DEMONSTRATION") != std::string::npos;
}

}  // namespace core
