#include "core/certificate/keyring.h"

#include <openssl/x509v3.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/certificate/keyring_pem.h"
#include "core/certificate/keyring_words.h"
#include "core/certificate/seal_cms.h"
#include "core/certificate/seal_key_store.h"
#include "core/certificate/verify_cms.h"

// keyring.json, canonical JSON:
//
// clang-format off
// | field       | content                                                                                      |
// |-------------|----------------------------------------------------------------------------------------------|
// | format      | "handslag-keyring/1"                                                                         |
// | device, epoch, name, created_at_ms | UUIDv7; from 1; the tablet's name; when                               |
// | passphrase  | kdf "scrypt-r8-p1", cost_log2, salt (hex), wrapped: AES-256-GCM(stretched, store key), base64 |
// | recovery    | wrapped: AES-256-GCM(HKDF(SHA-256(label || 20 bytes)), store key), base64                    |
// | pin         | AES-256-GCM(store key, salt (16) || scrypt-2^12(pin)), base64; absent until one is chosen    |
// | seal_token  | uri; pin: AES-256-GCM(store key, pin), base64; absent while the seal key is in seal.key      |
// | authentic   | AES-256-GCM(store key, "", bound: the file without authentic and digest), base64             |
// | digest      | SHA-256 of the file without it, hex; tells damage from a wrong passphrase                    |
// clang-format on
//
// Every version keeps `format` and `digest`. Wraps are bound to format, device, epoch and their own name.

