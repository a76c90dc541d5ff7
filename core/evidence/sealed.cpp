#include "core/evidence/sealed.h"

namespace core {
namespace {

constexpr std::array<std::string_view, 5> table_names{"payloads", "signings", "drafts", "settings", "meta"};

std::string_view name_of(SealedTable table) { return table_names[static_cast<std::size_t>(table)]; }

}  // namespace

Sealer::Sealer(const StoreIdentity& identity, const SecretKey& payload_key)
    : device_(identity.device.str()), epoch_(std::to_string(identity.epoch)) {
    for (std::size_t i = 0; i < keys_.size(); ++i)
        keys_[i] = derive_key(payload_key, "handslag/store/" + std::string(table_names[i]) + "/1");
}

Bytes Sealer::bound_to(SealedTable table, std::string_view row) const {
    Bytes bound = to_bytes("handslag-sealed/1");
    for (std::string_view part : {name_of(table), std::string_view(device_), std::string_view(epoch_), row}) {
        bound.push_back(0);
        append(bound, as_bytes(part));
    }
    return bound;
}

Bytes Sealer::seal(SealedTable table, std::string_view row, ByteView plain) const {
    bool repeatably = table == SealedTable::signings || table == SealedTable::meta;
    auto bound = bound_to(table, row);
    return repeatably ? encrypt_repeatably(key(table), plain, bound) : encrypt(key(table), plain, bound);
}

Result<Bytes> Sealer::open(SealedTable table, std::string_view row, ByteView sealed) const {
    return decrypt(key(table), sealed, bound_to(table, row));
}

std::string payload_row(std::uint64_t seq, std::string_view name) {
    return std::to_string(seq) + std::string(1, '\0') + std::string(name);
}

}  // namespace core
