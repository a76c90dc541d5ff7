#include <algorithm>

#include <openssl/x509v3.h>

#include "core/longterm/stack.h"
#include "core/longterm/validation.h"

namespace core {
namespace {

constexpr std::int64_t clock_skew_ms = 5 * 60'000;

// One authentic answer about the certificate.
struct Answer {
    bool revoked = false, harmless_before = false;
    std::int64_t this_update_ms = 0, next_update_ms = 0, revoked_at_ms = 0;
    std::optional<std::size_t> responder;
};

bool leaves_the_past_alone(int reason) {
    return reason == OCSP_REVOKED_STATUS_AFFILIATIONCHANGED || reason == OCSP_REVOKED_STATUS_SUPERSEDED ||
           reason == OCSP_REVOKED_STATUS_CESSATIONOFOPERATION;
}

bool issued_by(X509* subject, X509* issuer) {
    bool so = X509_check_issued(issuer, subject) == X509_V_OK &&
              X509_verify(subject, X509_get0_pubkey(issuer)) == 1;
    ERR_clear_error();
    return so;
}

// The CA itself, or one that it made for this and nothing longer (RFC 6960, 4.2.2.2).
bool may_answer(X509* responder, X509* issuer, std::int64_t produced_at_ms) {
    if (X509_cmp(responder, issuer) == 0) return true;
    return issued_by(responder, issuer) && (X509_get_extension_flags(responder) & EXFLAG_XKUSAGE) != 0 &&
           (X509_get_extended_key_usage(responder) & XKU_OCSP_SIGN) != 0 &&
           produced_at_ms >= to_ms(X509_get0_notBefore(responder)) &&
           produced_at_ms <= to_ms(X509_get0_notAfter(responder)) + 999;
}

// The answer about `subject` in a response that `issuer` vouches for.
std::optional<Answer> read_ocsp(OCSP_BASICRESP* response, X509* subject, X509* issuer, ParsedData& data) {
    X509Stack known;
    for (const auto& certificate : data.certificates) known.push(certificate.get());
    known.push(issuer);
    X509* responder = nullptr;
    std::int64_t produced_at_ms = to_ms(OCSP_resp_get0_produced_at(response));
    bool authentic = OCSP_resp_get0_signer(response, &responder, known.get()) == 1 && responder != nullptr &&
                     may_answer(responder, issuer, produced_at_ms);
    if (authentic) {
        X509Stack only;
        only.push(responder);
        authentic = OCSP_basic_verify(response, only.get(), nullptr, OCSP_NOVERIFY) == 1;
    }
    ERR_clear_error();
    if (!authentic) return std::nullopt;
    std::optional<std::size_t> known_responder;
    for (std::size_t i = 0; i < data.certificates.size(); ++i)
        if (X509_cmp(data.certificates[i].get(), responder) == 0) {
            data.certificate_used[i] = true;
            known_responder = i;
        }
    for (int i = 0; i < OCSP_resp_count(response); ++i) {
        OCSP_SINGLERESP* single = OCSP_resp_get0(response, i);
        auto* id = const_cast<OCSP_CERTID*>(OCSP_SINGLERESP_get0_id(single));
        ASN1_OBJECT* digest = nullptr;
        OCSP_id_get0_info(nullptr, &digest, nullptr, nullptr, id);
        const EVP_MD* md = EVP_get_digestbyobj(digest);
        Handle<OCSP_CERTID, OCSP_CERTID_free> wanted(md != nullptr ? OCSP_cert_to_id(md, subject, issuer)
                                                                   : nullptr);
        ERR_clear_error();
        if (!wanted || OCSP_id_cmp(wanted.get(), id) != 0) continue;
        ASN1_GENERALIZEDTIME *revoked_at = nullptr, *from = nullptr, *until = nullptr;
        int reason = -1;
        int status = OCSP_single_get0_status(single, &reason, &revoked_at, &from, &until);
        if (status == V_OCSP_CERTSTATUS_UNKNOWN || from == nullptr) continue;
        Answer answer;
        answer.this_update_ms = to_ms(from);
        answer.next_update_ms = until != nullptr ? to_ms(until) : answer.this_update_ms;
        answer.revoked = status == V_OCSP_CERTSTATUS_REVOKED;
        answer.revoked_at_ms = revoked_at != nullptr ? to_ms(revoked_at) : 0;
        answer.harmless_before = leaves_the_past_alone(reason);
        answer.responder = known_responder;
        return answer;
    }
    return std::nullopt;
}

// Does the list's issuing distribution point leave room for this certificate (RFC 5280, 5.2.5)?
bool covers(X509_CRL* crl, X509* subject) {
    int critical = -1;
    Handle<ISSUING_DIST_POINT, ISSUING_DIST_POINT_free> scope(static_cast<ISSUING_DIST_POINT*>(
        X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point, &critical, nullptr)));
    if (!scope) return critical == -1;
    bool is_ca = (X509_get_extension_flags(subject) & EXFLAG_CA) != 0;
    if (scope->indirectCRL > 0 || scope->onlyattr > 0 || scope->onlysomereasons != nullptr ||
        (scope->onlyuser > 0 && is_ca) || (scope->onlyCA > 0 && !is_ca))
        return false;
    if (scope->distpoint == nullptr) return true;
    if (scope->distpoint->type != 0) return false;
    Handle<CRL_DIST_POINTS, CRL_DIST_POINTS_free> places(static_cast<CRL_DIST_POINTS*>(
        X509_get_ext_d2i(subject, NID_crl_distribution_points, nullptr, nullptr)));
    for (int i = 0; places && i < sk_DIST_POINT_num(places.get()); ++i) {
        const DIST_POINT_NAME* place = sk_DIST_POINT_value(places.get(), i)->distpoint;
        if (place == nullptr || place->type != 0) continue;
        for (int a = 0; a < sk_GENERAL_NAME_num(place->name.fullname); ++a)
            for (int b = 0; b < sk_GENERAL_NAME_num(scope->distpoint->name.fullname); ++b)
                if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(place->name.fullname, a),
                                     sk_GENERAL_NAME_value(scope->distpoint->name.fullname, b)) == 0)
                    return true;
    }
    return false;
}

