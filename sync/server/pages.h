// Pages: the public list and a certificate's page, as HTML. Swedish words from assets/locale; no script, no
// cookie, nothing from elsewhere, no person's name.
#pragma once

#include "core/base/words.h"
#include "sync/ingest/ledger.h"

namespace server {

std::string escape_html(std::string_view text);

struct ListPage {
    std::vector<RegisterLine> lines;    // in order of the register
    std::uint64_t standing = 0;         // signatories in all
    std::optional<std::uint64_t> next;  // index that the next page begins with
};
std::string render_list(const ListPage& page, const core::Words& words);

// `lines` are those with this number: none, one, or two of tablets that were given one letter.
std::string render_verification(std::string_view certificate_number, const std::vector<RegisterLine>& lines,
                                const core::Words& words);

// What a visitor's own link shows.
struct PersonalPage {
    // Nothing: not come yet, or no link at all, which looks the same; or erased.
    std::optional<RegisterLine> line;
    std::string token;
    std::int64_t until_ms = 0;
    bool expired = false, erased = false;
    bool at_file = false;  // the page stands at the file's address, one step further in
    std::string contact;
};
std::string render_personal(const PersonalPage& page, const core::Words& words);

}  // namespace server
