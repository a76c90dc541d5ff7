#include "kiosk/ui/key_scan.h"

#include <algorithm>

namespace kiosk {
namespace {

const KeyCap done{KeyAct::done, "ui.key.done", 2.5};
const KeyCap erase{KeyAct::backspace, "ui.key.backspace", 1.5};
const KeyCap accent{KeyAct::accent, "ui.key.accent", 1.5};

// The lowest line, in rows.
std::vector<std::vector<KeyCap>> bottom_rows(FieldKind kind, std::vector<KeyCap> keys) {
    std::erase_if(keys, [](const KeyCap& cap) {
        return cap.act == KeyAct::hide || cap.act == KeyAct::next || cap.text == " ";
    });
    if (is_pad(kind)) {
        for (auto& cap : keys) cap.share = 2;
        return {std::move(keys), {{KeyAct::done, "ui.key.done", 2}}};
    }
    if (kind == FieldKind::email) return {{erase}, std::move(keys), {done}};
    if (!is_hidden(kind)) keys.insert(keys.begin() + 1, accent);  // whose letter cannot be seen to change
    return {{{KeyAct::insert, " ", 3}}, {erase}, std::move(keys), {done}};
}

}  // namespace

std::vector<ScanRow> scan_rows(FieldKind kind, KeyPage page) {
    auto lines = keyboard_rows(kind, page);
    std::vector<ScanRow> rows;
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
        auto keys = std::move(lines[i]);
        if (!is_pad(kind))
            std::erase_if(keys, [](const KeyCap& cap) { return cap.act == KeyAct::backspace; });
        rows.push_back({static_cast<int>(i), std::move(keys)});
    }
    int last = static_cast<int>(lines.size()) - 1;
    for (auto& keys : bottom_rows(kind, std::move(lines.back()))) rows.push_back({last, std::move(keys)});
    return rows;
}

void KeyScan::step(const std::vector<ScanRow>& rows, int by) {
    if (!open_ || rows.empty()) return;
    row_ = std::min(row_, rows.size() - 1);
    auto around = [by](std::size_t at, std::size_t count) {
        return (by > 0 ? at + 1 : at + count - 1) % count;
    };
    if (key_)
        key_ = around(std::min(*key_, rows[row_].keys.size()), rows[row_].keys.size() + 1);
    else
        row_ = around(row_, rows.size());
}

std::optional<KeyCap> KeyScan::choose(const std::vector<ScanRow>& rows) {
    if (!open_ || rows.empty()) return std::nullopt;
    row_ = std::min(row_, rows.size() - 1);
    const auto& keys = rows[row_].keys;
    if (!key_ && keys.size() > 1) {
        key_ = 0;
        return std::nullopt;
    }
    std::size_t at = key_.value_or(0);
    if (at >= keys.size()) {
        key_.reset();
        return std::nullopt;
    }
    KeyCap pressed = keys[at];
    bool again = pressed.act == KeyAct::backspace || pressed.act == KeyAct::accent;
    if (!again) row_ = 0, key_.reset();
    return pressed;
}

void KeyScan::out() {
    if (key_)
        key_.reset();
    else
        close();
}

}  // namespace kiosk
