//! [`Grants`]: the codes and tokens that were given out, and what became of them.

mod binding;
mod record;

use crate::{random, refusal::Refusal, told::Told};
pub use record::GrantHistory;
use record::{AccessToken, Code, Family, RefreshToken, Renewal};
pub(crate) use record::{Approved, Issued, Policy, Redemption, Shown};
use std::{
    collections::HashMap,
    time::{Duration, SystemTime},
};

/// How long a code is good (RFC 6749 §4.1.2: ten minutes at most).
const CODE_LIFETIME: Duration = Duration::from_secs(600);

/// Everything that was given out since the start.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    codes: HashMap<String, Code>,
    families: Vec<Family>,
    access_tokens: HashMap<String, AccessToken>,
    refresh_tokens: HashMap<String, RefreshToken>,
    /// Codes that came a second time.
    pub(crate) codes_used_twice: usize,
    /// Refresh tokens that came again after they were replaced.
    pub(crate) reuses: usize,
}

impl Grants {
    /// A code for what was approved. It holds characters that must be encoded on every way it takes.
    pub(crate) fn issue_code(&mut self, approved: Approved, now: SystemTime) -> String {
        let code = format!("code+{}/=", random::text());
        self.issue_named_code(code.clone(), approved, now);
        code
    }

    /// This very code for what was approved.
    pub(crate) fn issue_named_code(&mut self, code: String, approved: Approved, now: SystemTime) {
        let entry = Code { approved, lapses: now + CODE_LIFETIME, used: false, families: Vec::new() };
        self.codes.insert(code, entry);
    }

    /// Takes a code, once, whatever comes of it (RFC 6749 §4.1.3, RFC 7636 §4.6): the family of its tokens.
    pub(crate) fn redeem(&mut self, presented: &Redemption<'_>, now: SystemTime) -> Result<usize, Refusal> {
        let Some(code) = self.codes.get_mut(presented.code) else {
            return Err(Refusal::invalid_grant("the code is unknown"));
        };
        if std::mem::replace(&mut code.used, true) {
            self.codes_used_twice += 1;
            for family in &code.families {
                self.families[*family].revoked = true;
            }
            return Err(Refusal::invalid_grant(
                "the code was used before: the tokens made from it are revoked",
            ));
        }
        if now >= code.lapses {
            return Err(Refusal::invalid_grant("the code has expired"));
        }
        binding::check(&code.approved, presented)?;
        let Approved { client_id, scopes, told, .. } = code.approved.clone();
        let history = GrantHistory::default();
        self.families.push(Family { client_id, scopes, told, revoked: false, history });
        code.families.push(self.families.len() - 1);
        Ok(self.families.len() - 1)
    }

    /// A family of its own for these scopes of a code that was taken: that of a further token in the same answer.
    pub(crate) fn split(&mut self, code: &str, of: usize, scopes: Vec<String>) -> usize {
        let Family { client_id, told, .. } = &self.families[of];
        let (client_id, told, history) = (client_id.clone(), told.clone(), GrantHistory::default());
        self.families.push(Family { client_id, scopes, told, revoked: false, history });
        let family = self.families.len() - 1;
        if let Some(code) = self.codes.get_mut(code) {
            code.families.push(family);
        }
        family
    }

    /// Leaves a family these scopes.
    pub(crate) fn narrow(&mut self, family: usize, scopes: Vec<String>) {
        self.families[family].scopes = scopes;
    }

    /// The codes that were taken.
    pub(crate) fn redeemed(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().filter(|(_, entry)| entry.used).map(|(code, _)| code.as_str())
    }

