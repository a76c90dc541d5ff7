#include "core/certificate/layout.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/certificate/layout_parts.h"

namespace core {
namespace {

constexpr std::int32_t column_gap_um = 18'000, column_width_um = (text_width_um - column_gap_um) / 2;
constexpr std::int32_t body_end_um = 238'000;

class CertificateLayout {
  public:
    CertificateLayout(const SigningRecord& record, const CertificateContext& context)
        : record_(record), context_(context), words_(*context.words), type_(*context.fonts) {}

    Result<Document> lay_out() {
        document_.title = words_.say("certificate.title", {{"number", record_.certificate_number},
                                                           {"organisation", record_.organisation.name}});
        document_.author = record_.municipality_name;
        gather_blocks();
        document_.pages.emplace_back();
        TRY_ASSIGN(std::int32_t text_end, first_page_text());
        TRY(signatures(text_end));
        for (std::size_t i = 0; i < document_.pages.size(); ++i) TRY(foot(document_.pages[i], i + 1));
        return std::move(document_);
    }

  private:
    void gather_blocks() {
        for (const auto& [person, signature] : record_.representatives) {
            std::string role = person.role;
            if (person.authority == Authority::jointly)
                role = role.empty() ? words_.say("certificate.authority.jointly")
                                    : words_.say("certificate.role.jointly", {{"role", role}});
            organisation_.push_back({person.name, role, &signature});
        }
        for (const auto& [signatory, signature] : record_.municipal)
            municipality_.push_back({signatory.name, signatory.role, &signature});
    }

