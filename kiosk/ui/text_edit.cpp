#include "kiosk/ui/text_edit.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include <utf8proc.h>

#include "core/base/bytes.h"
#include "core/base/text.h"

namespace kiosk {
namespace {

constexpr std::size_t most_bytes = 2000;

std::string composed(std::string_view text) {
    utf8proc_uint8_t* out = nullptr;
    auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                             static_cast<utf8proc_ssize_t>(text.size()), &out,
                             static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    if (size < 0) return {};
    std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(out, &std::free);
    std::string result(reinterpret_cast<char*>(out), static_cast<std::size_t>(size));
    core::wipe(out, static_cast<std::size_t>(size));
    return result;
}

bool inside_code_point(const std::string& text, std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

}  // namespace

void TextEdit::adopt(std::string_view text) {
    wipe();
    text_ = composed(text);
    caret_ = text_.size();
}

void TextEdit::drop_selection() {
    if (all_selected_) core::wipe(text_), caret_ = 0;
    all_selected_ = false;
}

void TextEdit::insert(std::string_view utf8) {
    drop_selection();
    std::string clean;
    for (char32_t c : core::code_points(utf8))
        if (c >= 0x20 && c != 0x7F && c != U'\uFFFD') core::append_utf8(clean, c);
    if (text_.size() + clean.size() > most_bytes) return;
    std::string before = composed(text_.substr(0, caret_) + clean), after = text_.substr(caret_);
    core::wipe(text_), core::wipe(clean);
    caret_ = before.size();
    text_ = before + after;
    core::wipe(before), core::wipe(after);
}

void TextEdit::backspace() {
    if (all_selected_) return drop_selection();
    std::size_t to = caret_;
    left();
    text_.erase(caret_, to - caret_);
}

void TextEdit::remove() {
    if (all_selected_) return drop_selection();
    std::size_t from = caret_;
    right();
    text_.erase(from, caret_ - from);
    caret_ = from;
}

void TextEdit::left() {
    all_selected_ = false;
    if (caret_ == 0) return;
    do --caret_;
    while (inside_code_point(text_, caret_));
}

void TextEdit::right() {
    all_selected_ = false;
    if (caret_ == text_.size()) return;
    do ++caret_;
    while (inside_code_point(text_, caret_));
}

void TextEdit::place(std::size_t caret) {
    all_selected_ = false;
    caret_ = std::min(caret, text_.size());
    while (inside_code_point(text_, caret_)) --caret_;
}

void TextEdit::wipe() {
    core::wipe(text_);
    caret_ = 0, all_selected_ = false;
}

}  // namespace kiosk
