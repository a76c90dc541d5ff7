// Sha256Stream: the SHA-256 of what comes in pieces and may be larger than memory.
#pragma once

#include <memory>

#include "core/base/hash.h"

namespace core {

class Sha256Stream {
  public:
    Sha256Stream();
    Sha256Stream(Sha256Stream&&) noexcept;
    Sha256Stream& operator=(Sha256Stream&&) noexcept;
    ~Sha256Stream();
    void add(ByteView piece);
    Sha256 digest() const;  // of all that has come so far

  private:
    struct Data;
    std::unique_ptr<Data> data_;
};

}  // namespace core
