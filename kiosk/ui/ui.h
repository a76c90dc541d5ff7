// Ui: what screens may say. Immediate mode: a screen is a function of State that calls these in reading
// order; each call paints, adds a node to the semantic tree, and answers what the person did to it since the
// last frame.
//
// Sizes are physical: layout is in millimetres and comes out in pixels by the display's real dots per mm.
// Not here: state, stores, sockets (screens get values); SDL (kiosk/platform feeds events and paints draw
// lists).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/words.h"
#include "core/model/image.h"
#include "core/model/ink.h"
#include "core/model/page.h"
#include "kiosk/ui/semantics.h"
#include "kiosk/ui/theme.h"

namespace kiosk {

enum class ButtonKind { primary, secondary, quiet, dangerous };
enum class FieldKind {
    text,
    name,
    digits,
    date,
    email,
    phone,
    secret,
    pin
};  // which keys the screen keyboard shows; a secret and a PIN (digits alone) are dots on screen
inline bool is_hidden(FieldKind kind) { return kind == FieldKind::secret || kind == FieldKind::pin; }
enum class Behind { dimmed, hidden };  // the page under a question; hidden: nothing of it can be seen or heard
enum class Tone { neutral, done, warn, error };

struct FieldSpec {
    std::string id;  // stable, unique on the screen
    std::string label, hint;
    std::string error;  // empty: none; the same words as in the error summary
    FieldKind kind = FieldKind::text;
    bool optional = false;  // says so beside the label
};

// The frame around every representative's screen (LOOK.md): top bar, content, bottom bar.
struct FrameSpec {
    std::string screen;    // name for tests and pictures: "sign"
    std::string progress;  // "Steg 2 av 6 · Läs överenskommelsen"; empty on attract and done
    std::string back;      // empty: no way back from here
    std::string primary;   // the button that goes on; empty: none
    bool primary_enabled = true;
    bool dangerous = false;     // the primary act cannot be taken back
    std::string help;           // "Be om hjälp"; empty: none
    std::string secondary;      // a second, quieter act beside the primary
    bool tools = true;          // "Aa", the half circle and the voice; not in the room
    std::optional<bool> voice;  // whether screens are read aloud; nothing: they cannot be
    // The primary act waits until every page of the screen has been shown.
    bool all_pages_first = false;
    bool close = false;    // content begins close under the bar: the book
    bool centred = false;  // content in the middle of the screen, lines centred: attract, sealing, done
};
struct FrameAnswer {
    bool back = false, primary = false, secondary = false, help = false;
    std::optional<TextSize> text_size;  // from "Aa"
    std::optional<Contrast> contrast;   // from the half circle
    std::optional<bool> voice;          // from the loudspeaker, or F1
    bool read_again = false;            // F2
    int volume_step = 0;                // F3 softer: -1; F4 louder: 1
};

struct InkAnswer {
    struct Event {
        enum class What { begin, move, end, cancel } what = What::move;
        core::InkPoint point;  // in the area's own micrometres
    };
    std::vector<Event> events;  // every one since the last frame, in order
    bool undo = false, restart = false;
    std::optional<Steadiness> steadiness;      // chosen now
    std::int32_t width_um = 0, height_um = 0;  // of the area as it is on this screen
};

// A run of readable text: the agreement as blocks.
struct TextBlock {
    enum class Kind { title, heading, paragraph, bullet, commitment, quote } kind = Kind::paragraph;
    std::string text;  // terms of the glossary stand between U+2062 marks: "\u2062term\u2062"
    std::string mark;  // commitments: "Kommunen åtar sig"
    int party = 0;     // 0 none, 1 municipality, 2 organisation, 3 together: its colour
};
struct BookAnswer {
    int page_count = 1;
    std::optional<int> page;          // asked for: by arrows, swipe, contents, Page Up / Down
    std::optional<std::string> term;  // a term was opened
};

struct TableColumn {
    std::string heading;
    double share = 1;  // of the width
};
struct TableAnswer {
    std::optional<int> row;  // tapped
};

// The room's screen, seen from fifteen metres: words as they stand there, empty where there is nothing to say.
struct RoomSheet {
    core::SharedImage arms;
    std::string arms_alternative, municipality, agreement;  // small at the top
    std::string leave;  // on a screen that people touch: what a touch does

    std::string kicker, name;        // "Har just skrivit under", and who
    const core::Ink* ink = nullptr;  // the signature, if one was drawn
    std::string ink_alternative;
    std::uint64_t moment = 0;  // the ink draws itself, once for each; 0: it stands still
    std::vector<std::pair<std::string, std::string>> parties;  // what they are, and who

    std::string welcome, invitation;  // instead of all this, when there is nobody to show

