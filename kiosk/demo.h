// Demo: a demonstration municipality's CA on the tablet itself, so that anybody can try the whole ceremony.
//
// A real tablet never holds a CA key (ARCHITECTURE.md, decision 3). Everything that this CA issues says
// DEMONSTRATION, and so does every certificate that is sealed under it.
//
// STORE/demo-ca/        the CA (its passphrase is the word "demonstration")
// STORE/demo-ca/bundle.key, bundle.crt   whom sticks are sealed to
// STORE/demo-ca/passphrase.txt           the tablet's passphrase and recovery code, for journeys and curious
// people
#pragma once

#include "core/certificate/ca.h"
#include "core/certificate/keyring.h"
#include "core/model/municipality.h"

namespace kiosk {

struct DemonstrationCa {
    std::string root_pem, bundle_certificate_pem;
};

// Opens the demonstration CA under `store_dir`, or makes it.
core::Result<DemonstrationCa> demonstration_ca(const std::filesystem::path& store_dir,
                                               const core::Municipality& municipality, std::int64_t now_ms);

// Answers the keyring's request for a seal certificate, once.
core::Status certify_for_demonstration(core::Keyring& keyring, const std::filesystem::path& store_dir,
                                       std::string_view tablet_name, std::int64_t now_ms);

core::Status note_demonstration_secrets(const std::filesystem::path& store_dir,
                                        const core::NewKeyringSecrets& secrets);

}  // namespace kiosk
