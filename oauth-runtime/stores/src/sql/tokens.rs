//! The table of tokens as a [`TokenStore`].

use super::{
    Engine, SqlStore,
    engine::{Cell, Value, number},
};
use crate::measure::{holder, milliseconds};
use oauth_runtime::{BoxError, Claim, Failure, Lease, StoredGrant, TokenKey, TokenStore};
use std::time::Duration;

/// The values of a key's three columns, and those of further placeholders.
fn values<'a, const N: usize>(key: &'a TokenKey, more: [Value<'a>; N]) -> Vec<Value<'a>> {
    let key = [key.provider(), key.tenant(), key.owner()].map(Value::Text);
    key.into_iter().chain(more).collect()
}

fn odd_row() -> BoxError {
    "the table has other columns than this store's schema".into()
}

impl<E: Engine> SqlStore<E> {
    async fn changes<const N: usize>(
        &self,
        statement: &str,
        key: &TokenKey,
        more: [Value<'_>; N],
    ) -> Result<bool, BoxError> {
        let _turn = self.turn().await;
        Ok(self.engine.change(statement, &values(key, more)).await? > 0)
    }

    /// Why a claim cannot be given now; `None` if it can.
    async fn obstacle(&self, key: &TokenKey, generation: u64) -> Result<Option<Claim>, BoxError> {
        let row = self.engine.row(&self.statements.look, &values(key, [])).await?;
        let Some(row) = row else { return Ok(Some(Claim::Superseded)) };
        let [of, held, wait, failure] = <[Cell; 4]>::try_from(row).map_err(|_| odd_row())?;
        if of.number().map(i64::cast_unsigned) != Some(generation) {
            return Ok(Some(Claim::Superseded));
        }
        let left = |cell: Cell| {
            let left = u64::try_from(cell.number().unwrap_or(0)).unwrap_or(0);
            (left > 0).then(|| Duration::from_millis(left))
        };
        if let Some(held) = left(held) {
            return Ok(Some(Claim::Held(held)));
        }
        let reason = failure.into_text().unwrap_or_default();
        Ok(left(wait).map(|wait| Claim::Postponed { wait, reason }))
    }

    fn keep(&self, key: &TokenKey, grant: Option<&StoredGrant>) {
        if let Some(cache) = &self.cache {
            cache.keep(key, grant);
        }
    }
}

impl<E: Engine> TokenStore for SqlStore<E> {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredGrant>, BoxError> {
        let row = self.engine.row(&self.statements.load, &values(key, [])).await?;
        let grant = row.map(grant).transpose()?;
        self.keep(key, grant.as_ref());
        Ok(grant)
    }

    fn peek(&self, key: &TokenKey) -> Option<StoredGrant> {
        self.cache.as_ref()?.get(key)
    }

    async fn save(&self, key: &TokenKey, grant: StoredGrant) -> Result<(), BoxError> {
        self.keep(key, None);
        let tokens = serde_json::to_string(&grant.tokens)?;
        let more = [number(grant.generation), Value::Text(&tokens), Value::MaybeText(grant.dead.as_deref())];
        self.changes(&self.statements.save, key, more).await?;
        self.keep(key, Some(&grant));
        Ok(())
    }

    async fn remove(&self, key: &TokenKey) -> Result<(), BoxError> {
        self.keep(key, None);
        self.changes(&self.statements.remove, key, []).await?;
        self.keep(key, None);
        Ok(())
    }

    async fn claim(&self, key: &TokenKey, generation: u64, lease: Duration) -> Result<Claim, BoxError> {
        // Asked by a read first: those who wait for a claim must not stand in the way of those who write.
        if let Some(obstacle) = self.obstacle(key, generation).await? {
            return Ok(obstacle);
        }
        let holder = holder();
        let lasting = number(milliseconds(lease).max(1));
        let more = [number(generation), number(holder), lasting];
        let turn = self.turn().await;
        let row = self.engine.row(&self.statements.claim, &values(key, more)).await?;
        drop(turn);
        let Some(row) = row else {
            // Somebody was faster since.
            return Ok(Claim::Held(Duration::from_millis(1)));
        };
        let [failures, unknown] = <[Cell; 2]>::try_from(row).map_err(|_| odd_row())?;
        Ok(Claim::Granted(Lease {
            failures: failures.number().and_then(|failures| u32::try_from(failures).ok()).unwrap_or(u32::MAX),
            outcome_unknown: unknown.number() != Some(0),
            ..Lease::new(generation, holder)
        }))
    }

    async fn renew(&self, key: &TokenKey, lease: &Lease, length: Duration) -> Result<bool, BoxError> {
        let more = [number(lease.generation), number(lease.holder), number(milliseconds(length).max(1))];
        self.changes(&self.statements.renew, key, more).await
    }

    async fn mark_sent(&self, key: &TokenKey, lease: &Lease) -> Result<bool, BoxError> {
        let more = [number(lease.generation), number(lease.holder)];
        self.changes(&self.statements.mark_sent, key, more).await
    }

    async fn commit(&self, key: &TokenKey, lease: &Lease, grant: StoredGrant) -> Result<bool, BoxError> {
        let tokens = serde_json::to_string(&grant.tokens)?;
        let more = [
            number(lease.generation),
            number(lease.holder),
            number(grant.generation),
            Value::Text(&tokens),
            Value::MaybeText(grant.dead.as_deref()),
        ];
        self.keep(key, None);
        let committed = self.changes(&self.statements.commit, key, more).await?;
        self.keep(key, committed.then_some(&grant));
        Ok(committed)
    }

    async fn fail(&self, key: &TokenKey, lease: &Lease, failure: Failure) -> Result<bool, BoxError> {
        let more = [
            number(lease.generation),
            number(lease.holder),
            Value::Number(failure.outcome_unknown.into()),
            Value::MaybeText(failure.dead.as_deref()),
            failure.wait.map_or(Value::Number(-1), |wait| number(milliseconds(wait))),
            Value::Text(&failure.reason),
        ];
        self.keep(key, None);
        self.changes(&self.statements.fail, key, more).await
    }
}

fn grant(row: Vec<Cell>) -> Result<StoredGrant, BoxError> {
    let [generation, tokens, dead] = <[Cell; 3]>::try_from(row).map_err(|_| odd_row())?;
    let tokens = tokens.into_text().ok_or_else(odd_row)?;
    Ok(StoredGrant {
        generation: generation.number().ok_or_else(odd_row)?.cast_unsigned(),
        tokens: serde_json::from_str(&tokens)?,
        dead: dead.into_text(),
    })
}
