// Signing input: what the tablet gathered from people, before anything is sealed. Values only: screens and
// drafts hold it.
#pragma once

#include "core/model/signing_record.h"

namespace core {

// What the tablet gathered from people.
struct SigningInput {
    SigningId id;
    std::string replaces;  // certificate number of the voided one
    Organisation organisation;
    Decision decision;
    std::vector<RecordedCriterion> criteria;
    std::vector<RepresentativeSignature> representatives;
    std::vector<MunicipalSignature> municipal;  // empty when the ceremony countersigns at closing
    PrivatePayload private_payload;
    std::string draft;  // dropped in the same transaction; may be empty
};

}  // namespace core
