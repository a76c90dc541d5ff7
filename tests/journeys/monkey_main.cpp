// monkey JOURNEY OUT [SEED [STEPS]]: opens a demonstration's ceremony as a host would, lets a monkey in, and audits what it leaves.
// 3,000 steps; with HANDSLAG_FULL=1, 100,000.
#include <cstdlib>
#include <iostream>

#include <spdlog/spdlog.h>

#include "core/base/file.h"
#include "kiosk/demo_output.h"
#include "monkey.h"

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "usage: monkey JOURNEY OUT [SEED [STEPS]]\n";
        return 2;
    }
    spdlog::set_level(spdlog::level::off);
    std::filesystem::path out = std::filesystem::absolute(argv[2]);
    std::uint64_t seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
    int steps = std::getenv("HANDSLAG_FULL") != nullptr ? 100'000 : 3'000;
    if (argc > 4) steps = std::atoi(argv[4]);
    std::filesystem::remove_all(out);
    std::filesystem::create_directories(out);

    kiosk::Play play;
    play.journey = argv[1];
    play.picture_dir = out / "screens";
    play.display.window.width_px = 640, play.display.window.height_px = 400;
    play.clock = std::make_shared<kiosk::ShiftedClock>();
    play.effects.share_dir = core::share_dir();
    play.effects.ceremony_dir = core::share_dir() / "demo";
    play.effects.store_dir = out / "store";
    play.effects.clock = play.clock;
    play.effects.demonstration = true;
    play.effects.printer = "-";
    play.effects.sticks.host = out / "sticks" / "host" / "HANDSLAG";
    play.effects.sticks.roots = {out / "sticks" / "visitors"};
    play.effects.sticks.must_be_mounted = false;
    play.hands["monkey"] = [&](kiosk::Backstage& backstage) -> core::Status {
        monkey::Monkey monkey(backstage, seed, out / "trail.tsv");
        TRY(monkey.walk(steps));
        std::cout << monkey.summary() << "\n";
        return {};
    };
    std::cout << "seed " << seed << ", " << steps << " steps; the trail is " << (out / "trail.tsv").string()
              << std::endl;
    auto played = kiosk::play(play);
    if (!played.status.ok()) {
        std::cerr << "FAILED: " << played.status.error().detail << "\n";
        return 1;
    }
    auto delivered = kiosk::deliver(out, play.effects.store_dir, play.clock->wall_ms());
    if (!delivered.ok()) {
        std::cerr << "FAILED: seed " << seed << ": the store: " << delivered.error().detail << "\n";
        return 1;
    }
    for (const auto& failure : delivered->failures)
        std::cerr << "FAILED: seed " << seed << ": " << failure << "\n";
    std::cout << delivered->certificates << " certificates and " << delivered->voided
              << " void ones, each verified; " << delivered->lines.back().what << "\n";
    return delivered->failures.empty() ? 0 : 1;
}
