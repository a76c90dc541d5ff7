// handslag monitor: follows a server's public log; monitor.h has the judgement, this the network, the file and the words.
#pragma once

#include <CLI/CLI.hpp>

namespace staff {

void add_monitor_command(CLI::App& app, int& exit);

}  // namespace staff
