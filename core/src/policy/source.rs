//! A Rego text and its name.

use std::sync::Arc;

use crate::engine::Module;

/// A Rego text and its name, which errors and reports use. The library never reads it from disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
}

impl Source {
    /// A text under a name, such as the path of its file.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
        }
    }

    /// The policies that come with Plangate, named `plangate:<family>/<name>.rego`.
    #[cfg(feature = "bundled-policies")]
    pub fn bundled() -> impl Iterator<Item = Self> {
        plangate_policies::POLICIES
            .iter()
            .map(|(path, text)| Self::new(format!("plangate:{path}"), *text))
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn module(&self) -> Module<'_> {
        Module {
            name: &self.name,
            text: &self.text,
        }
    }
}
