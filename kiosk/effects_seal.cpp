// The seal's mark for the screen. On paper it is the look of the signature itself and no part of the page, so
// it is read from what the PDF draws: moves, lines, curves, strokes and their width.
#include <cmath>
#include <sstream>

#include "core/certificate/seal_mark.h"
#include "core/certificate/structure.h"
#include "kiosk/effects_clerk.h"

namespace kiosk {
namespace {

constexpr double um_per_point = 25'400.0 / 72.0;

core::InkOutline thick_line(core::InkVec a, core::InkVec b, double width_um) {
    double length = std::hypot(b.x - a.x, b.y - a.y), half = width_um / 2;
    double along_x = length > 0 ? (b.x - a.x) / length * half : half,
           along_y = length > 0 ? (b.y - a.y) / length * half : 0;
    auto corner = [&](core::InkVec at, double ahead, double aside) {
        return core::InkVec{at.x + along_x * ahead - along_y * aside,
                            at.y + along_y * ahead + along_x * aside};
    };
    core::InkVec corners[] = {corner(a, -1, -1), corner(b, 1, -1), corner(b, 1, 1), corner(a, -1, 1)};
    core::InkOutline outline;
    outline.start = corners[0];
    for (int i = 1; i <= 4; ++i) {
        auto to = corners[i % 4];
        outline.segments.push_back({corners[i - 1], to, to});
    }
    return outline;
}

core::InkVec on_curve(const core::InkVec (&p)[4], double t) {
    double u = 1 - t, b[] = {u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t};
    core::InkVec out;
    for (int i = 0; i < 4; ++i) out.x += b[i] * p[i].x, out.y += b[i] * p[i].y;
    return out;
}

}  // namespace

core::InkItem seal_for_screen() {
    const double side = core::seal_mark_side_um / um_per_point;
    core::InkItem item;
    item.colour = {70, 83, 95};
    double width_um = 0;
    core::InkVec pen, start;
    std::vector<double> numbers;
    // Origin bottom left and points there; top left and micrometres here.
    auto point = [&](std::size_t from_end) {
        double x = numbers[numbers.size() - from_end], y = numbers[numbers.size() - from_end + 1];
        return core::InkVec{core::seal_mark_x_um + x * um_per_point,
                            core::seal_mark_y_um + (side - y) * um_per_point};
    };
    auto line_to = [&](core::InkVec to) {
        item.outlines.push_back(thick_line(pen, to, width_um));
        pen = to;
    };
    std::istringstream drawing(core::seal_mark(side));
    for (std::string word; drawing >> word;) {
        if (word.find_first_not_of("-.0123456789") == std::string::npos) {
            numbers.push_back(std::strtod(word.c_str(), nullptr));
            continue;
        }
        if (word == "w" && !numbers.empty()) width_um = numbers.back() * um_per_point;
        if (word == "m" && numbers.size() >= 2) pen = start = point(2);
        if (word == "l" && numbers.size() >= 2) line_to(point(2));
        if (word == "c" && numbers.size() >= 6) {
            const core::InkVec curve[4] = {pen, point(6), point(4), point(2)};
            for (int step = 1; step <= 12; ++step) line_to(on_curve(curve, step / 12.0));
        }
        if (word == "s") line_to(start);
        numbers.clear();
    }
    return item;
}

}  // namespace kiosk
