#include "core/model/agreement_text.h"

#include <algorithm>

#include <cmark.h>

#include "core/base/handle.h"
#include "core/base/text.h"

namespace core {
namespace {

using CmarkNode = Handle<cmark_node, cmark_node_free>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "1.2 text" or "1.2. text": the number and the rest. An empty number when there is none.
struct Numbered {
    std::string principle, number, rest;
};
Numbered split_commitment_number(std::string_view text) {
    std::size_t i = 0, dot = 0;
    while (i < text.size() && is_digit(text[i])) ++i;
    dot = i;
    if (dot == 0 || dot > 2 || dot == text.size() || text[dot] != '.') return {};
    ++i;
    while (i < text.size() && is_digit(text[i])) ++i;
    if (i == dot + 1 || i - dot > 3) return {};
    std::string number(text.substr(0, i));
    if (i < text.size() && text[i] == '.') ++i;
    if (i < text.size() && text[i] != ' ') return {};
    return {number.substr(0, dot), number, std::string(trim(text.substr(i)))};
}

// "1. Title": the number and the title.
Numbered split_principle_number(std::string_view text) {
    std::size_t i = 0;
    while (i < text.size() && is_digit(text[i])) ++i;
    if (i == 0 || i > 2 || i == text.size() || text[i] != '.') return {};
    if (i + 1 < text.size() && text[i + 1] != ' ') return {};
    return {std::string(text.substr(0, i)), "", std::string(trim(text.substr(i + 1)))};
}

bool is_comment(std::string_view html) {
    html = trim(html);
    return html.starts_with("<!--") && html.ends_with("-->");
}

bool names(const std::vector<std::string>& headings, std::string_view text) {
    std::string folded = fold_for_search(text);
    return std::any_of(headings.begin(), headings.end(),
                       [&](const std::string& heading) { return fold_for_search(heading) == folded; });
}

class Reader {
  public:
    Reader(std::string file, const KnownHeadings& headings, Findings& findings)
        : file_(std::move(file)), headings_(headings), findings_(findings) {}

    TextWithLines read(const std::string& language, const std::string& markdown) {
        out_.text.language = language;
        lines_matter_ = language.ends_with("_easy");
        CmarkNode document(cmark_parse_document(markdown.data(), markdown.size(), CMARK_OPT_DEFAULT));
        for (cmark_node* node = cmark_node_first_child(document.get()); node; node = cmark_node_next(node))
            block(node);
        if (out_.text.title.empty() && !title_problem_)
            wrong(1, "The title is missing.",
                  "Begin the file with a line such as: # Överenskommelse om samverkan");
        return std::move(out_);
    }

  private:
    enum class Section { front, ordinary, principle, glossary, criteria };

    void wrong(int line, std::string what, std::string remedy) {
        findings_.wrong(file_, line, std::move(what), std::move(remedy));
    }
    void add(Block::Kind kind, std::string text) {
        if (text.empty()) return;
        Block block;
        block.kind = kind;
        block.text = std::move(text);
        if (section_ == Section::principle) block.principle = principle_;
        out_.text.blocks.push_back(std::move(block));
    }

    void collect(cmark_node* node, std::string& text, int line) {
        for (cmark_node* child = cmark_node_first_child(node); child; child = cmark_node_next(child)) {
            const char* literal = cmark_node_get_literal(child);
            switch (cmark_node_get_type(child)) {
                case CMARK_NODE_TEXT:
                case CMARK_NODE_CODE:
                    text += literal;
                    break;
                case CMARK_NODE_SOFTBREAK:
                    text += lines_matter_ ? '\n' : ' ';
                    break;
                case CMARK_NODE_LINEBREAK:
                    text += '\n';
                    break;
                case CMARK_NODE_HTML_INLINE:
                    if (!is_comment(literal))
                        wrong(line, "HTML is not shown.", "Write the words without <tags>.");
                    break;
                case CMARK_NODE_IMAGE:
                    wrong(line, "Pictures are not shown in the agreement's text.", "Say it in words.");
                    break;
                case CMARK_NODE_LINK: {
                    std::string label, url = cmark_node_get_url(child);
                    collect(child, label, line);
                    bool same = url == label || url == "mailto:" + label;
                    text += same ? label : label + " (" + url + ")";
                    break;
                }
                default:
                    collect(child, text, line);
            }
        }
    }
    // Normalised, with \n where the reader gets a new line.
    std::string plain(cmark_node* node) {
        std::string raw, text;
        collect(node, raw, cmark_node_get_start_line(node));
        for (auto line : split(raw, '\n')) {
            std::string cleaned = normalise(line).value_or("");
            if (!cleaned.empty() && !text.empty()) text += '\n';
            text += cleaned;
        }
        return text;
    }
    static std::string one_line(std::string text) {
        std::replace(text.begin(), text.end(), '\n', ' ');
        return text;
    }

