//! Exit codes.

use std::process::ExitCode;

use plangate::Decision;

/// How the command ends. Ordered: the worst of several wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// It is allowed, or what was asked for was printed.
    Fine,
    /// Somebody must look at it first.
    Review,
    /// It is denied.
    Denied,
    /// An input cannot be read, a policy is broken, or a file cannot be written.
    Unreadable,
    /// The words on the command line make no sense.
    Usage,
}

impl From<Decision> for Exit {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Allow => Self::Fine,
            Decision::Review => Self::Review,
            Decision::Deny => Self::Denied,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Denied => 1,
            Exit::Usage => 2,
            Exit::Unreadable => 3,
            Exit::Review => 4,
        })
    }
}
