#include "sync/protocol/ceremony_folder.h"

#include <algorithm>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"

namespace wire {
namespace {

namespace fs = std::filesystem;
using core::Errc;
using core::Error;
using core::Json;

constexpr std::string_view format = "handslag-ceremony-folder/1", family = "handslag-ceremony-folder/";
constexpr std::size_t most_files = 200, most_parts = 5, longest_part = 80;

// Letters, digits, ".", "-" and "_" in each part, and no part that begins with a dot.
bool is_plain(std::string_view name) {
    auto parts = core::split(name, '/');
    if (parts.empty() || parts.size() > most_parts) return false;
    return std::ranges::all_of(parts, [](std::string_view part) {
        return !part.empty() && part.size() <= longest_part && part[0] != '.' &&
               std::ranges::all_of(part, [](char c) {
                   return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          c == '.' || c == '-' || c == '_';
               });
    });
}

Error not_plain(const std::string& name) {
    return {Errc::malformed, name + ": names of files have only a-z, A-Z, 0-9, \".\", \"-\" and \"_\""};
}

}  // namespace

core::Result<FolderFiles> read_folder(const fs::path& folder) {
    FolderFiles files;
    std::error_code error;
    fs::recursive_directory_iterator at(folder, error), end;
    for (; !error && at != end; at.increment(error)) {
        auto name = at->path().lexically_relative(folder).generic_string();
        if (at->path().filename().string().starts_with('.')) {  // what an editor or a file manager left
            if (at->is_directory()) at.disable_recursion_pending();
            continue;
        }
        if (at->is_directory()) continue;
        if (!at->is_regular_file() || !is_plain(name)) return not_plain(name);
        TRY_ASSIGN(files[name], core::read_file(at->path(), longest_ceremony_folder));
    }
    if (error) return Error{Errc::not_readable, folder.string() + ": " + error.message()};
    return files;
}

core::Result<core::Bytes> encode_folder(const FolderFiles& files) {
    Json all = Json::object();
    for (const auto& [name, content] : files) {
        if (!is_plain(name)) return not_plain(name);
        all[name] = core::to_base64(content);
    }
    auto bytes =
        core::to_bytes(core::encode_canonical({{"files", std::move(all)}, {"format", std::string(format)}}));
    if (files.size() > most_files || bytes.size() > longest_ceremony_folder)
        return Error{Errc::not_allowed, "the folder is too large to send to tablets: at most " +
                                            std::to_string(most_files) + " files and 700 KB in all"};
    return bytes;
}

core::Result<FolderFiles> decode_folder(core::ByteView bytes) {
    const Error wrong{Errc::malformed, "not a ceremony's folder"};
    TRY_ASSIGN(const Json json, core::decode_canonical(core::as_text(bytes)));
    if (!json.is_object() || !json.contains("format") || !json["format"].is_string()) return wrong;
    const auto& named = json["format"].get_ref<const std::string&>();
    if (named != format && named.starts_with(family))
        return Error{Errc::newer_version, "the ceremony's folder is of a newer Handslag"};
    if (named != format || json.size() != 2 || !json.contains("files") || !json["files"].is_object() ||
        json["files"].size() > most_files)
        return wrong;
    FolderFiles files;
    for (const auto& [name, text] : json["files"].items()) {
        if (!is_plain(name) || !text.is_string()) return wrong;
        auto content = core::from_base64(text.get_ref<const std::string&>());
        if (!content) return wrong;
        files[name] = std::move(*content);
    }
    return files;
}

core::Status write_folder(const fs::path& folder, const FolderFiles& files) {
    auto making = folder;
    making += ".making";
    std::error_code error;
    fs::remove_all(making, error);  // of a try that was cut short
    for (const auto& [name, content] : files) {
        auto file = making / name;
        fs::create_directories(file.parent_path(), error);
        if (error) return Error{Errc::not_writable, file.string() + ": " + error.message()};
        TRY(core::write_file_durably(file, content, core::FileAccess::owner_only));
    }
    fs::rename(making, folder, error);
    if (error) return Error{Errc::not_writable, folder.string() + ": " + error.message()};
    return {};
}

}  // namespace wire
