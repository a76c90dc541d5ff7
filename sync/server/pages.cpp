#include "sync/server/pages.h"

#include <algorithm>

namespace server {
namespace {

using core::Words;

// LOOK.md's tokens: paper, ink, one accent; a printed directory.
constexpr std::string_view style = R"css(
:root{color-scheme:light;--paper:#FAF8F3;--card:#FFF;--ink:#17212B;--soft:#46535F;--line:#D5D0C4;--accent:#0A4D68;--done:#1E6B3A;--warn:#8A4B00;--error:#A3131D}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.125rem/1.5 "Noto Sans",system-ui,sans-serif}
main{max-width:46rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
.skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem}
h1{font:400 clamp(1.7rem,7.5vw,2.4rem)/1.2 "Noto Serif",Georgia,serif;margin:0 0 .5rem}
.lead{font-size:1.25rem;color:var(--soft);margin:0 0 2rem}
.total{font:400 3.5rem/1 "Noto Serif",Georgia,serif;color:var(--accent);display:block}
a{color:var(--accent)}a:focus-visible{outline:4px solid #FFB000;outline-offset:3px;border-radius:2px}
table{width:100%;border-collapse:collapse}
th{text-align:left;font-weight:600;font-size:.95rem;color:var(--soft);padding:.4rem .75rem .4rem 0;border-bottom:2px solid var(--ink)}
td{padding:.7rem .75rem .7rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td+td+td{white-space:nowrap}
td:first-child{font-weight:600}.void td:first-child{text-decoration:line-through;font-weight:400}
.status{display:flex;gap:1rem;align-items:center;background:var(--card);border:1px solid var(--line);border-left:.5rem solid var(--done);padding:1.25rem 1.5rem;border-radius:8px;font-size:1.25rem;margin:0 0 2rem}
.status svg{flex:none;width:2.75rem;height:2.75rem}.status.warn{border-left-color:var(--warn)}.status.error{border-left-color:var(--error)}
.done svg{color:var(--done)}.warn svg{color:var(--warn)}.error svg{color:var(--error)}
dl{display:grid;grid-template-columns:minmax(9rem,max-content) 1fr;gap:.6rem 1.5rem;margin:0 0 2rem}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}.mono{font:.9rem/1.5 "Noto Sans Mono",monospace}
.act{display:inline-block;background:var(--accent);color:#FFF;text-decoration:none;font-weight:600;padding:.9rem 1.5rem;border-radius:8px;margin:0 0 1rem}
.demo{background:var(--warn);color:#FFF;padding:.35rem .75rem;border-radius:4px;display:inline-block;margin-bottom:1.5rem}
@media(max-width:36rem){thead{position:absolute;left:-999rem}tr{display:block;border-bottom:1px solid var(--line);padding:.6rem 0}td{display:block;border:0;padding:.1rem 0}dl{grid-template-columns:1fr;gap:.1rem}dd{margin-bottom:.7rem}}
@media(prefers-contrast:more){:root{--paper:#FFF;--soft:#17212B;--line:#17212B}}
)css";

constexpr std::string_view tick =
    R"(<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="m7 12.5 3.5 3.5L17 9"/></svg>)";
constexpr std::string_view bar =
    R"(<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="M7 12h10"/></svg>)";
constexpr std::string_view question =
    R"(<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true"><circle cx="12" cy="12" r="10"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.9-1.1 1.8M12 17v.01"/></svg>)";

std::string page(const Words& words, const std::string& title, const std::string& body) {
    return "<!doctype html>\n<html lang=\"" + escape_html(words.language()) +
           "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, "
           "initial-scale=1\">"
           "<title>" +
           escape_html(title) + "</title><style>" + std::string(style) +
           "</style></head><body><a class=\"skip\" href=\"#main\">" + escape_html(words.say("web.skip")) +
           "</a><main id=\"main\">" + body + "</main></body></html>\n";
}

std::string day(const Words& words, std::int64_t wall_ms) {
    return words.date(core::to_swedish_time(wall_ms).date);
}

std::string row(const Words& words, const char* name, const std::string& value, const char* kind = "") {
    if (value.empty()) return {};
    return "<dt>" + escape_html(words.say(name)) + "</dt><dd" +
           (*kind != '\0' ? std::string(" class=\"") + kind + "\"" : "") + ">" + escape_html(value) + "</dd>";
}

std::string status(const char* kind, std::string_view icon, const std::string& sentence) {
    return std::string("<p class=\"status ") + kind + "\">" + std::string(icon) + "<span>" +
           escape_html(sentence) + "</span></p>";
}

std::string details(const RegisterLine& line, const Words& words) {
    return "<dl>" + row(words, "web.organisation", line.organisation) + row(words, "web.place", line.place) +
           row(words, "web.agreement", line.agreement + ", " + line.agreement_version) +
           row(words, "web.ceremony", line.ceremony) +
           row(words, "web.signed", day(words, line.declared_at_ms)) +
           row(words, "web.received", day(words, line.received_ms)) +
           row(words, "web.certificate_sha256", line.certificate_sha256, "mono") +
           row(words, "web.record_sha256", line.record_sha256, "mono") + "</dl>";
}

std::string demonstration(bool shown, const Words& words) {
    return shown ? "<p class=\"demo\">" + escape_html(words.say("web.demonstration")) + "</p>"
                 : std::string();
}

}  // namespace

std::string escape_html(std::string_view text) {
    std::string escaped;
    for (char c : text) switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            case '\'':
                escaped += "&#39;";
                break;
            default:
                escaped += c;
        }
    return escaped;
}

std::string render_list(const ListPage& list, const Words& words) {
    bool demo = std::ranges::any_of(list.lines, &RegisterLine::demonstration);
    std::string body =
        demonstration(demo, words) + "<h1>" + escape_html(words.say("web.list.heading")) + "</h1>";
    if (list.lines.empty()) {
        body += "<p class=\"lead\">" + escape_html(words.say("web.list.empty")) + "</p>";
        return page(words, words.say("web.list.heading"), body);
    }
    body += "<p class=\"lead\"><span class=\"total\">" +
            escape_html(words.number(static_cast<std::int64_t>(list.standing))) + "</span> " +
            escape_html(words.count("web.list.total", static_cast<std::int64_t>(list.standing))) + "</p>";
    body += "<table><thead><tr>";
    for (const char* name : {"web.organisation", "web.place", "web.signed", "web.number"})
        body += std::string("<th scope=\"col\">") + escape_html(words.say(name)) + "</th>";
    body += "</tr></thead><tbody>";
    for (const auto& line : list.lines) {
        body += line.voided ? "<tr class=\"void\"><td>" : "<tr><td>";
        body += escape_html(line.organisation) + "</td><td>" + escape_html(line.place) + "</td><td>" +
                escape_html(line.voided ? words.say("web.list.void")
                            : line.withdrawn_ms != 0
                                ? words.say("web.list.withdrawn", {{"date", day(words, line.withdrawn_ms)}})
                            : line.same_as ? words.say("web.list.same")
                                           : day(words, line.declared_at_ms)) +
                "</td><td><a href=\"/v/" + escape_html(line.certificate_number) + "\">" +
                escape_html(line.certificate_number) + "</a></td></tr>";
    }
    body += "</tbody></table>";
    if (list.next)
        body += "<p><a href=\"/?from=" + std::to_string(*list.next) + "\">" +
                escape_html(words.say("web.list.more")) + "</a></p>";
    return page(words, words.say("web.list.heading"), body);
}

std::string render_verification(std::string_view number, const std::vector<RegisterLine>& lines,
                                const Words& words) {
    std::string title = words.say("web.verify.heading", {{"number", number}});
    if (lines.empty())
        return page(words, title,
                    "<h1>" + escape_html(title) + "</h1>" +
                        status("error", question, words.say("web.verify.unknown")) + "<p>" +
                        escape_html(words.say("web.verify.unknown.why")) + "</p>");
    std::string body = demonstration(lines[0].demonstration, words) + "<h1>" + escape_html(title) + "</h1>";
    for (const auto& line : lines) {
        if (line.voided)
            body += status("warn", bar, words.say("web.verify.void"));
        else if (line.withdrawn_ms != 0)
            body += status("warn", bar,
                           words.say("web.verify.withdrawn", {{"organisation", line.organisation},
                                                              {"signed", day(words, line.declared_at_ms)},
                                                              {"date", day(words, line.withdrawn_ms)}}));
        else
            body += status("done", tick,
                           words.say("web.verify.holds", {{"organisation", line.organisation},
                                                          {"date", day(words, line.declared_at_ms)}}));
        body += details(line, words);
    }
    body += "<p>" + escape_html(words.say("web.verify.how")) + "</p><p><a href=\"/\">" +
            escape_html(words.say("web.verify.all")) + "</a></p>";
    return page(words, title, body);
}

namespace {

std::string paragraph(const std::string& text) { return "<p>" + escape_html(text) + "</p>"; }

std::string ask(const PersonalPage& personal, const Words& words) {
    if (personal.contact.empty()) return {};
    return paragraph(words.say("web.personal.ask", {{"contact", personal.contact}}));
}

std::string personal_page(const PersonalPage& personal, const Words& words, const char* title,
                          const std::string& body) {
    auto heading = words.say(title);
    bool demo = personal.line && personal.line->demonstration;
    return page(
        words, heading,
        demonstration(demo, words) + "<h1>" + escape_html(heading) + "</h1>" + body + ask(personal, words));
}

}  // namespace

std::string render_personal(const PersonalPage& personal, const Words& words) {
    if (!personal.line && personal.erased)
        return personal_page(personal, words, "web.personal.heading",
                             status("warn", bar, words.say("web.personal.erased")));
    if (!personal.line)
        return personal_page(personal, words, "web.personal.waiting.heading",
                             status("warn", question, words.say("web.personal.waiting")) +
                                 paragraph(words.say("web.personal.waiting.why")));
    auto until = day(words, personal.until_ms);
    if (personal.expired)
        return personal_page(
            personal, words, "web.personal.expired.heading",
            status("warn", bar, words.say("web.personal.expired", {{"date", until}})) +
                paragraph(words.say(personal.line->voided ? "web.verify.void" : "web.personal.expired.why")));
    const auto& line = *personal.line;
    std::string body;
    if (line.voided) {
        body = status("warn", bar, words.say("web.verify.void"));
    } else if (personal.erased) {
        body = status("warn", bar, words.say("web.personal.erased"));
    } else {
        body = status("done", tick,
                      words.say("web.verify.holds", {{"organisation", line.organisation},
                                                     {"date", day(words, line.declared_at_ms)}})) +
               "<p><a class=\"act\" href=\"" + escape_html(personal.token) + "/pdf\">" +
               escape_html(words.say("web.personal.download")) + "</a></p>" +
               paragraph(words.say("web.personal.until", {{"date", until}}));
    }
    body += details(line, words) + "<p><a href=\"" + (personal.at_file ? "../" : "") + "../v/" +
            escape_html(line.certificate_number) + "\">" +
            escape_html(words.say("web.personal.number", {{"number", line.certificate_number}})) +
            "</a></p>" + paragraph(words.say("web.verify.how"));
    return personal_page(personal, words, "web.personal.heading", body);
}

}  // namespace server
