#include "sync/server/renewal.h"

#include "core/base/json.h"
#include "sync/protocol/invitation.h"
#include "sync/server/enrolment.h"

namespace server {
namespace {

using core::Errc;
using core::Error;
using core::Json;

struct Wish {
    wire::LogName log;
    std::string request;
    Bytes signature;
};

Result<Wish> decode_wish(std::string_view text) {
    const Error wrong{Errc::malformed, "not a request for a new certificate"};
    TRY_ASSIGN(const Json json, core::decode_canonical(text));
    auto text_in = [&json](const char* name) {
        return json.is_object() && json.contains(name) && json[name].is_string()
                   ? json[name].get<std::string>()
                   : std::string();
    };
    auto device = core::DeviceId::parse(text_in("device"));
    auto signature = core::from_hex(text_in("signature"));
    if (!device || !signature || signature->size() != 64 || !json.contains("epoch") ||
        !json["epoch"].is_number_unsigned())
        return wrong;
    return Wish{{*device, json["epoch"].get<std::uint32_t>()}, text_in("request"), std::move(*signature)};
}

Status check_standing(const KnownLog& log) {
    switch (log.state) {
        case wire::LogState::active:
            return {};
        case wire::LogState::frozen:
            return Error{Errc::not_allowed, "this tablet's log is frozen: the municipality must look first"};
        case wire::LogState::revoked:
            break;
    }
    return Error{Errc::not_allowed, "this tablet was reported lost: it gets no new certificate"};
}

}  // namespace

Result<std::string> renew(Home& home, const std::optional<wire::LogName>& peer, std::string_view request_json,
                          std::int64_t now_ms) {
    if (!peer) return Error{Errc::not_allowed, "no enrolled tablet's certificate"};
    TRY_ASSIGN(auto wish, decode_wish(request_json));
    if (wish.log != *peer) return Error{Errc::not_allowed, "another tablet's certificate"};
    core::Issued issued;
    TRY(home.ledger->transact([&]() -> Status {
        TRY_ASSIGN(auto log, home.ledger->hold_log(wish.log));  // it may be revoked meanwhile
        if (!log) return Error{Errc::not_allowed, "no enrolled tablet's certificate"};
        TRY(check_standing(*log));
        if (!core::verify_ed25519(log->key, wire::renewal_message(wish.log, wish.request), wish.signature))
            return Error{Errc::not_allowed, "the request is not signed by the tablet's log key"};
        TRY_ASSIGN(issued, issue_client_certificate(home, wish.log, wish.request, log->tablet, now_ms));
        return {};
    }));
    return core::encode_canonical({{"certificate", issued.chain_pem}});
}

}  // namespace server
