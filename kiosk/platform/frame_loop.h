// FrameLoop: window, event feed, Ui and renderer together; what main.cpp and the tests run.
//
// Nothing happens without cause: a pass runs after an event, a wake() or when a screen asked to be woken; a
// page is painted only when its draw lists differ from those on screen; a pen that draws paints its own
// rectangle and no page. All calls on the frame thread, except wake().
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "kiosk/platform/event_feed.h"
#include "kiosk/platform/renderer.h"
#include "kiosk/platform/window.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/ui_platform.h"

namespace kiosk {

struct FrameLoopOptions {
    WindowOptions window;
    Rendering rendering = Rendering::automatic;
    std::filesystem::path font_dir = Fonts::default_dir();
};

class FrameLoop {
  public:
    // Errc::missing_font, or what kept the display from opening.
    static core::Result<std::unique_ptr<FrameLoop>> open(const FrameLoopOptions& options);
    ~FrameLoop();
    FrameLoop(const FrameLoop&) = delete;
    FrameLoop& operator=(const FrameLoop&) = delete;

    void set_draw(std::function<void(Ui&)> draw);
    // Called after the passes that were due, with what is on screen then.
    void set_listener(std::function<void(const SemanticTree&)> listener) { listener_ = std::move(listener); }
    void set_words(core::Words words);  // before the first turn
    // px_per_mm is the display's own and is filled in here.
    void set_theme(const Theme& theme);
    const Theme& theme() const;

    // Waits for a cause at most max_wait_ms (-1: as long as it takes), then does all that is due. False after
    // quit.
    bool turn(int max_wait_ms = -1);
    // Turns until nothing is left to do at once.
    void settle();
    void run() {
        while (turn()) {
        }
    }
    void quit() { quit_ = true; }
    void wake();     // from any thread
    void refresh();  // State changed by other means than the draw callback: one more pass

    std::int64_t idle_ms() const;  // since the last touch, key or text
    const SemanticTree& semantics() const;
    core::Result<core::Image> picture();
    core::Status screenshot(const std::filesystem::path& path);
    void resize(int width_px, int height_px, double px_per_mm = 0);  // 0: as the display says
    int width_px() const;
    int height_px() const;

    // What was done so far, for tests and measurements.
    struct Counts {
        std::int64_t passes = 0, pages = 0, ink_frames = 0;
        // The pen's moves, and those that the frame after them did not show.
        std::int64_t ink_events = 0, late_ink_events = 0;
        // The Ui's own work, without the renderer's: all passes, all ink frames, the longest ink frame.
        double pass_ms = 0, ink_ms = 0, most_ink_ms = 0;
    };
    const Counts& counts() const { return counts_; }
    Ui& ui() { return *ui_; }
    const Window& window() const { return *window_; }

  private:
    struct Platform;
    FrameLoop();
    void gather(int max_wait_ms);
    void take(const SDL_Event& event);
    void draw_ink_moves();
    void run_passes();
    void size_changed();
    std::int64_t now_ms() const;

    std::unique_ptr<Window> window_;
    std::unique_ptr<Renderer> renderer_;
    std::unique_ptr<Platform> platform_;
    std::unique_ptr<Ui> ui_;
    EventFeed feed_;
    std::function<void(Ui&)> draw_;
    std::function<void(const SemanticTree&)> listener_;
    core::Words words_;
    bool quit_ = false, due_ = true, repaint_ = true;
    std::uint64_t shown_hash_ = 0;
    std::int64_t last_input_ms_ = 0, wake_at_ms_ = -1;
    Uint32 wake_event_ = 0;
    Counts counts_;
};

}  // namespace kiosk
