#include "kiosk/app.h"

#include <algorithm>
#include <chrono>

#include <spdlog/spdlog.h>

#include "core/base/bytes.h"
#include "kiosk/forget.h"
#include "kiosk/screens/screens.h"

namespace kiosk {
namespace {

std::int64_t steady_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace

core::Result<std::unique_ptr<App>> App::open(FrameLoop& loop, const EffectSettings& settings,
                                             std::string_view language, Speech speech,
                                             const RoomLook& room_look) {
    std::unique_ptr<App> app(new App(loop, settings, std::move(speech)));
    app->state_ = State{};
    TRY_ASSIGN(auto words, app->words_in(std::string(language)));
    loop.set_words(std::move(words));
    auto first = start();
    app->state_ = std::move(first.state);
    app->state_.language = language;
    app->state_.voice_way = app->speech_.way;
    app->state_.room = room_look;
    app->shown_language_ = language;
    for (auto& effect : first.effects) app->effects_.ask(std::move(effect));
    app->follow_look();
    loop.set_draw([raw = app.get()](Ui& ui) { raw->draw(ui); });
    FrameLoop::Room room;
    room.draw = [raw = app.get()](Ui& ui) { draw_room(raw->state_, ui); };
    room.listener = [raw = app.get()](bool open) { raw->answer(RoomScreenChanged{open}); };
    TRY_ASSIGN(room.words, app->words_in(std::string(language)));
    room.theme = loop.theme();
    loop.set_room(std::move(room));
    loop.set_listener([raw = app.get()](const SemanticTree& tree) { raw->speak(tree); });
    return app;
}

App::App(FrameLoop& loop, const EffectSettings& settings, Speech speech)
    : loop_(loop),
      clock_(settings.clock),
      locale_dir_(settings.share_dir / "locale"),
      speech_(std::move(speech)),
      effects_(settings, [this](Action action) { answer(std::move(action)); }) {}

App::~App() {
    loop_.set_listener({});
    loop_.set_room({});
    effects_.stop();
}

void App::answer(Action action) {
    {
        std::lock_guard lock(mutex_);
        answers_.push_back(std::move(action));
    }
    loop_.wake();
}

bool App::settled() const {
    if (effects_.busy()) return false;
    std::lock_guard lock(mutex_);
    return answers_.empty() && said_.empty();
}

core::Result<core::Words> App::words_in(const std::string& language) {
    if (auto known = words_.find(language); known != words_.end()) return known->second;
    TRY_ASSIGN(auto words, core::Words::load(locale_dir_, language));
    return words_.emplace(language, std::move(words)).first->second;
}

void App::follow_look() {
    core::Rgb accent{0x0A, 0x4D, 0x68};
    if (state_.ceremony) accent = state_.ceremony->municipality.accent;
    bool shows_room = std::holds_alternative<TheRoom>(state_.life);
    follow_room_look();
    Theme theme = make_theme(shows_room ? state_.room.contrast : state_.contrast, state_.text_size, accent,
                             loop_.theme().px_per_mm);
    const Theme& shown = loop_.theme();
    if (theme.contrast != shown.contrast || theme.text_size != shown.text_size ||
        theme.accent != shown.accent)
        loop_.set_theme(theme);
    if (state_.language == shown_language_) return;
    shown_language_ = state_.language;
    auto words = words_in(state_.language);
    // A language without words of its own keeps those that are on screen; a test refuses such a translation.
    if (words.ok())
        loop_.set_words(std::move(*words));
    else
        spdlog::error("words: {}", words.error().detail);
}

// The room's are the ceremony's own words, and the host's choice of contrast; never a visitor's.
void App::follow_room_look() {
    if (!state_.ceremony || state_.ceremony->languages.empty()) return;
    auto language = language_of_words(*state_.ceremony, state_.ceremony->languages.front());
    auto accent = state_.ceremony->municipality.accent;
    if (language == room_language_ && state_.room.contrast == room_contrast_ && accent == room_accent_)
        return;
    room_language_ = language, room_contrast_ = state_.room.contrast, room_accent_ = accent;
    auto words = words_in(language);
    if (!words.ok()) return spdlog::error("words: {}", words.error().detail);
    loop_.set_room_look(std::move(*words),
                        make_theme(room_contrast_, TextSize::normal, accent, loop_.theme().px_per_mm));
}

void App::take(const Action& action) {
    auto updated = update(std::move(state_), action);
    state_ = std::move(updated.state);
    bool somebody_left =
        std::any_of(updated.effects.begin(), updated.effects.end(),
                    [](const Effect& effect) { return std::holds_alternative<Wipe>(effect); });
    for (auto& effect : updated.effects) effects_.ask(std::move(effect));
    if (!somebody_left) return;
    reader_.forget();
    if (speech_.hush) speech_.hush();
    forget_stack();
}

void App::emit(const Action& action) {
    take(action);
    follow_look();
    loop_.refresh();
}

void App::take_answers() {
    std::vector<Action> answers;
    {
        std::lock_guard lock(mutex_);
        answers.swap(answers_);
    }
    auto now = clock_->now();
    take(Tick{now.wall_ms, now.monotonic_ms});
    // In the loop's own time, which no journey can shift.
    auto input_ms = steady_ms() - loop_.idle_ms();
    if (input_ms > last_input_ms_ + 20) {
        last_input_ms_ = input_ms;
        if (speech_.hush) speech_.hush();
        take(Touched{});
    }
    for (const auto& answer : answers) take(answer);
}

void App::draw(Ui& ui) {
    take_answers();
    follow_look();
    draw_screen(state_, ui, [this](Action action) { said_.push_back(std::move(action)); });
    if (!said_.empty()) {
        for (const auto& action : said_) take(action);
        std::vector<Action>().swap(said_);  // with the memory that it lay in
        loop_.refresh();
    }
    if (auto wake = next_wake_ms(state_)) ui.wake_after(*wake);
    if (state_.ended) loop_.quit();
}

// After the passes: what has changed on screen is said, and a warning is heard as well as seen.
void App::speak(const SemanticTree& tree) {
    bool warns = idle_countdown_s(state_).has_value();
    if (warns && !warned_ && speech_.chime) speech_.chime();
    warned_ = warns;
    // Where the tablet cannot tell whether headphones are in, it speaks as into a room.
    bool in_private = state_.voice_way == VoiceWay::headphones && state_.headphones == Jack::in;
    if (!state_.voice || !speech_.say || (!in_private && shows_secrets(state_))) {
        if (spoke_ && speech_.hush) speech_.hush();
        if (spoke_) reader_.forget();
        spoke_ = false;
        return;
    }
    auto words = words_in(shown_language_);
    if (!words.ok()) return;
    auto say = [&](std::string text) { speech_.say(std::move(text), state_.language, state_.volume); };
    if (!spoke_) say(words->say("voice.welcome"));
    if (!spoke_ || readings_ != state_.readings) reader_.forget();
    spoke_ = true, readings_ = state_.readings;
    Hearing hearing{in_private, {}};
    if (!hearing.in_private) hearing.personal = personal_texts(state_);
    for (auto& text : reader_.read(tree, *words, hearing)) say(std::move(text));
    for (auto& text : hearing.personal) core::wipe(text);
}

}  // namespace kiosk
