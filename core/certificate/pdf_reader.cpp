#include "core/certificate/qpdf_first.h"

#include "core/certificate/pdf_reader.h"

#include <algorithm>
#include <stdexcept>

#include <qpdf/Pl_Flate.hh>

namespace core {
namespace {

constexpr int deepest = 24;
constexpr std::string_view header = "%PDF-1.7\n%\xBF\xF7\xA2\xFE\n", last_line = "%%EOF\n";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\n'; }
bool is_delimiter(char c) { return std::string_view("()<>[]{}/%").find(c) != std::string_view::npos; }
bool is_regular(char c) { return c > ' ' && c < 127 && !is_delimiter(c); }
int hex_digit(char c) { return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

constexpr std::size_t most_bytes = 16U << 20;
// A value takes much more memory than the two bytes that it may be written in.
constexpr std::size_t most_values = 500'000;

class Lexer {
  public:
    // `values` counts what has been read of the whole file.
    Lexer(std::string_view text, std::size_t at, std::size_t end, std::size_t& values)
        : text_(text), at_(at), end_(end), values_(values) {}

    std::size_t at() const { return at_; }
    bool done() const { return at_ >= end_; }
    bool take(std::string_view exactly) {
        if (text_.substr(at_, std::min(exactly.size(), end_ - at_)) != exactly) return false;
        at_ += exactly.size();
        return true;
    }
    void skip_space() {
        while (!done() && is_space(text_[at_])) ++at_;
    }
    char peek() const { return done() ? '\0' : text_[at_]; }

    Error wrong(const std::string& what) const {
        return {Errc::malformed, what + " at byte " + std::to_string(at_)};
    }

    // A whole number without sign or leading zeros, below 10^10.
    Result<std::int64_t> number() {
        std::size_t from = at_;
        std::int64_t value = 0;
        while (!done() && is_digit(text_[at_]) && at_ - from < 10) value = value * 10 + (text_[at_++] - '0');
        if (at_ == from || (at_ - from > 1 && text_[from] == '0')) return wrong("no number");
        return value;
    }

    std::string_view word() {
        std::size_t from = at_;
        while (!done() && is_regular(text_[at_])) ++at_;
        return text_.substr(from, at_ - from);
    }

    Result<PdfValue> value(int depth, bool references) {
        if (depth > deepest) return wrong("nested too deeply");
        if (++values_ > most_values) return wrong("too many values");
        char c = peek();
        if (c == '/') return name();
        if (c == '(') return literal_string();
        if (c == '[') return array(depth, references);
        if (c == '<') return text_.substr(at_, 2) == "<<" ? dictionary(depth, references) : hex_string();
        if (is_digit(c) || c == '-' || c == '.') return numeric(references);
        if (take("true")) return PdfValue{true};
        if (take("false")) return PdfValue{false};
        if (take("null")) return PdfValue{};
        return wrong("no value");
    }

  private:
    Result<PdfValue> name() {
        ++at_;
        std::string_view raw = word();
        PdfName name;
        for (std::size_t i = 0; i < raw.size(); ++i) {
            if (raw[i] != '#') {
                name.text += raw[i];
                continue;
            }
            int high = i + 2 < raw.size() ? hex_digit(raw[i + 1]) : -1,
                low = i + 2 < raw.size() ? hex_digit(raw[i + 2]) : -1;
            if (high < 0 || low < 0) return wrong("a name with a broken escape");
            name.text += static_cast<char>(high * 16 + low);
            i += 2;
        }
        return PdfValue{std::move(name)};
    }

    Result<PdfValue> literal_string() {
        PdfString string{{}, false, at_, 0};
        ++at_;
        int open = 1;
        while (!done()) {
            char c = text_[at_++];
            if (c == '\\') {
                if (done()) break;
                char escaped = text_[at_++];
                constexpr std::string_view from = "nrtbf()\\", to = "\n\r\t\b\f()\\";
                if (auto found = from.find(escaped); found != std::string_view::npos) {
                    string.bytes.push_back(static_cast<std::uint8_t>(to[found]));
                    continue;
                }
                int value = 0, digits = 0;
                for (--at_; digits < 3 && !done() && text_[at_] >= '0' && text_[at_] <= '7'; ++digits)
                    value = value * 8 + (text_[at_++] - '0');
                if (digits != 3 || value > 255) return wrong("a string with a broken escape");
                string.bytes.push_back(static_cast<std::uint8_t>(value));
                continue;
            }
            if (c == '(') ++open;
            if (c == ')' && --open == 0) {
                string.end = at_;
                return PdfValue{std::move(string)};
            }
            string.bytes.push_back(static_cast<std::uint8_t>(c));
        }
        return wrong("a string without an end");
    }

    Result<PdfValue> hex_string() {
        PdfString string{{}, true, at_, 0};
        ++at_;
        auto close = text_.substr(0, end_).find('>', at_);
        if (close == std::string_view::npos) return wrong("a string without an end");
        auto bytes = from_hex(text_.substr(at_, close - at_));
        if (!bytes) return wrong("a string that is not lower-case hexadecimal");
        string.bytes = std::move(*bytes);
        at_ = string.end = close + 1;
        return PdfValue{std::move(string)};
    }

    Result<PdfValue> array(int depth, bool references) {
        ++at_;
        PdfArray array;
        for (skip_space(); !take("]"); skip_space()) {
            TRY_ASSIGN(PdfValue item, value(depth + 1, references));
            array.push_back(std::move(item));
        }
        return PdfValue{std::move(array)};
    }

    Result<PdfValue> dictionary(int depth, bool references) {
        at_ += 2;
        PdfDictionary dictionary;
        for (skip_space(); !take(">>"); skip_space()) {
            if (peek() != '/') return wrong("a dictionary without a key");
            TRY_ASSIGN(PdfValue key, name());
            skip_space();
            TRY_ASSIGN(PdfValue item, value(depth + 1, references));
            if (!dictionary.emplace(std::get<PdfName>(key.is).text, std::move(item)).second)
                return wrong("a key that comes twice");
        }
        return PdfValue{std::move(dictionary)};
    }

    Result<PdfValue> numeric(bool references) {
        std::string_view shape = word();
        if (shape.size() > 20) return wrong("a number that is too long");
        bool negative = shape.starts_with('-');
        std::string_view digits = negative ? shape.substr(1) : shape;
        auto point = digits.find('.');
        std::string_view whole = digits.substr(0, point),
                         part = point == std::string_view::npos ? "" : digits.substr(point + 1);
        if ((whole.empty() && part.empty()) || !std::all_of(whole.begin(), whole.end(), is_digit) ||
            !std::all_of(part.begin(), part.end(), is_digit) || whole.size() > 12)
            return wrong("no number");
        if (point != std::string_view::npos) {
            double value = 0, weight = 0.1;
            for (char c : whole) value = value * 10 + (c - '0');
            for (char c : part) value += (c - '0') * weight, weight /= 10;
            return PdfValue{PdfReal{negative ? -value : value}};
        }
        std::int64_t value = 0;
        for (char c : whole) value = value * 10 + (c - '0');
        constexpr std::string_view ending = " 0 R";
        if (references && !negative && text_.substr(at_, ending.size()) == ending &&
            at_ + ending.size() <= end_) {
            at_ += ending.size();
            if (value < 1 || value > 10'000'000) return wrong("a reference to nothing");
            return PdfValue{PdfReference{static_cast<int>(value)}};
        }
        return PdfValue{negative ? -value : value};
    }

    std::string_view text_;
    std::size_t at_, end_;
    std::size_t& values_;
};

// Stops an inflating stream that grows past its limit.
class BoundedSink : public Pipeline {
  public:
    explicit BoundedSink(std::size_t limit) : Pipeline("bounded", nullptr), limit_(limit) {}
    void write(const unsigned char* data, std::size_t size) override {
        if (size > limit_ - content.size()) throw std::length_error("a stream that is too long");
        append(content, {data, size});
    }
    void finish() override {}
    Bytes content;

  private:
    std::size_t limit_;
};

std::string ten_digits(std::size_t value) {
    std::string digits = std::to_string(value);
    return std::string(digits.size() < 10 ? 10 - digits.size() : 0, '0') + digits;
}

// "1 0 obj\n...\nendobj\n", and nothing behind it before `end`.
Result<PdfObject> read_object(ByteView bytes, std::size_t number, std::size_t begin, std::size_t end,
                              std::size_t& values) {
    std::string_view text = as_text(bytes);
    Lexer lexer(text, begin, end, values);
    if (!lexer.take(std::to_string(number) + " 0 obj\n"))
        return lexer.wrong("no object " + std::to_string(number));
    PdfObject object;
    TRY_ASSIGN(object.value, lexer.value(0, true));
    if (lexer.take("\nstream\n")) {
        const auto* dictionary = object.value.dictionary();
        auto found = dictionary != nullptr ? dictionary->find("Length") : PdfDictionary::const_iterator{};
        if (dictionary == nullptr || found == dictionary->end() || found->second.integer() == nullptr)
            return lexer.wrong("a stream without a length of its own");
        auto length = static_cast<std::size_t>(*found->second.integer());
        if (*found->second.integer() < 0 || length > end - lexer.at())
            return lexer.wrong("a stream longer than its object");
        object.is_stream = true;
        object.raw = bytes.subspan(lexer.at(), length);
        Lexer behind(text, lexer.at() + length, end, values);
        if (!behind.take("\nendstream\nendobj\n") || !behind.done())
            return behind.wrong("something behind a stream");
        return object;
    }
    if (!lexer.take("\nendobj\n") || !lexer.done()) return lexer.wrong("something behind an object");
    return object;
}

}  // namespace

Result<PdfFile> PdfFile::read(ByteView bytes) {
    std::string_view text = as_text(bytes);
    if (bytes.size() > most_bytes) return Error{Errc::malformed, "larger than 16 MB"};
    if (!text.starts_with(header)) return Error{Errc::malformed, "does not begin as our PDF files do"};
    auto start = text.rfind("startxref\n");
    if (!text.ends_with(last_line) || start == std::string_view::npos)
        return Error{Errc::malformed, "does not end as our PDF files do"};
    std::size_t values = 0;
    Lexer tail(text, start + 10, text.size(), values);
    TRY_ASSIGN(auto table_at, tail.number());
    if (!tail.take("\n%%EOF\n") || !tail.done()) return tail.wrong("something behind the end");

    auto table = static_cast<std::size_t>(table_at);
    if (table < header.size() || table >= start)
        return Error{Errc::malformed, "a cross-reference table that is elsewhere"};
    Lexer lexer(text, table, start, values);
    if (!lexer.take("xref\n0 ")) return lexer.wrong("no cross-reference table");
    TRY_ASSIGN(auto count, lexer.number());
    if (!lexer.take("\n0000000000 65535 f \n") || count < 2 ||
        count > static_cast<std::int64_t>(bytes.size() / 20))
        return lexer.wrong("a cross-reference table of another form");
    std::vector<std::size_t> offsets;
    for (std::int64_t i = 1; i < count; ++i) {
        std::size_t offset = 0;
        for (char c : text.substr(lexer.at(), 10))
            offset = offset * 10 + static_cast<std::size_t>(is_digit(c) ? c - '0' : 0);
        if (!lexer.take(ten_digits(offset) + " 00000 n \n") || offset >= table ||
            offset < (offsets.empty() ? header.size() : offsets.back() + 1))
            return lexer.wrong("a cross-reference entry of another form");
        offsets.push_back(offset);
    }
    if (offsets[0] != header.size()) return Error{Errc::malformed, "something before the first object"};
    if (!lexer.take("trailer ")) return lexer.wrong("no trailer");
    PdfFile file;
    TRY_ASSIGN(PdfValue trailer, lexer.value(0, true));
    if (!lexer.take("\n") || !lexer.done() || trailer.dictionary() == nullptr)
        return lexer.wrong("something behind the trailer");
    file.trailer_ = *trailer.dictionary();
    offsets.push_back(table);
    file.objects_.reserve(offsets.size());
    for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
        TRY_ASSIGN(PdfObject object, read_object(bytes, i + 1, offsets[i], offsets[i + 1], values));
        file.objects_.push_back(std::move(object));
    }
    return file;
}

const PdfObject* PdfFile::object(int number) const {
    return number >= 1 && static_cast<std::size_t>(number) <= objects_.size()
               ? &objects_[static_cast<std::size_t>(number) - 1]
               : nullptr;
}

const PdfValue* PdfFile::resolve(const PdfValue& value) const {
    if (const auto* reference = value.reference()) {  // an object that is itself a reference is not ours
        const PdfObject* target = object(reference->object);
        return target != nullptr && target->value.reference() == nullptr ? &target->value : nullptr;
    }
    return &value;
}

const PdfValue* PdfFile::find(const PdfDictionary& in, std::string_view key) const {
    auto found = in.find(key);
    return found == in.end() ? nullptr : resolve(found->second);
}
const PdfDictionary* PdfFile::find_dictionary(const PdfDictionary& in, std::string_view key) const {
    const PdfValue* value = find(in, key);
    return value != nullptr ? value->dictionary() : nullptr;
}
const PdfArray* PdfFile::find_array(const PdfDictionary& in, std::string_view key) const {
    const PdfValue* value = find(in, key);
    return value != nullptr ? value->array() : nullptr;
}
const PdfObject* PdfFile::find_stream(const PdfDictionary& in, std::string_view key) const {
    auto found = in.find(key);
    const auto* reference = found == in.end() ? nullptr : found->second.reference();
    const PdfObject* target = reference != nullptr ? object(reference->object) : nullptr;
    return target != nullptr && target->is_stream ? target : nullptr;
}

Result<Bytes> PdfFile::inflate(const PdfObject& stream, std::size_t& room) const {
    const auto* dictionary = stream.value.dictionary();
    if (!stream.is_stream || dictionary == nullptr) return Error{Errc::malformed, "not a stream"};
    if (dictionary->contains("DecodeParms"))
        return Error{Errc::malformed, "a stream with decoding parameters"};
    auto filter = dictionary->find("Filter");
    Bytes content;
    if (filter == dictionary->end()) {
        if (stream.raw.size() > room) return Error{Errc::malformed, "streams that are too long"};
        content.assign(stream.raw.begin(), stream.raw.end());
    } else if (!filter->second.is_name("FlateDecode")) {
        return Error{Errc::malformed, "a stream with another filter"};
    } else {
        BoundedSink sink(room);
        try {
            Pl_Flate inflater("inflate", &sink, Pl_Flate::a_inflate);
            inflater.write(const_cast<unsigned char*>(stream.raw.data()), stream.raw.size());
            inflater.finish();
        } catch (const std::length_error&) {
            return Error{Errc::malformed, "streams that are too long"};
        } catch (const std::exception&) {
            return Error{Errc::malformed, "a stream that does not inflate"};
        }
        content = std::move(sink.content);
    }
    room -= content.size();
    return content;
}

Status for_each_operation(ByteView content, const std::function<void(const PdfOperation&)>& visit) {
    std::size_t values = 0;
    Lexer lexer(as_text(content), 0, content.size(), values);
    PdfOperation operation;
    for (lexer.skip_space(); !lexer.done(); lexer.skip_space()) {
        char c = lexer.peek();
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter) {
            operation.operation = lexer.word();
            visit(operation);
            operation.operands.clear();
            continue;
        }
        if (operation.operands.size() > 32) return lexer.wrong("too many operands");
        TRY_ASSIGN(PdfValue operand, lexer.value(0, false));
        operation.operands.push_back(std::move(operand));
    }
    return {};
}

}  // namespace core
