//! What the host gives to the built-in functions.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use regorus::Value;

use crate::limits::Limits;

/// A host's own implementation of a built-in function. The error's text must not hold a value of the plan.
pub(in crate::engine) type Hook = Arc<dyn Fn(&[Value]) -> Result<Value, String> + Send + Sync>;

/// What happens when a built-in function fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) enum OnFailure {
    /// The call is undefined, as in OPA.
    #[default]
    Undefined,
    /// The evaluation ends with the error, as with OPA's `--strict-builtin-errors`.
    #[cfg(feature = "compliance")]
    Raise,
}

/// What the built-in functions are given. Nothing of it is read from the machine.
#[derive(Clone, Default)]
pub(in crate::engine) struct BuiltinOptions {
    /// What happens when a built-in function fails.
    pub(in crate::engine) on_failure: OnFailure,
    /// Nanoseconds since 1970, the answer of `time.now_ns`.
    pub(in crate::engine) time_ns: Option<i64>,
    /// Where `rand.intn`, `uuid.rfc4122` and `io.jwt.encode_sign` take their randomness from.
    pub(in crate::engine) seed: Option<u64>,
    /// The `env` of `opa.runtime`. `None` refuses the call.
    pub(in crate::engine) environment: Option<BTreeMap<String, String>>,
    /// Hosts' own implementations, by name. They come first.
    pub(in crate::engine) hooks: BTreeMap<&'static str, Hook>,
    /// How large an answer may be.
    pub(in crate::engine) limits: Limits,
}

impl fmt::Debug for BuiltinOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BuiltinOptions")
            .field("on_failure", &self.on_failure)
            .field("time_ns", &self.time_ns)
            .field("limits", &self.limits)
            .field("hooks", &self.hooks.keys())
            .finish_non_exhaustive()
    }
}
