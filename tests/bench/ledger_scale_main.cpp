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
#include <fstream>
#include <map>
#include <random>

#include <sys/wait.h>
#include <unistd.h>

#include "core/evidence/schema.h"
#include "sync/ingest/register.h"
#include "sync/server/pages.h"
#include "tests/sync/town.h"

using namespace town;
using Steady = std::chrono::steady_clock;

namespace {

constexpr std::size_t records = 300, certificate_size = 60'000;
constexpr std::uint64_t in_one_transaction = 20'000;
constexpr std::int64_t municipality = 2'120'000'142;

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

// A tree that grows; only its right edge is in memory.
class Growing {
  public:
    std::vector<NewNode> add(const LeafHash& leaf) {
        auto source = [this](int level, std::uint64_t index) -> Result<NodeHash> {
            auto found = edge_.find({level, index});
            CHECK_THAT(found != edge_.end());
            return found->second;
        };
        auto nodes = append_leaf(size_++, leaf, source).value();
        for (const auto& node : nodes) {
            edge_[{node.level, node.index}] = node.hash;
            if (node.index >= 4) edge_.erase({node.level, node.index - 4});
        }
        return nodes;
    }
    std::uint64_t size() const { return size_; }

  private:
    std::uint64_t size_ = 0;
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

// Where the rows of the million go.
struct Rows {
    virtual ~Rows() = default;
    virtual void nodes(std::int64_t log, std::span<const NewNode> nodes) = 0;
    virtual void leaf(std::uint64_t index, ByteView bytes) = 0;
    virtual void entry(std::int64_t log, const server::HeldEntry& entry) = 0;
    virtual void line(const server::RegisterLine& line) = 0;
};

struct LedgerRows : Rows {
    explicit LedgerRows(server::Ledger& to) : ledger(&to) {}
    void nodes(std::int64_t log, std::span<const NewNode> nodes) override {
        CHECK_THAT(ledger->add_nodes(log, nodes).ok());
    }
    void leaf(std::uint64_t index, ByteView bytes) override {
        CHECK_THAT(ledger->add_leaf(index, bytes).ok());
    }
    void entry(std::int64_t log, const server::HeldEntry& entry) override {
        CHECK_THAT(ledger->add_entry(log, entry).ok());
    }
    void line(const server::RegisterLine& line) override { CHECK_THAT(ledger->put_line(line).ok()); }
    server::Ledger* ledger;
};

// Files for COPY: a statement a row would take PostgreSQL ten times as long.
struct CopyRows : Rows {
    explicit CopyRows(std::filesystem::path folder) : place(std::move(folder)) {
        for (const char* table : {"nodes", "leaves", "entries", "lines"})
            files[table].open(place / table, std::ios::binary);
    }
    static std::string hex(ByteView bytes) { return "\\\\x" + to_hex(bytes); }
    void nodes(std::int64_t log, std::span<const NewNode> nodes) override {
        for (const auto& node : nodes)
            files["nodes"] << log << '\t' << node_position(node.level, node.index) << '\t'
                           << hex(node.hash.bytes) << '\n';
    }
    void leaf(std::uint64_t index, ByteView bytes) override {
        files["leaves"] << index << '\t' << hex(bytes) << '\n';
    }
    void entry(std::int64_t log, const server::HeldEntry& entry) override {
        files["entries"] << log << '\t' << entry.seq << '\t' << hex(entry.leaf.bytes) << '\t'
                         << hex(entry.bytes) << "\t0\t" << entry.received_ms << '\t' << entry.index << '\n';
    }
    void line(const server::RegisterLine& line) override {
        files["lines"] << line.index << '\t' << line.certificate_number << '\t' << line.organisation << '\t'
                       << line.place << '\t' << line.ceremony << '\t' << line.agreement << '\t'
                       << line.agreement_version << '\t' << line.declared_at_ms << '\t' << line.received_ms
                       << '\t' << line.record_sha256 << '\t' << line.certificate_sha256 << "\tf\tf\n";
    }
    void load(const test::PostgresCluster& cluster) {
        for (auto [table, columns] :
             {std::pair{"nodes", "log, position, hash"}, std::pair{"leaves", "log_index, bytes"},
              std::pair{"entries", "log, seq, leaf, bytes, standing, received_ms, log_index"},
              std::pair{
                  "lines",
                  "log_index, certificate_number, organisation, place, ceremony, agreement, "
                  "agreement_version, "
                  "declared_at_ms, received_ms, record_sha256, certificate_sha256, voided, demonstration"}}) {
            files[table].close();
            auto name = std::string("handslag.") + table;
            cluster.sql("ALTER TABLE " + name + " ALTER municipality SET DEFAULT " +
                        std::to_string(municipality));
            cluster.sql("\\copy " + name + " (" + columns + ") FROM '" + (place / table).string() + "'");
            cluster.sql("ALTER TABLE " + name + " ALTER municipality DROP DEFAULT");
            std::filesystem::remove(place / table);
        }
        cluster.sql("ANALYZE");
    }
    std::filesystem::path place;
    std::map<std::string, std::ofstream> files;
};

wire::LogName loaded_name() {
    wire::LogName name;
    name.device.bytes.fill(200);
    return name;
}

// Enrols a tablet that has sent nothing.
server::KnownLog begin_load(server::Ledger& ledger) {
    OpenReader reader;
    FakeClock clock{1'795'000'000'000};
    auto ingest =
        server::Ingest::open(ledger, Ed25519Key::from_seed(Bytes(32, 77)).value(), reader, clock).value();
    auto name = loaded_name();
    CHECK_THAT(ingest.enrol(name, Ed25519Key::from_seed(Bytes(32, 200)).value().public_key(), "A").ok());
    return ledger.find_log(name).value().value();
}

class Load {
  public:
    Load(server::Ledger& ledger, const server::KnownLog& log) : log_(log) {
        auto enrolled = ledger.leaf(0).value();
        static_cast<void>(own_.add(leaf_hash(enrolled)));
    }
    // Entries up to `end`.
    void make(Rows& rows, std::uint64_t end) {
        for (; log_.held < end; ++log_.held) {
            server::HeldEntry entry;
            entry.seq = log_.held;
            entry.bytes = Bytes(400, static_cast<std::uint8_t>(log_.held));
            std::memcpy(entry.bytes.data(), &log_.held, sizeof log_.held);
            entry.leaf = leaf_hash(entry.bytes);
            entry.received_ms = 1'795'000'000'000;
            entry.index = own_.size();
            auto leaf = wire::encode(
                wire::Received{log_.name, entry.seq, entry.leaf, {}, entry.standing, entry.received_ms});
            rows.leaf(entry.index, leaf);
            rows.entry(log_.number, entry);
            rows.line(line_at(entry.index));
            rows.nodes(0, own_.add(leaf_hash(leaf)));
            rows.nodes(log_.number, theirs_.add(entry.leaf));
        }
    }
    // In a transaction that has own_log's turn: the signed head over all of it.
    Status sign(server::Ledger& ledger) const {
        auto key = Ed25519Key::from_seed(Bytes(32, 77)).value();
        TRY(ledger.update_log(log_));
        TRY_ASSIGN(auto id, ledger.value("server_id"));
        TreeHead head{"handslag/server/" + std::string(as_text(*id)), own_.size(), {}};
        TRY_ASSIGN(head.root, tree_root(own_.size(), ledger.nodes(0)));
        TRY(ledger.put_value("register_derived", as_bytes(std::to_string(own_.size()))));
        TRY(ledger.put_value("register_standing", as_bytes(std::to_string(own_.size() - 1))));
        return ledger.add_checkpoint(own_.size(), sign_checkpoint(head, key));
    }
    std::uint64_t held() const { return log_.held; }

  private:
    server::KnownLog log_;
    Growing own_, theirs_;
};

void load_sqlite(server::Ledger& ledger, std::uint64_t entries) {
    LedgerRows rows(ledger);
    Load load(ledger, begin_load(ledger));
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

void measure_all(const char* store, const Open& open, bool several) {
    std::printf("%s\n", store);
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
    auto open_sqlite = [&] { return server::open_sqlite_ledger(file).value(); };
    load_sqlite(*open_sqlite(), entries);
    measure_all("SQLite", open_sqlite, false);
    std::filesystem::remove(file, ignored);
    test::PostgresCluster cluster(folder);
    auto open_postgres = [&] { return server::open_postgres_ledger(cluster.url(), municipality).value(); };
    load_postgres(*open_postgres(), entries, cluster, folder);
    measure_all("PostgreSQL", open_postgres, true);
}
