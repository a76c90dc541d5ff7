#include <algorithm>

#include "core/base/text.h"
#include "kiosk/screens/parts.h"

namespace kiosk {
namespace {

int arrived_count(const State& state) {
    return static_cast<int>(std::count_if(state.check_ins.begin(), state.check_ins.end(),
                                          [](const CheckIn& c) { return c.complete(); }));
}

bool host_stick(const State& state) {
    return std::any_of(state.sticks.begin(), state.sticks.end(),
                       [](const Stick& s) { return s.whose == Stick::Whose::host; });
}

std::int64_t uncopied(const State& state) {
    return std::count_if(state.lists.signings.begin(), state.lists.signings.end(),
                         [](const SigningLine& line) { return !line.copied_to_stick; });
}

void draw_copies(const Scene& scene, const Desk& desk) {
    const auto& state = scene.state;
    if (!host_stick(state))
        scene.ui.notice(Tone::warn, scene.say("desk.no_stick"));
    else if (auto missing = uncopied(state); missing > 0) {
        scene.ui.notice(Tone::warn, scene.ui.words().count("desk.uncopied", missing));
        if (scene.ui.button(scene.say("desk.copy"))) scene.emit(CopyToStickAsked{});
    }
    if (desk.copied) scene.ui.small(scene.ui.words().count("desk.copied", *desk.copied));
}

// A signing takes less than half a megabyte, its copies and drafts counted.
std::string room_for_signings(const Scene& scene, std::uint64_t free_bytes) {
    return scene.ui.words().number(static_cast<std::int64_t>(free_bytes / 500'000));
}

// What the host should do something about.
void draw_warnings(const Scene& scene) {
    const auto& health = scene.state.lists.health;
    auto warn = [&](const char* message, std::initializer_list<core::Blank> blanks = {}) {
        scene.ui.notice(Tone::warn, scene.say(message, blanks));
    };
    draw_certificate_time(scene);
    draw_standing(scene);
    if (health.clock == Health::Clock::behind) warn("desk.health.clock");
    if (health.clock == Health::Clock::moved) warn("desk.health.clock.moved");
    if (health.discharging && health.battery_percent.value_or(100) <= low_battery_percent)
        warn("desk.health.battery.low", {{"percent", std::to_string(*health.battery_percent)}});
    if (health.free_bytes.value_or(low_space_bytes) < low_space_bytes)
        warn("desk.health.space.low", {{"n", room_for_signings(scene, *health.free_bytes)}});
}

// What is as it should be, in one quiet line; what needs doing has a notice of its own.
void draw_health(const Scene& scene) {
    const auto& health = scene.state.lists.health;
    std::string line;
    auto add = [&](const std::string& words) { line += (line.empty() ? "" : " · ") + words; };
    if (host_stick(scene.state) && uncopied(scene.state) == 0) add(scene.say("desk.all_copied"));
    if (health.battery_percent)
        add(scene.say(health.discharging ? "desk.health.battery" : "desk.health.battery.charging",
                      {{"percent", std::to_string(*health.battery_percent)}}));
    if (health.free_bytes.value_or(0) >= low_space_bytes) add(scene.say("desk.health.space"));
    if (!line.empty()) scene.ui.small(line);
}

void draw_actions(const Scene& scene) {
    const auto& state = scene.state;
    const auto& words = scene.ui.words();
    bool open = state.lists.ceremony_open;
    std::vector<std::pair<std::string, std::string>> rows;
    std::vector<DeskTab> tabs;
    auto add = [&](const char* label, const std::string& detail, DeskTab tab) {
        rows.emplace_back(scene.say(label), detail), tabs.push_back(tab);
    };
    if (!open && !state.lists.seal_revoked) add("desk.open", scene.say("desk.open.detail"), DeskTab::open);
    add("desk.arrivals",
        scene.say("desk.arrivals.detail",
                  {{"arrived", words.number(arrived_count(state))},
                   {"expected", words.number(static_cast<std::int64_t>(state.check_ins.size()))}}),
        DeskTab::arrivals);
    add("desk.signings", words.count("desk.signings.detail", static_cast<std::int64_t>(state.signed_count())),
        DeskTab::signings);
    if (!state.drafts.empty())
        add("desk.drafts", words.count("desk.drafts.detail", static_cast<std::int64_t>(state.drafts.size())),
            DeskTab::drafts);
    add("desk.room", scene.say(state.room.has_screen ? "desk.room.detail.screen" : "desk.room.detail"),
        DeskTab::room);
    add("desk.paper", scene.say("desk.paper.detail"), DeskTab::paper);
    if (open) add("desk.close", scene.say("desk.close.detail"), DeskTab::closing);
    auto unsent = static_cast<std::int64_t>(state.lists.unsent);
    add("desk.sync",
        state.sync.stage == SyncState::Stage::sending ? scene.say("sync.sending")
        : unsent > 0                                  ? words.count("desk.unsent", unsent)
                                                      : scene.say("sync.nothing_waits"),
        DeskTab::sync);
    if (auto tapped = scene.ui.rows(rows)) scene.emit(GoTo{tabs[*tapped]});
}

// In place of drawing: the name, and who saw it typed.
void draw_typed_closing(const Scene& scene, const DeskClosing& page,
                        const core::MunicipalSignature& municipal) {
    draw_error_summary(scene, page.errors);
    // What is wrong stands on one page with its field, in the place of what has been read.
    if (page.errors.empty()) {
        scene.ui.heading(scene.say("sign.typed.heading"));
        scene.ui.paragraph(scene.say("desk.closing.typed"));
    }
    auto draw_field = [&](Field field, const char* label, const std::string& hint, std::string_view typed) {
        draw_input(scene, {field, 0, scene.say(label), hint, FieldKind::name, false}, typed, page.errors);
    };
    const auto& signature = municipal.signature;
    scene.ui.columns({1, 1}, {[&] {
                                  draw_field(Field::typed_name, "sign.typed.label", municipal.signatory.name,
                                             signature.typed_name);
                              },
                              [&] {
                                  draw_field(Field::witness, "desk.closing.witness",
                                             scene.say("desk.closing.witness.hint"), signature.witness);
                              }});
    end_screen(scene);
}

}  // namespace

void draw_desk_overview(const Scene& scene, const Desk& desk) {
    const auto& state = scene.state;
    FrameSpec spec;
    spec.screen = "desk";
    spec.progress = scene.say("desk.progress", {{"tablet", tablet_words(scene)}});
    spec.secondary = scene.say("desk.lock");
    if (begin_screen(scene, std::move(spec)).secondary) scene.emit(LockKiosk{});
    draw_warnings(scene);  // first of all, or large text moves them to a page that nobody turns to
    scene.ui.heading(state.ceremony->title);
    auto when = date_words(scene, core::to_swedish_time(state.wall_ms).date) + ", " +
                time_words(scene, state.wall_ms);
    scene.ui.small(scene.say(state.lists.ceremony_open ? "desk.is_open" : "desk.is_closed", {{"now", when}}));
    draw_health(scene);
    draw_copies(scene, desk);
    draw_actions(scene);
    if (scene.ui.button(scene.say("desk.end"), ButtonKind::quiet)) scene.emit(EndKiosk{});
    if (const auto* page = std::get_if<DeskOverview>(&desk.page); page && page->ending)
        if (auto answer = scene.ui.ask(scene.say("desk.end.question"), scene.say("desk.end.yes"),
                                       scene.say("desk.end.no"))) {
            if (*answer == 1)
                scene.emit(Continue{});
            else
                scene.emit(Dismiss{});
        }
    end_screen(scene);
}

void draw_desk_open(const Scene& scene, const DeskOpen& page) {
    const auto& ceremony = *scene.state.ceremony;
    FrameSpec spec;
    spec.screen = "desk_open";
    spec.back = scene.say("frame.back"),
    spec.progress = scene.say("desk.progress", {{"tablet", tablet_words(scene)}});
    spec.primary = scene.say("desk.open.do"), spec.primary_enabled = page.date_right && !page.busy;
    begin_screen(scene, std::move(spec));
    auto now = core::to_swedish_time(scene.state.wall_ms);
    scene.ui.heading(scene.say("desk.open.heading"));
    scene.ui.title(scene.say("desk.open.now",
                             {{"date", date_words(scene, now.date)}, {"time", scene.ui.words().time(now)}}));
    if (now.date != ceremony.date)
        scene.ui.notice(Tone::warn,
                        scene.say("desk.open.other_day", {{"date", date_words(scene, ceremony.date)}}));
    draw_certificate_time(scene);
    draw_box(scene, Box::date_right, 0, scene.say("desk.open.right"), page.date_right,
             scene.say("desk.open.right.detail"));
    scene.ui.summary_row(scene.say("desk.open.place"), ceremony.place, "");
    scene.ui.summary_row(scene.say("desk.open.agreement"),
                         ceremony.agreement.original().title + " " + ceremony.agreement.version, "");
    scene.ui.summary_row(
        scene.say("desk.open.countersigning"),
        scene.say(ceremony.countersigning == core::Countersigning::beside ? "desk.open.beside"
                                                                          : "desk.open.closing"),
        "");
    end_screen(scene);
}

void draw_desk_arrivals(const Scene& scene, const DeskArrivals& page) {
    const auto& state = scene.state;
    begin_desk(scene, "desk_arrivals", "");
    scene.ui.heading(scene.say("desk.arrivals.heading"));
    draw_input(scene, {Field::search, 0, scene.say("find.search"), "", FieldKind::text, false}, page.search);
    auto found = matching_organisations(*state.ceremony, page.search);
    std::vector<std::vector<std::string>> rows;
    for (int index : found) {
        const auto& expected = state.ceremony->expected[static_cast<std::size_t>(index)];
        const auto& check_in = state.check_ins[static_cast<std::size_t>(index)];
        const char* status = check_in.complete() ? "desk.arrival.complete"
                             : check_in.arrived  ? "desk.arrival.arrived"
                                                 : "desk.arrival.not_yet";
        std::string who = expected.representatives.empty() ? "" : expected.representatives.front().name;
        if (!check_in.names.empty() && !check_in.names.front().empty()) who = check_in.names.front();
        rows.push_back({expected.organisation.name, who, scene.say(status)});
    }
    auto answer = scene.ui.table({{scene.say("desk.column.organisation"), 2},
                                  {scene.say("desk.column.representative"), 1.3},
                                  {scene.say("desk.column.status"), 1}},
                                 rows, scene.say("desk.arrivals.none"));
    if (answer.row) scene.emit(SelectArrival{found[static_cast<std::size_t>(*answer.row)]});
    end_screen(scene);
}

void draw_desk_arrival(const Scene& scene, const DeskArrival& page) {
    const auto& expected = scene.state.ceremony->expected[static_cast<std::size_t>(page.expected)];
    begin_desk(scene, "desk_arrival", scene.say("desk.arrival.keep"));
    scene.ui.heading(expected.organisation.name);
    scene.ui.small(organisation_detail(scene, expected.organisation));
    draw_check_in_names(scene, page.form);
    scene.ui.columns({1, 1}, {[&] {
                                  draw_seen_box(scene, page.form, Box::identity_seen, true);
                                  draw_box(scene, Box::arrived, 0, scene.say("desk.arrival.has_arrived"),
                                           page.form.arrived);
                              },
                              [&] { draw_seen_box(scene, page.form, Box::authority_seen, true); }});
    end_screen(scene);
}

void draw_desk_closing(const Scene& scene, const DeskClosing& page) {
    const auto& state = scene.state;
    if (page.who < 0) {
        begin_desk(scene, "desk_closing", scene.say("desk.closing.do"));
        scene.ui.heading(scene.say("desk.closing.heading"));
        auto count = static_cast<std::int64_t>(state.signed_count());
        scene.ui.paragraph(scene.ui.words().count("desk.closing.words", count));
        if (!state.drafts.empty())
            scene.ui.notice(Tone::warn,
                            scene.ui.words().count("desk.closing.drafts",
                                                   static_cast<std::int64_t>(state.drafts.size())));
        for (const auto& signatory : state.ceremony->signatories)
            scene.ui.summary_row(signatory.role, signatory.name, "");
        return end_screen(scene);
    }
    const auto& municipal = page.municipal[static_cast<std::size_t>(page.who)];
    bool last = static_cast<std::size_t>(page.who) + 1 == page.municipal.size();
    FrameSpec spec;
    spec.screen = page.busy ? "desk_closing_busy" : page.types ? "desk_closing_typed" : "desk_closing_sign";
    spec.progress = scene.say("desk.closing.heading");
    if (page.busy) {
        spec.tools = false, spec.centred = true;
        begin_screen(scene, std::move(spec));
        scene.ui.title(scene.say("desk.closing.sealing"));
        return end_screen(scene);
    }
    spec.primary = scene.say(last ? "desk.closing.seal" : "frame.continue");
    spec.back = scene.say("frame.back");
    if (!page.types) spec.secondary = scene.say("desk.closing.skip"), spec.help = scene.say("frame.help");
    if (begin_screen(scene, std::move(spec)).secondary) scene.emit(SignLater{});
    if (page.types) return draw_typed_closing(scene, page, municipal);
    draw_signing_area(scene, scene.say("desk.closing.label", {{"name", municipal.signatory.name}}),
                      municipal.signature.ink, municipal.signatory.name + ", " + municipal.signatory.role);
    if (page.refused &&
        scene.ui.ask(refusal_words(scene, *page.refused), scene.say("sign.refused.again"), ""))
        scene.emit(Dismiss{});
    end_screen(scene);
}

}  // namespace kiosk
