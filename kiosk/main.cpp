// handslag-kiosk: the tablet. Reads the command line, then runs the kiosk in a window, or a journey without
// one.
//
// Exit code: 0 when all went well; 1 when a journey or the check of what it left failed; 2 for a wrong
// command line.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "core/base/file.h"
#include "kiosk/app.h"
#include "kiosk/demo_output.h"
#include "kiosk/end_signals.h"
#include "kiosk/platform/clock_watch.h"
#include "kiosk/platform/headphones.h"
#include "kiosk/platform/voice.h"
#include "kiosk/play.h"

namespace {

namespace fs = std::filesystem;

enum class RoomWay { by_itself, off, screen, window, turns };

struct Options {
    fs::path ceremony, store, stick, media, journey, output, labels;
    std::string size = "1280x800", language = "sv", clock, printer;
    double px_per_mm = 0;
    kiosk::VoiceWay voice = kiosk::VoiceWay::headphones;
    RoomWay room = RoomWay::by_itself;
    bool demo = false, fullscreen = false, windowed = false, headless = false, measure = false, quiet = false,
         deliver = true, room_still = false;
};

constexpr const char* examples = R"(Examples:
  handslag-kiosk --demo
      The whole ceremony in a window, with a demonstration municipality. Everything it seals says DEMONSTRATION.
  handslag-kiosk --ceremony /media/usb/ceremony --fullscreen
      A real tablet. Prepare the folder with: handslag ceremony check DIR
  handslag-kiosk --demo --headless --output OUT
      No window: plays a ceremony, and leaves certificates, protocol, store and a picture of every screen in OUT.

Keys and evidence stand in --store; it is locked while a kiosk runs on it. The journal goes to stderr and holds no
personal data.
)";

// The demonstration has a folder of its own: its secrets lie open there, a real tablet's never do.
fs::path default_store(bool demo) {
    const char* name = demo ? "handslag-demonstration" : "handslag";
    if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data != '\0')
        return fs::path(data) / name;
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
        return fs::path(home) / ".local" / "share" / name;
    return std::string(name) + "-store";
}

void describe(CLI::App& cli, Options& options) {
    cli.description("Handslag on a tablet: organisations sign their agreement with the municipality.");
    cli.footer(examples);
    cli.set_version_flag("--version", "handslag-kiosk " HANDSLAG_VERSION);
    cli.add_flag("--demo", options.demo,
                 "a demonstration municipality and CA; certificates say DEMONSTRATION");
    cli.add_option("--ceremony", options.ceremony,
                   "the ceremony's folder (ceremony.toml); --demo has its own")
        ->type_name("DIR");
    cli.add_option(
           "--store", options.store,
           "keys and evidence; default $XDG_DATA_HOME/handslag, with --demo .../handslag-demonstration")
        ->type_name("DIR");
    cli.add_option("--stick", options.stick,
                   "the host's stick; default: a stick in /media/$USER that holds handslag-stick.txt")
        ->type_name("DIR");
    cli.add_option("--media", options.media,
                   "where sticks appear as folders; default /media/$USER, /run/media/$USER")
        ->type_name("DIR");
    cli.add_option("--size", options.size, "of the window or the headless screen, in pixels")
        ->type_name("WxH")
        ->capture_default_str();
    cli.add_option("--px-per-mm", options.px_per_mm, "pixels on a millimetre; default: as the display says")
        ->check(CLI::Range(1.0, 40.0));
    auto* full =
        cli.add_flag("--fullscreen", options.fullscreen,
                     "all of the screen; a real tablet then ends only from the host's desk, or by SIGTERM");
    cli.add_flag("--windowed", options.windowed, "a window (the default)")->excludes(full);
    cli.add_option("--language", options.language, "of the first screens")->capture_default_str();
    cli.add_option(
           "--printer", options.printer,
           "for certificates, by its name in CUPS; - for none; default: the computer's default printer")
        ->type_name("NAME");
    cli.add_option(
           "--voice", options.voice,
           "screens read aloud: off, headphones (only while they are in, where the tablet can tell) or "
           "loudspeaker (into the room, without what people typed)")
        ->transform(CLI::CheckedTransformer(
            std::map<std::string, kiosk::VoiceWay>{{"off", kiosk::VoiceWay::off},
                                                   {"headphones", kiosk::VoiceWay::headphones},
                                                   {"loudspeaker", kiosk::VoiceWay::loudspeaker}}));
    cli.add_option("--room", options.room,
                   "what everybody in the room sees: screen (on a second display, whenever there is one), "
                   "window (in a "
                   "window of its own), turns (on the tablet, between visits) or off; default: screen with "
                   "--fullscreen")
        ->transform(CLI::CheckedTransformer(std::map<std::string, RoomWay>{{"off", RoomWay::off},
                                                                           {"screen", RoomWay::screen},
                                                                           {"window", RoomWay::window},
                                                                           {"turns", RoomWay::turns}}));
    cli.add_flag("--room-still", options.room_still, "signatures do not draw themselves there");
    cli.add_option("--clock", options.clock, "begin at this time, not now: 2026-11-21T14:05 (Swedish time)")
        ->type_name("TIME");
    auto* headless =
        cli.add_flag("--headless", options.headless, "no window: play a journey and check what it leaves");
    cli.add_option("--journey", options.journey, "the script to play; default: the demonstration's")
        ->type_name("FILE")
        ->needs(headless);
    cli.add_option("--output", options.output, "where a headless run leaves pictures and certificates")
        ->type_name("DIR")
        ->needs(headless);
    cli.add_option("--labels", options.labels,
                   "with --demo: after each page, write what is on screen and where, for tests of the window")
        ->type_name("FILE");
    cli.add_flag("!--no-check", options.deliver, "with --headless: do not open the store afterwards")
        ->needs(headless);
    cli.add_flag("--measure", options.measure, "print times, frames and memory to stderr at the end");
    cli.add_flag("--quiet", options.quiet, "only warnings and errors in the journal");
}

