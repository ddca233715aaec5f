//! Names that the engine cannot take as they are: built-in functions that `with` replaces, rules that are named like keywords.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::builtin::{Builtins, Form};
use super::parser::is_keyword;
use super::print::Printer;
use super::syntax::{Head, HeadKind, Literal, LiteralKind, Module, Operator, Rule, Span, Term, TermKind, With};
use super::visit;

/// The package of the functions that stand for built-in ones.
const PACKAGE: &str = "builtin__functions";

/// Built-in functions that are replaced somewhere. The engine can replace only some of them, and functions of policies always:
/// every call goes through a function of our own.
#[derive(Debug, Default)]
pub(crate) struct Mocked {
    arities: BTreeMap<String, usize>,
}

impl Mocked {
    /// Those that the modules replace, or put in another function's place.
    pub(crate) fn of(modules: &[Module], builtins: &dyn Builtins) -> Self {
        let mut mocked = Self::default();
        let mut see = |with: &With| {
            for term in [&with.target, &with.value] {
                let Some(path) = term.as_path() else { continue };
                let name = path.join(".");
                if let Some(signature) = builtins.signature(&name)
                    && signature.form == Form::Value
                {
                    mocked.arities.insert(name, signature.arity);
                }
            }
        };
        for rule in modules.iter().flat_map(|module| &module.rules) {
            visit::withs_of_rule(rule, &mut see);
        }
        mocked
    }

    /// The function that stands for a built-in one, if it is replaced somewhere.
    pub(crate) fn wrapper(&self, name: &str, span: Span) -> Option<Term> {
        self.arities.contains_key(name).then(|| {
            let steps = vec![Term::string(span, PACKAGE), Term::string(span, flat(name))];
            Term::new(span, TermKind::Ref(Box::new(Term::var(span, "data")), steps))
        })
    }

    /// A function's name, exchanged where it has to be.
    pub(crate) fn replace(&self, function: Term) -> Term {
        let name = function.as_path().map(|path| path.join("."));
        name.and_then(|name| self.wrapper(&name, function.span))
            .unwrap_or(function)
    }

    /// The engine has no functions without arguments: those that stand for such take one that says nothing.
    pub(crate) fn arguments(function: &Term, arguments: Vec<Term>) -> Vec<Term> {
        let stands_in = function
            .as_path()
            .is_some_and(|path| path.get(1).is_some_and(|part| &**part == PACKAGE));
        if arguments.is_empty() && stands_in {
            return vec![Term::new(function.span, TermKind::Null)];
        }
        arguments
    }

    /// The functions as a package, if there are any.
    pub(crate) fn package(&self) -> Option<(Vec<Arc<str>>, Printer)> {
        if self.arities.is_empty() {
            return None;
        }
        let mut printer = Printer::default();
        printer.package([PACKAGE]);
        let span = Span::default();
        for (name, arity) in &self.arities {
            let names: Vec<Term> = (1..=(*arity).max(1))
                .map(|number| Term::var(span, format!("a{number}")))
                .collect();
            let arguments = names.iter().take(*arity).cloned().collect();
            let result = match (Operator::of_builtin(name), names.as_slice()) {
                (Some(operator), [left, right]) => {
                    Term::new(span, TermKind::Infix(operator, Box::new((left.clone(), right.clone()))))
                }
                _ => Term::call(span, name, arguments),
            };
            let value = Term::var(span, "result");
            printer.rule(&Rule {
                span,
                default: false,
                head: Head {
                    span,
                    path: vec![Term::var(span, flat(name))],
                    kind: HeadKind::Function(names, Some(value.clone())),
                },
                body: vec![Literal {
                    span,
                    kind: LiteralKind::Assign(value, result),
                    with: Vec::new(),
                }],
                chained: Vec::new(),
                otherwise: Vec::new(),
            });
        }
        Some((vec![PACKAGE.into()], printer))
    }
}

/// `io.jwt.decode` as one name that is no keyword.
fn flat(name: &str) -> String {
    format!("{}__", name.replace('.', "__"))
}

/// Rules whose first name is a keyword of the language that they are printed in.
#[derive(Debug, Default)]
pub(crate) struct Renamed {
    names: BTreeMap<Vec<Arc<str>>, Arc<str>>,
}

impl Renamed {
    /// Those of the modules that cannot be placed in a package of that name.
    pub(crate) fn of(modules: &[Module]) -> Self {
        let mut names = BTreeMap::new();
        for module in modules {
            for rule in &module.rules {
                let (package, head) = placed(module.package_path(), rule.head.clone());
                let Some(name) = last_name(&head) else { continue };
                if is_keyword(&name) {
                    let renamed = format!("{name}__rule").into();
                    names.insert(full_path(package, &head), renamed);
                }
            }
        }
        Self { names }
    }

    /// A reference to a rule, by the name that the rule now has.
    pub(crate) fn replace(&self, mut reference: Term) -> Term {
        if let TermKind::Ref(head, steps) = &mut reference.kind
            && head.as_var().is_some_and(|name| &**name == "data")
        {
            for (path, name) in &self.names {
                let last = path.len().saturating_sub(1);
                let same = path
                    .iter()
                    .enumerate()
                    .all(|(at, part)| steps.get(at).and_then(Term::as_string) == Some(part));
                if same && let Some(step) = steps.get_mut(last) {
                    step.kind = TermKind::String(name.clone());
                }
            }
        }
        reference
    }

    /// Where a rule goes: its package, and its head with the name it now has.
    pub(crate) fn place(&self, package: Vec<Arc<str>>, head: Head) -> (Vec<Arc<str>>, Head) {
        let (package, mut head) = placed(package, head);
        let renamed = self.names.get(&full_path(package.clone(), &head)).cloned();
        if let (Some(renamed), Some(step)) = (renamed, head.path.last_mut()) {
            step.kind = match step.kind {
                TermKind::Var(_) => TermKind::Var(renamed),
                _ => TermKind::String(renamed),
            };
        }
        (package, head)
    }
}

/// The name that must not be a keyword: a rule's only one, or a function's last.
fn last_name(head: &Head) -> Option<Arc<str>> {
    match head.path.as_slice() {
        [only] => only.as_var().cloned(),
        [.., last] if matches!(head.kind, HeadKind::Function(..)) => last.as_string().cloned(),
        _ => None,
    }
}

fn full_path(package: Vec<Arc<str>>, head: &Head) -> Vec<Arc<str>> {
    let parts = head
        .path
        .iter()
        .filter_map(|part| part.as_var().or(part.as_string()).cloned());
    package.into_iter().chain(parts).collect()
}

/// `if.x` in the package `p` is `x` in the package `p["if"]`.
fn placed(mut package: Vec<Arc<str>>, mut head: Head) -> (Vec<Arc<str>>, Head) {
    while let [first, second, ..] = head.path.as_slice() {
        let (Some(name), Some(next)) = (first.as_var().cloned(), second.as_string().cloned()) else {
            break;
        };
        let plain = next.chars().all(|part| part.is_ascii_alphanumeric() || part == '_')
            && next.starts_with(|first: char| !first.is_ascii_digit());
        if !is_keyword(&name) || !plain {
            break;
        }
        let second = Term::var(second.span, next);
        package.push(name);
        head.path.splice(..2, [second]);
    }
    (package, head)
}