namespace core {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view family = "handslag-keyring/";
constexpr int version = 1;
constexpr std::string_view log_key_magic = "handslag-log-key/1\n";
constexpr int pin_cost_log2 = 12;  // the store key guards the verifier; this only slows a mistake down

std::string bound(const Json& file, std::string_view what) {
    return file["format"].get<std::string>() + "|" + file["device"].get<std::string>() + "|" +
           std::to_string(file["epoch"].get<int>()) + "|" + std::string(what);
}

std::string wrap(const SecretKey& with, ByteView secret, const Json& file, std::string_view what) {
    return to_base64(encrypt(with, secret, as_bytes(bound(file, what))));
}

Result<Bytes> unwrap(const SecretKey& with, const Json& wrapped, const Json& file, std::string_view what) {
    auto sealed = from_base64(wrapped.get<std::string>());
    if (!sealed) return Error{Errc::damaged, "keyring.json: " + std::string(what) + " is not base64"};
    return decrypt(with, *sealed, as_bytes(bound(file, what)));
}

SecretKey recovery_key(ByteView secret) {
    auto digest = sha256({as_bytes("handslag/recovery/1"), secret});
    SecretKey whole(digest);
    wipe(digest.data(), digest.size());
    return derive_key(whole, "handslag/keyring/recovery/1");
}

std::string file_secret(const SecretKey& store_key, std::string_view file) {
    return to_hex(derive_key(store_key, "handslag/keyring/" + std::string(file) + "/1").bytes());
}

Json without(Json file, std::initializer_list<const char*> members) {
    for (const char* member : members) file.erase(member);
    return file;
}

// Signs and writes: the old file or the new one, never half.
Status write_keyring(const fs::path& dir, Json& file, const SecretKey& store_key) {
    auto content = encode_canonical(without(file, {"authentic", "digest"}));
    file["authentic"] =
        to_base64(encrypt(derive_key(store_key, "handslag/keyring/authentic/1"), {}, as_bytes(content)));
    file["digest"] = to_hex(sha256(as_bytes(encode_canonical(without(file, {"digest"})))));
    return write_file_durably(dir / "keyring.json", as_bytes(encode_canonical(file)), FileAccess::owner_only);
}

bool has_the_shape(const Json& file) {
    auto text = [](const Json& in, const char* name) { return in.contains(name) && in[name].is_string(); };
    auto number = [](const Json& in, const char* name) {
        return in.contains(name) && in[name].is_number_integer();
    };
    return text(file, "device") && parse_uuid(file["device"].get<std::string>()) && number(file, "epoch") &&
           text(file, "name") && text(file, "authentic") && file.contains("passphrase") &&
           file["passphrase"].is_object() && text(file["passphrase"], "salt") &&
           text(file["passphrase"], "wrapped") && number(file["passphrase"], "cost_log2") &&
           file.contains("recovery") && file["recovery"].is_object() && text(file["recovery"], "wrapped") &&
           (!file.contains("pin") || text(file, "pin")) &&
           (!file.contains("seal_token") ||
            (file["seal_token"].is_object() && text(file["seal_token"], "uri") &&
             text(file["seal_token"], "pin")));
}

Result<Json> read_keyring(const fs::path& dir) {
    auto path = dir / "keyring.json";
    TRY_ASSIGN(auto content, read_file(path, 1 << 20));
    auto damaged = [&](const char* why) { return Error{Errc::damaged, path.string() + ": " + why}; };
    auto decoded = decode_canonical(as_text(content));
    if (!decoded || !decoded->is_object()) return damaged("not canonical JSON");
    Json file = std::move(*decoded);
    if (!file.contains("digest") || !file["digest"].is_string() ||
        file["digest"].get<std::string>() !=
            to_hex(sha256(as_bytes(encode_canonical(without(file, {"digest"}))))))
        return damaged("its digest does not hold");
    if (!file.contains("format") || !file["format"].is_string()) return damaged("has no format");
    auto format = file["format"].get<std::string>();
    if (format != std::string(family) + std::to_string(version)) {
        bool ours = format.starts_with(family);
        return Error{ours ? Errc::newer_version : Errc::damaged, path.string() + ": format is " + format};
    }
    if (!has_the_shape(file)) return damaged("a member is missing");
    return file;
}

Status check_authentic(const fs::path& dir, const Json& file, const SecretKey& store_key) {
    auto tag = from_base64(file["authentic"].get<std::string>());
    auto content = encode_canonical(without(file, {"authentic", "digest"}));
    if (!tag || !decrypt(derive_key(store_key, "handslag/keyring/authentic/1"), *tag, as_bytes(content)).ok())
        return Error{Errc::damaged,
                     (dir / "keyring.json").string() + ": was changed by somebody without its key"};
    return {};
}

Result<SecretKey> as_key(Bytes raw) {
    if (raw.size() != 32) return Error{Errc::damaged, "keyring.json: the store key has the wrong size"};
    SecretKey key(raw);
    wipe(raw);
    return key;
}

Result<Json> passphrase_member(std::string_view passphrase, const SecretKey& store_key, const Json& file,
                               int cost_log2) {
    Bytes salt = random_bytes(32);
    TRY_ASSIGN(auto stretched, stretch_passphrase(fold_passphrase(passphrase), salt, cost_log2));
    return Json{{"kdf", "scrypt-r8-p1"},
                {"cost_log2", cost_log2},
                {"salt", to_hex(salt)},
                {"wrapped", wrap(stretched, store_key.bytes(), file, "passphrase")}};
}

Status write_keys(const fs::path& dir, const SecretKey& store_key, const Json& file,
                  std::string_view tablet_name) {
    auto log_key = Ed25519Key::generate();
    Bytes log_file = to_bytes(log_key_magic);
    append(log_file, encrypt(derive_key(store_key, "handslag/keyring/log/1"), log_key.seed().bytes(),
                             as_bytes(bound(file, "log"))));
    TRY(write_file_durably(dir / "log.key", log_file, FileAccess::owner_only));
    for (const char* name : {"seal", "tls"}) {
        TRY_ASSIGN(auto key, new_p256_key());
        TRY_ASSIGN(auto pem,
                   key_to_pem(key.get(), file_secret(store_key, name), KeyStretch::for_our_own_secret));
        TRY(write_file_durably(dir / (std::string(name) + ".key"), as_bytes(pem), FileAccess::owner_only));
        if (std::string_view(name) != "seal") continue;
        TRY_ASSIGN(auto request, make_request(key.get(), tablet_name));
        TRY(write_file_durably(dir / "seal.csr", as_bytes(request)));
    }
    return {};
}

}  // namespace

struct Keyring::Data {
    fs::path dir;
    Json file;
    SecretKey store_key;
    DeviceId device;
    std::string name;

    // Set when the token has refused its PIN: it is not tried again before somebody opens the keyring anew, since a
    // card locks after a few.
    mutable bool pin_refused = false;

    Result<std::string> token_pin() const;
    Result<EvpKey> private_seal_key() const;
    template <class T>
    Result<T> from_token(Result<T> tried) const;

