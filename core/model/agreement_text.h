// One language's CommonMark file of an agreement, read into a Text. Internal to core/model; format:
// FORMAT.md.
#pragma once

#include "core/model/findings.h"

namespace core {

// The headings that mean something, in one language. The first of each is the one that messages propose.
struct KnownHeadings {
    std::vector<std::string> municipality, organisation, together, glossary, criteria;
};
KnownHeadings usual_headings(
    std::string_view language);  // empty lists for a language that Handslag does not know

struct TextWithLines {
    Text text;
    std::map<std::string, Party> parties;  // commitment id -> who
    std::map<std::string, int> commitment_lines;
    std::map<std::string, int> principle_lines;
    std::map<std::string, int> criterion_lines;
};

// Nothing when the file cannot be read at all; problems go to the folder's findings.
std::optional<TextWithLines> read_agreement_text(SourceFolder& folder, const std::string& language,
                                                 const KnownHeadings& headings);

// Marks the first occurrence of each term in each paragraph, bullet, quote and commitment.
void mark_terms(Text& text);

}  // namespace core
