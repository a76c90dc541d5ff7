#include <algorithm>

#include "kiosk/screens/parts.h"

namespace kiosk {
namespace {

const SigningLine* line_of(const State& state, std::uint64_t seq) {
    for (const auto& line : state.lists.signings)
        if (line.seq == seq) return &line;
    return nullptr;
}

// Whoever puts the forms in their folder counts them against the list.
std::string status_of(const Scene& scene, const SigningLine& line) {
    auto status = scene.say(line.voided            ? "desk.signing.void"
                            : line.copied_to_stick ? "desk.signing.copied"
                                                   : "desk.signing.sealed");
    return line.on_paper ? status + " · " + scene.say("desk.signing.paper") : status;
}

}  // namespace

void draw_desk_signings(const Scene& scene) {
    const auto& lines = scene.state.lists.signings;
    begin_desk(scene, "desk_signings", "");
    scene.ui.heading(scene.say("desk.signings.heading"));
    std::vector<std::vector<std::string>> rows;
    for (auto line = lines.rbegin(); line != lines.rend(); ++line)
        rows.push_back({line->organisation, line->certificate_number, time_words(scene, line->declared_at_ms),
                        status_of(scene, *line)});
    auto answer = scene.ui.table({{scene.say("desk.column.organisation"), 2},
                                  {scene.say("desk.column.number"), 1.2},
                                  {scene.say("desk.column.time"), 0.6},
                                  {scene.say("desk.column.status"), 1}},
                                 rows, scene.say("desk.signings.none"));
    if (answer.row)
        scene.emit(SelectSigning{lines[lines.size() - 1 - static_cast<std::size_t>(*answer.row)].seq});
    if (const auto& declined = scene.state.lists.declined; !declined.empty()) {
        scene.ui.space(4);
        scene.ui.small(scene.say("desk.declined.heading"));
        for (auto line = declined.rbegin(); line != declined.rend(); ++line)
            scene.ui.paragraph(line->organisation + " · " +
                               scene.say("decline.reason." + std::string(core::to_id(line->reason))) + " · " +
                               time_words(scene, line->at_ms));
    }
    end_screen(scene);
}

void draw_desk_signing(const Scene& scene, const DeskSigning& page) {
    const auto* line = line_of(scene.state, page.seq);
    std::string act = page.voiding ? scene.say("desk.void.do") : page.redo ? scene.say("desk.redo") : "";
    FrameSpec spec;
    spec.screen = page.voiding ? "desk_void" : "desk_signing";
    spec.progress = scene.say("desk.progress", {{"tablet", tablet_words(scene)}});
    spec.back = scene.say("frame.back"), spec.primary = act;
    spec.dangerous = page.voiding;
    begin_screen(scene, std::move(spec));
    if (!line) return end_screen(scene);
    scene.ui.heading(line->organisation);
    if (page.voiding) {
        std::vector<FieldError> errors;
        if (page.reason_missing) errors.push_back({Field::void_reason, 0, "desk.void.reason_missing"});
        scene.ui.paragraph(scene.say("desk.void.words"));
        draw_input(scene,
                   {Field::void_reason, 0, scene.say("desk.void.reason"), scene.say("desk.void.reason.hint"),
                    FieldKind::text, false},
                   page.reason, errors);
        return end_screen(scene);
    }
    scene.ui.summary_row(scene.say("desk.column.number"), line->certificate_number, "");
    scene.ui.summary_row(scene.say("desk.column.time"), time_words(scene, line->declared_at_ms), "");
    if (line->on_paper) scene.ui.summary_row(scene.say("desk.column.status"), status_of(scene, *line), "");
    scene.ui.space(4);
    if (line->voided)
        scene.ui.notice(Tone::warn, scene.say("desk.signing.voided", {{"reason", line->void_reason}}));
    if (page.redo) scene.ui.paragraph(scene.say("desk.redo.words"));
    if (scene.ui.button(scene.say("desk.show"))) scene.emit(ShowAgain{page.seq});
    if (!line->voided && scene.ui.button(scene.say("desk.void"), ButtonKind::dangerous))
        scene.emit(BeginVoid{});
    end_screen(scene);
}

void draw_desk_certificate(const Scene& scene, const Desk& desk, const ShownCertificate& certificate,
                           bool protocol) {
    auto answer = begin_desk(scene, protocol ? "desk_closed" : "desk_certificate",
                             protocol ? scene.say("desk.closed.done") : "",
                             may_print(certificate) ? scene.say("print.do") : "");
    if (answer.secondary) scene.emit(PrintAsked{});
    auto words = [&] {
        scene.ui.heading(scene.say(protocol ? "desk.closed.heading" : "desk.certificate.heading"));
        if (!certificate.organisation.empty()) scene.ui.paragraph(certificate.organisation);
        scene.ui.figure(certificate.certificate_number);
        if (auto printing = printing_words(scene, certificate); !printing.empty())
            scene.ui.notice(certificate.printing == Printing::printed ? Tone::done : Tone::neutral, printing);
        if (certificate.qr.side > 0) scene.ui.qr(certificate.qr, 30, scene.say("done.qr"));
        scene.ui.small(scene.say(certificate.copied_to_stick ? "desk.certificate.copied"
                                                             : "desk.certificate.not_copied"));
        for (const auto& stick : scene.state.sticks)
            if (stick.whose == Stick::Whose::visitor && scene.ui.button(scene.say("desk.hand_over")))
                scene.emit(HandOverTo{stick.path});
        if (desk.copied) scene.ui.notice(Tone::done, scene.say("done.handed"));
    };
    auto picture = [&] {
        scene.ui.sheets(*certificate.document, scene.state.arms, 92,
                        scene.say("done.picture", {{"organisation", certificate.organisation}}));
    };
    bool has_picture = certificate.document && !certificate.document->pages.empty();
    if (has_picture && !scene.ui.columns_stack()) {
        scene.ui.columns({1, 1.5}, {picture, words});
    } else {
        words();
        if (has_picture) picture();
    }
    end_screen(scene);
}

void draw_desk_drafts(const Scene& scene, const DeskDrafts& page) {
    begin_desk(scene, "desk_drafts", "");
    scene.ui.heading(scene.say("desk.drafts.heading"));
    if (scene.state.drafts.empty()) scene.ui.paragraph(scene.say("desk.drafts.none"));
    for (const auto& draft : scene.state.drafts) {
        int who = first_unsigned(draft.visit);
        std::string waits = who >= 0 ? draft.visit.signatories[static_cast<std::size_t>(who)].name
                                     : scene.say("desk.drafts.municipality");
        scene.ui.card([&] {
            scene.ui.heading(draft.visit.name);
            if (!waits_here(*scene.state.ceremony, draft)) {
                scene.ui.small(
                    scene.say("desk.drafts.elsewhere", {{"time", time_words(scene, draft.saved_at_ms)}}));
                if (scene.ui.button(scene.say("desk.drafts.drop"), ButtonKind::quiet))
                    scene.emit(DropDraftAsked{draft.id});
                return;
            }
            scene.ui.small(scene.say("desk.drafts.waits",
                                     {{"name", waits}, {"time", time_words(scene, draft.saved_at_ms)}}));
            auto chosen = scene.ui.buttons({scene.say("desk.drafts.go_on"), scene.say("desk.drafts.drop")});
            if (chosen == 0) scene.emit(ResumeDraft{draft.id});
            if (chosen == 1) scene.emit(DropDraftAsked{draft.id});
        });
    }
    if (!page.dropping.empty()) {
        auto answer = scene.ui.ask(scene.say("desk.drafts.drop.question"), scene.say("desk.drafts.drop.yes"),
                                   scene.say("desk.drafts.drop.no"));
        if (answer) scene.emit(*answer == 1 ? Action(Continue{}) : Action(Dismiss{}));
    }
    end_screen(scene);
}

}  // namespace kiosk
