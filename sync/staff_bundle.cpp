// handslag bundle write, read, receipt: sticks, at the tablet's end.
#include <iostream>
#include <memory>

#include "sync/client/link.h"
#include "sync/client/stick.h"
#include "sync/staff_sync.h"

namespace staff {
namespace {

using client::Outcome;

struct StickOptions : TabletOptions {
    Path folder, file, feed;
    bool all = false;
    std::uint64_t part_size = client::BundleSettings::usual_part;
    BundleOptions read;
};

core::Result<client::SessionSettings> settings_of(const OpenTablet& tablet) {
    return client::session_settings(tablet.store, {tablet.log_key, tablet.transfer_key});
}

int complain_of_tablet(const StickOptions& options, const core::Error& error) {
    int exit = complain(options.store.string(), error);
    if (error.detail == "this tablet is not enrolled with a server")
        std::cerr << "  Enrol it once with handslag enrol. If it is broken, give the server the copies on "
                     "the host's "
                     "stick.\n";
    return exit;
}

int write(const StickOptions& options) {
    auto tablet = open_tablet(options);
    if (!tablet.ok()) return complain_of_tablet(options, tablet.error());
    auto settings = settings_of(*tablet);
    if (!settings.ok()) return complain_of_tablet(options, settings.error());
    using What = client::BundleSettings::What;
    auto written = client::write_bundle(
        tablet->store, *settings, {options.all ? What::everything : What::unacknowledged, options.part_size},
        options.folder);
    if (!written.ok()) return complain(options.folder.string(), written.error());
    if (written->parts.empty()) {
        std::cout << (tablet->store.size() == 0 ? "Nothing is written: the tablet holds nothing.\n"
                                                : "Nothing is written: the server has acknowledged "
                                                  "everything. --all writes it all again.\n");
        return all_well;
    }
    std::cout << written->entries << (written->entries == 1 ? " entry, " : " entries, ")
              << human_size(written->bytes) << ", written and read back:\n";
    for (const auto& part : written->parts) std::cout << "  " << part.string() << '\n';
    std::cout << "At the municipality: handslag-server ingest FILES, and bring the .receipts file back.\n"
                 "Until then, do not erase this tablet.\n";
    return all_well;
}

int receipt(const StickOptions& options) {
    auto tablet = open_tablet(options);
    if (!tablet.ok()) return complain_of_tablet(options, tablet.error());
    auto settings = settings_of(*tablet);
    if (!settings.ok()) return complain_of_tablet(options, settings.error());
    auto feed = options.feed.empty() ? options.store / "feed" : options.feed;
    settings->keep_feed_item = [feed](const wire::FeedItem& item) { return client::keep_feed_file(feed, item); };
    auto session = client::read_receipts(tablet->store, std::move(*settings), options.file);
    if (!session.ok()) return complain(options.file.string(), session.error());
    auto unsent = tablet->store.unsent();
    if (!unsent.ok()) return complain(options.store.string(), unsent.error());
    auto outcome = session->outcome();
    if (outcome == Outcome::working)
        std::cout << "The receipts hold, but not for everything: go on with handslag sync, or handslag "
                     "bundle write.\n";
    else
        std::cout << meaning(outcome) << '\n';
    std::cout << "  " << session->progress().receipts << " receipts verified, " << *unsent
              << " entries left\n";
    if (!session->refusal().text.empty())
        std::cout << "  The server said: " << session->refusal().text << '\n';
    return outcome == Outcome::done ? all_well : found_wanting;
}

void add_write(CLI::App& bundle, const std::shared_ptr<StickOptions>& options, int& exit) {
    auto* command =
        bundle.add_subcommand("write", "Write what the server has not acknowledged to a stick, sealed");
    want_tablet(command, *options);
    command->add_option("folder", options->folder, "The stick, or a folder on it")
        ->required()
        ->type_name("OUT");
    command->add_flag("--all", options->all, "Everything, also what the server has acknowledged");
    command
        ->add_option("--part-size", options->part_size,
                     "Bytes in a part; sticks with FAT32 take less than 4 GiB")
        ->capture_default_str()
        ->type_name("BYTES");
    command->footer(
        "Only the municipality can read it, and nobody can change it unseen. The tablet's kiosk must be "
        "closed.\n"
        "Exit: 0 written, or nothing to write; 2 it could not be written, and no part is left on the "
        "stick.\n\n"
        "Example:\n  handslag bundle write --store /var/lib/handslag /media/stick");
    command->callback([options, &exit] { exit = write(*options); });
}

void add_receipt(CLI::App& bundle, const std::shared_ptr<StickOptions>& options, int& exit) {
    auto* command = bundle.add_subcommand("receipt", "Verify and keep the server's receipts for a bundle");
    want_tablet(command, *options);
    command->add_option("file", options->file, "The .receipts that handslag-server ingest wrote")
        ->required()
        ->type_name("RECEIPTS");
    command
        ->add_option("--feed", options->feed,
                     "Keep what the server has for tablets here (default: STORE/feed)")
        ->type_name("DIR");
    command->footer(
        "Exit: 0 everything on the tablet has a receipt; 1 not everything, or the server keeps it apart; 2 "
        "the file is "
        "not this tablet's, or has been changed.\n\n"
        "Example:\n  handslag bundle receipt --store /var/lib/handslag "
        "/media/stick/handslag-1a2b3c4d.receipts");
    command->callback([options, &exit] { exit = receipt(*options); });
}

void add_read(CLI::App& bundle, const std::shared_ptr<StickOptions>& options, int& exit) {
    auto& to = options->read;
    auto* read = bundle.add_subcommand(
        "read", "Open the copy of one entry, check it against its log, and take it apart");
    read->add_option("file", to.file, "A .bundle from the host's stick")->required()->type_name("FILE");
    read->add_option("--key", to.key, "The bundle key (.key)")->required()->type_name("KEY");
    read->add_option("--certificate", to.certificate, "Its certificate")->required()->type_name("PEM");
    read->add_option("--log-key", to.log_key, "The tablet's log key, from its sealed protocol")
        ->type_name("HEX");
    read->add_option("--output,-o", to.output, "Write the record, the private part and the PDF here")
        ->type_name("DIR");
    read->add_option("--passphrase-file", to.passphrase_file,
                     "First line is the bundle key's passphrase; - is stdin; without it you are asked")
        ->type_name("FILE");
    read->footer(
        "What comes out holds personal data. Example:\n"
        "  handslag bundle read A-1a2b3c4d-1-000007.bundle --key bundle.key --certificate "
        "bundle-recipient.pem");
    read->callback([options, &exit] { exit = read_bundle(options->read); });
}

}  // namespace

void add_bundle_commands(CLI::App& app, int& exit) {
    auto* bundle =
        app.add_subcommand("bundle", "Sticks: sync by bundle, and copies of entries")->require_subcommand(1);
    auto options = std::make_shared<StickOptions>();
    add_write(*bundle, options, exit);
    add_receipt(*bundle, options, exit);
    add_read(*bundle, options, exit);
}

}  // namespace staff