    // Changes what is on disk first; memory follows only when that has happened.
    Status replace(Json next) {
        TRY(write_keyring(dir, next, store_key));
        file = std::move(next);
        return {};
    }
};

Keyring::Keyring(std::unique_ptr<Data> data) : data_(std::move(data)) {}
Keyring::Keyring(Keyring&&) noexcept = default;
Keyring& Keyring::operator=(Keyring&&) noexcept = default;
Keyring::~Keyring() = default;

const DeviceId& Keyring::device() const { return data_->device; }
int Keyring::epoch() const { return data_->file["epoch"].get<int>(); }
const std::string& Keyring::tablet_name() const { return data_->name; }
SecretKey Keyring::payload_key() const { return derive_key(data_->store_key, "handslag/payload/1"); }

bool Keyring::exists(const fs::path& dir) {
    std::error_code error;
    return fs::exists(dir / "keyring.json", error);
}

Result<Keyring::Created> Keyring::create(const fs::path& dir, const fs::path& words_file,
                                         std::string_view tablet_name, std::int64_t now_ms, int cost_log2) {
    if (exists(dir)) return Error{Errc::conflict, dir.string() + ": holds a keyring already"};
    TRY_ASSIGN(auto passphrase, make_passphrase(words_file));
    std::error_code error;
    fs::create_directories(dir, error);
    if (error) return Error{Errc::not_writable, dir.string() + ": " + error.message()};

    auto data = std::make_unique<Data>();
    data->dir = dir;
    data->store_key = SecretKey::random();
    data->device = DeviceId::make(now_ms);
    data->name = tablet_name;
    Bytes recovery = random_bytes(20);
    Json file{{"format", std::string(family) + std::to_string(version)},
              {"device", data->device.str()},
              {"epoch", 1},
              {"name", data->name},
              {"created_at_ms", now_ms}};
    TRY_ASSIGN(file["passphrase"], passphrase_member(passphrase, data->store_key, file, cost_log2));
    file["recovery"] = {{"wrapped", wrap(recovery_key(recovery), data->store_key.bytes(), file, "recovery")}};
    TRY(write_keys(dir, data->store_key, file, tablet_name));
    TRY(data->replace(std::move(file)));  // last: a folder without keyring.json holds no keyring
    NewKeyringSecrets secrets{std::move(passphrase), spell_recovery_code(recovery)};
    wipe(recovery);
    return Created{Keyring(std::move(data)), std::move(secrets)};
}

namespace {

// Wrong secret: the file is whole (its digest holds), so it is the secret that does not fit.
Result<SecretKey> unwrap_store_key(const SecretKey& with, const Json& file, const char* what) {
    auto raw = unwrap(with, file[what]["wrapped"], file, what);
    if (!raw) return Error{Errc::wrong_secret, std::string("the ") + what + " does not open this keyring"};
    return as_key(std::move(*raw));
}

}  // namespace

Result<Keyring> Keyring::open(const fs::path& dir, std::string_view passphrase) {
    TRY_ASSIGN(auto file, read_keyring(dir));
    auto salt = from_hex(file["passphrase"]["salt"].get<std::string>());
    if (!salt) return Error{Errc::damaged, "keyring.json: the salt is not hex"};
    TRY_ASSIGN(auto stretched, stretch_passphrase(fold_passphrase(passphrase), *salt,
                                                  file["passphrase"]["cost_log2"].get<int>()));
    TRY_ASSIGN(auto store_key, unwrap_store_key(stretched, file, "passphrase"));
    return finish_opening(dir, std::move(file), std::move(store_key));
}

Result<Keyring> Keyring::open_with_recovery_code(const fs::path& dir, std::string_view code) {
    TRY_ASSIGN(auto file, read_keyring(dir));
    auto secret = parse_recovery_code(code);
    if (!secret) return Error{Errc::wrong_secret, "mistyped: the recovery code's check group does not hold"};
    TRY_ASSIGN(auto store_key, unwrap_store_key(recovery_key(*secret), file, "recovery"));
    wipe(*secret);
    return finish_opening(dir, std::move(file), std::move(store_key));
}

