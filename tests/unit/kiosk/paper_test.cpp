// Paper and the tablet's certificate, as update() sees them; and a real CUPS with a network printer on loopback.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <thread>

#include <arpa/inet.h>
#include <cups/cups.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "kiosk/printer.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/kiosk/fixture.h"

using namespace kiosk_test;

namespace {

constexpr std::int64_t day_ms = 86'400'000;

ShownCertificate with_printer() {
    auto shown = a_certificate();
    shown.printer = "Stadshuset";
    return shown;
}

// A printer that takes raw bytes on a port, as network printers do (AppSocket), and keeps them.
class NetworkPrinter {
  public:
    NetworkPrinter() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in here{};
        here.sin_family = AF_INET, here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof here;
        auto* address = reinterpret_cast<sockaddr*>(&here);
        REQUIRE(::bind(socket_, address, size) == 0);
        REQUIRE(::listen(socket_, 4) == 0);
        REQUIRE(::getsockname(socket_, address, &size) == 0);
        port_ = ntohs(here.sin_port);
        thread_ = std::thread([this] {
            for (int job = 0; (job = ::accept(socket_, nullptr, nullptr)) >= 0; ::close(job)) {
                std::uint8_t part[4096];
                for (ssize_t n = 0; (n = ::read(job, part, sizeof part)) > 0;) {
                    std::lock_guard lock(mutex_);
                    core::append(paper_, core::ByteView(part, static_cast<std::size_t>(n)));
                }
            }
        });
    }
    ~NetworkPrinter() {
        ::shutdown(socket_, SHUT_RDWR);
        thread_.join();
        ::close(socket_);
    }
    std::string uri() const { return "socket://127.0.0.1:" + std::to_string(port_) + "/?waiteof=false"; }
    core::Bytes paper() {
        std::lock_guard lock(mutex_);
        return paper_;
    }

  private:
    int socket_ = -1, port_ = 0;
    std::mutex mutex_;
    core::Bytes paper_;
    std::thread thread_;
};

// cupsd with a folder of its own, listening on a socket there; one raw queue to that printer.
class PrintService {
  public:
    explicit PrintService(const std::string& printer) {
        namespace fs = std::filesystem;
        fs::permissions(folder_.path(), fs::perms::all);
        for (const char* name : {"etc", "spool", "spool/tmp", "cache", "state", "log"}) {
            fs::create_directories(folder_ / name);
            fs::permissions(folder_ / name, fs::perms::all);
        }
        make_programs();
        std::ofstream(folder_ / "cupsd.conf")
            << "Listen " << socket() << "\n"
            << "DefaultAuthType None\nBrowsing Off\nWebInterface No\n"
            << "PreserveJobFiles No\nPreserveJobHistory Yes\n"
            << "<Location />\nAllow all\n</Location>\n"
            << "<Policy default>\n<Limit All>\nOrder allow,deny\nAllow all\n"
            << "</Limit>\n</Policy>\n";
        std::ofstream(folder_ / "cups-files.conf")
            << "ServerRoot " << at("etc") << "\nRequestRoot " << at("spool") << "\nTempDir "
            << at("spool/tmp") << "\nCacheDir " << at("cache") << "\nStateDir " << at("state")
            << "\nServerBin " << at("bin") << "\nAccessLog " << at("log/access") << "\nErrorLog "
            << at("log/error") << "\nPageLog " << at("log/page") << "\n";
        run("/usr/sbin/cupsd -f -c " + at("cupsd.conf") + " -s " + at("cups-files.conf") + " & echo $! >" +
            at("pid"));
        cupsSetServer(socket().c_str());
        for (int i = 0; i < 1'200 && !run("lpstat -h " + socket() + " -r | grep -q 'is running'"); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        ready_ = run("lpadmin -h " + socket() + " -p Stadshuset -E -v '" + printer + "' -m raw") &&
                 run("lpadmin -h " + socket() + " -p Tomt -E -v tray:/empty -m raw") &&
                 run("lpadmin -h " + socket() + " -d Stadshuset");
    }
    ~PrintService() { stop(); }
    static bool installed() {
        return std::filesystem::exists("/usr/sbin/cupsd") && std::filesystem::exists("/usr/sbin/lpadmin");
    }
    bool ready() const { return ready_; }
    bool command(const std::string& name) { return run(name + " -h " + socket() + " Stadshuset"); }
    void stop() {
        pid_t pid = 0;
        if (std::ifstream(folder_ / "pid") >> pid && pid > 1) kill(pid, SIGKILL);
        std::filesystem::remove(folder_ / "pid");
        std::filesystem::remove(socket());
    }

  private:
    // CUPS's own, and a printer whose tray is empty: it says so as printers do, and waits for paper.
    void make_programs() const {
        namespace fs = std::filesystem;
        const fs::path theirs = "/usr/lib/cups";
        fs::create_directories(folder_ / "bin" / "backend");
        for (const auto& entry : fs::directory_iterator(theirs))
            if (entry.path().filename() != "backend")
                fs::create_symlink(entry.path(), folder_ / "bin" / entry.path().filename());
        fs::create_symlink(theirs / "backend" / "socket", folder_ / "bin" / "backend" / "socket");
        const fs::path tray = folder_ / "bin" / "backend" / "tray";
        std::ofstream(tray) << "#!/bin/sh\n[ $# = 0 ] && exit 0\n"
                               "echo 'STATE: +media-empty-error' >&2\nexec sleep 60\n";
        fs::permissions(tray, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec |
                                  fs::perms::group_read | fs::perms::others_read);
    }
    std::string at(const char* name) const { return (folder_ / name).string(); }
    std::string socket() const { return at("cups.sock"); }
    bool run(const std::string& command) const {
        return std::system(("( " + command + " ) >>" + at("log/commands") + " 2>&1").c_str()) == 0;
    }
    TemporaryFolder folder_;
    bool ready_ = false;
};

}  // namespace

