#include "sync/server/terminal_qr.h"

#include <sstream>

#include <doctest/doctest.h>

using namespace core;

TEST_CASE("a QR code in a terminal has every module, two rows a line, in its quiet zone") {
    auto code =
        make_qr("handslag-invitation/1 https://skrivunder.kommun.se:8443 0123456789ABCDEFGHJKM sha256//abc");
    REQUIRE(code.side > 20);
    std::istringstream lines(server::qr_for_terminal(code, false));
    int y = -4;
    for (std::string line; std::getline(lines, line); y += 2) {
        int x = -4;
        for (std::size_t at = 0; at < line.size(); ++x) {
            bool blank = line[at] == ' ';
            auto glyph = line.substr(at, blank ? 1 : 3);
            at += glyph.size();
            auto dark = [&](int row) {
                return x >= 0 && row >= 0 && x < code.side && row < code.side && code.at(x, row);
            };
            CHECK(dark(y) == (glyph == " " || glyph == "▄"));
            CHECK(dark(y + 1) == (glyph == " " || glyph == "▀"));
        }
        CHECK(x == code.side + 4);
    }
    CHECK(y >= code.side + 4);
    auto coloured = server::qr_for_terminal(code, true);
    CHECK(coloured.starts_with("\033[40;97m█"));
    CHECK(coloured.ends_with("\033[0m\n"));
}
