//! wip
use proc_macro::TokenStream;
/// wip
#[proc_macro_derive(OAuthProvider, attributes(oauth))]
pub fn derive(_: TokenStream) -> TokenStream {
    TokenStream::new()
}
