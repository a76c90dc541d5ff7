// Test server on 127.0.0.1: a timestamp authority and an OCSP responder that are openssl's own command line,
// and the files of a folder. One request at a time; prints its port.
//
//   tsa_server DIR     DIR/openssl.cnf with a section [tsa], DIR/index.txt, ocsp-ca.pem, ocsp.pem, ocsp.key;
//   DIR/www
//
//   POST /tsa, /ocsp   openssl ts -reply, openssl ocsp
//   /down              503
//   /moved             301 to /tsa
//   /endless           an answer without an end
//   /silent            no answer at all for a while
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

struct Request {
    std::string method, path, body;
};

bool read_request(int fd, Request& request) {
    std::string all;
    char part[4096];
    std::size_t head = std::string::npos, length = 0;
    while (head == std::string::npos || all.size() < head + 4 + length) {
        auto got = ::read(fd, part, sizeof part);
        if (got <= 0) return false;
        all.append(part, static_cast<std::size_t>(got));
        head = all.find("\r\n\r\n");
        auto at = all.find("Content-Length: ");
        if (head != std::string::npos && at < head) length = std::stoul(all.substr(at + 16, 10));
    }
    auto space = all.find(' ');
    request.method = all.substr(0, space);
    request.path = all.substr(space + 1, all.find(' ', space + 1) - space - 1);
    request.body = all.substr(head + 4);
    return true;
}

void write_all(int fd, const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
        auto put = ::send(fd, text.data() + at, text.size() - at, MSG_NOSIGNAL);
        if (put <= 0) return;
        at += static_cast<std::size_t>(put);
    }
}

void answer(int fd, const std::string& status, const std::string& body, const std::string& header = {}) {
    write_all(fd, "HTTP/1.1 " + status + "\r\nConnection: close\r\n" + header +
                      "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

std::string read_whole(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// What `command` makes of the body: from DIR/question to DIR/answer.
std::string ask_openssl(const std::string& body, const std::string& command) {
    std::remove("answer");
    std::ofstream("question", std::ios::binary) << body;
    if (std::system((command + " >openssl.log 2>&1").c_str()) != 0) return {};
    return read_whole("answer");
}

void serve(int fd) {
    Request request;
    if (!read_request(fd, request)) return;
    if (request.path == "/down") return answer(fd, "503 Service Unavailable", "");
    if (request.path == "/moved") return answer(fd, "301 Moved Permanently", "", "Location: /tsa\r\n");
    if (request.path == "/silent") {
        ::sleep(3);
        return;
    }
    if (request.path == "/endless") {
        write_all(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        for (int i = 0; i < 4096; ++i) write_all(fd, std::string(65536, 'x'));
        return;
    }
    std::string made;
    if (request.path == "/tsa")
        made =
            ask_openssl(request.body,
                        "openssl ts -reply -config openssl.cnf -section tsa -queryfile question -out answer");
    else if (request.path == "/ocsp")
        made = ask_openssl(
            request.body,
            "openssl ocsp -index index.txt -CA ocsp-ca.pem -rsigner ocsp.pem -rkey ocsp.key -reqin "
            "question -respout answer -ndays 7");
    else if (request.path.find("..") == std::string::npos)
        made = read_whole("www" + request.path);
    answer(fd, made.empty() ? "404 Not Found" : "200 OK", made);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2 || ::chdir(argv[1]) != 0) return 2;
    int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    if (::bind(listening, reinterpret_cast<sockaddr*>(&here), size) != 0 || ::listen(listening, 8) != 0 ||
        ::getsockname(listening, reinterpret_cast<sockaddr*>(&here), &size) != 0)
        return 2;
    std::printf("%d\n", ntohs(here.sin_port));
    std::fflush(stdout);
    for (;;) {
        int fd = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) continue;
        serve(fd);
        ::close(fd);
    }
}
