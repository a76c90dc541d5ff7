// Sticks: the host's, with sealed bundles of the whole ceremony; and a visitor's, with one certificate.
#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/file_stream.h"
#include "core/bundle.h"
#include "core/evidence/entry.h"
#include "core/signing_parts.h"
#include "core/signing_rules.h"

namespace core {
namespace {

namespace fs = std::filesystem;

Status write_and_compare(const fs::path& file, ByteView content) {
    TRY(write_file_durably(file, content));
    forget_cached(file);
    TRY_ASSIGN(auto read, read_file(file));
    if (std::equal(read.begin(), read.end(), content.begin(), content.end())) return {};
    std::error_code error;
    fs::remove(file, error);  // a bad copy must not look like a copy
    return Error{Errc::damaged, "the stick does not give back what was written to it"};
}

// Never makes the stick itself: without one, the path would be a folder on the tablet's own disk.
Status require_stick(const fs::path& stick) {
    std::error_code error;
    if (stick.empty() || !fs::is_directory(stick, error))
        return Error{Errc::not_found, "no stick is plugged in"};
    return {};
}

// A name begins with whose entry it is and which: a tablet that was restored from a backup writes other
// entries under the same numbers, and those are no copies. It ends with the hash of the file itself.
std::string name_of_entry(const SigningDesk& desk, std::uint64_t seq, ByteView entry) {
    char number[24];
    std::snprintf(number, sizeof number, "%06llu", static_cast<unsigned long long>(seq));
    auto device = desk.device.str();
    return std::string(1, desk.tablet_letter) + "-" + device.substr(device.size() - 8) + "-" +
           std::to_string(desk.epoch) + "-" + number + "-" + leaf_hash(entry).hex().substr(0, 8) + "-";
}
std::string name_ending(ByteView sealed) { return to_hex(sha256(sealed)).substr(0, 8) + ".bundle"; }

struct Found {
    bool whole = false;
    std::vector<fs::path> damaged;  // of this very entry, and not what was written
};
// Reads what it finds: a stick that was pulled out, or is worn, has files that are none.
Found find_copies(const fs::path& folder, const std::string& begins) {
    Found found;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        auto name = at->path().filename().string();
        std::error_code type_error;
        if (!name.starts_with(begins) || !name.ends_with(".bundle") ||
            at->symlink_status(type_error).type() != fs::file_type::regular)
            continue;
        auto sealed = read_file(at->path());
        if (sealed.ok() && name == begins + name_ending(*sealed))
            found.whole = true;
        else
            found.damaged.push_back(at->path());
    }
    return found;
}

Error from_stick(const std::error_code& error) {
    return {error == std::errc::no_space_on_device ? Errc::disk_full : Errc::not_writable,
            "the stick's folder: " + error.message()};
}

// Through no link: what lies on a stick was put there by somebody else.
Result<fs::path> make_folder(const SigningDesk& desk) {
    auto folder = desk.stick;
    for (const auto& part : {std::string("handslag"), desk.ceremony->code}) {
        folder /= part;
        std::error_code error;
        auto there = fs::symlink_status(folder, error).type();
        if (there == fs::file_type::not_found) {
            if (!fs::create_directory(folder, error) && error) return from_stick(error);
        } else if (there != fs::file_type::directory) {
            return Error{Errc::not_writable, "the stick's folder: a link or a file lies in its place"};
        }
    }
    return folder;
}

// New folders, too, are on the stick before anybody is told so.
Status sync_stick(const fs::path& stick) {
    int fd = ::open(stick.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return Error{Errc::not_found, "no stick is plugged in"};
    int synced = ::syncfs(fd);
    std::error_code reason(errno, std::generic_category());
    ::close(fd);
    return synced == 0 ? Status() : Status(from_stick(reason));
}

// Entries of the desk's ceremony: those after an "opened" of it and before one of another, and what refers to
// them.
Result<std::vector<std::uint64_t>> entries_of_ceremony(const SigningDesk& desk) {
    std::vector<std::uint64_t> own;
    bool ours = false;
    for (std::uint64_t seq = 0; seq < desk.store->size(); ++seq) {
        TRY_ASSIGN(auto entry, desk.store->entry(seq));
        if (entry.kind == kind_opened) {
            TRY_ASSIGN(auto opening, read_opening(*desk.store, entry));
            ours = opening.ceremony == desk.ceremony->id;
        }
        bool belongs = entry.refers_to ? std::binary_search(own.begin(), own.end(), *entry.refers_to) : ours;
        if (belongs) own.push_back(seq);
    }
    return own;
}

}  // namespace

Status copy_entry_to_stick(const SigningDesk& desk, std::uint64_t seq) {
    TRY(require_stick(desk.stick));
    const auto& recipient = desk.ceremony->municipality.bundle_certificate_pem;
    if (recipient.empty())
        return Error{Errc::not_found,
                     "the municipality has no bundle certificate (municipality/bundle-recipient.pem)"};
    TRY_ASSIGN(auto bundle, read_bundle(*desk.store, seq));
    auto plain = encode(bundle);
    auto sealed = seal_to(recipient, plain);
    wipe(plain);
    for (auto& payload : bundle.payloads) wipe(payload.content);
    if (!sealed.ok()) return sealed.error();
    auto begins = name_of_entry(desk, seq, bundle.entry);
    TRY_ASSIGN(auto folder, make_folder(desk));
    auto before = find_copies(folder, begins);
    TRY(write_and_compare(folder / (begins + name_ending(*sealed)), *sealed));
    std::error_code error;
    for (const auto& damaged : before.damaged) fs::remove(damaged, error);  // one that stays harms nobody
    return sync_stick(desk.stick);
}

Result<int> copy_to_stick(const SigningDesk& desk) {
    check_desk(desk);
    TRY(require_stick(desk.stick));
    TRY_ASSIGN(auto seqs, entries_of_ceremony(desk));
    TRY_ASSIGN(auto rows, desk.store->signings());
    TRY_ASSIGN(auto folder, make_folder(desk));
    int written = 0;
    for (auto seq : seqs) {
        TRY_ASSIGN(auto entry, desk.store->entry(seq));
        if (!find_copies(folder, name_of_entry(desk, seq, entry.bytes)).whole) {
            TRY(copy_entry_to_stick(desk, seq));
            ++written;
        }
        auto row =
            std::find_if(rows.begin(), rows.end(), [&](const SigningRow& one) { return one.seq == seq; });
        if (row != rows.end() && !row->copied_to_stick) TRY(desk.store->mark_copied(seq));
    }
    return written;
}

Status hand_over(const fs::path& stick, std::string_view certificate_number, ByteView pdf) {
    TRY(require_stick(stick));
    bool plain_name = !certificate_number.empty() && certificate_number.size() <= 40 &&
                      std::all_of(certificate_number.begin(), certificate_number.end(), [](char c) {
                          return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
                      });
    if (!plain_name) return Error{Errc::malformed, "not a certificate's or a protocol's number"};
    return write_and_compare(stick / ("handslag-" + std::string(certificate_number) + ".pdf"), pdf);
}

}  // namespace core
