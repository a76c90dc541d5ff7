// The town again, with sticks instead of a link.
#pragma once

#include "core/base/file.h"
#include "sync/client/stick.h"
#include "sync/ingest/register.h"
#include "sync/ingest/stick.h"
#include "tests/sync/town.h"

namespace town {

using Path = std::filesystem::path;
using client::BundleSettings;
using server::Gaps;

inline std::string words_of(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i) + " ";
    return text.substr(0, size);
}

struct Stick {
    explicit Stick(Path where) : folder(std::move(where)) { std::filesystem::create_directories(folder); }
    std::vector<Path> write(Tablet& tablet, const Server& server, BundleSettings wanted = {}) const {
        auto written =
            client::write_bundle(*tablet.store, tablet.settings(server.ingest->name()), wanted, folder);
        CHECK_THAT(written.ok());
        return written->parts;
    }
    Path folder;
};

inline server::TakenSticks take(Server& server, const std::vector<Path>& files, Gaps gaps = Gaps::wait) {
    auto taken = server::take_bundles(door_of(*server.ingest, *server.ledger), files, open_seal, gaps);
    CHECK_THAT(taken.ok());
    CHECK_THAT(server::derive_register(*server.ledger, server.reader).ok());
    return std::move(*taken);
}

inline Result<client::Session> read_receipts(Tablet& tablet, const Server& server, ByteView file) {
    auto path = tablet.dir.parent_path() / "receipts";
    CHECK_THAT(write_file_durably(path, file).ok());
    return client::read_receipts(*tablet.store, tablet.settings(server.ingest->name()), path);
}

// The whole way there and back.
inline client::Session sync_by_stick(Tablet& tablet, Server& server, const Stick& stick,
                                     BundleSettings wanted = {}) {
    auto taken = take(server, stick.write(tablet, server, wanted));
    REQUIRE(taken.refused.empty());
    REQUIRE(taken.bundles.size() == 1);
    CHECK(taken.bundles[0].remarks.empty());
    CHECK(taken.bundles[0].missing.empty());
    auto session = read_receipts(tablet, server, taken.bundles[0].receipts);
    REQUIRE(session.ok());
    return std::move(*session);
}

}  // namespace town
