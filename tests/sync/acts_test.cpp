// What staff decide about what has come: on the list, in the log, and for ever.
#include "sync/ingest/acts.h"

#include <fstream>

#include <doctest/doctest.h>

#include "sync/ingest/ledger_audit.h"
#include "sync/ingest/register.h"
#include "tests/sync/town.h"

using namespace town;
using What = wire::Act::What;

namespace {

constexpr const char* reference = "KS 2026/123";

struct Town {
    Place place;
    Server server{place / "server.db"};
    Tablet tablet{1, place / "tablet"};
    Town() {
        server.enrol(tablet);
        for (std::uint8_t number : {1, 2, 3})
            REQUIRE(tablet.store->append(test::signing(number, names[number - 1])).ok());
        sync(tablet, server);
        derive();
    }
    static constexpr const char* names[] = {"Föreningen Ett", "Kören Två", "Ett"};

    void derive() { REQUIRE(server::derive_register(*server.ledger, server.reader).ok()); }
    std::vector<server::RegisterLine> lines() { return server.ledger->lines(0, 100).value(); }
    std::uint64_t standing() {
        auto kept = server::standing_total(*server.ledger).value();
        CHECK(kept == server.ledger->count_standing_lines().value());
        return kept;
    }
    Status decide(What what, std::uint64_t index, std::optional<std::uint64_t> other = {}) {
        auto done = server::decide(*server.ingest, *server.ledger,
                                   {what, index, other, reference, server.clock.wall_ms()});
        derive();
        return done;
    }
    // Dropped and derived anew, the list is the same.
    void check_derived_anew() {
        auto before = lines();
        auto counted = standing();
        REQUIRE(server::rebuild_register(*server.ledger, server.reader).ok());
        CHECK(lines() == before);
        CHECK(standing() == counted);
    }
    server::LedgerAudit audit() {
        return server::audit_ledger(*server.ledger, server.ingest->name()).value();
    }
};

bool holds(const std::filesystem::path& folder, ByteView wanted) {
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        if (!file.is_regular_file()) continue;
        std::ifstream in(file.path(), std::ios::binary);
        std::string bytes((std::istreambuf_iterator<char>(in)), {});
        if (bytes.find(as_text(wanted)) != std::string::npos) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("an organisation that leaves is counted no more, and may come back") {
    Town town;
    auto index = town.lines()[1].index;
    CHECK(town.standing() == 3);
    REQUIRE(town.decide(What::withdrawn, index).ok());
    CHECK(town.standing() == 2);
    CHECK(town.lines()[1].withdrawn_ms == town.server.clock.wall_ms());
    CHECK(town.decide(What::withdrawn, index).error().code == Errc::not_allowed);
    town.check_derived_anew();
    REQUIRE(town.decide(What::rejoined, index).ok());
    CHECK(town.standing() == 3);
    CHECK(town.lines()[1].withdrawn_ms == 0);
    town.check_derived_anew();
    auto act =
        wire::decode_act(town.server.ledger->leaf(town.server.ledger->leaf_count().value() - 1).value());
    REQUIRE(act.ok());
    CHECK(act->what == What::rejoined);
    CHECK(act->decision == reference);
    CHECK(town.audit().findings.empty());
}

TEST_CASE("two signings of one organisation are shown to staff, and counted once when they say so") {
    Town town;
    auto found = server::candidates(*town.server.ledger).value();
    REQUIRE(found.size() == 1);  // "Föreningen Ett" and "Ett"
    auto first = found[0].first.index, second = found[0].second.index;
    CHECK(town.decide(What::same_as, first, first).error().code == Errc::not_allowed);
    REQUIRE(town.decide(What::same_as, second, first).ok());
    CHECK(town.standing() == 2);
    CHECK(server::candidates(*town.server.ledger)->empty());
    CHECK(town.decide(What::same_as, first, second).error().code == Errc::not_allowed);  // no ring
    town.check_derived_anew();
    REQUIRE(town.decide(What::apart, second).ok());
    CHECK(town.standing() == 3);
    CHECK(town.decide(What::apart, second).error().code == Errc::not_allowed);
    town.check_derived_anew();
}

TEST_CASE("what a lost tablet sent afterwards counts when staff say so, and not before") {
    Town town;
    REQUIRE(town.server.ingest->revoke(town.tablet.name, "reported lost").ok());
    REQUIRE(town.tablet.store->append(test::signing(4, "Föreningen Fyra")).ok());
    REQUIRE(town.tablet.store->append(test::signing(5, "Föreningen Fem")).ok());
    REQUIRE(town.tablet.store->append(test::voiding(3, "fel")).ok());
    sync(town.tablet, town.server);
    town.derive();
    auto apart = server::kept_apart(*town.server.ledger).value();
    REQUIRE(apart.size() == 3);
    CHECK(apart[0].kind == "signing");
    CHECK(town.standing() == 3);
    REQUIRE(town.decide(What::left_apart, apart[1].entry.index).ok());
    REQUIRE(town.decide(What::taken_up, apart[0].entry.index).ok());
    CHECK(town.standing() == 4);
    CHECK(town.decide(What::taken_up, apart[0].entry.index).error().code == Errc::not_allowed);
    REQUIRE(town.decide(What::taken_up, apart[2].entry.index).ok());  // the voiding: of the first
    CHECK(town.standing() == 3);
    CHECK(town.lines().back().voided);
    CHECK(server::kept_apart(*town.server.ledger)->empty());
    CHECK(town.decide(What::taken_up, town.lines()[0].index).error().code == Errc::not_allowed);
    town.check_derived_anew();
    CHECK(town.audit().findings.empty());
}

TEST_CASE("what is erased is gone from the ledger's files, and the log still proves all of it") {
    Town town;
    REQUIRE(town.tablet.store->append(test::voiding(0, "ett hemligt skäl")).ok());
    sync(town.tablet, town.server);
    town.derive();
    auto first = town.lines()[0];
    auto entry = town.server.ledger->entry_by_index(first.index).value().value();
    auto log = town.server.ledger->find_log(town.tablet.name).value().value();
    auto parcel = town.server.ledger->read_blob(log.number, *entry.parcel).value();
    auto piece = ByteView(parcel).subspan(parcel.size() / 2, 24);
    if (!on_postgres()) REQUIRE(holds(town.server.file.parent_path(), piece));
    auto before = town.server.ingest->checkpoint().value();

    CHECK(
        server::erase(*town.server.ingest, *town.server.ledger, first.index, "utan nummer", 1).error().code ==
        Errc::malformed);
    auto erased = server::erase(*town.server.ingest, *town.server.ledger, first.index, reference,
                                town.server.clock.wall_ms());
    REQUIRE(erased.ok());
    CHECK(erased->size() == 2);  // and its voiding, which has a reason
    town.derive();
    REQUIRE(town.server.ledger->scrub().ok());
    if (!on_postgres()) CHECK_FALSE(holds(town.server.file.parent_path(), piece));
    CHECK(town.lines().size() == 2);
    CHECK(town.standing() == 2);
    town.check_derived_anew();

    auto audit = town.audit();
    CHECK(audit.findings.empty());
    CHECK(audit.erased == 2);
    // The log only grew.
    auto old_head = wire::open_server_checkpoint(before, town.server.ingest->name()).value();
    auto new_head =
        wire::open_server_checkpoint(town.server.ingest->checkpoint().value(), town.server.ingest->name())
            .value();
    auto growth = consistency_proof(old_head.size, new_head.size, town.server.ledger->nodes(0)).value();
    CHECK(verify_consistency(old_head.size, old_head.root, new_head.size, new_head.root, growth));
    CHECK(server::erase(*town.server.ingest, *town.server.ledger, first.index, reference, 1).error().code ==
          Errc::not_allowed);
}

TEST_CASE("a tablet that sends again what was erased gets its receipts, and does not bring it back") {
    Town town;
    auto first = town.lines()[0];
    auto entry = town.server.ledger->entry_by_index(first.index).value().value();
    auto log = town.server.ledger->find_log(town.tablet.name).value().value();
    auto parcel = town.server.ledger->read_blob(log.number, *entry.parcel).value();
    REQUIRE(server::erase(*town.server.ingest, *town.server.ledger, first.index, reference, 1).ok());
    std::vector<wire::BlobPart> parts{{*entry.parcel, parcel.size(), 0, parcel}};
    auto held = town.server.ingest->blobs(town.tablet.name, parts);
    REQUIRE(held.ok());
    REQUIRE(held->parcels.size() == 1);
    CHECK(held->parcels[0].offset == parcel.size());  // nothing more is wanted
    CHECK_FALSE(town.server.ledger->find_blob(log.number, *entry.parcel).value());
    // A copy of the tablet from before its first sync sends everything anew.
    sync(town.tablet, town.server);
    REQUIRE(town.tablet.store->append(test::signing(4, "Föreningen Fyra")).ok());
    sync(town.tablet, town.server);
    town.derive();
    CHECK(town.lines().size() == 3);
    CHECK(town.audit().findings.empty());
}

TEST_CASE("the audit finds a parcel that is gone without a decision") {
    Town town;
    auto line = town.lines()[2];
    auto entry = town.server.ledger->entry_by_index(line.index).value().value();
    auto log = town.server.ledger->find_log(town.tablet.name).value().value();
    CHECK(town.audit().parcels == 3);
    REQUIRE(
        town.server.ledger->transact([&] { return town.server.ledger->drop_blob(log.number, *entry.parcel); })
            .ok());
    auto audit = town.audit();
    REQUIRE(audit.findings.size() == 1);
    CHECK(audit.findings[0].find("#" + std::to_string(line.index)) == 0);
}

TEST_CASE("a reference of a decision is one line with a number") {
    for (const char* good : {"KS 2026/123", "§ 84", "Gallringsbeslut 7"}) CHECK(wire::is_reference(good));
    for (const char* wrong : {"", "beslut", " KS 2026/1", "KS\n1", "\xFF 1"})
        CHECK_FALSE(wire::is_reference(wrong));
    CHECK_FALSE(wire::is_reference(std::string(200, '1')));
    wire::Act act{What::same_as, 12, 5, reference, 1'795'000'000'000};
    CHECK(wire::decode_act(wire::encode(act)).value() == act);
    auto bytes = wire::encode(act);
    bytes.back() = ' ';
    CHECK_FALSE(wire::decode_act(bytes).ok());
}
