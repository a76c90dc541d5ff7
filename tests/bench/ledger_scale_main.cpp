// The server's ledger with a million entries, in SQLite and in PostgreSQL: how long a restart, a proof, a page and an audit
// take, on the way there too, and how fast more comes in. docs/scale.md has the figures of one machine.
//
//   ledger_scale FOLDER [ENTRIES]     FOLDER on the disk to be measured; 1,000,000 entries
//
// The million is loaded in large transactions and without parcels; all that is measured goes the server's own way. What was
// measured as SQLite's ledger grew is in FOLDER/growth.csv, for growth.gnuplot.
#define DOCTEST_CONFIG_IMPLEMENT  // town.h is made for tests; none are run here
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sync/ingest/ledger_audit.h"
#include "sync/ingest/register.h"
#include "sync/server/pages.h"
#include "tests/bench/ledger_load.h"

using namespace ledger_load;
using Steady = std::chrono::steady_clock;

namespace {

constexpr std::size_t records = 300, certificate_size = 60'000;
constexpr std::uint64_t in_one_transaction = 20'000;

double ms_since(Steady::time_point start) {
    return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
}

// The median and the slowest but one in a hundred.
struct Times {
    double p50 = 0, p99 = 0;
};
template <class Work>
Times times_of(int times, Work work) {
    std::vector<double> taken;
    for (int i = 0; i < times; ++i) {
        auto start = Steady::now();
        work();
        taken.push_back(ms_since(start));
    }
    std::ranges::sort(taken);
    return {taken[taken.size() / 2], taken[taken.size() * 99 / 100]};
}
template <class Work>
void measure(const char* what, int times, Work work) {
    auto taken = times_of(times, work);
    std::printf("  %-44s p50 %8.2f ms   p99 %8.2f ms\n", what, taken.p50, taken.p99);
    std::fflush(stdout);
}

// Until `entries` are there, a large transaction at a time.
void grow(Load& load, server::Ledger& ledger, std::uint64_t entries) {
    LedgerRows rows(ledger);
    while (load.held() < entries)
        CHECK_THAT(ledger
                       .transact([&]() -> Status {
                           load.make(rows, std::min(entries, load.held() + in_one_transaction));
                           return load.sign(ledger);
                       })
                       .ok());
}

void load_postgres(server::Ledger& ledger, std::uint64_t entries, const test::PostgresCluster& cluster,
                   const std::filesystem::path& folder) {
    CopyRows rows(folder);
    Load load(ledger, begin_load(ledger));
    load.make(rows, entries);
    rows.load(cluster);
    CHECK_THAT(ledger
                   .transact([&]() -> Status {
                       TRY(ledger.hold(server::Turn::own_log));
                       return load.sign(ledger);
                   })
                   .ok());
}

void sync_one(server::Ledger& ledger, std::uint8_t number, const Place& place) {
    OpenReader reader;
    FakeClock clock{1'795'000'000'000};
    auto ingest =
        server::Ingest::open(ledger, Ed25519Key::from_seed(Bytes(32, 77)).value(), reader, clock).value();
    Tablet tablet(number, place / ("tablet" + std::to_string(number)));
    auto session = tablet.session(ingest.name());
    for (Bytes request; !(request = session.request().value()).empty();) {
        server::Exchange exchange(ingest, tablet.name);
        for (ByteView rest = request; !rest.empty();) {  // as it comes from a socket
            auto piece = rest.first(std::min<std::size_t>(rest.size(), 16 * 1024));
            CHECK_THAT(exchange.feed(piece).ok());
            rest = rest.subspan(piece.size());
        }
        CHECK_THAT(session.answer(exchange.finish()).ok());
    }
    CHECK_THAT(session.outcome() == client::Outcome::done);
}

using Open = std::function<std::unique_ptr<server::Ledger>()>;

// New tablets with 60 KB a record, each through a process of its own.
void measure_ingest(const Open& open, std::uint8_t first, std::uint8_t processes) {
    Place place;
    {
        auto ledger = open();
        OpenReader reader;
        FakeClock clock{1'795'000'000'000};
        auto ingest =
            server::Ingest::open(*ledger, Ed25519Key::from_seed(Bytes(32, 77)).value(), reader, clock)
                .value();
        for (std::uint8_t number = first; number < first + processes; ++number) {
            Tablet tablet(number, place / ("tablet" + std::to_string(number)));
            CHECK_THAT(ingest.enrol(tablet.name, tablet.log_key.public_key(), "A").ok());
            for (std::size_t i = 0; i < records; ++i)
                CHECK_THAT(
                    tablet.write(std::string(certificate_size, static_cast<char>('a' + i % 26)), test::now())
                        .ok());
        }
    }
    auto start = Steady::now();
    std::vector<pid_t> children;
    for (std::uint8_t number = first; number < first + processes; ++number) {
        children.push_back(::fork());
        if (children.back() == 0) {
            auto ledger = open();
            sync_one(*ledger, number, place);
            ::_exit(0);
        }
    }
    for (pid_t child : children) {
        int status = 0;
        ::waitpid(child, &status, 0);
        CHECK_THAT(status == 0);
    }
    auto taken = ms_since(start);
    std::printf("  %zu records of 60 KB through %d process(es): %.0f records/s\n", records * processes,
                processes, static_cast<double>(records * processes) / taken * 1000);
    std::fflush(stdout);
}

void restart(const Open& open) {
    OpenReader reader;
    FakeClock clock{1'795'000'000'000};
    auto ledger = open();
    CHECK_THAT(
        server::Ingest::open(*ledger, Ed25519Key::from_seed(Bytes(32, 77)).value(), reader, clock).ok());
    CHECK_THAT(server::derive_register(*ledger, reader).ok());
}

server::LedgerAudit audit(server::Ledger& ledger) {
    OpenReader reader;
    FakeClock clock{1'795'000'000'000};
    auto ingest =
        server::Ingest::open(ledger, Ed25519Key::from_seed(Bytes(32, 77)).value(), reader, clock).value();
    auto audit = server::audit_ledger(ledger, ingest.name()).value();
    for (const auto& finding : audit.findings) std::printf("  %s\n", finding.c_str());
    CHECK_THAT(audit.findings.empty());
    return audit;
}

// So that the next to read the file reads the disk.
void forget(const std::filesystem::path& file) {
    int descriptor = ::open(file.c_str(), O_RDONLY);
    CHECK_THAT(descriptor >= 0);
    CHECK_THAT(::fsync(descriptor) == 0 && ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0);
    ::close(descriptor);
}
double ms_to_read(const std::filesystem::path& file) {
    forget(file);
    auto start = Steady::now();
    std::ifstream in(file, std::ios::binary);
    std::vector<char> piece(1 << 20);
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size()))) {
    }
    return ms_since(start);
}

