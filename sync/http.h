// HTTP: asking strangers (timestamp authorities, OCSP responders, CRL servers), within limits.
//
// Only http and https, at most three redirects, one answer of bounded size in bounded time. A proxy is taken
// from the environment (http_proxy, https_proxy, no_proxy), as everywhere. Errors name the host, never the
// whole address, which may hold a password.
#pragma once

#include <memory>

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

// How a host shows over TLS that it is the one. Without any: by the machine's own authorities.
struct Trust {
    std::string pin;      // "sha256//<base64>" of its key, whatever its certificate says
    std::string ca_file;  // PEM
};
struct Answer {
    long status = 0;  // of HTTP
    core::Bytes content;
};
// Keeps its connection from call to call.
class Visitor {
  public:
    explicit Visitor(Trust trust = {});
    ~Visitor();
    Visitor(Visitor&&) noexcept;
    // Errors as fetch() gives them, but whatever the host answers is an answer.
    core::Result<Answer> ask(const Request& request, const Limits& limits = {});

  private:
    struct Data;
    std::unique_ptr<Data> data_;
};

// Errc::malformed: no such address; not_found: unreachable, or the host says so; not_readable: everything
// else.
core::Result<core::Bytes> fetch(const Request& request, const Limits& limits = {});

}  // namespace http
