// Transfer: the thread that carries sealed bytes to the municipality's server and back, while signings go on.
//
// It never touches the store: it is handed a request and hands back what came (client::Carried). One request at a time.
#pragma once

#include <functional>
#include <memory>

#include "sync/client/carrier.h"

namespace kiosk {

struct Errand {
    std::string path, type;
    core::Bytes body;
    int after_ms = 0;  // waits first: the link was cut before
    std::size_t tls_record = client::Carrier::longest_tls_record;
};

class Transfer {
  public:
    // `carried` is called on the transfer thread; it may only queue.
    Transfer(client::Address address, client::Credentials credentials,
             std::function<void(client::Carried)> carried);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;
    ~Transfer();  // cuts what is on its way

    void carry(Errand errand);  // only when the one before has been answered

  private:
    struct Data;
    std::unique_ptr<Data> data_;
};

}  // namespace kiosk
