// Demo output: what a headless run leaves behind, laid out so that anybody can look at it, and judged before
// it is shown.
//
// OUT/certificates/*.pdf, OUT/ceremony-protocol.pdf, OUT/ca.pem, OUT/passphrase.txt; OUT/store and
// OUT/screens were made by the run itself. Only for stores of a demonstration: their passphrase lies beside
// them (kiosk/demo.h).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace kiosk {

struct Delivery {
    struct Line {
        std::string path, what;  // path within OUT
    };
    std::vector<Line> lines;
    std::vector<std::string> failures;  // empty: every certificate is valid and the audit found nothing
    int certificates = 0, voided = 0;
};

// Opens the store anew, as an auditor would: nothing of the run's memory is used.
core::Result<Delivery> deliver(const std::filesystem::path& out, const std::filesystem::path& store_dir,
                               std::int64_t now_ms);

}  // namespace kiosk
