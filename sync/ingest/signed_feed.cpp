#include "sync/ingest/signed_feed.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "core/base/json.h"
#include "core/evidence/log.h"
#include "sync/ingest/acts.h"
#include "sync/ingest/register.h"
#include "sync/protocol/signed_list.h"

namespace server {
namespace {

using core::Errc;
using core::Error;
using core::Json;

constexpr std::string_view told_name = "feed_signed_up_to", format = "handslag-told/1";
constexpr std::uint64_t step = 500;

// What the ledger keeps of an item: canonical JSON, "signed" as pairs of a log's number and an index of the server's log,
// "voided" as pairs of a log's number and a certificate's; "up_to" is one past the last leaf that it was made of.
struct Told {
    struct Signing {
        std::int64_t log = 0;
        std::uint64_t index = 0;
    };
    struct Voided {
        std::int64_t log = 0;
        std::string certificate_number;
    };
    std::vector<Signing> signings;
    std::vector<Voided> voided;
    std::uint64_t up_to = 0;
};

Bytes encode(const Told& told) {
    Json signings = Json::array(), voided = Json::array();
    for (const auto& one : told.signings) signings.push_back(Json::array({one.log, one.index}));
    for (const auto& one : told.voided) voided.push_back(Json::array({one.log, one.certificate_number}));
    return core::to_bytes(core::encode_canonical({{"format", std::string(format)},
                                                  {"signed", std::move(signings)},
                                                  {"voided", std::move(voided)},
                                                  {"up_to", told.up_to}}));
}

// Empty content: of an item whose content was moved to a later one (ledger step 3).
Result<Told> decode_told(ByteView bytes) {
    Told told;
    if (bytes.empty()) return told;
    const Error wrong{Errc::damaged, "an item of the feed of who has signed"};
    TRY_ASSIGN(const Json json, core::decode_canonical(core::as_text(bytes)));
    if (!json.is_object() || json.size() != 4 || json.value("format", "") != format ||
        !json.contains("signed") || !json["signed"].is_array() || !json.contains("voided") ||
        !json["voided"].is_array() || !json.contains("up_to") || !json["up_to"].is_number_unsigned())
        return wrong;
    told.up_to = json["up_to"].get<std::uint64_t>();
    for (const auto& one : json["signed"]) {
        if (!one.is_array() || one.size() != 2 || !one[0].is_number_unsigned() ||
            !one[1].is_number_unsigned())
            return wrong;
        told.signings.push_back({one[0].get<std::int64_t>(), one[1].get<std::uint64_t>()});
    }
    for (const auto& one : json["voided"]) {
        if (!one.is_array() || one.size() != 2 || !one[0].is_number_unsigned() || !one[1].is_string())
            return wrong;
        told.voided.push_back({one[0].get<std::int64_t>(), one[1].get<std::string>()});
    }
    return told;
}

Result<std::uint64_t> told_up_to(Ledger& ledger) {
    TRY_ASSIGN(auto value, ledger.value(told_name));
    if (!value) return 0;
    auto text = core::as_text(*value);
    std::uint64_t number = 0;
    auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (wrong != std::errc{} || end != text.data() + text.size())
        return Error{Errc::damaged, std::string(told_name)};
    return number;
}

Result<std::optional<RegisterLine>> line_at(Ledger& ledger, std::uint64_t index) {
    TRY_ASSIGN(auto lines, ledger.lines(index, 1));
    if (lines.empty() || lines[0].index != index) return std::optional<RegisterLine>{};
    return std::optional(std::move(lines[0]));
}

Result<KnownLog> log_at(Ledger& ledger, std::uint64_t index) {
    TRY_ASSIGN(auto leaf, ledger.leaf(index));
    TRY_ASSIGN(auto received, wire::decode_received(leaf));
    TRY_ASSIGN(auto log, ledger.find_log(received.log));
    if (!log) return Error{Errc::damaged, "an entry of a log that is not known"};
    return std::move(*log);
}

// An entry that counts: accepted, or taken up.
Status gather_entry(Ledger& ledger, const HeldEntry& entry, Told& told) {
    TRY_ASSIGN(auto log, log_at(ledger, entry.index));
    TRY_ASSIGN(auto decoded, decode_held(log, entry));
    if (decoded.kind == core::kind_signing) {
        TRY_ASSIGN(auto line, line_at(ledger, entry.index));
        if (line && !line->voided) told.signings.push_back({log.number, entry.index});
        return {};
    }
    if (decoded.kind != core::kind_voided || !decoded.refers_to) return {};
    TRY_ASSIGN(auto there, ledger.entries_at(log.number, *decoded.refers_to));
    for (const auto& target : there) {
        TRY_ASSIGN(auto line, line_at(ledger, target.index));
        if (line) told.voided.push_back({log.number, line->certificate_number});
    }
    return {};
}

Status gather(Ledger& ledger, std::uint64_t index, Told& told) {
    TRY_ASSIGN(auto entry, ledger.entry_by_index(index));
    if (entry)
        return entry->standing == wire::Standing::accepted ? gather_entry(ledger, *entry, told) : Status{};
    TRY_ASSIGN(auto leaf, ledger.leaf(index));
    auto act = wire::decode_act(leaf);
    if (!act.ok()) return act.error().code == Errc::not_found ? Status{} : Status(act.error());  // a notice
    if (act->what == wire::Act::What::taken_up) {
        TRY_ASSIGN(entry, ledger.entry_by_index(act->index));
        if (!entry) return Error{Errc::damaged, "an act about an entry that is not here"};
        return gather_entry(ledger, *entry, told);
    }
    if (act->what == wire::Act::What::erased) {
        TRY_ASSIGN(auto number, erased_number(ledger, act->index));
        if (number.empty()) return {};
        TRY_ASSIGN(auto log, log_at(ledger, act->index));
        told.voided.push_back({log.number, std::move(number)});
    }
    return {};
}

// Those of some lines that are on the register now.
Result<std::map<std::uint64_t, RegisterLine>> lines_at(Ledger& ledger, std::vector<std::uint64_t> indexes) {
    constexpr std::size_t page = 500;
    std::map<std::uint64_t, RegisterLine> found;
    std::ranges::sort(indexes);
    for (auto wanted = indexes.begin(); wanted != indexes.end();) {
        TRY_ASSIGN(auto lines, ledger.lines(*wanted, page));
        if (lines.empty()) break;
        auto last = lines.back().index;
        for (auto& line : lines)
            if (std::binary_search(wanted, indexes.end(), line.index))
                found.try_emplace(line.index, std::move(line));
        wanted = std::upper_bound(wanted, indexes.end(), last);
    }
    return found;
}

// What of it is for a tablet: what others have signed, as the register says it now.
Result<wire::SignedList> list_for(Ledger& ledger, std::int64_t peer, const Told& told) {
    wire::SignedList list;
    std::vector<std::uint64_t> indexes;
    for (const auto& one : told.signings)
        if (one.log != peer) indexes.push_back(one.index);
    TRY_ASSIGN(auto lines, lines_at(ledger, indexes));
    for (auto index : indexes) {
        auto line = lines.find(index);
        if (line == lines.end()) continue;  // erased
        auto digits = line->second.organisation_number;
        std::erase(digits, '-');
        list.lines.push_back({line->second.certificate_number, line->second.organisation, std::move(digits)});
    }
    for (const auto& one : told.voided)
        if (one.log != peer) list.voided.push_back(one.certificate_number);
    return list;
}

Status publish_item(Ledger& ledger) {
    TRY(ledger.hold(Turn::own_log));         // and with it the feed's
    TRY(ledger.hold(Turn::register_lines));  // nobody derives it anew meanwhile
    TRY_ASSIGN(auto from, told_up_to(ledger));
    TRY_ASSIGN(auto derived, derived_up_to(ledger));
    if (derived <= from) return {};  // another process was first
    auto to = std::min(derived, from + step);
    Told told{{}, {}, to};
    for (auto index = from; index < to; ++index) TRY(gather(ledger, index, told));
    TRY(ledger.put_value(told_name, core::as_bytes(std::to_string(to))));
    if (told.signings.empty() && told.voided.empty()) return {};
    return add_to_feed(ledger, wire::FeedKind::signed_list, "", encode(told));
}

}  // namespace

Result<bool> publish_step(Ledger& ledger, std::uint64_t leaves) {
    TRY_ASSIGN(auto told, told_up_to(ledger));
    TRY_ASSIGN(auto derived, derived_up_to(ledger));
    if (std::min(derived, leaves) <= told) return false;
    TRY(ledger.transact([&] { return publish_item(ledger); }));
    return true;
}

Status publish_signed(Ledger& ledger) {
    for (bool more = true; more;) {
        TRY_ASSIGN(more, publish_step(ledger));
    }
    return {};
}

namespace {

// Makes of what the ledger keeps what a tablet gets. False: the register is being derived anew, and not so far yet.
Result<bool> fill_in(Ledger& ledger, std::int64_t peer, std::uint64_t derived, wire::FeedItem& item,
                     bool& has_something) {
    has_something = true;
    if (item.kind != wire::FeedKind::signed_list) return true;
    TRY_ASSIGN(auto told, decode_told(item.content));
    if (told.up_to > derived) return false;
    TRY_ASSIGN(auto list, list_for(ledger, peer, told));
    has_something = !list.lines.empty() || !list.voided.empty();
    item.content = wire::encode(list);
    return true;
}

// From a lost tablet, whoever has it: all but revocations. An empty list stands for each, since positions have no holes.
void keep_back(std::vector<wire::FeedItem>& items) {
    for (auto& item : items)
        if (item.kind != wire::FeedKind::revocations)
            item = {item.position, wire::FeedKind::signed_list, "", {}};
}

// How many of them one answer has.
std::size_t in_one_answer(const std::vector<wire::FeedItem>& items) {
    std::size_t count = 0, bytes = 0;
    while (count < items.size() && bytes < wire::most_feed_bytes) bytes += items[count++].content.size();
    return count;
}

}  // namespace

Result<std::vector<wire::FeedItem>> feed_for(Ledger& ledger, const wire::LogName& peer,
                                             std::uint64_t position) {
    TRY_ASSIGN(auto items, ledger.feed_after(position, wire::most_feed_items));
    TRY_ASSIGN(auto log, ledger.find_log(peer));
    if (log && log->state == wire::LogState::revoked) keep_back(items);
    if (std::ranges::find(items, wire::FeedKind::signed_list, &wire::FeedItem::kind) == items.end()) {
        items.resize(in_one_answer(items));
        return items;
    }
    bool is_end = items.size() < wire::most_feed_items;
    std::size_t whole = 0, wanted = 0;
    TRY(ledger.transact([&]() -> Status {
        TRY(ledger.hold(Turn::register_lines));
        TRY_ASSIGN(auto derived, derived_up_to(ledger));
        for (bool has_something = false; whole < items.size(); ++whole) {
            TRY_ASSIGN(bool filled,
                       fill_in(ledger, log ? log->number : 0, derived, items[whole], has_something));
            if (!filled) break;
            if (has_something) wanted = whole + 1;
        }
        return {};
    }));
    items.resize(is_end ? wanted : whole);
    items.resize(in_one_answer(items));
    return items;
}

}  // namespace server
