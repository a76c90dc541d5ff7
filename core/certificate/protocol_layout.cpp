#include <algorithm>
#include <cstdlib>

#include "core/base/text.h"
#include "core/certificate/layout_parts.h"

namespace core {
namespace {

constexpr std::int32_t first_page_end_um = 238'000, later_page_end_um = 266'000, later_page_top_um = 24'000;

struct Column {
    std::int32_t left_um, width_um;
};
constexpr Column number_column{margin_um, 32'000}, organisation_column{margin_um + 35'000, 66'000},
    time_column{margin_um + 104'000, 12'000}, hash_column{margin_um + 119'000, 47'000};

const Style body{Face::serif, points(10.5), points(15), ink_colour};
const Style fine{Face::sans, points(6.2), points(8.6), soft_colour};
const Style cell{Face::sans, points(8.5), points(11.5), ink_colour};
const Style cell_soft{Face::sans, points(7.5), points(11.5), soft_colour};
const Style cell_void{Face::sans_bold, points(7.5), points(11.5), warn_colour};
const Style column_head{Face::sans_bold, points(7.5), points(10), soft_colour, 0, Meaning::header_cell};
const Style subheading{Face::serif_bold, points(12), points(16), ink_colour, 0, Meaning::heading};

class ProtocolLayout {
  public:
    ProtocolLayout(const ProtocolRecord& record, const CertificateContext& context)
        : record_(record), context_(context), words_(*context.words), type_(*context.fonts) {}

    Result<Document> lay_out() {
        document_.title = words_.say("protocol.title", {{"number", record_.number}});
        document_.author = record_.municipality_name;
        document_.pages.emplace_back();
        TRY(opening());
        TRY(table());
        TRY(closing());
        TRY(signatures());
        for (std::size_t i = 1; record_.demonstration && i < document_.pages.size(); ++i)
            TRY(lay_out_demonstration(document_.pages[i], type_, words_));
        for (std::size_t i = 0; i < document_.pages.size(); ++i) TRY(foot(document_.pages[i], i + 1));
        return std::move(document_);
    }

  private:
    Page& page() { return document_.pages.back(); }
    std::int32_t end() const { return document_.pages.size() == 1 ? first_page_end_um : later_page_end_um; }

    // True when a new page was begun.
    bool make_room(std::int32_t height_um) {
        if (y_ + height_um <= end()) return false;
        document_.pages.emplace_back();
        y_ = later_page_top_um;
        return true;
    }

    Status paragraph(const std::string& text, const Style& style, std::int32_t before_um) {
        TRY_ASSIGN(auto lines, type_.lines(text, style, text_width_um));
        auto height = before_um + static_cast<std::int32_t>(lines.size() - 1) * style.leading_um;
        make_room(height + 1'000);
        y_ = type_.place(page(), lines, style, margin_um, text_width_um, y_ + before_um);
        return {};
    }

    Status opening() {
        TRY_ASSIGN(y_, lay_out_head(page(), type_, words_,
                                    {record_.municipality_name, context_.has_arms, record_.demonstration}));
        Style title{Face::serif, points(26), points(32), ink_colour, 0, Meaning::title};
        TRY_ASSIGN(y_, type_.set(page(), words_.say("protocol.heading"), title, margin_um, text_width_um,
                                 y_ + 13'500, Align::centre));
        Style own{Face::serif_italic, points(12), points(16), soft_colour};
        TRY_ASSIGN(
            y_, type_.set(page(), record_.number, own, margin_um, text_width_um, y_ + 7'500, Align::centre));
        std::string intro =
            words_.say("protocol.intro", {{"ceremony", record_.ceremony_title},
                                          {"place", record_.ceremony_place},
                                          {"date", kept_together(words_.date(record_.ceremony_date))},
                                          {"agreement", record_.agreement_title},
                                          {"version", record_.agreement_version},
                                          {"letter", std::string(1, record_.tablet_letter)}});
        if (!record_.officiant.empty())
            intro +=
                " " + words_.say("protocol.officiant", {{"officiant", kept_together(record_.officiant)}});
        TRY(paragraph(intro, body, 10'500));
        auto voided = std::count_if(record_.lines.begin(), record_.lines.end(),
                                    [](const auto& line) { return line.voided; });
        std::string count =
            words_.count("protocol.count", static_cast<std::int64_t>(record_.lines.size()) - voided);
        if (voided > 0) count += ", " + words_.count("protocol.count.voided", voided);
        return paragraph(count + ".", subheading, 9'000);
    }

    Status table() {
        if (record_.lines.empty()) return paragraph(words_.say("protocol.none"), body, 7'000);
        constexpr std::int32_t head_and_first_row_um = 21'000;
        if (!make_room(head_and_first_row_um)) y_ += 3'500;
        TRY(table_head(Meaning::header_cell));
        for (const ProtocolLine& line : record_.lines) TRY(row(line));
        return {};
    }

    // Places lines in a cell of the row at hand.
    std::int32_t place_cell(const std::vector<std::string>& lines, Style style, Meaning meaning,
                            const Column& column, std::int32_t baseline_um, bool continues = false) {
        auto first = static_cast<std::ptrdiff_t>(page().items.size());
        style.meaning = meaning;
        std::int32_t last = type_.place(page(), lines, style, column.left_um, column.width_um, baseline_um,
                                        Align::left, continues);
        for (auto item = page().items.begin() + first; item != page().items.end(); ++item)
            std::get<TextItem>(*item).row = row_;
        return last;
    }

    // On later pages the head is there for the eye alone: whoever listens has heard it.
    Status table_head(Meaning meaning) {
        y_ += 4'500;
        const std::pair<const char*, Column> columns[] = {
            {"protocol.column.number", number_column},
            {"protocol.column.organisation", organisation_column},
            {"protocol.column.time", time_column},
            {"protocol.column.hashes", hash_column}};
        for (const auto& [name, column] : columns) {
            TRY_ASSIGN(auto lines, type_.lines(words_.say(name), column_head, column.width_um));
            place_cell(lines, column_head, meaning, column, y_);
        }
        y_ += 2'000;
        page().items.emplace_back(hairline(margin_um, page_width_um - margin_um, y_, 150, ink_colour));
        return {};
    }

    Status row(const ProtocolLine& line) {
        TRY_ASSIGN(auto name, type_.lines(line.organisation, cell, organisation_column.width_um));
        std::vector<std::string> paper, reason;
        if (line.on_paper) {
            TRY_ASSIGN(paper,
                       type_.lines(words_.say("protocol.paper"), cell_soft, organisation_column.width_um));
        }
        if (line.voided) {
            TRY_ASSIGN(reason,
                       type_.lines(line.void_reason.empty()
                                       ? words_.say("protocol.voided.no_reason")
                                       : words_.say("protocol.voided", {{"reason", line.void_reason}}),
                                   cell_void, organisation_column.width_um));
        }
        auto rows =
            static_cast<std::int32_t>(std::max<std::size_t>(name.size() + paper.size() + reason.size(), 1));
        if (make_room(rows * cell.leading_um + 3'000)) TRY(table_head(Meaning::artifact));
        ++row_;
        std::int32_t baseline = y_ + 4'600;
        TRY_ASSIGN(auto number, type_.lines(line.certificate_number, cell, number_column.width_um));
        place_cell(number, cell, Meaning::header_cell, number_column, baseline);
        std::int32_t last = place_cell(name, cell, Meaning::cell, organisation_column, baseline);
        if (!paper.empty())
            last = place_cell(paper, cell_soft, Meaning::cell, organisation_column, last + cell.leading_um,
                              true);
        if (!reason.empty())
            last = place_cell(reason, cell_void, Meaning::cell, organisation_column, last + cell.leading_um,
                              true);
        TRY_ASSIGN(auto time, type_.lines(words_.time(to_swedish_time(line.declared_at_ms)), cell,
                                          time_column.width_um));
        place_cell(time, cell, Meaning::cell, time_column, baseline);
        std::string hashes =
            short_hash(line.record_sha256, 12) + "  " + short_hash(line.certificate_sha256, 12);
        TRY_ASSIGN(auto both, type_.lines(hashes, cell_soft, hash_column.width_um));
        place_cell(both, cell_soft, Meaning::cell, hash_column, baseline);
        y_ = last + 2'200;
        page().items.emplace_back(hairline(margin_um, page_width_um - margin_um, y_, 90));
        return {};
    }

    // How far the clock moved against the time that the tablet was on: what a clock that was set shows.
    std::string drift() const {
        const ClockReading &opened = record_.opened_at, &closed = record_.declared_at;
        if (opened.boot_id != closed.boot_id) return words_.say("protocol.clock.restarted");
        auto apart_ms = (closed.wall_ms - opened.wall_ms) - (closed.monotonic_ms - opened.monotonic_ms);
        auto apart_s = (std::abs(apart_ms) + 999) / 1000;
        return words_.count("protocol.clock.drift", std::max<std::int64_t>(1, apart_s));
    }

    Status closing() {
        y_ += 3'000;
        const ClockReading &opened = record_.opened_at, &closed = record_.declared_at;
        LocalTime from = to_swedish_time(opened.wall_ms), to = to_swedish_time(closed.wall_ms);
        TRY(paragraph(words_.say("protocol.clock", {{"opened_date", kept_together(words_.date(from.date))},
                                                    {"opened_time", words_.time(from)},
                                                    {"closed_date", kept_together(words_.date(to.date))},
                                                    {"closed_time", words_.time(to)}}) +
                          " " + drift(),
                      body, 7'000));
        return {};
    }

    // The signed head of the log, in small letters for whoever checks it.
    Status log_head(std::int32_t left_um, std::int32_t width_um, std::int32_t baseline_um) {
        Style label = fine;
        label.face = Face::sans_bold;
        TRY_ASSIGN(std::int32_t y, type_.set(page(), words_.say("protocol.checkpoint"), label, left_um,
                                             width_um, baseline_um));
        for (std::string_view line : split(record_.checkpoint, '\n')) {
            if (trim(line).empty()) continue;
            TRY_ASSIGN(y, type_.set(page(), line, fine, left_um, width_um, y + fine.leading_um));
        }
        y_ = std::max(y_, y);
        return {};
    }

    Status log_below() {
        if (record_.checkpoint.empty()) return {};
        make_room(30'000);
        return log_head(margin_um, text_width_um, y_ + 7'000);
    }

    Status signatures() {
        if (record_.municipal.empty()) return log_below();
        constexpr std::int32_t gap = 18'000, width = (text_width_um - gap) / 2, ink_um = 20'500;
        std::vector<MeasuredSignature> blocks;
        for (const auto& [signatory, signature] : record_.municipal) {
            TRY_ASSIGN(auto measured,
                       measure_signature(type_, words_, {signatory.name, signatory.role, &signature}, width));
            blocks.push_back(std::move(measured));
        }
        auto row_um = [&](std::size_t i) {
            std::int32_t beside = i + 1 < blocks.size() ? blocks[i + 1].under_um : 0;
            return ink_um + std::max(blocks[i].under_um, beside) + 1'000;
        };
        TRY_ASSIGN(auto text, type_.lines(words_.say("protocol.signatures.text"), body, text_width_um));
        auto text_um = static_cast<std::int32_t>(text.size() - 1) * body.leading_um;
        make_room(19'500 + text_um + row_um(0));
        TRY(paragraph(words_.say("protocol.signatures"), subheading, 10'500));
        y_ = type_.place(page(), text, body, margin_um, text_width_um, y_ + 6'500) + 2'500;
        // One signature leaves the column beside it to the log.
        bool log_beside = blocks.size() == 1 && !record_.checkpoint.empty();
        std::int32_t top = y_;
        for (std::size_t i = 0; i < blocks.size(); i += 2) {
            make_room(row_um(i));
            std::int32_t line = y_ + ink_um;
            TRY(lay_out_signature(page(), type_, words_, blocks[i],
                                  {margin_um, width, line, ink_um - 1'000}));
            if (i + 1 < blocks.size())
                TRY(lay_out_signature(page(), type_, words_, blocks[i + 1],
                                      {margin_um + width + gap, width, line, ink_um - 1'000}));
            y_ += row_um(i);
        }
        return log_beside ? log_head(margin_um + width + gap, width, top + 5'500) : log_below();
    }

    Status foot(Page& where, std::size_t number) {
        FootText text;
        text.number = words_.say("protocol.number.page", {{"number", record_.number},
                                                          {"page", std::to_string(number)},
                                                          {"pages", std::to_string(document_.pages.size())}});
        text.first = number == 1;
        if (!text.first) return lay_out_foot(where, type_, words_, text);
        text.url_label = words_.say("protocol.verify");
        text.url = context_.register_url;
        if (record_.demonstration) text.warning = words_.say("protocol.demonstration.note");
        text.lines.push_back(words_.say("protocol.kind"));
        text.lines.push_back(
            words_.say("protocol.fingerprints", {{"ca", short_hash(context_.ca_fingerprint)},
                                                 {"agreement", short_hash(record_.agreement_digest.hex())}}));
        if (std::string contact = contact_line(context_.contact); !contact.empty())
            text.lines.push_back(words_.say("certificate.contact", {{"contact", contact}}));
        return lay_out_foot(where, type_, words_, text);
    }

    const ProtocolRecord& record_;
    const CertificateContext& context_;
    const Words& words_;
    Typesetter type_;
    Document document_;
    std::int32_t y_ = 0, row_ = 0;  // row_: of the table; 0 is its head
};

}  // namespace

Result<Document> lay_out_protocol(const ProtocolRecord& record, const CertificateContext& context) {
    CHECK_THAT(context.words != nullptr && context.fonts != nullptr);
    return ProtocolLayout(record, context).lay_out();
}

}  // namespace core
