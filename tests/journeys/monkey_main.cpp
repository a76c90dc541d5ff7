// monkey JOURNEY OUT [SEED [STEPS [WALKS]]]: opens a demonstration's ceremony as a host would, lets a monkey in, and audits
// what it leaves. 3,000 steps; with HANDSLAG_FULL=1, 100,000. So many WALKS at once, each a process with the next seed, in
// OUT/SEED.
#include <cstdlib>
#include <iostream>

#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "kiosk/demo_output.h"
#include "monkey.h"

namespace {

int walk(const std::filesystem::path& journey, const std::filesystem::path& out, std::uint64_t seed,
         int steps) {
    std::filesystem::remove_all(out);
    std::filesystem::create_directories(out);

    kiosk::Play play;
    play.journey = journey;
    play.picture_dir = out / "screens";
    play.display.window.width_px = 640, play.display.window.height_px = 400;
    play.display.paint_one_in = 8;  // most of a walk's time would go to pixels that nobody looks at
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
        std::cout << monkey.summary() << std::endl;
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
              << " void ones, each verified; " << delivered->lines.back().what << std::endl;
    return delivered->failures.empty() ? 0 : 1;
}

// Before any of them has begun, so that they share nothing.
int walk_all(const std::filesystem::path& journey, const std::filesystem::path& out, std::uint64_t seed,
             int steps, int walks) {
    std::vector<pid_t> children;
    for (int i = 0; i < walks; ++i, ++seed) {
        pid_t child = fork();
        if (child < 0) {
            std::perror("fork");
            return 1;
        }
        if (child == 0) _exit(walk(journey, out / std::to_string(seed), seed, steps));
        children.push_back(child);
    }
    int worst = 0;
    for (pid_t child : children) {
        int status = 0;
        bool well = waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (well) continue;
        worst = 1;
        if (WIFSIGNALED(status)) std::cerr << "FAILED: a walk ended by signal " << WTERMSIG(status) << "\n";
    }
    return worst;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "usage: monkey JOURNEY OUT [SEED [STEPS [WALKS]]]\n";
        return 2;
    }
    spdlog::set_level(spdlog::level::off);
    std::filesystem::path out = std::filesystem::absolute(argv[2]);
    std::uint64_t seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
    int steps = std::getenv("HANDSLAG_FULL") != nullptr ? 100'000 : 3'000;
    if (argc > 4) steps = std::atoi(argv[4]);
    int walks = argc > 5 ? std::atoi(argv[5]) : 1;
    return walks > 1 ? walk_all(argv[1], out, seed, steps, walks) : walk(argv[1], out, seed, steps);
}
