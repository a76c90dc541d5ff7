// handslag-server: the municipality's end of sync, and the public list. Without any argument it serves on
// port 8443 from ./handslag-server, with keys and certificates of its own making.
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "sync/client/carrier.h"
#include "sync/ingest/register.h"
#include "sync/ingest/signed_feed.h"
#include "sync/protocol/admission.h"
#include "sync/server/feed_command.h"
#include "sync/server/ingest_command.h"
#include "sync/server/listener.h"
#include "sync/server/lists.h"
#include "sync/server/server_config.h"
#include "sync/server/staff_commands.h"
#include "sync/server/terminal_qr.h"

namespace {

namespace fs = std::filesystem;

enum Exit { all_well = 0, found_wanting = 1, could_not = 2 };

struct Choices {
    server::HomeSettings home{"handslag-server", "", {"localhost"}, "Handslag", "2120000142", true};
    server::ListenerSettings listener;
    server::SiteSettings site;
    std::string municipality, url, tablet, device, page, log_key, why = "reported lost", entry, other,
                                                                  decision;
    bool undo = false;
    fs::path ca_folder;
    unsigned epoch = 1;
    unsigned hours = 1;
    bool qr = false;
    fs::path stick;
};

int complain(const core::Error& error) {
    std::cerr << "handslag-server: " << core::to_string(error.code) << ": " << error.detail << '\n';
    if (error.code == core::Errc::locked)
        std::cerr << "  Another handslag-server uses that folder, and does not answer.\n";
    return could_not;
}

std::string url_of(const Choices& choices, const std::string& port) {
    return choices.url.empty() ? "https://" + choices.home.hosts.front() + ":" + port : choices.url;
}

// Another process may use the folder too, and have noted its own since.
void forget_port(const fs::path& running, std::uint16_t port) {
    auto noted = core::read_file(running, 16);
    std::error_code ignored;
    if (noted.ok() && core::as_text(*noted) == std::to_string(port)) fs::remove(running, ignored);
}

// A connection is a file, and a program is started with 1,024 of them.
void allow_files(std::size_t connections) {
    constexpr std::size_t others = 128;  // ledger, logs, the doors
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= connections + others) return;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, connections + others);
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < connections + others)
        spdlog::warn("at most {} files may be open: fewer connections than {}", limit.rlim_cur, connections);
}

int serve(const Choices& choices) {
    spdlog::set_default_logger(spdlog::stderr_logger_st("handslag-server"));
    allow_files(choices.listener.most_connections);
    core::SystemClock clock;
    auto words = core::Words::load(core::share_dir() / "locale", "sv");
    if (!words.ok()) return complain(words.error());
    auto home = server::Home::open(choices.home, clock);
    if (!home.ok()) return complain(home.error());
    auto derived = server::derive_register(*home->ledger, *home->bundle_key);
    if (derived.ok()) derived = server::publish_signed(*home->ledger);  // what came by stick
    if (!derived.ok()) return complain(derived.error());
    server::Site site(*home, *words, clock, choices.site);
    auto settings = choices.listener;
    settings.tls_key_pem = home->tls_key_pem;
    settings.tls_certificate_pem = home->tls_certificate_pem;
    settings.client_root_pem = home->client_root_pem;
    auto running = choices.home.dir / "running";
    std::uint16_t served_port = 0;
    auto served = server::listen(settings, site, [&](std::uint16_t port) {
        served_port = port;
        auto noted = core::write_file_durably(running, core::as_bytes(std::to_string(port)));
        if (!noted.ok()) spdlog::warn("the port could not be noted: {}", noted.error().detail);
        spdlog::info("serving port={} log=\"{}\" pin=\"{}\"", port, home->ingest->name().origin,
                     home->tls_pin);
    });
    forget_port(running, served_port);
    if (!served.ok()) return complain(served.error());
    spdlog::info("stopped");
    return all_well;
}

core::Result<client::Carrier> to_running_server(const Choices& choices) {
    TRY_ASSIGN(auto port, core::read_file(choices.home.dir / "running", 16));
    TRY_ASSIGN(auto pin, server::tls_pin(choices.home.dir));
    return client::Carrier({"https://localhost:" + std::string(core::as_text(port)), pin}, {});
}

