// In the seal itself. Some of these have a signature that holds: made with the true key over other
// attributes, or the same signature in another spelling.
#include <algorithm>
#include <cstdlib>

#include "core/certificate/der.h"
#include "tests/attacks/kinds.h"

namespace attacks {
namespace {

using namespace core::der;

constexpr const char *content_type = "2a864886f70d010903", *message_digest = "2a864886f70d010904",
                     *signing_time = "2a864886f70d010905", *signing_certificate = "2a864886f70d010910022f",
                     *timestamp = "2a864886f70d010910020e";

Bytes data_id() { return oid("2a864886f70d010701"); }
Bytes own_signature() {  // of the victim's file, taken from its CMS
    auto hex = core::as_text(victim().pdf).substr(victim().hole, victim().cms_end - victim().hole);
    Bytes cms = *core::from_hex(hex);
    auto size = static_cast<std::size_t>(EVP_PKEY_get_size(victim().private_key.get()));
    for (std::size_t length = size; length > 60; --length)  // the last element of the CMS
        if (cms[cms.size() - length - 2] == octet_string && cms[cms.size() - length - 1] == length)
            return {cms.end() - static_cast<std::ptrdiff_t>(length), cms.end()};
    std::abort();
}

Kind cms(std::string name, std::function<void(CmsParts&)> change, const char* refused_by = "signature") {
    return one(std::move(name), refused_by, [change = std::move(change)] {
        CmsParts parts;
        change(parts);
        return in_hole(encode_cms(parts));
    });
}

// The usual attributes, with those of one type left out and others added.
std::vector<Bytes> attributes_but(std::string_view left_out, std::vector<Bytes> added = {}) {
    Bytes type = oid(left_out);
    for (const Bytes& usual : usual_attributes())
        if (left_out.empty() ||
            std::search(usual.begin(), usual.end(), type.begin(), type.end()) == usual.end())
            added.push_back(usual);
    return added;
}

Bytes ess_of(std::vector<X509*> certificates, bool wrong_hash = false) {
    Bytes all;
    for (X509* certificate : certificates) {
        core::Sha256 hash = core::sha256(core::to_der(certificate, i2d_X509));
        if (wrong_hash) hash[0] ^= 1;
        Bytes names = write(
            sequence, {write(context_4, {core::to_der(X509_get_issuer_name(certificate), i2d_X509_NAME)})});
        core::append(
            all, write(sequence, {write(octet_string, {hash}),
                                  write(sequence, {names, core::to_der(X509_get0_serialNumber(certificate),
                                                                       i2d_ASN1_INTEGER)})}));
    }
    return attribute(signing_certificate, write(sequence, {write(sequence, {all})}));
}

Bytes der_of(X509* certificate) { return core::to_der(certificate, i2d_X509); }

core::X509Certificate twin() {
    test::SealOrder order;
    order.to_ms += test::day_ms;
    auto chain = core::read_certificates(victim().pki.issue_twin(victim().seal, order).certificate_pem);
    return std::move(chain.value()[0]);
}

// Every bit, or each seventh: no divisor of eight, so all bits of a byte come.
void each_bit(std::size_t from, std::size_t to, std::size_t sampled_step,
              const std::function<void(Bytes)>& take) {
    std::size_t step = std::getenv("HANDSLAG_FULL") != nullptr ? 1 : sampled_step;
    for (std::size_t bit = from * 8; bit < to * 8; bit += step)
        take(flipped(victim().pdf, bit / 8, static_cast<int>(bit % 8)));
}

}  // namespace

std::vector<Kind> seal_kinds() {
    const Victim& v = victim();
    std::vector<Kind> kinds;
    auto add = [&](Kind kind) { kinds.push_back(std::move(kind)); };

    add({"cms-every-single-bit", "signature|form|structure",
         [&v](const auto& take) { each_bit(v.hole - 1, v.cms_end + 8, 29, take); }});
    // The same bits of the DER itself, so that every file has lower-case digits.
    add({"cms-every-single-bit-of-the-der", "signature", [&v](const auto& take) {
             std::size_t step = std::getenv("HANDSLAG_FULL") != nullptr ? 1 : 13;
             Bytes whole = *core::from_hex(core::as_text(v.pdf).substr(v.hole, v.cms_end - v.hole));
             for (std::size_t bit = 0; bit < whole.size() * 8; bit += step)
                 take(in_hole(flipped(whole, bit / 8, static_cast<int>(bit % 8))));
         }});
    add(one("cms-upper-case-digits", "form", [&v] {
        Bytes pdf = v.pdf;
        auto letter = std::find_if(pdf.begin() + static_cast<std::ptrdiff_t>(v.hole), pdf.end(),
                                   [](std::uint8_t c) { return c >= 'a' && c <= 'f'; });
        *letter = static_cast<std::uint8_t>(*letter - 'a' + 'A');
        return pdf;
    }));
    add(one("cms-space-between-digits", "form", [&v] {
        Bytes pdf = v.pdf;
        pdf[v.hole_end - 1] = ' ', pdf[v.hole_end - 2] = ' ';
        return pdf;
    }));
    add(one("cms-junk-in-the-padding", "signature", [&v] {
        Bytes pdf = v.pdf;
        pdf[v.hole_end - 1] = '1';
        return pdf;
    }));
    add(one("cms-second-cms-in-the-padding", "signature", [&v] {
        Bytes pdf = v.pdf;
        std::copy_n(pdf.begin() + static_cast<std::ptrdiff_t>(v.hole), v.cms_end - v.hole,
                    pdf.begin() + static_cast<std::ptrdiff_t>(v.cms_end + 16));
        return pdf;
    }));
    add(one("cms-empty", "signature", [] { return in_hole({}); }));
    add(one("cms-of-another-certificate", "signature", [&v] {
        core::SigningRecord other = v.record;
        other.organisation.name = "Granköpings Idrottsförening";
        Bytes pdf = test::workshop().seal_unchecked(other, core::encode(other), v.key);
        auto from = core::as_text(pdf).find("/Contents <") + 11, to = core::as_text(pdf).find('>', from);
        return in_hole(*core::from_hex(core::as_text(pdf).substr(from, to - from)));
    }));

    // The same signature, spelt otherwise.
    add(cms("ecdsa-the-other-s", [](CmsParts& p) { p.signature = with_the_other_s(own_signature()); }));
    add(cms("ecdsa-padded-r", [](CmsParts& p) {
        p.signature = own_signature();
        p.signature.insert(p.signature.begin() + 4, 0), ++p.signature[1], ++p.signature[3];
    }));
    add(cms("ecdsa-byte-behind",
            [](CmsParts& p) { p.signature = own_signature(), p.signature.push_back(0); }));
    add(cms("signer-certificate-with-the-other-s", [&v](CmsParts& p) {
        p.certificates = {der_of(with_the_other_s(v.chain[0].get()).get()), der_of(v.chain[1].get())};
    }));
    add(cms("issuing-certificate-with-the-other-s", [&v](CmsParts& p) {
        p.certificates = {der_of(v.chain[0].get()), der_of(with_the_other_s(v.chain[1].get()).get())};
    }));
    add(cms("digest-algorithm-with-null", [](CmsParts& p) {
        p.digest = write(sequence, {oid("608648016503040201"), write(null, {})});
        p.digests = write(set, {p.digest});
    }));
    add(cms("digest-algorithms-empty", [](CmsParts& p) { p.digests = write(set, {}); }));
    add(cms("signature-algorithm-with-null", [](CmsParts& p) {
        p.algorithm = write(sequence, {oid("2a8648ce3d040302"), write(null, {})});
    }));
    add(cms("signature-algorithm-plain-key",
            [](CmsParts& p) { p.algorithm = write(sequence, {oid("2a8648ce3d0201")}); }));
    add(cms("signature-algorithm-sha1",
            [](CmsParts& p) { p.algorithm = write(sequence, {oid("2a8648ce3d0401")}); }));
    add(cms("signed-data-version-3", [](CmsParts& p) { p.version = {integer, 1, 3}; }));
    add(cms("signer-version-3", [](CmsParts& p) { p.signer_version = {integer, 1, 3}; }));
    add(cms("certificates-out-of-order", [](CmsParts& p) { p.sort = false; }));
    add(one("length-in-long-form", "signature", [] {
        Bytes whole = encode_cms({});
        whole[1] = 0x83;
        whole.insert(whole.begin() + 2, 0);
        return in_hole(whole);
    }));

    // More or less than belongs there.
    add(cms("certificate-that-is-not-named", [&v](CmsParts& p) {
        for (const auto& certificate : v.chain) p.certificates.push_back(der_of(certificate.get()));
    }));
    add(cms("issuing-certificate-missing",
            [&v](CmsParts& p) { p.certificates = {der_of(v.chain[0].get())}; }));
    add(cms("root-instead-of-the-issuing-ca", [&v](CmsParts& p) {
        p.certificates = {der_of(v.chain[0].get()), der_of(v.chain[2].get())};
    }));
    add(cms("revocation-list-in-the-seal",
            [](CmsParts& p) { p.extra = write(context_1, {write(sequence, {})}); }));
    add(cms("content-inside", [](CmsParts& p) {
        p.content =
            write(sequence, {data_id(), write(context_0, {write(octet_string, {core::as_bytes("x")})})});
    }));
    add(cms("content-type-not-data",
            [](CmsParts& p) { p.content = write(sequence, {oid("2a864886f70d010910010d")}); }));
    add(cms("outer-type-enveloped", [](CmsParts& p) { p.content_type = oid("2a864886f70d010703"); }));
    add(cms("two-signers", [](CmsParts& p) {
        p.more_signers = {
            write(sequence, {Bytes{integer, 1, 1}, write(octet_string, {core::as_bytes("other")})})};
    }));
    add(cms("unknown-unsigned-attribute", [](CmsParts& p) {
        p.unsigned_part = write(context_1, {attribute("2a864886f70d010907", core::as_bytes("\x0C\x01x"))});
    }));
    add(cms("countersignature", [](CmsParts& p) {
        p.unsigned_part = write(context_1, {attribute("2a864886f70d010906", write(sequence, {}))});
    }));
    add(cms(
        "timestamp-that-is-none",
        [](CmsParts& p) {
            p.unsigned_part =
                write(context_1, {attribute(timestamp, write(sequence, {core::as_bytes("no token")}))});
        },
        "timestamp"));

    // Signed with the true key, over attributes that are not ours.
    add(cms("signing-time-attribute", [](CmsParts& p) {
        p.attributes =
            attributes_but("", {attribute(signing_time, write(0x17, {core::as_bytes("261121140500Z")}))});
    }));
    add(cms("signing-certificate-attribute-missing",
            [](CmsParts& p) { p.attributes = attributes_but(signing_certificate); }));
    add(cms("signing-certificate-names-the-signer-alone", [&v](CmsParts& p) {
        p.attributes = attributes_but(signing_certificate, {ess_of({v.chain[0].get()})});
    }));
    add(cms("signing-certificate-with-a-wrong-hash", [&v](CmsParts& p) {
        p.attributes =
            attributes_but(signing_certificate, {ess_of({v.chain[0].get(), v.chain[1].get()}, true)});
    }));
    add(cms("content-type-attribute-missing",
            [](CmsParts& p) { p.attributes = attributes_but(content_type); }));
    add(cms("digest-of-another-file", [](CmsParts& p) {
        p.attributes = attributes_but(
            message_digest,
            {attribute(message_digest, write(octet_string, {core::sha256(core::as_bytes("another"))}))});
    }));
    add(cms("digest-attribute-twice", [&v](CmsParts& p) {
        p.attributes = attributes_but("", {attribute(message_digest, write(octet_string, {v.digest}))});
    }));
    add(cms("signer-by-key-identifier", [](CmsParts& p) {
        p.signer_version = {integer, 1, 3};
        p.signer_id = write(0x80, {core::as_bytes("12345678901234567890")});
    }));

    // Another certificate or key.
    add(cms("twin-certificate-same-key-name-and-number", [&v](CmsParts& p) {
        p.certificates = {der_of(twin().get()), der_of(v.chain[1].get())};
    }));
    add(cms("signed-with-another-key", [](CmsParts& p) {
        static const core::EvpKey other(EVP_EC_gen("P-256"));
        p.key = other.get();
    }));
    return kinds;
}

}  // namespace attacks
