#include "core/certificate/ca_ledger.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/file.h"

namespace core {
namespace {

constexpr std::string_view header =
    "\"serial\";\"kind\";\"name\";\"not_before\";\"not_after\";\"sha256\";\"issued_at\"\n";
constexpr std::string_view revoked_header = "\"serial\";\"reason\";\"revoked_at\"\n";

std::string in_quotes(std::string_view field) {
    std::string out = "\"";
    for (char c : field) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

// Fields of one line, or fewer than seven when it is not a row of ours.
std::vector<std::string> fields_of(std::string_view line) {
    std::vector<std::string> fields;
    for (std::size_t at = 0; at < line.size() && line[at] == '"';) {
        std::string field;
        for (++at; at < line.size(); ++at) {
            if (line[at] != '"')
                field += line[at];
            else if (at + 1 < line.size() && line[at + 1] == '"')
                field += line[at++];
            else
                break;
        }
        fields.push_back(std::move(field));
        at += 2;  // the quotation mark and the semicolon
    }
    return fields;
}

using Fields = std::vector<std::string>;

Result<std::vector<Fields>> read_rows(const std::filesystem::path& file, std::string_view first,
                                      std::size_t width) {
    TRY_ASSIGN(auto content, read_file(file));
    auto text = as_text(content);
    if (!text.starts_with(first))
        return Error{Errc::damaged, file.string() + ":1: the header row is not ours"};
    text.remove_prefix(first.size());
    std::vector<Fields> rows;
    for (int line = 2; !text.empty(); ++line) {
        auto end = text.find('\n');
        auto fields = fields_of(text.substr(0, end));
        if (end == std::string_view::npos || fields.size() != width)
            return Error{Errc::damaged, file.string() + ":" + std::to_string(line) + ": not a row of " +
                                            std::to_string(width) + " fields"};
        rows.push_back(std::move(fields));
        text.remove_prefix(end + 1);
    }
    return rows;
}

Status add_row(const std::filesystem::path& file, std::initializer_list<std::string_view> fields) {
    TRY_ASSIGN(auto content, read_file(file));
    std::string line;
    for (auto field : fields) line += (line.empty() ? "" : ";") + in_quotes(field);
    append(content, as_bytes(line + "\n"));
    return write_file_durably(file, content);
}

}  // namespace

Result<std::vector<CaOverview::Row>> read_ledger(const std::filesystem::path& file) {
    TRY_ASSIGN(auto found, read_rows(file, header, 7));
    std::vector<CaOverview::Row> rows;
    for (Fields& fields : found)
        rows.push_back({fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[6]});
    return rows;
}

Status start_ledger(const std::filesystem::path& file) { return write_file_durably(file, as_bytes(header)); }

Status add_to_ledger(const std::filesystem::path& file, const CaOverview::Row& row) {
    TRY(read_ledger(file));  // never build on a damaged one
    return add_row(
        file, {row.serial, row.kind, row.name, row.not_before, row.not_after, row.sha256, row.issued_at});
}

Result<std::vector<CaOverview::Revoked>> read_revoked(const std::filesystem::path& file) {
    std::vector<CaOverview::Revoked> rows;
    std::error_code error;
    if (!std::filesystem::exists(file, error) && !error) return rows;
    TRY_ASSIGN(auto found, read_rows(file, revoked_header, 3));
    for (Fields& fields : found) rows.push_back({fields[0], fields[1], fields[2]});
    return rows;
}

Status add_to_revoked(const std::filesystem::path& file, const CaOverview::Revoked& row) {
    std::error_code error;
    if (!std::filesystem::exists(file, error) && !error)
        TRY(write_file_durably(file, as_bytes(revoked_header)));
    TRY(read_revoked(file));
    return add_row(file, {row.serial, row.reason, row.revoked_at});
}

Result<LedgerLock> LedgerLock::take(const std::filesystem::path& dir) {
    int fd = ::open((dir / "issued.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return Error{Errc::not_writable, dir.string() + ": " + std::strerror(errno)};
    while (::flock(fd, LOCK_EX) != 0) {
        if (errno == EINTR) continue;
        Error error{Errc::not_writable, dir.string() + ": " + std::strerror(errno)};
        ::close(fd);
        return error;
    }
    return LedgerLock(fd);
}
LedgerLock::LedgerLock(LedgerLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
LedgerLock::~LedgerLock() {
    if (fd_ >= 0) ::close(fd_);
}

}  // namespace core
