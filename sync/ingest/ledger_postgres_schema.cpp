#include "sync/ingest/ledger_postgres_schema.h"

namespace server {
namespace {

using core::Errc;
using core::Error;

constexpr std::int64_t newest_version = 4;
constexpr std::int64_t schema_lock = 0x48534c53;  // "HSLS"

// What each table holds, what is personal in it and who changes it: ledger_schema.h; the two are alike but for `turns`
// (what one process at a time may do; only ever locked). Every key begins with the municipality's number, so that many
// municipalities can share a database and be spread over several (PARTITION BY, or Citus). Parcels are sealed, so
// compressing them is a waste. Texts that are keys compare by bytes: no index depends on the machine's locale.
constexpr const char* step_1 = R"sql(
CREATE DOMAIN hash AS bytea CHECK (octet_length(value) = 32);

CREATE TABLE turns (
    municipality bigint NOT NULL,
    turn smallint NOT NULL CHECK (turn BETWEEN 0 AND 1),
    PRIMARY KEY (municipality, turn)
);

CREATE TABLE meta (
    municipality bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    value bytea NOT NULL,
    PRIMARY KEY (municipality, name)
);

CREATE TABLE logs (
    municipality bigint NOT NULL,
    number bigint NOT NULL CHECK (number > 0),
    device bytea NOT NULL CHECK (octet_length(device) = 16),
    epoch bigint NOT NULL,
    log_key hash NOT NULL,
    state smallint NOT NULL CHECK (state BETWEEN 0 AND 2),
    held bigint NOT NULL CHECK (held >= 0),
    lost_from bigint,
    nonce bytea NOT NULL,
    transfer_key bytea NOT NULL,
    tablet text NOT NULL,
    PRIMARY KEY (municipality, number),
    UNIQUE (municipality, device, epoch)
);

CREATE TABLE entries (
    municipality bigint NOT NULL,
    log bigint NOT NULL,
    seq bigint NOT NULL CHECK (seq >= 0),
    leaf hash NOT NULL,
    bytes bytea NOT NULL,
    parcel hash,
    standing smallint NOT NULL CHECK (standing BETWEEN 0 AND 3),
    received_ms bigint NOT NULL,
    log_index bigint NOT NULL,
    PRIMARY KEY (municipality, log_index),
    UNIQUE (municipality, log, seq, leaf),
    FOREIGN KEY (municipality, log) REFERENCES logs (municipality, number)
);

CREATE TABLE heads (
    municipality bigint NOT NULL,
    log bigint NOT NULL,
    size bigint NOT NULL,
    root hash NOT NULL,
    origin text NOT NULL,
    note text NOT NULL,
    judgement smallint NOT NULL CHECK (judgement BETWEEN 0 AND 2),
    PRIMARY KEY (municipality, log, size, root),
    FOREIGN KEY (municipality, log) REFERENCES logs (municipality, number)
);
CREATE INDEX heads_by_judgement ON heads (municipality, log, judgement, size);

CREATE TABLE nodes (
    municipality bigint NOT NULL,
    log bigint NOT NULL,
    position bigint NOT NULL CHECK (position >= 0),
    hash hash NOT NULL,
    PRIMARY KEY (municipality, log, position)
);

CREATE TABLE leaves (
    municipality bigint NOT NULL,
    log_index bigint NOT NULL CHECK (log_index >= 0),
    bytes bytea NOT NULL,
    PRIMARY KEY (municipality, log_index)
);

CREATE TABLE checkpoints (
    municipality bigint NOT NULL,
    size bigint NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (municipality, size)
);

CREATE TABLE blobs (
    municipality bigint NOT NULL,
    log bigint NOT NULL,
    hash hash NOT NULL,
    size bigint NOT NULL,
    received bigint NOT NULL CHECK (received BETWEEN 0 AND size),
    whole boolean NOT NULL,
    used boolean NOT NULL,
    PRIMARY KEY (municipality, log, hash),
    FOREIGN KEY (municipality, log) REFERENCES logs (municipality, number)
);
CREATE INDEX blobs_unused ON blobs (municipality, log, hash) WHERE NOT used;

CREATE TABLE blob_parts (
    municipality bigint NOT NULL,
    log bigint NOT NULL,
    hash hash NOT NULL,
    "offset" bigint NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (municipality, log, hash, "offset"),
    FOREIGN KEY (municipality, log, hash) REFERENCES blobs (municipality, log, hash)
);
ALTER TABLE blob_parts ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE feed (
    municipality bigint NOT NULL,
    position bigint NOT NULL CHECK (position > 0),
    kind smallint NOT NULL,
    name text NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (municipality, position)
);

CREATE TABLE lines (
    municipality bigint NOT NULL,
    log_index bigint NOT NULL,
    certificate_number text COLLATE "C" NOT NULL,
    organisation text NOT NULL,
    place text NOT NULL,
    ceremony text NOT NULL,
    agreement text NOT NULL,
    agreement_version text NOT NULL,
    declared_at_ms bigint NOT NULL,
    received_ms bigint NOT NULL,
    record_sha256 text NOT NULL,
    certificate_sha256 text NOT NULL,
    voided boolean NOT NULL,
    demonstration boolean NOT NULL,
    PRIMARY KEY (municipality, log_index)
);
CREATE INDEX lines_by_number ON lines (municipality, certificate_number, log_index);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON nodes EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON leaves EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON feed EXECUTE FUNCTION refuse_change();
)sql";

// As ledger_schema.h tells of it.
constexpr const char* step_2 = R"sql(
DELETE FROM lines;
DELETE FROM meta WHERE name IN ('register_derived', 'register_standing') OR name LIKE 'register_voided.%';
ALTER TABLE lines ADD COLUMN organisation_number text NOT NULL DEFAULT '';
ALTER TABLE lines ADD COLUMN withdrawn_ms bigint NOT NULL DEFAULT 0;
ALTER TABLE lines ADD COLUMN same_as bigint;
CREATE INDEX entries_apart ON entries (municipality, log, log_index) WHERE standing <> 0;
)sql";

