//! Terraform and OpenTofu plan JSON (`terraform show -json`): the road from bytes to the document, one file for each stretch.

mod action;
mod address;
mod configuration;
mod document;
mod doubts;
mod fields;
mod framing;
mod infer;
mod marks;
mod parts;
mod plan;
mod resource;
mod tags;
mod text;
mod values;

use crate::error::{Error, ErrorKind};
use crate::input::{Input, InputSource, sha256};

impl Input {
    /// Reads a plan: what `terraform show -json tfplan` or `tofu show -json tfplan` prints, Terraform 0.12 and newer.
    ///
    /// UTF-8 and UTF-16, log lines around the JSON, and the wrappers of other policy systems (`{"plan": ..}`, `{"tfplan": ..}`,
    /// `{"input": ..}`, Spacelift's and mocks with one case) are read. Binary plans, states, JSON lines and text for people
    /// are refused with an error that names the command to use. Two members of one name are refused.
    ///
    /// Sensitive values are replaced by handles while reading; the texts themselves are kept nowhere.
    ///
    /// ```
    /// # fn main() -> Result<(), plangate::Error> {
    /// let plan = br#"{"format_version": "1.2", "resource_changes": [{
    ///     "address": "aws_vpc.main", "type": "aws_vpc", "name": "main",
    ///     "provider_name": "registry.terraform.io/hashicorp/aws",
    ///     "change": {"actions": ["create"], "before": null, "after": {"tags": {"team": "net"}}, "after_unknown": {"id": true}}
    /// }]}"#;
    /// let plan = plangate::Input::from_terraform(plan)?.plan.unwrap();
    /// assert_eq!(plan.resources[0].tags.values["team"], "net");
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_terraform(plan: &[u8]) -> Result<Self, Error> {
        let text = text::decode(plan)?;
        let found = document::plan(framing::documents(&text)?)?;
        let (read, secrets) = plan::read(found, plan.len())?;
        let mut input = Self::new();
        input.plan = Some(read);
        input.secrets = secrets;
        input.sources.push(InputSource {
            kind: "plan",
            sha256: sha256(plan),
        });
        Ok(input)
    }
}

/// What to do about most files that are no plans.
const SHOW: &str = "write the plan with `terraform show -json tfplan > plan.json` (or `tofu show -json`), after `terraform plan -out=tfplan`";

/// An error about a file that is not the plan it should be.
fn refused(kind: ErrorKind, code: &'static str, found: &str, help: &str) -> Error {
    Error::new(kind, code, format!("expected a plan in JSON, found {found}")).with_help(help)
}
