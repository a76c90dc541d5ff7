#include "kiosk/printer.h"

#include <chrono>
#include <cstring>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include <cups/cups.h>
#include <spdlog/spdlog.h>

namespace kiosk {
namespace {

constexpr int connect_timeout_ms = 1'500;
constexpr double answer_timeout_s = 4;
constexpr auto between_looks = std::chrono::milliseconds(350);

struct CloseHttp {
    void operator()(http_t* http) const { httpClose(http); }
};
struct DropIpp {
    void operator()(ipp_t* message) const { ippDelete(message); }
};
using Service = std::unique_ptr<http_t, CloseHttp>;
using Answer = std::unique_ptr<ipp_t, DropIpp>;

// Null: nobody answers there.
Service connect() {
    // A queue that wants a password would have it asked for on the terminal.
    cupsSetPasswordCB2(
        [](const char*, http_t*, const char*, const char*, void*) -> const char* { return nullptr; },
        nullptr);
    Service http(httpConnect2(cupsServer(), ippPort(), nullptr, AF_UNSPEC, cupsEncryption(), 1,
                              connect_timeout_ms, nullptr));
    if (http)
        httpSetTimeout(
            http.get(), answer_timeout_s, [](http_t*, void*) { return 0; }, nullptr);
    return http;
}

std::string uri_of(const std::string& printer) {
    char uri[1024];
    httpAssembleURIf(HTTP_URI_CODING_ALL, uri, sizeof uri, "ipp", nullptr, "localhost", 0, "/printers/%s",
                     printer.c_str());
    return uri;
}

Answer ask(http_t* http, ipp_op_t operation, const std::string& printer, int job,
           std::initializer_list<const char*> wanted) {
    ipp_t* request = ippNewRequest(operation);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", nullptr, uri_of(printer).c_str());
    if (job > 0) ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", nullptr, cupsUser());
    std::vector<const char*> names(wanted);
    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes",
                  static_cast<int>(names.size()), nullptr, names.data());
    return Answer(cupsDoRequest(http, request, "/"));  // which frees the request
}

int number(ipp_t* answer, const char* name) {
    ipp_attribute_t* attribute = answer != nullptr ? ippFindAttribute(answer, name, IPP_TAG_ENUM) : nullptr;
    return attribute != nullptr ? ippGetInteger(attribute, 0) : 0;
}

bool has_reason(ipp_t* answer, std::string_view part) {
    ipp_attribute_t* reasons =
        answer != nullptr ? ippFindAttribute(answer, "printer-state-reasons", IPP_TAG_KEYWORD) : nullptr;
    for (int i = 0; reasons != nullptr && i < ippGetCount(reasons); ++i)
        if (std::string_view(ippGetString(reasons, i, nullptr)).starts_with(part)) return true;
    return false;
}

// What the printer says of itself; sent: nothing that hinders; busy: it is being called, and has not answered yet.
Printing printer_says(http_t* http, const std::string& printer) {
    auto answer = ask(http, IPP_OP_GET_PRINTER_ATTRIBUTES, printer, 0,
                      {"printer-state", "printer-state-reasons", "printer-is-accepting-jobs"});
    if (!answer || ippGetStatusCode(answer.get()) >= IPP_STATUS_ERROR_BAD_REQUEST)
        return Printing::no_service;
    if (has_reason(answer.get(), "media-empty") || has_reason(answer.get(), "media-needed"))
        return Printing::out_of_paper;
    if (number(answer.get(), "printer-state") == IPP_PSTATE_STOPPED || has_reason(answer.get(), "offline"))
        return Printing::stopped;
    return has_reason(answer.get(), "connecting-to-device") ? Printing::busy : Printing::sent;
}

Printing follow(http_t* http, const std::string& printer, int job, int looks) {
    Printing said = Printing::sent;
    for (int i = 0; i < looks; ++i) {
        auto answer = ask(http, IPP_OP_GET_JOB_ATTRIBUTES, printer, job, {"job-state"});
        switch (number(answer.get(), "job-state")) {
            case IPP_JSTATE_COMPLETED:
                return Printing::printed;
            case IPP_JSTATE_ABORTED:
            case IPP_JSTATE_CANCELED:
                return Printing::refused;
            default:
                break;
        }
        said = printer_says(http, printer);
        if (said != Printing::sent && said != Printing::busy) return said;
        std::this_thread::sleep_for(between_looks);
    }
    return said == Printing::busy ? Printing::stopped : said;  // nobody answers there
}

}  // namespace

std::string find_printer(const std::string& wanted) {
    if (wanted == "-") return {};
    auto http = connect();
    if (!http) return {};
    std::string name = wanted;
    if (name.empty())
        if (const char* usual = cupsGetDefault2(http.get()); usual != nullptr) name = usual;
    if (name.empty()) return {};
    return printer_says(http.get(), name) == Printing::no_service ? std::string() : name;
}

Printing print(const std::string& printer, const std::string& title, core::ByteView pdf, int looks) {
    auto http = connect();
    if (!http) return Printing::no_service;
    int job = cupsCreateJob(http.get(), printer.c_str(), title.c_str(), 0, nullptr);
    if (job <= 0) {
        spdlog::warn("printing: {}", ippErrorString(cupsLastError()));
        return cupsLastError() == IPP_STATUS_ERROR_NOT_FOUND ? Printing::no_service : Printing::refused;
    }
    bool taken = cupsStartDocument(http.get(), printer.c_str(), job, title.c_str(), CUPS_FORMAT_PDF, 1) ==
                     HTTP_STATUS_CONTINUE &&
                 cupsWriteRequestData(http.get(), reinterpret_cast<const char*>(pdf.data()), pdf.size()) ==
                     HTTP_STATUS_CONTINUE &&
                 cupsFinishDocument(http.get(), printer.c_str()) <= IPP_STATUS_OK_CONFLICTING;
    if (!taken) {
        spdlog::warn("printing: {}", ippErrorString(cupsLastError()));
        cupsCancelJob2(http.get(), printer.c_str(), job, 1);
        return Printing::refused;
    }
    auto how = follow(http.get(), printer, job, looks);
    // What does not come out now must not come out in front of somebody else, nor lie in the spool of a lost tablet.
    bool done = how == Printing::printed || how == Printing::stopped || how == Printing::out_of_paper;
    if (done) cupsCancelJob2(http.get(), printer.c_str(), job, 1);
    return how;
}

}  // namespace kiosk
