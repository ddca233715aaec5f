//! Whether the document has what policies look for in it.
//!
//! A path is followed through variables, values of rules and elements of sets as far as it is certain what they are: an error is never a
//! guess. What is passed to functions, and attributes of providers, are free.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use crate::error::{Error, ErrorKind};
use crate::json::Value;
use crate::location::{Location, Position};
use crate::rego::{HeadKind, LiteralKind, Module, Rule, Span, Term, TermKind, visit};
use crate::schema;

/// The schema of the document. A test would see one that does not parse: every path would be free.
static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| Value::from_json("input.schema.json", schema::INPUT.as_bytes()).unwrap_or_default());

/// What a value is for certain.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// A part of the document, with its schema, and how policies write it.
    Part(&'static Value, String),
    /// A set or list of such parts, which a rule makes.
    Several(Box<Kind>),
}

/// What is certain of variables by name. `None`: different things, or nobody knows.
type Variables = BTreeMap<Arc<str>, Option<Kind>>;

/// What is certain of rules, by path below `data`.
type Rules = BTreeMap<Vec<Arc<str>>, Option<Kind>>;

/// An error for each path that a policy follows and the document cannot have.
pub(super) fn check(modules: &[Module]) -> Vec<Error> {
    let mut replaced = false;
    for (_, rule) in all(modules) {
        visit::withs_of_rule(rule, &mut |with| replaced |= replaces_input(&with.target));
    }
    if replaced {
        // What is `input` in a rule then depends on who asks for the rule.
        return Vec::new();
    }
    let mut rules = Rules::new();
    // A rule can hand on what another one has; chains of more than a few are not worth more rounds.
    for _ in 0..4 {
        let known = std::mem::take(&mut rules);
        for (module, rule) in all(modules) {
            let mut path = module.package_path();
            let Some(name) = rule.head.path.first().and_then(Term::as_var) else {
                continue;
            };
            path.push(name.clone());
            let found = value(rule, &Scope::of(rule, &known));
            let slot = rules.entry(path).or_insert_with(|| found.clone());
            if *slot != found {
                *slot = None;
            }
        }
    }
    let mut errors = Vec::new();
    for (module, rule) in all(modules) {
        let scope = Scope::of(rule, &rules);
        let mut misfits = BTreeMap::new();
        visit::terms_of_rule(rule, &mut |term| drop(scope.kind(term, &mut misfits)));
        errors.extend(misfits.into_iter().map(|(start, misfit)| misfit.error(module, start)));
    }
    errors
}

fn all(modules: &[Module]) -> impl Iterator<Item = (&Module, &Rule)> {
    modules
        .iter()
        .flat_map(|module| module.rules.iter().map(move |rule| (module, rule)))
}

fn replaces_input(target: &Term) -> bool {
    match &target.kind {
        TermKind::Var(name) => &**name == "input",
        TermKind::Ref(head, _) => replaces_input(head),
        _ => false,
    }
}

/// What the value of a rule is. A rule with other ways to a value, or with arguments, is not followed.
fn value(rule: &Rule, scope: &Scope<'_>) -> Option<Kind> {
    let is_plain = rule.head.path.len() == 1 && rule.otherwise.is_empty() && rule.chained.is_empty() && !rule.default;
    match &rule.head.kind {
        HeadKind::Value(Some(term)) if is_plain => scope.kind(term, &mut BTreeMap::new()),
        HeadKind::Element(term) if is_plain => Some(Kind::Several(Box::new(scope.kind(term, &mut BTreeMap::new())?))),
        _ => None,
    }
}

/// A member that is looked for and that nothing has.
#[derive(Debug)]
struct Misfit {
    parent: String,
    name: Arc<str>,
    /// What there is instead. Nothing, where there are no members by name.
    known: BTreeSet<&'static str>,
}

impl Misfit {
    fn error(self, module: &Module, start: u32) -> Error {
        let Self { parent, name, known } = self;
        let position = Position::of_byte(&module.text, start as usize);
        let error = Error::new(
            ErrorKind::Policy,
            "policy.path",
            format!("the document has no `{parent}.{name}`"),
        )
        .at(Location::text(module.source.clone(), position));
        if known.is_empty() {
            let help = format!("`{parent}` has no members by name; `plangate schema input` tells what it is");
            return error.with_help(help);
        }
        error
            .with_help("`plangate schema input` prints what the document has")
            .suggesting(&name, known)
    }
}

/// A rule with what is certain of its variables.
struct Scope<'a> {
    variables: Variables,
    rules: &'a Rules,
}

