#include "tests/support/cutting_proxy.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/check.h"

namespace test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool write_all(int to, const char* data, std::size_t size) {
    while (size > 0) {
        auto written = ::send(to, data, size, MSG_NOSIGNAL);
        if (written <= 0) return false;
        data += written, size -= static_cast<std::size_t>(written);
    }
    return true;
}

// A reset throws away what has not arrived: wait until it has, or the other end is gone.
void wait_until_arrived(int socket) {
    for (int tries = 0; tries < 20'000; ++tries) {
        int left = 0;
        if (::ioctl(socket, SIOCOUTQ, &left) != 0 || left == 0) return;
        std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
}

void end(int socket, bool reset) {
    linger at_once{1, 0};
    if (reset) ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(socket);
}

}  // namespace

struct CuttingProxy::Link {
    int tablet, server;
    std::uint64_t up = 0, down = 0;
    std::optional<Cut> cut;
    std::uint64_t lead;  // under which it was accepted

    std::optional<std::uint64_t> left(bool is_up) const {
        if (!cut) return std::nullopt;
        switch (cut->way) {
            case Cut::Way::up:
                return is_up ? std::optional(cut->after - up) : std::nullopt;
            case Cut::Way::down:
                return is_up ? std::nullopt : std::optional(cut->after - down);
            case Cut::Way::both:
                return cut->after - up - down;
        }
        return std::nullopt;
    }
};

CuttingProxy::CuttingProxy() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    CHECK_THAT(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    CHECK_THAT(::listen(listener_, 16) == 0);
    CHECK_THAT(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    CHECK_THAT(::pipe(stop_) == 0);
    thread_ = std::thread([this] { serve(); });
}

CuttingProxy::~CuttingProxy() {
    ::close(stop_[1]);
    thread_.join();
    ::close(listener_);
    ::close(stop_[0]);
}

void CuttingProxy::lead_to(std::uint16_t server_port, std::optional<Cut> cut) {
    std::lock_guard lock(mutex_);
    to_ = server_port;
    cut_ = cut;
    passed_ = {};
    ++lead_;
}

CuttingProxy::Passed CuttingProxy::passed() const {
    std::lock_guard lock(mutex_);
    return passed_;
}

void CuttingProxy::serve() {
    while (true) {
        pollfd wait[] = {{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
        ::poll(wait, 2, -1);
        if (wait[1].revents != 0) return;
        int tablet = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (tablet >= 0) carry(tablet);
    }
}

// One connection at a time, as a tablet has.
void CuttingProxy::carry(int tablet) {
    Link link{tablet, ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), 0, 0, {}, 0};
    sockaddr_in address{};
    {
        std::lock_guard lock(mutex_);
        address = loopback(to_);
        ++passed_.connections;
        link.cut = cut_;
        link.lead = lead_;
        if (cut_ && !cut_->always) cut_.reset();
    }
    int on = 1;
    for (int socket : {link.tablet, link.server})
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    bool open = ::connect(link.server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    bool cut = open && link.cut && link.cut->after == 0 && link.cut->way != Cut::Way::down;
    while (open && !cut) {
        pollfd wait[] = {{link.tablet, POLLIN, 0}, {link.server, POLLIN, 0}, {stop_[0], POLLIN, 0}};
        ::poll(wait, 3, -1);
        if (wait[2].revents != 0) break;
        if (wait[0].revents != 0) open = pass(link, true);
        cut = link.left(true) == 0U;
        if (open && !cut && wait[1].revents != 0) {
            if (link.left(false) == 0U) {
                cut = true;  // a byte comes where none may
            } else {
                open = pass(link, false);
                cut = link.left(false) == 0U;
            }
        }
    }
    if (cut) {
        wait_until_arrived(link.tablet), wait_until_arrived(link.server);
        std::lock_guard lock(mutex_);
        if (link.lead == lead_) ++passed_.cuts;  // not of a link that was there before
    }
    bool reset = cut && link.cut->how == Cut::How::rst;
    end(link.tablet, reset);
    end(link.server, reset);
}

bool CuttingProxy::pass(Link& link, bool up) {
    std::array<char, 64 * 1024> buffer;
    auto most = std::min<std::uint64_t>(buffer.size(), link.left(up).value_or(buffer.size()));
    auto size = ::recv(up ? link.tablet : link.server, buffer.data(), most, 0);
    if (size <= 0) return false;
    auto bytes = static_cast<std::uint64_t>(size);
    (up ? link.up : link.down) += bytes;
    {
        std::lock_guard lock(mutex_);
        (up ? passed_.up : passed_.down) += bytes;
    }
    return write_all(up ? link.server : link.tablet, buffer.data(), bytes);
}

}  // namespace test
