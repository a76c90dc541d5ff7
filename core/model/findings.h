// Findings: what is wrong, or worth knowing, in the files that a municipality writes; and reading those
// files.
//
// Internal to core/model. Files are read through a SourceFolder, which says what it read, so that a digest
// binds it.
#pragma once

#include <map>

#include "core/base/bytes.h"
#include "core/model/agreement.h"

namespace core {

struct Findings {
    std::vector<FileProblem> problems, warnings;
    void wrong(std::string file, int line, std::string what, std::string remedy);
    void warn(std::string file, int line, std::string what, std::string remedy);
    bool clean() const { return problems.empty(); }
};

enum class Presence { required, optional };

class SourceFolder {
  public:
    // `shown` is the folder as a person knows it ("agreement"); empty for the folder that was asked for.
    SourceFolder(std::filesystem::path path, std::string shown, Findings& findings)
        : path_(std::move(path)), shown_(std::move(shown)), findings_(&findings) {}

    std::optional<Bytes> bytes(const std::string& name, Presence presence);
    // UTF-8 with \n at line ends and no byte order mark; anything else is a problem, which says how to save
    // it right.
    std::optional<std::string> text(const std::string& name, Presence presence);
    bool has(const std::string& name) const;

    SourceFolder inner(const std::string& name) const;  // "municipality", or a relative path
    std::string shown(const std::string& name) const { return shown_.empty() ? name : shown_ + "/" + name; }
    const std::filesystem::path& path() const { return path_; }
    const std::map<std::string, Sha256>& read() const { return read_; }  // by shown name
    Findings& findings() const { return *findings_; }

  private:
    std::filesystem::path path_;
    std::string shown_;
    Findings* findings_;
    std::map<std::string, Sha256> read_;
};

// The known word that `typed` was probably meant to be; empty when none is near.
std::string nearest(std::string_view typed, const std::vector<std::string>& known);
std::string join(const std::vector<std::string>& words, std::string_view between = ", ");
// ' Did you mean "x"?' or nothing.
std::string did_you_mean(std::string_view typed, const std::vector<std::string>& known);

std::size_t count_characters(std::string_view text);

}  // namespace core
