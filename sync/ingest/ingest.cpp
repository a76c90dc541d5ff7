#include "sync/ingest/ingest.h"

#include <algorithm>

#include "core/evidence/entry.h"
#include "core/evidence/tiles.h"
#include "sync/ingest/acts.h"
#include "sync/ingest/signed_feed.h"

namespace server {
namespace {

using core::Errc;
using core::Error;
using wire::LogState;
using wire::Refusal;
using wire::RefusalCode;
using wire::Standing;

constexpr std::string_view id_name = "server_id";
constexpr std::size_t most_listed = 1024;

core::StoreIdentity identity_of(const KnownLog& log) {
    return {log.name.device, static_cast<int>(log.name.epoch), log.key};
}

// A head that the tablet signed. Refused unless it is of this very log.
Result<core::TreeHead> open_head(const KnownLog& log, std::string_view note) {
    TRY_ASSIGN(auto head, core::open_checkpoint(note, log.key));
    if (head.origin != core::log_origin(log.name.device, static_cast<int>(log.name.epoch)))
        return Error{Errc::damaged, "the checkpoint is of another log"};
    if (head.size > core::most_entries)
        return Error{Errc::damaged, "the checkpoint is of more entries than a log can have"};
    return head;
}

std::string in_words(const core::TreeHead& head) { return std::to_string(head.size) + " " + head.root.hex(); }

Refusal not_enrolled() { return {RefusalCode::not_enrolled, "this device and epoch are not enrolled here"}; }

// Runs `change` in a transaction that is rolled back unless it ends well.
template <class T>
Answer<T> answer_in_transaction(Ledger& ledger, const std::function<Answer<T>()>& change) {
    std::optional<Answer<T>> answer;
    auto status = ledger.transact([&]() -> Status {
        answer = change();
        if (answer->error() != nullptr) return *answer->error();
        return answer->ok() ? Status{} : Status(Error{Errc::not_allowed, "refused"});
    });
    if (!status.ok() && (!answer || answer->refusal() == nullptr)) return status.error();
    return std::move(*answer);
}

}  // namespace

Result<core::Entry> decode_held(const KnownLog& log, const HeldEntry& entry) {
    return core::decode_entry(identity_of(log), entry.seq, entry.bytes);
}

Result<std::vector<wire::Payload>> open_held_parcel(Ledger& ledger, ParcelReader& reader, const KnownLog& log,
                                                    const HeldEntry& entry) {
    if (!entry.parcel) return std::vector<wire::Payload>{};
    TRY_ASSIGN(auto sealed, ledger.read_blob(log.number, *entry.parcel));
    return open_parcel_bytes(reader, log, entry, sealed);
}

Result<std::vector<wire::Payload>> open_parcel_bytes(ParcelReader& reader, const KnownLog& log,
                                                     const HeldEntry& entry, ByteView sealed) {
    TRY_ASSIGN(auto key, reader.open_transfer_key(log.transfer_key));
    TRY_ASSIGN(auto plain, wire::open_parcel(key, log.name, entry.seq, sealed));
    auto payloads = wire::decode_parcel(plain);
    core::wipe(plain);
    if (!payloads.ok()) return payloads.error();
    TRY_ASSIGN(auto decoded, decode_held(log, entry));
    TRY(wire::check_parcel(decoded, *payloads));
    return payloads;
}

Result<Ingest> Ingest::open(Ledger& ledger, core::Ed25519Key key, ParcelReader& reader,
                            const core::Clock& clock, IngestLimits limits) {
    Ingest ingest(ledger, std::move(key), reader, clock, limits);
    TRY(ledger.transact([&]() -> Status {
        TRY(ledger.hold(Turn::own_log));
        TRY_ASSIGN(auto id, ledger.value(id_name));
        bool is_new = !id;
        if (is_new) id = core::to_bytes(core::to_string(core::new_uuid_v7(clock.wall_ms())));
        ingest.name_ = {"handslag/server/" + std::string(core::as_text(*id)), ingest.key_.public_key()};
        if (is_new) {
            TRY(ledger.put_value(id_name, *id));
            TRY(ledger.add_checkpoint(
                0, core::sign_checkpoint({ingest.name_.origin, 0, core::empty_root()}, ingest.key_)));
        }
        TRY_ASSIGN(auto head, ingest.own_head());
        TRY_ASSIGN(auto root, core::tree_root(head.size, ledger.nodes(0)));
        TRY_ASSIGN(auto leaves, ledger.leaf_count());
        if (root != head.root || leaves != head.size)
            return Error{Errc::damaged, "the server's log is not what its newest checkpoint signs"};
        return {};
    }));
    return ingest;
}

Result<std::string> Ingest::checkpoint() {
    TRY_ASSIGN(auto note, ledger_->newest_checkpoint());
    if (!note) return Error{Errc::damaged, "the server's log has no checkpoint"};
    return std::move(*note);
}

Result<core::TreeHead> Ingest::own_head() {
    TRY_ASSIGN(auto note, checkpoint());
    return wire::open_server_checkpoint(note, name_);
}

// --- the server's own log

Result<std::uint64_t> Ingest::append_leaf(ByteView leaf) {
    if (leaf.size() > core::longest_leaf)
        return Error{Errc::malformed, "longer than a leaf of the log may be"};
    TRY(ledger_->hold(Turn::own_log));
    TRY_ASSIGN(auto size, ledger_->leaf_count());
    TRY(ledger_->add_leaf(size, leaf));
    TRY_ASSIGN(auto nodes, core::append_leaf(size, core::leaf_hash(leaf), ledger_->nodes(0)));
    TRY(ledger_->add_nodes(0, nodes));
    return size;
}

Status Ingest::append_notice(const wire::Notice& notice) {
    auto appended = append_leaf(wire::encode(notice));
    return appended.ok() ? Status{} : Status(appended.error());
}

Status Ingest::sign_head() {
    TRY(ledger_->hold(Turn::own_log));
    TRY_ASSIGN(auto old, own_head());
    TRY_ASSIGN(auto size, ledger_->leaf_count());
    if (size == old.size) return {};
    auto nodes = ledger_->nodes(0);
    core::TreeHead head{name_.origin, size, {}};
    TRY_ASSIGN(head.root, core::tree_root(size, nodes));
    TRY_ASSIGN(auto growth, core::consistency_proof(old.size, size, nodes));
    std::vector<core::LeafHash> leaves;
    for (auto index = old.size; index < size; ++index) {
        TRY_ASSIGN(auto leaf, ledger_->leaf(index));
        leaves.push_back(core::leaf_hash(leaf));
        TRY_ASSIGN(auto entry, ledger_->entry_by_index(index));
        if (entry && core::leaf_hash(entry->bytes) != entry->leaf)
            return Error{Errc::damaged, "an entry does not read back as it came"};
    }
    TRY_ASSIGN(auto proof, core::range_proof(old.size, size, size, nodes));
    if (!core::verify_consistency(old.size, old.root, size, head.root, growth) ||
        !core::verify_range(leaves, old.size, size, proof, head.root))
        return Error{Errc::damaged, "the server's log does not read back as it was written"};
    return ledger_->add_checkpoint(size, core::sign_checkpoint(head, key_));
}

// --- staff and enrolment

Status Ingest::enrol(const wire::LogName& name, const core::Ed25519Public& key, std::string_view tablet) {
    return ledger_->transact([&]() -> Status {
        TRY(ledger_->hold(Turn::own_log));
        return enrol_held(name, key, tablet);
    });
}

Status Ingest::enrol_held(const wire::LogName& name, const core::Ed25519Public& key,
                          std::string_view tablet) {
    TRY_ASSIGN(auto there, ledger_->find_log(name));
    if (there && there->key != key) return Error{Errc::conflict, "enrolled already, with another log key"};
    if (there) return {};
    KnownLog log;
    log.name = name, log.key = key, log.tablet = tablet;
    TRY_ASSIGN(log, ledger_->add_log(std::move(log)));
    TRY(append_notice({name, "enrolled", core::to_hex(key), 0, clock_->wall_ms()}));
    return sign_head();
}

Status Ingest::revoke(const wire::LogName& name, std::string_view why) {
    return ledger_->transact([&]() -> Status {
        TRY_ASSIGN(auto log, ledger_->hold_log(name));
        if (!log) return Error{Errc::not_found, "no such log"};
        if (log->state == LogState::revoked) return {};
        log->state = LogState::revoked;
        log->lost_from = log->held;
        TRY(ledger_->update_log(*log));
        TRY(append_notice({name, "revoked", std::string(why), log->held, clock_->wall_ms()}));
        return sign_head();
    });
}

Status Ingest::append_act(const wire::Act& act,
                          const std::function<Status(std::optional<std::uint64_t> at)>& step) {
    return ledger_->transact([&]() -> Status {
        TRY(ledger_->hold(Turn::own_log));
        TRY(step(std::nullopt));
        TRY_ASSIGN(auto at, append_leaf(wire::encode(act)));
        TRY(step(at));
        return sign_head();
    });
}

Status add_to_feed(Ledger& ledger, wire::FeedKind kind, std::string_view name, ByteView content) {
    TRY_ASSIGN(auto after, ledger.value("feed_position"));
    std::uint64_t position = after ? std::stoull(std::string(core::as_text(*after))) + 1 : 1;
    TRY(ledger.put_value("feed_position", core::as_bytes(std::to_string(position))));
    return ledger.add_feed_item({position, kind, std::string(name), {content.begin(), content.end()}});
}

Status Ingest::publish(wire::FeedKind kind, std::string_view name, ByteView content) {
    return ledger_->transact([&]() -> Status {
        TRY(ledger_->hold(Turn::own_log));
        return add_to_feed(*ledger_, kind, name, content);
    });
}

Result<std::vector<wire::FeedItem>> Ingest::feed_for(const wire::LogName& peer, std::uint64_t position) {
    return server::feed_for(*ledger_, peer, position);
}

Status Ingest::freeze(KnownLog& log, const std::string& why) {
    if (log.state == LogState::frozen) return {};
    if (log.state == LogState::active) log.state = LogState::frozen;
    TRY(ledger_->update_log(log));
    return append_notice({log.name, "frozen", why, log.held, clock_->wall_ms()});
}

// --- frames

Answer<wire::Welcome> Ingest::hello(const wire::LogName& peer, const wire::Hello& hello, Way way) {
    return answer_in_transaction<wire::Welcome>(*ledger_, [&]() -> Answer<wire::Welcome> {
        if (hello.log != peer)
            return Refusal{RefusalCode::not_enrolled, "the certificate is another device's"};
        TRY_ASSIGN(auto log, ledger_->hold_log(peer));
        if (!log) return not_enrolled();
        auto head = open_head(*log, hello.checkpoint);
        if (!head.ok()) return Refusal{RefusalCode::bad_checkpoint, head.error().detail};

        wire::Welcome welcome;
        TRY_ASSIGN(welcome.checkpoint, checkpoint());
        TRY_ASSIGN(auto own, wire::open_server_checkpoint(welcome.checkpoint, name_));
        if (!hello.server_checkpoint.empty()) {
            auto remembered = wire::open_server_checkpoint(hello.server_checkpoint, name_);
            if (!remembered.ok()) return Refusal{RefusalCode::bad_checkpoint, remembered.error().detail};
            // Larger than ours: this server was restored from an old copy. The tablet sees that, and stops.
            if (remembered->size <= own.size) {
                TRY_ASSIGN(welcome.consistency,
                           core::consistency_proof(remembered->size, own.size, ledger_->nodes(0)));
            }
        }
        if (way == Way::network) {
            core::fill_random(welcome.nonce);
            log->nonce = welcome.nonce;
            TRY(ledger_->update_log(*log));
        }
        welcome.state = log->state;
        welcome.held = log->held;
        welcome.has_transfer_key = !log->transfer_key.empty();
        TRY_ASSIGN(auto known, ledger_->newest_head(log->number));
        if (known) welcome.device_head = known->note;
        TRY_ASSIGN(welcome.parcels, ledger_->unused_blobs(log->number, most_listed));
        return welcome;
    });
}

Answer<Done> Ingest::claim(const wire::LogName& peer, const wire::Claim& claim) {
    return answer_in_transaction<Done>(*ledger_, [&]() -> Answer<Done> {
        TRY_ASSIGN(auto log, ledger_->hold_log(peer));
        if (!log) return not_enrolled();
        if (!log->nonce || !core::equal_in_constant_time(*log->nonce, claim.nonce))
            return Refusal{RefusalCode::stale_nonce, "the claim answers no open welcome"};
        if (!core::verify_ed25519(log->key, wire::claim_message(claim), claim.signature))
            return Refusal{RefusalCode::bad_checkpoint, "the claim is not signed by the log's key"};
        auto head = open_head(*log, claim.checkpoint);
        if (!head.ok()) return Refusal{RefusalCode::bad_checkpoint, head.error().detail};
        log->nonce.reset();
        TRY(ledger_->update_log(*log));
        TRY_ASSIGN(auto known, ledger_->newest_head(log->number));
        SeenHead seen{*head, claim.checkpoint, SeenHead::Judgement::unchecked};
        std::string why;
        if (known && head->size < known->head.size)
            why = "rollback: the tablet shows " + in_words(*head) + " after " + in_words(known->head);
        else if (known && !core::verify_consistency(known->head.size, known->head.root, head->size,
                                                    head->root, claim.consistency))
            why = "fork: the tablet shows " + in_words(*head) + ", which does not contain " +
                  in_words(known->head);
        // A smaller head may be a true one of before; it is judged by its tree.
        if (why.starts_with("fork")) seen.judgement = SeenHead::Judgement::forked;
        TRY(ledger_->put_head(log->number, seen));
        if (!why.empty()) TRY(freeze(*log, why));
        TRY(judge_heads(*log));
        TRY(sign_head());
        return Done{};
    });
}

Answer<Done> Ingest::keep_transfer_key(const wire::LogName& peer, const wire::TransferKey& key) {
    return answer_in_transaction<Done>(*ledger_, [&]() -> Answer<Done> {
        TRY_ASSIGN(auto log, ledger_->hold_log(peer));
        if (!log) return not_enrolled();
        auto opened = reader_->open_transfer_key(key.sealed);
        if (!opened.ok())
            return Refusal{RefusalCode::no_transfer_key,
                           "the transfer key was not sealed to our certificate"};
        if (!log->transfer_key.empty()) {
            // Sealing is never the same twice; the key must be. Otherwise held parcels could not be read
            // again.
            TRY_ASSIGN(auto before, reader_->open_transfer_key(log->transfer_key));
            if (!core::equal_in_constant_time(before.bytes(), opened->bytes()))
                return Refusal{RefusalCode::no_transfer_key, "another transfer key is in use for this log"};
            return Done{};
        }
        log->transfer_key = key.sealed;
        TRY(ledger_->update_log(*log));
        return Done{};
    });
}

Status Ingest::keep_blob_part(const KnownLog& log, const wire::BlobPart& part, HeldNow& answer) {
    TRY_ASSIGN(auto state, ledger_->find_blob(log.number, part.parcel));
    if (!state) {
        TRY_ASSIGN(bool erased, is_erased_parcel(*ledger_, log.number, part.parcel));
        if (erased) {  // by a decision: whoever sends it again does not bring it back, and need not go on
            answer[part.parcel] = part.size;
            return {};
        }
    }
    std::uint64_t received = state ? state->received : 0;
    bool fits = !state || (state->size == part.size && !state->whole);
    std::uint64_t end = part.offset + part.bytes.size();
    if (fits && part.offset <= received && end > received) {
        auto fresh = ByteView(part.bytes).subspan(static_cast<std::size_t>(received - part.offset));
        TRY(ledger_->extend_blob(log.number, part.parcel, part.size, fresh));
        received = end;
        if (received == part.size) {
            wire::ParcelHash hash;
            // What was here before may be wrong; what is read back with its entry is not read twice.
            if (fresh.size() == part.size) {
                hash = wire::ParcelHash::of(fresh);
            } else {
                TRY_ASSIGN(auto whole, ledger_->read_blob(log.number, part.parcel));
                hash = wire::ParcelHash::of(whole);
            }
            if (hash == part.parcel) {
                TRY(ledger_->finish_blob(log.number, part.parcel));
            } else {
                TRY(ledger_->drop_blob(log.number, part.parcel));
                received = 0;
            }
        }
    } else if (state && state->size != part.size && !state->whole) {
        // One of the two sizes is wrong, and nothing tells which: from the beginning.
        TRY(ledger_->drop_blob(log.number, part.parcel));
        received = 0;
    }
    answer[part.parcel] = received;
    return {};
}

// In the caller's transaction.
Answer<wire::Held> Ingest::keep_parts(const KnownLog& log, std::span<const wire::BlobPart> parts) {
    TRY_ASSIGN(auto waiting, ledger_->unused(log.number));
    if (waiting.bytes > limits_.unused_bytes || waiting.parcels > limits_.unused_parcels)
        return Refusal{RefusalCode::too_much, "too many parcels that no entry names"};
    auto goes_on = [](const wire::BlobPart& part, const wire::BlobPart& next) {
        return next.parcel == part.parcel && next.size == part.size &&
               next.offset == part.offset + part.bytes.size();
    };
    HeldNow now;
    // One row for what came in one piece.
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i + 1 == parts.size() || !goes_on(parts[i], parts[i + 1])) {
            TRY(keep_blob_part(log, parts[i], now));
            continue;
        }
        auto joined = parts[i];
        while (i + 1 < parts.size() && goes_on(joined, parts[i + 1]))
            core::append(joined.bytes, parts[++i].bytes);
        TRY(keep_blob_part(log, joined, now));
    }
    wire::Held held;
    for (const auto& [parcel, offset] : now) held.parcels.push_back({parcel, offset});
    return held;
}

