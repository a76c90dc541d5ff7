#include "kiosk/play.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "core/base/file.h"
#include "core/base/text.h"
#include "kiosk/platform/headless.h"
#include "kiosk/platform/journey.h"
#include "kiosk/platform/journey_buttons.h"
#include "kiosk/platform/phrasebook.h"
#include "kiosk/play_room.h"

namespace kiosk {
namespace {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;

constexpr int patience_ms = 2'000, poll_ms = 10;
constexpr int timeout_ms = 30'000;  // keys are made slowly on a busy machine

core::Error wrong(std::string why) { return {core::Errc::not_found, std::move(why)}; }

std::optional<std::int64_t> whole_number(const Arguments& arguments) {
    std::int64_t value = 0;
    if (arguments.size() != 1) return std::nullopt;
    const auto& text = arguments.front();
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

class Stage {
  public:
    explicit Stage(const Play& what) : what_(what) {}

    core::Status switch_on() {
        TRY_ASSIGN(loop_, open_headless(what_.display));
        Speech speech;
        speech.way = what_.voice;
        speech.say = [this](std::string text, const std::string&, int) { said_.push_back(std::move(text)); };
        TRY_ASSIGN(app_, App::open(*loop_, what_.effects, what_.language, std::move(speech)));
        loop_->settle();
        return {};
    }
    void switch_off() {
        app_.reset();
        if (loop_) add(loop_->counts());
        loop_.reset();
    }
    core::Status act();
    core::Status act_out(const fs::path& script, JourneyHost& host, int depth = 0);
    Played result(core::Status status) {
        switch_off();
        return {std::move(status), seen_, counts_, notes_};
    }

  private:
    void add(const FrameLoop::Counts& more) {
        counts_.passes += more.passes, counts_.pages += more.pages, counts_.ink_frames += more.ink_frames;
    }
    core::Status restart() {
        switch_off();
        return switch_on();
    }
    core::Status picture_if_new();
    core::Result<std::string> passphrase() const;
    core::Status confirm_words(JourneyHost& host);
    core::Status travel(const Arguments& arguments);
    core::Status still(const Arguments& arguments);
    core::Status spoil(const Arguments& arguments);
    static core::Status plug(const fs::path& stick, bool in);
    core::Status headphones(const Arguments& arguments);
    core::Status hear(const Arguments& arguments);
    core::Status silent();
    core::Status not_heard(const Arguments& arguments) const;
    core::Status taps(const Arguments& arguments, const Effort& now);
    core::Status measure(const Arguments& arguments);
    Backstage backstage(const fs::path& visitor_stick);
    std::vector<std::string> ways(const std::string& text);
    std::filesystem::path locale_dir() const { return what_.effects.share_dir / "locale"; }

    const Play& what_;
    std::vector<std::string> said_;  // aloud, all of it
    std::size_t heard_ = 0;          // of said_: up to where a journey has listened
    std::unique_ptr<FrameLoop> loop_;
    std::unique_ptr<App> app_;
    std::set<std::string> seen_;
    FrameLoop::Counts counts_;
    std::vector<std::string> notes_;
    Effort since_;
    Uint64 measured_ms_ = 0;
    std::map<std::string, Phrasebook> phrasebooks_;  // from Swedish to what is on screen
};

// A screen that a job is about to change is pictured when that has ended.
core::Status Stage::picture_if_new() {
    auto is_new = [&] {
        const auto& screen = loop_->semantics().screen;
        return !screen.empty() && !seen_.contains(screen);
    };
    for (int waited = 0; is_new() && !app_->settled() && waited < patience_ms; waited += poll_ms)
        loop_->turn(poll_ms);
    if (!is_new() || !app_->settled()) return {};
    auto screen = loop_->semantics().screen;
    seen_.insert(screen);
    char name[80];
    std::snprintf(name, sizeof name, "%02zu-%s.png", seen_.size(), screen.c_str());
    return loop_->screenshot(what_.picture_dir / name);
}

// While it is on screen from State; afterwards only a demonstration has it, in a file.
core::Result<std::string> Stage::passphrase() const {
    if (auto* first = std::get_if<FirstRun>(&app_->state().life)) {
        if (auto* secrets = std::get_if<FirstRun::WriteDown>(&first->step)) return secrets->passphrase;
        if (auto* confirm = std::get_if<FirstRun::Confirm>(&first->step)) return confirm->passphrase;
    }
    TRY_ASSIGN(auto note, core::read_file(what_.effects.store_dir / "demo-ca" / "passphrase.txt"));
    return std::string(core::split(core::as_text(note), '\n').front());
}

// The first run asks for two of the words, each time for others.
core::Status Stage::confirm_words(JourneyHost& host) {
    auto* first_run = std::get_if<FirstRun>(&app_->state().life);
    auto* confirm = first_run ? std::get_if<FirstRun::Confirm>(&first_run->step) : nullptr;
    if (confirm == nullptr) return wrong("nobody asks for words of the passphrase");
    std::string passphrase = confirm->passphrase;
    for (char& c : passphrase)
        if (c == '-') c = ' ';
    auto words = core::split(passphrase, ' ');
    const int places[] = {confirm->first, confirm->second};
    for (int i = 0; i < 2; ++i) {
        Buttons::Find the_field = [&](const SemanticTree& tree) {
            auto found = std::find_if(tree.nodes.begin(), tree.nodes.end(), [&](const SemanticNode& node) {
                return node.id == field_id(Field::word, i);
            });
            return found == tree.nodes.end() ? nullptr : &*found;
        };
        const auto* field = the_field(loop_->semantics());
        if (field == nullptr) return wrong("the field for a word is not on screen");
        auto word = words.at(static_cast<std::size_t>(places[i]) - 1);
        Hand hand(*loop_);
        if (host.buttons_alone) {
            Buttons buttons(*loop_, hand, host.effort);
            TRY(buttons.go_to(the_field));
            TRY(buttons.write(word));
            TRY(buttons.done());
            continue;
        }
        hand.tap(field->rect.x + field->rect.width / 2, field->rect.y + field->rect.height / 2);
        hand.type(word);
    }
    return {};
}

core::Status Stage::travel(const Arguments& arguments) {
    auto seconds = whole_number(arguments);
    if (!seconds) return wrong("write: hand travel SECONDS");
    what_.clock->travel(*seconds * 1000);
    loop_->refresh();
    loop_->settle();
    return {};
}

core::Status Stage::still(const Arguments& arguments) {
    auto ms = whole_number(arguments);
    if (!ms) return wrong("write: hand still MS");
    loop_->settle();
    // The answer to what was asked for is something that happens.
    for (auto patience = SDL_GetTicks64() + 30'000; !app_->settled() && SDL_GetTicks64() < patience;)
        loop_->turn(100);
    loop_->settle();
    auto before = loop_->counts();
    auto until = static_cast<std::int64_t>(SDL_GetTicks64()) + *ms;
    for (auto now = until - *ms; now < until; now = static_cast<std::int64_t>(SDL_GetTicks64()))
        loop_->turn(static_cast<int>(until - now));
    auto after = loop_->counts();
    if (after.passes != before.passes || after.pages != before.pages)
        return wrong(std::to_string(after.passes - before.passes) + " passes and " +
                     std::to_string(after.pages - before.pages) + " pages were drawn while nothing happened");
    return {};
}

core::Status Stage::spoil(const Arguments& arguments) {
    switch_off();
    auto file = what_.effects.store_dir / "handslag.db";
    std::fstream store(file, std::ios::in | std::ios::out | std::ios::binary);
    std::string how = arguments.empty() ? "" : arguments.front();
    if (how == "newer") {
        store.seekp(60);  // user_version, big-endian (SQLite's file format, 1.3)
        store.write("\x00\x00\x03\xE7", 4);
    } else if (how == "damaged") {
        store.seekp(16);  // page size, and all that follows it in the header
        store.write("\xDE\xAD\xBE\xEF\xDE\xAD\xBE\xEF", 8);
    } else {
        return wrong("write: hand spoil damaged|newer");
    }
    store.close();
    if (!store) return core::Error{core::Errc::not_writable, file.string()};
    return switch_on();
}

core::Status Stage::plug(const fs::path& stick, bool in) {
    auto pocket = stick;
    pocket += ".out";  // out of the slot, with what is on it
    std::error_code error;
    if (stick.empty()) return wrong("no place for that stick: use --stick or --media");
    if (in && fs::exists(pocket))
        fs::rename(pocket, stick, error);
    else if (in)
        fs::create_directories(stick, error);
    else
        fs::rename(stick, pocket, error);
    return error ? core::Status(core::Error{core::Errc::not_writable, error.message()}) : core::Status();
}

core::Status Stage::headphones(const Arguments& arguments) {
    if (arguments.size() != 1 || (arguments[0] != "in" && arguments[0] != "out"))
        return wrong("write: hand headphones in|out");
    app_->answer(HeadphonesChanged{arguments[0] == "in" ? Jack::in : Jack::out});
    loop_->settle();
    return {};
}

core::Status Stage::hear(const Arguments& arguments) {
    if (arguments.size() != 1) return wrong("write: hand hear \"text\"");
    auto until = SDL_GetTicks64() + timeout_ms;
    while (true) {
        for (std::size_t i = heard_; i < said_.size(); ++i)
            if (said_[i].find(arguments[0]) != std::string::npos) {
                heard_ = i + 1;
                return {};
            }
        if (SDL_GetTicks64() >= until) break;
        loop_->turn(10);
    }
    std::string all;
    for (std::size_t i = heard_; i < said_.size(); ++i) all += "\n  " + said_[i];
    return wrong("\"" + arguments[0] + "\" was not said aloud; this was:" + all);
}

core::Status Stage::silent() {
    loop_->settle();
    if (heard_ == said_.size()) return {};
    return wrong("this was said aloud, and nothing should have been: " + said_[heard_]);
}

core::Status Stage::not_heard(const Arguments& arguments) const {
    if (arguments.size() != 1) return wrong("write: hand not-heard \"text\"");
    for (const auto& text : said_)
        if (text.find(arguments[0]) != std::string::npos) return wrong("this was said aloud: " + text);
    return {};
}

core::Status Stage::taps(const Arguments& arguments, const Effort& now) {
    if (arguments == Arguments{"from-here"}) {
        since_ = now;
        return {};
    }
    auto most =
        arguments.size() == 2 && arguments[0] == "at-most" ? whole_number({arguments[1]}) : std::nullopt;
    if (!most) return wrong("write: hand taps from-here | at-most N");
    int taps = now.taps - since_.taps, keystrokes = now.keystrokes - since_.keystrokes;
    auto counted = std::to_string(taps) + " taps, " + std::to_string(keystrokes) + " keystrokes";
    if (taps > *most || keystrokes > 0)
        return wrong(counted + ": at most " + arguments[1] + " taps and no key");
    notes_.push_back(counted);
    return {};
}

core::Status Stage::measure(const Arguments& arguments) {
    if (arguments.size() != 1) return wrong("write: hand measure NAME");
    TRY_ASSIGN(auto status, core::read_file("/proc/self/status"));
    auto text = std::string(core::as_text(status));
    auto at = text.find("VmRSS:");
    if (at == std::string::npos) return wrong("this system does not tell how much memory is resident");
    double mb = static_cast<double>(std::strtol(text.c_str() + at + 6, nullptr, 10)) / 1024;
    auto now_ms = SDL_GetTicks64();
    char note[120];
    std::snprintf(note, sizeof note, "%s measured: %.1f MB %.3f s", arguments[0].c_str(), mb,
                  static_cast<double>(now_ms - measured_ms_) / 1000);
    measured_ms_ = now_ms;
    notes_.emplace_back(note);
    return {};
}

Backstage Stage::backstage(const fs::path& visitor_stick) {
    Backstage backstage;
    backstage.loop = [this]() -> FrameLoop& { return *loop_; };
    backstage.app = [this]() -> App& { return *app_; };
    backstage.restart = [this] { return restart(); };
    backstage.host_stick = [this](bool in) { return plug(what_.effects.sticks.host, in); };
    backstage.visitor_stick = [=](bool in) { return plug(visitor_stick, in); };
    backstage.travel = [this](std::int64_t seconds) { what_.clock->travel(seconds * 1000); };
    backstage.move_clock = [this](std::int64_t seconds) { what_.clock->move_wall(seconds * 1000); };
    backstage.passphrase = [this] { return passphrase(); };
    return backstage;
}

// Journeys are written in Swedish (or in the language that they choose); the screens may speak another.
std::vector<std::string> Stage::ways(const std::string& text) {
    const auto& state = app_->state();
    if (state.language.starts_with("sv")) return {text};
    auto known = phrasebooks_.find(state.language);
    if (known == phrasebooks_.end()) {
        auto book = Phrasebook::open(locale_dir(), "sv", state.language);
        if (!book.ok()) return {text};
        if (!state.ceremony) return book->ways(text);
        const auto *swedish = state.ceremony->agreement.text("sv"),
                   *ours = state.ceremony->agreement.text(state.language);
        if (swedish != nullptr && ours != nullptr) {
            book->add(swedish->title, ours->title);
            for (const auto& [id, sentence] : swedish->criteria)
                if (auto same = ours->criteria.find(id); same != ours->criteria.end())
                    book->add(sentence, same->second);
        }
        known = phrasebooks_.emplace(state.language, std::move(*book)).first;
    }
    return known->second.ways(text);
}

// Part by part, so that errors name the right file and line.
core::Status Stage::act_out(const fs::path& script, JourneyHost& host, int depth) {
    constexpr std::string_view keyword = "include \"";
    if (depth > 8) return wrong(script.string() + ": includes itself");
    TRY_ASSIGN(auto content, core::read_file(script));
    std::string part;
    for (auto line : core::split(core::as_text(content), '\n')) {
        if (line.starts_with(keyword) && line.find('"', keyword.size()) != std::string_view::npos) {
            auto name = line.substr(keyword.size(), line.find('"', keyword.size()) - keyword.size());
            TRY(run_journey(script.string(), part, host));
            TRY(act_out(script.parent_path() / name, host, depth + 1));
            // What has been played leaves its empty lines behind.
            std::erase_if(part, [](char c) { return c != '\n'; });
            line = {};
        }
        part += std::string(line) + '\n';
    }
    return run_journey(script.string(), part, host);
}

core::Status Stage::act() {
    std::error_code error;
    fs::create_directories(what_.picture_dir, error);
    if (error)
        return core::Error{core::Errc::not_writable, what_.picture_dir.string() + ": " + error.message()};
    const auto& sticks = what_.effects.sticks;
    // The slots are there before any stick is, or nobody would be told that one came.
    if (!sticks.host.empty()) fs::create_directories(sticks.host.parent_path(), error);
    for (const auto& root : sticks.roots) fs::create_directories(root, error);
    if (error) return core::Error{core::Errc::not_writable, error.message()};
    TRY(switch_on());

    auto visitor = sticks.roots.empty() ? fs::path() : sticks.roots.front() / "BESOKARE";
    constexpr std::int64_t day_ms = 86'400'000;
    auto now_ms = what_.clock->wall_ms();

    JourneyHost host;
    host.loop = [this]() -> FrameLoop& { return *loop_; };
    host.restart = [this] { return restart(); };
    host.stick = [&](bool in) { return plug(sticks.host, in); };
    host.hands["confirm-words"] = [&](const Arguments&) { return confirm_words(host); };
    host.hands["type-passphrase"] = [this](const Arguments&) -> core::Status {
        TRY_ASSIGN(auto all, passphrase());
        Hand(*loop_).type(all);
        return {};
    };
    host.hands["travel"] = [this](const Arguments& a) { return travel(a); };
    host.hands["still"] = [this](const Arguments& a) { return still(a); };
    host.hands["headphones"] = [this](const Arguments& a) { return headphones(a); };
    host.hands["hear"] = [this](const Arguments& a) { return hear(a); };
    host.hands["silent"] = [this](const Arguments&) { return silent(); };
    host.hands["not-heard"] = [this](const Arguments& a) { return not_heard(a); };
    host.hands["taps"] = [&](const Arguments& a) { return taps(a, host.effort); };
    host.hands["measure"] = [this](const Arguments& a) { return measure(a); };
    auto behind = backstage(visitor);
    for (const auto& [name, hand] : what_.hands)
        host.hands[name] = [&behind, &hand](const Arguments&) { return hand(behind); };
    for (const char* doing : {"room", "room-picture", "room-shows", "room-hides", "room-draws", "room-still"})
        host.hands[doing] = [this, doing](const Arguments& a) {
            std::string_view does(doing);
            bool says = (does == "room-shows" || does == "room-hides") && a.size() == 1;
            return act_in_room(*loop_, what_.picture_dir, doing, says ? ways(a[0]) : a);
        };
    host.hands["spoil"] = [this](const Arguments& a) { return spoil(a); };
    host.hands["visitor-stick"] = [&](const Arguments& a) {
        return plug(visitor, !a.empty() && a.front() == "in");
    };
    TRY_ASSIGN(auto words, core::Words::load(locale_dir(), what_.language));
    host.variables = {{"LANGUAGE", words.say("language.name." + what_.language)},
                      {"TODAY", core::to_swedish_time(now_ms).date.iso()},
                      {"TOMORROW", core::to_swedish_time(now_ms + day_ms).date.iso()}};
    host.ways = [this](const std::string& text) { return ways(text); };
    host.look = [this](TextSize size, Contrast contrast) {
        app_->emit(SetTextSize{size});
        app_->emit(SetContrast{contrast});
    };
    host.timeout_ms = timeout_ms;
    host.picture_dir = what_.picture_dir;
    core::Status pictured;
    host.on_step = [&](const JourneyStep& step) {
        loop_->settle();
        // What moves in the room is asked for while it moves.
        if (step.verb == "hand" && step.arguments.front().starts_with("room-")) return;
        if (auto taken = picture_if_new(); !taken.ok()) pictured = taken;
    };
    TRY(act_out(what_.journey, host));
    loop_->settle();
    TRY(picture_if_new());
    return pictured;
}

}  // namespace

Played play(const Play& what) {
    Stage stage(what);
    auto status = stage.act();
    return stage.result(std::move(status));
}

}  // namespace kiosk
