//! The command `plangate`: files and words in, a report and an exit code out. What is allowed is decided by the library alone.

mod access;
mod arguments;
mod check;
mod context;
mod diagnostics;
mod exit;
mod init;
mod input;
mod output;
mod policies;
mod problem;
mod read;
mod schema;
mod set;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use arguments::{Arguments, Command};
use exit::Exit;
use problem::Problems;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let exit = run(arguments.command).unwrap_or_else(|problems| {
        diagnostics::print(&problems);
        problems.exit()
    });
    exit.into()
}

fn run(command: Command) -> Result<Exit, Problems> {
    match command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Access(arguments) => access::run(&arguments),
        Command::Input(arguments) => input::run(&arguments),
        Command::Policies(arguments) => policies::run(&arguments),
        Command::Schema { document } => schema::run(document),
        Command::Init { folder } => init::run(&folder),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "plangate", &mut script);
            output::print(&script)
        }
    }
}
