//! A Rego text and its name.

use std::sync::Arc;

use crate::rego::{self, SourceText, Version};

/// A Rego text and its name, which errors and reports use. The library never reads it from disk.
#[derive(Clone, Debug)]
pub struct Source(SourceText);

impl Source {
    /// A text in Rego v1 under a name, such as the path of its file.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self(SourceText {
            name: name.into(),
            text: text.into(),
            version: Version::V1,
        })
    }

    /// A text in Rego v0, the language before OPA 1.0. `import rego.v1` in it makes it v1.
    pub fn rego_v0(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self(SourceText {
            name: name.into(),
            text: text.into(),
            version: Version::V0,
        })
    }

    /// A text in the version of Rego that it can be read as: v1 where that is valid, else v0. [`rego_version`](Self::rego_version) tells which.
    ///
    /// For old policies whose authors did not say. A text that is valid in both can mean different things: say the version where you know it.
    pub fn detected(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let version = rego::detect(&text).unwrap_or(Version::V1);
        Self(SourceText {
            name: name.into(),
            text,
            version,
        })
    }

    /// The version of Rego that the text is read as: `v1` or `v0`.
    pub fn rego_version(&self) -> &'static str {
        match self.0.version {
            Version::V0 => "v0",
            Version::V1 => "v1",
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
        &self.0.name
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    pub(super) fn source_text(&self) -> &SourceText {
        &self.0
    }
}
