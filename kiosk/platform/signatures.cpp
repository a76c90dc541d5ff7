#include "kiosk/platform/signatures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>

namespace kiosk {
namespace {

constexpr float event_ms = 8;  // 125 events a second

struct Dot {
    float x = 0, y = 0;
};

// Letters as the knots that a quick pen passes; x from the letter's left, y up from the baseline, x-height 1.
struct Letter {
    char name;
    float advance;
    std::vector<Dot> knots;
};

const std::vector<Letter>& alphabet() {
    static const std::vector<Letter> letters{
        {'a',
         1.15F,
         {{0.85F, 0.85F},
          {0.45F, 1.0F},
          {0.08F, 0.5F},
          {0.35F, 0.02F},
          {0.8F, 0.55F},
          {0.85F, 0.8F},
          {0.8F, 0.2F},
          {1.1F, 0.1F}}},
        {'b',
         1.1F,
         {{0.2F, 0.9F},
          {0.55F, 2.2F},
          {0.3F, 2.35F},
          {0.1F, 1.0F},
          {0.2F, 0.05F},
          {0.65F, 0.1F},
          {0.75F, 0.75F},
          {0.6F, 0.9F},
          {1.1F, 0.75F}}},
        {'d',
         1.25F,
         {{0.8F, 0.8F},
          {0.4F, 1.0F},
          {0.08F, 0.45F},
          {0.4F, 0.02F},
          {0.85F, 1.0F},
          {1.0F, 2.2F},
          {0.85F, 0.5F},
          {1.2F, 0.1F}}},
        {'e',
         0.85F,
         {{0.2F, 0.45F}, {0.65F, 0.75F}, {0.45F, 1.02F}, {0.12F, 0.5F}, {0.4F, 0.0F}, {0.85F, 0.25F}}},
        {'g',
         1.1F,
         {{0.8F, 0.85F},
          {0.4F, 1.0F},
          {0.1F, 0.5F},
          {0.45F, 0.1F},
          {0.82F, 0.8F},
          {0.7F, -0.8F},
          {0.2F, -1.25F},
          {0.25F, -0.75F},
          {1.1F, 0.2F}}},
        {'i', 0.55F, {{0.15F, 0.5F}, {0.3F, 0.95F}, {0.25F, 0.15F}, {0.55F, 0.15F}}},
        {'k',
         1.15F,
         {{0.2F, 0.9F},
          {0.5F, 2.2F},
          {0.28F, 2.3F},
          {0.12F, 0.05F},
          {0.35F, 0.8F},
          {0.7F, 0.95F},
          {0.45F, 0.5F},
          {0.75F, 0.05F},
          {1.15F, 0.25F}}},
        {'l',
         0.75F,
         {{0.15F, 0.5F}, {0.6F, 1.9F}, {0.45F, 2.35F}, {0.2F, 1.5F}, {0.25F, 0.1F}, {0.75F, 0.25F}}},
        {'m',
         1.8F,
         {{0.05F, 0.6F},
          {0.2F, 0.95F},
          {0.2F, 0.05F},
          {0.4F, 0.85F},
          {0.65F, 0.9F},
          {0.7F, 0.05F},
          {0.95F, 0.85F},
          {1.2F, 0.85F},
          {1.3F, 0.12F},
          {1.75F, 0.2F}}},
        {'n',
         1.25F,
         {{0.05F, 0.6F},
          {0.2F, 0.95F},
          {0.2F, 0.05F},
          {0.45F, 0.85F},
          {0.75F, 0.85F},
          {0.8F, 0.12F},
          {1.25F, 0.22F}}},
        {'o',
         1.0F,
         {{0.6F, 0.95F},
          {0.15F, 0.7F},
          {0.25F, 0.05F},
          {0.75F, 0.3F},
          {0.65F, 0.95F},
          {0.55F, 0.8F},
          {1.0F, 0.8F}}},
        {'r', 0.9F, {{0.1F, 0.5F}, {0.3F, 1.1F}, {0.5F, 0.85F}, {0.55F, 0.2F}, {0.9F, 0.2F}}},
        {'s',
         0.85F,
         {{0.1F, 0.25F}, {0.5F, 1.05F}, {0.65F, 0.4F}, {0.35F, 0.0F}, {0.15F, 0.2F}, {0.85F, 0.2F}}},
        {'t', 0.75F, {{0.1F, 0.6F}, {0.4F, 1.75F}, {0.3F, 0.2F}, {0.75F, 0.2F}}},
        {'u',
         1.2F,
         {{0.05F, 0.6F},
          {0.2F, 0.95F},
          {0.2F, 0.15F},
          {0.55F, 0.15F},
          {0.8F, 0.95F},
          {0.8F, 0.15F},
          {1.2F, 0.2F}}},
        {'A',
         2.0F,
         {{-0.4F, 0.35F},
          {0.1F, 0.0F},
          {0.85F, 1.7F},
          {1.3F, 2.5F},
          {1.35F, 1.2F},
          {1.4F, 0.1F},
          {1.15F, 0.75F},
          {0.5F, 0.95F},
          {1.2F, 0.8F},
          {1.95F, 0.6F}}},
        {'E',
         1.5F,
         {{1.3F, 2.2F},
          {0.75F, 2.5F},
          {0.35F, 1.9F},
          {0.85F, 1.4F},
          {0.2F, 1.0F},
          {0.25F, 0.2F},
          {0.8F, 0.0F},
          {1.5F, 0.5F}}},
        {'K',
         1.9F,
         {{0.1F, 2.1F},
          {0.45F, 2.5F},
          {0.3F, 1.0F},
          {0.15F, 0.0F},
          {0.35F, 1.0F},
          {1.5F, 2.5F},
          {0.6F, 1.25F},
          {1.1F, 0.3F},
          {1.9F, 0.3F}}},
        {'L',
         1.7F,
         {{0.2F, 1.4F},
          {0.9F, 2.1F},
          {0.8F, 2.6F},
          {0.45F, 1.6F},
          {0.3F, 0.3F},
          {0.0F, 0.15F},
          {0.3F, 0.0F},
          {1.1F, 0.1F},
          {1.7F, 0.35F}}},
        {'M',
         2.4F,
         {{-0.2F, 0.2F},
          {0.2F, 0.3F},
          {0.5F, 2.4F},
          {0.8F, 1.0F},
          {0.95F, 0.3F},
          {1.4F, 2.3F},
          {1.6F, 1.9F},
          {1.7F, 0.2F},
          {2.4F, 0.35F}}},
        {'O',
         2.0F,
         {{1.2F, 2.4F},
          {0.4F, 2.1F},
          {0.05F, 1.0F},
          {0.6F, 0.0F},
          {1.6F, 0.6F},
          {1.6F, 2.0F},
          {0.9F, 2.4F},
          {1.1F, 1.95F},
          {2.1F, 1.6F}}},
        {'S',
         1.6F,
         {{1.4F, 2.0F},
          {1.1F, 2.5F},
          {0.6F, 2.0F},
          {1.0F, 1.1F},
          {0.7F, 0.1F},
          {0.0F, 0.3F},
          {0.5F, 0.6F},
          {1.6F, 0.3F}}},
        {'B',
         1.8F,
         {{0.1F, 2.0F},
          {0.4F, 2.3F},
          {0.25F, 0.1F},
          {0.35F, 2.3F},
          {1.3F, 2.4F},
          {1.1F, 1.4F},
          {0.6F, 1.25F},
          {1.4F, 0.9F},
          {1.1F, 0.0F},
          {0.4F, 0.1F},
          {1.8F, 0.4F}}},
        {'~',
         2.2F,
         {{0.2F, 0.5F},
          {0.45F, 0.75F},
          {0.7F, 0.3F},
          {1.0F, 0.6F},
          {1.3F, 0.25F},
          {1.7F, 0.45F},
          {2.4F, 0.3F}}},  // where a hand gives up
    };
    return letters;
}

struct Mark {
    std::vector<Dot> knots;  // a stroke of its own, absolute: dots, rings, bars and flourishes
};
struct Recipe {
    std::string_view name, first, last;
    float slant, gap;
    std::vector<Mark> marks;
};

const std::vector<Recipe>& recipes() {
    static const std::vector<Recipe> all{
        {"asa-oberg",
         "Asa",
         "Oberg",
         0.28F,
         0.5F,
         {{{{1.70F, 3.0F},
            {1.76F, 3.16F},
            {1.93F, 3.24F},
            {2.10F, 3.15F},
            {2.14F, 2.98F},
            {2.06F, 2.84F},
            {1.9F, 2.79F},
            {1.76F, 2.86F},
            {1.71F, 3.02F},
            {1.8F, 3.2F}}},
          {{{6.1F, 3.0F}, {6.2F, 3.05F}}},
          {{{6.8F, 3.05F}, {6.9F, 3.08F}}},
          {{{4.4F, -0.7F}, {7.0F, -0.55F}, {10.2F, -0.35F}, {10.9F, -0.15F}}}}},
        {"karin-lindstrom",
         "Kari~",
         "Lindst~",
         0.42F,
         0.1F,
         {{{{5.1F, 1.75F}, {5.2F, 1.8F}}}, {{{12.2F, 1.5F}, {13.8F, 1.75F}}}}},
        {"erik-sandberg",
         "Erik",
         "Sandb~",
         0.18F,
         0.2F,
         {{{{2.85F, 1.6F}, {2.95F, 1.65F}}},
          {{{0.6F, -0.5F}, {5.0F, -0.9F}, {9.0F, -0.5F}, {12.4F, 0.35F}, {11.2F, 0.75F}, {8.8F, -0.2F}}}}},
        {"mona-eklund", "Mona", "Eklund", 0.05F, 0.35F, {}},
        {"bo-lo",
         "Bo",
         "L~",
         0.5F,
         0.0F,
         {{{{6.6F, 1.9F}, {4.4F, 2.2F}, {0.8F, 1.0F}, {1.2F, -0.6F}, {5.0F, -0.4F}, {7.6F, 0.6F}}}}},
    };
    return all;
}

// A Catmull-Rom curve through knots, in small steps.
std::vector<Dot> through(const std::vector<Dot>& knots) {
    std::vector<Dot> curve;
    auto at = [&](std::ptrdiff_t i) {
        return knots[static_cast<std::size_t>(
            std::clamp<std::ptrdiff_t>(i, 0, static_cast<std::ptrdiff_t>(knots.size()) - 1))];
    };
    for (std::ptrdiff_t i = 0; i + 1 < static_cast<std::ptrdiff_t>(knots.size()); ++i) {
        Dot a = at(i - 1), b = at(i), c = at(i + 1), d = at(i + 2);
        for (int step = 0; step < 40; ++step) {
            float t = static_cast<float>(step) / 40, t2 = t * t, t3 = t2 * t;
            auto blend = [&](float p, float q, float r, float s) {
                return 0.5F * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t2 +
                               (3 * q - p - 3 * r + s) * t3);
            };
            curve.push_back({blend(a.x, b.x, c.x, d.x), blend(a.y, b.y, c.y, d.y)});
        }
    }
    curve.push_back(knots.back());
    return curve;
}

// Samples at the device's rate: slower where the curve turns, lighter where the pen is quick, soft at both
// ends.
std::vector<PenSample> write(const std::vector<Dot>& knots) {
    auto curve = through(knots);
    std::vector<PenSample> samples;
    float wanted = 0, gone = 0, t = 0, speed = 6;
    for (std::size_t i = 0; i + 1 < curve.size(); ++i) {
        float length = std::hypot(curve[i + 1].x - curve[i].x, curve[i + 1].y - curve[i].y);
        float turn = 0;
        if (i > 0 && i + 2 < curve.size()) {
            float before = std::atan2(curve[i].y - curve[i - 1].y, curve[i].x - curve[i - 1].x),
                  after = std::atan2(curve[i + 2].y - curve[i + 1].y, curve[i + 2].x - curve[i + 1].x);
            turn = std::fabs(std::remainder(after - before, 6.2831853F)) / std::max(length, 0.004F);
        }
        float ideal = 4.0F + 16.0F / (1.0F + 0.35F * turn);  // x-heights a second
        speed += (ideal - speed) * std::min(1.0F, length * 5);
        while (gone + length >= wanted && length > 0) {
            float part = (wanted - gone) / length,
                  done = static_cast<float>(i) / static_cast<float>(curve.size());
            float ends = std::min({1.0F, done * 14 + 0.35F, (1 - done) * 9 + 0.25F});
            float pressure = std::clamp((0.78F - speed * 0.018F) * ends, 0.12F, 0.92F);
            samples.push_back({curve[i].x + (curve[i + 1].x - curve[i].x) * part,
                               curve[i].y + (curve[i + 1].y - curve[i].y) * part, pressure,
                               static_cast<int>(t)});
            t += event_ms;
            wanted += speed * event_ms / 1000;
        }
        gone += length;
    }
    samples.push_back({curve.back().x, curve.back().y, 0.15F, static_cast<int>(t)});
    return samples;
}

// One word without lifting the pen; the hand grows lazier towards its end.
std::vector<Dot> word_knots(std::string_view word, float x, float slant, float& end_x) {
    std::vector<Dot> knots;
    std::uint32_t seed = 2166136261U;
    for (char c : word) seed = (seed ^ static_cast<unsigned char>(c)) * 16777619U;
    float done = 0;
    for (char c : word) {
        auto letter =
            std::find_if(alphabet().begin(), alphabet().end(), [&](const Letter& l) { return l.name == c; });
        if (letter == alphabet().end()) continue;
        float lazy = 1.0F - 0.28F * done / static_cast<float>(word.size());
        for (Dot k : letter->knots) {
            seed = seed * 1664525U + 1013904223U;
            float shake = (static_cast<float>(seed >> 16 & 0xFFU) / 255.0F - 0.5F) * 0.09F;
            float y = (k.y + shake) * lazy;
            knots.push_back(
                {x + (k.x + shake) * (0.8F + 0.12F * done / static_cast<float>(word.size())) + slant * y, y});
        }
        x += letter->advance * 0.82F;
        done += 1;
    }
    end_x = x;
    return knots;
}

}  // namespace

