// A visitor's own link, before either ledger.
#include "sync/ingest/personal_link.h"

#include <doctest/doctest.h>

#include "core/base/file.h"
#include "sync/ingest/acts.h"
#include "sync/ingest/register.h"
#include "sync/ingest/signed_feed.h"
#include "sync/protocol/signed_list.h"
#include "tests/sync/town.h"

using namespace town;

namespace {

constexpr std::string_view token = "0123456789ABCDEFGHJKMNPQRS";

Append linked(int counter, std::string_view link) {
    auto what = test::signing(counter);
    PrivatePayload part;
    part.id = test::record(counter).id;
    part.language = "sv";
    part.link = link;
    what.entry.payloads["private"] = to_bytes(encode(part));
    return what;
}

std::optional<std::uint64_t> find(Server& server, std::string_view text) {
    return server::find_personal_link(*server.ledger, text).value();
}

}  // namespace

TEST_CASE("a link is found once its signing has come, by its token alone, and leads to the sealed file") {
    Place place;
    Server server(place / "server.db");
    Tablet tablet(1, place / "tablet");
    server.enrol(tablet);
    REQUIRE(tablet.store->append(test::signing(1)).ok());  // as before there were links
    REQUIRE(tablet.store->append(linked(2, token)).ok());
    CHECK_FALSE(find(server, token));
    sync(tablet, server);
    REQUIRE(server::derive_register(*server.ledger, server.reader).ok());

    auto index = find(server, token);
    REQUIRE(index);
    CHECK(find(server, "0123456789abcdefghjkmnpqrs") == index);
    CHECK(server.ledger->lines(*index, 1)->front().certificate_number ==
          certificate_number("TEST26", 'A', 2));
    CHECK(server::read_certificate(*server.ledger, server.reader, *index).value() == Bytes(3000, 2));
    for (std::string_view other : {"", "0123456789ABCDEFGHJKMNPQRT", "personal_link", "../p", "\xff"})
        CHECK_FALSE(find(server, other));
    CHECK(server::read_certificate(*server.ledger, server.reader, 999).error().code == Errc::not_found);

    CHECK(server::is_derived(*server.ledger, *index).value());
    CHECK_FALSE(server::is_derived(*server.ledger, 999).value());
    REQUIRE(server::rebuild_register(*server.ledger, server.reader).ok());
    CHECK(find(server, token) == index);
    server.stop();
    if (!on_postgres())  // the parcel is sealed, and the ledger has but a hash
        CHECK(as_text(read_file(server.file, 1 << 30).value()).find(token) == std::string_view::npos);
    server.start();
}

TEST_CASE("a signing whose certificate was erased before it came has a link that leads to nothing") {
    Place place;
    Server server(place / "server.db");
    Tablet tablet(1, place / "tablet");
    server.enrol(tablet);
    auto bare = linked(1, token);
    bare.entry.payloads.erase("certificate");
    REQUIRE(tablet.store->append(bare).ok());
    sync(tablet, server);
    REQUIRE(server::derive_register(*server.ledger, server.reader).ok());
    auto index = find(server, token);
    REQUIRE(index);
    CHECK_FALSE(server::read_certificate(*server.ledger, server.reader, *index).value());
}

TEST_CASE("a parcel that staff erased leaves a link to nothing, and a feed that goes on") {
    Place place;
    Server server(place / "server.db");
    Tablet tablet(1, place / "tablet");
    server.enrol(tablet);
    REQUIRE(tablet.store->append(linked(1, token)).ok());
    REQUIRE(tablet.store->append(test::signing(2, "Föreningen Två")).ok());
    sync(tablet, server);
    REQUIRE(server::derive_register(*server.ledger, server.reader).ok());
    auto index = find(server, token);
    REQUIRE(index);
    REQUIRE(server::erase(*server.ingest, *server.ledger, *index, "KS 2026/123", 1).ok());
    REQUIRE(server::derive_register(*server.ledger, server.reader).ok());
    CHECK_FALSE(server::read_certificate(*server.ledger, server.reader, *index).value());
    REQUIRE(server::publish_signed(*server.ledger).ok());
    Tablet other(2, place / "other");
    server.enrol(other);
    auto told = server.ingest->feed_for(other.name, 0).value();
    REQUIRE(told.size() == 1);
    CHECK(wire::decode_signed_list(told[0].content)->lines.size() == 1);
}
