// PrivatePayload: what the municipality needs and the public must not see.
//
// | field    | content                                                                        |
// |----------|--------------------------------------------------------------------------------|
// | format   | "handslag-private-payload/2"; "/1" when there is no link                       |
// | id       | of the signing                                                                 |
// | contact  | name?, email?, phone?                                                          |
// | language | of the text that was agreed to                                                 |
// | choices  | publish_representative, show_in_room, reference_group                          |
// | check_in | identity_seen, authority_seen                                                  |
// | full_ink | inks with time and pressure; empty unless the profile keeps them (decision 7)  |
// | link     | token of the visitor's personal link (decision 13)                             |
#include "core/model/record_parts.h"

namespace core {

namespace {

constexpr std::string_view family = "handslag-private-payload";
constexpr std::size_t link_letters = 26;  // 128 bits

bool is_link(std::string_view text) {
    return text.size() == link_letters &&
           text.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ") == std::string_view::npos;
}

}  // namespace

std::string encode(const PrivatePayload& payload) {
    Json contact = Json::object(), inks = Json::array();
    put_unless_empty(contact, "name", payload.contact.name);
    put_unless_empty(contact, "email", payload.contact.email);
    put_unless_empty(contact, "phone", payload.contact.phone);
    for (const auto& ink : payload.full_ink) inks.push_back(to_json(ink, InkDetail::full));
    Json json(
        {{"check_in", {{"authority_seen", payload.authority_seen}, {"identity_seen", payload.identity_seen}}},
         {"choices",
          {{"publish_representative", payload.publish_representative},
           {"reference_group", payload.reference_group},
           {"show_in_room", payload.show_in_room}}},
         {"contact", std::move(contact)},
         {"format", std::string(family) + (payload.link.empty() ? "/1" : "/2")},
         {"full_ink", std::move(inks)},
         {"id", payload.id.str()},
         {"language", clean(payload.language)}});
    put_unless_empty(json, "link", payload.link);
    return encode_canonical(json);
}

Result<PrivatePayload> decode_private_payload(std::string_view bytes) {
    auto read = decode_format(bytes, family, 1);
    if (!read.ok() && read.error().code == Errc::newer_version) read = decode_format(bytes, family, 2);
    TRY_ASSIGN(const Json json, std::move(read));
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
    payload.link = fields.optional_text("link", link_letters);
    if (!payload.link.empty() && !is_link(payload.link)) fields.fail("link", "is not the token of a link");
    fields.finish();
    if (!fields.good()) return fields.error();
    if (encode(payload) != bytes) return Error{Errc::malformed, "payload does not re-encode to itself"};
    return payload;
}

}  // namespace core
