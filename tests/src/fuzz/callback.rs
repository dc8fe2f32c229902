//! Callbacks: only one right state, one visible code and no error make a request.

use super::error::is_fit_to_be_printed;
use crate::hostile::{
    in_process::{InProcess, Standard},
    ours::parameter,
    reference::Answer,
};
use oauth_runtime::Callback;
use tokio::runtime::{Builder, Runtime};
use url::form_urlencoded;

const GOOD: Answer<'static> =
    Answer { status: 200, content_type: Some("application/json"), body: br#"{"access_token":"AT-1"}"# };

thread_local! {
    static FIXTURE: (Runtime, InProcess<Standard>) = {
        let client = InProcess::new(Standard).expect("the definition is complete");
        client.answers(&GOOD);
        (Builder::new_current_thread().enable_time().build().expect("a runtime needs nothing"), client)
    };
}

/// A query, in which `{STATE}` stands for the state.
pub(super) fn query(data: &[u8]) -> bool {
    FIXTURE.with(|(runtime, client)| {
        let (url, pending) = client.flow.begin([]).into_parts();
        let state = parameter(&url, "state").unwrap_or_default();
        let query = String::from_utf8_lossy(data).replace("{STATE}", &state);
        let [states, codes, errors] = ["state", "code", "error"].map(|name| values(&query, name));
        let outcome = runtime.block_on(client.flow.finish(Callback::new(query.clone(), pending)));
        let sent = client.sent();
        match &outcome {
            Ok(_) => {
                assert_eq!(states, [state], "{query}");
                assert!(errors.is_empty(), "{query}");
                assert!(codes.len() == 1 && !codes[0].is_empty(), "{query}");
                assert!(codes[0].bytes().all(|byte| byte.is_ascii_graphic()), "{query}");
                let body = String::from_utf8_lossy(sent[0].body());
                assert_eq!(values(&body, "code"), codes, "the code is sent as it came");
            }
            Err(error) => {
                assert!(sent.is_empty(), "{query}");
                is_fit_to_be_printed(error, &[state]);
            }
        }
        outcome.is_ok()
    })
}

fn values(query: &str, name: &str) -> Vec<String> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    pairs.filter(|(known, _)| known == name).map(|(_, value)| value.into_owned()).collect()
}
