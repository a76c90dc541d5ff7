// Look: what a person may choose about how the screens look and sound. Values only: State keeps them, the
// theme draws by them, App speaks by them.
#pragma once

namespace kiosk {

enum class TextSize { normal, large, larger, largest };  // body 4.9 / 5.6 / 6.3 / 7.0 mm
enum class Contrast { light, high };
enum class Steadiness {
    off,
    light,
    strong
};  // how much of a tremor the pen takes out (kiosk/ui/steady_pen.h)

// How the tablet may speak: not at all; into headphones alone (where the tablet can tell, only while they are
// in); or into the room, and then never what people typed.
enum class VoiceWay { off, headphones, loudspeaker };
enum class Jack { unknown, out, in };  // the socket for headphones; unknown: the tablet cannot tell

}  // namespace kiosk
