#include "kiosk/platform/event_feed.h"

#include <optional>

namespace kiosk {
namespace {

constexpr Uint32 between_strokes_ms = 400;
constexpr Uint32 silent_ms = 4'000;

bool is_transition(const InputEvent& event) {
    if (const auto* pointer = std::get_if<PointerEvent>(&event))
        return pointer->what != PointerEvent::What::move;
    return std::holds_alternative<KeyEvent>(event);
}

std::optional<Key> key_of(const SDL_Keysym& key) {
    bool control = (key.mod & KMOD_CTRL) != 0;
    switch (key.sym) {
        case SDLK_TAB:
            return (key.mod & KMOD_SHIFT) != 0 ? Key::back_tab : Key::tab;
        case SDLK_RETURN:
        case SDLK_KP_ENTER:
            return Key::enter;
        case SDLK_SPACE:
            return Key::space;
        case SDLK_ESCAPE:
            return Key::escape;
        case SDLK_BACKSPACE:
            return Key::backspace;
        case SDLK_DELETE:
            return Key::remove;
        case SDLK_LEFT:
            return Key::left;
        case SDLK_RIGHT:
            return Key::right;
        case SDLK_UP:
            return Key::up;
        case SDLK_DOWN:
            return Key::down;
        case SDLK_HOME:
            return Key::home;
        case SDLK_END:
            return Key::end;
        case SDLK_PAGEUP:
            return Key::page_up;
        case SDLK_PAGEDOWN:
            return Key::page_down;
        case SDLK_F1:
            return Key::voice;
        case SDLK_F2:
            return Key::read_again;
        case SDLK_F3:
            return Key::softer;
        case SDLK_F4:  // Alt+F4 is the window manager's
            return (key.mod & KMOD_ALT) != 0 ? std::nullopt : std::optional(Key::louder);
        case SDLK_LCTRL:
        case SDLK_RCTRL:
            return Key::hush;
        case SDLK_a:
            return control ? std::optional(Key::select_all) : std::nullopt;
        default:
            return std::nullopt;
    }
}

}  // namespace

void EventFeed::set_size(int width_px, int height_px, float px_per_point) {
    width_ = static_cast<float>(width_px), height_ = static_cast<float>(height_px),
    px_per_point_ = px_per_point;
}

bool EventFeed::push(const SDL_Event& event) {
    switch (event.type) {
        case SDL_FINGERDOWN:
        case SDL_FINGERMOTION:
        case SDL_FINGERUP:
            return push_finger(event.tfinger);
        case SDL_MOUSEBUTTONDOWN:
        case SDL_MOUSEBUTTONUP:
        case SDL_MOUSEMOTION:
        case SDL_MOUSEWHEEL:
            return push_mouse(event);
        case SDL_KEYDOWN:
            return push_key(event.key);
        case SDL_KEYUP:
            repeats_ = false;
            return false;
        case SDL_TEXTINPUT:
            queue_.emplace_back(TextEvent{static_cast<const char*>(event.text.text)});
            return !repeats_;
        default:
            return false;
    }
}

bool EventFeed::push_finger(const SDL_TouchFingerEvent& finger) {
    using What = PointerEvent::What;
    bool mine = holder_.kind == Holder::Kind::finger && holder_.touch == finger.touchId &&
                holder_.finger == finger.fingerId;
    What what = finger.type == SDL_FINGERDOWN ? What::down
                : finger.type == SDL_FINGERUP ? What::up
                                              : What::move;
    // The system took it for a palm's, and its end was not told: the next finger would be dropped for ever.
    bool gone = holder_.kind == Holder::Kind::finger && what == What::down &&
                (mine || finger.timestamp - holder_.last_ms >= silent_ms);
    if (gone) cancel();
    bool palm = pen_lifted_ms_ && finger.timestamp - *pen_lifted_ms_ < between_strokes_ms;
    if (what == What::down && holder_.kind == Holder::Kind::none && !palm) {
        holder_ = {Holder::Kind::finger, finger.touchId, finger.fingerId, finger.timestamp};
    } else if (!mine || what == What::down) {
        return false;
    }
    holder_.last_ms = finger.timestamp;
    if (what == What::up) holder_ = {};
    // Screens that cannot measure pressure report 0 or 1.
    float pressure = finger.pressure > 0 && finger.pressure < 1 ? finger.pressure : 0;
    last_x_ = finger.x * width_, last_y_ = finger.y * height_;
    queue_.emplace_back(PointerEvent{what, PointerKind::touch, last_x_, last_y_, finger.timestamp, pressure});
    return true;
}

bool EventFeed::push_mouse(const SDL_Event& event) {
    using What = PointerEvent::What;
    auto put = [&](What what, int x, int y, Uint32 time) {
        last_x_ = static_cast<float>(x) * px_per_point_, last_y_ = static_cast<float>(y) * px_per_point_;
        queue_.emplace_back(PointerEvent{what, PointerKind::mouse, last_x_, last_y_, time, 0});
        return true;
    };
    if (event.type == SDL_MOUSEWHEEL) {
        if (event.wheel.y == 0) return false;
        queue_.emplace_back(KeyEvent{event.wheel.y > 0 ? Key::page_up : Key::page_down});
        return true;
    }
    if (event.type == SDL_MOUSEMOTION) {
        if (event.motion.which == SDL_TOUCH_MOUSEID || holder_.kind != Holder::Kind::mouse) return false;
        return put(What::move, event.motion.x, event.motion.y, event.motion.timestamp);
    }
    const auto& button = event.button;
    if (button.which == SDL_TOUCH_MOUSEID || button.button != SDL_BUTTON_LEFT) return false;
    if (event.type == SDL_MOUSEBUTTONDOWN && holder_.kind != Holder::Kind::mouse) {
        cancel();
        holder_ = {Holder::Kind::mouse, 0, 0, 0};
        return put(What::down, button.x, button.y, button.timestamp);
    }
    if (event.type == SDL_MOUSEBUTTONUP && holder_.kind == Holder::Kind::mouse) {
        holder_ = {};
        pen_lifted_ms_ = button.timestamp;
        return put(What::up, button.x, button.y, button.timestamp);
    }
    return false;
}

bool EventFeed::push_key(const SDL_KeyboardEvent& key) {
    repeats_ = key.repeat != 0;
    auto known = key_of(key.keysym);
    bool acts = known == Key::enter || known == Key::space;
    if (!known || (repeats_ && acts)) return false;
    queue_.emplace_back(KeyEvent{*known});
    return !repeats_;
}

void EventFeed::cancel() {
    if (holder_.kind == Holder::Kind::none) return;
    holder_ = {};
    queue_.emplace_back(
        PointerEvent{PointerEvent::What::cancel, PointerKind::touch, last_x_, last_y_, SDL_GetTicks(), 0});
}

std::vector<PointerEvent> EventFeed::take_moves() {
    std::vector<PointerEvent> moves;
    while (!queue_.empty()) {
        const auto* pointer = std::get_if<PointerEvent>(&queue_.front());
        if (pointer == nullptr || pointer->what != PointerEvent::What::move) break;
        moves.push_back(*pointer);
        queue_.pop_front();
    }
    return moves;
}

std::vector<InputEvent> EventFeed::take_batch() {
    std::vector<InputEvent> batch;
    while (!queue_.empty()) {
        bool last = is_transition(queue_.front());
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
        if (last) break;
    }
    return batch;
}

}  // namespace kiosk
