#include "core/evidence/store.h"

#include "core/evidence/schema.h"
#include "core/evidence/store_data.h"

namespace core {
namespace {

constexpr std::string_view key_check = "key_check", key_check_text = "handslag";

Status make_folder(const std::filesystem::path& dir) {
    std::error_code error;
    if (std::filesystem::is_directory(dir, error)) return {};
    std::filesystem::create_directories(dir, error);
    if (error) return Error{Errc::not_writable, "the store's folder cannot be made: " + error.message()};
    std::filesystem::permissions(dir, std::filesystem::perms::owner_all, error);
    return {};
}

// Tables, who the store belongs to, and a signed head of the empty log.
Status create(Database& database, const StoreIdentity& identity, const Sealer& sealer,
              const Ed25519Key& log_key) {
    TRY(migrate(database));
    const char* insert = "INSERT INTO meta (name, value) VALUES (?, ?)";
    TRY(database.run(insert, std::string_view("device"), as_bytes(identity.device.str())));
    TRY(database.run(insert, std::string_view("epoch"), as_bytes(std::to_string(identity.epoch))));
    TRY(database.run(insert, std::string_view("log_key"), ByteView(identity.log_key)));
    TRY(database.run(insert, key_check,
                     ByteView(sealer.seal(SealedTable::meta, key_check, as_bytes(key_check_text)))));
    std::string note =
        sign_checkpoint({log_origin(identity.device, identity.epoch), 0, empty_root()}, log_key);
    return database.run("INSERT INTO checkpoints (size, note) VALUES (?, ?)", 0, as_bytes(note));
}

Status check_owner(Database& database, const StoreIdentity& identity, const Sealer& sealer) {
    TRY_ASSIGN(StoreIdentity stored, read_identity(database));
    if (stored.device != identity.device || stored.epoch != identity.epoch)
        return Error{Errc::conflict, "the store belongs to another device or epoch"};
    if (stored.log_key != identity.log_key)
        return Error{Errc::conflict, "the store belongs to another log key"};
    TRY_ASSIGN(auto row, database.query("SELECT value FROM meta WHERE name = ?", key_check));
    TRY_ASSIGN(bool found, row.step());
    if (!found) return Error{Errc::damaged, "the store has lost its key check"};
    if (!sealer.open(SealedTable::meta, key_check, row.blob(0)).ok())
        return Error{Errc::wrong_secret, "the payload key is not this store's"};
    return {};
}

}  // namespace

Store::Store(std::unique_ptr<Data> data) : data_(std::move(data)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<Store> Store::open(const std::filesystem::path& dir, const StoreIdentity& identity,
                          SecretKey payload_key, Ed25519Key log_key, const StoreOptions& options) {
    if (log_key.public_key() != identity.log_key)
        return Error{Errc::conflict, "the log key is not the one that the device is known by"};
    TRY(make_folder(dir));
    auto durability = options.durability == StoreOptions::Durability::full ? Database::Durability::full
                                                                           : Database::Durability::none;
    TRY_ASSIGN(auto database, Database::open(dir / store_file, Database::Access::create, durability));
    std::unique_ptr<Data> data(new Data{identity, std::move(log_key), Sealer(identity, payload_key),
                                        derive_transfer_key(payload_key), std::move(database)});
    Database& db = *data->database;

    TRY_ASSIGN(std::int64_t version, schema_version(db));
    if (version < newest_schema_version()) {
        TRY_ASSIGN(auto transaction, Transaction::begin(db));
        if (version == 0) {
            TRY(create(db, data->identity, data->sealer, data->log_key));
        } else {
            TRY(migrate(db));
        }
        TRY(transaction.commit());
    }
    TRY(check_schema(db));
    TRY(check_owner(db, data->identity, data->sealer));
    TRY_ASSIGN(data->newest, read_head(db, data->identity));
    data->empty_wal();
    return Store(std::move(data));
}

const StoreIdentity& Store::identity() const { return data_->identity; }
SecretKey Store::transfer_key() const { return data_->transfer_key.clone(); }

SecretKey derive_transfer_key(const SecretKey& payload_key) {
    return derive_key(payload_key, "handslag/transfer/1");
}

std::uint64_t Store::size() const { return data_->newest.head.size; }

Result<std::string> Store::checkpoint() const { return data_->newest.note; }

Result<Entry> Store::entry(std::uint64_t seq) const {
    return read_entry(*data_->database, data_->identity, seq);
}

Result<Bytes> Store::payload(std::uint64_t seq, std::string_view name) const {
    TRY_ASSIGN(Entry entry, this->entry(seq));
    return read_payload(*data_->database, data_->sealer, entry, name);
}

Result<Bytes> Store::salt(std::uint64_t seq, std::string_view name) const {
    TRY_ASSIGN(Entry entry, this->entry(seq));
    return read_salt(*data_->database, data_->sealer, entry, name);
}

Result<std::map<std::string, SaltedPayload>> Store::payloads(const Entry& entry) const {
    std::map<std::string, SaltedPayload> all;
    for (const auto& [name, digest] : entry.commitments) {
        auto read = read_salted_payload(*data_->database, data_->sealer, entry, name);
        if (!read.ok() && read.error().code == Errc::not_found) continue;  // erased
        if (!read.ok()) return read.error();
        all.emplace(name, std::move(*read));
    }
    return all;
}

Result<Proof> Store::prove_inclusion(std::uint64_t seq, std::uint64_t size) const {
    if (size > this->size()) return Error{Errc::not_found, "the log has not grown that far"};
    return inclusion_proof(seq, size, node_source(*data_->database));
}

Result<Proof> Store::prove_consistency(std::uint64_t old_size, std::uint64_t size) const {
    if (size > this->size()) return Error{Errc::not_found, "the log has not grown that far"};
    return consistency_proof(old_size, size, node_source(*data_->database));
}

}  // namespace core
