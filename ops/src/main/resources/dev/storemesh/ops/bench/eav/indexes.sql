CREATE UNIQUE INDEX object_token ON object (catalog, token);
CREATE INDEX object_changed ON object (catalog, changed_version);
-- All rows of an object, at any version.
CREATE INDEX attribute_rows ON attribute (catalog, object, definition, location, created_version);
-- The rows that hold: what nearly all reads want. The number stands in the index itself, for sorting.
CREATE INDEX attribute_live ON attribute (catalog, object, definition, location) INCLUDE (number)
    WHERE deleted_version IS NULL;
CREATE INDEX attribute_text ON attribute (catalog, definition, left(folded, 100), object)
    WHERE deleted_version IS NULL AND folded IS NOT NULL;
CREATE INDEX attribute_number ON attribute (catalog, definition, number, object)
    WHERE deleted_version IS NULL AND number IS NOT NULL;
CREATE INDEX attribute_words ON attribute USING gin (words) WITH (fastupdate = off)
    WHERE deleted_version IS NULL AND words IS NOT NULL;
-- What changed between two versions.
CREATE INDEX attribute_created ON attribute (catalog, created_version);
CREATE INDEX attribute_deleted ON attribute (catalog, deleted_version) WHERE deleted_version IS NOT NULL;
CLUSTER attribute USING attribute_rows;
CLUSTER object USING object_pkey;
VACUUM (ANALYZE, FREEZE);
