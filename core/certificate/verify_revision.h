// Revision 1: the file as it was sealed in the room, judged strictly whatever may stand behind it.
//
// A certificate that was extended later is revision 1, byte for byte (but for a timestamp in the spare room
// of its seal), and then increments. Judging it takes these steps, each usable on its own:
//
//   std::size_t n = first_revision_size(pdf);            // where revision 1 ends
//   judge_first_revision(judgement, pdf.first(n))        // form, structure, signature, usage
//   ... whoever extends judges pdf.subspan(n) and first.seal.timestamp ...
//   judge_chain(judgement, first, trust, at_ms)          // at the time that is proven, or now
//   judge_record(judgement, first)                       // what the pages and the record say
//
// Nothing here is more lenient because something follows. verify_certificate() is these steps for a B-B.
#pragma once

#include "core/certificate/judgement.h"
#include "core/certificate/verify_cms.h"
#include "core/certificate/verify_structure.h"

namespace core {

struct FirstRevision {
    PdfFile file;       // of the bytes given, which must outlive this
    SealedFile sealed;  // points into `file`; stays right when the whole is moved
    SealFacts seal;
};

// Behind the first "startxref <number> %%EOF": equal to the file's size when there are no increments. Nothing
// is proven by this number; a wrong one makes a revision that is refused.
std::size_t first_revision_size(ByteView pdf);

// Findings "form", "structure", "signature", "usage"; fills level "B-B", sealed_by, issuer_fingerprint. An
// error means unreadable. Nothing (but a failed finding) when the seal does not hold.
Result<std::optional<FirstRevision>> judge_first_revision(Judgement& judgement, ByteView revision);

// Findings "chain" and "claimed-time". `at_ms` is when the seal must have been trustworthy: now, or the time
// of a timestamp that was verified.
void judge_chain(Judgement& judgement, const FirstRevision& first, const std::vector<X509Certificate>& trust,
                 std::int64_t at_ms);

// Findings "record" and "page"; fills record, record_name, demonstration. Expensive: call it last.
void judge_record(Judgement& judgement, const FirstRevision& first);

}  // namespace core
