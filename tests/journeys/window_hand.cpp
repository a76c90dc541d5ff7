#include "window_hand.h"

#include <chrono>
#include <cmath>
#include <thread>

#include <spdlog/spdlog.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "kiosk/demo_output.h"

namespace window_hand {

using namespace kiosk;
namespace fs = std::filesystem;

namespace {

constexpr int patience_ms = 20'000, glance_ms = 50;

}  // namespace

RealWindow::RealWindow(const fs::path& out, RoomPlace room)
    : out_(fs::absolute(out)), clock_(std::make_shared<ShiftedClock>()) {
    spdlog::set_level(spdlog::level::err);
    effects_.share_dir = core::share_dir();
    effects_.ceremony_dir = core::share_dir() / "demo";
    effects_.store_dir = out_ / "store";
    effects_.clock = clock_;
    effects_.demonstration = true;
    effects_.printer = "-";
    effects_.sticks.must_be_mounted = false;
    auto loop = FrameLoop::open({});
    if (!loop.ok()) throw Failed("the display: " + loop.error().detail);
    loop_ = std::move(*loop);
    if (loop_->window().headless()) throw Failed("this is no real window");
    window_ = SDL_GetWindowID(loop_->window().sdl());
    width_ = static_cast<float>(loop_->width_px()), height_ = static_cast<float>(loop_->height_px());
    auto app = App::open(*loop_, effects_, "sv");
    if (!app.ok()) throw Failed(app.error().detail);
    app_ = std::move(*app);
    loop_->place_room(room, 640, 360);
}

RealWindow::~RealWindow() { app_.reset(), loop_.reset(); }

std::string RealWindow::run(const std::function<void(RealWindow&)>& person) {
    std::string failure;
    std::thread thread([&] {
        try {
            person(*this);
        } catch (const std::exception& thrown) {
            failure = thrown.what();
        }
        std::lock_guard lock(mutex_);
        person_is_done_ = true;
        loop_->wake();
    });
    bool goes_on = true;
    while (goes_on) {
        goes_on = loop_->turn(patience_ms);
        std::lock_guard lock(mutex_);
        if (app_->settled()) tree_ = loop_->semantics();
        if (question_) {
            question_(*app_, *loop_);
            question_ = nullptr;
            answered_.notify_all();
        }
        goes_on = goes_on && !person_is_done_;
    }
    thread.join();
    if (!failure.empty())
        if (auto pictured = loop_->screenshot(out_ / "failed.png"); !pictured.ok())
            failure += " (no picture)";
    app_.reset(), loop_.reset();
    return failure;
}

std::string RealWindow::deliver() {
    auto delivered = kiosk::deliver(out_, effects_.store_dir, clock_->wall_ms());
    if (!delivered.ok()) return "the store: " + delivered.error().detail;
    if (!delivered->failures.empty()) return delivered->failures.front();
    return delivered->certificates == 1 ? ""
                                        : std::to_string(delivered->certificates) + " certificates, not one";
}

void RealWindow::wait_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

void RealWindow::with_app(const std::function<void(App&, FrameLoop&)>& look) {
    std::unique_lock lock(mutex_);
    question_ = look;
    loop_->wake();
    bool came = answered_.wait_for(lock, std::chrono::milliseconds(patience_ms), [&] { return !question_; });
    lock.unlock();
    if (!came) fail("the window does not answer");
}

void RealWindow::until(const std::string& what, const std::function<bool(App&, FrameLoop&)>& holds) {
    for (int waited = 0; waited < patience_ms; waited += glance_ms) {
        bool so = false;
        with_app([&](App& app, FrameLoop& loop) { so = holds(app, loop); });
        if (so) return;
        wait_ms(glance_ms);
    }
    fail(what);
}

// The window may sleep over a job that ended just after its last look.
SemanticTree RealWindow::seen() {
    loop_->wake();
    std::lock_guard lock(mutex_);
    return tree_;
}

void RealWindow::fail(const std::string& why) {
    auto tree = seen();
    std::string labels;
    for (const auto& node : tree.nodes)
        if (node.role != Role::key && node.on_screen) labels += "\n  " + node.label;
    throw Failed(why + "; on screen \"" + tree.screen + "\":" + labels);
}

std::optional<SemanticNode> RealWindow::on_screen(const std::string& label) {
    auto tree = seen();
    const auto* node = tree.find_operable(label);
    if (node == nullptr || !node->on_screen || node->rect.width <= 0) return std::nullopt;
    return *node;
}

// What is not there at once may stand on a page further on.
void RealWindow::page_on(int turn) {
    auto more = on_screen("Visa mer");
    if (turn % 20 == 10 && more) {
        finger(SDL_FINGERDOWN, 0, more->rect.x + 5, more->rect.y + 5);
        finger(SDL_FINGERUP, 0, more->rect.x + 5, more->rect.y + 5);
    }
    wait_ms(glance_ms);
}

SemanticNode RealWindow::where(const std::string& label) {
    for (int turn = 0; turn * glance_ms < patience_ms; ++turn) {
        if (auto node = on_screen(label)) return *node;
        page_on(turn);
    }
    fail("\"" + label + "\" did not appear");
}

SemanticNode RealWindow::area() {
    for (int turn = 0; turn * glance_ms < patience_ms; ++turn) {
        for (const auto& node : seen().nodes)
            if (node.role == Role::sign_area && node.enabled && node.rect.width > 0) return node;
        wait_ms(glance_ms);
    }
    fail("there is nowhere to sign");
}

void RealWindow::see(const std::string& text) {
    for (int waited = 0; waited < patience_ms; waited += glance_ms) {
        if (seen().shows(text)) return;
        wait_ms(glance_ms);
    }
    fail("\"" + text + "\" is not to be seen");
}

void RealWindow::leaf() {
    for (int page = 0; page < 20; ++page) {
        auto more = on_screen("Visa mer");
        if (!more) return;
        tap("Visa mer");
    }
}

void RealWindow::tap(const std::string& label) {
    auto node = where(label);
    float x = node.rect.x + node.rect.width / 2, y = node.rect.y + node.rect.height / 2;
    finger(SDL_FINGERDOWN, 0, x, y);
    wait_ms(20);
    finger(SDL_FINGERUP, 0, x, y);
    wait_ms(120);
}

void RealWindow::write(const std::string& text) {
    for (char32_t c : core::code_points(text)) {
        std::string letter;
        core::append_utf8(letter, c);
        std::string label = letter == " " ? "mellanslag" : letter, upper = core::to_upper(letter);
        std::optional<SemanticNode> found;
        for (int waited = 0; waited < patience_ms && !found; waited += glance_ms) {
            for (const auto& node : seen().nodes)
                if (node.role == Role::key && (node.label == label || node.label == upper)) found = node;
            if (!found) wait_ms(glance_ms);
        }
        if (!found) fail("no key writes \"" + letter + "\"");
        float x = found->rect.x + found->rect.width / 2, y = found->rect.y + found->rect.height / 2;
        finger(SDL_FINGERDOWN, 0, x, y);
        finger(SDL_FINGERUP, 0, x, y);
        wait_ms(60);
    }
}

std::string RealWindow::passphrase() const {
    auto note = core::read_file(effects_.store_dir / "demo-ca" / "passphrase.txt");
    if (!note.ok()) throw Failed("there is no passphrase: " + note.error().detail);
    return std::string(core::split(core::as_text(*note), '\n').front());
}

void RealWindow::push(SDL_Event event) {
    if (SDL_PushEvent(&event) != 1) throw Failed(std::string("SDL takes no event: ") + SDL_GetError());
}

void RealWindow::finger(Uint32 type, int finger, float x, float y, float pressure) {
    SDL_Event event{};
    event.type = type;
    event.tfinger.touchId = 7, event.tfinger.fingerId = finger, event.tfinger.windowID = window_;
    event.tfinger.x = x / width_, event.tfinger.y = y / height_, event.tfinger.pressure = pressure;
    push(event);
}

void RealWindow::pen(Uint32 type, float x, float y) {
    SDL_Event event{};
    event.type = type;
    auto px = static_cast<Sint32>(std::lround(x)), py = static_cast<Sint32>(std::lround(y));
    if (type == SDL_MOUSEMOTION) {
        event.motion.windowID = window_, event.motion.x = px, event.motion.y = py;
    } else {
        event.button.windowID = window_, event.button.x = px, event.button.y = py;
        event.button.button = SDL_BUTTON_LEFT;
    }
    push(event);
}

void RealWindow::key(SDL_Keycode code) {
    for (Uint32 type : {SDL_KEYDOWN, SDL_KEYUP}) {
        SDL_Event event{};
        event.type = type;
        event.key.windowID = window_, event.key.keysym.sym = code;
        event.key.state = type == SDL_KEYDOWN ? SDL_PRESSED : SDL_RELEASED;
        push(event);
    }
    wait_ms(120);
}

void to_the_signature(RealWindow& window) {
    window.tap("Lösenfras");
    window.write(window.passphrase());
    window.tap("Öppna");
    window.tap("Svenska");
    window.tap("Jag har läst");
    window.tap("Sök på namn eller ort");
    window.write("springaren");
    window.until("the search was not written", [](App&, FrameLoop& loop) {  // the list moves until then
        const auto* field = loop.semantics().find_operable("Sök på namn eller ort");
        return field != nullptr && field->value == "Springaren";
    });
    window.tap("Schackklubben Springaren");
    window.tap("Kod");
    window.write("739164");
    window.tap("Öppna");
    window.tap("Jag har sett vem det är");
    window.tap("Jag har sett rätten att skriva under");
    window.tap("Klart");
    window.see("Steg 2");
    window.tap("Jag har läst");
    for (const char* sentence : {"Vår organisation arbetar", "Vår organisation bygger",
                                 "Vår organisation är fristående", "Vår organisation är verksam"})
        window.tap(sentence);
    window.tap("Fortsätt");
    window.see("Vill ni också");
    window.tap("Fortsätt");
}

void wave(RealWindow&, const Rect& area, int points, const std::function<void(int, float, float)>& put) {
    for (int i = 0; i < points; ++i) {
        float u = static_cast<float>(i) / static_cast<float>(points - 1);
        put(i, area.x + area.width * (0.2F + 0.6F * u),
            area.y + area.height * (0.55F + 0.2F * std::sin(u * 30)));
        RealWindow::wait_ms(5);
    }
}

}  // namespace window_hand
