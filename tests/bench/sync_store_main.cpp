// A tablet's store for sync_peer.sh: sync_store DIR COUNT SIZE makes DIR/store with so many signings, each with a
// certificate of so many random bytes, its keys, and DIR/passphrase. Prints how many bytes there are to send: what the signings
// hold, and their entries in the log; without keys, hashes of parcels, proofs or anything else of the way.
#include <cstdio>
#include <cstdlib>

#include "core/base/file.h"
#include "core/certificate/keyring.h"
#include "tests/support/signing_fixture.h"

int main(int count_of_arguments, char** arguments) {
    using namespace core;
    if (count_of_arguments != 4) {
        std::fputs("usage: sync_store DIR COUNT SIZE\n", stderr);
        return 2;
    }
    const std::filesystem::path dir = arguments[1], store_dir = dir / "store";
    const int count = std::atoi(arguments[2]);
    const auto size = static_cast<std::size_t>(std::atoi(arguments[3]));
    std::filesystem::create_directories(store_dir);
    auto created = Keyring::create(store_dir, HANDSLAG_SOURCE_DIR "/assets/words/passphrase-sv.txt",
                                   "surfplatta A", test::now().wall_ms, 10)
                       .value();
    CHECK_THAT(write_file_durably(dir / "passphrase", as_bytes(created.secrets.passphrase)).ok());
    auto& keyring = created.keyring;
    auto log_key = keyring.log_key().value();
    StoreIdentity identity{keyring.device(), keyring.epoch(), log_key.public_key()};
    auto store = Store::open(store_dir, identity, keyring.payload_key(), std::move(log_key)).value();
    std::size_t payload = 0;
    constexpr int at_once = 100;
    for (int done = 0; done < count;) {
        std::vector<Append> some;
        while (done < count && some.size() < at_once) {
            ++done;
            some.push_back(test::signing(done, "Föreningen nummer " + std::to_string(done)));
            some.back().entry.payloads["certificate"] = random_bytes(size);
            for (const auto& [name, content] : some.back().entry.payloads) payload += content.size();
        }
        CHECK_THAT(store.append_all(some).ok());
    }
    for (std::uint64_t seq = 0; seq < store.size(); ++seq) payload += store.entry(seq)->bytes.size();
    std::printf("%zu\n", payload);
}