impl<'a> Scope<'a> {
    fn of(rule: &Rule, rules: &'a Rules) -> Self {
        let mut scope = Self {
            variables: Variables::new(),
            rules,
        };
        // Statements stand in any order: what one round leaves open the next one can know.
        for _ in 0..3 {
            let mut found = Variables::new();
            if let HeadKind::Function(arguments, _) = &rule.head.kind {
                for argument in arguments {
                    forget(argument, &mut found);
                }
            }
            visit::literals_of_rule(rule, &mut |literal| scope.bind(&literal.kind, &mut found));
            scope.variables = found;
        }
        scope
    }

    fn bind(&self, literal: &LiteralKind, found: &mut Variables) {
        match literal {
            LiteralKind::Assign(left, right) | LiteralKind::Unify(left, right) | LiteralKind::Operand(left, right) => {
                match (&left.kind, &right.kind) {
                    (TermKind::Var(name), _) => learn(name, self.certain(right), found),
                    (_, TermKind::Var(name)) => learn(name, self.certain(left), found),
                    _ => forget(left, found),
                }
            }
            LiteralKind::SomeIn(membership) | LiteralKind::Every(membership, _) => {
                if let Some(key) = &membership.key {
                    forget(key, found);
                }
                match &membership.value.kind {
                    TermKind::Var(name) => learn(name, self.certain(&membership.domain).and_then(element), found),
                    _ => forget(&membership.value, found),
                }
            }
            LiteralKind::Term(_) | LiteralKind::Not(_) | LiteralKind::Some(_) => {}
        }
    }

    fn certain(&self, term: &Term) -> Option<Kind> {
        self.kind(term, &mut BTreeMap::new())
    }

    /// What a term is. What it looks for and cannot find goes to `misfits`, by the place of the name.
    fn kind(&self, term: &Term, misfits: &mut BTreeMap<u32, Misfit>) -> Option<Kind> {
        match &term.kind {
            TermKind::Var(name) if &**name == "input" => Some(Kind::Part(&DOCUMENT, "input".to_owned())),
            TermKind::Var(name) => self.variables.get(name).cloned().flatten(),
            TermKind::Ref(head, steps) if head.as_var().is_some_and(|name| &**name == "data") => {
                let (rule, rest) = self.rule(steps)?;
                Self::follow(rule, rest, misfits)
            }
            TermKind::Ref(head, steps) => Self::follow(self.kind(head, &mut BTreeMap::new())?, steps, misfits),
            _ => None,
        }
    }

    /// The rule that a path below `data` leads to, and the steps into its value.
    fn rule<'t>(&self, steps: &'t [Term]) -> Option<(Kind, &'t [Term])> {
        let names: Vec<Arc<str>> = steps
            .iter()
            .map_while(|step| as_name(step).map(|(name, _)| name.clone()))
            .collect();
        (1..=names.len()).find_map(|length| {
            let kind = self.rules.get(names.get(..length)?)?.clone()?;
            Some((kind, steps.get(length..)?))
        })
    }

    fn follow(kind: Kind, steps: &[Term], misfits: &mut BTreeMap<u32, Misfit>) -> Option<Kind> {
        steps.iter().try_fold(kind, |kind, step| match (as_name(step), kind) {
            (Some((name, span)), Kind::Part(schema, path)) => member(schema, &path, name, span, misfits),
            (_, kind) => element(kind),
        })
    }
}

fn as_name(step: &Term) -> Option<(&Arc<str>, Span)> {
    match &step.kind {
        TermKind::String(name) => Some((name, step.span)),
        _ => None,
    }
}

fn member(
    schema: &'static Value,
    path: &str,
    name: &Arc<str>,
    span: Span,
    misfits: &mut BTreeMap<u32, Misfit>,
) -> Option<Kind> {
    let words = || {
        schema
            .member("oneOf")?
            .as_array()?
            .iter()
            .all(|word| word.member("const").is_some())
            .then_some("string")
    };
    let kind = schema.member("type").and_then(Value::as_str).or_else(words)?;
    let properties = schema.member("properties").and_then(Value::as_object);
    let others = schema.member("additionalProperties");
    let below = properties
        .and_then(|properties| properties.get(&**name))
        .or(others.filter(|others| others.as_object().is_some()));
    match below {
        Some(below) if kind == "object" => Some(Kind::Part(resolve(below), format!("{path}.{name}"))),
        // An object that says nothing of its members can have any.
        _ if kind == "object" && properties.is_none() => None,
        _ => {
            let known = properties
                .into_iter()
                .flat_map(|properties| properties.keys().map(String::as_str))
                .collect();
            misfits.entry(span.start).or_insert(Misfit {
                parent: path.to_owned(),
                name: name.clone(),
                known,
            });
            None
        }
    }
}

