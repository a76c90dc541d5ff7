#include <cmath>
#include <filesystem>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>

#include "demo.h"
#include "kiosk/platform/png.h"

using namespace kiosk;

namespace {

Rect signing_area(demo::Stage& stage) {
    for (const auto& n : stage.loop().semantics().nodes)
        if (n.role == Role::sign_area) return n.rect;
    FAIL("no signing area");
    return {};
}

// How many pixels of a rectangle are as dark as ink.
int dark_pixels(const core::Image& image, Rect r) {
    int dark = 0;
    for (int y = static_cast<int>(r.y); y < static_cast<int>(r.y + r.height); ++y)
        for (int x = static_cast<int>(r.x); x < static_cast<int>(r.x + r.width); ++x)
            if (image.rgba[(static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width_px) +
                            static_cast<std::size_t>(x)) *
                           4] < 90)
                ++dark;
    return dark;
}

}  // namespace

TEST_CASE("nothing is drawn and no pass is run when nothing happens") {
    demo::Stage stage;
    auto before = stage.loop().counts();
    for (int i = 0; i < 5; ++i) CHECK(stage.loop().turn(10));
    CHECK(stage.loop().counts().passes == before.passes);
    CHECK(stage.loop().counts().pages == before.pages);
}

TEST_CASE("an event that changes nothing on screen paints nothing") {
    demo::Stage stage;
    stage.hand->tap(3, 400);
    auto before = stage.loop().counts();
    stage.hand->tap(3, 400);
    CHECK(stage.loop().counts().passes > before.passes);
    CHECK(stage.loop().counts().pages == before.pages);
}

TEST_CASE("wake() from another thread runs a pass") {
    demo::Stage stage;
    auto before = stage.loop().counts().passes;
    std::thread other([&] { stage.loop().wake(); });
    CHECK(stage.loop().turn(5000));
    other.join();
    stage.loop().settle();
    CHECK(stage.loop().counts().passes > before);
}

TEST_CASE("a screen that asks to be woken is, and only then") {
    demo::Stage stage;
    int passes = 0;
    stage.loop().set_draw([&](Ui& ui) {
        FrameSpec spec;
        spec.screen = "countdown";
        ui.begin_frame(spec);
        if (++passes < 6) ui.wake_after(30);
        ui.end_frame();
    });
    stage.loop().settle();
    int at_first = passes;
    CHECK(at_first < 6);
    auto until = SDL_GetTicks64() + 30'000;
    while (passes < 6 && SDL_GetTicks64() < until) stage.loop().turn(100);
    CHECK(passes >= 6);
    int at_end = passes;
    stage.loop().turn(80);
    CHECK(passes == at_end);
}

TEST_CASE("a press and a release that come together are a tap") {
    demo::Stage stage;
    Rect r = stage.node("Börja").rect;
    for (int i = 0; i < 3; ++i) {
        stage.hand->down(r.x + 20, r.y + 20);
        stage.hand->up(r.x + 20, r.y + 20);
    }
    stage.loop().settle();
    CHECK(stage.demo.pressed == 3);
}

TEST_CASE("a finger that slides off, or that a second one joins, does not press") {
    demo::Stage stage;
    Rect r = stage.node("Börja").rect;
    stage.hand->down(r.x + 20, r.y + 20);
    stage.hand->move(r.x + 20, r.y + 300);
    stage.hand->up(r.x + 20, r.y + 300);
    stage.loop().settle();
    CHECK(stage.demo.pressed == 0);
    stage.hand->down(r.x + 20, r.y + 20, 0, 1);
    stage.loop().settle();
    stage.hand->up(r.x + 20, r.y + 20, 2);
    stage.loop().settle();
    CHECK(stage.demo.pressed == 0);
    stage.hand->up(r.x + 20, r.y + 20, 1);
    stage.loop().settle();
    CHECK(stage.demo.pressed == 1);
}

TEST_CASE("every event of the pen arrives, in the area's own micrometres, with time that never falls") {
    demo::Stage stage;
    stage.show("sign");
    Rect area = signing_area(stage);
    auto px_per_mm = stage.loop().theme().px_per_mm;
    auto pages = stage.loop().counts().pages;
    stage.hand->down(area.x + 100, area.y + 100, 0.5F);
    for (int i = 1; i <= 500; ++i) {
        stage.hand->wait_ms(5);
        stage.hand->move(area.x + 100 + static_cast<float>(i),
                         area.y + 100 + 40 * std::sin(static_cast<float>(i) / 20), 0.5F);
        if (i % 7 == 0) stage.loop().turn(0);
    }
    CHECK(stage.loop().counts().ink_frames > 20);
    CHECK(stage.loop().counts().ink_events > 400);
    CHECK(stage.loop().counts().late_ink_events == 0);
    CHECK(stage.loop().counts().pages <= pages + 2);  // the page is not painted for the pen
    stage.hand->up(area.x + 600, area.y + 100);
    stage.loop().settle();
    REQUIRE(stage.demo.ink_events.size() == 502);
    std::int32_t before = 0;
    for (std::size_t i = 0; i < 501; ++i) {
        const auto& p = stage.demo.ink_events[i].point;
        CHECK(p.x_um == doctest::Approx((100.0 + static_cast<double>(i)) / px_per_mm * 1000).epsilon(0.002));
        CHECK(p.t_ms >= before);
        before = p.t_ms;
    }
    CHECK(stage.demo.ink_events[0].point.t_ms == 0);
    CHECK(stage.demo.ink_events[1].point.pressure == 500);
    CHECK(stage.demo.ink_events.back().what == InkAnswer::Event::What::end);
}

