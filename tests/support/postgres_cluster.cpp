#include "tests/support/postgres_cluster.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace test {
namespace {

namespace fs = std::filesystem;

constexpr int skipped = 77;

std::string output_of(const std::string& command) {
    FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("cannot run: " + command);
    std::string output;
    char some[4096];
    for (std::size_t size = 0; (size = std::fread(some, 1, sizeof some, pipe)) > 0;)
        output.append(some, size);
    if (::pclose(pipe) != 0) throw std::runtime_error("failed: " + command + "\n" + output);
    return output;
}

std::string quoted(const std::string& text) {
    std::string whole = "'";
    for (char c : text) whole += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return whole + "'";
}

}  // namespace

std::optional<fs::path> PostgresCluster::programs() {
    std::optional<fs::path> newest;
    int version = 0;
    std::error_code error;
    for (const auto& one : fs::directory_iterator("/usr/lib/postgresql", error)) {
        int number = std::atoi(one.path().filename().c_str());
        if (number > version && fs::exists(one.path() / "bin/initdb", error))
            newest = one.path() / "bin", version = number;
    }
    return newest;
}

std::string PostgresCluster::as_owner(const std::string& command) const {
    if (owner_.empty()) return command;
    return "runuser -u " + owner_ + " -- sh -c " + quoted(command);
}

PostgresCluster::PostgresCluster(fs::path under) : bin_(programs().value()) {
    if (under.empty()) under = fs::is_directory("/dev/shm") ? "/dev/shm" : "/tmp";
    std::string name = (under / "handslag-postgres-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for PostgreSQL");
    folder_ = name;
    if (::geteuid() == 0) {
        owner_ = ::getpwnam("postgres") != nullptr ? "postgres" : "nobody";
        const auto* user = ::getpwnam(owner_.c_str());
        if (user == nullptr || ::chown(name.c_str(), user->pw_uid, user->pw_gid) != 0)
            throw std::runtime_error("the folder cannot be given to " + owner_);
    }
    output_of(as_owner("cd " + name + " && " + (bin_ / "initdb").string() + " -D " + name +
                       "/data -U handslag -A trust -E UTF8 --locale=C --no-sync --no-instructions >" + name +
                       "/initdb.log 2>&1"));
    start();
}

PostgresCluster::~PostgresCluster() {
    if (postmaster_ != 0) kill();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

std::string PostgresCluster::url(const std::string& database) const {
    return "postgresql://handslag@/" + database + "?host=" + folder_.string();
}

void PostgresCluster::start() {
    auto data = (folder_ / "data").string(), file = (folder_ / "postgres.log").string();
    auto program = (bin_ / "postgres").string();
    // After a kill the old shared memory may be in use for a moment more.
    for (int tries = 0; tries < 300; ++tries) {
        if (postmaster_ == 0) {
            const auto* user = owner_.empty() ? nullptr : ::getpwnam(owner_.c_str());
            postmaster_ = ::fork();
            if (postmaster_ == 0) {
                if (user != nullptr && (::initgroups(user->pw_name, user->pw_gid) != 0 ||
                                        ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0))
                    ::_exit(1);
                ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
                int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
                ::dup2(out, 1), ::dup2(out, 2);
                if (::chdir(data.c_str()) != 0) ::_exit(1);
                ::execl(program.c_str(), "postgres", "-D", data.c_str(), "-k", folder_.c_str(), "-c",
                        "listen_addresses=", "-c", "shared_buffers=32MB", "-c", "fsync=on", nullptr);
                ::_exit(1);
            }
        }
        if (std::system((bin_ / ("pg_isready -q -h " + folder_.string())).c_str()) == 0) return;
        if (::waitpid(postmaster_, nullptr, WNOHANG) == postmaster_) postmaster_ = 0;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    throw std::runtime_error("PostgreSQL does not start: " + log());
}

std::string PostgresCluster::log() const {
    std::ifstream text(folder_ / "postgres.log");
    return {std::istreambuf_iterator<char>(text), {}};
}

void PostgresCluster::stop() {
    ::kill(postmaster_, SIGINT);
    ::waitpid(postmaster_, nullptr, 0);
    postmaster_ = 0;
}

void PostgresCluster::kill() {
    auto pid = std::to_string(postmaster_);
    std::ifstream children("/proc/" + pid + "/task/" + pid + "/children");
    std::vector<pid_t> all;
    for (pid_t child = 0; children >> child;) all.push_back(child);
    ::kill(postmaster_, SIGKILL);  // first: it would start others
    for (pid_t child : all) ::kill(child, SIGKILL);
    ::waitpid(postmaster_, nullptr, 0);
    postmaster_ = 0;
}

std::string PostgresCluster::sql(const std::string& script, const std::string& database) const {
    return output_of((bin_ / "psql").string() + " -X -q -A -t -v ON_ERROR_STOP=1 -h " + folder_.string() +
                     " -U handslag -d " + database + " -c " + quoted(script) + " 2>&1");
}

PostgresCluster& postgres_cluster() {
    if (!PostgresCluster::programs()) {
        std::puts("PostgreSQL is not installed here (Debian: postgresql); what needs it is skipped.");
        std::exit(skipped);
    }
    static PostgresCluster cluster;
    return cluster;
}

}  // namespace test
