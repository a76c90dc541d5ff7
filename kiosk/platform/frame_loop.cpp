#include "kiosk/platform/frame_loop.h"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "kiosk/platform/png.h"

namespace kiosk {
namespace {

// Whose window did it happen in? 0: nobody's.
Uint32 window_of(const SDL_Event& event) {
    switch (event.type) {
        case SDL_FINGERDOWN:
        case SDL_FINGERMOTION:
        case SDL_FINGERUP:
            return event.tfinger.windowID;
        case SDL_MOUSEBUTTONDOWN:
        case SDL_MOUSEBUTTONUP:
            return event.button.windowID;
        case SDL_MOUSEMOTION:
            return event.motion.windowID;
        case SDL_MOUSEWHEEL:
            return event.wheel.windowID;
        default:
            return 0;
    }
}

}  // namespace

FrameLoop::~FrameLoop() = default;

core::Result<std::unique_ptr<FrameLoop>> FrameLoop::open(const FrameLoopOptions& options) {
    std::unique_ptr<FrameLoop> loop(new FrameLoop);
    loop->options_ = options;
    TRY_ASSIGN(loop->fonts_, Fonts::open(options.font_dir));
    TRY_ASSIGN(loop->tablet_, Pane::open(options.window, options.rendering, loop->fonts_));
    loop->tablet_->paint_one_in(options.paint_one_in);
    loop->wake_event_ = SDL_RegisterEvents(1);
    loop->last_input_ms_ = Pane::now_ms();
    loop->size_changed();
    return loop;
}

void FrameLoop::wake() {
    SDL_Event event{};
    event.type = wake_event_;
    SDL_PushEvent(&event);  // SDL's queue is safe to push to from any thread
}

void FrameLoop::size_changed() {
    feed_.set_size(tablet_->width_px(), tablet_->height_px(), tablet_->window().px_per_point());
}

void FrameLoop::resize(int width_px, int height_px, double px_per_mm) {
    tablet_->resize(width_px, height_px, px_per_mm);
    size_changed();
}

// --- events

void FrameLoop::take_window(const SDL_WindowEvent& event) {
    bool room = room_ && room_->is(event.windowID);
    if (!room && !tablet_->is(event.windowID)) return;  // of a window that is gone
    Pane& pane = room ? *room_ : *tablet_;
    switch (event.event) {
        case SDL_WINDOWEVENT_SIZE_CHANGED:
            if (pane.resized() && !room) size_changed();
            return;
        case SDL_WINDOWEVENT_EXPOSED:
            return pane.repaint();
        case SDL_WINDOWEVENT_FOCUS_LOST:
            if (!room) feed_.cancel();
            return;
        case SDL_WINDOWEVENT_DISPLAY_CHANGED:
            displays_changed_ = true;
            return;
        case SDL_WINDOWEVENT_CLOSE:
            if (!room)
                quit_ = quit_ || !tablet_->window().locked();
            else if (room_place_ == RoomPlace::own_window)
                place_room(RoomPlace::nowhere);
            return;
        default:
            return;
    }
}

void FrameLoop::take(const SDL_Event& event) {
    if (event.type == wake_event_) return tablet_->refresh();
    switch (event.type) {
        case SDL_QUIT:  // Alt+F4, or a window manager: on a tablet the host's desk is the way out
            quit_ = quit_ || !tablet_->window().locked();
            return;
        case SDL_RENDER_TARGETS_RESET:
        case SDL_RENDER_DEVICE_RESET:
            tablet_->renew();
            size_changed();
            if (room_) room_->renew();
            return;
        case SDL_DISPLAYEVENT:
            displays_changed_ = true;
            return;
        case SDL_WINDOWEVENT:
            return take_window(event.window);
        default:
            break;
    }
    if (room_ && room_->is(window_of(event))) return;  // nobody touches a projector
    if (feed_.push(event)) last_input_ms_ = Pane::now_ms();
}

void FrameLoop::gather(int max_wait_ms) {
    SDL_Event event;
    if (!anything_due()) {
        std::int64_t wait = max_wait_ms;
        auto at_most_until = [&](std::int64_t at_ms) {
            if (at_ms < 0) return;
            std::int64_t until = std::max<std::int64_t>(0, at_ms - Pane::now_ms());
            wait = wait < 0 ? until : std::min(wait, until);
        };
        at_most_until(tablet_->wake_at_ms());
        if (tablet_->pen_is_down()) at_most_until(tablet_->fall_back_at_ms());
        if (room_) at_most_until(room_->wake_at_ms());
        bool came =
            wait < 0 ? SDL_WaitEvent(&event) == 1 : SDL_WaitEventTimeout(&event, static_cast<int>(wait)) == 1;
        if (came) take(event);
    }
    while (SDL_PollEvent(&event) == 1) take(event);
}

// --- passes

bool FrameLoop::anything_due() const {
    return tablet_->due() || feed_.pending() || (room_ && room_->due()) ||
           (displays_changed_ && !tablet_->pen_is_down());
}

void FrameLoop::run_passes() {
    tablet_->run_passes(feed_.take_batch());
    if (listener_) listener_(semantics());
    if (room_) room_->refresh();
}

bool FrameLoop::turn(int max_wait_ms) {
    if (!tablet_->has_draw()) return false;
    gather(max_wait_ms);
    if (tablet_->pen_is_down()) tablet_->draw_moves(feed_.take_moves());
    if (quit_) return false;
    if (tablet_->due() || feed_.pending()) run_passes();
    if (displays_changed_ && !tablet_->pen_is_down()) follow_displays();
    if (room_ && room_->due()) room_->run_passes({});
    return !quit_;
}

void FrameLoop::settle() {
    do turn(0);
    while (!quit_ && (anything_due() || SDL_HasEvents(SDL_FIRSTEVENT, SDL_LASTEVENT) == SDL_TRUE));
}

core::Status FrameLoop::screenshot(const std::filesystem::path& path) {
    TRY_ASSIGN(auto image, picture());
    return write_png(path, image);
}

core::Status FrameLoop::room_screenshot(const std::filesystem::path& path) {
    if (!room_) return core::Error{core::Errc::not_found, "the room is on no screen"};
    TRY_ASSIGN(auto image, room_->picture());
    return write_png(path, image);
}

// --- the room

void FrameLoop::set_room(Room room) {
    what_room_ = std::move(room);
    displays_changed_ = true;
}

void FrameLoop::set_room_look(core::Words words, const Theme& theme) {
    what_room_.words = std::move(words), what_room_.theme = theme;
    if (room_) room_->set_words(what_room_.words), room_->set_theme(theme);
}

void FrameLoop::place_room(RoomPlace place, int width_px, int height_px) {
    room_place_ = place, room_width_ = width_px, room_height_ = height_px;
    displays_changed_ = true;
}

void FrameLoop::open_room(WindowOptions options) {
    options.title = "Handslag Room";  // by which a session finds it: installer/session/sway.config
    auto opened = Pane::open(options, options_.rendering, fonts_);
    if (!opened.ok()) return spdlog::error("the room's screen: {}", opened.error().detail);
    room_ = std::move(*opened);
    room_->paint_one_in(options_.paint_one_in);
    room_->set_words(what_room_.words), room_->set_theme(what_room_.theme), room_->set_draw(what_room_.draw);
    if (what_room_.listener) what_room_.listener(true);
}

void FrameLoop::close_room() {
    if (!room_) return;
    room_.reset();
    if (what_room_.listener) what_room_.listener(false);
}

void FrameLoop::follow_displays() {
    displays_changed_ = false;
    if (!what_room_.draw) return close_room();
    if (room_place_ != RoomPlace::second_display) {
        if (room_place_ == RoomPlace::nowhere) return close_room();
        if (room_) return;
        WindowOptions options;
        options.display = room_place_ == RoomPlace::headless ? Display::headless : Display::window;
        options.width_px = room_width_, options.height_px = room_height_;
        return open_room(options);
    }
    auto wanted = other_display(tablet_->window());
    if (room_ && wanted && SDL_RectEquals(&*wanted, &room_display_) == SDL_TRUE) return;
    close_room();
    if (!wanted) return;
    room_display_ = *wanted;
    WindowOptions options;
    options.display = Display::beside, options.beside = *wanted;
    open_room(options);
}

}  // namespace kiosk
