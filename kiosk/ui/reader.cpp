#include "kiosk/ui/reader.h"

#include <algorithm>

#include "core/base/bytes.h"
#include "core/base/text.h"
#include "kiosk/ui/key_names.h"

namespace kiosk {
namespace {

bool is_content(Role role) {
    return role == Role::heading || role == Role::text || role == Role::status || role == Role::image ||
           role == Role::sign_area || role == Role::errors;
}

bool is_scanned(const SemanticNode& node) {
    return node.focused && (node.role == Role::key || node.role == Role::keys);
}

const SemanticNode* field_written_in(const SemanticTree& tree) {
    for (const auto& node : tree.nodes)
        if (node.role == Role::field && node.written_in) return &node;
    return nullptr;
}

bool holds(const Rect& outer, const Rect& inner) {
    return outer.width > 0 && inner.x >= outer.x - 1 && inner.y >= outer.y - 1 &&
           inner.x + inner.width <= outer.x + outer.width + 1 &&
           inner.y + inner.height <= outer.y + outer.height + 1;
}

std::string without_digits(std::string text) {
    std::string kept;
    for (char c : text)
        if (c < '0' || c > '9')
            kept += c;
        else if (kept.empty() || kept.back() != '#')
            kept += '#';
    core::wipe(text);
    return kept;
}

// A field's hint and error follow it in the tree, and their place is the whole field's.
bool belongs_to_field(const std::vector<SemanticNode>& nodes, std::size_t index) {
    for (std::size_t i = index; i-- > 0;) {
        if (nodes[i].role == Role::field) return holds(nodes[index].rect, nodes[i].rect);
        if (!is_content(nodes[i].role)) return false;
    }
    return false;
}

// A word of warning comes before what it warns of; a row's heading before its content.
std::string content_words(const SemanticNode& node, const core::Words& words) {
    if (node.role == Role::sign_area) return words.say("voice.sign_area", {{"label", node.label}});
    if (node.value.empty()) return node.label;
    if (node.role == Role::status) return node.value + ": " + node.label;
    bool mark = node.role == Role::text || node.role == Role::heading;
    return mark ? node.label + ": " + node.value : node.label;
}

// All of an error summary: what it is, how many there are, and each.
std::string errors_words(const SemanticTree& tree, std::size_t index, const core::Words& words) {
    std::vector<std::string> errors;
    for (std::size_t i = index + 1; i < tree.nodes.size() && tree.nodes[i].role == Role::link; ++i)
        errors.push_back(tree.nodes[i].label);
    std::string all;
    for (std::size_t i = 0; i < errors.size(); ++i) {
        if (errors.size() > 1) all += (i > 0 ? " " : "") + std::to_string(i + 1) + ": ";
        all += errors[i];
        if (!errors[i].ends_with('.') && !errors[i].ends_with('?')) all += '.';
    }
    return words.count("voice.errors", static_cast<std::int64_t>(errors.size()),
                       {{"title", tree.nodes[index].label}, {"errors", all}});
}

bool is_in_summary(const SemanticTree& tree, std::string_view error) {
    return std::any_of(tree.nodes.begin(), tree.nodes.end(), [&](const SemanticNode& node) {
        return node.role == Role::link && node.on_screen && node.label.ends_with(error);
    });
}

std::size_t letters(std::string_view text) { return core::code_points(text).size(); }

std::string field_value(const SemanticNode& node, const core::Words& words, const Hearing& hearing) {
    if (node.value.empty()) return words.say("voice.empty");
    bool secret = node.value.starts_with("\u2022");
    if (secret) return words.count("voice.characters", static_cast<std::int64_t>(letters(node.value)));
    return hearing.in_private ? node.value : words.say("voice.filled");
}

std::string radio_words(const SemanticTree& tree, const SemanticNode& node, const core::Words& words) {
    int count = 0, place = 0;
    for (const auto& other : tree.nodes) {
        if (other.role != Role::radio || other.value != node.value) continue;
        ++count;
        if (&other == &node) place = count;
    }
    auto said = words.say(
        node.checked ? "voice.radio.on" : "voice.radio.off",
        {{"label", node.label}, {"place", std::to_string(place)}, {"count", std::to_string(count)}});
    return node.value.empty() ? said : node.value + ": " + said;
}

// Where others hear, the keys that write a code are not named, or it could be followed.
std::string key_words(const SemanticTree& tree, const SemanticNode& node, const core::Words& words,
                      const Hearing& hearing) {
    const auto* field = field_written_in(tree);
    bool unnamed = field != nullptr && field->secret && !hearing.in_private;
    if (node.role == Role::keys)
        return unnamed ? words.say("voice.keys.unnamed") : words.say("voice.keys", {{"label", node.label}});
    if (unnamed && node.id.empty()) return words.say("voice.key.unnamed");
    return node.value.empty() ? node.label : node.value;
}

std::string focus_words(const SemanticTree& tree, std::size_t index, const core::Words& words,
                        const Hearing& hearing) {
    const auto& node = tree.nodes[index];
    std::string detail = node.value.empty() ? "" : ". " + node.value;
    switch (node.role) {
        case Role::button:
            return words.say("voice.button", {{"label", node.label}});
        case Role::row:
            return words.say("voice.row", {{"label", node.label + detail}});
        case Role::link:
            return words.say("voice.link", {{"label", node.label}});
        case Role::checkbox:
            return words.say(node.checked ? "voice.checkbox.on" : "voice.checkbox.off",
                             {{"label", node.label + detail}});
        case Role::radio:
            return radio_words(tree, node, words);
        case Role::field: {
            auto said = words.say("voice.field",
                                  {{"label", node.label}, {"value", field_value(node, words, hearing)}});
            for (std::size_t i = index + 1; i < tree.nodes.size() && belongs_to_field(tree.nodes, i); ++i)
                said += ". " + tree.nodes[i].label;
            if (node.opens_keys) said += ". " + words.say("voice.field.keys");
            return said;
        }
        case Role::key:
        case Role::keys:
            return key_words(tree, node, words, hearing);
        case Role::heading:
        case Role::text:
        case Role::status:
        case Role::sign_area:
        case Role::image:
        case Role::table:
        case Role::page:
            break;
        case Role::errors:
            return errors_words(tree, index, words);
    }
    return node.label;
}

// The word that ends with `text`.
std::string last_word(std::string_view text) {
    auto space = text.rfind(' ');
    return std::string(space == std::string_view::npos ? text : text.substr(space + 1));
}

// What a key has just done to a field: the letter that came, the word that ended, or all of it where more has
// changed.
std::string echo(const std::string& before, const SemanticNode& node, const core::Words& words,
                 const Hearing& hearing) {
    auto now = core::code_points(node.value), was = core::code_points(before);
    bool secret = node.value.starts_with("\u2022") || before.starts_with("\u2022");
    bool one_came = now.size() == was.size() + 1 && node.value.starts_with(before);
    bool last_changed = !secret && !now.empty() && now.size() == was.size() &&
                        std::equal(now.begin(), now.end() - 1, was.begin());
    if (one_came || last_changed) {
        if (secret || !hearing.in_private) return words.say("voice.character");
        std::string letter;
        core::append_utf8(letter, now.back());
        auto word = one_came && letter == " " ? last_word(before) : "";
        return word.empty() ? typed_name(words, letter) : words.say("voice.word", {{"word", word}});
    }
    if (now.size() + 1 == was.size()) return words.say("voice.removed");
    return field_value(node, words, hearing);
}

void hide(std::string& text, const Hearing& hearing, const std::string& instead) {
    for (const auto& personal : hearing.personal) {
        if (letters(personal) < 2) continue;
        for (std::size_t at = text.find(personal); at != std::string::npos;
             at = text.find(personal, at + instead.size()))
            text.replace(at, personal.size(), instead);
    }
}

}  // namespace

void Reader::forget() {
    for (auto& text : told_) core::wipe(text);
    told_.clear();
    core::wipe(focus_), core::wipe(focus_value_);
    screen_.clear(), written_in_.clear();
    knows_screen_ = scans_ = false;
}

void Reader::tell_content(const SemanticTree& tree, const core::Words& words,
                          std::vector<std::string>& said) {
    bool anew = !knows_screen_ || tree.screen != screen_;
    bool scans = !anew && std::any_of(tree.nodes.begin(), tree.nodes.end(), is_scanned);
    // With an error summary its page comes back: what stands there was said when it came the first time.
    bool corrects = !anew && std::any_of(tree.nodes.begin(), tree.nodes.end(), [](const SemanticNode& n) {
        return n.focused && n.role == Role::errors;
    });
    std::vector<std::string> now;
    if (scans) now = told_;  // what the keys have moved away is not news when it comes back
    const SemanticNode* question = nullptr;
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        const auto& node = tree.nodes[i];
        if (!is_content(node.role) || !node.on_screen || node.label.empty()) continue;
        if (node.role == Role::text && belongs_to_field(tree.nodes, i)) continue;  // told with its field
        if (node.role == Role::status && belongs_to_field(tree.nodes, i) && is_in_summary(tree, node.label))
            continue;
        auto text = node.role == Role::errors ? errors_words(tree, i, words) : content_words(node, words);
        // "Sida 2 av 12" is news; the seconds of a countdown are not.
        bool place = (node.role == Role::status && node.id != "ask") || node.role == Role::errors;
        auto mark = place ? text : without_digits(text);
        bool known = !anew && std::find(told_.begin(), told_.end(), mark) != told_.end();
        if (node.id == "ask") question = &node;
        if (scans && (known || node.role != Role::status)) continue;  // what is new waits
        bool told_before = corrects && node.role != Role::errors && node.role != Role::status;
        if (!known && !told_before && std::find(now.begin(), now.end(), mark) == now.end() &&
            node.id != "ask")
            said.push_back(std::move(text));
        now.push_back(std::move(mark));
    }
    // A question stands over everything else: it is all that is said, and said when it comes.
    if (question != nullptr) {
        auto mark = without_digits(question->label);
        for (auto& text : said) core::wipe(text);
        said.clear();
        if (anew || std::find(told_.begin(), told_.end(), mark) == told_.end())
            said.push_back(question->label);
        // The page that it hides is no news when it comes back.
        for (auto& text : told_)
            if (!anew && std::find(now.begin(), now.end(), text) == now.end()) now.push_back(text);
    } else if (anew && said.empty()) {
        said.push_back(words.say("voice.nothing"));
    }
    if (!scans)
        for (auto& text : told_) core::wipe(text);
    told_ = std::move(now);
    if (anew) core::wipe(focus_), core::wipe(focus_value_);
    screen_ = tree.screen, knows_screen_ = true;
}

