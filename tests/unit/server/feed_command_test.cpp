// handslag-server feed: what staff send to the tablets, as they run it.
#include <cstdio>

#include <doctest/doctest.h>
#include <sys/wait.h>

#include "tests/support/ceremony_folder.h"
#include "tests/support/temporary_folder.h"

using namespace core;

namespace {

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
bool says(const Ran& ran, const char* part) { return ran.output.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a ceremony's folder is published when a tablet could open it, and otherwise nothing is") {
    TemporaryFolder folder;
    auto server = "--dir " + (folder / "server").string() + " ", good = (folder / "good").string();
    test::make_ceremony_folder(folder / "good", "Vårens");
    auto published = run(server + "feed publish " + good);
    CHECK(published.code == 0);
    CHECK(says(published, "published"));
    auto listed = run(server + "feed list");
    CHECK(listed.output.starts_with("1  ceremony  STR27 Vårens"));

    // What lies beside the folder stays behind.
    auto beside = run(server + "feed publish " HANDSLAG_SOURCE_DIR "/assets/demo");
    CHECK(beside.code == 2);
    CHECK(says(beside, "nothing was published"));
    test::replaced_in(folder / "good/ceremony.toml", "place", "plats");
    auto wrong = run(server + "feed publish " + good);
    CHECK(wrong.code == 2);
    CHECK(says(wrong, "ceremony.toml:"));
    CHECK(run(server + "feed publish " + (folder / "nowhere").string()).code == 2);
    CHECK(run(server + "feed list").output == listed.output);
}

TEST_CASE(
    "a ceremony's list goes alone, from a folder that needs something beside it too, when it is right") {
    TemporaryFolder folder;
    auto server = "--dir " + (folder / "server").string() + " ";
    auto sent = run(server + "feed expected " HANDSLAG_SOURCE_DIR "/assets/demo");
    CHECK_MESSAGE(sent.code == 0, sent.output);
    CHECK(says(sent, "also while the ceremony is open"));
    auto listed = run(server + "feed list");
    CHECK(listed.output.starts_with("1  expected organisations  STR26 "));

    test::make_ceremony_folder(folder / "own", "Vårens");
    std::ofstream(folder / "own/expected.csv") << "name;form\nKören;okänd form\n";
    auto wrong = run(server + "feed expected " + (folder / "own").string());
    CHECK(wrong.code == 2);
    CHECK(says(wrong, "expected.csv:"));
    CHECK(says(wrong, "nothing was published"));
    std::filesystem::remove(folder / "own/expected.csv");
    CHECK(run(server + "feed expected " + (folder / "own").string()).code == 2);
    CHECK(run(server + "feed list").output == listed.output);
}

TEST_CASE("an invitation is one line, and its picture comes when it is asked for") {
    TemporaryFolder folder;
    auto server = "--dir " + (folder / "server").string() + " device invite --name 'surfplatta A'";
    auto line = run(server);
    CHECK(line.output.starts_with("handslag-invitation/1 https://"));
    CHECK(line.output.find('\n') == line.output.size() - 1);
    auto pictured = run(server + " --qr");
    CHECK(pictured.output.starts_with("handslag-invitation/1 https://"));
    CHECK(says(pictured, "█▀"));
}
