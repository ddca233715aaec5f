//! Names to what they mean: rules and imports to full paths, local variables to names that are unique in their rule.
//!
//! Scoping is OPA's. A name that a body declares (`:=`, `some`, `every`, an argument) hides rules and imports in that whole body and
//! in the comprehensions inside it; a declaration behind a use is an error. Variables that nothing declares belong to the rule.

mod declare;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fault::Fault;
use super::syntax::{
    Body, Else, HeadKind, Literal, LiteralKind, Membership, Module, Name, Part, Rule, Span, Term, TermKind, With,
    is_wildcard,
};
use super::visit;

/// Path of a global: `data`, the package, the rule; or what an import stands for.
pub(crate) type Path = Vec<Arc<str>>;

/// The names that a module's rules can use without declaring them.
#[derive(Debug, Default)]
pub(crate) struct Globals {
    paths: BTreeMap<Arc<str>, Path>,
}

impl Globals {
    /// The rules of the module's package, over all files, and the module's imports.
    pub(crate) fn new(module: &Module, rules: &BTreeSet<Arc<str>>) -> Self {
        let package = module.package_path();
        let data: Arc<str> = "data".into();
        let mut paths: BTreeMap<Arc<str>, Path> = BTreeMap::new();
        for rule in rules {
            let path = std::iter::once(data.clone())
                .chain(package.iter().cloned())
                .chain([rule.clone()]);
            paths.insert(rule.clone(), path.collect());
        }
        for import in module.imports.iter().filter(|import| !import.is_language()) {
            if let Some(name) = import.name() {
                let path = import.path.iter().map(|part| part.text.clone()).collect();
                paths.insert(name.text.clone(), path);
            }
        }
        Self { paths }
    }
}

/// Resolves all names of one rule.
pub(crate) fn rule(rule: &mut Rule, globals: &Globals, faults: &mut Vec<Fault>) {
    let mut uses = BTreeMap::new();
    visit::names_of_rule(rule, &mut |name| *uses.entry(name.clone()).or_default() += 1);
    let mut resolver = Resolver::new(globals, uses, faults);
    resolver.rule(rule);
    resolver.unused();
}

/// Resolves the names of a query, which stands in no package.
#[cfg(feature = "compliance")]
pub(crate) fn query(body: &mut Body, globals: &Globals, faults: &mut Vec<Fault>) {
    let mut uses = BTreeMap::new();
    visit::names_of_body(body, &mut |name| *uses.entry(name.clone()).or_default() += 1);
    let mut resolver = Resolver::new(globals, uses, faults);
    resolver.scopes.push(Scope::default());
    resolver.body(body);
}

/// All names in a body.
#[cfg(feature = "compliance")]
pub(crate) fn names_of(body: &Body) -> BTreeSet<Arc<str>> {
    let mut names = BTreeSet::new();
    visit::names_of_body(body, &mut |name| {
        names.insert(name.clone());
    });
    names
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Argument,
    Assigned,
    Declared,
}

#[derive(Default)]
struct Scope {
    /// Names declared so far, and what they are called from now on.
    declared: BTreeMap<Arc<str>, (Arc<str>, How)>,
    /// Names that this scope declares here or further down.
    declares: BTreeSet<Arc<str>>,
    /// Names used here before any declaration.
    seen: BTreeSet<Arc<str>>,
}

