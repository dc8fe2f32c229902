//! Which types of the runtime can be printed or written: none that holds a secret, but those that say why.
//!
//! The sources are read with `syn`. A type bears a secret if one of its fields is a `Secret`, or a text with the name of
//! a secret, or a type that bears one. Deriving a trait that shows fields on such a type has to be decided here.
#![allow(clippy::unwrap_used, reason = "what serves a test fails as the test does")]

use oauth_tests::rules::{root, sources};
use std::{collections::BTreeSet, fs, path::Path};
use syn::{
    Attribute, Field, Ident, ItemEnum, ItemStruct, ItemType, ItemUnion, Token, Type, punctuated::Punctuated,
    visit::Visit,
};

/// Traits whose derived form shows every field.
const SHOWING: &[&str] =
    &["Debug", "Display", "Serialize", "Error", "Hash", "PartialEq", "PartialOrd", "Ord"];

/// Types that are secrets by themselves.
const SECRETS: &[&str] = &["Secret", "PrivateKey", "Nonce", "Zeroizing"];

/// Words in the names of fields that hold secrets, if they hold a text.
const WORDS: &[&str] = &[
    "token",
    "tokens",
    "secret",
    "secrets",
    "password",
    "verifier",
    "code",
    "state",
    "states",
    "nonce",
    "key",
    "keys",
    "query",
    "cookie",
    "cookies",
    "assertion",
    "authorization",
    "body",
    "text",
    "texts",
];

/// Types of fields that hold a text or bytes.
const TEXTS: &[&str] =
    &["String", "str", "u8", "Bytes", "Value", "Map", "HeaderMap", "HeaderValue", "Request", "Response"];

/// Types that bear a secret, or seem to, and derive one of those traits all the same: with the reason.
const DECIDED: &[(&str, &str, &str)] = &[
    ("Credentials", "Debug", "the secret is a `Secret`, which is redacted; the client id is public"),
    ("StoredGrant", "Debug", "the tokens are `StoredTokens`, which are redacted"),
    ("Error", "Debug", "holds a `Refusal`, see there, and what a user's own store failed with"),
    ("TransportError", "Debug", "holds the cause that a transport named; nothing of a request"),
    ("Clients", "Debug", "the `Client` in it is reqwest's, not ours"),
    ("ReqwestTransport", "Debug", "holds `Clients`, see there"),
    ("HookError", "Debug", "holds a constant text and an `Error`, see there"),
    ("GrantEvent", "Debug", "reasons are codes, cleaned and scrubbed; the canary test listens to events"),
    ("GrantEvent", "PartialEq", "likewise"),
    ("LoginRequired", "Debug", "`code` is the provider's error code, cleaned and scrubbed"),
    ("LoginRequired", "PartialEq", "likewise"),
    ("Proof", "Debug", "holds a `Secret` or a `PrivateKey`, which are redacted"),
    ("Refusal", "Debug", "`code` is the provider's error code, cleaned and scrubbed"),
];

/// A type of the sources.
#[derive(Default)]
struct Declared {
    name: String,
    derives: BTreeSet<String>,
    /// For each field its name and every name in its type.
    fields: Vec<(String, BTreeSet<String>)>,
}

#[derive(Default)]
struct Reader(Vec<Declared>);

impl Reader {
    fn add<'a>(&mut self, name: &Ident, attributes: &[Attribute], fields: impl Iterator<Item = &'a Field>) {
        let fields = fields.map(|field| {
            let name = field.ident.as_ref().map(ToString::to_string);
            (name.unwrap_or_default(), names_in(&field.ty))
        });
        let derives = attributes.iter().flat_map(derives_of).collect();
        self.0.push(Declared { name: name.to_string(), derives, fields: fields.collect() });
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        self.add(&item.ident, &item.attrs, item.fields.iter());
    }

    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        self.add(&item.ident, &item.attrs, item.variants.iter().flat_map(|variant| &variant.fields));
    }

    fn visit_item_union(&mut self, item: &'ast ItemUnion) {
        self.add(&item.ident, &item.attrs, item.fields.named.iter());
    }

    fn visit_item_type(&mut self, item: &'ast ItemType) {
        let fields = vec![(String::new(), names_in(&item.ty))];
        self.0.push(Declared { name: item.ident.to_string(), fields, ..Declared::default() });
    }
}

