#include "monkey.h"

#include <algorithm>

#include "kiosk/platform/headless.h"
#include "kiosk/platform/signatures.h"

namespace monkey {
namespace {

using namespace kiosk;

constexpr int check_every = 100;  // steps between two leavings
constexpr int patience_turns = 3000;
const std::string pin = "739164";

struct Size {
    int width_px, height_px;
    double px_per_mm;
};
// Tablets at half their pixels: the same millimetres, and a quarter of the painting.
constexpr Size sizes[] = {
    {640, 400, 2.97}, {400, 640, 3.72}, {960, 600, 4.45}, {640, 480, 2.5}, {400, 400, 3.5}};

// Whose name is to be typed where a signature would be drawn.
std::optional<std::string> name_of_who_signs(const State& state) {
    auto of = [](const auto& signers, int who) { return &signers[static_cast<std::size_t>(who)]; };
    if (const auto* visiting = std::get_if<Visiting>(&state.life)) {
        if (const auto* sign = std::get_if<SignStep>(&visiting->step))
            return of(visiting->visit.signatories, sign->who)->name;
        if (const auto* step = std::get_if<MunicipalityStep>(&visiting->step))
            return of(visiting->visit.municipal, step->who)->signatory.name;
    }
    const auto* desk = std::get_if<Desk>(&state.life);
    const auto* closing = desk != nullptr ? std::get_if<DeskClosing>(&desk->page) : nullptr;
    if (closing == nullptr || closing->who < 0) return std::nullopt;
    return of(closing->municipal, closing->who)->signatory.name;
}

}  // namespace

Monkey::Monkey(Backstage& backstage, std::uint64_t seed, const std::filesystem::path& trail)
    : backstage_(backstage), random_(seed), seed_(seed), trail_(std::fopen(trail.c_str(), "w")) {
    CHECK_THAT(trail_ != nullptr);
}
Monkey::~Monkey() { std::fclose(trail_); }

void Monkey::note(const std::string& what) {
    std::fprintf(trail_, "%d\t%s\t%s\n", step_, loop().semantics().screen.c_str(), what.c_str());
    std::fflush(trail_);
}

core::Status Monkey::lost(const std::string& why) {
    std::string labels;
    for (const auto& n : loop().semantics().nodes)
        if (n.role != Role::key && !n.label.empty())
            labels += "\n  " + std::string(to_string(n.role)) + " \"" + n.label + "\"" +
                      (n.enabled ? "" : " (off)");
    return core::Error{core::Errc::not_found, "seed " + std::to_string(seed_) + ", step " +
                                                  std::to_string(step_) + ": " + why + "\non screen \"" +
                                                  loop().semantics().screen + "\":" + labels};
}

std::string Monkey::summary() const {
    return "seed " + std::to_string(seed_) + ": " + std::to_string(step_) + " steps over " +
           std::to_string(screens_.size()) + " screens; left " + std::to_string(left_by_hand_) +
           " times by hand and " + std::to_string(left_by_waiting_) + " by waiting";
}

core::Status Monkey::settle() {
    for (int i = 0; i < patience_turns; ++i) {
        loop().settle();
        if (backstage_.app().settled() && !std::holds_alternative<Starting>(state().life)) {
            screens_.insert(loop().semantics().screen);
            return {};
        }
        loop().turn(20);
    }
    return lost("it never comes to rest");
}

Monkey::Nodes Monkey::on_screen(bool keys) {
    Nodes nodes;
    for (const auto& n : loop().semantics().nodes)
        if (operable(n.role) && n.enabled && n.on_screen && n.rect.width > 0 && (n.role == Role::key) == keys)
            nodes.push_back(&n);
    return nodes;
}

void Monkey::tap(const SemanticNode& node) {
    Rect r = node.rect;
    note("tap " + std::string(to_string(node.role)) + " " + node.label + " at " +
         std::to_string(static_cast<int>(r.x + r.width / 2)) + "," +
         std::to_string(static_cast<int>(r.y + r.height / 2)));
    Hand(loop()).tap(r.x + r.width / 2, r.y + r.height / 2);
}

bool Monkey::tap_called(const char* message) {
    const auto* node = loop().semantics().find_operable(loop().ui().say(message));
    if (node == nullptr || !node->on_screen) return false;
    tap(*node);
    return true;
}

// --- at random

core::Status Monkey::step() {
    if (eager_ && !chance(8)) return be_eager(), core::Status{};
    int what = pick(1000);
    if (what < 380)
        tap_something();
    else if (what < 560)
        go_on();
    else if (what < 620)
        tick_all();
    else if (what < 760)
        fill_something();
    else if (what < 850)
        draw_something();
    else if (what < 890)
        touch_anywhere();
    else if (what < 935)
        press_a_key();
    else if (what < 970)
        change_the_look();
    else
        return change_the_world();
    return {};
}

void Monkey::tap_something() {
    auto nodes = on_screen(chance(15));
    if (!nodes.empty()) tap(*nodes[static_cast<std::size_t>(pick(static_cast<int>(nodes.size())))]);
}

void Monkey::be_eager() {
    Nodes rows, empty;
    const SemanticNode* more = nullptr;
    bool area = false;
    for (const auto* n : on_screen(false)) {
        if (n->role == Role::row) rows.push_back(n);
        if (n->role == Role::field && n->value.empty()) empty.push_back(n);
        if (n->id == "more") more = n;
        area = area || n->role == Role::sign_area;
    }
    int what = pick(100);
    if (std::holds_alternative<Attract>(state().life))
        tap_something();
    else if (!rows.empty() && what < 40)
        tap(*rows[static_cast<std::size_t>(pick(static_cast<int>(rows.size())))]);
    else if (area && what < 40)
        draw_something();
    else if (!empty.empty() && what < 65)
        fill(*empty.front());
    else if (what < 50)
        tick_all();
    else if (more != nullptr && what < 65)
        tap(*more);
    else
        go_on();
}

// The primary button is the last on screen.
void Monkey::go_on() {
    auto nodes = on_screen(false);
    auto last =
        std::find_if(nodes.rbegin(), nodes.rend(), [](const auto* n) { return n->role == Role::button; });
    if (last != nodes.rend()) tap(**last);
}

void Monkey::tick_all() {
    std::vector<std::string> labels;
    for (const auto* n : on_screen(false))
        if (n->role == Role::checkbox && !n->checked) labels.push_back(n->label);
    for (const auto& label : labels)
        if (const auto* box = loop().semantics().find_operable(label); box != nullptr && box->on_screen)
            tap(*box);
}

void Monkey::fill_something() {
    Nodes fields;
    for (const auto* n : on_screen(false))
        if (n->role == Role::field) fields.push_back(n);
    if (!fields.empty()) fill(*fields[static_cast<std::size_t>(pick(static_cast<int>(fields.size())))]);
}

void Monkey::fill(const SemanticNode& field) {
    auto text = text_for(field.id);
    tap(field);
    Hand hand(loop());
    hand.key(SDLK_a, KMOD_CTRL);
    hand.key(SDLK_BACKSPACE);
    note("type " + std::to_string(text.size()) + " bytes");
    hand.type(text);
    if (eager_) hand.key(SDLK_ESCAPE);  // the screen keyboard goes
}

std::string Monkey::text_for(const std::string& field) {
    auto is = [&](Field which) {
        return field.starts_with(field_id(which).substr(0, field_id(which).find('.')));
    };
    bool sensible = chance(85);
    if (sensible && is(Field::pin)) return pin;
    if (sensible && is(Field::passphrase))
        if (auto words = backstage_.passphrase(); words.ok()) return *words;
    if (sensible && is(Field::typed_name))
        if (auto name = name_of_who_signs(state())) return *name;
    if (sensible && is(Field::decision_date))
        return one_of({"2026-03-12", "12 mars 2026", "1 november 2026"});
    if (sensible && is(Field::email)) return one_of({"nagon@exempel.se", "", "å@ä.ö"});
    if (sensible && is(Field::phone)) return one_of({"070-174 06 05", "", "+46 70 174 06 05"});
    if (sensible && is(Field::organisationsnummer))
        return one_of({"899999-0065", "799999-0018", "", "811218-9876"});
    if (sensible && is(Field::search)) return one_of({"", "", "spring", "örnen", "caf", "finns inte"});
    if (sensible && eager_ && !is(Field::none))
        return one_of({"Åsa Öberg", "Šejla Begić", "Nätverket på Ågatan", "Styrelsen"});
    return one_of({"Åsa Öberg", "Nätverket på Ågatan", "Šejla Begić", "ordförande", "Styrelsen", "x", "", " ",
                   "😀 och 🎉", "𒀀", "0", "12345", "\"<&>'\\", std::string(300, 'm'), "två\nrader",
                   "\xE2\x81\xA2"});
}

void Monkey::draw_something() {
    Nodes areas;
    for (const auto* n : on_screen(false))
        if (n->role == Role::sign_area) areas.push_back(n);
    Hand hand(loop());
    auto signature = draw_signature("Åsa Öberg");
    if (areas.empty() || !signature) return touch_anywhere();
    Rect area = areas.front()->rect;
    if (chance(60)) {
        note("sign");
        float height = std::min(area.height * 0.6F, area.width * 0.7F / signature->width);
        for (const auto& stroke : signature->strokes) {
            for (std::size_t i = 0; i < stroke.size(); ++i) {
                float x = area.x + area.width * 0.1F + stroke[i].x * height,
                      y = area.y + area.height * 0.8F + (stroke[i].y - 1) * height;
                hand.wait_ms(8);
                i == 0 ? hand.down(x, y, 0.5F) : hand.move(x, y, 0.5F);
                if (i % 64 == 63) loop().settle();
            }
            hand.up(area.x, area.y);
            loop().settle();
        }
        return;
    }
    note("scribble");
    auto anywhere = [&](float from, float size) {
        return from + size * static_cast<float>(pick(140) - 20) / 100;
    };
    hand.down(anywhere(area.x, area.width), anywhere(area.y, area.height));
    for (int i = pick(30); i > 0; --i) {
        hand.wait_ms(pick(20));
        hand.move(anywhere(area.x, area.width), anywhere(area.y, area.height));
        if (chance(5)) loop().settle();
    }
    hand.up(anywhere(area.x, area.width), anywhere(area.y, area.height));
}

// One finger or two, that press, slide and let go where they like.
void Monkey::touch_anywhere() {
    note("touch anywhere");
    Hand hand(loop());
    auto x = [&] { return static_cast<float>(pick(loop().width_px())); };
    auto y = [&] { return static_cast<float>(pick(loop().height_px())); };
    int fingers = 1 + pick(2);
    for (int f = 0; f < fingers; ++f) hand.down(x(), y(), 0, f);
    for (int i = pick(6); i > 0; --i) {
        hand.move(x(), y(), 0, pick(fingers));
        if (chance(30)) loop().settle();
    }
    for (int f = 0; f < fingers; ++f) hand.up(x(), y(), f);
}

void Monkey::press_a_key() {
    static const SDL_Keycode keys[] = {SDLK_TAB,    SDLK_TAB,       SDLK_RETURN,   SDLK_SPACE,
                                       SDLK_ESCAPE, SDLK_BACKSPACE, SDLK_LEFT,     SDLK_UP,
                                       SDLK_DOWN,   SDLK_PAGEUP,    SDLK_PAGEDOWN, SDLK_HOME,
                                       SDLK_END,    SDLK_a,         SDLK_DELETE,   SDLK_RIGHT};
    static const Uint16 modifiers[] = {KMOD_NONE, KMOD_NONE, KMOD_NONE, KMOD_LSHIFT, KMOD_CTRL};
    auto key = keys[static_cast<std::size_t>(pick(std::size(keys)))];
    note("key " + std::string(SDL_GetKeyName(key)));
    Hand hand(loop());
    hand.key(key, modifiers[static_cast<std::size_t>(pick(std::size(modifiers)))]);
    if (chance(20)) hand.type(text_for(""));
}

void Monkey::change_the_look() {
    auto& app = backstage_.app();
    int what = pick(10);
    if (what < 5) {
        const auto& size = sizes[static_cast<std::size_t>(pick(std::size(sizes)))];
        note("resize " + std::to_string(size.width_px) + "x" + std::to_string(size.height_px));
        loop().resize(size.width_px, size.height_px, size.px_per_mm);
    } else if (what < 7) {
        note("text size");
        app.emit(SetTextSize{static_cast<TextSize>(pick(4))});
    } else if (what < 8) {
        note("contrast");
        app.emit(SetContrast{chance(50) ? Contrast::high : Contrast::light});
    } else {
        note("the display was gone and is back");
        bool held = chance(30) && press_somewhere();
        push(SDL_RENDER_DEVICE_RESET);
        push(SDL_WINDOWEVENT, SDL_WINDOWEVENT_FOCUS_LOST);
        push(SDL_WINDOWEVENT, SDL_WINDOWEVENT_EXPOSED);
        if (held) Hand(loop()).up(1, 1);
    }
}

void Monkey::push(Uint32 type, Uint8 window_event) {
    SDL_Event event{};
    event.type = type;
    if (type == SDL_DISPLAYEVENT) event.display.event = window_event;
    if (type == SDL_WINDOWEVENT) {
        event.window.windowID = SDL_GetWindowID(loop().window().sdl());
        event.window.event = window_event;
    }
    CHECK_THAT(SDL_PushEvent(&event) == 1);
}

bool Monkey::press_somewhere() {
    Nodes areas;
    for (const auto* n : on_screen(false))
        if (n->role == Role::sign_area) areas.push_back(n);
    Hand hand(loop());
    Rect r = areas.empty()
                 ? Rect{0, 0, static_cast<float>(loop().width_px()), static_cast<float>(loop().height_px())}
                 : areas.front()->rect;
    auto x = [&] { return r.x + static_cast<float>(pick(100)) / 100 * r.width; };
    auto y = [&] { return r.y + static_cast<float>(pick(100)) / 100 * r.height; };
    hand.down(x(), y());
    for (int i = 1 + pick(5); i > 0; --i) hand.wait_ms(8), hand.move(x(), y());
    loop().settle();
    return true;
}

// A projector comes, or goes, perhaps while a pen is down; then it does so once the pen is up.
void Monkey::plug_the_room() {
    static constexpr int widths[] = {320, 640, 960};
    bool in = loop().room() == nullptr;
    bool held = chance(40) && press_somewhere();
    note(std::string("the room's screen ") + (in ? "comes" : "goes") + (held ? " under the pen" : ""));
    auto* before = loop().room();
    int width = widths[pick(3)];
    loop().place_room(in ? RoomPlace::headless : RoomPlace::nowhere, width, width * 9 / 16);
    push(SDL_DISPLAYEVENT, in ? SDL_DISPLAYEVENT_CONNECTED : SDL_DISPLAYEVENT_DISCONNECTED);
    loop().settle();
    if (loop().pen_is_down()) CHECK_THAT(loop().room() == before);
    if (held) Hand(loop()).up(1, 1);
    loop().settle();
    CHECK_THAT((loop().room() != nullptr) == in);
}

// The cover is closed over whatever was going on, and opened later; the clock may be another by then.
void Monkey::fall_asleep() {
    static constexpr int spans_s[] = {3, 40, 130, 170, 500, 4'000, 90'000};
    constexpr int most_moved_s = 1'800;
    bool held = chance(50) && press_somewhere();
    int slept_s = spans_s[static_cast<std::size_t>(pick(std::size(spans_s)))];
    std::int64_t moved_s = chance(30) ? pick(2 * most_moved_s) - most_moved_s - clock_moved_s_ : 0;
    clock_moved_s_ += moved_s;
    note("asleep for " + std::to_string(slept_s) + " s" + (held ? " under the pen" : "") +
         (moved_s != 0 ? ", the clock moved by " + std::to_string(moved_s) + " s" : ""));
    backstage_.travel(slept_s);
    backstage_.move_clock(moved_s);
    if (chance(50)) push(SDL_RENDER_DEVICE_RESET);
    if (chance(50)) push(SDL_WINDOWEVENT, SDL_WINDOWEVENT_FOCUS_LOST);
    if (chance(50)) push(SDL_DISPLAYEVENT, SDL_DISPLAYEVENT_ORIENTATION);
    push(SDL_WINDOWEVENT, SDL_WINDOWEVENT_EXPOSED);
    if (held) Hand(loop()).up(1, 1);
}

core::Status Monkey::change_the_world() {
    int what = pick(100);
    if (what < 3) {
        note("restart");
        return backstage_.restart();
    }
    if (what < 40) {
        int seconds = chance(80) ? pick(100) : pick(1000);
        note("wait " + std::to_string(seconds) + " s");
        backstage_.travel(seconds);
        return {};
    }
    if (what < 48) return fall_asleep(), core::Status{};
    if (what < 56) return plug_the_room(), core::Status{};
    if (what < 66) {
        note("headphones");
        backstage_.app().answer(HeadphonesChanged{chance(50) ? Jack::in : Jack::out});
        return {};
    }
    bool host = what < 83;
    bool& in = host ? host_stick_ : visitor_stick_;
    in = !in;
    note(std::string(host ? "host's" : "visitor's") + " stick " + (in ? "in" : "out"));
    return host ? backstage_.host_stick(in) : backstage_.visitor_stick(in);
}

core::Status Monkey::walk(int steps) {
    for (int i = 0; i < steps; ++i) {
        ++step_;
        TRY(settle());
        TRY(step());
        if (state().ended) {  // the host did; somebody starts it again
            note("ended");
            TRY(backstage_.restart());
        }
        loop().refresh();
        TRY(settle());
        if (std::holds_alternative<CannotStart>(state().life)) return lost("the kiosk cannot start");
        if (on_screen(false).empty()) return lost("nothing on screen can be operated");
        if (step_ % check_every != 0) continue;
        TRY(step_ / check_every % 3 == 0 ? leave_by_waiting() : leave_by_hand());
        eager_ = chance(60);
    }
    return leave_by_hand();
}

}  // namespace monkey
