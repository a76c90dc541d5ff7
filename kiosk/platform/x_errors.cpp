#include "kiosk/platform/x_errors.h"

#include <X11/Xlib.h>
#include <spdlog/spdlog.h>

namespace kiosk {

void survive_x_errors() {
    XSetErrorHandler([](::Display*, XErrorEvent* error) {
        spdlog::warn("the X server refused request {}.{}: error {}", error->request_code, error->minor_code,
                     error->error_code);
        return 0;
    });
}

}  // namespace kiosk
