//! Everything but the plan: the change, who asks, for what, in which run, and when.

use std::path::{Path, PathBuf};

use plangate::input::Request;
use plangate::{Error, Input};

use crate::arguments::{Change, Moment, Provider};
use crate::problem::Problems;
use crate::read::{Content, Reader};

/// What is read before the plans, and given to each of them.
#[derive(Debug, Default)]
pub(crate) struct Context {
    parts: Vec<Part>,
}

/// One document, and how it becomes part of the input.
#[derive(Debug)]
struct Part {
    content: Content,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Change(Option<Provider>),
    Team(String),
    Actor,
    Stack,
    Run,
    Request,
    Time,
}

impl Context {
    /// Reads the files. What cannot be read is noted.
    pub(crate) fn read(
        reader: &mut Reader,
        change: &Change,
        actor: Option<&PathBuf>,
        stack: Option<&PathBuf>,
        moment: &Moment,
        problems: &mut Problems,
    ) -> Self {
        let mut context = Self::default();
        let mut file = |path: &Path, argument: &str, kind: Kind| {
            if let Some(content) = problems.note(reader.read(path, argument)) {
                context.parts.push(Part { content, kind });
            }
        };
        for path in &change.payloads {
            file(path, "--change", Kind::Change(change.provider));
        }
        for team in &change.team {
            file(&team.file, "--team", Kind::Team(team.slug.clone()));
        }
        if let Some(path) = actor {
            file(path, "--actor", Kind::Actor);
        }
        if let Some(path) = stack {
            file(path, "--stack", Kind::Stack);
        }
        if let Some(path) = &moment.run {
            file(path, "--run", Kind::Run);
        }
        if let Some(time) = &moment.time {
            context.add("--time", time.as_bytes().to_vec(), Kind::Time);
        }
        context
    }

    /// Adds a request for access.
    pub(crate) fn request(&mut self, action: &str, reason: Option<&str>) {
        let mut request = Request::new(action);
        request.reason = reason.map(str::to_owned);
        // Plain data: writing it has no way to fail, and reading nothing would be refused.
        let request = serde_json::to_vec(&request).unwrap_or_default();
        self.add("--action", request, Kind::Request);
    }

    fn add(&mut self, name: &str, bytes: Vec<u8>, kind: Kind) {
        self.parts.push(Part {
            content: Content {
                name: name.to_owned(),
                bytes,
            },
            kind,
        });
    }

    /// Adds the context to an input.
    pub(crate) fn give_to(&self, input: Input) -> Result<Input, Error> {
        self.parts.iter().try_fold(input, |input, part| {
            let bytes = &part.content.bytes;
            let result = match &part.kind {
                Kind::Change(None) => input.with_change(bytes),
                Kind::Change(Some(Provider::Github)) => input.with_github(bytes),
                Kind::Team(slug) => input.with_github_team(slug, bytes),
                Kind::Actor => input.with_actor(bytes),
                Kind::Stack => input.with_stack(bytes),
                Kind::Run => input.with_run(bytes),
                Kind::Request => input.with_request(bytes),
                // It was an argument, and arguments are UTF-8 here.
                Kind::Time => input.with_time(&String::from_utf8_lossy(bytes)),
            };
            result.map_err(|error| error.in_source(&part.content.name))
        })
    }
}
