// Lists: the municipal CA's revocation lists, as the server shows them to the world.
//
// DIR/crl/root.crt                   whose lists they are; comes with the first, and stays
// DIR/crl/root.crl, issuing.crl,     what GET /crl/NAME answers; issuing-2.crl and so on after the issuing CA got
//         issuing-2.crl, ...         a new key (core/certificate/ca.h)
//
// Staff put them here with `handslag-server crl publish FOLDER`, whether the server runs or not: it reads them anew
// for each visitor. A list is checked before it comes here, and an older one never replaces a newer.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace server {

struct PublishedList {
    core::Bytes der;
    std::string etag, last_modified;  // as HTTP wants them
};

// Of the lists in a CA's folder, sorted.
std::vector<std::string> list_names(const std::filesystem::path& ca_folder);

// What is shown under that name; nothing when there is none.
core::Result<std::optional<PublishedList>> find_list(const std::filesystem::path& home,
                                                     std::string_view name);

// All lists in `ca_folder`, which is a CA's folder or a copy of it without keys: root.crt, issuing.crt, retired/ and
// the lists. Gives a line for each. Errc::not_allowed: another CA's, older than what is shown, or run out; what
// came before it in the folder is published then.
core::Result<std::string> publish_lists(const std::filesystem::path& home,
                                        const std::filesystem::path& ca_folder, std::int64_t now_ms);

// Does the visitor have it already (RFC 9110, 13.1)?
bool is_known(std::string_view etag, std::string_view last_modified, std::string_view if_none_match,
              std::string_view if_modified_since);

}  // namespace server
