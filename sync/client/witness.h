// Witness: the tablet cosigns the server's newest head (C2SP tlog-cosignature), for whoever follows the public log.
//
// What a cosignature says: this tablet has found that the head contains every head of this log that it saw before. So it is
// given only to a head whose proof held, never to two heads of one size nor to a smaller one after a larger, and
// what was signed is durable before it leaves the tablet.
#pragma once

#include "core/evidence/store.h"
#include "sync/protocol/received.h"

namespace client {

// `proven`: the server's head that the session remembers, as it signed it. Is it not cosigned yet, or was the server
// perhaps not told?
core::Result<bool> is_cosigning_due(const core::Store& store, const wire::ServerName& server,
                                    std::string_view proven);
// `wall_ms`: the tablet's clock, not before 1970. Errc::not_allowed: a head that contradicts one that was cosigned before.
core::Result<wire::Cosigned> cosign_head(core::Store& store, const wire::ServerName& server,
                                         std::string_view proven, const core::Ed25519Key& log_key,
                                         std::int64_t wall_ms);
// The server has answered, whatever it made of it: it is not told again.
core::Status note_cosigning_answered(core::Store& store, std::string_view proven);

// What others know the tablet by as a witness: its log's name and key.
core::NoteKey witness_key(const core::Store& store);
// The server's largest head that this tablet cosigned, as the server signed it; nothing when there is none.
core::Result<std::optional<std::string>> cosigned_head(const core::Store& store);

}  // namespace client
