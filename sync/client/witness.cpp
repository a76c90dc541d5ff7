#include "sync/client/witness.h"

#include "sync/client/session_values.h"

namespace client {

using core::Result;
using core::Status;
using namespace session_values;

namespace {

// The largest head of this server's that was cosigned; nothing when none was.
Result<std::optional<core::TreeHead>> newest_cosigned(const core::Store& store,
                                                      const wire::ServerName& server) {
    TRY_ASSIGN(auto note, store.value(cosigned_name));
    if (!note) return std::optional<core::TreeHead>{};
    auto head = wire::open_server_checkpoint(*note, server);
    if (!head.ok()) return std::optional<core::TreeHead>{};  // of a server that it was enrolled at before
    return std::optional(std::move(*head));
}

bool contradicts(const core::TreeHead& before, const core::TreeHead& head) {
    return head.size < before.size || (head.size == before.size && head.root != before.root);
}

}  // namespace

Result<bool> is_cosigning_due(const core::Store& store, const wire::ServerName& server,
                              std::string_view proven) {
    TRY_ASSIGN(auto head, wire::open_server_checkpoint(proven, server));
    TRY_ASSIGN(auto before, newest_cosigned(store, server));
    if (before && contradicts(*before, head)) return false;
    TRY_ASSIGN(auto answered, store.value(cosigning_answered_name));
    return head.size > 0 && answered != proven;
}

Result<wire::Cosigned> cosign_head(core::Store& store, const wire::ServerName& server,
                                   std::string_view proven, const core::Ed25519Key& log_key,
                                   std::int64_t wall_ms) {
    TRY_ASSIGN(auto head, wire::open_server_checkpoint(proven, server));
    TRY_ASSIGN(auto before, newest_cosigned(store, server));
    if (before && contradicts(*before, head))
        return core::Error{core::Errc::not_allowed, "that head contradicts one that was cosigned"};
    if (before != head) TRY(store.set(cosigned_name, proven));
    auto seconds = static_cast<std::uint64_t>(wall_ms) / 1'000;
    return wire::Cosigned{std::string(proven), core::cosign(head, seconds, log_key)};
}

Status note_cosigning_answered(core::Store& store, std::string_view proven) {
    return store.set(cosigning_answered_name, proven);
}

core::NoteKey witness_key(const core::Store& store) {
    const auto& identity = store.identity();
    return {core::log_origin(identity.device, identity.epoch), core::NoteAlgorithm::cosignature,
            identity.log_key};
}

Result<std::optional<std::string>> cosigned_head(const core::Store& store) {
    return store.value(cosigned_name);
}

}  // namespace client
