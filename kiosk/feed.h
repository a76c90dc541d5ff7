// Feed: what the municipality's server has sent for tablets, as it lies in STORE/feed (sync/client/link.h:
// keep_feed_file). Only the enrolled server's session writes there.
//
// FOLDER/<position>-<kind> is an item, FOLDER/chosen names the ceremony for the next start. FOLDER/ceremony-<position> and
// FOLDER/list-<position> are items that were unpacked.
// What cannot be read is counted and passed over: it never stops a signing. An item of a kind that this version does not
// know is for a later one.
#pragma once

#include <filesystem>

#include "kiosk/life.h"

namespace kiosk {

struct Feed {
    std::vector<SignedElsewhere> elsewhere;  // standing, each certificate once; not those in `own`
    std::vector<OfferedCeremony> offered;    // the newest of each ceremony; not `loaded`
    std::vector<core::Bytes> revocations;    // the CA's lists, in DER; nobody has checked them
    std::vector<std::uint64_t> unreadable;   // positions
};

// `own`: certificate numbers of this tablet's signings, sorted. `loaded`: digest of the ceremony that is loaded.
// Unpacks ceremonies beside their items, once.
Feed read_feed(const std::filesystem::path& folder, const std::vector<std::string>& own,
               const core::Sha256& loaded = {});

std::filesystem::path unpacked_ceremony(const std::filesystem::path& folder, std::uint64_t position);

// The newest list of expected organisations that was sent for a ceremony behind `position`, where its folder is (0: it came
// in no item). Nothing: there is none. Errc::damaged: the ceremony's
// rules refuse it.
struct NewList {
    std::uint64_t position = 0;
    std::vector<core::ExpectedOrganisation> expected;
};
core::Result<std::optional<NewList>> newest_list(const std::filesystem::path& folder,
                                                 const core::Ceremony& ceremony, std::uint64_t position);
// The one that the host chose for the next start; nothing when none was.
std::optional<std::uint64_t> chosen_ceremony(const std::filesystem::path& folder);
core::Status choose_ceremony(const std::filesystem::path& folder, std::uint64_t position);
void forget_choice(const std::filesystem::path& folder);

}  // namespace kiosk
