// Phrasebook: how the screens say in one language what a journey says in another, by the .po files that both
// come from. So one journey walks through every language.
//
// A phrase is found by its whole text, by its beginning (as `tap` does) or by a part of it (as `see` does);
// what stands in its {blanks} is carried over, and so are dates. What is no phrase of the kiosk's (names,
// numbers) stays as it is.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/words.h"

namespace kiosk {

class Phrasebook {
  public:
    // `from`, `to`: names of .po files. Errc::not_readable, Errc::malformed.
    static core::Result<Phrasebook> open(const std::filesystem::path& locale_dir, std::string_view from,
                                         std::string_view to);
    // What stands in no .po file: the sentences of an agreement.
    void add(std::string from, std::string to) { phrases_.push_back({{}, std::move(from), std::move(to)}); }
    // Every way in which `to` may say it; as it is first, because it may be nobody's phrase.
    std::vector<std::string> ways(std::string_view text) const;

  private:
    struct Phrase {
        std::string name, from, to;
    };
    std::string with_dates(std::string text) const;
    std::vector<Phrase> phrases_;
};

}  // namespace kiosk
