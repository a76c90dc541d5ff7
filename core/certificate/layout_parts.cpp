#include "core/certificate/layout_parts.h"

#include <algorithm>

#include "core/base/text.h"

namespace core {

Result<std::int32_t> lay_out_head(Page& page, const Typesetter& type, const Words& words,
                                  const HeadText& head) {
    std::int32_t y = 18'000;
    if (head.demonstration) TRY(lay_out_demonstration(page, type, words));
    if (head.arms) {
        ArmsItem arms;
        arms.height_um = 24'000;
        arms.width_um = 24'000;
        arms.x_um = (page_width_um - arms.width_um) / 2;
        arms.y_um = y;
        arms.alternative = words.say("certificate.arms.alternative", {{"municipality", head.municipality}});
        page.items.emplace_back(std::move(arms));
        y += 24'000;
    }
    Style name{Face::serif, points(11), points(14), ink_colour, points(2.4)};
    TRY_ASSIGN(y, type.set(page, to_upper(head.municipality), name, margin_um, text_width_um, y + 8'000,
                           Align::centre, Break::balanced));
    page.items.emplace_back(
        hairline(page_width_um / 2 - 20'000, page_width_um / 2 + 20'000, y + 4'500, 120, soft_colour));
    return y + 4'500;
}

Status lay_out_foot(Page& page, const Typesetter& type, const Words&, const FootText& foot) {
    Style number{Face::serif_bold, points(9.5), points(12), ink_colour};
    if (!foot.first) {
        page.items.emplace_back(hairline(margin_um, page_width_um - margin_um, 272'000));
        auto placed = type.set(page, foot.number, number, margin_um, text_width_um, 277'000);
        return placed.ok() ? Status{} : Status{placed.error()};
    }
    constexpr std::int32_t qr_um = 24'000, left = margin_um + qr_um + 6'000, width = 166'000 - left;
    page.items.emplace_back(hairline(margin_um, page_width_um - margin_um, foot.top_um));
    if (foot.qr) {
        QrItem qr;
        qr.url = foot.url;
        qr.code = make_qr(foot.url.c_str());
        qr.x_um = margin_um;
        qr.y_um = foot.top_um + 5'000;
        qr.side_um = qr_um;
        qr.alternative = foot.url;
        page.items.emplace_back(std::move(qr));
    }
    Style small{Face::sans, points(6.8), points(9), soft_colour};
    TRY_ASSIGN(std::int32_t y, type.set(page, foot.number, number, left, width, foot.top_um + 7'400));
    Style label = small, link = small;
    label.colour = ink_colour;
    link.colour = ink_colour;
    link.meaning = Meaning::link;
    y += 4'000;
    TRY_ASSIGN(auto labels, type.lines(foot.url_label + " ", label, width));
    type.place(page, labels, label, left, width, y);
    std::string_view shown = foot.url;
    for (std::string_view scheme : {"https://", "http://"})
        if (shown.starts_with(scheme)) shown.remove_prefix(scheme.size());
    std::int32_t indent = type.width_of(labels[0] + ".", label);
    if (indent + type.width_of(shown, link) > width) indent = 0, y += small.leading_um;
    TRY_ASSIGN(auto links, type.lines(shown, link, width));
    std::size_t before = page.items.size();
    y = type.place(page, links, link, left + indent, width - indent, y);
    for (std::size_t i = before; i < page.items.size(); ++i) std::get<TextItem>(page.items[i]).url = foot.url;
    if (!foot.warning.empty()) {
        Style warning = small;
        warning.face = Face::sans_bold;
        warning.colour = warn_colour;
        TRY_ASSIGN(y, type.set(page, foot.warning, warning, left, width, y + small.leading_um));
    }
    for (const std::string& line : foot.lines) {
        TRY_ASSIGN(y, type.set(page, line, small, left, width, y + small.leading_um));
    }
    if (foot.also.empty()) return {};
    Style also = small;
    also.language = foot.also_language;
    auto placed = type.set(page, foot.also, also, left, width, y + small.leading_um);
    return placed.ok() ? Status{} : Status{placed.error()};
}

namespace {

const Style name_style{Face::serif, points(10.5), points(13), ink_colour};
const Style role_style{Face::sans, points(8), points(10), soft_colour};
constexpr std::int32_t name_drop_um = 5'200, role_drop_um = 4'000;

}  // namespace

Result<MeasuredSignature> measure_signature(const Typesetter& type, const Words& words, SignatureBlock block,
                                            std::int32_t width_um) {
    MeasuredSignature measured;
    std::string detail = block.role;
    if (block.signature->kind == Signature::Kind::typed_witnessed) {
        std::string witnessed =
            words.say("certificate.signature.typed", {{"witness", block.signature->witness}});
        detail = detail.empty() ? witnessed : detail + ". " + witnessed;
    }
    if (block.signature->kind == Signature::Kind::on_paper) {
        std::string when = words.say(
            "certificate.signature.paper.day",
            {{"date", kept_together(words.date(to_swedish_time(block.signature->signed_at_ms).date))}});
        detail = detail.empty() ? when : detail + ". " + when;
    }
    TRY_ASSIGN(measured.name, type.lines(block.name, name_style, width_um, Break::balanced));
    if (!detail.empty()) {
        TRY_ASSIGN(measured.detail, type.lines(detail, role_style, width_um));
    }
    auto further = [](const std::vector<std::string>& lines, const Style& style) {
        return lines.empty() ? 0 : static_cast<std::int32_t>(lines.size() - 1) * style.leading_um;
    };
    measured.under_um = name_drop_um + further(measured.name, name_style) + 1'200;
    if (!measured.detail.empty()) measured.under_um += role_drop_um + further(measured.detail, role_style);
    measured.block = std::move(block);
    return measured;
}

Status lay_out_signature(Page& page, const Typesetter& type, const Words& words,
                         const MeasuredSignature& what, const SignaturePlace& place) {
    const Signature& signature = *what.block.signature;
    std::int32_t left = place.left_um, width = place.width_um, line = place.line_um;
    if (signature.kind == Signature::Kind::drawn) {
        page.items.emplace_back(
            place_ink(signature.ink, left + 3'000, line + 1'000, std::min(60'000, width - 6'000),
                      std::min(22'000, place.ink_height_um),
                      words.say("certificate.signature.alternative", {{"name", what.block.name}})));
    } else if (signature.kind == Signature::Kind::on_paper) {
        Style quiet{Face::serif_italic, points(11.5), points(15), soft_colour};
        TRY_ASSIGN(auto lines, type.lines(words.say("certificate.signature.paper"), quiet, width - 6'000,
                                          Break::balanced));
        auto rise = static_cast<std::int32_t>(lines.size() - 1) * quiet.leading_um;
        type.place(page, lines, quiet, left + 3'000, width - 6'000, line - 2'500 - rise);
    } else {
        Style typed{Face::serif_italic, points(19), points(22), pen_colour};
        TRY_ASSIGN(auto lines, type.lines(signature.typed_name, typed, width - 6'000, Break::balanced));
        if (lines.size() > 1) {
            typed.size_um = points(13), typed.leading_um = points(15);
            TRY_ASSIGN(lines, type.lines(signature.typed_name, typed, width - 6'000, Break::balanced));
        }
        auto rise = static_cast<std::int32_t>(lines.size() - 1) * typed.leading_um;
        type.place(page, lines, typed, left + 3'000, width - 6'000, line - 2'500 - rise);
    }
    page.items.emplace_back(hairline(left, left + width, line, 150, ink_colour));
    std::int32_t y = type.place(page, what.name, name_style, left, width, line + name_drop_um);
    type.place(page, what.detail, role_style, left, width, y + role_drop_um);
    return {};
}

Status lay_out_demonstration(Page& page, const Typesetter& type, const Words& words) {
    Style style{Face::sans_bold, points(9), points(11), warn_colour, points(3.2)};
    TRY_ASSIGN(auto lines,
               type.lines(to_upper(words.say("certificate.demonstration")), style, text_width_um));
    std::int32_t half = type.width_of(lines[0], style) / 2 + 6'000, centre = page_width_um / 2;
    page.items.emplace_back(hairline(margin_um, centre - half, 11'400, 120, warn_colour));
    page.items.emplace_back(hairline(centre + half, page_width_um - margin_um, 11'400, 120, warn_colour));
    type.place(page, lines, style, margin_um, text_width_um, 12'500, Align::centre);
    return {};
}

std::string contact_line(const Contact& contact) {
    std::string line;
    for (const std::string* part : {&contact.name, &contact.role, &contact.email, &contact.phone})
        if (!part->empty()) line += (line.empty() ? "" : ", ") + *part;
    return line;
}

}  // namespace core
