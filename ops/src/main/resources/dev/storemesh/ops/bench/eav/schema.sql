-- One row per attribute value and life of it: made by created_version, ended by deleted_version (null: it holds).
-- Nothing is ever overwritten but that end. Names are numbers of small tables, which every server keeps in memory.
CREATE TABLE catalog (id integer PRIMARY KEY, name text UNIQUE NOT NULL, visible bigint NOT NULL);
CREATE TABLE definition (id smallint PRIMARY KEY, name text UNIQUE NOT NULL); -- numbered in the order of names
CREATE TABLE type (id smallint PRIMARY KEY, name text UNIQUE NOT NULL);
CREATE TABLE token (hash text PRIMARY KEY); -- of bearer tokens
CREATE TABLE version (
    catalog integer NOT NULL, version bigint NOT NULL, at timestamptz NOT NULL,
    caller text NOT NULL, app text, store text, reason text,
    PRIMARY KEY (catalog, version));

-- The id grows with the place in pages: its upper bits are the hash of the token.
CREATE TABLE object (
    catalog integer NOT NULL, id bigint NOT NULL, token text NOT NULL, type smallint NOT NULL,
    created_version bigint NOT NULL, deleted_version bigint, changed_version bigint NOT NULL,
    PRIMARY KEY (catalog, id));

-- value: as it stands in JSON. folded: what texts match by (no case, no accents), words: its words, number: what
-- numbers and money sort by.
CREATE TABLE attribute (
    catalog integer NOT NULL, object bigint NOT NULL, definition smallint NOT NULL, location text NOT NULL,
    value text NOT NULL, created_version bigint NOT NULL, deleted_version bigint,
    folded text, words text[], number bigint);
