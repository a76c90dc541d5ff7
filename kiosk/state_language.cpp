#include <algorithm>

#include "core/base/translations.h"
#include "kiosk/state.h"

namespace kiosk {

std::string language_of_words(const core::Ceremony& ceremony, const std::string& offered) {
    for (const auto& name : {offered, offered.substr(0, offered.find('_'))})
        for (const auto& translation : core::translations) {
            if (name != translation.language) continue;
            const auto& drafts = ceremony.draft_languages;
            if (!translation.draft || std::find(drafts.begin(), drafts.end(), name) != drafts.end())
                return name;
        }
    return "sv";
}

std::string language_of_text(const core::Ceremony& ceremony, const std::string& offered) {
    return ceremony.agreement.text(offered) ? offered : ceremony.agreement.original_language;
}

}  // namespace kiosk