std::optional<std::pair<int, int>> parse_size(const std::string& text) {
    int width = 0, height = 0;
    char rest = 0;
    if (std::sscanf(text.c_str(), "%dx%d%c", &width, &height, &rest) != 2) return std::nullopt;
    if (width < 320 || height < 240 || width > 8192 || height > 8192) return std::nullopt;
    return std::pair(width, height);
}

// 2026-11-21T14:05, in Swedish time.
std::optional<std::int64_t> parse_time(const std::string& text) {
    core::LocalTime local;
    char rest = 0;
    if (std::sscanf(text.c_str() + std::min<std::size_t>(text.size(), 10), "T%2d:%2d%c", &local.hour,
                    &local.minute, &rest) != 2)
        return std::nullopt;
    local.date = core::parse_iso_date(std::string_view(text).substr(0, 10));
    if (local.date.empty() || local.hour > 23 || local.minute > 59) return std::nullopt;
    return core::from_swedish_time(local);
}

struct Plan {
    kiosk::FrameLoopOptions display;
    kiosk::EffectSettings effects;
    std::shared_ptr<kiosk::ShiftedClock> clock;
};

// What is wrong with the command line, or nothing.
std::string make_plan(Options& options, Plan& plan) {
    if (options.headless && options.output.empty())
        return "--headless leaves its results somewhere: give --output DIR";
    auto size = parse_size(options.size);
    if (!size) return "--size: write it as 1280x800";
    plan.display.window.width_px = size->first;
    plan.display.window.height_px = size->second;
    plan.display.window.px_per_mm = options.px_per_mm;
    if (options.fullscreen) plan.display.window.display = kiosk::Display::fullscreen;
    plan.display.window.locked = options.fullscreen && !options.demo;

    plan.clock = std::make_shared<kiosk::ShiftedClock>();
    if (!options.clock.empty()) {
        auto begin = parse_time(options.clock);
        if (!begin) return "--clock: write it as 2026-11-21T14:05";
        plan.clock->set_wall_shift_ms(*begin - core::SystemClock().wall_ms());
    }
    auto share = core::share_dir();
    if (options.ceremony.empty() && options.demo) options.ceremony = share / "demo";
    if (options.ceremony.empty()) return "which ceremony? Give --ceremony DIR, or try it out with --demo";
    if (!options.labels.empty() && !options.demo)
        return "--labels writes what is on screen to a file: only with --demo";
    if (options.store.empty())
        options.store = options.output.empty() ? default_store(options.demo) : options.output / "store";
    if (options.headless && options.journey.empty())
        options.journey = share / "journeys" / "demonstration.journey";

    auto& effects = plan.effects;
    effects.ceremony_dir = options.ceremony;
    effects.store_dir = fs::absolute(options.store);
    effects.share_dir = share;
    effects.clock = plan.clock;
    effects.demonstration = options.demo;
    // A headless run prints nothing unless it is told where.
    effects.printer = options.printer.empty() && options.headless ? "-" : options.printer;
    effects.sticks.host = options.stick.empty() ? fs::path() : fs::absolute(options.stick);
    effects.sticks.roots = kiosk::usual_media_roots();
    if (!options.media.empty()) effects.sticks.roots = {fs::absolute(options.media)};
    effects.sticks.must_be_mounted = options.media.empty();
    if (options.headless) {
        // A headless run never writes to whatever stick happens to be in this machine.
        if (options.stick.empty())
            effects.sticks.host = fs::absolute(options.output) / "sticks" / "host" / "HANDSLAG";
        if (options.media.empty())
            effects.sticks.roots = {fs::absolute(options.output) / "sticks" / "visitors"};
        effects.sticks.must_be_mounted = false;
    }
    return {};
}

