#include "core/longterm/extend.h"

#include <algorithm>

#include "core/certificate/seal_cms.h"
#include "core/longterm/revisions.h"
#include "core/longterm/timestamp.h"

namespace core {
namespace {

struct Opened {
    FirstRevision first;
    Revisions later;
    std::size_t first_size = 0;
};

Result<Opened> open(ByteView pdf) {
    Judgement judgement;
    ByteView sealed = pdf.first(first_revision_size(pdf));
    TRY_ASSIGN(auto first, judge_first_revision(judgement, sealed));
    if (!first) {
        auto report = judgement.finish();
        const Finding* failure = report.first_failure();
        return Error{Errc::damaged,
                     "the seal does not hold" + (failure != nullptr ? ": " + failure->what : "")};
    }
    TRY_ASSIGN(auto end, end_of(*first, sealed));
    TRY_ASSIGN(auto later, read_increments(pdf, std::move(end)));
    return Opened{std::move(*first), std::move(later), sealed.size()};
}

// The file with another CMS in the hole of its seal. The hole is where the byte range has its gap.
Result<Bytes> with_timestamp(ByteView revision, const FirstRevision& first, ByteView token) {
    SealCertificates certificates{first.seal.signer.get(), first.seal.issuer.get()};
    Bytes cms = write_cms(certificates, signed_attributes(certificates, first.sealed.digest),
                          first.seal.signature, token);
    std::size_t room = first.sealed.hole.size();
    if (cms.size() > room)
        return Error{Errc::internal, "the seal with its timestamp takes " + std::to_string(cms.size()) +
                                         " bytes, its field has room for " + std::to_string(room)};
    cms.resize(room);
    Bytes changed(revision.begin(), revision.end());
    std::string before = to_hex(first.sealed.hole), after = to_hex(cms);
    auto at = as_text(revision).find("<" + before + ">");
    if (at == std::string_view::npos)
        return Error{Errc::damaged, "the seal's field is not where it should be"};
    std::copy(after.begin(), after.end(), changed.begin() + static_cast<std::ptrdiff_t>(at + 1));
    return changed;
}

Bytes appended(ByteView pdf, const Increment& increment) {
    Bytes all(pdf.begin(), pdf.end());
    append(all, increment.bytes);
    return all;
}

}  // namespace

Result<Sha256> seal_timestamp_digest(ByteView pdf) {
    TRY_ASSIGN(auto opened, open(pdf));
    if (!opened.first.seal.timestamp.empty() || !opened.later.added.empty())
        return Error{Errc::not_allowed, "the seal has its timestamp already"};
    return sha256(opened.first.seal.signature);
}

Result<Bytes> add_seal_timestamp(ByteView pdf, ByteView token) {
    TRY_ASSIGN(auto opened, open(pdf));
    if (!opened.first.seal.timestamp.empty() || !opened.later.added.empty())
        return Error{Errc::not_allowed, "the seal has its timestamp already"};
    TRY_ASSIGN(auto form, token_in_one_form(token));
    TRY(check_token(form, sha256(opened.first.seal.signature)));
    return with_timestamp(pdf, opened.first, form);
}

Result<Bytes> add_validation_data(ByteView pdf, const ValidationData& needs) {
    TRY_ASSIGN(auto opened, open(pdf));
    if (opened.first.seal.timestamp.empty())
        return Error{Errc::not_allowed, "validation data comes after the seal's timestamp"};
    if (needs.empty()) return Error{Errc::not_allowed, "no validation data to add"};
    Increment increment = write_validation_increment(opened.later.end, needs);
    Bytes extended = appended(pdf, increment);
    TRY(open(extended));  // within the reader's limits
    return extended;
}

Result<Sha256> document_timestamp_digest(ByteView pdf) {
    TRY_ASSIGN(auto opened, open(pdf));
    if (opened.later.end.store == 0)
        return Error{Errc::not_allowed, "a document timestamp comes after validation data"};
    return timestamp_digest(pdf, write_timestamp_increment(opened.later.end));
}

Result<Bytes> add_document_timestamp(ByteView pdf, ByteView token) {
    TRY_ASSIGN(auto opened, open(pdf));
    if (opened.later.end.store == 0)
        return Error{Errc::not_allowed, "a document timestamp comes after validation data"};
    EmptyTimestamp empty = write_timestamp_increment(opened.later.end);
    TRY_ASSIGN(auto form, token_in_one_form(token));
    TRY(check_token(form, timestamp_digest(pdf, empty)));
    TRY_ASSIGN(auto filled, fill_timestamp(std::move(empty), form));
    Bytes extended = appended(pdf, filled);
    TRY(open(extended));
    return extended;
}

Result<Bytes> sealed_original(ByteView pdf) {
    TRY_ASSIGN(auto opened, open(pdf));
    return with_timestamp(pdf.first(opened.first_size), opened.first, {});
}

}  // namespace core
