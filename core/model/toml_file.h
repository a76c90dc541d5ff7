// TOML as a municipality writes it: every key is asked for by name, and what nobody asked for is a mistake.
//
// For core/model, and parse_toml() for the configuration file of handslag-server. toml++ stays in toml_file.cpp. Text comes out in NFC with single spaces.
#pragma once

#include <cstdint>
#include <set>

#include "core/model/findings.h"

namespace core {

struct TomlValue {
    enum class Kind { text, whole, truth, date, list, table, other } kind = Kind::other;
    std::string text;  // as written, for Kind::text
    std::int64_t whole = 0;
    bool truth = false;
    Date date;
    std::vector<TomlValue> items;
    std::map<std::string, TomlValue> members;
    int line = 0;
};

// One table of a file. Nothing is thrown: what is wrong goes to the findings, and an empty value comes back.
class TomlSection {
  public:
    TomlSection(std::string file, std::string name, const TomlValue& table, Findings& findings)
        : file_(std::move(file)), name_(std::move(name)), table_(&table), findings_(&findings) {}

    std::string text(const std::string& key, Presence presence, std::size_t most_characters = 300);
    std::string one_of(const std::string& key, const std::vector<std::string>& choices,
                       const std::string& otherwise);
    Date date(const std::string& key, Presence presence);
    int whole(const std::string& key, int least, int most, int otherwise);
    bool truth(const std::string& key, bool otherwise);
    std::vector<std::string> texts(const std::string& key, Presence presence);
    std::optional<TomlSection> section(const std::string& key, Presence presence);
    std::vector<TomlSection> sections(const std::string& key, Presence presence);
    std::vector<std::string> keys() const;

    bool has(const std::string& key) const { return table_->members.contains(key); }
    int line() const { return table_->line; }
    int line_of(const std::string& key) const;  // of the key, or of the section
    const std::string& file() const { return file_; }

    void wrong(const std::string& key, std::string what, std::string remedy);
    void finish();  // every key that was not asked for

  private:
    const TomlValue* find(const std::string& key, TomlValue::Kind kind, Presence presence);
    std::string full(const std::string& key) const { return name_.empty() ? key : name_ + "." + key; }

    std::string file_, name_;
    const TomlValue* table_;
    Findings* findings_;
    std::vector<std::string> known_;
};

std::optional<TomlValue> parse_toml(std::string_view text, const std::string& file, Findings& findings);

}  // namespace core
