// TextEdit: the text of the field that has the keyboard, its caret, and what keys do to it.
//
// Always UTF-8 in NFC; the caret stands between code points (a byte offset). Overwritten when it is let go.
#pragma once

#include <string>
#include <string_view>

namespace kiosk {

class TextEdit {
  public:
    TextEdit() = default;
    ~TextEdit() { wipe(); }
    TextEdit(const TextEdit&) = delete;
    TextEdit& operator=(const TextEdit&) = delete;

    const std::string& text() const { return text_; }
    std::size_t caret() const { return caret_; }
    bool all_selected() const { return all_selected_; }

    void adopt(std::string_view text);   // caret at the end
    void insert(std::string_view utf8);  // control characters are dropped, the rest composed
    void backspace();
    void remove();  // after the caret
    void left();
    void right();
    void home() { caret_ = 0, all_selected_ = false; }
    void end() { caret_ = text_.size(), all_selected_ = false; }
    void select_all() { all_selected_ = !text_.empty(), caret_ = text_.size(); }
    void place(std::size_t caret);
    void wipe();

  private:
    void drop_selection();
    std::string text_;
    std::size_t caret_ = 0;
    bool all_selected_ = false;
};

}  // namespace kiosk
