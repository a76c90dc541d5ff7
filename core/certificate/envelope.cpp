// Envelope: seal_to() and open_sealed() of keyring.h.
//
// CMS AuthEnvelopedData (RFC 5083) with AES-256-GCM. To a P-256 key: ECDH with X9.63 KDF over SHA-256 and
// AES-256 key wrap (RFC 5753); to an RSA key: OAEP with SHA-256. `openssl cms -decrypt -inform DER` opens it
// too.
#include <openssl/cms.h>
#include <openssl/rsa.h>

#include "core/certificate/keyring.h"
#include "core/certificate/keyring_pem.h"

namespace core {
namespace {

using Cms = Handle<CMS_ContentInfo, CMS_ContentInfo_free>;

BioHandle reader(ByteView bytes) {
    return BioHandle(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

Bytes written(BIO* bio) {
    char* data = nullptr;
    long size = BIO_get_mem_data(bio, &data);
    return Bytes(data, data + size);
}

bool choose_recipient_algorithms(CMS_RecipientInfo* recipient) {
    EVP_PKEY_CTX* context = CMS_RecipientInfo_get0_pkey_ctx(recipient);
    if (CMS_RecipientInfo_type(recipient) == CMS_RECIPINFO_AGREE) {
        EVP_CIPHER_CTX* wrap = CMS_RecipientInfo_kari_get0_ctx(recipient);
        return context != nullptr && wrap != nullptr &&
               EVP_PKEY_CTX_set_ecdh_kdf_md(context, EVP_sha256()) > 0 &&
               EVP_EncryptInit_ex(wrap, EVP_aes_256_wrap(), nullptr, nullptr, nullptr) > 0;
    }
    return context != nullptr && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) > 0 &&
           EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) > 0;
}

}  // namespace

Result<Bytes> seal_to(std::string_view recipient_certificate_pem, ByteView content) {
    TRY_ASSIGN(auto certificate, certificate_from_pem(recipient_certificate_pem));
    constexpr unsigned flags = CMS_BINARY | CMS_PARTIAL;
    Cms cms(CMS_encrypt(nullptr, nullptr, EVP_aes_256_gcm(), flags));
    if (!cms) return openssl_error("sealing to the bundle certificate");
    CMS_RecipientInfo* recipient = CMS_add1_recipient_cert(cms.get(), certificate.get(), CMS_KEY_PARAM);
    if (recipient == nullptr || !choose_recipient_algorithms(recipient))
        return openssl_error("sealing to the bundle certificate");
    BioHandle in = reader(content);
    BioHandle out(BIO_new(BIO_s_mem()));
    if (!in || !out || CMS_final(cms.get(), in.get(), nullptr, flags) != 1 ||
        i2d_CMS_bio(out.get(), cms.get()) != 1)
        return openssl_error("sealing to the bundle certificate");
    return written(out.get());
}

Result<Bytes> open_sealed(ByteView sealed, std::string_view key_pem, std::string_view passphrase,
                          std::string_view certificate_pem) {
    TRY_ASSIGN(auto key, key_from_pem(key_pem, passphrase));
    TRY_ASSIGN(auto certificate, certificate_from_pem(certificate_pem));
    if (!same_public_key(key.get(), X509_get0_pubkey(certificate.get())))
        return Error{Errc::conflict, "the key and the bundle certificate do not belong together"};
    BioHandle in = reader(sealed);
    Cms cms(in ? d2i_CMS_bio(in.get(), nullptr) : nullptr);
    ERR_clear_error();
    if (!cms || !BIO_eof(in.get())) return Error{Errc::malformed, "not a sealed bundle (CMS, DER)"};
    // EnvelopedData has no tag: a changed byte would come out as changed content.
    if (OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_id_smime_ct_authEnvelopedData)
        return Error{Errc::malformed, "not sealed with authentication (CMS AuthEnvelopedData)"};
    BioHandle out(BIO_new(BIO_s_mem()));
    if (!out || CMS_decrypt(cms.get(), key.get(), certificate.get(), nullptr, out.get(), CMS_BINARY) != 1) {
        ERR_clear_error();
        return Error{Errc::damaged, "the sealed bundle does not open with this key, or has been changed"};
    }
    return written(out.get());
}

}  // namespace core
