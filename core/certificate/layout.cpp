#include "core/certificate/layout.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/certificate/layout_parts.h"

namespace core {
namespace {

constexpr std::int32_t column_gap_um = 18'000, column_width_um = (text_width_um - column_gap_um) / 2;
constexpr std::int32_t above_foot_um = 4'000, later_body_end_um = 266'000;

class CertificateLayout {
  public:
    CertificateLayout(const SigningRecord& record, const CertificateContext& context)
        : record_(record),
          context_(context),
          words_(*context.words),
          also_(context.also_words),
          type_(*context.fonts) {}

    Result<Document> lay_out() {
        document_.title = words_.say("certificate.title", {{"number", record_.certificate_number},
                                                           {"organisation", record_.organisation.name}});
        document_.author = record_.municipality_name;
        TRY(gather_blocks());
        document_.pages.emplace_back();
        TRY_ASSIGN(std::int32_t text_end, first_page_text());
        TRY(signatures(text_end));
        for (std::size_t i = 0; i < document_.pages.size(); ++i) TRY(foot(document_.pages[i], i + 1));
        return std::move(document_);
    }

  private:
    Status gather_blocks() {
        for (const auto& [person, signature] : record_.representatives) {
            std::string role = person.role;
            if (person.authority == Authority::jointly)
                role = role.empty() ? words_.say("certificate.authority.jointly")
                                    : words_.say("certificate.role.jointly", {{"role", role}});
            TRY_ASSIGN(auto measured,
                       measure_signature(type_, words_, {person.name, role, &signature}, column_width_um));
            organisation_.push_back(std::move(measured));
        }
        for (const auto& [signatory, signature] : record_.municipal) {
            TRY_ASSIGN(auto measured,
                       measure_signature(type_, words_, {signatory.name, signatory.role, &signature},
                                         column_width_um));
            municipality_.push_back(std::move(measured));
        }
        return {};
    }

