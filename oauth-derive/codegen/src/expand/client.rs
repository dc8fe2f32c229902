//! What a client is: its secret, HTTP Basic, its redirect URIs.

use super::part::{Assignments, template, unless_default};
use crate::model::{Basic, Client, Redirect};

pub(super) fn client(client: &Client, table: &mut Assignments) {
    table.set("secret", unless_default("ClientSecret", &client.secret));
    if let Some(own) = &client.basic {
        table.within("basic", |table| basic(own, table));
    }
    table.within("redirect", |table| redirect(&client.redirect, table));
}

fn basic(basic: &Basic, table: &mut Assignments) {
    table
        .set("username", basic.username.as_deref().map(template))
        .set("password", basic.password.as_deref().map(template))
        .set("form_encode", (!basic.form_encode).then_some(false));
}

fn redirect(redirect: &Redirect, table: &mut Assignments) {
    let refused = |is_taken: bool| (!is_taken).then_some(false);
    table
        .set("https", refused(redirect.https))
        .set("localhost_http", refused(redirect.localhost_http))
        .set("loopback", unless_default("Loopback", &redirect.loopback))
        .set("custom_scheme", refused(redirect.custom_scheme));
}
