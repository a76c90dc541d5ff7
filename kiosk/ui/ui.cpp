#include "kiosk/ui/ui.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/bytes.h"
#include "kiosk/ui/book_layout.h"
#include "kiosk/ui/ui_state.h"

namespace kiosk {
namespace {

constexpr std::uint64_t keep_textures_passes = 60;
constexpr int large_texture_px = 200'000;

}  // namespace

std::uint64_t hash_bytes(const void* data, std::size_t size, std::uint64_t seed) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    std::uint64_t hash = seed;
    while (size >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes, 8);
        hash = (hash ^ word) * 1099511628211ULL;
        hash ^= hash >> 29;
        bytes += 8, size -= 8;
    }
    for (; size > 0; --size, ++bytes) hash = (hash ^ *bytes) * 1099511628211ULL;
    return hash;
}

Ui::State::State(Ui& owner, Platform& p)
    : ui(owner), platform(p), atlas(p), paint(p, atlas), page_list(&shared), over_list(&shared) {
    CHECK_THAT(p.fonts != nullptr);
    shared.ClipRectFullscreen = ImVec4(-8192, -8192, 8192, 8192);
}
Ui::State::~State() { core::wipe(typed); }

Font Ui::State::scaled(core::Face face, double steps) const {
    return {face, mm(theme().body_mm() * std::pow(1.25, steps))};
}

std::string Ui::State::say(std::string_view name, std::initializer_list<core::Blank> blanks) const {
    CHECK_THAT(platform.words != nullptr);
    return platform.words->say(name, blanks);
}

void Ui::State::take_events() {
    pointer.went_down = pointer.went_up = false;
    anchored = 0;
    keys.clear(), core::wipe(typed);
    for (const auto& event : platform.events) {
        if (const auto* p = std::get_if<PointerEvent>(&event)) {
            using What = PointerEvent::What;
            pointer.x = p->x, pointer.y = p->y, pointer.kind = p->kind;
            if (p->what == What::down) {
                pointer.went_down = pointer.held = true, pointer.dragged = false;
                pointer.start_x = p->x, pointer.start_y = p->y;
                focus_visible = came_by_tab = false;
            }
            if (std::hypot(p->x - pointer.start_x, p->y - pointer.start_y) > mm(6)) pointer.dragged = true;
            if (p->what == What::up) pointer.went_up = pointer.held, pointer.held = false;
            if (p->what == What::cancel) pointer.held = false, active = 0;
            if (!asking) canvas.event(*p);
        } else if (const auto* key = std::get_if<KeyEvent>(&event)) {
            keys.push_back(*key);
            if (key->key == Key::tab || key->key == Key::back_tab) focus_visible = came_by_tab = true;
            if (key->key != Key::escape) hardware_keys = true;
        } else if (const auto* text = std::get_if<TextEvent>(&event)) {
            typed += text->text, hardware_keys = true;
        }
    }
    platform.events.clear();
    scan_keys();
}

void Ui::State::begin_pass() {
    ++pass;
    again = false, wake_ms.reset();
    if (texture_generation != platform.texture_generation())
        textures.clear(), texture_generation = platform.texture_generation();
    atlas.begin_pass();
    for (auto* list : {&page_list, &over_list}) {
        list->_ResetForNewFrame();
        list->Flags = ImDrawListFlags_None;
        list->PushTextureID(
            reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(atlas.base_texture())));  // NOLINT
        list->PushClipRect({0, 0},
                           {static_cast<float>(platform.width_px), static_cast<float>(platform.height_px)});
    }
    paint.begin(&page_list);
    for (auto* nodes : {&tree.nodes, &late_nodes}) {
        for (auto& n : *nodes) core::wipe(n.value), core::wipe(n.label);  // what people wrote
        nodes->clear();
    }
    focus_order.clear(), late_focus.clear(), top_focus.clear(), seen.clear();
    asking = asking_now, asking_now = false;
    canvas_seen = replay_seen = false, in_frame = false, late = false, layer = Layer::base;
    take_events();
    page_turn = 0, pages_taken = false;
}

