// Stack: OpenSSL's list of certificates, which shares them with their owners. Private to core/longterm.
#pragma once

#include "core/base/check.h"
#include "core/base/openssl.h"

namespace core {

class X509Stack {
  public:
    X509Stack() : stack_(sk_X509_new_null()) { CHECK_THAT(stack_); }
    // Takes over the list and its references; null gives an empty one.
    explicit X509Stack(STACK_OF(X509) * taken) : stack_(taken != nullptr ? taken : sk_X509_new_null()) {
        CHECK_THAT(stack_);
    }
    void push(X509* certificate) {
        X509_up_ref(certificate);
        CHECK_THAT(sk_X509_push(stack_.get(), certificate) > 0);
    }
    int size() const { return sk_X509_num(stack_.get()); }
    X509* operator[](int i) const { return sk_X509_value(stack_.get(), i); }
    STACK_OF(X509) * get() const { return stack_.get(); }

  private:
    struct Free {
        void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
    };
    std::unique_ptr<STACK_OF(X509), Free> stack_;
};

}  // namespace core
