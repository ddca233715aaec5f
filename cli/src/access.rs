//! `plangate access`: who wants to do what with which stack, and whether they may.

use plangate::Input;
use plangate::policy::Family;

use crate::arguments::Access;
use crate::context::Context;
use crate::exit::Exit;
use crate::output;
use crate::problem::Problems;
use crate::read::Reader;
use crate::set;

pub(crate) fn run(arguments: &Access) -> Result<Exit, Problems> {
    let mut problems = Problems::default();
    let mut context = Context::read(
        &mut Reader::default(),
        &arguments.change,
        Some(&arguments.actor),
        Some(&arguments.stack),
        &arguments.moment,
        &mut problems,
    );
    context.request(&arguments.action, arguments.reason.as_deref());
    let input = problems.note(context.give_to(Input::new()));
    let policies = problems
        .note(set::compile(&arguments.set))
        .and_then(|policies| problems.note(policies.family(Family::Access)));
    match (input, policies) {
        (Some(input), Some(policies)) if problems.all.is_empty() => {
            let report = policies.evaluate(&input);
            output::reports(&[("access".to_owned(), report)], &arguments.format)
        }
        _ => Err(problems),
    }
}
