// ServerConfig: the server's one configuration file, TOML, read for CLI11.
//
// Any setting of the command line may stand in it under its long name, without the dashes; the command line comes
// first. What is not a setting, or not the kind of value that it takes, is refused with its line.
// installer/server.toml is an example.
#pragma once

#include <CLI/CLI.hpp>

namespace server {

class ServerConfig : public CLI::Config {
  public:
    explicit ServerConfig(const CLI::App& app) : app_(&app) {}
    std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;
    std::string to_config(const CLI::App*, bool, bool, std::string) const override { return {}; }

  private:
    const CLI::App* app_;
};

}  // namespace server
