// Enrolment by stick: how a tablet that never sees the network is admitted. The kiosk's desk and `handslag enrol --stick` do
// the same. Files and their names: sync/protocol/admission.h.
#pragma once

#include <filesystem>

#include "sync/client/link.h"

namespace client {

// As `handslag-server device invite --stick` left it there; empty: it is not there.
std::string invitation_on(const std::filesystem::path& stick);

// Anew, or the request that waits when it answers that invitation already: another would make the server's answer to it
// worthless. Errc::malformed: not an invitation.
Result<Enrolment> enrolment_for(const core::Store& store, const core::Ed25519Key& log_key,
                                std::string_view invitation, std::string_view tablet);

// Kept in the store, and written to the stick: gives the file. Errc::not_writable, disk_full.
Result<std::filesystem::path> leave_request(core::Store& store, const Enrolment& enrolment,
                                            const std::filesystem::path& stick);

// By the answer that `handslag-server device admit` left on the stick. False: nothing waits, or no answer is there.
// Errc::malformed, damaged: it is not this server's answer to this request; conflict: enrolled with another server.
Result<bool> finish_enrolment_from(core::Store& store, const std::filesystem::path& stick);

}  // namespace client
