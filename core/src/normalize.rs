//! Vendors' JSON to the document: the only room that knows a vendor's field names, one file for each vendor.

mod context;
mod cursor;
mod github;
mod provider;
mod terraform;
mod time;

pub(crate) use github::GithubFacts;
