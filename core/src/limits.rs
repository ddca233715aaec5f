//! What policies and inputs may cost: every limit of the library, in one place.

use std::time::Duration;

/// What the evaluation of a policy may cost. The default suits a gate that runs policies of many authors.
///
/// A limit that is reached is an error of the policy, which denies; it never shortens a result. What reading and compiling may cost
/// is fixed: the associated constants.
///
/// ```
/// # fn main() -> Result<(), plangate::Error> {
/// use std::time::Duration;
/// use plangate::{Limits, PolicySet};
///
/// let hasty = Limits { time: Duration::from_secs(2), ..Limits::default() };
/// let policies = PolicySet::bundled()?.with_limits(hasty)?;
/// # let _ = policies; Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long one rule of a policy may take: 30 seconds. Not kept in browsers, where the engine has no clock: give up the worker instead.
    pub time: Duration,
    /// The longest text that a built-in function may answer with, in bytes: 16 MiB.
    pub text_bytes: usize,
    /// The largest array, set or object that a built-in function may answer with, in elements: 1,000,000.
    pub items: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(30),
            text_bytes: 16 << 20,
            items: 1_000_000,
        }
    }
}

impl Limits {
    /// How deep objects and arrays of a JSON document may nest: `json.depth`.
    pub const JSON_DEPTH: usize = 512;
    /// How long a Rego source may be, in bytes: `rego.too_long`.
    pub const SOURCE_BYTES: usize = 4 << 20;
    /// How deep brackets, bodies and calls of a Rego source may nest: `rego.too_deep`.
    pub const NESTING: usize = 128;
    /// How many infix operators one statement may have, and how many steps one reference: `rego.too_deep`.
    pub const CHAIN: usize = 400;
    /// How many errors of syntax are told of one Rego source: what follows rarely helps.
    pub const ERRORS: usize = 100;
    /// How many statements one body may have: `rego.too_long`.
    pub const STATEMENTS: usize = 2_048;
    /// How deep evaluation may go: the statements and levels of nesting of each rule, added up along the longest chain of rules and
    /// functions that use each other: `rego.too_deep`.
    pub const EVALUATION_DEPTH: usize = 4_000;
}
