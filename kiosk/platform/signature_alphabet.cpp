#include "kiosk/platform/signature_alphabet.h"

#include <algorithm>
#include <charconv>

namespace kiosk {
namespace {

struct Written {
    char32_t letter;
    int advance;
    std::string_view knots;  // "x,y" after "x,y"; a bar lifts the pen
};

// clang-format off
constexpr Written alphabet[] = {
    {U'a', 115, "85,85 45,100 8,50 35,2 80,55 85,80 80,20 110,10"},
    {U'b', 110, "20,90 55,220 30,235 10,100 20,5 65,10 75,75 60,90 110,75"},
    {U'c', 85, "65,80 40,102 8,50 38,0 85,22"},
    {U'd', 125, "80,80 40,100 8,45 40,2 85,100 100,220 85,50 120,10"},
    {U'e', 85, "20,45 65,75 45,102 12,50 40,0 85,25"},
    {U'f', 85, "10,30 55,185 42,232 24,160 16,-60 4,-104 22,-40 45,55 85,30"},
    {U'g', 110, "80,85 40,100 10,50 45,10 82,80 70,-80 20,-125 25,-75 110,20"},
    {U'h', 120, "15,50 55,190 36,235 18,60 15,2 38,85 70,85 75,12 120,20"},
    {U'i', 55, "15,50 30,95 25,15 55,15"},
    {U'j', 62, "15,50 35,95 27,-60 2,-110 -6,-62 62,20"},
    {U'k', 115, "20,90 50,220 28,230 12,5 35,80 70,95 45,50 75,5 115,25"},
    {U'l', 75, "15,50 60,190 45,235 20,150 25,10 75,25"},
    {U'm', 180, "5,60 20,95 20,5 40,85 65,90 70,5 95,85 120,85 130,12 175,20"},
    {U'n', 125, "5,60 20,95 20,5 45,85 75,85 80,12 125,22"},
    {U'o', 100, "60,95 15,70 25,5 75,30 65,95 55,80 100,80"},
    {U'p', 115, "5,50 22,95 12,-105 20,60 55,102 82,58 45,4 115,25"},
    {U'q', 115, "80,85 40,100 10,50 40,5 82,82 76,-104 98,-60 115,15"},
    {U'r', 90, "10,50 30,110 50,85 55,20 90,20"},
    {U's', 85, "10,25 50,105 65,40 35,0 15,20 85,20"},
    {U't', 75, "10,60 40,175 30,20 75,20"},
    {U'u', 120, "5,60 20,95 20,15 55,15 80,95 80,15 120,20"},
    {U'v', 108, "5,70 20,96 46,4 78,92 84,84 108,80"},
    {U'w', 158, "5,70 15,95 40,8 66,82 92,8 122,94 158,82"},
    {U'x', 105, "5,82 25,95 64,4 42,50 10,4 80,96 105,45"},
    {U'y', 115, "5,60 20,95 25,25 55,14 82,95 78,0 54,-112 18,-100 42,-38 115,15"},
    {U'z', 102, "10,90 45,99 78,92 15,4 46,14 60,-32 34,-92 16,-58 102,10"},
    {U'A', 200, "-40,35 10,0 85,170 130,250 135,120 140,10 115,75 50,95 120,80 195,60"},
    {U'B', 180, "10,200 40,230 25,10 35,230 130,240 110,140 60,125 140,90 110,0 40,10 180,40"},
    {U'C', 170, "132,212 92,250 16,150 32,8 96,0 170,45"},
    {U'D', 200, "40,238 30,22 14,6 70,0 158,82 142,212 60,250 6,212 |"},
    {U'E', 150, "130,220 75,250 35,190 85,140 20,100 25,20 80,0 150,50"},
    {U'F', 165, "8,222 70,240 152,242 | 68,240 52,100 36,4 8,22 | 20,120 108,132 |"},
    {U'G', 185, "142,208 96,250 20,150 42,8 110,4 138,92 96,96 138,92 130,-62 58,-100 185,20"},
    {U'H', 200, "14,225 28,240 18,0 | 8,108 80,120 148,240 134,0 152,4 200,25"},
    {U'I', 92, "62,240 46,120 30,8 0,20 40,0 92,25"},
    {U'J', 115, "20,215 82,245 76,100 56,-62 4,-92 0,-40 115,25"},
    {U'K', 190, "10,210 45,250 30,100 15,0 35,100 150,250 60,125 110,30 190,30"},
    {U'L', 170, "20,140 90,210 80,260 45,160 30,30 0,15 30,0 110,10 170,35"},
    {U'M', 240, "-20,20 20,30 50,240 80,100 95,30 140,230 160,190 170,20 240,35"},
    {U'N', 195, "8,12 26,236 32,238 110,8 126,14 142,238 152,228 |"},
    {U'O', 200, "120,240 40,210 5,100 60,0 160,60 160,200 90,240 110,195 210,160"},
    {U'P', 165, "26,226 30,8 | 4,200 60,250 134,220 112,132 38,120 |"},
    {U'Q', 205, "120,240 40,210 5,100 60,0 160,60 160,200 90,240 | 95,60 150,-12 205,4 |"},
    {U'R', 182, "26,226 28,4 | 4,205 60,250 134,216 102,132 40,122 86,110 132,8 182,20"},
    {U'S', 160, "140,200 110,250 60,200 100,110 70,10 0,30 50,60 160,30"},
    {U'T', 165, "0,222 60,240 155,246 | 80,240 66,60 44,4 18,16 |"},
    {U'U', 192, "8,225 26,240 20,60 60,2 116,50 132,240 132,40 192,20"},
    {U'V', 172, "4,225 20,240 66,4 82,20 134,240 154,226 |"},
    {U'W', 245, "4,225 18,240 50,4 96,190 132,4 188,240 210,230 |"},
    {U'X', 172, "8,235 30,240 122,8 142,2 | 132,240 18,0 |"},
    {U'Y', 168, "4,230 26,240 56,130 82,125 | 142,240 76,110 44,0 18,12 |"},
    {U'Z', 178, "8,220 60,246 132,240 18,4 60,10 132,0 178,25"},
    {U'~', 220, "20,50 45,75 70,30 100,60 130,25 170,45 240,30"},
};

constexpr struct {
    char32_t letter, base;
    Accent accent;
} accented[] = {
    {U'å', U'a', Accent::ring},   {U'ä', U'a', Accent::dots},   {U'ö', U'o', Accent::dots},   {U'é', U'e', Accent::acute},
    {U'è', U'e', Accent::grave},  {U'ë', U'e', Accent::dots},   {U'ü', U'u', Accent::dots},   {U'á', U'a', Accent::acute},
    {U'à', U'a', Accent::grave},  {U'í', U'i', Accent::acute},  {U'ó', U'o', Accent::acute},  {U'ú', U'u', Accent::acute},
    {U'ý', U'y', Accent::acute},  {U'č', U'c', Accent::caron},  {U'ć', U'c', Accent::acute},  {U'š', U's', Accent::caron},
    {U'ś', U's', Accent::acute},  {U'ž', U'z', Accent::caron},  {U'ź', U'z', Accent::acute},  {U'ě', U'e', Accent::caron},
    {U'ř', U'r', Accent::caron},  {U'ň', U'n', Accent::caron},  {U'ń', U'n', Accent::acute},  {U'ñ', U'n', Accent::caron},
    {U'đ', U'd', Accent::bar},    {U'ø', U'o', Accent::bar},    {U'ł', U'l', Accent::bar},    {U'ŧ', U't', Accent::bar},
    {U'Å', U'A', Accent::ring},   {U'Ä', U'A', Accent::dots},   {U'Ö', U'O', Accent::dots},   {U'É', U'E', Accent::acute},
    {U'Ü', U'U', Accent::dots},   {U'Á', U'A', Accent::acute},  {U'Č', U'C', Accent::caron},  {U'Š', U'S', Accent::caron},
    {U'Ž', U'Z', Accent::caron},  {U'Ř', U'R', Accent::caron},  {U'Đ', U'D', Accent::bar},    {U'Ø', U'O', Accent::bar},
    {U'i', U'i', Accent::dot},    {U'j', U'j', Accent::dot},    {U't', U't', Accent::bar},
};
// clang-format on

std::vector<std::vector<Dot>> strokes_of(std::string_view knots) {
    std::vector<std::vector<Dot>> strokes(1);
    while (!knots.empty()) {
        auto word = knots.substr(0, knots.find(' '));
        knots.remove_prefix(std::min(knots.size(), word.size() + 1));
        if (word == "|") {
            strokes.emplace_back();
            continue;
        }
        auto comma = word.find(',');
        int x = 0, y = 0;
        std::from_chars(word.data(), word.data() + comma, x);
        std::from_chars(word.data() + comma + 1, word.data() + word.size(), y);
        strokes.back().push_back({static_cast<float>(x) / 100, static_cast<float>(y) / 100});
    }
    return strokes;
}

}  // namespace

std::optional<HandLetter> hand_letter(char32_t letter) {
    HandLetter hand;
    for (const auto& one : accented)
        if (one.letter == letter) letter = one.base, hand.accent = one.accent;
    for (const auto& one : alphabet) {
        if (one.letter != letter) continue;
        hand.capital = letter >= U'A' && letter <= U'Z';
        hand.advance = static_cast<float>(one.advance) / 100;
        hand.strokes = strokes_of(one.knots);
        return hand;
    }
    return std::nullopt;
}

}  // namespace kiosk
