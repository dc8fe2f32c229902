//! Makes a module of every definition in this folder.

fn main() {
    oauth_codegen::build(".");
}
