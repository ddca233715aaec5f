//! Sensitive values: known apart, never known.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::json::Value;

/// What stands in for a sensitive value in the document: `(sensitive #3)`.
///
/// The number tells equal values from different ones and says nothing else: it counts values in the order in which they are read,
/// resources sorted by address. Wherever a handle reaches an output it prints as `(sensitive)`.
const PREFIX: &str = "(sensitive #";

/// The sensitive values of one input: a digest and a handle for each, and no value.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Secrets {
    handles: Arc<BTreeMap<[u8; 32], u32>>,
}

impl Secrets {
    /// The handle that stands for `value` from now on. Equal values get equal handles.
    pub(crate) fn seal(&mut self, value: &Value) -> String {
        let next = u32::try_from(self.handles.len()).unwrap_or(u32::MAX) + 1;
        let number = *Arc::make_mut(&mut self.handles).entry(digest(value)).or_insert(next);
        handle(number)
    }

    /// The handle that a text would have: that of the sensitive value equal to it, or one that no value of the document has.
    pub(crate) fn sanitized(&self, text: &str) -> String {
        let digest = digest(&Value::from(text));
        match self.handles.get(&digest) {
            Some(number) => handle(*number),
            None => format!("{PREFIX}other {})", hex(digest.get(..8).unwrap_or_default())),
        }
    }
}

/// Whether a text of the plan would pass for a handle. Such a text is sealed as well, so that no plan can forge one.
pub(crate) fn looks_like_handle(text: &str) -> bool {
    text.contains(PREFIX)
}

/// A text with every handle in it replaced by `(sensitive)`.
pub(crate) fn scrub(text: &str) -> String {
    let mut rest = text;
    let mut clean = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once(PREFIX) {
        clean.push_str(before);
        clean.push_str("(sensitive)");
        rest = after.split_once(')').map_or("", |(_, tail)| tail);
    }
    clean.push_str(rest);
    clean
}

fn handle(number: u32) -> String {
    format!("{PREFIX}{number})")
}

fn digest(value: &Value) -> [u8; 32] {
    Sha256::digest(serde_json::to_vec(value).unwrap_or_default()).into()
}

/// SHA-256 in hexadecimal, as reports print it.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_equal_handles_and_texts_find_theirs() {
        let mut secrets = Secrets::default();
        let first = secrets.seal(&"hunter2".into());
        let second = secrets.seal(&"swordfish".into());
        assert_eq!(secrets.seal(&"hunter2".into()), first);
        assert_ne!(first, second);
        assert_eq!(secrets.sanitized("swordfish"), second);
        assert_ne!(secrets.sanitized("a"), secrets.sanitized("b"));
        assert!(looks_like_handle(&secrets.sanitized("a")));
    }

    #[test]
    fn handles_do_not_print() {
        let mut secrets = Secrets::default();
        let handle = secrets.seal(&"hunter2".into());
        assert_eq!(
            scrub(&format!("password is {handle}, {handle}!")),
            "password is (sensitive), (sensitive)!"
        );
        assert_eq!(scrub(&secrets.sanitized("x")), "(sensitive)");
        assert_eq!(scrub("cut (sensitive #1"), "cut (sensitive)");
    }
}
