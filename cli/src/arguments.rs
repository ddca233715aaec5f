//! What can be said on the command line.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, Styles, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use plangate::Format;

use crate::read::nearest;

const EXIT_CODES: &str = "\
Exit codes:
  0  allowed, or done
  1  denied
  2  wrong usage
  3  an input cannot be read, a policy is broken, or a file cannot be written
  4  needs review";

const STYLES: Styles = Styles::styled()
    .header(anstyle::Style::new().bold())
    .usage(anstyle::Style::new().bold())
    .literal(anstyle::AnsiColor::Cyan.on_default())
    .placeholder(anstyle::AnsiColor::Cyan.on_default())
    .error(anstyle::AnsiColor::Red.on_default().bold())
    .valid(anstyle::AnsiColor::Green.on_default())
    .invalid(anstyle::AnsiColor::Yellow.on_default());

/// May this Terraform or OpenTofu change go ahead?
///
/// Reads a plan and the pull request behind it, asks tagging, access and approval policies written in Rego, and answers: allowed, needs
/// review, or denied, and exactly why.
#[derive(Debug, Parser)]
#[command(name = "plangate", version, after_help = EXIT_CODES, styles = STYLES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Decide about plans
    ///
    /// Reads each plan as `terraform show -json` writes it, asks the policies about it and prints the report. Of several plans, each gets a
    /// report of its own, and the exit code is the worst. Where any input cannot be read, nothing is decided.
    #[command(after_help = EXIT_CODES, after_long_help = EXAMPLES_OF_CHECK)]
    Check(Check),
    /// Decide whether somebody may do something with a stack
    ///
    /// Asks the access policies alone. What nobody grants is denied.
    #[command(after_help = EXIT_CODES)]
    Access(Access),
    /// Print the document that policies read as `input`
    ///
    /// Sensitive values are handles in it, such as `(sensitive #1)`.
    Input(Input),
    /// List the policies, or show one
    Policies(Policies),
    /// Print a JSON Schema
    Schema {
        /// Of which document
        document: Document,
    },
    /// Write a first configuration, a first policy and its test
    ///
    /// Writes `plangate.toml`, `policies/plan/instance_types.rego` and `policies/plan/instance_types_test.rego`. Files that are there
    /// already are left alone, and nothing is written then.
    Init {
        /// Where to
        #[arg(value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
        folder: PathBuf,
    },
    /// Print completions for a shell
    ///
    /// For bash: `plangate completions bash > ~/.local/share/bash-completion/completions/plangate`
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

const EXAMPLES_OF_CHECK: &str = "\
Exit codes:
  0  allowed
  1  denied
  2  wrong usage
  3  an input cannot be read, a policy is broken, or a file cannot be written
  4  needs review

Examples:
  terraform show -json plan.tfplan | plangate check -
  plangate check plan.json --change pull_request.json reviews.json
  plangate check plan.json --policies policies --output markdown=comment.md";

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Plan as JSON, from `terraform show -json` or `tofu show -json`; `-` is standard input
    #[arg(value_name = "PLAN", required = true, value_hint = ValueHint::FilePath)]
    pub(crate) plans: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) change: Change,
    /// Who asks: `{"login": "ada", "teams": ["payments"]}`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) actor: Option<PathBuf>,
    /// What for: `{"name": "payments-prod", "labels": ["team:payments"]}`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) stack: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) moment: Moment,
    #[command(flatten)]
    pub(crate) set: Set,
    #[command(flatten)]
    pub(crate) format: FormatArgument,
}

#[derive(Debug, Args)]
pub(crate) struct Access {
    /// Who asks: `{"login": "ada", "teams": ["payments"]}`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) actor: PathBuf,
    /// What for: `{"name": "payments-prod", "labels": ["team:payments"]}`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) stack: PathBuf,
    /// What they want to do: `read`, `write`, `admin`, or a word of your policies
    #[arg(long, value_name = "ACTION")]
    pub(crate) action: String,
    /// Why, in the actor's words
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) change: Change,
    #[command(flatten)]
    pub(crate) moment: Moment,
    #[command(flatten)]
    pub(crate) set: Set,
    #[command(flatten)]
    pub(crate) format: FormatArgument,
}

#[derive(Debug, Args)]
pub(crate) struct Input {
    /// Plan as JSON; `-` is standard input
    #[arg(value_name = "PLAN", value_hint = ValueHint::FilePath)]
    pub(crate) plan: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) change: Change,
    /// Who asks
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) actor: Option<PathBuf>,
    /// What for
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) stack: Option<PathBuf>,
    /// What they want to do
    #[arg(long, value_name = "ACTION")]
    pub(crate) action: Option<String>,
    /// Why, in the actor's words
    #[arg(long, value_name = "TEXT", requires = "action")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) moment: Moment,
}

