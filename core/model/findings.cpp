#include "core/model/findings.h"

#include <algorithm>

#include "core/base/file.h"
#include "core/base/text.h"

namespace core {
namespace {

constexpr std::uint64_t largest_file = 4ULL << 20;

int line_of_bad_byte(std::string_view text) {
    int line = 1;
    for (auto part : split(text, '\n')) {
        if (!is_utf8(part)) return line;
        ++line;
    }
    return 0;
}

std::string save_as_utf8(const std::string& name) {
    if (name.ends_with(".csv"))
        return "In Excel choose Save as and the file type \"CSV UTF-8\"; in a text editor choose the "
               "encoding UTF-8.";
    return "Open it in a text editor, choose Save as, and the encoding UTF-8.";
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
        }
    }
    return row[b.size()];
}

}  // namespace

std::string FileProblem::str() const {
    std::string text = file;
    if (line > 0) text += ":" + std::to_string(line);
    text += ": " + what;
    if (!remedy.empty()) text += " " + remedy;
    return text;
}

void Findings::wrong(std::string file, int line, std::string what, std::string remedy) {
    problems.push_back({std::move(file), line, std::move(what), std::move(remedy)});
}

void Findings::warn(std::string file, int line, std::string what, std::string remedy) {
    warnings.push_back({std::move(file), line, std::move(what), std::move(remedy)});
}

bool SourceFolder::has(const std::string& name) const {
    std::error_code error;
    return std::filesystem::is_regular_file(path_ / name, error);
}

SourceFolder SourceFolder::inner(const std::string& name) const {
    return {path_ / name, shown(name), *findings_};
}

std::optional<Bytes> SourceFolder::bytes(const std::string& name, Presence presence) {
    if (!has(name)) {
        if (presence == Presence::required)
            findings_->wrong(shown(name), 0, "The file is missing.",
                             "Put a file with this name in the folder.");
        return std::nullopt;
    }
    auto content = read_file(path_ / name, largest_file);
    if (!content) {
        bool large = content.error().code == Errc::malformed;
        findings_->wrong(
            shown(name), 0, large ? "The file is larger than 4 MB." : "The file cannot be read.",
            large ? "Make it smaller." : "Check that it is not open elsewhere and that you may read it.");
        return std::nullopt;
    }
    read_[shown(name)] = sha256(*content);
    return std::move(content).value();
}

std::optional<std::string> SourceFolder::text(const std::string& name, Presence presence) {
    auto raw = bytes(name, presence);
    if (!raw) return std::nullopt;
    std::string_view text = as_text(*raw);
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
        findings_->wrong(shown(name), 1, "The file is saved as UTF-16 (\"Unicode\"), not as UTF-8.",
                         save_as_utf8(name));
        return std::nullopt;
    }
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (int line = line_of_bad_byte(text); line > 0) {
        findings_->wrong(shown(name), line, "The file is not UTF-8; it looks like Windows-1252 (\"ANSI\").",
                         save_as_utf8(name));
        return std::nullopt;
    }
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r') {
            if (i + 1 == text.size() || text[i + 1] != '\n') out += '\n';
        } else if (text[i] != '\0') {
            out += text[i];
        }
    }
    return out;
}

std::string nearest(std::string_view typed, const std::vector<std::string>& known) {
    std::string folded = fold_for_search(typed), best;
    std::size_t least = std::max<std::size_t>(1, folded.size() / 3) + 1;
    for (const auto& word : known) {
        std::size_t distance = edit_distance(folded, fold_for_search(word));
        if (distance < least) least = distance, best = word;
    }
    return best;
}

std::string join(const std::vector<std::string>& words, std::string_view between) {
    std::string text;
    for (const auto& word : words) {
        if (!text.empty()) text += between;
        text += word;
    }
    return text;
}

std::string did_you_mean(std::string_view typed, const std::vector<std::string>& known) {
    std::string near = nearest(typed, known);
    return near.empty() ? "" : "Did you mean \"" + near + "\"? ";
}

std::size_t count_characters(std::string_view text) { return code_points(text).size(); }

}  // namespace core
