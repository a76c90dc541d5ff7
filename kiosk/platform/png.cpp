#include "kiosk/platform/png.h"

#include <png.h>

#include "core/base/file.h"

namespace kiosk {
namespace {

constexpr png_uint_32 most_px = 8192;

}  // namespace

core::Result<core::Bytes> encode_png(const core::Image& image) {
    png_image out{};
    out.version = PNG_IMAGE_VERSION;
    out.width = static_cast<png_uint_32>(image.width_px),
    out.height = static_cast<png_uint_32>(image.height_px);
    out.format = PNG_FORMAT_RGBA;
    out.flags = PNG_IMAGE_FLAG_FAST;  // little larger, in a quarter of the time
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(out);
    core::Bytes bytes(size);
    if (png_image_write_to_memory(&out, bytes.data(), &size, 0, image.rgba.data(), 0, nullptr) == 0)
        return core::Error{core::Errc::internal,
                           std::string("libpng: ") + static_cast<const char*>(out.message)};
    bytes.resize(size);
    return bytes;
}

core::Status write_png(const std::filesystem::path& path, const core::Image& image) {
    TRY_ASSIGN(auto bytes, encode_png(image));
    return core::write_file_durably(path, bytes);
}

core::Result<core::Image> decode_png(core::ByteView bytes) {
    png_image in{};
    in.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&in, bytes.data(), bytes.size()) == 0)
        return core::Error{core::Errc::malformed,
                           std::string("libpng: ") + static_cast<const char*>(in.message)};
    if (in.width > most_px || in.height > most_px) {
        png_image_free(&in);
        return core::Error{core::Errc::malformed, "a picture of more than 8192 px"};
    }
    in.format = PNG_FORMAT_RGBA;
    core::Image image{static_cast<int>(in.width), static_cast<int>(in.height), {}};
    image.rgba.resize(PNG_IMAGE_SIZE(in));
    if (png_image_finish_read(&in, nullptr, image.rgba.data(), 0, nullptr) == 0)
        return core::Error{core::Errc::malformed,
                           std::string("libpng: ") + static_cast<const char*>(in.message)};
    return image;
}

}  // namespace kiosk
