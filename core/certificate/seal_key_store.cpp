#include "core/certificate/seal_key_store.h"

#include <openssl/provider.h>
#include <openssl/store.h>
#include <openssl/ui.h>

#include "core/base/bytes.h"

namespace core {
namespace {

using UiMethod = Handle<UI_METHOD, UI_destroy_method>;

constexpr std::string_view pkcs11 = "pkcs11:";
constexpr std::string_view ask_for_passphrase = "?pass";  // of the TPM's own URIs
constexpr const char* from_the_tpm = "provider=tpm2";

struct Passphrase {
    std::string_view text;
};

int give_passphrase(UI* ui, UI_STRING* wanted) {
    if (UI_get_string_type(wanted) != UIT_PROMPT) return 1;
    auto* passphrase = static_cast<Passphrase*>(UI_get0_user_data(ui));
    std::string copy(passphrase->text);
    int done = UI_set_result(ui, wanted, copy.c_str());
    wipe(copy);
    return done == 0 ? 1 : 0;
}

UiMethod asking() {
    UiMethod asks(UI_create_method("Handslag"));
    CHECK_THAT(asks && UI_method_set_reader(asks.get(), give_passphrase) == 0);
    return asks;
}

// `from`: a property query, when only one provider will do.
Result<EvpKey> load_from_store(const std::string& uri, std::string_view passphrase,
                               const char* from = nullptr) {
    auto asks = asking();
    Passphrase given{passphrase};
    ERR_clear_error();
    Handle<OSSL_STORE_CTX, OSSL_STORE_close> store(
        OSSL_STORE_open_ex(uri.c_str(), nullptr, from, asks.get(), &given, nullptr, nullptr, nullptr));
    if (!store) return Error{Errc::not_found, openssl_error("the seal key's store does not open").detail};
    OSSL_STORE_expect(store.get(), OSSL_STORE_INFO_PKEY);
    while (OSSL_STORE_eof(store.get()) == 0) {
        Handle<OSSL_STORE_INFO, OSSL_STORE_INFO_free> info(OSSL_STORE_load(store.get()));
        if (!info) break;
        if (OSSL_STORE_INFO_get_type(info.get()) == OSSL_STORE_INFO_PKEY)
            return EvpKey(OSSL_STORE_INFO_get1_PKEY(info.get()));
    }
    return Error{Errc::wrong_secret, openssl_error("no key comes out of the seal key's store").detail};
}

bool is_in_the_tpm(std::string_view uri) { return uri.starts_with("handle:") || uri.starts_with("object:"); }

// The provider stays for as long as the process lives, and does nothing but what its keys are asked for.
Status load_tpm_provider() {
    static bool loaded = false;
    loaded = loaded || (OSSL_PROVIDER_load(nullptr, "default") != nullptr &&
                        OSSL_PROVIDER_load(nullptr, "tpm2") != nullptr &&
                        EVP_set_default_properties(nullptr, "?provider=default") == 1);
    if (loaded) return {};
    return Error{Errc::not_found, openssl_error("no TPM that answers (Debian package tpm2-openssl)").detail};
}

Result<EvpKey> load_from_tpm(std::string uri, std::string_view passphrase) {
    TRY(load_tpm_provider());
    if (!passphrase.empty() && uri.find('?') == std::string::npos) uri += ask_for_passphrase;
    return load_from_store(uri, passphrase, from_the_tpm);
}

}  // namespace

std::string signs_where(const EVP_PKEY* key) {
    const OSSL_PROVIDER* provider = EVP_PKEY_get0_provider(key);
    return provider != nullptr ? std::string("?provider=") + OSSL_PROVIDER_get0_name(provider)
                               : std::string();
}

bool is_token(std::string_view uri) { return uri.starts_with(pkcs11) || is_in_the_tpm(uri); }

Result<EvpKey> load_key(std::string_view uri, std::string_view passphrase) {
    if (is_in_the_tpm(uri)) return load_from_tpm(std::string(uri), passphrase);
    auto key = load_from_store(std::string(uri), passphrase);
    // A store that opened has tried the PIN: a card locks after a few wrong ones.
    if (key.ok() || !uri.starts_with(pkcs11) || key.error().code == Errc::wrong_secret) return key;
    return load_from_token(uri, passphrase);
}

}  // namespace core
