// What holds for every page that we lay out.
#pragma once

#include <array>

#include <doctest/doctest.h>

#include "core/certificate/typeset.h"

namespace test {

// Everything within the paper, and no line of text over another.
inline void check_tidy(const core::Document& document) {
    for (const auto& page : document.pages) {
        std::vector<std::array<std::int32_t, 4>> boxes;
        for (const auto& item : page.items) {
            const auto* line = std::get_if<core::TextItem>(&item);
            if (line == nullptr) continue;
            INFO("line: " << line->text);
            CHECK(line->x_um >= core::margin_um - 1);
            CHECK(line->x_um + line->width_um <= core::page_width_um - core::margin_um + 1);
            CHECK(line->baseline_um > 10'000);
            CHECK(line->baseline_um < 281'000);
            std::array<std::int32_t, 4> box{line->x_um, line->baseline_um - line->size_um * 7 / 10,
                                            line->x_um + line->width_um,
                                            line->baseline_um + line->size_um / 5};
            for (const auto& other : boxes) {
                bool apart =
                    box[0] >= other[2] || other[0] >= box[2] || box[1] >= other[3] || other[1] >= box[3];
                CHECK(apart);
            }
            boxes.push_back(box);
        }
        for (const auto& item : page.items) {
            const auto* ink = std::get_if<core::InkItem>(&item);
            if (ink == nullptr) continue;
            for (const auto& outline : ink->outlines) {
                CHECK(outline.start.x > core::margin_um);
                CHECK(outline.start.x < core::page_width_um - core::margin_um);
            }
        }
    }
}

}  // namespace test
