#include "sync/staff.h"

#include <cstdio>
#include <iostream>

#include <fcntl.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/certificate/keyring.h"

namespace staff {
namespace {

const char* hint(core::Errc code) {
    switch (code) {
        case core::Errc::locked:
            return "The kiosk is running (kiosken är igång). Close it first, or work on a copy of the "
                   "folder.";
        case core::Errc::newer_version:
            return "It was written by a newer Handslag: update this one, and try again.";
        case core::Errc::wrong_secret:
            return "Check the passphrase; six words may be typed in any case.";
        case core::Errc::token_silent:
            return "Check that the card or the HSM is there, and its PIN; a card locks after a few wrong "
                   "ones.";
        case core::Errc::damaged:
            return "Do not change the file. Keep a copy, and compare with the stick or a backup.";
        case core::Errc::disk_full:
            return "Nothing was changed. Make room, and try again.";
        case core::Errc::not_writable:
            return "Nothing was changed. Check who owns the folder and whether it is read-only.";
        default:
            return nullptr;
    }
}

// A line from the terminal itself, unseen, even when stdin is something else.
class Terminal {
  public:
    Terminal() : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
        if (fd_ < 0 || ::tcgetattr(fd_, &before_) != 0) return;
        termios unseen = before_;
        unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        silent_ = ::tcsetattr(fd_, TCSAFLUSH, &unseen) == 0;
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    ~Terminal() {
        if (silent_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
        if (fd_ >= 0) ::close(fd_);
    }
    bool silent() const { return silent_; }
    std::string ask(const std::string& prompt) {
        say(prompt);
        std::string line;
        char c = 0;
        while (::read(fd_, &c, 1) == 1 && c != '\n') line += c;
        say("\n");
        return line;
    }

  private:
    void say(const std::string& text) {
        if (::write(fd_, text.data(), text.size()) < 0)
            silent_ = silent_ && true;  // a prompt that is lost loses nothing
    }
    int fd_;
    bool silent_ = false;
    termios before_{};
};

std::string first_line(std::string text) {
    text.resize(std::min(text.find('\n'), text.size()));
    if (text.ends_with('\r')) text.pop_back();
    return text;
}

}  // namespace

int complain(const std::string& about, const core::Error& error) {
    std::cerr << "handslag: " << about << ": ";
    if (error.detail.starts_with(about + ": "))
        std::cerr << error.detail.substr(about.size() + 2);
    else
        std::cerr << (error.detail.empty() ? core::to_string(error.code) : error.detail);
    std::cerr << '\n';
    if (const char* next = hint(error.code)) std::cerr << "  " << next << '\n';
    return could_not;
}

core::Result<std::string> read_secret(const Path& file, const std::string& what, Asking asking) {
    std::string secret;
    if (file == "-") {
        std::getline(std::cin, secret);
        secret = first_line(std::move(secret));
    } else if (!file.empty()) {
        TRY_ASSIGN(auto content, core::read_file(file, 1 << 16));
        secret = first_line(std::string(core::as_text(content)));
    } else {
        Terminal terminal;
        if (!terminal.silent())
            return core::Error{core::Errc::not_found,
                               "no terminal to ask on; give --passphrase-file FILE (- is stdin)"};
        secret = terminal.ask(what + ": ");
        if (asking == Asking::twice && terminal.ask(what + ", once more: ") != secret)
            return core::Error{core::Errc::not_allowed, "the two were not the same"};
    }
    if (secret.empty()) return core::Error{core::Errc::not_allowed, "an empty passphrase"};
    return secret;
}

core::Result<TabletLock> TabletLock::take(const Path& dir) {
    // The keys folder lies in the tablet's.
    auto file = (core::Keyring::exists(dir) ? dir.parent_path() : dir) / "kiosk.lock";
    int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return core::Error{core::Errc::not_writable, file.string()};
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return TabletLock(fd);
    ::close(fd);
    return core::Error{core::Errc::locked, file.string()};
}
TabletLock::~TabletLock() {
    if (fd_ >= 0) ::close(fd_);
}

Path keys_folder(const Path& dir) { return core::Keyring::exists(dir) ? dir : dir / "keys"; }

core::Result<std::string> read_text(const Path& file) {
    TRY_ASSIGN(auto content, core::read_file(file));
    return std::string(core::as_text(content));
}

std::string date_of(std::int64_t wall_ms) { return core::to_swedish_time(wall_ms).date.iso(); }

}  // namespace staff
