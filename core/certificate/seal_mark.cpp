#include "core/certificate/seal_mark.h"

#include <cmath>
#include <cstdio>

namespace core {
namespace {

void put(std::string& out, double x, double y, const char* operation) {
    char text[64];
    std::snprintf(text, sizeof text, "%.1f %.1f %s\n", x, y, operation);
    out += text;
}

void put_circle(std::string& out, double centre, double radius) {
    const double k = 0.5523 * radius, c = centre, r = radius;
    put(out, c + r, c, "m");
    auto curve = [&](double x1, double y1, double x2, double y2, double x, double y) {
        char text[128];
        std::snprintf(text, sizeof text, "%.2f %.2f %.2f %.2f %.2f %.2f c\n", c + x1, c + y1, c + x2, c + y2,
                      c + x, c + y);
        out += text;
    };
    curve(r, k, k, r, 0, r), curve(-k, r, -r, k, -r, 0), curve(-r, -k, -k, -r, 0, -r),
        curve(k, -r, r, -k, r, 0);
    out += "s\n";
}

}  // namespace

std::string seal_mark(double side) {
    const double centre = side / 2, edge = side / 2 - 0.5;
    std::string out = "q 0.275 0.325 0.373 RG 0.5 w 1 J 1 j\n";
    put_circle(out, centre, edge * 0.78);
    out += "0.35 w\n";
    constexpr int rays = 60;
    for (int i = 0; i < rays; ++i) {  // a milled edge, as on a coin
        double angle = 6.28318530718 * i / rays;
        put(out, centre + std::cos(angle) * edge * 0.86, centre + std::sin(angle) * edge * 0.86, "m");
        put(out, centre + std::cos(angle) * edge, centre + std::sin(angle) * edge, "l");
    }
    out += "S\n1.1 w\n";
    put(out, side * 0.36, side * 0.50, "m");  // a tick: sealed
    put(out, side * 0.46, side * 0.395, "l");
    put(out, side * 0.655, side * 0.625, "l");
    return out + "S Q\n";
}

}  // namespace core
