//! Actor, stack, request, run and time: the small documents that callers write themselves.

use std::collections::BTreeMap;

use super::cursor::{Cursor, Document, list_names, quote};
use super::time;
use crate::error::{Error, ErrorKind};
use crate::input::{Actor, Input, Part, Request, Run, Stack};
use crate::json::Value;
use crate::location::{Location, Position};
use crate::suggest;

impl Input {
    /// Adds who asks, as JSON: `{"login": "ada", "teams": ["payments"]}`. The members are those of [`Actor`].
    ///
    /// # Errors
    /// [`json.*`](crate::Error::code) where it is not JSON, and `context.*` with a JSON pointer where a member is missing, unknown, empty
    /// or of the wrong kind. The same holds for the other documents.
    pub fn with_actor(mut self, document: &[u8]) -> Result<Self, Error> {
        self.actor = Some(read("actor", document, actor)?);
        self.record("actor", document);
        Ok(self)
    }

    /// Adds what for, as JSON: `{"name": "payments-prod", "labels": ["team:payments"]}`. The members are those of [`Stack`].
    ///
    /// # Errors
    /// As [`Input::with_actor`].
    pub fn with_stack(mut self, document: &[u8]) -> Result<Self, Error> {
        self.stack = Some(read("stack", document, stack)?);
        self.record("stack", document);
        Ok(self)
    }

    /// Adds what the actor wants to do, as JSON: `{"action": "write"}`. The members are those of [`Request`].
    ///
    /// # Errors
    /// As [`Input::with_actor`].
    pub fn with_request(mut self, document: &[u8]) -> Result<Self, Error> {
        self.request = Some(read("request", document, request)?);
        self.record("request", document);
        Ok(self)
    }

    /// Adds the run that asks, as JSON: `{"id": "run-1", "kind": "tracked"}`. The members are those of [`Run`].
    ///
    /// # Errors
    /// As [`Input::with_actor`].
    pub fn with_run(mut self, document: &[u8]) -> Result<Self, Error> {
        self.run = Some(read("run", document, run)?);
        self.record("run", document);
        Ok(self)
    }

    /// Adds an [`Actor`], [`Stack`], [`Request`] or [`Run`] that was built in Rust. It is checked as the JSON document is that it stands for.
    ///
    /// ```
    /// # fn main() -> Result<(), plangate::Error> {
    /// use plangate::Input;
    /// use plangate::input::{Actor, Request};
    ///
    /// let input = Input::new().with(Actor::new("ada"))?.with(Request::new("write"))?;
    /// assert_eq!(input.request.unwrap().action, "write");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `context.*`, as [`Input::with_actor`].
    pub fn with(self, part: impl Into<Part>) -> Result<Self, Error> {
        let part = part.into();
        // Serializing plain data to bytes has no way to fail; were it to fail, reading nothing would be refused.
        let document = serde_json::to_vec(&part).unwrap_or_default();
        match part {
            Part::Actor(_) => self.with_actor(&document),
            Part::Stack(_) => self.with_stack(&document),
            Part::Request(_) => self.with_request(&document),
            Part::Run(_) => self.with_run(&document),
        }
    }

    /// Sets when the decision is made, RFC 3339 with any offset: `2026-11-23T10:00:00+01:00`. Kept in UTC and to the second.
    ///
    /// # Errors
    /// `time.syntax` where the text is not such a time.
    pub fn with_time(mut self, time: &str) -> Result<Self, Error> {
        let utc = time::utc(time).ok_or_else(|| {
            Error::new(ErrorKind::Syntax, "time.syntax", "a text that is not an RFC 3339 time")
                .at(Location::text("time", Position { line: 1, column: 1 }))
                .with_help(time::HELP)
        })?;
        self.record("time", time.as_bytes());
        self.time = Some(utc);
        Ok(self)
    }
}

