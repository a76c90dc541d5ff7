// CuttingProxy: a bad link. Passes TCP on to a server, and cuts it after so many bytes.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>

namespace test {

// Exactly `after` bytes arrive at the other end, then both ends see the connection end.
struct Cut {
    enum class Way { up, down, both };  // up: from the tablet
    enum class How { fin, rst };
    Way way = Way::both;
    How how = How::rst;
    std::uint64_t after = 0;
    bool always = false;  // every connection, not just the first
};

class CuttingProxy {
  public:
    CuttingProxy();
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;

    std::uint16_t port() const { return port_; }
    // From the next connection on; between syncs. Counts begin anew.
    void lead_to(std::uint16_t server_port, std::optional<Cut> cut);

    struct Passed {
        std::uint64_t up = 0, down = 0, connections = 0, cuts = 0;
        std::uint64_t all() const { return up + down; }
    };
    Passed passed() const;

  private:
    struct Link;
    void serve();
    void carry(int tablet);
    bool pass(Link& link, bool up);

    int listener_ = -1, stop_[2] = {-1, -1};
    std::uint16_t port_ = 0, to_ = 0;
    mutable std::mutex mutex_;  // of what follows
    std::optional<Cut> cut_;
    Passed passed_;
    std::uint64_t lead_ = 0;  // how many times it was told where to lead
    std::thread thread_;
};

}  // namespace test
