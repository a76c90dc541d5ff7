// Staff commands: what `handslag-server device ...` asks for, whether the server runs or not.
//
// | JSON                                                     | answer                              |
// |----------------------------------------------------------|-------------------------------------|
// | command "invite", tablet, url                            | the invitation, one line            |
// | command "list"                                           | a line a tablet                     |
// | command "revoke", device, epoch, why                     | what was done                       |
#pragma once

#include "sync/server/home.h"

namespace server {

Result<std::string> run_staff_command(Home& home, std::string_view json, std::int64_t now_ms);

}  // namespace server
