//! The only room that names `regorus`: compiles modules, runs rules, translates values and errors.

mod builtins;
#[cfg(feature = "compliance")]
pub(crate) mod compliance;
mod convert;
mod error;
mod facts;
mod signatures;

use std::num::{NonZeroU32, NonZeroUsize};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde::Serialize;

use crate::error::Error;
use crate::input::Secrets;
use crate::json::Value;
use crate::limits::Limits;
use crate::rego::{Builtins, Package, SourceText};
use builtins::BuiltinOptions;
use error::Origins;
use signatures::Callable;

/// Modules and data, ready to run. Cloning is cheap; a run works on a clone and leaves the program as it was. The default has no rules.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    engine: regorus::Engine,
    origins: Arc<Origins>,
}

/// An input in the engine's own values, made once and shared by all programs that run on it.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    value: regorus::Value,
    secrets: Secrets,
    /// Nanoseconds since 1970, the answer of `time.now_ns`.
    time_ns: Option<i64>,
}

impl Document {
    /// Translates a document. `secrets` answers `sanitized("text")`.
    pub(crate) fn new(document: &impl Serialize, secrets: Secrets) -> Self {
        Self {
            value: convert::from_serde(document),
            secrets,
            time_ns: None,
        }
    }

    /// With the time that `time.now_ns` answers, RFC 3339. Without one, a policy that asks for the time fails.
    pub(crate) fn at(mut self, time: &str) -> Self {
        let time = chrono::DateTime::parse_from_rfc3339(time).ok();
        self.time_ns = time.and_then(|time| time.timestamp_nanos_opt());
        self
    }
}

/// What policies can call.
pub(crate) fn callable() -> &'static dyn Builtins {
    &Callable
}

impl Program {
    /// Loads packages that the front end has lowered, over the given data. `sources` are those that the packages came from.
    pub(crate) fn load(
        packages: Vec<Arc<Package>>,
        sources: Arc<[SourceText]>,
        data: &Value,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let origins = Arc::new(Origins { packages, sources });
        let mut engine = empty_engine(limits).map_err(|error| origins.compile_error(&error))?;
        guarded(|| {
            for (index, package) in origins.packages.iter().enumerate() {
                engine.add_policy(Origins::name(index), package.text.clone())?;
            }
            engine.add_data(convert::from_serde(data))?;
            // The first evaluation analyses all modules; clones share what it finds.
            engine.eval_query("1".to_owned(), false)
        })
        .map_err(|error| origins.compile_error(&error))?;
        Ok(Self { engine, origins })
    }

    /// A run over one document, in which rules are evaluated one by one.
    pub(crate) fn run(&self, document: &Document) -> Run {
        let mut engine = self.engine.clone();
        engine.set_input(document.value.clone());
        let given =
            facts::register(&mut engine, document).map_err(|error| self.origins.runtime_error("policy", &error));
        Run {
            engine,
            given,
            origins: Arc::clone(&self.origins),
        }
    }
}

/// One evaluation of a program.
pub(crate) struct Run {
    engine: regorus::Engine,
    given: Result<(), Error>,
    origins: Arc<Origins>,
}

impl Run {
    /// The value of a rule, such as `data.plangate.tagging.required_tags.deny`; `None` where it is undefined. Sets come as sorted lists.
    pub(crate) fn rule(&mut self, path: &str) -> Result<Option<Value>, Error> {
        self.given.clone()?;
        let value = guarded(|| self.engine.eval_rule(path.to_owned()))
            .map_err(|error| self.origins.runtime_error(path, &error))?;
        Ok(convert::to_json(&value))
    }
}

fn empty_engine(limits: &Limits) -> anyhow::Result<regorus::Engine> {
    let mut engine = regorus::Engine::new();
    let options = BuiltinOptions {
        limits: *limits,
        ..BuiltinOptions::default()
    };
    builtins::register(&mut engine, &options)?;
    // OPA's default: a built-in that fails is undefined. The engine's own default is the opposite.
    engine.set_strict_builtin_errors(false);
    engine.set_policy_length_config(LENGTHS);
    // Prints are gathered and dropped: nothing that a policy does may write to the host's terminal.
    engine.set_gather_prints(true);
    #[cfg(not(target_arch = "wasm32"))]
    engine.set_execution_timer_config(regorus::utils::limits::ExecutionTimerConfig {
        limit: limits.time,
        check_interval: CHECK_INTERVAL,
    });
    Ok(engine)
}

/// How many steps of the engine lie between two looks at the clock.
#[cfg(not(target_arch = "wasm32"))]
const CHECK_INTERVAL: NonZeroU32 = NonZeroU32::MIN.saturating_add(1023);