void Reader::tell_typing(const SemanticTree& tree, const core::Words& words, const Hearing& hearing,
                         bool anew, std::vector<std::string>& said) {
    const auto* field = field_written_in(tree);
    if (field == nullptr || anew) return;
    bool unnamed = field->secret && !hearing.in_private;
    bool written = field->id == written_in_ && field->value != focus_value_;
    if (written) said.insert(said.begin(), echo(focus_value_, *field, words, hearing));
    auto shift = std::find_if(tree.nodes.begin(), tree.nodes.end(),
                              [](const SemanticNode& node) { return node.id == "ui.key.shift"; });
    bool capitals = shift != tree.nodes.end() && shift->checked;
    if (!scans_)
        said.push_back(words.say(unnamed ? "voice.keys.open_unnamed" : "voice.keys.open"));
    else if (!written && capitals != capitals_ && shift != tree.nodes.end())
        said.push_back(shift->value);
    capitals_ = capitals;
}

void Reader::tell_focus(const SemanticTree& tree, const core::Words& words, const Hearing& hearing, bool anew,
                        std::vector<std::string>& said) {
    auto focused = std::find_if(tree.nodes.begin(), tree.nodes.end(),
                                [](const SemanticNode& node) { return node.focused; });
    if (focused == tree.nodes.end()) {
        core::wipe(focus_), core::wipe(focus_value_);
        written_in_.clear(), scans_ = false;
        return;
    }
    bool scans = is_scanned(*focused);
    if (scans) tell_typing(tree, words, hearing, anew, said);
    auto index = static_cast<std::size_t>(focused - tree.nodes.begin());
    // Equal labels may stand on one screen ("Ändra"): the place in the tree tells them apart.
    auto same = std::count_if(tree.nodes.begin(), focused, [&](const SemanticNode& node) {
        return node.role == focused->role && node.label == focused->label;
    });
    std::string name = std::string(to_string(focused->role)) + " " + std::to_string(same) + " " +
                       focused->id + " " + focused->label;
    if (anew || name != focus_) {
        auto text = focus_words(tree, index, words, hearing);
        // "Ändra" says nothing by itself: what it changes stands before it.
        bool change = focused->role == Role::button && index > 0 &&
                      tree.nodes[index - 1].role == Role::text && !tree.nodes[index - 1].value.empty();
        bool told = focused->role == Role::errors && std::find(said.begin(), said.end(), text) != said.end();
        if (!told) said.push_back(change ? text + ": " + tree.nodes[index - 1].label : text);
    } else if (focused->role == Role::field && focused->value != focus_value_) {
        said.push_back(echo(focus_value_, *focused, words, hearing));
    } else if (focused->checked != focus_checked_) {
        said.push_back(words.say(focused->checked ? "voice.on" : "voice.off"));
    }
    const auto* field = scans ? field_written_in(tree) : &*focused;
    core::wipe(focus_), core::wipe(focus_value_);
    focus_ = std::move(name), focus_checked_ = focused->checked, scans_ = scans;
    focus_value_ = field != nullptr ? field->value : "", written_in_ = field != nullptr ? field->id : "";
}

std::vector<std::string> Reader::read(const SemanticTree& tree, const core::Words& words,
                                      const Hearing& hearing) {
    std::vector<std::string> said;
    bool anew = !knows_screen_ || tree.screen != screen_;
    tell_content(tree, words, said);
    tell_focus(tree, words, hearing, anew, said);
    if (!hearing.in_private) {
        auto instead = words.say("voice.hidden");
        for (auto& text : said) hide(text, hearing, instead);
    }
    return said;
}

}  // namespace kiosk
