#include "kiosk/screens/parts.h"

#include <algorithm>

#include "core/base/text.h"

namespace kiosk {
namespace {

Tone tone_of(Gravity gravity) {
    switch (gravity) {
        case Gravity::told:
            return Tone::neutral;
        case Gravity::warned:
            return Tone::warn;
        case Gravity::stopped:
            return Tone::error;
    }
    return Tone::error;
}

std::string trouble_words(const Scene& scene, const Trouble& trouble) {
    auto wording = words_for(trouble.error);
    std::string seconds = scene.ui.words().number(wording.wait_s);
    return scene.say(wording.message, {{"seconds", seconds}}) + " " +
           scene.say(wording.remedy, {{"seconds", seconds}});
}

// The message that says that whoever signs here may type the name instead; empty where nobody does.
std::string_view typing_help(const State& state) {
    if (auto* desk = std::get_if<Desk>(&state.life)) {
        auto* closing = std::get_if<DeskClosing>(&desk->page);
        return closing && closing->who >= 0 && !closing->busy && !closing->types ? "help.closing" : "";
    }
    auto* visiting = std::get_if<Visiting>(&state.life);
    if (!visiting || witness_of(visiting->step) != nullptr) return "";
    bool beside = std::holds_alternative<MunicipalityStep>(visiting->step) &&
                  state.ceremony->countersigning == core::Countersigning::beside;
    return beside || std::holds_alternative<SignStep>(visiting->step) ? "help.sign" : "";
}

void ask_for_help(const Scene& scene) {
    auto typing = typing_help(scene.state);
    bool may_type = !typing.empty();
    auto answer = scene.ui.ask(scene.say(may_type ? typing : "help.words"), scene.say("help.close"),
                               may_type ? scene.say("help.cannot_draw") : "");
    if (!answer) return;
    scene.emit(Dismiss{});
    if (*answer == 0 && may_type) scene.emit(CannotDraw{});
}

}  // namespace

FrameAnswer begin_screen(const Scene& scene, FrameSpec spec) {
    if (scene.state.voice_way != VoiceWay::off) spec.voice = scene.state.voice;
    auto answer = scene.ui.begin_frame(spec);
    if (answer.back) scene.emit(Back{});
    if (answer.primary) scene.emit(Continue{});
    if (answer.help) scene.emit(AskForHelp{});
    if (answer.text_size) scene.emit(SetTextSize{*answer.text_size});
    if (answer.contrast) scene.emit(SetContrast{*answer.contrast});
    if (answer.voice) scene.emit(SetVoice{*answer.voice});
    if (answer.read_again) scene.emit(ReadAgain{});
    if (answer.volume_step != 0) scene.emit(SetVolume{answer.volume_step});
    return answer;
}

FrameSpec step_spec(const Scene& scene, std::string screen, Stage stage, std::string primary,
                    std::string secondary) {
    constexpr std::string_view names[] = {"find", "read", "criteria", "details", "sign", "check"};
    auto index = static_cast<std::size_t>(stage);
    FrameSpec spec;
    spec.screen = std::move(screen);
    spec.progress =
        scene.say("frame.progress", {{"step", std::to_string(index + 1)},
                                     {"steps", std::to_string(std::size(names))},
                                     {"name", scene.say("frame.step." + std::string(names[index]))}});
    spec.back = scene.say("frame.back");
    spec.primary = std::move(primary);
    spec.secondary = std::move(secondary);
    spec.help = scene.say("frame.help");
    return spec;
}

FrameAnswer begin_step(const Scene& scene, std::string screen, Stage stage, std::string primary,
                       std::string secondary) {
    return begin_screen(scene,
                        step_spec(scene, std::move(screen), stage, std::move(primary), std::move(secondary)));
}

FrameAnswer begin_desk(const Scene& scene, std::string screen, std::string primary, std::string secondary) {
    FrameSpec spec;
    spec.screen = std::move(screen);
    spec.progress = scene.say("desk.progress", {{"tablet", tablet_words(scene)}});
    spec.back = scene.say("frame.back");
    spec.primary = std::move(primary);
    spec.secondary = std::move(secondary);
    return begin_screen(scene, std::move(spec));
}

void end_screen(const Scene& scene) {
    const State& state = scene.state;
    // One question at a time; the most pressing first.
    if (auto left = idle_countdown_s(state)) {
        // Whoever passes by reads nothing of the person who was here.
        auto answer = scene.ui.ask(scene.ui.words().count("idle.question", *left), scene.say("idle.stay"),
                                   scene.say("idle.leave"), Behind::hidden);
        if (answer) scene.emit(*answer == 1 ? Action(Dismiss{}) : Action(Finish{}));
    } else if (state.trouble) {
        if (scene.ui.ask(trouble_words(scene, *state.trouble), scene.say("trouble.understood"), ""))
            scene.emit(Dismiss{});
    } else if (state.help_open) {
        ask_for_help(scene);
    }
    scene.ui.end_frame();
}

void draw_input(const Scene& scene, const Input& input, std::string_view value,
                const std::vector<FieldError>& errors) {
    FieldSpec spec;
    spec.id = field_id(input.field, input.index);
    spec.label = input.label, spec.hint = input.hint;
    spec.kind = input.kind, spec.optional = input.optional;
    spec.error = error_words(scene, errors, input.field, input.index);
    if (auto typed = scene.ui.field(spec, value))
        scene.emit(Type{input.field, input.index, std::move(*typed)});
}

void draw_box(const Scene& scene, Box box, int index, std::string_view label, bool on,
              std::string_view detail) {
    if (auto now = scene.ui.checkbox(label, on, detail)) scene.emit(Mark{box, index, *now});
}

void draw_error_summary(const Scene& scene, const std::vector<FieldError>& errors) {
    if (errors.empty()) return;
    const auto* visiting = std::get_if<Visiting>(&scene.state.life);
    bool several = visiting && visiting->visit.signatories.size() > 1;
    std::vector<std::pair<std::string, std::string>> lines;
    for (const auto& error : errors) {
        auto words = scene.say(error.message);
        bool of_person = error.field == Field::representative_name ||
                         error.field == Field::representative_role || error.field == Field::authority;
        if (several && of_person)  // or the same would stand there twice
            words = scene.say("error.of_person", {{"n", std::to_string(error.index + 1)}, {"error", words}});
        lines.emplace_back(field_id(error.field, error.index), std::move(words));
    }
    scene.ui.error_summary(lines);
}

std::string error_words(const Scene& scene, const std::vector<FieldError>& errors, Field field, int index) {
    for (const auto& error : errors)
        if (error.field == field && error.index == index) return scene.say(error.message);
    return {};
}

void draw_seen_box(const Scene& scene, const CheckIn& form, Box box, bool with_detail) {
    bool identity = box == Box::identity_seen, on = identity ? form.identity_seen : form.authority_seen;
    std::string name = identity ? "host.identity" : "host.authority";
    if (!on && (identity || form.identity_seen)) scene.ui.anchor(field_id(Field::paper_box, 2));
    draw_box(scene, box, 0, scene.say(name), on, with_detail ? scene.say(name + ".detail") : "");
}

void draw_trouble(const Scene& scene, const Trouble& trouble) {
    scene.ui.notice(tone_of(words_for(trouble.error).gravity), trouble_words(scene, trouble));
}

void draw_pin(const Scene& scene, const PinEntry& pin) {
    std::int64_t wait_ms = pin.throttled_until_ms - scene.state.monotonic_ms;
    if (wait_ms > 0) {
        scene.ui.notice(Tone::warn, scene.ui.words().count("pin.throttled", (wait_ms + 999) / 1000));
        return;
    }
    std::vector<FieldError> errors;
    if (scene.state.tablet.pin_locked) {
        if (pin.wrong) errors.push_back({Field::passphrase, 0, "passphrase.wrong"});
        scene.ui.notice(Tone::warn, scene.say("pin.locked"));
        draw_input(scene,
                   {Field::passphrase, 0, scene.say("passphrase.label"), scene.say("passphrase.hint"),
                    FieldKind::secret, false},
                   pin.typed, errors);
        if (pin.busy) scene.ui.small(scene.say("passphrase.opening"));
        return;
    }
    if (pin.wrong) errors.push_back({Field::pin, 0, "pin.wrong"});
    draw_input(scene, {Field::pin, 0, scene.say("pin.label"), scene.say("pin.hint"), FieldKind::pin, false},
               pin.typed, errors);
}

std::string refusal_words(const Scene& scene, core::InkVerdict verdict) {
    switch (verdict) {
        case core::InkVerdict::good:
        case core::InkVerdict::empty:
            return scene.say("sign.refused.empty");
        case core::InkVerdict::dot:
            return scene.say("sign.refused.dot");
        case core::InkVerdict::too_small:
            return scene.say("sign.refused.too_small");
        case core::InkVerdict::straight_line:
            return scene.say("sign.refused.straight_line");
    }
    return {};
}

void draw_signing_area(const Scene& scene, std::string_view label, const core::Ink& ink,
                       std::string_view name_under) {
    auto answer = scene.ui.sign_area(label, ink, name_under, scene.state.steadiness);
    for (const auto& event : answer.events) {
        using What = InkAnswer::Event::What;
        AddInk::What what = event.what == What::begin  ? AddInk::What::begin
                            : event.what == What::move ? AddInk::What::move
                            : event.what == What::end  ? AddInk::What::end
                                                       : AddInk::What::cancel;
        scene.emit(AddInk{what, event.point, answer.width_um, answer.height_um});
    }
    if (answer.undo) scene.emit(UndoStroke{});
    if (answer.restart) scene.emit(RestartInk{});
    if (answer.steadiness) scene.emit(SetSteadiness{*answer.steadiness});
}

bool may_print(const ShownCertificate& certificate) {
    return !certificate.printer.empty() && certificate.printing != Printing::busy &&
           certificate.printing != Printing::printed && certificate.printing != Printing::sent;
}

std::string printing_words(const Scene& scene, const ShownCertificate& certificate) {
    auto say = [&](std::string_view name) { return scene.say(name, {{"printer", certificate.printer}}); };
    switch (certificate.printing) {
        case Printing::not_yet:
            return {};
        case Printing::busy:
            return say("print.busy");
        case Printing::sent:
            return say("print.sent");
        case Printing::printed:
            return say("print.printed");
        case Printing::no_service:
            return say("print.no_service");
        case Printing::refused:
            return say("print.refused");
        case Printing::stopped:
            return say("print.stopped");
        case Printing::out_of_paper:
            return say("print.out_of_paper");
    }
    return {};
}

void draw_certificate_time(const Scene& scene) {
    const auto& [state, ui, emit] = scene;
    auto day = [&](std::int64_t ms) { return date_words(scene, core::to_swedish_time(ms).date); };
    const Tablet& tablet = state.tablet;
    if (state.lists.seal_revoked) return ui.notice(Tone::error, scene.say("desk.certificate.revoked"));
    switch (certificate_time(tablet, state.wall_ms)) {
        case CertificateTime::good:
            return;
        case CertificateTime::ends_soon:
            return ui.notice(Tone::warn, ui.words().count("desk.certificate.ends_soon",
                                                          certificate_days_left(tablet, state.wall_ms),
                                                          {{"date", day(tablet.seals_until_ms)}}));
        case CertificateTime::ended:
            return ui.notice(Tone::error,
                             scene.say("desk.certificate.ended", {{"date", day(tablet.seals_until_ms)}}));
        case CertificateTime::not_yet:
            return ui.notice(Tone::error,
                             scene.say("desk.certificate.not_yet", {{"date", day(tablet.seals_from_ms)}}));
    }
}

std::string tablet_words(const Scene& scene) {
    const auto& tablet = scene.state.tablet;
    return tablet.name.empty() ? scene.say("desk.tablet", {{"letter", std::string(1, tablet.letter)}})
                               : tablet.name;
}

std::string form_words(const Scene& scene, core::OrganisationForm form) {
    return scene.say("form." + std::string(core::to_id(form)));
}

std::string organisation_detail(const Scene& scene, const core::Organisation& organisation) {
    bool other = organisation.form == core::OrganisationForm::annan && !organisation.form_text.empty();
    std::string detail = other ? organisation.form_text : form_words(scene, organisation.form);
    if (!organisation.place.empty()) detail += " · " + organisation.place;
    return detail;
}

std::string time_words(const Scene& scene, std::int64_t wall_ms) {
    return scene.ui.words().time(core::to_swedish_time(wall_ms));
}

std::string date_words(const Scene& scene, const core::Date& date) {
    return date.empty() ? std::string() : scene.ui.words().date(date);
}

const core::Text& text_for(const State& state, std::string_view language) {
    auto* text = state.ceremony->agreement.text(language);
    return text ? *text : state.ceremony->agreement.original();
}

namespace {

struct Draws {
    const Scene& scene;

