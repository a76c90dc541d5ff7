#include "sync/server/site.h"

#include <charconv>

#include <spdlog/spdlog.h>

#include "core/base/text.h"
#include "core/evidence/tiles.h"
#include "sync/ingest/cosigning.h"
#include "sync/ingest/personal_link.h"
#include "sync/ingest/register.h"
#include "sync/ingest/signed_feed.h"
#include "sync/server/lists.h"
#include "sync/server/renewal.h"
#include "sync/server/staff_commands.h"

namespace server {
namespace {

constexpr std::size_t lines_a_page = 100;
// A tile never changes once it is there. A head does, but a crowd may well have it a few seconds late.
constexpr std::string_view for_ever = "public, max-age=31536000, immutable", briefly = "public, max-age=5";
constexpr std::string_view html = "text/html; charset=utf-8", text = "text/plain; charset=utf-8",
                           octets = "application/octet-stream", json = "application/json";

Reply reply(std::string_view type, std::string_view body, unsigned status = 200) {
    return {status, std::string(type), core::to_bytes(body), {}, {}, {}};
}
Reply not_found() { return reply(text, "not found\n", 404); }

std::optional<std::uint64_t> parse_number(std::string_view digits) {
    std::uint64_t number = 0;
    auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (digits.empty() || wrong != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

}  // namespace

Reply Site::fault(const core::Error& error) {
    ++counters_.server_faults;
    spdlog::error("fault code=\"{}\" detail=\"{}\"", core::to_string(error.code), error.detail);
    return reply(text, "the server cannot answer now\n", 503);
}

Reply Site::get(std::string_view target, bool from_this_machine) {
    auto mark = target.find('?');
    auto path = target.substr(0, mark);
    auto query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
    if (path == "/") return list(query);
    if (path.starts_with("/v/")) return verification(path.substr(3));
    if (path.starts_with("/p/")) {
        auto answer = personal(path.substr(3));
        answer.personal = true;
        return answer;
    }
    if (path == "/checkpoint") return checkpoint();
    if (path == "/checkpoint/witnessed") return witnessed();
    if (path.starts_with("/tile/")) return tile(path.substr(1));
    if (path.starts_with("/crl/")) return revocation_list(path.substr(5));
    if (path == "/health") {
        auto leaves = home_->ledger->leaf_count();
        return leaves.ok() ? reply(text, "ok\n") : fault(leaves.error());
    }
    if (path == "/metrics" && from_this_machine) return metrics();
    return not_found();
}

bool Site::tells_of_list(std::string_view target) {
    return target == "/" || target.starts_with("/?") || target.starts_with("/v/") ||
           target.starts_with("/p/");
}

Reply Site::list(std::string_view query) {
    std::uint64_t from = 0;
    if (query.starts_with("from=")) from = parse_number(query.substr(5)).value_or(0);
    ListPage page;
    auto lines = home_->ledger->lines(std::min<std::uint64_t>(from, INT64_MAX), lines_a_page + 1);
    if (!lines.ok()) return fault(lines.error());
    auto standing = standing_total(*home_->ledger);
    if (!standing.ok()) return fault(standing.error());
    page.lines = std::move(*lines);
    page.standing = *standing;
    if (page.lines.size() > lines_a_page) {
        page.next = page.lines.back().index;
        page.lines.pop_back();
    }
    return reply(html, render_list(page, *words_));
}

Reply Site::verification(std::string_view number) {
    constexpr std::size_t longest_number = 40;
    bool is_number =
        !number.empty() && number.size() <= longest_number &&
        number.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") ==
            std::string_view::npos;
    if (!is_number) return not_found();
    auto written = core::to_upper(number);
    auto lines = home_->ledger->lines_numbered(written);
    if (!lines.ok()) return fault(lines.error());
    auto page = render_verification(written, *lines, *words_);
    return reply(html, page, lines->empty() ? 404 : 200);
}

// Nothing of the address is said, in the journal or in a counter. What was never a link looks like one that waits.
Reply Site::personal(std::string_view rest) {
    constexpr std::string_view file_path = "/pdf";
    bool file = rest.ends_with(file_path);
    if (file) rest.remove_suffix(file_path.size());
    PersonalPage page;
    page.contact = settings_.contact;
    page.at_file = file;
    auto waiting = [&] { return reply(html, render_personal(page, *words_)); };
    auto index = find_personal_link(*home_->ledger, rest);
    if (!index.ok()) return fault(index.error());
    if (!*index) return waiting();
    auto lines = home_->ledger->lines(**index, 1);
    if (!lines.ok()) return fault(lines.error());
    if (lines->empty() || lines->front().index != **index) {
        auto derived = is_derived(*home_->ledger, **index);
        if (!derived.ok()) return fault(derived.error());
        page.erased = *derived;  // or the list is being derived anew
        return waiting();
    }
    page.line = std::move(lines->front());
    page.token = core::to_upper(rest);
    page.until_ms = page.line->received_ms + std::int64_t{settings_.personal_link_days} * 86'400'000;
    page.expired = clock_->wall_ms() > page.until_ms;
    if (page.expired || page.line->voided) return reply(html, render_personal(page, *words_));
    auto certificate = read_certificate(*home_->ledger, *home_->bundle_key, **index);
    if (!certificate.ok()) return fault(certificate.error());
    page.erased = !*certificate;
    if (!file || page.erased) return reply(html, render_personal(page, *words_));
    Reply answer;
    answer.type = "application/pdf";
    answer.body = std::move(**certificate);
    answer.file_name = "handslag-" + page.line->certificate_number + ".pdf";
    return answer;
}

// Of the tree that is there now: what stands in it, a head was signed over in the same transaction.
Reply Site::tile(std::string_view path) {
    auto name = core::parse_tile_path(path);
    if (!name) return not_found();
    auto size = home_->ledger->leaf_count();
    if (!size.ok()) return fault(size.error());
    int level = name->level.value_or(0) * 8;
    auto nodes = level < 64 ? *size >> level : 0, from = name->index * core::tile_width;
    if (name->index > nodes / core::tile_width || from + name->width > nodes) return not_found();
    Reply tile{200, std::string(octets), {}, {}, {}, std::string(for_ever)};
    if (!name->level) {
        auto leaves = home_->ledger->leaves(from, name->width);
        if (!leaves.ok()) return fault(leaves.error());
        if (leaves->size() != name->width)
            return fault({core::Errc::damaged, "a leaf of the log is missing"});
        tile.body = core::encode_leaves(*leaves);
        return tile;
    }
    auto hashes = home_->ledger->node_row(0, level, from, name->width);
    if (!hashes.ok()) return fault(hashes.error());
    for (const auto& hash : *hashes) core::append(tile.body, hash.bytes);
    return tile;
}

Reply Site::checkpoint() {
    auto note = public_checkpoint(*home_->ledger, home_->ingest->name());
    if (!note.ok()) return fault(note.error());
    auto shown = reply(text, *note);
    shown.cache_control = briefly;
    return shown;
}

Reply Site::witnessed() {
    auto heads = witnessed_heads(*home_->ledger);
    if (!heads.ok()) return fault(heads.error());
    auto shown = reply("application/json", *heads);
    shown.cache_control = briefly;
    return shown;
}

Reply Site::revocation_list(std::string_view name) {
    auto list = find_list(home_->dir, name);
    if (!list.ok()) return fault(list.error());
    if (!*list) return not_found();
    return {200, "application/pkix-crl", std::move((*list)->der), (*list)->etag, (*list)->last_modified, {}};
}

Reply Site::metrics() {
    std::string body;
    auto line = [&body](std::string_view name, const char* type, std::uint64_t value) {
        body += "# TYPE handslag_" + std::string(name) + " " + type + "\nhandslag_" + std::string(name) +
                " " + std::to_string(value) + "\n";
    };
    auto leaves = home_->ledger->leaf_count();
    auto standing = standing_total(*home_->ledger);
    if (!leaves.ok() || !standing.ok()) return fault(leaves.ok() ? standing.error() : leaves.error());
    line("log_leaves", "gauge", *leaves);
    line("register_standing", "gauge", *standing);
    line("connections_open", "gauge", counters_.open_connections);
    line("connections_total", "counter", counters_.connections);
    line("connections_refused_total", "counter", counters_.refused_connections);
    line("handshakes_failed_total", "counter", counters_.handshakes_failed);
    line("handshakes_resumed_total", "counter", counters_.handshakes_resumed);
    line("requests_total", "counter", counters_.requests);
    line("exchanges_total", "counter", counters_.exchanges);
    line("exchanges_cut_total", "counter", counters_.cut_exchanges);
    line("exchange_bytes_total", "counter", counters_.exchange_bytes);
    line("renewals_total", "counter", counters_.renewals);
    line("faults_total", "counter", counters_.server_faults);
    return reply("text/plain; version=0.0.4", body);
}

Reply Site::post_enrol(ByteView body) {
    auto enrolled = enrol(*home_, core::as_text(body), clock_->wall_ms());
    if (enrolled.ok()) {
        spdlog::info("enrolled a tablet");
        return reply(json, *enrolled);
    }
    switch (enrolled.error().code) {
        case core::Errc::not_allowed:
        case core::Errc::malformed:
        case core::Errc::conflict:
            return reply(text, enrolled.error().detail + "\n", 403);
        default:
            return fault(enrolled.error());
    }
}

Reply Site::post_renew(std::string_view certificate_sha256, ByteView body) {
    auto peer = peer_of(*home_->ledger, certificate_sha256);
    if (!peer.ok()) return fault(peer.error());
    auto renewed = renew(*home_, *peer, core::as_text(body), clock_->wall_ms());
    if (renewed.ok()) {
        ++counters_.renewals;
        spdlog::info("renewed a tablet's certificate");
        return reply(json, *renewed);
    }
    bool refused =
        renewed.error().code == core::Errc::not_allowed || renewed.error().code == core::Errc::malformed;
    return refused ? reply(text, renewed.error().detail + "\n", 403) : fault(renewed.error());
}

bool Site::is_staff(std::string_view authorization) const {
    auto wanted = "Bearer " + home_->staff_token;
    return core::equal_in_constant_time(core::as_bytes(authorization), core::as_bytes(wanted));
}

Reply Site::post_staff(std::string_view authorization, ByteView body) {
    if (!is_staff(authorization)) return reply(text, "not allowed\n", 403);
    auto answer = run_staff_command(*home_, core::as_text(body), clock_->wall_ms());
    if (!answer.ok()) return reply(text, answer.error().detail + "\n", 409);
    return reply(text, *answer);
}

Result<std::unique_ptr<Exchange>> Site::begin_exchange(std::string_view certificate_sha256) {
    TRY_ASSIGN(auto peer, peer_of(*home_->ledger, certificate_sha256));
    if (!peer) return std::unique_ptr<Exchange>();
    ++counters_.exchanges;
    return std::make_unique<Exchange>(*home_->ingest, *peer);
}

std::unique_ptr<Exchange> Site::begin_stick_exchange(std::string_view authorization,
                                                     std::string_view target) {
    auto log = parse_exchange_path(target);
    if (!log.ok() || !is_staff(authorization)) return nullptr;
    ++counters_.exchanges;
    return std::make_unique<Exchange>(*home_->ingest, *log, Way::stick);
}

bool Site::derive_step(std::uint64_t leaves) {
    constexpr std::uint64_t entries = 64;  // a hundredth of a second or two
    auto more = server::derive_step(*home_->ledger, *home_->bundle_key, entries, leaves);
    if (more.ok() && !*more) more = publish_step(*home_->ledger, leaves);
    if (more.ok()) return *more;
    static_cast<void>(fault(more.error()));
    return false;
}

std::uint64_t Site::leaves() {
    auto count = home_->ledger->leaf_count();
    return count.ok() ? *count : 0;
}

}  // namespace server
