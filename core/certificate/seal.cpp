#include "core/certificate/seal.h"

#include <algorithm>

namespace core {
namespace {

constexpr std::string_view empty_range = "[ 0 999999999 999999999 999999999 ]";

}  // namespace

Result<Bytes> seal(Bytes pdf, const SealKey& key) {
    std::string_view text = as_text(pdf);
    auto range = text.find(empty_range);
    auto contents = text.find("/Contents <", range);
    if (range == std::string_view::npos || contents == std::string_view::npos)
        return Error{Errc::internal, "no empty signature field to seal"};
    auto open = contents + std::string_view("/Contents ").size();
    auto close = text.find('>', open);
    if (close == std::string_view::npos || text.find(empty_range, range + 1) != std::string_view::npos)
        return Error{Errc::internal, "no single empty signature field to seal"};
    if (pdf.size() > 999'999'999) return Error{Errc::internal, "too large to seal"};

    std::string filled = "[ 0 " + std::to_string(open) + " " + std::to_string(close + 1) + " " +
                         std::to_string(pdf.size() - close - 1) + " ";
    filled.resize(empty_range.size() - 1, ' ');
    filled += ']';
    std::copy(filled.begin(), filled.end(), pdf.begin() + static_cast<std::ptrdiff_t>(range));

    ByteView all(pdf);
    TRY_ASSIGN(Bytes signature, key.sign_detached(all.first(open), all.subspan(close + 1)));
    std::string hex = to_hex(signature);
    std::size_t room = close - open - 1;
    if (hex.size() > room)
        return Error{Errc::internal, "the seal takes " + std::to_string(signature.size()) +
                                         " bytes, its field has room for " + std::to_string(room / 2)};
    std::copy(hex.begin(), hex.end(), pdf.begin() + static_cast<std::ptrdiff_t>(open + 1));
    return pdf;
}

}  // namespace core
