#include "core/certificate/verify_cms.h"

#include <algorithm>

#include <openssl/x509v3.h>

#include "core/certificate/der.h"
#include "core/certificate/seal_cms.h"

namespace core {
namespace {

using X509Store = Handle<X509_STORE, X509_STORE_free>;
using X509StoreContext = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;
struct StackDeleter {
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};

// What varies in a seal; everything else is written anew and compared.
struct Parts {
    std::vector<Bytes> certificates;
    ByteView attributes, signature, timestamp, whole;
};

std::optional<Parts> take_apart(ByteView hole) {
    Parts parts;
    auto content_info = der::take(hole);
    if (!content_info) return std::nullopt;
    parts.whole = content_info->whole;
    ByteView in = content_info->content;
    if (!der::take(in)) return std::nullopt;  // content type
    auto explicit_content = der::take(in);
    if (!explicit_content) return std::nullopt;
    in = explicit_content->content;
    auto signed_data = der::take(in);
    if (!signed_data) return std::nullopt;
    in = signed_data->content;
    for (int skipped = 0; skipped < 3; ++skipped)  // version, digest algorithms, content
        if (!der::take(in)) return std::nullopt;
    auto certificates = der::take(in);
    auto signer_infos = certificates ? der::take(in) : std::nullopt;
    if (!signer_infos) return std::nullopt;
    for (ByteView rest = certificates->content; !rest.empty();) {
        auto certificate = der::take(rest);
        if (!certificate || parts.certificates.size() == 2) return std::nullopt;
        parts.certificates.emplace_back(certificate->whole.begin(), certificate->whole.end());
    }
    in = signer_infos->content;
    auto signer_info = der::take(in);
    if (!signer_info || parts.certificates.size() != 2) return std::nullopt;
    in = signer_info->content;
    for (int skipped = 0; skipped < 3; ++skipped)  // version, who, digest
        if (!der::take(in)) return std::nullopt;
    auto signed_part = der::take(in);
    if (!signed_part || !der::take(in)) return std::nullopt;  // signature algorithm
    auto signature = der::take(in);
    if (!signature) return std::nullopt;
    parts.attributes = signed_part->content;
    parts.signature = signature->content;
    if (in.empty()) return parts;
    auto unsigned_attributes = der::take(in);
    if (!unsigned_attributes) return std::nullopt;
    ByteView attributes = unsigned_attributes->content;
    auto attribute = der::take(attributes);
    if (!attribute) return std::nullopt;
    ByteView inside = attribute->content;
    if (!der::take(inside)) return std::nullopt;  // type
    auto values = der::take(inside);
    if (!values) return std::nullopt;
    ByteView rest = values->content;
    auto token = der::take(rest);  // whether it is a timestamp is for others to say
    if (!token || token->tag != der::sequence || !rest.empty()) return std::nullopt;
    parts.timestamp = token->whole;
    return parts;
}

X509Certificate decode_certificate(const Bytes& bytes) {
    const unsigned char* at = bytes.data();
    X509Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(bytes.size())));
    if (!certificate || at != bytes.data() + bytes.size() || to_der(certificate.get(), i2d_X509) != bytes)
        return {};
    return certificate;
}

bool signature_holds(EVP_PKEY* key, ByteView attributes, ByteView signature) {
    EvpDigestContext context(EVP_MD_CTX_new());
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
           EVP_DigestVerify(context.get(), signature.data(), signature.size(), attributes.data(),
                            attributes.size()) == 1;
}

bool same(ByteView a, ByteView b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

}  // namespace

