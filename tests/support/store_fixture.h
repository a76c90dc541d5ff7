// A store of one's own in a folder that goes away, with fixed keys.
#pragma once

#include <filesystem>

#include <unistd.h>

#include "core/evidence/store.h"

namespace test {

class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "handslag-test-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path database() const { return path_ / "handslag.db"; }

  private:
    std::filesystem::path path_;
};

inline core::Ed25519Key log_key() { return core::Ed25519Key::from_seed(core::Bytes(32, 1)).value(); }
inline core::SecretKey payload_key() { return core::SecretKey(core::Bytes(32, 2)); }
inline core::StoreIdentity identity() {
    return {{core::parse_uuid("01932f5e-7a10-7c3d-9e21-5b1f0c2d3e4f").value()}, 1, log_key().public_key()};
}
inline core::ClockReading now() { return core::FakeClock(1'795'000'000'000).now(); }

inline core::Result<core::Store> open_store(const std::filesystem::path& dir,
                                            const core::StoreOptions& options = {}) {
    return core::Store::open(dir, identity(), payload_key(), log_key(), options);
}

// An entry of no particular kind with one payload.
inline core::Append note(std::string_view payload) {
    return {{"note", {{"text", core::to_bytes(payload)}}, {}, {}, now()}, {}, {}};
}

}  // namespace test
