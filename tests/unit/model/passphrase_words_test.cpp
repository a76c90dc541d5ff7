// The words that passphrases are made of: 2048 of them give eleven bits a word.
#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "core/base/text.h"
#include "tests/support/files.h"

namespace {

std::vector<std::string> passphrase_words() {
    std::string text =
        read_text(std::filesystem::path(HANDSLAG_SOURCE_DIR) / "assets" / "words" / "passphrase-sv.txt");
    REQUIRE(text.back() == '\n');
    std::vector<std::string> words;
    for (auto line : core::split(std::string_view(text).substr(0, text.size() - 1), '\n'))
        words.emplace_back(line);
    return words;
}

}  // namespace

TEST_CASE("there are 2048 different words, sorted, of four to eight Swedish letters") {
    auto words = passphrase_words();
    CHECK(words.size() == 2048);
    CHECK(std::is_sorted(words.begin(), words.end()));
    CHECK(std::set<std::string>(words.begin(), words.end()).size() == words.size());
    for (const auto& word : words) {
        auto letters = core::code_points(word);
        CHECK_MESSAGE((letters.size() >= 4 && letters.size() <= 8), word);
        for (char32_t letter : letters)
            CHECK_MESSAGE(
                ((letter >= U'a' && letter <= U'z') || letter == U'å' || letter == U'ä' || letter == U'ö'),
                word);
    }
}

TEST_CASE("no word begins another, so that a plural or a missing space never makes two passphrases of one") {
    auto words = passphrase_words();
    for (std::size_t i = 0; i + 1 < words.size(); ++i)
        CHECK_MESSAGE(!words[i + 1].starts_with(words[i]), words[i] << " begins " << words[i + 1]);
}

TEST_CASE("no two words differ only in the dots and rings above their letters") {
    std::set<std::string> bare;
    for (const auto& word : passphrase_words()) {
        std::string plain;
        for (char32_t letter : core::code_points(word))
            plain += letter == U'å' || letter == U'ä' ? 'a'
                     : letter == U'ö'                 ? 'o'
                                                      : static_cast<char>(letter);
        CHECK_MESSAGE(bare.insert(plain).second, word);
    }
}
