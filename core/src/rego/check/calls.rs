//! Calls: unknown functions, wrong number of arguments, functions in the place of values, targets of `with`.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::rego::builtin::{Form, Signature};
use crate::rego::fault::Fault;
use crate::rego::syntax::{Module, Part as TemplatePart, Rule, Term, TermKind, Version, With};
use crate::rego::tree::{arity, data_path, shown};
use crate::rego::visit;
use crate::suggest;

use super::{Found, Set};

impl Set<'_> {
    /// What is wrong with the calls of all rules.
    pub(super) fn calls(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for (at, module) in self.modules.iter().enumerate() {
            for rule in &module.rules {
                self.calls_of_rule(module, rule, &mut |fault| found.push((at, fault)));
            }
        }
        found
    }

    fn calls_of_rule(&self, module: &Module, rule: &Rule, report: &mut dyn FnMut(Fault)) {
        let mut statements = BTreeSet::new();
        visit::statements_of_rule(rule, &mut |term| {
            statements.insert(term.span);
        });
        // Where a function's name may stand: in calls, and on both sides of `with … as …`.
        let mut names = BTreeSet::new();
        visit::withs_of_rule(rule, &mut |with| {
            names.extend([with.target.span, with.value.span]);
            if let Some(fault) = self.with(with) {
                report(fault);
            }
        });
        visit::terms_of_rule(rule, &mut |term| match &term.kind {
            TermKind::Call(function, arguments) => {
                names.insert(function.span);
                let statement = statements.contains(&term.span);
                if let Some(fault) = self.call(module.version, function, arguments, statement) {
                    report(fault);
                }
            }
            TermKind::Template(parts) => {
                for part in parts {
                    if let Some(fault) = self.template_part(part) {
                        report(fault);
                    }
                }
            }
            TermKind::Ref(..) if !names.contains(&term.span) => {
                if let Some(fault) = self.function_as_value(term) {
                    report(fault);
                }
            }
            _ => {}
        });
    }

    /// What is wrong with a call. As a statement of its own it may have one argument more, for the result.
    fn call(&self, version: Version, function: &Term, arguments: &[Term], statement: bool) -> Option<Fault> {
        let given = arguments.len();
        let signature = self.signature(function);
        if signature.is_some_and(|signature| signature.form == Form::Statement) {
            return (!statement).then(|| no_value(function));
        }
        let Some(arity) = self.arity_of(function) else {
            return Some(self.unknown_function(function));
        };
        let name = function_name(function);
        if signature.is_some_and(|signature| signature.deprecated) && version == Version::V1 {
            return Some(
                Fault::new(
                    "rego.type",
                    function.span,
                    format!("`{name}` is deprecated and not part of Rego v1"),
                )
                .with_help("use what replaced it, or choose Rego v0 for this source"),
            );
        }
        if given == arity || statement && given == arity + 1 {
            return None;
        }
        let plural = if arity == 1 { "" } else { "s" };
        Some(
            Fault::new(
                "rego.type",
                function.span,
                format!("`{name}` takes {arity} argument{plural}, here it has {given}"),
            )
            .with_help("check the function's arguments"),
        )
    }

    fn unknown_function(&self, function: &Term) -> Fault {
        let name = function_name(function);
        let is_rule = data_path(function)
            .and_then(|path| self.tree.find(&path))
            .is_some_and(|node| !node.rules.is_empty());
        let (message, help) = if is_rule {
            (
                format!("`{name}` is a rule and not a function"),
                "use it without parentheses".to_owned(),
            )
        } else {
            let functions: Vec<String> = self
                .tree
                .ends()
                .into_iter()
                .filter(|(_, node)| node.rules.iter().any(|id| self.rule(*id).and_then(arity).is_some()))
                .map(|(path, _)| shown(&path))
                .collect();
            let mut known = self.builtins.names();
            known.extend(functions.iter().map(String::as_str));
            let help = suggest::nearest(&name, known).map_or_else(
                || "check the spelling, and that the file with the function is loaded".to_owned(),
                |known| format!("did you mean `{known}`?"),
            );
            (format!("there is no function `{name}`"), help)
        };
        Fault::new("rego.type", function.span, message).with_help(help)
    }

    fn function_as_value(&self, reference: &Term) -> Option<Fault> {
        let path = data_path(reference)?;
        let node = self.tree.find(&path)?;
        let function = node.rules.iter().any(|id| self.rule(*id).and_then(arity).is_some());
        function.then(|| {
            Fault::new(
                "rego.type",
                reference.span,
                format!("the function `{}` is used as a value", shown(&path)),
            )
            .with_help("call it with its arguments")
        })
    }

    fn template_part(&self, part: &TemplatePart) -> Option<Fault> {
        let TemplatePart::Term(term, _) = part else { return None };
        let TermKind::Call(function, _) = &term.kind else {
            return None;
        };
        let relation = self.signature(function)?.form == Form::Relation;
        relation.then(|| {
            Fault::new(
                "rego.compile",
                term.span,
                format!(
                    "`{}` has several results, a template string has room for one",
                    function_name(function)
                ),
            )
            .with_help("bind a result in the rule's body and use that")
        })
    }

    fn with(&self, with: &With) -> Option<Fault> {
        let target = &with.target;
        let wrong = |code, message: String, help: &str| Some(Fault::new(code, target.span, message).with_help(help));
        if target
            .as_path()
            .is_some_and(|path| path.first().is_some_and(|head| &**head == "input"))
        {
            return None;
        }
        if let Some(path) = data_path(target) {
            let inside = (1..path.len()).any(|length| {
                let above = path.get(..length).and_then(|above| self.tree.find(above));
                above.is_some_and(|above| !above.rules.is_empty())
            });
            if inside {
                return wrong(
                    "rego.compile",
                    format!("`with` cannot replace a part of a rule: `{}`", shown(&path)),
                    "replace the whole rule",
                );
            }
        } else {
            let name = function_name(target);
            let Some(signature) = self.signature(target) else {
                return wrong(
                    "rego.type",
                    format!("`with` cannot replace `{name}`: it is neither part of `input` or `data` nor a function"),
                    "check the spelling; an imported name can be replaced by its full path",
                );
            };
            let fixed = matches!(
                name.as_str(),
                "eq" | "assign" | "rego.metadata.rule" | "rego.metadata.chain"
            );
            if signature.form != Form::Value || fixed || name.starts_with("internal.") {
                return wrong(
                    "rego.compile",
                    format!("`with` cannot replace the function `{name}`"),
                    "only functions with one value can be replaced",
                );
            }
        }
        let (target, value) = (self.arity_of(target)?, self.arity_of(&with.value)?);
        if target == value {
            return None;
        }
        wrong(
            "rego.type",
            format!("a function of {target} arguments cannot be replaced by one of {value}"),
            "use a function with as many arguments",
        )
    }

    /// The number of arguments of a function by its name.
    pub(crate) fn arity_of(&self, function: &Term) -> Option<usize> {
        if let Some(path) = data_path(function) {
            let node = self.tree.find(&path)?;
            return node.rules.iter().find_map(|id| arity(self.rule(*id)?));
        }
        let signature = self.signature(function)?;
        (signature.form != Form::Statement).then_some(signature.arity)
    }

    fn signature(&self, function: &Term) -> Option<Signature> {
        self.builtins.signature(&function.as_path()?.join("."))
    }
}

fn no_value(function: &Term) -> Fault {
    Fault::new(
        "rego.type",
        function.span,
        format!("`{}` has no value", function_name(function)),
    )
    .with_help("make the call a statement of its own")
}

fn function_name(function: &Term) -> String {
    match data_path(function) {
        Some(path) => shown(&path),
        None => function
            .as_path()
            .map_or_else(|| "this".to_owned(), |path: Vec<Arc<str>>| path.join(".")),
    }
}
