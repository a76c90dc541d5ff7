// Five tablets, one server, and a random schedule of everything that may go wrong: messages duplicated,
// reordered, replayed, spliced, flipped and cut; tablets restored and cloned; the server restarted; clocks
// that jump ten years. 10,000 schedules: 5,000 here and 5,000 others beside them in a process of its own (CMakeLists.txt); with
// HANDSLAG_FULL=1 ten times as many (before PostgreSQL 50 and 1,000), any number with HANDSLAG_SCHEDULES, the first being
// HANDSLAG_FIRST. A failing schedule names its seed: HANDSLAG_SEED=N runs it alone.
#include <cstdlib>
#include <random>
#include <set>

#include <doctest/doctest.h>
#include <malloc.h>

#include "tests/sync/town.h"

using namespace town;
using client::Outcome;

namespace {

constexpr std::int64_t ten_years_ms = 3650LL * 24 * 3600 * 1000;

struct Resident {
    std::unique_ptr<Tablet> tablet;
    std::uint8_t number = 0;
    std::optional<client::Session> session;
    bool meddled = false;  // restored or cloned, once
};

constexpr std::uint8_t tablets = 5;
std::string folder_of(int tablet) { return "tablet" + std::to_string(tablet); }

// A town before anything has been written: made once, since its tables cost more than a schedule.
const Place& new_town() {
    static const Place place;
    static const bool made = [] {
        Server server(place / "server.db");
        for (std::uint8_t number = 1; number <= tablets; ++number)
            server.enrol(Tablet(number, place / folder_of(number)));
        return true;
    }();
    CHECK(made);
    return place;
}

class Schedule {
  public:
    explicit Schedule(std::uint32_t seed)
        : random_(seed), settled_(settle_in()), server_(place_ / "server.db") {
        for (std::uint8_t number = 1; number <= tablets; ++number) {
            Resident resident;
            resident.number = number;
            resident.tablet = std::make_unique<Tablet>(number, place_ / folder_of(number));
            if (on_postgres()) server_.enrol(*resident.tablet);
            residents_.push_back(std::move(resident));
        }
    }

    void run() {
        int steps = 40 + pick(60);
        for (int i = 0; i < steps; ++i) step();
        settle();
        judge();
    }

    int meddlings = 0, conflicts = 0, faults = 0, cosignatures = 0;

  private:
    bool settle_in() {
        const auto& from = new_town();
        for (int number = 1; number <= tablets; ++number)
            std::filesystem::copy(from / folder_of(number), place_ / folder_of(number),
                                  std::filesystem::copy_options::recursive);
        if (!on_postgres()) std::filesystem::copy_file(from / "server.db", place_ / "server.db");
        return true;
    }
    int pick(int below) { return static_cast<int>(random_() % static_cast<std::uint32_t>(below)); }
    bool chance(int percent) { return pick(100) < percent; }
    Resident& anyone() {
        return residents_[static_cast<std::size_t>(pick(static_cast<int>(residents_.size())))];
    }

    void step() {
        int dice = pick(100);
        if (dice < 25) return write(anyone());
        if (dice < 90) return exchange(anyone());
        if (dice < 93) return restart_server();
        if (dice < 96) return jump_clocks();
        if (dice < 98) return back_up(anyone());
        return chance(50) ? restore() : clone();
    }