bool knows_all_critical(X509_CRL* crl) {
    for (int i = 0; i < X509_CRL_get_ext_count(crl); ++i) {
        X509_EXTENSION* extension = X509_CRL_get_ext(crl, i);
        int which = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
        if (which == NID_delta_crl) return false;
        if (X509_EXTENSION_get_critical(extension) != 0 && which != NID_issuing_distribution_point)
            return false;
    }
    return true;
}

std::optional<Answer> read_crl(X509_CRL* crl, X509* subject, X509* issuer) {
    std::uint32_t flags = X509_get_extension_flags(issuer);
    bool authentic = X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer)) == 0 &&
                     ((flags & EXFLAG_KUSAGE) == 0 || (X509_get_key_usage(issuer) & KU_CRL_SIGN) != 0) &&
                     knows_all_critical(crl) && X509_CRL_verify(crl, X509_get0_pubkey(issuer)) == 1;
    ERR_clear_error();
    if (!authentic || !covers(crl, subject)) return std::nullopt;
    Answer answer;
    answer.this_update_ms = to_ms(X509_CRL_get0_lastUpdate(crl));
    const ASN1_TIME* until = X509_CRL_get0_nextUpdate(crl);
    answer.next_update_ms = until != nullptr ? to_ms(until) : answer.this_update_ms;
    X509_REVOKED* entry = nullptr;
    if (X509_CRL_get0_by_cert(crl, &entry, subject) == 1 && entry != nullptr) {
        answer.revoked = true;
        answer.revoked_at_ms = to_ms(X509_REVOKED_get0_revocationDate(entry));
        Handle<ASN1_ENUMERATED, ASN1_ENUMERATED_free> reason(
            static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nullptr, nullptr)));
        answer.harmless_before =
            reason && leaves_the_past_alone(static_cast<int>(ASN1_ENUMERATED_get(reason.get())));
    } else if (answer.this_update_ms > to_ms(X509_get0_notAfter(subject)) + 999) {
        return std::nullopt;  // a list may forget what has expired
    }
    return answer;
}

}  // namespace

Revocation find_revocation(X509* subject, X509* issuer, ParsedData& data, std::int64_t at_ms,
                           std::int64_t now_ms) {
    Revocation found;
    auto consider = [&](const Answer& answer, const char* source, std::size_t index, bool own) {
        if (answer.this_update_ms > now_ms + clock_skew_ms) return;
        if (!answer.revoked && at_ms > answer.next_update_ms) return;
        bool better = found.status == Revocation::Status::unknown;
        if (found.status == Revocation::Status::revoked)
            better = answer.revoked && answer.revoked_at_ms < found.revoked_at_ms;
        else if (found.status == Revocation::Status::good)
            better = answer.revoked || answer.this_update_ms > found.as_of_ms;
        own = own || found.in_file;
        if (better)
            found = {answer.revoked ? Revocation::Status::revoked : Revocation::Status::good,
                     answer.this_update_ms,
                     answer.revoked_at_ms,
                     answer.harmless_before,
                     source,
                     index,
                     answer.responder,
                     own};
        found.in_file = own;
    };
    for (std::size_t i = 0; i < data.ocsps.size(); ++i)
        if (auto answer = read_ocsp(data.ocsps[i].get(), subject, issuer, data)) {
            data.ocsp_used[i] = true;
            consider(*answer, "OCSP", i, i < data.own_ocsps);
        }
    for (std::size_t i = 0; i < data.crls.size(); ++i)
        if (auto answer = read_crl(data.crls[i].get(), subject, issuer)) {
            data.crl_used[i] = true;
            consider(*answer, "CRL", i, i < data.own_crls);
        }
    return found;
}

}  // namespace core
