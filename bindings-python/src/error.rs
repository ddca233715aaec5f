//! The exception `plangate.Error`: the core's error, with its parts as attributes.

use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

create_exception!(
    plangate,
    Error,
    PyException,
    "An input that cannot be read, or policies that cannot be compiled."
);

/// The exception for an error of the core: `str()` is its message with the place, the rest are attributes.
pub(crate) fn raised(py: Python<'_>, error: &plangate::Error) -> PyErr {
    let exception = Error::new_err(error.to_string());
    match with_attributes(py, &exception, error) {
        Ok(()) => exception,
        // Out of memory, in practice. That one matters more.
        Err(other) => other,
    }
}

fn with_attributes(py: Python<'_>, exception: &PyErr, error: &plangate::Error) -> PyResult<()> {
    let value = exception.value(py);
    let location = error
        .location()
        .map(|location| from_json(py, &to_json(location)))
        .transpose()?;
    let others: Vec<PyErr> = error.each().skip(1).map(|other| raised(py, other)).collect();
    value.setattr("kind", from_json(py, &to_json(&error.kind()))?)?;
    value.setattr("code", error.code())?;
    value.setattr("message", error.message())?;
    value.setattr("location", location)?;
    value.setattr("help", error.help())?;
    value.setattr("others", others)
}

/// Plain data as JSON. Keys are texts and numbers are whole, so it cannot fail.
pub(crate) fn to_json(data: &impl serde::Serialize) -> String {
    serde_json::to_string(data).unwrap_or_default()
}

/// JSON as Python data, by Python's own reader.
pub(crate) fn from_json<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (text,))
}
