// Keyring words: what people write down. Six words for every day, a recovery code for the safe, a PIN for
// staff mode. Private to core/certificate.
//
// Passphrase: six of 2048 words, 66 bits. Recovery code: 32 Crockford characters (160 bits) and a last group
// of four that checks them, as nine groups of four. The check group tells a slip of the pen from a wrong
// sheet of paper.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace core {

Result<std::string> make_passphrase(
    const std::filesystem::path& words_file);  // Errc::malformed: not 2048 different words
// Upper case, one space between words: what is stretched. Hyphens count as spaces.
std::string fold_passphrase(std::string_view typed);

std::string spell_recovery_code(ByteView secret);  // 20 bytes
std::optional<Bytes> parse_recovery_code(
    std::string_view typed);  // O is 0, I and L are 1; spaces and hyphens are free

bool is_pin(std::string_view pin);            // six digits
bool is_guessable_pin(std::string_view pin);  // runs, repeats, pairs, and what people choose most
}  // namespace core
