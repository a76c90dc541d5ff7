#include "sync/ingest/stick.h"

#include <algorithm>
#include <map>

#include "core/base/file_stream.h"
#include "sync/ingest/exchange.h"

namespace server {
namespace {

namespace fs = std::filesystem;
using core::Errc;
using core::Error;

constexpr std::size_t longest_request = 4 << 20;

struct Part {
    fs::path path;
    wire::PartReader reader;
    const wire::PartHead& head() const { return reader.head(); }
};

std::string number(std::uint64_t n) { return std::to_string(n); }

// A part whose owner is known and whose signature holds.
Result<Part> open_part(const Door& door, const fs::path& path, const wire::OpenSeal& open) {
    TRY_ASSIGN(auto file, core::OpenFile::open(path));
    // Opened anew for each piece: there may be more parts than a process may have files. What was exchanged meanwhile
    // does not open.
    wire::Source source{file.size(), [path](auto offset, auto size) -> Result<Bytes> {
                            TRY_ASSIGN(auto again, core::OpenFile::open(path));
                            return again.read(offset, size);
                        }};
    TRY_ASSIGN(auto reader, wire::PartReader::begin(std::move(source), open));
    TRY_ASSIGN(auto log, door.find_log(reader.head().log));
    if (!log)
        return Error{Errc::not_allowed,
                     "it is of a tablet that is not enrolled here: " + reader.head().log.device.str() +
                         ", epoch " + number(reader.head().log.epoch)};
    TRY(wire::check_signature(reader.file(), log->key));
    return Part{path, std::move(reader)};
}

// The frames of a bundle on their way through the door.
class Carrying {
  public:
    Carrying(const Door& door, TakenBundle& bundle, const wire::OpenSeal& open)
        : door_(door), bundle_(bundle), open_(open) {}

    // False: something is wrong, and no part after this one is to be taken.
    Result<bool> take(Part& part);
    // All receipts under one head, when nothing more comes.
    Status ask_for_receipts();

  private:
    bool remark(const Part& part, std::string what) {
        bundle_.remarks.push_back({part.path, std::move(what)});
        return false;
    }
    Result<bool> send(const Part& part);
    Result<bool> greet(const Part& part);

