//! `plangate.toml`: levels and configuration from outside the policies.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::metadata::word;
use super::schema::Mismatch;
use super::{Enforcement, Severity};
use crate::error::{Error, ErrorKind};
use crate::input::Doubt;
use crate::json::{Number, Object, Value};
use crate::location::{Location, Position};
use crate::report::Decision;

/// What `plangate.toml` says: how doubts and undetermined findings weigh, and each policy's level and configuration.
///
/// ```
/// # fn main() -> Result<(), plangate::Error> {
/// let config = plangate::Config::from_toml("plangate.toml", r#"
/// [decision]
/// undetermined = "review"     # what an undetermined finding of a mandatory policy asks for
///
/// [doubts]
/// incomplete = "allow"        # plans with -target are fine here
///
/// [policies.tagging.required_tags]
/// enforcement = "mandatory"
/// config.required = ["owner", "environment"]
/// "#)?;
/// # let _ = config; Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) undetermined: Decision,
    pub(crate) doubts: BTreeMap<String, Decision>,
    pub(super) policies: BTreeMap<String, Setting>,
    source: String,
    text: String,
}

/// What is said of one policy.
#[derive(Clone, Debug, Default)]
pub(super) struct Setting {
    pub(super) enforcement: Option<Enforcement>,
    pub(super) severity: Option<Severity>,
    pub(super) config: Option<Value>,
    /// Where the policy is named, in bytes.
    at: Range<usize>,
    /// Where each setting stands, by its path, in bytes.
    places: BTreeMap<Vec<String>, Range<usize>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            undetermined: Decision::Review,
            doubts: BTreeMap::new(),
            policies: BTreeMap::new(),
            source: String::new(),
            text: String::new(),
        }
    }
}

/// The words for decisions, as TOML has them.
const DECISIONS: &[(&str, Decision)] = &[
    ("allow", Decision::Allow),
    ("review", Decision::Review),
    ("deny", Decision::Deny),
];

impl Config {
    /// Reads a configuration. `source` is what errors call it. Whether its policies exist and their settings fit is checked by
    /// [`PolicySet::with_config`](super::PolicySet::with_config).
    ///
    /// # Errors
    /// `config.syntax` for text that is not TOML; `config.setting` for tables, names and words that are not known, with what is.
    pub fn from_toml(source: &str, text: &str) -> Result<Self, Error> {
        let mut config = Self {
            source: source.to_owned(),
            text: text.to_owned(),
            ..Self::default()
        };
        let table = DeTable::parse(text).map_err(|error| {
            let at = error.span().unwrap_or(0..0);
            config
                .error("config.syntax", &at, error.message().to_owned())
                .with_help("`plangate init` writes an example")
        })?;
        for (name, value) in table.get_ref() {
            match name.get_ref().as_ref() {
                "decision" => config.read_decision(value)?,
                "doubts" => config.read_doubts(value)?,
                "policies" => config.read_policies(value)?,
                unknown => {
                    return Err(config.unknown("table", unknown, &name.span(), &["decision", "doubts", "policies"]));
                }
            }
        }
        Ok(config)
    }

    fn read_decision(&mut self, value: &Spanned<DeValue<'_>>) -> Result<(), Error> {
        for (name, value) in self.table(value)? {
            match name.get_ref().as_ref() {
                "undetermined" => self.undetermined = self.decision(value)?,
                unknown => return Err(self.unknown("setting", unknown, &name.span(), &["undetermined"])),
            }
        }
        Ok(())
    }

    fn read_doubts(&mut self, value: &Spanned<DeValue<'_>>) -> Result<(), Error> {
        let known: Vec<&str> = Doubt::CODES.iter().map(|(code, ..)| *code).collect();
        for (name, value) in self.table(value)? {
            let code = name.get_ref().as_ref();
            if !known.contains(&code) {
                return Err(self.unknown("doubt", code, &name.span(), &known));
            }
            let decision = self.decision(value)?;
            self.doubts.insert(code.to_owned(), decision);
        }
        Ok(())
    }

    fn read_policies(&mut self, value: &Spanned<DeValue<'_>>) -> Result<(), Error> {
        for (family, value) in self.table(value)? {
            for (name, value) in self.table(value)? {
                let setting = self.setting(name.span(), value)?;
                self.policies
                    .insert(format!("{}.{}", family.get_ref(), name.get_ref()), setting);
            }
        }
        Ok(())
    }

    fn setting(&self, at: Range<usize>, value: &Spanned<DeValue<'_>>) -> Result<Setting, Error> {
        let mut setting = Setting {
            at,
            ..Setting::default()
        };
        for (name, value) in self.table(value)? {
            let word_of = |what| match value.get_ref() {
                DeValue::String(text) => Ok((Some(text.to_string()), what)),
                other => Err(self.error(
                    "config.setting",
                    &value.span(),
                    format!("expected a string, found {}", kind(other)),
                )),
            };
            match name.get_ref().as_ref() {
                "enforcement" => {
                    let (text, what) = word_of("enforcement")?;
                    let level = word(text.as_deref(), what, Enforcement::NAMES);
                    setting.enforcement =
                        Some(level.map_err(|message| self.error("config.setting", &value.span(), message))?);
                }
                "severity" => {
                    let (text, what) = word_of("severity")?;
                    let severity = word(text.as_deref(), what, Severity::NAMES);
                    setting.severity =
                        Some(severity.map_err(|message| self.error("config.setting", &value.span(), message))?);
                }
                "config" => {
                    self.table(value)?;
                    setting.config = Some(self.value(value, &mut Vec::new(), &mut setting.places)?);
                }
                unknown => {
                    return Err(self.unknown("setting", unknown, &name.span(), &["config", "enforcement", "severity"]));
                }
            }
        }
        Ok(setting)
    }

