//! Plangate in Python: the classes `Input`, `PolicySet` and `Report`, and the exception `Error`. No decision is made here.

mod arguments;
mod error;
mod input;
mod policies;
mod report;

use pyo3::prelude::*;

/// Decides whether an infrastructure change may go ahead. The package `plangate` re-exports everything here.
#[pymodule(gil_used = false)]
mod _plangate {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::error::Error;
    #[pymodule_export]
    use crate::input::Input;
    #[pymodule_export]
    use crate::policies::PolicySet;
    #[pymodule_export]
    use crate::report::Report;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // The version of the package is that of the core in it.
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
