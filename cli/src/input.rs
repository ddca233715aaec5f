//! `plangate input`: the document as policies see it.

use crate::arguments;
use crate::context::Context;
use crate::exit::Exit;
use crate::output;
use crate::problem::Problems;
use crate::read::Reader;

pub(crate) fn run(arguments: &arguments::Input) -> Result<Exit, Problems> {
    let mut problems = Problems::default();
    let mut reader = Reader::default();
    let mut context = Context::read(
        &mut reader,
        &arguments.change,
        arguments.actor.as_ref(),
        arguments.stack.as_ref(),
        &arguments.moment,
        &mut problems,
    );
    if let Some(action) = &arguments.action {
        context.request(action, arguments.reason.as_deref());
    }
    let input = match &arguments.plan {
        None => Some(plangate::Input::new()),
        Some(path) => problems.note(reader.read(path, "PLAN")).and_then(|plan| {
            let input = plangate::Input::from_terraform(&plan.bytes);
            problems.note(input.map_err(|error| error.in_source(&plan.name)))
        }),
    };
    let input = input.and_then(|input| problems.note(context.give_to(input)));
    match input {
        Some(input) if problems.all.is_empty() => output::print(format!("{}\n", input.to_json().trim_end()).as_bytes()),
        _ => Err(problems),
    }
}