    void block(cmark_node* node) {
        int line = cmark_node_get_start_line(node);
        auto type = cmark_node_get_type(node);
        if (type == CMARK_NODE_HTML_BLOCK) {
            if (!is_comment(cmark_node_get_literal(node)))
                wrong(line, "HTML is not shown.", "Write the words without <tags>.");
            return;
        }
        if (type == CMARK_NODE_THEMATIC_BREAK) return;
        if (type == CMARK_NODE_CODE_BLOCK) {
            wrong(line,
                  "This line begins with four spaces, a tab or ```, so it is not read as ordinary text.",
                  "Remove what stands before the first word.");
            return;
        }
        if (type == CMARK_NODE_HEADING) return heading(node, line);
        if (section_ == Section::front && out_.text.title.empty()) {
            if (!title_problem_)
                wrong(line, "Text stands before the title.",
                      "Begin the file with a line such as: # Överenskommelse om samverkan");
            title_problem_ = true;
            return;
        }
        if (section_ == Section::glossary || section_ == Section::criteria) return definitions(node, line);
        if (type == CMARK_NODE_LIST) return list(node);
        if (type == CMARK_NODE_BLOCK_QUOTE) {
            for (cmark_node* child = cmark_node_first_child(node); child; child = cmark_node_next(child))
                add(Block::Kind::quote, plain(child));
            return;
        }
        paragraph(node, line);
    }

    void paragraph(cmark_node* node, int line) {
        std::string text = plain(node);
        cmark_node* only = cmark_node_first_child(node);
        bool all_emphasis = only && !cmark_node_next(only) && cmark_node_get_type(only) == CMARK_NODE_EMPH;
        if (section_ == Section::front && all_emphasis && out_.text.blocks.empty() &&
            out_.text.subtitle.empty()) {
            out_.text.subtitle = one_line(std::move(text));
            return;
        }
        if (section_ == Section::principle) {
            auto numbered = split_commitment_number(text);
            auto without_dash = !text.empty() && (text[0] == '-' || text[0] == '*')
                                    ? split_commitment_number(trim(std::string_view(text).substr(1)))
                                    : Numbered{};
            if (!numbered.number.empty() || !without_dash.number.empty()) {
                wrong(line,
                      "Commitment " + numbered.number + without_dash.number + " is not an item of a list.",
                      "Begin the line with a hyphen and a space: - " + numbered.number + without_dash.number +
                          " ...");
                return;
            }
        }
        add(Block::Kind::paragraph, std::move(text));
    }

    void heading(cmark_node* node, int line) {
        std::string text = one_line(plain(node));
        int level = cmark_node_get_heading_level(node);
        if (text.empty())
            return wrong(line, "The heading is empty.", "Write its words after the # signs, or remove it.");
        if (level == 1) {
            if (!out_.text.title.empty())
                return wrong(line, "There is a second title.",
                             "Only the first heading has one #; begin this one with ##.");
            out_.text.title = std::move(text);
            return;
        }
        if (level == 3 && section_ == Section::principle) return party_heading(text, line);
        if (level > 2) return add(Block::Kind::heading, std::move(text));
        party_.reset();
        principle_.clear();
        auto numbered = split_principle_number(text);
        if (!numbered.principle.empty()) return principle_heading(numbered, line);
        section_ = names(headings_.glossary, text)   ? Section::glossary
                   : names(headings_.criteria, text) ? Section::criteria
                                                     : Section::ordinary;
        if (section_ == Section::ordinary) add(Block::Kind::heading, std::move(text));
    }

    void principle_heading(const Numbered& numbered, int line) {
        section_ = Section::principle;
        principle_ = numbered.principle;
        if (numbered.rest.empty())
            wrong(line, "Principle " + principle_ + " has no name.", "Write its name after the number.");
        if (!out_.principle_lines.emplace(principle_, line).second)
            wrong(line, "There are two principles with the number " + principle_ + ".",
                  "Give each its own number.");
        add(Block::Kind::principle, numbered.rest);
    }

