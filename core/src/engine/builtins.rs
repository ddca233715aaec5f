//! The table of built-in functions: every one that OPA has, and who answers for it here.
//!
//! One family a file. A function that the engine gets wrong, lacks, or lets run away is implemented here and overrides the engine's own.

#![allow(
    clippy::format_push_string,
    reason = "writing into a String cannot fail, and saying so each time is noise"
)]
#![allow(clippy::unnecessary_wraps, reason = "all functions of the table have one signature")]
#![allow(
    clippy::option_option,
    reason = "readers tell `not here`, `here but wrong` and `here` apart"
)]

mod aggregates;
#[cfg(test)]
mod agreement;
#[cfg(feature = "crypto")]
mod aws;
mod big_float;
#[cfg(feature = "crypto")]
mod chains;
#[cfg(feature = "crypto")]
mod crypto;
#[cfg(feature = "crypto")]
mod der;
mod encoding;
mod failure;
mod float;
mod globs;
mod graph;
#[cfg(feature = "graphql")]
mod graphql;
mod identifiers;
mod impure;
mod intersection;
mod json_schema;
mod json_text;
#[cfg(feature = "jwt")]
mod jwk;
#[cfg(feature = "jwt")]
mod jwt;
#[cfg(feature = "_keys")]
mod keys;
mod layout;
mod net;
mod numbers;
mod objects;
mod operand;
mod options;
#[cfg(feature = "_keys")]
mod pem;
#[cfg(feature = "crypto")]
mod private_keys;
mod re2;
mod regex;
mod sets;
mod sprintf;
mod strings;
mod template;
mod term;
mod time;
mod time_parse;
mod units;
mod url;
#[cfg(feature = "crypto")]
mod x509;

use std::sync::{Arc, LazyLock};

use regorus::Value;

pub(in crate::engine) use failure::Failure;
pub(in crate::engine) use options::{BuiltinOptions, OnFailure};

/// A built-in function of Rego.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct Builtin {
    /// The name as policies write it, such as `strings.count`.
    pub(in crate::engine) name: &'static str,
    /// How many operands it takes.
    pub(in crate::engine) arity: u8,
    /// Who answers for it.
    pub(in crate::engine) implementation: Implementation,
}

/// Who answers for a built-in function.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) enum Implementation {
    /// A function of this table, registered over the engine's own.
    Here(Function),
    /// The engine's own: it agrees with OPA, or is syntax that the engine knows (`walk`, `print`).
    Engine,
    /// The front end: it is lowered away before the engine sees it (`rego.metadata.rule`), or only has a meaning as an operator.
    FrontEnd,
    /// Reaches out of the evaluation. Refused unless the host supplies a [`Hook`](options::Hook) or what it needs; the text says what that is.
    Impure(&'static str),
    /// Belongs to a cargo feature that this build leaves out; the text is the feature.
    LeftOut(&'static str),
}

/// A pure function from operands to a value. As many operands as the arity says, none of them undefined.
pub(in crate::engine) type Function = fn(&Call<'_>, &[Value]) -> Result<Value, Failure>;

/// What a built-in function may know besides its operands.
#[derive(Debug)]
pub(in crate::engine) struct Call<'a> {
    name: &'static str,
    options: &'a BuiltinOptions,
    expressions: &'a regex::Cache,
}

impl Call<'_> {
    /// Refuses a text of more bytes than the limit.
    fn check_text(&self, bytes: usize) -> Result<(), Failure> {
        let limit = self.options.limits.text_bytes;
        if bytes > limit {
            return Err(Failure::Limit(format!(
                "the result has more than {limit} bytes (limit `text_bytes`)"
            )));
        }
        Ok(())
    }

    /// Refuses a collection of more elements than the limit.
    fn check_items(&self, items: usize) -> Result<(), Failure> {
        let limit = self.options.limits.items;
        if items > limit {
            return Err(Failure::Limit(format!(
                "the result has more than {limit} elements (limit `items`)"
            )));
        }
        Ok(())
    }
}

impl Builtin {
    const fn here(name: &'static str, arity: u8, function: Function) -> Self {
        Self {
            name,
            arity,
            implementation: Implementation::Here(function),
        }
    }

    const fn impure(name: &'static str, arity: u8, needs: &'static str) -> Self {
        Self {
            name,
            arity,
            implementation: Implementation::Impure(needs),
        }
    }
}

/// Every built-in function of OPA 1.22 and how many operands it takes, as `opa capabilities --current` says.
const CAPABILITIES: &str = include_str!("builtins/capabilities.txt");

/// What the front end lowers away, or what only has a meaning as syntax.
const FRONT_END: [&str; 10] = [
    "assign",
    "eq",
    "internal.member_2",
    "internal.member_3",
    "internal.print",
    "internal.template_string",
    "internal.test_case",
    "rego.metadata.chain",
    "rego.metadata.rule",
    "rego.parse_module",
];

/// The families that a build may leave out, and the features they belong to.
const FEATURES: [(&str, &str); 4] = [
    ("crypto.", "crypto"),
    ("providers.aws.", "crypto"),
    ("io.jwt.", "jwt"),
    ("graphql.", "graphql"),
];

