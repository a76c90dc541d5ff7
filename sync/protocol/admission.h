// Admission: the server's answer to a request for enrolment that came by stick.
//
// Nobody but the server may tell a tablet whom to trust, and no connection vouches for a file. So the answer is signed
// with the server's TLS key, whose SHA-256 stands in the invitation. Canonical JSON: answer (what POST /enrol would have
// answered, a text), key (base64 of the key's SubjectPublicKeyInfo), signature (hex): ECDSA with SHA-256 over
// "handslag-admission/1\n", the hex SHA-256 of the request's PEM, "\n" and the answer.
#pragma once

#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace wire {

// Files on the stick: the invitation, and beside it, of each tablet ... `device`: its id; the name has its first eight digits.
inline constexpr const char* invitation_file_name = "handslag-inbjudan.txt";
std::string request_file_name(std::string_view device);    // "handslag-ansokan-019a....json"
std::string admission_file_name(std::string_view device);  // "handslag-tillatelse-019a....json"

core::Result<std::string> sign_admission(const std::string& tls_key_pem, std::string_view request_pem,
                                         const std::string& answer);
// The answer. Errc::malformed; damaged: it is not signed by the key that `pin` ("sha256//...") names, for that request.
core::Result<std::string> open_admission(std::string_view bytes, const std::string& pin,
                                         std::string_view request_pem);

}  // namespace wire
