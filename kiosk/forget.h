// Forget: nothing of a visitor stays in the process's memory after they have left (issue of every kiosk: the
// next person, or whoever takes the tablet, must find nothing).
//
// A program that links this gives heap memory back overwritten: free() and realloc() zero it first, for our
// own code and for every library in the process. So a name in a freed string, the points of a stroke in a
// buffer that grew, and a certificate that libharu drew are gone when their owners are. Sanitized builds keep
// the sanitizer's own heap and do not forget. What still lies on a thread's stack, below what is in use,
// forget_stack() overwrites. Not here: dropping the owners (State, Visit: kiosk/update.cpp, leave()).
#pragma once

namespace kiosk {

void forget_stack();  // of the calling thread
bool heap_forgets();  // false in sanitized builds

}  // namespace kiosk
