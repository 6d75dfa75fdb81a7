-- What daily work and reads by place need, without what only queries by words and numbers want (see indexes.sql).
CREATE UNIQUE INDEX object_token ON object (catalog, token);
CREATE INDEX object_changed ON object (catalog, changed_version);
-- All rows of an object, at any version.
CREATE INDEX attribute_rows ON attribute (catalog, object, definition, location, created_version);
-- The rows that hold.
CREATE INDEX attribute_live ON attribute (catalog, object, definition, location) WHERE deleted_version IS NULL;
-- Values that must be unique, and who refers to what.
CREATE INDEX attribute_text ON attribute (catalog, definition, left(folded, 100), object)
    WHERE deleted_version IS NULL AND folded IS NOT NULL;
-- What changed between two versions.
CREATE INDEX attribute_created ON attribute (catalog, created_version);
CREATE INDEX attribute_deleted ON attribute (catalog, deleted_version) WHERE deleted_version IS NOT NULL;
