// Id<Of>: a UUIDv7 (RFC 9562 section 5.7) that says of what. Never an order, never a clock: only a name.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace core {

using Uuid = std::array<std::uint8_t, 16>;

Uuid new_uuid_v7(std::int64_t wall_ms);
std::string to_string(const Uuid& uuid);                // 8-4-4-4-12, lower case
std::optional<Uuid> parse_uuid(std::string_view text);  // lower case only

template <class Of>
struct Id {
    Uuid bytes{};

    static Id make(std::int64_t wall_ms) { return {new_uuid_v7(wall_ms)}; }
    static std::optional<Id> parse(std::string_view text) {
        auto uuid = parse_uuid(text);
        if (!uuid) return std::nullopt;
        return Id{*uuid};
    }
    std::string str() const { return to_string(bytes); }
    bool empty() const { return bytes == Uuid{}; }
    friend auto operator<=>(const Id&, const Id&) = default;
};

// What ids are of.
struct DeviceTag;
struct CeremonyTag;
struct AgreementTag;
struct SigningTag;
using DeviceId = Id<DeviceTag>;
using CeremonyId = Id<CeremonyTag>;
using AgreementId = Id<AgreementTag>;
using SigningId = Id<SigningTag>;

}  // namespace core
