//! What is stored of a grant, read and written by hand: what serde derives for it would be a third of the time that this
//! crate takes to compile.

use crate::{
    learned::Learned,
    rare::{Details, Rare},
    scopes::ScopeList,
    secret::Secret,
    store::StoredGrant,
    tokens::{Exchanged, StoredTokens, Tokens},
    wire::{answer::Extra, json::Reader},
};
use serde_core::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error as _},
    ser::SerializeMap,
};
use serde_json::Value;
use std::{
    borrow::Cow,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A time as whole seconds of the Unix epoch.
pub(crate) fn to_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A record of another making could hold any number: a time that the platform cannot hold is the epoch.
pub(crate) fn from_seconds(seconds: u64) -> SystemTime {
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).unwrap_or(UNIX_EPOCH)
}

impl Serialize for StoredTokens {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let tokens = &*self.0;
        let mut record = serializer.serialize_map(None)?;
        record.serialize_entry("access_token", tokens.access_token.expose())?;
        for (name, token) in [("refresh_token", &tokens.refresh_token), ("id_token", &tokens.id_token)] {
            if let Some(token) = token {
                record.serialize_entry(name, token.expose())?;
            }
        }
        record.serialize_entry("obtained_at", &to_seconds(tokens.obtained_at.into()))?;
        write_time(&mut record, "expires_at", tokens.expires_at.map(Into::into))?;
        record.serialize_entry("scopes", tokens.scopes.as_str())?;
        record.serialize_entry("asked", tokens.asked.as_str())?;
        write_details(&mut record, &tokens.rare)?;
        record.end()
    }
}

fn write_time<M: SerializeMap>(record: &mut M, name: &str, time: Option<SystemTime>) -> Result<(), M::Error> {
    time.map_or(Ok(()), |time| record.serialize_entry(name, &to_seconds(time)))
}

/// What few grants have. The error of an exchange and further tokens are not stored with them.
fn write_details<M: SerializeMap>(record: &mut M, details: &Details) -> Result<(), M::Error> {
    write_time(record, "refresh_token_expires_at", details.refresh_token_expires_at.map(Into::into))?;
    for (name, members) in [("captured", &details.captured), ("extra", &details.extra)] {
        if !members.is_empty() {
            record.serialize_entry(name, members)?;
        }
    }
    if !details.learned.is_empty() {
        record.serialize_entry("learned", &Texts(&details.learned))?;
    }
    match details.exchanged {
        Exchanged::Done => Ok(()),
        Exchanged::Pending => record.serialize_entry("exchanged", "pending"),
        Exchanged::Failed => record.serialize_entry("exchanged", "failed"),
    }
}

struct Texts<'a>(&'a Learned);

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter())
    }
}

impl Serialize for StoredGrant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_map(None)?;
        record.serialize_entry("generation", &self.generation)?;
        record.serialize_entry("tokens", &self.tokens)?;
        if let Some(dead) = &self.dead {
            record.serialize_entry("dead", dead)?;
        }
        record.end()
    }
}

impl<'de> Deserialize<'de> for StoredTokens {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tokens = Record::read(deserializer).and_then(Record::tokens);
        tokens.map_err(|Unlike| D::Error::custom("these are no stored tokens"))
    }
}

impl<'de> Deserialize<'de> for StoredGrant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let grant = Record::read(deserializer).and_then(Record::grant);
        grant.map_err(|Unlike| D::Error::custom("this is no stored grant"))
    }
}

/// The members of a record, each of which is taken out once.
struct Record(Extra);

/// It is no such record. It does not say why, because serde's own words quote what was read, and that may be a token.
struct Unlike;

