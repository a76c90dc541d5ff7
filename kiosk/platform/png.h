// PNG: pictures of the screen, for people, tests and reports.
#pragma once

#include <filesystem>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/model/image.h"

namespace kiosk {

core::Result<core::Bytes> encode_png(const core::Image& image);
core::Status write_png(const std::filesystem::path& path, const core::Image& image);
// For arms and other pictures that come as PNG. Errc::malformed for anything that is none, or larger than
// 8192 px.
core::Result<core::Image> decode_png(core::ByteView bytes);

}  // namespace kiosk
