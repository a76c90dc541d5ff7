// Certificate samples: signing records of every shape, and certificates made from them.
#pragma once

#include <string>

#include "core/certificate/make.h"
#include "core/certificate/verify.h"
#include "core/model/signing_record.h"
#include "tests/support/test_pki.h"

namespace test {

// A signature that looks written: loops and an underline, different for each seed.
core::Ink scribble(int seed, std::int32_t width_um = 150'000, std::int32_t height_um = 60'000);

core::SigningRecord sample_record(int representatives = 1, int municipal = 1);
core::ProtocolRecord sample_protocol(int lines = 12, int municipal = 1);

// What is read once: fonts, arms and words.
class Workshop {
  public:
    Workshop();
    const core::Fonts& fonts() const { return fonts_; }
    const core::Words& words() const { return words_; }
    // `also`: "fi" or "en", the certificate's second language; empty: Swedish alone.
    core::CertificateContext context(std::string_view also = {}) const;
    core::MakeInput input(const core::Document& document, const std::string& record) const;
    // Laid out, drawn, structured, sealed and verified.
    core::Result<core::Made> make(const core::SigningRecord& record, const core::SealKey& key,
                                  std::string_view also = {}) const;
    core::Result<core::Made> make(const core::ProtocolRecord& record, const core::SealKey& key) const;
    // Sealed without being checked, with any bytes as its record: what only an attacker or a mistake would
    // make.
    core::Bytes seal_unchecked(const core::SigningRecord& shown, const std::string& embedded,
                               const core::SealKey& key, std::int64_t claimed_at_ms = now_ms) const;

  private:
    core::Fonts fonts_;
    core::Words words_, finnish_, english_;
    core::VectorArms arms_;
};
const Workshop& workshop();

}  // namespace test
