// The script: words, quotation marks, variables, and which steps there are.
#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "kiosk/platform/journey.h"

namespace kiosk {
namespace {

struct Grammar {
    std::string_view verb;
    std::size_t least, most;
    std::string_view usage;
};
constexpr std::array<Grammar, 21> grammar{{
    {"tap", 1, 3, "tap \"Label\" [in \"text\"]"},
    {"see", 1, 1, "see \"text\""},
    {"not", 1, 1, "not \"text\""},
    {"type", 1, 1, "type \"text\""},
    {"fill", 2, 2, "fill \"Field\" \"text\""},
    {"key", 1, 1, "key Tab"},
    {"tab", 1, 1, "tab \"Label\""},
    {"buttons", 0, 0, "buttons"},
    {"sign", 1, 1, "sign \"Åsa Öberg\""},
    {"leaf", 0, 0, "leaf"},
    {"stroke", 1, 1000, "stroke 10,12 14,20 ..."},
    {"scribble", 1, 1, "scribble dot|line"},
    {"screenshot", 1, 1, "screenshot name"},
    {"wait", 1, 1, "wait 500ms"},
    {"resize", 1, 1, "resize 1920x1200"},
    {"size", 1, 1, "size normal|large|larger|largest"},
    {"contrast", 1, 1, "contrast light|high"},
    {"restart", 0, 0, "restart"},
    {"stick", 1, 1, "stick in|out"},
    {"hand", 1, 20, "hand name arguments..."},
    {"hold", 1, 1, "hold \"key\""},
}};

struct Line {
    std::vector<std::string> words;
    std::string error;
};

Line words_of(std::string_view text, const std::map<std::string, std::string>& variables) {
    Line line;
    std::string word;
    bool quoted = false, any = false;
    auto finish = [&] {
        if (any) line.words.push_back(std::exchange(word, {}));
        any = false;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '$' && i + 1 < text.size() && text[i + 1] == '{') {
            auto end = text.find('}', i);
            if (end == std::string_view::npos) return {{}, "${ without }"};
            std::string name(text.substr(i + 2, end - i - 2));
            auto found = variables.find(name);
            if (found == variables.end()) return {{}, "there is no variable ${" + name + "}"};
            word += found->second, any = true, i = end;
        } else if (c == '"') {
            quoted = !quoted, any = true;
        } else if (!quoted && c == '#') {
            break;
        } else if (!quoted && (c == ' ' || c == '\t' || c == '\r')) {
            finish();
        } else {
            word += c, any = true;
        }
    }
    if (quoted) return {{}, "a quotation mark (\") is not closed"};
    finish();
    return line;
}

}  // namespace

core::Result<std::vector<JourneyStep>> parse_journey(const std::string& name, std::string_view text,
                                                     const std::map<std::string, std::string>& variables) {
    std::vector<JourneyStep> steps;
    int number = 0;
    for (auto raw : core::split(text, '\n')) {
        ++number;
        auto wrong = [&](const std::string& why) {
            return core::Error{core::Errc::malformed, name + ":" + std::to_string(number) + ": " + why};
        };
        Line line = words_of(raw, variables);
        if (!line.error.empty()) return wrong(line.error);
        if (line.words.empty()) continue;
        JourneyStep step{number, line.words[0], {line.words.begin() + 1, line.words.end()}};
        auto known = std::find_if(grammar.begin(), grammar.end(),
                                  [&](const Grammar& g) { return g.verb == step.verb; });
        if (known == grammar.end()) {
            std::string verbs;
            for (const auto& g : grammar) verbs += (verbs.empty() ? "" : ", ") + std::string(g.verb);
            return wrong("there is no step \"" + step.verb + "\"; there are: " + verbs);
        }
        bool tap_in = step.verb == "tap" && step.arguments.size() != 1 &&
                      (step.arguments.size() != 3 || step.arguments[1] != "in");
        if (step.arguments.size() < known->least || step.arguments.size() > known->most || tap_in)
            return wrong("write: " + std::string(known->usage));
        steps.push_back(std::move(step));
    }
    return steps;
}

}  // namespace kiosk
