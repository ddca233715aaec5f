//! How a built-in function fails.

use std::fmt;

/// Why a built-in function has no value. The texts never hold an operand's value, which could be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Failure {
    /// An operand is of the wrong kind.
    Operand(String),
    /// The operands are of the right kinds, but there is no answer.
    Failed(String),
    /// A limit was reached. Always raised: an undefined here would let a policy look past a rule.
    Limit(String),
    /// The function is not to be had. Always raised.
    Refused(String),
}

impl Failure {
    /// The stable code. The first two are OPA's.
    pub(in crate::engine) const fn code(&self) -> &'static str {
        match self {
            Self::Operand(_) => "eval_type_error",
            Self::Failed(_) => "eval_builtin_error",
            Self::Limit(_) => "eval_limit_error",
            Self::Refused(_) => "eval_refused_error",
        }
    }

    /// Whether the call is undefined, rather than an error, where built-in errors are not raised.
    pub(in crate::engine) const fn is_undefined(&self) -> bool {
        matches!(self, Self::Operand(_) | Self::Failed(_))
    }

    /// A failure for another reason than the operands' kinds.
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::Failed(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operand(message) | Self::Failed(message) | Self::Limit(message) | Self::Refused(message) => {
                f.write_str(message)
            }
        }
    }
}
