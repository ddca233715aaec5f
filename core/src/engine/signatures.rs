//! The built-in functions as the front end sees them: the table's, and our own.

use super::builtins;
use crate::rego::{Builtins, Form, Signature};

/// What policies can call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Callable;

/// Functions that OPA 1.x refuses in v1 policies: <https://www.openpolicyagent.org/docs/policy-reference#built-in-functions>.
const DEPRECATED: &[&str] = &[
    "all",
    "any",
    "cast_array",
    "cast_boolean",
    "cast_null",
    "cast_object",
    "cast_set",
    "cast_string",
    "net.cidr_overlap",
    "re_match",
    "set_diff",
];

/// Functions that other Rego hosts do not have.
const OURS: &[(&str, usize)] = &[("sanitized", 1)];

impl Builtins for Callable {
    fn signature(&self, name: &str) -> Option<Signature> {
        if let Some((_, arity)) = OURS.iter().find(|(ours, _)| *ours == name) {
            return Some(Signature::function(*arity));
        }
        let arity = builtins::signature(name)?;
        let form = match name {
            "walk" => Form::Relation,
            "print" => Form::Statement,
            _ => Form::Value,
        };
        Some(Signature {
            arity: usize::from(arity),
            form,
            deprecated: DEPRECATED.contains(&name),
        })
    }

    fn names(&self) -> Vec<&str> {
        builtins::table()
            .iter()
            .map(|builtin| builtin.name)
            .chain(OURS.iter().map(|(name, _)| *name))
            .collect()
    }
}
