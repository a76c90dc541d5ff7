// Handle: a C library's object with an owner.
#pragma once

#include <memory>

namespace core {

template <auto free_function>
struct FreeWith {
    template <class T>
    void operator()(T* object) const {
        free_function(object);
    }
};
template <class T, auto free_function>
using Handle = std::unique_ptr<T, FreeWith<free_function>>;

}  // namespace core
