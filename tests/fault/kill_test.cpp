// kill -9 in the middle of signing: a child appends and tells each acknowledged entry; the parent kills it.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <random>
#include <set>
#include <thread>

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/store_fixture.h"

using namespace core;
using test::open_store;

namespace {

struct Acknowledged {
    std::uint64_t seq, number;
};

// Never returns. Numbers go on from `number`, so that an entry written twice would show.
[[noreturn]] void append_until_killed(const std::filesystem::path& dir, std::uint64_t number, int to_parent) {
    auto store = open_store(dir);
    while (store.ok()) {
        auto appended = store->append(test::note("signing " + std::to_string(number)));
        if (!appended.ok()) break;
        Acknowledged told{appended->seq, number++};
        if (::write(to_parent, &told, sizeof told) != static_cast<ssize_t>(sizeof told)) break;
    }
    ::_exit(1);
}

// What the child had acknowledged when it was killed, after at least one entry and then `delay`.
std::vector<Acknowledged> run_and_kill(const std::filesystem::path& dir, std::uint64_t number,
                                       std::chrono::microseconds delay) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        append_until_killed(dir, number, ends[1]);
    }
    ::close(ends[1]);
    std::vector<Acknowledged> told;
    Acknowledged one{};
    if (::read(ends[0], &one, sizeof one) == static_cast<ssize_t>(sizeof one)) told.push_back(one);
    std::this_thread::sleep_for(delay);
    ::kill(child, SIGKILL);
    while (::read(ends[0], &one, sizeof one) == static_cast<ssize_t>(sizeof one)) told.push_back(one);
    ::close(ends[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));  // it was killed, not done
    return told;
}

}  // namespace

TEST_CASE("kill -9 while signing loses nothing that was acknowledged and doubles nothing") {
    const char* full = std::getenv("HANDSLAG_FULL");
    int rounds = full != nullptr && std::string_view(full) == "1" ? 200 : 20;
    std::mt19937 random(20261121);
    test::Folder folder;
    std::uint64_t number = 0, size = 0;
    for (int round = 0; round < rounds; ++round) {
        INFO("round " << round);
        auto told = run_and_kill(folder.path(), number, std::chrono::microseconds(random() % 40'000));
        REQUIRE_FALSE(told.empty());
        // Before anything is recovered: an audit reads the write-ahead log that the dead process left, and
        // leaves it.
        if (round % 10 == 0) {
            auto report = Store::audit_without_keys(folder.path()).value();
            CHECK(report.ok());
            CHECK(report.entries >= size + told.size());
        }

        auto store = open_store(folder.path()).value();
        for (const auto& one : told)
            CHECK(as_text(store.payload(one.seq, "text").value()) == "signing " + std::to_string(one.number));
        // One more may be durable whose acknowledgement the child could not tell; it is the next number.
        CHECK(store.size() >= size + told.size());
        CHECK(store.size() <= size + told.size() + 1);
        std::set<std::string> seen;
        for (std::uint64_t seq = size; seq < store.size(); ++seq)
            CHECK(seen.insert(std::string(as_text(store.payload(seq, "text").value()))).second);
        size = store.size();
        number = told.back().number + 2;
        if (round % 10 == 9 || round + 1 == rounds) CHECK(store.audit()->ok());
    }
    CHECK(Store::audit_without_keys(folder.path())->ok());
    CHECK(size >= static_cast<std::uint64_t>(rounds));
}