static TABLE: LazyLock<Vec<Builtin>> = LazyLock::new(|| {
    let mut table: Vec<Builtin> = FAMILIES.iter().flat_map(|family| family.iter().copied()).collect();
    for (name, arity) in CAPABILITIES.lines().filter_map(|line| line.split_once(' ')) {
        if !table.iter().any(|builtin| builtin.name == name) {
            let feature = FEATURES.iter().find(|(prefix, _)| name.starts_with(prefix));
            let implementation = match feature {
                Some((_, feature)) => Implementation::LeftOut(feature),
                None if FRONT_END.contains(&name) => Implementation::FrontEnd,
                None => Implementation::Engine,
            };
            table.push(Builtin {
                name,
                arity: arity.parse().unwrap_or_default(),
                implementation,
            });
        }
    }
    table.sort_by_key(|builtin| builtin.name);
    table
});

const FAMILIES: &[&[Builtin]] = &[
    aggregates::TABLE,
    graph::TABLE,
    json_schema::TABLE,
    template::TABLE,
    #[cfg(feature = "crypto")]
    aws::TABLE,
    #[cfg(feature = "crypto")]
    crypto::TABLE,
    #[cfg(feature = "graphql")]
    graphql::TABLE,
    #[cfg(feature = "jwt")]
    jwt::TABLE,
    url::TABLE,
    time::TABLE,
    net::TABLE,
    impure::TABLE,
    identifiers::TABLE,
    encoding::TABLE,
    numbers::TABLE,
    objects::TABLE,
    regex::TABLE,
    sets::TABLE,
    sprintf::TABLE,
    strings::TABLE,
    units::TABLE,
];

/// Every built-in function, sorted by name.
pub(in crate::engine) fn table() -> &'static [Builtin] {
    &TABLE
}

/// How many operands a built-in function takes. `None` where there is no such function.
///
/// `print` and `internal.print` take any number, for which this says 0.
pub(in crate::engine) fn signature(name: &str) -> Option<u8> {
    let index = TABLE.binary_search_by_key(&name, |builtin| builtin.name).ok()?;
    TABLE.get(index).map(|builtin| builtin.arity)
}

/// Puts the table into an engine. Once an engine: it refuses a second extension of the same name.
pub(in crate::engine) fn register(engine: &mut regorus::Engine, options: &BuiltinOptions) -> anyhow::Result<()> {
    let options = Arc::new(options.clone());
    let expressions = Arc::new(regex::Cache::default());
    for builtin in table() {
        let Builtin {
            name,
            arity,
            implementation,
        } = *builtin;
        if name == "time.now_ns" && options.time_ns.is_none() {
            // A fact of each run, which then brings its own.
            continue;
        }
        let extension: Box<dyn regorus::Extension> = match (options.hooks.get(name), implementation) {
            (Some(hook), _) => {
                let (hook, options) = (Arc::clone(hook), Arc::clone(&options));
                Box::new(move |operands: Vec<Value>| answer(name, &options, hook(&operands).map_err(Failure::Failed)))
            }
            (None, Implementation::Here(function)) => {
                let (options, expressions) = (Arc::clone(&options), Arc::clone(&expressions));
                Box::new(move |operands: Vec<Value>| {
                    let call = Call {
                        name,
                        options: &options,
                        expressions: &expressions,
                    };
                    answer(name, &options, function(&call, &operands))
                })
            }
            (None, Implementation::Impure(needs)) => {
                let options = Arc::clone(&options);
                let refusal = Failure::Refused(format!("not available in a policy: {needs}"));
                Box::new(move |_: Vec<Value>| answer(name, &options, Err(refusal.clone())))
            }
            (None, Implementation::LeftOut(feature)) => {
                let options = Arc::clone(&options);
                let refusal = Failure::Refused(format!("this build leaves out the cargo feature `{feature}`"));
                Box::new(move |_: Vec<Value>| answer(name, &options, Err(refusal.clone())))
            }
            (None, Implementation::Engine | Implementation::FrontEnd) => continue,
        };
        engine.add_extension(name.to_owned(), arity, extension)?;
    }
    Ok(())
}

/// A failure is undefined, as in OPA, unless it must not be passed over: a limit, a refusal, or any when the host wants them raised.
fn answer(name: &str, options: &BuiltinOptions, result: Result<Value, Failure>) -> anyhow::Result<Value> {
    match result {
        Ok(value) => Ok(value),
        Err(failure) if options.on_failure == OnFailure::Undefined && failure.is_undefined() => Ok(Value::Undefined),
        Err(failure) => Err(anyhow::anyhow!("{}: {name}: {failure}", failure.code())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_has_every_builtin_of_opa_with_its_arity() {
        for line in CAPABILITIES.lines() {
            let (name, arity) = line.split_once(' ').unwrap();
            assert_eq!(signature(name), arity.parse().ok(), "{name}");
        }
        assert_eq!(table().len(), CAPABILITIES.lines().count(), "a name that OPA has not");
        assert_eq!(signature("nosuch"), None);
    }

    #[test]
    fn engine_answers_for_what_is_left_to_it() {
        let syntax = ["print", "trace", "walk"];
        for builtin in table()
            .iter()
            .filter(|builtin| matches!(builtin.implementation, Implementation::Engine))
        {
            assert!(
                regorus::unstable::BUILTINS.contains_key(builtin.name) || syntax.contains(&builtin.name),
                "{}",
                builtin.name
            );
        }
    }
}
