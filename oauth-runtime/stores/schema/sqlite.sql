-- The tables of oauth-stores in SQLite. `SqliteStore::migrate` runs this file with the names that the store was given;
-- it may run again and again. Times are milliseconds of the Unix epoch, by the clock of SQLite's own functions.

-- One row for each grant: whose tokens, the tokens, and what goes on with their refresh.
CREATE TABLE IF NOT EXISTS oauth_tokens (
    provider   TEXT    NOT NULL, -- the provider's id
    tenant     TEXT    NOT NULL, -- the provider's variables, '' where it has none
    owner      TEXT    NOT NULL, -- the user, as the application calls them
    generation INTEGER NOT NULL, -- another one after each sign-in and each refresh
    tokens     TEXT    NOT NULL, -- the tokens as JSON, in clear unless the store is wrapped in encryption
    dead       TEXT,             -- why the grant will never work again
    holder     INTEGER,          -- who has the claim to refresh it
    held_until INTEGER,          -- when that claim lapses
    lease      INTEGER,             -- for how many milliseconds at a time
    sender     INTEGER,          -- who sent the refresh token last, with no outcome recorded since
    failures   INTEGER NOT NULL DEFAULT 0, -- tries that failed, one after another
    not_before INTEGER,          -- when the next try may begin
    failure    TEXT,             -- what went wrong with the last one, in a word or two
    changed_at INTEGER NOT NULL, -- when the tokens were written
    PRIMARY KEY (provider, tenant, owner)
);

-- One row for each pending authorization, and for each used one that must not be used again.
CREATE TABLE IF NOT EXISTS oauth_states (
    number     INTEGER PRIMARY KEY,  -- grows: the row with the lowest one makes room
    name       TEXT    NOT NULL UNIQUE, -- a hash of the state
    value      TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
);

CREATE INDEX IF NOT EXISTS oauth_states_expires_at ON oauth_states (expires_at);