void Ui::State::move_focus() {
    std::vector<FocusEntry> order = content_order();
    order.insert(order.end(), late_focus.begin(), late_focus.end());
    order.insert(order.end(), top_focus.begin(), top_focus.end());
    std::erase_if(order, [&](const FocusEntry& e) { return asking_now && e.layer != Layer::ask; });
    auto here = std::find_if(order.begin(), order.end(), [&](const FocusEntry& e) { return e.id == focus; });
    if (here == order.end() && focus != 0) focus = 0, again = true;
    if (order.empty()) return;
    WidgetId to = focus;
    // From nowhere, it begins on the page that is shown, and does not rest where one is.
    auto ahead = [&](const FocusEntry& e) {
        return e.id != page_stop(page) && (!e.in_content || page_of(e.span) >= page);
    };
    if (key_pressed(Key::tab)) {
        auto next = here == order.end() ? std::find_if(order.begin(), order.end(), ahead) : here + 1;
        to = next == order.end() ? order.front().id : next->id;
    }
    if (key_pressed(Key::back_tab))
        to = here == order.end() || here == order.begin() ? order.back().id : (here - 1)->id;
    if (focus_request != 0) {
        auto asked = std::find_if(order.begin(), order.end(),
                                  [&](const FocusEntry& e) { return e.id == focus_request; });
        if (asked != order.end()) to = focus_request, keyboard_dismissed = false;
        focus_request = 0;
    }
    if (enter_in_field) {
        enter_in_field = false;
        auto next = here == order.end()
                        ? here
                        : std::find_if(here + 1, order.end(), [](const FocusEntry& e) { return e.field; });
        if (next != order.end())
            to = next->id;
        else
            submit = again = true;
    }
    if (to != focus) focus = to, reveal_focus = true, again = true;
    if (!reveal_focus) return;
    reveal_focus = false;
    for (const auto& entry : order)
        if (entry.id == focus && entry.in_content && page != page_of(entry.span))
            page = page_of(entry.span), again = true;
}

void Ui::State::drop_edit() {
    edit.wipe();
    edit_owner = 0, edit_scroll = 0, edit_shown = false, shift_touched = false;
    key_page = KeyPage::letters;
    scan.close();
    core::wipe(accented);
}

void Ui::State::end_pass() {
    if (in_frame) ui.end_frame();
    if (!canvas_seen) canvas.leave();
    if (!replay_seen) replay.leave();
    for (auto& late_node : late_nodes) tree.nodes.push_back(std::move(late_node));
    if (asking_now && asking && hides_page)
        std::erase_if(tree.nodes, [](const SemanticNode& n) { return n.id != "ask"; });
    if (asking_now)
        for (auto& n : tree.nodes)
            if (n.id != "ask") n.enabled = false;
    if (asking_now != asking) again = true;
    move_focus();
    if (edit_owner != 0 && edit_owner != focus) drop_edit();
    if (pointer.went_up || !pointer.held) active = pointer.held ? active : 0;
    tree.screen = screen;
    lists = {&page_list, &over_list};
    forget_unused_textures();
    hash_picture();
}

void Ui::State::hash_picture() {
    hash = hash_bytes(&picture_version, sizeof picture_version);
    for (const auto* list : lists) {
        hash =
            hash_bytes(list->VtxBuffer.Data, static_cast<std::size_t>(list->VtxBuffer.size_in_bytes()), hash);
        for (const auto& command : list->CmdBuffer) {
            hash = hash_bytes(&command.ClipRect, sizeof command.ClipRect, hash);
            auto texture = command.TextureId;
            hash = hash_bytes(&texture, sizeof texture, hash);
        }
    }
}

// --- identity and acts

WidgetId Ui::State::id_of(std::string_view kind, std::string_view label) {
    WidgetId id = hash_bytes(label.data(), label.size(), hash_bytes(kind.data(), kind.size()));
    int n = seen[id]++;
    return n == 0 ? id : hash_bytes(&n, sizeof n, id);
}

bool Ui::State::key_pressed(Key key) const {
    return std::any_of(keys.begin(), keys.end(), [&](const KeyEvent& e) { return e.key == key; });
}

Act Ui::State::operate(WidgetId id, Rect r, bool enabled, bool field, std::optional<ItemSpan> content) {
    Act act;
    if (!enabled || blocked()) {
        if (active == id) active = 0;
        return act;
    }
    if (anchored != 0 && focus_request == anchored) focus_request = id;
    anchored = 0;
    (late ? late_focus : focus_order)
        .push_back({id, layer, field, content.has_value(), content.value_or(ItemSpan{})});
    // What is too tall for its page runs on behind the bars and the keys, and is not touched through them.
    bool covered =
        content.has_value() && layer == Layer::base && (pointer.y >= bar_top || pointer.y < view_top - mm(2));
    bool over = r.width > 0 && !covered && inside(r, pointer.x, pointer.y);
    if (pointer.went_down && over && !inside(alternatives_rect, pointer.x, pointer.y)) {
        active = id;
        // Who writes keeps the keys until the finger lets go: they carry the bar, and the button would move away.
        bool later = !field && edit_owner != 0;
        if (focus != id && !later) focus = id, again = true, reveal_focus = field;
        if (field) hardware_keys = false, keyboard_dismissed = false, reveal_focus = true, scan.close();
    }
    if (active == id) {
        float slop = mm(2);
        Rect wide{r.x - slop, r.y - slop, r.width + 2 * slop, r.height + 2 * slop};
        act.pressed = inside(wide, pointer.x, pointer.y) && !pointer.dragged;
        act.clicked = pointer.went_up && act.pressed;
        if (act.clicked) focus = id, again = true;
    }
    act.focused = focus == id;
    if (act.focused && !field && (key_pressed(Key::enter) || key_pressed(Key::space)))
        act.clicked = again = true;
    return act;
}

