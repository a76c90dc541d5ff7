// handslag-server feed: what staff send to the tablets, judged before anything is sent.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "core/base/json.h"

namespace server {

// `command`: carries out a staff command (staff_commands.h) and gives the program's exit.
void add_feed_command(CLI::App& app, std::function<int(const core::Json&)> command, int& exit);

}  // namespace server
