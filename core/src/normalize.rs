//! Vendors' JSON to the document: the only room that knows a vendor's field names, one file for each vendor.

mod context;
mod github;
mod terraform;

pub(crate) use github::GithubFacts;