    std::string list_heading, list_place;  // the ceremony's list, instead of one name; "Sida 1 av 2"
    std::vector<std::string> list;

    std::string figure, figure_words;  // how many have signed
    std::vector<std::string> latest;   // the last one first
};

class Ui {
  public:
    struct Platform;  // what kiosk/platform hands in: time, input, textures (ui_platform.h)
    struct State;     // the widgets' own (ui_state.h)

    explicit Ui(Platform& platform);
    ~Ui();

    const core::Words& words() const;
    std::string say(std::string_view name, std::initializer_list<core::Blank> blanks = {}) const;
    const Theme& theme() const;

    // --- the frame. Everything else stands between begin and end. Content flows downwards in one column of
    // at most 70 characters, unless `columns` says else. What does not fit gets page buttons, never a hidden
    // scroll.
    FrameAnswer begin_frame(const FrameSpec& spec);
    void end_frame();

    // --- words
    void heading(std::string_view text, core::Face face = core::Face::sans_bold);
    void title(std::string_view text);  // large serif: attract, done, room
    void paragraph(std::string_view text);
    void small(std::string_view text);              // secondary ink
    void figure(std::string_view text);             // very large digits or a certificate number
    void notice(Tone tone, std::string_view text);  // icon, word, box
    // When it comes, and when the primary act has come to nothing once more, the focus goes to it. Each line leads
    // to its field.
    void error_summary(const std::vector<std::pair<std::string, std::string>>& field_and_words);
    void space(double mm);
    bool columns_stack() const;  // here columns() would put them below each other
    void columns(const std::vector<double>& shares, const std::vector<std::function<void()>>& contents);
    void card(const std::function<void()>& content);

    // --- acts; true in the frame in which the act happened
    bool button(std::string_view label, ButtonKind kind = ButtonKind::secondary, bool enabled = true);
    std::optional<int> buttons(const std::vector<std::string>& labels,
                               ButtonKind kind = ButtonKind::secondary);  // beside
                                                                          // each other as far as they fit
    bool row(std::string_view label, std::string_view detail = {},
             std::string_view action = {});  // a wide row to tap
    // Rows (label, detail), two beside each other and as high as each other, or below each other where columns() would
    // put them. Which one was tapped.
    std::optional<std::size_t> rows(const std::vector<std::pair<std::string, std::string>>& all);
    std::optional<bool> checkbox(std::string_view label, bool checked, std::string_view detail = {});
    std::optional<int> choice(std::string_view label, const std::vector<std::string>& options,
                              int chosen);  // radios
    std::optional<std::string> field(const FieldSpec& spec,
                                     std::string_view value);  // the new value, when edited
    bool summary_row(std::string_view label, std::string_view value,
                     std::string_view change);  // check answers
    bool summary_ink(std::string_view label, const core::Ink& ink, std::string_view alternative,
                     std::string_view change);  // the same for a signature
    TableAnswer table(const std::vector<TableColumn>& columns,
                      const std::vector<std::vector<std::string>>& rows, std::string_view empty);
    // A sentence and two buttons over everything else; 1 yes, 0 no. An empty `no`: one button.
    std::optional<int> ask(std::string_view question, std::string_view yes, std::string_view no,
                           Behind behind = Behind::dimmed);

    // --- pictures
    void image(const core::SharedImage& image, double width_mm, std::string_view alternative);
    void qr(const core::QrCode& code, double side_mm, std::string_view alternative);
    void page(const core::Page& page, const core::SharedImage& arms, double height_mm,
              std::string_view alternative);
    // All sheets of a document, one at a time.
    void sheets(const core::Document& document, const core::SharedImage& arms, double height_mm,
                std::string_view alternative);
    void ink(const core::Ink& ink, double width_mm, double height_mm, std::string_view alternative);

    // --- the signing area: fills what is left of the content, with its line, x and printed name
    InkAnswer sign_area(std::string_view label, const core::Ink& ink, std::string_view name_under,
                        Steadiness steadiness = Steadiness::off);

    // --- the book: blocks laid out in pages of one or two columns; `page` is the first one shown
    BookAnswer book(const std::vector<TextBlock>& blocks, int page);

    // --- the room: fills the screen, without a frame. True: somebody touched it, where it has `leave`.
    bool room(const RoomSheet& sheet);

    void focus(std::string_view field_id);   // moves the keyboard there in the next frame
    void anchor(std::string_view field_id);  // the next box or choice is that field
    void wake_after(int delay_ms);           // a countdown, a fade: one more frame then, otherwise none comes

  private:
    struct RowWords;
    bool draw_row(const RowWords& words, float height);

    std::unique_ptr<State> state_;
    friend struct Platform;
};

}  // namespace kiosk