    /// Takes a refresh token (RFC 6749 §6): the family of its tokens. A replaced one ends the family (RFC 9700 §4.14).
    pub(crate) fn renew(
        &mut self,
        token: &str,
        client_id: &str,
        grace: Duration,
        now: SystemTime,
    ) -> Result<usize, Refusal> {
        let Some(entry) = self.refresh_tokens.get(token) else {
            return Err(Refusal::invalid_grant("the refresh token is unknown"));
        };
        let family = &mut self.families[entry.family];
        if family.client_id != client_id {
            return Err(Refusal::invalid_grant("the refresh token belongs to another client"));
        }
        family.history.refreshes += 1;
        let forgiven = |used| now.duration_since(used).is_ok_and(|since| since < grace);
        if entry.used.is_some_and(|used| !forgiven(used)) {
            family.revoked = true;
            family.history.reuses += 1;
            self.reuses += 1;
            return Err(Refusal::invalid_grant(
                "the refresh token was used before: the whole grant is revoked",
            ));
        }
        if family.revoked || entry.refused {
            return Err(Refusal::invalid_grant("the grant is revoked"));
        }
        if entry.lapses.is_some_and(|lapses| now >= lapses) {
            return Err(Refusal::invalid_grant("the refresh token has expired"));
        }
        family.history.replays += usize::from(entry.used.is_some());
        Ok(entry.family)
    }

    /// Takes an access token that is renewed itself, as long as it is good: the family of its tokens.
    pub(crate) fn renew_in_place(
        &mut self,
        token: &str,
        client_id: &str,
        now: SystemTime,
    ) -> Result<usize, Refusal> {
        self.check(token, now).map_err(Refusal::invalid_grant)?;
        let entry = &self.access_tokens[token];
        let family = &mut self.families[entry.family];
        if family.client_id != client_id {
            return Err(Refusal::invalid_grant("the access token belongs to another client"));
        }
        family.history.refreshes += 1;
        if entry.renewal == Renewal::Replaced {
            family.revoked = true;
            family.history.reuses += 1;
            self.reuses += 1;
            return Err(Refusal::invalid_grant("the access token was renewed before: the grant is revoked"));
        }
        if entry.renewal == Renewal::Refused {
            return Err(Refusal::invalid_grant("the access token is not renewed any more"));
        }
        if entry.raw {
            return Err(Refusal::invalid_grant("the access token was not exchanged, and is not renewed"));
        }
        Ok(entry.family)
    }

    /// What happened to each family, in the order of their consents.
    pub(crate) fn histories(&self) -> Vec<GrantHistory> {
        let history = |family: &Family| GrantHistory { is_revoked: family.revoked, ..family.history.clone() };
        self.families.iter().map(history).collect()
    }

