//! What Python code may pass as a document: text, bytes, or data that `json.dumps` can write.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};

/// The bytes of a document that is given as `str` or `bytes`.
pub(crate) fn text(document: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(text) = document.cast::<PyString>() {
        return Ok(text.extract::<String>()?.into_bytes());
    }
    if let Ok(bytes) = document.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().to_vec());
    }
    Err(PyTypeError::new_err(format!(
        "expected str or bytes, found {}",
        document.get_type().name()?
    )))
}

/// The bytes of a document that is given as `str` or `bytes` of JSON, or as a `dict`.
pub(crate) fn json(document: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if !document.is_instance_of::<PyDict>() {
        return text(document);
    }
    // The shortest form, so that the same data has the same digest as a compact file of it.
    let options = PyDict::new(document.py());
    options.set_item("ensure_ascii", false)?;
    options.set_item("allow_nan", false)?;
    options.set_item("separators", (",", ":"))?;
    let text = document
        .py()
        .import("json")?
        .call_method("dumps", (document,), Some(&options))?;
    Ok(text.extract::<String>()?.into_bytes())
}
