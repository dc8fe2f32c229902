//! Places in a JSON value, as a definition names them: keys, outermost first; a number is a place in a list.

use serde_json::{Value, json};

/// What stands at `path`.
pub(crate) fn get<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| match value {
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        value => value.get(*key),
    })
}

/// Sets what stands at `path`, and makes the way there.
pub(crate) fn put(target: &mut Value, path: &[&str], value: Value) {
    let Some((key, rest)) = path.split_first() else {
        *target = value;
        return;
    };
    if let Ok(index) = key.parse::<usize>() {
        let mut items = target.as_array_mut().map(std::mem::take).unwrap_or_default();
        items.resize(items.len().max(index + 1), Value::Null);
        put(&mut items[index], rest, value);
        *target = items.into();
        return;
    }
    if !target.is_object() {
        *target = json!({});
    }
    put(&mut target[*key], rest, value);
}

/// Takes away what stands at `path`, if anything does.
pub(crate) fn remove(target: &mut Value, path: &[&str]) {
    let Some((last, way)) = path.split_last() else { return };
    let parent = way.iter().try_fold(target, |value, key| match value {
        Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?),
        value => value.get_mut(*key),
    });
    if let Some(members) = parent.and_then(Value::as_object_mut) {
        members.remove(*last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_stands_in_its_place_and_leaves_the_rest() {
        let mut value = json!({ "data": { "kept": 1, "token": "a text" } });
        put(&mut value, &["data", "token", "value"], 2.into());
        put(&mut value, &["items", "1", "name"], "b".into());
        put(&mut value, &["items", "0", "name"], "a".into());
        let expected = json!({
            "data": { "kept": 1, "token": { "value": 2 } },
            "items": [{ "name": "a" }, { "name": "b" }],
        });
        assert_eq!(value, expected);
    }

    #[test]
    fn what_is_removed_is_gone_and_what_was_not_there_is_no_error() {
        let mut value = json!({ "data": { "kept": 1, "token": 2 } });
        remove(&mut value, &["data", "token"]);
        remove(&mut value, &["other", "token"]);
        assert_eq!(value, json!({ "data": { "kept": 1 } }));
    }
}
