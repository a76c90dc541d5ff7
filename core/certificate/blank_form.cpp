#include "core/certificate/blank_form.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/certificate/agreement_pages.h"
#include "core/certificate/layout_parts.h"
#include "core/certificate/make.h"

namespace core {
namespace {

constexpr std::int32_t gap_um = 10'000, half_um = (text_width_um - gap_um) / 2, end_um = 268'000;
constexpr std::int32_t box_um = 4'000;    // a box to tick
constexpr std::int32_t label_um = 3'300;  // from a line down to the words under it

// Air between what is written by hand. A form that nearly fits on one sheet is set closer, as little as it needs; one that
// does not fit then either has air on two.
struct Spacing {
    std::int32_t head_um;       // of the sheet, down to the ceremony
    std::int32_t heading_um;    // above a heading
    std::int32_t answer_um;     // a label, and a line to write on
    std::int32_t signature_um;  // ... to sign on, then name and role
    std::int32_t name_um, role_um;  // from the words above them, where the name is known
    std::int32_t tick_um;       // from one box to the next
};
constexpr Spacing spacings[] = {{43'000, 8'500, 12'000, 27'000, 5'000, 4'000, 5'800},
                                {40'000, 7'500, 10'500, 23'500, 5'000, 4'000, 5'400},
                                {38'500, 6'500, 9'500, 22'000, 4'400, 3'600, 5'000}};

class Form {
  public:
    Form(Document& document, const BlankFormsInput& input, const CertificateContext& context,
         const ExpectedOrganisation* whose, const Spacing& space)
        : document_(document),
          ceremony_(*input.ceremony),
          context_(context),
          words_(*context.words),
          type_(*context.fonts),
          whose_(whose),
          space_(space),
          demonstration_(input.demonstration) {}

    Status lay_out() {
        document_.pages.emplace_back();
        TRY(head());
        TRY(organisation());
        TRY(criteria());
        TRY(signatures());
        // What the host fills in does not stand alone on a sheet.
        TRY_ASSIGN(auto rest_um, height_of_the_rest());
        if (y_ + rest_um > end_um) TRY(next_page());
        TRY(contact());
        TRY(municipality());
        return foot();
    }
    bool signatures_part() const { return signatures_part_; }

  private:
    Page& page() { return document_.pages.back(); }

    Status set(std::string_view text, const Style& style, std::int32_t left, std::int32_t width,
               std::int32_t baseline) {
        TRY_ASSIGN(y_, type_.set(page(), text, style, left, width, baseline));
        return {};
    }

    Status head() {
        if (demonstration_) TRY(lay_out_demonstration(page(), type_, words_));
        std::int32_t left = margin_um;
        if (context_.has_arms) {
            ArmsItem arms;
            arms.x_um = margin_um, arms.y_um = 17'000, arms.width_um = arms.height_um = 15'000;
            arms.alternative =
                words_.say("certificate.arms.alternative", {{"municipality", ceremony_.municipality.name}});
            page().items.emplace_back(std::move(arms));
            left += 20'000;
        }
        Style kind{Face::sans, points(8), points(10), soft_colour, points(0.9)};
        TRY(set(to_upper(words_.say("form.kind", {{"municipality", ceremony_.municipality.name}})), kind,
                left, text_width_um - (left - margin_um), 20'500));
        Style title{Face::serif, points(19), points(23), ink_colour, 0, Meaning::title};
        TRY(set(ceremony_.agreement.original().title, title, left, text_width_um - (left - margin_um),
                y_ + 8'500));
        TRY(set(version(), detail_, left, text_width_um - (left - margin_um), y_ + 5'500));
        Style when{Face::serif, points(10.5), points(14), ink_colour};
        return set(words_.say("form.ceremony", {{"ceremony", ceremony_.title},
                                                {"place", ceremony_.place},
                                                {"date", kept_together(words_.date(ceremony_.date))}}),
                   when, margin_um, text_width_um, std::max(y_ + 5'500, space_.head_um));
    }

    std::string version() const {
        return words_.say("form.agreement", {{"version", ceremony_.agreement.version},
                                             {"fingerprint", short_hash(ceremony_.agreement.digest.hex())}});
    }

    Status heading(const char* message) {
        Style style{Face::serif_bold, points(12), points(15), ink_colour, 0, Meaning::heading};
        return set(words_.say(message), style, margin_um, text_width_um, y_ + space_.heading_um);
    }

    struct Known {
        std::vector<std::string> lines;
        Style style{Face::serif, points(11.5), points(14), ink_colour};
        std::int32_t rise() const {
            return lines.empty() ? 0 : static_cast<std::int32_t>(lines.size() - 1) * style.leading_um;
        }
    };
    // Smaller where it is long, but never so small that it is hard to read.
    Result<Known> known_lines(std::string_view text, std::int32_t width) const {
        Known known;
        if (text.empty()) return known;
        TRY_ASSIGN(known.lines, type_.lines(text, known.style, width));
        if (known.lines.size() > 1) {
            known.style.size_um = points(10), known.style.leading_um = points(12);
            TRY_ASSIGN(known.lines, type_.lines(text, known.style, width));
        }
        return known;
    }

    // A label under a line, what is known upon it. The line stands at `line`. Whoever listens hears the label first.
    Status answer(std::string_view label, const Known& known, std::int32_t left, std::int32_t width,
                  std::int32_t line) {
        Style small{Face::sans, points(7.5), points(9), soft_colour};
        if (auto placed = type_.set(page(), label, small, left, width, line + label_um); !placed.ok())
            return placed.error();
        type_.place(page(), known.lines, known.style, left, width, line - 1'500 - known.rise());
        page().items.emplace_back(hairline(left, left + width, line, 120, ink_colour));
        return {};
    }
    Status two_answers(const char* first, std::string_view known, const char* second,
                       std::string_view known_second) {
        TRY_ASSIGN(auto left, known_lines(known, half_um));
        TRY_ASSIGN(auto right, known_lines(known_second, half_um));
        std::int32_t line = y_ + space_.answer_um + std::max(left.rise(), right.rise());
        TRY(answer(words_.say(first), left, margin_um, half_um, line));
        TRY(answer(words_.say(second), right, margin_um + half_um + gap_um, half_um, line));
        y_ = line;
        return {};
    }

    Status organisation() {
        Organisation known;
        Decision decision;
        std::string form, date;
        if (whose_ != nullptr) {
            known = whose_->organisation, decision = whose_->decision;
            form = known.form == OrganisationForm::annan
                       ? known.form_text
                       : words_.say("certificate.form." + std::string(to_id(known.form)));
            if (!decision.date.empty()) date = kept_together(words_.date(decision.date));
        }
        TRY(heading("form.organisation"));
        y_ -= 1'000;
        TRY(two_answers("form.name", known.name, "form.form", form));
        bool network = whose_ != nullptr && number_need(known.form) == NumberNeed::forbidden;
        TRY(two_answers("form.number",
                        known.number ? known.number->display()
                        : network    ? "–"
                                     : "",
                        "form.place", known.place));
        TRY(two_answers("form.body", decision.body, "form.date", date));
        y_ += 3'500;
        return {};
    }

    // The box, and its words beside it.
    Status box(std::string_view words, std::int32_t left, std::int32_t width, std::int32_t baseline) {
        std::int32_t top = baseline - 3'200, right = left + box_um, bottom = top + box_um;
        for (auto [x1, y1, x2, y2] :
             {std::array{left, top, right, top}, std::array{right, top, right, bottom},
              std::array{left, bottom, right, bottom}, std::array{left, top, left, bottom}})
            page().items.emplace_back(LineItem{x1, y1, x2, y2, 200, ink_colour});
        return set(words, box_style_, left + box_um + 3'000, width - box_um - 3'000, baseline);
    }
    // How far its words go on below their first line.
    Result<std::int32_t> box_rise(std::string_view words, std::int32_t width) const {
        TRY_ASSIGN(auto lines, type_.lines(words, box_style_, width - box_um - 3'000));
        return static_cast<std::int32_t>(lines.size() - 1) * box_style_.leading_um;
    }

    Status criteria() {
        const auto& agreement = ceremony_.agreement;
        if (agreement.criteria.empty()) return {};
        TRY(heading("form.criteria"));
        y_ += 1'000;
        for (const auto& criterion : agreement.criteria) {
            auto text = agreement.original().criteria.find(criterion.id);
            if (text != agreement.original().criteria.end())
                TRY(box(text->second, margin_um, text_width_um, y_ + space_.tick_um));
        }
        return {};
    }

    int signers() const {
        if (whose_ == nullptr) return 2;
        return std::clamp(
            std::max(whose_->representatives_required, static_cast<int>(whose_->representatives.size())), 1,
            6);
    }

    // An empty line to sign on, with room for what is written under it.
    Status signature(std::string_view name, std::string_view role, std::int32_t left, std::int32_t line) {
        page().items.emplace_back(hairline(left, left + half_um, line, 150, ink_colour));
        Style small{Face::sans, points(7.5), points(9), soft_colour};
        TRY_ASSIGN(std::int32_t y,
                   type_.set(page(), words_.say("form.signature"), small, left, half_um, line + label_um));
        if (name.empty())
            return answer(words_.say("form.name_and_role"), {}, left, half_um, line + space_.answer_um);
        Style known{Face::serif, points(10.5), points(13), ink_colour};
        TRY_ASSIGN(y, type_.set(page(), name, known, left, half_um, y + space_.name_um));
        small.size_um = points(8), small.leading_um = points(10);
        auto placed = type_.set(page(), role, small, left, half_um, y + space_.role_um);
        return placed.ok() ? Status{} : Status{placed.error()};
    }

    Status column(const char* message, std::int32_t left, std::int32_t baseline) {
        Style style{Face::sans, points(8), points(10), soft_colour, points(0.9)};
        auto placed = type_.set(page(), to_upper(words_.say(message)), style, left, half_um, baseline);
        return placed.ok() ? Status{} : Status{placed.error()};
    }

    Status signatures() {
        bool beside = ceremony_.countersigning == Countersigning::beside;
        auto left_rows = static_cast<std::size_t>(signers()),
             right_rows = beside ? std::max<std::size_t>(ceremony_.signatories.size(), 1) : 0;
        std::size_t rows = std::max(left_rows, right_rows);
        // Whoever signs sees what: no signature stands alone on its page.
        if (y_ + 26'000 + static_cast<std::int32_t>(std::min<std::size_t>(rows, 2)) * space_.signature_um >
            end_um)
            TRY(next_page());
        TRY(heading("form.signatures"));
        Style body{Face::serif, points(10.5), points(14), ink_colour};
        TRY(set(words_.say("form.joins", {{"municipality", ceremony_.municipality.name}}), body, margin_um,
                text_width_um, y_ + 6'000));
        TRY(two_answers("form.signed_place", "", "form.signed_date", ""));
        std::int32_t right = margin_um + half_um + gap_um, top = y_ + 10'000;
        TRY(column("certificate.column.organisation", margin_um, top));
        TRY(column("certificate.column.municipality", right, top));
        if (!beside) {
            Style note{Face::serif_italic, points(10.5), points(14), ink_colour};
            auto placed = type_.set(page(), words_.say("certificate.closing"), note, right, half_um,
                                    top + 12'000, Align::left, Break::balanced);
            if (!placed.ok()) return placed.error();
        }
        y_ = top - 9'000;
        for (std::size_t row = 0; row < rows; ++row) {
            if (y_ + space_.signature_um + space_.answer_um > end_um) {
                signatures_part_ = true;
                TRY(next_page());
                y_ += 8'000;
                if (row < left_rows) TRY(column("certificate.column.organisation", margin_um, y_));
                if (row < right_rows) TRY(column("certificate.column.municipality", right, y_));
                y_ -= 9'000;
            }
            std::int32_t line = y_ + space_.signature_um - 2'000;
            if (row < left_rows) TRY(signature("", "", margin_um, line));
            if (row < right_rows) {
                bool known = row < ceremony_.signatories.size();
                TRY(signature(known ? ceremony_.signatories[row].name : "",
                              known ? ceremony_.signatories[row].role : "", right, line));
            }
            y_ = line + 2'000;
        }
        y_ += space_.answer_um + 1'000;
        return {};
    }

    Result<std::int32_t> height_of_the_rest() const {
        std::int32_t contact_um = space_.heading_um + space_.answer_um + 2'500;
        for (const char* message : choices_) {
            TRY_ASSIGN(auto rise, box_rise(words_.say(message), text_width_um));
            contact_um += space_.tick_um + rise;
        }
        TRY_ASSIGN(auto identity, box_rise(words_.say("host.identity"), half_um));
        TRY_ASSIGN(auto authority, box_rise(words_.say("host.authority"), half_um));
        return contact_um + space_.heading_um + 5'800 + std::max(identity, authority) + space_.answer_um +
               label_um;
    }

    Status contact() {
        TRY(heading("form.contact"));
        y_ -= 1'000;
        TRY(two_answers("form.contact_name", "", "form.email_or_phone", ""));
        y_ += 3'500;
        for (const char* message : choices_)
            TRY(box(words_.say(message), margin_um, text_width_um, y_ + space_.tick_um));
        return {};
    }

    Status municipality() {
        TRY(heading("form.host"));
        std::int32_t baseline = y_ + 6'800;
        TRY(box(words_.say("host.identity"), margin_um, half_um, baseline));
        std::int32_t after = y_;
        TRY(box(words_.say("host.authority"), margin_um + half_um + gap_um, half_um, baseline));
        y_ = std::max(y_, after) - 1'000;
        return two_answers("form.certificate_number", "", "form.entered_by", "");
    }

    // Sheets part from each other on a table: each says whose it is, and what was agreed to.
    Status next_page() {
        Style small{Face::sans, points(7.5), points(9.5), soft_colour};
        TRY_ASSIGN(y_, type_.set(page(), words_.say("form.next_page"), small, margin_um, text_width_um,
                                 277'000, Align::right));
        document_.pages.emplace_back();
        if (demonstration_) TRY(lay_out_demonstration(page(), type_, words_));
        Style style{Face::serif_italic, points(10.5), points(14), soft_colour};
        std::string name = whose_ != nullptr ? whose_->organisation.name : words_.say("form.empty");
        TRY(set(
            words_.say("form.continues", {{"organisation", name}, {"page", std::to_string(++page_number_)}}),
            style, margin_um, text_width_um, 22'000));
        TRY(set(ceremony_.agreement.original().title + ". " + version(), detail_, margin_um, text_width_um,
                y_ + 5'500));
        if (whose_ != nullptr) return {};
        std::int32_t line = y_ + space_.answer_um;
        TRY(answer(words_.say("form.name"), {}, margin_um, text_width_um, line));
        y_ = line + 3'500;
        return {};
    }

    Status foot() {
        page().items.emplace_back(hairline(margin_um, page_width_um - margin_um, 272'000));
        Style small{Face::sans, points(7.5), points(9.5), soft_colour};
        auto placed =
            type_.set(page(), words_.say("form.what_happens"), small, margin_um, text_width_um, 277'000);
        return placed.ok() ? Status{} : Status{placed.error()};
    }

    Document& document_;
    const Ceremony& ceremony_;
    const CertificateContext& context_;
    const Words& words_;
    Typesetter type_;
    const ExpectedOrganisation* whose_;
    const Spacing& space_;
    bool demonstration_;
    std::int32_t y_ = 0;
    int page_number_ = 1;  // of this form
    bool signatures_part_ = false;
    const Style detail_{Face::sans, points(8.5), points(11.5), soft_colour};
    const Style box_style_{Face::serif, points(10), points(13), ink_colour};
    static constexpr std::array choices_{"choices.publish", "choices.reference"};
};

Status add_form(Document& document, const BlankFormsInput& input, const CertificateContext& context,
                const ExpectedOrganisation* whose) {
    std::vector<Page> pages;
    int best = -1;  // 2: one sheet; 1: two, but nobody signs on the second alone
    for (const auto& space : spacings) {
        Document set;
        Form form(set, input, context, whose, space);
        TRY(form.lay_out());
        int rank = set.pages.size() == 1 ? 2 : form.signatures_part() ? 0 : 1;
        if (rank > best) pages = std::move(set.pages), best = rank;
        if (best == 2) break;
    }
    for (auto& page : pages) document.pages.push_back(std::move(page));
    return {};
}

}  // namespace

Result<Document> lay_out_blank_forms(const BlankFormsInput& input, const CertificateContext& context) {
    CHECK_THAT(input.ceremony != nullptr && context.words != nullptr && context.fonts != nullptr);
    Document document;
    document.title = context.words->say("form.title", {{"ceremony", input.ceremony->title}});
    document.author = input.ceremony->municipality.name;
    for (const auto* whose : input.whose) TRY(add_form(document, input, context, whose));
    for (int i = 0; i < input.empty; ++i) TRY(add_form(document, input, context, nullptr));
    TRY(add_agreement_pages(document, *input.ceremony, context));
    return document;
}

Result<Bytes> make_blank_forms(const BlankFormsInput& input, CertificateContext context,
                               const VectorArms* arms, std::int64_t now_ms) {
    context.has_arms = arms != nullptr;
    TRY_ASSIGN(Document document, lay_out_blank_forms(input, context));
    MakeInput make;
    make.document = &document;
    make.fonts = context.fonts;
    make.arms = arms;
    make.claimed_at_ms = now_ms;
    return make_unsealed(make);
}

}  // namespace core