void print(const std::string& answer) { std::cout << answer; }

// By the server that runs, or else by opening the folder ourselves.
core::Result<std::string> ask(const Choices& choices, const core::Json& json) {
    core::SystemClock clock;
    auto home = server::Home::open(choices.home, clock);
    if (home.ok()) return server::run_staff_command(*home, core::encode_canonical(json), clock.wall_ms());
    if (home.error().code != core::Errc::locked) return home.error();
    auto carrier = to_running_server(choices);
    auto token = core::read_file(choices.home.dir / "keys/staff", 256);
    if (!carrier.ok() || !token.ok()) return home.error();
    auto carried = carrier->ask("/staff", "application/json", core::as_bytes(core::encode_canonical(json)),
                                "Authorization: Bearer " + std::string(core::as_text(*token)));
    if (carried.trouble != client::Trouble::none)
        return core::Error{core::Errc::not_allowed,
                           std::string(client::to_string(carried.trouble)) + ": " + carried.detail};
    return std::string(core::as_text(carried.body));
}

int command(const Choices& choices, const core::Json& json,
            const std::function<void(const std::string&)>& show = print) {
    auto answer = ask(choices, json);
    if (!answer.ok()) return complain(answer.error());
    show(*answer);
    return all_well;
}

int audit(const Choices& choices) {
    auto answer = ask(choices, {{"command", "audit"}});
    if (!answer.ok()) return complain(answer.error());
    std::cout << *answer;
    return answer->ends_with("WHOLE\n") ? all_well : found_wanting;
}

// The line for a stick or the keyboard; before somebody's eyes a picture of it too, for whatever has a camera.
int invite(Choices& choices) {
    auto port = core::read_file(choices.home.dir / "running", 16);
    auto number = port.ok() ? std::string(core::as_text(*port)) : std::to_string(choices.listener.port);
    bool seen = isatty(STDOUT_FILENO) != 0;
    std::optional<core::Error> unwritten;
    int done = command(choices,
                       {{"command", "invite"},
                        {"tablet", choices.tablet},
                        {"url", url_of(choices, number)},
                        {"hours", choices.hours}},
                       [&](const std::string& line) {
                           std::cout << line;
                           if (!choices.stick.empty()) {
                               auto file = choices.stick / wire::invitation_file_name;
                               auto written = core::write_file_durably(file, core::as_bytes(line));
                               if (!written.ok()) unwritten = written.error();
                               if (written.ok()) std::cout << "written to " << file.string() << '\n';
                           }
                           if (!seen && !choices.qr) return;
                           auto code = core::make_qr(line.substr(0, line.find('\n')).c_str());
                           std::cout << '\n' << server::qr_for_terminal(code, seen);
                       });
    return unwritten ? complain(*unwritten) : done;
}

// Each request on the stick is answered by a file beside it.
int admit(const Choices& choices) {
    int exit = all_well, found = 0;
    std::error_code error;
    for (fs::directory_iterator at(choices.stick, error), end; !error && at != end; at.increment(error)) {
        auto name = at->path().filename().string();
        if (!name.starts_with("handslag-ansokan-") || !name.ends_with(".json")) continue;
        ++found;
        auto request = core::read_file(at->path(), 64 << 10);
        auto json = request.ok() ? core::decode_canonical(core::as_text(*request))
                                 : core::Result<core::Json>(request.error());
        auto device =
            json.ok() && json->is_object() && json->contains("device") && (*json)["device"].is_string()
                ? (*json)["device"].get<std::string>()
                : std::string();
        if (device.empty() || name != wire::request_file_name(device)) {
            exit = complain({core::Errc::malformed, name + " is no tablet's request"});
            continue;
        }
        auto to = choices.stick / wire::admission_file_name(device);
        core::Status written;
        int done = command(choices, {{"command", "admit"}, {"request", std::string(core::as_text(*request))}},
                           [&](const std::string& answer) {
                               written = core::write_file_durably(to, core::as_bytes(answer));
                               if (written.ok())
                                   std::cout << "written to " << to.string()
                                             << ": let the tablet have the stick again\n";
                           });
        if (done != all_well) exit = done;
        if (!written.ok()) exit = complain(written.error());
    }
    if (error) return complain({core::Errc::not_readable, choices.stick.string() + ": " + error.message()});
    if (found == 0)
        return complain({core::Errc::not_found, "no tablet's request in " + choices.stick.string()});
    return exit;
}