// From an empty ledger to `entries`: what is measured on the way goes to growth.csv too.
void measure_growth(const std::filesystem::path& file, const Open& open, std::uint64_t entries) {
    std::ofstream csv(file.parent_path() / "growth.csv");
    csv << "entries,file_mb,restart_ms,proof_p50_ms,proof_p99_ms,audit_s,read_s\n";
    std::printf("SQLite as it grows\n  %9s %9s %12s %14s %14s %10s %10s\n", "entries", "file, MB",
                "restart, ms", "proof p50, ms", "proof p99, ms", "audit, s", "read, s");
    std::optional<Load> load;
    for (std::uint64_t step = 1; step <= 10; ++step) {
        auto ledger = open();
        if (!load) load.emplace(*ledger, begin_load(*ledger));
        grow(*load, *ledger, entries * step / 10);
        ledger.reset();
        auto restarts = times_of(10, [&] { restart(open); });
        ledger = open();
        std::mt19937_64 random(1);
        auto nodes = ledger->nodes(0);
        auto size = ledger->leaf_count().value();
        auto proofs = times_of(2'000, [&] {
            auto at = random() % size;
            CHECK_THAT(range_proof(at, at + 1, size, nodes).ok());
        });
        ledger.reset();
        double read_s = ms_to_read(file) / 1000;
        forget(file);
        auto start = Steady::now();
        ledger = open();
        CHECK_THAT(audit(*ledger).entries == entries * step / 10);
        double audit_s = ms_since(start) / 1000;
        auto mb = static_cast<double>(std::filesystem::file_size(file)) / 1e6;
        std::printf("  %9llu %9.0f %12.1f %14.3f %14.3f %10.1f %10.1f\n",
                    static_cast<unsigned long long>(size - 1), mb, restarts.p50, proofs.p50, proofs.p99,
                    audit_s, read_s);
        std::fflush(stdout);
        csv << size - 1 << ',' << mb << ',' << restarts.p50 << ',' << proofs.p50 << ',' << proofs.p99 << ','
            << audit_s << ',' << read_s << '\n';
    }
}

