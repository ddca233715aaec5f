//! The command as its users meet it: arguments and files in, standard output, standard error and exit codes out.

mod check;
mod errors;
mod help;
mod sandbox;
