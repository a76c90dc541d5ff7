// In a file of its own, since Xlib's macros have everyday names.
#pragma once

#include <SDL.h>

// A message to a window that is gone, as SDL sends when a projector is pulled out while a job ends: without
// survive_x_errors() Xlib ends the process. False: the window is none of X.
bool offend_the_x_server(SDL_Window* window);
