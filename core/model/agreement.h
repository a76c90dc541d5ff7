// Agreement: a versioned text in several languages that organisations join as a whole.
//
// A folder: `agreement.toml` (what is the same in every language: versions, adoption, criteria) and one
// CommonMark file a language (`sv.md`, `sv_easy.md`, `en.md`). The digest binds all of it; a signature binds
// to the digest. Format: assets/agreements/FORMAT.md.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/base/result.h"

namespace core {

struct AgreementText;  // what AgreementDigest is a hash of: see agreement_digest()
using AgreementDigest = Hash<AgreementText>;

enum class Party { municipality, organisation, together };

struct Commitment {
    std::string id;  // "1.2", the same in every language
    Party party = Party::together;
    std::string text;
};

// One thing to read, in order. The first place in a block where a term of the glossary occurs stands between
// U+2062 marks (INVISIBLE TIMES: no width, never written by people); see Text::term().
struct Block {
    enum class Kind { heading, paragraph, bullet, quote, principle, commitment } kind = Kind::paragraph;
    std::string text;
    std::string principle;  // id, for principle and commitment
    Commitment commitment;  // for commitment
};

struct Term {
    std::string word, meaning;
    std::vector<std::string> forms;  // other spellings that are found in the text: "idéburna organisationer"
};

struct Text {              // the agreement in one language
    std::string language;  // "sv"
    std::string title, subtitle;
    std::vector<Block> blocks;                    // in reading order, without the glossary and the criteria
    std::vector<Term> glossary;                   // in the order of the file
    std::map<std::string, std::string> criteria;  // id -> the sentence that is ticked
    bool draft = false;                           // not yet read by a speaker

    const Term* term(std::string_view marked) const;  // of the words between two U+2062 marks
};
inline constexpr std::string_view term_mark = "\xE2\x81\xA2";  // U+2062

enum class Strength { must, should };  // should: warn, never block

struct Criterion {
    std::string id;
    Strength strength = Strength::must;
};

struct Adoption {
    std::string body, paragraph;  // "Kommunfullmäktige", "§ 23"
    Date date;
};

struct Agreement {
    AgreementId id;       // of this agreement, all versions
    std::string version;  // "1.0"
    std::string kind;     // "överenskommelse", "avsiktsförklaring", "samverkansöverenskommelse"
    Adoption adoption;    // an empty date: not adopted yet; a ceremony refuses that
    int review_years = 5;
    bool networks_may_sign = false;  // informal networks without organisationsnummer
    std::vector<Criterion> criteria;
    std::string original_language;  // "sv": the text that is binding
    std::vector<Text> texts;        // the original first
    AgreementDigest digest;

    const Text* text(std::string_view language) const;
    const Text& original() const;
    Date review_due() const;  // empty when not adopted
};

// A mistake in a file that a municipality wrote: where, what, and what to write instead.
struct FileProblem {
    std::string file;
    int line = 0;  // 0: the file as a whole
    std::string what, remedy;
    std::string str() const;  // "agreement.toml:12: ..."
};

template <class T>
struct Loaded {  // the value when there is no problem; warnings may come with it
    std::optional<T> value;
    std::vector<FileProblem> problems, warnings;
};

// The language files lie beside agreement.toml, or in the folder that its key `texts` names.
//
// The digest is SHA-256 of canonical JSON: {"agreement": what agreement.toml says, "files": [{"name",
// "sha256"}...], "format": "handslag-agreement/1"}. Every byte of every language file counts; spelling and
// remarks in agreement.toml do not. FORMAT.md, "The digest", gives each field.
Loaded<Agreement> load_agreement(const std::filesystem::path& folder);

}  // namespace core
