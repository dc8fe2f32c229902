//! The definitions of the catalogue that are taken apart beside those of this package.

/// The ones with quirks: every key of the catalogue stands in one of them, or in one of this package, with every value that
/// matters (`tests/catalogue.rs`). All of the catalogue would take an hour, and prove nothing more.
#[rustfmt::skip]
#[allow(unreachable_pub, reason = "the build script has it too")]
pub const TAKEN: &[&str] = &[
    "apaleo", "apple", "basecamp", "bungie", "clover", "dingtalk", "discord", "dropbox", "ebay", "facebook",
    "figma", "follow_up_boss", "foursquare", "freelancer", "github", "google", "health_gorilla",
    "instagram", "keap", "mailchimp", "microsoft", "notion", "optimizely", "ping_one", "qq", "quickbooks",
    "reddit", "revolut_business", "salesforce", "slack", "smartsheet", "stack_exchange", "tiktok", "todoist",
    "trovo", "twitch", "unsplash", "untappd", "vercel", "vkid", "wechat", "weibo", "withings", "x", "zendesk", "zoho",
];
