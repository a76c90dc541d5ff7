#include "sync/server/terminal_qr.h"

namespace server {

std::string qr_for_terminal(const core::QrCode& code, bool colours) {
    constexpr int quiet = 4;  // modules, ISO/IEC 18004
    auto light = [&](int x, int y) {
        return x < 0 || y < 0 || x >= code.side || y >= code.side || !code.at(x, y);
    };
    std::string lines;
    for (int y = -quiet; y < code.side + quiet; y += 2) {
        if (colours) lines += "\033[40;97m";
        for (int x = -quiet; x < code.side + quiet; ++x) {
            bool upper = light(x, y), lower = light(x, y + 1);
            lines += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
        }
        if (colours) lines += "\033[0m";
        lines += '\n';
    }
    return lines;
}

}  // namespace server