TEST_CASE("the host hears of a certificate that ends within thirty days, and on the day itself") {
    Tablet tablet;
    tablet.seals_from_ms = opening_ms, tablet.seals_until_ms = opening_ms + 100 * day_ms;
    auto at = [&](std::int64_t ms) { return certificate_time(tablet, ms); };
    CHECK(at(opening_ms - 1) == CertificateTime::not_yet);
    CHECK(at(opening_ms) == CertificateTime::good);
    CHECK(at(tablet.seals_until_ms - 31 * day_ms) == CertificateTime::good);
    CHECK(at(tablet.seals_until_ms - 30 * day_ms) == CertificateTime::ends_soon);
    CHECK(certificate_days_left(tablet, tablet.seals_until_ms - 30 * day_ms) == 30);
    CHECK(at(tablet.seals_until_ms) == CertificateTime::ends_soon);
    CHECK(certificate_days_left(tablet, tablet.seals_until_ms) == 0);
    CHECK(at(tablet.seals_until_ms + 1) == CertificateTime::ended);
    CHECK(certificate_time(Tablet{}, opening_ms) == CertificateTime::good);
}

TEST_CASE("a certificate is printed once for each time that it is asked for, where there is a printer") {
    Play play;
    play.to_sealing().act(SigningCompleted{with_printer(), open_lists()});
    REQUIRE(play.life<Done>());
    play.act(PrintAsked{});
    REQUIRE(play.asked<Print>());
    CHECK(play.asked<Print>()->printer == "Stadshuset");
    CHECK(play.asked<Print>()->seq == with_printer().seq);
    CHECK(play.life<Done>()->certificate.printing == Printing::busy);
    play.act(PrintAsked{});
    CHECK_FALSE(play.asked<Print>());  // it is at it
    play.act(Printed{999, Printing::printed});
    CHECK(play.life<Done>()->certificate.printing == Printing::busy);  // another's
    play.act(Printed{with_printer().seq, Printing::out_of_paper});
    CHECK(play.life<Done>()->certificate.printing == Printing::out_of_paper);
    play.act(PrintAsked{});
    CHECK(play.asked<Print>());
    play.act(Failed{{Job::print, {core::Errc::damaged, ""}}});
    CHECK(play.life<Done>()->certificate.printing == Printing::not_yet);

    Play none;
    none.to_sealing().act(SigningCompleted{a_certificate(), open_lists()}).act(PrintAsked{});
    CHECK_FALSE(none.asked<Print>());
}

TEST_CASE("a real CUPS prints exactly the sealed bytes, and says what hinders it") {
    if (!PrintService::installed()) {
        MESSAGE("skipped: cupsd or lpadmin is not installed");
        return;
    }
    NetworkPrinter printer;
    PrintService service(printer.uri());
    REQUIRE(service.ready());
    CHECK(find_printer("") == "Stadshuset");
    CHECK(find_printer("Stadshuset") == "Stadshuset");
    CHECK(find_printer("Finns-inte").empty());
    CHECK(find_printer("-").empty());
    core::Bytes pdf(70'000);
    for (std::size_t i = 0; i < pdf.size(); ++i) pdf[i] = static_cast<std::uint8_t>(i * 31 + i / 251);
    constexpr int patient = 170;  // a minute
    CHECK(print("Stadshuset", "Handslag STR26-A0001-D", pdf, patient) == Printing::printed);
    for (int i = 0; i < 1'200 && printer.paper().size() < pdf.size(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    CHECK(printer.paper() == pdf);
    CHECK(print("Tomt", "Handslag", pdf, patient) == Printing::out_of_paper);
    CHECK(print("Finns-inte", "Handslag", pdf) == Printing::refused);
    REQUIRE(service.command("cupsdisable"));
    CHECK(print("Stadshuset", "Handslag", pdf) == Printing::stopped);
    REQUIRE(service.command("cupsreject"));
    CHECK(print("Stadshuset", "Handslag", pdf) == Printing::refused);
    service.stop();
    CHECK(print("Stadshuset", "Handslag", pdf) == Printing::no_service);
    CHECK(find_printer("").empty());
}
