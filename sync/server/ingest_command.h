// handslag-server ingest: what sticks hold, taken like a sync, by the server that runs or else by this process.
#pragma once

#include <CLI/CLI.hpp>

#include "sync/server/home.h"

namespace server {

void add_ingest_command(CLI::App& app, HomeSettings& home, int& exit);

}  // namespace server
