//! `# METADATA` blocks: found among the comments, read as YAML, attached to what follows.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::json::{Object, Value};

use super::fault::Fault;
use super::lexer::Comment;
use super::syntax::{Annotation, Module, Rule, Scope, Span};

/// Reads the blocks of a module and attaches them.
pub(super) fn attach(module: &mut Module, comments: &[Comment], faults: &mut Vec<Fault>) {
    let text = module.text.clone();
    for block in blocks(&text, comments) {
        match read(&text, &block) {
            Ok(value) => match place(module, &block, value) {
                Ok(annotation) => module.annotations.push(annotation),
                Err(fault) => faults.push(fault),
            },
            Err(fault) => faults.push(fault),
        }
    }
    let mut seen = BTreeMap::new();
    for annotation in &module.annotations {
        if matches!(annotation.scope, Scope::Rule) {
            continue;
        }
        let about = match annotation.scope {
            Scope::Document => annotation
                .rule
                .and_then(|rule| module.rule_at(rule))
                .map(|rule| rule.head.path.first().and_then(|name| name.as_var().cloned())),
            _ => None,
        };
        if seen.insert((annotation.scope, about), annotation.span).is_some() {
            faults.push(
                Fault::new(
                    "rego.metadata",
                    annotation.span,
                    "a second metadata block has the same scope for the same thing",
                )
                .with_help("merge the two blocks"),
            );
        }
    }
}

/// The comments of one block, the `# METADATA` line first.
struct Block<'a> {
    comments: &'a [Comment],
    span: Span,
}

fn blocks<'a>(text: &str, comments: &'a [Comment]) -> Vec<Block<'a>> {
    let starts = |comment: &Comment| comment.at_margin && content(text, comment).trim().starts_with("METADATA");
    let adjacent = |before: &Comment, after: &Comment| {
        let between = text.get(before.span.end as usize..after.span.start as usize);
        after.at_margin && between.is_some_and(|between| between.trim_end_matches(' ').matches('\n').count() == 1)
    };
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(comment) = comments.get(at) {
        let mut end = at + 1;
        if starts(comment) {
            while let (Some(before), Some(next)) = (comments.get(end - 1), comments.get(end)) {
                if !adjacent(before, next) || starts(next) {
                    break;
                }
                end += 1;
            }
            let comments = comments.get(at..end).unwrap_or_default();
            let last = comments.last().unwrap_or(comment);
            blocks.push(Block {
                comments,
                span: comment.span.to(last.span),
            });
        }
        at = end;
    }
    blocks
}

/// A comment's text without `#` and without one space behind it.
fn content<'a>(text: &'a str, comment: &Comment) -> &'a str {
    let line = comment.span.of(text);
    let line = line.strip_prefix('#').unwrap_or(line);
    line.strip_prefix(' ').unwrap_or(line)
}

fn read(text: &str, block: &Block<'_>) -> Result<Value, Fault> {
    let lines = block.comments.get(1..).unwrap_or_default();
    let yaml: Vec<&str> = lines.iter().map(|line| content(text, line)).collect();
    let yaml = yaml.join("\n");
    if yaml.trim().is_empty() {
        return Err(Fault::new("rego.metadata", block.span, "the metadata block is empty")
            .with_help("write YAML in the comment lines right below `# METADATA`"));
    }
    let value = yaml_serde::Deserializer::from_str(&yaml);
    Value::deserialize(value).map_err(|error| {
        // The library tells some places only in its text, as `… at line 3 column 1`, counted within the block.
        let error = error.to_string();
        let (reason, place) = error.split_once(" at line ").unwrap_or((&error, ""));
        let number: String = place.chars().take_while(char::is_ascii_digit).collect();
        let line = number.parse().unwrap_or(1_usize).clamp(1, lines.len()) - 1;
        let span = lines.get(line).map_or(block.span, |line| line.span);
        Fault::new(
            "rego.metadata",
            span,
            format!("the metadata block is not valid YAML: {reason}"),
        )
        .with_help("quote texts that contain `: ` or start with a special character")
    })
}

fn place(module: &Module, block: &Block<'_>, value: Value) -> Result<Annotation, Fault> {
    let wrong = |message: &str, help: &str| Fault::new("rego.metadata", block.span, message).with_help(help);
    if value.as_object().is_none() {
        return Err(wrong(
            "the metadata block is not a YAML mapping",
            "write lines such as `title: …`",
        ));
    }
    let package = module.package.first().map(|name| name.span.start);
    let before_package = package.is_some_and(|start| block.span.start < start);
    let rule = module
        .rules
        .iter()
        .map(|rule| rule.span)
        .find(|rule| rule.start > block.span.start)
        .filter(|_| !before_package);
    let scope = match value.member("scope") {
        None if before_package => Scope::Package,
        None => Scope::Rule,
        Some(scope) => match scope.as_str() {
            Some("rule") => Scope::Rule,
            Some("document") => Scope::Document,
            Some("package") => Scope::Package,
            Some("subpackages") => Scope::Subpackages,
            _ => {
                return Err(wrong(
                    "the metadata block has an unknown scope",
                    "scopes are `rule`, `document`, `package` and `subpackages`",
                ));
            }
        },
    };
    match scope {
        Scope::Package | Scope::Subpackages if !before_package => Err(wrong(
            "metadata of a package must stand before the package",
            "move the block up, or change its scope",
        )),
        Scope::Rule | Scope::Document if rule.is_none() => Err(wrong(
            "metadata of a rule must stand before a rule",
            "move the block, or change its scope",
        )),
        _ => Ok(Annotation {
            span: block.span,
            scope,
            value: completed(value, scope),
            rule,
        }),
    }
}

