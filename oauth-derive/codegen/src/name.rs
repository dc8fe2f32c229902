//! The Rust names of what a definition names.

use crate::model::{Format, Variable};

/// The constant of a scope or a value: upper case, other characters as `_`; of a URL, what follows the last `/`.
pub(crate) fn constant(value: &str) -> String {
    let end = if value.contains("://") { value.rsplit('/').next().unwrap_or_default() } else { value };
    end.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

/// The scopes of OpenID Connect Core sections 5.4 and 11: no provider puts a prefix before them.
const OPENID: &[&str] = &["openid", "profile", "email", "address", "phone", "offline_access"];

/// A scope as it is sent, where scopes are written without their common start.
pub(crate) fn prefixed(prefix: &str, scope: &str) -> String {
    let is_whole = scope.contains("://") || scope.starts_with(prefix) || OPENID.contains(&scope);
    if is_whole { scope.to_owned() } else { format!("{prefix}{scope}") }
}

/// Is it an identifier, written as a constant?
pub(crate) fn is_constant(name: &str) -> bool {
    let upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let says_something = name.chars().any(|c| c.is_ascii_alphanumeric());
    says_something && name.chars().all(upper) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// The constant of an option's value: `PROMPT_CONSENT`.
pub(crate) fn option_constant(option: &str, value: &str) -> Option<String> {
    let option = constant(option);
    let name = format!("{}_{}", option.trim_matches('_'), constant(value));
    is_constant(&name).then_some(name).filter(|name| !name.starts_with('_'))
}

/// The function of an option that takes any value: `login_hint`; a keyword as a raw identifier.
pub(crate) fn option_function(option: &str) -> Option<String> {
    let name = constant(option).trim_matches('_').to_ascii_lowercase();
    let raw = format!("r#{name}");
    let is_identifier = |name: &String| syn::parse_str::<syn::Ident>(name).is_ok();
    [name, raw].into_iter().find(is_identifier)
}

/// The type of a variable's values, without its path.
pub(crate) fn variable_type(variable: &Variable, provider: &str) -> String {
    match variable.format {
        _ if variable.secret => "Secret".to_owned(),
        Format::Enum => format!("{provider}{}", camel_case(&variable.name)),
        format => format!("{format:?}"),
    }
}

/// The type of a variable's field, as a user writes it.
pub(crate) fn field_type(variable: &Variable, provider: &str) -> String {
    let name = variable_type(variable, provider);
    if variable.required { name } else { format!("Option<{name}>") }
}

/// The struct of a file: its stem in camel case, with the letter case that people know where the letters are the same.
pub(crate) fn provider(stem: &str, name: &str) -> String {
    let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let known = letters(name);
    let is_same = name.is_ascii() && known.eq_ignore_ascii_case(&letters(stem));
    if is_same && known.starts_with(|c: char| c.is_ascii_uppercase()) { known } else { camel_case(stem) }
}

/// `accounts_server` -> `AccountsServer`
pub(crate) fn camel_case(name: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
    };
    name.split('_').map(word).collect()
}

/// `GitHub` -> `git_hub`
pub(crate) fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_is_the_value_in_upper_case() {
        for (value, expected) in [
            ("read:user", "READ_USER"),
            ("https://www.googleapis.com/auth/drive.readonly", "DRIVE_READONLY"),
            ("User.Read", "USER_READ"),
            ("https://mail.google.com/", ""),
        ] {
            assert_eq!(constant(value), expected);
        }
        assert!(is_constant("READ_2"));
        for bad in ["", "_", "2FA", "read", "A-B"] {
            assert!(!is_constant(bad), "{bad}");
        }
    }

    #[test]
    fn a_prefix_is_put_before_what_is_short() {
        let sent = |scope| prefixed("https://x.example/auth/", scope);
        assert_eq!(sent("drive.readonly"), "https://x.example/auth/drive.readonly");
        for whole in ["openid", "https://mail.x.example/", "https://x.example/auth/drive"] {
            assert_eq!(sent(whole), whole);
        }
        assert_eq!(prefixed("", "read"), "read");
    }

    #[test]
    fn an_option_has_a_name_in_rust() {
        let constant = |option, value| option_constant(option, value).unwrap_or_default();
        assert_eq!(constant("prompt", "select_account"), "PROMPT_SELECT_ACCOUNT");
        assert_eq!(constant("grant_options[]", "per-user"), "GRANT_OPTIONS_PER_USER");
        assert_eq!(option_constant("1st", "x"), None);
        let function = |option| option_function(option).unwrap_or_default();
        assert_eq!(
            (function("login_hint"), function("type")),
            ("login_hint".to_owned(), "r#type".to_owned())
        );
        assert_eq!((option_function("self"), option_function("[]")), (None, None));
    }

    #[test]
    fn a_struct_has_the_letter_case_that_people_know() {
        for (stem, name, expected) in [
            ("github", "GitHub", "GitHub"),
            ("stack_exchange", "Stack Exchange", "StackExchange"),
            ("x", "X (Twitter)", "X"),
            ("microsoft", "Microsoft Entra ID", "Microsoft"),
            ("ebay", "eBay", "Ebay"),
            ("linkedin", "LinkedIn", "LinkedIn"),
            ("cafe", "Café", "Cafe"),
        ] {
            assert_eq!(provider(stem, name), expected);
        }
    }

    #[test]
    fn words_are_told_by_capitals_or_underscores() {
        assert_eq!(snake_case("StackExchange"), "stack_exchange");
        assert_eq!(snake_case("X"), "x");
        assert_eq!(camel_case("accounts_server"), "AccountsServer");
    }
}
