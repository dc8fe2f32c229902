//! The straight path for the answers of most providers: the standard's members, read in one pass without a tree.

use crate::rare::Rare;
use serde_core::de::{
    Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor, value::SeqAccessDeserializer,
};
use serde_json::{Map, Value};
use std::{borrow::Cow, fmt};

/// The members of a token answer.
#[derive(Default)]
pub(crate) struct Fields<'a> {
    pub(crate) access_token: Field<'a>,
    pub(crate) refresh_token: Field<'a>,
    pub(crate) id_token: Field<'a>,
    pub(crate) token_type: Field<'a>,
    pub(crate) scope: Field<'a>,
    pub(crate) expires_in: Field<'a>,
    pub(crate) expires_at: Field<'a>,
    pub(crate) refresh_token_expires_in: Field<'a>,
    /// The others, and what the definition captures.
    pub(crate) rare: Rare,
}

/// What a member holds; a null is nothing.
#[derive(Default)]
pub(crate) enum Field<'a> {
    /// Nothing.
    #[default]
    None,
    /// A text.
    Text(Cow<'a, str>),
    /// Something else.
    Other(Value),
}

impl From<Option<Value>> for Field<'_> {
    fn from(value: Option<Value>) -> Self {
        match value {
            None | Some(Value::Null) => Self::None,
            Some(Value::String(text)) => Self::Text(Cow::Owned(text)),
            Some(other) => Self::Other(other),
        }
    }
}

/// Reads a plain success into empty fields. `None` for anything else, an error or a fault: the careful reader says what it is.
///
/// The fields are filled where they stand, because they are large: to move them took an eighth of the time.
pub(crate) fn read<'a>(body: &'a [u8], fields: &mut Fields<'a>) -> Option<()> {
    let text = std::str::from_utf8(body).ok()?;
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.deserialize_map(Plain(fields)).ok()?;
    reader.end().ok()
}

struct Plain<'f, 'a>(&'f mut Fields<'a>);

impl<'de> Visitor<'de> for Plain<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plain token answer")
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Self(fields) = self;
        let mut seen = 0_u8;
        while let Some(Name(name)) = members.next_key()? {
            let (bit, place) = match &*name {
                "access_token" => (1, &mut fields.access_token),
                "refresh_token" => (2, &mut fields.refresh_token),
                "id_token" => (4, &mut fields.id_token),
                "token_type" => (8, &mut fields.token_type),
                "scope" => (16, &mut fields.scope),
                "expires_in" => (32, &mut fields.expires_in),
                "refresh_token_expires_in" => (64, &mut fields.refresh_token_expires_in),
                name => {
                    if name.starts_with("error") {
                        return Err(not_plain());
                    }
                    let name = name.to_owned();
                    if fields.rare.to_mut().extra.insert(name, members.next_value()?).is_some() {
                        return Err(not_plain());
                    }
                    continue;
                }
            };
            if seen & bit != 0 {
                return Err(not_plain());
            }
            seen |= bit;
            *place = members.next_value()?;
        }
        Ok(())
    }
}

fn not_plain<E: serde_core::de::Error>() -> E {
    E::custom("not a plain token answer")
}

/// A member's name, borrowed where it has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(NameVisitor)
    }
}

impl<'de> Deserialize<'de> for Field<'de> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor)
    }
}

struct FieldVisitor;

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = Field<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member of a token answer")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Field<'de>, E> {
        Ok(Field::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Field<'de>, E> {
        Ok(Field::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Field<'de>, E> {
        Ok(Field::None)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Field<'de>, E> {
        Ok(Field::Other(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Field<'de>, E> {
        Ok(Field::Other(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Field<'de>, E> {
        Ok(Field::Other(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Field<'de>, E> {
        Ok(Field::Other(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Field<'de>, A::Error> {
        let array = Vec::deserialize(SeqAccessDeserializer::new(items))?;
        Ok(Field::Other(Value::Array(array)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Field<'de>, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Field::Other(Value::Object(Map::new())))
    }
}
