//! A web site in operation: the provider, the application with its database, and one visitor.

use crate::{
    application::application,
    browser::{Browser, Page},
    token_table::TokenTable,
    user::flow_of,
};
use axum::Router;
use oauth_providers::github::GitHub;
use oauth_runtime::{AuthCodeFlow, Credentials};
use oauth_test_provider::TestProvider;

/// The secret that the provider knows. Every way to send it has something to encode in it.
pub(crate) const CLIENT_SECRET: &str = "known+to/two & only=";

pub(crate) struct Site {
    pub(crate) test: TestProvider<GitHub>,
    pub(crate) table: TokenTable,
    pub(crate) application: Router,
    pub(crate) browser: Browser,
}

impl Site {
    pub(crate) async fn start() -> Self {
        let test = TestProvider::<GitHub>::start().await;
        test.client("journey", CLIENT_SECRET);
        let table = TokenTable::default();
        let application = application(flow(&test, &table, CLIENT_SECRET));
        Self { test, table, application, browser: Browser::default() }
    }

    /// A new process: a new router and a new flow over the same table.
    pub(crate) fn restart(&mut self) {
        self.restart_with(CLIENT_SECRET, |flow| flow);
    }

    /// A new process with other settings.
    pub(crate) fn restart_with(
        &mut self,
        client_secret: &str,
        change: impl FnOnce(AuthCodeFlow<GitHub>) -> AuthCodeFlow<GitHub>,
    ) {
        self.application = application(change(flow(&self.test, &self.table, client_secret)));
    }

    pub(crate) async fn visit(&mut self, path: &str) -> Page {
        self.browser.visit(&self.application, path).await
    }

    /// See [`Browser::until_callback`].
    pub(crate) async fn until_callback(&mut self) -> String {
        self.browser.until_callback(&self.application, &self.test).await
    }

    /// See [`Browser::sign_in`].
    pub(crate) async fn sign_in(&mut self) -> Page {
        self.browser.sign_in(&self.application, &self.test).await
    }
}

/// A flow over the site's database.
fn flow(test: &TestProvider<GitHub>, table: &TokenTable, client_secret: &str) -> AuthCodeFlow<GitHub> {
    flow_of(GitHub, Credentials::confidential("journey", client_secret), test).token_store(table.clone())
}