void begin_journal(bool quiet) {
    auto journal = spdlog::stderr_color_mt("handslag-kiosk");
    journal->set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
    journal->set_level(quiet ? spdlog::level::warn : spdlog::level::info);
    spdlog::set_default_logger(std::move(journal));
}

// Proportional set size of this process, in kB; 0 when the kernel does not tell.
long pss_kb() {
    auto text = core::read_file("/proc/self/smaps_rollup");
    if (!text.ok()) return 0;
    auto content = std::string(core::as_text(*text));
    auto at = content.find("\nPss:");
    return at == std::string::npos ? 0 : std::strtol(content.c_str() + at + 5, nullptr, 10);
}

using SteadyClock = std::chrono::steady_clock;

double ms_since(SteadyClock::time_point begun) {
    return std::chrono::duration<double, std::milli>(SteadyClock::now() - begun).count();
}

void measured(const char* what, double value, const char* unit) {
    std::fprintf(stderr, "measured %s %.2f %s\n", what, value, unit);
}

// One line for each thing on screen: middle x, middle y, role, label, value.
core::Status write_labels(const fs::path& file, const kiosk::SemanticTree& tree) {
    std::string lines = "0\t0\tscreen\t" + tree.screen + "\t\n";
    for (const auto& node : tree.nodes) {
        if (!node.on_screen || !node.enabled) continue;
        lines += std::to_string(static_cast<int>(node.rect.x + node.rect.width / 2)) + "\t" +
                 std::to_string(static_cast<int>(node.rect.y + node.rect.height / 2)) + "\t" +
                 kiosk::to_string(node.role) + "\t" + node.label + "\t" + node.value + "\n";
    }
    return core::write_file_durably(file, core::as_bytes(lines), core::FileAccess::owner_only);
}

kiosk::RoomPlace room_place(const Options& options) {
    bool screen =
        options.room == RoomWay::screen || (options.room == RoomWay::by_itself && options.fullscreen);
    if (options.room == RoomWay::window) return kiosk::RoomPlace::own_window;
    return screen ? kiosk::RoomPlace::second_display : kiosk::RoomPlace::nowhere;
}

int run_window(const Options& options, const Plan& plan, SteadyClock::time_point begun) {
    kiosk::EndSignals end_signals;
    auto loop = kiosk::FrameLoop::open(plan.display);
    if (!loop.ok()) {
        spdlog::critical("the display: {}", loop.error().detail);
        return 1;
    }
    kiosk::Voice voice;
    kiosk::Speech speech{options.voice,
                         [&](std::string text, const std::string& language, int volume) {
                             voice.say(std::move(text), language, volume);
                         },
                         [&] { voice.hush(); }, [&] { voice.chime(); }};
    if (options.voice == kiosk::VoiceWay::off) speech = {};
    kiosk::RoomLook room;
    room.moves = !options.room_still, room.between_visits = options.room == RoomWay::turns;
    auto app = kiosk::App::open(**loop, plan.effects, options.language, std::move(speech), room);
    if (!app.ok()) {
        spdlog::critical("{}", app.error().detail);
        return 1;
    }
    (*loop)->place_room(room_place(options));
    end_signals.wake(**loop);
    std::optional<kiosk::Headphones> headphones;
    if (options.voice == kiosk::VoiceWay::headphones)
        headphones.emplace([&](kiosk::Jack jack) { (*app)->answer(kiosk::HeadphonesChanged{jack}); });
    kiosk::ClockWatch clock_watch([&] { (*app)->answer(kiosk::ClockJumped{}); });
    bool content = false;
    std::int64_t labelled = -1;
    while ((*loop)->turn() && !end_signals.came()) {
        if (auto pages = (*loop)->counts().pages; !options.labels.empty() && pages != labelled) {
            labelled = pages;
            if (auto written = write_labels(options.labels, (*loop)->semantics()); !written.ok())
                spdlog::error("{}", written.error().detail);
        }
        if (content || std::holds_alternative<kiosk::Starting>((*app)->state().life)) continue;
        content = true;
        if (options.measure) measured("first content after", ms_since(begun), "ms");
    }
    end_signals.stop();
    if (options.measure) {
        const auto& counts = (*loop)->counts();
        measured("passes", static_cast<double>(counts.passes), "");
        measured("pages drawn", static_cast<double>(counts.pages), "");
        measured("ink frames", static_cast<double>(counts.ink_frames), "");
        measured("ink events", static_cast<double>(counts.ink_events), "");
        measured("late ink events", static_cast<double>(counts.late_ink_events), "");
        auto each = [](double ms, std::int64_t n) { return n > 0 ? ms / static_cast<double>(n) : 0; };
        measured("work of a pass", each(counts.pass_ms, counts.passes), "ms");
        measured("work of an ink frame", each(counts.ink_ms, counts.ink_frames), "ms");
        measured("most work of an ink frame", counts.most_ink_ms, "ms");
        if (auto* room_pane = (*loop)->room()) {
            measured("room pages drawn", static_cast<double>(room_pane->counts().pages), "");
            measured("room ink frames", static_cast<double>(room_pane->counts().ink_frames), "");
        }
        measured("memory (PSS)", static_cast<double>(pss_kb()) / 1024.0, "MB");
    }
    return 0;
}