Result<Keyring> Keyring::finish_opening(const fs::path& dir, Json file, SecretKey store_key) {
    TRY(check_authentic(dir, file, store_key));
    auto data = std::make_unique<Data>();
    data->dir = dir;
    data->device = *DeviceId::parse(file["device"].get<std::string>());
    data->name = file["name"].get<std::string>();
    data->file = std::move(file);
    data->store_key = std::move(store_key);
    return Keyring(std::move(data));
}

Result<Ed25519Key> Keyring::log_key() const {
    TRY_ASSIGN(auto content, read_file(data_->dir / "log.key", 4096));
    if (!as_text(content).starts_with(log_key_magic)) return Error{Errc::damaged, "log.key: not a log key"};
    TRY_ASSIGN(auto seed,
               decrypt(derive_key(data_->store_key, "handslag/keyring/log/1"),
                       ByteView(content).subspan(log_key_magic.size()), as_bytes(bound(data_->file, "log"))));
    auto key = Ed25519Key::from_seed(seed);
    wipe(seed);
    return key;
}

namespace {

// A key that cannot be had from a token is a token that does not answer; who sees it looks at the token first.
Error as_token_error(const Error& error) {
    bool of_token =
        error.code == Errc::not_found || error.code == Errc::wrong_secret || error.code == Errc::crypto;
    return of_token ? Error{Errc::token_silent, error.detail} : error;
}

}  // namespace

template <class T>
Result<T> Keyring::Data::from_token(Result<T> tried) const {
    if (tried.ok()) return tried;
    pin_refused = pin_refused || tried.error().code == Errc::wrong_secret;
    return as_token_error(tried.error());
}

Result<EvpKey> Keyring::Data::private_seal_key() const {
    if (!file.contains("seal_token")) {
        TRY_ASSIGN(auto pem, read_file(dir / "seal.key", 1 << 20));
        return key_from_pem(as_text(pem), file_secret(store_key, "seal"));
    }
    TRY_ASSIGN(auto pin, token_pin());
    auto key = load_key(file["seal_token"]["uri"].get<std::string>(), pin);
    wipe(pin);
    return from_token(std::move(key));
}

std::string Keyring::seal_token() const {
    return data_->file.contains("seal_token") ? data_->file["seal_token"]["uri"].get<std::string>() : "";
}

Result<std::string> Keyring::Data::token_pin() const {
    if (pin_refused)
        return Error{Errc::token_silent,
                     "the token has refused its PIN, which is not tried again in this run"};
    TRY_ASSIGN(auto pin, unwrap(derive_key(store_key, "handslag/keyring/seal-token/1"),
                                file["seal_token"]["pin"], file, "seal-token"));
    std::string text(as_text(pin));
    wipe(pin);
    return text;
}

Status Keyring::use_seal_token(std::string_view uri, std::string_view pin) {
    if (!is_token(uri))
        return Error{Errc::not_allowed, "a token's URI begins with pkcs11:, handle: or object:"};
    auto key = load_key(uri, pin);
    if (!key.ok()) return as_token_error(key.error());
    if (!can_seal(key->get()))
        return Error{Errc::not_allowed, "a seal key is ECDSA on P-256, or RSA of at least 3072 bits"};
    auto request = make_request(key->get(), data_->name);
    if (!request.ok()) return as_token_error(request.error());
    Json next = data_->file;
    next["seal_token"] = {{"uri", std::string(uri)},
                          {"pin", wrap(derive_key(data_->store_key, "handslag/keyring/seal-token/1"),
                                       as_bytes(pin), next, "seal-token")}};
    // A certificate without its key would be worse than none; a crash in between is mended by doing this again.
    std::error_code error;
    fs::remove(data_->dir / "seal.crt", error);
    if (error) return Error{Errc::not_writable, "seal.crt: " + error.message()};
    TRY(write_file_durably(data_->dir / "seal.csr", as_bytes(*request)));
    TRY(data_->replace(std::move(next)));
    fs::remove(data_->dir / "seal.key", error);
    if (error) return Error{Errc::not_writable, "seal.key: " + error.message()};
    return {};
}

Result<SealKey> Keyring::seal_key() const {
    TRY_ASSIGN(auto chain, read_file(data_->dir / "seal.crt", 1 << 20));
    if (auto uri = seal_token(); !uri.empty()) {
        TRY_ASSIGN(auto pin, data_->token_pin());
        auto key = SealKey::load(uri, pin, as_text(chain));
        wipe(pin);
        return data_->from_token(std::move(key));
    }
    return SealKey::load((data_->dir / "seal.key").string(), file_secret(data_->store_key, "seal"),
                         as_text(chain));
}

