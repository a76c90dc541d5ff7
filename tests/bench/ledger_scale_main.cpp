// The server's ledger with a million entries, in SQLite and in PostgreSQL: how long a restart, a proof and a page
// take, and how fast more comes in. docs/scale.md has the figures of one machine.
//
//   ledger_scale FOLDER [ENTRIES]     FOLDER on the disk to be measured; 1,000,000 entries
//
// The million is loaded in large transactions and without parcels; all that is measured goes the server's own way.
#define DOCTEST_CONFIG_IMPLEMENT  // town.h is made for tests; none are run here
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <random>

#include <sys/wait.h>
#include <unistd.h>

#include "sync/ingest/register.h"
#include "sync/server/pages.h"
#include "tests/sync/town.h"

using namespace town;
using Steady = std::chrono::steady_clock;

namespace {

constexpr std::size_t records = 300, certificate_size = 60'000;
constexpr std::uint64_t in_one_transaction = 20'000;

double ms_since(Steady::time_point start) {
    return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
}

// The median and the slowest but one in a hundred.
void print_times(const char* what, std::vector<double> times) {
    std::ranges::sort(times);
    std::printf("  %-44s p50 %8.2f ms   p99 %8.2f ms\n", what, times[times.size() / 2],
                times[times.size() * 99 / 100]);
    std::fflush(stdout);
}
template <class Work>
void measure(const char* what, int times, Work work) {
    std::vector<double> taken;
    for (int i = 0; i < times; ++i) {
        auto start = Steady::now();
        work();
        taken.push_back(ms_since(start));
    }
    print_times(what, std::move(taken));
}

// A tree that grows in memory; its complete subtrees go to the ledger some at a time.
class Growing {
  public:
    Growing(server::Ledger& ledger, std::int64_t log, std::uint64_t size)
        : ledger_(&ledger), log_(log), size_(size), stored_(ledger.nodes(log)) {}
    void add(const LeafHash& leaf) {
        auto source = [this](int level, std::uint64_t index) -> Result<NodeHash> {
            auto found = edge_.find({level, index});
            return found != edge_.end() ? found->second : stored_(level, index);
        };
        auto nodes = append_leaf(size_, leaf, source).value();
        for (const auto& node : nodes) {
            fresh_.push_back(node);
            edge_[{node.level, node.index}] = node.hash;
        }
        ++size_;
        if (fresh_.size() > 4'000) flush();
    }
    void flush() {
        CHECK_THAT(ledger_->add_nodes(log_, fresh_).ok());
        fresh_.clear();
        while (edge_.size() > 8'000) edge_.erase(edge_.begin());  // what is missed is read
    }
    std::uint64_t size() const { return size_; }

  private:
    server::Ledger* ledger_;
    std::int64_t log_;
    std::uint64_t size_;
    core::NodeSource stored_;
    std::vector<NewNode> fresh_;
    std::map<std::pair<int, std::uint64_t>, NodeHash> edge_;
};

server::RegisterLine line_at(std::uint64_t index) {
    server::RegisterLine line;
    line.index = index;
    line.certificate_number = "STR26-A" + std::to_string(index) + "-K";
    line.organisation = "Föreningen nummer " + std::to_string(index) + " i Stråken";
    line.place = "Stråken", line.ceremony = "Ceremonin i Stråken 2026";
    line.agreement = "Överenskommelsen om samverkan", line.agreement_version = "1.0";
    line.declared_at_ms = line.received_ms = 1'795'000'000'000 + static_cast<std::int64_t>(index);
    line.record_sha256 = line.certificate_sha256 = to_hex(sha256(as_bytes(std::to_string(index))));
    return line;
}

void load(server::Ledger& ledger, std::uint64_t entries) {
    auto start = Steady::now();
    auto server_key = Ed25519Key::from_seed(Bytes(32, 77)).value();
    OpenReader reader;
    FakeClock clock{1'795'000'000'000};
    auto ingest =
        server::Ingest::open(ledger, Ed25519Key::from_seed(Bytes(32, 77)).value(), reader, clock).value();
    wire::LogName name;
    name.device.bytes.fill(200);
    CHECK_THAT(ingest.enrol(name, Ed25519Key::from_seed(Bytes(32, 200)).value().public_key(), "A").ok());
    auto log = ledger.find_log(name).value().value();
    while (log.held < entries) {
        CHECK_THAT(
            ledger
                .transact([&]() -> Status {
                    TRY_ASSIGN(auto held, ledger.hold_log(name));
                    log = *held;
                    TRY(ledger.hold(server::Turn::own_log));
                    TRY_ASSIGN(auto size, ledger.leaf_count());
                    Growing own(ledger, 0, size), theirs(ledger, log.number, log.held);
                    for (auto end = std::min(entries, log.held + in_one_transaction); log.held < end;
                         ++log.held) {
                        server::HeldEntry entry;
                        entry.seq = log.held;
                        entry.bytes = Bytes(400, static_cast<std::uint8_t>(log.held));
                        std::memcpy(entry.bytes.data(), &log.held, sizeof log.held);
                        entry.leaf = leaf_hash(entry.bytes);
                        entry.received_ms = clock.wall_ms();
                        entry.index = own.size();
                        auto leaf = wire::encode(wire::Received{
                            name, entry.seq, entry.leaf, {}, entry.standing, entry.received_ms});
                        TRY(ledger.add_leaf(entry.index, leaf));
                        TRY(ledger.add_entry(log.number, entry));
                        TRY(ledger.put_line(line_at(entry.index)));
                        own.add(leaf_hash(leaf)), theirs.add(entry.leaf);
                    }
                    own.flush(), theirs.flush();
                    TRY(ledger.update_log(log));
                    TreeHead head{ingest.name().origin, own.size(), {}};
                    TRY_ASSIGN(head.root, tree_root(own.size(), ledger.nodes(0)));
                    TRY(ledger.put_value("register_derived", as_bytes(std::to_string(own.size()))));
                    TRY(ledger.put_value("register_standing", as_bytes(std::to_string(own.size() - 1))));
                    return ledger.add_checkpoint(own.size(), sign_checkpoint(head, server_key));
                })
                .ok());
    }
    std::printf("  loaded in %.0f s\n", ms_since(start) / 1000);
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

void measure_all(const char* store, const Open& open, std::uint64_t entries, bool several) {
    std::printf("%s\n", store);
    load(*open(), entries);
    OpenReader reader;
    FakeClock clock{1'795'000'000'000};
    measure("restart: open the ledger, check the head", 10, [&] {
        auto ledger = open();
        CHECK_THAT(
            server::Ingest::open(*ledger, Ed25519Key::from_seed(Bytes(32, 77)).value(), reader, clock).ok());
        CHECK_THAT(server::derive_register(*ledger, reader).ok());
    });
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
    auto file = folder / "scale.db";
    std::error_code ignored;
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end, ignored);
    measure_all(
        "SQLite", [&] { return server::open_sqlite_ledger(file).value(); }, entries, false);
    std::filesystem::remove(file, ignored);
    test::PostgresCluster cluster(folder);
    measure_all(
        "PostgreSQL", [&] { return server::open_postgres_ledger(cluster.url(), 2'120'000'142).value(); },
        entries, true);
}
