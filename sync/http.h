// HTTP: asking strangers (timestamp authorities, OCSP responders, CRL servers), within limits.
//
// Only http and https, at most three redirects, one answer of bounded size in bounded time. A proxy is taken
// from the environment (http_proxy, https_proxy, no_proxy), as everywhere. Errors name the host, never the
// whole address, which may hold a password.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace http {

struct Request {
    std::string url;
    std::string content_type;  // with it: POST of `body`; without: GET
    core::Bytes body;
};
struct Limits {
    std::size_t most_bytes = 1U << 20;
    long connect_ms = 10'000, whole_ms = 30'000;
};

// Errc::malformed: no such address; not_found: unreachable, or the host says so; not_readable: everything
// else.
core::Result<core::Bytes> fetch(const Request& request, const Limits& limits = {});

}  // namespace http