Result<SealFacts> check_cms(ByteView hole, const Sha256& digest) {
    auto parts = take_apart(hole);
    if (!parts) return Error{Errc::damaged, "the seal is no CMS of our form"};
    if (std::any_of(hole.begin() + static_cast<std::ptrdiff_t>(parts->whole.size()), hole.end(),
                    [](auto byte) { return byte != 0; }))
        return Error{Errc::damaged, "the seal's field holds something behind the seal"};
    X509Certificate certificates[] = {decode_certificate(parts->certificates[0]),
                                      decode_certificate(parts->certificates[1])};
    ERR_clear_error();
    if (!certificates[0] || !certificates[1])
        return Error{Errc::damaged, "a certificate in the seal cannot be decoded strictly"};

    // The signer is the one whose certificate makes the rest come out the same.
    for (std::size_t i : {0U, 1U}) {
        SealCertificates pair{certificates[i].get(), certificates[1 - i].get()};
        Bytes attributes = signed_attributes(pair, digest);
        if (!same(write_cms(pair, attributes, parts->signature, parts->timestamp), parts->whole)) continue;
        EVP_PKEY* key = X509_get0_pubkey(pair.signer);
        if (!can_seal(key))
            return Error{Errc::damaged, "the seal's key is neither ECDSA on P-256 nor RSA of 3072 bits"};
        auto strict = one_form(key, parts->signature);
        bool holds =
            strict && same(*strict, parts->signature) && signature_holds(key, attributes, parts->signature);
        ERR_clear_error();
        if (!holds) return Error{Errc::damaged, "the signature does not hold, or has two spellings"};
        return SealFacts{std::move(certificates[i]), std::move(certificates[1 - i]), parts->whole.size(),
                         *strict, Bytes(parts->timestamp.begin(), parts->timestamp.end())};
    }
    if (std::search(parts->attributes.begin(), parts->attributes.end(), digest.begin(), digest.end()) ==
        parts->attributes.end())
        return Error{Errc::damaged, "the file is not as it was sealed: its digest is another"};
    return Error{Errc::damaged, "the seal is not encoded as we encode it, or names other certificates"};
}

ChainFacts check_chain(const SealFacts& seal, const std::vector<X509Certificate>& trust, std::int64_t at_ms) {
    using Standing = ChainFacts::Standing;
    if (X509_verify(seal.signer.get(), X509_get0_pubkey(seal.issuer.get())) != 1 ||
        X509_check_issued(seal.issuer.get(), seal.signer.get()) != X509_V_OK) {
        ERR_clear_error();
        return {Standing::untrusted, "the certificate was not issued by the CA in the seal"};
    }
    if (trust.empty()) return {Standing::no_anchor, "no trusted CA was given"};
    X509Store store(X509_STORE_new());
    for (const auto& anchor : trust) X509_STORE_add_cert(store.get(), anchor.get());
    std::unique_ptr<STACK_OF(X509), StackDeleter> others(sk_X509_new_null());
    sk_X509_push(others.get(), seal.issuer.get());
    X509StoreContext context(X509_STORE_CTX_new());
    CHECK_THAT(X509_STORE_CTX_init(context.get(), store.get(), seal.signer.get(), others.get()) == 1);
    X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_flags(
        rules, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_X509_STRICT | X509_V_FLAG_NO_CHECK_TIME);
    X509_VERIFY_PARAM_set_depth(rules, 4);
    int verified = X509_verify_cert(context.get());
    int reason = X509_STORE_CTX_get_error(context.get());
    ERR_clear_error();
    if (verified != 1)
        return {Standing::untrusted,
                std::string("no chain to a trusted CA: ") + X509_verify_cert_error_string(reason)};
    const auto* chain = X509_STORE_CTX_get0_chain(context.get());
    if (sk_X509_num(chain) < 2 ||
        to_der(sk_X509_value(chain, 1), i2d_X509) != to_der(seal.issuer.get(), i2d_X509))
        return {Standing::untrusted, "the CA in the seal is not the trusted CA of that name"};
    for (int i = 0; i < sk_X509_num(chain); ++i) {
        X509* certificate = sk_X509_value(chain, i);
        if (at_ms < to_ms(X509_get0_notBefore(certificate)))
            return {Standing::outside_validity, "a certificate is not valid yet"};
        if (at_ms > to_ms(X509_get0_notAfter(certificate)) + 999)
            return {Standing::outside_validity, "a certificate has expired"};
    }
    return {Standing::trusted, {}};
}

std::string check_usage(X509* signer) {
    std::uint32_t flags = X509_get_extension_flags(signer);
    if ((flags & EXFLAG_INVALID) != 0) return "its extensions cannot be read";
    if ((flags & EXFLAG_CA) != 0) return "it is a CA's";
    if ((flags & EXFLAG_KUSAGE) == 0 ||
        (X509_get_key_usage(signer) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0)
        return "its key may not sign";
    if ((flags & EXFLAG_CRITICAL) != 0) return "it has a critical extension that we do not know";
    Handle<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free> purposes(
        static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(signer, NID_ext_key_usage, nullptr, nullptr)));
    for (int i = 0; purposes && i < sk_ASN1_OBJECT_num(purposes.get()); ++i) {
        char name[64] = "";
        OBJ_obj2txt(name, sizeof name, sk_ASN1_OBJECT_value(purposes.get(), i), 1);
        if (std::string_view(name) == "1.3.6.1.5.5.7.3.36") return {};  // document signing, RFC 9336
    }
    return "it is not for sealing documents";
}

}  // namespace core