    // Arms to place and date; returns where the text ends.
    Result<std::int32_t> first_page_text() {
        Page& page = document_.pages[0];
        TRY_ASSIGN(std::int32_t y, lay_out_head(page, type_, words_, head()));
        Style title{Face::serif, points(30), points(36), ink_colour, 0, Meaning::title};
        TRY_ASSIGN(y, type_.set(page, words_.say("certificate.heading"), title, margin_um, text_width_um,
                                y + 17'000, Align::centre));
        Style subtitle{Face::serif_italic, points(13), points(17), soft_colour};
        if (std::string own = title_below_heading(); !own.empty()) {
            TRY_ASSIGN(y, type_.set(page, own, subtitle, margin_um + 8'000, text_width_um - 16'000, y + 8'500,
                                    Align::centre, Break::balanced));
        }
        // Below the title: the verifier reads that as one run of words.
        if (also_ != nullptr) {
            Style heading = also(Face::serif, 15, 19);
            TRY_ASSIGN(y, type_.set(page, also_->say("certificate.heading"), heading, margin_um,
                                    text_width_um, y + 8'000, Align::centre));
        }
        Style version{Face::sans, points(9), points(12), soft_colour};
        TRY_ASSIGN(
            y, type_.set(page, words_.say("certificate.version", {{"version", record_.agreement_version}}),
                         version, margin_um, text_width_um, y + 6'000, Align::centre));
        TRY_ASSIGN(y, organisation_name(page, y + 14'500));
        Style body{Face::serif, points(11.5), points(17), ink_colour};
        TRY_ASSIGN(y, type_.set(page, sentences(words_), body, margin_um + 14'000, text_width_um - 28'000,
                                y + 9'500, Align::centre, Break::balanced));
        if (also_ != nullptr) {
            TRY_ASSIGN(
                y, type_.set(page, sentences(*also_), also(Face::serif_italic, 10, 14.5), margin_um + 14'000,
                             text_width_um - 28'000, y + 8'000, Align::centre, Break::balanced));
        }
        Style when{Face::serif, points(11.5), points(15), ink_colour};
        TRY_ASSIGN(y, type_.set(page, place_and_date(words_), when, margin_um, text_width_um,
                                y + (also_ != nullptr ? 9'000 : 10'500), Align::centre));
        if (also_ == nullptr) return y;
        return type_.set(page, place_and_date(*also_), also(Face::serif_italic, 10, 13), margin_um,
                         text_width_um, y + 5'500, Align::centre);
    }

    // How the second language is set: quieter than Swedish, and tagged as what it is.
    Style also(Face face, double size, double leading) const {
        return {face, points(size), points(leading), soft_colour, 0, Meaning::paragraph, also_->language()};
    }

    std::string place_and_date(const Words& words) const {
        return words.say(
            "certificate.place_and_date",
            {{"place", record_.ceremony_place}, {"date", kept_together(words.date(record_.ceremony_date))}});
    }

    // "Överenskommelse" / "om samverkan mellan ...": the word is not said twice. Empty when nothing is left.
    std::string title_below_heading() const {
        std::string heading = words_.say("certificate.heading");
        std::string_view title = record_.agreement_title;
        if (title == heading) return {};
        if (title.starts_with(heading + " ")) title.remove_prefix(heading.size() + 1);
        return std::string(title);
    }

    Result<std::int32_t> organisation_name(Page& page, std::int32_t baseline) {
        double size = record_.organisation.name.size() > 60 ? 17 : 21;
        Style name{Face::serif_bold, points(size), points(size * 1.25), ink_colour, 0, Meaning::heading};
        TRY_ASSIGN(std::int32_t y,
                   type_.set(page, record_.organisation.name, name, margin_um + 4'000, text_width_um - 8'000,
                             baseline, Align::centre, Break::balanced));
        Style detail{Face::sans, points(9), points(12), soft_colour};
        return type_.set(page, organisation_detail(), detail, margin_um, text_width_um, y + 6'200,
                         Align::centre, Break::balanced);
    }

    std::string organisation_detail() const {
        const Organisation& organisation = record_.organisation;
        std::string form = organisation.form == OrganisationForm::annan && !organisation.form_text.empty()
                               ? organisation.form_text
                               : words_.say("certificate.form." + std::string(to_id(organisation.form)));
        std::string detail = form;
        if (organisation.number) detail += " · " + organisation.number->display();
        if (!organisation.place.empty()) detail += " · " + organisation.place;
        return detail;
    }

    std::string sentences(const Words& words) const {
        std::string body = in_sentence(record_.adoption.body),
                    date = kept_together(words.date(record_.adoption.date));
        std::string text =
            record_.adoption.paragraph.empty()
                ? words.say("certificate.joins",
                            {{"body", body}, {"municipality", record_.municipality_name}, {"date", date}})
                : words.say("certificate.joins.paragraph",
                            {{"body", body},
                             {"municipality", record_.municipality_name},
                             {"date", date},
                             {"paragraph", kept_together(record_.adoption.paragraph)}});
        if (!record_.decision.body.empty())
            text += " " + words.say("certificate.decided",
                                    {{"body", in_sentence(record_.decision.body)},
                                     {"date", kept_together(words.date(record_.decision.date))}});
        return text + " " +
               words.say(on_paper(record_) ? "certificate.signed.paper" : "certificate.signed",
                         {{"ceremony", record_.ceremony_title}});
    }

    HeadText head() const { return {record_.municipality_name, context_.has_arms, record_.demonstration}; }

    struct Row {
        const MeasuredSignature *left = nullptr, *right = nullptr;
        bool note = false;  // the municipality signs in the protocol
        std::int32_t under_um() const {
            return std::max(
                {left != nullptr ? left->under_um : 0, right != nullptr ? right->under_um : 0, 8'000});
        }
    };

    // Beside each other as long as both parties have signatures left; then the one that is left takes both
    // columns, but only on a page of its own, where no heading says otherwise.
    std::vector<Row> rows_from(std::size_t first, bool own_page) const {
        std::vector<Row> rows;
        bool closing = record_.countersigning == Countersigning::closing;
        auto at = [](const std::vector<MeasuredSignature>& from, std::size_t i) {
            return i < from.size() ? &from[i] : nullptr;
        };
        bool one_party = own_page && first >= municipality_.size() && !(closing && first == 0);
        for (std::size_t i = first; i < std::max(organisation_.size(), municipality_.size()); ++i) {
            if (one_party) {
                rows.push_back({at(organisation_, i), at(organisation_, i + 1)});
                ++i;
            } else {
                rows.push_back({at(organisation_, i), at(municipality_, i), closing && i == 0});
            }
        }
        return rows;
    }

    static std::int32_t needed(const std::vector<Row>& rows, std::size_t count, std::int32_t ink_um) {
        std::int32_t sum = 0;
        for (std::size_t i = 0; i < count; ++i) sum += rows[i].under_um() + ink_um + row_gap_um;
        return sum;
    }

    std::int32_t foot_um() const { return also_ != nullptr ? foot_of_two_languages_um : foot_top_um; }

    // The last row of a page stands above its foot; what does not fit goes to the next page.
    Status signatures(std::int32_t text_end) {
        std::size_t done = 0;
        std::int32_t top = text_end + 7'000;
        for (bool first_page = true;; first_page = false) {
            Page& page = document_.pages.back();
            std::vector<Row> rows = rows_from(done, !first_page);
            std::int32_t end = first_page ? foot_um() - above_foot_um : later_body_end_um,
                         room = end - top - heading_um;
            std::size_t here = rows.size();
            if (needed(rows, here, least_ink_um) > room)
                while (here > 0 && needed(rows, here, good_ink_um) > room) --here;
            if (!first_page) here = std::max<std::size_t>(here, 1);
            if (here > 0) {
                std::int32_t spare = room - needed(rows, here, 0);
                std::int32_t ink = std::min(most_ink_um, spare / static_cast<std::int32_t>(here));
                std::int32_t rest = room - needed(rows, here, ink);
                TRY(place_rows(page, {rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(here)},
                               first_page ? top + rest * 2 / 3 : top, ink));
                for (std::size_t i = 0; i < here; ++i)
                    done += !first_page && rows[i].right != nullptr && done >= municipality_.size() ? 2 : 1;
            }
            if (here == rows.size()) return {};
            document_.pages.emplace_back();
            TRY_ASSIGN(top, continuation_head(document_.pages.back()));
        }
    }

    Result<std::int32_t> continuation_head(Page& page) {
        if (record_.demonstration) TRY(lay_out_demonstration(page, type_, words_));
        Style name{Face::serif_bold, points(14), points(18), ink_colour, 0, Meaning::heading};
        TRY_ASSIGN(std::int32_t y, type_.set(page, record_.organisation.name, name, margin_um, text_width_um,
                                             30'000, Align::centre, Break::balanced));
        Style what{Face::serif_italic, points(11.5), points(15), soft_colour};
        TRY_ASSIGN(y, type_.set(page, words_.say("certificate.continues_from"), what, margin_um,
                                text_width_um, y + 7'000, Align::centre));
        return y + 12'000;
    }

    // Column by column, as they are read.
    Status place_rows(Page& page, const std::vector<Row>& rows, std::int32_t top, std::int32_t ink_um) {
        for (bool right : {false, true}) {
            bool municipal =
                right && (rows[0].note || (rows[0].right != nullptr && is_municipal(rows[0].right)));
            bool heading = municipal || (!right && rows[0].left != nullptr);
            std::int32_t left = margin_um + (right ? column_width_um + column_gap_um : 0),
                         line = top + heading_um;
            if (heading)
                TRY(column_heading(
                    page, municipal ? "certificate.column.municipality" : "certificate.column.organisation",
                    left, top));
            for (const Row& row : rows) {
                line += ink_um;
                if (const MeasuredSignature* what = right ? row.right : row.left)
                    TRY(lay_out_signature(page, type_, words_, *what,
                                          {left, column_width_um, line, ink_um - 1'000}));
                if (right && row.note) TRY(closing_note(page, left, line));
                line += row.under_um() + row_gap_um;
            }
        }
        return {};
    }

    bool is_municipal(const MeasuredSignature* what) const {
        return std::any_of(municipality_.begin(), municipality_.end(),
                           [&](const auto& one) { return &one == what; });
    }

    Status column_heading(Page& page, const char* what, std::int32_t left, std::int32_t top) {
        Style style{Face::sans, points(8), points(10), soft_colour, points(0.9)};
        TRY_ASSIGN(auto lines, type_.lines(to_upper(words_.say(what)), style, column_width_um));
        std::int32_t line = type_.place(page, lines, style, left, column_width_um, top + points(8));
        if (also_ == nullptr) return {};
        std::int32_t used = type_.width_of(lines.back(), style) + points(8);
        Style second = also(Face::sans, 8, 10);
        auto placed = type_.set(page, also_->say(what), second, left + used, column_width_um - used, line);
        return placed.ok() ? Status{} : Status{placed.error()};
    }

    Status closing_note(Page& page, std::int32_t left, std::int32_t line) {
        Style note{Face::serif_italic, points(11.5), points(15), ink_colour};
        Style detail{Face::sans, points(8), points(10), soft_colour};
        TRY_ASSIGN(auto lines,
                   type_.lines(words_.say("certificate.closing"), note, column_width_um, Break::balanced));
        std::int32_t y = type_.place(page, lines, note, left, column_width_um,
                                     line - static_cast<std::int32_t>(lines.size() - 1) * note.leading_um);
        auto placed = type_.set(page, words_.say("certificate.closing.detail"), detail, left, column_width_um,
                                y + 5'000);
        return placed.ok() ? Status{} : Status{placed.error()};
    }

    Status foot(Page& page, std::size_t number) {
        FootText text;
        std::string pages = std::to_string(document_.pages.size());
        text.number = document_.pages.size() == 1
                          ? words_.say("certificate.number", {{"number", record_.certificate_number}})
                          : words_.say("certificate.number.page", {{"number", record_.certificate_number},
                                                                   {"page", std::to_string(number)},
                                                                   {"pages", pages}});
        text.first = number == 1;
        text.top_um = foot_um();
        if (!text.first) return lay_out_foot(page, type_, words_, text);
        text.url_label = words_.say("certificate.verify");
        text.url = context_.register_url + "/v/" + record_.certificate_number;
        text.qr = true;
        if (record_.demonstration) text.warning = words_.say("certificate.demonstration.note");
        LocalTime at = to_swedish_time(record_.declared_at.wall_ms);
        if (!record_.replaces.empty())
            text.lines.push_back(words_.say("certificate.replaces", {{"number", record_.replaces}}));
        const char* kind = on_paper(record_) ? "certificate.kind.paper"
                           : record_.representatives.size() + record_.municipal.size() == 1
                               ? "certificate.kind.closing"
                               : "certificate.kind";
        text.lines.push_back(words_.say(kind));
        if (also_ != nullptr) text.also = also_->say(kind), text.also_language = also_->language();
        const char* clock = on_paper(record_)                 ? record_.clock_confirmed_by_host
                                                                    ? "certificate.clock.paper"
                                                                    : "certificate.clock.paper.unconfirmed"
                            : record_.clock_confirmed_by_host ? "certificate.clock"
                                                              : "certificate.clock.unconfirmed";
        text.lines.push_back(
            words_.say(clock, {{"date", kept_together(words_.date(at.date))}, {"time", words_.time(at)}}));
        text.lines.push_back(words_.say("certificate.fingerprints",
                                        {{"ca", short_hash(context_.ca_fingerprint)},
                                         {"agreement", short_hash(record_.agreement_digest.hex())}}));
        if (std::string contact = contact_line(context_.contact); !contact.empty())
            text.lines.push_back(words_.say("certificate.contact", {{"contact", contact}}));
        return lay_out_foot(page, type_, words_, text);
    }

    static constexpr std::int32_t heading_um = 5'000, row_gap_um = 2'500, least_ink_um = 14'000,
                                  good_ink_um = 19'000, most_ink_um = 24'000;

    const SigningRecord& record_;
    const CertificateContext& context_;
    const Words& words_;
    const Words* also_;
    Typesetter type_;
    Document document_;
    std::vector<MeasuredSignature> organisation_, municipality_;
};

}  // namespace

Result<Document> lay_out_certificate(const SigningRecord& record, const CertificateContext& context) {
    CHECK_THAT(context.words != nullptr && context.fonts != nullptr);
    return CertificateLayout(record, context).lay_out();
}

}  // namespace core
