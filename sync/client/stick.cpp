#include "sync/client/stick.h"

#include <algorithm>

#include "core/base/file_stream.h"
#include "sync/protocol/parcel.h"

namespace client {
namespace {

namespace fs = std::filesystem;
using core::Errc;
using core::Error;

// What goes between two batches, so that the server has little that no entry names yet.
constexpr std::uint64_t most_parcel_bytes = 4 << 20;
constexpr std::size_t most_batch_items = 512, most_batch_bytes = 512 << 10;
// Frame heads, checkpoints and proofs, generously.
constexpr std::uint64_t room_for_part = 24 << 10, room_for_entry = 128, room_for_batch = 8 << 10;

struct Contents {
    core::Store* store = nullptr;
    const SessionSettings* settings = nullptr;
    wire::LogName log;
    std::vector<wire::Frame> begin;  // hellos and the transfer key
    std::string checkpoint;
    std::uint64_t size = 0, server_size = 0;  // of the log, and of the server's that it remembers
    std::vector<std::uint64_t> seqs;
};

Result<Contents> gather(core::Store& store, const SessionSettings& settings, BundleSettings::What what) {
    Contents all;
    all.store = &store;
    all.settings = &settings;
    const auto& identity = store.identity();
    all.log = {identity.device, static_cast<std::uint32_t>(identity.epoch)};
    TRY_ASSIGN(auto session, Session::begin(store, settings));
    TRY_ASSIGN(all.begin, session.hellos());
    const auto& remembered = std::get<wire::Hello>(all.begin[0]).server_checkpoint;
    if (!remembered.empty()) {
        TRY_ASSIGN(auto head, wire::open_server_checkpoint(remembered, settings.server));
        all.server_size = head.size;
    }
    TRY_ASSIGN(auto sealed, settings.seal(settings.transfer_key->bytes()));
    all.begin.push_back(wire::TransferKey{std::move(sealed)});
    TRY_ASSIGN(all.checkpoint, store.checkpoint());
    all.size = store.size();
    if (what == BundleSettings::What::everything) {
        for (std::uint64_t seq = 0; seq < all.size; ++seq) all.seqs.push_back(seq);
        return all;
    }
    for (std::uint64_t from = 0;;) {
        TRY_ASSIGN(auto some, store.unsent_entries(from, 256));
        if (some.empty()) return all;
        all.seqs.insert(all.seqs.end(), some.begin(), some.end());
        from = some.back() + 1;
    }
}

// Where each part begins in `seqs`, and the end. Every part has an entry.
Result<std::vector<std::size_t>> split(const Contents& all, std::uint64_t part_size) {
    std::vector<std::size_t> begins;
    std::uint64_t used = part_size;
    for (std::size_t i = 0; i < all.seqs.size(); ++i) {
        TRY_ASSIGN(auto entry, all.store->entry(all.seqs[i]));
        TRY_ASSIGN(auto parcel, wire::read_parcel(*all.store, *all.settings->transfer_key, all.seqs[i]));
        std::uint64_t size = entry.bytes.size() + room_for_entry, parcel_size = parcel ? parcel->size() : 0;
        size += parcel_size + parcel_size / 512;  // heads of blob parts, seals of chunks
        bool batch_ends = i % most_batch_items == 0 || parcel_size > most_parcel_bytes;
        size += batch_ends ? room_for_batch : room_for_batch * parcel_size / most_parcel_bytes;
        if (used + size > part_size) {
            begins.push_back(i);
            used = room_for_part + room_for_batch;
        }
        used += size;
    }
    begins.push_back(all.seqs.size());
    return begins;
}

class PartMaker {
  public:
    PartMaker(const Contents& all, wire::PartWriter& to) : all_(all), to_(to) {}

    Status make(std::span<const std::uint64_t> seqs) {
        for (const auto& frame : all_.begin) TRY(to_.write(frame));
        for (auto seq : seqs) TRY(add(seq));
        return close_batch();
    }

  private:
    Status add(std::uint64_t seq) {
        TRY_ASSIGN(auto entry, all_.store->entry(seq));
        TRY_ASSIGN(auto parcel, wire::read_parcel(*all_.store, *all_.settings->transfer_key, seq));
        bool full = batch_.items.size() == most_batch_items ||
                    batch_bytes_ + entry.bytes.size() > most_batch_bytes ||
                    parcel_bytes_ + (parcel ? parcel->size() : 0) > most_parcel_bytes;
        if (!batch_.items.empty() && (full || batch_.from + batch_.items.size() != seq)) TRY(close_batch());
        if (batch_.items.empty()) batch_.from = seq;
        std::optional<wire::ParcelHash> hash;
        if (parcel) {
            hash = wire::ParcelHash::of(*parcel);
            for (std::uint64_t offset = 0; offset < parcel->size(); offset += wire::longest_blob_part) {
                auto size = std::min<std::uint64_t>(wire::longest_blob_part, parcel->size() - offset);
                auto part = ByteView(*parcel).subspan(offset, size);
                TRY(to_.write(wire::BlobPart{*hash, parcel->size(), offset, {part.begin(), part.end()}}));
            }
            parcel_bytes_ += parcel->size();
        }
        batch_bytes_ += entry.bytes.size();
        batch_.items.push_back({std::move(entry.bytes), hash});
        return {};
    }