Answer<wire::Held> Ingest::blobs(const wire::LogName& peer, std::span<const wire::BlobPart> parts) {
    return answer_in_transaction<wire::Held>(*ledger_, [&]() -> Answer<wire::Held> {
        TRY_ASSIGN(auto log, ledger_->hold_log(peer));
        if (!log) return not_enrolled();
        return keep_parts(*log, parts);
    });
}

// --- entries

struct Ingest::Taken {
    std::vector<HeldEntry> held;  // in the batch's order
    wire::Held missing;
    std::optional<Refusal> refusal;
};

// Entries [held, ...) that are here by now come into the tablet's tree.
Status Ingest::grow(KnownLog& log) {
    auto nodes = ledger_->nodes(log.number);
    while (true) {
        TRY_ASSIGN(auto here, ledger_->entries_at(log.number, log.held));
        auto accepted = std::ranges::find(here, Standing::accepted, &HeldEntry::standing);
        if (accepted == here.end()) break;
        TRY_ASSIGN(auto added, core::append_leaf(log.held, accepted->leaf, nodes));
        TRY(ledger_->add_nodes(log.number, added));
        ++log.held;
    }
    return ledger_->update_log(log);
}

// Heads whose whole tree is here by now either hold or show a fork.
Status Ingest::judge_heads(KnownLog& log) {
    TRY_ASSIGN(auto waiting, ledger_->heads(log.number, SeenHead::Judgement::unchecked));
    for (auto& seen : waiting) {
        if (seen.head.size > log.held) break;
        TRY_ASSIGN(auto root, core::tree_root(seen.head.size, ledger_->nodes(log.number)));
        seen.judgement = root == seen.head.root ? SeenHead::Judgement::holds : SeenHead::Judgement::forked;
        TRY(ledger_->put_head(log.number, seen));
        if (seen.judgement == SeenHead::Judgement::forked)
            TRY(freeze(log, "fork: the tablet signed " + in_words(seen.head) + ", its entries give " +
                                std::to_string(seen.head.size) + " " + root.hex()));
    }
    return {};
}

