// Image: pixels as a value, so that screens can show what they must not read from disk.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace core {

struct Image {
    int width_px = 0, height_px = 0;
    std::vector<std::uint8_t> rgba;  // straight alpha, rows top down, 4 * width_px * height_px bytes
};
using SharedImage = std::shared_ptr<const Image>;

// A QR code as modules, row by row; true is dark. Error correction M, quiet zone not included.
struct QrCode {
    int side = 0;
    std::vector<bool> dark;
    bool at(int x, int y) const {
        return dark[static_cast<std::size_t>(y) * static_cast<std::size_t>(side) +
                    static_cast<std::size_t>(x)];
    }
};
QrCode make_qr(const char* text);

}  // namespace core
