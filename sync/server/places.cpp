#include "sync/server/places.h"

#include <algorithm>

namespace server {

namespace ip = boost::asio::ip;

ip::address place_of(const ip::address& address) {
    if (!address.is_v6()) return address;
    auto v6 = address.to_v6();
    if (v6.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, v6);
    if (v6.is_loopback()) return address;
    auto bytes = v6.to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
    return ip::address_v6(bytes);
}

ip::address place_of(const ip::tcp::socket& socket) {
    boost::system::error_code error;
    auto end = socket.remote_endpoint(error);
    return error ? ip::address() : place_of(end.address());
}

Places::Guest::Guest(Places& places, const ip::address& place) : places_(&places), place_(place) {
    ++places_->guests_, ++places_->places_[place_];
}
Places::Guest::~Guest() {
    if (places_ == nullptr) return;
    --places_->guests_;
    auto place = places_->places_.find(place_);
    if (--place->second == 0) places_->places_.erase(place);
}

std::optional<Places::Guest> Places::let_in(const ip::address& place) {
    auto known = places_.find(place);
    if (known != places_.end() && known->second >= most_from_one_) return std::nullopt;
    return Guest(*this, place);
}

}  // namespace server
