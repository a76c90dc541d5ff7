// Ceremony folder: a whole ceremony (ceremony.toml, agreement, municipality, expected.csv) as one item of the feed.
//
// Canonical JSON: format "handslag-ceremony-folder/1" and files, an object: relative path -> base64 of the content. Whoever
// unpacks it checks it as a folder from a stick would be; nothing here judges what is in the files.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "sync/protocol/frames.h"

namespace wire {

using FolderFiles = std::map<std::string, core::Bytes>;

inline constexpr std::size_t longest_ceremony_folder = longest_feed_content;

core::Result<FolderFiles> read_folder(
    const std::filesystem::path& folder);  // Errc::malformed: a name that is not plain
core::Result<core::Bytes> encode_folder(const FolderFiles& files);  // Errc::malformed; not_allowed: too large
// Errc::malformed, newer_version. Names are relative and plain: none leads out of the folder.
core::Result<FolderFiles> decode_folder(core::ByteView bytes);
// Into `folder`, which is not there yet: all of it, or nothing.
core::Status write_folder(const std::filesystem::path& folder, const FolderFiles& files);

}  // namespace wire
