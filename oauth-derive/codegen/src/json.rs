//! As much JSON as definitions need: writing `expect`, and telling whether a body is JSON at all.

use crate::draft::{Node, Value};

/// The text of a value as JSON (RFC 8259).
pub(crate) fn write(node: &Node) -> String {
    match &node.value {
        Value::Text(text) | Value::Date(text) => quote(text),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) if number.is_finite() => number.to_string(),
        Value::Float(_) => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::List(nodes) => format!("[{}]", nodes.iter().map(write).collect::<Vec<_>>().join(",")),
        Value::Table(table) => {
            let member =
                |entry: &crate::draft::Entry| format!("{}:{}", quote(&entry.key.value), write(&entry.node));
            format!("{{{}}}", table.entries.iter().map(member).collect::<Vec<_>>().join(","))
        }
    }
}

/// The text as a JSON string.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.extend(['\\', 'u'].into_iter().chain(hexadecimal(c))),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// Four digits: every control character is below U+00A0.
fn hexadecimal(c: char) -> impl Iterator<Item = char> {
    let digit = move |shift: u32| char::from_digit((u32::from(c) >> shift) & 0xf, 16).unwrap_or('0');
    [12, 8, 4, 0].into_iter().map(digit)
}

/// Is the text one JSON value? If not, from which byte on.
pub(crate) fn check(text: &str) -> Result<(), usize> {
    let mut reader = Reader { text: text.as_bytes(), at: 0, depth: 0 };
    reader.value()?;
    reader.space();
    if reader.at == reader.text.len() { Ok(()) } else { Err(reader.at) }
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    depth: u8,
}

impl Reader<'_> {
    const DEEPEST: u8 = 64;

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|b| b" \t\r\n".contains(&b)) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    fn expect(&mut self, byte: u8) -> Result<(), usize> {
        if self.take(byte) { Ok(()) } else { Err(self.at) }
    }

    fn value(&mut self) -> Result<(), usize> {
        self.space();
        match self.peek() {
            Some(b'{') => self.members(b'}', true),
            Some(b'[') => self.members(b']', false),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<(), usize> {
        let rest = &self.text[self.at..];
        let word = ["true", "false", "null"].into_iter().find(|word| rest.starts_with(word.as_bytes()));
        self.at += word.ok_or(self.at)?.len();
        Ok(())
    }

    fn members(&mut self, close: u8, named: bool) -> Result<(), usize> {
        if self.depth == Self::DEEPEST {
            return Err(self.at);
        }
        self.depth += 1;
        self.at += 1;
        self.space();
        let mut more = !self.take(close);
        while more {
            if named {
                self.space();
                self.string()?;
                self.space();
                self.expect(b':')?;
            }
            self.value()?;
            self.space();
            more = self.take(b',');
            if !more {
                self.expect(close)?;
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn string(&mut self) -> Result<(), usize> {
        self.expect(b'"')?;
        loop {
            match self.peek().ok_or(self.at)? {
                b'"' => break,
                b'\\' => self.escape()?,
                byte if byte < b' ' => return Err(self.at),
                _ => self.at += 1,
            }
        }
        self.expect(b'"')
    }

    fn escape(&mut self) -> Result<(), usize> {
        let start = self.at;
        let digits = match self.text.get(start + 1) {
            Some(b'u') => self.text.get(start + 2..start + 6).ok_or(start)?,
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => &[],
            _ => return Err(start),
        };
        self.at += 2 + digits.len();
        if digits.iter().all(u8::is_ascii_hexdigit) { Ok(()) } else { Err(start) }
    }

    fn number(&mut self) -> Result<(), usize> {
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), usize> {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(start) }
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn json_is_told_from_what_only_looks_like_it() {
        for good in [r#"{"a":[1,-0.5e+3,true,null],"b":"\u00e9\""}"#, "[]", " {} ", "\"x\"", "0"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, at) in [
            ("", 0),
            ("{'a':1}", 1),
            ("{\"a\":1,}", 7),
            ("[1 2]", 3),
            ("01", 1),
            ("{} x", 3),
            ("\"\\x\"", 1),
            ("<html>", 0),
            ("\"a", 2),
            ("é", 0),
        ] {
            assert_eq!(check(bad), Err(at), "{bad}");
        }
        assert!(check(&"[".repeat(10_000)).is_err(), "depth is bounded");
    }
}
