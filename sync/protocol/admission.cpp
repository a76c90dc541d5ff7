#include "sync/protocol/admission.h"

#include <openssl/pem.h>

#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/base/openssl.h"

namespace wire {
namespace {

using core::Errc;
using core::Error;
using core::Json;
using DigestContext = core::Handle<EVP_MD_CTX, EVP_MD_CTX_free>;

std::string message(std::string_view request_pem, std::string_view answer) {
    return "handslag-admission/1\n" + core::to_hex(core::sha256(core::as_bytes(request_pem))) + "\n" +
           std::string(answer);
}

core::Bytes public_key_der(EVP_PKEY* key) {
    unsigned char* der = nullptr;
    int size = i2d_PUBKEY(key, &der);
    if (size <= 0) return {};
    core::Bytes bytes(der, der + size);
    OPENSSL_free(der);
    return bytes;
}

std::string named(std::string_view what, std::string_view device) {
    return "handslag-" + std::string(what) + "-" + std::string(device.substr(0, 8)) + ".json";
}

}  // namespace

std::string request_file_name(std::string_view device) { return named("ansokan", device); }
std::string admission_file_name(std::string_view device) { return named("tillatelse", device); }

core::Result<std::string> sign_admission(const std::string& tls_key_pem, std::string_view request_pem,
                                         const std::string& answer) {
    core::BioHandle bio(BIO_new_mem_buf(tls_key_pem.data(), static_cast<int>(tls_key_pem.size())));
    core::EvpKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    if (!key) return core::openssl_error("reading the server's TLS key");
    auto text = message(request_pem, answer);
    const auto* data = reinterpret_cast<const unsigned char*>(text.data());
    DigestContext context(EVP_MD_CTX_new());
    std::size_t size = 0;
    core::Bytes signature;
    bool ok = context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
              EVP_DigestSign(context.get(), nullptr, &size, data, text.size()) == 1;
    signature.resize(size);
    if (!ok || EVP_DigestSign(context.get(), signature.data(), &size, data, text.size()) != 1)
        return core::openssl_error("signing an admission");
    signature.resize(size);
    return core::encode_canonical({{"answer", answer},
                                   {"key", core::to_base64(public_key_der(key.get()))},
                                   {"signature", core::to_hex(signature)}});
}

core::Result<std::string> open_admission(std::string_view bytes, const std::string& pin,
                                         std::string_view request_pem) {
    TRY_ASSIGN(const Json json, core::decode_canonical(bytes));
    auto text_in = [&json](const char* name) {
        return json.is_object() && json.contains(name) && json[name].is_string()
                   ? json[name].get<std::string>()
                   : std::string();
    };
    auto der = core::from_base64(text_in("key"));
    auto signature = core::from_hex(text_in("signature"));
    auto answer = text_in("answer");
    if (!der || der->empty() || !signature || answer.empty())
        return Error{Errc::malformed, "not an answer to this tablet's request"};
    const Error wrong{Errc::damaged, "the answer is not signed by the server that invited this tablet"};
    if ("sha256//" + core::to_base64(core::sha256(*der)) != pin) return wrong;
    const unsigned char* at = der->data();
    core::EvpKey key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der->size())));
    if (!key) return wrong;
    auto text = message(request_pem, answer);
    DigestContext context(EVP_MD_CTX_new());
    bool holds = context &&
                 EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
                 EVP_DigestVerify(context.get(), signature->data(), signature->size(),
                                  reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
    ERR_clear_error();
    if (!holds) return wrong;
    return answer;
}

}  // namespace wire