/// The traits that an attribute derives, also one behind `cfg_attr`.
fn derives_of(attribute: &Attribute) -> Vec<String> {
    let paths =
        |tokens: &Attribute| tokens.parse_args_with(Punctuated::<syn::Meta, Token![,]>::parse_terminated);
    let last = |meta: &syn::Meta| meta.path().segments.last().map(|segment| segment.ident.to_string());
    if attribute.path().is_ident("derive") {
        return paths(attribute).unwrap().iter().filter_map(last).collect();
    }
    if attribute.path().is_ident("cfg_attr") {
        let metas = paths(attribute).unwrap();
        let derives = metas.iter().filter(|meta| meta.path().is_ident("derive"));
        let lists = derives.filter_map(|meta| meta.require_list().ok());
        return lists
            .flat_map(|list| {
                list.parse_args_with(Punctuated::<syn::Meta, Token![,]>::parse_terminated).unwrap()
            })
            .filter_map(|meta| last(&meta))
            .collect();
    }
    Vec::new()
}

/// Every name in a type: of `Option<Arc<Secret>>` all three.
fn names_in(of: &Type) -> BTreeSet<String> {
    #[derive(Default)]
    struct Names(BTreeSet<String>);
    impl<'ast> Visit<'ast> for Names {
        fn visit_path_segment(&mut self, segment: &'ast syn::PathSegment) {
            self.0.insert(segment.ident.to_string());
            syn::visit::visit_path_segment(self, segment);
        }

        /// A function is no data, whatever it takes and gives.
        fn visit_type_fn_ptr(&mut self, _: &'ast syn::TypeFnPtr) {}

        /// What lives as long as the program stands in a definition, and is no secret.
        fn visit_type_reference(&mut self, reference: &'ast syn::TypeReference) {
            if reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static") {
                syn::visit::visit_type_reference(self, reference);
            }
        }
    }
    let mut names = Names::default();
    names.visit_type(of);
    names.0
}

/// The names of the types that bear a secret.
fn bearing(types: &[Declared]) -> BTreeSet<&str> {
    let mut bearing: BTreeSet<&str> = SECRETS.iter().copied().collect();
    loop {
        let before = bearing.len();
        for declared in types {
            let bears = |(name, of): &(String, BTreeSet<String>)| {
                let is_named = name.split('_').any(|word| WORDS.contains(&word));
                let is_text = TEXTS.iter().any(|text| of.contains(*text));
                (is_named && is_text) || of.iter().any(|name| bearing.contains(name.as_str()))
            };
            if declared.fields.iter().any(bears) {
                bearing.insert(&declared.name);
            }
        }
        if bearing.len() == before {
            return bearing;
        }
    }
}

fn read(sources: &[String]) -> Vec<Declared> {
    let mut reader = Reader::default();
    for source in sources {
        reader.visit_file(&syn::parse_file(source).unwrap());
    }
    reader.0
}

/// Each derive that shows a type with a secret, as the type and the trait.
fn shown(types: &[Declared]) -> BTreeSet<(&str, &str)> {
    let bearing = bearing(types);
    let bearers = types.iter().filter(|declared| bearing.contains(declared.name.as_str()));
    bearers
        .flat_map(|declared| {
            let derives = declared.derives.iter().filter(|derive| SHOWING.contains(&derive.as_str()));
            derives.map(|derive| (declared.name.as_str(), derive.as_str()))
        })
        .collect()
}

/// Every source of the runtime and what is nested in it, but for what a definition says: that is constant, and public.
fn runtime() -> Vec<String> {
    let folders = ["oauth-runtime/src", "oauth-runtime/stores/src"].map(|folder| root().join(folder));
    let sources = folders.iter().filter(|folder| folder.exists()).flat_map(|folder| sources(folder).unwrap());
    let is_spec = |path: &Path| path.components().any(|part| part.as_os_str() == "spec");
    sources.filter(|(path, _)| !is_spec(path)).map(|(_, text)| text).collect()
}

#[test]
fn no_type_with_a_secret_derives_what_would_show_it_unless_it_says_why() {
    let sources = runtime();
    let types = read(&sources);
    assert!(types.len() > 50, "the sources are not found");
    let decided: BTreeSet<_> = DECIDED.iter().map(|(name, derive, _)| (*name, *derive)).collect();
    let shown = shown(&types);
    let undecided: Vec<_> = shown.difference(&decided).collect();
    assert!(
        undecided.is_empty(),
        "these derives show a secret; write them by hand, or say in DECIDED why not: {undecided:?}"
    );
    let outdated: Vec<_> = decided.difference(&shown).collect();
    assert!(outdated.is_empty(), "DECIDED names what there is no more: {outdated:?}");
}

