// Ui::State: everything that the widgets share within a pass, and what must be remembered from one pass to
// the next.
//
// A pass lays content out from the top of the screen's content (content coordinates, px, y = 0 at its top).
// What is taller than the view is shown page by page: page_starts are cuts between items as the pass before
// found them. Not here: the widgets themselves (words, acts, field, pictures, sign_area, book .cpp), the
// frame around them (frame.cpp).
#pragma once

#include <algorithm>
#include <map>

#include <imgui.h>
#include <imgui_internal.h>

#include "kiosk/ui/ink_canvas.h"
#include "kiosk/ui/ink_replay.h"
#include "kiosk/ui/key_scan.h"
#include "kiosk/ui/painter.h"
#include "kiosk/ui/screen_keyboard.h"
#include "kiosk/ui/text_edit.h"
#include "kiosk/ui/text_layout.h"
#include "kiosk/ui/ui_platform.h"

namespace kiosk {

using WidgetId = std::uint64_t;  // 0 is none

enum class Layer { base, ask };

struct PointerState {
    bool went_down = false, went_up = false, held = false, dragged = false;
    float x = 0, y = 0, start_x = 0, start_y = 0;
    PointerKind kind = PointerKind::touch;
};

struct Act {
    bool clicked = false, pressed = false, focused = false;
};

struct Flow {
    float x = 0, width = 0, y = 0;  // content coordinates; x is the screen's
};

struct ItemSpan {
    float top = 0, bottom = 0;
};

struct FocusEntry {
    WidgetId id = 0;
    Layer layer = Layer::base;
    bool field = false, in_content = false;
    ItemSpan span;  // content coordinates
};

// A picture that was made for one place and size on screen.
struct CachedTexture {
    TextureId id = 0;
    std::uint64_t used_in_pass = 0;
    bool large = false;  // freed as soon as it is not shown
};

struct BookLayout;

struct Ui::State {
    State(Ui& owner, Platform& p);
    ~State();

    Ui& ui;
    Platform& platform;
    Atlas atlas;
    Painter paint;
    ImDrawListSharedData shared;
    ImDrawList page_list, over_list;
    std::vector<const ImDrawList*> lists;
    SemanticTree tree;
    std::vector<SemanticNode> late_nodes;  // the bottom bar: read last
    std::uint64_t picture_version = 0;     // of texture contents that change without their quads changing
    std::uint64_t pass = 0;
    bool again = false;
    std::optional<int> wake_ms;

    // --- input of this pass
    PointerState pointer;
    std::vector<KeyEvent> keys;
    std::string typed;
    bool hardware_keys = false;  // the last typing came from one: the screen keyboard stays away

    // --- who has what
    WidgetId active = 0, focus = 0, focus_request = 0;
    WidgetId anchored = 0;  // a field's id, for the next widget that is none
    std::uint64_t acted_pass = 0;                    // of the primary act
    std::uint64_t errors_pass = 0, errors_said = 0;  // of the error summary
    bool focus_visible = false, reveal_focus = false, keyboard_dismissed = false;
    std::vector<FocusEntry> focus_order, late_focus, top_focus;  // content, bottom bar, top bar: Tab's way
    std::map<WidgetId, int> seen;                                // how often an id came in this pass
    bool late = false;
    Layer layer = Layer::base;
    bool asking = false, asking_now = false;  // a question stood in the pass before; stands in this one
    bool hides_page = false;                  // that question shows nothing of the page

    // --- the frame
    std::string screen;
    FrameSpec spec;
    bool in_frame = false;
    float view_top = 0, view_bottom = 0, view_bottom_paged = 0, tools_bottom = 0, bar_top = 1e9F;
    std::vector<float> page_starts{0};
    int page = 0;
    bool overflows = false;
    std::vector<ItemSpan> items;
    std::optional<float> keep_top;  // a heading stays with what follows it
    float content_bottom = 0, content_height_before = 0;
    Flow flow;
    int page_turn = 0;         // asked for in this pass
    std::vector<bool> pages_shown;  // of this screen as it is laid out now
    int sheet = 0;             // of the document on this screen
    bool pages_taken = false;  // the book turns its own pages

