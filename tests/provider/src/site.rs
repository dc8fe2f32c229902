//! [`Site`]: which address of the provider is which.

use crate::{
    matcher::{Captures, Pattern},
    told::Told,
};
use oauth_runtime::spec::{Endpoint, Spec, Stage};

/// What an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Authorization,
    Token,
    Refresh,
    /// The call that trades one token for another, by its place in `exchanges`.
    Exchange(usize),
    Revocation,
    Userinfo,
    /// The call that gives a further claim about the user, by its place in `userinfo.also`.
    Also(usize),
    Api,
    /// An endpoint that the definition names and the test provider does not have.
    Missing(&'static str),
}

impl Role {
    /// The step of a flow that its answers are of.
    pub(crate) fn stage(self) -> Stage {
        match self {
            Self::Authorization => Stage::Authorize,
            Self::Token => Stage::Token,
            Self::Refresh => Stage::Refresh,
            Self::Exchange(_) => Stage::Exchange,
            Self::Revocation => Stage::Revocation,
            Self::Userinfo | Self::Also(_) => Stage::Userinfo,
            Self::Api | Self::Missing(_) => Stage::Api,
        }
    }
}

/// The addresses of a definition.
#[derive(Debug)]
pub(crate) struct Site {
    spec: &'static Spec,
    endpoints: Vec<(Role, Pattern)>,
    /// The bases of the API, with everything below them.
    bases: Vec<Pattern>,
    /// The origins of the API.
    api: Vec<Pattern>,
    origins: Vec<Pattern>,
}

impl Site {
    pub(crate) fn new(spec: &'static Spec) -> Self {
        let named = &spec.endpoints;
        let refresh = if spec.refresh.endpoint.is_none() { named.token } else { spec.refresh.endpoint };
        let exchanges = spec.exchanges.iter().enumerate();
        let exchanges = exchanges.map(|(place, exchange)| (Role::Exchange(place), exchange.url));
        let also = spec.userinfo.also.iter().enumerate().map(|(place, also)| (Role::Also(place), also.url));
        let endpoints = patterns(
            spec,
            [
                (Role::Authorization, named.authorization),
                (Role::Token, named.token),
                (Role::Refresh, refresh),
                (Role::Revocation, named.revocation),
                (Role::Userinfo, named.userinfo),
                (Role::Missing("introspection_endpoint"), named.introspection),
                (Role::Missing("jwks_uri"), named.jwks_uri),
                (Role::Missing("device_authorization_endpoint"), named.device_authorization),
                (Role::Missing("pushed_authorization_request_endpoint"), named.pushed_authorization_request),
                (Role::Missing("registration_endpoint"), named.registration),
                (Role::Missing("end_session_endpoint"), named.end_session),
            ]
            .into_iter()
            .chain(exchanges)
            .chain(also),
        );
        let all = spec.api.iter().flat_map(|api| api.base_url.templates().chain(api.origins.templates()));
        let all: Vec<_> = all.map(|base| Pattern::of_address(spec, base)).collect();
        let api: Vec<_> = all.iter().map(Pattern::origin).collect();
        let bases = all.into_iter().map(Pattern::and_below).collect();
        let origins =
            endpoints.iter().map(|(_, pattern)| pattern.origin()).chain(api.iter().cloned()).collect();
        Self { spec, endpoints, bases, api, origins }
    }

    /// What `https://{host}/{path}` is for. An API shares hosts with endpoints, so it comes last.
    pub(crate) fn role(&self, address: &str) -> Option<Role> {
        let endpoint =
            self.endpoints.iter().find(|(_, pattern)| pattern.fits(address)).map(|(role, _)| *role);
        let is_api = || self.api.iter().any(|pattern| pattern.fits(origin_of(address)));
        endpoint.or_else(|| is_api().then_some(Role::Api))
    }

    /// Whether an address of this role is one that the grant was told of. An address without a learned variable is.
    pub(crate) fn knows(&self, role: Role, address: &str, told: &Told) -> bool {
        let endpoints = self.endpoints.iter().filter(|(of, _)| *of == role).map(|(_, pattern)| pattern);
        let known = |pattern: &Pattern, text: &str| {
            pattern.told(self.spec, told).is_some_and(|pattern| pattern.fits(text))
        };
        match role {
            // What is below a base has that base's values; the rest of an origin may be called too.
            Role::Api if self.bases.iter().any(|base| base.fits(address)) => {
                self.bases.iter().any(|base| known(base, address))
            }
            Role::Api => self.api.iter().any(|origin| known(origin, origin_of(address))),
            _ => endpoints.into_iter().any(|pattern| known(pattern, address)),
        }
    }