    // Arms to place and date; returns where the text ends.
    Result<std::int32_t> first_page_text() {
        Page& page = document_.pages[0];
        TRY_ASSIGN(std::int32_t y, lay_out_head(page, type_, words_, head()));
        Style title{Face::serif, points(30), points(36), ink_colour, 0, Meaning::title};
        TRY_ASSIGN(y, type_.set(page, words_.say("certificate.heading"), title, margin_um, text_width_um,
                                y + 17'000, Align::centre));
        Style subtitle{Face::serif_italic, points(13), points(17), soft_colour};
        std::string own = record_.agreement_title + ", " +
                          words_.say("certificate.version", {{"version", record_.agreement_version}});
        TRY_ASSIGN(y, type_.set(page, own, subtitle, margin_um + 12'000, text_width_um - 24'000, y + 8'500,
                                Align::centre, Break::balanced));

        TRY_ASSIGN(y, organisation_name(page, y + 15'500));
        Style body{Face::serif, points(11.5), points(17), ink_colour};
        TRY_ASSIGN(y, type_.set(page, sentences(), body, margin_um + 14'000, text_width_um - 28'000,
                                y + 9'500, Align::centre, Break::balanced));
        Style when{Face::serif, points(11.5), points(15), ink_colour};
        std::string place_and_date =
            words_.say("certificate.place_and_date",
                       {{"place", record_.ceremony_place}, {"date", words_.date(record_.ceremony_date)}});
        return type_.set(page, place_and_date, when, margin_um, text_width_um, y + 10'500, Align::centre);
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

    std::string sentences() const {
        std::string body = in_sentence(record_.adoption.body), date = words_.date(record_.adoption.date);
        std::string text =
            record_.adoption.paragraph.empty()
                ? words_.say("certificate.joins",
                             {{"body", body}, {"municipality", record_.municipality_name}, {"date", date}})
                : words_.say("certificate.joins.paragraph", {{"body", body},
                                                             {"municipality", record_.municipality_name},
                                                             {"date", date},
                                                             {"paragraph", record_.adoption.paragraph}});
        if (!record_.decision.body.empty())
            text += " " + words_.say("certificate.decided", {{"body", in_sentence(record_.decision.body)},
                                                             {"date", words_.date(record_.decision.date)}});
        return text + " " + words_.say("certificate.signed", {{"ceremony", record_.ceremony_title}});
    }

    HeadText head() const { return {record_.municipality_name, context_.has_arms, record_.demonstration}; }

    // Rows of two columns, the last row of a page above its foot; what does not fit goes to the next page.
    Status signatures(std::int32_t text_end) {
        bool closing = record_.countersigning == Countersigning::closing;
        std::size_t rows = std::max(organisation_.size(), closing ? std::size_t{1} : municipality_.size());
        std::size_t done = 0, page_index = 0;
        std::int32_t top = text_end + 7'000;
        while (done < rows) {
            std::int32_t room = body_end_um - top - heading_um;
            std::size_t here = std::min<std::size_t>(
                rows - done, static_cast<std::size_t>(std::max(0, room / least_row_um)));
            if (here == 0 && page_index == 0 && room > 0) here = 0;
            if (here > 0) {
                std::int32_t row_um = std::min(most_row_um, room / static_cast<std::int32_t>(here));
                std::int32_t start = body_end_um - row_um * static_cast<std::int32_t>(here) - heading_um;
                if (page_index > 0)
                    start = top;
                else
                    start = std::max(top, start - std::max(0, (start - top) / 3));
                TRY(rows_of_signatures(document_.pages[page_index], start, row_um, done, done + here,
                                       page_index > 0));
                done += here;
            }
            if (done < rows) {
                document_.pages.emplace_back();
                ++page_index;
                TRY_ASSIGN(top, continuation_head(document_.pages[page_index]));
            }
        }
        return {};
    }

    Result<std::int32_t> continuation_head(Page& page) {
        Style name{Face::serif_bold, points(14), points(18), ink_colour, 0, Meaning::heading};
        TRY_ASSIGN(std::int32_t y, type_.set(page, record_.organisation.name, name, margin_um, text_width_um,
                                             30'000, Align::centre, Break::balanced));
        Style what{Face::serif_italic, points(11.5), points(15), soft_colour};
        TRY_ASSIGN(y, type_.set(page, words_.say("certificate.continues_from"), what, margin_um,
                                text_width_um, y + 7'000, Align::centre));
        return y + 12'000;
    }

    Status rows_of_signatures(Page& page, std::int32_t top, std::int32_t row_um, std::size_t from,
                              std::size_t to, bool) {
        std::int32_t right = margin_um + column_width_um + column_gap_um;
        TRY(column(page, words_.say("certificate.column.organisation"), organisation_, margin_um, top, row_um,
                   from, to));
        if (record_.countersigning == Countersigning::closing) {
            if (from > 0) return {};
            TRY(column_heading(page, words_.say("certificate.column.municipality"), right, top));
            return closing_note(page, right, top + heading_um + row_um);
        }
        return column(page, words_.say("certificate.column.municipality"), municipality_, right, top, row_um,
                      from, to);
    }

    Status column_heading(Page& page, const std::string& text, std::int32_t left, std::int32_t top) {
        Style style{Face::sans, points(8), points(10), soft_colour, points(0.9)};
        auto placed =
            type_.set(page, to_upper(text), style, left, column_width_um, top + points(8), Align::left);
        return placed.ok() ? Status{} : Status{placed.error()};
    }

    Status column(Page& page, const std::string& heading, const std::vector<SignatureBlock>& blocks,
                  std::int32_t left, std::int32_t top, std::int32_t row_um, std::size_t from,
                  std::size_t to) {
        if (from >= blocks.size()) return {};
        TRY(column_heading(page, heading, left, top));
        for (std::size_t i = from; i < std::min(to, blocks.size()); ++i)
            TRY(lay_out_signature(
                page, type_, words_, blocks[i],
                {left, column_width_um, top + heading_um + row_um * static_cast<std::int32_t>(i - from + 1),
                 row_um}));
        return {};
    }

    Status closing_note(Page& page, std::int32_t left, std::int32_t bottom) {
        Style note{Face::serif_italic, points(11.5), points(15), ink_colour};
        Style detail{Face::sans, points(8), points(10), soft_colour};
        std::int32_t line = bottom - under_line_um;
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
        if (!text.first) return lay_out_foot(page, type_, words_, text);
        text.url_label = words_.say("certificate.verify");
        text.url = context_.register_url + "/v/" + record_.certificate_number;
        text.qr = true;
        if (record_.demonstration) text.warning = words_.say("certificate.demonstration.note");
        LocalTime at = to_swedish_time(record_.declared_at.wall_ms);
        if (!record_.replaces.empty())
            text.lines.push_back(words_.say("certificate.replaces", {{"number", record_.replaces}}));
        text.lines.push_back(words_.say(record_.representatives.size() + record_.municipal.size() == 1
                                            ? "certificate.kind.closing"
                                            : "certificate.kind"));
        text.lines.push_back(words_.say(
            record_.clock_confirmed_by_host ? "certificate.clock" : "certificate.clock.unconfirmed",
            {{"date", words_.date(at.date)}, {"time", words_.time(at)}}));
        text.lines.push_back(words_.say("certificate.fingerprints",
                                        {{"ca", short_hash(context_.ca_fingerprint)},
                                         {"agreement", short_hash(record_.agreement_digest.hex())}}));
        if (std::string contact = contact_line(context_.contact); !contact.empty())
            text.lines.push_back(words_.say("certificate.contact", {{"contact", contact}}));
        return lay_out_foot(page, type_, words_, text);
    }

    static constexpr std::int32_t heading_um = 5'000, least_row_um = 27'000, most_row_um = 38'000;

    const SigningRecord& record_;
    const CertificateContext& context_;
    const Words& words_;
    Typesetter type_;
    Document document_;
    std::vector<SignatureBlock> organisation_, municipality_;
};

}  // namespace

Result<Document> lay_out_certificate(const SigningRecord& record, const CertificateContext& context) {
    CHECK_THAT(context.words != nullptr && context.fonts != nullptr);
    return CertificateLayout(record, context).lay_out();
}

}  // namespace core