constexpr const char* step_3 = R"sql(
ALTER TABLE feed DISABLE TRIGGER append_only;
UPDATE feed SET content = '' WHERE kind = 3;
ALTER TABLE feed ENABLE TRIGGER append_only;
DELETE FROM meta WHERE name = 'feed_signed_up_to';
)sql";

constexpr const char* step_4 = R"sql(
CREATE TABLE cosignatures (
    municipality bigint NOT NULL,
    log bigint NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    time_s bigint NOT NULL CHECK (time_s >= 0),
    signature bytea NOT NULL CHECK (octet_length(signature) = 64),
    PRIMARY KEY (municipality, log),
    FOREIGN KEY (municipality, log) REFERENCES logs (municipality, number)
);
)sql";

constexpr const char* steps[] = {step_1, step_2, step_3, step_4};
static_assert(std::size(steps) == newest_version);

}  // namespace

Status prepare_postgres_schema(Postgres& database) {
    return database.transact([&]() -> Status {
        TRY(database.run("SELECT pg_advisory_xact_lock($1)", schema_lock));
        TRY_ASSIGN(auto tables,
                   database.query("SELECT count(*), count(*) FILTER (WHERE tablename = 'ledger_version')"
                                  " FROM pg_catalog.pg_tables WHERE schemaname = 'handslag'"));
        if (tables.at(0).integer(0) > 0 && tables.at(0).integer(1) == 0)
            return Error{Errc::malformed,
                         "the schema \"handslag\" of that database is not a Handslag server's"};
        if (tables.at(0).integer(0) > 0) {
            TRY_ASSIGN(auto version, database.query("SELECT version FROM handslag.ledger_version"));
            if (version.size() != 1) return Error{Errc::malformed, "the ledger's version is missing"};
            if (version[0].integer(0) > newest_version)
                return Error{Errc::newer_version, "the ledger is of a newer Handslag"};
            if (version[0].integer(0) == newest_version) return {};
            std::string script;
            for (auto step = version[0].integer(0); step < newest_version; ++step) script += steps[step];
            return database.run_script(
                script + "UPDATE ledger_version SET version = " + std::to_string(newest_version) + ";");
        }
        std::string script = "CREATE SCHEMA IF NOT EXISTS handslag;";
        for (const auto* step : steps) script += step;
        return database.run_script(script +
                                   "CREATE TABLE ledger_version (version integer NOT NULL);"
                                   "INSERT INTO ledger_version (version) VALUES (" +
                                   std::to_string(newest_version) + ");");
    });
}

}  // namespace server
