// CHECK: we were wrong. It aborts in every build; the service restarts and the store is whole.
// Never for input: people get a reason at the field, the world gets a Result.
#pragma once

namespace core {
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}

#define CHECK_THAT(condition) \
    ((condition) ? static_cast<void>(0) : ::core::check_failed(#condition, __FILE__, __LINE__))
