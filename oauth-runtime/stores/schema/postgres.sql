-- The tables of oauth-stores in PostgreSQL. `PostgresStore::migrate` runs this file with the names that the store was
-- given; it may run again and again. Times are by the server's clock.

-- One row for each grant: whose tokens, the tokens, and what goes on with their refresh.
CREATE TABLE IF NOT EXISTS oauth_tokens (
    provider   text        NOT NULL, -- the provider's id
    tenant     text        NOT NULL, -- the provider's variables, '' where it has none
    owner      text        NOT NULL, -- the user, as the application calls them
    generation bigint      NOT NULL, -- another one after each sign-in and each refresh
    tokens     text        NOT NULL, -- the tokens as JSON, in clear unless the store is wrapped in encryption
    dead       text,                 -- why the grant will never work again
    holder     bigint,               -- who has the claim to refresh it
    held_until timestamptz,          -- when that claim lapses
    lease      bigint,               -- for how many milliseconds at a time
    sender     bigint,               -- who sent the refresh token last, with no outcome recorded since
    failures   bigint      NOT NULL DEFAULT 0, -- tries that failed, one after another
    not_before timestamptz,          -- when the next try may begin
    failure    text,                 -- what went wrong with the last one, in a word or two
    changed_at timestamptz NOT NULL, -- when the tokens were written
    PRIMARY KEY (provider, tenant, owner)
);

-- One row for each pending authorization, and for each used one that must not be used again.
CREATE TABLE IF NOT EXISTS oauth_states (
    number     bigserial   PRIMARY KEY, -- grows: the row with the lowest one makes room
    name       text        NOT NULL UNIQUE, -- a hash of the state
    value      text        NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS oauth_states_expires_at ON oauth_states (expires_at);