fn read<T>(
    source: &'static str,
    document: &[u8],
    reader: impl FnOnce(&Cursor<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let value = Value::from_json(source, document)?;
    let code = "context.shape";
    reader(&Cursor::root(Document { source, code }, &value))
}

fn actor(document: &Cursor<'_>) -> Result<Actor, Error> {
    only(
        document,
        &[
            "id",
            "login",
            "name",
            "email",
            "teams",
            "teams_complete",
            "mfa",
            "attributes",
        ],
    )?;
    Ok(Actor {
        id: document.text_of("id")?,
        name: document.text_of("name")?,
        email: document.text_of("email")?,
        teams: document.texts_of("teams")?,
        teams_complete: document.flag_of("teams_complete")?.unwrap_or(true),
        mfa: document.flag_of("mfa")?,
        attributes: attributes(document)?,
        ..Actor::new(named(document, "login")?)
    })
}

fn stack(document: &Cursor<'_>) -> Result<Stack, Error> {
    only(
        document,
        &[
            "id",
            "name",
            "labels",
            "space",
            "environment",
            "repository",
            "attributes",
        ],
    )?;
    Ok(Stack {
        id: document.text_of("id")?,
        labels: document.texts_of("labels")?,
        space: document.text_of("space")?,
        environment: document.text_of("environment")?,
        repository: document.text_of("repository")?,
        attributes: attributes(document)?,
        ..Stack::new(named(document, "name")?)
    })
}

fn request(document: &Cursor<'_>) -> Result<Request, Error> {
    only(document, &["action", "reason"])?;
    Ok(Request {
        reason: document.text_of("reason")?,
        ..Request::new(named(document, "action")?)
    })
}

fn run(document: &Cursor<'_>) -> Result<Run, Error> {
    only(
        document,
        &[
            "id",
            "kind",
            "created_at",
            "triggered_by",
            "commit",
            "branch",
            "attributes",
        ],
    )?;
    Ok(Run {
        id: document.text_of("id")?,
        kind: document.text_of("kind")?,
        created_at: document.time_of("created_at")?,
        triggered_by: document.text_of("triggered_by")?,
        commit: document.text_of("commit")?,
        branch: document.text_of("branch")?,
        attributes: attributes(document)?,
    })
}

/// A text that must be there and must say something.
fn named(document: &Cursor<'_>, name: &str) -> Result<String, Error> {
    let Some(member) = document.member(name)? else {
        return Err(document
            .error(
                "context.missing_member",
                format!("the object lacks the member `{name}`"),
            )
            .with_help(format!("add `\"{name}\": \"...\"`")));
    };
    let text = member.text()?;
    if text.trim().is_empty() {
        return Err(member
            .error("context.empty", "an empty string")
            .with_help(format!("nothing can be decided without `{name}`")));
    }
    Ok(text.to_owned())
}

fn attributes(document: &Cursor<'_>) -> Result<BTreeMap<String, Value>, Error> {
    document
        .member("attributes")?
        .map(|member| member.object().cloned())
        .transpose()
        .map(Option::unwrap_or_default)
}

/// Refuses members of other names: one that is misspelt would be a fact that no policy sees.
fn only(document: &Cursor<'_>, known: &[&str]) -> Result<(), Error> {
    let errors = document
        .members()?
        .filter(|(name, _)| !known.contains(name))
        .map(|(name, member)| {
            let error = member.error("context.unknown_member", format!("unknown member {}", quote(name)));
            match suggest::nearest(name, known.iter().copied()) {
                Some(near) => error.with_help(format!("did you mean `{near}`?")),
                None if known.contains(&"attributes") => error.with_help(format!(
                    "known are {}; anything else goes into `attributes`",
                    list_names(known.iter())
                )),
                None => error.with_help(format!("known are {}", list_names(known.iter()))),
            }
        })
        .collect::<Vec<_>>();
    Error::all(errors).map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(result: Result<Input, Error>) -> (&'static str, String, String) {
        let error = result.unwrap_err();
        (
            error.code(),
            error.to_string(),
            error.help().unwrap_or_default().to_owned(),
        )
    }

    #[test]
    fn reads_all_four_documents() {
        let input = Input::new()
            .with_actor(br#"{"login": "Ada", "id": "7", "teams": ["payments"], "mfa": true, "attributes": {"cost": 8071748603418320040}}"#)
            .unwrap()
            .with_stack(br#"{"name": "payments-prod", "labels": ["team:payments"], "environment": "production", "space": null}"#)
            .unwrap()
            .with_request(br#"{"action": "write", "reason": "incident 12"}"#)
            .unwrap()
            .with_run(br#"{"kind": "tracked", "created_at": "2026-11-23T10:00:00.1234567+01:00"}"#)
            .unwrap()
            .with_time("2026-11-23T10:00:00+01:00")
            .unwrap();
        let actor = input.actor.as_ref().unwrap();
        assert!(actor.teams_complete && actor.login == "Ada");
        assert_eq!(
            serde_json::to_string(&actor.attributes).unwrap(),
            r#"{"cost":8071748603418320040}"#
        );
        assert_eq!(input.stack.as_ref().unwrap().space, None);
        assert_eq!(
            input.run.as_ref().unwrap().created_at.as_deref(),
            Some("2026-11-23T09:00:00Z")
        );
        assert_eq!(input.time.as_deref(), Some("2026-11-23T09:00:00Z"));
        let kinds: Vec<_> = input.sources.iter().map(|source| source.kind).collect();
        assert_eq!(kinds, ["actor", "request", "run", "stack", "time"]);
        assert!(input.sources.iter().all(|source| source.sha256.len() == 64));
    }

    #[test]
    fn of_each_document_there_is_one() {
        let input = Input::new()
            .with(Request::new("read"))
            .unwrap()
            .with(Request::new("admin"))
            .unwrap();
        assert_eq!(input.request, Some(Request::new("admin")));
        assert_eq!(input.sources.len(), 1);
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        let (code, text, help) = refused(Input::new().with_actor(br#"{"login": "ada", "team": ["x"]}"#));
        assert_eq!(code, "context.unknown_member");
        assert_eq!(text, "actor at /team: unknown member `team`");
        assert_eq!(help, "did you mean `teams`?");
        let (_, text, help) = refused(Input::new().with_stack(br#"{"name": "a", "colour": 1, "b": 2}"#));
        assert_eq!(text, "stack at /b: unknown member `b` (and 1 more error)");
        assert!(help.ends_with("anything else goes into `attributes`"), "{help}");
        let (_, _, help) = refused(Input::new().with_request(br#"{"action": "read", "zzzz": 1}"#));
        assert_eq!(help, "known are `action`, `reason`");
    }

    #[test]
    fn refuses_missing_empty_and_wrong() {
        assert_eq!(refused(Input::new().with_request(b"{}")).0, "context.missing_member");
        assert_eq!(
            refused(Input::new().with_request(br#"{"action": null}"#)).0,
            "context.missing_member"
        );
        assert_eq!(
            refused(Input::new().with_request(br#"{"action": " "}"#)).0,
            "context.empty"
        );
        let (code, text, _) = refused(Input::new().with_actor(br#"{"login": "ada", "teams": ["x", 7]}"#));
        assert_eq!(code, "context.shape");
        assert_eq!(text, "actor at /teams/1: expected a string, found a number");
        assert_eq!(
            refused(Input::new().with_run(b"[]")).1,
            "run at the top level: expected an object, found an array"
        );
        let (code, text, _) = refused(Input::new().with_run(br#"{"created_at": "hunter2"}"#));
        assert_eq!(
            (code, text.as_str()),
            (
                "time.syntax",
                "run at /created_at: a string that is not an RFC 3339 time"
            )
        );
        assert_eq!(refused(Input::new().with_time("yesterday")).0, "time.syntax");
        assert_eq!(refused(Input::new().with_actor(b"{")).0, "json.syntax");
        assert_eq!(refused(Input::new().with(Actor::new(""))).0, "context.empty");
    }
}
