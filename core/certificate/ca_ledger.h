// CA ledger: issued.csv and revoked.csv, one row a certificate. Private to core/certificate.
//
// UTF-8, fields in quotation marks and parted by semicolons (as Swedish spreadsheets want), a header row,
// newest last.
#pragma once

#include "core/certificate/ca.h"

namespace core {

Result<std::vector<CaOverview::Row>> read_ledger(const std::filesystem::path& file);
Status add_to_ledger(const std::filesystem::path& file,
                     const CaOverview::Row& row);  // durable, whole or not at all
Status start_ledger(const std::filesystem::path& file);

// revoked.csv, of the same form; a CA without it has revoked nothing.
Result<std::vector<CaOverview::Revoked>> read_revoked(const std::filesystem::path& file);
Status add_to_revoked(const std::filesystem::path& file, const CaOverview::Revoked& row);

// One writer at a time, also among processes; held until it goes out of scope.
class LedgerLock {
  public:
    static Result<LedgerLock> take(const std::filesystem::path& dir);
    LedgerLock(LedgerLock&& other) noexcept;
    LedgerLock& operator=(LedgerLock&&) = delete;
    ~LedgerLock();

  private:
    explicit LedgerLock(int fd) : fd_(fd) {}
    int fd_;
};

}  // namespace core
