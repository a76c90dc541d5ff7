// handslag enrol, sync, receipt, witness: a tablet's end of sync, on the command line; and what other commands
// of that end share (staff_bundle.cpp).
#pragma once

#include <CLI/CLI.hpp>

#include "core/certificate/keyring.h"
#include "core/evidence/store.h"
#include "sync/client/session.h"
#include "sync/staff.h"

namespace staff {

void add_sync_commands(CLI::App& app, int& exit);
// handslag bundle write, read, receipt
void add_bundle_commands(CLI::App& app, int& exit);

struct TabletOptions {
    Path store, keys, passphrase_file;
};
void want_tablet(CLI::App* command, TabletOptions& options);

struct OpenTablet {
    core::Keyring keyring;
    core::Ed25519Key log_key;
    core::SecretKey transfer_key;
    core::Store store;
};
// Errc::not_found without a store there; locked while the kiosk runs.
core::Result<OpenTablet> open_tablet(const TabletOptions& options);

std::string human_size(std::uint64_t bytes);
const char* meaning(client::Outcome outcome);

}  // namespace staff
