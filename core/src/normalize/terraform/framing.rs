//! Where the JSON is in a text that may hold more: log lines before it, workflow commands after it.
//!
//! `hashicorp/setup-terraform` prints a `[command]` line before and `::debug::` lines after what Terraform prints, Terragrunt
//! puts log lines around it, and terminals leave color codes. A document begins where a line begins, and nothing that begins
//! like a document is ever taken for a log line: a plan that cannot be read must not hide another one inside it.

use super::{SHOW, refused};
use crate::error::{Error, ErrorKind};
use crate::json::Value;
use crate::location::{Location, Position};

/// What a text holds.
pub(super) struct Framed {
    /// The JSON documents, in order.
    pub(super) documents: Vec<Value>,
    /// What the text around them looks like, where it is a format of its own.
    pub(super) around: Option<TextFormat>,
}

/// A format that is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextFormat {
    /// What `terraform plan` and `terraform show` print for people.
    Human,
    /// Terraform's error messages.
    Diagnostics,
    /// Configuration.
    Hcl,
}

impl TextFormat {
    pub(super) fn error(self) -> Error {
        let (code, what) = match self {
            Self::Human => ("plan.text", "the output of terraform for people"),
            Self::Diagnostics => ("plan.text", "an error message of terraform"),
            Self::Hcl => ("plan.hcl", "a configuration file"),
        };
        refused(ErrorKind::Shape, code, what, SHOW)
    }

    /// How lines of each format begin. The first that fits counts: a human plan quotes configuration.
    const SIGNS: &[(Self, &[&str])] = &[
        (
            Self::Human,
            &[
                "Terraform will perform",
                "OpenTofu will perform",
                "Terraform used the selected providers",
                "OpenTofu used the selected providers",
                "Resource actions are indicated with",
                "No changes.",
                "Changes to Outputs:",
                "Plan: ",
                "Note: Objects have changed outside",
            ],
        ),
        (Self::Diagnostics, &["Error: ", "│ Error: "]),
        (
            Self::Hcl,
            &[
                "resource \"",
                "data \"",
                "module \"",
                "provider \"",
                "variable \"",
                "output \"",
                "terraform {",
                "locals {",
            ],
        ),
    ];

    fn of(text: &str) -> Option<Self> {
        Self::SIGNS.iter().find_map(|(format, signs)| {
            let is_sign = |line: &str| {
                let line = skip_noise(line);
                signs.iter().any(|sign| line.starts_with(sign))
            };
            text.lines().any(is_sign).then_some(*format)
        })
    }
}

/// Finds and reads every JSON document of a text.
pub(super) fn documents(text: &str) -> Result<Framed, Error> {
    let mut documents = Vec::new();
    let mut is_framed = false;
    let mut at = 0;
    while let Some(line) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let line_end = at + line.find('\n').map_or(line.len(), |newline| newline + 1);
        let Some(start) = document_start(text, at, line_end) else {
            is_framed |= text.get(at..line_end).is_some_and(|line| !skip_noise(line).is_empty());
            at = line_end;
            continue;
        };
        is_framed |= text.get(at..start).is_some_and(|before| !skip_noise(before).is_empty());
        let (document, end) = Value::from_json_at("plan", text, start).map_err(|error| {
            // Text for people quotes JSON now and then, cut and indented: it is no broken document.
            let format = if is_framed { TextFormat::of(text) } else { None };
            match format {
                Some(format) => format.error(),
                None if error.help().is_some() => error,
                None => error.with_help(BROKEN),
            }
        })?;
        documents.push(document);
        at = end_of_line(text, end)?;
    }
    let around = if is_framed { TextFormat::of(text) } else { None };
    Ok(Framed { documents, around })
}

const BROKEN: &str = "the file is cut off or was changed: write it anew with `terraform show -json tfplan > plan.json`";

/// How `terraform show -json` begins: told even where a log line's prefix stands before it.
const SHOW_JSON_START: &str = "{\"format_version\"";