    // --- the focused field
    TextEdit edit;
    WidgetId edit_owner = 0;
    FieldKind edit_kind = FieldKind::text;
    int edit_patience = 0;                   // passes to wait for State to take the new value over
    bool edit_shown = false;                 // a secret in plain sight
    float edit_scroll = 0, edit_height = 0;  // px: how far its text is moved; of the whole field
    bool enter_in_field = false,
         submit = false;               // Enter goes to the next field; from the last one, to the primary act
    std::vector<KeyCap> pressed_keys;  // of the screen keyboard, for the next pass's field
    bool shift = false, shift_locked = false, shift_touched = false;
    KeyPage key_page = KeyPage::letters;
    std::int64_t key_down_ms = 0;
    std::string held_key;  // whose alternatives are shown
    Rect held_key_rect, alternatives_rect;
    KeyScan scan;
    bool came_by_tab = false;  // to this field, and has typed nothing since: Enter shows keys to scan
    std::string accented;      // the letter whose accent is being changed

    InkCanvas canvas;
    bool canvas_seen = false;
    InkReplay replay;
    bool replay_seen = false;
    std::map<std::uint64_t, CachedTexture> textures;
    int texture_generation = -1;
    std::unique_ptr<BookLayout> book_layout;
    bool book_goes_on = false;  // there is more of it to read: what goes on from it stays quiet
    bool contents_open = false;

    // --- measures
    float mm(double millimetres) const { return static_cast<float>(millimetres * platform.theme.px_per_mm); }
    const Theme& theme() const { return platform.theme; }
    bool high() const { return theme().contrast == Contrast::high; }
    Font body() const { return {core::Face::sans, mm(theme().body_mm())}; }
    Font bold() const { return {core::Face::sans_bold, mm(theme().body_mm())}; }
    Font small_font() const { return {core::Face::sans, mm(theme().body_mm() / 1.25)}; }
    Font scaled(core::Face face, double steps) const;  // 1.25 to the power of steps
    float target() const { return std::max(mm(13), body().size * line_height + mm(5)); }
    const Fonts& fonts() const { return *platform.fonts; }
    std::string say(std::string_view name, std::initializer_list<core::Blank> blanks = {}) const;

    // --- passes
    void begin_pass();
    void end_pass();
    void take_events();
    void change_screen(const std::string& name);
    void move_focus();
    void drop_edit();
    void hash_picture();
    std::uint64_t hash = 0;

    // --- identity and acts
    WidgetId id_of(std::string_view kind, std::string_view label);
    Act operate(WidgetId id, Rect r, bool enabled, bool field = false,
                std::optional<ItemSpan> content = std::nullopt);
    bool key_pressed(Key key) const;
    bool inside(Rect r, float x, float y) const {
        return x >= r.x && y >= r.y && x < r.x + r.width && y < r.y + r.height;
    }
    SemanticNode& node(Role role, Rect r, std::string_view label, std::string_view value = {});
    // What can be operated: enabled and focused as it stands.
    void node(Role role, Rect r, std::string_view label, const Act& act);
    bool blocked() const { return asking && layer == Layer::base; }