/// The block as policies see it at run time: the scope named, authors and related resources as objects.
fn completed(value: Value, scope: Scope) -> Value {
    let Value::Object(mut members) = value else {
        return value;
    };
    members.insert("scope".to_owned(), scope.name().into());
    for (name, complete) in [
        ("authors", author as fn(&str) -> Value),
        ("related_resources", resource),
    ] {
        if let Some(Value::Array(items)) = members.get_mut(name) {
            for item in items {
                if let Value::String(text) = item {
                    *item = complete(text);
                }
            }
        }
    }
    Value::Object(members)
}

/// `Jane Doe <jane@example.com>`
fn author(text: &str) -> Value {
    let text = text.trim();
    let (name, email) = match text.rsplit_once(char::is_whitespace) {
        Some((name, last)) if last.starts_with('<') && last.ends_with('>') => (name, Some(last)),
        _ => (text, None),
    };
    let name: Vec<&str> = name.split_whitespace().collect();
    let mut members = Object::from([("name".to_owned(), name.join(" ").into())]);
    if let Some(email) = email {
        members.insert("email".to_owned(), email.trim_matches(['<', '>']).into());
    }
    Value::Object(members)
}

fn resource(text: &str) -> Value {
    Value::Object(Object::from([("ref".to_owned(), text.trim().into())]))
}

/// What holds for a rule, the closest first: its own blocks, then those of its document, its package and the packages above.
///
/// An array of `{path, annotations}`, as `rego.metadata.chain()` returns it. The first is the rule's, also without annotations.
pub(super) fn chain(modules: &[Module], module: &Module, rule: &Rule) -> Value {
    let package = module.package_path();
    let path: Vec<Arc<str>> = package.iter().cloned().chain(fixed_path(rule)).collect();
    let mut links = Vec::new();
    let own = module.annotations.iter().rev();
    let own = own.filter(|annotation| annotation.scope == Scope::Rule && annotation.rule == Some(rule.span));
    links.extend(own.map(|annotation| link(&path, Some(annotation))));
    if links.is_empty() {
        links.push(link(&path, None));
    }
    let same_package: Vec<&Module> = modules.iter().filter(|other| other.package_path() == package).collect();
    for other in &same_package {
        let of_document = other.annotations.iter().filter(|annotation| {
            let about = annotation.rule.and_then(|span| other.rule_at(span));
            annotation.scope == Scope::Document && about.is_some_and(|about| fixed_path(about) == fixed_path(rule))
        });
        links.extend(of_document.map(|annotation| link(&path, Some(annotation))));
    }
    for other in &same_package {
        let of_package = other
            .annotations
            .iter()
            .filter(|annotation| annotation.scope == Scope::Package);
        links.extend(of_package.map(|annotation| link(&package, Some(annotation))));
    }
    for length in (0..=package.len()).rev() {
        let above = package.get(..length).unwrap_or_default();
        for other in modules.iter().filter(|other| other.package_path() == above) {
            let below = other.annotations.iter();
            let below = below.filter(|annotation| annotation.scope == Scope::Subpackages);
            links.extend(below.map(|annotation| link(above, Some(annotation))));
        }
    }
    Value::Array(links)
}

fn link(path: &[Arc<str>], annotation: Option<&Annotation>) -> Value {
    let path = path.iter().map(|part| Value::from(&**part)).collect();
    let mut members = Object::from([("path".to_owned(), Value::Array(path))]);
    if let Some(annotation) = annotation {
        members.insert("annotations".to_owned(), annotation.value.clone());
    }
    Value::Object(members)
}

/// The parts of a rule's path up to the first variable.
fn fixed_path(rule: &Rule) -> Vec<Arc<str>> {
    let name = rule.head.path.first().and_then(|name| name.as_var().cloned());
    let steps = rule
        .head
        .path
        .iter()
        .skip(1)
        .map_while(|step| step.as_string().cloned());
    name.into_iter().chain(steps).collect()
}

#[cfg(test)]
mod tests {
    use crate::rego::parser::parse;
    use crate::rego::syntax::{Scope, Version};

    #[test]
    fn blocks_are_attached_by_scope() {
        let text = "# METADATA\n# title: A\n# scope: subpackages\npackage p\n\n# METADATA\n# description: |\n#   two\n#   lines\n# custom:\n#   n: 1\nq := 1\n\n# METADATA\n# scope: document\nr := 2\n";
        let (module, faults) = parse("a.rego".into(), &text.into(), Version::V1);
        assert_eq!(faults, []);
        let found: Vec<_> = module
            .annotations
            .iter()
            .map(|annotation| (annotation.scope, annotation.rule.map(|rule| rule.of(text))))
            .collect();
        assert_eq!(
            found,
            [
                (Scope::Subpackages, None),
                (Scope::Rule, Some("q := 1")),
                (Scope::Document, Some("r := 2"))
            ]
        );
        let second = &module.annotations[1].value;
        assert_eq!(second.member("description").unwrap().as_str(), Some("two\nlines\n"));
    }

    #[test]
    fn errors_point_into_the_block() {
        let text = "package p\n# METADATA\n# title: a\n# custom: [1\nq := 1\n\n# METADATA\n\nr := 1\n# METADATA\n# scope: all\ns := 1\n";
        let (_, faults) = parse("a.rego".into(), &text.into(), Version::V1);
        let found: Vec<_> = faults
            .iter()
            .map(|fault| fault.clone().in_text(&"a.rego".into(), text).to_string())
            .collect();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(
            found[0].starts_with("a.rego:4:1: the metadata block is not valid YAML"),
            "{found:?}"
        );
        assert_eq!(found[1], "a.rego:7:1: the metadata block is empty");
        assert_eq!(found[2], "a.rego:10:1: the metadata block has an unknown scope");
    }
}
