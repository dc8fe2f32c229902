//! What can go wrong at a provider, one call each.

use crate::TestProvider;
use axum::{body::Body, response::Response};
use http::{StatusCode, header};
use http_body::{Frame, SizeHint};
use oauth_runtime::{OAuthProvider, transport};
use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

/// The faults that are set.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// The next consent is denied.
    pub(crate) deny: bool,
    /// How long each token request waits before it is looked at.
    pub(crate) hesitation: Duration,
    /// How long each token answer is held back.
    pub(crate) delay: Duration,
    /// How long the next API call is told to wait.
    pub(crate) busy: Option<Duration>,
    /// Every exchange of one token for another is refused.
    pub(crate) refuse_exchange: bool,
    /// What becomes of the next token requests.
    pub(crate) next: VecDeque<Fault>,
}

#[derive(Debug)]
pub(crate) enum Fault {
    /// Answered with this, and not looked at.
    Answer(transport::Response),
    /// Carried out, and the answer lost.
    Lost,
}

/// # Faults
impl<P: OAuthProvider> TestProvider<P> {
    /// The next consent is denied, whichever button is pressed: the client gets `access_denied`.
    pub fn deny(&self) {
        self.server.state().faults.deny = true;
    }

    /// Holds back every token answer for this long, after the request was carried out. Zero ends it.
    pub fn slow(&self, delay: Duration) {
        self.server.state().faults.delay = delay;
    }

    /// Lets every token request wait for this long before it is looked at. Zero ends it.
    ///
    /// A request whose client goes away meanwhile is not carried out.
    pub fn hesitate(&self, delay: Duration) {
        self.server.state().faults.hesitation = delay;
    }

    /// Honours a replaced refresh token for this long after it was replaced, with new tokens each time. Zero, as at the start: never.
    ///
    /// Providers do so for clients that lost an answer.
    pub fn grace(&self, grace: Duration) {
        self.server.state().settings.grace = grace;
    }

    /// The next API call is refused with status 429, and told to wait this long, in the header that the definition names.
    pub fn too_many_calls(&self, wait: Duration) {
        self.server.state().faults.busy = Some(wait);
    }

    /// Whether each refresh replaces the refresh token, or the access token that is renewed in place. At the start it
    /// does if the definition says `rotating`.
    ///
    /// A replaced token that comes again for a refresh is a theft to the provider: it revokes the whole grant.
    pub fn rotate(&self, rotates: bool) {
        self.server.state().settings.rotates = rotates;
    }

    /// The next token request gets a page with status 502, as from a proxy whose server is down. It is not carried out.
    pub fn html_502(&self) {
        const PAGE: &str = "<html><head><title>502 Bad Gateway</title></head>\r\n\
            <body><center><h1>502 Bad Gateway</h1></center></body></html>\r\n";
        let mut answer = transport::Response::new(PAGE.into());
        *answer.status_mut() = StatusCode::BAD_GATEWAY;
        answer.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/html"));
        self.answer_next(answer);
    }

    /// The next token request gets this answer, whatever it is: any status, headers and body. It is not carried out.
    ///
    /// Called twice, it answers the next two, in this order.
    pub fn answer_next(&self, answer: transport::Response) {
        self.server.state().faults.next.push_back(Fault::Answer(answer));
    }

    /// The next token request is carried out, and the connection ends before its answer: with rotation, the old
    /// refresh token is gone and the client never saw the new one.
    pub fn drop_connection(&self) {
        self.server.state().faults.next.push_back(Fault::Lost);
    }

    /// Every access token given out so far is refused from now on, as if it had lapsed. Refresh tokens stay good.
    pub fn expire_now(&self) {
        let now = self.server.clock.now();
        self.server.state().grants.expire_access_tokens(now);
    }

    /// Every refresh token given out so far is refused from now on with `invalid_grant`, as after a user took back the
    /// consent, and so is the renewal of an access token in place. Access tokens stay good until they lapse, and a new
    /// sign-in works.
    pub fn refuse_refresh(&self) {
        self.server.state().grants.refuse_refresh_tokens();
    }

    /// Every exchange of one token for another is refused from now on.
    pub fn refuse_exchange(&self) {
        self.server.state().faults.refuse_exchange = true;
    }
}

/// An answer that ends the connection before anything of it is sent.
pub(crate) fn lost() -> Response {
    Response::new(Body::new(Lost))
}

struct Lost;

impl http_body::Body for Lost {
    type Data = axum::body::Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, io::Error>>> {
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(1)
    }
}
