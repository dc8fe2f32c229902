//! A strict reader of JSON (RFC 8259), written for these tests alone, so that the runtime's reader has something to be held against.

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number that a double can hold.
    Number(f64),
    /// A text.
    Text(String),
    /// An array.
    Array(Vec<Json>),
    /// The members in their order, those with the same name too.
    Object(Vec<(String, Json)>),
}

/// Deeper values are refused.
const DEEPEST: usize = 256;

/// Reads a whole text: one value and nothing behind it.
pub fn read(bytes: &[u8]) -> Option<Json> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader = Reader { rest: text };
    let value = reader.value(0)?;
    reader.blanks();
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn eat(&mut self, token: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(token)?;
        Some(())
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        if depth > DEEPEST {
            return None;
        }
        self.blanks();
        match self.rest.bytes().next()? {
            b'n' => self.eat("null").map(|()| Json::Null),
            b't' => self.eat("true").map(|()| Json::Bool(true)),
            b'f' => self.eat("false").map(|()| Json::Bool(false)),
            b'"' => self.text().map(Json::Text),
            b'[' => self.array(depth),
            b'{' => self.object(depth),
            _ => self.number(),
        }
    }

    fn array(&mut self, depth: usize) -> Option<Json> {
        self.eat("[")?;
        self.blanks();
        let mut items = Vec::new();
        if self.eat("]").is_some() {
            return Some(Json::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blanks();
            if self.eat("]").is_some() {
                return Some(Json::Array(items));
            }
            self.eat(",")?;
        }
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        self.eat("{")?;
        self.blanks();
        let mut members = Vec::new();
        if self.eat("}").is_some() {
            return Some(Json::Object(members));
        }
        loop {
            self.blanks();
            let name = self.text()?;
            self.blanks();
            self.eat(":")?;
            members.push((name, self.value(depth + 1)?));
            self.blanks();
            if self.eat("}").is_some() {
                return Some(Json::Object(members));
            }
            self.eat(",")?;
        }
    }

    fn text(&mut self) -> Option<String> {
        self.eat("\"")?;
        let mut text = String::new();
        loop {
            let next = self.rest.chars().next()?;
            self.rest = &self.rest[next.len_utf8()..];
            match next {
                '"' => return Some(text),
                '\\' => text.push(self.escape()?),
                '\0'..='\u{1f}' => return None,
                plain => text.push(plain),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(match next {
            '"' | '\\' | '/' => next,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode(),
            _ => return None,
        })
    }

    /// After `\u`. A half of a surrogate pair alone is no character.
    fn unicode(&mut self) -> Option<char> {
        let first = self.four_digits()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        self.eat("\\u")?;
        let second = self.four_digits()?;
        if !(0xdc00..0xe000).contains(&second) {
            return None;
        }
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00))
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.rest.get(..4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.rest = &self.rest[4..];
        u32::from_str_radix(digits, 16).ok()
    }

    fn number(&mut self) -> Option<Json> {
        let start = self.rest;
        let _ = self.eat("-");
        match self.digits()? {
            digits if digits.len() > 1 && digits.starts_with('0') => return None,
            _ => {}
        }
        if self.eat(".").is_some() {
            self.digits()?;
        }
        if self.eat("e").or_else(|| self.eat("E")).is_some() {
            let _ = self.eat("+").or_else(|| self.eat("-"));
            self.digits()?;
        }
        let text = &start[..start.len() - self.rest.len()];
        text.parse().ok().filter(|number: &f64| number.is_finite()).map(Json::Number)
    }

    fn digits(&mut self) -> Option<&str> {
        let end = self.rest.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!digits.is_empty()).then_some(digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_what_the_standard_allows() {
        let value = read(b" {\"a\":[1,-0.5e+2,null,true],\"b\":\"\\u0041\\ud83d\\ude00\\n\"} \n");
        let expected = Json::Object(vec![
            (
                "a".into(),
                Json::Array(vec![Json::Number(1.0), Json::Number(-50.0), Json::Null, Json::Bool(true)]),
            ),
            ("b".into(), Json::Text("A\u{1f600}\n".into())),
        ]);
        assert_eq!(value, Some(expected));
    }

    #[test]
    fn it_refuses_everything_else() {
        for text in [
            "",
            "{",
            "{}x",
            "{}{}",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "'a'",
            "01",
            "1.",
            ".5",
            "+1",
            "-",
            "1e",
            "1e999",
            "NaN",
            "Infinity",
            "\"\u{1}\"",
            "\"\\x\"",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\"\\udc00\"",
            "\"\\u12g4\"",
            "\u{feff}{}",
            "nul",
            "tru",
            "//x\n1",
            "[1 2]",
            "{\"a\" 1}",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(read(b"\"\xff\""), None);
        assert_eq!(read("[".repeat(100_000).as_bytes()), None);
    }
}
