// Carrier: bytes to the municipality's server and back, over TLS 1.3, by libcurl. Never touches the store:
// the kiosk may run it on its transfer thread.
//
// The server is known by the SHA-256 of its TLS key (from the invitation), so that no other authority and no
// captive portal can stand in for it. A proxy is taken from the environment; IPv6 and IPv4 alike.
#pragma once

#include <memory>
#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace client {

// What goes wrong between a town hall and a server, so that it can be said in plain words.
enum class Trouble {
    none,
    no_network,    // no such host, no route
    refused,       // the host is there, the server is not
    slow,          // connected, then silence
    cut,           // the link broke on the way
    other_server,  // somebody else answers: a captive portal, a proxy, a new key
    certificate,   // ours is not taken: expired, revoked, or the clock is wrong
    not_enrolled,  // 403
    server_fault,  // 5xx: full disk, restarting
    proxy,
    other,
};
const char* to_string(Trouble trouble);
const char* advice(Trouble trouble);  // one sentence, for staff

struct Address {
    std::string url;  // https://host:port
    std::string pin;  // "sha256//<base64>"
};
struct Credentials {
    std::string certificate_pem, key_pem, key_secret;  // empty: none yet
};

struct Carried {
    Trouble trouble = Trouble::none;
    std::string detail;  // for the journal
    unsigned status = 0;
    core::Bytes body;
};

class Carrier {
  public:
    Carrier(Address address, Credentials credentials);
    Carrier(Carrier&&) noexcept;
    ~Carrier();
    // Keeps the connection from call to call. `path` begins with a slash; an empty type makes it a GET.
    Carried ask(const std::string& path, const std::string& type, core::ByteView body,
                const std::string& header = {});
    // Of the connections that are made from now on. A link that breaks within a record loses all of it.
    static constexpr std::size_t longest_tls_record = 16'384, shortest_tls_record = 512;
    void set_tls_record(std::size_t bytes);
    // From any thread: what is on its way is cut within a second, and so is all that is asked for later.
    void stop();
    // Bytes of TLS payload in both directions, headers included.
    std::uint64_t sent() const, received() const;

  private:
    struct Data;
    std::unique_ptr<Data> data_;
};

}  // namespace client
