//! What hostile policies and inputs do: they end in an error, a denial or a value, soon, and on a thread with a stack of 2 MiB.
//!
//! One test for each row of the table of robustness that was measured on the bare engine, where most of these abort or hang.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::format_collect,
    reason = "tests fail by panicking"
)]

use std::fmt::Write as _;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use plangate::{Decision, Input, Limits, PolicySet, Report, Source};

/// What a worker thread of common runtimes has.
const STACK: usize = 2 << 20;
/// How long a case may take in a debug build on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a case came out.
#[derive(Debug)]
enum End {
    /// The sources were refused: the codes of all errors.
    Refused(Vec<&'static str>),
    /// The policy failed while it ran, which denied: the reason.
    Failed(String),
    /// The policy came to an answer.
    Answered(Decision),
}

/// Does the work on a small stack and waits no longer than patience lasts.
fn within<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::Builder::new().stack_size(STACK);
    let handle = thread.spawn(move || drop(sender.send(work()))).unwrap();
    match receiver.recv_timeout(PATIENCE) {
        Ok(value) => value,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("still at it after {PATIENCE:?}"),
        Err(mpsc::RecvTimeoutError::Disconnected) => std::panic::resume_unwind(handle.join().unwrap_err()),
    }
}

fn limits() -> Limits {
    Limits {
        time: Duration::from_secs(1),
        ..Limits::default()
    }
}

