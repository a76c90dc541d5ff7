#include "sync/server/lists.h"

#include <algorithm>
#include <ctime>

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/certificate/revocation_list.h"

namespace server {
namespace {

namespace fs = std::filesystem;
using core::Errc;
using core::Error;

constexpr std::uint64_t longest_list = 16U << 20, longest_certificate = 64U << 10;
constexpr std::int64_t clock_skew_ms = 5 * 60'000;

// root.crl, issuing.crl, issuing-2.crl to issuing-99.crl
bool is_list_name(std::string_view name) {
    if (name == "root.crl" || name == "issuing.crl") return true;
    constexpr std::string_view front = "issuing-", ending = ".crl";
    if (!name.starts_with(front) || !name.ends_with(ending)) return false;
    auto digits = name.substr(front.size(), name.size() - front.size() - ending.size());
    return !digits.empty() && digits.size() <= 2 && digits.front() != '0' &&
           digits.find_first_not_of("0123456789") == std::string_view::npos;
}

fs::path folder_in(const fs::path& home) { return home / "crl"; }

std::string date_of(std::int64_t ms, const char* form) {
    auto seconds = static_cast<std::time_t>(ms / 1000);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char text[64];
    std::strftime(text, sizeof text, form, &utc);
    return text;
}
// Not by strftime alone: its names of days and months follow the process's locale.
std::string http_date(std::int64_t ms) {
    constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto seconds = static_cast<std::time_t>(ms / 1000);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    return std::string(days[utc.tm_wday]) + date_of(ms, ", %d ") + months[utc.tm_mon] +
           date_of(ms, " %Y %H:%M:%S GMT");
}

// All certificates that may have signed a list of the CA in that folder.
core::Result<std::string> issuing_certificates(const fs::path& ca_folder) {
    TRY_ASSIGN(auto current, core::read_file(ca_folder / "issuing.crt", longest_certificate));
    std::string all(core::as_text(current));
    std::error_code error;
    for (const auto& file : fs::directory_iterator(ca_folder / "retired", error)) {
        if (file.path().extension() != ".crt") continue;
        TRY_ASSIGN(auto one, core::read_file(file.path(), longest_certificate));
        all += "\n" + std::string(core::as_text(one));
    }
    return all;
}

struct Given {
    std::string name;
    core::Bytes der;
    core::ListFacts facts;
};

// Nothing: it is shown already.
core::Result<bool> may_replace(const fs::path& shown, const Given& given, std::int64_t now_ms) {
    if ((given.name == "root.crl") != given.facts.by_root)
        return Error{Errc::not_allowed, given.name + ": is a list of another CA"};
    if (given.facts.this_update_ms > now_ms + clock_skew_ms)
        return Error{Errc::not_allowed, given.name + ": is of a time that has not come; check the clocks"};
    if (given.facts.next_update_ms < now_ms)
        return Error{Errc::not_allowed, given.name + ": has run out; make a new one with handslag ca crl"};
    std::error_code error;
    if (!fs::exists(shown, error)) return true;
    TRY_ASSIGN(auto old, core::read_file(shown, longest_list));
    if (old == given.der) return false;
    TRY_ASSIGN(auto before, core::read_list(old));
    if (before.issuer != given.facts.issuer)
        return Error{Errc::not_allowed, given.name + ": is of another CA than the one that is shown"};
    if (!core::is_later(given.facts, before))
        return Error{Errc::not_allowed, given.name + ": is older than the one that is shown"};
    return true;
}

}  // namespace

std::vector<std::string> list_names(const fs::path& ca_folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& file : fs::directory_iterator(ca_folder, error))
        if (std::string name = file.path().filename().string(); is_list_name(name)) names.push_back(name);
    std::sort(names.begin(), names.end());
    return names;
}

core::Result<std::optional<PublishedList>> find_list(const fs::path& home, std::string_view name) {
    std::optional<PublishedList> found;
    std::error_code error;
    fs::path file = folder_in(home) / std::string(name);
    if (!is_list_name(name) || !fs::exists(file, error)) return found;
    TRY_ASSIGN(auto der, core::read_file(file, longest_list));
    TRY_ASSIGN(auto facts, core::read_list(der));
    std::string digest = core::to_hex(core::sha256(der));
    found = PublishedList{std::move(der), '"' + digest.substr(0, 32) + '"', http_date(facts.this_update_ms)};
    return found;
}

core::Result<std::string> publish_lists(const fs::path& home, const fs::path& ca_folder,
                                        std::int64_t now_ms) {
    TRY_ASSIGN(auto root_bytes, core::read_file(ca_folder / "root.crt", longest_certificate));
    TRY_ASSIGN(auto issuing, issuing_certificates(ca_folder));
    std::string root(core::as_text(root_bytes));
    TRY(core::check_root_certificate(root));
    fs::path folder = folder_in(home);
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return Error{Errc::not_writable, folder.string() + ": " + error.message()};
    if (fs::exists(folder / "root.crt", error)) {
        TRY_ASSIGN(auto known, core::read_file(folder / "root.crt", longest_certificate));
        if (known != root_bytes)
            return Error{
                Errc::not_allowed,
                ca_folder.string() + ": is another CA than the one whose lists are in " + folder.string()};
    }
    auto names = list_names(ca_folder);
    if (names.empty()) return Error{Errc::not_found, ca_folder.string() + ": no revocation list is here"};
    std::string lines;
    for (const std::string& name : names) {
        TRY_ASSIGN(auto der, core::read_file(ca_folder / name, longest_list));
        auto facts = core::check_list(der, root, issuing);
        if (!facts.ok()) return Error{facts.error().code, name + ": " + facts.error().detail};
        Given given{name, std::move(der), std::move(*facts)};
        TRY_ASSIGN(auto newer, may_replace(folder / name, given, now_ms));
        if (newer) {
            TRY(core::write_file_durably(folder / "root.crt", root_bytes));
            TRY(core::write_file_durably(folder / name, given.der));
        }
        lines += name + (newer ? ": published, lasts until " : ": shown already, lasts until ") +
                 date_of(given.facts.next_update_ms, "%Y-%m-%d") + "\n";
    }
    return lines;
}

bool is_known(std::string_view etag, std::string_view last_modified, std::string_view if_none_match,
              std::string_view if_modified_since) {
    if (etag.empty()) return false;
    if (!if_none_match.empty())
        return if_none_match == "*" || if_none_match.find(etag) != std::string_view::npos;
    return !if_modified_since.empty() && if_modified_since == last_modified;
}

}  // namespace server
