// fingers OUT: signs in a real window by SDL's finger and pen events alone, with other fingers and a palm in the way.
// OUT/store holds a ceremony that is open; the certificate is laid out in OUT/certificates.
#include <iostream>

#include "window_hand.h"
#include "x_offence.h"

namespace {

using namespace kiosk;
using window_hand::RealWindow;

constexpr int points = 60;

void expect_ink(RealWindow& window, std::size_t strokes, std::size_t least_points) {
    std::string found;
    window.until(
        "a palm wrote, or the pen did not: there should be " + std::to_string(strokes) + " strokes",
        [&](App& app, FrameLoop&) {
            const auto* visiting = std::get_if<Visiting>(&app.state().life);
            const auto* sign = visiting ? std::get_if<SignStep>(&visiting->step) : nullptr;
            const auto* beside = visiting ? std::get_if<MunicipalityStep>(&visiting->step) : nullptr;
            const core::Ink* ink = nullptr;
            if (sign) ink = &visiting->visit.signatories[static_cast<std::size_t>(sign->who)].signature.ink;
            if (beside) ink = &visiting->visit.municipal[static_cast<std::size_t>(beside->who)].signature.ink;
            if (ink == nullptr || ink->strokes.size() != strokes) return false;
            // Every event is a point, except those that end where the one before stood.
            std::size_t count = 0;
            for (const auto& stroke : ink->strokes) count += stroke.points.size();
            return count >= least_points && count <= least_points + strokes;
        });
}

// Two strokes by a finger that presses; other fingers come, slide and go meanwhile.
void sign_by_finger(RealWindow& window) {
    auto area = window.area().rect;
    for (int stroke = 0; stroke < 2; ++stroke) {
        wave(window, area, points, [&](int i, float x, float y) {
            if (stroke == 1) y -= area.height * 0.3F;
            window.finger(i == 0 ? SDL_FINGERDOWN : SDL_FINGERMOTION, 1, x, y, 0.4F);
            float low = area.y + area.height * 0.95F;
            if (i == 10) window.finger(SDL_FINGERDOWN, 2, x, low);
            if (i == 15) window.finger(SDL_FINGERDOWN, 3, area.x + 9, low);
            if (i > 15 && i < 40) window.finger(SDL_FINGERMOTION, 2, x + 3, low);
            if (i == 40) window.finger(SDL_FINGERUP, 2, x, low);
            if (i == points - 1) window.finger(SDL_FINGERUP, 1, x, y);
        });
        window.finger(SDL_FINGERUP, 3, area.x + 9, area.y + area.height * 0.95F);
    }
    expect_ink(window, 2, 2 * points);
}

// A palm lies on the glass before the pen comes, moves with it, and rolls on it between two strokes.
void sign_by_pen(RealWindow& window) {
    auto area = window.area().rect;
    float palm_x = area.x + area.width * 0.7F, palm_y = area.y + area.height * 0.9F;
    window.finger(SDL_FINGERDOWN, 4, palm_x, palm_y);
    window.finger(SDL_FINGERMOTION, 4, palm_x + 2, palm_y);
    RealWindow::wait_ms(100);
    for (int stroke = 0; stroke < 2; ++stroke) {
        wave(window, area, points, [&](int i, float x, float y) {
            if (stroke == 1) y -= area.height * 0.3F;
            window.pen(i == 0 ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEMOTION, x, y);
            window.finger(SDL_FINGERMOTION, 4, palm_x + static_cast<float>(i), palm_y);
            if (i < points - 1) return;
            window.pen(SDL_MOUSEBUTTONUP, x, y);
            window.finger(SDL_FINGERUP, 4, palm_x, palm_y);
            window.finger(SDL_FINGERDOWN, 5 + stroke, palm_x, palm_y);
        });
        window.finger(SDL_FINGERMOTION, 5 + stroke, palm_x + 30, palm_y);
        window.finger(SDL_FINGERUP, 5 + stroke, palm_x + 30, palm_y);
    }
    expect_ink(window, 2, 2 * points);
}

void sign(RealWindow& window) {
    window.until("this is no window of X",
                 [](App&, FrameLoop& loop) { return offend_the_x_server(loop.window().sdl()); });
    to_the_signature(window);
    sign_by_finger(window);
    window.tap("Fortsätt");
    window.see("Stämmer allt?");
    window.leaf();
    window.tap("Skriv under överenskommelsen");
    window.see("Nu skriver");
    sign_by_pen(window);
    RealWindow::wait_ms(500);  // until no finger is a palm any more
    window.tap("Försegla");
    window.see("Ert intyg har nummer");
    window.until("the pen's moves did not go straight to the ink",
                 [](App&, FrameLoop& loop) { return loop.counts().ink_events >= 2 * 2 * (points - 2); });
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: fingers OUT\n";
        return 2;
    }
    try {
        RealWindow window(argv[1], RoomPlace::nowhere);
        auto failure = window.run(sign);
        if (failure.empty()) failure = window.deliver();
        if (!failure.empty()) throw window_hand::Failed(failure);
    } catch (const std::exception& failed) {
        std::cerr << "FAILED: " << failed.what() << "\n";
        return 1;
    }
    std::cout << "Signed by fingers and a pen in a real window.\n";
    return 0;
}
