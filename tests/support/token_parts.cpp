#include "tests/support/token_parts.h"

#include <cstdio>
#include <cstdlib>

#include "core/certificate/der.h"
#include "core/longterm/token_form.h"

namespace test {
namespace {

using namespace core::der;
using core::Bytes;
using core::ByteView;

Element next(ByteView& in) {
    auto element = take(in);
    if (!element) {
        std::fprintf(stderr, "token parts: not a token in its one form\n");
        std::abort();
    }
    return *element;
}
Bytes whole(const Element& element) { return {element.whole.begin(), element.whole.end()}; }
std::vector<Bytes> all_in(ByteView in) {
    std::vector<Bytes> all;
    while (!in.empty()) all.push_back(whole(next(in)));
    return all;
}
Bytes joined(const std::vector<Bytes>& all) {
    Bytes bytes;
    for (const Bytes& one : all) core::append(bytes, one);
    return bytes;
}

}  // namespace

TokenParts take_token_apart(ByteView token) {
    TokenParts parts;
    ByteView in = next(token).content;
    next(in);  // signedData
    ByteView data = next(in).content;
    data = next(data).content;
    parts.version = whole(next(data));
    parts.digests = whole(next(data));
    ByteView encapsulated = next(data).content;
    parts.content_type = whole(next(encapsulated));
    ByteView content = next(encapsulated).content;
    content = next(content).content;
    parts.content.assign(content.begin(), content.end());
    parts.certificates = all_in(next(data).content);
    ByteView infos = next(data).content;
    ByteView info = next(infos).content;
    parts.signer_version = whole(next(info));
    parts.signer_id = whole(next(info));
    parts.digest = whole(next(info));
    parts.attributes = all_in(next(info).content);
    parts.algorithm = whole(next(info));
    ByteView signature = next(info).content;
    parts.signature.assign(signature.begin(), signature.end());
    return parts;
}

Bytes put_together(const TokenParts& parts) {
    Bytes info = write(sequence, {parts.signer_version, parts.signer_id, parts.digest,
                                  write(context_0, {joined(parts.attributes)}), parts.algorithm,
                                  write(octet_string, {parts.signature}), parts.unsigned_part});
    std::vector<Bytes> infos{info};
    infos.insert(infos.end(), parts.more_signers.begin(), parts.more_signers.end());
    Bytes content = write(octet_string, {parts.content});
    if (parts.in_pieces) {
        ByteView all(parts.content);
        content = write(0x24, {write(octet_string, {all.first(10)}), write(octet_string, {all.subspan(10)})});
    }
    Bytes certificates =
        parts.certificates.empty() ? Bytes() : write(context_0, {joined(parts.certificates)});
    Bytes data = write(sequence, {parts.version, parts.digests,
                                  write(sequence, {parts.content_type, write(context_0, {content})}),
                                  certificates, parts.revocation, write(set, {joined(infos)})});
    return write(sequence, {object_id("2a864886f70d010702"), write(context_0, {data})});
}

Bytes as_stored(const Bytes& token) {
    auto form = core::token_in_one_form(token);
    return form.ok() ? *form : token;
}

Bytes object_id(std::string_view content_hex) {
    return write(core::der::object_id, {*core::from_hex(content_hex)});
}
Bytes attribute(std::string_view oid_hex, ByteView value) {
    return write(sequence, {object_id(oid_hex), write(set, {value})});
}

}  // namespace test
