// Every widget, in every text size, contrast and shape of display: nothing cut off, nothing on top of
// another. With HANDSLAG_GALLERY=DIR the pictures are kept, for people to look at.
#include <cstdlib>

#include <doctest/doctest.h>

#include "demo.h"

using namespace kiosk;

namespace {

struct Shape {
    const char* name;
    int width, height;
    double px_per_mm;
};
constexpr Shape shapes[] = {{"1280x800", 1280, 800, 0},
                            {"1920x1200", 1920, 1200, 0},
                            {"800x1280", 800, 1280, 0},
                            {"wide", 1920, 1200, 5.7}};

bool overlap(const Rect& a, const Rect& b) {
    constexpr float slack = 1;
    return a.x + slack < b.x + b.width && b.x + slack < a.x + a.width && a.y + slack < b.y + b.height &&
           b.y + slack < a.y + a.height;
}

void check_screen(const SemanticTree& tree, int width, int height) {
    for (const auto& n : tree.nodes) {
        if (!n.on_screen || n.rect.width <= 0) continue;
        CAPTURE(n.label);
        CHECK(n.rect.x >= -1);
        CHECK(n.rect.y >= -1);
        CHECK(n.rect.x + n.rect.width <= static_cast<float>(width) + 1);
        CHECK(n.rect.y + n.rect.height <= static_cast<float>(height) + 1);
    }
    for (std::size_t i = 0; i < tree.nodes.size(); ++i)
        for (std::size_t j = i + 1; j < tree.nodes.size(); ++j) {
            const auto &a = tree.nodes[i], &b = tree.nodes[j];
            if (!operable(a.role) || !operable(b.role) || !a.on_screen || !b.on_screen || !a.enabled ||
                !b.enabled)
                continue;
            if (a.role == Role::link || b.role == Role::link) continue;  // words in a line of text
            CAPTURE(a.label);
            CAPTURE(b.label);
            CHECK(!overlap(a.rect, b.rect));
        }
}

}  // namespace

TEST_CASE("every screen stands within its display and no target covers another") {
    const char* keep = std::getenv("HANDSLAG_GALLERY");
    for (const auto& shape : shapes) {
        demo::Stage stage(shape.width, shape.height, shape.px_per_mm);
        for (const auto& screen : demo::screens())
            for (auto contrast : {Contrast::light, Contrast::high})
                for (auto size : {TextSize::normal, TextSize::large, TextSize::larger, TextSize::largest}) {
                    bool ends = size == TextSize::normal || size == TextSize::largest;
                    if (!ends && contrast == Contrast::high) continue;
                    stage.look(size, contrast);
                    stage.demo.ink =
                        screen == "sign" ? core::refit(demo::sample_ink(), 200'000, 80'000) : core::Ink{};
                    stage.show(screen);
                    std::string name = screen + "-" + shape.name + "-" +
                                       std::to_string(static_cast<int>(size)) +
                                       (contrast == Contrast::high ? "-high" : "");
                    CAPTURE(name);
                    check_screen(stage.loop().semantics(), shape.width, shape.height);
                    if (keep != nullptr)
                        CHECK(stage.loop().screenshot(std::string(keep) + "/" + name + ".png").ok());
                }
    }
}