/// What the front end has let through is longer than what the author wrote, and it has limits of its own.
const LENGTHS: regorus::PolicyLengthConfig = regorus::PolicyLengthConfig {
    max_col: NonZeroU32::MAX,
    max_file_bytes: NonZeroUsize::MAX,
    max_lines: NonZeroUsize::MAX,
};

/// Runs the engine so that a panic below becomes an error.
fn guarded<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    // INVARIANT: whatever `work` borrows is thrown away by the caller when this fails.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(anyhow::anyhow!("the engine failed inside")))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::rego::{self, Version};

    /// One source as a program without data.
    pub(crate) fn program(text: &str) -> Result<Program, Error> {
        let sources = [SourceText {
            name: "p.rego".into(),
            text: text.into(),
            version: Version::V1,
        }];
        let compiled = rego::compile(&sources, callable());
        if let Some(error) = Error::all(compiled.errors) {
            return Err(error);
        }
        let packages = compiled.packages.into_iter().map(Arc::new).collect();
        Program::load(
            packages,
            Arc::new(sources),
            &Value::Object(crate::json::Object::default()),
            &Limits::default(),
        )
    }

    fn run(text: &str, input: &str, rule: &str) -> Result<Option<Value>, Error> {
        let document = Document::new(&Value::from_json("input", input.as_bytes())?, Secrets::default());
        program(text)?.run(&document).rule(rule)
    }

    #[test]
    fn rules_have_values_or_none() {
        let text = "package t\nx contains input.a[_]\ny := 1 if input.missing\n";
        assert_eq!(
            run(text, r#"{"a": [2, 1]}"#, "data.t.x").unwrap(),
            Some(Value::from_json("", b"[1, 2]").unwrap())
        );
        assert_eq!(run(text, "{}", "data.t.y").unwrap(), None);
    }

    #[test]
    fn numbers_keep_their_digits_through_the_engine() {
        let text = "package t\nx := input.n";
        for digits in ["8071748603418320040", "99999999999999999999999999", "-7", "1.5"] {
            let value = run(text, &format!("{{\"n\": {digits}}}"), "data.t.x").unwrap().unwrap();
            assert_eq!(serde_json::to_string(&value).unwrap(), digits);
        }
    }

    #[test]
    fn errors_point_at_what_the_author_wrote() {
        let text = "package t\n\nimport input.a as b\n\nx := y if {\n  # a comment\n  y := object.union(b, 1) + 1\n  not startswith(b.c, \"d\")\n}\nz contains y if some y in numbers.range(1, 100000000)\n";
        let error = run(text, r#"{"a": {"c": "e"}}"#, "data.t.z").unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Limit, "policy.limit"));
        assert_eq!(
            error.to_string(),
            "p.rego:10:35: numbers.range: the result has more than 1000000 elements (limit `items`)"
        );
    }

    #[test]
    fn refusals_say_what_to_give() {
        let error = run(
            "package t\nx := http.send({\"method\": \"get\", \"url\": \"http://a.b\"})",
            "{}",
            "data.t.x",
        )
        .unwrap_err();
        assert_eq!(error.code(), "policy.refused");
        assert_eq!(error.message(), "http.send: not available in a policy");
        assert_eq!(error.help(), Some("give its answer in the input"));
        let error = run("package t\nx := time.now_ns()", "{}", "data.t.x").unwrap_err();
        assert_eq!(error.message(), "time.now_ns: the input has no time");
        assert_eq!(error.help(), Some("give it one"));
    }

    #[test]
    fn a_panic_below_is_an_error() {
        let error = guarded(|| -> anyhow::Result<()> { panic!("a bug below") }).unwrap_err();
        assert_eq!(error.to_string(), "the engine failed inside");
    }

    #[test]
    fn a_negation_of_what_is_undefined_is_undefined() {
        let text = "package t\nx if not startswith(input.missing, \"a\")\ny contains v if [_, v] := walk(input)\n";
        assert_eq!(run(text, "{}", "data.t.x").unwrap(), None);
        assert_eq!(
            run(text, "{\"a\": 1}", "data.t.y")
                .unwrap()
                .unwrap()
                .as_array()
                .map(<[Value]>::len),
            Some(2)
        );
    }

    #[test]
    fn the_time_is_the_one_that_is_given() {
        let program = program("package t\nx := time.now_ns()").unwrap();
        let document = Document::new(&Value::Null, Secrets::default());
        let error = program.run(&document).rule("data.t.x").unwrap_err();
        assert!(error.message().contains("time.now_ns"), "{error}");
        let time = program
            .run(&document.at("1970-01-01T00:00:01Z"))
            .rule("data.t.x")
            .unwrap()
            .unwrap();
        assert_eq!(serde_json::to_string(&time).unwrap(), "1000000000");
    }
}
