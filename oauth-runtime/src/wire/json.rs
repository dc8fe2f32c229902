//! A strict reader of JSON objects: nothing behind the end, nothing but UTF-8, and no silence about a name that stands there twice.

use serde_core::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// An object, and the names that stand twice in one of its objects.
pub(crate) struct Object {
    pub(crate) members: Map<String, Value>,
    duplicated: Vec<String>,
}

/// Why a text is not read as an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is not JSON.
    NotJson,
    /// It is JSON, and no object.
    NotAnObject,
}

/// A name on the way to a value stands there twice, so the value is not to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Duplicated;

impl Object {
    /// Reads an object.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Unreadable> {
        // `serde_json` does not look at the bytes of texts that are skipped, so they are all looked at here.
        let text = std::str::from_utf8(body).map_err(|_| Unreadable::NotJson)?;
        let mut duplicated = Vec::new();
        let mut reader = serde_json::Deserializer::from_str(text);
        let value = Reader(&mut duplicated).deserialize(&mut reader).map_err(|_| Unreadable::NotJson)?;
        reader.end().map_err(|_| Unreadable::NotJson)?;
        match value {
            Value::Object(members) => Ok(Self { members, duplicated }),
            _ => Err(Unreadable::NotAnObject),
        }
    }

    /// The members of an object in which no name stands twice.
    pub(crate) fn strict(body: &[u8]) -> Option<Map<String, Value>> {
        Self::parse(body).ok().filter(|object| object.duplicated.is_empty()).map(|object| object.members)
    }

    /// An object without members.
    pub(crate) fn empty() -> Self {
        Self { members: Map::new(), duplicated: Vec::new() }
    }

    /// Adds a member, and notes it when its name is there already.
    pub(crate) fn insert(&mut self, name: String, value: Value) {
        if self.members.contains_key(&name) {
            self.duplicated.push(name.clone());
        }
        self.members.insert(name, value);
    }

    /// What stands at `path`.
    pub(crate) fn at(&self, path: &[&str]) -> Result<Option<&Value>, Duplicated> {
        self.below(&[], path)
    }

    /// What stands at `root` and then `path`.
    pub(crate) fn below(&self, root: &[&str], path: &[&str]) -> Result<Option<&Value>, Duplicated> {
        self.trust(root)?;
        self.trust(path)?;
        let mut way = root.iter().chain(path);
        let Some(first) = way.next() else { return Ok(None) };
        Ok(self.members.get(*first).and_then(|value| way.try_fold(value, step)))
    }

    /// Takes out what stands at `root` and then `path`; a null is nothing.
    pub(crate) fn take(&mut self, root: &[&str], path: &[&str]) -> Result<Option<Value>, Duplicated> {
        self.trust(root)?;
        self.trust(path)?;
        let Some((last, parents)) = path.split_last() else { return Ok(None) };
        let mut way = root.iter().chain(parents);
        let Some(first) = way.next() else {
            return Ok(self.members.remove(*last).filter(|value| !value.is_null()));
        };
        let value = self.members.get_mut(*first).and_then(|value| way.try_fold(value, step_mut));
        let holder = value.and_then(Value::as_object_mut);
        Ok(holder.and_then(|members| members.remove(*last)).filter(|value| !value.is_null()))
    }

    fn trust(&self, path: &[&str]) -> Result<(), Duplicated> {
        let twice = |name: &&str| self.duplicated.iter().any(|duplicated| duplicated == name);
        if !self.duplicated.is_empty() && path.iter().any(twice) { Err(Duplicated) } else { Ok(()) }
    }
}

/// An object of texts. Of a name that stands there twice the last value counts.
///
/// By hand, because what writes any [`Value`] would be linked into every program for this alone.
pub(crate) fn write(texts: &[(&str, &str)]) -> String {
    let mut members = Map::new();
    for (name, value) in texts {
        members.insert((*name).to_owned(), Value::from(*value));
    }
    let mut text = String::from("{");
    for (name, value) in &members {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&quoted(name));
        text.push(':');
        text.push_str(&quoted(value.as_str().unwrap_or_default()));
    }
    text.push('}');
    text
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text is always JSON")
}

/// What stands at `path` below `value`; a number is a place in a list.
pub(crate) fn descend<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, step)
}

fn step<'a>(value: &'a Value, name: &&str) -> Option<&'a Value> {
    match value {
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        value => value.as_object()?.get(*name),
    }
}

fn step_mut<'a>(value: &'a mut Value, name: &&str) -> Option<&'a mut Value> {
    match value {
        Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?),
        value => value.as_object_mut()?.get_mut(*name),
    }
}

/// Reads a value and notes the names that stand twice.
pub(crate) struct Reader<'a>(pub(crate) &'a mut Vec<String>);

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(Reader(self.0))? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(Reader(self.0))?;
            if object.contains_key(&name) {
                self.0.push(name.clone());
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::{Object, write};

    #[test]
    fn an_object_of_texts_is_read_as_it_was_written() {
        let texts = [("b", "x\"y\\z\n\u{1}é"), ("a", ""), ("b", "last")];
        assert_eq!(write(&texts), r#"{"a":"","b":"last"}"#);
        let text = write(&texts[..2]);
        let object = Object::strict(text.as_bytes()).expect("it is an object");
        assert_eq!(object["b"], texts[0].1);
        assert_eq!(write(&[]), "{}");
    }
}
