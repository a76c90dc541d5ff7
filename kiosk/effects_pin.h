// PIN tries: a durable count of wrong PINs (ARCHITECTURE.md, decision 3). The PIN is no key, but it opens the
// host's desk.
//
// Two wrong tries cost nothing; the third makes everybody wait 30 s, the next 60 s, and so on, at most an
// hour. A try is counted before it is judged, so that a power cut buys none. Waiting is measured by the
// monotonic clock: setting the time does not shorten it, and after a restart it begins anew. After fifteen
// wrong ones no PIN is right any more, until the passphrase has been given.
// Where the disk takes nothing more, tries are counted in memory, or the host could not come in to make room: a restart,
// which forgets those, asks for the passphrase.
#pragma once

#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/evidence/store.h"

namespace kiosk {

class PinTries {
  public:
    PinTries(core::Store& store, const core::Clock& clock) : store_(&store), clock_(&clock) {}

    core::Result<std::int64_t> wait_s();  // 0: one may try
    core::Result<bool> spent();           // only the passphrase helps now
    core::Status count_try();             // before the PIN is looked at
    core::Status succeed();               // the PIN or the passphrase was right: forget the tries

    static constexpr int most_tries = 15;

    static std::int64_t wait_after_s(int wrong_tries);

  private:
    struct Tries {
        int wrong = 0;
        std::int64_t last_monotonic_ms = 0;
        std::string boot_id;
    };
    core::Result<Tries> read() const;
    void write(const Tries& tries);

    core::Store* store_;
    const core::Clock* clock_;
    std::optional<Tries> unwritten_;
};

}  // namespace kiosk
