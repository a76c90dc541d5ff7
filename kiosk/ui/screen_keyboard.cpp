#include "kiosk/ui/screen_keyboard.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/text.h"

namespace kiosk {
namespace {

std::vector<KeyCap> letters(std::string_view row) {
    std::vector<KeyCap> keys;
    for (char32_t c : core::code_points(row)) {
        std::string text;
        core::append_utf8(text, c);
        keys.push_back({KeyAct::insert, text, 1});
    }
    return keys;
}

std::vector<KeyCap> joined(std::vector<KeyCap> left, const std::vector<KeyCap>& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

const KeyCap backspace{KeyAct::backspace, "ui.key.backspace", 1.5};
const KeyCap hide{KeyAct::hide, "ui.key.hide", 1.5};
const KeyCap next{KeyAct::next, "ui.key.next", 2};

std::vector<std::vector<KeyCap>> pad(FieldKind kind) {
    std::string extra = kind == FieldKind::phone ? "+" : "-";
    return {
        {{KeyAct::insert, "1"},
         {KeyAct::insert, "2"},
         {KeyAct::insert, "3"},
         {KeyAct::backspace, "ui.key.backspace", 1}},
        {{KeyAct::insert, "4"}, {KeyAct::insert, "5"}, {KeyAct::insert, "6"}, {KeyAct::insert, extra, 1}},
        {{KeyAct::insert, "7"}, {KeyAct::insert, "8"}, {KeyAct::insert, "9"}, {KeyAct::insert, " ", 1}},
        {{KeyAct::hide, "ui.key.hide", 1}, {KeyAct::insert, "0"}, {KeyAct::next, "ui.key.next", 2}},
    };
}

std::vector<KeyCap> bottom_row(FieldKind kind, KeyPage page) {
    KeyCap flip = page == KeyPage::letters ? KeyCap{KeyAct::symbols, "ui.key.symbols", 1.5}
                                           : KeyCap{KeyAct::letters, "ui.key.letters", 1.5};
    if (kind == FieldKind::email)
        return {flip,
                {KeyAct::insert, "@", 1.2},
                {KeyAct::insert, "-", 1},
                {KeyAct::insert, "_", 1},
                {KeyAct::insert, ".", 1},
                {KeyAct::insert, ".se", 1.3},
                {KeyAct::insert, ".com", 1.5},
                hide,
                next};
    return {flip, {KeyAct::insert, ",", 1}, {KeyAct::insert, " ", 4}, {KeyAct::insert, ".", 1}, hide, next};
}

struct Family {
    std::string_view key, others;
};
constexpr std::array<Family, 22> families{{
    {"a", "áàâãāąæ"}, {"c", "čćç"},  {"d", "đðď"},    {"e", "éèêëēęė"}, {"g", "ǧǥģğ"},   {"h", "ȟħ"},
    {"i", "íìîïīį"},  {"k", "ǩķ"},   {"l", "łļ"},     {"n", "ŋñńň"},    {"o", "óòôõøœ"}, {"r", "řŕ"},
    {"s", "šśșß"},    {"t", "ŧþťț"}, {"u", "üúùûūů"}, {"y", "ýÿ"},      {"z", "žźżʒ"},   {"å", "āáàâ"},
    {"ä", "æâà"},     {"ö", "øœõ"},  {"-", "–_/"},    {".", ":;!?…"},
}};

}  // namespace

bool is_pad(FieldKind kind) {
    return kind == FieldKind::digits || kind == FieldKind::date || kind == FieldKind::phone ||
           kind == FieldKind::pin;
}

std::vector<std::vector<KeyCap>> keyboard_rows(FieldKind kind, KeyPage page) {
    if (is_pad(kind)) return pad(kind);
    if (page == KeyPage::symbols)
        return {letters("1234567890+"), letters("@#&%/()=\"’:"),
                joined(joined({{KeyAct::insert, "!", 1}}, letters("?;*_§€–'")), {backspace}),
                bottom_row(kind, page)};
    return {letters("qwertyuiopå"), letters("asdfghjklöä"),
            joined(joined({{KeyAct::shift, "ui.key.shift", 1.5}}, letters("zxcvbnm-")), {backspace}),
            bottom_row(kind, page)};
}

std::vector<std::string> alternatives(std::string_view key) {
    std::vector<std::string> found;
    for (const auto& family : families)
        if (family.key == key)
            for (const auto& cap : letters(family.others)) found.push_back(cap.text);
    return found;
}

std::string next_accent(const std::string& base, const std::string& now) {
    std::vector<std::string> forms{base};
    for (const auto& family : families) {
        bool capital = core::to_upper(family.key) == base && family.key != base;
        if (family.key != base && !capital) continue;
        for (const auto& form : alternatives(family.key))
            forms.push_back(capital ? core::to_upper(form) : form);
    }
    auto here = std::find(forms.begin(), forms.end(), now);
    return here == forms.end() || here + 1 == forms.end() ? base : *(here + 1);
}

bool wants_capital(FieldKind kind, std::string_view before) {
    if (kind == FieldKind::text) return before.empty();
    if (kind == FieldKind::name) return before.empty() || before.back() == ' ' || before.back() == '-';
    return false;
}

}  // namespace kiosk