    /// A TOML value as JSON. The place of each part goes into `places`.
    fn value(
        &self,
        value: &Spanned<DeValue<'_>>,
        path: &mut Vec<String>,
        places: &mut BTreeMap<Vec<String>, Range<usize>>,
    ) -> Result<Value, Error> {
        places.entry(path.clone()).or_insert_with(|| value.span());
        let number = |text: &str| Number::parse(&text.replace('_', "")).map(Value::Number);
        Ok(match value.get_ref() {
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Boolean(value) => Value::Bool(*value),
            DeValue::Datetime(time) => Value::String(time.to_string()),
            DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
                .map(|value| Value::Number(value.into()))
                .map_err(|_| self.error("config.setting", &value.span(), "an integer of more than 64 bits"))?,
            DeValue::Float(float) => number(float.as_str())
                .ok_or_else(|| self.error("config.setting", &value.span(), "a number that JSON does not have"))?,
            DeValue::Array(items) => {
                let mut list = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    path.push(index.to_string());
                    list.push(self.value(item, path, places)?);
                    path.pop();
                }
                Value::Array(list)
            }
            DeValue::Table(table) => {
                let mut members = Object::new();
                for (name, value) in table {
                    path.push(name.get_ref().to_string());
                    places.insert(path.clone(), name.span());
                    members.insert(name.get_ref().to_string(), self.value(value, path, places)?);
                    path.pop();
                }
                Value::Object(members)
            }
        })
    }

    fn table<'a, 'b>(&self, value: &'a Spanned<DeValue<'b>>) -> Result<&'a DeTable<'b>, Error> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(table),
            other => Err(self.error(
                "config.setting",
                &value.span(),
                format!("expected a table, found {}", kind(other)),
            )),
        }
    }

    fn decision(&self, value: &Spanned<DeValue<'_>>) -> Result<Decision, Error> {
        let found = match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            other => {
                return Err(self.error(
                    "config.setting",
                    &value.span(),
                    format!("expected a string, found {}", kind(other)),
                ));
            }
        };
        word(found.as_deref(), "decision", DECISIONS)
            .map_err(|message| self.error("config.setting", &value.span(), message))
    }

    fn unknown(&self, what: &str, found: &str, at: &Range<usize>, known: &[&str]) -> Error {
        self.error("config.setting", at, format!("unknown {what} `{found}`"))
            .suggesting(found, known.iter().copied())
    }

    /// A policy that is configured and not in the set.
    pub(super) fn unknown_policy(&self, id: &str, known: &[&str]) -> Error {
        let at = self.policies.get(id).map_or(0..0, |setting| setting.at.clone());
        self.error("config.policy", &at, format!("no policy `{id}` in this set"))
            .with_help("`plangate policies list` shows them all")
            .suggesting(id, known.iter().copied())
    }

    /// A setting that does not fit the policy's schema.
    pub(super) fn mismatch(&self, id: &str, mismatch: Mismatch) -> Error {
        let setting = self.policies.get(id);
        let at = setting.map(|setting| {
            // The deepest part that stands in the text: a missing member has no place of its own.
            let mut path = mismatch.path.clone();
            loop {
                match setting.places.get(&path) {
                    Some(at) => return at.clone(),
                    None if path.pop().is_none() => return setting.at.clone(),
                    None => {}
                }
            }
        });
        let place = if mismatch.path.is_empty() {
            String::new()
        } else {
            format!("`{}`: ", mismatch.path.join("."))
        };
        let error = self.error(
            "config.schema",
            &at.unwrap_or(0..0),
            format!("configuration of `{id}`: {place}{}", mismatch.message),
        );
        match mismatch.help {
            Some(help) => error.with_help(help),
            None => error.with_help(format!("`plangate policies show {id}` prints its settings")),
        }
    }

    fn error(&self, code: &'static str, at: &Range<usize>, message: impl Into<String>) -> Error {
        let error = Error::new(ErrorKind::Policy, code, message);
        if self.text.is_empty() {
            return error;
        }
        error.at(Location::text(
            self.source.as_str(),
            Position::of_byte(&self.text, at.start),
        ))
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(text: &str) -> String {
        let error = Config::from_toml("plangate.toml", text).unwrap_err();
        format!("{error} [{}] {}", error.code(), error.help().unwrap_or_default())
    }

    #[test]
    fn errors_have_a_place_and_a_suggestion() {
        assert_eq!(
            error_of("[polices.tagging.x]"),
            "plangate.toml:1:2: unknown table `polices` [config.setting] did you mean `policies`?"
        );
        assert!(
            error_of("\n[decision]\nundetermined = 'maybe'")
                .starts_with("plangate.toml:3:16: unknown decision `maybe`")
        );
        assert!(error_of("[policies.a.b]\nconfg = {}").ends_with("did you mean `config`?"));
        assert!(error_of("[doubts]\nincompleet = 'allow'").ends_with("did you mean `incomplete`?"));
        assert!(error_of("x = ").contains("[config.syntax]"));
        assert!(error_of("policies = 1").contains("expected a table, found a number"));
    }

    #[test]
    fn settings_are_read() {
        let config = Config::from_toml(
            "t",
            "[policies.tagging.x]\nenforcement = 'advisory'\nconfig.a = [1, 0x10, 1.50, 'b']",
        )
        .unwrap();
        let setting = config.policies.get("tagging.x").unwrap();
        assert_eq!(setting.enforcement, Some(Enforcement::Advisory));
        assert_eq!(
            serde_json::to_string(&setting.config).unwrap(),
            r#"{"a":[1,16,1.50,"b"]}"#
        );
    }
}
