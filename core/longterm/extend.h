// Extend: one step up the ladder at a time; bytes in, bytes out. Who fetches, and when, is sync's business.
//
//   B-B   --seal_timestamp_digest, TSA, add_seal_timestamp-->          B-T    in the spare room of the seal
//   B-T   --judge.h says what is missing, add_validation_data-->       B-LT   appended
//   B-LT  --document_timestamp_digest, TSA, add_document_timestamp-->  B-LTA  appended
//   B-LTA --the last two again, before the last timestamp expires-->   B-LTA  for another term
//
// The timestamp in the seal changes the file's hash, but not one byte that the seal covers: its digest over
// the byte range stays what it was, and sealed_original() gives back the very file that left the ceremony.
#pragma once

#include "core/base/hash.h"
#include "core/base/result.h"
#include "core/longterm/validation_data.h"

namespace core {

// `token` is as the TSA sent it, or in its one form already (token_form.h), which is what is stored.
// Errc::not_allowed: the step would not lead upwards; damaged: the file is not one of ours.
Result<Sha256> seal_timestamp_digest(ByteView pdf);
Result<Bytes> add_seal_timestamp(ByteView pdf, ByteView token);
Result<Bytes> add_validation_data(ByteView pdf, const ValidationData& needs);
Result<Sha256> document_timestamp_digest(ByteView pdf);
Result<Bytes> add_document_timestamp(ByteView pdf, ByteView token);

// The file as it was sealed in the room, whatever was added since.
Result<Bytes> sealed_original(ByteView pdf);

}  // namespace core
