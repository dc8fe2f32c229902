//! The axum integration over HTTP: requests that no honest browser makes for its user.

use super::{holds, own_row};
use serde_json::json;

fn scenario(name: &str) {
    holds(own_row("callback", &json!({ "scenario": name }), "reject"));
}

#[test]
fn a_callback_by_head_or_ahead_of_the_user_is_refused_and_stays_unused() {
    scenario("head");
}

#[test]
fn a_callback_by_post_is_refused_and_stays_unused() {
    scenario("form_post");
}

#[test]
fn a_forged_cookie_does_not_sign_anybody_in() {
    scenario("forged_cookie");
}

#[test]
fn a_callback_belongs_to_the_browser_that_began() {
    scenario("other_browser");
}

#[test]
fn a_callback_of_another_provider_is_refused() {
    scenario("mixup");
}

#[test]
fn a_sign_in_that_another_site_starts_is_bound_to_its_browser() {
    scenario("login_csrf");
}

#[test]
fn a_user_goes_on_at_a_path_of_the_application_and_nowhere_else() {
    scenario("open_redirect");
}

#[test]
fn a_reload_of_the_callback_is_told_so() {
    scenario("replay");
}

#[test]
fn a_callback_that_was_refused_cannot_be_tried_again() {
    scenario("replay_after_failure");
}

#[test]
fn a_callback_after_ten_minutes_is_too_late() {
    scenario("expired");
}

#[test]
fn two_tabs_do_not_disturb_each_other() {
    scenario("two_tabs");
}

#[test]
fn one_of_a_hundred_callbacks_at_once_is_exchanged() {
    scenario("concurrent");
}

#[test]
fn a_flood_of_sign_ins_neither_fills_the_store_nor_locks_anybody_out() {
    scenario("flood");
}

#[test]
fn a_callback_of_a_megabyte_is_refused() {
    scenario("overlong");
}

#[test]
fn the_redirect_uri_is_never_taken_from_a_request() {
    scenario("host_header");
}

#[test]
fn the_redirect_uri_is_the_same_bytes_at_both_endpoints() {
    scenario("redirect_uri_echo");
}
