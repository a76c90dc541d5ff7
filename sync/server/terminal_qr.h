// Terminal QR: a QR code as lines of UTF-8 half blocks, two rows of modules a line, with its quiet zone.
#pragma once

#include <string>

#include "core/model/image.h"

namespace server {

// `colours`: sets white and black itself, so that it reads on any terminal; without them light modules are drawn, as for
// a dark one.
std::string qr_for_terminal(const core::QrCode& code, bool colours);

}  // namespace server