int show_page(const Choices& choices) {
    auto carrier = to_running_server(choices);
    if (!carrier.ok()) return complain(carrier.error());
    auto carried = carrier->ask(choices.page, "", {});
    if (carried.trouble != client::Trouble::none)
        return complain(
            {core::Errc::not_found, std::string(client::to_string(carried.trouble)) + ": " + carried.detail});
    std::cout << core::as_text(carried.body);
    return all_well;
}

int publish_lists(const Choices& choices) {
    auto published =
        server::publish_lists(choices.home.dir, choices.ca_folder, core::SystemClock().wall_ms());
    if (!published.ok()) return complain(published.error());
    std::cout << *published;
    // To the tablets too: one whose own certificate is revoked stops sealing.
    auto shown = server::list_names(choices.ca_folder);
    for (const auto& name : shown) {
        auto list = server::find_list(choices.home.dir, name);
        if (!list.ok()) return complain(list.error());
        if (!*list || (*list)->der.size() > wire::longest_feed_content) {
            std::cout << name << ": too long for tablets\n";
            continue;
        }
        int told =
            command(choices,
                    {{"command", "revocations"}, {"name", name}, {"content", core::to_base64((*list)->der)}});
        if (told != all_well) return told;
    }
    return all_well;
}

void add_lists(CLI::App& app, Choices& to, int& exit) {
    auto* crl = app.add_subcommand("crl", "The CA's revocation lists, at /crl/NAME")->require_subcommand(1);
    auto* publish = crl->add_subcommand("publish", "Check a CA's lists, and show them from now on");
    publish->add_option("folder", to.ca_folder, "The CA's folder, or a copy of it without its keys")
        ->required()
        ->type_name("DIR");
    publish->footer(
        "Takes root.crl and issuing.crl when they are signed by the CA in root.crt and issuing.crt, have not "
        "run out\n"
        "and are newer than what is shown. Do it after every handslag ca revoke and handslag ca crl. Tablets "
        "get "
        "them\n"
        "at their next sync: one whose own certificate is revoked seals no more.\n\n"
        "Certificates name their list by plain http. Serve that with --crl-port, and make the CA with the "
        "same address:\n"
        "  handslag-server --host skrivunder.kommun.se --crl-port 8080\n"
        "  handslag ca create ca --crl-base http://skrivunder.kommun.se:8080/crl ...\n"
        "  handslag-server crl publish ca");
    publish->callback([&] { exit = publish_lists(to); });
}

void add_adoption(CLI::App& device, Choices& to, int& exit) {
    auto* adopt =
        device.add_subcommand("adopt", "Know a tablet that never enrolled, to take what its sticks hold");
    adopt->add_option("device", to.device, "Its id, as `handslag bundle read` says of a copy")->required();
    adopt->add_option("--epoch", to.epoch, "Its epoch")->capture_default_str();
    adopt->add_option("--log-key", to.log_key, "Its log key, from the tablet's sealed protocol")
        ->required()
        ->type_name("HEX");
    adopt->add_option("--name", to.tablet, "The tablet: 'surfplatta A'")->required();
    adopt->footer(
        "Whoever has that key can write into the register: compare it with the sealed ceremony protocol, not "
        "with the "
        "stick.");
    adopt->callback([&] {
        exit = command(to, {{"command", "adopt"},
                            {"device", to.device},
                            {"epoch", to.epoch},
                            {"log_key", to.log_key},
                            {"tablet", to.tablet}});
    });
}

