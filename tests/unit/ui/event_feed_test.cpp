#include "kiosk/platform/event_feed.h"

#include <doctest/doctest.h>

using namespace kiosk;
using What = PointerEvent::What;

namespace {

SDL_Event finger(Uint32 type, int id, float x, float y, float pressure = 1) {
    SDL_Event e{};
    e.type = type;
    e.tfinger.touchId = 1, e.tfinger.fingerId = id, e.tfinger.x = x, e.tfinger.y = y,
    e.tfinger.pressure = pressure;
    return e;
}
SDL_Event mouse(Uint32 type, int x, int y, Uint32 which = 0) {
    SDL_Event e{};
    e.type = type;
    if (type == SDL_MOUSEMOTION)
        e.motion.x = x, e.motion.y = y, e.motion.which = which;
    else
        e.button.x = x, e.button.y = y, e.button.which = which, e.button.button = SDL_BUTTON_LEFT;
    return e;
}
SDL_Event key(SDL_Keycode sym, Uint16 mod = 0) {
    SDL_Event e{};
    e.type = SDL_KEYDOWN, e.key.keysym.sym = sym, e.key.keysym.mod = mod;
    return e;
}
SDL_Event text(const char* utf8) {
    SDL_Event e{};
    e.type = SDL_TEXTINPUT;
    SDL_strlcpy(e.text.text, utf8, sizeof e.text.text);
    return e;
}

// All that comes out, a letter an event: d m u c for the pointer, k for a key, t for text, | between batches.
std::string drained(EventFeed& feed) {
    std::string out;
    while (feed.pending()) {
        for (const auto& event : feed.take_batch()) {
            if (const auto* p = std::get_if<PointerEvent>(&event))
                out += p->what == What::down   ? 'd'
                       : p->what == What::move ? 'm'
                       : p->what == What::up   ? 'u'
                                               : 'c';
            else
                out += std::holds_alternative<KeyEvent>(event) ? 'k' : 't';
        }
        out += '|';
    }
    return out;
}

}  // namespace

TEST_CASE("a quick tap between two passes is a press in one and a release in the next") {
    EventFeed feed;
    feed.push(finger(SDL_FINGERDOWN, 1, 0.5F, 0.5F));
    feed.push(finger(SDL_FINGERUP, 1, 0.5F, 0.5F));
    feed.push(finger(SDL_FINGERDOWN, 1, 0.6F, 0.5F));
    feed.push(finger(SDL_FINGERUP, 1, 0.6F, 0.5F));
    CHECK(drained(feed) == "d|u|d|u|");
}

TEST_CASE("a second finger neither presses nor moves nor releases what the first holds") {
    EventFeed feed;
    feed.push(finger(SDL_FINGERDOWN, 1, 0.1F, 0.1F));
    CHECK_FALSE(feed.push(finger(SDL_FINGERDOWN, 2, 0.9F, 0.9F)));
    CHECK_FALSE(feed.push(finger(SDL_FINGERMOTION, 2, 0.8F, 0.8F)));
    CHECK_FALSE(feed.push(finger(SDL_FINGERUP, 2, 0.8F, 0.8F)));
    feed.push(finger(SDL_FINGERUP, 1, 0.1F, 0.1F));
    CHECK(drained(feed) == "d|u|");
    CHECK(feed.push(finger(SDL_FINGERDOWN, 3, 0.9F, 0.9F)));
}

