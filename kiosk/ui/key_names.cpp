#include "kiosk/ui/key_names.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/text.h"

namespace kiosk {
namespace {

constexpr std::array<std::pair<std::string_view, const char*>, 39> names{{
    {" ", "ui.key.space"},          {",", "voice.sign.comma"},      {".", "voice.sign.stop"},
    {"-", "voice.sign.hyphen"},     {"–", "voice.sign.dash"},       {"_", "voice.sign.underscore"},
    {"@", "voice.sign.at"},         {"+", "voice.sign.plus"},       {"#", "voice.sign.hash"},
    {"&", "voice.sign.and"},        {"%", "voice.sign.percent"},    {"/", "voice.sign.slash"},
    {"(", "voice.sign.open"},       {")", "voice.sign.close"},      {"=", "voice.sign.equals"},
    {"\"", "voice.sign.quote"},     {"’", "voice.sign.apostrophe"}, {"'", "voice.sign.straight_apostrophe"},
    {":", "voice.sign.colon"},      {";", "voice.sign.semicolon"},  {"!", "voice.sign.exclamation"},
    {"?", "voice.sign.question"},   {"*", "voice.sign.star"},       {"§", "voice.sign.section"},
    {"€", "voice.sign.euro"},       {"…", "voice.sign.dots"},       {".se", "voice.sign.dot_se"},
    {".com", "voice.sign.dot_com"}, {"å", "voice.letter.a_ring"},   {"ä", "voice.letter.a_dots"},
    {"ö", "voice.letter.o_dots"},   {"é", "voice.letter.e_acute"},  {"è", "voice.letter.e_grave"},
    {"ü", "voice.letter.u_dots"},   {"æ", "voice.letter.ae"},       {"ø", "voice.letter.o_slash"},
    {"á", "voice.letter.a_acute"},  {"ñ", "voice.letter.n_tilde"},  {"ß", "voice.letter.sharp_s"},
}};

// The small letter of a capital, where it is one that a key writes.
std::string small(std::string_view text) {
    for (const auto& [letter, name] : names)
        if (letter != text && core::to_upper(letter) == text) return std::string(letter);
    if (text.size() == 1 && text[0] >= 'A' && text[0] <= 'Z')
        return std::string(1, static_cast<char>(text[0] - 'A' + 'a'));
    return std::string(text);
}

bool in_a_run(const KeyCap& cap) {
    return cap.act == KeyAct::insert && cap.text != " " && core::code_points(cap.text).size() == 1;
}

}  // namespace

std::string letter_name(const core::Words& words, std::string_view text) {
    auto plain = small(text);
    for (const auto& [letter, name] : names)
        if (letter == plain) return words.say(name);
    return plain;
}

std::string typed_name(const core::Words& words, std::string_view text) {
    auto name = letter_name(words, text);
    return small(text) == text ? name : words.say("voice.capital", {{"letter", name}});
}

std::string key_name(const core::Words& words, const KeyCap& cap, bool shift) {
    switch (cap.act) {
        case KeyAct::insert:
            return letter_name(words, cap.text);
        case KeyAct::shift:
            return words.say(shift ? "voice.key.shift.on" : "voice.key.shift.off");
        case KeyAct::symbols:
            return words.say("voice.key.symbols");
        case KeyAct::letters:
            return words.say("voice.key.letters");
        case KeyAct::accent:
            return words.say("voice.key.accent");
        case KeyAct::backspace:
        case KeyAct::next:
        case KeyAct::hide:
        case KeyAct::done:
            return words.say(cap.text);
    }
    return cap.text;
}

std::string row_name(const core::Words& words, const std::vector<KeyCap>& keys, bool shift) {
    constexpr std::size_t short_row = 4;
    std::string said;
    auto add = [&](const std::string& name) { said += (said.empty() ? "" : ", ") + name; };
    for (std::size_t i = 0; i < keys.size(); ++i) {
        std::size_t end = i;
        while (end < keys.size() && in_a_run(keys[end])) ++end;
        if (keys.size() <= short_row || end < i + 3) {
            add(key_name(words, keys[i], shift));
            continue;
        }
        add(words.say("voice.keys.run", {{"first", letter_name(words, keys[i].text)},
                                         {"last", letter_name(words, keys[end - 1].text)}}));
        i = end - 1;
    }
    return said;
}

}  // namespace kiosk
