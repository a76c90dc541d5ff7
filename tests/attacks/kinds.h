// Kinds: each way of forging or changing a certificate that we know, with the check that must refuse it.
//
// A kind may try many files (every bit); each of them must be refused, and by the check that is named here
// ("form" is a file that cannot even be read, "undecided" a verdict of its own). The names of checks:
// core/certificate/verify.h.
//
// seal_kinds   in the CMS, by somebody without the key, or with it in another form
// file_kinds   around the seal: increments, wrapping, byte ranges, what hostile files cost
// page_kinds   sealed with a true key: structure that acts or hides, pages that show other than they say
// record_kinds sealed with a true key: a record that says other than the pages; whose certificate it is, and when
// ladder_kinds timestamps, revocation data and increments (core/longterm)
// token_kinds  in the last timestamp's own CMS: the same statement in other bytes
//
// A new kind goes into the list that it belongs to. All are judged as `handslag verify` judges.
#pragma once

#include "core/longterm/judge.h"
#include "tests/attacks/workbench.h"
#include "tests/support/ladder.h"

namespace attacks {

struct Kind {
    std::string name;
    std::string refused_by;  // a check; several with | between them where the place decides
    // Gives each file of this kind to the receiver.
    std::function<void(const std::function<void(Bytes)>&)> make;
    std::string trust = {}, trust_tsa = {};  // trust: the victim's root when empty
    std::int64_t at_ms = test::now_ms;
    core::ValidationData more = {};  // that the verifier was given besides the file
    std::string level = {};  // that whoever verifies was told; a valid file of another is refused by "level"
};
// Of one file.
inline Kind one(std::string name, std::string refused_by, std::function<Bytes()> make) {
    return {std::move(name), std::move(refused_by),
            [make = std::move(make)](const std::function<void(Bytes)>& take) { take(make()); }};
}

std::vector<Kind> seal_kinds();
std::vector<Kind> file_kinds();
std::vector<Kind> page_kinds();
std::vector<Kind> record_kinds();
std::vector<Kind> ladder_kinds();
std::vector<Kind> token_kinds();

const test::Ladder& shared_ladder();  // of ladder_kinds and token_kinds

}  // namespace attacks
