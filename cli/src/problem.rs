//! What keeps the command from giving an answer: errors of the library, and those of files and arguments.

use std::collections::BTreeMap;

use crate::exit::Exit;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Problem {
    /// The library cannot read an input, or a policy is broken.
    Library(plangate::Error),
    /// A file or an argument is wrong.
    Own(Own),
}

/// A file or an argument that is wrong.
#[derive(Debug)]
pub(crate) struct Own {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) exit: Exit,
}

impl Own {
    /// Something that cannot be read or written.
    pub(crate) fn unreadable(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            help: None,
            exit: Exit::Unreadable,
        }
    }

    /// Arguments that make no sense.
    pub(crate) fn usage(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            ..Self::unreadable(code, message)
        }
    }

    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<plangate::Error> for Problem {
    fn from(error: plangate::Error) -> Self {
        Self::Library(error)
    }
}

impl From<Own> for Problem {
    fn from(own: Own) -> Self {
        Self::Own(own)
    }
}

/// Texts by name.
pub(crate) type Texts = BTreeMap<String, String>;

/// Several problems, and the texts that they point into.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    pub(crate) all: Vec<Problem>,
    /// Policies and configuration by name, for the line above the caret. No input is among them: its lines may hold secrets.
    pub(crate) texts: Texts,
}

impl Problems {
    /// An error of the library in one of these texts.
    pub(crate) fn of_text(error: plangate::Error, texts: Texts) -> Self {
        Self {
            texts,
            ..Self::from(error)
        }
    }

    pub(crate) fn add(&mut self, problem: impl Into<Problem>) {
        self.all.push(problem.into());
    }

    /// What worked, or `None` with the problem noted, so that the next thing can be tried.
    pub(crate) fn note<T>(&mut self, result: Result<T, impl Into<Problems>>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(problems) => {
                let problems = problems.into();
                self.all.extend(problems.all);
                self.texts.extend(problems.texts);
                None
            }
        }
    }

    /// The worst exit code of all.
    pub(crate) fn exit(&self) -> Exit {
        let each = self.all.iter().map(|problem| match problem {
            Problem::Library(_) => Exit::Unreadable,
            Problem::Own(own) => own.exit,
        });
        each.max().unwrap_or(Exit::Unreadable)
    }
}

impl<P: Into<Problem>> From<P> for Problems {
    fn from(problem: P) -> Self {
        Self {
            all: vec![problem.into()],
            texts: Texts::new(),
        }
    }
}
