//! [`Rare`]: what few grants have besides their tokens.

use crate::{
    error::Error,
    learned::Learned,
    moment::Moment,
    tokens::{Exchanged, Tokens},
    wire::answer::Extra,
};
use std::{
    ops::Deref,
    sync::{Arc, LazyLock},
};

/// [`Details`] in a box that is made only where there is something: a program may hold the tokens of a million users, and
/// each answer is moved several times before it is at rest.
#[derive(Clone, Default)]
pub(crate) struct Rare(Option<Box<Details>>);

/// What few grants have besides their tokens.
#[derive(Clone, Default)]
pub(crate) struct Details {
    pub(crate) refresh_token_expires_at: Option<Moment>,
    /// What the definition says is worth keeping, of the callback and of the answers.
    pub(crate) captured: Extra,
    /// The further members of the answer.
    pub(crate) extra: Extra,
    pub(crate) learned: Learned,
    pub(crate) exchanged: Exchanged,
    /// Why the exchange failed, as long as this process knows.
    pub(crate) exchange_error: Option<Arc<Error>>,
    /// The further tokens of the same answer, each by its name, until each is stored as a grant of its own.
    pub(crate) named: Vec<(&'static str, Tokens)>,
}

impl Rare {
    /// In a box, if there is something in them.
    pub(crate) fn of(details: Details) -> Self {
        Self((!details.is_empty()).then(|| Box::new(details)))
    }

    /// Says what became of the exchange of a token for a better one.
    pub(crate) fn settle(&mut self, exchanged: Exchanged, error: Option<Error>) {
        if exchanged != self.exchanged || error.is_some() {
            let details = self.to_mut();
            (details.exchanged, details.exchange_error) = (exchanged, error.map(Arc::new));
        }
    }

    /// Takes over what the tokens before a refresh had and these do not name.
    pub(crate) fn inherit(&mut self, before: &Self, is_same_refresh_token: bool) {
        let Some(before) = before.0.as_deref() else { return };
        let details = self.to_mut();
        if is_same_refresh_token {
            details.refresh_token_expires_at =
                details.refresh_token_expires_at.or(before.refresh_token_expires_at);
        }
        details.named.clone_from(&before.named);
        for (name, value) in before.learned.iter() {
            if details.learned.get(name).is_none() {
                details.learned.insert(name.clone(), value.clone());
            }
        }
        keep_missing(&mut details.captured, &before.captured);
        keep_missing(&mut details.extra, &before.extra);
    }

    /// To change it. It takes a box: ask first whether there is something to write.
    pub(crate) fn to_mut(&mut self) -> &mut Details {
        self.0.get_or_insert_default()
    }
}

impl Details {
    /// Is there nothing that a record would hold?
    fn is_empty(&self) -> bool {
        self.refresh_token_expires_at.is_none()
            && self.captured.is_empty()
            && self.extra.is_empty()
            && self.learned.is_empty()
            && self.exchanged.is_done()
    }

    /// What a sign-in told beside the answer. A captured value of the answer itself stays.
    pub(crate) fn tell(&mut self, learned: Learned, captured: Extra) {
        self.learned.extend(learned);
        for (name, value) in captured {
            self.captured.entry(name).or_insert(value);
        }
    }
}

/// Keeps the members from before that the newer ones do not name.
fn keep_missing(newer: &mut Extra, before: &Extra) {
    for (name, value) in before {
        if !newer.contains_key(name) {
            newer.insert(name.clone(), value.clone());
        }
    }
}

impl Deref for Rare {
    type Target = Details;

    fn deref(&self) -> &Details {
        static NOTHING: LazyLock<Details> = LazyLock::new(Details::default);
        self.0.as_deref().unwrap_or_else(|| &NOTHING)
    }
}
