#include "core/longterm/judge.h"

#include <algorithm>
#include <ctime>

#include "core/certificate/verify_revision.h"
#include "core/longterm/revisions.h"
#include "core/longterm/timestamp.h"
#include "core/longterm/validation.h"

namespace core {
namespace {

using Standing = ChainFacts::Standing;

constexpr const char* levels = "ETSI EN 319 142-1 6.3";
constexpr const char* dss = "ETSI EN 319 142-1 5.4";
constexpr const char* stamps = "RFC 3161 2.4.2, ETSI EN 319 102-1 5.4";
constexpr const char* revocations = "RFC 5280 6.3, RFC 6960, ETSI EN 319 102-1 5.2.5";
constexpr std::int64_t clock_skew_ms = 5 * 60'000;

std::string utc(std::int64_t ms) {
    auto seconds = static_cast<std::time_t>(ms / 1000);
    std::tm calendar{};
    gmtime_r(&seconds, &calendar);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &calendar);
    return text;
}

struct Stamp {
    bool trusted = false, complete = false;  // complete: revocation data for its chain is in the file
    std::int64_t at_ms = 0, not_after_ms = 0;
};

class LongTermJudge {
  public:
    LongTermJudge(ByteView pdf, std::int64_t at_ms) : pdf_(pdf), at_ms_(at_ms), proven_ms_(at_ms) {}

    Result<LongTerm> judge(const TrustFiles& trust, const ValidationData& more) {
        TRY_ASSIGN(for_seals_, read_certificates(trust.seals_pem));
        TRY_ASSIGN(for_stamps_, read_certificates(trust.seals_pem + "\n" + trust.timestamps_pem));
        judgement_.report().revocation = "not checked";
        ByteView sealed = pdf_.first(first_revision_size(pdf_));
        TRY_ASSIGN(auto first, judge_first_revision(judgement_, sealed));
        if (!first) return finish();
        out_.level = Level::bb;
        out_.has_timestamp = !first->seal.timestamp.empty();
        if (!read_later(*first, sealed, more)) return finish();

        Stamp last, seal_stamp;
        judge_document_timestamps(last);
        if (out_.has_timestamp) {
            seal_stamp =
                judge_stamp("timestamp", first->seal.timestamp, sha256(first->seal.signature), out_.seal);
            if (out_.last_stamp_ms == 0) remember(seal_stamp);
            if (seal_stamp.trusted) out_.proven_at_ms = proven_ms_;
        }
        judge_chain(judgement_, *first, for_seals_, proven_ms_);
        bool seal_complete = judge_seal_revocation(*first);
        settle_level(seal_stamp, last, seal_complete && seal_stamp.complete);
        check_for_ballast(*first);
        if (!judgement_.failed()) judge_record(judgement_, *first);
        return finish();
    }

  private:
    LongTerm finish() {
        judgement_.report().level = to_id(out_.level);
        out_.report = judgement_.finish();
        return std::move(out_);
    }

    // What stands behind revision 1, and all validation data; false when it is not ours.
    bool read_later(const FirstRevision& first, ByteView sealed, const ValidationData& more) {
        auto end = end_of(first, sealed);
        auto revisions = end.ok() ? read_increments(pdf_, std::move(*end)) : Result<Revisions>(end.error());
        if (!revisions.ok()) {
            judgement_.failed("increments", revisions.error().detail, levels);
            return false;
        }
        revisions_ = std::move(*revisions);
        if (!revisions_.added.empty() && first.seal.timestamp.empty()) {
            judgement_.failed("increments", "something was appended to a seal without a timestamp", levels);
            return false;
        }
        if (!revisions_.added.empty())
            judgement_.passed("increments",
                              "only validation data and document timestamps come after what was sealed",
                              levels);
        auto parsed = ParsedData::parse(revisions_.end.data);
        if (!parsed.ok()) {
            judgement_.failed("validation-data", "the file's validation data holds " + parsed.error().detail,
                              dss);
            return false;
        }
        data_ = std::move(*parsed);
        data_.own_ocsps = data_.ocsps.size();
        data_.own_crls = data_.crls.size();
        certificates_in_file_ = data_.certificates.size();
        if (auto added = data_.add(more); !added.ok()) {
            judgement_.not_checked("validation-data",
                                   "what was given besides the file holds " + added.error().detail);
        }
        return true;
    }

