// Schema: the store's tables, as numbered steps that only go forward. user_version holds the number of steps
// taken.
//
// | table        | rows                                             | personal    | changed by |
// |--------------|--------------------------------------------------|-------------|---------------------------------|
// | meta         | device, epoch, log key (public), key check       | no          | never | | entries      |
// one an entry; kind and refers_to repeat `bytes`  | no          | append only                     | | nodes
// | complete subtrees, by node_position()            | no          | append only                     | |
// checkpoints  | signed heads, by tree size                       | no          | append only | | payloads |
// salt and payload, encrypted                      | yes, sealed | append; deleted by erase()      | |
// signings     | the view, encrypted repeatably                   | yes, sealed | derived; dropped and
// rebuilt    | | drafts       | waiting signings, encrypted                      | yes, sealed | freely | |
// settings     | the device's small values, encrypted             | no          | freely | | copies       |
// entries that have a copy on the stick            | no          | append only                     | | outbox
// | entries that no server has a receipt for         | no          | append; deleted by receipts     | |
// receipt_runs, receipts | the server's receipts, as they came    | no          | append only (since version
// 2)   |
//
// Every `sealed` column has its SHA-256 beside it, so that an audit without keys finds a changed byte.
#pragma once

#include "core/evidence/database.h"

namespace core {

inline constexpr std::int64_t store_application_id = 0x48534c47;  // "HSLG", shown by file(1)

// Where a complete subtree stands in the order in which appends make them: leaf, then the parents that it
// completes. Rows of `nodes` are therefore only ever added at the end. A tree of n leaves has nodes [0,
// node_count(n)).
std::uint64_t node_position(int level, std::uint64_t index);
std::uint64_t node_count(std::uint64_t leaves);

std::int64_t newest_schema_version();
// 0 for an empty file. Errc::malformed for another program's file, newer_version.
Result<std::int64_t> schema_version(Database& database);
// Takes the steps that are missing, in the caller's transaction.
Status migrate(Database& database);
// Errc::damaged when tables, indexes or triggers are not what the steps make.
Status check_schema(Database& database);

}  // namespace core
