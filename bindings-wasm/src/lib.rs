//! Plangate in JavaScript: the classes `Input`, `PolicySet` and `Report` over the core. No decision is made here.
//!
//! Documents come in as text or bytes of JSON, and reports go out as text: on large plans that is faster than objects, and numbers keep their
//! digits. Whatever cannot be read is thrown as an `Error` with `kind`, `code`, `location` and `help`.

mod error;
mod input;
mod policies;
mod report;
mod types;

pub use input::Input;
pub use policies::PolicySet;
pub use report::Report;
