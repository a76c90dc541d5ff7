// KeyStretch: how much work stands between a secret and the private key that it encrypts.
//
// A person's passphrase goes through scrypt, which takes a tenth of a second and more. A secret that we derived or
// drew at random cannot be guessed anyway and takes PBKDF2: tablets then start, and connect, quickly.
#pragma once

namespace core {

enum class KeyStretch { for_a_person, for_our_own_secret };

}  // namespace core
