// X errors: what the X server refused is logged, and the kiosk goes on.
//
// Xlib ends the process for any error unless somebody handles it. SDL wakes the frame loop by a message to its newest
// window over a connection of its own; when that window is the room's and its projector is pulled out just then, the
// message comes too late and is answered by BadWindow. Nobody's signature may depend on that.
#pragma once

namespace kiosk {

// For the whole process, in place of SDL's own handler: after SDL has opened the display. Losing the X server itself
// still ends the process: nothing can be shown then, and the session begins anew.
void survive_x_errors();

}  // namespace kiosk
