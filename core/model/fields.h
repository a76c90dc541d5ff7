// Fields: a JSON object read strictly. Every field is asked for by name, has a type and bounds, and what
// nobody asked for is refused. Internal to core/model.
//
// The first fault is kept and names the field, never its content; after it, everything comes out empty.
#pragma once

#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/json.h"

namespace core {

class Fields {
  public:
    // `json` must outlive the Fields.
    explicit Fields(const Json& json) : fault_(&own_fault_), json_(&json) { expect_object(); }
    Fields(const Fields&) = delete;

    bool has(const char* field) const { return json_->is_object() && json_->contains(field); }
    std::string text(const char* field, std::size_t least,
                     std::size_t most);                              // NFC, single spaces; in characters
    std::string optional_text(const char* field, std::size_t most);  // absent: empty; never present and empty
    std::string raw_text(const char* field, std::size_t most_bytes);  // line breaks allowed
    std::int64_t whole(const char* field, std::int64_t least, std::int64_t most);
    bool truth(const char* field);
    Date date(const char* field);
    std::string hex256(const char* field);
    template <class IdType>
    IdType id(const char* field) {
        auto parsed = IdType::parse(raw_text(field, 36));
        if (!parsed) fail(field, "is not an id");
        return parsed.value_or(IdType{});
    }
    const Json& list(const char* field, std::size_t least, std::size_t most);

    // Reads a nested object; `read` gets its Fields.
    template <class Read>
    auto inside(const char* field, Read read) {
        Fields inner(take(field), where(field), fault_);
        auto value = read(inner);
        inner.finish();
        return value;
    }
    template <class Read>
    auto each(const char* field, std::size_t least, std::size_t most, Read read) {
        std::vector<decltype(read(std::declval<Fields&>()))> values;
        std::size_t i = 0;
        for (const auto& item : list(field, least, most)) {
            Fields inner(item, where(field) + "[" + std::to_string(i++) + "]", fault_);
            values.push_back(read(inner));
            inner.finish();
        }
        return values;
    }

    void fail(const char* field, const char* what);
    void finish();  // refuses fields that were not asked for
    bool good() const { return fault_->empty(); }
    Error error() const { return {Errc::malformed, *fault_}; }

  private:
    Fields(const Json& json, std::string path, std::string* fault)
        : fault_(fault), json_(&json), path_(std::move(path)) {
        expect_object();
    }
    void expect_object();
    const Json& take(const char* field);
    std::string where(const char* field) const { return path_.empty() ? field : path_ + "." + field; }

    std::string own_fault_;
    std::string* fault_;
    const Json* json_;
    std::string path_;
    std::vector<std::string_view> asked_;
};

// The value of "format", checked: Errc::newer_version when it is a later one of `family`, malformed when
// another.
Result<Json> decode_format(std::string_view bytes, std::string_view family, int version);

}  // namespace core
