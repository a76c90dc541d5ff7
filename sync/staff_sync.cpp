#include "sync/staff_sync.h"

#include <iostream>
#include <memory>

#include <unistd.h>

#include "sync/client/enrolment_stick.h"
#include "sync/client/witness.h"
#include "sync/protocol/parcel.h"

namespace staff {
namespace {

using client::Outcome;

struct SyncOptions : TabletOptions {
    Path feed, stick;
    std::string invitation;
    std::uint64_t seq = 0;
    bool json = false, quiet = false, head = false;
};

// There and back: the first time it leaves the tablet's request, and when the answer lies there it takes that.
int enrol_by_stick(OpenTablet& tablet, std::string invitation, const Path& stick) {
    auto finished = client::finish_enrolment_from(tablet.store, stick);
    if (!finished.ok()) return complain("the answer on " + stick.string(), finished.error());
    if (*finished) {
        std::cout << "Enrolled. Write what the tablet holds with: handslag bundle write " << stick.string()
                  << '\n';
        return all_well;
    }
    if (invitation.empty()) invitation = client::invitation_on(stick);
    if (invitation.empty())
        return complain(stick.string(), {core::Errc::not_found, "neither an answer nor an invitation there"});
    auto enrolment =
        client::enrolment_for(tablet.store, tablet.log_key, invitation, tablet.keyring.tablet_name());
    if (!enrolment.ok()) return complain("the invitation", enrolment.error());
    auto left = client::leave_request(tablet.store, *enrolment, stick);
    if (!left.ok()) return complain("the tablet's request", left.error());
    std::cout << "The tablet's request is written to " << left->string()
              << "\nTake the stick to the server: handslag-server device admit STICK\n"
                 "Then back here, and the same command once more.\n";
    return all_well;
}

int enrol(const SyncOptions& options) {
    std::string invitation = options.invitation;
    if (invitation == "-") std::getline(std::cin, invitation);
    if (invitation.empty() && options.stick.empty())
        return complain("enrol", {core::Errc::malformed, "give the invitation, or --stick DIR, or both"});
    auto tablet = open_tablet(options);
    if (!tablet.ok()) return complain(options.store.string(), tablet.error());
    if (!options.stick.empty()) return enrol_by_stick(*tablet, invitation, options.stick);
    auto enrolled = client::enrol(tablet->store, tablet->log_key, invitation, tablet->keyring.tablet_name());
    if (!enrolled.ok()) return complain("enrolling", enrolled.error());
    std::cout << "Enrolled. Send what the tablet holds with: handslag sync --store " << options.store.string()
              << '\n';
    return all_well;
}

// One line that is written over, and only on a terminal.
std::function<void(const client::Progress&)> teller(const SyncOptions& options, const core::Clock& clock) {
    if (options.quiet || options.json || isatty(STDERR_FILENO) == 0) return [](const auto&) {};
    auto began_ms = clock.now().monotonic_ms;
    return [began_ms, &clock](const client::Progress& progress) {
        auto took_ms = std::max<std::int64_t>(1, clock.now().monotonic_ms - began_ms);
        auto rate = progress.request_bytes * 1'000 / static_cast<std::uint64_t>(took_ms);
        std::cerr << "\r\033[K" << progress.receipts << " of " << progress.entries << " entries, "
                  << human_size(rate) << "/s";
        if (progress.receipts > 0 && progress.receipts < progress.entries)
            std::cerr << ", about "
                      << took_ms * static_cast<std::int64_t>(progress.entries - progress.receipts) /
                                 static_cast<std::int64_t>(progress.receipts) / 1'000 +
                             1
                      << " s left";
        std::cerr << (progress.receipts == progress.entries ? "\n" : "") << std::flush;
    };
}

core::Json as_json(const client::SyncReport& report, std::uint64_t unsent) {
    return {{"outcome", client::to_string(report.outcome)},
            {"entries", report.progress.entries},
            {"receipts", report.progress.receipts},
            {"unsent", unsent},
            {"requests", report.progress.requests},
            {"cuts", report.progress.cuts},
            {"sent_bytes", report.sent},
            {"received_bytes", report.received},
            {"took_ms", report.took_ms},
            {"trouble", client::to_string(report.trouble)},
            {"detail", report.detail.empty() ? report.refusal.text : report.detail}};
}

int sync(const SyncOptions& options) {
    core::SystemClock clock;
    auto tablet = open_tablet(options);
    if (!tablet.ok()) return complain(options.store.string(), tablet.error());
    auto feed = options.feed.empty() ? options.store / "feed" : options.feed;
    auto report = client::sync_once(
        tablet->store, {tablet->log_key, tablet->transfer_key}, clock, teller(options, clock),
        [&](const wire::FeedItem& item) { return client::keep_feed_file(feed, item); });
    if (!report.ok()) return complain("sync", report.error());
    auto unsent = tablet->store.unsent();
    if (!unsent.ok()) return complain(options.store.string(), unsent.error());
    if (options.json) {
        std::cout << as_json(*report, *unsent).dump(2) << '\n';
    } else if (!options.quiet || report->outcome != Outcome::done) {
        std::cout << meaning(report->outcome) << '\n'
                  << "  " << report->progress.receipts << " receipts, " << *unsent << " entries left, "
                  << human_size(report->sent) << " sent, " << human_size(report->received) << " received, "
                  << report->took_ms << " ms\n";
        if (report->trouble != client::Trouble::none)
            std::cout << "  " << client::to_string(report->trouble) << ": " << report->detail << "\n  "
                      << client::advice(report->trouble) << '\n';
        else if (report->outcome == Outcome::refused)
            std::cout << "  " << report->refusal.text << '\n';
    }
    if (report->renewed && !options.json) {
        if (report->renewed->ok())
            std::cout << "  The tablet has a new certificate for the server.\n";
        else
            std::cout << "  The tablet's certificate for the server soon runs out and was not renewed: "
                      << report->renewed->error().detail << "\n";
    }
    if (report->outcome == Outcome::done) return all_well;
    return report->outcome == Outcome::working ? could_not : found_wanting;
}

core::Result<core::Json> receipt_of(const core::Store& store, std::uint64_t seq) {
    TRY_ASSIGN(auto server, client::enrolled_server(store));
    TRY_ASSIGN(auto kept, store.receipt(seq));
    if (!kept) return core::Error{core::Errc::not_found, "no receipt for entry " + std::to_string(seq)};
    TRY_ASSIGN(auto receipt, wire::decode_receipt(*kept));
    TRY_ASSIGN(auto head, wire::open_server_checkpoint(receipt.checkpoint, server));
    const auto& run = receipt.runs[0];
    std::vector<core::LeafHash> leaves;
    for (std::uint64_t i = 0; i < run.items.size(); ++i) {
        TRY_ASSIGN(auto entry, store.entry(run.from + i));
        leaves.push_back(core::leaf_hash(entry.bytes));
    }
    const auto& identity = store.identity();
    wire::LogName log{identity.device, static_cast<std::uint32_t>(identity.epoch)};
    TRY(wire::verify_run(run, head, log, leaves));
    auto at = seq - run.from;
    return core::Json{{"entry", seq},
                      {"leaf", leaves[at].hex()},
                      {"standing", wire::to_id(run.items[at].standing)},
                      {"received_ms", run.items[at].received_ms},
                      {"parcel", run.items[at].parcel ? run.items[at].parcel->hex() : ""},
                      {"server_index", run.index + at},
                      {"server_tree_size", head.size},
                      {"checkpoint", receipt.checkpoint}};
}

int show_receipt(const SyncOptions& options) {
    auto tablet = open_tablet(options);
    if (!tablet.ok()) return complain(options.store.string(), tablet.error());
    auto receipt = receipt_of(tablet->store, options.seq);
    if (!receipt.ok()) return complain("entry " + std::to_string(options.seq), receipt.error());
    if (options.json) {
        std::cout << receipt->dump(2) << '\n';
        return all_well;
    }
    auto& found = *receipt;
    std::cout << "Receipt for entry " << found["entry"] << ", VERIFIED\n  leaf      "
              << found["leaf"].get<std::string>() << "\n  standing  " << found["standing"].get<std::string>()
              << ", received " << date_of(found["received_ms"].get<std::int64_t>()) << "\n  place     leaf "
              << found["server_index"] << " of the server's " << found["server_tree_size"]
              << "\n  under the checkpoint\n";
    std::string_view note = found["checkpoint"].get_ref<const std::string&>();
    for (std::size_t end; (end = note.find('\n')) != std::string_view::npos; note.remove_prefix(end + 1))
        std::cout << "    " << note.substr(0, end) << '\n';
    return all_well;
}

int show_witness(const SyncOptions& options) {
    auto tablet = open_tablet(options);
    if (!tablet.ok()) return complain(options.store.string(), tablet.error());
    if (!options.head) {
        std::cout << core::encode_note_key(client::witness_key(tablet->store)) << '\n';
        return all_well;
    }
    auto head = client::cosigned_head(tablet->store);
    if (!head.ok()) return complain(options.store.string(), head.error());
    if (!*head) {
        std::cerr << "This tablet has cosigned no head yet: it does when a sync is done.\n";
        return found_wanting;
    }
    std::cout << **head;
    return all_well;
}

}  // namespace

core::Result<OpenTablet> open_tablet(const TabletOptions& options) {
    std::error_code error;
    if (!std::filesystem::exists(options.store / "handslag.db", error))  // opening would make a new one
        return core::Error{core::Errc::not_found, "no store (handslag.db) in that folder"};
    TRY_ASSIGN(auto secret, read_secret(options.passphrase_file, "The tablet's passphrase"));
    auto keyring =
        core::Keyring::open(options.keys.empty() ? keys_folder(options.store) : options.keys, secret);
    core::wipe(secret);
    if (!keyring.ok()) return keyring.error();
    TRY_ASSIGN(auto for_store, keyring->log_key());
    TRY_ASSIGN(auto log_key, keyring->log_key());
    auto payload_key = keyring->payload_key();
    auto transfer_key = wire::transfer_key(payload_key);
    core::StoreIdentity identity{keyring->device(), keyring->epoch(), log_key.public_key()};
    TRY_ASSIGN(auto store,
               core::Store::open(options.store, identity, std::move(payload_key), std::move(for_store)));
    return OpenTablet{std::move(*keyring), std::move(log_key), std::move(transfer_key), std::move(store)};
}

std::string human_size(std::uint64_t bytes) {
    if (bytes < 10'000) return std::to_string(bytes) + " B";
    if (bytes < 10'000'000) return std::to_string(bytes / 1'000) + " kB";
    return std::to_string(bytes / 1'000'000) + " MB";
}

const char* meaning(Outcome outcome) {
    switch (outcome) {
        case Outcome::working:
            return "Not finished; it goes on where it stopped next time.";
        case Outcome::done:
            return "Everything on this tablet is with the municipality.";
        case Outcome::kept_apart:
            return "Everything has arrived, but the server keeps it apart: this tablet was reported lost, or "
                   "its log "
                   "is frozen. Staff at the municipality decide.";
        case Outcome::restored_copy:
            return "This tablet was restored from an old copy, or copied. What it holds has arrived and is "
                   "kept apart; "
                   "use another tablet, and tell the municipality.";
        case Outcome::server_forked:
            return "The server has forgotten what it once acknowledged, perhaps after a restore. Nothing was "
                   "sent. "
                   "Tell IT; do not erase this tablet.";
        case Outcome::refused:
            return "The server refuses.";
    }
    return "";
}

void want_tablet(CLI::App* command, TabletOptions& options) {
    command->add_option("--store", options.store, "The folder with handslag.db")
        ->required()
        ->type_name("DIR");
    command->add_option("--keys", options.keys, "The folder with keyring.json (default: DIR or DIR/keys)")
        ->type_name("DIR");
    command
        ->add_option("--passphrase-file", options.passphrase_file,
                     "First line is the tablet's passphrase; - is stdin; without it you are asked")
        ->type_name("FILE");
}

void add_sync_commands(CLI::App& app, int& exit) {
    auto options = std::make_shared<SyncOptions>();
    auto* enrolling = app.add_subcommand("enrol", "Answer the server's invitation to this tablet");
    want_tablet(enrolling, *options);
    enrolling->add_option("invitation", options->invitation,
                          "The line that `handslag-server device invite` printed; - reads it from stdin");
    enrolling
        ->add_option("--stick", options->stick,
                     "Without a network: the invitation, the request and the answer lie on this stick")
        ->type_name("DIR");
    enrolling->footer(
        "A tablet that never sees the network:\n"
        "  1. handslag-server device invite --name 'surfplatta A' --hours 336 --stick /media/STICK\n"
        "  2. handslag enrol --store /var/lib/handslag --stick /media/STICK    leaves its request there\n"
        "  3. handslag-server device admit /media/STICK\n"
        "  4. handslag enrol --store /var/lib/handslag --stick /media/STICK    takes the answer");
    enrolling->callback([options, &exit] { exit = enrol(*options); });

    auto* syncing = app.add_subcommand("sync", "Send what the tablet holds to the municipality's server");
    want_tablet(syncing, *options);
    syncing
        ->add_option("--feed", options->feed,
                     "Keep what the server has for tablets here (default: STORE/feed)")
        ->type_name("DIR");
    syncing->add_flag("--json", options->json, "One JSON object");
    syncing->add_flag("--quiet,-q", options->quiet, "Say nothing when all is well, as for cron");
    syncing->footer(
        "May be stopped and started at any time: it goes on where it stopped.\n"
        "Exit: 0 everything has a receipt; 1 the server keeps it apart or refuses; 2 it could not be "
        "reached.\n\n"
        "Example:\n  handslag sync --store /var/lib/handslag --passphrase-file passphrase.txt");
    syncing->callback([options, &exit] { exit = sync(*options); });

    auto* receipt = app.add_subcommand("receipt", "Show and verify the server's receipt for one entry");
    want_tablet(receipt, *options);
    receipt->add_option("entry", options->seq, "Its number in the tablet's log")->required();
    receipt->add_flag("--json", options->json, "One JSON object");
    receipt->callback([options, &exit] { exit = show_receipt(*options); });

    auto* witness = app.add_subcommand(
        "witness", "Print the tablet's key as a witness of the server's log, or what it has witnessed");
    want_tablet(witness, *options);
    witness->add_flag("--head", options->head,
                      "The server's signed head that it cosigned last, for `handslag monitor --seen`");
    witness->callback([options, &exit] { exit = show_witness(*options); });
}

}  // namespace staff
