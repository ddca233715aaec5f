//! The class `Input`.

use pyo3::prelude::*;

use crate::arguments;
use crate::error::raised;

/// Everything a decision is made from: the plan, the pull request behind it, who asks, for what, and when.
///
/// An input never changes: each `with_` method gives a new one.
#[derive(Debug)]
#[pyclass(module = "plangate", frozen)]
pub(crate) struct Input(pub(crate) plangate::Input);

#[pymethods]
impl Input {
    /// An input without anything in it yet, for an access decision.
    #[new]
    fn new() -> Self {
        Self(plangate::Input::new())
    }

    /// Reads a plan: what `terraform show -json` or `tofu show -json` prints.
    #[staticmethod]
    fn from_terraform(py: Python<'_>, plan: &Bound<'_, PyAny>) -> PyResult<Self> {
        let plan = arguments::text(plan)?;
        read(py, || plangate::Input::from_terraform(&plan))
    }

    /// Adds a payload about the change, whichever host it comes from.
    fn with_change(&self, py: Python<'_>, payload: &Bound<'_, PyAny>) -> PyResult<Self> {
        let payload = arguments::json(payload)?;
        read(py, || self.0.clone().with_change(&payload))
    }

    /// Adds a GitHub payload: a webhook event, or an answer of the REST API.
    fn with_github(&self, py: Python<'_>, payload: &Bound<'_, PyAny>) -> PyResult<Self> {
        let payload = arguments::json(payload)?;
        read(py, || self.0.clone().with_github(&payload))
    }

    /// Adds the members of a team, as `GET /orgs/{org}/teams/{team}/members` lists them. `slug` is `org/team`.
    fn with_github_team(&self, py: Python<'_>, slug: &str, members: &Bound<'_, PyAny>) -> PyResult<Self> {
        let members = arguments::text(members)?;
        read(py, || self.0.clone().with_github_team(slug, &members))
    }

    /// Says who asks.
    fn with_actor(&self, py: Python<'_>, actor: &Bound<'_, PyAny>) -> PyResult<Self> {
        let actor = arguments::json(actor)?;
        read(py, || self.0.clone().with_actor(&actor))
    }

    /// Says what for.
    fn with_stack(&self, py: Python<'_>, stack: &Bound<'_, PyAny>) -> PyResult<Self> {
        let stack = arguments::json(stack)?;
        read(py, || self.0.clone().with_stack(&stack))
    }

    /// Says what the actor wants to do.
    fn with_request(&self, py: Python<'_>, request: &Bound<'_, PyAny>) -> PyResult<Self> {
        let request = arguments::json(request)?;
        read(py, || self.0.clone().with_request(&request))
    }

    /// Says which run asks.
    fn with_run(&self, py: Python<'_>, run: &Bound<'_, PyAny>) -> PyResult<Self> {
        let run = arguments::json(run)?;
        read(py, || self.0.clone().with_run(&run))
    }

    /// Says when the decision is made, in RFC 3339. Nothing else tells the time.
    fn with_time(&self, py: Python<'_>, rfc3339: &str) -> PyResult<Self> {
        read(py, || self.0.clone().with_time(rfc3339))
    }

    /// The document that policies read as `input`, as JSON, with handles in place of sensitive values.
    fn to_json(&self, py: Python<'_>) -> String {
        py.detach(|| self.0.to_json())
    }
}

/// Other Python threads go on while an input is read.
fn read(py: Python<'_>, input: impl Send + FnOnce() -> Result<plangate::Input, plangate::Error>) -> PyResult<Input> {
    py.detach(input).map(Input).map_err(|error| raised(py, &error))
}