SemanticNode& Ui::State::node(Role role, Rect r, std::string_view label, std::string_view value) {
    SemanticNode n;
    n.role = role, n.rect = r, n.label = label, n.value = value;
    n.on_screen = r.width > 0;
    auto& nodes = late ? late_nodes : tree.nodes;
    nodes.push_back(std::move(n));
    return nodes.back();
}

void Ui::State::node(Role role, Rect r, std::string_view label, const Act& act) {
    SemanticNode& n = node(role, r, label);
    n.enabled = !blocked(), n.focused = act.focused;
}

// --- textures

TextureId Ui::State::cached(std::uint64_t key, int width, int height,
                            const std::function<std::vector<std::uint8_t>()>& make) {
    auto& entry = textures[key];
    if (entry.id == 0) {
        entry.id = platform.make_texture(width, height);
        entry.large = width * height > large_texture_px;
        auto rgba = make();
        CHECK_THAT(rgba.size() == static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
        platform.update_texture(entry.id, 0, 0, width, height, rgba.data());
    }
    entry.used_in_pass = pass;
    return entry.id;
}

void Ui::State::forget_unused_textures() {
    std::erase_if(textures, [&](const auto& entry) {
        if (entry.second.used_in_pass + (entry.second.large ? 1 : keep_textures_passes) > pass) return false;
        platform.free_texture(entry.second.id);
        return true;
    });
}

// --- the public side

Ui::Ui(Platform& platform) : state_(std::make_unique<State>(*this, platform)) {}
Ui::~Ui() = default;

const core::Words& Ui::words() const { return *state_->platform.words; }
std::string Ui::say(std::string_view name, std::initializer_list<core::Blank> blanks) const {
    return state_->say(name, blanks);
}
const Theme& Ui::theme() const { return state_->platform.theme; }

void Ui::focus(std::string_view field_id) {
    state_->focus_request = hash_bytes(field_id.data(), field_id.size(), hash_bytes("field", 5));
    state_->again = true;
}

void Ui::anchor(std::string_view field_id) {
    state_->anchored = hash_bytes(field_id.data(), field_id.size(), hash_bytes("field", 5));
}

void Ui::wake_after(int delay_ms) {
    auto& wake = state_->wake_ms;
    wake = std::min(wake.value_or(delay_ms), std::max(delay_ms, 1));
}

void Ui::Platform::run_pass(Ui& ui, const std::function<void(Ui&)>& draw) {
    ui.state_->begin_pass();
    draw(ui);
    ui.state_->end_pass();
}
bool Ui::Platform::wants_another_pass(const Ui& ui) { return ui.state_->again; }
std::optional<int> Ui::Platform::wake_after_ms(const Ui& ui) { return ui.state_->wake_ms; }
const SemanticTree& Ui::Platform::semantics(const Ui& ui) { return ui.state_->tree; }
const std::vector<const ImDrawList*>& Ui::Platform::draw_lists(const Ui& ui) { return ui.state_->lists; }
std::uint64_t Ui::Platform::picture_hash(const Ui& ui) { return ui.state_->hash; }
bool Ui::Platform::text_input_wanted(const Ui& ui) { return ui.state_->edit_owner != 0; }
bool Ui::Platform::ink_is_live(const Ui& ui) { return ui.state_->canvas.drawing(); }
void Ui::Platform::ink_event(Ui& ui, const PointerEvent& event) { ui.state_->canvas.event(event); }
bool Ui::Platform::ink_is_ahead(const Ui& ui) { return ui.state_->canvas.is_ahead(); }
void Ui::Platform::ink_falls_back(Ui& ui) { ui.state_->canvas.fall_back(); }
bool Ui::Platform::ink_draws_itself(const Ui& ui) { return ui.state_->replay.runs(); }
InkPatch Ui::Platform::take_ink_patch(Ui& ui) {
    return ui.state_->replay_seen ? ui.state_->replay.take_patch() : ui.state_->canvas.take_patch();
}
InkPatch Ui::Platform::whole_ink_patch(const Ui& ui) {
    return ui.state_->replay_seen ? ui.state_->replay.whole_patch() : ui.state_->canvas.whole_patch();
}

}  // namespace kiosk
