// Semantics: what is on screen, for those who do not look at it: speech, tests by label, checks of overlap.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kiosk {

enum class Role {
    heading,
    text,
    status,
    button,
    row,
    checkbox,
    radio,
    field,
    key,
    keys,  // a row of them, that is gone into where the screen keyboard is scanned
    image,
    errors,  // what is to be put right; the links to it follow. The focus rests on it, and it is read whole
    page,    // of a screen, where nothing stands that can be operated: the focus rests on all of it
    sign_area,
    table,
    link
};

struct Rect {
    float x = 0, y = 0, width = 0, height = 0;  // px
};

struct SemanticNode {
    Role role = Role::text;
    std::string id;     // of fields; else empty
    std::string label;  // what a person would call it
    std::string
        value;  // a field's text (a secret's is masked), a checkbox's state, a key's name when it is said
    Rect rect;
    bool enabled = true;
    bool checked = false;
    bool focused = false;
    bool written_in = false;  // a field where typing goes, though the focus may be on a key on screen
    bool secret = false;      // a field whose text is masked
    bool opens_keys = false;  // a field where Enter shows keys to scan
    bool on_screen = true;    // false: on another of this screen's pages; its rect is then empty
};

struct SemanticTree {
    std::string screen;               // FrameSpec::screen
    std::vector<SemanticNode> nodes;  // in reading order

    // The first node that can be operated and has this label; then the first whose label begins with it. What
    // is on screen now goes before what is on another page of it.
    const SemanticNode* find_operable(std::string_view label) const;
    // The same, but nearest after a node that shows `near`: "Ändra" in "Ordförande".
    const SemanticNode* find_operable(std::string_view label, std::string_view near) const;
    const SemanticNode* find_shown(std::string_view text) const;
    bool shows(std::string_view text) const { return find_shown(text) != nullptr; }  // in any label or value
};

bool operable(Role role);
const char* to_string(Role role);

}  // namespace kiosk