void add_devices(CLI::App& app, Choices& to, int& exit) {
    auto* device = app.add_subcommand("device", "The tablets that may sync")->require_subcommand(1);
    auto* invited =
        device->add_subcommand("invite", "Print an invitation for one tablet; it works once, for an hour");
    invited->add_option("--name", to.tablet, "The tablet: 'surfplatta A'")->required();
    invited->add_option("--url", to.url, "Where the tablet finds the server (default: the first --host)");
    invited->add_option("--hours", to.hours, "How long it can be answered")
        ->check(CLI::Range(1U, 2160U))
        ->capture_default_str();
    invited->add_option("--stick", to.stick, "Write it to this folder as well, where a tablet finds it")
        ->type_name("DIR");
    invited->add_flag("--qr", to.qr, "Its QR code below it, also when no terminal shows it");
    invited->footer(
        "Example:\n  handslag-server device invite --name 'surfplatta A' --url "
        "https://skrivunder.kommun.se:8443");
    invited->callback([&] { exit = invite(to); });
    auto* admitted =
        device->add_subcommand("admit", "Answer the requests that tablets without a network left on a stick");
    admitted->add_option("stick", to.stick, "The stick's folder")->required()->type_name("DIR");
    admitted->footer(
        "A tablet that never sees the network:\n"
        "  1. handslag-server device invite --name 'surfplatta A' --hours 336 --stick /media/STICK\n"
        "  2. the stick in the tablet, the host's desk, 'Anslut': its request comes onto the stick\n"
        "  3. handslag-server device admit /media/STICK\n"
        "  4. the stick in the tablet, 'Anslut' once more\n"
        "Where no kiosk runs on the tablet, `handslag enrol --stick` does what 'Anslut' does.");
    admitted->callback([&] { exit = admit(to); });
    auto* list =
        device->add_subcommand("list", "Every tablet, what it has sent, and whether something is wrong");
    list->callback([&] { exit = command(to, {{"command", "list"}}); });
    auto* lost = device->add_subcommand("lost", "Report a tablet as lost: what it sends later is kept apart");
    lost->add_option("device", to.device, "Its id, as `device list` says")->required();
    lost->add_option("--epoch", to.epoch, "Its epoch")->capture_default_str();
    lost->add_option("--why", to.why, "Stands in the public log: nothing personal")->capture_default_str();
    lost->callback([&] {
        exit =
            command(to, {{"command", "revoke"}, {"device", to.device}, {"epoch", to.epoch}, {"why", to.why}});
    });
    add_adoption(*device, to, exit);
}

