// The tables of the SQLite ledger, as numbered steps that only go forward. Private to ledger_sqlite.cpp.
//
// clang-format off
// | table               | rows                                              | personal    | changed by                  |
// |---------------------|---------------------------------------------------|-------------|-----------------------------|
// | meta                | the server's small values                         | no          | freely                      |
// | logs                | one a tablet and epoch: key, state, what is held  | no          | ingest                      |
// | entries             | every entry that came, in every branch            | no          | append only                 |
// | heads               | what tablets signed, and whether it holds         | no          | append; judged once         |
// | nodes               | complete subtrees; log 0 is the server's own tree | no          | append only                 |
// | leaves, checkpoints | the server's own log                              | no          | append only                 |
// | cosignatures        | the newest head of it that each tablet cosigned   | no          | cosigning.cpp; only larger  |
// | blobs               | parcels: how much has come                        | no          | ingest                      |
// | blob_parts          | their bytes, sealed by the tablet                 | yes, sealed | append; deleted with a blob |
// | feed                | what tablets are to fetch                         | perhaps     | append only                 |
// | lines               | the public list                                   | published   | derived; dropped, rebuilt   |
// clang-format on
#pragma once

namespace server {

inline constexpr const char* ledger_step_1 = R"sql(
CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE logs (
    number INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
    device BLOB NOT NULL CHECK (length(device) = 16),
    epoch INTEGER NOT NULL,
    log_key BLOB NOT NULL CHECK (length(log_key) = 32),
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    held INTEGER NOT NULL CHECK (held >= 0),
    lost_from INTEGER,
    nonce BLOB NOT NULL,
    transfer_key BLOB NOT NULL,
    tablet TEXT NOT NULL,
    UNIQUE (device, epoch)
) STRICT;

CREATE TABLE entries (
    log INTEGER NOT NULL REFERENCES logs (number),
    seq INTEGER NOT NULL CHECK (seq >= 0),
    leaf BLOB NOT NULL CHECK (length(leaf) = 32),
    bytes BLOB NOT NULL,
    parcel BLOB CHECK (length(parcel) = 32),
    standing INTEGER NOT NULL CHECK (standing BETWEEN 0 AND 3),
    received_ms INTEGER NOT NULL,
    log_index INTEGER NOT NULL PRIMARY KEY,
    UNIQUE (log, seq, leaf)
) STRICT;

CREATE TABLE heads (
    log INTEGER NOT NULL REFERENCES logs (number),
    size INTEGER NOT NULL,
    root BLOB NOT NULL CHECK (length(root) = 32),
    origin TEXT NOT NULL,
    note TEXT NOT NULL,
    judgement INTEGER NOT NULL CHECK (judgement BETWEEN 0 AND 2),
    PRIMARY KEY (log, size, root)
) STRICT, WITHOUT ROWID;
CREATE INDEX heads_by_judgement ON heads (log, judgement, size);

CREATE TABLE nodes (
    log INTEGER NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (log, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE leaves (
    log_index INTEGER NOT NULL PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE checkpoints (
    size INTEGER NOT NULL PRIMARY KEY,
    note TEXT NOT NULL
) STRICT;

CREATE TABLE blobs (
    number INTEGER NOT NULL PRIMARY KEY,
    log INTEGER NOT NULL REFERENCES logs (number),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    size INTEGER NOT NULL,
    received INTEGER NOT NULL CHECK (received BETWEEN 0 AND size),
    whole INTEGER NOT NULL CHECK (whole IN (0, 1)),
    used INTEGER NOT NULL CHECK (used IN (0, 1)),
    UNIQUE (log, hash)
) STRICT;
CREATE INDEX blobs_unused ON blobs (log, hash) WHERE used = 0;

CREATE TABLE blob_parts (
    blob INTEGER NOT NULL REFERENCES blobs (number),
    offset INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (blob, offset)
) STRICT;

CREATE TABLE feed (
    position INTEGER NOT NULL PRIMARY KEY CHECK (position > 0),
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,
    content BLOB NOT NULL
) STRICT;

CREATE TABLE lines (
    log_index INTEGER NOT NULL PRIMARY KEY,
    certificate_number TEXT NOT NULL,
    organisation TEXT NOT NULL,
    place TEXT NOT NULL,
    ceremony TEXT NOT NULL,
    agreement TEXT NOT NULL,
    agreement_version TEXT NOT NULL,
    declared_at_ms INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    record_sha256 TEXT NOT NULL,
    certificate_sha256 TEXT NOT NULL,
    voided INTEGER NOT NULL CHECK (voided IN (0, 1)),
    demonstration INTEGER NOT NULL CHECK (demonstration IN (0, 1))
) STRICT;
CREATE INDEX lines_by_number ON lines (certificate_number, log_index);

CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries is append-only'); END;
CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries is append-only'); END;
CREATE TRIGGER nodes_no_update BEFORE UPDATE ON nodes BEGIN SELECT RAISE(ABORT, 'nodes is append-only'); END;
CREATE TRIGGER nodes_no_delete BEFORE DELETE ON nodes BEGIN SELECT RAISE(ABORT, 'nodes is append-only'); END;
CREATE TRIGGER leaves_no_update BEFORE UPDATE ON leaves BEGIN SELECT RAISE(ABORT, 'leaves is append-only'); END;
CREATE TRIGGER leaves_no_delete BEFORE DELETE ON leaves BEGIN SELECT RAISE(ABORT, 'leaves is append-only'); END;
CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints
    BEGIN SELECT RAISE(ABORT, 'checkpoints is append-only'); END;
CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints
    BEGIN SELECT RAISE(ABORT, 'checkpoints is append-only'); END;
CREATE TRIGGER feed_no_update BEFORE UPDATE ON feed BEGIN SELECT RAISE(ABORT, 'feed is append-only'); END;
CREATE TRIGGER feed_no_delete BEFORE DELETE ON feed BEGIN SELECT RAISE(ABORT, 'feed is append-only'); END;
)sql";

// What staff decide (acts.h) changes the list; it is derived anew with that, and with the organisation's number.
inline constexpr const char* ledger_step_2 = R"sql(
DELETE FROM lines;
DELETE FROM meta WHERE name IN ('register_derived', 'register_standing') OR name LIKE 'register_voided.%';
ALTER TABLE lines ADD COLUMN organisation_number TEXT NOT NULL DEFAULT '';
ALTER TABLE lines ADD COLUMN withdrawn_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lines ADD COLUMN same_as INTEGER;
CREATE INDEX entries_apart ON entries (log, log_index) WHERE standing <> 0;
)sql";

// The feed kept the names of those who had signed, erased or not. What is told is told anew, by places (signed_feed.h).
inline constexpr const char* ledger_step_3 = R"sql(
DROP TRIGGER feed_no_update;
UPDATE feed SET content = x'' WHERE kind = 3;
CREATE TRIGGER feed_no_update BEFORE UPDATE ON feed BEGIN SELECT RAISE(ABORT, 'feed is append-only'); END;
DELETE FROM meta WHERE name = 'feed_signed_up_to';
)sql";

// What each tablet has cosigned of the server's heads (cosigning.h): its newest.
inline constexpr const char* ledger_step_4 = R"sql(
CREATE TABLE cosignatures (
    log INTEGER NOT NULL PRIMARY KEY REFERENCES logs (number),
    size INTEGER NOT NULL CHECK (size >= 0),
    time_s INTEGER NOT NULL CHECK (time_s >= 0),
    signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;
)sql";

}  // namespace server
