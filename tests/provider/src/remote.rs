//! [`RemoteProvider`]: a test provider as a second process sees it.

use crate::{client::Clients, site::Site, transport::TestTransport};
use oauth_runtime::{Credentials, OAuthProvider};
use std::{fmt, marker::PhantomData, sync::Arc};

/// The way to a [`TestProvider`](crate::TestProvider) that runs in another process, for tests of several processes.
///
/// That process tells its [`origin`](crate::TestProvider::origin); everything else comes from the definition of `P`.
pub struct RemoteProvider<P> {
    origin: Arc<str>,
    of: PhantomData<fn() -> P>,
}

impl<P: OAuthProvider> RemoteProvider<P> {
    /// The provider that answers at `origin`.
    pub fn at(origin: impl Into<Arc<str>>) -> Self {
        Self { origin: origin.into(), of: PhantomData }
    }

    /// As [`TestProvider::transport`](crate::TestProvider::transport).
    pub fn transport(&self) -> TestTransport {
        TestTransport::to(Arc::new(Site::new(P::SPEC)), P::SPEC.name, self.origin.clone())
    }

    /// As [`TestProvider::credentials`](crate::TestProvider::credentials), for the client that is there at the start.
    ///
    /// # Panics
    /// Its clients sign what they prove themselves by: the key of such a client is known in its provider's process alone.
    pub fn credentials(&self) -> Credentials {
        let credentials = Clients::new(P::SPEC).credentials();
        credentials
            .unwrap_or_else(|| panic!("{} takes no client with a secret and no public one", P::SPEC.name))
    }
}

impl<P: OAuthProvider> fmt::Debug for RemoteProvider<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteProvider")
            .field("provider", &P::SPEC.name)
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}