/// What the elements are, or the members whose names nobody chose.
fn element(kind: Kind) -> Option<Kind> {
    match kind {
        Kind::Several(each) => Some(*each),
        Kind::Part(schema, path) => {
            let each = match schema.member("type")?.as_str()? {
                "array" => schema.member("items"),
                "object" if schema.member("properties").is_none() => schema.member("additionalProperties"),
                _ => None,
            };
            Some(Kind::Part(resolve(each?), format!("{path}[_]")))
        }
    }
}

fn resolve(schema: &'static Value) -> &'static Value {
    let pointer = schema.member("$ref").and_then(Value::as_str);
    let definition = pointer.and_then(|pointer| pointer.strip_prefix("#/$defs/"));
    definition
        .and_then(|name| DOCUMENT.member("$defs")?.member(name))
        .unwrap_or(schema)
}

fn learn(name: &Arc<str>, kind: Option<Kind>, found: &mut Variables) {
    match found.entry(name.clone()) {
        Entry::Vacant(place) => drop(place.insert(kind)),
        Entry::Occupied(mut place) if *place.get() != kind => drop(place.insert(None)),
        Entry::Occupied(_) => {}
    }
}

/// Nothing is certain of the variables in a pattern.
fn forget(pattern: &Term, found: &mut Variables) {
    visit::terms_of_term(pattern, &mut |term| {
        if let TermKind::Var(name) = &term.kind {
            found.insert(name.clone(), None);
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::error::Error;
    use crate::policy::{PolicySet, Source};

    fn compile(rules: &str) -> Result<PolicySet, Error> {
        PolicySet::compile([Source::new("p.rego", format!("package plangate.plan.p\n{rules}\n"))])
    }

    #[test]
    fn paths_that_the_document_cannot_have_are_errors() {
        for (rules, place, message, help) in [
            (
                "deny contains \"x\" if input.plan.resuorces",
                "p.rego:2:33",
                "no `input.plan.resuorces`",
                "did you mean `resources`?",
            ),
            (
                "deny contains r.adress if some r in input.plan.resources",
                "p.rego:2:17",
                "no `input.plan.resources[_].adress`",
                "did you mean `address`?",
            ),
            (
                "bad contains r if { some r in input.plan.by_type.aws_vpc; r.destroys }\ndeny contains \"x\" if { some r in bad; r.tags.value.owner }",
                "p.rego:3:46",
                "no `input.plan.by_type.aws_vpc[_].tags.value`",
                "did you mean `values`?",
            ),
            (
                "deny contains \"x\" if input.change.reviews.state == \"approved\"",
                "p.rego:2:43",
                "no `input.change.reviews.state`",
                "has no members by name",
            ),
            (
                "p := input.plan\nmode := p.mode\ndeny contains \"x\" if mode.normal",
                "p.rego:4:27",
                "no `input.plan.mode.normal`",
                "has no members by name",
            ),
            (
                "deny contains \"x\" if { r := input.plan.resources[_]; not r.tags.supportd }",
                "p.rego:2:65",
                "no `input.plan.resources[_].tags.supportd`",
                "did you mean `supported`?",
            ),
            (
                "deny contains \"x\" if count([t | some t in input.actor.team]) > 0",
                "p.rego:2:55",
                "no `input.actor.team`",
                "did you mean `teams`?",
            ),
        ] {
            let error = compile(rules).unwrap_err();
            let shown = format!("{error} {}", error.help().unwrap_or_default());
            assert_eq!(error.code(), "policy.path", "{shown}");
            assert!(
                shown.starts_with(place) && shown.contains(message) && shown.contains(help),
                "{shown}"
            );
        }
    }

    #[test]
    fn what_is_not_certain_is_free() {
        for rules in [
            "deny contains \"x\" if { some r in input.plan.resources; r.after.anything.at[0].all }",
            "deny contains \"x\" if input.stack.attributes.tier.one",
            "deny contains \"x\" if input.plan.by_type[input.run.kind][_].tags.values[\"cost center\"]",
            "deny contains \"x\" if input.change.teams[\"acme/security\"].members[0].login",
            "deny contains json.marshal(input)",
            "deny contains \"x\" if { some x in input.plan.resources; some y in [x | x := {\"own\": 1}]; y.own }",
            "f(r) if r.own\ndeny contains \"x\" if f({\"own\": 1})",
            "both contains r if some r in input.plan.resources\nboth contains {\"own\": 1}\ndeny contains \"x\" if { some r in both; r.own }",
            "deny contains \"x\" if r with input as {\"own\": 1}\nr if input.own",
        ] {
            compile(rules).unwrap();
        }
    }
}
