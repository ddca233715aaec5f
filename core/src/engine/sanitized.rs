//! `sanitized("text")`: the handle that stands for a sensitive text, so that a policy can compare without seeing.

use crate::input::Secrets;

/// Adds `sanitized` to an engine, answering from the secrets of one input.
pub(super) fn register(engine: &mut regorus::Engine, secrets: Secrets) -> anyhow::Result<()> {
    engine.add_extension(
        "sanitized".to_owned(),
        1,
        Box::new(move |arguments: Vec<regorus::Value>| {
            Ok(match arguments.first() {
                Some(regorus::Value::String(text)) => secrets.sanitized(text).into(),
                // As any built-in given the wrong type.
                _ => regorus::Value::Undefined,
            })
        }),
    )
}
