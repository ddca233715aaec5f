//! What a policy says of itself in its `# METADATA` block.

use serde::{Deserialize, Serialize};

use super::Source;
use super::schema;
use crate::error::{Error, ErrorKind};
use crate::json::Value;
use crate::location::{Location, Position};
use crate::rego::Annotation;

/// What a policy decides about, from its package: `plangate.<family>.<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Family {
    /// Tags and labels of resources.
    Tagging,
    /// Anything else about a plan.
    Plan,
    /// Who may do what with a stack.
    Access,
    /// Who must approve a change.
    Approval,
}

impl Family {
    /// All families.
    pub const ALL: &[Self] = &[Self::Tagging, Self::Plan, Self::Access, Self::Approval];

    /// The word in packages and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tagging => "tagging",
            Self::Plan => "plan",
            Self::Access => "access",
            Self::Approval => "approval",
        }
    }

    /// The rules by which a policy of this family decides. `applicable` is none: it only says what was looked at.
    pub fn decision_rules(self) -> &'static [&'static str] {
        match self {
            Self::Tagging | Self::Plan => &["deny", "undetermined", "warn"],
            Self::Access => &["deny", "grant", "undetermined"],
            Self::Approval => &["reject", "require", "undetermined"],
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Severity {
    /// A matter of taste or tidiness.
    Low,
    /// Should be put right.
    #[default]
    Medium,
    /// Must be put right soon.
    High,
    /// Must not happen.
    Critical,
}

impl Severity {
    /// The word in metadata and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    pub(super) const NAMES: &[(&'static str, Self)] = &[
        ("low", Self::Low),
        ("medium", Self::Medium),
        ("high", Self::High),
        ("critical", Self::Critical),
    ];
}

/// Whether a policy weighs on the decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Enforcement {
    /// It does not run.
    Disabled,
    /// Its findings are told and no more.
    Advisory,
    /// Its findings deny, its doubts ask for review.
    #[default]
    Mandatory,
}

impl Enforcement {
    /// The word in metadata and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Advisory => "advisory",
            Self::Mandatory => "mandatory",
        }
    }

    pub(super) const NAMES: &[(&'static str, Self)] = &[
        ("advisory", Self::Advisory),
        ("disabled", Self::Disabled),
        ("mandatory", Self::Mandatory),
    ];
}

/// The metadata of a policy's package.
#[derive(Clone, Debug, Default)]
pub(super) struct Metadata {
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) severity: Severity,
    pub(super) enforcement: Enforcement,
    pub(super) frameworks: Vec<String>,
    pub(super) remediation: Option<String>,
    /// The JSON Schema of `data.config`.
    pub(super) config: Option<Value>,
}

/// The members that `custom` may have.
const CUSTOM: &[&str] = &["config", "enforcement", "frameworks", "id", "remediation", "severity"];

impl Metadata {
    /// Reads the annotation of a package. None there: the defaults.
    ///
    /// The format is OPA's: <https://www.openpolicyagent.org/docs/policy-language#metadata>.
    pub(super) fn read(source: &Source, id: &str, annotation: Option<&Annotation>) -> Result<Self, Error> {
        let Some(annotation) = annotation else {
            return Ok(Self::default());
        };
        let members = &annotation.value;
        let position = Position::of_byte(source.text(), annotation.span.start as usize);
        let wrong = |message: String| {
            Error::new(ErrorKind::Policy, "policy.metadata", message).at(Location::text(source.name(), position))
        };
        let text = |members: &Value, name: &str| match members.member(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.trim().to_owned())),
            Some(other) => Err(wrong(format!(
                "metadata `{name}` is {}, expected a string",
                other.kind()
            ))),
        };
        let none = Value::Object(crate::json::Object::default());
        let custom = members.member("custom").unwrap_or(&none);
        if let Some(unknown) = custom
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name)
            .find(|name| !CUSTOM.contains(&name.as_str()))
        {
            return Err(
                wrong(format!("unknown metadata `custom.{unknown}`")).suggesting(unknown, CUSTOM.iter().copied())
            );
        }
        if let Some(stated) = text(custom, "id")?.filter(|stated| stated != id) {
            return Err(wrong(format!("metadata says id `{stated}`, the package says `{id}`")));
        }
        let frameworks = match custom.member("frameworks") {
            None => Vec::new(),
            Some(Value::Array(items)) => items
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect(),
            Some(other) => {
                return Err(wrong(format!(
                    "metadata `frameworks` is {}, expected an array of strings",
                    other.kind()
                )));
            }
        };
        let config = custom.member("config").cloned();
        if let Some(schema) = &config {
            schema::check_schema(schema).map_err(|message| wrong(format!("metadata `config`: {message}")))?;
        }
        Ok(Self {
            title: text(members, "title")?,
            description: text(members, "description")?,
            severity: word(text(custom, "severity")?.as_deref(), "severity", Severity::NAMES).map_err(wrong)?,
            enforcement: word(
                text(custom, "enforcement")?.as_deref(),
                "enforcement",
                Enforcement::NAMES,
            )
            .map_err(wrong)?,
            frameworks,
            remediation: text(custom, "remediation")?,
            config,
        })
    }
}

/// One of a list of words; the default where there is none.
pub(super) fn word<T: Copy + Default>(found: Option<&str>, name: &str, words: &[(&str, T)]) -> Result<T, String> {
    let Some(found) = found else { return Ok(T::default()) };
    words
        .iter()
        .find(|(word, _)| *word == found)
        .map(|(_, value)| *value)
        .ok_or_else(|| {
            let known: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            format!("unknown {name} `{found}`, expected one of {}", known.join(", "))
        })
}
