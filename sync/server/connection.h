// Connection: what one client says over its TLS, request by request, and what the Site answers. Limits: listener.h.
//
// A connection owns its socket with the TLS on it, the bytes that have come and are not read yet, and its place among those
// that have shown no certificate; all of it goes when it is served. The hall outlives them all.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "sync/server/places.h"
#include "sync/server/site.h"

namespace server {

// What comes from one tablet, by however many connections.
struct Flow {
    std::size_t requests = 0;       // under way
    std::set<Exchange*> exchanges;  // theirs
    std::uint64_t bytes = 0;
};

// What every connection shares.
struct Hall {
    // The list and the feed, of what an exchange has brought: when the tablets pause, or after ten seconds. Step by step, so
    // that nobody waits for more than one.
    void derive_soon();
    // Whoever asks for either has first what had come by then, but waits for three seconds at most: tablets that go on, and
    // whose every turn brings more than a step derives, would keep everybody else from being answered.
    boost::asio::awaitable<void> derive();
    bool derive_step();  // false: all is told
    void derive_after(std::chrono::milliseconds pause);

    Site& site;
    boost::asio::ssl::context& tls;
    std::size_t most_connections;
    Places places;                           // of those that have shown no certificate
    std::size_t most_of_one_tablet;          // requests under way, each of which may hold some MiB
    std::size_t busy = 0;                    // exchanges under way
    std::map<std::string, Flow> flows = {};  // of those, by the client's certificate
    bool stopping = false;
    boost::asio::steady_timer* derive_timer = nullptr;
    std::optional<std::chrono::steady_clock::time_point> to_derive = {};  // since when
    std::chrono::steady_clock::time_point exchanged = {};                 // the newest
};

// Until the client goes, is silent for too long or breaks a limit, or the hall is stopping. `anonymous`: counted among those
// that have shown no certificate.
boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket, Hall& hall,
                                              std::optional<Places::Guest> anonymous);

}  // namespace server
