//! Results: on standard output, and into files.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use annotate_snippets::normalize_untrusted_str;
use plangate::{Format, Report, Style};

use crate::arguments::{FormatArgument, Output};
use crate::exit::Exit;
use crate::problem::{Own, Problems};

/// Prints a result. A reader that has seen enough is no problem: `plangate check plan.json | head -1`.
pub(crate) fn print(result: &[u8]) -> Result<Exit, Problems> {
    let mut out = anstream::stdout();
    match out.write_all(result).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Own::unreadable("output.standard", format!("standard output cannot be written: {error}")).into())
        }
        _ => Ok(Exit::Fine),
    }
}

/// Whether standard output takes colours: a terminal, unless `NO_COLOR`, `CLICOLOR` or `CLICOLOR_FORCE` say otherwise.
pub(crate) fn style() -> Style {
    match anstream::AutoStream::choice(&io::stdout()) {
        anstream::ColorChoice::Never => Style::Plain,
        _ => Style::Ansi,
    }
}

/// Prints reports in a format, writes them into files in others, and ends with the worst decision.
pub(crate) fn reports(reports: &[(String, Report)], arguments: &FormatArgument) -> Result<Exit, Problems> {
    let mut problems = Problems::default();
    for Output { format, file } in &arguments.output {
        let text = render(reports, *format, Style::Plain);
        problems.note(write(file, text.as_bytes()));
    }
    let text = render(reports, arguments.format, style());
    problems.note(print(text.as_bytes()));
    if !problems.all.is_empty() {
        return Err(problems);
    }
    let worst = reports.iter().map(|(_, report)| Exit::from(report.decision())).max();
    Ok(worst.unwrap_or(Exit::Fine))
}

/// One report as the library renders it. Of several, each under the name of its plan, and as JSON a list of `{plan, report}`.
fn render(reports: &[(String, Report)], format: Format, style: Style) -> String {
    if let [(_, report)] = reports {
        return one(report, format, style);
    }
    match format {
        Format::Json => {
            let list: Vec<_> = reports.iter().map(|(plan, report)| Named { plan, report }).collect();
            // Plain data with string keys: writing it to a string has no way to fail.
            let mut text = serde_json::to_string_pretty(&list).unwrap_or_default();
            text.push('\n');
            text
        }
        Format::Markdown => {
            let each = reports.iter().map(|(plan, report)| {
                let comment = one(report, format, style);
                // The marker stays first, so that a bot finds the comment.
                let (marker, rest) = comment.split_once('\n').unwrap_or_default();
                format!(
                    "{marker}\n# `{}`\n\n{rest}",
                    normalize_untrusted_str(plan).replace('`', "'")
                )
            });
            each.collect::<Vec<_>>().join("\n")
        }
        _ => {
            let name = match style {
                Style::Ansi => anstyle::Style::new().bold().underline(),
                Style::Plain => anstyle::Style::new(),
            };
            let each = reports.iter().map(|(plan, report)| {
                let plan = normalize_untrusted_str(plan);
                format!("{name}{plan}{name:#}\n\n{}", one(report, format, style))
            });
            each.collect::<Vec<_>>().join("\n")
        }
    }
}

fn one(report: &Report, format: Format, style: Style) -> String {
    match format {
        Format::Text => report.render_styled(style),
        other => report.render(other),
    }
}

/// A report among several.
#[derive(serde::Serialize)]
struct Named<'a> {
    plan: &'a str,
    report: &'a Report,
}

/// Writes a file whole or not at all: beside it first, then in its place.
fn write(path: &Path, content: &[u8]) -> Result<(), Own> {
    let name = path.display();
    if path.is_dir() {
        return Err(Own::unreadable(
            "output.folder",
            format!("`{name}` is a folder, and --output takes a file"),
        ));
    }
    let folder = folder_of(path);
    if !folder.is_dir() {
        let problem = format!("no folder `{}`, in which to write `{name}`", folder.display());
        return Err(Own::unreadable("output.no_folder", problem).help("make the folder first"));
    }
    // What is no plain file, such as `/dev/stderr`, is written to and not replaced; a link is followed.
    let written = match path.canonicalize() {
        Ok(real) if !real.is_file() => fs::write(&real, content),
        Ok(real) => replace(&real, content),
        Err(_) => replace(path, content),
    };
    match written {
        Ok(()) => Ok(()),
        // The kind alone: the rest of the message is about the file beside it.
        Err(error) => Err(Own::unreadable(
            "output.file",
            format!("`{name}` cannot be written: {}", error.kind()),
        )),
    }
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = temporary(folder_of(path))?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// A file beside the one to be written, with the permissions that any new file gets.
fn temporary(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".plangate-");
    #[cfg(unix)]
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(permissions);
    builder.tempfile_in(folder)
}
