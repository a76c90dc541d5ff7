// Test TSA: certificate authorities, timestamps, OCSP responses and CRLs made in the process, at any time and
// with whatever is wrong on request. What openssl's own command line makes is tests/longterm.sh's business.
#pragma once

#include <memory>
#include <vector>

#include "core/base/hash.h"
#include "core/base/openssl.h"
#include "tests/support/test_pki.h"

namespace test {

enum class KeyKind { p256, rsa3072 };

struct CertificateOrder {
    std::string name = "Strandköpings kommun, surfplatta A";
    std::int64_t from_ms = now_ms - 30 * day_ms, to_ms = now_ms + 700 * day_ms;
    const char* key_usage = "critical,digitalSignature,nonRepudiation";
    const char* extended_key_usage = "1.3.6.1.5.5.7.3.36,emailProtection";  // null: none
    const char* basic_constraints = "critical,CA:FALSE";
    KeyKind key = KeyKind::p256;
    std::string crl_url, ocsp_url;
};
CertificateOrder tsa_order(const std::string& name = "Prov-TSA");
CertificateOrder ocsp_order();
CertificateOrder authority_order(const std::string& name);

struct Credential {
    core::EvpKey key;
    core::X509Certificate certificate;
    core::Bytes der() const;
    std::string pem() const, key_pem() const;
};

struct Revoked {
    X509* certificate = nullptr;
    std::int64_t at_ms = 0;
    int reason = -1;  // of RFC 5280, 5.3.1; -1: not said
};

class Authority {
  public:
    explicit Authority(const CertificateOrder& order, const Authority* parent = nullptr);
    Credential issue(const CertificateOrder& order) const;
    core::Bytes crl(std::int64_t this_update_ms, const std::vector<Revoked>& revoked = {},
                    std::int64_t lasts_ms = 7 * day_ms) const;
    // About one certificate; signed by `responder`, or by the CA itself.
    core::Bytes ocsp(X509* about, std::int64_t this_update_ms, const Revoked& revoked = {},
                     const Credential* responder = nullptr, std::int64_t lasts_ms = 7 * day_ms) const;
    const Credential& self() const { return self_; }
    std::string pem() const { return self_.pem(); }

  private:
    Credential self_;
};

struct TokenOrder {
    std::int64_t at_ms = now_ms;
    core::Bytes nonce;  // empty: none
    std::string policy = "1.2.3.4.1";
    bool names_its_certificate = true, carries_certificates = true;
    bool names_its_chain = false;  // signing-certificate-v2 with all that it carries
    const EVP_MD* digest = EVP_sha256();
    bool pss = false;      // by an RSA key
    std::string protects;  // hex of a CMSAlgorithmProtection to sign (RFC 6211); empty: none
    core::Bytes imprint;   // instead of the one asked for
};
// A TimeStampToken by `by`, with `chain` inside, as OpenSSL writes it.
core::Bytes make_token(const core::Sha256& imprint, const Credential& by, const std::vector<X509*>& chain,
                       const TokenOrder& order = {});
core::Bytes granted(core::ByteView token);       // as a response
core::Bytes refused(const std::string& saying);  // a rejection

// A municipality with its CA, and a TSA under another root: all that a certificate needs for B-LTA.
struct World {
    explicit World(KeyKind seal_key = KeyKind::p256);
    Authority root, issuing, tsa_root, tsa_ca;
    Credential seal, tsa, later_tsa;  // later_tsa lives ten years longer
    std::string chain_pem() const;    // of the seal
    Seal as_seal() const;
    std::vector<X509*> tsa_chain() const;
    core::Bytes stamp(const core::Sha256& imprint, std::int64_t at_ms, bool later = false) const;
};

}  // namespace test