// A ledger of certificates, beside reading its file from end to end.
void measure_audit(const std::filesystem::path& file, std::uint64_t entries) {
    auto open = [&] { return server::open_sqlite_ledger(file).value(); };
    {
        auto ledger = open();
        Load load(*ledger, begin_load(*ledger), certificate_size);
        for (std::uint64_t end = 0; end < entries; end += 1'000)
            grow(load, *ledger, std::min(entries, end + 1'000));
    }
    auto mb = static_cast<double>(std::filesystem::file_size(file)) / 1e6;
    double read_ms = ms_to_read(file);
    forget(file);
    auto start = Steady::now();
    auto ledger = open();
    CHECK_THAT(audit(*ledger).parcels == entries);
    double audit_ms = ms_since(start);
    std::printf("  audit of %llu certificates: %.0f MB/s; its file from the disk, read only: %.0f MB/s\n",
                static_cast<unsigned long long>(entries), mb / audit_ms * 1000, mb / read_ms * 1000);
    std::fflush(stdout);
}

void measure_all(const char* store, const Open& open, bool several) {
    std::printf("%s\n", store);
    measure("restart: open the ledger, check the head", 10, [&] { restart(open); });
    auto ledger = open();
    auto words = Words::load(HANDSLAG_BINARY_DIR "/share/locale", "sv").value();
    std::mt19937_64 random(1);
    auto size = ledger->leaf_count().value();
    auto nodes = ledger->nodes(0);
    measure("inclusion proof", 2'000, [&] {
        auto at = random() % size;
        CHECK_THAT(range_proof(at, at + 1, size, nodes).ok());
    });
    measure("consistency proof", 2'000,
            [&] { CHECK_THAT(consistency_proof(random() % size, size, nodes).ok()); });
    measure("page of the public list, 100 lines", 1'000, [&] {
        server::ListPage page;
        page.lines = ledger->lines(random() % (size - 101), 101).value();
        page.standing = server::standing_total(*ledger).value();
        CHECK_THAT(server::render_list(page, words).size() > 10'000);
    });
    measure("page of one certificate", 1'000, [&] {
        auto number = line_at(1 + random() % (size - 1)).certificate_number;
        auto lines = ledger->lines_numbered(number).value();
        CHECK_THAT(lines.size() == 1);
        CHECK_THAT(!server::render_verification(number, lines, words).empty());
    });
    ledger.reset();
    measure_ingest(open, 1, 1);
    if (several) measure_ingest(open, 10, 2);
    if (several) measure_ingest(open, 20, 4);
}

}  // namespace

int main(int argc, char** argv) {
    std::filesystem::path folder = argc > 1 ? argv[1] : std::filesystem::temp_directory_path();
    std::uint64_t entries = argc > 2 ? std::stoull(argv[2]) : 1'000'000;
    auto file = folder / "scale.db", certificates = folder / "certificates.db";
    std::error_code ignored;
    for (const auto& path : {file, certificates})
        for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path.string() + end, ignored);
    auto open_sqlite = [&] { return server::open_sqlite_ledger(file).value(); };
    measure_growth(file, open_sqlite, entries);
    measure_all("SQLite", open_sqlite, false);
    std::filesystem::remove(file, ignored);
    measure_audit(certificates, entries / 50);
    std::filesystem::remove(certificates, ignored);
    test::PostgresCluster cluster(folder);
    auto open_postgres = [&] { return server::open_postgres_ledger(cluster.url(), municipality).value(); };
    load_postgres(*open_postgres(), entries, cluster, folder);
    measure_all("PostgreSQL", open_postgres, true);
}
