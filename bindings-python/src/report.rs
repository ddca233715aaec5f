//! The class `Report`.

use pyo3::prelude::*;

use plangate::Format;

use crate::error::{from_json, raised, to_json};

/// What a policy set says about an input.
#[derive(Debug)]
#[pyclass(module = "plangate", frozen)]
pub(crate) struct Report(pub(crate) plangate::Report);

#[pymethods]
impl Report {
    /// The decision: `allow`, `review` or `deny`.
    #[getter]
    fn decision(&self) -> &'static str {
        self.0.decision().as_str()
    }

    /// What policies said, worst first: the `findings` of the report.
    #[getter]
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        from_json(py, &to_json(&self.0.findings()))
    }

    /// The report in a format: `text`, `json` or `markdown`.
    fn render(&self, py: Python<'_>, format: &str) -> PyResult<String> {
        let format: Format = format.parse().map_err(|error| raised(py, &error))?;
        Ok(self.0.render(format))
    }

    /// The report as JSON: the bytes that every language gives.
    fn to_json(&self) -> String {
        self.0.render(Format::Json)
    }

    /// The report as Python data.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        from_json(py, &self.to_json())
    }

    fn __repr__(&self) -> String {
        format!("<plangate.Report: {}>", self.decision())
    }
}
