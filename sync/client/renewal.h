// Renewal: a new TLS certificate for an enrolled tablet, before the one that it has runs out.
//
// Asked for over the connection that the old one opens, and signed by the log key, so that neither alone is enough. The
// new key is made here and is kept with its certificate in one transaction: killed anywhere before that the tablet has the
// old pair, which stays good until it runs out; after it, the new one.
#pragma once

#include "core/evidence/store.h"
#include "sync/client/carrier.h"

namespace client {

// Days before the end from which a sync asks for a new one. It lasts two years.
inline constexpr int renewal_days = 90;
core::Result<bool> renewal_is_due(const core::Store& store, std::int64_t now_ms);  // false: not enrolled

class Renewal {
  public:
    static core::Result<Renewal> begin(const core::Store& store, const core::Ed25519Key& log_key,
                                       std::string_view tablet);
    const std::string& body() const { return body_; }
    // Errc::not_allowed in the server's words; not_found with what was in the way; malformed: the answer is no
    // certificate of this key, or ends before the old one. The old pair stays after any of them.
    core::Status finish(core::Store& store, const Carried& carried) const;

    static constexpr const char *path = "/renew", *type = "application/json";

  private:
    std::string body_, key_pem_, secret_;
};

}  // namespace client