// A second run into the same folder begins anew; what the first one left is kept beside it.
core::Status set_earlier_run_aside(const fs::path& out, std::int64_t now_ms) {
    std::error_code error;
    if (!fs::exists(out / "store", error)) return {};
    auto aside = out / ("earlier-" + std::to_string(now_ms));
    fs::create_directories(aside, error);
    for (const char* name :
         {"store", "screens", "certificates", "sticks", "ceremony-protocol.pdf", "ca.pem", "passphrase.txt"})
        if (!error && fs::exists(out / name)) fs::rename(out / name, aside / name, error);
    return error ? core::Status(core::Error{core::Errc::not_writable, out.string() + ": " + error.message()})
                 : core::Status();
}

int run_headless(const Options& options, const Plan& plan) {
    const auto& out = options.output;
    auto begun = SteadyClock::now();
    if (plan.effects.store_dir == fs::absolute(out / "store")) {
        if (auto aside = set_earlier_run_aside(out, plan.clock->wall_ms()); !aside.ok()) {
            std::cerr << aside.error().detail << "\n";
            return 1;
        }
    }
    kiosk::Play what;
    what.journey = options.journey;
    what.picture_dir = out / "screens";
    what.display = plan.display;
    what.display.paint_one_in = options.measure ? 1 : 0;  // nobody looks at it but by its pictures
    what.effects = plan.effects;
    what.clock = plan.clock;
    what.language = options.language;
    what.voice = options.voice;
    auto played = kiosk::play(what);
    if (options.measure) {
        measured("journey", ms_since(begun) / 1000.0, "s");
        measured("pages drawn", static_cast<double>(played.counts.pages), "");
        measured("memory (PSS)", static_cast<double>(pss_kb()) / 1024.0, "MB");
    }
    if (!played.status.ok()) {
        std::cerr << "The journey failed: " << played.status.error().detail << "\n";
        return 1;
    }
    std::cout << "The journey went through: " << options.journey.filename().string() << ", "
              << played.screens.size() << " different screens.\n";
    for (const auto& note : played.notes) std::cout << "  " << note << "\n";
    if (!options.demo || !options.deliver) return 0;

    auto delivered = kiosk::deliver(out, plan.effects.store_dir, plan.clock->wall_ms());
    if (!delivered.ok()) {
        std::cerr << "What the journey left could not be checked: " << core::to_string(delivered.error().code)
                  << ": " << delivered.error().detail << "\n";
        return 1;
    }
    for (const auto& line : delivered->lines) std::cout << line.path << "  " << line.what << "\n";
    std::cout << "screens/  a picture of every screen\n";
    for (const auto& failure : delivered->failures) std::cerr << "FAILED: " << failure << "\n";
    return delivered->failures.empty() ? 0 : 1;
}

// A tablet that crashes leaves no picture of its keys, and no other program of the same user may look into
// it.
void keep_memory_to_ourselves() {
    rlimit none{};
    if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0)
        spdlog::warn("memory could not be kept from core dumps");
}

}  // namespace

int main(int argc, char** argv) {
    auto begun = SteadyClock::now();
    std::signal(SIGPIPE, SIG_IGN);  // whoever reads the journal, prints or answers may go away at any time
    Options options;
    CLI::App cli;
    describe(cli, options);
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return cli.exit(error) == 0 ? 0 : 2;
    }
    Plan plan;
    if (auto problem = make_plan(options, plan); !problem.empty()) {
        std::cerr << problem << "\n";
        return 2;
    }
    begin_journal(options.quiet);
    if (!options.demo) keep_memory_to_ourselves();
    return options.headless ? run_headless(options, plan) : run_window(options, plan, begun);
}
