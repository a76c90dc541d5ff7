// Demo: a small program on the toolkit with every widget in it, for tests and for looking at.
#pragma once

#include <string>
#include <vector>

#include "kiosk/platform/headless.h"

namespace demo {

// What the demo screens remember; drawn by draw(), changed by what people do.
struct Demo {
    std::string screen = "attract";
    std::string name = "Medelpads hembygdsförening", number, search, email, secret;
    bool publish = false, show = true, asking = false, field_error = false;
    int form = 1, book_page = 0, pressed = 0, rows_tapped = 0, done_pressed = 0;
    std::vector<std::string> log;  // what was answered, in order
    core::Ink ink;
    std::vector<kiosk::InkAnswer::Event> ink_events;
    kiosk::TextSize size = kiosk::TextSize::normal;
    kiosk::Contrast contrast = kiosk::Contrast::light;
    bool look_changed = false;
    core::Page certificate;
    core::SharedImage arms;

    void draw(kiosk::Ui& ui);
};

std::vector<std::string> screens();
core::Page make_certificate(const core::Ink& ink);
core::Ink sample_ink();

// A headless kiosk that shows a demo.
struct Stage {
    explicit Stage(int width = 1280, int height = 800, double px_per_mm = 0);
    void show(const std::string& screen);
    void look(kiosk::TextSize size, kiosk::Contrast contrast);
    void tap(const std::string& label);
    const kiosk::SemanticNode& node(const std::string& label) const;  // CHECKs that it is there
    kiosk::FrameLoop& loop() { return *loop_; }

    Demo demo;
    std::unique_ptr<kiosk::FrameLoop> loop_;
    std::unique_ptr<kiosk::Hand> hand;
};

}  // namespace demo
