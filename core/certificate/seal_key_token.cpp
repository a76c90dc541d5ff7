// Seal keys in PKCS#11 tokens, through libp11. URIs are RFC 7512's.
#include <algorithm>
#include <map>

#include <libp11.h>
#include <openssl/ui.h>

#include "core/base/bytes.h"
#include "core/certificate/seal_key_store.h"

namespace core {
namespace {

// What a URI says of the token and the key; each part need only be there when it tells one from another.
class TokenUri {
  public:
    static Result<TokenUri> parse(std::string_view uri) {
        TokenUri parsed;
        auto query = uri.find('?');
        for (auto [text, between] : {std::pair{uri.substr(pkcs11.size(), query - pkcs11.size()), ';'},
                                     std::pair{query == uri.npos ? "" : uri.substr(query + 1), '&'}})
            while (!text.empty()) {
                auto end = std::min(text.find(between), text.size());
                auto is = text.find('=');
                auto value = is < end ? decode(text.substr(is + 1, end - is - 1)) : std::nullopt;
                // A part that we do not know could choose another key; a PIN has its own place, encrypted.
                if (value && !knows(text.substr(0, is)))
                    return Error{Errc::not_allowed,
                                 "the token's URI may say token, serial, model, manufacturer, object, id, "
                                 "type=private and module-path"};
                if (!value) return Error{Errc::malformed, "the token's URI is not as RFC 7512 has it"};
                parsed.parts_[std::string(text.substr(0, is))] = std::move(*value);
                text.remove_prefix(std::min(end + 1, text.size()));
            }
        return parsed;
    }
    std::string part(const char* name) const {
        auto found = parts_.find(name);
        return found == parts_.end() ? std::string() : found->second;
    }
    bool fits(const PKCS11_TOKEN& token) const {
        return token.initialized != 0 && is("token", token.label) && is("serial", token.serialnr) &&
               is("model", token.model) && is("manufacturer", token.manufacturer);
    }
    bool fits(const PKCS11_KEY& key) const {
        std::string_view id(reinterpret_cast<const char*>(key.id), key.id_len);
        return is("object", key.label) && is("id", id);
    }

  private:
    static bool knows(std::string_view name) {
        constexpr std::string_view names[] = {"token",  "serial", "model", "manufacturer",
                                              "object", "id",     "type",  "module-path"};
        return std::find(std::begin(names), std::end(names), name) != std::end(names);
    }
    static std::optional<std::string> decode(std::string_view text) {
        std::string plain;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] != '%') {
                plain += text[i];
                continue;
            }
            auto byte = from_hex(text.substr(i + 1, 2));
            if (!byte || byte->size() != 1) return std::nullopt;
            plain += static_cast<char>(byte->front());
            i += 2;
        }
        return plain;
    }
    bool is(const char* name, std::string_view has) const {
        auto wanted = parts_.find(name);
        return wanted == parts_.end() || wanted->second == has;
    }
    bool is(const char* name, const char* has) const {
        return is(name, std::string_view(has != nullptr ? has : ""));
    }

    static constexpr std::string_view pkcs11 = "pkcs11:";
    std::map<std::string, std::string, std::less<>> parts_;
};

// A look at the module's tokens. It lasts for as long as the process: keys work through it, and the module goes on.
// A new one for each key that is asked for: it remembers what it saw, and a token that was away is another one.
struct Look {
    PKCS11_CTX* module = PKCS11_CTX_new();
    PKCS11_SLOT* slots = nullptr;
    unsigned count = 0;
};

// A key that wants its PIN at every signature would have it asked for on the terminal: such keys are refused instead.
UI_METHOD* asks_nobody() {
    static UI_METHOD* method = [] {
        UI_METHOD* made = UI_create_method("Handslag asks nobody");
        CHECK_THAT(made != nullptr && UI_method_set_reader(made, [](UI*, UI_STRING*) { return -1; }) == 0);
        return made;
    }();
    return method;
}

Result<PKCS11_SLOT*> find_token(const TokenUri& uri) {
    static auto& looks = *new std::vector<Look>;
    Look look;
    std::string module = uri.part("module-path");
    if (PKCS11_CTX_load(look.module, module.empty() ? "p11-kit-proxy.so" : module.c_str()) != 0) {
        PKCS11_CTX_free(look.module);
        return Error{Errc::not_found, openssl_error("the PKCS#11 module does not start").detail};
    }
    PKCS11_set_ui_method(look.module, asks_nobody(), nullptr);
    looks.push_back(look);
    Look& kept = looks.back();
    if (PKCS11_enumerate_slots(kept.module, &kept.slots, &kept.count) != 0)
        return Error{Errc::not_found, openssl_error("the PKCS#11 module has no slots").detail};
    PKCS11_SLOT* found = nullptr;
    for (unsigned i = 0; i < kept.count; ++i) {
        if (kept.slots[i].token == nullptr || !uri.fits(*kept.slots[i].token)) continue;
        if (found != nullptr)
            return Error{Errc::conflict, "more than one token fits the URI: name its serial"};
        found = &kept.slots[i];
    }
    if (found == nullptr) return Error{Errc::not_found, "no such token is plugged in"};
    return found;
}

}  // namespace

Result<EvpKey> load_from_token(std::string_view text, std::string_view pin) {
    ERR_clear_error();
    TRY_ASSIGN(auto uri, TokenUri::parse(text));
    TRY_ASSIGN(PKCS11_SLOT * slot, find_token(uri));
    // A PIN that was changed elsewhere must not be what locks the token for good.
    if (slot->token->userPinLocked != 0 || slot->token->userPinFinalTry != 0)
        return Error{Errc::wrong_secret, "the token is locked, or would be at one more wrong PIN"};
    // Only what the PIN was offered to has refused it; whatever else goes wrong may be tried again.
    if (PKCS11_open_session(slot, 0) != 0)
        return Error{Errc::not_found, openssl_error("the token opens no session").detail};
    std::string copy(pin);
    bool opened = copy.empty() || PKCS11_login(slot, 0, copy.c_str()) == 0;
    wipe(copy);
    if (!opened) return Error{Errc::wrong_secret, openssl_error("the token does not open").detail};
    PKCS11_KEY* keys = nullptr;
    unsigned count = 0;
    if (PKCS11_enumerate_keys(slot->token, &keys, &count) != 0)
        return Error{Errc::not_found, openssl_error("the token shows no keys").detail};
    auto* found = std::find_if(keys, keys + count, [&](const PKCS11_KEY& key) { return uri.fits(key); });
    if (found == keys + count) return Error{Errc::not_found, "the token has no such key"};
    if (std::any_of(found + 1, keys + count, [&](const PKCS11_KEY& key) { return uri.fits(key); }))
        return Error{Errc::conflict, "more than one key fits the URI: name its object or id"};
    EvpKey key(PKCS11_get_private_key(found));
    if (!key) return Error{Errc::not_found, openssl_error("no key comes out of the token").detail};
    return key;
}

}  // namespace core
