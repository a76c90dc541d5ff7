// Ui::Platform: what kiosk/platform hands to the Ui (time, input, textures, look) and what it takes back
// (draw lists, meaning, wishes). The seam on which a window, a headless run and a test are the same.
//
// Pixels are the display's own. Input events are in order; a pass holds at most one button or key transition,
// the last of its events (see kiosk/platform/event_feed.h).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "kiosk/ui/fonts.h"
#include "kiosk/ui/ui.h"

struct ImDrawList;

namespace kiosk {

enum class PointerKind { touch, pen, mouse };
struct PointerEvent {
    enum class What { down, move, up, cancel } what = What::move;
    PointerKind kind = PointerKind::touch;
    float x = 0, y = 0;
    std::int64_t time_ms = 0;
    float pressure = 0;  // 0: the device does not tell
};
enum class Key {
    tab,
    back_tab,
    enter,
    space,
    escape,
    backspace,
    remove,
    left,
    right,
    up,
    down,
    home,
    end,
    page_up,
    page_down,
    select_all,
    voice,
    read_again,
    softer,
    louder,
    hush  // does nothing but interrupt what is being said
};
struct KeyEvent {
    Key key = Key::tab;
};
struct TextEvent {
    std::string text;  // UTF-8, as typed on a hardware keyboard
};
using InputEvent = std::variant<PointerEvent, KeyEvent, TextEvent>;

using TextureId = std::uint32_t;  // 0 is none

// What the live stroke covers in a rectangle of the screen; replaces what was shown of it there before.
struct InkPatch {
    int x = 0, y = 0, width = 0, height = 0;
    std::vector<std::uint8_t> rgba;  // straight alpha
    bool empty() const { return width <= 0 || height <= 0; }
};

struct Ui::Platform {
    virtual ~Platform() = default;

    // --- from kiosk/platform, before each pass
    std::vector<InputEvent> events;
    std::int64_t now_ms = 0;
    int width_px = 1280, height_px = 800;
    Theme theme;
    const core::Words* words = nullptr;  // never null in a pass
    std::shared_ptr<Fonts> fonts;        // never null when a Ui is made

    // Textures: white or coloured RGBA with straight alpha. They die together when the renderer is made anew;
    // then texture_generation() changes and the Ui makes what it needs again.
    virtual TextureId make_texture(int width, int height) = 0;
    virtual void update_texture(TextureId id, int x, int y, int width, int height,
                                const std::uint8_t* rgba) = 0;
    virtual void free_texture(TextureId id) = 0;
    virtual int texture_generation() const = 0;

    // --- to kiosk/platform
    // One pass: takes `events`, calls draw, and leaves the results below. A pass after which another is
    // wanted at once (the layout was not known yet, focus moved) should not be shown: run again without
    // events.
    static void run_pass(Ui& ui, const std::function<void(Ui&)>& draw);
    static bool wants_another_pass(const Ui& ui);
    static std::optional<int> wake_after_ms(const Ui& ui);
    static const SemanticTree& semantics(const Ui& ui);
    static const std::vector<const ImDrawList*>& draw_lists(const Ui& ui);  // paint in this order
    static std::uint64_t picture_hash(
        const Ui& ui);  // of draw lists and texture contents; the same hash: the same picture
    static bool text_input_wanted(const Ui& ui);

    // The pen while it is down: events go here straight, without a pass, and patches come out.
    static bool ink_is_live(const Ui& ui);
    static void ink_event(Ui& ui, const PointerEvent& event);
    static bool ink_is_ahead(
        const Ui& ui);  // of the pen: to be taken back when a frame has passed without it
    static void ink_falls_back(Ui& ui);
    static bool ink_draws_itself(const Ui& ui);
    static InkPatch take_ink_patch(Ui& ui);         // what changed since the last one; empty when nothing did
    static InkPatch whole_ink_patch(const Ui& ui);  // after the page under it was painted anew
};

}  // namespace kiosk
