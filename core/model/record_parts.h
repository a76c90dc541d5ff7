// The parts that several records share, to JSON and back. Internal to core/model.
#pragma once

#include "core/model/fields.h"
#include "core/model/signing_record.h"

namespace core {

// Every text in a record is normalised as it goes in, so that what is encoded always decodes.
std::string clean(std::string_view text);
void put_unless_empty(Json& json, const char* field, std::string_view text);

// | ink | width_um, height_um; strokes: a list a stroke                                           |
// | shape | x1, y1, x2, y2 ... in um                                                             |
// | full  | x1, y1, t1, p1, x2 ... with ms and pressure 0..1000                                  |
enum class InkDetail { shape, full };
Json to_json(const Ink& ink, InkDetail detail);
Ink read_ink(Fields& fields, InkDetail detail);

Json to_json(const Signature& signature);
Signature read_signature(Fields& fields);
Json to_json(const std::vector<MunicipalSignature>& signatures);
std::vector<MunicipalSignature> read_municipal(Fields& fields, const char* field, std::size_t least);

Json clock_json(const ClockReading& reading, bool confirmed_by_host);
void read_clock(Fields& fields, ClockReading& reading, bool& confirmed_by_host);  // "clock"
void read_device(Fields& fields, DeviceId& device, int& epoch, char& letter);     // "device"
std::string read_number_of_body(Fields& fields);  // "organisationsnummer" of the municipality

constexpr std::int64_t first_ms = 1'577'836'800'000;   // 2020-01-01: no record is older than the program
constexpr std::int64_t last_ms = 253'402'300'799'999;  // 9999-12-31

}  // namespace core
