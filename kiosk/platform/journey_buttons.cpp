#include "kiosk/platform/journey_buttons.h"

#include <algorithm>

#include "core/base/text.h"

namespace kiosk {
namespace {

constexpr int most_stops = 240;  // more than any screen has, twice around

const SemanticNode* focused(const SemanticTree& tree) {
    auto found =
        std::find_if(tree.nodes.begin(), tree.nodes.end(), [](const SemanticNode& n) { return n.focused; });
    return found == tree.nodes.end() ? nullptr : &*found;
}

bool stands_in(const Rect& key, const Rect& row) {
    float x = key.x + key.width / 2, y = key.y + key.height / 2;
    return x > row.x && x < row.x + row.width && y > row.y && y < row.y + row.height;
}

core::Error wrong(std::string why) { return {core::Errc::not_found, std::move(why)}; }

}  // namespace

void Buttons::press(SDL_Keycode key) {
    ++effort_.keystrokes;
    hand_.key(key);
    loop_.settle();
}

bool Buttons::scans() const {
    const auto* at = focused(loop_.semantics());
    return at != nullptr && (at->role == Role::key || at->role == Role::keys);
}

core::Status Buttons::go_to(const Find& find) {
    TRY(done());  // with the keys: there "next" stays among them
    for (int i = 0; i < most_stops; ++i) {
        const auto* node = find(loop_.semantics());
        if (node != nullptr && node->focused) return {};
        press(SDLK_TAB);
    }
    return wrong("\"next\" never comes there");
}

core::Status Buttons::choose(const Find& find) {
    TRY(go_to(find));
    press(SDLK_RETURN);
    return {};
}

core::Status Buttons::leaf() {
    TRY(done());
    for (int i = 0; i < most_stops; ++i) {
        const auto& nodes = loop_.semantics().nodes;
        auto more = std::find_if(nodes.begin(), nodes.end(), [](const auto& n) { return n.id == "more"; });
        if (more == nodes.end()) return {};
        press(more->focused ? SDLK_RETURN : SDLK_TAB);
    }
    return wrong("the pages of this screen have no end");
}

core::Status Buttons::open_keys() {
    if (scans()) return {};
    press(SDLK_RETURN);
    return scans() ? core::Status() : wrong("\"choose\" shows no keys here");
}

bool Buttons::has_key(const std::function<bool(const SemanticNode&)>& wanted) const {
    const auto& nodes = loop_.semantics().nodes;
    return std::any_of(nodes.begin(), nodes.end(),
                       [&](const SemanticNode& n) { return n.role == Role::key && wanted(n); });
}

// Row by row, then key by key; out of a row that it does not stand in.
core::Status Buttons::press_key(const std::function<bool(const SemanticNode&)>& wanted,
                                const std::string& what) {
    for (int i = 0; i < most_stops && scans(); ++i) {
        const auto& nodes = loop_.semantics().nodes;
        const auto* at = focused(loop_.semantics());
        bool reached = at->role == Role::key && wanted(*at);
        bool in_this_row =
            at->role == Role::keys && std::any_of(nodes.begin(), nodes.end(), [&](const SemanticNode& n) {
                return n.role == Role::key && wanted(n) && stands_in(n.rect, at->rect);
            });
        bool way_out = at->id == "ui.key.rows";
        press(reached || in_this_row || way_out ? SDLK_RETURN : SDLK_TAB);
        if (reached) return {};
    }
    return wrong("\"next\" never comes to the key \"" + what + "\"");
}

core::Status Buttons::write_letter(const std::string& letter) {
    std::string label = letter == " " ? loop_.ui().say("ui.key.space") : letter;
    auto writes = [&](const SemanticNode& n) { return n.id.empty() && n.label == label; };
    auto is = [](const char* id) { return [id](const SemanticNode& n) { return n.id == id; }; };
    // As it stands; with the other shift; on the other page.
    for (const char* way : {"", "ui.key.shift", "ui.key.symbols", "ui.key.letters", "ui.key.shift"}) {
        if (*way != '\0') {
            if (!has_key(is(way))) continue;
            TRY(press_key(is(way), way));
        }
        if (has_key(writes)) return press_key(writes, letter);
    }
    return wrong("no key writes \"" + letter + "\"");
}

core::Status Buttons::write(std::string_view text) {
    TRY(open_keys());
    for (char32_t c : core::code_points(text)) {
        std::string letter;
        core::append_utf8(letter, c);
        TRY(write_letter(letter));
    }
    return {};
}

core::Status Buttons::erase_all() {
    TRY(open_keys());
    auto is_full = [&] {
        const auto& nodes = loop_.semantics().nodes;
        return std::any_of(nodes.begin(), nodes.end(),
                           [](const SemanticNode& n) { return n.written_in && !n.value.empty(); });
    };
    for (int i = 0; i < most_stops && is_full(); ++i)
        TRY(press_key([](const SemanticNode& n) { return n.id == "ui.key.backspace"; }, "backspace"));
    return is_full() ? wrong("the field cannot be emptied") : core::Status();
}

core::Status Buttons::done() {
    if (!scans()) return {};
    return press_key([](const SemanticNode& n) { return n.id == "ui.key.done"; }, "done");
}

}  // namespace kiosk
