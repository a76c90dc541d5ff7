// What the server asks of TLS, and who is at the other end: TLS 1.3, and a client certificate of the municipality's CA from
// whoever has one.
//
// A tablet whose link breaks goes on with the session that it had, so that no certificate is shown again. Only an enrolled
// tablet is given its first one, for ten minutes and in this process's memory alone; whoever comes back with one is given the next,
// until the certificate runs out. A session says no more than whose certificate opened it: whether that is enrolled, and what its
// log may still do, the ledger is asked at every exchange, resumed or not.
#pragma once

#include <cstdint>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include "core/base/result.h"

namespace server {

struct TlsSettings {
    std::string key_pem, certificate_pem, client_root_pem;
};
core::Status set_up_tls(boost::asio::ssl::context& tls, const TlsSettings& settings);

struct TlsClient {
    std::string certificate_sha256;  // hex; empty: it showed none
    bool resumed = false;
};
// Of a connection whose handshake is done. Errc::not_allowed when the certificate has run out since the session began.
core::Result<TlsClient> client_of(SSL* tls, std::int64_t now_s);
// Goes with what is written next.
void give_session(SSL* tls);

}  // namespace server
