// Result: the value, or what went wrong in the world.
//
// An Error has a code to branch on and a detail for the journal, in English. The words that a visitor
// reads are chosen in one place (kiosk/state.h: words_for). A detail never holds personal data.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/base/check.h"

namespace core {

enum class Errc {
    not_found,     // a file, a record or a key that should be there is not
    not_readable,  // permissions, I/O
    not_writable,  // read-only directory, permissions, I/O
    disk_full,
    malformed,          // bytes that are not what they claim to be
    newer_version,      // written by a newer Handslag: update before opening
    damaged,            // a digest, a seal or a tree does not hold
    locked,             // another process has the store ("kiosken är igång")
    wrong_secret,       // passphrase, PIN or recovery code
    token_silent,       // the card, HSM or TPM with the seal key is away, or does not answer
    throttled,          // too many tries; the detail gives seconds to wait
    clock_implausible,  // before the agreement's date, or before the last known good time
    missing_font,
    undrawable_text,  // a name that no font here can draw
    not_allowed,      // an order of things that the rules forbid
    conflict,         // the same thing is there already, with other content
    crypto,           // OpenSSL said no
    internal,
};

const char* to_string(Errc code);

struct Error {
    Errc code = Errc::internal;
    std::string detail;
};

template <class T>
class [[nodiscard]] Result {
  public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

    bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }
    T& value() & {
        CHECK_THAT(ok());
        return std::get<0>(state_);
    }
    const T& value() const& {
        CHECK_THAT(ok());
        return std::get<0>(state_);
    }
    T&& value() && {
        CHECK_THAT(ok());
        return std::get<0>(std::move(state_));
    }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    const Error& error() const {
        CHECK_THAT(!ok());
        return std::get<1>(state_);
    }

  private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit by design

    bool ok() const { return !error_; }
    explicit operator bool() const { return ok(); }
    const Error& error() const {
        CHECK_THAT(!ok());
        return *error_;
    }

  private:
    std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace core

// Passes an error on to the caller; otherwise names the value. Two statements: use at block level.
#define TRY_CONCAT_(a, b) a##b
#define TRY_NAME_(line) TRY_CONCAT_(try_result_, line)
#define TRY(status) \
    if (auto TRY_NAME_(__LINE__) = (status); !TRY_NAME_(__LINE__).ok()) return TRY_NAME_(__LINE__).error()
#define TRY_ASSIGN(declaration, result)                                \
    auto TRY_NAME_(__LINE__) = (result);                               \
    if (!TRY_NAME_(__LINE__).ok()) return TRY_NAME_(__LINE__).error(); \
    declaration = std::move(TRY_NAME_(__LINE__)).value()
