#include "kiosk/forget.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <malloc.h>

#include "core/base/bytes.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HANDSLAG_KEEPS_ITS_HEAP 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define HANDSLAG_KEEPS_ITS_HEAP 1
#endif
#endif

#ifndef HANDSLAG_KEEPS_ITS_HEAP
// The C library's own functions, under the names that it exports for those who wrap them.
extern "C" void __libc_free(void* memory);  // NOLINT(bugprone-reserved-identifier)

extern "C" void free(void* memory) {
    if (memory == nullptr) return;
    int error = errno;  // POSIX 2024: free() leaves it alone
    explicit_bzero(memory, malloc_usable_size(memory));
    __libc_free(memory);
    errno = error;
}

// The library's realloc() would leave the old place as it was.
extern "C" void* realloc(void* memory, std::size_t size) {
    if (memory == nullptr) return std::malloc(size);
    if (size == 0) {
        std::free(memory);
        return nullptr;
    }
    std::size_t had = malloc_usable_size(memory);
    if (size <= had && size >= had / 2) return memory;
    void* moved = std::malloc(size);
    if (moved == nullptr) return nullptr;
    std::memcpy(moved, memory, had < size ? had : size);
    std::free(memory);
    return moved;
}
#endif

namespace kiosk {

bool heap_forgets() {
#ifdef HANDSLAG_KEEPS_ITS_HEAP
    return false;
#else
    return true;
#endif
}

// Deep enough for the deepest call of ours and of the libraries; a thread's stack has 8 MiB.
__attribute__((noinline)) void forget_stack() {
    std::array<std::byte, 512 * 1024> below;
    core::wipe(below.data(), below.size());
}

}  // namespace kiosk
