// Staff commands: what `handslag-server device ...` asks for, whether the server runs or not.
//
// | JSON                                                     | answer                              |
// |----------------------------------------------------------|-------------------------------------|
// | command "invite", tablet, url, hours (1 when left out)   | the invitation, one line            |
// | command "admit", request (as POST /enrol takes it)       | the answer for the tablet's stick   |
// | command "log-key"                                        | the key of the server's log         |
// | command "list"                                           | a line a tablet                     |
// | command "revoke", device, epoch, why                     | what was done                       |
// | command "adopt", device, epoch, log_key (hex), tablet    | what was done                       |
// | command "publish", name, content (base64)                | what was done: a ceremony's folder for the tablets |
// | command "expected", name, content (base64)               | what was done: its list alone       |
// | command "feed"                                           | a line an item of the feed          |
// | command "log", device, epoch                             | JSON: what a Door is to find, or {} |
// | those of act_commands.h                                  |                                     |
#pragma once

#include "sync/ingest/stick.h"
#include "sync/server/home.h"

namespace server {

Result<std::string> run_staff_command(Home& home, std::string_view json, std::int64_t now_ms);

// Through the staff's door of the server that runs, by `post` (path, body -> answer), as door_of() does within one.
using Post = std::function<Result<Bytes>(const std::string&, ByteView)>;
Door door_by(Post post);
// The path that an exchange by stick is posted to, and back. Errc::malformed.
inline constexpr std::string_view exchange_path = "/staff/exchange/";
Result<wire::LogName> parse_exchange_path(std::string_view path);

}  // namespace server
