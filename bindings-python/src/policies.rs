//! The class `PolicySet`.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use plangate::{Config, Source};

use crate::error::raised;
use crate::input::Input;
use crate::report::Report;

/// Compiled policies. A set never changes, and can be used from many threads.
#[derive(Debug)]
#[pyclass(module = "plangate", frozen)]
pub(crate) struct PolicySet(plangate::PolicySet);

#[pymethods]
impl PolicySet {
    /// The policies that come with Plangate.
    #[staticmethod]
    fn bundled(py: Python<'_>) -> PyResult<Self> {
        compiled(py, plangate::PolicySet::bundled)
    }

    /// Their sources, a text for each name, to compile together with others.
    #[staticmethod]
    fn bundled_sources(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
        let sources = PyDict::new(py);
        for source in Source::bundled() {
            sources.set_item(source.name(), source.text())?;
        }
        Ok(sources)
    }

    /// Compiles Rego: a text for each name. Names are what errors and findings call the texts.
    #[staticmethod]
    fn compile(py: Python<'_>, sources: &Bound<'_, PyDict>) -> PyResult<Self> {
        let mut texts = Vec::with_capacity(sources.len());
        for (name, text) in sources {
            texts.push(Source::new(name.extract::<String>()?, text.extract::<String>()?));
        }
        compiled(py, || plangate::PolicySet::compile(texts))
    }

    /// The same policies under a configuration, the text of a `plangate.toml`.
    fn with_config(&self, py: Python<'_>, toml: &str) -> PyResult<Self> {
        compiled(py, || {
            self.0.clone().with_config(&Config::from_toml("plangate.toml", toml)?)
        })
    }

    /// Evaluates the policies. Never fails: a policy that goes wrong denies, and the report says so.
    fn evaluate(&self, py: Python<'_>, input: &Bound<'_, Input>) -> Report {
        let input = input.get();
        Report(py.detach(|| self.0.evaluate(&input.0)))
    }
}

/// Other Python threads go on while policies are compiled.
fn compiled(
    py: Python<'_>,
    set: impl Send + FnOnce() -> Result<plangate::PolicySet, plangate::Error>,
) -> PyResult<PolicySet> {
    py.detach(set).map(PolicySet).map_err(|error| raised(py, &error))
}
