// A ledger with as many entries as one likes, put in fast: past the server's own way in, and by its tables' rules all the same.
#pragma once

#include <cstring>
#include <fstream>
#include <map>
#include <random>

#include "core/evidence/schema.h"
#include "tests/sync/town.h"

namespace ledger_load {

using namespace town;

constexpr std::int64_t municipality = 2'120'000'142;

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

inline server::RegisterLine line_at(std::uint64_t index) {
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
    virtual void parcel(std::int64_t log, const wire::ParcelHash& hash, ByteView bytes) = 0;
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
    void parcel(std::int64_t log, const wire::ParcelHash& hash, ByteView bytes) override {
        CHECK_THAT(ledger->extend_blob(log, hash, bytes.size(), bytes).ok());
        CHECK_THAT(ledger->finish_blob(log, hash).ok());
        CHECK_THAT(ledger->use_blob(log, hash).ok());
    }
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
    void parcel(std::int64_t, const wire::ParcelHash&, ByteView) override { CHECK_THAT(false); }
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

inline wire::LogName loaded_name() {
    wire::LogName name;
    name.device.bytes.fill(200);
    return name;
}

// Enrols a tablet that has sent nothing.
inline server::KnownLog begin_load(server::Ledger& ledger) {
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
    Load(server::Ledger& ledger, const server::KnownLog& log, std::size_t parcel_size = 0)
        : log_(log), parcel_size_(parcel_size) {
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
            if (parcel_size_ > 0) entry.parcel = make_parcel(rows);
            auto leaf = wire::encode(wire::Received{log_.name, entry.seq, entry.leaf, entry.parcel,
                                                    entry.standing, entry.received_ms});
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
    wire::ParcelHash make_parcel(Rows& rows) const {
        Bytes parcel(parcel_size_);
        std::mt19937_64 random(log_.held);
        for (std::size_t i = 0; i + sizeof random() <= parcel.size(); i += sizeof random()) {
            auto word = random();
            std::memcpy(parcel.data() + i, &word, sizeof word);
        }
        auto hash = wire::ParcelHash::of(parcel);
        rows.parcel(log_.number, hash, parcel);
        return hash;
    }

    server::KnownLog log_;
    std::size_t parcel_size_;
    Growing own_, theirs_;
};

}  // namespace ledger_load
