//! Accounts: who somebody is, whether two are the same, and who had a hand in the commits.

use std::collections::{BTreeMap, BTreeSet};

use super::super::cursor::Cursor;
use crate::error::Error;
use crate::input::{Commit, Person, PersonKind};

/// The account that GitHub shows in place of deleted ones. All of them share it, so it is nobody.
const GHOST: &str = "ghost";

/// Reads an account. `None` for a deleted one, and for the empty object that stands for a commit's author without account.
pub(super) fn person(account: &Cursor<'_>) -> Result<Option<Person>, Error> {
    let id = account.count_of("id")?.map(|id| id.to_string());
    let login = account.text_of("login")?.map(|login| login.to_lowercase());
    let login = login.filter(|login| !login.is_empty());
    let kind = account.text_of("type")?;
    if login.as_deref() == Some(GHOST) || (login.is_none() && id.is_none()) {
        return Ok(None);
    }
    let is_bot = kind.as_deref() == Some("Bot") || login.as_deref().is_some_and(|login| login.ends_with("[bot]"));
    let kind = match kind.as_deref() {
        _ if is_bot => PersonKind::Bot,
        Some("User") => PersonKind::User,
        Some("Organization") => PersonKind::Organization,
        _ => PersonKind::Unknown,
    };
    Ok(Some(Person { id, login, kind }))
}

pub(super) fn person_of(object: &Cursor<'_>, name: &str) -> Result<Option<Person>, Error> {
    object.member(name)?.map_or(Ok(None), |account| person(&account))
}

/// Accounts to look somebody up in: by id, or by login where one of the two has no id. Logins are renamed and given to others.
#[derive(Clone, Debug, Default)]
pub(super) struct Accounts {
    ids: BTreeSet<String>,
    logins_with_id: BTreeSet<String>,
    logins_alone: BTreeSet<String>,
}

impl Accounts {
    pub(super) fn of<'a>(people: impl IntoIterator<Item = &'a Person>) -> Self {
        let mut accounts = Self::default();
        for person in people {
            accounts.add(person);
        }
        accounts
    }

    pub(super) fn add(&mut self, person: &Person) {
        let logins = if person.id.is_some() {
            &mut self.logins_with_id
        } else {
            &mut self.logins_alone
        };
        logins.extend(person.login.clone());
        self.ids.extend(person.id.clone());
    }

    pub(super) fn contain(&self, person: &Person) -> bool {
        let by_login = |logins: &BTreeSet<String>| person.login.as_ref().is_some_and(|login| logins.contains(login));
        match &person.id {
            Some(id) => self.ids.contains(id) || by_login(&self.logins_alone),
            None => by_login(&self.logins_alone) || by_login(&self.logins_with_id),
        }
    }
}

/// Everybody who had a hand in the commits, as far as it can be told from them.
#[derive(Clone, Debug, Default)]
pub(super) struct Contributors {
    pub(super) accounts: Accounts,
    /// Whether a mail address belongs to no account that is known.
    pub(super) some_unknown: bool,
}

impl Contributors {
    /// `committer_emails` are those of the same commits.
    pub(super) fn of<'a>(commits: impl IntoIterator<Item = (&'a Commit, Option<&'a str>)> + Clone) -> Self {
        let mut contributors = Self::default();
        let mut by_email = BTreeMap::new();
        for (commit, committer_email) in commits.clone() {
            let pairs = [
                (commit.author.as_ref(), commit.author_email.as_deref()),
                (commit.committer.as_ref(), committer_email),
            ];
            for (person, email) in pairs {
                if let Some(person) = person {
                    contributors.accounts.add(person);
                    by_email.extend(email.map(|email| (email.to_lowercase(), person)));
                }
            }
        }
        for (commit, committer_email) in commits {
            let author = commit.author_email.as_deref().filter(|_| commit.author.is_none());
            let committer = committer_email.filter(|_| commit.committer.is_none());
            let nameless = (commit.author.is_none() && commit.author_email.is_none())
                || (commit.committer.is_none() && committer_email.is_none());
            contributors.some_unknown |= nameless;
            let co_authors = commit.co_authors.iter().map(String::as_str);
            for email in author.into_iter().chain(committer).chain(co_authors) {
                let email = email.to_lowercase();
                if by_email.contains_key(&email) {
                    continue;
                }
                match owner_of_private_address(&email) {
                    Some(person) => contributors.accounts.add(&person),
                    None => contributors.some_unknown = true,
                }
            }
        }
        contributors
    }
}

/// The account in an address that GitHub hands out itself: `21031067+codertocat@users.noreply.github.com`, or the older form without id.
fn owner_of_private_address(email: &str) -> Option<Person> {
    let local = email.strip_suffix("@users.noreply.github.com")?;
    let (id, login) = match local.split_once('+') {
        Some((id, login)) if id.bytes().all(|byte| byte.is_ascii_digit()) && !id.is_empty() => (Some(id), login),
        Some(_) => return None,
        None => (None, local),
    };
    Some(Person {
        id: id.map(str::to_owned),
        login: Some(login.to_owned()),
        kind: PersonKind::Unknown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn someone(id: Option<&str>, login: &str) -> Person {
        Person {
            id: id.map(str::to_owned),
            login: Some(login.to_owned()),
            kind: PersonKind::User,
        }
    }

    #[test]
    fn trap_10_identity_is_the_id() {
        let accounts = Accounts::of(&[someone(Some("7"), "ada"), someone(None, "grace")]);
        assert!(accounts.contain(&someone(Some("7"), "renamed")));
        assert!(
            !accounts.contain(&someone(Some("8"), "ada")),
            "a login that somebody else took over"
        );
        assert!(accounts.contain(&someone(None, "ada")));
        assert!(accounts.contain(&someone(Some("9"), "grace")));
        assert!(!accounts.contain(&Person::default()));
    }

    #[test]
    fn private_addresses_name_their_owner() {
        assert_eq!(
            owner_of_private_address("21031067+codertocat@users.noreply.github.com"),
            Some(Person {
                id: Some("21031067".to_owned()),
                login: Some("codertocat".to_owned()),
                kind: PersonKind::Unknown
            })
        );
        assert_eq!(
            owner_of_private_address("octocat@users.noreply.github.com").and_then(|person| person.login),
            Some("octocat".to_owned())
        );
        assert_eq!(owner_of_private_address("ada@example.com"), None);
        assert_eq!(owner_of_private_address("+x@users.noreply.github.com"), None);
    }

    #[test]
    fn an_address_counts_as_known_once_a_commit_ties_it_to_an_account() {
        let written = Commit {
            author: Some(someone(Some("7"), "ada")),
            author_email: Some("Ada@example.com".to_owned()),
            committer: Some(someone(Some("19864447"), "web-flow")),
            ..Commit::default()
        };
        let shared = Commit {
            co_authors: vec!["ada@example.com".to_owned()],
            ..written.clone()
        };
        let stranger = Commit {
            co_authors: vec!["eve@example.com".to_owned()],
            ..written.clone()
        };
        let unknown = |commits: &[Commit]| Contributors::of(commits.iter().map(|commit| (commit, None))).some_unknown;
        assert!(!unknown(&[written.clone(), shared]));
        assert!(unknown(&[written, stranger]));
        assert!(unknown(&[Commit::default()]));
    }
}