    const Door& door_;
    TakenBundle& bundle_;
    const wire::OpenSeal& open_;
    std::vector<wire::Frame> hellos_, waiting_;
    std::vector<wire::Frame> batches_;  // entries without their parcels, to ask for their receipts
    std::size_t waiting_size_ = 0;
    bool greeted_ = false;
    std::optional<core::SecretKey> transfer_key_;
};

Result<bool> Carrying::send(const Part& part) {
    if (waiting_.empty()) return true;
    waiting_size_ = 0;
    TRY_ASSIGN(auto answer, ask(door_, bundle_.log, std::exchange(waiting_, {})));
    for (const auto& frame : answer)
        if (const auto* refusal = std::get_if<wire::Refusal>(&frame))
            return remark(part, "the server refuses: " + refusal->text);
    return true;
}

// As the tablet would: a server that has forgotten what it acknowledged gets nothing.
Result<bool> Carrying::greet(const Part& part) {
    if (std::exchange(greeted_, true)) return true;
    TRY_ASSIGN(auto log, door_.find_log(bundle_.log));
    TRY_ASSIGN(auto answer, ask(door_, bundle_.log, hellos_));
    std::size_t at = 0;
    for (const auto& frame : answer) {
        if (const auto* refusal = std::get_if<wire::Refusal>(&frame))
            return remark(part, "the server refuses: " + refusal->text);
        const auto* welcome = std::get_if<wire::Welcome>(&frame);
        if (welcome == nullptr || at == hellos_.size()) continue;
        const auto& note = std::get<wire::Hello>(hellos_[at++]).server_checkpoint;
        if (note.empty()) continue;
        TRY_ASSIGN(auto before, wire::open_server_checkpoint(note, log->server));
        TRY_ASSIGN(auto now, wire::open_server_checkpoint(welcome->checkpoint, log->server));
        if (!core::verify_consistency(before.size, before.root, now.size, now.root, welcome->consistency))
            return remark(
                part,
                "this server has forgotten what it once acknowledged to the tablet, perhaps after a "
                "restore. Nothing was taken. Tell IT; do not erase the tablet or the stick");
    }
    return true;
}

Result<bool> Carrying::take(Part& part) {
    while (true) {
        auto next = part.reader.next();
        if (!next.ok()) return remark(part, next.error().detail);
        if (!*next) break;
        auto& frame = **next;
        if (const auto* hello = std::get_if<wire::Hello>(&frame)) {
            if (!greeted_) hellos_.push_back(*hello);
            continue;
        }
        TRY_ASSIGN(bool welcome, greet(part));
        if (!welcome) return false;
        if (const auto* key = std::get_if<wire::TransferKey>(&frame); key != nullptr && !transfer_key_) {
            auto opened = open_(key->sealed);
            if (opened.ok() && opened->size() == 32) transfer_key_ = core::SecretKey(*opened);
            if (opened.ok()) core::wipe(*opened);
        }
        bool is_batch = std::holds_alternative<wire::EntryBatch>(frame);
        if (is_batch) batches_.push_back(frame);
        waiting_size_ += wire::encode(frame).size();
        waiting_.push_back(std::move(frame));
        if (waiting_size_ < longest_request && waiting_.size() < wire::most_items) continue;
        TRY_ASSIGN(bool sent, send(part));
        if (!sent) return false;
    }
    return send(part);
}

Status Carrying::ask_for_receipts() {
    if (!transfer_key_) return {};
    std::vector<wire::Frame> told, request = hellos_;
    std::uint64_t wanted = 0, receipts = 0;
    auto hear = [&]() -> Status {
        if (request.empty()) return {};
        TRY_ASSIGN(auto answer, ask(door_, bundle_.log, std::exchange(request, {})));
        for (auto& frame : answer) {
            if (std::holds_alternative<wire::Held>(frame)) continue;
            if (const auto* given = std::get_if<wire::Receipts>(&frame))
                for (const auto& run : given->runs)
                    for (const auto& item : run.items) {
                        ++receipts;
                        ++(item.standing == wire::Standing::accepted ? bundle_.accepted : bundle_.kept_apart);
                    }
            told.push_back(std::move(frame));
        }
        return {};
    };
    std::size_t size = 0;
    for (auto& batch : batches_) {
        size += wire::encode(batch).size();
        wanted += std::get<wire::EntryBatch>(batch).items.size();
        request.push_back(std::move(batch));
        if (size < longest_request) continue;
        TRY(hear());
        size = 0;
    }
    TRY(hear());
    if (receipts < wanted)
        bundle_.remarks.push_back(
            {bundle_.files.front(),
             number(wanted - receipts) + " of " + number(wanted) + " entries could not be taken"});
    auto exchange = wire::encode_exchange(told);
    bundle_.receipts = wire::seal_receipts(*transfer_key_, bundle_.log, exchange);
    return {};
}

Status take_bundle(const Door& door, std::vector<Part>& parts, const wire::OpenSeal& open, Gaps gaps,
                   TakenBundle& bundle) {
    Carrying carrying(door, bundle, open);
    std::uint32_t next = 1;
    for (auto& part : parts) {
        for (; next < part.head().place; ++next) bundle.missing.push_back(next);
        next = part.head().place + 1;
    }
    for (; next <= bundle.total; ++next) bundle.missing.push_back(next);
    for (auto& part : parts) {
        TRY_ASSIGN(auto log, door.find_log(bundle.log));
        bool waits = log->state == wire::LogState::active && part.head().from > log->held;
        if (waits && gaps == Gaps::wait) {
            bundle.remarks.push_back({part.path, "it begins with entry " + number(part.head().from) +
                                                     ", and the server holds only " + number(log->held) +
                                                     ": an earlier part or bundle must come first"});
            break;
        }
        TRY_ASSIGN(bool taken, carrying.take(part));
        if (!taken) break;
        bundle.taken.push_back(part.head().place);
    }
    return carrying.ask_for_receipts();
}

}  // namespace

Door door_of(Ingest& ingest, Ledger& ledger) {
    Door door;
    door.find_log = [&](const wire::LogName& name) -> Result<std::optional<LogNews>> {
        TRY_ASSIGN(auto log, ledger.find_log(name));
        if (!log) return std::optional<LogNews>{};
        return std::optional(
            LogNews{log->key, log->state, log->held, log->transfer_key, ingest.name(), log->tablet});
    };
    door.exchange = [&](const wire::LogName& log, ByteView request) -> Result<Bytes> {
        Exchange exchange(ingest, log, Way::stick);
        TRY(exchange.feed(request));
        auto answer = exchange.finish();
        if (exchange.fault()) return *exchange.fault();
        return answer;
    };
    return door;
}

Result<std::vector<wire::Frame>> ask(const Door& door, const wire::LogName& log,
                                     const std::vector<wire::Frame>& frames) {
    TRY_ASSIGN(auto answer, door.exchange(log, wire::encode_exchange(frames)));
    return wire::decode_exchange(answer);
}

std::string file_name_of(const core::Uuid& bundle) {
    return "handslag-" + core::to_hex(ByteView(bundle).first(4));
}

Result<TakenSticks> take_bundles(const Door& door, std::span<const fs::path> files,
                                 const wire::OpenSeal& open, Gaps gaps) {
    TakenSticks sticks;
    std::map<core::Uuid, std::vector<Part>> by_bundle;
    for (const auto& path : files) {
        auto part = open_part(door, path, open);
        if (!part.ok()) {
            sticks.refused.push_back({path, part.error().detail});
            continue;
        }
        auto& parts = by_bundle[part->head().bundle];
        auto at = std::ranges::lower_bound(parts, part->head().place, {},
                                           [](const Part& one) { return one.head().place; });
        if (at != parts.end() && at->head().place == part->head().place) continue;  // the same, copied twice
        if (!parts.empty() &&
            (parts[0].head().log != part->head().log || parts[0].head().total != part->head().total)) {
            sticks.refused.push_back({path, "it says that it belongs to a bundle, and does not fit there"});
            continue;
        }
        parts.insert(at, std::move(*part));
    }
    std::vector<std::vector<Part>*> order;
    for (auto& [bundle, parts] : by_bundle) order.push_back(&parts);
    std::ranges::sort(order, [](const auto* a, const auto* b) {
        const auto &first = a->front().head(), &second = b->front().head();
        return std::tie(first.log, first.from, first.bundle) <
               std::tie(second.log, second.from, second.bundle);
    });
    for (auto* parts : order) {
        auto& bundle = sticks.bundles.emplace_back();
        const auto& head = parts->front().head();
        bundle.bundle = head.bundle;
        bundle.log = head.log;
        bundle.total = head.total;
        for (const auto& part : *parts) bundle.files.push_back(part.path);
        TRY(take_bundle(door, *parts, open, gaps, bundle));
    }
    return sticks;
}

}  // namespace server