struct Resolver<'a> {
    globals: &'a Globals,
    /// How often each name stands in the rule.
    uses: BTreeMap<Arc<str>, usize>,
    /// Names that mean something in the rule already.
    taken: BTreeSet<Arc<str>>,
    scopes: Vec<Scope>,
    /// Variables of `some x` and `every`, which have to be used.
    introduced: Vec<(Arc<str>, Name)>,
    /// Declared variables that are used.
    used: BTreeSet<Arc<str>>,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Resolver<'a> {
    fn new(globals: &'a Globals, uses: BTreeMap<Arc<str>, usize>, faults: &'a mut Vec<Fault>) -> Self {
        Self {
            globals,
            uses,
            taken: BTreeSet::new(),
            scopes: Vec::new(),
            introduced: Vec::new(),
            used: BTreeSet::new(),
            faults,
        }
    }

    fn rule(&mut self, rule: &mut Rule) {
        self.check_name(rule);
        self.scopes.push(Scope::default());
        if let HeadKind::Function(arguments, _) = &mut rule.head.kind {
            for argument in arguments {
                self.argument(argument);
            }
        }
        // Each `else` sees the arguments and its own body, nothing of the others.
        for otherwise in &mut rule.otherwise {
            self.otherwise(otherwise);
        }
        self.body(&mut rule.body);
        for step in rule.head.path.iter_mut().skip(1) {
            self.term(step);
        }
        match &mut rule.head.kind {
            HeadKind::Value(value) | HeadKind::Function(_, value) => {
                if let Some(value) = value {
                    self.term(value);
                }
            }
            HeadKind::Element(key) => self.term(key),
        }
        self.scopes.pop();
    }

    fn otherwise(&mut self, otherwise: &mut Else) {
        let arguments = self.scopes.last().map(|scope| scope.declared.clone());
        self.scopes.push(Scope {
            declared: arguments.unwrap_or_default(),
            ..Scope::default()
        });
        self.body(&mut otherwise.body);
        if let Some(value) = &mut otherwise.value {
            self.term(value);
        }
        self.scopes.pop();
    }

    fn check_name(&mut self, rule: &Rule) {
        let Some(name) = rule.head.path.first() else { return };
        if name.as_var().is_some_and(|name| is_root(name)) {
            self.fault(
                name.span,
                "a rule cannot be named `input` or `data`",
                "choose another name",
            );
        }
    }

    fn body(&mut self, body: &mut Body) {
        let mut declares = BTreeSet::new();
        for literal in body.iter() {
            declare::declared_by(&literal.kind, &mut declares);
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.declares.extend(declares);
        }
        for literal in body {
            self.literal(literal);
        }
    }

    fn literal(&mut self, literal: &mut Literal) {
        for with in &mut literal.with {
            self.with(with);
        }
        self.literal_kind(&mut literal.kind);
    }

    fn literal_kind(&mut self, kind: &mut LiteralKind) {
        match kind {
            LiteralKind::Term(term) => self.term(term),
            LiteralKind::Not(inner) => {
                if let LiteralKind::Assign(left, _) = &**inner {
                    self.fault(
                        left.span,
                        "`:=` cannot stand behind `not`",
                        "compare with `==`, or assign in a statement of its own",
                    );
                }
                self.literal_kind(inner);
            }
            LiteralKind::Assign(left, right) => {
                self.term(right);
                self.pattern(left, How::Assigned);
            }
            LiteralKind::Unify(left, right) | LiteralKind::Operand(left, right) => {
                self.term(left);
                self.term(right);
            }
            LiteralKind::Some(names) => {
                for name in names {
                    if !is_wildcard(&name.text) {
                        let renamed = self.declare(name, How::Declared);
                        self.introduced.push((renamed.clone(), name.clone()));
                        name.text = renamed;
                    }
                }
            }
            LiteralKind::SomeIn(membership) => {
                self.term(&mut membership.domain);
                if let Some(key) = &mut membership.key {
                    self.pattern(key, How::Declared);
                }
                self.pattern(&mut membership.value, How::Declared);
            }
            LiteralKind::Every(membership, body) => {
                self.term(&mut membership.domain);
                self.closure(body, |resolver| {
                    let key = membership.key.as_deref_mut();
                    for name in key.into_iter().chain([&mut *membership.value]) {
                        resolver.introduce(name);
                    }
                });
            }
        }
    }

    /// A body with a scope of its own; `before` declares what it starts with.
    fn closure(&mut self, body: &mut Body, before: impl FnOnce(&mut Self)) {
        self.scopes.push(Scope::default());
        before(self);
        self.body(body);
        self.scopes.pop();
    }

    /// What a name that is used here means.
    fn lookup(&mut self, name: &Arc<str>) -> Meaning {
        for scope in self.scopes.iter().rev() {
            if let Some((renamed, _)) = scope.declared.get(name) {
                self.used.insert(renamed.clone());
                return Meaning::Local(renamed.clone());
            }
            if scope.declares.contains(name) {
                return self.undeclared(name);
            }
        }
        if is_root(name) {
            return Meaning::Local(name.clone());
        }
        match self.globals.paths.get(name) {
            Some(path) => Meaning::Global(path.clone()),
            None => self.undeclared(name),
        }
    }

    fn undeclared(&mut self, name: &Arc<str>) -> Meaning {
        if let Some(scope) = self.scopes.last_mut() {
            scope.seen.insert(name.clone());
        }
        self.taken.insert(name.clone());
        Meaning::Local(name.clone())
    }

    fn term(&mut self, term: &mut Term) {
        let span = term.span;
        match &mut term.kind {
            TermKind::Null | TermKind::Bool(_) | TermKind::Number(_) | TermKind::String(_) => {}
            TermKind::Var(name) if is_wildcard(name) => {}
            TermKind::Var(name) => {
                let name = name.clone();
                match self.lookup(&name) {
                    Meaning::Local(name) => term.kind = TermKind::Var(name),
                    Meaning::Global(path) => *term = reference(span, &path, Vec::new()),
                }
            }
            TermKind::Ref(head, steps) => {
                for step in steps.iter_mut() {
                    self.term(step);
                }
                self.term(head);
                if let TermKind::Ref(inner, first) = &mut head.kind {
                    // A name that stands for a path: one reference, not one inside another.
                    let mut all = std::mem::take(first);
                    all.append(steps);
                    term.kind = TermKind::Ref(inner.clone(), all);
                }
            }
            TermKind::Array(items) | TermKind::Set(items) => {
                for item in items {
                    self.term(item);
                }
            }
            TermKind::Object(members) => {
                for (key, value) in members {
                    self.term(key);
                    self.term(value);
                }
            }
            TermKind::ArrayComprehension(head, body) | TermKind::SetComprehension(head, body) => {
                self.scopes.push(Scope::default());
                self.body(body);
                self.term(head);
                self.scopes.pop();
            }
            TermKind::ObjectComprehension(head, body) => {
                self.scopes.push(Scope::default());
                self.body(body);
                self.term(&mut head.0);
                self.term(&mut head.1);
                self.scopes.pop();
            }
            TermKind::Call(function, arguments) => {
                for argument in arguments {
                    self.term(argument);
                }
                self.function(function);
            }
            TermKind::Infix(_, operands) => {
                self.term(&mut operands.0);
                self.term(&mut operands.1);
            }
            TermKind::In(membership) => self.membership(membership),
            TermKind::Template(parts) => {
                for part in parts {
                    if let Part::Term(term, with) = part {
                        for with in with {
                            self.with(with);
                        }
                        self.term(term);
                    }
                }
            }
        }
    }

    fn membership(&mut self, membership: &mut Membership) {
        if let Some(key) = &mut membership.key {
            self.term(key);
        }
        self.term(&mut membership.value);
        self.term(&mut membership.domain);
    }

    /// The name of a called function: a rule, an import, or else a built-in.
    fn function(&mut self, function: &mut Term) {
        let span = function.span;
        let head = match &function.kind {
            TermKind::Ref(head, _) => head.as_var().cloned(),
            _ => function.as_var().cloned(),
        };
        let Some(head) = head else { return };
        let local = self.scopes.iter().rev().any(|scope| scope.declared.contains_key(&head));
        if local {
            self.fault(
                span,
                format!("`{head}` is a local variable here and cannot be called"),
                "rename the variable",
            );
            return;
        }
        let Some(path) = self.globals.paths.get(&head) else {
            if let TermKind::Ref(_, steps) = &mut function.kind {
                for step in steps {
                    self.term(step);
                }
            }
            return;
        };
        let steps = match &mut function.kind {
            TermKind::Ref(_, steps) => std::mem::take(steps),
            _ => Vec::new(),
        };
        *function = reference(span, path, steps);
    }

    /// The target is a path or a function; the value may be a function too.
    fn with(&mut self, with: &mut With) {
        self.function(&mut with.target);
        self.term(&mut with.value);
    }

    fn fault(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.faults
            .push(Fault::new("rego.compile", span, message).with_help(help));
    }
}

enum Meaning {
    Local(Arc<str>),
    Global(Path),
}

fn is_root(name: &str) -> bool {
    matches!(name, "input" | "data")
}

/// A path as a reference with further steps behind it.
fn reference(span: Span, path: &[Arc<str>], steps: Vec<Term>) -> Term {
    let head = Term::var(span, path.first().cloned().unwrap_or_default());
    let mut all: Vec<Term> = path
        .iter()
        .skip(1)
        .map(|part| Term::string(span, part.clone()))
        .collect();
    all.extend(steps);
    if all.is_empty() {
        return head;
    }
    Term::new(span, TermKind::Ref(Box::new(head), all))
}

/// The name that the user gave to a variable.
pub(crate) fn original(name: &str) -> &str {
    if is_wildcard(name) {
        return "_";
    }
    match name.rsplit_once("__") {
        Some((original, number)) if !original.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()) => {
            original
        }
        _ => name,
    }
}
