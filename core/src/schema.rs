//! JSON Schemas (draft 2020-12) of what comes in to policies and what goes out of an evaluation.
//!
//! Generated from the types, committed under `core/schema/`, and compared by a test. They describe what Plangate *writes*: every object is
//! closed, and a member that can be absent is absent and never null. A newer Plangate may write more members and more words.

/// The schema of the document: what [`Input::to_json`](crate::Input::to_json) gives and policies read as `input`.
pub const INPUT: &str = include_str!("../schema/input.schema.json");

/// The schema of the report: what [`Report`](crate::Report) serializes to.
pub const REPORT: &str = include_str!("../schema/report.schema.json");
