//! `plangate check`: plans in, reports out.

use plangate::Input;

use crate::arguments::Check;
use crate::context::Context;
use crate::exit::Exit;
use crate::output;
use crate::problem::{Own, Problems};
use crate::read::Reader;
use crate::set;

pub(crate) fn run(arguments: &Check) -> Result<Exit, Problems> {
    let mut problems = Problems::default();
    let mut reader = Reader::default();
    unambiguous(arguments, &mut problems);
    let context = Context::read(
        &mut reader,
        &arguments.change,
        arguments.actor.as_ref(),
        arguments.stack.as_ref(),
        &arguments.moment,
        &mut problems,
    );
    // Once by itself, so that what is wrong with it is not told again for every plan.
    let sound = problems.note(context.give_to(Input::new())).is_some();
    let mut inputs = Vec::new();
    for path in &arguments.plans {
        let Some(plan) = problems.note(reader.read(path, "PLAN")) else {
            continue;
        };
        let input = Input::from_terraform(&plan.bytes).map_err(|error| error.in_source(&plan.name));
        let input = input.and_then(|input| if sound { context.give_to(input) } else { Ok(input) });
        inputs.extend(problems.note(input).map(|input| (plan.name, input)));
    }
    let policies = problems.note(set::compile(&arguments.set));
    match policies {
        Some(policies) if problems.all.is_empty() => {
            let reports: Vec<_> = inputs
                .into_iter()
                .map(|(name, input)| (name, policies.evaluate(&input)))
                .collect();
            output::reports(&reports, &arguments.format)
        }
        _ => Err(problems),
    }
}

/// One file cannot be the output of two formats, nor a plan its own report.
fn unambiguous(arguments: &Check, problems: &mut Problems) {
    let outputs = &arguments.format.output;
    for (position, output) in outputs.iter().enumerate() {
        let name = output.file.display();
        if outputs.iter().skip(position + 1).any(|other| other.file == output.file) {
            problems.add(Own::usage(
                "arguments.output",
                format!("two outputs go to `{name}`, and one would overwrite the other"),
            ));
        }
        if arguments.plans.contains(&output.file) {
            problems.add(Own::usage(
                "arguments.output",
                format!("`{name}` is a plan, and an output would overwrite it"),
            ));
        }
    }
}
