// Places: where those who connect are, and how many from each, so that nobody takes all of a door.
#pragma once

#include <map>
#include <optional>

#include <boost/asio/ip/tcp.hpp>

namespace server {

// Whoever has one IPv6 address has all of its /64; an IPv4 address is itself, however it is written.
boost::asio::ip::address place_of(const boost::asio::ip::address& address);
boost::asio::ip::address place_of(const boost::asio::ip::tcp::socket& socket);

class Places {
  public:
    explicit Places(std::size_t most_from_one) : most_from_one_(most_from_one) {}

    // Counted from when it is let in until it is gone; before its Places are.
    class Guest {
      public:
        Guest(Guest&& other) noexcept : places_(std::exchange(other.places_, nullptr)), place_(other.place_) {}
        Guest& operator=(Guest&&) = delete;
        ~Guest();

      private:
        friend class Places;
        Guest(Places& places, const boost::asio::ip::address& place);
        Places* places_;
        boost::asio::ip::address place_;
    };
    // Nothing: there are as many from that place as may be.
    std::optional<Guest> let_in(const boost::asio::ip::address& place);
    std::size_t guests() const { return guests_; }

  private:
    std::size_t most_from_one_, guests_ = 0;
    std::map<boost::asio::ip::address, std::size_t> places_;  // guests of each; gone when its last one is
};

}  // namespace server
