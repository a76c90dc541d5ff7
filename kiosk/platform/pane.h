// Pane: one window with its renderer, its Ui, its words and its look: all that is shown on one screen.
//
// A page is painted only when its draw lists differ from those on screen; ink that grows paints its own rectangle and no
// page. Who decides when a pass is due, and feeds it, is FrameLoop.
#pragma once

#include <functional>
#include <memory>

#include "kiosk/platform/renderer.h"
#include "kiosk/platform/window.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/ui_platform.h"

namespace kiosk {

class Pane {
  public:
    static core::Result<std::unique_ptr<Pane>> open(const WindowOptions& window, Rendering rendering,
                                                    std::shared_ptr<Fonts> fonts);
    ~Pane();
    Pane(const Pane&) = delete;
    Pane& operator=(const Pane&) = delete;

    void set_draw(std::function<void(Ui&)> draw) { draw_ = std::move(draw), due_ = true; }
    bool has_draw() const { return static_cast<bool>(draw_); }
    void set_words(core::Words words) { words_ = std::move(words), due_ = true; }
    void set_theme(const Theme& theme);  // px_per_mm is the display's own and is filled in here
    const Theme& theme() const;

    void refresh() { due_ = true; }
    bool due() const;                                        // a pass should run now
    std::int64_t wake_at_ms() const { return wake_at_ms_; }  // -1: never
    // As many passes as it takes, and what they changed on screen.
    void run_passes(std::vector<InputEvent> events);
    bool pen_is_down() const { return Ui::Platform::ink_is_live(*ui_); }
    void draw_moves(const std::vector<PointerEvent>& moves);  // of the pen that is down: without a pass
    // When ink that is drawn ahead of the pen is taken back, if no move comes before that; -1: none is.
    std::int64_t fall_back_at_ms() const { return fall_back_at_ms_; }

    void repaint() { due_ = repaint_ = true; }
    bool resized();  // the window has another size than what is shown; then all is made anew
    void renew();    // the device lost its textures
    void resize(int width_px, int height_px, double px_per_mm);

    // One page in so many is painted, for a long walk that nobody watches; 0: those that a picture is taken of. All are
    // laid out and drawn as lists.
    void paint_one_in(int pages) { paint_one_in_ = pages; }
    core::Result<core::Image> picture();
    int width_px() const;
    int height_px() const;
    const SemanticTree& semantics() const { return Ui::Platform::semantics(*ui_); }
    bool ink_draws_itself() const { return Ui::Platform::ink_draws_itself(*ui_); }
    Ui& ui() { return *ui_; }
    const Window& window() const { return *window_; }
    bool is(Uint32 window_id) const { return SDL_GetWindowID(window_->sdl()) == window_id; }

    // What was done so far, for tests and measurements.
    struct Counts {
        std::int64_t passes = 0, pages = 0, ink_frames = 0;
        // The pen's moves, and those that the frame after them did not show.
        std::int64_t ink_events = 0, late_ink_events = 0;
        // The Ui's own work, without the renderer's: all passes, all ink frames, the longest ink frame.
        double pass_ms = 0, ink_ms = 0, most_ink_ms = 0;
    };
    const Counts& counts() const { return counts_; }

    static std::int64_t now_ms() { return static_cast<std::int64_t>(SDL_GetTicks64()); }

  private:
    struct Platform;
    Pane();
    void show_ink(const InkPatch& patch);
    void take_size();
    void paint();

    std::unique_ptr<Window> window_;
    std::unique_ptr<Renderer> renderer_;
    std::unique_ptr<Platform> platform_;
    std::unique_ptr<Ui> ui_;
    std::function<void(Ui&)> draw_;
    core::Words words_;
    bool due_ = true, repaint_ = true, stale_ = false;  // stale: what is on screen is not what was drawn last
    int paint_one_in_ = 1;
    std::uint64_t shown_hash_ = 0;
    std::int64_t wake_at_ms_ = -1, fall_back_at_ms_ = -1;
    Counts counts_;
};

}  // namespace kiosk
