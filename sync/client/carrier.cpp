#include "sync/client/carrier.h"

#include <algorithm>
#include <atomic>

#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "core/base/handle.h"

namespace client {
namespace {

constexpr long connect_ms = 10'000, silence_s = 30;
constexpr std::size_t longest_answer = 16U << 20;

std::size_t take(char* data, std::size_t size, std::size_t count, void* to) {
    auto& body = *static_cast<core::Bytes*>(to);
    if (body.size() + size * count > longest_answer) return 0;  // curl stops
    core::append(body, {reinterpret_cast<const std::uint8_t*>(data), size * count});
    return size * count;
}

// What is on its way up. While it is, packets go full: TLS records of 16 KiB, each in a packet of its own, would cost one
// byte in a hundred. The last one does not wait.
class Upload {
  public:
    core::ByteView left;
    std::atomic<bool>* stopped = nullptr;

    void use(curl_socket_t socket) { socket_ = socket, held_ = false; }
    void hold(bool wanted) {
        if (held_ == wanted || socket_ == CURL_SOCKET_BAD) return;
        int on = wanted ? 1 : 0;
        held_ = ::setsockopt(socket_, IPPROTO_TCP, TCP_CORK, &on, sizeof on) == 0 && wanted;
    }

  private:
    curl_socket_t socket_ = CURL_SOCKET_BAD;  // of the connection in use
    bool held_ = false;
};

// Read once and never again: curl would by itself send all of a request anew that the link broke within, instead of
// what the server has not got. A connection that had ended before the first byte it still replaces.
std::size_t give(char* to, std::size_t size, std::size_t count, void* from) {
    auto& upload = *static_cast<Upload*>(from);
    auto given = std::min(size * count, upload.left.size());
    std::copy_n(upload.left.begin(), given, to);
    upload.left = upload.left.subspan(given);
    upload.hold(true);
    return given;
}

int note_socket(void* upload, curl_socket_t socket, curlsocktype) {
    static_cast<Upload*>(upload)->use(socket);
    return CURL_SOCKOPT_OK;
}

Trouble trouble_of(CURLcode code) {
    switch (code) {
        case CURLE_OK:
            return Trouble::none;
        case CURLE_COULDNT_RESOLVE_HOST:
            return Trouble::no_network;
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_PROXY:
            return Trouble::proxy;
        case CURLE_COULDNT_CONNECT:
            return Trouble::refused;
        case CURLE_OPERATION_TIMEDOUT:
            return Trouble::slow;
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        case CURLE_SSL_CONNECT_ERROR:
            return Trouble::other_server;
        case CURLE_SSL_CERTPROBLEM:
            return Trouble::certificate;
        case CURLE_PARTIAL_FILE:
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_FAIL_REWIND:
        case CURLE_GOT_NOTHING:
        case CURLE_ABORTED_BY_CALLBACK:
            return Trouble::cut;
        default:
            return Trouble::other;
    }
}

int keep_going(void* of, curl_off_t, curl_off_t, curl_off_t to_send, curl_off_t sent) {
    auto& upload = *static_cast<Upload*>(of);
    if (to_send > 0 && sent >= to_send) upload.hold(false);
    return upload.stopped->load() ? 1 : 0;
}

CURLcode set_up_tls(CURL*, void* tls, void* record_bytes) {
    auto* context = static_cast<SSL_CTX*>(tls);
    SSL_CTX_clear_options(context, SSL_OP_TLSEXT_PADDING);  // for servers that nobody has any more
    // The session outlives a link that ends without a word. What is missing then, HTTP's lengths say.
    SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
    bool ok = SSL_CTX_set_max_send_fragment(context,
                                            static_cast<long>(*static_cast<std::size_t*>(record_bytes))) == 1;
    return ok ? CURLE_OK : CURLE_BAD_FUNCTION_ARGUMENT;
}

void start_curl_once() {
    static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    CHECK_THAT(started);
}

curl_blob blob_of(const std::string& text) {
    return {const_cast<char*>(text.data()), text.size(), CURL_BLOB_COPY};
}

}  // namespace

const char* to_string(Trouble trouble) {
    switch (trouble) {
        case Trouble::none:
            return "none";
        case Trouble::no_network:
            return "no network";
        case Trouble::refused:
            return "no server there";
        case Trouble::slow:
            return "no answer in time";
        case Trouble::cut:
            return "the link broke";
        case Trouble::other_server:
            return "somebody else answers";
        case Trouble::certificate:
            return "our certificate is not taken";
        case Trouble::not_enrolled:
            return "not enrolled";
        case Trouble::server_fault:
            return "the server cannot answer now";
        case Trouble::proxy:
            return "the proxy does not answer";
        case Trouble::other:
            return "something else";
    }
    return "?";
}

const char* advice(Trouble trouble) {
    switch (trouble) {
        case Trouble::none:
            return "";
        case Trouble::no_network:
            return "Check that the tablet is on the network; nothing is lost meanwhile.";
        case Trouble::refused:
            return "The computer answers but handslag-server does not run there; ask IT.";
        case Trouble::slow:
            return "The network is slow or blocked; try again later, it goes on where it stopped.";
        case Trouble::cut:
            return "Try again; it goes on where it stopped.";
        case Trouble::other_server:
            return "Perhaps the network wants a sign-in first (a captive portal), or the server has a new "
                   "key: then "
                   "ask for a new invitation.";
        case Trouble::certificate:
            return "Check the tablet's date and time; then ask for a new invitation.";
        case Trouble::not_enrolled:
            return "This tablet's certificate is not known there; ask for a new invitation.";
        case Trouble::server_fault:
            return "The server is full or restarting; ask IT, and try again later.";
        case Trouble::proxy:
            return "Check https_proxy and no_proxy in the environment.";
        case Trouble::other:
            return "Try again; if it stays so, show IT this line.";
    }
    return "";
}

struct Carrier::Data {
    Address address;
    Credentials credentials;
    core::Handle<CURL, curl_easy_cleanup> curl;
    std::uint64_t sent = 0, received = 0;
    std::size_t tls_record = longest_tls_record;
    std::atomic<bool> stopped{false};
    Upload upload;
};

Carrier::Carrier(Address address, Credentials credentials) : data_(std::make_unique<Data>()) {
    data_->address = std::move(address), data_->credentials = std::move(credentials);
    start_curl_once();
    data_->curl.reset(curl_easy_init());
    CHECK_THAT(data_->curl != nullptr);
}
Carrier::Carrier(Carrier&&) noexcept = default;
Carrier::~Carrier() {
    if (data_) core::wipe(data_->credentials.key_secret);
}
void Carrier::set_tls_record(std::size_t bytes) {
    data_->tls_record = std::clamp(bytes, shortest_tls_record, longest_tls_record);
}
void Carrier::stop() { data_->stopped = true; }
std::uint64_t Carrier::sent() const { return data_->sent; }
std::uint64_t Carrier::received() const { return data_->received; }

Carried Carrier::ask(const std::string& path, const std::string& type, core::ByteView body,
                     const std::string& header) {
    CURL* curl = data_->curl.get();
    curl_easy_reset(curl);  // the connection stays
    Carried carried;
    char why[CURL_ERROR_SIZE] = "";
    std::string url = data_->address.url + path;
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_3));
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, set_up_tls);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, &data_->tls_record);
    // The pin says who it is; names and authorities say nothing more. curl checks it in any case.
    curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, data_->address.pin.c_str());
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    auto certificate = blob_of(data_->credentials.certificate_pem), key = blob_of(data_->credentials.key_pem);
    if (certificate.len > 0) {
        curl_easy_setopt(curl, CURLOPT_SSLCERT_BLOB, &certificate);
        curl_easy_setopt(curl, CURLOPT_SSLKEY_BLOB, &key);
        curl_easy_setopt(curl, CURLOPT_KEYPASSWD, data_->credentials.key_secret.c_str());
    }
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, silence_s);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, keep_going);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &data_->upload);
    curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, note_socket);
    curl_easy_setopt(curl, CURLOPT_SOCKOPTDATA, &data_->upload);
    curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &carried.body);
    core::Handle<curl_slist, curl_slist_free_all> headers;
    if (!type.empty()) {
        headers.reset(curl_slist_append(nullptr, ("Content-Type: " + type).c_str()));
        curl_slist_append(headers.get(), "Expect:");  // no waiting for 100 Continue
        if (!header.empty()) curl_slist_append(headers.get(), header.c_str());
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
        curl_easy_setopt(curl, CURLOPT_READDATA, &data_->upload);
    }
    data_->upload.left = body;
    data_->upload.stopped = &data_->stopped;
    auto code = curl_easy_perform(curl);
    data_->upload.left = {};
    data_->upload.hold(false);
    long status = 0, head_sent = 0, head_received = 0;
    curl_off_t body_sent = 0, body_received = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &head_sent);
    curl_easy_getinfo(curl, CURLINFO_HEADER_SIZE, &head_received);
    curl_easy_getinfo(curl, CURLINFO_SIZE_UPLOAD_T, &body_sent);
    curl_easy_getinfo(curl, CURLINFO_SIZE_DOWNLOAD_T, &body_received);
    data_->sent += static_cast<std::uint64_t>(head_sent) + static_cast<std::uint64_t>(body_sent);
    data_->received += static_cast<std::uint64_t>(head_received) + static_cast<std::uint64_t>(body_received);
    carried.status = static_cast<unsigned>(status);
    carried.trouble = trouble_of(code);
    if (code != CURLE_OK) carried.detail = *why != '\0' ? why : curl_easy_strerror(code);
    if (code == CURLE_OK && status == 403) carried.trouble = Trouble::not_enrolled;
    if (code == CURLE_OK && status >= 500) carried.trouble = Trouble::server_fault;
    if (code == CURLE_OK && status != 200 && carried.trouble == Trouble::none)
        carried.trouble = Trouble::other;
    if (code == CURLE_OK && status != 200)
        carried.detail =
            "HTTP " + std::to_string(status) + ": " +
            std::string(core::as_text(
                core::ByteView(carried.body).first(std::min<std::size_t>(carried.body.size(), 200))));
    return carried;
}

}  // namespace client