    Status close_batch() {
        if (batch_.items.empty()) return {};
        batch_.checkpoint = all_.checkpoint;
        batch_.server_size = all_.server_size;
        TRY_ASSIGN(batch_.proof,
                   all_.store->prove_range(batch_.from, batch_.from + batch_.items.size(), all_.size));
        batch_bytes_ = 0, parcel_bytes_ = 0;
        return to_.write(std::exchange(batch_, {}));
    }

    const Contents& all_;
    wire::PartWriter& to_;
    wire::EntryBatch batch_;
    std::size_t batch_bytes_ = 0;
    std::uint64_t parcel_bytes_ = 0;
};

Result<std::uint64_t> write_part(const Contents& all, const wire::PartHead& head,
                                 std::span<const std::uint64_t> seqs, const fs::path& path) {
    TRY_ASSIGN(auto file, core::NewFile::begin(path));
    std::uint64_t size = 0;
    TRY_ASSIGN(auto writer, wire::PartWriter::begin(head, all.settings->seal, [&](ByteView bytes) {
                   size += bytes.size();
                   return file.write(bytes);
               }));
    TRY(PartMaker(all, writer).make(seqs));
    TRY(writer.finish(*all.settings->log_key));
    TRY(file.keep());
    core::forget_cached(path);
    TRY_ASSIGN(auto again, core::OpenFile::open(path));
    wire::Source source{again.size(), [&](auto offset, auto length) { return again.read(offset, length); }};
    auto whole = wire::check_signature(source, all.settings->log_key->public_key());
    if (!whole.ok() || again.size() != size)
        return Error{Errc::damaged, "the stick does not give back what was written to it"};
    return size;
}

}  // namespace

Result<WrittenBundle> write_bundle(core::Store& store, const SessionSettings& settings,
                                   const BundleSettings& wanted, const fs::path& folder) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) return Error{Errc::not_found, folder.string() + ": no such folder"};
    if (wanted.part_size < BundleSettings::least_part)
        return Error{Errc::not_allowed,
                     "a part has at least " + std::to_string(BundleSettings::least_part) + " bytes"};
    TRY_ASSIGN(auto all, gather(store, settings, wanted.what));
    TRY_ASSIGN(auto begins, split(all, wanted.part_size));
    auto total = begins.size() - 1;
    if (total > wire::most_parts)
        return Error{Errc::not_allowed, "more than 10,000 parts: let them be larger"};
    core::Uuid bundle;
    core::fill_random(bundle);
    auto name = "handslag-" + core::to_hex(ByteView(bundle).first(4));
    WrittenBundle written;
    for (std::size_t i = 0; i < total; ++i) {
        auto seqs = std::span(all.seqs).subspan(begins[i], begins[i + 1] - begins[i]);
        wire::PartHead head{core::SecretKey::random(),
                            bundle,
                            static_cast<std::uint32_t>(i + 1),
                            static_cast<std::uint32_t>(total),
                            all.log,
                            seqs.front(),
                            seqs.back() + 1};
        auto path =
            folder / (name + "-" + std::to_string(i + 1) + "-of-" + std::to_string(total) + ".frames");
        auto size = write_part(all, head, seqs, path);
        written.parts.push_back(path);
        if (!size.ok()) {  // a bundle with a hole must not look like one
            for (const auto& part : written.parts) fs::remove(part, error);
            return size.error();
        }
        written.entries += seqs.size();
        written.bytes += *size;
    }
    return written;
}

Result<Session> read_receipts(core::Store& store, SessionSettings settings, const fs::path& file) {
    TRY_ASSIGN(auto sealed, core::read_file(file));
    const auto& identity = store.identity();
    TRY_ASSIGN(auto exchange,
               wire::open_receipts(*settings.transfer_key,
                                   {identity.device, static_cast<std::uint32_t>(identity.epoch)}, sealed));
    TRY_ASSIGN(auto session, Session::begin(store, std::move(settings)));
    TRY(session.read_from_stick(exchange));
    return session;
}

}  // namespace client
