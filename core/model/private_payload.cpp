// PrivatePayload: what the municipality needs and the public must not see.
//
// | field    | content                                                                        |
// |----------|--------------------------------------------------------------------------------|
// | format   | "handslag-private-payload/1"                                                   |
// | id       | of the signing                                                                 |
// | contact  | name?, email?, phone?                                                          |
// | language | of the text that was agreed to                                                 |
// | choices  | publish_representative, show_in_room, reference_group                          |
// | check_in | identity_seen, authority_seen                                                  |
// | full_ink | inks with time and pressure; empty unless the profile keeps them (decision 7)  |
#include "core/model/record_parts.h"

namespace core {

constexpr std::string_view family = "handslag-private-payload";

std::string encode(const PrivatePayload& payload) {
    Json contact = Json::object(), inks = Json::array();
    put_unless_empty(contact, "name", payload.contact.name);
    put_unless_empty(contact, "email", payload.contact.email);
    put_unless_empty(contact, "phone", payload.contact.phone);
    for (const auto& ink : payload.full_ink) inks.push_back(to_json(ink, InkDetail::full));
    return encode_canonical(
        {{"check_in", {{"authority_seen", payload.authority_seen}, {"identity_seen", payload.identity_seen}}},
         {"choices",
          {{"publish_representative", payload.publish_representative},
           {"reference_group", payload.reference_group},
           {"show_in_room", payload.show_in_room}}},
         {"contact", std::move(contact)},
         {"format", std::string(family) + "/1"},
         {"full_ink", std::move(inks)},
         {"id", payload.id.str()},
         {"language", clean(payload.language)}});
}

Result<PrivatePayload> decode_private_payload(std::string_view bytes) {
    TRY_ASSIGN(const Json json, decode_format(bytes, family, 1));
    Fields fields(json);
    PrivatePayload payload;
    fields.text("format", 1, 40);
    payload.id = fields.id<SigningId>("id");
    payload.contact = fields.inside("contact", [](Fields& contact) {
        return ContactDetails{contact.optional_text("name", 120), contact.optional_text("email", 254),
                              contact.optional_text("phone", 40)};
    });
    payload.language = fields.text("language", 1, 20);
    fields.inside("choices", [&](Fields& choices) {
        payload.publish_representative = choices.truth("publish_representative");
        payload.reference_group = choices.truth("reference_group");
        payload.show_in_room = choices.truth("show_in_room");
        return true;
    });
    fields.inside("check_in", [&](Fields& check_in) {
        payload.authority_seen = check_in.truth("authority_seen");
        payload.identity_seen = check_in.truth("identity_seen");
        return true;
    });
    payload.full_ink =
        fields.each("full_ink", 0, 10, [](Fields& ink) { return read_ink(ink, InkDetail::full); });
    fields.finish();
    if (!fields.good()) return fields.error();
    if (encode(payload) != bytes) return Error{Errc::malformed, "payload does not re-encode to itself"};
    return payload;
}

}  // namespace core
