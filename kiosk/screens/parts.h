// What screens share: the frame's answers, fields with their errors, questions over the page. And each
// screen's own function, for draw_screen().
#pragma once

#include "kiosk/screens/screens.h"

namespace kiosk {

struct Scene {
    const State& state;
    Ui& ui;
    const Emit& emit;

    std::string say(std::string_view name, std::initializer_list<core::Blank> blanks = {}) const {
        return ui.say(name, blanks);
    }
};

// Steps of a representative, for "Steg 2 av 6 · Läs överenskommelsen".
enum class Stage { find, read, criteria, details, sign, check };

// Begins the frame and emits what was done to it: Back, Continue, AskForHelp, text size, contrast.
// `secondary` is for the caller to answer.
FrameAnswer begin_screen(const Scene& scene, FrameSpec spec);
FrameSpec step_spec(const Scene& scene, std::string screen, Stage stage, std::string primary,
                    std::string secondary = {});
FrameAnswer begin_step(const Scene& scene, std::string screen, Stage stage, std::string primary,
                       std::string secondary = {});
FrameAnswer begin_desk(const Scene& scene, std::string screen, std::string primary,
                       std::string secondary = {});
// Help, trouble, the idle question; then the frame ends. `help` is this screen's own help beyond "the host
// comes".
void end_screen(const Scene& scene);

struct Input {
    Field field = Field::none;
    int index = 0;
    std::string label, hint;
    FieldKind kind = FieldKind::text;
    bool optional = false;
};
void draw_input(const Scene& scene, const Input& input, std::string_view value,
                const std::vector<FieldError>& errors = {});
void draw_box(const Scene& scene, Box box, int index, std::string_view label, bool on,
              std::string_view detail = {});
void draw_error_summary(const Scene& scene, const std::vector<FieldError>& errors);
std::string error_words(const Scene& scene, const std::vector<FieldError>& errors, Field field, int index);
// One of the host's two boxes, identity_seen or authority_seen. The error about them leads to the first that is not ticked.
void draw_seen_box(const Scene& scene, const CheckIn& form, Box box, bool with_detail);
void draw_trouble(const Scene& scene, const Trouble& trouble);     // in the page, not over it
void draw_likeness(const Scene& scene, const Visiting& visiting);  // a notice, when it may be here already
void draw_check_in_names(const Scene& scene, const CheckIn& form);
void draw_pin(const Scene& scene, const PinEntry& pin);
std::string refusal_words(const Scene& scene, core::InkVerdict verdict);
void draw_signing_area(const Scene& scene, std::string_view label, const core::Ink& ink,
                       std::string_view name_under);

// How the printing of a certificate went, in words; empty: nothing was asked for.
std::string printing_words(const Scene& scene, const ShownCertificate& certificate);
bool may_print(const ShownCertificate& certificate);  // there is a printer, and it is not at it
void draw_certificate_time(const Scene& scene);       // a notice, when the host should know
void draw_standing(const Scene& scene);  // a notice, when the server keeps what this tablet sends apart
std::string tablet_words(const Scene& scene);
std::string form_words(const Scene& scene, core::OrganisationForm form);
std::string organisation_detail(const Scene& scene, const core::Organisation& organisation);
std::string time_words(const Scene& scene, std::int64_t wall_ms);
std::string date_words(const Scene& scene, const core::Date& date);
const core::Text& text_for(const State& state, std::string_view language);

// --- one for each life and step
void draw_starting(const Scene& scene);
void draw_cannot_start(const Scene& scene, const CannotStart& life);
void draw_attract(const Scene& scene);
void draw_the_room(const Scene& scene);

void draw_first_run(const Scene& scene, const FirstRun& life);
void draw_ask_passphrase(const Scene& scene, const AskPassphrase& life);
void draw_choose_pin(const Scene& scene, const ChoosePin& life);
void draw_await_certificate(const Scene& scene, const AwaitCertificate& life);
void draw_ask_pin(const Scene& scene, const AskPin& life);

void draw_language(const Scene& scene);
void draw_privacy(const Scene& scene, const Visiting& visiting);
void draw_find(const Scene& scene, const Visiting& visiting, const FindStep& step);
void draw_organisation(const Scene& scene, const Visiting& visiting, const OrganisationStep& step);
void draw_host(const Scene& scene, const Visiting& visiting, const HostStep& step);
void draw_read(const Scene& scene, const Visiting& visiting, const ReadStep& step);
void draw_eligibility(const Scene& scene, const Visiting& visiting);
void draw_details(const Scene& scene, const Visiting& visiting, const DetailsStep& step);
void draw_choices(const Scene& scene, const Visiting& visiting);
void draw_paper(const Scene& scene, const Visiting& visiting);
void draw_sign(const Scene& scene, const Visiting& visiting, const SignStep& step);
void draw_check(const Scene& scene, const Visiting& visiting);
void draw_municipality(const Scene& scene, const Visiting& visiting, const MunicipalityStep& step);
void draw_sealing(const Scene& scene, const Visiting& visiting, const SealingStep& step);
void draw_later(const Scene& scene, const Visiting& visiting, const LaterStep& step);
void draw_decline(const Scene& scene, const Visiting& visiting, const DeclineStep& step);
void draw_done(const Scene& scene, const Done& life);

void draw_desk_overview(const Scene& scene, const Desk& desk);
void draw_desk_open(const Scene& scene, const DeskOpen& page);
void draw_desk_arrivals(const Scene& scene, const DeskArrivals& page);
void draw_desk_arrival(const Scene& scene, const DeskArrival& page);
void draw_desk_signings(const Scene& scene);
void draw_desk_signing(const Scene& scene, const DeskSigning& page);
void draw_desk_certificate(const Scene& scene, const Desk& desk, const ShownCertificate& certificate,
                           bool protocol);
void draw_desk_drafts(const Scene& scene, const DeskDrafts& page);
void draw_desk_closing(const Scene& scene, const DeskClosing& page);
void draw_desk_sync(const Scene& scene, const DeskSync& page);
void draw_desk_room(const Scene& scene);
void draw_desk_paper(const Scene& scene, const DeskPaper& page);

}  // namespace kiosk