    // From the last to the first; `last` is the last one.
    void judge_document_timestamps(Stamp& last) {
        int number = revisions_.end.timestamps;
        for (auto added = revisions_.added.rbegin(); added != revisions_.added.rend(); ++added) {
            if (added->kind != AddedRevision::Kind::timestamp) continue;
            bool is_last = number == revisions_.end.timestamps;
            Needs other;
            Stamp stamp =
                judge_stamp("document-timestamp " + std::to_string(number--), added->timestamp.token,
                            added->timestamp.digest, is_last ? out_.last_timestamp : other);
            if (is_last) {
                last = stamp;
                remember(stamp);
            }
        }
    }

    void remember(const Stamp& stamp) {
        out_.last_stamp_ms = stamp.at_ms;
        out_.renew_before_ms = stamp.not_after_ms;
    }

    Stamp judge_stamp(const std::string& name, ByteView token, const Sha256& digest, Needs& needs) {
        Stamp stamp;
        auto facts = check_token(token, digest);
        if (!facts.ok()) {
            judgement_.failed(name.c_str(), facts.error().detail, stamps);
            return stamp;
        }
        if (has_another_spelling(*facts)) {
            judgement_.failed(
                name.c_str(),
                "it carries a certificate that the file or the trust file has in another spelling", stamps);
            return stamp;
        }
        stamp.at_ms = facts->at_ms;
        // The token's own alone: with the DSS's too, one could be taken out of the token or put into it.
        std::vector<X509*> others;
        for (const auto& certificate : facts->certificates) others.push_back(certificate.get());
        Chain chain = find_chain(facts->signer.get(), others, for_stamps_, proven_ms_, ChainOf::timestamp);
        stamp.not_after_ms = chain.not_after_ms;
        std::string by =
            utc(facts->at_ms) + ", by " + (facts->tsa.empty() ? "a TSA without a name" : facts->tsa);
        if (chain.standing == Standing::untrusted) {
            judgement_.failed(name.c_str(), by + ": " + chain.why, stamps);
        } else if (chain.standing == Standing::no_anchor) {
            judgement_.undecided(name.c_str(), by + ": " + chain.why, stamps);
        } else if (chain.standing == Standing::outside_validity) {
            judgement_.undecided(
                name.c_str(), by + ": " + chain.why + ", and no later timestamp protects this one", stamps);
        } else if (!was_valid(chain, facts->at_ms)) {
            judgement_.failed(name.c_str(), by + ": a certificate was not valid at that time", stamps);
        } else if (facts->at_ms > proven_ms_ + clock_skew_ms) {
            bool outermost = proven_ms_ == at_ms_;
            if (outermost)
                judgement_.undecided(name.c_str(), by + ": later than the time that is judged at", stamps);
            else
                judgement_.failed(name.c_str(), by + ": later than the timestamp over it", stamps);
        } else {
            stamp.trusted = true;
        }
        if (chain.certificates.empty()) {
            all_chains_known_ = false;
            return stamp;
        }
        stamp.complete = judge_stamp_revocation(name, chain, facts->at_ms, needs, stamp.trusted);
        if (!stamp.trusted) return stamp;
        judgement_.passed(name.c_str(), by, stamps);
        proven_ms_ = std::min(proven_ms_, facts->at_ms);
        return stamp;
    }

