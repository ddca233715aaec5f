//! What the front end has to know of built-in functions. The functions themselves are the engine's.

/// A built-in function, as calls see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signature {
    /// How many arguments it takes.
    pub(crate) arity: usize,
    pub(crate) form: Form,
    /// Whether OPA 1.x refuses it in v1 policies.
    pub(crate) deprecated: bool,
}

/// What a call of a built-in function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// One value.
    Value,
    /// Several values, one after the other: `walk`.
    Relation,
    /// Nothing, and any number of arguments: `print`.
    Statement,
}

impl Signature {
    /// A function with one result.
    pub(crate) fn function(arity: usize) -> Self {
        Self {
            arity,
            form: Form::Value,
            deprecated: false,
        }
    }
}

/// The built-in functions that policies can call.
pub(crate) trait Builtins {
    /// The function of this name, such as `io.jwt.decode`.
    fn signature(&self, name: &str) -> Option<Signature>;
    /// All names, for suggestions.
    fn names(&self) -> Vec<&str>;
}
