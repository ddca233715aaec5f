//! The engine's errors, which are text, as ours.

use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::input::scrub;
use crate::location::{Location, Position};
use crate::rego::{Package, SourceText};

/// Where the modules that an engine holds came from.
#[derive(Debug, Default)]
pub(super) struct Origins {
    pub(super) packages: Vec<Arc<Package>>,
    /// All sources of the set, as origins count them.
    pub(super) sources: Arc<[SourceText]>,
}

impl Origins {
    /// What the engine calls a package.
    pub(super) fn name(index: usize) -> String {
        format!("package-{index}")
    }

    /// An error while packages were loaded: the front end has let something through that the engine refuses.
    pub(super) fn compile_error(&self, error: &anyhow::Error) -> Error {
        self.translate("policy.engine", "policy", error)
    }

    /// An error while a rule ran.
    pub(super) fn runtime_error(&self, rule: &str, error: &anyhow::Error) -> Error {
        use regorus::LimitError;
        if let Some(LimitError::TimeLimitExceeded { .. }) = error.downcast_ref::<LimitError>() {
            return Error::new(
                ErrorKind::Limit,
                "policy.time",
                format!("evaluating `{rule}` took too long"),
            )
            .with_help("look for loops inside loops over all resources");
        }
        self.translate("policy.runtime", rule, error)
    }

    /// The engine draws its errors: a line `--> file:line:column`, the source line, a caret, and `error: what`.
    fn translate(&self, code: &'static str, name: &str, error: &anyhow::Error) -> Error {
        let text = error.to_string();
        // Codes of built-in functions end in `error: ` too, so only the start of a line counts.
        let message = text
            .lines()
            .rev()
            .find_map(|line| line.trim_start().strip_prefix("error: "))
            .unwrap_or(text.as_str());
        let message = message
            .trim()
            .lines()
            .next()
            .unwrap_or("the engine failed without a message");
        let error = builtin_error(message).unwrap_or_else(|| Error::new(ErrorKind::Policy, code, scrub(message)));
        // The innermost place comes first; one in text that only the lowering wrote has no origin.
        let place = text
            .lines()
            .filter_map(place)
            .find_map(|(file, position)| self.origin(file, position));
        error.at(place.unwrap_or_else(|| Location::text(name, Position { line: 1, column: 1 })))
    }

    /// The place in the author's text that a place in a loaded package came from.
    fn origin(&self, file: &str, position: Position) -> Option<Location> {
        let index: usize = file.strip_prefix("package-")?.parse().ok()?;
        let package = self.packages.get(index)?;
        let line_start: usize = package
            .text
            .split_inclusive('\n')
            .take(position.line.checked_sub(1)? as usize)
            .map(str::len)
            .sum();
        let origin = package
            .map
            .origin(line_start + position.column.saturating_sub(1) as usize)?;
        let source = self.sources.get(origin.source)?;
        Some(Location::text(
            source.name.clone(),
            Position::of_byte(&source.text, origin.span.start as usize),
        ))
    }
}

/// What a built-in function failed with: `code: name: what`, the code one of [`Failure::code`](super::builtins::Failure::code).
fn builtin_error(message: &str) -> Option<Error> {
    let (code, what) = message.split_once(": ")?;
    let error = |kind, code, message: &str| Some(Error::new(kind, code, scrub(message)));
    match code {
        "eval_limit_error" => Some(error(ErrorKind::Limit, "policy.limit", what)?.with_help("ask for less")),
        "eval_refused_error" => {
            // The reason ends in what to give, where something helps.
            let (reason, help) = what
                .rsplit_once(": ")
                .filter(|(reason, _)| reason.contains(": "))
                .unwrap_or((what, "leave the call out, or ask for a build that has it"));
            Some(error(ErrorKind::Policy, "policy.refused", reason)?.with_help(help))
        }
        "eval_type_error" | "eval_builtin_error" => error(ErrorKind::Policy, "policy.runtime", what),
        _ => None,
    }
}

/// Reads `--> file:line:column`. The column counts bytes.
fn place(line: &str) -> Option<(&str, Position)> {
    let mut parts = line.trim().strip_prefix("--> ")?.rsplitn(3, ':');
    let column = parts.next()?.trim().parse().ok()?;
    let line = parts.next()?.parse().ok()?;
    Some((parts.next()?, Position { line, column }))
}
