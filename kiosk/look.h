// Look: what a person may choose about how the screens look. Values only: State keeps them, the theme draws
// by them.
#pragma once

namespace kiosk {

enum class TextSize { normal, large, larger, largest };  // body 4.9 / 5.6 / 6.3 / 7.0 mm
enum class Contrast { light, high };

}  // namespace kiosk
