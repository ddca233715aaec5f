//! Terraform and OpenTofu plan JSON (`terraform show -json`).

use crate::error::Error;
use crate::input::Input;

impl Input {
    /// Reads a plan.
    pub fn from_terraform(plan: &[u8]) -> Result<Self, Error> {
        crate::json::Value::from_json("plan", plan)?;
        Ok(Self {
            plan: Some(crate::input::Plan::default()),
            ..Self::new()
        })
    }
}
