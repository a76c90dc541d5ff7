// handslag enrol, handslag sync, handslag receipt: a tablet's end of sync, on the command line.
#pragma once

#include <CLI/CLI.hpp>

namespace staff {

void add_sync_commands(CLI::App& app, int& exit);

}  // namespace staff
