//! `[hooks]`

use super::Checker;

const HOOKS: [&str; 5] =
    ["sign_token_request", "token_response", "after_connect", "before_disconnect", "profile"];

impl Checker<'_> {
    pub(super) fn hooks(&self) -> Vec<&'static str> {
        let Some((table, _)) = self.table("hooks") else { return Vec::new() };
        let named: Vec<_> = HOOKS.into_iter().filter(|name| table.bool(name) == Some(true)).collect();
        for name in &named {
            let Some(entry) = table.entry(name) else { continue };
            let calls_api = matches!(*name, "after_connect" | "before_disconnect");
            if calls_api && self.table("api").is_none() && self.is_missing("api") {
                let message = format!(
                    "`{name}` calls the API, and there is none: add `base_url` {}",
                    entry.key.place.under("api")
                );
                self.error(&entry.key.place, message);
            }
            let forms = ["userinfo_endpoint", "userinfo_path"];
            let source = self.table("userinfo").and_then(|(userinfo, _)| userinfo.text("source"));
            if *name == "profile"
                && source.is_none_or(|source| source == "endpoint")
                && forms.iter().all(|key| self.root.get(key).is_none() && self.is_missing(key))
            {
                let message = "`profile` reads what the userinfo endpoint answers: add `userinfo_endpoint`";
                self.error(&entry.key.place, message);
            }
        }
        named
    }
}
