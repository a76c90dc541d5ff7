// The hands of a journey that reach into the room (kiosk/play.h has their words).
#pragma once

#include "kiosk/platform/frame_loop.h"

namespace kiosk {

// Of `room-shows` and `room-hides` the arguments are one text, as each language says it.
core::Status act_in_room(FrameLoop& loop, const std::filesystem::path& picture_dir, const std::string& doing,
                         const std::vector<std::string>& arguments);

}  // namespace kiosk
