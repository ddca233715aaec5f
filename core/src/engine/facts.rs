//! Functions that answer from the input of one run: `sanitized("text")` and `time.now_ns()`.

use regorus::Value;

use super::Document;

/// Adds them to the engine of a run.
pub(super) fn register(engine: &mut regorus::Engine, document: &Document) -> anyhow::Result<()> {
    let secrets = document.secrets.clone();
    engine.add_extension(
        "sanitized".to_owned(),
        1,
        Box::new(move |arguments: Vec<Value>| {
            Ok(match arguments.first() {
                Some(Value::String(text)) => secrets.sanitized(text).into(),
                // As any built-in given the wrong type.
                _ => Value::Undefined,
            })
        }),
    )?;
    let time = document.time_ns;
    engine.add_extension(
        "time.now_ns".to_owned(),
        0,
        Box::new(move |_: Vec<Value>| {
            time.map(Value::from)
                .ok_or_else(|| anyhow::anyhow!("eval_refused_error: time.now_ns: the input has no time: give it one"))
        }),
    )
}
