#include "sync/server/enrolment.h"

#include <charconv>

#include <openssl/pem.h>

#include "core/base/json.h"
#include "core/base/openssl.h"
#include "core/base/text.h"
#include "sync/protocol/admission.h"

namespace server {
namespace {

using core::Errc;
using core::Error;
using core::Json;

constexpr std::int64_t hour_ms = 3'600'000;
constexpr int client_years = 2;
constexpr std::size_t code_bytes = 13;

std::string invitation_name(std::string_view code) {
    return "invitation." + core::to_hex(core::sha256(core::as_bytes(code)));
}

std::string text_in(const Json& json, const char* name) {
    return json.contains(name) && json[name].is_string() ? json[name].get<std::string>() : std::string();
}

Result<std::string> fingerprint_of(std::string_view pem) {
    core::BioHandle bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    core::X509Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    core::Sha256 digest{};
    unsigned size = 0;
    if (!certificate || X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) != 1)
        return core::openssl_error("reading the new certificate");
    return core::to_hex(digest);
}

struct Wish {
    std::string code, request;
    wire::LogName log;
    core::Ed25519Public log_key{};
};

Result<Wish> decode_wish(std::string_view text) {
    const Error wrong{Errc::malformed, "not a request for enrolment"};
    TRY_ASSIGN(Json json, core::decode_canonical(text));
    if (!json.is_object()) return wrong;
    Wish wish;
    wish.code = text_in(json, "code");
    wish.request = text_in(json, "request");
    auto device = core::DeviceId::parse(text_in(json, "device"));
    auto key = core::from_hex(text_in(json, "log_key"));
    auto signature = core::from_hex(text_in(json, "signature"));
    bool has_epoch = json.contains("epoch") && json["epoch"].is_number_unsigned();
    if (!device || !key || key->size() != wish.log_key.size() || !signature || signature->size() != 64 ||
        !has_epoch)
        return wrong;
    wish.log = {*device, json["epoch"].get<std::uint32_t>()};
    std::copy(key->begin(), key->end(), wish.log_key.begin());
    if (!core::verify_ed25519(wish.log_key, wire::enrolment_message(wish.code, wish.log, wish.request),
                              *signature))
        return Error{Errc::not_allowed, "the request is not signed by the log key that it names"};
    return wish;
}

// The tablet's name in the invitation, which works no more.
Result<std::string> spend_code(Ledger& ledger, std::string_view code, std::int64_t now_ms) {
    const Error no{Errc::not_allowed, "the code is wrong, used or too old; ask for a new invitation"};
    auto name = invitation_name(code);
    TRY_ASSIGN(auto value, ledger.value(name));
    if (!value || value->empty()) return no;
    auto text = core::as_text(*value);
    std::int64_t until_ms = 0;
    auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), until_ms);
    if (wrong != std::errc{} || now_ms > until_ms) return no;
    TRY(ledger.put_value(name, {}));
    return std::string(core::trim(text.substr(static_cast<std::size_t>(end - text.data()))));
}

}  // namespace

Result<wire::Invitation> invite(Home& home, std::string_view tablet, std::string_view url,
                                std::int64_t now_ms, std::int64_t hours) {
    auto code = core::to_base32(core::random_bytes(code_bytes));
    auto value = std::to_string(now_ms + hours * hour_ms) + " " + std::string(tablet);
    TRY(home.ledger->transact(
        [&] { return home.ledger->put_value(invitation_name(code), core::as_bytes(value)); }));
    return wire::Invitation{std::string(url), code, home.tls_pin};
}

Result<std::string> enrol(Home& home, std::string_view request_json, std::int64_t now_ms) {
    TRY_ASSIGN(auto wish, decode_wish(request_json));
    core::Issued issued;
    // The code is spent and the tablet enrolled, or neither: whoever gets no answer may ask again. Nobody else spends
    // it meanwhile. A certificate that was issued and then not given is nobody's.
    TRY(home.ledger->transact([&]() -> Status {
        TRY(home.ledger->hold(Turn::own_log));
        TRY_ASSIGN(auto tablet, spend_code(*home.ledger, wish.code, now_ms));
        TRY_ASSIGN(issued, issue_client_certificate(home, wish.log, wish.request, tablet, now_ms));
        return home.ingest->enrol_held(wish.log, wish.log_key, tablet);
    }));
    return core::encode_canonical({{"certificate", issued.certificate_pem},
                                   {"bundle_certificate", home.bundle_key->certificate_pem()},
                                   {"origin", home.ingest->name().origin},
                                   {"server_key", core::to_hex(home.ingest->name().key)}});
}

Result<std::string> admit(Home& home, std::string_view request_json, std::int64_t now_ms) {
    TRY_ASSIGN(auto answer, enrol(home, request_json, now_ms));
    TRY_ASSIGN(const Json json, core::decode_canonical(request_json));
    return wire::sign_admission(home.tls_key_pem, text_in(json, "request"), answer);
}

Result<core::Issued> issue_client_certificate(Home& home, const wire::LogName& log, std::string_view request,
                                              std::string_view tablet, std::int64_t now_ms) {
    TRY_ASSIGN(auto issued,
               home.ca->issue(request, core::IssueKind::tls_client, tablet, client_years, now_ms));
    TRY_ASSIGN(auto fingerprint, fingerprint_of(issued.certificate_pem));
    auto whose = log.device.str() + " " + std::to_string(log.epoch);
    TRY(home.ledger->put_value("client." + fingerprint, core::as_bytes(whose)));
    return issued;
}

Result<std::optional<wire::LogName>> peer_of(Ledger& ledger, std::string_view certificate_sha256) {
    TRY_ASSIGN(auto value, ledger.value("client." + std::string(certificate_sha256)));
    if (!value) return std::optional<wire::LogName>{};
    auto parts = core::split(core::as_text(*value), ' ');
    auto device = parts.size() == 2 ? core::DeviceId::parse(parts[0]) : std::nullopt;
    if (!device) return Error{Errc::damaged, "whose a client certificate is"};
    return std::optional(wire::LogName{
        *device, static_cast<std::uint32_t>(std::strtoul(std::string(parts[1]).c_str(), nullptr, 10))});
}

}  // namespace server
