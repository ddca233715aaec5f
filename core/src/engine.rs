//! The only room that names `regorus`: compiles modules, runs rules, translates values and errors.

mod convert;
mod error;
mod sanitized;

use std::num::{NonZeroU32, NonZeroUsize};
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;

use crate::error::{Error, ErrorKind};
use crate::input::Secrets;
use crate::json::Value;

/// A Rego text and what errors call it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Module<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a str,
}

/// What the engine knows of a module after parsing it.
#[derive(Clone, Debug)]
pub(crate) struct Outline {
    /// The package's path without `data`: `["plangate", "tagging", "required_tags"]`.
    pub(crate) package: Vec<String>,
    /// The names that the module's rules begin with, sorted, each once.
    pub(crate) rules: Vec<String>,
}

/// Modules and data, ready to run. Cloning is cheap; a run works on a clone and leaves the program as it was.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    engine: regorus::Engine,
}

/// An input in the engine's own values, made once and shared by all programs that run on it.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    value: regorus::Value,
    secrets: Secrets,
}

impl Document {
    /// Translates a document. `secrets` answers `sanitized("text")`.
    pub(crate) fn new(document: &impl Serialize, secrets: Secrets) -> Self {
        Self {
            value: convert::from_serde(document),
            secrets,
        }
    }
}

/// Parses one module and lists what is in it.
pub(crate) fn outline(module: Module<'_>) -> Result<Outline, Error> {
    let mut engine = empty_engine();
    add(&mut engine, module)?;
    let packages = engine
        .get_policy_package_components()
        .map_err(|error| error::compile(module.name, &error))?;
    let package = packages
        .into_iter()
        .next()
        .map(|package| package.components)
        .unwrap_or_default();
    let mut rules: Vec<String> = engine
        .get_modules()
        .iter()
        .flat_map(|module| &module.policy)
        .filter_map(|rule| rule_name(rule))
        .collect();
    rules.sort();
    rules.dedup();
    Ok(Outline { package, rules })
}

