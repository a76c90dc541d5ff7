// Window: the display that the kiosk stands on, real or headless, and how large a millimetre is on it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <SDL.h>

#include "core/base/handle.h"
#include "core/base/result.h"

namespace kiosk {

enum class Display { window, fullscreen, beside, headless };  // beside: all of another display

struct WindowOptions {
    Display display = Display::window;
    int width_px = 1280, height_px = 800;  // of a window or of a headless screen
    double px_per_mm = 0;                  // 0: the display's own, or that of a 10 inch screen
    std::string title = "Handslag";
    bool locked = false;          // a kiosk: no key and no window manager closes it or leads out of it
    SDL_Rect beside{0, 0, 0, 0};  // that display, in SDL's coordinates
};

class Window {
  public:
    // Errc::not_readable when there is no display; the detail says what SDL said.
    static core::Result<std::unique_ptr<Window>> open(const WindowOptions& options);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    SDL_Window* sdl() const { return window_.get(); }
    int width_px() const;
    int height_px() const;
    float px_per_point() const;
    double px_per_mm() const;
    bool headless() const { return options_.display == Display::headless; }
    bool locked() const { return options_.locked; }
    void resize(int width_px, int height_px);
    void set_px_per_mm(double px_per_mm) { options_.px_per_mm = px_per_mm; }

  private:
    Window() = default;
    WindowOptions options_;
    core::Handle<SDL_Window, SDL_DestroyWindow> window_;
    bool video_ = false;
};

// A display that shows nothing of the one that this window stands on; two that mirror each other are one.
std::optional<SDL_Rect> other_display(const Window& window);

}  // namespace kiosk
