//! The engine's errors, which are text, as ours.

use crate::error::{Error, ErrorKind};
use crate::input::scrub;
use crate::location::{Location, Position};

/// An error while a module was read or analysed. `name` is the module, for messages that name no place.
pub(super) fn compile(name: &str, error: &anyhow::Error) -> Error {
    translate("policy.syntax", name, error)
}

/// An error while a rule ran.
pub(super) fn runtime(name: &str, error: &anyhow::Error) -> Error {
    use regorus::LimitError;
    if let Some(LimitError::TimeLimitExceeded { .. }) = error.downcast_ref::<LimitError>() {
        return Error::new(
            ErrorKind::Limit,
            "policy.time",
            format!("evaluating `{name}` took too long"),
        )
        .with_help("look for loops inside loops over all resources");
    }
    translate("policy.runtime", name, error)
}

/// The engine draws its errors: a line `--> file:line:column`, the source line, a caret, and `error: what`.
fn translate(code: &'static str, name: &str, error: &anyhow::Error) -> Error {
    let text = error.to_string();
    let message = text
        .rsplit_once("error: ")
        .map_or(text.as_str(), |(_, message)| message);
    let message = scrub(
        message
            .trim()
            .lines()
            .next()
            .unwrap_or("the engine failed without a message"),
    );
    let error = Error::new(ErrorKind::Policy, code, message);
    match text.lines().find_map(place) {
        Some((source, position)) => error.at(Location::text(source, position)),
        None => error.at(Location::text(name, Position { line: 1, column: 1 })),
    }
}

/// Reads `--> file:line:column` from the right, because the name may hold colons.
fn place(line: &str) -> Option<(&str, Position)> {
    let mut parts = line.trim().strip_prefix("--> ")?.rsplitn(3, ':');
    let column = parts.next()?.trim().parse().ok()?;
    let line = parts.next()?.parse().ok()?;
    Some((parts.next()?, Position { line, column }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_from_the_right() {
        assert_eq!(
            place("  --> c:\\a.rego:12:5"),
            Some(("c:\\a.rego", Position { line: 12, column: 5 }))
        );
        assert_eq!(place("12 | x := 1"), None);
    }
}
