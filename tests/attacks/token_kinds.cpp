// In the last timestamp's own CMS: the same true statement by the same TSA, in other bytes. Nothing covers that CMS but
// the TSA's signature, which leaves most of it out.
#include <algorithm>
#include <cstdlib>

#include <openssl/x509v3.h>

#include "core/certificate/der.h"
#include "core/certificate/verify_revision.h"
#include "core/longterm/revisions.h"
#include "tests/attacks/kinds.h"
#include "tests/support/ladder.h"
#include "tests/support/token_parts.h"

namespace attacks {
namespace {

using namespace core::der;
using test::TokenParts;

const test::Ladder& ladder() { return shared_ladder(); }

// A file with its last timestamp, and where that is.
struct Stamped {
    const Bytes* pdf = nullptr;
    std::string check;  // what judges that timestamp
    std::size_t hole = 0, hole_end = 0;
    std::size_t begin = 0, end = 0;  // of the token's own digits
    Bytes token;

    Bytes in_hole(Bytes now) const {  // another token in its place
        Bytes file = *pdf;
        Bytes content = std::move(now);
        if (check == "timestamp") {
            core::Judgement judgement;
            auto first = core::judge_first_revision(judgement, *pdf).value().value();
            core::SealCertificates pair{first.seal.signer.get(), first.seal.issuer.get()};
            content = core::write_cms(pair, core::signed_attributes(pair, first.sealed.digest),
                                      first.seal.signature, content);
        }
        std::string hex = core::to_hex(content);
        hex.resize(hole_end - hole, '0');
        std::copy(hex.begin(), hex.end(), file.begin() + static_cast<std::ptrdiff_t>(hole));
        return file;
    }
};

Stamped find(const Bytes& pdf, std::string check) {
    Stamped found;
    found.pdf = &pdf, found.check = std::move(check);
    auto text = core::as_text(pdf);
    found.hole = text.rfind("/Contents <") + 11, found.hole_end = text.find('>', found.hole);
    Bytes content = *core::from_hex(text.substr(found.hole, found.hole_end - found.hole));
    ByteView in(content);
    auto whole = take(in)->whole;
    found.token.assign(whole.begin(), whole.end());
    if (found.check == "timestamp") {
        core::Judgement judgement;
        found.token = core::judge_first_revision(judgement, pdf).value().value().seal.timestamp;
    }
    found.begin = text.find(core::to_hex(found.token), found.hole);
    found.end = found.begin + 2 * found.token.size();
    return found;
}
const Stamped& in_seal() {
    static const Stamped one = find(ladder().bt, "timestamp");
    return one;
}
const Stamped& over_all() {
    static const Stamped one = find(ladder().blta, "document-timestamp 1");
    return one;
}

Kind kind(std::string name, std::string refused_by,
          std::function<void(const std::function<void(Bytes)>&)> make) {
    Kind made{std::move(name), std::move(refused_by), std::move(make)};
    made.trust = ladder().world.root.pem();
    made.trust_tsa = ladder().world.tsa_root.pem();
    made.at_ms = test::now_ms + test::day_ms;
    return made;
}

// Every bit of the last timestamp, as the file spells it and as it is; or some of them. What a flipped digit or tag
// breaks may be the seal's field or the increment around the token, or the way to a trusted root (undecided).
void each_bit(std::vector<Kind>& kinds, const std::string& name, const Stamped& (*of)()) {
    bool all = std::getenv("HANDSLAG_FULL") != nullptr;
    kinds.push_back(kind("token-every-single-bit-" + name,
                         "form|structure|signature|increments|undecided|" + of().check,
                         [of, all](const auto& take_file) {
                             for (std::size_t bit = of().begin * 8; bit < of().end * 8; bit += all ? 1 : 113)
                                 take_file(flipped(*of().pdf, bit / 8, static_cast<int>(bit % 8)));
                         }));
    kinds.push_back(kind(
        "token-every-single-bit-of-the-der-" + name, "undecided|" + of().check,
        [of, all](const auto& take_file) {
            for (std::size_t bit = 0; bit < of().token.size() * 8; bit += all ? 1 : 53) {
                Bytes changed = flipped(of().token, bit / 8, static_cast<int>(bit % 8));
                if (of().check == "timestamp") {
                    ByteView in(changed);  // what is no longer one element changes the seal's CMS instead
                    auto whole = take(in);
                    if (!whole || whole->tag != sequence || !in.empty()) continue;
                }
                take_file(of().in_hole(changed));
            }
        }));
    if (of().check != "timestamp") kinds.back().refused_by += "|increments";
}

// The same token in another spelling, in the seal and over the whole file.
void spelt(std::vector<Kind>& kinds, const std::string& name,
           const std::function<void(TokenParts&)>& change) {
    kinds.push_back(kind("token-" + name, "timestamp|document-timestamp 1", [change](const auto& take_file) {
        for (const Stamped* of : {&over_all(), &in_seal()}) {
            TokenParts parts = test::take_token_apart(of->token);
            change(parts);
            Bytes token = test::put_together(parts);
            if (token == of->token) std::abort();
            take_file(of->in_hole(token));
        }
    }));
}

Bytes sha256_with_null() { return write(sequence, {oid("608648016503040201"), write(null, {})}); }

}  // namespace

std::vector<Kind> token_kinds() {
    std::vector<Kind> kinds;
    const test::World& w = ladder().world;
    each_bit(kinds, "in-the-seal", in_seal);
    each_bit(kinds, "over-the-file", over_all);
    spelt(kinds, "digest-algorithm-with-null", [](TokenParts& p) { p.digest = sha256_with_null(); });
    spelt(kinds, "digest-algorithms-with-null",
          [](TokenParts& p) { p.digests = write(set, {sha256_with_null()}); });
    spelt(kinds, "digest-algorithms-empty", [](TokenParts& p) { p.digests = write(set, {}); });
    spelt(kinds, "version-1", [](TokenParts& p) { p.version = {integer, 1, 1}; });
    spelt(kinds, "signer-version-3", [](TokenParts& p) { p.signer_version = {integer, 1, 3}; });
    spelt(kinds, "signer-by-key-identifier", [&w](TokenParts& p) {
        const auto* id = X509_get0_subject_key_id(w.tsa.certificate.get());
        p.signer_version = {integer, 1, 3};
        p.signer_id = write(
            0x80, {ByteView(ASN1_STRING_get0_data(id), static_cast<std::size_t>(ASN1_STRING_length(id)))});
    });
    spelt(kinds, "certificates-out-of-order",
          [](TokenParts& p) { std::reverse(p.certificates.begin(), p.certificates.end()); });
    spelt(kinds, "with-its-root", [&w](TokenParts& p) {
        p.certificates.push_back(w.tsa_root.self().der());
        std::sort(p.certificates.begin(), p.certificates.end());
    });
    spelt(kinds, "with-a-certificate-of-another", [&w](TokenParts& p) {
        p.certificates.push_back(w.seal.der());
        std::sort(p.certificates.begin(), p.certificates.end());
    });
    spelt(kinds, "with-a-revocation-list",
          [&w](TokenParts& p) { p.revocation = write(context_1, {w.tsa_ca.crl(test::now_ms)}); });
    spelt(kinds, "attributes-out-of-order",
          [](TokenParts& p) { std::reverse(p.attributes.begin(), p.attributes.end()); });
    spelt(kinds, "unsigned-attribute", [](TokenParts& p) {
        p.unsigned_part =
            write(context_1, {test::attribute("2a864886f70d010907", write(0x0C, {core::as_bytes("x")}))});
    });
    spelt(kinds, "countersignature", [](TokenParts& p) {
        p.unsigned_part = write(context_1, {test::attribute("2a864886f70d010906", write(sequence, {}))});
    });
    spelt(kinds, "signature-algorithm-plain-key",
          [](TokenParts& p) { p.algorithm = write(sequence, {oid("2a8648ce3d0201")}); });
    spelt(kinds, "signature-algorithm-with-null", [](TokenParts& p) {
        p.algorithm = write(sequence, {oid("2a8648ce3d040302"), write(null, {})});
    });
    spelt(kinds, "ecdsa-the-other-s", [](TokenParts& p) { p.signature = with_the_other_s(p.signature); });
    spelt(kinds, "content-in-pieces", [](TokenParts& p) { p.in_pieces = true; });
    spelt(kinds, "two-signers", [](TokenParts& p) {
        p.more_signers = {write(sequence, {p.signer_version, p.signer_id, p.digest, p.algorithm,
                                           write(octet_string, {p.signature})})};
    });
    // Whoever trusts the root alone misses the way there.
    spelt(kinds, "without-its-issuer", [&w](TokenParts& p) { p.certificates = {w.tsa.der()}; });
    kinds.back().refused_by += "|undecided";
    kinds.push_back(
        kind("token-issuer-with-the-other-s", "document-timestamp 1", [&w](const auto& take_file) {
            TokenParts parts = test::take_token_apart(over_all().token);
            auto twin = with_the_other_s(w.tsa_ca.self().certificate.get());
            parts.certificates = {w.tsa.der(), core::to_der(twin.get(), i2d_X509)};
            std::sort(parts.certificates.begin(), parts.certificates.end());
            take_file(over_all().in_hole(test::put_together(parts)));
        }));
    return kinds;
}

}  // namespace attacks