    // Of one CA and number, and yet not the same bytes: token_form.h tells how that can be.
    bool has_another_spelling(const TimestampFacts& facts) const {
        auto differs = [](const X509Certificate& a, const X509Certificate& b) {
            return X509_issuer_and_serial_cmp(a.get(), b.get()) == 0 && X509_cmp(a.get(), b.get()) != 0;
        };
        auto known = [&](const X509Certificate& carried) {
            auto other = [&](const X509Certificate& one) { return differs(one, carried); };
            return std::any_of(data_.certificates.begin(), data_.certificates.end(), other) ||
                   std::any_of(for_stamps_.begin(), for_stamps_.end(), other);
        };
        return known(facts.signer) ||
               std::any_of(facts.certificates.begin(), facts.certificates.end(), known);
    }

    static bool was_valid(const Chain& chain, std::int64_t at_ms) {
        return std::all_of(chain.certificates.begin(), chain.certificates.end(),
                           [&](const auto& certificate) {
                               return at_ms >= to_ms(X509_get0_notBefore(certificate.get())) &&
                                      at_ms <= to_ms(X509_get0_notAfter(certificate.get())) + 999;
                           });
    }

    // Fills `needs`; gives back whether the file itself answers for every certificate below the anchor.
    bool ask_about(const Chain& chain, std::int64_t at_ms, Needs& needs, const auto& when_known) {
        bool complete = true;
        ValidationData found;
        for (std::size_t i = 0; i < chain.certificates.size(); ++i) {
            X509* subject = chain.certificates[i].get();
            found.certificates.push_back(to_der(subject, i2d_X509));
            mark_used(subject);
            if (i + 1 == chain.certificates.size()) break;
            X509* issuer = chain.certificates[i + 1].get();
            Revocation known = find_revocation(subject, issuer, data_, at_ms, at_ms_);
            if (known.status == Revocation::Status::unknown) {
                complete = false;
                needs.missing.push_back({common_name(subject), core::ocsp_urls(subject),
                                         core::crl_urls(subject), make_ocsp_request(subject, issuer)});
                continue;
            }
            bool ocsp = std::string_view(known.source) == "OCSP";
            complete = complete && known.in_file;
            if (ocsp)
                found.ocsps.push_back(data_.der.ocsps[known.index]);
            else
                found.crls.push_back(data_.der.crls[known.index]);
            if (known.responder) found.certificates.push_back(data_.der.certificates[*known.responder]);
            when_known(subject, known);
        }
        needs.data.add(found);
        return complete;
    }

    void mark_used(X509* certificate) {
        for (std::size_t i = 0; i < data_.certificates.size(); ++i)
            if (X509_cmp(data_.certificates[i].get(), certificate) == 0) data_.certificate_used[i] = true;
    }

    bool judge_stamp_revocation(const std::string& name, const Chain& chain, std::int64_t stamped_ms,
                                Needs& needs, bool& trusted) {
        return ask_about(chain, stamped_ms, needs, [&](X509*, const Revocation& known) {
            if (known.status != Revocation::Status::revoked) return;
            // A key that may have been stolen could have stamped any time; proof of an earlier one saves it.
            bool spoiled = known.revoked_at_ms <= stamped_ms ||
                           (!known.harmless_before && known.revoked_at_ms <= proven_ms_);
            if (!spoiled || !trusted) return;
            trusted = false;
            judgement_.failed(name.c_str(),
                              "a certificate behind it was revoked on " + utc(known.revoked_at_ms),
                              revocations);
        });
    }

