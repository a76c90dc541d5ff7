#include "kiosk/play_room.h"

#include <algorithm>

namespace kiosk {
namespace {

core::Error wrong(std::string why) { return {core::Errc::not_found, std::move(why)}; }

}  // namespace

core::Status act_in_room(FrameLoop& loop, const std::filesystem::path& picture_dir, const std::string& doing,
                         const std::vector<std::string>& arguments) {
    std::string what = arguments.empty() ? "" : arguments.front();
    if (doing == "room") {
        if (what != "in" && what != "out") return wrong("write: hand room in|out");
        loop.place_room(what == "in" ? RoomPlace::headless : RoomPlace::nowhere, 1920, 1080);
    }
    loop.settle();
    if (doing == "room") return {};
    Pane* pane = loop.room();
    if (pane == nullptr) return wrong("the room is on no screen");
    if (doing == "room-draws" || doing == "room-still")
        return pane->ink_draws_itself() == (doing == "room-draws")
                   ? core::Status()
                   : wrong(pane->ink_draws_itself() ? "a signature draws itself"
                                                    : "nothing moves in the room");
    if (doing == "room-picture") {
        while (pane->ink_draws_itself()) loop.turn(20);
        return loop.room_screenshot(picture_dir / (what + ".png"));
    }
    bool shown = std::any_of(arguments.begin(), arguments.end(),
                             [&](const std::string& text) { return pane->semantics().shows(text); });
    if (shown == (doing == "room-shows")) return {};
    std::string all;
    for (const auto& node : pane->semantics().nodes) all += "\n  " + node.label;
    return wrong("\"" + what + "\" is " + (shown ? "" : "not ") + "in the room:" + all);
}

}  // namespace kiosk
