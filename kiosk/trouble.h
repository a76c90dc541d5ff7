// Trouble: what went wrong in the world, and the words for it, chosen in one place (kiosk/words_for.cpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace kiosk {

// What went wrong in the world, until somebody dismisses it or tries again.
enum class Job {
    load_start,
    create_keyring,
    unlock,
    set_pin,
    try_pin,
    try_passphrase,
    save_request,
    install_certificate,
    open_ceremony,
    save_draft,
    drop_draft,
    new_id,
    check_drawable,
    complete_signing,
    void_signing,
    show_certificate,
    close_ceremony,
    hand_over,
    print,
    copy_to_stick,
    read_lists,
    decline,
    write_forms,
    enrol,
    start_sync,
    keep_retention,
    use_ceremony,
    wipe,
};
struct Trouble {
    Job job = Job::load_start;
    core::Error error;
};

// The words for visitors, chosen in this one place. Both are names of messages.
enum class Gravity { told, warned, stopped };
struct Wording {
    std::string message, remedy;
    Gravity gravity = Gravity::warned;
    std::int64_t wait_s = 0;  // throttled: for {seconds}
};
Wording words_for(const core::Error& error);
namespace told {  // what update() itself says in the same place: details of Errc::not_allowed, names of
                  // messages
inline constexpr std::string_view changed_since_signed = "changed_since_signed";
inline constexpr std::string_view changed_since_countersigned = "changed_since_countersigned";
inline constexpr std::string_view another_ceremony = "another_ceremony";
inline constexpr std::string_view headphones_first = "headphones_first";
}  // namespace told

}  // namespace kiosk
