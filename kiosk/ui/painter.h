// Painter: the few marks that all widgets are made of, put into a draw list.
//
// Edges lie on whole pixels; lengths are px.
#pragma once

#include <string_view>

#include <imgui.h>

#include "kiosk/ui/atlas.h"
#include "kiosk/ui/semantics.h"

namespace kiosk {

enum class Icon {
    back,
    forward,
    up,
    down,
    check,
    warn,
    error,
    contrast,
    undo,
    restart,
    help,
    backspace,
    shift,
    hide_keys,
    pen,
    list,
    close,
    info,
    voice,
    voice_off
};

core::Rgb mix(core::Rgb a, core::Rgb b, double part_of_b);

class Painter {
  public:
    Painter(Ui::Platform& platform, Atlas& atlas) : platform_(platform), atlas_(atlas) {}

    void begin(ImDrawList* list) { list_ = list; }
    ImDrawList* list() const { return list_; }

    void rect(Rect r, core::Rgb colour, double alpha = 1);
    void rounded(Rect r, float radius, core::Rgb colour, double alpha = 1);
    void border(Rect r, float radius, float thickness, core::Rgb colour);
    void disc(float centre_x, float centre_y, float radius, core::Rgb colour);
    void line(float x0, float x1, float y, float thickness, core::Rgb colour);  // level
    void dots(float x0, float x1, float y, float thickness, core::Rgb colour);  // a dotted underline
    void icon(Icon icon, float x, float y, float side, core::Rgb colour);
    void text(float x, float baseline, std::string_view text, Font font, core::Rgb colour,
              float letter_space = 0);
    void picture(TextureId texture, Rect r, double alpha = 1);
    void mask(const Sprite& sprite, float x, float y, core::Rgb colour);

    float width(std::string_view text, Font font, float letter_space = 0) const {
        return platform_.fonts->width(font, text, letter_space);
    }

  private:
    void quad(TextureId texture, Rect r, float u0, float v0, float u1, float v1, ImU32 colour);
    void corners(const Sprite& corner, Rect r, float size, ImU32 colour);

    Ui::Platform& platform_;
    Atlas& atlas_;
    ImDrawList* list_ = nullptr;
};

}  // namespace kiosk
