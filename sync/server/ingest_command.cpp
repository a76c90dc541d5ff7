#include "sync/server/ingest_command.h"

#include <algorithm>
#include <iostream>
#include <memory>

#include "core/base/file_stream.h"
#include "core/certificate/keyring.h"
#include "sync/client/carrier.h"
#include "sync/ingest/register.h"
#include "sync/server/copies.h"
#include "sync/server/staff_commands.h"

namespace server {
namespace {

namespace fs = std::filesystem;
using core::Errc;
using core::Error;

enum Exit { all_well = 0, found_wanting = 1, could_not = 2 };

constexpr std::uint64_t longest_pem = 1 << 16;

struct Options {
    std::vector<fs::path> paths;
    fs::path key, certificate, passphrase_file, receipts;
    bool despite_gaps = false;
};

int complain(const std::string& about, const Error& error) {
    std::cerr << "handslag-server: " << (about.empty() ? "" : about + ": ") << error.detail << '\n';
    if (error.code == Errc::locked)
        std::cerr << "  Another handslag-server uses that folder, and does not answer.\n";
    return could_not;
}

Result<std::string> read_pem(const fs::path& file) {
    TRY_ASSIGN(auto bytes, core::read_file(file, longest_pem));
    return std::string(core::as_text(bytes));
}

// The server's own bundle key, and the municipality's where that is another.
Result<std::vector<BundleKey>> load_keys(const fs::path& dir, const Options& options) {
    std::vector<BundleKey> keys;
    TRY_ASSIGN(auto own, BundleKey::load(dir));
    keys.push_back(std::move(own));
    if (options.key.empty()) return keys;
    TRY_ASSIGN(auto key, read_pem(options.key));
    TRY_ASSIGN(auto certificate, read_pem(options.certificate));
    TRY_ASSIGN(auto secret, read_pem(options.passphrase_file));
    secret.resize(std::min(secret.find_first_of("\r\n"), secret.size()));
    keys.emplace_back(std::move(key), std::move(secret), std::move(certificate));
    return keys;
}

wire::OpenSeal opener(const std::vector<BundleKey>& keys) {
    return [&keys](ByteView sealed) -> Result<Bytes> {
        for (const auto& key : keys)
            if (auto opened = key.open(sealed); opened.ok()) return opened;
        return Error{
            Errc::damaged,
            "it does not open with this municipality's bundle key: it was sealed to another, or has been "
            "changed or cut short"};
    };
}

// Where frames go: into the folder that we opened, or to the server that has it.
struct Reach {
    Door door;
    std::unique_ptr<Home> home;
    std::shared_ptr<client::Carrier> carrier;
};

Result<Bytes> post(client::Carrier& carrier, const std::string& token, const std::string& path,
                   ByteView body) {
    auto carried = carrier.ask(path, "application/octet-stream", body, "Authorization: Bearer " + token);
    if (carried.trouble != client::Trouble::none)
        return Error{Errc::locked, "the running server: " + std::string(client::to_string(carried.trouble)) +
                                       ": " + carried.detail};
    return std::move(carried.body);
}

Result<Reach> find_reach(const HomeSettings& settings, const core::Clock& clock) {
    Reach reach;
    auto home = Home::open(settings, clock);
    if (home.ok()) {
        reach.home = std::make_unique<Home>(std::move(*home));
        reach.door = door_of(*reach.home->ingest, *reach.home->ledger);
        return reach;
    }
    if (home.error().code != Errc::locked) return home.error();
    TRY_ASSIGN(auto port, core::read_file(settings.dir / "running", 16));
    TRY_ASSIGN(auto pin, tls_pin(settings.dir));
    TRY_ASSIGN(auto token, core::read_file(settings.dir / "keys/staff", 256));
    reach.carrier = std::make_shared<client::Carrier>(
        client::Address{"https://localhost:" + std::string(core::as_text(port)), pin}, client::Credentials{});
    reach.door =
        door_by([carrier = reach.carrier, staff = std::string(core::as_text(token))](
                    const std::string& path, ByteView body) { return post(*carrier, staff, path, body); });
    return reach;
}

struct Found {
    std::vector<fs::path> bundles, copies, neither;
};

void sort_in(const fs::path& file, Found& found) {
    auto begin = [&]() -> Result<Bytes> {
        TRY_ASSIGN(auto open, core::OpenFile::open(file));
        return open.read(0, static_cast<std::size_t>(std::min<std::uint64_t>(open.size(), 16)));
    }();
    bool is_part = file.extension() == ".frames" || (begin.ok() && wire::looks_like_part(*begin));
    (is_part                                       ? found.bundles
     : begin.ok() && file.extension() == ".bundle" ? found.copies
                                                   : found.neither)
        .push_back(file);
}

// What a stick holds of ours; what else lies on it is nobody's business.
Found look_for(const std::vector<fs::path>& paths) {
    Found found;
    for (const auto& path : paths) {
        std::error_code error;
        if (!fs::is_directory(path, error)) {
            sort_in(path, found);
            continue;
        }
        std::vector<fs::path> files;
        fs::recursive_directory_iterator at(path, fs::directory_options::skip_permission_denied, error), end;
        for (; !error && at != end; at.increment(error)) {
            auto extension = at->path().extension();
            std::error_code ignored;
            if (at->is_regular_file(ignored) && !at->is_symlink(ignored) &&
                (extension == ".frames" || extension == ".bundle"))
                files.push_back(at->path());
        }
        std::ranges::sort(files);
        for (const auto& file : files) sort_in(file, found);
    }
    return found;
}

std::string count(std::uint64_t n, const char* one, const char* many) {
    return std::to_string(n) + " " + (n == 1 ? one : many);
}

void tell(const std::vector<Remark>& remarks) {
    for (const auto& remark : remarks)
        std::cout << "  " << remark.file.string() << ": " << remark.what << '\n';
}

void tell_kept_apart(std::uint64_t entries) {
    if (entries == 0) return;
    std::cout << "  " << count(entries, "entry is", "entries are")
              << " kept apart: the tablet was reported lost, or its log is frozen. Staff decide; see "
                 "handslag-server device list\n";
}

// True: all well. Writes the answer for the tablet beside what came.
Result<bool> tell_bundle(const TakenBundle& bundle, const std::string& tablet, const fs::path& folder) {
    bool whole = bundle.missing.empty() && bundle.remarks.empty();
    std::cout << file_name_of(bundle.bundle) << ", " << tablet << ": " << (whole ? "TAKEN" : "NOT ALL TAKEN")
              << "\n  " << bundle.taken.size() << " of " << count(bundle.total, "part", "parts") << ", "
              << count(bundle.accepted, "entry", "entries") << " accepted\n";
    tell_kept_apart(bundle.kept_apart);
    for (auto place : bundle.missing)
        std::cout << "  part " << place << " of " << bundle.total
                  << " is missing: " << file_name_of(bundle.bundle) << "-" << place << "-of-" << bundle.total
                  << ".frames\n";
    tell(bundle.remarks);
    if (!bundle.receipts.empty()) {
        auto file = (folder.empty() ? bundle.files.front().parent_path() : folder) /
                    (file_name_of(bundle.bundle) + ".receipts");
        auto written = core::write_file_durably(file, bundle.receipts);
        if (!written.ok())
            return Error{written.error().code,
                         written.error().detail +
                             "\n  What came is safe with the server. For the receipts, give the "
                             "same files again with --receipts DIR"};
        std::cout << "  receipts for the tablet: " << file.string() << '\n';
    }
    return whole && bundle.kept_apart == 0;
}

bool tell_copies(const TakenCopies& copies, const std::string& tablet) {
    bool whole = copies.remarks.empty();
    std::cout << "copies of " << tablet << ": " << (whole ? "TAKEN" : "NOT ALL TAKEN") << "\n  "
              << count(copies.accepted, "entry", "entries") << " accepted\n";
    tell_kept_apart(copies.kept_apart);
    tell(copies.remarks);
    return whole && copies.kept_apart == 0;
}

std::string name_of(const Door& door, const wire::LogName& name) {
    auto log = door.find_log(name);
    bool named = log.ok() && *log && !(*log)->tablet.empty();
    return named ? (*log)->tablet : name.device.str();
}

void tell_refused(const std::vector<Remark>& refused) {
    for (const auto& remark : refused)
        std::cout << remark.file.string() << ": NOT TAKEN\n  " << remark.what << '\n';
}

Result<bool> ingest_all(const Reach& reach, const Found& found, const std::vector<BundleKey>& keys,
                        const Options& options) {
    auto open = opener(keys);
    auto gaps = options.despite_gaps ? Gaps::accept : Gaps::wait;
    auto seal = [&](ByteView plain) { return core::seal_to(keys[0].certificate_pem(), plain); };
    bool well = found.neither.empty();
    for (const auto& file : found.neither)
        std::cout << file.string()
                  << ": NOT TAKEN\n  not a bundle (.frames), nor a copy of an entry (.bundle)\n";
    TRY_ASSIGN(auto sticks, take_bundles(reach.door, found.bundles, open, gaps));
    TRY_ASSIGN(auto copies, take_copies(reach.door, found.copies, open, seal, gaps));
    if (reach.home) TRY(derive_register(*reach.home->ledger, *reach.home->bundle_key));
    std::optional<Error> untold;
    for (const auto& bundle : sticks.bundles) {
        auto told = tell_bundle(bundle, name_of(reach.door, bundle.log), options.receipts);
        if (!told.ok()) untold = told.error();
        well = well && told.ok() && *told;
    }
    for (const auto& log : copies.logs) well = tell_copies(log, name_of(reach.door, log.log)) && well;
    tell_refused(sticks.refused);
    tell_refused(copies.refused);
    if (untold) return *untold;
    return well && sticks.refused.empty() && copies.refused.empty();
}

int ingest(const HomeSettings& settings, const Options& options) {
    std::error_code error;
    if (!fs::exists(settings.dir / "keys/bundle.crt", error))  // opening would make a new server
        return complain("",
                        {Errc::not_found, settings.dir.string() + ": no server's folder; give --dir DIR"});
    if (options.key.empty() != options.certificate.empty() ||
        options.key.empty() != options.passphrase_file.empty())
        return complain("", {Errc::malformed, "--key, --certificate and --passphrase-file belong together"});
    auto found = look_for(options.paths);
    if (found.bundles.empty() && found.copies.empty() && found.neither.empty())
        return complain("", {Errc::not_found, "nothing of Handslag's there (.frames or .bundle)"});
    core::SystemClock clock;
    auto reach = find_reach(settings, clock);
    if (!reach.ok()) return complain("", reach.error());
    auto keys = load_keys(settings.dir, options);
    if (!keys.ok()) return complain("", keys.error());
    auto done = ingest_all(*reach, found, *keys, options);
    if (!done.ok()) return complain("", done.error());
    return *done ? all_well : found_wanting;
}

}  // namespace

void add_ingest_command(CLI::App& app, HomeSettings& home, int& exit) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "ingest", "Take what tablets have written to sticks, as if they had synced; the server may run");
    command
        ->add_option("paths", options->paths,
                     "Parts of bundles (.frames), copies of entries (.bundle), or a stick")
        ->required()
        ->type_name("PATH");
    command->add_option("--receipts", options->receipts, "Write receipts here (default: beside each bundle)")
        ->type_name("DIR");
    command->add_flag("--despite-gaps", options->despite_gaps,
                      "Take also what stands behind entries that are lost for good");
    command
        ->add_option("--key", options->key, "The municipality's bundle key, where copies were sealed to it")
        ->type_name("KEY");
    command->add_option("--certificate", options->certificate, "Its certificate")->type_name("PEM");
    command->add_option("--passphrase-file", options->passphrase_file, "First line is that key's passphrase")
        ->type_name("FILE");
    command->footer(
        "Give the same files as often as you like: everything is taken once, and the receipts are the same.\n"
        "The receipts belong to the tablet: handslag bundle receipt --store DIR FILE\n"
        "A tablet that is broken has left copies of its entries on the host's stick; give that. If it never "
        "enrolled,\n"
        "see handslag-server device adopt --help.\n"
        "Exit: 0 all is taken; 1 something is missing, damaged, foreign or kept apart; 2 it could not be "
        "done.\n\n"
        "Example:\n  handslag-server --dir /var/lib/handslag-server ingest /media/stick");
    command->callback([options, &home, &exit] { exit = ingest(home, *options); });
}

}  // namespace server
