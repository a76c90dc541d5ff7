#include "kiosk/platform/headless.h"

#include <algorithm>
#include <cstring>

namespace kiosk {

core::Result<std::unique_ptr<FrameLoop>> open_headless(FrameLoopOptions options) {
    options.window.display = Display::headless;
    options.rendering = Rendering::software;
    return FrameLoop::open(options);
}

// SDL_PushEvent would stamp the event with the real time; a stroke that is put in at once keeps its own.
void Hand::put(SDL_Event event) {
    last_ms_ = std::max(last_ms_, static_cast<std::int64_t>(SDL_GetTicks64()) + ahead_ms_);
    event.common.timestamp = static_cast<Uint32>(last_ms_);
    CHECK_THAT(SDL_PeepEvents(&event, 1, SDL_ADDEVENT, SDL_FIRSTEVENT, SDL_LASTEVENT) == 1);
}

void Hand::put_finger(Uint32 type, float x, float y, float pressure, int finger) {
    SDL_Event event{};
    event.type = type;
    event.tfinger.touchId = 1;
    event.tfinger.fingerId = finger;
    event.tfinger.x = x / static_cast<float>(loop_.width_px());
    event.tfinger.y = y / static_cast<float>(loop_.height_px());
    event.tfinger.pressure = pressure;
    event.tfinger.windowID = SDL_GetWindowID(loop_.window().sdl());
    put(event);
}

void Hand::down(float x, float y, float pressure, int finger) {
    put_finger(SDL_FINGERDOWN, x, y, pressure, finger);
}
void Hand::move(float x, float y, float pressure, int finger) {
    put_finger(SDL_FINGERMOTION, x, y, pressure, finger);
}
void Hand::up(float x, float y, int finger) { put_finger(SDL_FINGERUP, x, y, 0, finger); }

void Hand::tap(float x, float y) {
    down(x, y);
    up(x, y);
    loop_.settle();
}

void Hand::wait_ms(int ms) {
    if (pace_ == Pace::at_once) {
        ahead_ms_ += ms;
        return;
    }
    auto until = static_cast<std::int64_t>(SDL_GetTicks64()) + ms;
    while (static_cast<std::int64_t>(SDL_GetTicks64()) < until &&
           loop_.turn(static_cast<int>(
               std::max<std::int64_t>(1, until - static_cast<std::int64_t>(SDL_GetTicks64()))))) {
    }
}

void Hand::type(std::string_view text) {
    while (!text.empty()) {
        SDL_Event event{};
        event.type = SDL_TEXTINPUT;
        std::size_t size = std::min(text.size(), sizeof event.text.text - 1);
        while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U)
            --size;
        std::memcpy(event.text.text, text.data(), size);
        put(event);
        text.remove_prefix(size);
    }
    loop_.settle();
}

void Hand::key(SDL_Keycode key, Uint16 modifiers) {
    for (Uint32 type : {SDL_KEYDOWN, SDL_KEYUP}) {
        SDL_Event event{};
        event.type = type;
        event.key.state = type == SDL_KEYDOWN ? SDL_PRESSED : SDL_RELEASED;
        event.key.keysym.sym = key;
        event.key.keysym.mod = modifiers;
        put(event);
    }
    loop_.settle();
}

}  // namespace kiosk
