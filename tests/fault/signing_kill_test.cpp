// kill -9 in the middle of real signings: what was acknowledged is there, once; what was not is there whole
// or not at all.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/support/demo_ceremony.h"

using namespace core;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view draft_prefix = "draft-";

// In the child: signs until it is killed. A certificate's number goes into the pipe when complete_signing()
// has returned.
[[noreturn]] void sign_for_ever(demo::Tablet& tablet, int acknowledged) {
    if (!tablet.reopen().ok() || !open_ceremony(tablet.desk()).ok()) ::_exit(3);
    for (int i = 0;; ++i) {
        auto input = tablet.input("Föreningen nummer " + std::to_string(i));
        input.draft = std::string(draft_prefix) + input.id.str();
        if (!tablet.store->save_draft(input.draft, as_bytes("waits for the chair")).ok()) ::_exit(4);
        auto done = complete_signing(tablet.desk(), input);
        if (!done.ok()) ::_exit(5);
        auto line = done->record.certificate_number + "\n";
        if (::write(acknowledged, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(6);
    }
}

// What the child acknowledged, after it has been killed at some moment of its work.
std::vector<std::string> sign_and_kill(demo::Tablet& tablet, int after_us) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        sign_for_ever(tablet, ends[1]);
    }
    ::close(ends[1]);
    std::string said;
    char part[512];
    ssize_t n = ::read(ends[0], part, sizeof part);  // the first acknowledgement: the child is at work
    if (n > 0) said.append(part, static_cast<std::size_t>(n));
    ::usleep(static_cast<useconds_t>(after_us));
    ::kill(child, SIGKILL);
    while ((n = ::read(ends[0], part, sizeof part)) > 0) said.append(part, static_cast<std::size_t>(n));
    ::close(ends[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE_MESSAGE(WIFSIGNALED(status), "the child gave up by itself: " << WEXITSTATUS(status));
    std::vector<std::string> numbers;
    for (std::size_t at = 0, end = 0; (end = said.find('\n', at)) != std::string::npos; at = end + 1)
        numbers.push_back(said.substr(at, end - at));
    return numbers;
}

struct Known {
    std::vector<std::string> acknowledged;
    std::size_t kills = 0;
};

void check_store(demo::Tablet& tablet, const Known& known) {
    auto opened = tablet.reopen();
    REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().detail));
    auto& store = *tablet.store;
    auto rows = store.signings().value();
    std::set<std::string> numbers, ids;
    for (const auto& row : rows) {
        CHECK(numbers.insert(row.certificate_number).second);
        CHECK(ids.insert(row.signing_id).second);
    }
    for (const auto& number : known.acknowledged) CHECK_MESSAGE(numbers.contains(number), number);
    // A signing that was durable when the kill came, but not yet acknowledged: at most one a kill.
    CHECK(rows.size() >= known.acknowledged.size());
    CHECK(rows.size() <= known.acknowledged.size() + known.kills);
    // Counters 1, 2, 3 ... : none used twice, none lost.
    CHECK(store.counter().value() == static_cast<std::int64_t>(rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i)
        CHECK(rows[i].certificate_number == certificate_number("STR26", 'A', static_cast<int>(i) + 1));
    auto audit = store.audit().value();
    for (const auto& finding : audit.findings) FAIL_CHECK(finding.what);
    // A draft is there for a signing that is not, and for no other. One more a kill.
    auto drafts = store.drafts().value();
    CHECK(drafts.size() <= known.kills);
    for (const auto& [name, content] : drafts) CHECK_FALSE(ids.contains(name.substr(draft_prefix.size())));
    if (!rows.empty()) {
        auto pdf = store.payload(rows.back().seq, "certificate").value();
        auto report = verify_certificate(pdf, demo::authority().ca.root_pem(), demo::ceremony_time());
        REQUIRE(report.ok());
        CHECK(report->verdict == Verdict::valid);
    }
}

// What looks like a bundle is one, whole.
void check_stick(const fs::path& stick) {
    auto& authority = demo::authority();
    std::vector<fs::path> files;
    for (const auto& file : fs::recursive_directory_iterator(stick))
        if (file.path().extension() == ".bundle") files.push_back(file.path());
    std::sort(files.begin(), files.end());
    for (std::size_t i = files.size() - std::min<std::size_t>(2, files.size()); i < files.size(); ++i)
        CHECK(open_sealed(read_file(files[i]).value(), authority.bundle_key.key_pem, demo::secret,
                          authority.bundle.certificate_pem)
                  .ok());
}

}  // namespace

TEST_CASE("kill -9 at any moment of a signing loses nothing and doubles nothing") {
    const char* full = std::getenv("HANDSLAG_FULL");
    const int kills = full != nullptr && std::string_view(full) == "1" ? 200 : 10;
    constexpr int kills_a_tablet = 20;
    std::srand(20261121);
    std::size_t signings = 0;
    for (int done = 0; done < kills; done += kills_a_tablet) {
        TemporaryFolder folder;
        demo::Tablet tablet(folder / "tablet");
        tablet.store.reset();  // the child's alone
        tablet.stick = folder / "stick";
        fs::create_directories(tablet.stick);
        Known known;
        for (int i = done; i < std::min(kills, done + kills_a_tablet); ++i) {
            INFO("kill " << i);
            auto acknowledged = sign_and_kill(tablet, std::rand() % 150'000);
            ++known.kills;
            known.acknowledged.insert(known.acknowledged.end(), acknowledged.begin(), acknowledged.end());
            check_store(tablet, known);
            tablet.store.reset();
            check_stick(tablet.stick);
        }
        signings += known.acknowledged.size();
    }
    CHECK(signings >= static_cast<std::size_t>(kills));
}
