-- The journal. Columns as pekko-persistence-jdbc expects them; the unique key is the fence: it refuses a second writer
-- that takes a sequence number already taken.
CREATE TABLE event_journal (
    ordering           INTEGER PRIMARY KEY AUTOINCREMENT,
    persistence_id     TEXT    NOT NULL,
    sequence_number    INTEGER NOT NULL,
    deleted            INTEGER NOT NULL DEFAULT 0,
    writer             TEXT    NOT NULL,
    write_timestamp    INTEGER NOT NULL,
    adapter_manifest   TEXT    NOT NULL,
    event_ser_id       INTEGER NOT NULL,
    event_ser_manifest TEXT    NOT NULL,
    event_payload      BLOB    NOT NULL,
    meta_ser_id        INTEGER,
    meta_ser_manifest  TEXT,
    meta_payload       BLOB,
    UNIQUE (persistence_id, sequence_number)
) STRICT;

CREATE TABLE event_tag (
    event_id INTEGER NOT NULL REFERENCES event_journal (ordering),
    tag      TEXT    NOT NULL,
    PRIMARY KEY (event_id, tag)
) STRICT, WITHOUT ROWID;
