// Translations: the languages that the screens speak, one .po file of assets/locale each.
#pragma once

#include <string_view>

namespace core {

// A draft has been read by nobody who speaks the language: a ceremony offers it only when it says so. It and
// easy Swedish hold a part of the words; Swedish says the rest. All others are complete.
struct Translation {
    std::string_view language;  // the .po file's name
    bool draft = false;
};
inline constexpr Translation translations[] = {{"sv"},        {"sv_easy"},   {"en"},      {"fi"},
                                               {"fit", true}, {"rom", true}, {"se", true}};

}  // namespace core
