// Small files for tests: read whole, written whole, one line changed.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "core/base/check.h"

inline std::string read_text(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    CHECK_THAT(in.good());
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

inline void write_text(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary);
    out << text;
    out.close();
    CHECK_THAT(out.good());
}

// The first place only; `from` must be there, so that a test cannot silently change nothing.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
    auto at = text.find(from);
    CHECK_THAT(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

inline int line_of(const std::string& text, const std::string& part) {
    auto at = text.find(part);
    CHECK_THAT(at != std::string::npos);
    int line = 1;
    for (std::size_t i = 0; i < at; ++i) line += text[i] == '\n';
    return line;
}

inline std::filesystem::path golden(const std::string& name) {
    return std::filesystem::path(HANDSLAG_SOURCE_DIR) / "tests" / "golden" / name;
}
