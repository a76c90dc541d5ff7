// Store: drafts, the device's small values, lists and copies.
#include "core/evidence/store_data.h"

namespace core {
namespace {

constexpr std::string_view counter_name = "certificate_counter";

Error changed(std::string_view what) { return {Errc::damaged, std::string(what) + " has been changed"}; }

// Decrypts what stands in the columns `sealed_sha256`, `sealed` from `column` on.
Result<Bytes> open_row(const Sealer& sealer, SealedTable table, std::string_view row,
                       const Statement& columns, int column) {
    if (!digest_fits(columns.blob(column + 1), columns.blob(column))) return changed("a row of the store");
    return sealer.open(table, row, columns.blob(column + 1));
}

}  // namespace

Status Store::save_draft(std::string_view id, ByteView content) {
    Bytes sealed = data_->sealer.seal(SealedTable::drafts, id, content);
    return data_->write([&] {
        return data_->database->run(
            "INSERT INTO drafts (id, sealed_sha256, sealed) VALUES (?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET sealed_sha256 = excluded.sealed_sha256, sealed = "
            "excluded.sealed",
            id, ByteView(sha256(sealed)), ByteView(sealed));
    });
}

Result<std::map<std::string, Bytes>> Store::drafts() const {
    std::map<std::string, Bytes> all;
    TRY_ASSIGN(auto rows, data_->database->query("SELECT id, sealed_sha256, sealed FROM drafts ORDER BY id"));
    while (true) {
        TRY_ASSIGN(bool more, rows.step());
        if (!more) return all;
        std::string id(rows.text(0));
        TRY_ASSIGN(all[id], open_row(data_->sealer, SealedTable::drafts, id, rows, 1));
    }
}

Status Store::drop_draft(std::string_view id) {
    return data_->write([&] { return data_->database->run("DELETE FROM drafts WHERE id = ?", id); });
}

Status Store::Data::put_sealed_setting(std::string_view name, std::string_view value) {
    Bytes sealed = sealer.seal(SealedTable::settings, name, as_bytes(value));
    return database->run(
        "INSERT INTO settings (name, sealed_sha256, sealed) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET sealed_sha256 = excluded.sealed_sha256, sealed = excluded.sealed",
        name, ByteView(sha256(sealed)), ByteView(sealed));
}

Result<std::optional<std::string>> Store::Data::sealed_setting(std::string_view name) const {
    TRY_ASSIGN(auto row, database->query("SELECT sealed_sha256, sealed FROM settings WHERE name = ?", name));
    TRY_ASSIGN(bool found, row.step());
    if (!found) return std::optional<std::string>{};
    TRY_ASSIGN(Bytes plain, open_row(sealer, SealedTable::settings, name, row, 0));
    return std::optional<std::string>(as_text(plain));
}

Status Store::Data::use_counter(std::int64_t counter) {
    TRY_ASSIGN(auto used, sealed_setting(counter_name));
    if (used && counter <= std::stoll(*used))
        return Error{Errc::conflict, "certificate number " + std::to_string(counter) + " is used already"};
    return put_sealed_setting(counter_name, std::to_string(counter));
}

Status Store::set(std::string_view name, std::string_view value) {
    CHECK_THAT(name != counter_name);  // moves only with a signing
    return data_->write([&] { return data_->put_sealed_setting(name, value); });
}

Result<std::optional<std::string>> Store::value(std::string_view name) const {
    return data_->sealed_setting(name);
}

Result<std::int64_t> Store::counter() const {
    TRY_ASSIGN(auto used, data_->sealed_setting(counter_name));
    return used ? std::stoll(*used) : 0;
}

Result<std::vector<SigningRow>> Store::signings() const {
    std::vector<SigningRow> all;
    TRY_ASSIGN(auto rows,
               data_->database->query(
                   "SELECT signings.seq, signings.sealed_sha256, signings.sealed, copies.seq FROM signings"
                   " LEFT JOIN copies ON copies.seq = signings.seq ORDER BY signings.seq"));
    while (true) {
        TRY_ASSIGN(bool more, rows.step());
        if (!more) return all;
        std::uint64_t seq = rows.count(0);
        TRY_ASSIGN(Bytes plain, open_row(data_->sealer, SealedTable::signings, std::to_string(seq), rows, 1));
        TRY_ASSIGN(SigningRow row, decode_row(seq, plain));
        row.copied_to_stick = !rows.is_null(3);
        all.push_back(std::move(row));
    }
}

Status Store::rebuild_views() {
    return data_->write([&] { return derive_views(data_->log(), data_->newest.head.size); });
}

Result<Sha256> Store::views_digest() const {
    Sha256 digest{};
    TRY_ASSIGN(auto rows, data_->database->query("SELECT seq, sealed FROM signings ORDER BY seq"));
    while (true) {
        TRY_ASSIGN(bool more, rows.step());
        if (!more) return digest;
        // A chain, so that rows cannot change places.
        digest = sha256({digest, as_bytes(std::to_string(rows.integer(0)) + "\n"), rows.blob(1)});
    }
}

Status Store::mark_copied(std::uint64_t seq) {
    if (seq >= size()) return Error{Errc::not_found, "no entry " + std::to_string(seq)};
    return data_->write([&] {
        return data_->database->run("INSERT INTO copies (seq) VALUES (?) ON CONFLICT (seq) DO NOTHING", seq);
    });
}

}  // namespace core