impl Program {
    /// Compiles modules over the given data.
    pub(crate) fn compile(modules: &[Module<'_>], data: &Value) -> Result<Self, Error> {
        let mut engine = empty_engine();
        for module in modules {
            add(&mut engine, *module)?;
        }
        let name = modules.first().map_or("policy", |module| module.name);
        guarded(|| {
            engine.add_data(convert::from_serde(data))?;
            // The first evaluation analyses all modules; clones share what it finds.
            engine.eval_query("1".to_owned(), false)
        })
        .map_err(|error| error::compile(name, &error))?;
        Ok(Self { engine })
    }

    /// A run over one document, in which rules are evaluated one by one.
    pub(crate) fn run(&self, document: &Document) -> Run {
        let mut engine = self.engine.clone();
        engine.set_input(document.value.clone());
        let registered = sanitized::register(&mut engine, document.secrets.clone());
        Run {
            engine,
            registered: registered.map_err(|error| error::runtime("policy", &error)),
        }
    }
}

/// One evaluation of a program.
pub(crate) struct Run {
    engine: regorus::Engine,
    registered: Result<(), Error>,
}

impl Run {
    /// The value of a rule, such as `data.plangate.tagging.required_tags.deny`; `None` where it is undefined. Sets come as sorted lists.
    pub(crate) fn rule(&mut self, path: &str) -> Result<Option<Value>, Error> {
        self.registered.clone()?;
        let value = guarded(|| self.engine.eval_rule(path.to_owned())).map_err(|error| error::runtime(path, &error))?;
        Ok(convert::to_json(&value))
    }
}

fn empty_engine() -> regorus::Engine {
    let mut engine = regorus::Engine::new();
    // OPA's default: a built-in that fails is undefined. The engine's own default is the opposite.
    engine.set_strict_builtin_errors(false);
    engine.set_policy_length_config(LENGTHS);
    // Prints are gathered and dropped: nothing that a policy does may write to the host's terminal.
    engine.set_gather_prints(true);
    #[cfg(not(target_arch = "wasm32"))]
    engine.set_execution_timer_config(regorus::utils::limits::ExecutionTimerConfig {
        limit: EVALUATION_TIME,
        check_interval: CHECK_INTERVAL,
    });
    engine
}

/// One rule may take this long. A worker that is given up does the same in browsers, where the engine has no clock.
#[cfg(not(target_arch = "wasm32"))]
const EVALUATION_TIME: std::time::Duration = std::time::Duration::from_secs(30);
#[cfg(not(target_arch = "wasm32"))]
const CHECK_INTERVAL: NonZeroU32 = NonZeroU32::MIN.saturating_add(1023);

/// The engine's default of 1,024 columns refuses ordinary inline JSON.
const LENGTHS: regorus::PolicyLengthConfig = regorus::PolicyLengthConfig {
    max_col: NonZeroU32::MIN.saturating_add(1 << 16),
    max_file_bytes: NonZeroUsize::MIN.saturating_add(1 << 20),
    max_lines: NonZeroUsize::MIN.saturating_add(20_000),
};

fn add(engine: &mut regorus::Engine, module: Module<'_>) -> Result<(), Error> {
    nesting(module)?;
    guarded(|| engine.add_policy(module.name.to_owned(), module.text.to_owned()))
        .map_err(|error| error::compile(module.name, &error))?;
    Ok(())
}

/// Literals may nest this deep. The engine's parser takes twice as long for each level.
const NESTING: usize = 12;

/// Refuses text whose brackets nest deeper than the engine's parser bears, comments and strings left out.
fn nesting(module: Module<'_>) -> Result<(), Error> {
    let mut depth = 0_usize;
    let mut bytes = module.text.bytes().enumerate();
    while let Some((offset, byte)) = bytes.next() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'#' => {
                bytes.by_ref().find(|(_, byte)| *byte == b'\n');
            }
            b'`' => {
                bytes.by_ref().find(|(_, byte)| *byte == b'`');
            }
            b'"' => {
                while let Some((_, byte)) = bytes.next() {
                    match byte {
                        b'\\' => drop(bytes.next()),
                        b'"' | b'\n' => break,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        if depth > NESTING {
            let position = crate::location::Position::of_byte(module.text, offset);
            return Err(Error::new(
                ErrorKind::Limit,
                "policy.nesting",
                format!("more than {NESTING} brackets inside each other"),
            )
            .at(crate::location::Location::text(module.name, position))
            .with_help("give the inner part a name of its own, or move it to the configuration"));
        }
    }
    Ok(())
}

/// Runs the engine so that a panic below becomes an error.
fn guarded<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    // INVARIANT: whatever `work` borrows is thrown away by the caller when this fails.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(anyhow::anyhow!("the engine failed inside")))
}

/// The first name of a rule's head: `deny` for `deny contains x`, `p` for `p.q.r := 1`.
fn rule_name(rule: &regorus::unstable::Rule) -> Option<String> {
    use regorus::unstable::{Rule, RuleHead};
    let span = match rule {
        Rule::Default { refr, .. }
        | Rule::Spec {
            head: RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. },
            ..
        } => refr.span(),
    };
    let text = span.text();
    let name = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(text: &str) -> Module<'_> {
        Module { name: "p.rego", text }
    }

    fn run(text: &str, input: &str, rule: &str) -> Result<Option<Value>, Error> {
        let program = Program::compile(&[module(text)], &Value::Object(crate::json::Object::default()))?;
        let document = Document::new(&Value::from_json("input", input.as_bytes())?, Secrets::default());
        program.run(&document).rule(rule)
    }

    #[test]
    fn outlines_name_package_and_rules() {
        let outline = outline(module(
            "package a.b[\"c\"]\ndeny contains 1\nwarn contains 2 if true\nf(x) := x\np.q.r := 1\ndefault z := 1",
        ))
        .unwrap();
        assert_eq!(outline.package, ["a", "b", "c"]);
        assert_eq!(outline.rules, ["deny", "f", "p", "warn", "z"]);
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
    fn errors_have_a_place() {
        let error = outline(module("package t\n\nx := = 1")).unwrap_err();
        assert_eq!(error.code(), "policy.syntax");
        assert!(error.to_string().starts_with("p.rego:3:"), "{error}");
        let error = run("package t\nx := y if { y := 1 + \"a\" }", "{}", "data.t.x").unwrap_err();
        assert_eq!(error.code(), "policy.runtime");
        assert!(error.to_string().starts_with("p.rego:2:"), "{error}");
    }

    #[test]
    fn deep_literals_are_refused_quickly() {
        let error = outline(module(&format!(
            "package t\nx := {}1{}",
            "[".repeat(40),
            "]".repeat(40)
        )))
        .unwrap_err();
        assert_eq!((error.code(), error.kind()), ("policy.nesting", ErrorKind::Limit));
        assert!(outline(module("package t\nx := \"[[[[[[[[[[[[[[[[[\" # {{{{{{{{{{{{{{{{{")).is_ok());
    }
}
