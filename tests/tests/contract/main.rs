//! What holds for the whole project: generated files are current, rooms keep their borders, dependencies say why.

#![allow(clippy::unwrap_used, reason = "a test that cannot read the repository fails")]

mod errors;
mod rooms;
mod schemas;
mod sources;
