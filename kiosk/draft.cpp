#include "kiosk/draft.h"

#include "core/base/json.h"

namespace kiosk {
namespace {

using core::Errc;
using core::Error;
using core::Json;
using core::Result;

constexpr const char* draft_format = "handslag-draft/1";
constexpr const char* arrival_format = "handslag-arrival/1";

Json to_json(const core::Ink& ink) {
    Json strokes = Json::array();
    for (const auto& stroke : ink.strokes) {
        Json points = Json::array();
        for (const auto& p : stroke.points) points.push_back({p.x_um, p.y_um, p.t_ms, p.pressure});
        strokes.push_back(std::move(points));
    }
    return {{"width_um", ink.width_um}, {"height_um", ink.height_um}, {"strokes", std::move(strokes)}};
}

core::Ink ink_from(const Json& json) {
    core::Ink ink;
    ink.width_um = json.at("width_um"), ink.height_um = json.at("height_um");
    for (const auto& points : json.at("strokes")) {
        auto& stroke = ink.strokes.emplace_back();
        for (const auto& p : points) stroke.points.push_back({p.at(0), p.at(1), p.at(2), p.at(3)});
    }
    return ink;
}

Json to_json(const core::Signature& signature) {
    using Kind = core::Signature::Kind;
    return {{"kind", signature.kind == Kind::drawn      ? "drawn"
                     : signature.kind == Kind::on_paper ? "on_paper"
                                                        : "typed_witnessed"},
            {"ink", to_json(signature.ink)},
            {"typed_name", signature.typed_name},
            {"witness", signature.witness},
            {"signed_at_ms", signature.signed_at_ms}};
}

core::Signature signature_from(const Json& json) {
    core::Signature signature;
    signature.kind = json.at("kind") == "drawn"      ? core::Signature::Kind::drawn
                     : json.at("kind") == "on_paper" ? core::Signature::Kind::on_paper
                                                     : core::Signature::Kind::typed_witnessed;
    signature.ink = ink_from(json.at("ink"));
    signature.typed_name = json.at("typed_name"), signature.witness = json.at("witness");
    signature.signed_at_ms = json.at("signed_at_ms");
    return signature;
}

Json to_json(const CheckIn& check_in) {
    return {{"arrived", check_in.arrived},
            {"identity_seen", check_in.identity_seen},
            {"authority_seen", check_in.authority_seen},
            {"names", check_in.names}};
}

CheckIn check_in_from(const Json& json) {
    return {json.at("arrived"), json.at("identity_seen"), json.at("authority_seen"),
            json.at("names").get<std::vector<std::string>>()};
}

Json to_json(const Visit& visit) {
    Json signatories = Json::array(), municipal = Json::array(), criteria = Json::array();
    for (const auto& s : visit.signatories)
        signatories.push_back({{"name", s.name},
                               {"role", s.role},
                               {"jointly", s.authority == core::Authority::jointly},
                               {"has_signed", s.has_signed},
                               {"signature", to_json(s.signature)}});
    for (const auto& m : visit.municipal)
        municipal.push_back(
            {{"name", m.signatory.name}, {"role", m.signatory.role}, {"signature", to_json(m.signature)}});
    for (bool ticked : visit.criteria) criteria.push_back(ticked);
    Json json{{"id", visit.id.str()},
              {"replaces", visit.replaces},
              {"expected", visit.expected.value_or(-1)},
              {"check_in", to_json(visit.check_in)},
              {"checked_in_as", visit.checked_in_as},
              {"name", visit.name},
              {"form", visit.form ? std::string(core::to_id(*visit.form)) : ""},
              {"form_text", visit.form_text},
              {"number", visit.number},
              {"place", visit.place},
              {"number_warned", visit.number_warned},
              {"criteria", std::move(criteria)},
              {"criteria_warned", visit.criteria_warned},
              {"decision_body", visit.decision_body},
              {"decision_date", visit.decision_date},
              {"representatives_required", visit.representatives_required},
              {"signatories", std::move(signatories)},
              {"contact_name", visit.contact_name},
              {"email", visit.email},
              {"phone", visit.phone},
              {"publish_representative", visit.publish_representative},
              {"show_in_room", visit.show_in_room},
              {"reference_group", visit.reference_group},
              {"municipal", std::move(municipal)},
              {"representatives_signed", visit.representatives_signed},
              {"municipality_signed", visit.municipality_signed},
              {"language", visit.language},
              {"draft", visit.draft}};
    if (visit.on_paper) json["paper_date"] = visit.paper_date;
    return json;
}

Visit visit_from(const Json& json) {
    Visit visit;
    visit.id = core::SigningId::parse(json.at("id").get<std::string>()).value_or(core::SigningId{});
    visit.replaces = json.at("replaces");
    if (int expected = json.at("expected"); expected >= 0) visit.expected = expected;
    visit.check_in = check_in_from(json.at("check_in"));
    visit.checked_in_as = json.at("checked_in_as");
    visit.name = json.at("name"), visit.form_text = json.at("form_text");
    visit.form = core::parse_form(json.at("form").get<std::string>());
    visit.number = json.at("number"), visit.place = json.at("place");
    visit.number_warned = json.at("number_warned"), visit.criteria_warned = json.at("criteria_warned");
    for (const auto& ticked : json.at("criteria")) visit.criteria.push_back(ticked.get<bool>());
    visit.decision_body = json.at("decision_body"), visit.decision_date = json.at("decision_date");
    visit.representatives_required = json.at("representatives_required");
    for (const auto& s : json.at("signatories"))
        visit.signatories.push_back(
            {s.at("name"), s.at("role"),
             s.at("jointly").get<bool>() ? core::Authority::jointly : core::Authority::alone,
             signature_from(s.at("signature")), s.at("has_signed")});
    visit.contact_name = json.at("contact_name"), visit.email = json.at("email"),
    visit.phone = json.at("phone");
    visit.publish_representative = json.at("publish_representative"),
    visit.show_in_room = json.at("show_in_room");
    visit.reference_group = json.at("reference_group");
    for (const auto& m : json.at("municipal"))
        visit.municipal.push_back({{m.at("name"), m.at("role")}, signature_from(m.at("signature"))});
    visit.representatives_signed = json.at("representatives_signed"),
    visit.municipality_signed = json.at("municipality_signed");
    visit.language = json.at("language"), visit.draft = json.at("draft");
    if (json.contains("paper_date")) visit.on_paper = true, visit.paper_date = json.at("paper_date");
    return visit;
}

}  // namespace

std::string encode(const Draft& draft) {
    return core::encode_canonical({{"format", draft_format},
                                   {"saved_at_ms", draft.saved_at_ms},
                                   {"ceremony", draft.ceremony.str()},
                                   {"agreement", draft.agreement.hex()},
                                   {"visit", to_json(draft.visit)}});
}

Result<Draft> decode_draft(std::string_view id, std::string_view content) {
    TRY_ASSIGN(Json json, core::decode_canonical(content));
    Draft draft;
    try {
        if (json.at("format") != draft_format) return Error{Errc::newer_version, "a draft of another format"};
        auto ceremony = core::CeremonyId::parse(json.at("ceremony").get<std::string>());
        auto agreement = core::AgreementDigest::from_hex(json.at("agreement").get<std::string>());
        if (!ceremony || !agreement)
            return Error{Errc::malformed, "a draft does not say of which ceremony and agreement it is"};
        draft = {std::string(id), json.at("saved_at_ms"), *ceremony, *agreement,
                 visit_from(json.at("visit"))};
    } catch (const Json::exception&) {
        return Error{Errc::malformed, "a draft lacks a field or has one of another kind"};
    }
    if (draft.visit.signatories.empty()) return Error{Errc::malformed, "a draft that nobody is to sign"};
    if (encode(draft) != content) return Error{Errc::malformed, "a draft does not re-encode to itself"};
    return draft;
}

namespace {

std::string arrival_id(std::string_view organisation) {
    return "arrival-" + core::to_hex(core::sha256(core::as_bytes(organisation))).substr(0, 16);
}

}  // namespace

std::string arrival_id(const core::Ceremony& ceremony, int expected) {
    return arrival_id(ceremony.expected.at(static_cast<std::size_t>(expected)).organisation.name);
}

std::string encode_arrival(const core::Ceremony& ceremony, const Arrival& arrival) {
    const auto& organisation = ceremony.expected.at(static_cast<std::size_t>(arrival.expected)).organisation;
    return core::encode_canonical({{"format", arrival_format},
                                   {"ceremony", ceremony.id.str()},
                                   {"organisation", organisation.name},
                                   {"check_in", to_json(arrival.check_in)}});
}

Result<Arrival> decode_arrival(const core::Ceremony& ceremony, std::string_view id,
                               std::string_view content) {
    TRY_ASSIGN(Json json, core::decode_canonical(content));
    Arrival arrival;
    try {
        if (json.at("format") != arrival_format)
            return Error{Errc::newer_version, "an arrival of another format"};
        std::string organisation = json.at("organisation");
        auto expected = place_on_list(ceremony, organisation);
        if (!expected || arrival_id(organisation) != id || json.at("ceremony") != ceremony.id.str())
            return Error{Errc::not_found, "an arrival of another ceremony or another list"};
        arrival.expected = *expected;
        arrival.check_in = check_in_from(json.at("check_in"));
    } catch (const Json::exception&) {
        return Error{Errc::malformed, "an arrival lacks a field or has one of another kind"};
    }
    if (encode_arrival(ceremony, arrival) != content)
        return Error{Errc::malformed, "an arrival does not re-encode to itself"};
    return arrival;
}

}  // namespace kiosk
