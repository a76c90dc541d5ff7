#include "sync/staff_monitor.h"

#include <iostream>
#include <memory>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "sync/http.h"
#include "sync/monitor.h"
#include "sync/staff.h"

namespace staff {
namespace {

using core::Errc;
using core::Error;
using core::Json;
using core::Result;
using monitor::Verdict;

constexpr std::uint64_t longest_keys = 1 << 16, longest_state = 1 << 20, longest_note = 1 << 14;
constexpr std::size_t longest_tile = 256 * (2 + 65'535);
enum MonitorExit {
    log_holds = 0,
    contradicts_itself = 1,
    could_not_look = 2,
    not_as_signed = 3,
    too_few_witnesses = 4
};

struct MonitorOptions {
    std::string url, key;
    std::vector<std::string> witnesses, seen;
    std::size_t least = 0;  // of the witnesses must have cosigned the head
    Path state;
    http::Trust trust;
    bool whole = false, json = false, quiet = false;
};

// One as it stands, or those in a file, one a line.
Result<std::vector<core::NoteKey>> read_keys(const std::string& text) {
    std::error_code error;
    std::string content = text;
    if (std::filesystem::is_regular_file(text, error)) {
        TRY_ASSIGN(auto bytes, core::read_file(text, longest_keys));
        content = core::as_text(bytes);
    }
    std::vector<core::NoteKey> keys;
    for (auto line : core::split(core::trim(content), '\n')) {
        TRY_ASSIGN(auto key, core::parse_note_key(core::trim(line)));
        keys.push_back(std::move(key));
    }
    return keys;
}

// A signed head as somebody else was shown it.
Result<std::string> read_seen(const std::string& file, const core::NoteKey& log) {
    auto bytes = core::read_file(file, longest_note);
    if (!bytes.ok()) return Error{bytes.error().code, file + ": " + bytes.error().detail};
    std::string note(core::as_text(*bytes));
    auto head = core::open_checkpoint(note, log.key);
    if (!head.ok()) return Error{head.error().code, file + ": " + head.error().detail};
    if (head->origin != log.name) return Error{Errc::malformed, file + ": it is of another log"};
    return note;
}

Result<monitor::Wish> read_wish(const MonitorOptions& options) {
    monitor::Wish wish;
    wish.whole = options.whole;
    TRY_ASSIGN(auto keys, read_keys(options.key));
    wish.log = std::move(keys.front());
    if (wish.log.algorithm != core::NoteAlgorithm::checkpoint)
        return Error{Errc::malformed, "--key is a witness's key; the log's own is what --key wants"};
    for (const auto& text : options.witnesses) {
        TRY_ASSIGN(auto witnesses, read_keys(text));
        for (auto& witness : witnesses) {
            if (witness.algorithm != core::NoteAlgorithm::cosignature)
                return Error{Errc::malformed, "--witness wants a witness's key, not a log's"};
            // Twice named is one witness.
            if (std::ranges::find(wish.witnesses, witness) == wish.witnesses.end())
                wish.witnesses.push_back(std::move(witness));
        }
    }
    if (options.least > wish.witnesses.size())
        return Error{Errc::malformed, "--witnesses wants " + std::to_string(options.least) +
                                          ", and the keys of " + std::to_string(wish.witnesses.size()) +
                                          " are given (--witness)"};
    for (const auto& file : options.seen) {
        TRY_ASSIGN(auto note, read_seen(file, wish.log));
        wish.elsewhere.emplace_back(file, std::move(note));
    }
    return wish;
}

Result<std::optional<monitor::Memory>> read_state(const MonitorOptions& options, const core::NoteKey& log) {
    std::error_code error;
    if (!std::filesystem::exists(options.state, error)) return std::optional<monitor::Memory>{};
    TRY_ASSIGN(auto text, core::read_file(options.state, longest_state));
    TRY_ASSIGN(auto memory, monitor::decode_memory(core::as_text(text), log));
    return std::optional(std::move(memory));
}

monitor::Ask ask_by(std::shared_ptr<http::Visitor> visitor, std::string base) {
    while (base.ends_with('/')) base.pop_back();
    return [visitor, base](const std::string& path) -> Result<std::optional<core::Bytes>> {
        TRY_ASSIGN(auto answer, visitor->ask({base + path, "", {}}, {longest_tile, 10'000, 60'000}));
        if (answer.status == 404 || answer.status == 410) return std::optional<core::Bytes>{};
        if (answer.status != 200)
            return Error{Errc::not_readable,
                         "it answers " + path + " with HTTP status " + std::to_string(answer.status)};
        return std::optional(std::move(answer.content));
    };
}

// --- evidence: what the server has signed, kept before anything is said

std::string file_of(const Path& state, const core::TreeHead& head) {
    return state.string() + "." + std::to_string(head.size) + "-" + head.root.hex().substr(0, 8) +
           ".checkpoint";
}

Result<std::vector<std::string>> keep_evidence(const Path& state, const monitor::Look& look) {
    std::vector<std::string> files;
    auto keep = [&files](const std::string& file, std::string_view content) -> core::Status {
        files.push_back(file);
        return core::write_file_durably(file, core::as_bytes(content));
    };
    if (!look.before || !look.now || look.well()) return files;
    TRY(keep(file_of(state, *look.before), look.before_note));
    if (*look.now != *look.before) TRY(keep(file_of(state, *look.now), look.now_note));
    if (!look.contradiction) return files;
    Json proof = Json::array();
    for (const auto& hash : look.contradiction->proof) proof.push_back(hash.hex());
    TRY(keep(file_of(state, *look.now) + ".proof",
             core::encode_canonical({{"format", "handslag-contradiction/1"},
                                     {"remembered", look.before_note},
                                     {"shown", look.now_note},
                                     {"size", look.before->size},
                                     {"root_in_shown", look.contradiction->root.hex()},
                                     {"consistency", proof}}) +
                 "\n"));
    return files;
}

// --- words

std::string count(std::uint64_t n, const char* one, const char* many) {
    return std::to_string(n) + " " + (n == 1 ? one : many);
}

std::string sentence(const monitor::Look& look) {
    auto size = look.now ? count(look.now->size, "entry", "entries") : std::string();
    switch (look.verdict) {
        case Verdict::first_seen:
            return "All well: a log of " + size + ", seen for the first time and remembered from now on.";
        case Verdict::unchanged:
            return "All well: the log has " + size + ", as before.";
        case Verdict::grown:
            return "All well: the log has grown from " + std::to_string(look.before->size) + " to " + size +
                   ", and nothing that was there has changed.";
        case Verdict::rewritten:
            return "THE SERVER HAS REWRITTEN ITS HISTORY: " + look.detail + ".";
        case Verdict::rolled_back:
            return "THE SERVER HAS FORGOTTEN: " + look.detail + ".";
        case Verdict::bad_signature:
            return "What it shows is not signed as it should be: " + look.detail + ".";
        case Verdict::not_served:
            return "The log cannot be followed: " + look.detail + ".";
        case Verdict::unreachable:
            return "Nothing could be checked: " + look.detail + ".";
    }
    return {};
}

const char* advice(Verdict verdict) {
    switch (verdict) {
        case Verdict::rewritten:
            return "No honest log can have signed both. Keep the files below: the server's own key signed "
                   "them, "
                   "and nobody\nelse can have. Give copies to the municipality's registrar and IT, and to "
                   "whoever "
                   "else follows the log; compare\nwith the heads that the tablets remember. What was "
                   "remembered "
                   "stays remembered.";
        case Verdict::rolled_back:
            return "Perhaps it was restored from an old backup; then entries since are lost there, and the "
                   "tablets stop by themselves.\nTell the municipality's IT and keep the files below. What "
                   "was "
                   "remembered stays remembered.";
        case Verdict::bad_signature:
            return "Somebody else answers, or the server has another key. Ask the municipality by another "
                   "way "
                   "than this network\n(handslag-server log-key prints the key). What was remembered stays "
                   "remembered.";
        case Verdict::not_served:
            return "A server or a mirror that is damaged, or hides something. Look again in a while; if it "
                   "stays "
                   "so, tell the\nmunicipality's IT. What was remembered stays remembered.";
        case Verdict::unreachable:
            return "Look again later. What was remembered stays remembered.";
        default:
            return "";
    }
}

std::string time_of(std::uint64_t seconds) {
    return date_of(static_cast<std::int64_t>(std::min<std::uint64_t>(seconds, 253'402'300'799ULL)) * 1'000);
}

bool lacks_witnesses(const monitor::Look& look, std::size_t least) {
    return look.well() && look.cosigned() < least;
}

void say_witnesses(std::ostream& out, const monitor::Look& look) {
    for (const auto& [name, seen] : look.witnesses) {
        out << "  " << name << ": ";
        if (!seen)
            out << "has cosigned no head that is shown\n";
        else if (look.now && seen->size == look.now->size)
            out << "cosigned this head, " << time_of(seen->time_s) << '\n';
        else
            out << "cosigned the head of " << count(seen->size, "entry", "entries") << ", "
                << time_of(seen->time_s) << ", and not this one\n";
    }
    if (look.witnesses.size() > 1)
        out << "  " << look.cosigned() << " of " << look.witnesses.size()
            << " witnesses have cosigned this head\n";
}

void say(const monitor::Look& look, const std::vector<std::string>& evidence, std::size_t least, bool quiet) {
    bool few = lacks_witnesses(look, least);
    if (look.well() && !few && quiet) return;
    auto& out = look.well() && !few ? std::cout : std::cerr;
    out << sentence(look) << '\n';
    if (few)
        out << "TOO FEW WITNESSES: " << look.cosigned() << " have cosigned this head, and at least " << least
            << " were to. If it stays so after\nthose tablets have synced, they may have been shown another "
               "log: "
               "compare with what they remember\n(handslag witness --head, then --seen).\n";
    if (!look.well()) out << advice(look.verdict) << '\n';
    if (!look.kinds.empty()) {
        out << "  read " << count(look.leaves, "leaf", "leaves") << ":";
        for (const auto& [format, n] : look.kinds) out << "  " << n << " x " << format;
        out << '\n';
    }
    say_witnesses(out, look);
    for (const auto& file : evidence) out << "  kept: " << file << '\n';
}

Json head_as_json(const std::optional<core::TreeHead>& head) {
    if (!head) return Json::object();
    return {{"size", head->size}, {"root", head->root.hex()}};
}
Json as_json(const monitor::Look& look, const std::vector<std::string>& evidence) {
    Json witnesses = Json::array();
    for (const auto& [name, seen] : look.witnesses) {
        auto told = seen.value_or(monitor::Witnessed{});
        witnesses.push_back({{"name", name}, {"cosigned_size", told.size}, {"cosigned_at_s", told.time_s}});
    }
    return {{"outcome", monitor::to_string(look.verdict)},
            {"detail", look.detail},
            {"remembered", head_as_json(look.before)},
            {"shown", head_as_json(look.now)},
            {"leaves_read", look.leaves},
            {"kinds", look.kinds},
            {"witnesses", witnesses},
            {"cosigned_by", look.cosigned()},
            {"evidence", evidence}};
}

int exit_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::rewritten:
        case Verdict::rolled_back:
            return contradicts_itself;
        case Verdict::bad_signature:
        case Verdict::not_served:
            return not_as_signed;
        case Verdict::unreachable:
            return could_not_look;
        default:
            return log_holds;
    }
}

int follow(const MonitorOptions& options) {
    auto wish = read_wish(options);
    if (!wish.ok()) return complain("the key", wish.error());
    auto memory = read_state(options, wish->log);
    if (!memory.ok()) return complain(options.state.string(), memory.error());
    auto look =
        monitor::look(ask_by(std::make_shared<http::Visitor>(options.trust), options.url), *wish, *memory);
    auto evidence = keep_evidence(options.state, look);
    if (!evidence.ok()) complain("keeping the evidence beside " + options.state.string(), evidence.error());
    if (look.well()) {
        auto text = monitor::encode_memory(*look.memory, wish->log);
        if (auto kept = core::write_file_durably(options.state, core::as_bytes(text)); !kept.ok())
            return complain(options.state.string(), kept.error());
    }
    auto files = evidence.ok() ? *evidence : std::vector<std::string>{};
    if (options.json)
        std::cout << as_json(look, files).dump(2) << '\n';
    else
        say(look, files, options.least, options.quiet);
    return lacks_witnesses(look, options.least) ? too_few_witnesses : exit_of(look.verdict);
}

}  // namespace

void add_monitor_command(CLI::App& app, int& exit) {
    auto options = std::make_shared<MonitorOptions>();
    auto* command = app.add_subcommand("monitor", "Follow a server's public log: that it only ever grows");
    command->add_option("url", options->url, "https://HOST:PORT of the server, or of a mirror of its log")
        ->required()
        ->type_name("URL");
    command
        ->add_option("--key", options->key,
                     "The log's key, or a file with it: what `handslag-server log-key` prints")
        ->required()
        ->type_name("KEY");
    command
        ->add_option("--state", options->state,
                     "What is remembered from one look to the next; made by the first")
        ->required()
        ->type_name("FILE");
    command
        ->add_option("--witness", options->witnesses,
                     "A tablet's key, or a file of such, one a line: tell which head it cosigned; may be "
                     "repeated")
        ->type_name("KEY")
        ->take_all()
        ->allow_extra_args(false);
    command
        ->add_option("--witnesses", options->least,
                     "So many of them must have cosigned the head that is shown, or exit 4")
        ->type_name("N");
    command
        ->add_option("--seen", options->seen,
                     "A signed head that somebody else was shown: the log must contain it; may be repeated")
        ->type_name("FILE")
        ->take_all()
        ->allow_extra_args(false);
    auto* pin = command->add_option("--pin", options->trust.pin,
                                    "sha256//... of the server's TLS key, as invitations have it, when no "
                                    "authority that this computer knows vouches for it");
    command
        ->add_option("--ca-file", options->trust.ca_file,
                     "Authorities for the server's TLS certificate (PEM)")
        ->type_name("FILE")
        ->excludes(pin);
    command->add_flag("--whole", options->whole, "Read every leaf anew, also those that were seen before");
    command->add_flag("--json", options->json, "One JSON object");
    command->add_flag("--quiet,-q", options->quiet, "Say nothing when all is well, as for cron");
    command->footer(
        "Fetches the signed head and the leaves that are new, and rebuilds the head from them and from what "
        "it "
        "remembers.\n"
        "Get the key from the municipality by another way than from the server that you check.\n"
        "Exit: 0 all well; 1 the server contradicts what it signed before (both heads are kept beside "
        "FILE);\n"
        "2 it could not be looked at; 3 what it serves is not what it signed; 4 all well, but too few "
        "witnesses.\n"
        "Keys of witnesses: `handslag witness` on each tablet, or `handslag-server witness-keys` when you "
        "trust "
        "that "
        "list.\n\n"
        "Example, as for cron:\n  handslag monitor https://skrivunder.kommun.se:8443 --key log.key --state "
        "strandkoping.json -q");
    command->callback([options, &exit] { exit = follow(*options); });
}

}  // namespace staff
