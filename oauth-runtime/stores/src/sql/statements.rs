//! [`Statements`]: every statement that a store sends, with its tables' names in place.

use super::names::Names;
use oauth_runtime::Lease;

/// What databases say differently. Every time is the database's own.
#[derive(Debug)]
pub struct Dialect {
    /// The time now.
    pub(crate) now: &'static str,
    /// The time now, which stands for `{now}`, and so many milliseconds more, which stand for `{}`.
    pub(crate) later: &'static str,
    /// Milliseconds from now until the time that stands for `{}`.
    pub(crate) left: &'static str,
    /// Whether a schema may stand before the name of a table.
    pub(crate) takes_schema: bool,
    /// Whether one at a time writes, and others wait for it without being told when they may.
    pub(crate) has_one_writer: bool,
    /// The statements that put a text, as [`Engine::put`](super::Engine::put) runs them.
    pub(crate) put: &'static [&'static str],
}

impl Dialect {
    fn later(&self, milliseconds: &str) -> String {
        self.later.replace("{now}", self.now).replace("{}", milliseconds)
    }

    fn left(&self, time: &str) -> String {
        self.left.replace("{now}", self.now).replace("{}", time)
    }
}

/// The statements of a store. `$1` to `$3` are always the key, `$4` the generation, `$5` the holder.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    pub(crate) load: String,
    pub(crate) save: String,
    pub(crate) remove: String,
    pub(crate) look: String,
    pub(crate) claim: String,
    pub(crate) renew: String,
    pub(crate) mark_sent: String,
    pub(crate) commit: String,
    pub(crate) fail: String,
    pub(crate) put: Vec<String>,
    pub(crate) is_there: String,
    pub(crate) take: String,
}

/// Whether a text is there that did not lapse.
pub(crate) const IS_THERE: &str = "SELECT number FROM {states} WHERE name = $1 AND expires_at > {now}";

const KEY: &str = "provider = $1 AND tenant = $2 AND owner = $3";
const IDLE: &str =
    "holder = NULL, held_until = NULL, sender = NULL, failures = 0, not_before = NULL, failure = NULL";

impl Statements {
    pub(crate) fn new(dialect: &Dialect, names: &Names) -> Self {
        let (tokens, states) = (names.tokens.quoted(), names.states.quoted());
        let now = dialect.now;
        let about_states = |statement: &str| statement.replace("{states}", &states).replace("{now}", now);
        let holds = format!("{KEY} AND generation = $4 AND holder = $5 AND held_until > {now}");
        let until = dialect.later("$6");
        // How long until another one may have the claim: that of one who has sent is kept a while longer.
        let left = format!(
            "{} + CASE WHEN sender = holder THEN lease * {} ELSE 0 END",
            dialect.left("held_until"),
            Lease::PATIENCE
        );
        Self {
            load: format!("SELECT generation, tokens, dead FROM {tokens} WHERE {KEY}"),
            save: format!(
                "INSERT INTO {tokens} (provider, tenant, owner, generation, tokens, dead, changed_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, {now}) ON CONFLICT (provider, tenant, owner) DO UPDATE SET \
                 generation = excluded.generation, tokens = excluded.tokens, dead = excluded.dead, \
                 changed_at = excluded.changed_at, {IDLE}"
            ),
            remove: format!("DELETE FROM {tokens} WHERE {KEY}"),
            look: format!(
                "SELECT generation, {left}, {wait}, failure FROM {tokens} WHERE {KEY}",
                wait = dialect.left("not_before"),
            ),
            claim: format!(
                "UPDATE {tokens} SET holder = $5, held_until = {until}, lease = $6 WHERE {KEY} AND generation = $4 \
                 AND (not_before IS NULL OR not_before <= {now}) AND (holder IS NULL OR {left} <= 0) \
                 RETURNING failures, CASE WHEN sender IS NULL THEN 0 ELSE 1 END"
            ),
            renew: format!(
                "UPDATE {tokens} SET holder = $5, held_until = {until}, lease = $6, sender = $5 \
                 WHERE {KEY} AND generation = $4 AND (holder IS NULL OR holder = $5 OR held_until <= {now} \
                 OR sender IS NULL OR sender <> holder)"
            ),
            mark_sent: format!("UPDATE {tokens} SET sender = $5 WHERE {holds}"),
            commit: format!(
                "UPDATE {tokens} SET generation = $6, tokens = $7, dead = $8, changed_at = {now}, {IDLE} WHERE {holds}"
            ),
            fail: format!(
                "UPDATE {tokens} SET holder = NULL, held_until = NULL, sender = CASE WHEN $6 = 1 THEN $5 END, \
                 dead = COALESCE($7, dead), failures = failures + CASE WHEN $8 >= 0 THEN 1 ELSE 0 END, \
                 not_before = CASE WHEN $8 >= 0 THEN {wait} ELSE not_before END, \
                 failure = CASE WHEN $8 >= 0 THEN $9 ELSE failure END WHERE {holds}",
                wait = dialect.later("$8"),
            ),
            put: dialect.put.iter().map(|statement| about_states(statement)).collect(),
            is_there: about_states(IS_THERE),
            take: format!(
                "DELETE FROM {states} WHERE name = $1 RETURNING CASE WHEN expires_at > {now} THEN value END"
            ),
        }
    }
}