    /// Whether an address has this role, maybe beside another.
    pub(crate) fn serves(&self, role: Role, address: &str) -> bool {
        self.endpoints.iter().any(|(of, pattern)| *of == role && pattern.fits(address))
    }

    /// The exchanges that this address is for.
    pub(crate) fn exchanges(&self, address: &str) -> impl Iterator<Item = usize> {
        let of = self.endpoints.iter().filter(move |(_, pattern)| pattern.fits(address));
        of.filter_map(|(role, _)| match role {
            Role::Exchange(place) => Some(*place),
            _ => None,
        })
    }

    /// What the variables of the authorization endpoint hold in this address.
    pub(crate) fn captures(&self, address: &str) -> Captures {
        let mut authorization = self.endpoints.iter().filter(|(role, _)| *role == Role::Authorization);
        authorization.find_map(|(_, pattern)| pattern.captures(address)).unwrap_or_default()
    }

    /// Whether the definition names this scheme and authority.
    pub(crate) fn names(&self, origin: &str) -> bool {
        self.origins.iter().any(|pattern| pattern.fits(origin))
    }
}

fn patterns(spec: &'static Spec, endpoints: impl Iterator<Item = (Role, Endpoint)>) -> Vec<(Role, Pattern)> {
    let of = |(role, endpoint): (Role, Endpoint)| {
        endpoint.templates().map(move |template| (role, Pattern::of_address(spec, template)))
    };
    endpoints.flat_map(of).collect()
}

/// The scheme and authority of an address.
pub(crate) fn origin_of(address: &str) -> &str {
    let authority = address.find("://").map_or(0, |at| at + 3);
    let end = address[authority..].find(['/', '?']).map_or(address.len(), |at| authority + at);
    &address[..end]
}

/// The real address that a path of the test provider stands for: `/{host}/{path}` is `https://{host}/{path}`, and
/// `/http:{host}/{path}` is `http://{host}/{path}`, for definitions of servers on a loopback address.
pub(crate) fn to_real(path: &str) -> Option<String> {
    let path = path.strip_prefix('/')?;
    let (scheme, rest) = path.strip_prefix("http:").map_or(("https", path), |rest| ("http", rest));
    let (authority, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    (!authority.is_empty() && authority != "-").then(|| format!("{scheme}://{authority}{tail}"))
}

/// The path of the test provider that stands for a real address, with its query.
pub(crate) fn to_local(address: &str) -> Option<String> {
    let secure = address.strip_prefix("https://").map(|rest| format!("/{rest}"));
    secure.or_else(|| address.strip_prefix("http://").map(|rest| format!("/http:{rest}")))
}

/// The address of the test provider at `origin` that stands for a real one; itself, if it is there already.
pub(crate) fn local(origin: &str, url: &str) -> Option<String> {
    if is_local(origin, url) {
        return Some(url.to_owned());
    }
    to_local(url).map(|path| origin.to_owned() + &path)
}

/// Whether an address is one of the test provider at `origin`.
pub(crate) fn is_local(origin: &str, url: &str) -> bool {
    url.strip_prefix(origin).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_address_survives_the_way_there_and_back() {
        for address in [
            "https://github.com/login/oauth/authorize?a=b&c=d",
            "https://api.github.com",
            "https://a.example:8443/",
            "https://a.example?x=1",
            "http://127.0.0.1:9000/token",
        ] {
            let local = to_local(address).expect("an address");
            assert_eq!(to_real(&local).as_deref(), Some(address));
        }
    }

    #[test]
    fn the_test_providers_own_paths_stand_for_no_address() {
        assert_eq!(to_real("/-/login"), None);
        assert_eq!(to_real("/"), None);
    }

    #[test]
    fn an_origin_is_cut_before_path_and_query() {
        assert_eq!(origin_of("https://a.example:1/b?c"), "https://a.example:1");
        assert_eq!(origin_of("https://a.example?c"), "https://a.example");
    }
}