bool Keyring::has_seal_certificate() const {
    std::error_code error;
    return fs::exists(data_->dir / "seal.crt", error);
}

Result<std::string> Keyring::read_seal_request(const fs::path& dir) {
    TRY_ASSIGN(auto pem, read_file(dir / "seal.csr", 1 << 20));
    return std::string(as_text(pem));
}

std::string Keyring::seal_request_pem() const {
    auto pem = read_seal_request(data_->dir);
    return pem ? *pem : std::string();
}

Status Keyring::install_seal_certificate(std::string_view chain_pem, std::string_view root_pem) {
    TRY_ASSIGN(auto chain, read_certificates(chain_pem));
    TRY_ASSIGN(auto key, data_->private_seal_key());
    if (chain.empty()) return Error{Errc::malformed, "no certificate (PEM)"};
    if (!same_public_key(key.get(), X509_get0_pubkey(chain.front().get())))
        return Error{Errc::conflict, "the certificate is for another key than this tablet's"};
    if (chain.size() < 2)
        return Error{Errc::malformed, "the issuing CA's certificate is missing from the chain"};
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        if (X509_verify(chain[i].get(), X509_get0_pubkey(chain[i + 1].get())) == 1) continue;
        ERR_clear_error();
        return Error{Errc::malformed,
                     "certificate " + std::to_string(i + 1) + " was not issued by the next one"};
    }
    if (auto why = check_usage(chain.front().get()); !why.empty())
        return Error{Errc::not_allowed, "the certificate is not for seals: " + why};
    for (std::size_t i = 1; i < chain.size(); ++i)
        if (X509_check_ca(chain[i].get()) != 1)
            return Error{Errc::not_allowed, "certificate " + std::to_string(i + 1) + " is no CA's"};
    if (!root_pem.empty()) TRY(check_root(chain, root_pem));
    std::string tidy;
    for (const auto& certificate : chain) tidy += to_pem(certificate.get());
    return write_file_durably(data_->dir / "seal.crt", as_bytes(tidy));
}

Status Keyring::set_pin(std::string_view pin) {
    if (!is_pin(pin)) return Error{Errc::malformed, "a PIN has six digits"};
    if (is_guessable_pin(pin))
        return Error{Errc::not_allowed, "that PIN is among the first that anybody tries"};
    Bytes verifier = random_bytes(16);
    TRY_ASSIGN(auto stretched, stretch_passphrase(pin, verifier, pin_cost_log2));
    append(verifier, stretched.bytes());
    Json next = data_->file;
    next["pin"] = wrap(derive_key(data_->store_key, "handslag/keyring/pin/1"), verifier, next, "pin");
    return data_->replace(std::move(next));
}

bool Keyring::pin_was_set(const std::filesystem::path& dir) {
    auto bytes = read_file(dir / "keyring.json", 1 << 20);
    if (!bytes.ok()) return false;
    auto json = decode_canonical(as_text(*bytes));
    return json.ok() && json->is_object() && json->contains("pin");
}

bool Keyring::has_pin() const { return data_->file.contains("pin"); }

bool Keyring::pin_is(std::string_view pin) const {
    if (!has_pin()) return false;
    auto verifier = unwrap(derive_key(data_->store_key, "handslag/keyring/pin/1"), data_->file["pin"],
                           data_->file, "pin");
    if (!verifier || verifier->size() != 48) return false;
    auto stretched = stretch_passphrase(pin, ByteView(*verifier).first(16), pin_cost_log2);
    return stretched.ok() && equal_in_constant_time(stretched->bytes(), ByteView(*verifier).subspan(16));
}

Result<std::string> Keyring::renew_passphrase(const fs::path& words_file) {
    TRY_ASSIGN(auto passphrase, make_passphrase(words_file));
    Json next = data_->file;
    int cost_log2 = next["passphrase"]["cost_log2"].get<int>();
    TRY_ASSIGN(next["passphrase"], passphrase_member(passphrase, data_->store_key, next, cost_log2));
    TRY(data_->replace(std::move(next)));
    return passphrase;
}

}  // namespace core