TEST_CASE("ink is seen while the pen is down, stays when it lifts, and goes with undo") {
    demo::Stage stage;
    stage.show("sign");
    Rect area = signing_area(stage);
    Rect top{area.x + 20, area.y + 20, area.width - 40, area.height * 0.4F};
    CHECK(dark_pixels(*stage.loop().picture(), top) == 0);
    stage.hand->down(top.x + 10, top.y + 20);
    for (int i = 1; i <= 60; ++i)
        stage.hand->wait_ms(8), stage.hand->move(top.x + 10 + static_cast<float>(i) * 5,
                                                 top.y + 20 + static_cast<float>(i % 20) * 3);
    stage.loop().turn(0), stage.loop().turn(0);
    int while_down = dark_pixels(*stage.loop().picture(), top);
    CHECK(while_down > 300);
    stage.hand->up(top.x + 310, top.y + 20);
    stage.loop().settle();
    int after = dark_pixels(*stage.loop().picture(), top);
    CHECK(after > 300);
    CHECK(std::abs(after - while_down) < while_down / 4);
    stage.tap("Ångra");
    CHECK(dark_pixels(*stage.loop().picture(), top) == 0);
    CHECK(stage.demo.ink.empty());
}

TEST_CASE("a new size of display keeps the drawing") {
    demo::Stage stage;
    stage.show("sign");
    Rect area = signing_area(stage);
    stage.hand->down(area.x + 100, area.y + 60);
    for (int i = 1; i <= 60; ++i)
        stage.hand->wait_ms(8), stage.hand->move(area.x + 100 + static_cast<float>(i) * 5,
                                                 area.y + 60 + static_cast<float>(i % 20) * 3);
    stage.hand->up(area.x + 400, area.y + 60);
    stage.loop().settle();
    stage.loop().resize(800, 1280);
    stage.loop().settle();
    CHECK(stage.loop().width_px() == 800);
    REQUIRE(stage.demo.ink.strokes.size() == 1);
    CHECK(stage.demo.ink.strokes[0].points.size() == 62);
    Rect now = signing_area(stage);
    CHECK(dark_pixels(*stage.loop().picture(), {now.x + 4, now.y + 4, now.width - 8, now.height - 8}) > 200);
}

TEST_CASE("a missing font is said at the start, with the file's name") {
    FrameLoopOptions options;
    options.font_dir = "/nonexistent/fonts";
    auto opened = open_headless(options);
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().code == core::Errc::missing_font);
    CHECK(opened.error().detail.find("NotoSerif-Regular.ttf") != std::string::npos);

    auto dir = std::filesystem::temp_directory_path() / "handslag-ui-fonts";
    std::filesystem::create_directories(dir);
    for (const auto& entry : std::filesystem::directory_iterator(Fonts::default_dir()))
        if (entry.path().filename().string().starts_with("NotoS")) {
            std::error_code ignored;
            std::filesystem::create_symlink(entry.path(), dir / entry.path().filename(), ignored);
        }
    std::filesystem::remove(dir / "NotoSans-Bold.ttf");
    std::ofstream(dir / "NotoSans-Bold.ttf") << std::string(4096, 'x');
    options.font_dir = dir;
    auto broken = open_headless(options);
    REQUIRE_FALSE(broken.ok());
    CHECK(broken.error().code == core::Errc::missing_font);
    CHECK(broken.error().detail.find("NotoSans-Bold.ttf") != std::string::npos);
    std::filesystem::remove_all(dir);
}

TEST_CASE("the fonts have the letters of the country's languages") {
    auto fonts = Fonts::open();
    REQUIRE(fonts.ok());
    for (auto face : {core::Face::sans, core::Face::sans_bold, core::Face::serif, core::Face::serif_bold,
                      core::Face::serif_italic})
        for (char32_t c : U"åäöÅÄÖéüčđŋšŧžČĐŊŠŦŽáÁǧǥǩʒǯńłøæïÿ”’–…·•§€")
            if (c != 0) CHECK((*fonts)->can_draw(face, c));
}

TEST_CASE("a picture survives PNG, and what is no PNG is refused") {
    core::Image image{3, 2, {}};
    for (int i = 0; i < 24; ++i) image.rgba.push_back(static_cast<std::uint8_t>(i * 10));
    auto bytes = encode_png(image);
    REQUIRE(bytes.ok());
    auto back = decode_png(*bytes);
    REQUIRE(back.ok());
    CHECK(back->width_px == 3);
    CHECK(back->rgba == image.rgba);
    bytes->resize(bytes->size() / 2);
    CHECK_FALSE(decode_png(*bytes).ok());
    CHECK(decode_png(core::to_bytes("not a picture")).error().code == core::Errc::malformed);
}

TEST_CASE("ink ahead of a pen that stands still is taken back by itself, without a pass") {
    demo::Stage stage;
    stage.show("sign");
    auto area = signing_area(stage);
    Hand& hand = *stage.hand;
    hand.down(area.x + 100, area.y + 100);
    stage.loop().settle();
    for (int i = 1; i <= 12; ++i)
        hand.wait_ms(8), hand.move(area.x + 100 + static_cast<float>(i) * 5, area.y + 100);
    stage.loop().settle();
    REQUIRE(Ui::Platform::ink_is_ahead(stage.loop().ui()));
    auto before = stage.loop().counts();
    for (int i = 0; i < 50 && Ui::Platform::ink_is_ahead(stage.loop().ui()); ++i) stage.loop().turn(1000);
    CHECK_FALSE(Ui::Platform::ink_is_ahead(stage.loop().ui()));
    CHECK(stage.loop().counts().passes == before.passes);
    CHECK(stage.loop().counts().ink_frames == before.ink_frames + 1);
    hand.up(area.x + 160, area.y + 100);
    stage.loop().settle();
}
