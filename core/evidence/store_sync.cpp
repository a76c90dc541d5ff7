// Store: what sync needs: the outbox, the server's receipts, and proofs of the log to a server.
#include "core/evidence/store_data.h"

namespace core {
namespace {

Result<std::int64_t> next_run(Database& database) {
    TRY_ASSIGN(auto newest, database.query("SELECT number FROM receipt_runs ORDER BY number DESC LIMIT 1"));
    TRY_ASSIGN(bool found, newest.step());
    return found ? newest.integer(0) + 1 : 1;
}

}  // namespace

Result<std::uint64_t> Store::unsent() const {
    TRY_ASSIGN(std::int64_t waiting, data_->database->integer("SELECT count(*) FROM outbox"));
    return static_cast<std::uint64_t>(waiting);
}

Result<std::vector<std::uint64_t>> Store::unsent_entries(std::uint64_t from, std::size_t most) const {
    std::vector<std::uint64_t> found;
    TRY_ASSIGN(auto rows, data_->database->query("SELECT seq FROM outbox WHERE seq >= ? ORDER BY seq LIMIT ?",
                                                 from, static_cast<std::uint64_t>(most)));
    while (true) {
        TRY_ASSIGN(bool more, rows.step());
        if (!more) return found;
        found.push_back(rows.count(0));
    }
}

Status Store::keep_receipts(std::span<const KeptReceipt> receipts,
                            const std::map<std::string, std::string>& values) {
    Data& data = *data_;
    for (const auto& receipt : receipts)
        if (receipt.count > size() || receipt.from > size() - receipt.count)
            return Error{Errc::not_found, "a receipt for entries that the log does not have"};
    return data.write([&]() -> Status {
        for (const auto& receipt : receipts) {
            TRY_ASSIGN(std::int64_t number, next_run(*data.database));
            TRY(data.database->run("INSERT INTO receipt_runs (number, bytes) VALUES (?, ?)", number,
                                   ByteView(receipt.bytes)));
            for (auto seq = receipt.from; seq < receipt.from + receipt.count; ++seq) {
                TRY(
                    data.database->run("INSERT INTO receipts (seq, run) SELECT ?1, ?2 WHERE NOT EXISTS"
                                       " (SELECT 1 FROM receipts WHERE seq = ?1)",
                                       seq, number));
                TRY(data.database->run("DELETE FROM outbox WHERE seq = ?", seq));
            }
        }
        for (const auto& [name, value] : values) TRY(data.put_sealed_setting(name, value));
        return {};
    });
}

Result<std::optional<Bytes>> Store::receipt(std::uint64_t seq) const {
    TRY_ASSIGN(auto row,
               data_->database->query("SELECT receipt_runs.bytes FROM receipts JOIN receipt_runs"
                                      " ON receipt_runs.number = receipts.run WHERE receipts.seq = ?",
                                      seq));
    TRY_ASSIGN(bool found, row.step());
    if (!found) return std::optional<Bytes>{};
    return std::optional(Bytes(row.blob(0).begin(), row.blob(0).end()));
}

Result<NodeHash> Store::root(std::uint64_t size) const {
    if (size > this->size()) return Error{Errc::not_found, "the log has not grown that far"};
    return tree_root(size, node_source(*data_->database));
}

Result<Proof> Store::prove_range(std::uint64_t from, std::uint64_t to, std::uint64_t size) const {
    if (size > this->size()) return Error{Errc::not_found, "the log has not grown that far"};
    return range_proof(from, to, size, node_source(*data_->database));
}

}  // namespace core