    bool judge_seal_revocation(const FirstRevision& first) {
        Chain chain = find_chain(first.seal.signer.get(), {first.seal.issuer.get()}, for_seals_, proven_ms_,
                                 ChainOf::seal);
        if (chain.certificates.empty()) {
            judgement_.not_checked("revocation", "without a trusted CA there is nobody to believe",
                                   revocations);
            return false;
        }
        std::size_t missing_before = out_.seal.missing.size();
        std::int64_t as_of_ms = 0;
        std::string later, sources;
        bool revoked = false;
        bool complete = ask_about(chain, proven_ms_, out_.seal, [&](X509* subject, const Revocation& known) {
            as_of_ms = as_of_ms == 0 ? known.as_of_ms : std::min(as_of_ms, known.as_of_ms);
            if (sources.find(known.source) == std::string::npos)
                sources += (sources.empty() ? "" : ", ") + std::string(known.source);
            if (known.status != Revocation::Status::revoked) return;
            const char* whose =
                subject == chain.certificates[0].get() ? "the seal's certificate" : "the issuing CA";
            if (known.revoked_at_ms > proven_ms_) {
                later = std::string("; ") + whose + " was revoked later, on " + utc(known.revoked_at_ms);
                return;
            }
            revoked = true;
            judgement_.failed("revocation",
                              std::string(whose) + " was revoked on " + utc(known.revoked_at_ms) +
                                  (out_.proven_at_ms != 0 ? ", before the seal is proven to have existed"
                                                          : ", and nothing proves that the seal is older"),
                              revocations);
        });
        bool known = out_.seal.missing.size() == missing_before;
        if (revoked || as_of_ms > 0) {
            judgement_.report().revocation = "checked as of " + utc(as_of_ms) + " (" + sources + ")";
            if (!known) judgement_.report().revocation += ", not for every certificate";
        }
        if (revoked) return complete;
        if (known && as_of_ms > 0)
            judgement_.passed("revocation",
                              "not revoked at " + utc(proven_ms_) + ", by data of " + utc(as_of_ms) + later,
                              revocations);
        else if (known)
            judgement_.not_checked("revocation", "the seal's certificate is trusted as such", revocations);
        else
            judgement_.not_checked("revocation", revocation_gap(missing_before), revocations);
        return complete;
    }

    std::string revocation_gap(std::size_t from) const {
        std::string text;
        for (std::size_t i = from; i < out_.seal.missing.size(); ++i)
            text += (text.empty() ? "no revocation data for " : ", ") + out_.seal.missing[i].whose;
        return text;
    }

    void settle_level(const Stamp& seal_stamp, const Stamp& last, bool complete) {
        if (!seal_stamp.trusted) return;
        out_.level = Level::bt;
        if (revisions_.end.store == 0) return;
        if (!complete) {
            judgement_.not_checked("level", "validation data is in the file, but not all that B-LT wants",
                                   levels);
            return;
        }
        out_.level = Level::blt;
        bool stored = false, stamped_after = false;
        for (const AddedRevision& added : revisions_.added) {
            if (added.kind == AddedRevision::Kind::validation_data)
                stored = true;
            else
                stamped_after = stamped_after || stored;
        }
        if (stamped_after && last.trusted) out_.level = Level::blta;
    }

    // Data that no chain or question needs is where something could be hidden.
    void check_for_ballast(const FirstRevision& first) {
        if (judgement_.failed() || !all_chains_known_ || out_.level < Level::bt) return;
        mark_used(first.seal.issuer.get());
        auto all = [](const std::vector<bool>& used, std::size_t count) {
            return std::all_of(used.begin(), used.begin() + static_cast<std::ptrdiff_t>(count),
                               [](bool is) { return is; });
        };
        if (!all(data_.certificate_used, certificates_in_file_) || !all(data_.ocsp_used, data_.own_ocsps) ||
            !all(data_.crl_used, data_.own_crls))
            judgement_.failed("validation-data", "the file holds validation data that nothing in it needs",
                              dss);
    }

    ByteView pdf_;
    std::int64_t at_ms_, proven_ms_;
    std::vector<X509Certificate> for_seals_, for_stamps_;
    Judgement judgement_;
    Revisions revisions_;
    ParsedData data_;
    bool all_chains_known_ = true;
    std::size_t certificates_in_file_ = 0;
    LongTerm out_;
};

}  // namespace

std::string_view to_id(Level level) {
    constexpr std::string_view ids[] = {"", "B-B", "B-T", "B-LT", "B-LTA"};
    return ids[static_cast<std::size_t>(level)];
}

Result<LongTerm> judge_long_term(ByteView pdf, const TrustFiles& trust, std::int64_t at_ms,
                                 const ValidationData& more) {
    return LongTermJudge(pdf, at_ms).judge(trust, more);
}

}  // namespace core
