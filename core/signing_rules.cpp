#include "core/signing_rules.h"

#include <algorithm>
#include <cstdlib>

#include "core/base/text.h"

namespace core {
namespace {

constexpr std::int64_t minute_ms = 60'000, day_ms = 24 * 60 * minute_ms;
constexpr std::int64_t rehearsal_days = 31;  // a ceremony is not opened longer than this before its day

Error forbid(const char* rule) { return {Errc::not_allowed, rule}; }
Error implausible(std::string what) { return {Errc::clock_implausible, std::move(what)}; }

bool blank(std::string_view text) { return normalise(text).value_or("").empty(); }

std::int64_t start_of(const Date& date) { return from_swedish_time({date, 0, 0, 0}); }

// Only a day is known, and it lies between the agreement, the organisation's decision and now.
Status check_paper(const SigningDesk& desk, const Date& decided, std::int64_t signed_at_ms,
                   const ClockReading& now) {
    auto day = to_swedish_time(signed_at_ms).date;
    if (signed_at_ms != start_of(day)) return forbid("of a signature on paper only the day is told");
    if (signed_at_ms > now.wall_ms) return forbid("the signature on paper lies in the future");
    if (day < desk.ceremony->agreement.adoption.date)
        return forbid("the signature on paper is older than the agreement");
    if (day < decided) return forbid("the signature on paper is older than the organisation's decision");
    return {};
}

// A form is signed by all who stand on it.
Status check_all_on_paper(const SigningDesk& desk, const SigningInput& input, const ClockReading& now) {
    std::size_t on_paper = 0;
    auto look = [&](const Signature& signature) -> Status {
        if (signature.kind != Signature::Kind::on_paper) return {};
        ++on_paper;
        return check_paper(desk, input.decision.date, signature.signed_at_ms, now);
    };
    for (const auto& one : input.representatives) TRY(look(one.signature));
    for (const auto& one : input.municipal) TRY(look(one.signature));
    if (on_paper != 0 && on_paper != input.representatives.size() + input.municipal.size())
        return forbid("some signed on paper and some on the tablet");
    return {};
}

bool same_name(std::string_view one, std::string_view other) {
    return fold_for_search(one) == fold_for_search(other);
}

Status check_signature(const std::string& name, const Signature& signature) {
    if (signature.kind == Signature::Kind::on_paper) return {};  // judged with all the others of its form
    if (signature.kind == Signature::Kind::typed_witnessed) {
        if (blank(signature.typed_name) || blank(signature.witness))
            return forbid("a typed signature needs the name and a witness");
        if (!same_name(signature.typed_name, name))
            return forbid("the name that is typed is not the signatory's");
        if (same_name(signature.witness, name)) return forbid("nobody witnesses their own signature");
        return {};
    }
    if (!can_stand(judge(signature.ink))) return forbid("a signature is missing, or too small to be one");
    return {};
}

Status check_organisation(const Agreement& agreement, const Organisation& organisation) {
    if (blank(organisation.name)) return forbid("the organisation has no name");
    if (organisation.form == OrganisationForm::annan && blank(organisation.form_text))
        return forbid("the organisation's form is not told");
    if (organisation.form == OrganisationForm::natverk && !agreement.networks_may_sign)
        return forbid("this agreement is not for networks without organisationsnummer");
    auto need = number_need(organisation.form);
    if (need == NumberNeed::required && !organisation.number)
        return forbid("this form needs an organisationsnummer");
    if (need == NumberNeed::forbidden && organisation.number)
        return forbid("a network has no organisationsnummer");
    return {};
}

Status check_decision(const Decision& decision, const ClockReading& now) {
    if (blank(decision.body) || decision.date.empty())
        return forbid("the organisation's own decision is not told");
    if (decision.date > to_swedish_time(now.wall_ms).date) return forbid("the decision lies in the future");
    return {};
}

Status check_criteria(const Agreement& agreement, const std::vector<RecordedCriterion>& answers) {
    if (answers.size() != agreement.criteria.size()) return forbid("not every criterion has one answer");
    for (const auto& criterion : agreement.criteria) {
        auto answer = std::find_if(answers.begin(), answers.end(),
                                   [&](const RecordedCriterion& one) { return one.id == criterion.id; });
        if (answer == answers.end() || answer->strength != criterion.strength)
            return forbid("not every criterion has one answer");
        if (criterion.strength == Strength::must && !answer->met)
            return forbid("a criterion that must hold is not met");
    }
    return {};
}

Status check_representatives(const std::vector<RepresentativeSignature>& representatives) {
    if (representatives.empty() || representatives.size() > 6)
        return forbid("one to six representatives sign");
    bool one_signs_alone = false;
    for (const auto& [person, signature] : representatives) {
        if (blank(person.name)) return forbid("a representative has no name");
        one_signs_alone = one_signs_alone || person.authority == Authority::alone;
        TRY(check_signature(person.name, signature));
    }
    if (!one_signs_alone && representatives.size() < 2)
        return forbid("who signs jointly cannot be the only one");
    return {};
}

Status check_replaced(const SigningDesk& desk, const std::string& number) {
    if (number.empty()) return {};
    TRY_ASSIGN(auto rows, desk.store->signings());
    for (const auto& row : rows)
        if (row.certificate_number == number && row.voided) return {};
    return forbid("only a voided certificate of this tablet can be replaced");
}

}  // namespace

Result<Opening> read_opening(const Store& store, const Entry& entry) {
    TRY_ASSIGN(auto bytes, store.payload(entry.seq, "ceremony"));
    TRY_ASSIGN(auto json, decode_canonical(as_text(bytes)));
    auto id = json.is_object() && json.contains("id") && json["id"].is_string()
                  ? CeremonyId::parse(json["id"].get<std::string>())
                  : std::nullopt;
    if (!id)
        return Error{Errc::damaged, "entry " + std::to_string(entry.seq) + " does not say which ceremony"};
    return Opening{entry.seq, *id, entry.at};
}

Result<std::optional<Opening>> open_now(const Store& store) {
    for (std::uint64_t seq = store.size(); seq-- > 0;) {
        TRY_ASSIGN(auto entry, store.entry(seq));
        if (entry.kind == kind_closed) break;
        if (entry.kind != kind_opened) continue;
        TRY_ASSIGN(auto opening, read_opening(store, entry));
        return std::optional(std::move(opening));
    }
    return std::optional<Opening>();
}

Result<Opening> require_open(const SigningDesk& desk, const ClockReading& now) {
    TRY_ASSIGN(auto opening, open_now(*desk.store));
    if (!opening) return forbid("the ceremony is not open on this tablet");
    if (opening->ceremony != desk.ceremony->id) return forbid("another ceremony is open on this tablet");
    TRY(check_confirmation(*desk.store, *opening, now));
    return std::move(*opening);
}

Status check_date(const SigningDesk& desk, const ClockReading& now) {
    const auto& adopted = desk.ceremony->agreement.adoption.date;
    if (now.wall_ms < start_of(adopted))
        return implausible("before the agreement was adopted, " + adopted.iso());
    const auto& held = desk.ceremony->date;
    if (!desk.seal_key->demonstration() && now.wall_ms < start_of(held) - rehearsal_days * day_ms)
        return implausible("more than a month before the ceremony, " + held.iso());
    return {};
}

Status check_confirmation(const Store& store, const Opening& opening, const ClockReading& now) {
    auto moved = moved_ms(opening.at, now);
    if (!moved) return forbid("the tablet was restarted since the host confirmed date and time");
    if (std::abs(*moved) > clock_tolerance_ms)
        return implausible("the clock was moved by " + std::to_string(*moved / 1000) +
                           " s since the host confirmed it");
    TRY_ASSIGN(auto last, store.entry(store.size() - 1));  // the opening itself, or later
    if (now.wall_ms < last.at.wall_ms - clock_tolerance_ms)
        return implausible("before the last entry of this tablet's log");
    return {};
}

Status check_seal_key(const SigningDesk& desk, const ClockReading& now) {
    if (const auto& root = desk.ceremony->municipality.root_certificate_pem; !root.empty())
        TRY(desk.seal_key->check_root(root));
    if (desk.seal_key->revoked()) return forbid("the tablet's seal certificate is revoked");
    if (now.wall_ms < desk.seal_key->not_before_ms())
        return implausible("before the tablet's seal certificate begins to be valid");
    if (now.wall_ms > desk.seal_key->not_after_ms())
        return forbid("the tablet's seal certificate has expired");
    return {};
}

Status check_municipal(const SigningDesk& desk, const std::vector<MunicipalSignature>& municipal) {
    if (municipal.empty()) return forbid("the municipality has not signed");
    for (const auto& [signatory, signature] : municipal) {
        const auto& known = desk.ceremony->signatories;
        if (std::find(known.begin(), known.end(), signatory) == known.end())
            return forbid("that person does not sign for the municipality at this ceremony");
        TRY(check_signature(signatory.name, signature));
    }
    return {};
}

Status check_input(const SigningDesk& desk, const SigningInput& input, const ClockReading& now) {
    if (input.id.empty()) return forbid("the signing has no id");
    if (!desk.clock_confirmed) return forbid("the host has not confirmed date and time");
    const auto& agreement = desk.ceremony->agreement;
    TRY(check_organisation(agreement, input.organisation));
    TRY(check_decision(input.decision, now));
    TRY(check_criteria(agreement, input.criteria));
    TRY(check_representatives(input.representatives));
    if (desk.ceremony->countersigning == Countersigning::beside) {
        TRY(check_municipal(desk, input.municipal));
    } else if (!input.municipal.empty()) {
        return forbid("the municipality signs at the closing of this ceremony");
    }
    TRY(check_all_on_paper(desk, input, now));
    return check_replaced(desk, input.replaces);
}

}  // namespace core
