#include "kiosk/ui/semantics.h"

namespace kiosk {
namespace {

bool shows(const SemanticNode& node, std::string_view text) {
    return node.label.find(text) != std::string::npos || node.value.find(text) != std::string::npos;
}

// Better answers have lower ranks; 4 is none.
int rank(const SemanticNode& node, std::string_view label) {
    if (!operable(node.role) || !node.enabled) return 4;
    int rank = node.on_screen ? 0 : 2;
    if (node.label == label) return rank;
    return node.label.starts_with(label) && node.role != Role::key ? rank + 1 : 4;
}

const SemanticNode* best(const std::vector<SemanticNode>& nodes, std::size_t from, std::string_view label) {
    const SemanticNode* found = nullptr;
    int found_rank = 4;
    for (std::size_t i = from; i < nodes.size(); ++i)
        if (int r = rank(nodes[i], label); r < found_rank) found = &nodes[i], found_rank = r;
    return found;
}

}  // namespace

bool operable(Role role) {
    switch (role) {
        case Role::button:
        case Role::row:
        case Role::checkbox:
        case Role::radio:
        case Role::field:
        case Role::key:
        case Role::sign_area:
        case Role::link:
            return true;
        case Role::heading:
        case Role::text:
        case Role::status:
        case Role::image:
        case Role::table:
        case Role::keys:
        case Role::page:
        case Role::errors:
            return false;
    }
    return false;
}

const char* to_string(Role role) {
    switch (role) {
        case Role::heading:
            return "heading";
        case Role::text:
            return "text";
        case Role::status:
            return "status";
        case Role::button:
            return "button";
        case Role::row:
            return "row";
        case Role::checkbox:
            return "checkbox";
        case Role::radio:
            return "radio";
        case Role::field:
            return "field";
        case Role::key:
            return "key";
        case Role::keys:
            return "keys";
        case Role::image:
            return "image";
        case Role::sign_area:
            return "sign_area";
        case Role::table:
            return "table";
        case Role::page:
            return "page";
        case Role::errors:
            return "errors";
        case Role::link:
            return "link";
    }
    return "?";
}

const SemanticNode* SemanticTree::find_operable(std::string_view label) const {
    return best(nodes, 0, label);
}

const SemanticNode* SemanticTree::find_operable(std::string_view label, std::string_view near) const {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (!kiosk::shows(nodes[i], near)) continue;
        for (std::size_t j = i; j < nodes.size(); ++j)
            if (rank(nodes[j], label) < 4) return &nodes[j];
    }
    return nullptr;
}

const SemanticNode* SemanticTree::find_shown(std::string_view text) const {
    const SemanticNode* elsewhere = nullptr;
    for (const auto& node : nodes) {
        if (node.role == Role::key || node.role == Role::keys || !kiosk::shows(node, text)) continue;
        if (node.on_screen) return &node;
        if (elsewhere == nullptr) elsewhere = &node;
    }
    return elsewhere;
}

}  // namespace kiosk
