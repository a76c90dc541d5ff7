// The server's one configuration file, as the program reads it.
#include <cstdio>
#include <fstream>
#include <regex>

#include <doctest/doctest.h>
#include <sys/wait.h>

#include "core/base/file.h"
#include "tests/support/signing_fixture.h"

using namespace core;

namespace {

const std::string example = HANDSLAG_SOURCE_DIR "/installer/server.toml";

struct Ran {
    int code = 0;
    std::string output;
};
Ran run(const std::string& arguments) {
    FILE* pipe = ::popen((HANDSLAG_BINARY_DIR "/bin/handslag-server " + arguments + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    Ran ran;
    char some[4096];
    for (std::size_t size = 0; (size = std::fread(some, 1, sizeof some, pipe)) > 0;)
        ran.output.append(some, size);
    ran.code = WEXITSTATUS(::pclose(pipe));
    return ran;
}

Ran run_with(const test::Folder& folder, const std::string& toml) {
    std::ofstream(folder.path() / "server.toml") << toml;
    return run("--config " + (folder.path() / "server.toml").string() + " device list");
}

}  // namespace

TEST_CASE("the example has every setting, and is taken as it stands") {
    test::Folder folder;
    auto text = std::string(as_text(read_file(example).value()));
    auto help = run("--help").output;
    const std::regex option("^ *(?:-[a-z],)?--([a-z-]+) ", std::regex::multiline);
    int settings = 0;
    for (std::sregex_iterator at(help.begin(), help.end(), option), end; at != end; ++at) {
        auto name = (*at)[1].str();
        if (name == "help" || name == "version" || name == "config") continue;
        INFO(name);
        ++settings;
        CHECK(std::regex_search(text, std::regex("^(# )?" + name + " = ", std::regex::multiline)));
    }
    CHECK(settings > 7);
    auto ran = run("--config " + example + " --dir " + (folder.path() / "home").string() + " device list");
    CHECK(ran.output.empty());
    CHECK(ran.code == 0);
    // And with the examples in it, but for the database that is not there.
    auto all = std::regex_replace(text, std::regex("^# ([a-z-]+ = )", std::regex::multiline), "$1");
    all = std::regex_replace(all, std::regex("^(dir|store) = .*$", std::regex::multiline), "");
    CHECK(run_with(folder, all + "dir = \"" + (folder.path() / "all").string() + "\"\n").code == 0);
}

TEST_CASE("what the file says counts, and the command line comes first") {
    test::Folder folder;
    auto from_file = (folder.path() / "file").string(), from_line = (folder.path() / "line").string();
    REQUIRE(run_with(folder, "dir = \"" + from_file + "\"\nhost = [\"a.example\", \"10.0.0.1\"]\n").code ==
            0);
    CHECK(std::filesystem::exists(from_file + "/ledger.db"));
    REQUIRE(
        run("--config " + (folder.path() / "server.toml").string() + " --dir " + from_line + " device list")
            .code == 0);
    CHECK(std::filesystem::exists(from_line + "/ledger.db"));
}

TEST_CASE("what is no setting, or no value for it, is refused with its line") {
    test::Folder folder;
    auto refused = [&](const std::string& toml, const std::string& words) {
        INFO(toml);
        auto ran = run_with(folder, toml);
        CHECK(ran.code == 2);
        CHECK(ran.output.find(words) != std::string::npos);
    };
    refused("port = 1\n\nprot = 2\n", "server.toml:3: there is no setting named \"prot\".");
    refused("[server]\nport = 1\n", "there is no setting named \"server\".");
    refused("config = \"other.toml\"\n", "server.toml:1: there is no setting named \"config\".");
    refused("port = \"8443\"\n", "server.toml:1: \"port\" takes a whole number");
    refused("listen = \"::\"\nhost = [1]\n", "server.toml:2: \"host\" takes a text");
    refused("dir = handslag\n", "server.toml:1: The line cannot be understood");
    CHECK(run("--config " + (folder.path() / "none.toml").string()).code == 2);
}
