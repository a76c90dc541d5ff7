#include "core/longterm/revisions.h"

#include <algorithm>
#include <map>

#include "core/certificate/der.h"

namespace core {
namespace {

constexpr std::size_t longest_number = 9;

// Takes expected text off the front; every failure ends the reading.
class Cursor {
  public:
    explicit Cursor(std::string_view text) : text_(text) {}
    bool take(std::string_view exactly) {
        if (!text_.starts_with(exactly)) return false;
        text_.remove_prefix(exactly.size());
        return true;
    }
    std::optional<std::size_t> number() {
        std::size_t value = 0, digits = 0;
        for (; digits < text_.size() && digits <= longest_number && text_[digits] >= '0' &&
               text_[digits] <= '9';
             ++digits)
            value = value * 10 + static_cast<std::size_t>(text_[digits] - '0');
        if (digits == 0 || digits > longest_number) return std::nullopt;
        text_.remove_prefix(digits);
        return value;
    }
    std::optional<std::string_view> take(std::size_t size) {
        if (size > text_.size()) return std::nullopt;
        auto taken = text_.substr(0, size);
        text_.remove_prefix(size);
        return taken;
    }
    std::optional<std::string_view> take_until(std::string_view mark) {
        auto at = text_.find(mark);
        if (at == std::string_view::npos) return std::nullopt;
        auto taken = text_.substr(0, at);
        text_.remove_prefix(at + mark.size());
        return taken;
    }
    bool at(std::string_view exactly) const { return text_.starts_with(exactly); }

  private:
    std::string_view text_;
};

// The streams of a validation increment and the text of its /DSS dictionary.
struct Found {
    std::map<int, ByteView> streams;
    std::string_view store;
};

std::optional<Found> find_objects(ByteView rest) {
    Found found;
    Cursor cursor(as_text(rest));
    while (!cursor.at("xref\n")) {
        auto number = cursor.number();
        if (!number || !cursor.take(" 0 obj\n") || found.streams.size() > most_stored_objects)
            return std::nullopt;
        if (cursor.take("<< /Length ")) {
            auto length = cursor.number();
            if (!length || !cursor.take(" >>\nstream\n")) return std::nullopt;
            auto content = cursor.take(*length);
            if (!content || !cursor.take("\nendstream\nendobj\n")) return std::nullopt;
            found.streams[static_cast<int>(*number)] = as_bytes(*content);
            continue;
        }
        auto text = cursor.take_until("\nendobj\n");
        if (!text) return std::nullopt;
        if (text->find("/Type /DSS ") != std::string_view::npos) found.store = *text;
    }
    return found;
}

// What the last signature needs, as /VRI lists it.
std::optional<ValidationData> find_needs(const RevisionEnd& before, const Found& found) {
    Cursor cursor(found.store);
    if (!cursor.take_until("/" + before.last_signature + " <<")) return std::nullopt;
    ValidationData needs;
    auto list = [&](std::string_view name, const std::vector<int>& known, const std::vector<Bytes>& stored,
                    std::vector<Bytes>& into) {
        if (!cursor.take(name)) return true;
        while (!cursor.take(" ]")) {
            auto number = cursor.take(" ") ? cursor.number() : std::nullopt;
            if (!number || !cursor.take(" 0 R") || into.size() > most_stored_objects) return false;
            auto at = std::find(known.begin(), known.end(), static_cast<int>(*number));
            auto fresh = found.streams.find(static_cast<int>(*number));
            if (at != known.end())
                into.push_back(stored[static_cast<std::size_t>(at - known.begin())]);
            else if (fresh != found.streams.end())
                into.emplace_back(fresh->second.begin(), fresh->second.end());
            else
                return false;
        }
        return true;
    };
    bool read = list(" /CRL [", before.all.crls, before.data.crls, needs.crls) &&
                list(" /Cert [", before.all.certificates, before.data.certificates, needs.certificates) &&
                list(" /OCSP [", before.all.ocsps, before.data.ocsps, needs.ocsps);
    if (!read) return std::nullopt;
    return needs;
}

std::size_t bytes_of(const ValidationData& data) {
    std::size_t sum = 0;
    for (const auto* part : {&data.certificates, &data.ocsps, &data.crls})
        for (const Bytes& one : *part) sum += one.size();
    return sum;
}

bool same_front(ByteView rest, ByteView front) {
    return rest.size() >= front.size() && std::equal(front.begin(), front.end(), rest.begin());
}

// The increment, when `rest` begins with a timestamp as we write it.
std::optional<Increment> read_timestamp(ByteView rest, ByteView before, const RevisionEnd& end,
                                        DocumentTimestamp& timestamp) {
    EmptyTimestamp empty = write_timestamp_increment(end);
    ByteView expected(empty.increment.bytes);
    std::size_t behind = empty.hole + 2 * timestamp_room;
    if (rest.size() < expected.size() || !same_front(rest, expected.first(empty.hole)) ||
        !same_front(rest.subspan(behind), expected.subspan(behind)))
        return std::nullopt;
    auto contents = from_hex(as_text(rest.subspan(empty.hole, 2 * timestamp_room)));
    if (!contents) return std::nullopt;
    ByteView hole(*contents);
    auto token = der::take(hole);
    if (!token || std::any_of(hole.begin(), hole.end(), [](auto byte) { return byte != 0; }))
        return std::nullopt;
    timestamp.token.assign(token->whole.begin(), token->whole.end());
    timestamp.digest = timestamp_digest(before, empty);
    timestamp.end = empty.increment.end.size;
    auto filled = fill_timestamp(std::move(empty), timestamp.token);
    if (!filled.ok()) return std::nullopt;
    return std::move(*filled);
}

std::optional<Increment> read_validation_data(ByteView rest, const RevisionEnd& end) {
    auto found = find_objects(rest);
    auto needs = found ? find_needs(end, *found) : std::nullopt;
    if (!needs || bytes_of(*needs) + bytes_of(end.data) > most_stored_bytes) return std::nullopt;
    Increment increment = write_validation_increment(end, *needs);
    const auto& all = increment.end.all;
    if (!same_front(rest, increment.bytes) ||
        all.certificates.size() + all.ocsps.size() + all.crls.size() > most_stored_objects)
        return std::nullopt;
    return increment;
}

}  // namespace

Result<Revisions> read_increments(ByteView pdf, RevisionEnd first) {
    CHECK_THAT(first.size <= pdf.size());
    Revisions revisions{std::move(first), {}};
    while (revisions.end.size < pdf.size()) {
        AddedRevision added;
        added.begin = revisions.end.size;
        ByteView before = pdf.first(added.begin), rest = pdf.subspan(added.begin);
        auto increment = read_timestamp(rest, before, revisions.end, added.timestamp);
        if (increment) {
            added.kind = AddedRevision::Kind::timestamp;
        } else {
            increment = read_validation_data(rest, revisions.end);
        }
        if (!increment || revisions.added.size() == most_increments)
            return Error{Errc::damaged,
                         "what follows byte " + std::to_string(added.begin) +
                             " is neither validation data nor a document timestamp as we write them"};
        revisions.end = std::move(increment->end);
        added.end = revisions.end.size;
        revisions.added.push_back(std::move(added));
    }
    return revisions;
}

}  // namespace core
