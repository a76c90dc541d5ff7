// expected.csv: the organisations that are invited. Internal to core/model; format: FORMAT.md.
#pragma once

#include "core/model/ceremony.h"
#include "core/model/findings.h"

namespace core {

struct ExpectedRules {
    bool networks_may_sign = false;
    int representatives_required = 1;
    Date held;  // no decision after this day
};

// No cell of the file is ever repeated in a message, but for names of organisations and forms: cells may hold
// a person's number in the wrong column.
std::vector<ExpectedOrganisation> read_expected(SourceFolder& folder, const ExpectedRules& rules);

}  // namespace core
