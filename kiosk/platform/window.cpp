#include "kiosk/platform/window.h"

#include <cmath>

#include "kiosk/platform/x_errors.h"

namespace kiosk {
namespace {

constexpr double ten_inches_mm = 254.0;
constexpr float least_dpi = 70, most_dpi = 600;  // outside: the display does not know its size

void set_hints(bool headless) {
    SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
    SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, "0");
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");  // a window surface would take a detour over GL
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_QUIT_ON_LAST_WINDOW_CLOSE, "1");
    SDL_SetHint(SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0");  // when another screen comes or goes
    if (headless) SDL_SetHint(SDL_HINT_VIDEODRIVER, "dummy");
}

double ten_inch_px_per_mm(int width, int height) { return std::hypot(width, height) / ten_inches_mm; }

core::Error sdl_error(const char* doing) {
    return {core::Errc::not_readable, std::string(doing) + ": " + SDL_GetError()};
}

}  // namespace

core::Result<std::unique_ptr<Window>> Window::open(const WindowOptions& options) {
    std::unique_ptr<Window> window(new Window);
    window->options_ = options;
    set_hints(options.display == Display::headless);
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) return sdl_error("no display");
    window->video_ = true;
    survive_x_errors();
    Uint32 flags = SDL_WINDOW_ALLOW_HIGHDPI;
    if (options.display == Display::fullscreen) flags |= SDL_WINDOW_FULLSCREEN_DESKTOP;
    if (options.display == Display::window) flags |= SDL_WINDOW_RESIZABLE;
    SDL_Rect at{SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, options.width_px, options.height_px};
    bool beside = options.display == Display::beside;
    if (beside) {
        flags |= SDL_WINDOW_FULLSCREEN_DESKTOP | SDL_WINDOW_BORDERLESS | SDL_WINDOW_SKIP_TASKBAR;
        at = options.beside;
    }
    // Whoever writes at the tablet keeps its focus.
    SDL_SetHint(SDL_HINT_WINDOW_NO_ACTIVATION_WHEN_SHOWN, beside ? "1" : "0");
    window->window_.reset(SDL_CreateWindow(options.title.c_str(), at.x, at.y, at.w, at.h, flags));
    if (!window->window_) return sdl_error("no window");
    // Alt+Tab and the Super key too. Keys that change the virtual terminal are the session's, not ours.
    if (options.locked) SDL_SetWindowKeyboardGrab(window->window_.get(), SDL_TRUE);
    SDL_StartTextInput();
    return window;
}

Window::~Window() {
    window_.reset();
    if (video_) SDL_QuitSubSystem(SDL_INIT_VIDEO);
}

int Window::width_px() const {
    int width = 0, height = 0;
    SDL_GetWindowSizeInPixels(window_.get(), &width, &height);
    return width;
}
int Window::height_px() const {
    int width = 0, height = 0;
    SDL_GetWindowSizeInPixels(window_.get(), &width, &height);
    return height;
}

float Window::px_per_point() const {
    int width = 0, height = 0;
    SDL_GetWindowSize(window_.get(), &width, &height);
    return width > 0 ? static_cast<float>(width_px()) / static_cast<float>(width) : 1.0F;
}

double Window::px_per_mm() const {
    if (options_.px_per_mm > 0) return options_.px_per_mm;
    if (headless()) return ten_inch_px_per_mm(width_px(), height_px());
    int display = SDL_GetWindowDisplayIndex(window_.get());
    float dpi = 0;
    if (display >= 0 && SDL_GetDisplayDPI(display, &dpi, nullptr, nullptr) == 0 && dpi >= least_dpi &&
        dpi <= most_dpi)
        return static_cast<double>(dpi) * px_per_point() / 25.4;
    SDL_Rect bounds{};
    if (display >= 0 && SDL_GetDisplayBounds(display, &bounds) == 0)
        return ten_inch_px_per_mm(bounds.w, bounds.h) * px_per_point();
    return ten_inch_px_per_mm(1280, 800);
}

std::optional<SDL_Rect> other_display(const Window& window) {
    int own = SDL_GetWindowDisplayIndex(window.sdl()), count = SDL_GetNumVideoDisplays();
    SDL_Rect here{}, there{};
    if (own < 0 || SDL_GetDisplayBounds(own, &here) != 0) return std::nullopt;
    for (int i = 0; i < count; ++i)
        if (i != own && SDL_GetDisplayBounds(i, &there) == 0 &&
            SDL_HasIntersection(&here, &there) == SDL_FALSE)
            return there;
    return std::nullopt;
}

void Window::resize(int width, int height) {
    float scale = px_per_point();
    SDL_SetWindowSize(window_.get(), static_cast<int>(std::lround(static_cast<float>(width) / scale)),
                      static_cast<int>(std::lround(static_cast<float>(height) / scale)));
}

}  // namespace kiosk
