#include "core/model/toml_file.h"

#include <algorithm>

#include <toml++/toml.h>

#include "core/base/text.h"

namespace core {
namespace {

using Kind = TomlValue::Kind;

TomlValue convert(const toml::node& node) {
    TomlValue value;
    value.line = static_cast<int>(node.source().begin.line);
    if (const auto* text = node.as_string()) {
        value.kind = Kind::text;
        value.text = text->get();
    } else if (const auto* whole = node.as_integer()) {
        value.kind = Kind::whole;
        value.whole = whole->get();
    } else if (const auto* truth = node.as_boolean()) {
        value.kind = Kind::truth;
        value.truth = truth->get();
    } else if (const auto* date = node.as_date()) {
        value.kind = Kind::date;
        value.date = {date->get().year, date->get().month, date->get().day};
    } else if (const auto* list = node.as_array()) {
        value.kind = Kind::list;
        for (const auto& item : *list) value.items.push_back(convert(item));
    } else if (const auto* table = node.as_table()) {
        value.kind = Kind::table;
        for (const auto& [key, member] : *table) {
            TomlValue inner = convert(member);
            if (inner.kind != Kind::table && inner.kind != Kind::list)
                inner.line = static_cast<int>(key.source().begin.line);
            value.members.emplace(std::string(key.str()), std::move(inner));
        }
    }
    return value;
}

const char* how_to_write(Kind kind) {
    switch (kind) {
        case Kind::text:
            return "Write text between straight quotation marks: key = \"text\".";
        case Kind::whole:
            return "Write a whole number without quotation marks: key = 5.";
        case Kind::truth:
            return "Write true or false, without quotation marks.";
        case Kind::date:
            return "Write the date as 2026-11-21 (year-month-day).";
        case Kind::list:
            return "Write a list in square brackets: key = [\"sv\", \"en\"].";
        default:
            return "Write it as a section of its own, headed [name].";
    }
}

std::string remedy_for_line(std::string_view text, int line) {
    auto lines = split(text, '\n');
    std::string_view at = line >= 1 && static_cast<std::size_t>(line) <= lines.size()
                              ? lines[static_cast<std::size_t>(line) - 1]
                              : std::string_view{};
    for (std::string_view curly : {"”", "“", "„", "«", "»", "’"})
        if (at.find(curly) != std::string_view::npos)
            return "Write straight quotation marks (\") around the text, not curly ones as a word processor "
                   "makes.";
    if (std::count(at.begin(), at.end(), '"') % 2 == 1) return "A quotation mark is missing on this line.";
    if (!at.empty() && at.find('=') == std::string_view::npos && at.find('[') == std::string_view::npos)
        return "Each line is key = value, or a section headed [name]; begin a remark with #.";
    return "Text stands between straight quotation marks, dates are written 2026-11-21, and a key stands "
           "only once.";
}

}  // namespace

std::optional<TomlValue> parse_toml(std::string_view text, const std::string& file, Findings& findings) {
    try {
        return convert(toml::parse(text));
    } catch (const toml::parse_error& error) {
        int line = static_cast<int>(error.source().begin.line);
        std::string what(error.description());
        findings.wrong(file, line, "The line cannot be understood (" + what + ").",
                       remedy_for_line(text, line));
        return std::nullopt;
    }
}

int TomlSection::line_of(const std::string& key) const {
    auto found = table_->members.find(key);
    return found == table_->members.end() ? table_->line : found->second.line;
}

void TomlSection::wrong(const std::string& key, std::string what, std::string remedy) {
    findings_->wrong(file_, line_of(key), std::move(what), std::move(remedy));
}

const TomlValue* TomlSection::find(const std::string& key, Kind kind, Presence presence) {
    known_.push_back(key);
    auto found = table_->members.find(key);
    if (found == table_->members.end()) {
        if (presence == Presence::required)
            wrong(key, "\"" + full(key) + "\" is missing.", how_to_write(kind));
        return nullptr;
    }
    // A date in quotation marks is as clear as one without.
    bool date_as_text = kind == Kind::date && found->second.kind == Kind::text;
    if (found->second.kind != kind && !date_as_text) {
        wrong(key, "\"" + full(key) + "\" is not the kind of value that belongs here.", how_to_write(kind));
        return nullptr;
    }
    return &found->second;
}

std::string TomlSection::text(const std::string& key, Presence presence, std::size_t most_characters) {
    const TomlValue* value = find(key, Kind::text, presence);
    if (!value) return {};
    std::string text = normalise(value->text).value_or("");
    if (text.empty() && presence == Presence::required)
        wrong(key, "\"" + full(key) + "\" is empty.", "Write the text between the quotation marks.");
    if (count_characters(text) > most_characters)
        wrong(key, "\"" + full(key) + "\" is longer than " + std::to_string(most_characters) + " characters.",
              "Make it shorter.");
    return text;
}

std::string TomlSection::one_of(const std::string& key, const std::vector<std::string>& choices,
                                const std::string& otherwise) {
    std::string typed = text(key, otherwise.empty() ? Presence::required : Presence::optional);
    if (typed.empty()) return otherwise;
    if (std::find(choices.begin(), choices.end(), typed) != choices.end()) return typed;
    wrong(key, "\"" + typed + "\" is not a value of \"" + full(key) + "\".",
          did_you_mean(typed, choices) + "Write one of: " + join(choices) + ".");
    return otherwise;
}

Date TomlSection::date(const std::string& key, Presence presence) {
    const TomlValue* value = find(key, Kind::date, presence);
    if (!value) return {};
    Date date = value->kind == Kind::date ? value->date : parse_iso_date(value->text);
    if (!Date::valid(date.year, date.month, date.day)) {
        wrong(key, "\"" + full(key) + "\" is not a date that exists.", how_to_write(Kind::date));
        return {};
    }
    return date;
}

int TomlSection::whole(const std::string& key, int least, int most, int otherwise) {
    const TomlValue* value = find(key, Kind::whole, Presence::optional);
    if (!value) return otherwise;
    if (value->whole < least || value->whole > most) {
        wrong(key, "\"" + full(key) + "\" is out of bounds.",
              "Write a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
        return otherwise;
    }
    return static_cast<int>(value->whole);
}

bool TomlSection::truth(const std::string& key, bool otherwise) {
    const TomlValue* value = find(key, Kind::truth, Presence::optional);
    return value ? value->truth : otherwise;
}

std::vector<std::string> TomlSection::texts(const std::string& key, Presence presence) {
    const TomlValue* value = find(key, Kind::list, presence);
    std::vector<std::string> texts;
    if (!value) return texts;
    for (const auto& item : value->items) {
        if (item.kind != Kind::text) {
            wrong(key, "\"" + full(key) + "\" holds something that is not text.", how_to_write(Kind::list));
            return {};
        }
        texts.push_back(normalise(item.text).value_or(""));
    }
    return texts;
}

std::optional<TomlSection> TomlSection::section(const std::string& key, Presence presence) {
    const TomlValue* value = find(key, Kind::table, Presence::optional);
    if (value) return TomlSection(file_, full(key), *value, *findings_);
    if (!has(key) && presence == Presence::required)
        wrong(key, "The section [" + full(key) + "] is missing.",
              "Write [" + full(key) + "] on a line of its own and its keys below it.");
    return std::nullopt;
}

std::vector<TomlSection> TomlSection::sections(const std::string& key, Presence presence) {
    known_.push_back(key);
    std::vector<TomlSection> sections;
    std::string remedy =
        "Write [[" + full(key) + "]] on a line of its own, once for each, and its keys below it.";
    auto found = table_->members.find(key);
    if (found == table_->members.end()) {
        if (presence == Presence::required) wrong(key, "There is no section [[" + full(key) + "]].", remedy);
        return sections;
    }
    bool right = found->second.kind == Kind::list;
    for (const auto& item : found->second.items) {
        right = right && item.kind == Kind::table;
        if (item.kind == Kind::table) sections.emplace_back(file_, full(key), item, *findings_);
    }
    if (!right) wrong(key, "\"" + full(key) + "\" must be sections of its own.", remedy);
    return sections;
}

std::vector<std::string> TomlSection::keys() const {
    std::vector<std::string> keys;
    for (const auto& [key, value] : table_->members) keys.push_back(key);
    return keys;
}

void TomlSection::finish() {
    for (const auto& [key, value] : table_->members)
        if (std::find(known_.begin(), known_.end(), key) == known_.end())
            wrong(key, "\"" + full(key) + "\" is not known here.",
                  did_you_mean(key, known_) + "Known here are: " + join(known_) + ".");
}

}  // namespace core