    void party_heading(const std::string& text, int line) {
        if (names(headings_.municipality, text)) {
            party_ = Party::municipality;
        } else if (names(headings_.organisation, text)) {
            party_ = Party::organisation;
        } else if (names(headings_.together, text)) {
            party_ = Party::together;
        } else {
            std::vector<std::string> all;
            for (const auto* list : {&headings_.municipality, &headings_.organisation, &headings_.together})
                all.insert(all.end(), list->begin(), list->end());
            std::string choices = all.empty() ? "the headings that [headings." + out_.text.language +
                                                    "] in agreement.toml gives"
                                              : "\"" + join(all, "\", \"") + "\"";
            wrong(line, "\"" + text + "\" does not say who makes the commitments.",
                  did_you_mean(text, all) + "Under a principle, a heading with ### is one of " + choices +
                      "; begin other headings with ####.");
            party_ = Party::together;  // so that the items below are not reported again
        }
    }

    // The text of an item, its paragraphs joined; the list inside it, if there is one.
    std::string item_text(cmark_node* item, cmark_node** inner_list) {
        std::string text;
        *inner_list = nullptr;
        for (cmark_node* child = cmark_node_first_child(item); child; child = cmark_node_next(child)) {
            auto type = cmark_node_get_type(child);
            if (type == CMARK_NODE_LIST) {
                *inner_list = child;
            } else if (type == CMARK_NODE_PARAGRAPH) {
                if (!text.empty()) text += ' ';
                text += plain(child);
            } else if (type != CMARK_NODE_HTML_BLOCK || !is_comment(cmark_node_get_literal(child))) {
                wrong(cmark_node_get_start_line(child), "Only text can stand in an item of a list.",
                      "Write it as a paragraph of its own, outside the list.");
            }
        }
        return text;
    }

    void list(cmark_node* node) {
        int number = cmark_node_get_list_start(node);
        bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
        for (cmark_node* item = cmark_node_first_child(node); item; item = cmark_node_next(item)) {
            int line = cmark_node_get_start_line(item);
            cmark_node* inner = nullptr;
            std::string text = item_text(item, &inner);
            if (section_ == Section::principle && (party_ || !split_commitment_number(text).number.empty())) {
                commitment(text, line);
                if (inner)
                    wrong(cmark_node_get_start_line(inner), "A commitment holds a list of its own.",
                          "Write it in one sentence, or make each a commitment with its own number.");
                continue;
            }
            if (text.empty() && !inner)
                wrong(line, "The item of the list is empty.", "Write its words, or remove it.");
            add(Block::Kind::bullet, ordered ? std::to_string(number) + ". " + text : text);
            ++number;
            if (inner) list(inner);
        }
    }

    void commitment(const std::string& text, int line) {
        auto numbered = split_commitment_number(text);
        std::string next = principle_ + "." + std::to_string(highest_[principle_] + 1);
        if (numbered.number.empty())
            return wrong(line, "The commitment has no number.",
                         "Begin it with its number: - " + next + " ...");
        if (!party_)
            return wrong(
                line, "Commitment " + numbered.number + " stands under no heading that says who makes it.",
                "Write a heading above it, such as: ### " +
                    (headings_.together.empty() ? "Tillsammans åtar vi oss" : headings_.together.front()));
        if (numbered.principle != principle_)
            return wrong(line,
                         "Commitment " + numbered.number + " stands under principle " + principle_ + ".",
                         "Number it " + next + ", or move it to principle " + numbered.principle + ".");
        if (numbered.rest.empty())
            return wrong(line, "Commitment " + numbered.number + " has no words.",
                         "Write them after the number.");
        if (!out_.commitment_lines.emplace(numbered.number, line).second)
            return wrong(line, "There are two commitments with the number " + numbered.number + ".",
                         "Give each its own number: " + next + " is free.");
        highest_[principle_] =
            std::max(highest_[principle_], std::stoi(numbered.number.substr(principle_.size() + 1)));
        out_.parties[numbered.number] = *party_;
        Block block;
        block.kind = Block::Kind::commitment;
        block.text = numbered.rest;
        block.principle = principle_;
        block.commitment = {numbered.number, *party_, numbered.rest};
        out_.text.blocks.push_back(std::move(block));
    }

