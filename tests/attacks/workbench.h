// Workbench: what an attacker does with a certificate: take it apart, change it, put it together, seal it
// again.
//
// "Sealed again" is with a true key of a true CA: a stolen tablet, or a mistake of ours. What such a file
// shows must still be what its record says.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/certificate/seal_cms.h"
#include "tests/support/certificate_samples.h"

namespace attacks {

using core::Bytes;
using core::ByteView;

// The sealed certificate that most attacks begin with, and what belongs to it.
struct Victim {
    test::Pki pki;
    test::Seal seal = pki.issue();
    core::SealKey key = test::load(seal);
    core::EvpKey private_key;
    std::vector<core::X509Certificate> chain;  // signer, issuing CA, root
    core::SigningRecord record = test::sample_record();
    Bytes pdf;
    std::size_t hole = 0, hole_end = 0;  // of the hexadecimal digits
    std::size_t cms_end = 0;             // where the padding begins
    core::Sha256 digest{};               // over the byte range

    Victim();
    core::SealCertificates certificates() const { return {chain[0].get(), chain[1].get()}; }
};
const Victim& victim();

// A file as objects and a trailer. Objects are what stands between "n 0 obj\n" and "\nendobj\n".
class Workbench {
  public:
    explicit Workbench(ByteView pdf);
    static Workbench unsealed(const core::SigningRecord& shown, const std::string& embedded);
    static Workbench unsealed();  // the victim's

    int find(
        std::string_view part) const;  // the number of the first object that has it; aborts when none has
    std::string& object(int number) { return objects_[static_cast<std::size_t>(number) - 1]; }
    int add(std::string object);  // its number
    std::string& trailer() { return trailer_; }
    // In the object that has `part`.
    void replace(std::string_view part, std::string_view by);
    void replace_in(int number, std::string_view part, std::string_view by);

    int content_number() const;   // of the first page's content
    std::string content() const;  // inflated
    void set_content(const std::string& operators);
    void set_stream(int number, const std::string& dictionary, const std::string& content);

    Bytes file() const;
    Bytes sealed(const core::SealKey& key) const;
    Bytes sealed() const { return sealed(victim().key); }

  private:
    std::vector<std::string> objects_;
    std::string trailer_;
};

// A CMS part by part, each already DER; what is left empty is as we write it.
struct CmsParts {
    Bytes content_type, version, digests, content, signer_version, signer_id, digest, algorithm,
        unsigned_part, extra;
    std::vector<Bytes> certificates, attributes, more_signers;
    bool sort = true;
    EVP_PKEY* key = nullptr;  // signs the attributes; the victim's when null
    Bytes signature;          // instead of a new one
};
Bytes encode_cms(const CmsParts& parts);
std::vector<Bytes> usual_attributes();
Bytes attribute(std::string_view oid_hex, ByteView value);
Bytes oid(std::string_view content_hex);
using test::with_the_other_s;
core::X509Certificate with_the_other_s(X509* certificate);

// The victim's file with another CMS in its hole.
Bytes in_hole(ByteView cms);

Bytes replaced(Bytes file, std::string_view from, std::string_view to);  // the first one
Bytes flipped(Bytes file, std::size_t at, int bit = 0);
std::size_t position(std::string_view what, std::size_t from = 0);  // in the victim's file

}  // namespace attacks