    void write(Resident& who) {
        for (int i = 1 + pick(3); i > 0; --i) {
            std::string text(static_cast<std::size_t>(chance(10) ? pick(60'000) : pick(400)), 'x');
            text += std::to_string(random_());
            clock_.advance(1'000);
            REQUIRE(who.tablet->write(text, clock_.now()).ok());
            remember(*who.tablet, who.tablet->store->size() - 1);
        }
    }
    void remember(const Tablet& tablet, std::uint64_t seq) {
        written_.insert({tablet.name, seq, leaf_hash(tablet.store->entry(seq)->bytes)});
    }

    Bytes spoil(Bytes bytes) {
        if (!bytes.empty())
            for (int i = 1 + pick(3); i > 0; --i)
                bytes[random_() % bytes.size()] ^= static_cast<std::uint8_t>(1U << pick(8));
        return bytes;
    }
    Bytes splice(const Bytes& first, const Bytes& second) {
        Bytes bytes(first.begin(),
                    first.begin() + static_cast<std::ptrdiff_t>(random_() % (first.size() + 1)));
        append(bytes, ByteView(second).subspan(random_() % (second.size() + 1)));
        return bytes;
    }
    const Bytes* old_message(const std::vector<std::pair<wire::LogName, Bytes>>& from,
                             const wire::LogName& peer) {
        if (from.empty()) return nullptr;
        const auto& [name, bytes] = from[random_() % from.size()];
        return name == peer ? &bytes : nullptr;
    }

    // One message and its answer, over a link that may do anything to either.
    void exchange(Resident& who) {
        auto& tablet = *who.tablet;
        if (!who.session || who.session->outcome() != Outcome::working)
            who.session.emplace(tablet.session(server_.ingest->name()));
        auto request = who.session->request().value();
        if (request.empty()) return;
        server_.clock.advance(pick(1'000));
        if (requests_.size() < 200) requests_.emplace_back(tablet.name, request);
        const Bytes* old = old_message(requests_, tablet.name);
        int fault = pick(20);
        if (fault < 8) ++faults;
        if (fault == 0) {  // cut on the way there
            server_.cut(tablet.name, ByteView(request).first(random_() % (request.size() + 1)));
            return who.session->cut();
        }
        if (fault == 1) server_.answer(tablet.name, request);                 // twice
        if (fault == 2 && old != nullptr) server_.answer(tablet.name, *old);  // replayed before it
        if (fault == 3) request = spoil(std::move(request));
        if (fault == 4 && old != nullptr) request = splice(request, *old);
        auto answer = server_.answer(tablet.name, request);
        if (answers_.size() < 200) answers_.emplace_back(tablet.name, answer);
        const Bytes* old_answer = old_message(answers_, tablet.name);
        if (fault == 5) return who.session->cut();  // the answer is lost
        if (fault == 6) answer = spoil(std::move(answer));
        if (fault == 7 && old_answer != nullptr) answer = *old_answer;
        REQUIRE(who.session->answer(answer).ok());
    }

    void restart_server() { server_.start(); }
    void jump_clocks() {
        auto& clock = chance(50) ? clock_ : server_.clock;
        clock.set_wall(1'795'000'000'000 +
                       static_cast<std::int64_t>(random_() % 2'000) * ten_years_ms / 1'000 - ten_years_ms);
    }

    void close(Resident& who) {
        who.session.reset();
        who.tablet->store.reset();
    }
    void back_up(Resident& who) {
        close(who);
        auto to = place_ / ("backup" + std::to_string(backups_.size()));
        std::filesystem::copy(who.tablet->dir, to, std::filesystem::copy_options::recursive);
        who.tablet->open(who.number);
        backups_.emplace_back(who.number, to);
    }
    void meddle(std::uint8_t number) {
        ++meddlings;
        for (auto& resident : residents_)
            if (resident.number == number) resident.meddled = true;
    }
    void restore() {
        if (backups_.empty()) return;
        const auto& [number, from] = backups_[random_() % backups_.size()];
        for (auto& who : residents_) {
            if (who.number != number) continue;
            check_receipts(*who.tablet);
            close(who);
            std::filesystem::remove_all(who.tablet->dir);
            std::filesystem::copy(from, who.tablet->dir, std::filesystem::copy_options::recursive);
            who.tablet->open(number);
            return meddle(number);
        }
    }
    void clone() {
        if (residents_.size() > 7) return;
        auto& who = anyone();
        auto number = who.number;
        auto to = place_ / ("clone" + std::to_string(residents_.size()));
        close(who);
        std::filesystem::copy(who.tablet->dir, to, std::filesystem::copy_options::recursive);
        who.tablet->open(number);
        Resident twin;
        twin.number = number;
        twin.tablet = std::make_unique<Tablet>(number, to);
        residents_.push_back(std::move(twin));
        meddle(number);
    }

    void settle() {
        for (auto& who : residents_) {
            who.session.reset();
            auto session = sync(*who.tablet, server_);
            INFO("tablet " << int{who.number} << ": " << client::to_string(session.outcome()) << " "
                           << session.refusal().text);
            CHECK(session.outcome() != Outcome::working);
            CHECK(session.outcome() != Outcome::refused);
            CHECK(session.outcome() != Outcome::server_forked);
        }
    }

    // No receipt that was ever given is contradicted by the server's log as it is now. By entry; each is verified once, for
    // all the entries that it is of.
    std::map<std::uint64_t, Receipt> check_receipts(const Tablet& tablet) {
        std::map<std::uint64_t, Receipt> found;
        std::map<Bytes, std::vector<Receipt>> verified;
        for (std::uint64_t seq = 0; seq < tablet.store->size(); ++seq) {
            auto kept = tablet.store->receipt(seq).value();
            if (!kept) continue;
            auto [receipts, is_new] = verified.try_emplace(*kept);
            if (is_new) {
                auto all = verify_receipt(tablet, server_.ingest->name(), *kept);
                REQUIRE(all.ok());
                receipts->second = std::move(*all);
            }
            auto says =
                std::ranges::find(receipts->second, seq, [](const auto& each) { return each.says.seq; });
            REQUIRE(says != receipts->second.end());
            CHECK(server_.ledger->leaf(says->index).value() == wire::encode(says->says));
            found.emplace(seq, *says);
        }
        return found;
    }

    // A twin that stands still behind the other is no conflict, until it shows itself again.
    bool holds_as_is(const server::KnownLog& log, const Tablet& tablet) {
        auto size = tablet.store->size();
        return size <= log.held &&
               tree_root(size, server_.ledger->nodes(log.number)).value() == tablet.store->root(size).value();
    }

    void judge() {
        std::set<wire::LogName> frozen;
        std::set<std::tuple<wire::LogName, std::uint64_t, LeafHash>> received;
        auto leaves = server_.ledger->leaf_count().value();
        for (std::uint64_t index = 0; index < leaves; ++index) {
            auto bytes = server_.ledger->leaf(index).value();
            auto leaf = wire::decode_received(bytes);
            if (!leaf.ok()) {  // a notice
                auto notice = decode_canonical(as_text(bytes)).value();
                if (notice["what"] == "frozen")
                    frozen.insert({DeviceId::parse(notice["device"].get<std::string>()).value(), 1});
                continue;
            }
            CHECK(received.insert({leaf->log, leaf->seq, leaf->entry}).second);  // nothing doubled
            CHECK(written_.contains({leaf->log, leaf->seq, leaf->entry}));       // nothing made up
            if (leaf->standing == wire::Standing::conflict) ++conflicts;
        }
        for (auto& who : residents_) {
            auto& tablet = *who.tablet;
            INFO("tablet " << int{who.number});
            auto receipts = check_receipts(tablet);
            const auto log = server_.log(tablet);
            CHECK(tablet.store->unsent().value() == 0);
            for (std::uint64_t seq = 0; seq < tablet.store->size(); ++seq) {  // nothing lost
                auto entry = tablet.store->entry(seq).value();
                REQUIRE(received.contains({tablet.name, seq, leaf_hash(entry.bytes)}));
                REQUIRE(receipts.contains(seq));
                auto held = server_.ledger->entry_by_index(receipts.at(seq).index).value().value();
                auto payloads = server::open_held_parcel(*server_.ledger, server_.reader, log, held).value();
                REQUIRE(payloads.size() == 1);
                CHECK(payloads[0].content == tablet.store->payload(seq, "text").value());
            }
            if (!who.meddled) {  // nobody is suspected who did nothing
                CHECK(log.state == wire::LogState::active);
                CHECK(log.held == tablet.store->size());
                CHECK(tree_root(log.held, server_.ledger->nodes(log.number)).value() ==
                      tablet.store->root(log.held).value());
            } else if (!holds_as_is(log, tablet)) {
                CHECK(frozen.contains(tablet.name));  // an explained conflict
            }
        }
        auto cosigned = server_.ledger->cosignatures().value();
        for (const auto& held : cosigned) {  // by whom it says, of what was signed
            auto note = server_.ledger->checkpoint_at(held.size).value().value();
            auto head = wire::open_server_checkpoint(note, server_.ingest->name()).value();
            auto logs = server_.ledger->all_logs().value();
            auto log = std::ranges::find(logs, held.log, &server::KnownLog::number);
            REQUIRE(log != logs.end());
            CHECK(verify_cosignature(head, held.cosignature, log->key));
            ++cosignatures;
        }
        restart_server();  // and the ledger itself is whole
    }

    std::mt19937 random_;
    Place place_;
    bool settled_;  // before the server opens what is there
    Server server_;
    FakeClock clock_{1'795'000'000'000};
    std::vector<Resident> residents_;
    std::vector<std::pair<std::uint8_t, std::filesystem::path>> backups_;
    std::vector<std::pair<wire::LogName, Bytes>> requests_, answers_;
    std::set<std::tuple<wire::LogName, std::uint64_t, LeafHash>> written_;
};

}  // namespace

TEST_CASE(
    "by any schedule: nothing lost, nothing doubled, no receipt contradicted, every conflict explained") {
    bool full = std::getenv("HANDSLAG_FULL") != nullptr;
    std::uint32_t first = 1, count = on_postgres() ? (full ? 1'000 : 50) : (full ? 50'000 : 5'000);
    if (const char* many = std::getenv("HANDSLAG_SCHEDULES"))
        count = static_cast<std::uint32_t>(std::atoi(many));
    if (const char* begin = std::getenv("HANDSLAG_FIRST"))
        first = static_cast<std::uint32_t>(std::atoi(begin));
    if (const char* seed = std::getenv("HANDSLAG_SEED"))
        first = static_cast<std::uint32_t>(std::atoi(seed)), count = 1;
    // Each schedule takes again what the one before gave back: not from the kernel, page by page.
    ::mallopt(M_TRIM_THRESHOLD, 256 << 20);
    ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
    int meddlings = 0, conflicts = 0, faults = 0, cosignatures = 0;
    for (std::uint32_t seed = first; seed < first + count; ++seed) {
        INFO("HANDSLAG_SEED=" << seed);
        Schedule schedule(seed);
        schedule.run();
        meddlings += schedule.meddlings, conflicts += schedule.conflicts, faults += schedule.faults;
        cosignatures += schedule.cosignatures;
    }
    if (count >= 200) {  // the schedules do reach what they are for
        CHECK(meddlings > 50);
        CHECK(conflicts > 20);
        CHECK(faults > 1'000);
        CHECK(cosignatures > 500);
    }
}