    void definitions(cmark_node* node, int line) {
        bool glossary = section_ == Section::glossary;
        std::string example = glossary ? "- **idéburen organisation**: en organisation som ..."
                                       : "- demokrati: Vår organisation bygger på ...";
        if (cmark_node_get_type(node) != CMARK_NODE_LIST)
            return wrong(line,
                         glossary ? "Only a list can stand in the glossary."
                                  : "Only a list can stand among the criteria.",
                         "Write each as an item: " + example);
        for (cmark_node* item = cmark_node_first_child(node); item; item = cmark_node_next(item)) {
            int item_line = cmark_node_get_start_line(item);
            cmark_node* inner = nullptr;
            std::string text = one_line(item_text(item, &inner));
            auto colon = text.find(':');
            std::string name(trim(std::string_view(text).substr(0, colon)));
            std::string words(colon == std::string::npos ? ""
                                                         : trim(std::string_view(text).substr(colon + 1)));
            if (inner) wrong(item_line, "A list stands inside this item.", "Write it in sentences.");
            if (name.empty() || words.empty()) {
                wrong(item_line,
                      glossary ? "A word or its meaning is missing."
                               : "The criterion's name or its sentence is missing.",
                      "Write it as: " + example);
            } else if (glossary) {
                term(name, words, item_line);
            } else if (!out_.text.criteria.emplace(name, words).second) {
                wrong(item_line, "The criterion \"" + name + "\" stands twice.", "Remove one of them.");
            } else {
                out_.criterion_lines[name] = item_line;
            }
        }
    }

    // "idéburen organisation (idéburna organisationer, idéburna organisationen)": the word and its other
    // forms.
    void term(const std::string& name, const std::string& meaning, int line) {
        Term term;
        term.meaning = meaning;
        auto open = name.find('(');
        term.word = trim(std::string_view(name).substr(0, open));
        if (open != std::string::npos) {
            std::string_view inside = std::string_view(name).substr(open + 1);
            for (auto form : split(inside.substr(0, inside.find(')')), ','))
                if (!trim(form).empty()) term.forms.emplace_back(trim(form));
        }
        if (term.word.empty()) return wrong(line, "The word is missing.", "Write it before the parenthesis.");
        if (out_.text.term(term.word))
            return wrong(line, "\"" + term.word + "\" stands twice in the glossary.", "Remove one of them.");
        out_.text.glossary.push_back(std::move(term));
    }

    std::string file_;
    const KnownHeadings& headings_;
    Findings& findings_;
    TextWithLines out_;
    Section section_ = Section::front;
    std::string principle_;
    std::optional<Party> party_;
    std::map<std::string, int> highest_;
    bool title_problem_ = false;
    bool lines_matter_ = false;  // easy language is written one thought a line
};

}  // namespace

KnownHeadings usual_headings(std::string_view language) {
    KnownHeadings known;
    if (language == "sv" || language == "sv_easy") {
        known = {{"Kommunen åtar sig", "Regionen åtar sig", "Landstinget åtar sig"},
                 {"Organisationerna åtar sig", "Organisationen åtar sig", "Föreningarna åtar sig"},
                 {"Tillsammans åtar vi oss"},
                 {"Ordlista"},
                 {"Kriterier"}};
    }
    if (language == "sv_easy") {
        known.municipality.insert(known.municipality.begin(), {"Kommunen lovar", "Regionen lovar"});
        known.organisation.insert(known.organisation.begin(),
                                  {"Organisationerna lovar", "Föreningarna lovar"});
        known.together.insert(known.together.begin(), "Tillsammans lovar vi");
    }
    if (language == "en") {
        known = {{"The municipality undertakes", "The region undertakes"},
                 {"The organisations undertake", "The organisation undertakes"},
                 {"Together we undertake"},
                 {"Glossary"},
                 {"Criteria"}};
    }
    if (language == "fi") {
        known = {{"Kunta sitoutuu", "Alue sitoutuu"},
                 {"Järjestöt sitoutuvat", "Järjestö sitoutuu"},
                 {"Yhdessä sitoudumme", "Sitoudumme yhdessä"},
                 {"Sanasto"},
                 {"Kriteerit"}};
    }
    return known;
}

std::optional<TextWithLines> read_agreement_text(SourceFolder& folder, const std::string& language,
                                                 const KnownHeadings& headings) {
    std::string name = language + ".md";
    auto markdown = folder.text(name, Presence::required);
    if (!markdown) return std::nullopt;
    return Reader(folder.shown(name), headings, folder.findings()).read(language, *markdown);
}

}  // namespace core