Status Ingest::take_entry(KnownLog& log, const wire::EntryBatch& batch, std::size_t i, Taken& taken) {
    const auto& item = batch.items[i];
    HeldEntry entry;
    entry.seq = batch.from + i;
    entry.leaf = core::leaf_hash(item.entry);
    TRY_ASSIGN(auto here, ledger_->entries_at(log.number, entry.seq));
    auto same = std::ranges::find(here, entry.leaf, &HeldEntry::leaf);
    if (same != here.end()) {
        taken.held.push_back(std::move(*same));
        return {};
    }
    entry.bytes = item.entry;
    entry.parcel = item.parcel;
    if (auto decoded = decode_held(log, entry); !decoded.ok()) {
        taken.refusal = {RefusalCode::malformed, decoded.error().detail};
        return {};
    }
    if (entry.parcel) {
        TRY_ASSIGN(auto blob, ledger_->find_blob(log.number, *entry.parcel));
        if (!blob || !blob->whole) {
            taken.missing.parcels.push_back({*entry.parcel, blob ? blob->received : 0});
            return {};
        }
        if (log.transfer_key.empty()) {
            taken.refusal = {RefusalCode::no_transfer_key, "the key of the parcels has not come"};
            return {};
        }
        TRY_ASSIGN(auto sealed, ledger_->read_blob(log.number, *entry.parcel));
        auto opened = open_parcel_bytes(*reader_, log, entry, sealed);
        if (!opened.ok()) {
            taken.refusal = {RefusalCode::unreadable_parcel,
                             "entry " + std::to_string(entry.seq) + ": " + opened.error().detail};
            return {};
        }
        TRY(ledger_->use_blob(log.number, *entry.parcel));
    }
    bool conflict = std::ranges::any_of(
        here, [](const HeldEntry& other) { return other.standing == Standing::accepted; });
    if (conflict)
        TRY(freeze(log, "fork: two entries " + std::to_string(entry.seq) + ", " + entry.leaf.hex() +
                            " beside " + here.front().leaf.hex()));
    bool lost = log.lost_from && entry.seq >= *log.lost_from;
    entry.standing = conflict                        ? Standing::conflict
                     : lost                          ? Standing::revoked
                     : log.state == LogState::frozen ? Standing::frozen
                                                     : Standing::accepted;
    entry.received_ms = clock_->wall_ms();
    TRY_ASSIGN(entry.index,
               append_leaf(wire::encode(wire::Received{log.name, entry.seq, entry.leaf, entry.parcel,
                                                       entry.standing, entry.received_ms})));
    TRY(ledger_->add_entry(log.number, entry));
    taken.held.push_back(std::move(entry));
    return {};
}

