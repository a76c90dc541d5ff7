// The demonstration's ceremony as a folder that needs nothing from beside it, under another id, code and title.
#pragma once

#include <fstream>

#include "core/base/check.h"
#include "core/base/file.h"

namespace test {

inline std::string replaced_in(const std::filesystem::path& file, const std::string& from,
                               const std::string& to) {
    std::string text(core::as_text(core::read_file(file).value()));
    auto at = text.find(from);
    CHECK_THAT(at != std::string::npos);
    text.replace(at, from.size(), to);
    std::ofstream(file) << text;
    return text;
}

inline void make_ceremony_folder(const std::filesystem::path& folder, const std::string& title) {
    namespace fs = std::filesystem;
    auto assets = fs::path(HANDSLAG_SOURCE_DIR) / "assets";
    fs::copy(assets / "demo", folder, fs::copy_options::recursive);
    fs::copy(assets / "agreements/model", folder / "agreement/model", fs::copy_options::recursive);
    replaced_in(folder / "agreement/agreement.toml", "../../agreements/model", "model");
    replaced_in(folder / "ceremony.toml", "STR26", "STR27");
    replaced_in(folder / "ceremony.toml", "636572656d6f", "636572656d60");
    replaced_in(folder / "ceremony.toml", "title = \"", "title = \"" + title + " ");
}

}  // namespace test
