// Hostile bytes behind a sealed file, and hostile tokens, OCSP answers and CRLs: no crash, bounded time and
// memory.
//
// The first byte chooses: the reader of increments (behind a made-up end of revision 1), or one of the
// decoders.
#include <cstdlib>

#include "core/longterm/judge.h"
#include "core/longterm/revisions.h"
#include "core/longterm/timestamp.h"
#include "core/longterm/validation.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

core::RevisionEnd end_of_nothing() {
    core::RevisionEnd end;
    end.next_object = 20;
    end.root = 1, end.info = 2, end.form = 4;
    end.root_text = "<< /AcroForm 4 0 R /Type /Catalog >>";
    end.form_text = "<< /Fields [ 12 0 R ] /SigFlags 3 >>";
    end.first_id = "00112233445566778899aabbccddeeff";
    end.id = end.first_id;
    end.last_signature = "0123456789ABCDEF0123456789ABCDEF01234567";
    return end;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    core::ByteView rest(data + 1, size - 1);
    switch (data[0]) {
        case 'i':
            if (auto read = core::read_increments(rest, end_of_nothing()); read.ok() && !rest.empty()) {
                if (read->end.size != rest.size() || read->added.empty()) std::abort();
            }
            break;
        case 't':
            if (core::check_token(rest, {}).ok()) std::abort();  // nobody knows what has that digest
            if (auto form = core::token_in_one_form(rest); form.ok()) {
                auto again = core::token_in_one_form(*form);
                if (!again.ok() || *again != *form) std::abort();
            }
            break;
        case 'r': {
            auto request = core::make_timestamp_request({});
            if (!request.ok() || core::read_timestamp_response(rest, *request).ok()) std::abort();
            break;
        }
        case 'd': {
            core::Bytes one(rest.begin(), rest.end());
            for (auto part : {&core::ValidationData::certificates, &core::ValidationData::ocsps,
                              &core::ValidationData::crls}) {
                core::ValidationData some;
                (some.*part).push_back(one);
                auto parsed = core::ParsedData::parse(some);
                if (!parsed.ok() || parsed->certificates.empty()) continue;
                X509* self = parsed->certificates[0].get();
                core::ocsp_urls(self), core::crl_urls(self);
                core::find_revocation(self, self, *parsed, 1'795'269'900'000, 1'795'269'900'000);
            }
            break;
        }
        default:
            if (auto judged = core::judge_long_term(rest, {}, 1'795'269'900'000);
                judged.ok() && judged->report.verdict == core::Verdict::valid)
                std::abort();
    }
    return 0;
}
