// A tablet whose seal key lies in a PKCS#11 token: from the staff's setting to a sealed certificate, and what happens
// when the token is away.
#include <doctest/doctest.h>

#include "core/base/file.h"
#include "core/certificate/keyring.h"
#include "core/certificate/verify.h"
#include "tests/support/soft_token.h"
#include "tests/unit/kiosk/room.h"

using namespace kiosk_test;

TEST_CASE("a tablet seals with a token's key; a token that is away is said, and nothing is lost") {
    if (!test::SoftToken::is_here()) return;
    test::SoftToken token;
    token.generate("sigill", "01");
    Folder folder;
    std::string passphrase;
    {
        Room room(folder.path);
        room.ask<Started>(LoadStart{});
        passphrase = room.ask<KeyringCreated>(CreateKeyring{'A'}).passphrase;
        room.ask<PinSet>(SetPin{"739164"});
    }
    auto keys = folder.path / "store" / "keys";
    {
        auto keyring = core::Keyring::open(keys, passphrase);
        REQUIRE(keyring.ok());
        CHECK(keyring->seal_token().empty());
        auto refused = [&](const std::string& uri, const char* pin) {
            return keyring->use_seal_token(uri, pin).error().code;
        };
        CHECK(refused("/tmp/seal.key", "4711") == core::Errc::not_allowed);
        CHECK(refused(test::SoftToken::uri("sigill"), "0815") == core::Errc::token_silent);
        CHECK(refused(test::SoftToken::uri("saknas"), "4711") == core::Errc::token_silent);
        CHECK(keyring->has_seal_certificate());  // what was refused has changed nothing
        REQUIRE(keyring->use_seal_token(test::SoftToken::uri("sigill"), "4711").ok());
        CHECK_FALSE(keyring->has_seal_certificate());
        CHECK_FALSE(fs::exists(keys / "seal.key"));
    }
    // A demonstration's CA answers the request at the next start, as the municipality's would by hand.
    auto sign = [&](Room& room, const core::Ceremony& ceremony, int expected) {
        return input_for(ceremony, room.ask<FreshId>(NewId{}).id, expected);
    };
    {
        Room room(folder.path);
        auto started = room.ask<Started>(LoadStart{});
        room.ask<Unlocked>(Unlock{passphrase, false});
        room.ask<CeremonyOpened>(OpenCeremony{});
        auto done = room.ask<SigningCompleted>(CompleteSigning{sign(room, *started.ceremony, 0)});
        room.plug_in("VISITOR");
        auto stick = room.wait_for<StickChanged>().sticks.front().path;
        room.ask<HandedOver>(HandOver{done.certificate.seq, stick});
        auto pdf =
            core::read_file(fs::path(stick) / ("handslag-" + done.certificate.certificate_number + ".pdf"));
        auto root = core::read_file(folder.path / "store" / "demo-ca" / "root.crt");
        REQUIRE((pdf.ok() && root.ok()));
        auto report = core::verify_certificate(*pdf, core::as_text(*root), core::SystemClock().wall_ms());
        REQUIRE(report.ok());
        CHECK(report->verdict == core::Verdict::valid);

        token.pull_out();
        auto late = sign(room, *started.ceremony, 1);
        auto failed = room.ask<Failed>(CompleteSigning{late});
        CHECK(failed.trouble.error.code == core::Errc::token_silent);
        CHECK(room.ask<ListsRead>(ReadLists{}).lists.signings.size() == 1);
        token.put_in("sigill", "01");
        CHECK(room.ask<SigningCompleted>(CompleteSigning{late}).lists.signings.size() == 2);
        token.pull_out();
    }
    Room room(folder.path);
    room.ask<Started>(LoadStart{});
    CHECK(room.ask<Failed>(Unlock{passphrase, false}).trouble.error.code == core::Errc::token_silent);
    token.put_in("sigill", "01");
    CHECK(room.ask<Unlocked>(Unlock{passphrase, false}).lists.signings.size() == 2);
}