std::vector<std::string_view> signature_names() {
    std::vector<std::string_view> names;
    for (const auto& recipe : recipes()) names.push_back(recipe.name);
    return names;
}

std::optional<DrawnSignature> draw_signature(std::string_view name) {
    auto recipe =
        std::find_if(recipes().begin(), recipes().end(), [&](const Recipe& r) { return r.name == name; });
    if (recipe == recipes().end()) return std::nullopt;
    std::vector<std::vector<Dot>> strokes;
    float x = 0.5F;
    strokes.push_back(word_knots(recipe->first, x, recipe->slant, x));
    x += recipe->gap;
    strokes.push_back(word_knots(recipe->last, x, recipe->slant, x));
    for (const auto& mark : recipe->marks) strokes.push_back(mark.knots);

    float left = 1e9F, right = -1e9F, low = 1e9F, high = -1e9F;
    for (const auto& stroke : strokes)
        for (Dot k : stroke)
            left = std::min(left, k.x), right = std::max(right, k.x), low = std::min(low, k.y),
            high = std::max(high, k.y);
    float height = high - low;
    DrawnSignature signature;
    signature.width = (right - left) / height;
    for (auto& stroke : strokes) {
        auto samples = write(stroke);
        for (auto& s : samples) s.x = (s.x - left) / height, s.y = (high - s.y) / height;
        signature.strokes.push_back(std::move(samples));
        signature.pauses_ms.push_back(signature.strokes.size() == 1 ? 0 : 180);
    }
    return signature;
}

}  // namespace kiosk
