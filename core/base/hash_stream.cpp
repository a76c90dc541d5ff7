#include "core/base/hash_stream.h"

#include "core/base/check.h"
#include "core/base/openssl.h"

namespace core {

struct Sha256Stream::Data {
    EvpDigestContext context{EVP_MD_CTX_new()};
};
Sha256Stream::Sha256Stream() : data_(std::make_unique<Data>()) {
    CHECK_THAT(EVP_DigestInit_ex(data_->context.get(), EVP_sha256(), nullptr) == 1);
}
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;
Sha256Stream::~Sha256Stream() = default;
void Sha256Stream::add(ByteView piece) {
    CHECK_THAT(EVP_DigestUpdate(data_->context.get(), piece.data(), piece.size()) == 1);
}
Sha256 Sha256Stream::digest() const {
    EvpDigestContext copy(EVP_MD_CTX_new());
    Sha256 digest{};
    CHECK_THAT(EVP_MD_CTX_copy_ex(copy.get(), data_->context.get()) == 1);
    CHECK_THAT(EVP_DigestFinal_ex(copy.get(), digest.data(), nullptr) == 1);
    return digest;
}

}  // namespace core