TEST_CASE("a pen takes over from a palm, and no palm counts between two strokes of the pen") {
    EventFeed feed;
    auto at = [](SDL_Event event, Uint32 ms) {
        event.common.timestamp = ms;
        return event;
    };
    // The palm comes first; what it holds is let go without acting.
    CHECK(feed.push(at(finger(SDL_FINGERDOWN, 1, 0.7F, 0.9F), 1'000)));
    CHECK(feed.push(at(mouse(SDL_MOUSEBUTTONDOWN, 100, 100), 1'050)));
    CHECK_FALSE(feed.push(at(finger(SDL_FINGERMOTION, 1, 0.7F, 0.91F), 1'060)));
    CHECK(feed.push(at(mouse(SDL_MOUSEMOTION, 120, 100), 1'070)));
    CHECK(feed.push(at(mouse(SDL_MOUSEBUTTONUP, 120, 100), 1'200)));
    CHECK_FALSE(feed.push(at(finger(SDL_FINGERUP, 1, 0.7F, 0.91F), 1'210)));
    CHECK(drained(feed) == "d|c|d|mu|");
    // It rolls on the glass while the pen is in the air; then it is a finger again.
    CHECK_FALSE(feed.push(at(finger(SDL_FINGERDOWN, 2, 0.7F, 0.9F), 1'400)));
    CHECK_FALSE(feed.push(at(finger(SDL_FINGERUP, 2, 0.7F, 0.9F), 1'450)));
    CHECK(feed.push(at(mouse(SDL_MOUSEBUTTONDOWN, 130, 100), 1'500)));
    CHECK(feed.push(at(mouse(SDL_MOUSEBUTTONUP, 140, 100), 1'600)));
    CHECK(feed.push(at(finger(SDL_FINGERDOWN, 3, 0.5F, 0.5F), 2'000)));
    CHECK(feed.push(at(finger(SDL_FINGERUP, 3, 0.5F, 0.5F), 2'050)));
    CHECK(drained(feed) == "d|u|d|u|");
}

TEST_CASE("a finger that was down before it counted does not release anything later") {
    EventFeed feed;
    feed.push(finger(SDL_FINGERDOWN, 1, 0.1F, 0.1F));
    feed.push(finger(SDL_FINGERDOWN, 2, 0.9F, 0.9F));
    feed.push(finger(SDL_FINGERUP, 1, 0.1F, 0.1F));
    feed.push(finger(SDL_FINGERDOWN, 4, 0.5F, 0.5F));
    CHECK_FALSE(feed.push(finger(SDL_FINGERUP, 2, 0.9F, 0.9F)));
    CHECK(drained(feed) == "d|u|d|");
}

TEST_CASE("a touch whose end is never told does not make the screen deaf") {
    EventFeed feed;
    auto down = [](int id, Uint32 ms) {
        auto event = finger(SDL_FINGERDOWN, id, 0.5F, 0.5F);
        event.common.timestamp = ms;
        return event;
    };
    CHECK(feed.push(down(1, 1'000)));
    CHECK_FALSE(feed.push(down(2, 4'000)));  // a hand that rests while somebody writes slowly
    CHECK(feed.push(down(3, 5'000)));
    CHECK(feed.push(finger(SDL_FINGERUP, 3, 0.5F, 0.5F)));
    CHECK(drained(feed) == "d|c|d|u|");
    // The same finger again has been up in between.
    CHECK(feed.push(down(4, 6'000)));
    CHECK(feed.push(down(4, 6'100)));
    CHECK(drained(feed) == "d|c|d|");
}

TEST_CASE("what lies on the keyboard keeps nobody's answers on screen and presses nothing twice") {
    EventFeed feed;
    auto held = [](SDL_Keycode sym) {
        auto event = key(sym);
        event.key.repeat = 1;
        return event;
    };
    CHECK(feed.push(key(SDLK_x)) == false);  // its text says it
    CHECK(feed.push(text("x")));
    CHECK_FALSE(feed.push(held(SDLK_x)));
    CHECK_FALSE(feed.push(text("x")));  // typed all the same
    CHECK(feed.push(key(SDLK_DOWN)));
    CHECK_FALSE(feed.push(held(SDLK_DOWN)));
    CHECK(feed.push(key(SDLK_RETURN)));
    CHECK_FALSE(feed.push(held(SDLK_RETURN)));
    CHECK(drained(feed) == "ttk|k|k|");
    auto up = key(SDLK_RETURN);
    up.type = SDL_KEYUP;
    CHECK_FALSE(feed.push(text("å")));
    CHECK_FALSE(feed.push(up));
    CHECK(feed.push(text("å")));
}

TEST_CASE("a touch that SDL also reports as a mouse counts once; a mouse counts while its button is down") {
    EventFeed feed;
    feed.set_size(1280, 800, 2.0F);
    CHECK_FALSE(feed.push(mouse(SDL_MOUSEBUTTONDOWN, 5, 5, SDL_TOUCH_MOUSEID)));
    CHECK_FALSE(feed.push(mouse(SDL_MOUSEMOTION, 5, 5)));
    feed.push(mouse(SDL_MOUSEBUTTONDOWN, 100, 50));
    auto batch = feed.take_batch();
    REQUIRE(batch.size() == 1);
    const auto& press = std::get<PointerEvent>(batch[0]);
    CHECK(press.kind == PointerKind::mouse);
    CHECK(press.x == doctest::Approx(200));
    CHECK(press.y == doctest::Approx(100));
    CHECK(feed.push(mouse(SDL_MOUSEMOTION, 6, 6)));
}

TEST_CASE("pressure counts only where the device measures it") {
    EventFeed feed;
    feed.push(finger(SDL_FINGERDOWN, 1, 0.5F, 0.5F, 1));
    feed.push(finger(SDL_FINGERMOTION, 1, 0.5F, 0.5F, 0.4F));
    CHECK(std::get<PointerEvent>(feed.take_batch()[0]).pressure == 0);
    CHECK(feed.take_moves()[0].pressure == doctest::Approx(0.4));
}

TEST_CASE("text and keys keep their order: what was typed before Tab goes to the field before") {
    EventFeed feed;
    feed.push(text("å"));
    feed.push(text("b"));
    feed.push(key(SDLK_TAB));
    feed.push(text("c"));
    feed.push(key(SDLK_TAB, KMOD_LSHIFT));
    CHECK(drained(feed) == "ttk|tk|");
}

TEST_CASE("moves come in order and complete, before whatever follows them") {
    EventFeed feed;
    feed.set_size(1000, 1000, 1);
    feed.push(finger(SDL_FINGERDOWN, 1, 0, 0));
    for (int i = 1; i <= 50; ++i) feed.push(finger(SDL_FINGERMOTION, 1, static_cast<float>(i) / 1000, 0));
    feed.push(finger(SDL_FINGERUP, 1, 0.05F, 0));
    CHECK(feed.take_moves().empty());
    feed.take_batch();
    auto moves = feed.take_moves();
    REQUIRE(moves.size() == 50);
    for (std::size_t i = 0; i < 50; ++i) CHECK(moves[i].x == doctest::Approx(static_cast<double>(i + 1)));
    CHECK(drained(feed) == "u|");
}

TEST_CASE("a pointer that the window loses is let go, once") {
    EventFeed feed;
    feed.cancel();
    CHECK_FALSE(feed.pending());
    feed.push(finger(SDL_FINGERDOWN, 1, 0.5F, 0.5F));
    feed.cancel();
    CHECK_FALSE(feed.push(finger(SDL_FINGERUP, 1, 0.5F, 0.5F)));
    CHECK(drained(feed) == "d|c|");
}
