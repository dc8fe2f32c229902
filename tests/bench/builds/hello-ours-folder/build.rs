//! Makes a module of every definition.

fn main() {
    oauth_codegen::build("providers");
}