#[test]
fn every_public_type_that_bears_a_secret_and_can_be_printed_goes_through_the_canary_test() {
    let crate_root = root().join("oauth-runtime");
    let [root, canaries] =
        ["src/lib.rs", "tests/secrets.rs"].map(|file| fs::read_to_string(crate_root.join(file)).unwrap());
    let exports: Vec<_> = root.split("pub use ").skip(1).filter_map(|rest| rest.split(';').next()).collect();
    let is_public = |name: &str| {
        exports.iter().any(|list| list.split(|c: char| !c.is_alphanumeric()).any(|word| word == name))
    };
    let sources = runtime();
    let types = read(&sources);
    let printed = |name: &str| {
        let by_hand = [" fmt::Debug for ", " fmt::Display for "].map(|part| format!("{part}{name}"));
        let is_whole = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric());
        let finds =
            |source: &String| by_hand.iter().any(|part| source.split(part.as_str()).skip(1).any(is_whole));
        sources.iter().any(finds)
            || types.iter().any(|declared| declared.name == name && declared.derives.contains("Debug"))
    };
    let public: Vec<_> =
        bearing(&types).into_iter().filter(|name| is_public(name) && printed(name)).collect();
    assert!(public.len() > 10, "{public:?}");
    for name in public {
        // Errors are in every test there.
        let is_tried =
            canaries.contains(&format!("(\"{name}\", ")) || ["LoginRequired", "Refusal"].contains(&name);
        assert!(is_tried, "`{name}` is not in oauth-runtime/tests/secrets.rs");
    }
}

#[test]
fn the_types_that_bear_a_secret_are_found_through_all_that_holds_them() {
    let sources = runtime();
    let types = read(&sources);
    let bearing = bearing(&types);
    for name in [
        "Tokens",
        "StoredTokens",
        "TokenSet",
        "StoredGrant",
        "Credentials",
        "Client",
        "Core",
        "AuthCodeFlow",
        "Session",
        "Record",
        "PendingAuthorization",
        "AuthorizationRequest",
        "Callback",
        "Parameters",
        "Grant",
        "Fields",
        "ApiRequest",
        "ApiResponse",
    ] {
        assert!(bearing.contains(name), "{name} holds no secret by now");
    }
    for name in ["Limits", "CallbackError", "TransportErrorKind", "TokenKey", "Scope", "ReturnTo"] {
        assert!(!bearing.contains(name), "{name} holds a secret by now");
    }
}

#[test]
fn a_derive_on_a_planted_type_is_found() {
    const BEFORE: &str = "struct Holder { inner: Vec<Option<Secret>> } type Hidden = Secret;";
    for (planted, expected) in [
        ("#[derive(Clone, Debug)] struct X { secret: Secret }", ("X", "Debug")),
        ("#[derive(Debug)] struct X(Option<Arc<crate::secret::Secret>>);", ("X", "Debug")),
        ("#[derive(serde::Serialize)] enum X { A, B(Hidden) }", ("X", "Serialize")),
        ("#[derive(Debug)] struct X<'a> { by: &'a [Holder] }", ("X", "Debug")),
        ("#[derive(Debug)] struct X { refresh_token: String }", ("X", "Debug")),
        ("#[derive(PartialEq)] struct X { code_verifier: [u8; 32] }", ("X", "PartialEq")),
        ("#[cfg_attr(test, derive(Debug))] struct X { secret: Secret }", ("X", "Debug")),
        ("mod deep { fn f() { #[derive(Debug)] struct X { nonce: Nonce } } }", ("X", "Debug")),
        ("#[derive(derive_more::Display)] struct X { api_key: Box<str> }", ("X", "Display")),
    ] {
        let sources = [BEFORE.to_owned(), planted.to_owned()];
        assert_eq!(shown(&read(&sources)), BTreeSet::from([expected]), "{planted}");
    }
    for honest in [
        "#[derive(Clone)] struct X { secret: Secret }",
        "#[derive(Debug)] struct X { name: String, tokens: usize }",
        "#[derive(Debug)] struct X { key: TokenKey } struct TokenKey { owner: String }",
    ] {
        let sources = [BEFORE.to_owned(), honest.to_owned()];
        assert!(shown(&read(&sources)).is_empty(), "{honest}");
    }
}
