// Site: what the server answers at each address. No sockets and no TLS (listener.h); one thread at a time.
//
// GET /                 the public list            GET /v/NUMBER    a certificate's page
// GET /p/TOKEN          a visitor's own certificate, for a time; GET /p/TOKEN/pdf its file
// GET /checkpoint       the server's signed head   GET /tile/...    its tree and leaves (C2SP tlog-tiles)
// GET /checkpoint/witnessed    the newest heads that tablets have cosigned, each with their lines
// GET /crl/NAME         the CA's revocation lists (lists.h)
// GET /health           "ok" when the ledger answers
// GET /metrics          Prometheus; only to this machine
// POST /enrol           a tablet's certificate     POST /sync/1     an exchange; needs that certificate
// POST /renew           its next certificate; needs the one that it has
// POST /staff           handslag-server's own commands while it runs; only from this machine, with keys/staff
// POST /staff/exchange/DEVICE/EPOCH    an exchange that came by stick; likewise
#pragma once

#include "sync/ingest/exchange.h"
#include "sync/server/enrolment.h"
#include "sync/server/pages.h"

namespace server {

struct Reply {
    unsigned status = 200;
    std::string type;
    Bytes body;
    std::string etag = {}, last_modified = {};  // of what a visitor may have already
    std::string cache_control = {};
    std::string file_name = {};  // to be saved under that name
    bool personal = false;       // no store, no referrer, no index
};

// Counts since the start.
struct Counters {
    std::uint64_t connections = 0, open_connections = 0, refused_connections = 0, handshakes_failed = 0,
                  handshakes_resumed = 0;
    std::uint64_t requests = 0, exchanges = 0, cut_exchanges = 0, exchange_bytes = 0, server_faults = 0;
    std::uint64_t renewals = 0;  // of tablets' certificates
};

struct SiteSettings {
    unsigned personal_link_days = 90;  // after receipt
    std::string contact = {};          // whom visitors ask; may be empty
};

class Site {
  public:
    Site(Home& home, const core::Words& words, const core::Clock& clock, SiteSettings settings = {})
        : home_(&home), words_(&words), clock_(&clock), settings_(std::move(settings)) {}

    Reply get(std::string_view target, bool from_this_machine);
    // Does that page need the list to be up to date?
    static bool tells_of_list(std::string_view target);
    Reply post_enrol(ByteView body);
    Reply post_renew(std::string_view certificate_sha256, ByteView body);
    Reply post_staff(std::string_view authorization, ByteView body);
    // Null when the certificate is nobody's.
    Result<std::unique_ptr<Exchange>> begin_exchange(std::string_view certificate_sha256);
    // By stick: handslag-server ingest, while the server runs. Null when it is not staff's.
    std::unique_ptr<Exchange> begin_stick_exchange(std::string_view authorization, std::string_view target);
    // The server's own trouble, noted; the answer says no more than that it will pass.
    Reply fault(const core::Error& error);
    // After an exchange: brings the public list up to the first `leaves` of the log, and tells the other tablets. A step of
    // it; false: all is done.
    bool derive_step(std::uint64_t leaves = UINT64_MAX);
    std::uint64_t leaves();  // of the log by now; 0 when the ledger does not say
    Counters& counters() { return counters_; }

  private:
    Reply list(std::string_view query);
    Reply verification(std::string_view number);
    Reply personal(std::string_view rest);
    Reply checkpoint();
    Reply witnessed();
    Reply tile(std::string_view path);
    Reply revocation_list(std::string_view name);
    Reply metrics();
    bool is_staff(std::string_view authorization) const;

    Home* home_;
    const core::Words* words_;
    const core::Clock* clock_;
    SiteSettings settings_;
    Counters counters_;
};

}  // namespace server