    /// What the grant was told that one of these texts is a code or a token of; nothing where there is none.
    pub(crate) fn told<'a>(&self, mut texts: impl Iterator<Item = &'a str>) -> Told {
        let of = |text: &str| {
            let code = self.codes.get(text).map(|code| &code.approved.told);
            let token = || {
                let access = self.access_tokens.get(text).map(|token| token.family);
                access.or_else(|| self.refresh_tokens.get(text).map(|token| token.family))
            };
            code.or_else(|| token().map(|family| &self.families[family].told)).cloned()
        };
        texts.find_map(of).unwrap_or_default()
    }

    /// Takes an access token that is to be exchanged, as long as it is good: the family of its tokens.
    pub(crate) fn trade(&self, token: &str, now: SystemTime) -> Result<usize, Refusal> {
        self.check(token, now).map_err(Refusal::invalid_grant)?;
        if !self.is_raw(token) {
            return Err(Refusal::invalid_grant("the access token is not one that is exchanged"));
        }
        Ok(self.access_tokens[token].family)
    }

    /// Whether a token is still to be exchanged. One that is unknown is as good as that.
    pub(crate) fn is_raw(&self, token: &str) -> bool {
        self.access_tokens.get(token).is_none_or(|token| token.raw)
    }

    /// What a family was granted.
    pub(crate) fn scopes(&self, family: usize) -> &[String] {
        &self.families[family].scopes
    }

    /// Tokens of a family. With `replaced`, they come from that refresh token, or from that access token.
    pub(crate) fn issue(
        &mut self,
        family: usize,
        replaced: Option<&str>,
        policy: Policy,
        now: SystemTime,
    ) -> Issued {
        let scopes = self.families[family].scopes.clone();
        let access_token = format!("access-{}", random::text());
        let lapses = policy.access_lifetime.and_then(|lifetime| now.checked_add(lifetime));
        if let Some(token) = replaced.and_then(|token| self.access_tokens.get_mut(token))
            && policy.rotates
        {
            token.renewal = Renewal::Replaced;
        }
        let entry = AccessToken {
            family,
            scopes: scopes.clone(),
            lapses,
            revoked: false,
            raw: policy.raw,
            renewal: Renewal::Given,
        };
        self.access_tokens.insert(access_token.clone(), entry);
        let replaced = replaced.and_then(|token| self.refresh_tokens.get_mut(token));
        let stays = replaced.is_some() && !policy.rotates;
        if let Some(token) = replaced.filter(|_| policy.rotates) {
            token.used.get_or_insert(now);
        }
        let refresh_token = (policy.refreshable && !stays).then(|| self.issue_refresh(family, policy, now));
        let told = self.families[family].told.clone();
        Issued { access_token, refresh_token, scopes, told, named: Vec::new() }
    }

    /// Gives fresh tokens the texts and the lifetime that an example has for them.
    pub(crate) fn rename(&mut self, issued: &Issued, shown: &Shown, now: SystemTime) {
        if let Some((name, mut token)) =
            shown.access_token.clone().zip(self.access_tokens.remove(&issued.access_token))
        {
            token.lapses = shown.expires_in.and_then(|lifetime| now.checked_add(lifetime));
            self.access_tokens.insert(name, token);
        }
        let fresh = issued.refresh_token.as_ref().and_then(|token| self.refresh_tokens.remove(token));
        if let Some((name, token)) = shown.refresh_token.clone().zip(fresh) {
            self.refresh_tokens.insert(name, token);
        }
        for (name, issued) in &issued.named {
            if let Some((_, shown)) = shown.named.iter().find(|(known, _)| known == name) {
                self.rename(issued, shown, now);
            }
        }
    }

    fn issue_refresh(&mut self, family: usize, policy: Policy, now: SystemTime) -> String {
        let token = format!("refresh-{}", random::text());
        let lapses = policy.refresh_lifetime.and_then(|lifetime| now.checked_add(lifetime));
        self.refresh_tokens
            .insert(token.clone(), RefreshToken { family, lapses, used: None, refused: false });
        token
    }

    /// The scopes of an access token that is good now, or why it is not.
    pub(crate) fn check(&self, token: &str, now: SystemTime) -> Result<&[String], &'static str> {
        let entry = self.access_tokens.get(token).ok_or("the access token is unknown")?;
        if entry.revoked || self.families[entry.family].revoked {
            return Err("the access token is revoked");
        }
        if entry.lapses.is_some_and(|lapses| now >= lapses) {
            return Err("the access token has expired");
        }
        Ok(&entry.scopes)
    }

    /// Ends a token (RFC 7009 §2.1), a refresh token with its whole family; only a token of this client, if there is
    /// one. An unknown token is no error.
    pub(crate) fn revoke(&mut self, token: &str, client_id: Option<&str>) {
        let owns = |family: &Family| client_id.is_none_or(|client_id| family.client_id == client_id);
        if let Some(entry) = self.refresh_tokens.get(token) {
            let family = &mut self.families[entry.family];
            family.revoked |= owns(family);
        }
        if let Some(entry) = self.access_tokens.get_mut(token) {
            entry.revoked |= owns(&self.families[entry.family]);
        }
    }

    /// Whether this is a refresh token, good or not.
    pub(crate) fn is_refresh_token(&self, token: &str) -> bool {
        self.refresh_tokens.contains_key(token)
    }

    /// Ends every access token, and leaves the refresh tokens.
    pub(crate) fn expire_access_tokens(&mut self, now: SystemTime) {
        self.access_tokens.values_mut().for_each(|token| token.lapses = Some(now));
    }

    /// Ends every refresh token, and leaves the access tokens, but for their renewal.
    pub(crate) fn refuse_refresh_tokens(&mut self) {
        self.access_tokens.values_mut().for_each(|token| token.renewal = Renewal::Refused);
        self.refresh_tokens.values_mut().for_each(|token| token.refused = true);
    }
}
