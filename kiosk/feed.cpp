#include "kiosk/feed.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/model/ceremony.h"
#include "sync/protocol/ceremony_folder.h"
#include "sync/protocol/expected_list.h"
#include "sync/protocol/frames.h"
#include "sync/protocol/signed_list.h"

namespace kiosk {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t longest_item = 1 << 20;
constexpr const char* choice_file = "chosen";

struct Item {
    std::uint64_t position = 0;
    int kind = 0;
    fs::path file;
};

// "17-3"
std::optional<Item> parse_name(const fs::path& file) {
    Item item;
    item.file = file;
    auto name = file.filename().string();
    const char* end = name.data() + name.size();
    auto position = std::from_chars(name.data(), end, item.position);
    if (position.ec != std::errc{} || position.ptr == end || *position.ptr != '-') return std::nullopt;
    auto kind = std::from_chars(position.ptr + 1, end, item.kind);
    if (kind.ec != std::errc{} || kind.ptr != end) return std::nullopt;
    return item;
}

std::vector<Item> items_in(const fs::path& folder) {
    std::vector<Item> items;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (auto item = parse_name(at->path())) items.push_back(std::move(*item));
    std::ranges::sort(items, {}, &Item::position);
    return items;
}

core::Status unpack(const fs::path& folder, const Item& item) {
    auto to = unpacked_ceremony(folder, item.position);
    std::error_code error;
    if (fs::exists(to, error)) return {};
    TRY_ASSIGN(auto bytes, core::read_file(item.file, longest_item));
    TRY_ASSIGN(auto files, wire::decode_folder(bytes));
    return wire::write_folder(to, files);
}

core::Result<wire::ExpectedList> read_list(const Item& item) {
    TRY_ASSIGN(auto bytes, core::read_file(item.file, longest_item));
    return wire::decode_expected_list(bytes);
}

core::Result<std::vector<core::ExpectedOrganisation>> load_list(const fs::path& folder,
                                                                std::uint64_t position,
                                                                const std::string& list,
                                                                const core::Ceremony& ceremony) {
    auto to = folder / ("list-" + std::to_string(position));
    std::error_code error;
    if (!fs::exists(to, error)) TRY(wire::write_folder(to, {{"expected.csv", core::to_bytes(list)}}));
    auto loaded = core::load_expected(to, ceremony);
    if (!loaded.value)
        return core::Error{core::Errc::damaged, "item " + std::to_string(position) +
                                                    ": the list does not fit the ceremony on this tablet"};
    return std::move(*loaded.value);
}

// By the checks of `handslag ceremony check`; nothing when it does not pass them.
std::optional<core::Ceremony> load(const fs::path& folder, const Item& item) {
    if (!unpack(folder, item).ok()) return std::nullopt;
    auto loaded = core::load_ceremony(unpacked_ceremony(folder, item.position));
    if (!loaded.problems.empty()) return std::nullopt;
    auto list = newest_list(folder, *loaded.value, item.position);
    if (list.ok() && *list) loaded.value->expected = std::move((*list)->expected);
    return std::move(loaded.value);
}

OfferedCeremony offer(const core::Ceremony& ceremony, std::uint64_t position, bool chosen) {
    return {position,      ceremony.title,           ceremony.place, ceremony.agreement.version,
            ceremony.date, ceremony.expected.size(), chosen};
}

}  // namespace

fs::path unpacked_ceremony(const fs::path& folder, std::uint64_t position) {
    return folder / ("ceremony-" + std::to_string(position));
}

core::Result<std::optional<NewList>> newest_list(const fs::path& folder, const core::Ceremony& ceremony,
                                                 std::uint64_t position) {
    std::optional<Item> newest;
    std::string text;
    for (auto& item : items_in(folder)) {
        if (item.kind != static_cast<int>(wire::FeedKind::expected) || item.position <= position) continue;
        auto list = read_list(item);  // what cannot be read is counted in read_feed()
        if (list.ok() && list->ceremony == ceremony.id)
            newest = std::move(item), text = std::move(list->list);
    }
    if (!newest) return std::optional<NewList>{};
    TRY_ASSIGN(auto expected, load_list(folder, newest->position, text, ceremony));
    return std::optional(NewList{newest->position, std::move(expected)});
}

std::optional<std::uint64_t> chosen_ceremony(const fs::path& folder) {
    auto bytes = core::read_file(folder / choice_file, 32);
    if (!bytes.ok()) return std::nullopt;
    auto text = core::trim(core::as_text(*bytes));
    std::uint64_t position = 0;
    auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), position);
    if (wrong != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return position;
}

core::Status choose_ceremony(const fs::path& folder, std::uint64_t position) {
    return core::write_file_durably(folder / choice_file, core::as_bytes(std::to_string(position) + "\n"));
}

void forget_choice(const fs::path& folder) {
    std::error_code ignored;
    fs::remove(folder / choice_file, ignored);
}

Feed read_feed(const fs::path& folder, const std::vector<std::string>& own, const core::Sha256& loaded) {
    Feed feed;
    std::map<core::CeremonyId, OfferedCeremony> offered;
    auto chosen = chosen_ceremony(folder);
    std::map<std::string, SignedElsewhere> standing;
    std::set<std::string> voided;  // a voiding may come before what it voids
    for (const auto& item : items_in(folder)) {
        if (item.kind == static_cast<int>(wire::FeedKind::ceremony)) {
            auto ceremony = load(folder, item);
            if (!ceremony)
                feed.unreadable.push_back(item.position);
            else if (ceremony->digest == loaded)
                offered.erase(ceremony->id);  // an older one of it is of no use any more
            else
                offered[ceremony->id] = offer(*ceremony, item.position, chosen == item.position);
            continue;
        }
        if (item.kind == static_cast<int>(wire::FeedKind::expected) && !read_list(item).ok())
            feed.unreadable.push_back(item.position);
        bool signed_list = item.kind == static_cast<int>(wire::FeedKind::signed_list);
        bool revocations = item.kind == static_cast<int>(wire::FeedKind::revocations);
        if (!signed_list && !revocations) continue;
        auto bytes = core::read_file(item.file, longest_item);
        if (revocations && bytes.ok()) {
            feed.revocations.push_back(std::move(*bytes));
            continue;
        }
        auto list =
            bytes.ok() ? wire::decode_signed_list(*bytes) : core::Result<wire::SignedList>(bytes.error());
        if (!list.ok()) {
            feed.unreadable.push_back(item.position);
            continue;
        }
        voided.insert(list->voided.begin(), list->voided.end());
        for (auto& line : list->lines)
            standing[line.certificate_number] = {line.certificate_number, std::move(line.organisation),
                                                 std::move(line.organisationsnummer)};
    }
    for (auto& [number, line] : standing)
        if (!voided.contains(number) && !std::ranges::binary_search(own, number))
            feed.elsewhere.push_back(std::move(line));
    for (auto& [id, ceremony] : offered) feed.offered.push_back(std::move(ceremony));
    std::ranges::sort(feed.offered, {}, &OfferedCeremony::position);
    return feed;
}

}  // namespace kiosk
