#include <qrencode.h>

#include "core/base/check.h"
#include "core/base/handle.h"
#include "core/model/image.h"

namespace core {

QrCode make_qr(const char* text) {
    Handle<QRcode, QRcode_free> code(QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M));
    CHECK_THAT(code);
    QrCode qr;
    qr.side = code->width;
    auto modules = static_cast<std::size_t>(qr.side) * static_cast<std::size_t>(qr.side);
    qr.dark.reserve(modules);
    for (std::size_t i = 0; i < modules; ++i) qr.dark.push_back((code->data[i] & 1) != 0);
    return qr;
}

}  // namespace core