fn input() -> Input {
    Input::from_terraform(br#"{"format_version": "1.2", "resource_changes": []}"#).unwrap()
}

/// The policy `plan.p` with rules, which must compile, under limits.
fn evaluate(rules: &str, limits: Limits) -> Report {
    let policies = PolicySet::compile([source(rules)])
        .unwrap()
        .with_limits(limits)
        .unwrap();
    policies.evaluate(&input())
}

fn source(rules: &str) -> Source {
    Source::new("p.rego", format!("package plangate.plan.p\n\n{rules}\n"))
}

/// Compiles rules and evaluates them.
fn end(rules: impl Into<String>) -> End {
    let rules = rules.into();
    within(move || {
        let policies = match PolicySet::compile([source(&rules)]) {
            Ok(policies) => policies.with_limits(limits()).unwrap(),
            Err(error) => return End::Refused(error.each().map(plangate::Error::code).collect()),
        };
        let report = policies.evaluate(&input());
        match report.policies.first() {
            Some(outcome) if outcome.errored => {
                assert_eq!(report.decision(), Decision::Deny);
                End::Failed(outcome.reason.clone().unwrap_or_default())
            }
            _ => End::Answered(report.decision()),
        }
    })
}

/// `deny` holds where the expression is defined and true.
fn denies_if(expression: &str) -> End {
    end(format!("deny contains \"yes\" if {{\n  {expression}\n}}"))
}

#[track_caller]
fn refused(end: &End, code: &str) {
    assert!(matches!(end, End::Refused(found) if found.contains(&code)), "{end:?}");
}

#[track_caller]
fn failed(end: &End, with: &str) {
    assert!(matches!(end, End::Failed(reason) if reason.contains(with)), "{end:?}");
}

#[track_caller]
fn answered(end: &End, decision: Decision) {
    assert!(matches!(end, End::Answered(found) if *found == decision), "{end:?}");
}

/// `count` times the text.
fn times(text: &str, count: usize) -> String {
    text.repeat(count)
}

#[test]
fn literals_inside_each_other() {
    for (open, close) in [("[", "]"), ("{\"a\": ", "}"), ("{", "}")] {
        for depth in [10, 33, 60] {
            let value = format!("{}1{}", times(open, depth), times(close, depth));
            answered(&denies_if(&format!("{value} == {value}")), Decision::Deny);
        }
        let value = format!("{}1{}", times(open, 10_000), times(close, 10_000));
        refused(&denies_if(&format!("{value} == 1")), "rego.too_deep");
    }
}

#[test]
fn parentheses() {
    let value = format!("{}1{} == 1", times("(", 60), times(")", 60));
    answered(&denies_if(&value), Decision::Deny);
    let value = format!("{}1{} == 1", times("(", 10_000), times(")", 10_000));
    refused(&denies_if(&value), "rego.too_deep");
}

#[test]
fn long_chains_of_operators() {
    answered(&denies_if(&format!("1{} == 301", times(" + 1", 300))), Decision::Deny);
    answered(
        &denies_if(&format!("{{1}}{} == {{1}}", times(" | {1}", 300))),
        Decision::Deny,
    );
    for count in [20_000, 100_000] {
        refused(&denies_if(&format!("1{} > 1", times(" + 1", count))), "rego.too_deep");
        refused(
            &denies_if(&format!("{{1}}{} == {{1}}", times(" | {1}", count))),
            "rego.too_deep",
        );
    }
}

#[test]
fn long_references() {
    for step in [".a", "[\"a\"]", "[0]"] {
        answered(
            &denies_if(&format!("input.stack.attributes{}", times(step, 300))),
            Decision::Allow,
        );
        refused(
            &denies_if(&format!("input.stack.attributes{}", times(step, 100_000))),
            "rego.too_deep",
        );
    }
}

/// `r0` needs `r1` needs ..., the last of which is 1.
fn chain(count: usize, arguments: &str) -> String {
    let mut text = format!("deny contains \"yes\" if r0{arguments} == 1\n");
    for at in 0..count {
        writeln!(
            text,
            "r{at}{0} := v if {{\n  v := r{1}{0}\n  v == 1\n}}",
            arguments.replace('1', "x"),
            at + 1
        )
        .unwrap();
    }
    write!(text, "r{count}{} := 1", arguments.replace('1', "_")).unwrap();
    text
}

#[test]
fn chains_of_rules() {
    answered(&end(chain(500, "")), Decision::Deny);
    refused(&end(chain(5_000, "")), "rego.too_deep");
}

#[test]
fn chains_of_functions() {
    answered(&end(chain(500, "(1)")), Decision::Deny);
    refused(&end(chain(5_000, "(1)")), "rego.too_deep");
}

#[test]
fn the_deepest_evaluation_that_is_let_through() {
    // As many levels as there may be, in the ways that take most of the stack: few large rules, and many small ones.
    let nested = |levels: usize, rules: usize| {
        let mut text = "deny contains \"yes\" if r0(1)\n".to_owned();
        for at in 0..rules {
            let open: String = (0..levels).map(|level| format!("[1 | v{level} := x; [] != ")).collect();
            writeln!(text, "r{at}(x) if {open}[r{}(x)]{}", at + 1, times("]", levels)).unwrap();
        }
        write!(text, "r{rules}(_)").unwrap();
        text
    };
    let looping = |loops: usize, rules: usize| {
        let mut text = "deny contains \"yes\" if r0(1)\n".to_owned();
        for at in 0..rules {
            let body: String = (0..loops)
                .map(|at| format!("  some v{at} in [x]\n  v{at} == x\n"))
                .collect();
            writeln!(text, "r{at}(x) if {{\n{body}  r{}(x)\n}}", at + 1).unwrap();
        }
        write!(text, "r{rules}(_)").unwrap();
        text
    };
    let deepest = |make: &dyn Fn(usize) -> String| {
        let mut most = 1;
        while most < 4_096 && PolicySet::compile([source(&make(most * 2))]).is_ok() {
            most *= 2;
        }
        most
    };
    for make in [
        &(|rules| chain(rules, "")) as &dyn Fn(usize) -> String,
        &|rules| chain(rules, "(1)"),
        &|rules| nested(20, rules),
        &|rules| nested(1, rules),
        &|rules| looping(20, rules),
        &|rules| looping(400, rules),
    ] {
        let rules = deepest(make);
        let end = end(make(rules));
        println!("{rules} rules: {end:?}");
        assert!(!matches!(end, End::Refused(_)), "{end:?}");
    }
}

#[test]
fn functions_that_call_themselves_by_way_of_with() {
    let end = end("deny contains \"yes\" if f(1) with g as f\nf(x) := g(x)\ng(x) := x");
    println!("{end:?}");
    assert!(!matches!(end, End::Answered(Decision::Allow)), "{end:?}");
}

#[test]
fn rules_that_need_themselves() {
    refused(&end("deny contains x if some x in deny"), "rego.recursion");
    refused(&end("deny contains 1 if a\na if b\nb if a"), "rego.recursion");
}

#[test]
fn functions_that_call_themselves() {
    refused(&end("deny contains 1 if f(1)\nf(x) := f(x + 1)"), "rego.recursion");
    refused(
        &end("deny contains 1 if f(1)\nf(x) := g(x)\ng(x) := f(x)"),
        "rego.recursion",
    );
}

#[test]
fn comprehensions_inside_each_other() {
    let four = "count([1 | some a in r; some b in r; some c in r; some d in r; a + b + c + d < 0]) > 0";
    let three = "count([1 | [1 | [1 | some a in r; a < 0]; some b in r]; some c in r]) > 0";
    let three_loops = "count([1 | some a in r; some b in r; some c in r; a + b + c < 0]) > 0";
    for (size, expression) in [(200, four), (1_000, three_loops), (1_000, three)] {
        let end = end(format!(
            "r := numbers.range(1, {size})\ndeny contains \"yes\" if {expression}"
        ));
        assert!(
            matches!(&end, End::Failed(reason) if reason.contains("took too long")) || expression == three,
            "{end:?}"
        );
    }
}

#[test]
fn input_of_10_000_levels() {
    let error = within(|| {
        let deep = format!("{}{}", times("[", 10_000), times("]", 10_000));
        let plan = format!(
            r#"{{"format_version": "1.2", "resource_changes": [{{"address": "a.b", "mode": "managed", "type": "a", "name": "b", "change": {{"actions": ["create"], "before": null, "after": {{"x": {deep}}}, "after_unknown": {{}}}}}}]}}"#
        );
        Input::from_terraform(plan.as_bytes()).unwrap_err()
    });
    assert_eq!(error.code(), "json.depth");
}

#[test]
fn input_as_deep_as_may_be() {
    let report = within(|| {
        let depth = Limits::JSON_DEPTH - 10;
        let deep = format!("{}{}", times("[", depth), times("]", depth));
        let plan = format!(
            r#"{{"format_version": "1.2", "resource_changes": [{{"address": "a.b", "mode": "managed", "type": "a", "name": "b", "change": {{"actions": ["create"], "before": null, "after": {{"x": {deep}}}, "after_unknown": {{}}}}}}]}}"#
        );
        let input = Input::from_terraform(plan.as_bytes()).unwrap();
        let rules = "deny contains \"yes\" if {\n  x := json.unmarshal(json.marshal(input))\n  x == input\n  count([1 | walk(input, _)]) > 500\n}";
        let policies = PolicySet::compile([source(rules)]).unwrap();
        policies.evaluate(&input)
    });
    assert_eq!(report.decision(), Decision::Deny);
    println!("{:?}", report.policies[0].reason);
}

#[test]
fn catastrophic_expressions() {
    let text = "s := concat(\"\", [\"a\" | some _ in numbers.range(1, 100000)])\n";
    let end = end(format!(
        "{text}deny contains \"yes\" if not regex.match(`^(a*)*(a*)*(a*)*b$`, s)"
    ));
    answered(&end, Decision::Deny);
}

#[test]
fn huge_bounded_repeats() {
    for expression in ["(((a{100}){100}){100})", "((a{1000}){1000}){1000}", "a{1000000000}"] {
        let end = end(format!("deny contains \"yes\" if regex.match(`{expression}`, \"a\")"));
        assert!(!matches!(end, End::Answered(Decision::Deny)), "{end:?}");
        let end = denies_if(&format!("not regex.match(`{expression}`, \"a\")"));
        println!("{end:?}");
    }
}

#[test]
fn globs() {
    let text = "s := concat(\"\", [\"a\" | some _ in numbers.range(1, 10000)])\n";
    let end = end(format!(
        "{text}deny contains \"yes\" if not glob.match(\"{}b\", [], s)",
        times("*a", 200)
    ));
    answered(&end, Decision::Deny);
}

#[test]
fn yaml_that_names_itself() {
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\\n".to_owned();
    for at in 1..12 {
        let items = vec![format!("*a{}", at - 1); 9].join(",");
        write!(bomb, "a{at}: &a{at} [{items}]\\n").unwrap();
    }
    let end = denies_if(&format!("yaml.unmarshal(\"{bomb}\")"));
    assert!(
        !matches!(end, End::Answered(Decision::Deny) | End::Refused(_)),
        "{end:?}"
    );
}

#[test]
fn ranges() {
    for (last, with) in [
        ("100000000", "limit `items`"),
        ("1000000000", "limit `items`"),
        ("9000000000000000000", "limit `items`"),
    ] {
        failed(&denies_if(&format!("count(numbers.range(1, {last})) > 0")), with);
        failed(&denies_if(&format!("count(numbers.range({last}, 1)) > 0")), with);
    }
}

#[test]
fn ranges_without_or_against_a_step() {
    for step in ["0", "-1", "-9000000000000000000"] {
        answered(
            &denies_if(&format!("numbers.range_step(1, 10, {step})")),
            Decision::Allow,
        );
    }
}

#[test]
fn texts_that_double() {
    let mut body = "  s0 := \"0123456789\"\n".to_owned();
    for at in 0..32 {
        writeln!(body, "  s{} := concat(\"\", [s{at}, s{at}])", at + 1).unwrap();
    }
    failed(
        &end(format!("deny contains \"yes\" if {{\n{body}  s32 != \"\"\n}}")),
        "limit `text_bytes`",
    );
    let replaced = body
        .replace("concat(\"\", [", "replace(\"xx\", \"x\", concat(\"\", [")
        .replace("])", "]))");
    failed(
        &end(format!("deny contains \"yes\" if {{\n{replaced}  s32 != \"\"\n}}")),
        "limit `text_bytes`",
    );
}

#[test]
fn widths_of_sprintf() {
    let end = denies_if("sprintf(\"%4000000000d\", [1])");
    assert!(!matches!(end, End::Refused(_)), "{end:?}");
    let end = denies_if("sprintf(\"%½d\", [1])");
    answered(&end, Decision::Deny);
}

#[test]
fn counting_nothing_in_a_text() {
    answered(&denies_if("strings.count(\"abc\", \"\") == 4"), Decision::Deny);
}

#[test]
fn nothing_as_a_subset() {
    answered(&denies_if("object.subset([1], [])"), Decision::Deny);
}

#[test]
fn networks_of_everything() {
    for network in ["10.0.0.0/0", "::/0"] {
        failed(
            &denies_if(&format!("count(net.cidr_expand(\"{network}\")) > 0")),
            "limit `items`",
        );
    }
}

#[test]
fn numbers_that_square() {
    let mut body = "  n0 := 12345678901234567890\n".to_owned();
    for at in 0..24 {
        writeln!(body, "  n{} := n{at} * n{at}", at + 1).unwrap();
    }
    let end = end(format!("deny contains \"yes\" if {{\n{body}  n24 > 0\n}}"));
    assert!(
        matches!(&end, End::Failed(reason) if reason.contains("bits")),
        "{end:?}"
    );
}

#[test]
fn shifts_by_billions() {
    let end = denies_if("bits.lsh(1, 10000000000) > 0");
    assert!(
        !matches!(end, End::Answered(Decision::Deny) | End::Refused(_)),
        "{end:?}"
    );
}

#[test]
fn rules_by_the_thousands() {
    let rules: String = (0..20_000).map(|at| format!("r{at} := {at}\n")).collect();
    answered(
        &end(format!("{rules}deny contains \"yes\" if r19999 == 19999")),
        Decision::Deny,
    );
}

#[test]
fn statements_by_the_thousands() {
    let body = |count: usize| -> String {
        (0..count)
            .map(|at| format!("  v{at} := {at}\n  v{at} >= 0\n"))
            .collect()
    };
    answered(
        &end(format!("deny contains \"yes\" if {{\n{}}}", body(500))),
        Decision::Deny,
    );
    refused(
        &end(format!("deny contains \"yes\" if {{\n{}}}", body(10_000))),
        "rego.too_long",
    );
}

#[test]
fn long_lines() {
    let end = denies_if(&format!("count(\"{}\") == 2000", times("a", 2_000)));
    answered(&end, Decision::Deny);
}

#[test]
fn sources_of_megabytes() {
    refused(&end(times("# a comment\n", 400_000)), "rego.too_long");
    let words = times("input.a[_] == [1, 2", 150_000);
    assert!(matches!(end(words), End::Refused(_)));
}

#[test]
fn characters_that_are_none() {
    assert!(matches!(
        denies_if("\"a\0b\" == input.x"),
        End::Refused(_) | End::Answered(_)
    ));
    assert!(matches!(end("deny contains \0 if true"), End::Refused(_)));
    assert!(matches!(
        denies_if(r#""\ud800" == "\udfff""#),
        End::Refused(_) | End::Answered(_)
    ));
    assert!(matches!(
        denies_if(r#"json.unmarshal("\"\\ud800\"")"#),
        End::Failed(_) | End::Answered(_)
    ));
}

#[test]
fn programs_of_random_words() {
    const WORDS: &[&str] = &[
        "deny", "contains", "if", "x", "y", "input", "data", ".", "a", "[", "]", "{", "}", "(", ")", ":=", "=", "==",
        "|", ",", ":", ";", "\n", "1", "\"s\"", "`r`", "not", "some", "in", "every", "with", "as", "else", "default",
        "import", "package", "count", "walk", "-", "+", "&", "$\"", "\"", "#", "null", "_", "rego.v1", "set()", "0x",
        "1e9",
    ];
    within(|| {
        // A linear congruence (Knuth's constants): the same programs each time.
        let mut state: u64 = 2_026;
        let mut next = move |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % below
        };
        let input = input();
        let mut compiled = 0;
        for _ in 0..3_000 {
            let mut text = "deny contains x if {\n x := 1\n ".to_owned();
            for _ in 0..next(12) {
                text.push_str(WORDS[next(WORDS.len())]);
                text.push(' ');
            }
            text.push_str("\n}\n");
            if let Ok(policies) = PolicySet::compile([source(&text)]) {
                policies.with_limits(limits()).unwrap().evaluate(&input);
                compiled += 1;
            }
        }
        assert!(compiled > 10, "only {compiled} programs compiled");
    });
}

#[test]
fn a_time_that_runs_out_leaves_the_set_usable() {
    let slow = "deny contains \"yes\" if count([1 | some a in r; some b in r; some c in r; a + b + c < 0]) > 0\nr := numbers.range(1, 1000)";
    let limits = Limits {
        time: Duration::from_millis(100),
        ..Limits::default()
    };
    let policies = PolicySet::compile([
        source(slow),
        Source::new("q.rego", "package plangate.plan.q\n\ndeny contains \"no\" if false"),
    ])
    .unwrap()
    .with_limits(limits)
    .unwrap();
    for _ in 0..2 {
        let report = policies.evaluate(&input());
        let errored: Vec<bool> = report.policies.iter().map(|outcome| outcome.errored).collect();
        assert_eq!(errored, [true, false]);
    }
}

#[test]
fn limits_are_named_where_they_are_reached() {
    let small = Limits {
        text_bytes: 10,
        items: 10,
        ..limits()
    };
    for (expression, limit) in [
        ("count(numbers.range(1, 11)) > 0", "10 elements (limit `items`)"),
        (
            "concat(\"\", [\"0123456\", \"0123456\"]) != \"\"",
            "10 bytes (limit `text_bytes`)",
        ),
    ] {
        let report = evaluate(&format!("deny contains \"yes\" if {expression}"), small);
        let reason = report.policies[0].reason.clone().unwrap_or_default();
        assert!(reason.contains(limit), "{reason}");
        assert_eq!(report.decision(), Decision::Deny);
    }
}
