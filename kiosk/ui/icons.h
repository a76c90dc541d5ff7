// Icons as lines on a grid of 24, so that no font need have them.
#pragma once

#include "kiosk/ui/painter.h"

namespace kiosk {

Mask draw_icon(Icon icon, int side_px);

}  // namespace kiosk
