// Listener: sockets, TLS 1.3 and HTTP/1.1 in front of a Site, in coroutines on one thread.
//
// Limits: a client's certificates 16 KiB, header 8 KiB, an exchange 16 MiB, a command of staff 2 MiB, any other body 64 KiB; ten
// seconds for a handshake or a header, thirty between two pieces of an exchange, for any other body, or for each 64 KiB of an
// answer, a minute between two requests; connections in all, and without a certificate from one place. This machine has a few
// more, so that staff come in when the door is full.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "sync/server/site.h"

namespace server {

struct ListenerSettings {
    std::string address = "::";  // and IPv4 with it
    std::uint16_t port = 8443;   // 0: any that is free
    std::string tls_key_pem, tls_certificate_pem, client_root_pem;
    std::size_t most_connections = 4'096, most_from_one_place = 512;
    // Requests under way: the one on its link, and those on links that hang.
    std::size_t most_of_one_tablet = 64;
    std::optional<std::uint16_t> list_port;  // plain HTTP for revocation lists alone (list_door.h); 0: any
    std::function<void(std::uint16_t port)> lists_listening = {};
};

// Serves until SIGTERM or SIGINT; then finishes the exchanges that are under way, at most ten seconds.
// `listening` is told the port.
core::Status listen(const ListenerSettings& settings, Site& site,
                    const std::function<void(std::uint16_t port)>& listening);

}  // namespace server
