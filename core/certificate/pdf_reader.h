// PDF reader: the exact form of file that core/certificate/structure writes, and nothing else.
//
// One revision, a classic cross-reference table, objects end to end in the order of their numbers, every byte
// accounted for: no gaps, comments, object streams or leftovers where something could hide. Input is hostile:
// at most 16 MB and 500,000 values, work linear in the size, nesting bounded; all streams of a file share one
// room to inflate in.
#pragma once

#include <functional>
#include <map>
#include <variant>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace core {

struct PdfValue;
using PdfArray = std::vector<PdfValue>;
using PdfDictionary = std::map<std::string, PdfValue, std::less<>>;

struct PdfName {
    std::string text;  // without the slash
};
struct PdfString {
    Bytes bytes;
    bool hexadecimal = false;
    std::size_t begin = 0, end = 0;  // in the file, delimiters included
};
struct PdfReference {
    int object = 0;
};
struct PdfReal {
    double value = 0;
};

struct PdfValue {
    std::variant<std::monostate, bool, std::int64_t, PdfReal, PdfName, PdfString, PdfReference, PdfArray,
                 PdfDictionary>
        is;

    const PdfDictionary* dictionary() const { return std::get_if<PdfDictionary>(&is); }
    const PdfArray* array() const { return std::get_if<PdfArray>(&is); }
    const PdfString* string() const { return std::get_if<PdfString>(&is); }
    const PdfReference* reference() const { return std::get_if<PdfReference>(&is); }
    const std::int64_t* integer() const { return std::get_if<std::int64_t>(&is); }
    bool is_name(std::string_view text) const {
        const auto* name = std::get_if<PdfName>(&is);
        return name != nullptr && name->text == text;
    }
};

struct PdfObject {
    PdfValue value;
    bool is_stream = false;
    ByteView raw;  // a stream's bytes as they stand in the file
};

// For a file that verify_certificate() reads: all its streams together.
inline constexpr std::size_t inflated_room = 16U << 20;

class PdfFile {
  public:
    // Errc::malformed says what is wrong and where. The bytes must outlive the file.
    static Result<PdfFile> read(ByteView bytes);

    const PdfDictionary& trailer() const { return trailer_; }
    const std::vector<PdfObject>& objects() const { return objects_; }  // object n is at n - 1
    const PdfObject* object(int number) const;

    // The value of a key, references followed; nothing when it is missing.
    const PdfValue* find(const PdfDictionary& in, std::string_view key) const;
    const PdfDictionary* find_dictionary(const PdfDictionary& in, std::string_view key) const;
    const PdfArray* find_array(const PdfDictionary& in, std::string_view key) const;
    const PdfObject* find_stream(const PdfDictionary& in, std::string_view key) const;
    const PdfValue* resolve(const PdfValue& value) const;

    // A stream's content; Errc::malformed for any filter but FlateDecode, or when longer than `room`, from
    // which its length is taken.
    Result<Bytes> inflate(const PdfObject& stream, std::size_t& room) const;

  private:
    std::vector<PdfObject> objects_;
    PdfDictionary trailer_;
};

// The next token of a page's content, for whoever reads its text: operands until an operator comes.
struct PdfOperation {
    std::vector<PdfValue> operands;
    std::string_view operation;
};
// Calls `visit` for each operation. Errc::malformed.
Status for_each_operation(ByteView content, const std::function<void(const PdfOperation&)>& visit);

}  // namespace core
