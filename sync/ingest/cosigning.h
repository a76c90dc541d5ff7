// Cosignatures: what tablets say, as witnesses, of the server's heads; and how the public sees it.
//
// Of each tablet the newest is kept. One is taken only of an active log, by its enrolled key, of a head that this
// server has signed and still has. It proves nothing to the server; it is for those who follow the log.
#pragma once

#include "sync/ingest/ledger.h"

namespace server {

inline constexpr std::size_t most_shown_cosignatures = 40;  // a note stays far below 16 KiB

// What the public knows a tablet by: its log's name, which has nothing but the device's id and the epoch.
core::NoteKey witness_key(const KnownLog& log);

// The newest head, with the lines of the tablets that cosigned that very head (C2SP tlog-cosignature).
Result<std::string> public_checkpoint(Ledger& ledger, const wire::ServerName& server);
// For each active tablet the newest head that it cosigned, with its line and those of others who cosigned the same; largest
// first. Canonical JSON: {"format": "handslag-witnessed/1", "notes": [...]}.
Result<std::string> witnessed_heads(Ledger& ledger);

}  // namespace server
