// Länsöverenskommelsen Västernorrland, a real agreement, brought into the agreement format.
//
// The text is not part of this repository: $HANDSLAG_TEST_DATA names the folder of
// lansoverenskommelsen-vasternorrland.json. Tests that need it say in words that they are skipped without it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

std::optional<std::filesystem::path> vasternorrland_json();  // nothing when the variable is unset

// Writes agreement.toml and sv.md into `folder`. The source holds no criteria of its own: the conditions that
// its text sets for who can join become four. Its years are lost in the transcript, so the adoption is
// `adopted`.
void write_vasternorrland(const std::filesystem::path& json_file, const std::filesystem::path& folder,
                          const std::string& adopted = "2014-10-01");