Answer<EntriesAnswer> Ingest::entries(const wire::LogName& peer, const wire::EntryBatch& batch,
                                      std::span<const wire::BlobPart> parts) {
    Taken taken;
    wire::Held kept;
    auto done = answer_in_transaction<Done>(*ledger_, [&]() -> Answer<Done> {
        TRY_ASSIGN(auto log, ledger_->hold_log(peer));
        if (!log) return not_enrolled();
        if (!parts.empty()) {
            auto now = keep_parts(*log, parts);
            if (now.error() != nullptr) return *now.error();
            if (now.refusal() != nullptr) return *now.refusal();
            kept = std::move(*now);
        }
        auto head = open_head(*log, batch.checkpoint);
        if (!head.ok()) return Refusal{RefusalCode::bad_checkpoint, head.error().detail};
        std::vector<core::LeafHash> leaves;
        for (const auto& item : batch.items) leaves.push_back(core::leaf_hash(item.entry));
        if (!core::verify_range(leaves, batch.from, head->size, batch.proof, head->root))
            return Refusal{RefusalCode::malformed,
                           "the entries are not under the checkpoint that came with them"};
        for (std::size_t i = 0; i < batch.items.size() && !taken.refusal; ++i)
            TRY(take_entry(*log, batch, i, taken));
        // What was good before the refusal is kept all the same.
        if (!taken.held.empty()) {
            TRY(ledger_->put_head(log->number, {*head, batch.checkpoint, SeenHead::Judgement::unchecked}));
            TRY(grow(*log));
            TRY(judge_heads(*log));
            TRY(sign_head());
        }
        return Done{};
    });
    if (done.error() != nullptr) return *done.error();
    if (done.refusal() != nullptr) return *done.refusal();
    if (taken.held.empty() && taken.refusal) return *taken.refusal;
    EntriesAnswer answer{std::nullopt, std::move(taken.missing), std::move(taken.refusal), std::move(kept)};
    if (!taken.held.empty()) {
        auto receipts = receipts_for(taken.held, batch.server_size);
        if (!receipts.ok()) return receipts.error();
        answer.receipts = std::move(*receipts);
    }
    return answer;
}

