-- The snapshots. Columns as pekko-persistence-jdbc expects them.
CREATE TABLE snapshot (
    persistence_id        TEXT    NOT NULL,
    sequence_number       INTEGER NOT NULL,
    created               INTEGER NOT NULL,
    snapshot_ser_id       INTEGER NOT NULL,
    snapshot_ser_manifest TEXT    NOT NULL,
    snapshot_payload      BLOB    NOT NULL,
    meta_ser_id           INTEGER,
    meta_ser_manifest     TEXT,
    meta_payload          BLOB,
    PRIMARY KEY (persistence_id, sequence_number)
) STRICT;
