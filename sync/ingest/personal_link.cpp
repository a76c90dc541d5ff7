#include "sync/ingest/personal_link.h"

#include <charconv>

#include "core/base/text.h"

namespace server {
namespace {

// Bound to its use: the value of another hash in the ledger is never a link.
std::string name_of(std::string_view token) {
    auto written = core::to_upper(token);  // as people type it
    return "personal_link." + core::to_hex(core::sha256(
                                  {core::as_bytes("handslag-personal-link/1\n"), core::as_bytes(written)}));
}

}  // namespace

Status note_personal_link(Ledger& ledger, std::string_view token, std::uint64_t index) {
    return ledger.put_value(name_of(token), core::as_bytes(std::to_string(index)));
}

Result<std::optional<std::uint64_t>> find_personal_link(Ledger& ledger, std::string_view token) {
    TRY_ASSIGN(auto value, ledger.value(name_of(token)));
    if (!value) return std::optional<std::uint64_t>{};
    auto text = core::as_text(*value);
    std::uint64_t index = 0;
    auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (wrong != std::errc{} || end != text.data() + text.size())
        return core::Error{core::Errc::damaged, "where a personal link leads"};
    return std::optional(index);
}

Result<std::optional<Bytes>> read_certificate(Ledger& ledger, ParcelReader& reader, std::uint64_t index) {
    TRY_ASSIGN(auto entry, ledger.entry_by_index(index));
    if (!entry) return core::Error{core::Errc::not_found, "no entry " + std::to_string(index)};
    TRY_ASSIGN(auto leaf, ledger.leaf(index));
    TRY_ASSIGN(auto received, wire::decode_received(leaf));
    TRY_ASSIGN(auto log, ledger.find_log(received.log));
    if (!log) return core::Error{core::Errc::damaged, "an entry of a log that is not known"};
    if (entry->parcel) {
        TRY_ASSIGN(auto parcel, ledger.find_blob(log->number, *entry->parcel));
        if (!parcel) return std::optional<Bytes>{};  // dropped by a decision of staff
    }
    TRY_ASSIGN(auto payloads, open_held_parcel(ledger, reader, *log, *entry));
    std::optional<Bytes> certificate;
    for (auto& payload : payloads) {
        if (payload.name == "certificate")
            certificate = std::move(payload.content);
        else
            core::wipe(payload.content);
    }
    return certificate;
}

}  // namespace server
