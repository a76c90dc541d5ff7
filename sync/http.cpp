#include "sync/http.h"

#include <curl/curl.h>

#include "core/base/check.h"
#include "core/base/handle.h"

namespace http {
namespace {

using Session = core::Handle<CURL, curl_easy_cleanup>;
using Url = core::Handle<CURLU, curl_url_cleanup>;
struct Header {
    curl_slist* list = nullptr;
    ~Header() { curl_slist_free_all(list); }
};

struct Taken {
    core::Bytes content;
    std::size_t most_bytes = 0;
    bool too_long = false;
};

std::size_t take(char* data, std::size_t one, std::size_t count, void* to) {
    auto* answer = static_cast<Taken*>(to);
    if (count > (answer->most_bytes - answer->content.size()) / one) {
        answer->too_long = true;
        return 0;  // curl stops
    }
    core::append(answer->content, core::as_bytes({data, one * count}));
    return one * count;
}

// "tsa.example:318", or nothing when it is no address of ours.
std::string host_of(const std::string& url) {
    Url parts(curl_url());
    char *host = nullptr, *scheme = nullptr, *port = nullptr;
    if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
        curl_url_get(parts.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK)
        return {};
    std::string name(host);
    curl_free(host);
    if (curl_url_get(parts.get(), CURLUPART_PORT, &port, 0) == CURLUE_OK) {
        name += ":" + std::string(port);
        curl_free(port);
    }
    bool ours = curl_url_get(parts.get(), CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                (std::string_view(scheme) == "http" || std::string_view(scheme) == "https");
    curl_free(scheme);
    return ours ? name : std::string();
}

void start_curl_once() {
    static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    CHECK_THAT(started);
}

}  // namespace

struct Visitor::Data {
    Trust trust;
    Session session;
};

Visitor::Visitor(Trust trust) : data_(std::make_unique<Data>()) {
    start_curl_once();
    data_->trust = std::move(trust);
    data_->session.reset(curl_easy_init());
    CHECK_THAT(data_->session);
}
Visitor::~Visitor() = default;
Visitor::Visitor(Visitor&&) noexcept = default;

core::Result<Answer> Visitor::ask(const Request& request, const Limits& limits) {
    std::string host = host_of(request.url);
    if (host.empty())
        return core::Error{core::Errc::malformed, "not an address that begins with http:// or https://"};
    CURL* curl = data_->session.get();
    curl_easy_reset(curl);  // settings, not connections
    Taken answer{{}, limits.most_bytes, false};
    Header header;
    curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    const auto& trust = data_->trust;
    // Who it is has been said: then a redirect leads nowhere that does not show it.
    bool named = !trust.ca_file.empty() || !trust.pin.empty();
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, named ? "https" : "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 3L);
    curl_easy_setopt(curl, CURLOPT_POSTREDIR, static_cast<long>(CURL_REDIR_POST_ALL));
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, limits.connect_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, limits.whole_ms);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "Handslag/" HANDSLAG_VERSION);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    if (!request.content_type.empty()) {
        header.list = curl_slist_append(nullptr, ("Content-Type: " + request.content_type).c_str());
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, header.list);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
    }
    if (!trust.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, trust.ca_file.c_str());
    if (!trust.pin.empty()) {
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
        curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, trust.pin.c_str());
    }
    CURLcode done = curl_easy_perform(curl);
    if (answer.too_long)
        return core::Error{core::Errc::not_readable,
                           host + " sends more than " + std::to_string(limits.most_bytes >> 10) + " kB"};
    if (done == CURLE_COULDNT_RESOLVE_HOST || done == CURLE_COULDNT_CONNECT ||
        done == CURLE_OPERATION_TIMEDOUT || done == CURLE_COULDNT_RESOLVE_PROXY)
        return core::Error{core::Errc::not_found,
                           host + " cannot be reached (" + curl_easy_strerror(done) + ")"};
    if (done != CURLE_OK)
        return core::Error{core::Errc::not_readable, host + ": " + curl_easy_strerror(done)};
    Answer given;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &given.status);
    given.content = std::move(answer.content);
    return given;
}

core::Result<core::Bytes> fetch(const Request& request, const Limits& limits) {
    TRY_ASSIGN(auto answer, Visitor().ask(request, limits));
    if (answer.status != 200)
        return core::Error{
            answer.status == 404 ? core::Errc::not_found : core::Errc::not_readable,
            host_of(request.url) + " answers with HTTP status " + std::to_string(answer.status)};
    return std::move(answer.content);
}

}  // namespace http
