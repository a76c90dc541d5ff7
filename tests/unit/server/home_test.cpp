#include "sync/server/home.h"

#include <doctest/doctest.h>

#include "core/certificate/keyring.h"
#include "tests/support/store_fixture.h"

using namespace core;

TEST_CASE("a transfer key that is sealed anew again and again fills no memory") {
    test::Folder folder;
    server::HomeSettings settings;
    settings.dir = folder.path() / "server";
    auto home = server::Home::open(settings, SystemClock()).value();
    auto& key = *home.bundle_key;
    const SecretKey transfer_key(Bytes(32, 7));
    for (std::size_t i = 0; i < server::BundleKey::most_opened + 2; ++i) {
        auto sealed = seal_to(key.certificate_pem(), transfer_key.bytes()).value();
        REQUIRE(std::ranges::equal(key.open_transfer_key(sealed)->bytes(), transfer_key.bytes()));
    }
    CHECK(key.remembered() <= server::BundleKey::most_opened);
}