/// Where a document begins in the line from `at` to `line_end`: at an opening bracket, where what follows is JSON's and not a log's.
fn document_start(text: &str, at: usize, line_end: usize) -> Option<usize> {
    let line = text.get(at..line_end)?;
    let content = skip_noise(line);
    let start = at + (line.len() - content.len());
    let next = text.get(start + 1..).and_then(|rest| rest.trim_start().chars().next());
    match content.chars().next() {
        Some('{') if matches!(next, Some('"' | '}') | None) => Some(start),
        Some('[') if matches!(next, Some('{' | '[' | ']' | '"')) => Some(start),
        _ => line.find(SHOW_JSON_START).map(|offset| at + offset),
    }
}

/// The byte after the line in which a document ends, if nothing but color codes or a workflow command follows it there.
fn end_of_line(text: &str, end: usize) -> Result<usize, Error> {
    let rest = text.get(end..).unwrap_or_default();
    let line = rest.split_inclusive('\n').next().unwrap_or_default();
    let content = skip_noise(line);
    if content.is_empty() || content.starts_with("::") {
        return Ok(end + line.len());
    }
    let place = Position::of_byte(text, end + (line.len() - content.len()));
    let message = "something after the end of the JSON document";
    Err(Error::new(ErrorKind::Syntax, "json.trailing", message)
        .at(Location::text("plan", place))
        .with_help(BROKEN))
}

/// A line without the white space and terminal color codes that it begins with.
fn skip_noise(line: &str) -> &str {
    let mut rest = line.trim_start();
    while let Some(code) = rest.strip_prefix("\u{1b}[") {
        let Some(end) = code.find(|c: char| c.is_ascii_alphabetic()) else {
            break;
        };
        rest = code.get(end + 1..).unwrap_or_default().trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        documents(text).unwrap().documents.len()
    }

    fn code(text: &str) -> &'static str {
        match documents(text) {
            Err(error) => error.code(),
            Ok(framed) => framed.around.unwrap().error().code(),
        }
    }

    #[test]
    fn finds_documents_between_lines_of_a_log() {
        assert_eq!(
            count("[command]/usr/bin/terraform show -json tfplan\n{\"a\": 1}\n::debug::exit\n"),
            1
        );
        assert_eq!(
            count("12:00:00.000 INFO  terraform: {x} done\n\u{1b}[0m{\"a\": 1}\u{1b}[0m\n"),
            1
        );
        assert_eq!(count("10:20:30 STDOUT terraform: {\"format_version\": \"1.2\"}\n"), 1);
        assert_eq!(count("{}::debug::Terraform exited with code 0.\n"), 1);
        assert_eq!(count("{\"a\": 1}\n{\"a\": 2}\n"), 2);
        assert_eq!(count("[terragrunt] 2024/01/01\n[2024-01-01] x\n[0]\n"), 0);
        assert_eq!(count("\n  [\n  {\"a\": 1}]"), 1);
    }

    #[test]
    fn a_broken_document_hides_no_other() {
        assert_eq!(code("{\"a\": [\n{\"resource_changes\": []}\n,]}"), "json.syntax");
        assert_eq!(code("{\"a\": nonsense}\n{\"resource_changes\": []}"), "json.syntax");
        assert_eq!(code("{\"a\": 1} {\"b\": 1}"), "json.trailing");
        assert_eq!(code("{\"a\": 1},\n{\"b\": 1}"), "json.trailing");
        assert_eq!(code("{"), "json.syntax");
    }

    #[test]
    fn names_other_formats() {
        assert_eq!(
            code("resource \"aws_vpc\" \"a\" {\n  policy = <<EOF\n{\n  \"a\": ${b}\n}\nEOF\n}"),
            "plan.hcl"
        );
        assert_eq!(code("\u{1b}[1mPlan: 1 to add\u{1b}[0m\n"), "plan.text");
        assert_eq!(code("╷\n│ Error: no such file\n"), "plan.text");
    }
}