    void operator()(const Starting&) const { draw_starting(scene); }
    void operator()(const CannotStart& life) const { draw_cannot_start(scene, life); }
    void operator()(const FirstRun& life) const { draw_first_run(scene, life); }
    void operator()(const AskPassphrase& life) const { draw_ask_passphrase(scene, life); }
    void operator()(const ChoosePin& life) const { draw_choose_pin(scene, life); }
    void operator()(const AwaitCertificate& life) const { draw_await_certificate(scene, life); }
    void operator()(const Attract&) const { draw_attract(scene); }
    void operator()(const TheRoom&) const { draw_the_room(scene); }
    void operator()(const AskPin& life) const { draw_ask_pin(scene, life); }
    void operator()(const Done& life) const { draw_done(scene, life); }
    void operator()(const Visiting& life) const {
        std::visit([&](const auto& step) { draw(life, step); }, life.step);
    }
    void operator()(const Desk& life) const {
        std::visit([&](const auto& page) { draw(life, page); }, life.page);
    }

    void draw(const Visiting&, const ChooseLanguageStep&) const { draw_language(scene); }
    void draw(const Visiting& v, const PrivacyStep&) const { draw_privacy(scene, v); }
    void draw(const Visiting& v, const FindStep& s) const { draw_find(scene, v, s); }
    void draw(const Visiting& v, const OrganisationStep& s) const { draw_organisation(scene, v, s); }
    void draw(const Visiting& v, const HostStep& s) const { draw_host(scene, v, s); }
    void draw(const Visiting& v, const ReadStep& s) const { draw_read(scene, v, s); }
    void draw(const Visiting& v, const EligibilityStep&) const { draw_eligibility(scene, v); }
    void draw(const Visiting& v, const DetailsStep& s) const { draw_details(scene, v, s); }
    void draw(const Visiting& v, const ChoicesStep&) const { draw_choices(scene, v); }
    void draw(const Visiting& v, const PaperStep&) const { draw_paper(scene, v); }
    void draw(const Visiting& v, const SignStep& s) const { draw_sign(scene, v, s); }
    void draw(const Visiting& v, const CheckStep&) const { draw_check(scene, v); }
    void draw(const Visiting& v, const MunicipalityStep& s) const { draw_municipality(scene, v, s); }
    void draw(const Visiting& v, const SealingStep& s) const { draw_sealing(scene, v, s); }
    void draw(const Visiting& v, const LaterStep& s) const { draw_later(scene, v, s); }
    void draw(const Visiting& v, const DeclineStep& s) const { draw_decline(scene, v, s); }

