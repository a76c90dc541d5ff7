#include "x_offence.h"

#include <SDL_syswm.h>

bool offend_the_x_server(SDL_Window* window) {
    SDL_SysWMinfo info;
    SDL_VERSION(&info.version);
    if (SDL_GetWindowWMInfo(window, &info) != SDL_TRUE || info.subsystem != SDL_SYSWM_X11) return false;
    Display* display = info.info.x11.display;
    Window gone = XCreateSimpleWindow(display, info.info.x11.window, 0, 0, 1, 1, 0, 0, 0);
    XDestroyWindow(display, gone);
    XEvent message{};
    message.type = ClientMessage;
    message.xclient.format = 8;
    XSendEvent(display, gone, False, NoEventMask, &message);
    XSync(display, False);
    return true;
}
