#include "kiosk/platform/journey.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/text.h"
#include "kiosk/platform/journey_buttons.h"
#include "kiosk/platform/signatures.h"

namespace kiosk {
namespace {

constexpr int poll_ms = 10;

std::optional<double> number(std::string_view text) {
    double value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

core::Error wrong(std::string why) { return {core::Errc::not_found, std::move(why)}; }

class Runner {
  public:
    Runner(std::string name, JourneyHost& host)
        : name_(std::move(name)), host_(host), buttons_alone_(host.buttons_alone) {}

    core::Status run(const std::vector<JourneyStep>& steps) {
        for (const auto& step : steps) {
            if (host_.on_step) host_.on_step(step);
            loop().settle();
            auto status = act(step);
            loop().settle();
            if (!status.ok()) return failed(step, status.error());
        }
        return {};
    }

  private:
    FrameLoop& loop() { return host_.loop(); }
    Hand& hand() {
        if (!hand_ || hand_of_ != &loop())
            hand_ = std::make_unique<Hand>(loop(), host_.pace), hand_of_ = &loop();
        return *hand_;
    }

    std::vector<std::string> ways(const std::string& text) {
        return host_.ways ? host_.ways(text) : std::vector<std::string>{text};
    }

    core::Status act(const JourneyStep& step) {
        const auto& a = step.arguments;
        if (step.verb == "tap") return a.size() == 3 ? tap(a[0], a[2]) : tap(a[0], {});
        if (step.verb == "buttons") {
            buttons_alone_ = true;
            return {};
        }
        bool draws = step.verb == "sign" || step.verb == "stroke" || step.verb == "scribble";
        if (buttons_alone_ && (draws || step.verb == "hold")) return wrong("two buttons cannot do that");
        if (step.verb == "hold") return hold(a[0]);
        if (step.verb == "see") return see(a[0]);
        if (step.verb == "not") return see_not(a[0]);
        if (step.verb == "type") return type(a[0]);
        if (step.verb == "fill") return fill(a[0], a[1]);
        if (step.verb == "key") return press(a[0]);
        if (step.verb == "tab") return tab_to(a[0]);
        if (step.verb == "sign") return sign(a[0]);
        if (step.verb == "leaf") return leaf();
        if (step.verb == "stroke") return stroke(a);
        if (step.verb == "scribble") return scribble(a[0]);
        if (step.verb == "screenshot") return loop().screenshot(host_.picture_dir / (a[0] + ".png"));
        if (step.verb == "wait") return wait(a[0]);
        if (step.verb == "resize") return resize(a[0]);
        if (step.verb == "size" || step.verb == "contrast") return look(step.verb, a[0]);
        if (step.verb == "restart")
            return host_.restart ? host_.restart() : wrong("this program cannot restart");
        if (step.verb == "stick") {
            if (a[0] != "in" && a[0] != "out") return wrong("write: stick in|out");
            return host_.stick ? host_.stick(a[0] == "in") : wrong("this program has no stick");
        }
        auto found = host_.hands.find(a[0]);
        if (found == host_.hands.end()) return wrong("this program has no hand called \"" + a[0] + "\"");
        return found->second({a.begin() + 1, a.end()});
    }

    // Turns frames until `find` answers or time is up; what is on another page of the screen is paged to,
    // down to the last page and then up again.
    const SemanticNode* wait_for(const std::function<const SemanticNode*(const SemanticTree&)>& find) {
        auto until = SDL_GetTicks64() + static_cast<Uint64>(host_.timeout_ms);
        bool downwards = true;
        while (true) {
            const SemanticNode* node = find(loop().semantics());
            // "Next" turns pages by itself, to whatever can be operated.
            bool is_there = node != nullptr && (node->on_screen || (buttons_alone_ && operable(node->role)));
            if (is_there) return node;
            if (SDL_GetTicks64() >= until) return nullptr;
            if (node != nullptr && turn_page(downwards)) continue;
            if (node != nullptr) downwards = !downwards;
            if (!loop().turn(poll_ms)) return nullptr;
        }
    }

    bool turn_page(bool downwards) {
        auto find = [&](const SemanticTree& tree) {
            return tree.find_operable(loop().ui().say(downwards ? "ui.more" : "ui.up"));
        };
        const auto* button = find(loop().semantics());
        if (button == nullptr || !button->on_screen) return false;
        return operate(*button, find).ok();
    }

    Buttons buttons() { return {loop(), hand(), host_.effort}; }

    // By finger, or by buttons, that come to it only by what they find on the way.
    core::Status operate(const SemanticNode& node, const Buttons::Find& find) {
        if (buttons_alone_) return buttons().choose(find);
        tap_node(node);
        return {};
    }

    void tap_node(const SemanticNode& node) {
        Rect r = node.rect;
        ++host_.effort.taps;
        hand().tap(r.x + r.width / 2, r.y + r.height / 2);
    }

    core::Status tap(const std::string& label, const std::string& near) {
        auto find = [&](const SemanticTree& tree) -> const SemanticNode* {
            for (const auto& way : ways(label)) {
                if (near.empty()) {
                    if (const auto* found = tree.find_operable(way)) return found;
                    continue;
                }
                for (const auto& near_way : ways(near))
                    if (const auto* found = tree.find_operable(way, near_way)) return found;
            }
            return nullptr;
        };
        const auto* node = wait_for(find);
        if (node == nullptr)
            return wrong("nothing to tap is called \"" + label + "\"" +
                         (near.empty() ? "" : " after \"" + near + "\""));
        return operate(*node, find);
    }

    core::Status hold(const std::string& label) {
        const auto* node = wait_for([&](const SemanticTree& tree) { return tree.find_operable(label); });
        if (node == nullptr) return wrong("nothing to hold is called \"" + label + "\"");
        float x = node->rect.x + node->rect.width / 2, y = node->rect.y + node->rect.height / 2;
        hand().down(x, y);
        auto until = SDL_GetTicks64() + 600;
        while (SDL_GetTicks64() < until && loop().turn(poll_ms)) {
        }
        hand().up(x, y);
        return {};
    }

    core::Status see(const std::string& text) {
        auto shown = [&](const SemanticTree& tree) -> const SemanticNode* {
            for (const auto& way : ways(text))
                if (const auto* found = tree.find_shown(way)) return found;
            return nullptr;
        };
        if (wait_for(shown) == nullptr) return wrong("\"" + text + "\" is not to be seen");
        return {};
    }

    core::Status see_not(const std::string& text) {
        for (const auto& way : ways(text))
            if (loop().semantics().shows(way))
                return wrong("\"" + way + "\" is to be seen and should not be");
        return {};
    }

    core::Status fill(const std::string& label, const std::string& text) {
        auto field = [&](const SemanticTree& tree) -> const SemanticNode* {
            const SemanticNode* start = nullptr;
            for (const auto& way : ways(label))
                for (const auto& n : tree.nodes) {
                    if (n.role != Role::field || !n.enabled) continue;
                    if (n.label == way) return &n;
                    if (start == nullptr && n.label.starts_with(way)) start = &n;
                }
            return start;
        };
        const auto* node = wait_for(field);
        if (node == nullptr) return wrong("no field is called \"" + label + "\"");
        if (buttons_alone_) {
            TRY(buttons().go_to(field));
            TRY(buttons().erase_all());
            TRY(buttons().write(text));
            return buttons().done();
        }
        tap_node(*node);
        hand().key(SDLK_a, KMOD_CTRL);
        hand().key(SDLK_BACKSPACE);
        return type(text);
    }

    core::Status type(const std::string& text) {
        if (buttons_alone_) return buttons().write(text);
        ++host_.effort.keystrokes;
        hand().type(text);
        return {};
    }

    core::Status press(const std::string& key) {
        static const std::map<std::string, std::pair<SDL_Keycode, Uint16>> keys{
            {"Tab", {SDLK_TAB, KMOD_NONE}},
            {"Shift+Tab", {SDLK_TAB, KMOD_LSHIFT}},
            {"Enter", {SDLK_RETURN, KMOD_NONE}},
            {"Return", {SDLK_RETURN, KMOD_NONE}},
            {"Space", {SDLK_SPACE, KMOD_NONE}},
            {"Escape", {SDLK_ESCAPE, KMOD_NONE}},
            {"Backspace", {SDLK_BACKSPACE, KMOD_NONE}},
            {"Left", {SDLK_LEFT, KMOD_NONE}},
            {"Right", {SDLK_RIGHT, KMOD_NONE}},
            {"Up", {SDLK_UP, KMOD_NONE}},
            {"Down", {SDLK_DOWN, KMOD_NONE}},
            {"Home", {SDLK_HOME, KMOD_NONE}},
            {"End", {SDLK_END, KMOD_NONE}},
            {"PageUp", {SDLK_PAGEUP, KMOD_NONE}},
            {"PageDown", {SDLK_PAGEDOWN, KMOD_NONE}}};
        auto found = keys.find(key);
        if (found == keys.end()) return wrong("there is no key \"" + key + "\"");
        bool button = found->second.first == SDLK_TAB || found->second.first == SDLK_RETURN;
        if (buttons_alone_ && (!button || key == "Shift+Tab")) return wrong("two buttons cannot do that");
        ++host_.effort.keystrokes;
        hand().key(found->second.first, found->second.second);
        return {};
    }

    core::Status tab_to(const std::string& label) {
        constexpr int most_tabs = 120;  // more than any screen has stops
        for (int i = 0; i < most_tabs; ++i) {
            hand().key(SDLK_TAB);
            loop().settle();
            auto labels = ways(label);
            for (const auto& node : loop().semantics().nodes)
                if (node.focused && std::any_of(labels.begin(), labels.end(), [&](const std::string& way) {
                        return node.label.starts_with(way);
                    }))
                    return {};
        }
        return wrong("Tab never comes to \"" + label + "\"");
    }

    std::optional<Rect> sign_area() {
        const auto* node = wait_for([](const SemanticTree& tree) -> const SemanticNode* {
            for (const auto& n : tree.nodes)
                if (n.role == Role::sign_area && n.enabled) return &n;
            return nullptr;
        });
        if (node == nullptr) return std::nullopt;
        return node->rect;
    }

    // As a reader who wants to see all of it.
    core::Status leaf() {
        loop().settle();
        if (buttons_alone_) return buttons().leaf();
        for (int turned = 0; turned < 100; ++turned) {
            const auto& nodes = loop().semantics().nodes;
            auto more = std::find_if(nodes.begin(), nodes.end(),
                                     [](const SemanticNode& n) { return n.id == "more"; });
            if (more == nodes.end()) return {};
            tap_node(*more);
            loop().settle();
        }
        return wrong("the pages of this screen have no end");
    }

    core::Status sign(const std::string& name) {
        auto signature = draw_signature(name);
        if (!signature) {
            return wrong("\"" + name + "\" has no letters to write: sign \"Åsa Öberg\"");
        }
        auto area = sign_area();
        if (!area) return wrong("there is no place to sign");
        float height = std::min(area->height * 0.62F, area->width * 0.72F / signature->width);
        float left = area->x + (area->width - height * signature->width) / 2,
              top = area->y + area->height * 0.80F - height;
        for (std::size_t s = 0; s < signature->strokes.size(); ++s) {
            hand().wait_ms(signature->pauses_ms[s]);
            const auto& stroke = signature->strokes[s];
            for (std::size_t i = 0; i < stroke.size(); ++i) {
                float x = left + stroke[i].x * height, y = top + stroke[i].y * height;
                if (i > 0) hand().wait_ms(stroke[i].t_ms - stroke[i - 1].t_ms);
                if (i == 0)
                    hand().down(x, y, stroke[i].pressure);
                else
                    hand().move(x, y, stroke[i].pressure);
                if (i % 64 == 63) loop().settle();  // SDL's queue is long, not endless
            }
            hand().up(left + stroke.back().x * height, top + stroke.back().y * height);
            loop().settle();
        }
        return {};
    }

    core::Status stroke_px(const std::vector<std::pair<float, float>>& points) {
        hand().down(points.front().first, points.front().second);
        for (std::size_t i = 1; i < points.size(); ++i) {
            hand().wait_ms(8);
            hand().move(points[i].first, points[i].second);
            if (i % 64 == 63) loop().settle();
        }
        hand().up(points.back().first, points.back().second);
        loop().settle();
        return {};
    }

    core::Status stroke(const std::vector<std::string>& places) {
        auto area = sign_area();
        if (!area) return wrong("there is no place to sign");
        std::vector<std::pair<float, float>> points;
        auto px = static_cast<float>(loop().theme().px_per_mm);
        for (const auto& place : places) {
            auto parts = core::split(place, ',');
            auto x = parts.size() == 2 ? number(parts[0]) : std::nullopt,
                 y = parts.size() == 2 ? number(parts[1]) : std::nullopt;
            if (!x || !y) return wrong("write points as 10,12 and not \"" + place + "\"");
            points.emplace_back(area->x + static_cast<float>(*x) * px, area->y + static_cast<float>(*y) * px);
        }
        return stroke_px(points);
    }

    core::Status scribble(const std::string& what) {
        auto area = sign_area();
        if (!area) return wrong("there is no place to sign");
        float x = area->x + area->width * 0.3F, y = area->y + area->height * 0.5F;
        if (what == "dot") return stroke_px({{x, y}, {x + 1, y}});
        if (what != "line") return wrong("write: scribble dot|line");
        std::vector<std::pair<float, float>> points;
        for (int i = 0; i <= 30; ++i)
            points.emplace_back(x + area->width * 0.4F * static_cast<float>(i) / 30, y);
        return stroke_px(points);
    }

    core::Status wait(std::string_view text) {
        if (!text.ends_with("ms")) return wrong("write: wait 500ms");
        auto ms = number(text.substr(0, text.size() - 2));
        if (!ms || *ms < 0) return wrong("write: wait 500ms");
        auto until = SDL_GetTicks64() + static_cast<Uint64>(*ms);
        while (SDL_GetTicks64() < until && loop().turn(poll_ms)) {
        }
        return {};
    }

    core::Status resize(std::string_view text) {
        auto parts = core::split(text, 'x');
        auto width = parts.size() == 2 ? number(parts[0]) : std::nullopt,
             height = parts.size() == 2 ? number(parts[1]) : std::nullopt;
        if (!width || !height || *width < 320 || *height < 320 || *width > 8000 || *height > 8000)
            return wrong("write: resize 1920x1200");
        loop().resize(static_cast<int>(*width), static_cast<int>(*height));
        return {};
    }

    core::Status look(const std::string& verb, const std::string& value) {
        Theme theme = loop().theme();
        TextSize size = theme.text_size;
        Contrast contrast = theme.contrast;
        const std::map<std::string, TextSize> sizes{{"normal", TextSize::normal},
                                                    {"large", TextSize::large},
                                                    {"larger", TextSize::larger},
                                                    {"largest", TextSize::largest}};
        if (verb == "size") {
            auto found = sizes.find(value);
            if (found == sizes.end()) return wrong("write: size normal|large|larger|largest");
            size = found->second;
        } else {
            if (value != "light" && value != "high") return wrong("write: contrast light|high");
            contrast = value == "high" ? Contrast::high : Contrast::light;
        }
        if (host_.look)
            host_.look(size, contrast);
        else
            loop().set_theme(make_theme(
                contrast, size,
                contrast == Contrast::light && theme.contrast == Contrast::light ? theme.accent : core::Rgb{},
                theme.px_per_mm));
        loop().refresh();
        return {};
    }

    core::Status failed(const JourneyStep& step, const core::Error& error) {
        std::string asked = step.verb, labels;
        for (const auto& argument : step.arguments) asked += " \"" + argument + "\"";
        const auto& tree = loop().semantics();
        for (const auto& n : tree.nodes) {
            if (n.role == Role::key || n.label.empty()) continue;
            labels += "\n  " + std::string(to_string(n.role)) + " \"" + n.label + "\"" +
                      (n.enabled ? "" : " (off)") + (n.on_screen ? "" : " (other page)");
        }
        std::string stem = std::filesystem::path(name_).stem().string();
        auto picture = host_.picture_dir / ("failed-" + stem + "-" + std::to_string(step.line) + ".png");
        auto saved = loop().screenshot(picture);
        return core::Error{
            error.code,
            name_ + ":" + std::to_string(step.line) + ": " + asked + ": " + error.detail + "\non screen \"" +
                tree.screen + "\":" + labels + "\n" +
                (saved.ok() ? "picture: " + picture.string() : "no picture: " + saved.error().detail)};
    }

    std::string name_;
    JourneyHost& host_;
    bool& buttons_alone_;  // no finger and no other keys, from here on
    std::unique_ptr<Hand> hand_;
    FrameLoop* hand_of_ = nullptr;
};

}  // namespace

core::Status run_journey(const std::string& name, std::string_view text, JourneyHost& host) {
    CHECK_THAT(host.loop != nullptr);
    TRY_ASSIGN(auto steps, parse_journey(name, text, host.variables));
    return Runner(name, host).run(steps);
}

}  // namespace kiosk