    void draw(const Desk& d, const DeskOverview&) const { draw_desk_overview(scene, d); }
    void draw(const Desk&, const DeskOpen& p) const { draw_desk_open(scene, p); }
    void draw(const Desk&, const DeskArrivals& p) const { draw_desk_arrivals(scene, p); }
    void draw(const Desk&, const DeskArrival& p) const { draw_desk_arrival(scene, p); }
    void draw(const Desk&, const DeskSignings&) const { draw_desk_signings(scene); }
    void draw(const Desk&, const DeskSigning& p) const { draw_desk_signing(scene, p); }
    void draw(const Desk& d, const DeskCertificate& p) const {
        draw_desk_certificate(scene, d, p.certificate, false);
    }
    void draw(const Desk&, const DeskDrafts& p) const { draw_desk_drafts(scene, p); }
    void draw(const Desk&, const DeskClosing& p) const { draw_desk_closing(scene, p); }
    void draw(const Desk&, const DeskSync& p) const { draw_desk_sync(scene, p); }
    void draw(const Desk&, const DeskRoom&) const { draw_desk_room(scene); }
    void draw(const Desk&, const DeskPaper& p) const { draw_desk_paper(scene, p); }
    void draw(const Desk& d, const DeskClosed& p) const { draw_desk_certificate(scene, d, p.protocol, true); }
};

}  // namespace

void draw_screen(const State& state, Ui& ui, const Emit& emit) {
    Scene scene{state, ui, emit};
    std::visit(Draws{scene}, state.life);
}

}  // namespace kiosk