    // --- content flow
    ItemSpan take(float height);  // the next `height` px of the column; kept whole when pages are cut
    void gap(double millimetres) { flow.y += mm(millimetres); }
    bool shown(ItemSpan span) const;
    Rect on_screen(float x, float width, ItemSpan span) const;  // empty when on another page
    float page_from() const { return page_starts[static_cast<std::size_t>(page)]; }
    void cut_pages();
    int page_of(ItemSpan span) const;
    static WidgetId page_stop(int index);
    bool is_text_only(int index) const;  // nothing on it can be operated: the focus rests on the page itself
    std::vector<FocusEntry> content_order() const;  // focus_order, and those pages between
    void draw_page_stop();
    bool primary_live() const {
        bool all_shown = !overflows || std::find(pages_shown.begin(), pages_shown.end(), false) ==
                                           pages_shown.end();
        return spec.primary_enabled && (all_shown || !spec.all_pages_first);
    }
    float most_height() const {
        return std::max(mm(30), view_bottom_paged - view_top - mm(1));
    }  // of a picture
    float left_of_view() const { return std::max(0.0F, view_bottom - (view_top + flow.y - page_from())); }

    // --- marks
    void text_block(Role role, std::string_view text, Font font, core::Rgb colour, float tracking = 0);
    float line_step(Font font) const;
    Font fit_words(std::string_view text, Font font) const;  // smaller where a word is wider than the column
    float lines_height(std::string_view text, Font font, float width) const;
    // Paints lines from the top of r; returns their height.
    void draw_ink(Rect r, const core::Ink& ink, std::string_view alternative);
    float draw_lines(float x, float y, float width, std::string_view text, Font font, core::Rgb colour,
                     bool centred = false);
    void focus_ring(Rect r, float radius);  // where the focus came by a key
    void ring(Rect r, float radius);
    bool draw_button(Rect r, std::string_view label, ButtonKind kind, bool enabled, std::optional<Icon> icon,
                     std::optional<ItemSpan> content = std::nullopt, bool small_label = false);
    bool draw_icon_button(Rect r, std::string_view label, Icon icon, bool enabled = true);
    float page_buttons_width(bool up_bare) const;
    float content_margin() const;
    float button_width(std::string_view label, bool with_icon, bool small_label = false) const;
    float button_height(std::string_view label, float width, bool with_icon) const;
    core::Rgb tint(core::Rgb colour) const { return high() ? theme().card : mix(theme().card, colour, 0.07); }
    core::Rgb tone_colour(Tone tone) const;

    void draw_image(const core::SharedImage& image, Rect r);
    void paint_ink(const core::Ink& ink, Rect r, const InkLayer::Place& place);

    // --- parts of the frame
    FrameAnswer draw_top_bar();
    void draw_bottom_bar(FrameAnswer& answer);
    struct BarLayout {
        int rows = 1;
        bool pages_alone = false;  // in a row of their own, above the others
        bool up_bare = false;      // its arrow without the word
        float height = 0, row_height = 0;  // of the lowest row; those above have upper_height
        float upper_height = 0;
    };
    BarLayout bar_layout(bool with_pages) const;
    bool keyboard_open() const;
    float keyboard_height() const;
    void draw_keyboard();
    enum class KeyLight { none, away, row, key };  // where the keys are scanned: how near it is
    void draw_key(const KeyCap& cap, Rect r, KeyLight light = KeyLight::none);
    void scan_keys();
    float scan_strip_height() const;
    double scan_line_mm() const;
    void draw_scanned_keys();
    void draw_scan_row(const ScanRow& row, std::size_t index, float x, float y, float per_share);
    void draw_scan_strip(const std::vector<ScanRow>& rows, Rect r);
    void draw_way_to_rows(Rect r, bool lit);
    void change_accent();
    void press_key(const KeyCap& cap);
    void draw_alternatives();
    std::string shifted(const std::string& text) const;
    bool edit_with_keys(std::string_view value);
    void draw_field_box(const FieldSpec& spec, Rect box, const std::string& text, bool has_error,
                        const Act& act);
    void focus_next_field();

    // --- textures
    TextureId cached(std::uint64_t key, int width, int height,
                     const std::function<std::vector<std::uint8_t>()>& make);
    void forget_unused_textures();
};

std::uint64_t hash_bytes(const void* data, std::size_t size, std::uint64_t seed = 1469598103934665603ULL);

}  // namespace kiosk
