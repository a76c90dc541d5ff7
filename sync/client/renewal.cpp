#include "sync/client/renewal.h"

#include <openssl/pem.h>

#include "core/base/json.h"
#include "core/base/openssl.h"
#include "core/certificate/ca.h"
#include "sync/protocol/invitation.h"

namespace client {
namespace {

using core::Errc;
using core::Error;
using core::Result;

constexpr std::int64_t day_ms = 86'400'000;

core::X509Certificate read_first(std::string_view pem) {
    core::BioHandle bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return core::X509Certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

Result<std::int64_t> ends_ms(X509* certificate) {
    tm end{};
    if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1)
        return Error{Errc::malformed, "a certificate without an end"};
    return static_cast<std::int64_t>(timegm(&end)) * 1000;
}

bool is_of_key(X509* certificate, const std::string& key_pem, const std::string& secret) {
    core::BioHandle bio(BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size())));
    auto password = secret;  // OpenSSL takes it without const
    core::EvpKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, password.data()));
    core::wipe(password);
    return key && X509_check_private_key(certificate, key.get()) == 1;
}

}  // namespace

Result<bool> renewal_is_due(const core::Store& store, std::int64_t now_ms) {
    TRY_ASSIGN(auto pem, store.value("sync.certificate"));
    if (!pem) return false;
    auto certificate = read_first(*pem);
    TRY_ASSIGN(auto end_ms, ends_ms(certificate.get()));
    return now_ms > end_ms - renewal_days * day_ms;
}

Result<Renewal> Renewal::begin(const core::Store& store, const core::Ed25519Key& log_key,
                               std::string_view tablet) {
    Renewal renewal;
    renewal.secret_ = core::to_base32(core::random_bytes(20));
    TRY_ASSIGN(auto pair, core::make_key_and_request(tablet, renewal.secret_));
    const auto& identity = store.identity();
    wire::LogName log{identity.device, static_cast<std::uint32_t>(identity.epoch)};
    renewal.body_ = core::encode_canonical(
        {{"device", identity.device.str()},
         {"epoch", identity.epoch},
         {"request", pair.request_pem},
         {"signature", core::to_hex(log_key.sign(wire::renewal_message(log, pair.request_pem)))}});
    renewal.key_pem_ = pair.key_pem;
    return renewal;
}

core::Status Renewal::finish(core::Store& store, const Carried& carried) const {
    if (carried.status == 403) return Error{Errc::not_allowed, carried.detail};
    if (carried.trouble != Trouble::none)
        return Error{Errc::not_found, std::string(to_string(carried.trouble)) + ": " + carried.detail};
    const Error wrong{Errc::malformed, "the server's answer is no new certificate for this tablet"};
    auto json = core::decode_canonical(core::as_text(carried.body));
    if (!json.ok() || !json->is_object() || !json->contains("certificate") ||
        !(*json)["certificate"].is_string())
        return wrong;
    auto pem = (*json)["certificate"].get<std::string>();
    auto certificate = read_first(pem);
    if (!certificate || !is_of_key(certificate.get(), key_pem_, secret_)) return wrong;
    TRY_ASSIGN(auto end_ms, ends_ms(certificate.get()));
    TRY_ASSIGN(auto before, store.value("sync.certificate"));
    if (before) {
        auto old = read_first(*before);
        TRY_ASSIGN(auto old_end_ms, ends_ms(old.get()));
        if (end_ms < old_end_ms) return wrong;
    }
    return store.keep_receipts(
        {}, {{"sync.certificate", pem}, {"sync.key", key_pem_}, {"sync.key_secret", secret_}});
}

}  // namespace client
