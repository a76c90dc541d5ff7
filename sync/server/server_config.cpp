#include "sync/server/server_config.h"

#include <algorithm>
#include <iterator>

#include "core/model/toml_file.h"

namespace server {
namespace {

using Kind = core::TomlValue::Kind;

std::string as_written(const core::TomlValue& value) {
    return value.kind == Kind::whole ? std::to_string(value.whole) : value.text;
}

// Nothing: another kind of value belongs here.
std::optional<std::vector<std::string>> inputs_of(const CLI::Option& option, const core::TomlValue& value) {
    auto wanted = option.get_type_name().starts_with("UINT") ? Kind::whole : Kind::text;
    if (value.kind == wanted) return std::vector{as_written(value)};
    if (value.kind != Kind::list || option.get_items_expected_max() == 1) return std::nullopt;
    std::vector<std::string> inputs;
    for (const auto& item : value.items) {
        if (item.kind != wanted) return std::nullopt;
        inputs.push_back(as_written(item));
    }
    return inputs.empty() ? std::nullopt : std::optional(inputs);
}

}  // namespace

std::vector<CLI::ConfigItem> ServerConfig::from_config(std::istream& input) const {
    auto file = app_->get_config_ptr()->as<std::string>();
    auto refuse = [&file](int line, const std::string& what) {
        throw CLI::ConfigError(file + ":" + std::to_string(line) + ": " + what);
    };
    std::string text(std::istreambuf_iterator<char>(input), {});
    core::Findings findings;
    auto table = core::parse_toml(text, file, findings);
    if (!table) {
        const auto& wrong = findings.problems.front();
        refuse(wrong.line, wrong.what + " " + wrong.remedy);
    }
    std::vector<std::string> settings;
    for (const auto* option : app_->get_options())
        if (option->get_configurable() && !option->get_lnames().empty())
            settings.push_back(option->get_lnames().front());
    std::vector<CLI::ConfigItem> found;
    for (const auto& [key, value] : table->members) {
        const auto* option = app_->get_option_no_throw("--" + key);
        if (option == nullptr || !option->get_configurable())
            refuse(value.line,
                   "there is no setting named \"" + key + "\"." + core::did_you_mean(key, settings));
        auto inputs = inputs_of(*option, value);
        if (!inputs)
            refuse(value.line,
                   "\"" + key + "\" takes " +
                       (option->get_type_name().starts_with("UINT") ? "a whole number: " + key + " = 1."
                                                                    : "a text: " + key + " = \"...\"."));
        CLI::ConfigItem item;
        item.name = key;
        item.inputs = std::move(*inputs);
        found.push_back(std::move(item));
    }
    return found;
}

}  // namespace server
