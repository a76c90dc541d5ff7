#include "sync/server/copies.h"

#include <algorithm>
#include <map>

#include "core/base/file.h"
#include "core/bundle.h"
#include "core/evidence/proof_order.h"

namespace server {
namespace {

namespace fs = std::filesystem;
using core::Errc;
using core::Error;

constexpr std::size_t longest_request = 4 << 20;

Result<core::Bundle> open_copy(const fs::path& path, const wire::OpenSeal& open) {
    TRY_ASSIGN(auto sealed, core::read_file(path));
    auto plain = open(sealed);
    if (!plain.ok()) return plain.error();
    auto copy = core::decode_bundle(*plain);
    core::wipe(*plain);
    if (!copy.ok()) return copy.error();
    TRY(core::check_bundle(*copy));
    return copy;
}

wire::LogName log_of(const core::Bundle& copy) {
    return {copy.identity.device, static_cast<std::uint32_t>(copy.identity.epoch)};
}

// Whose entry it is, when it is whole and its tablet is known by the key that it names.
Result<core::Bundle> open_known_copy(const Door& door, const fs::path& path, const wire::OpenSeal& open) {
    TRY_ASSIGN(auto copy, open_copy(path, open));
    TRY_ASSIGN(auto log, door.find_log(log_of(copy)));
    if (!log)
        return Error{Errc::not_allowed,
                     "it is of a tablet that is not enrolled here: " + copy.identity.device.str() +
                         ", epoch " + std::to_string(copy.identity.epoch) + ", log key " +
                         core::to_hex(copy.identity.log_key)};
    if (log->key != copy.identity.log_key)
        return Error{Errc::damaged, "it names another log key than the one that its tablet is known by"};
    return copy;
}

// The frames that the tablet would send of this entry, and the key first.
class CopySender {
  public:
    CopySender(const Door& door, const wire::Seal& seal, const wire::OpenSeal& open, TakenCopies& taken)
        : door_(door), seal_(seal), open_(open), taken_(taken) {}

    Status send(const fs::path& path, const core::Bundle& copy) {
        TRY_ASSIGN(auto log, door_.find_log(taken_.log));
        TRY_ASSIGN(auto key, key_of(copy, *log));
        if (key.empty()) {
            taken_.remarks.push_back({path,
                                      "it was written by an older Handslag, and the tablet has never sent "
                                      "its transfer key: it cannot be taken"});
            return {};
        }
        // Whoever has the payloads that the entry commits to has them of the tablet, and the key with them.
        if (log->transfer_key.empty() && !copy.payloads.empty()) {
            TRY_ASSIGN(auto sealed, seal_(key.bytes()));
            frames_.push_back(wire::TransferKey{std::move(sealed)});
        }
        wire::EntryBatch batch{copy.checkpoint, copy.seq, 0, {{copy.entry, std::nullopt}}, {}};
        TRY_ASSIGN(auto head, core::open_checkpoint(copy.checkpoint, copy.identity.log_key));
        batch.proof =
            core::as_range_proof(copy.proof, copy.seq, head.size).value();  // check_bundle() verified it
        TRY(put_parcel(key, copy, batch.items[0].parcel));
        frames_.push_back(std::move(batch));
        return flush(path);
    }

  private:
    Result<core::SecretKey> key_of(const core::Bundle& copy, const LogNews& log) {
        if (!copy.transfer_key.empty()) return copy.transfer_key.clone();
        if (log.transfer_key.empty()) return core::SecretKey();
        TRY_ASSIGN(auto plain, open_(log.transfer_key));
        if (plain.size() != 32) return Error{Errc::damaged, "a transfer key has 32 bytes"};
        core::SecretKey key(plain);
        core::wipe(plain);
        return key;
    }

    Status put_parcel(const core::SecretKey& key, const core::Bundle& copy,
                      std::optional<wire::ParcelHash>& hash) {
        if (copy.payloads.empty()) return {};
        std::vector<wire::Payload> payloads;
        for (const auto& payload : copy.payloads)
            payloads.push_back({payload.name, payload.salt, payload.content});
        auto plain = wire::encode_parcel(payloads);
        auto parcel = wire::seal_parcel(key, taken_.log, copy.seq, plain);
        core::wipe(plain);
        for (auto& payload : payloads) core::wipe(payload.content);
        hash = wire::ParcelHash::of(parcel);
        for (std::uint64_t offset = 0; offset < parcel.size(); offset += wire::longest_blob_part) {
            auto size = std::min<std::uint64_t>(wire::longest_blob_part, parcel.size() - offset);
            auto part = ByteView(parcel).subspan(offset, size);
            frames_.push_back(wire::BlobPart{*hash, parcel.size(), offset, {part.begin(), part.end()}});
        }
        return {};
    }

    Status flush(const fs::path& path) {
        std::vector<wire::Frame> request;
        std::size_t size = 0;
        bool receipt = false;
        for (std::size_t i = 0; i < frames_.size(); ++i) {
            size += wire::encode(frames_[i]).size();
            request.push_back(std::move(frames_[i]));
            if (size < longest_request && i + 1 < frames_.size()) continue;
            TRY_ASSIGN(auto answer, ask(door_, taken_.log, std::exchange(request, {})));
            size = 0;
            for (const auto& frame : answer) {
                if (const auto* refusal = std::get_if<wire::Refusal>(&frame))
                    taken_.remarks.push_back({path, "the server refuses: " + refusal->text});
                const auto* receipts = std::get_if<wire::Receipts>(&frame);
                if (receipts == nullptr) continue;
                receipt = true;
                bool accepted = receipts->runs[0].items[0].standing == wire::Standing::accepted;
                ++(accepted ? taken_.accepted : taken_.kept_apart);
            }
        }
        frames_.clear();
        if (!receipt && taken_.remarks.empty())
            taken_.remarks.push_back({path, "its entry could not be taken"});
        return {};
    }

    const Door& door_;
    const wire::Seal& seal_;
    const wire::OpenSeal& open_;
    TakenCopies& taken_;
    std::vector<wire::Frame> frames_;
};

}  // namespace

Result<TakenCopyFiles> take_copies(const Door& door, std::span<const fs::path> files,
                                   const wire::OpenSeal& open, const wire::Seal& seal, Gaps gaps) {
    TakenCopyFiles all;
    std::map<wire::LogName, std::vector<std::pair<std::uint64_t, fs::path>>> by_log;
    for (const auto& path : files) {
        auto copy = open_known_copy(door, path, open);
        if (copy.ok())
            by_log[log_of(*copy)].emplace_back(copy->seq, path);
        else
            all.refused.push_back({path, copy.error().detail});
    }
    for (auto& [log, copies] : by_log) {
        auto& taken = all.logs.emplace_back(TakenCopies{log, 0, 0, {}});
        std::ranges::sort(copies);
        CopySender sender(door, seal, open, taken);
        for (const auto& [seq, path] : copies) {
            TRY_ASSIGN(auto news, door.find_log(log));
            if (gaps == Gaps::wait && news->state == wire::LogState::active && seq > news->held) {
                taken.remarks.push_back({path, "entry " + std::to_string(news->held) +
                                                   " is missing: neither the server nor a copy here has it"});
                break;
            }
            TRY_ASSIGN(auto copy, open_copy(path, open));
            TRY(sender.send(path, copy));
        }
    }
    return all;
}

}  // namespace server
