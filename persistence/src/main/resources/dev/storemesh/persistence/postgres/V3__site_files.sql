-- The small private texts of a site (its kind, a store's enrolment) that all its nodes need; in a site of one node over
-- SQLite they are files of its home folder. Whose catalogs are here already says of what kind the site is.
CREATE TABLE site_file (
    name    text COLLATE "C" PRIMARY KEY,
    content text NOT NULL
);

INSERT INTO site_file (name, content)
SELECT 'site.kind', 'store' WHERE EXISTS
    (SELECT 1 FROM event_journal WHERE persistence_id >= 'replica|' AND persistence_id < 'replica}');

INSERT INTO site_file (name, content)
SELECT 'site.kind', 'hq' WHERE EXISTS
    (SELECT 1 FROM event_journal WHERE persistence_id >= 'catalog|' AND persistence_id < 'catalog}')
ON CONFLICT DO NOTHING;
