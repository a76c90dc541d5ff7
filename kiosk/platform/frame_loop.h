// FrameLoop: the tablet's pane, the room's beside it, and the events for both; what main.cpp and the tests run.
//
// Nothing happens without cause: a pass runs after an event, a wake() or when a screen asked to be woken; a
// page is painted only when its draw lists differ from those on screen; a pen that draws paints its own
// rectangle and no page. All calls on the frame thread, except wake().
//
// The room's pane takes no input. It opens and closes as displays come and go, never while a pen is down, and nothing
// that happens to it reaches the tablet's.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "kiosk/platform/event_feed.h"
#include "kiosk/platform/pane.h"

namespace kiosk {

struct FrameLoopOptions {
    WindowOptions window;
    Rendering rendering = Rendering::automatic;
    std::filesystem::path font_dir = Fonts::default_dir();
    int paint_one_in = 1;  // see Pane
};

// Where the room is shown beside the tablet: on a display that the tablet does not stand on, whenever there is one; in
// a window of its own; on a headless screen.
enum class RoomPlace { nowhere, second_display, own_window, headless };

class FrameLoop {
  public:
    // Errc::missing_font, or what kept the display from opening.
    static core::Result<std::unique_ptr<FrameLoop>> open(const FrameLoopOptions& options);
    ~FrameLoop();
    FrameLoop(const FrameLoop&) = delete;
    FrameLoop& operator=(const FrameLoop&) = delete;

    void set_draw(std::function<void(Ui&)> draw) { tablet_->set_draw(std::move(draw)); }
    // Called after the passes that were due, with what is on screen then.
    void set_listener(std::function<void(const SemanticTree&)> listener) { listener_ = std::move(listener); }
    void set_words(core::Words words) { tablet_->set_words(std::move(words)); }  // before the first turn
    // px_per_mm is the display's own and is filled in here.
    void set_theme(const Theme& theme) { tablet_->set_theme(theme); }
    const Theme& theme() const { return tablet_->theme(); }

    // What the room shows, wherever it is or will be. It is drawn anew after each of the tablet's passes.
    struct Room {
        std::function<void(Ui&)> draw;
        core::Words words;
        Theme theme;
        std::function<void(bool open)> listener;  // its screen came or went
    };
    void set_room(Room room);
    void set_room_look(core::Words words, const Theme& theme);
    // width and height are those of an own window or a headless screen.
    void place_room(RoomPlace place, int width_px = 1280, int height_px = 720);
    Pane* room() { return room_.get(); }  // null: it is on no screen
    bool pen_is_down() const { return tablet_->pen_is_down(); }

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
    void wake();  // from any thread
    void refresh() {
        tablet_->refresh();
    }  // State changed by other means than the draw callback: one more pass

    std::int64_t idle_ms() const {
        return Pane::now_ms() - last_input_ms_;
    }  // since the last touch, key or text
    const SemanticTree& semantics() const { return tablet_->semantics(); }
    core::Result<core::Image> picture() { return tablet_->picture(); }
    core::Status screenshot(const std::filesystem::path& path);
    core::Status room_screenshot(const std::filesystem::path& path);  // Errc::not_found: there is no room
    void resize(int width_px, int height_px, double px_per_mm = 0);   // 0: as the display says
    int width_px() const { return tablet_->width_px(); }
    int height_px() const { return tablet_->height_px(); }

    using Counts = Pane::Counts;
    const Counts& counts() const { return tablet_->counts(); }
    Ui& ui() { return tablet_->ui(); }
    const Window& window() const { return tablet_->window(); }

  private:
    FrameLoop() = default;
    void gather(int max_wait_ms);
    void take(const SDL_Event& event);
    void take_window(const SDL_WindowEvent& event);
    void size_changed();
    void run_passes();
    void follow_displays();
    void open_room(WindowOptions options);
    void close_room();
    bool anything_due() const;

    FrameLoopOptions options_;
    std::shared_ptr<Fonts> fonts_;
    std::unique_ptr<Pane> tablet_, room_;
    Room what_room_;
    RoomPlace room_place_ = RoomPlace::nowhere;
    int room_width_ = 0, room_height_ = 0;
    SDL_Rect room_display_{0, 0, 0, 0};  // that it was opened on
    bool displays_changed_ = false;
    EventFeed feed_;
    std::function<void(const SemanticTree&)> listener_;
    bool quit_ = false;
    std::int64_t last_input_ms_ = 0;
    Uint32 wake_event_ = 0;
};

}  // namespace kiosk
