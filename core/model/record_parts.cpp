#include "core/model/record_parts.h"

#include "core/base/text.h"

namespace core {

constexpr std::int64_t largest_um = 2'000'000;  // two metres of signing area
constexpr std::size_t most_strokes = 400;
constexpr std::size_t most_numbers = 80'000;  // in one stroke

std::string clean(std::string_view text) { return normalise(text).value_or(""); }

void put_unless_empty(Json& json, const char* field, std::string_view text) {
    if (std::string cleaned = clean(text); !cleaned.empty()) json[field] = std::move(cleaned);
}

Json to_json(const Ink& ink, InkDetail detail) {
    Json strokes = Json::array();
    for (const auto& stroke : ink.strokes) {
        Json numbers = Json::array();
        for (const auto& point : stroke.points) {
            numbers.push_back(point.x_um);
            numbers.push_back(point.y_um);
            if (detail == InkDetail::full) {
                numbers.push_back(point.t_ms);
                numbers.push_back(point.pressure);
            }
        }
        strokes.push_back(std::move(numbers));
    }
    return {{"height_um", ink.height_um}, {"strokes", std::move(strokes)}, {"width_um", ink.width_um}};
}

Ink read_ink(Fields& fields, InkDetail detail) {
    Ink ink;
    ink.width_um = static_cast<std::int32_t>(fields.whole("width_um", 1, largest_um));
    ink.height_um = static_cast<std::int32_t>(fields.whole("height_um", 1, largest_um));
    std::size_t step = detail == InkDetail::full ? 4 : 2;
    for (const auto& numbers : fields.list("strokes", 1, most_strokes)) {
        bool right = numbers.is_array() && !numbers.empty() && numbers.size() % step == 0 &&
                     numbers.size() <= most_numbers;
        auto number = [&](std::size_t i, std::int64_t least, std::int64_t most) {
            if (!right || !numbers[i].is_number_integer()) return right = false, std::int32_t{0};
            auto value = numbers[i].get<std::int64_t>();
            if (value < least || value > most) return right = false, std::int32_t{0};
            return static_cast<std::int32_t>(value);
        };
        Stroke stroke;
        for (std::size_t i = 0; right && i < numbers.size(); i += step) {
            InkPoint point{number(i, -largest_um, largest_um), number(i + 1, -largest_um, largest_um), 0, 0};
            if (detail == InkDetail::full) {
                point.t_ms = number(i + 2, 0, 24LL * 3600 * 1000);
                point.pressure = number(i + 3, 0, 1000);
            }
            stroke.points.push_back(point);
        }
        if (!right) fields.fail("strokes", "holds a stroke that is not points");
        ink.strokes.push_back(std::move(stroke));
    }
    return ink;
}

Json to_json(const Signature& signature) {
    if (signature.kind == Signature::Kind::on_paper)
        return {{"at_ms", signature.signed_at_ms}, {"kind", "on_paper"}};
    if (signature.kind == Signature::Kind::drawn)
        return {{"at_ms", signature.signed_at_ms},
                {"ink", to_json(signature.ink, InkDetail::shape)},
                {"kind", "drawn"}};
    return {{"at_ms", signature.signed_at_ms},
            {"kind", "typed_witnessed"},
            {"typed_name", clean(signature.typed_name)},
            {"witness", clean(signature.witness)}};
}

Signature read_signature(Fields& fields) {
    Signature signature;
    signature.signed_at_ms = fields.whole("at_ms", first_ms, last_ms);
    std::string kind = fields.text("kind", 1, 40);
    if (kind == "drawn") {
        signature.ink = fields.inside("ink", [](Fields& ink) { return read_ink(ink, InkDetail::shape); });
    } else if (kind == "on_paper") {
        signature.kind = Signature::Kind::on_paper;
    } else if (kind == "typed_witnessed") {
        signature.kind = Signature::Kind::typed_witnessed;
        signature.typed_name = fields.text("typed_name", 1, 120);
        signature.witness = fields.text("witness", 1, 120);
    } else {
        fields.fail("kind", "is not known");
    }
    return signature;
}

Json to_json(const std::vector<MunicipalSignature>& signatures) {
    Json list = Json::array();
    for (const auto& [signatory, signature] : signatures)
        list.push_back({{"name", clean(signatory.name)},
                        {"role", clean(signatory.role)},
                        {"signature", to_json(signature)}});
    return list;
}

std::vector<MunicipalSignature> read_municipal(Fields& fields, const char* field, std::size_t least) {
    return fields.each(field, least, 4, [](Fields& one) {
        MunicipalSignature municipal;
        municipal.signatory.name = one.text("name", 1, 120);
        municipal.signatory.role = one.text("role", 1, 120);
        municipal.signature = one.inside("signature", read_signature);
        return municipal;
    });
}

Json clock_json(const ClockReading& reading, bool confirmed_by_host) {
    return {{"boot_id", clean(reading.boot_id)},
            {"confirmed_by_host", confirmed_by_host},
            {"monotonic_ms", reading.monotonic_ms}};
}

void read_clock(Fields& fields, ClockReading& reading, bool& confirmed_by_host) {
    fields.inside("clock", [&](Fields& clock) {
        reading.boot_id = clock.text("boot_id", 0, 64);
        confirmed_by_host = clock.truth("confirmed_by_host");
        reading.monotonic_ms = clock.whole("monotonic_ms", 0, last_ms);
        return true;
    });
}

void read_device(Fields& fields, DeviceId& device, int& epoch, char& letter) {
    fields.inside("device", [&](Fields& inner) {
        device = inner.id<DeviceId>("id");
        epoch = static_cast<int>(inner.whole("epoch", 0, 1'000'000));
        std::string text = inner.text("letter", 1, 1);
        letter = text.size() == 1 ? text[0] : 'A';
        if (letter < 'A' || letter > 'Z') inner.fail("letter", "is not A to Z");
        return true;
    });
}

std::string read_number_of_body(Fields& fields) {
    std::string digits = fields.text("organisationsnummer", 10, 10);
    auto parsed = Organisationsnummer::parse(digits);
    if (!parsed.value || parsed.value->digits() != digits) fields.fail("organisationsnummer", "is not right");
    return digits;
}

}  // namespace core
