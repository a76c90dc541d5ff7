#include "core/evidence/tiles.h"

#include <charconv>

#include "core/base/text.h"

namespace core {
namespace {

constexpr int highest_level = 63;
constexpr std::size_t most_elements = 6;
constexpr std::string_view folder = "tile/", leaves_folder = "entries", partial_mark = ".p/";

// Without leading zeros, unless it has exactly `digits` of them.
std::optional<std::uint64_t> parse_number(std::string_view text, std::size_t digits = 0) {
    std::uint64_t number = 0;
    auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || wrong != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (digits == 0 ? text.size() > 1 && text[0] == '0' : text.size() != digits) return std::nullopt;
    return number;
}

std::optional<std::uint64_t> parse_index(std::string_view path) {
    auto elements = split(path, '/');
    if (elements.empty() || elements.size() > most_elements) return std::nullopt;
    std::uint64_t index = 0;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        auto element = elements[i];
        if (i + 1 < elements.size()) {
            if (!element.starts_with('x')) return std::nullopt;
            element.remove_prefix(1);
        }
        auto number = parse_number(element, 3);
        bool needless = i == 0 && elements.size() > 1 && number == 0;
        if (!number || needless) return std::nullopt;
        index = index * 1000 + *number;
    }
    return index;
}

std::string three_digits(std::uint64_t number) {
    auto digits = std::to_string(number);
    return std::string(3 - digits.size(), '0') + digits;
}

}  // namespace

std::string tile_path(const TileName& name) {
    std::string index = three_digits(name.index % 1000);
    for (auto rest = name.index / 1000; rest > 0; rest /= 1000)
        index = "x" + three_digits(rest % 1000) + "/" + index;
    auto level = name.level ? std::to_string(*name.level) : std::string(leaves_folder);
    auto width =
        name.width < tile_width ? std::string(partial_mark) + std::to_string(name.width) : std::string();
    return std::string(folder) + level + "/" + index + width;
}

std::optional<TileName> parse_tile_path(std::string_view path) {
    if (!path.starts_with(folder)) return std::nullopt;
    path.remove_prefix(folder.size());
    auto slash = path.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    TileName name;
    auto level = path.substr(0, slash);
    path.remove_prefix(slash + 1);
    if (level != leaves_folder) {
        auto number = parse_number(level);
        if (!number || *number > highest_level) return std::nullopt;
        name.level = static_cast<int>(*number);
    }
    if (auto partial = path.find(partial_mark); partial != std::string_view::npos) {
        auto width = parse_number(path.substr(partial + partial_mark.size()));
        if (!width || *width == 0 || *width >= tile_width) return std::nullopt;
        name.width = *width;
        path = path.substr(0, partial);
    }
    auto index = parse_index(path);
    if (!index) return std::nullopt;
    name.index = *index;
    return name;
}

TileName tile_of(std::optional<int> level, std::uint64_t index, std::uint64_t size) {
    auto nodes = level ? size >> (8 * *level) : size;
    auto tile = index / tile_width;
    return {level, tile, std::min(tile_width, nodes - tile * tile_width)};
}

Bytes encode_leaves(const std::vector<Bytes>& leaves) {
    Bytes bytes;
    for (const auto& leaf : leaves) {
        CHECK_THAT(leaf.size() <= longest_leaf);
        bytes.push_back(static_cast<std::uint8_t>(leaf.size() >> 8));
        bytes.push_back(static_cast<std::uint8_t>(leaf.size()));
        append(bytes, leaf);
    }
    return bytes;
}

Result<std::vector<Bytes>> decode_leaves(ByteView bytes) {
    std::vector<Bytes> leaves;
    while (!bytes.empty()) {
        std::size_t size = bytes.size() < 2 ? bytes.size() : std::size_t{bytes[0]} << 8 | bytes[1];
        if (bytes.size() < 2 + size) return Error{Errc::malformed, "leaves that are cut short"};
        auto leaf = bytes.subspan(2, size);
        leaves.emplace_back(leaf.begin(), leaf.end());
        bytes = bytes.subspan(2 + size);
    }
    return leaves;
}

}  // namespace core
