#include "kiosk/platform/signatures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "core/base/text.h"
#include "kiosk/platform/signature_alphabet.h"

namespace kiosk {
namespace {

constexpr float event_ms = 8;  // 125 events a second

// The same name has the same hand, every time; another name another.
class Hand {
  public:
    explicit Hand(std::string_view name) {
        for (char c : name) state_ = (state_ ^ static_cast<unsigned char>(c)) * 16777619U;
        slant = between(0.04F, 0.46F), width = between(0.68F, 0.86F), lazy = between(0.1F, 0.34F);
        gap = between(0.25F, 0.6F), shake = between(0.04F, 0.1F), rise = between(-0.02F, 0.045F);
        flourish = static_cast<int>(between(0, 3.999F));
    }
    float slant, width, lazy, gap, shake, rise;
    int flourish;  // under the name: none, a line, a wave, a swing back

    float between(float least, float most) {
        state_ = state_ * 1664525U + 1013904223U;
        return least + (most - least) * static_cast<float>(state_ >> 16 & 0xFFFFU) / 65535.0F;
    }

  private:
    std::uint32_t state_ = 2166136261U;
};

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

std::vector<Dot> accent_knots(Accent accent, float x, float y, int part) {
    switch (accent) {
        case Accent::dot:
            return {{x, y}, {x + 0.07F, y + 0.06F}};
        case Accent::dots:
            return {{x - 0.16F + 0.34F * static_cast<float>(part), y},
                    {x - 0.1F + 0.34F * static_cast<float>(part), y + 0.06F}};
        case Accent::ring: {
            std::vector<Dot> ring;
            for (int i = 0; i <= 9; ++i) {
                float angle = 1.2F + 0.78F * static_cast<float>(i);
                ring.push_back({x + 0.05F + 0.21F * std::cos(angle), y + 0.12F + 0.19F * std::sin(angle)});
            }
            return ring;
        }
        case Accent::acute:
            return {{x - 0.1F, y - 0.08F}, {x + 0.05F, y + 0.1F}, {x + 0.24F, y + 0.3F}};
        case Accent::grave:
            return {{x - 0.18F, y + 0.28F}, {x, y + 0.1F}, {x + 0.12F, y - 0.06F}};
        case Accent::caron:
            return {{x - 0.22F, y + 0.2F}, {x - 0.02F, y - 0.04F}, {x + 0.05F, y}, {x + 0.28F, y + 0.26F}};
        case Accent::bar:
            return {{x - 0.34F, y - 0.04F}, {x, y}, {x + 0.42F, y + 0.06F}};
        case Accent::none:
            break;
    }
    return {};
}

// One word as the hand writes it: joined as far as it joins, lazier towards its end, accents last.
float write_word(std::u32string_view word, float x, Hand& hand, std::vector<std::vector<Dot>>& strokes) {
    std::vector<std::vector<Dot>> accents;
    strokes.emplace_back();
    float written = 0, length = static_cast<float>(word.size());
    for (char32_t c : word) {
        auto letter = hand_letter(c);
        if (!letter) letter = hand_letter(U'~');
        float lazy = 1.0F - hand.lazy * written / length,
              wide = hand.width * (1.0F + 0.14F * written / length);
        auto place = [&](Dot knot) {
            float shake = hand.between(-hand.shake, hand.shake) / 2;
            float y = (knot.y + shake) * lazy;
            return Dot{x + (knot.x + shake) * wide + hand.slant * y, y + hand.rise * x};
        };
        for (std::size_t i = 0; i < letter->strokes.size(); ++i) {
            if (i > 0) strokes.emplace_back();
            for (Dot knot : letter->strokes[i]) strokes.back().push_back(place(knot));
        }
        bool crossed = letter->accent == Accent::bar;
        float above = crossed           ? (letter->capital ? 1.25F
                                           : c == U'ø'     ? 0.5F
                                                           : 1.35F)
                      : letter->capital ? 2.85F
                                        : 1.5F;
        for (int part = 0; part < (letter->accent == Accent::dots ? 2 : 1) && letter->accent != Accent::none;
             ++part) {
            Dot at = place({letter->advance * 0.42F, above});
            accents.push_back(accent_knots(letter->accent, at.x, at.y, part));
        }
        x += letter->advance * wide;
        written += 1;
    }
    strokes.insert(strokes.end(), accents.begin(), accents.end());
    return x;
}

std::vector<Dot> flourish_knots(const Hand& hand, float from, float to) {
    float length = to - from;
    switch (hand.flourish) {
        case 1:
            return {{from + 0.3F * length, -0.75F}, {from + 0.7F * length, -0.62F}, {to + 0.4F, -0.4F}};
        case 2:
            return {{from, -0.6F},
                    {from + 0.35F * length, -1.0F},
                    {from + 0.7F * length, -0.6F},
                    {to + 0.6F, 0.2F}};
        case 3:
            return {{to + 0.2F, 0.5F},
                    {to + 0.9F, 0.1F},
                    {from + 0.6F * length, -0.9F},
                    {from + 0.3F * length, -0.8F},
                    {from + 0.9F * length, -0.55F}};
        default:
            return {};
    }
}

}  // namespace

std::optional<DrawnSignature> draw_signature(std::string_view name) {
    auto letters = core::code_points(core::normalise(name).value_or(""));
    if (std::none_of(letters.begin(), letters.end(), [](char32_t c) { return hand_letter(c).has_value(); }))
        return std::nullopt;
    Hand hand(name);
    std::vector<std::vector<Dot>> strokes;
    float x = 0.5F, from = x;
    std::u32string word;
    for (std::size_t i = 0; i <= letters.size(); ++i) {
        bool ends = i == letters.size() || letters[i] == U' ' || letters[i] == U'-';
        if (!ends) {
            word += letters[i];
            continue;
        }
        if (!word.empty()) x = write_word(word, x, hand, strokes) + hand.gap;
        word.clear();
    }
    strokes.push_back(flourish_knots(hand, from, x - hand.gap));
    std::erase_if(strokes, [](const std::vector<Dot>& stroke) { return stroke.size() < 2; });

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
