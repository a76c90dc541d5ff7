#include "sync/server/feed_command.h"

#include <cstdlib>
#include <iostream>
#include <memory>

#include "core/base/file.h"
#include "core/model/ceremony.h"
#include "sync/protocol/ceremony_folder.h"
#include "sync/protocol/expected_list.h"

namespace server {
namespace {

namespace fs = std::filesystem;

constexpr int could_not = 2;

struct Options {
    std::function<int(const core::Json&)> command;
    fs::path folder;
};

int complain(const core::Error& error) {
    std::cerr << "handslag-server: " << core::to_string(error.code) << ": " << error.detail << '\n';
    return could_not;
}

// Says what is wrong. False: then nothing is sent.
bool is_right(const std::vector<core::FileProblem>& problems, const char* more) {
    for (const auto& problem : problems) std::cerr << problem.str() << '\n';
    if (!problems.empty()) std::cerr << "handslag-server: nothing was published. " << more << '\n';
    return problems.empty();
}

// As a tablet will find it, so that what a folder takes from beside it is missed here and not there.
core::Result<core::Loaded<core::Ceremony>> load_as_unpacked(const wire::FolderFiles& files) {
    std::string pattern = (fs::temp_directory_path() / "handslag-publish-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        return core::Error{core::Errc::not_writable, "no temporary folder can be made"};
    auto written = wire::write_folder(fs::path(pattern) / "ceremony", files);
    core::Loaded<core::Ceremony> loaded;
    if (written.ok()) loaded = core::load_ceremony(fs::path(pattern) / "ceremony");
    std::error_code ignored;
    fs::remove_all(pattern, ignored);
    if (!written.ok()) return written.error();
    return loaded;
}

std::string name_of(const core::Ceremony& ceremony) { return ceremony.code + " " + ceremony.title; }

int publish_ceremony(const Options& options) {
    auto files = wire::read_folder(options.folder);
    if (!files.ok()) return complain(files.error());
    auto loaded = load_as_unpacked(*files);
    if (!loaded.ok()) return complain(loaded.error());
    if (!is_right(loaded->problems,
                  "All that the ceremony needs must lie in its folder; `handslag ceremony check` says more."))
        return could_not;
    auto content = wire::encode_folder(*files);
    if (!content.ok()) return complain(content.error());
    return options.command(
        {{"command", "publish"}, {"name", name_of(*loaded->value)}, {"content", core::to_base64(*content)}});
}

int publish_expected(const Options& options) {
    auto loaded = core::load_ceremony(options.folder);
    if (!is_right(loaded.problems, "`handslag ceremony check` says more.")) return could_not;
    auto list = core::read_file(options.folder / "expected.csv", wire::longest_feed_content);
    if (!list.ok()) return complain(list.error());
    auto content = wire::encode(wire::ExpectedList{loaded.value->id, std::string(core::as_text(*list))});
    if (!content.ok()) return complain(content.error());
    return options.command(
        {{"command", "expected"}, {"name", name_of(*loaded.value)}, {"content", core::to_base64(*content)}});
}

}  // namespace

void add_feed_command(CLI::App& app, std::function<int(const core::Json&)> command, int& exit) {
    auto options = std::make_shared<Options>();
    options->command = std::move(command);
    auto* feed = app.add_subcommand("feed", "What tablets fetch when they sync")->require_subcommand(1);
    auto* publish = feed->add_subcommand("publish", "Check a ceremony's folder, and send it to every tablet");
    publish
        ->add_option("folder", options->folder,
                     "The ceremony: ceremony.toml, agreement, municipality, expected.csv")
        ->required()
        ->type_name("DIR");
    publish->footer(
        "A tablet gets it at its next sync. Its host sees it at the desk, and chooses it for the next start; "
        "a "
        "ceremony\n"
        "that is open stays until it is closed. Publish again after a change: the last one counts. Who has "
        "signed already\n"
        "is told to all tablets by itself.");
    publish->callback([options, &exit] { exit = publish_ceremony(*options); });
    auto* expected = feed->add_subcommand(
        "expected", "Check a ceremony's list of expected organisations, and send it alone");
    expected
        ->add_option("folder", options->folder,
                     "The ceremony as the tablets have it, with the new expected.csv")
        ->required()
        ->type_name("DIR");
    expected->footer(
        "For who registers late. A tablet with that ceremony, wherever it had it from, uses the list from "
        "its "
        "next sync\n"
        "on: nobody chooses it, Handslag need not be started again, and an open ceremony stays open. What "
        "the "
        "host has\n"
        "checked in stays with each organisation. Who is no longer on the list can still sign, as one that "
        "was "
        "not\n"
        "expected.");
    expected->callback([options, &exit] { exit = publish_expected(*options); });
    auto* list = feed->add_subcommand("list", "Everything that has been published");
    list->callback([options, &exit] { exit = options->command({{"command", "feed"}}); });
}

}  // namespace server
