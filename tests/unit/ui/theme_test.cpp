#include "kiosk/ui/theme.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace kiosk;

TEST_CASE("contrast is WCAG's: black on white is 21, a colour on itself 1") {
    CHECK(contrast_ratio({0, 0, 0}, {255, 255, 255}) == doctest::Approx(21));
    CHECK(contrast_ratio({10, 77, 104}, {10, 77, 104}) == doctest::Approx(1));
    CHECK(contrast_ratio({0x77, 0x77, 0x77}, {255, 255, 255}) == doctest::Approx(4.48).epsilon(0.01));
}

TEST_CASE(
    "text reaches 10:1, secondary text 7:1, and everything that says something 4.5:1, in both contrasts") {
    for (auto contrast : {Contrast::light, Contrast::high}) {
        Theme t = make_theme(contrast, TextSize::normal, {0x0A, 0x4D, 0x68}, 6);
        for (auto ground : {t.paper, t.card}) {
            CHECK(contrast_ratio(t.ink, ground) >= 10);
            CHECK(contrast_ratio(t.ink_soft, ground) >= 7);
            CHECK(contrast_ratio(t.accent, ground) >= 7);
            CHECK(contrast_ratio(t.pen, ground) >= 10);
            for (auto tone : {t.done, t.warn, t.error}) CHECK(contrast_ratio(tone, ground) >= 4.5);
        }
        CHECK(contrast_ratio(t.on_accent, t.accent) >= 7);
        // Two colours make the ring: at least one of them is seen on any ground.
        CHECK(std::max(contrast_ratio(t.focus, t.paper), contrast_ratio(t.ink, t.paper)) >= 3);
    }
}

TEST_CASE("a municipality's colour is used when it can be read, and ours when it cannot") {
    core::Rgb ours{0x0A, 0x4D, 0x68}, dark_green{0x0F, 0x51, 0x32}, sunny{0xF2, 0xC1, 0x00};
    CHECK(make_theme(Contrast::light, TextSize::normal, dark_green, 6).accent == dark_green);
    CHECK(make_theme(Contrast::light, TextSize::normal, sunny, 6).accent == ours);
    CHECK(make_theme(Contrast::light, TextSize::normal, {}, 6).accent == ours);
    CHECK(make_theme(Contrast::high, TextSize::normal, dark_green, 6).accent == core::Rgb{0xFF, 0xD4, 0x00});
}

TEST_CASE("text grows in four steps") {
    double before = 0;
    for (auto size : {TextSize::normal, TextSize::large, TextSize::larger, TextSize::largest}) {
        double body = make_theme(Contrast::light, size, {}, 6).body_mm();
        CHECK(body > before);
        before = body;
    }
    CHECK(before == doctest::Approx(7.0));
}
