//! OAuth 2.0 providers, each made from a checked TOML file: `oauth_providers::github::GitHub`.

oauth_runtime::providers!();