Result<wire::Receipts> Ingest::receipts_for(const std::vector<HeldEntry>& held, std::uint64_t old_size) {
    wire::Receipts receipts;
    TRY_ASSIGN(receipts.checkpoint, checkpoint());
    TRY_ASSIGN(auto head, wire::open_server_checkpoint(receipts.checkpoint, name_));
    auto nodes = ledger_->nodes(0);
    if (old_size <= head.size) {
        receipts.old_size = old_size;
        TRY_ASSIGN(receipts.consistency, core::consistency_proof(old_size, head.size, nodes));
    }
    for (const auto& entry : held) {
        // Read again after the commit: what the ledger holds now is what the receipt says.
        TRY_ASSIGN(auto durable, ledger_->entry_by_index(entry.index));
        if (!durable || durable->leaf != entry.leaf || core::leaf_hash(durable->bytes) != entry.leaf)
            return Error{Errc::damaged, "an entry does not read back as it was written"};
        auto* run = receipts.runs.empty() ? nullptr : &receipts.runs.back();
        if (run == nullptr || run->from + run->items.size() != entry.seq ||
            run->index + run->items.size() != entry.index)
            run = &receipts.runs.emplace_back(wire::Receipts::Run{entry.index, entry.seq, {}, {}});
        run->items.push_back({durable->standing, durable->received_ms, durable->parcel});
    }
    for (auto& run : receipts.runs) {
        TRY_ASSIGN(run.proof, core::range_proof(run.index, run.index + run.items.size(), head.size, nodes));
    }
    return receipts;
}

}  // namespace server
