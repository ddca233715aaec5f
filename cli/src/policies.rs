//! `plangate policies`: which policies there are, and what each one does.

use annotate_snippets::normalize_untrusted_str;
use anstyle::Style;
use plangate::json::Value;
use plangate::policy::Enforcement;
use plangate::{Policy, PolicySet};
use textwrap::Options;
use textwrap::core::display_width;

use crate::arguments::{Policies, PoliciesCommand};
use crate::exit::Exit;
use crate::output;
use crate::problem::{Own, Problems};
use crate::read::nearest;
use crate::set;

const COLUMNS: usize = 80;
const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

pub(crate) fn run(arguments: &Policies) -> Result<Exit, Problems> {
    let (PoliciesCommand::List { set } | PoliciesCommand::Show { set, .. }) = &arguments.command;
    let mut problems = Problems::default();
    let policies = match problems.note(set::compile(set)) {
        Some(policies) => policies,
        // To put a configuration right, one must see what can be set.
        None => set::unconfigured(set)?,
    };
    match &arguments.command {
        PoliciesCommand::List { .. } => output::print(list(&policies).as_bytes())?,
        PoliciesCommand::Show { id, .. } => match policies.policies().find(|policy| policy.id() == id) {
            Some(policy) => output::print(show(&policies, policy).as_bytes())?,
            None => return Err(unknown(id, &policies).into()),
        },
    };
    if problems.all.is_empty() {
        Ok(Exit::Fine)
    } else {
        Err(problems)
    }
}

fn unknown(id: &str, set: &PolicySet) -> Own {
    let error = Own::usage("policies.unknown", format!("no policy `{id}`"));
    // The last word alone will do: `required_tags` is `tagging.required_tags`.
    let name = id.rsplit('.').next().unwrap_or(id);
    let names = |id: &str| id.split_once('.').map(|(_, name)| name.to_owned());
    let near = nearest(id, set.policies().map(|policy| policy.id().to_owned())).or_else(|| {
        let near = nearest(name, set.policies().filter_map(|policy| names(policy.id())))?;
        let found = set
            .policies()
            .find(|policy| names(policy.id()).as_ref() == Some(&near))?;
        Some(found.id().to_owned())
    });
    match near {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help("`plangate policies list` shows them all; with `--policies PATH`, your own too"),
    }
}

/// One line a policy: id, level, severity, title.
fn list(set: &PolicySet) -> String {
    let widest = set
        .policies()
        .map(|policy| display_width(policy.id()))
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for policy in set.policies() {
        let level = policy.level().as_str();
        let severity = policy.severity().as_str();
        let style = if policy.level() == Enforcement::Disabled {
            DIM
        } else {
            BOLD
        };
        let head = format!("{:widest$}  {level:<9}  {severity:<8}  ", policy.id());
        let margin = " ".repeat(head.len());
        let line = wrapped(policy.title(), &head, &margin);
        // Styled after wrapping, so that the codes count for no width.
        let rest = line.get(policy.id().len()..).unwrap_or_default();
        text = format!("{text}{style}{}{style:#}{rest}\n", policy.id());
    }
    text
}

fn show(set: &PolicySet, policy: &Policy) -> String {
    let mut text = format!("{BOLD}{}{BOLD:#}\n{}\n", policy.id(), wrapped(policy.title(), "", ""));
    if let Some(description) = policy.description() {
        text = format!("{text}\n{}\n", wrapped(description, "", ""));
    }
    let mut facts = vec![
        ("level", policy.level().as_str().to_owned()),
        ("severity", policy.severity().as_str().to_owned()),
        ("rules", policy.rules().join(", ")),
        ("source", policy.source().name().to_owned()),
        ("reads", set.reads(policy.id()).join(", ")),
    ];
    if !policy.frameworks().is_empty() {
        facts.insert(2, ("frameworks", policy.frameworks().join(", ")));
    }
    text.push('\n');
    for (name, fact) in facts {
        text = format!("{text}{}\n", wrapped(&fact, &format!("{name:<10}  "), &" ".repeat(12)));
    }
    if let Some(remediation) = policy.remediation() {
        text = format!(
            "{text}\n{BOLD}To put a finding right{BOLD:#}\n{}\n",
            wrapped(remediation, "  ", "  ")
        );
    }
    let settings = settings(policy);
    if !settings.is_empty() {
        text = format!("{text}\n{BOLD}Settings{BOLD:#}\n{settings}");
    }
    format!("{text}\n{BOLD}In plangate.toml{BOLD:#}\n{}", example(policy))
}

/// Each setting with its type, value and meaning.
fn settings(policy: &Policy) -> String {
    let properties = policy.config_schema().and_then(|schema| schema.member("properties"));
    let mut text = String::new();
    for (name, schema) in properties.and_then(Value::as_object).into_iter().flatten() {
        let kind = kind(schema);
        let value = match policy.config().member(name) {
            Some(value) => format!(", here {}", compact(value)),
            None => String::new(),
        };
        text = format!(
            "{text}{}\n",
            wrapped(&format!("{kind}{value}"), &format!("  {name}: "), "      ")
        );
        if let Some(description) = schema.member("description").and_then(Value::as_str) {
            text = format!("{text}{}\n", wrapped(description, "      ", "      "));
        }
    }
    text
}

/// What kind of value a schema takes: `list of string`, `one of "a", "b"`.
fn kind(schema: &Value) -> String {
    if let Some(allowed) = schema.member("enum").and_then(Value::as_array) {
        let allowed: Vec<_> = allowed.iter().map(compact).collect();
        return format!("one of {}", allowed.join(", "));
    }
    match schema.member("type").and_then(Value::as_str) {
        Some("array") => match schema.member("items") {
            Some(items) => format!("list of {}", kind(items)),
            None => "list".to_owned(),
        },
        Some(kind) => kind.to_owned(),
        None => "any value".to_owned(),
    }
}

/// The lines that set the policy to what it is set to.
fn example(policy: &Policy) -> String {
    let mut text = format!(
        "  [policies.{}]\n  enforcement = \"{}\"\n",
        policy.id(),
        policy.level().as_str()
    );
    for (name, value) in policy.config().as_object().into_iter().flatten() {
        if let Some(value) = toml(value) {
            text = format!("{text}  config.{name} = {value}\n");
        }
    }
    text
}

/// A value as TOML on one line. TOML has no null.
fn toml(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Array(items) => {
            let items: Vec<_> = items.iter().filter_map(toml).collect();
            Some(format!("[{}]", items.join(", ")))
        }
        Value::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .filter_map(|(name, value)| {
                    Some(format!("{} = {}", compact(&Value::from(name.as_str())), toml(value)?))
                })
                .collect();
            Some(if members.is_empty() {
                "{}".to_owned()
            } else {
                format!("{{ {} }}", members.join(", "))
            })
        }
        // JSON's texts, numbers and truth values are TOML's as well.
        scalar => Some(compact(scalar)),
    }
}

fn compact(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Text of policies in lines of 80 columns, control characters shown as pictures.
fn wrapped(text: &str, first: &str, rest: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    textwrap::fill(
        &normalize_untrusted_str(&words),
        Options::new(COLUMNS)
            .initial_indent(first)
            .subsequent_indent(rest)
            .break_words(false),
    )
}
