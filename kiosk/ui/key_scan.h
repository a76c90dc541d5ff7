// Scanning: the screen keyboard for two buttons, "next" (Tab) and "choose" (Enter), as on a two-button switch.
//
// "Next" walks over the rows and "choose" goes into one; there "next" walks over its keys and "choose" presses
// one. After the last key stands the way back to the rows. A letter leads back to the first row, so that each
// letter has the same way every time; erasing and changing an accent stay, since they are done again at once. A
// row of one key is pressed without going in. Pure: painting is in key_scan_panel.cpp, names are in key_names.h.
#pragma once

#include <optional>

#include "kiosk/ui/screen_keyboard.h"

namespace kiosk {

// Keys that are walked to as one: a part of a line on screen, or all of it.
struct ScanRow {
    int line = 0;  // from the top
    std::vector<KeyCap> keys;
};

// The keyboard as it is scanned: space, erase and "done" are rows of their own, since they are wanted most.
std::vector<ScanRow> scan_rows(FieldKind kind, KeyPage page);

class KeyScan {
  public:
    bool open() const { return open_; }
    void start() { *this = {}, open_ = true; }  // at the first row
    void close() { *this = {}; }

    // Where it is; `key` == the row's size is the way back to the rows.
    std::size_t row() const { return row_; }
    std::optional<std::size_t> key() const { return key_; }

    void next(const std::vector<ScanRow>& rows) { step(rows, 1); }
    void previous(const std::vector<ScanRow>& rows) { step(rows, -1); }
    // The key that was pressed, if one was. Does not close: whoever presses "done" does.
    std::optional<KeyCap> choose(const std::vector<ScanRow>& rows);
    void out();  // of the row; from the rows, of the keyboard

  private:
    void step(const std::vector<ScanRow>& rows, int by);
    bool open_ = false;
    std::size_t row_ = 0;
    std::optional<std::size_t> key_;
};

}  // namespace kiosk
