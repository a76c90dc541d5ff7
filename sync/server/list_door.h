// List door: plain HTTP for the revocation lists, and for nothing else.
//
// Certificates name their list by an http address, since whoever checks a list over TLS would have to check another
// certificate first (RFC 5280, 8). A list is signed, so nothing is lost. GET and HEAD of /crl/NAME; one answer a
// connection, ten seconds for it, a header of 4 KiB, 64 connections at a time.
#pragma once

#include <functional>

#include <boost/asio/io_context.hpp>

#include "sync/server/site.h"

namespace server {

struct ListDoorSettings {
    std::string address;
    std::uint16_t port = 0;
    std::function<void(std::uint16_t port)> listening = {};
};

// Serves until the context stops. Errc::not_allowed: the port is taken.
core::Status open_list_door(boost::asio::io_context& context, const ListDoorSettings& settings, Site& site);

}  // namespace server