void add_register(CLI::App& app, Choices& to, int& exit) {
    auto* list =
        app.add_subcommand("register", "What staff decide about what has come")->require_subcommand(1);
    auto want_entry = [&to](CLI::App* command) {
        command->add_option("entry", to.entry, "A certificate's number, or a place in the log: #12")
            ->required();
    };
    auto want_decision = [&to](CLI::App* command) {
        command
            ->add_option("--decision", to.decision,
                         "Where the decision is filed; stands in the public log for ever")
            ->required()
            ->type_name("DIARIENUMMER");
    };
    auto act = [&, want_entry, want_decision](const char* name, const char* about, const char* what,
                                              const char* undone) {
        auto* command = list->add_subcommand(name, about);
        want_entry(command);
        want_decision(command);
        if (undone != nullptr) command->add_flag("--undo", to.undo, "Take it back, by a decision of its own");
        command->callback([&to, &exit, what, undone] {
            exit = ::command(to, {{"command", "decide"},
                                  {"what", to.undo ? undone : what},
                                  {"entry", to.entry},
                                  {"other", to.other},
                                  {"decision", to.decision}});
        });
        return command;
    };
    act("withdraw", "The organisation has left the agreement; its certificate stays true", "withdrawn",
        "rejoined");
    act("same", "The organisation has signed twice, and is counted once", "same_as", "apart")
        ->add_option("--as", to.other, "The one that it is counted by: number or #place");
    act("take-up", "Let an entry count that was kept apart", "taken_up", nullptr);
    act("leave-apart", "Let it stay apart, and ask no more", "left_apart", nullptr);
    auto* erase =
        list->add_subcommand("erase", "Erase what was signed, and what refers to it, from this server");
    want_entry(erase);
    want_decision(erase);
    erase->footer(
        "The log keeps its leaves, its proofs and your decision; the certificate, the record and the contact "
        "details "
        "go.\nWith PostgreSQL the database's own log and backups keep what they have until their time is "
        "out.");
    erase->callback([&] {
        exit = command(to, {{"command", "erase"}, {"entry", to.entry}, {"decision", to.decision}});
    });
    list->add_subcommand("duplicates", "Signings that may be of one organisation")->callback([&] {
        exit = command(to, {{"command", "duplicates"}});
    });
    list->add_subcommand("apart", "Entries that are kept apart, and wait for a decision")->callback([&] {
        exit = command(to, {{"command", "apart"}});
    });
    list->add_subcommand("audit", "Read and hash everything again")->callback([&] { exit = audit(to); });
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"handslag-server: takes what the tablets have signed, and shows the public list."};
    app.name("handslag-server");
    app.set_version_flag("--version", "handslag-server " HANDSLAG_VERSION)->configurable(false);
    app.set_config("--config", "", "A TOML file with any of these settings")
        ->type_name("FILE")
        ->configurable(false);
    app.config_formatter(std::make_shared<server::ServerConfig>(app));
    Choices choices;
    int exit = all_well;
    app.add_option("--dir", choices.home.dir, "Where keys and ledger lie")
        ->capture_default_str()
        ->type_name("DIR");
    app.add_option("--store", choices.home.store,
                   "postgresql://USER@HOST/DATABASE, for several processes (default: DIR/ledger.db)")
        ->type_name("URL");
    app.add_option("--listen", choices.listener.address, "Address to listen on")->capture_default_str();
    app.add_option("--port", choices.listener.port, "Port; 0 takes any that is free")->capture_default_str();
    app.add_option("--host", choices.home.hosts, "Names and addresses for a new TLS certificate")
        ->capture_default_str();
    app.add_option("--municipality", choices.municipality,
                   "For a new CA; without it everything says DEMONSTRATION");
    app.add_option("--number", choices.home.organisationsnummer, "The municipality's organisationsnummer")
        ->capture_default_str();
    app.add_option("--most-connections", choices.listener.most_connections, "At the same time")
        ->capture_default_str();
    app.footer("Without a command it serves until SIGTERM. handslag-server device --help tells of tablets.");
    app.add_option("--crl-port", choices.listener.list_port,
                   "Plain HTTP for the CA's revocation lists alone (default: only by TLS, with all else)");
    app.add_option("--personal-link-days", choices.site.personal_link_days,
                   "How long a visitor's personal link opens the certificate, after it has come")
        ->check(CLI::Range(1U, 3650U))
        ->capture_default_str();
    app.add_option("--contact", choices.site.contact,
                   "Whom visitors ask, on their own pages: 'Kontaktcenter, 0600-10 00 00'");
    add_devices(app, choices, exit);
    server::add_feed_command(
        app, [&](const core::Json& json) { return command(choices, json); }, exit);
    add_lists(app, choices, exit);
    add_register(app, choices, exit);
    server::add_ingest_command(app, choices.home, exit);
    auto* log_key = app.add_subcommand("log-key", "Print the public log's key, for `handslag monitor --key`");
    log_key->callback([&] { exit = command(choices, {{"command", "log-key"}}); });
    auto* witnesses = app.add_subcommand(
        "witness-keys", "Print the tablets' keys as witnesses, for `handslag monitor --witness`");
    witnesses->callback([&] { exit = command(choices, {{"command", "witness-keys"}}); });
    auto* page = app.add_subcommand("page", "Print what the running server shows at a path: / or /v/NUMBER");
    page->add_option("path", choices.page, "Begins with a slash")->required();
    page->callback([&] { exit = show_page(choices); });
    app.parse_complete_callback([&] {
        if (!choices.municipality.empty()) {
            choices.home.municipality = choices.municipality;
            choices.home.demonstration = false;
        }
    });
    app.callback([&] {
        if (app.get_subcommands().empty()) exit = serve(choices);
    });
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? all_well : could_not;
    } catch (const std::exception& error) {
        std::cerr << "handslag-server: " << error.what() << '\n';
        return could_not;
    }
    return exit;
}
