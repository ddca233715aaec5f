//! The policies bundled with Plangate, as text: what `plangate::Source::bundled` compiles.
//!
//! One policy a file under `<family>/<name>.rego`, its tests beside it in `<name>_test.rego`.

/// A file of this folder: its path from here and its text.
pub type File = (&'static str, &'static str);

/// The bundled policies, sorted by path. A test compares the list with the folder.
pub const POLICIES: &[File] = &[];

/// Tests of the bundled policies, sorted by path.
pub const TESTS: &[File] = &[];
