// Act commands: what `handslag-server register ...` asks for, in the server that runs or in the opened folder.
//
// | JSON                                                        | answer                               |
// |-------------------------------------------------------------|--------------------------------------|
// | command "decide", what, entry, other?, decision             | what was done                        |
// | command "erase", entry, decision                            | what was erased                      |
// | command "duplicates"                                        | a line a pair                        |
// | command "apart"                                             | a line an entry that is kept apart   |
// | command "audit"                                             | what was read, and what is wrong     |
//
// `entry` is a certificate's number, or an index of the server's log ("#12").
#pragma once

#include "core/base/json.h"
#include "sync/server/home.h"

namespace server {

// Nothing: the command is another one's.
Result<std::optional<std::string>> run_act_command(Home& home, const core::Json& json, std::int64_t now_ms);

}  // namespace server
