// handslag-server and `handslag sync` as they are installed, and strace to kill them at a chosen system call.
#pragma once

#include <csignal>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "sync/client/carrier.h"
#include "sync/server/home.h"

namespace breaking {

inline const std::string programs = HANDSLAG_BINARY_DIR "/bin/";

using Command = std::vector<std::string>;

inline pid_t spawn(const Command& command, const std::string& out, const std::string& errors) {
    std::vector<char*> arguments;
    for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), 1);
        ::dup2(::open(errors.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), 2);
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    return child;
}
inline int end_of(pid_t child) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return status;
}
inline bool ended_well(int status) { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }
inline bool was_killed(int status) { return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL; }

// Every way in which these programs change a file or tell somebody something.
inline constexpr const char* writes =
    "write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,"
    "unlinkat,mkdir";

inline bool may_trace() {
    return ended_well(end_of(spawn({"strace", "-f", "-o", "/dev/null", "true"}, "/dev/null", "/dev/null")));
}
// A program's write: the nth call of that name.
struct Write {
    std::string call;
    int nth = 0;
};
// With the program as our own child (-D). Without a place to kill it at: notes its writes in `list`.
inline Command traced(const std::optional<Write>& kill_at, const std::string& list, const Command& program) {
    Command command{"strace", "-D", "-f", "-qq", "-o", list, "-e"};
    if (kill_at)
        command.push_back("inject=" + kill_at->call + ":signal=KILL:when=" + std::to_string(kill_at->nth));
    else
        command.push_back(std::string("trace=") + writes);
    command.insert(command.end(), program.begin(), program.end());
    return command;
}
// In order.
inline std::vector<Write> writes_in(const std::string& list) {
    std::ifstream in(list);
    std::vector<Write> found;
    std::map<std::string, int> counts;
    for (std::string line; std::getline(in, line);) {
        auto end = line.find('(');
        if (end == std::string::npos || line.find(" resumed>") != std::string::npos) continue;
        auto call = line.substr(line.rfind(' ', end) + 1, end - line.rfind(' ', end) - 1);
        found.push_back({call, ++counts[call]});
    }
    return found;
}

class ServerProcess {
  public:
    explicit ServerProcess(std::filesystem::path dir) : dir_(std::move(dir)) {}
    ~ServerProcess() { stop(); }
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    // False: it died before it served.
    bool start(
        const std::function<Command(Command)>& within = [](Command words) { return words; },
        const std::string& listen = "127.0.0.1") {
        std::filesystem::remove(log());
        pid_ = spawn(within({programs + "handslag-server", "--dir", dir_.string(), "--listen", listen,
                             "--port", "0", "--host", "127.0.0.1"}),
                     "/dev/null", log());
        for (int tries = 0; tries < 3'000; ++tries) {
            std::ifstream in(log());
            std::string text(std::istreambuf_iterator<char>(in), {});
            auto at = text.find("serving port="), end = text.find("pin=\"");
            if (at != std::string::npos && text.find('\n', at) != std::string::npos) {
                port_ = static_cast<std::uint16_t>(std::atoi(text.c_str() + at + 13));
                pin_ = text.substr(end + 5, text.find('"', end + 5) - end - 5);
                return true;
            }
            if (!runs()) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        FAIL("the server does not start");
        return false;
    }
    bool runs() {
        if (pid_ != 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = 0;
        return pid_ != 0;
    }
    // False: it was killed, while it stopped or before.
    bool stop() {
        if (!runs()) return false;
        ::kill(pid_, SIGTERM);
        return !was_killed(end_of(std::exchange(pid_, 0)));
    }
    pid_t pid() const { return pid_; }
    std::uint16_t port() const { return port_; }
    const std::string& pin() const { return pin_; }
    std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }
    client::Carrier visitor() const { return client::Carrier({url(), pin_}, {}); }
    std::string staff(const core::Json& command) const {
        auto token = core::read_file(dir_ / "keys/staff", 256).value();
        auto carried =
            visitor().ask("/staff", "application/json", core::as_bytes(core::encode_canonical(command)),
                          "Authorization: Bearer " + std::string(core::as_text(token)));
        REQUIRE(carried.status == 200);
        return std::string(core::as_text(carried.body));
    }
    std::string invitation(const std::string& at_url) const {
        return staff({{"command", "invite"}, {"tablet", "surfplatta A"}, {"url", at_url}});
    }

  private:
    std::string log() const { return dir_.string() + ".log"; }
    std::filesystem::path dir_;
    pid_t pid_ = 0;
    std::uint16_t port_ = 0;
    std::string pin_;
};

}  // namespace breaking
