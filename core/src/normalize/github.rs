//! GitHub: webhook events and REST answers.

use crate::error::Error;
use crate::input::Input;

/// What GitHub's payloads have said so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct GithubFacts {}

impl Input {
    /// Adds a GitHub payload.
    pub fn with_github(self, payload: &[u8]) -> Result<Self, Error> {
        crate::json::Value::from_json("change", payload)?;
        Ok(self)
    }
}
