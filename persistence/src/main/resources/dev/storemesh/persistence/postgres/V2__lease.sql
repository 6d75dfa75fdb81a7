-- Who may go on when a site's nodes lose sight of each other (PostgresLease). Times are this server's.
CREATE TABLE lease (
    name       text        COLLATE "C" PRIMARY KEY,
    owner      text        NOT NULL,
    held_until timestamptz NOT NULL
);
