#include "sync/protocol/parcel.h"

#include <doctest/doctest.h>

#include "sync/protocol/invitation.h"
#include "sync/protocol/received.h"
#include "tests/support/signing_fixture.h"

using namespace core;
using namespace wire;

namespace {

const LogName log_name{test::identity().device, 1};
SecretKey key() { return transfer_key(test::payload_key()); }

}  // namespace

TEST_CASE("a parcel holds what the entry commits to, and is the same at every try") {
    test::Folder folder;
    auto store = test::open_store(folder.path()).value();
    REQUIRE(store.append(test::signing(1)).ok());
    auto sealed = read_parcel(store, key(), 0).value().value();
    CHECK(sealed == read_parcel(store, key(), 0).value().value());
    auto payloads = decode_parcel(open_parcel(key(), log_name, 0, sealed).value()).value();
    REQUIRE(payloads.size() == 3);
    CHECK(payloads[0].name == "certificate");
    CHECK(payloads[0].content == Bytes(3000, 1));
    CHECK(as_text(payloads[1].content) == "contact of 1");
    CHECK(check_parcel(store.entry(0).value(), payloads).ok());
    payloads[1].content[0] ^= 1;
    CHECK(check_parcel(store.entry(0).value(), payloads).error().code == Errc::damaged);
    CHECK(as_text(sealed).find("contact of") == std::string_view::npos);
}

TEST_CASE("a sealed parcel opens only at its own place and under its own key") {
    auto sealed = seal_parcel(key(), log_name, 7, as_bytes("content"));
    CHECK(as_text(open_parcel(key(), log_name, 7, sealed).value()) == "content");
    CHECK(open_parcel(key(), log_name, 8, sealed).error().code == Errc::damaged);
    CHECK(open_parcel(key(), {log_name.device, 2}, 7, sealed).error().code == Errc::damaged);
    CHECK(open_parcel(transfer_key(SecretKey(Bytes(32, 9))), log_name, 7, sealed).error().code ==
          Errc::damaged);
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        auto flipped = sealed;
        flipped[at] ^= 1;
        CHECK(!open_parcel(key(), log_name, 7, flipped).ok());
    }
}

TEST_CASE("an entry without payloads, or whose payloads were erased, has no parcel") {
    test::Folder folder;
    auto store = test::open_store(folder.path()).value();
    REQUIRE(store.append(test::signing(1)).ok());
    REQUIRE(store.append({{"opened", {}, {}, {}, test::now()}, {}, {}}).ok());
    REQUIRE(store.erase(0, "KS 2027:4", test::now()).ok());
    for (std::uint64_t seq = 0; seq < 3; ++seq)
        CHECK_FALSE(read_parcel(store, key(), seq).value().has_value());
}

TEST_CASE("a parcel that is cut, out of order, or of another version is refused") {
    auto bytes = encode_parcel({{"a", Bytes(32, 1), to_bytes("x")}, {"b", Bytes(32, 2), {}}});
    CHECK(decode_parcel(bytes)->size() == 2);
    int whole = 0;
    for (std::size_t size = 0; size < bytes.size(); ++size)
        whole += decode_parcel(ByteView(bytes).first(size)).ok();
    CHECK(whole == 2);  // after the head, and after the first payload: only the entry tells what is missing
    auto swapped = encode_parcel({{"b", Bytes(32, 1), {}}, {"a", Bytes(32, 2), {}}});
    CHECK(decode_parcel(swapped).error().code == Errc::malformed);
    bytes[16] = '2';
    CHECK(decode_parcel(bytes).error().code == Errc::newer_version);
}

TEST_CASE("a leaf of the server's log reads back, and only in its one spelling") {
    Received received{log_name,           3, leaf_hash(as_bytes("e")), ParcelHash::of(as_bytes("p")),
                      Standing::conflict, 5};
    auto bytes = encode(received);
    CHECK(decode_received(bytes).value() == received);
    received.parcel.reset();
    CHECK(decode_received(encode(received)).value() == received);
    bytes.insert(bytes.end() - 1, ' ');
    CHECK(!decode_received(bytes).ok());
    CHECK(!decode_received(encode(Notice{log_name, "frozen", "", 3, 5})).ok());
}

TEST_CASE("an invitation survives being typed, and nothing else passes for one") {
    Invitation invitation{"https://server.example:8443", "ABCD1234", "sha256//AAAA="};
    CHECK(parse_invitation(encode(invitation)).value() == invitation);
    CHECK(parse_invitation("  handslag-invitation/1  https://server.example:8443 abcd1234  sha256//AAAA=\n")
              .value() == invitation);
    for (const char* other :
         {"", "handslag-invitation/2 https://x C sha256//A", "handslag-invitation/1 http://x C sha256//A",
          "handslag-invitation/1 https://x C", "handslag-invitation/1 https://x C D"})
        CHECK(parse_invitation(other).error().code == Errc::malformed);
    LogName log{test::identity().device, 3};
    CHECK(as_text(enrolment_message("CODE", log, "pem")).starts_with("handslag-enrol/1\nCODE\n01932f5e-"));
    CHECK(enrolment_message("CODE", log, "pem") != enrolment_message("CODE", log, "PEM"));
}