#[derive(Debug, Args)]
pub(crate) struct Policies {
    #[command(subcommand)]
    pub(crate) command: PoliciesCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PoliciesCommand {
    /// List all policies with their level and severity
    List {
        #[command(flatten)]
        set: Set,
    },
    /// Show one policy: what it does, its settings and how to change them
    Show {
        /// The policy, such as `tagging.required_tags`
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        set: Set,
    },
}

/// The change behind a plan.
#[derive(Debug, Args)]
pub(crate) struct Change {
    /// What the host of the repository says about the change: webhook events and answers of its API, as many as there are
    #[arg(long = "change", value_name = "FILE", num_args = 1.., value_hint = ValueHint::FilePath)]
    pub(crate) payloads: Vec<PathBuf>,
    /// The members of a team, as the host's API lists them
    #[arg(long, value_name = "SLUG=FILE", num_args = 1.., value_parser = Team::parse)]
    pub(crate) team: Vec<Team>,
    /// Whose payloads these are, where it should not be recognized
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<Provider>,
}

/// The run, and the time.
#[derive(Debug, Args)]
pub(crate) struct Moment {
    /// The run that asks: `{"id": "run-1", "kind": "tracked"}`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) run: Option<PathBuf>,
    /// When the decision is made, such as 2026-11-23T09:00:00Z. Policies know no other time
    #[arg(long, value_name = "RFC3339")]
    pub(crate) time: Option<String>,
}

/// Which policies are asked, and how they are set.
#[derive(Debug, Args)]
pub(crate) struct Set {
    /// Policies beside the bundled ones: files, or folders with `*.rego` in them; `*_test.rego` is left out
    #[arg(long, value_name = "PATH", num_args = 1.., value_hint = ValueHint::AnyPath)]
    pub(crate) policies: Vec<PathBuf>,
    /// Without the bundled policies
    #[arg(long, requires = "policies")]
    pub(crate) no_bundled: bool,
    /// Levels and settings of policies [default: plangate.toml, where there is one]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
}

/// In which formats the report is given.
#[derive(Debug, Args)]
pub(crate) struct FormatArgument {
    /// What is printed
    ///
    /// Of several plans, JSON is a list of `{"plan": ..., "report": ...}` in the order given; text and Markdown are one report after the other.
    #[arg(long, value_name = "NAME", default_value = Format::Text.as_str(), value_parser = format_parser())]
    pub(crate) format: Format,
    /// Write a format into a file as well, such as markdown=comment.md
    #[arg(long, value_name = "NAME=FILE", num_args = 1.., value_parser = Output::parse)]
    pub(crate) output: Vec<Output>,
}

/// A format and the file for it.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(crate) format: Format,
    pub(crate) file: PathBuf,
}

impl Output {
    fn parse(text: &str) -> Result<Self, String> {
        let names = || Format::ALL.iter().map(|format| format.as_str().to_owned());
        let list = names().collect::<Vec<_>>().join(", ");
        let Some((name, file)) = text.split_once('=').filter(|(_, file)| !file.is_empty()) else {
            return Err(format!("expected NAME=FILE, where NAME is one of {list}"));
        };
        if file == "-" {
            return Err(format!("a file is expected behind `=`; `--format {name}` prints it"));
        }
        name.parse()
            .map(|format| Self {
                format,
                file: file.into(),
            })
            .map_err(|_| match nearest(name, names()) {
                Some(near) => format!("unknown format `{name}`, did you mean `{near}`?"),
                None => format!("unknown format `{name}`, expected one of {list}"),
            })
    }
}

/// A team and the file that lists its members.
#[derive(Clone, Debug)]
pub(crate) struct Team {
    pub(crate) slug: String,
    pub(crate) file: PathBuf,
}

impl Team {
    fn parse(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((slug, file)) if !slug.is_empty() && !file.is_empty() => Ok(Self {
                slug: slug.to_owned(),
                file: file.into(),
            }),
            _ => Err("expected SLUG=FILE, such as acme/security=members.json".to_owned()),
        }
    }
}

/// A host of repositories.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Provider {
    Github,
}

/// A document that has a schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Document {
    /// What policies read as `input`
    Input,
    /// What a decision is told in
    Report,
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.iter().map(|format| format.as_str())).try_map(|name| name.parse::<Format>())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn arguments_are_well_formed() {
        super::Arguments::command().debug_assert();
    }
}
