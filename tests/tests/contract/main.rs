//! What holds for the whole project: generated files are current, rooms keep their borders, dependencies say why.

mod rooms;
mod schemas;
mod sources;