impl Record {
    /// An object in which no name stands twice.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, Unlike> {
        let mut duplicated = Vec::new();
        match Reader(&mut duplicated).deserialize(deserializer) {
            Ok(Value::Object(members)) if duplicated.is_empty() => Ok(Self(members)),
            _ => Err(Unlike),
        }
    }

    fn grant(mut self) -> Result<StoredGrant, Unlike> {
        let Some(Value::Object(tokens)) = self.0.remove("tokens") else { return Err(Unlike) };
        Ok(StoredGrant {
            generation: self.number("generation")?.ok_or(Unlike)?,
            tokens: Self(tokens).tokens()?,
            dead: self.text("dead")?,
        })
    }

    fn tokens(mut self) -> Result<StoredTokens, Unlike> {
        Ok(StoredTokens(Arc::new(Tokens {
            access_token: self.text("access_token")?.map(Secret::new).ok_or(Unlike)?,
            refresh_token: self.text("refresh_token")?.map(Secret::new),
            id_token: self.text("id_token")?.map(Secret::new),
            obtained_at: self.time("obtained_at")?.ok_or(Unlike)?.into(),
            expires_at: self.time("expires_at")?.map(Into::into),
            scopes: self.scopes("scopes")?,
            asked: self.scopes("asked")?,
            rare: Rare::of(self.details()?),
        })))
    }

    fn details(&mut self) -> Result<Details, Unlike> {
        Ok(Details {
            refresh_token_expires_at: self.time("refresh_token_expires_at")?.map(Into::into),
            captured: self.members("captured")?,
            extra: self.members("extra")?,
            learned: self.learned()?,
            exchanged: match self.text("exchanged")?.as_deref() {
                None | Some("done") => Exchanged::Done,
                Some("pending") => Exchanged::Pending,
                Some("failed") => Exchanged::Failed,
                Some(_) => return Err(Unlike),
            },
            ..Details::default()
        })
    }

    /// A text, unless there is none.
    fn text(&mut self, name: &str) -> Result<Option<String>, Unlike> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Unlike),
        }
    }

    fn number(&mut self, name: &str) -> Result<Option<u64>, Unlike> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value.as_u64().map(Some).ok_or(Unlike),
        }
    }

    fn time(&mut self, name: &str) -> Result<Option<SystemTime>, Unlike> {
        self.number(name).map(|seconds| seconds.map(from_seconds))
    }

    fn scopes(&mut self, name: &str) -> Result<ScopeList, Unlike> {
        let text = self.text(name)?;
        Ok(text.map(|text| ScopeList::parse(&text, " ")).unwrap_or_default())
    }

    fn members(&mut self, name: &str) -> Result<Extra, Unlike> {
        match self.0.remove(name) {
            None => Ok(Extra::new()),
            Some(Value::Object(members)) => Ok(members),
            Some(_) => Err(Unlike),
        }
    }

    fn learned(&mut self) -> Result<Learned, Unlike> {
        let mut learned = Learned::default();
        for (name, value) in self.members("learned")? {
            let Value::String(value) = value else { return Err(Unlike) };
            learned.insert(Cow::Owned(name), value);
        }
        Ok(learned)
    }
}

#[cfg(test)]
mod tests {
    use crate::store::StoredGrant;
    use serde_json::{Value, json};

    #[test]
    fn a_record_comes_back_as_it_was_written() {
        let tokens = json!({
            "access_token": "AT", "refresh_token": "RT", "id_token": "IT", "obtained_at": 1, "expires_at": 2,
            "scopes": "a b", "asked": "a", "refresh_token_expires_at": 3, "captured": {"team": [1, {"x": 0.5}]},
            "extra": {"id": null}, "learned": {"host": "eu"}, "exchanged": "pending",
        });
        let few = json!({"access_token": "AT", "obtained_at": 1, "scopes": "", "asked": ""});
        for grant in [
            json!({"generation": 7, "tokens": tokens, "dead": "invalid_grant"}),
            json!({"generation": 7, "tokens": few}),
        ] {
            let read: StoredGrant = serde_json::from_value(grant.clone()).expect("a record");
            assert_eq!(serde_json::to_value(read).expect("a record"), grant);
        }
    }

    #[test]
    fn what_may_be_missing_may_be_null_and_what_is_unknown_is_left_alone() {
        let text = r#"{"generation":7,"dead":null,"x":1,"tokens":{"access_token":"AT","obtained_at":1,"expires_at":null,"y":[]}}"#;
        let read: StoredGrant = serde_json::from_str(text).expect("a record");
        assert!(
            read.dead.is_none()
                && read.tokens.0.expires_at.is_none()
                && read.tokens.0.refresh_token.is_none()
        );
    }

    #[test]
    fn what_is_no_record_is_refused_without_a_word_of_it() {
        let whole = r#"{"generation":7,"tokens":{"access_token":"secret","obtained_at":1}}"#;
        serde_json::from_str::<StoredGrant>(whole).expect("a record");
        for (from, to) in [
            (r#""generation":7"#, r#""generation":-7"#),
            (r#""generation":7,"#, ""),
            (r#""obtained_at":1"#, r#""obtained_at":"secret""#),
            (r#","obtained_at":1"#, ""),
            (r#""access_token":"secret","#, ""),
            (r#""secret""#, r#"["secret"]"#),
            (r#""secret""#, r#""secret","access_token":"other""#),
            (r#""secret""#, r#""secret","exchanged":"secret""#),
            (r#""secret""#, r#""secret","scopes":["secret"]"#),
            (r#""secret""#, r#""secret","extra":"secret""#),
            (r#""secret""#, r#""secret","learned":{"host":1}"#),
        ] {
            let text = whole.replacen(from, to, 1);
            assert_ne!(text, whole);
            let error = serde_json::from_str::<StoredGrant>(&text).expect_err(&text).to_string();
            assert!(
                error.starts_with("this is no stored grant") && !error.contains("secret"),
                "{text}: {error}"
            );
        }
        assert!(serde_json::from_value::<StoredGrant>(Value::from("secret")).is_err());
    }
}
