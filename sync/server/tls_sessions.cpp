#include "sync/server/tls_sessions.h"

#include <ctime>

#include "core/base/hash.h"
#include "core/base/openssl.h"

namespace server {
namespace {

namespace asio = boost::asio;

constexpr long session_s = 600;
constexpr long longest_certificates = 16 * 1024;  // a tablet's, and its issuers'
constexpr long most_sessions = 1'024;
constexpr unsigned char session_context[] = "handslag-server";

// Sessions stay here, and a ticket is the number of one: as OpenSSL makes them by itself they would carry the client's
// certificate to and fro.
bool set_up_sessions(SSL_CTX* tls) {
    // A link that ends without a word may be gone on with: HTTP says how long everything is, and TLS need not.
    SSL_CTX_set_options(tls, SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_SERVER);
    SSL_CTX_sess_set_cache_size(tls, most_sessions);
    SSL_CTX_set_timeout(tls, session_s);
    return SSL_CTX_set_session_id_context(tls, session_context, sizeof session_context - 1) == 1 &&
           SSL_CTX_set_num_tickets(tls, 0) == 1;  // none but by give_session()
}

}  // namespace

core::Status set_up_tls(asio::ssl::context& tls, const TlsSettings& settings) {
    boost::system::error_code error;
    auto buffer = [](const std::string& pem) { return asio::const_buffer(pem.data(), pem.size()); };
    auto* raw = tls.native_handle();
    bool ok = SSL_CTX_set_min_proto_version(raw, TLS1_3_VERSION) == 1;
    SSL_CTX_set_read_ahead(raw, 1);  // a record in one call, not its head first
    SSL_CTX_set_max_cert_list(raw, longest_certificates);
    ok = ok && set_up_sessions(raw);
    if (ok) tls.use_certificate_chain(buffer(settings.certificate_pem), error);
    if (ok && !error) tls.use_private_key(buffer(settings.key_pem), asio::ssl::context::pem, error);
    if (ok && !error) tls.add_certificate_authority(buffer(settings.client_root_pem), error);
    // Visitors of the public pages have no certificate; one that is shown must hold.
    if (ok && !error) tls.set_verify_mode(asio::ssl::verify_peer, error);
    if (!ok || error)
        return core::Error{core::Errc::crypto, "the server's TLS certificate: " + error.message()};
    return {};
}

core::Result<TlsClient> client_of(SSL* tls, std::int64_t now_s) {
    TlsClient client;
    client.resumed = SSL_session_reused(tls) == 1;
    const core::X509Certificate certificate(SSL_get1_peer_certificate(tls));
    if (!certificate) return client;
    // OpenSSL looks at a certificate when it is shown, and in a resumed session none is.
    std::time_t now = now_s;
    if (client.resumed && X509_cmp_time(X509_get0_notAfter(certificate.get()), &now) <= 0)
        return core::Error{core::Errc::not_allowed, "the session's certificate has run out"};
    core::Sha256 digest{};
    unsigned size = 0;
    if (X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) == 1)
        client.certificate_sha256 = core::to_hex(digest);
    return client;
}

void give_session(SSL* tls) {
    // Whoever gets none shows its certificate again.
    static_cast<void>(SSL_new_session_ticket(tls));
    ERR_clear_error();
}

}  // namespace server
