//! Gives the module a stack of 8 MB.
//!
//! On the default of 1 MB, a deep policy overflows the module's own stack, which nothing guards, and every later call fails.
//! With 8 MB the host's stack ends first, which is a `RangeError` that can be caught.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|architecture| architecture == "wasm32") {
        println!("cargo::rustc-link-arg-cdylib=-zstack-size=8388608");
    }
}
