//! Sources to lowered packages: parse, resolve, check, lower, order, print.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::error::Error;

use super::builtin::Builtins;
use super::check::Set;
use super::fault::Fault;
use super::footprint::Footprint;
use super::lower::Context;
use super::mock::{Mocked, Renamed};
use super::parser;
use super::print::{PositionMap, Printer};
use super::resolve::{self, Globals};
use super::syntax::{Head, Module, Term, Version};
use super::tree::{Part, RuleTree};
use super::{lower, safety};

/// A source text and the version of the language that it is in.
#[derive(Clone, Debug)]
pub(crate) struct SourceText {
    /// What errors call it.
    pub(crate) name: Arc<str>,
    pub(crate) text: Arc<str>,
    pub(crate) version: Version,
}

/// What became of a set of sources.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// The sources as parsed, names resolved, in the order given.
    pub(crate) modules: Vec<Module>,
    /// One for each package, by path. Empty where there are errors.
    pub(crate) packages: Vec<Package>,
    /// All errors of all sources, in the order of their places.
    pub(crate) errors: Vec<Error>,
}

/// All rules of one package as plain Rego v1.
#[derive(Debug)]
pub(crate) struct Package {
    /// The path below `data`.
    pub(crate) path: Vec<Arc<str>>,
    pub(crate) text: String,
    /// From the text back to the sources.
    pub(crate) map: PositionMap,
}

/// The version that a text can be read as: v1 where it is valid v1, else v0. `None`: it is neither.
///
/// For a choice that is asked for and told; [`compile`] never chooses by itself.
pub(crate) fn detect(text: &Arc<str>) -> Option<Version> {
    [Version::V1, Version::V0]
        .into_iter()
        .find(|version| parser::parse("".into(), text, *version).1.is_empty())
}

/// Parses sources and says nothing of what is wrong with them: [`compile`] does.
pub(crate) fn parse(sources: &[SourceText]) -> Vec<Module> {
    sources
        .iter()
        .map(|source| parser::parse(source.name.clone(), &source.text, source.version).0)
        .collect()
}

/// What all rules of the modules can read. `outputs` says which rules' values leave the set, by their path below `data`.
pub(crate) fn footprint(modules: &[Module], builtins: &dyn Builtins, outputs: &dyn Fn(&[&str]) -> bool) -> Footprint {
    Footprint::of(&Set::new(modules, builtins), &|path| {
        let names: Vec<&str> = path.iter().map_while(Part::as_name).collect();
        outputs(&names)
    })
}

/// Compiles sources that are loaded together.
pub(crate) fn compile(sources: &[SourceText], builtins: &dyn Builtins) -> Compiled {
    let mut faults: Vec<(usize, Fault)> = Vec::new();
    let mut modules = Vec::new();
    for (at, source) in sources.iter().enumerate() {
        let (module, found) = parser::parse(source.name.clone(), &source.text, source.version);
        faults.extend(found.into_iter().map(|fault| (at, fault)));
        modules.push(module);
    }
    // A rule that could not be read is missing, and would be reported as unknown wherever it is used.
    let readable = faults.is_empty();
    resolve_all(&mut modules, &mut faults);
    let mut packages = Vec::new();
    if readable {
        let set = Set::new(&modules, builtins);
        faults.extend(set.check());
        packages = lower_all(&set, &mut faults);
    }
    faults.sort_by(|(left, first), (right, second)| (left, first.span.start).cmp(&(right, second.span.start)));
    if !faults.is_empty() {
        packages.clear();
    }
    let errors = faults
        .into_iter()
        .filter_map(|(at, fault)| {
            let source = sources.get(at)?;
            Some(fault.in_text(&source.name, &source.text))
        })
        .collect();
    Compiled {
        modules,
        packages,
        errors,
    }
}

fn resolve_all(modules: &mut [Module], faults: &mut Vec<(usize, Fault)>) {
    let mut names: BTreeMap<Vec<Arc<str>>, BTreeSet<Arc<str>>> = BTreeMap::new();
    for module in modules.iter_mut() {
        module.rules = lower::split_chained(std::mem::take(&mut module.rules));
        let names = names.entry(module.package_path()).or_default();
        names.extend(
            module
                .rules
                .iter()
                .filter_map(|rule| rule.head.path.first()?.as_var().cloned()),
        );
    }
    for (at, module) in modules.iter_mut().enumerate() {
        let empty = BTreeSet::new();
        let globals = Globals::new(module, names.get(&module.package_path()).unwrap_or(&empty));
        let mut found = Vec::new();
        duplicate_imports(module, &mut found);
        for rule in &mut module.rules {
            resolve::rule(rule, &globals, &mut found);
        }
        faults.extend(found.into_iter().map(|fault| (at, fault)));
    }
}

/// `a.b.c` in the package `p` is `c` in the package `p.a.b`, where nothing else is in the way: like in OPA, the objects around
/// a rule are then there even when the rule is undefined.
fn within_packages(tree: &RuleTree, mut package: Vec<Arc<str>>, mut head: Head) -> (Vec<Arc<str>>, Head) {
    while let [first, second, ..] = head.path.as_slice() {
        let (Some(name), Some(next)) = (first.as_var().cloned(), second.as_string().cloned()) else {
            break;
        };
        let longer: Vec<Part> = package.iter().chain([&name]).cloned().map(Part::Fixed).collect();
        if !tree.is_open(&longer) || !parser::is_name(&next) {
            break;
        }
        let second = Term::var(second.span, next);
        package.push(name);
        head.path.splice(..2, [second]);
    }
    (package, head)
}

fn duplicate_imports(module: &Module, faults: &mut Vec<Fault>) {
    let mut seen = BTreeSet::new();
    if module.version == Version::V0 {
        return;
    }
    for import in module.imports.iter().filter(|import| !import.is_language()) {
        if let Some(name) = import.name()
            && !seen.insert(&name.text)
        {
            faults.push(
                Fault::new(
                    "rego.compile",
                    import.span,
                    format!("there are two imports of the name `{}`", name.text),
                )
                .with_help("remove one, or give it another name with `as`"),
            );
        }
    }
}

fn lower_all(set: &Set<'_>, faults: &mut Vec<(usize, Fault)>) -> Vec<Package> {
    let mut printers: BTreeMap<Vec<Arc<str>>, Printer> = BTreeMap::new();
    let mocked = Mocked::of(set.modules, set.builtins);
    let renamed = Renamed::of(set.modules);
    let context = Context {
        set,
        mocked: &mocked,
        renamed: &renamed,
    };
    let printer = |path: &Vec<Arc<str>>| {
        let mut printer = Printer::default();
        printer.package(path.iter().map(|part| &**part));
        printer
    };
    for (at, module) in set.modules.iter().enumerate() {
        // A package without rules is still an empty object of `data`.
        printers.entry(module.package_path()).or_insert_with_key(printer);
        for rule in &module.rules {
            let mut lowered = lower::rule(rule.clone(), module, &context);
            let mut found = Vec::new();
            safety::rule(&mut lowered, set, &mut found);
            faults.extend(found.into_iter().map(|fault| (at, fault)));
            let (path, head) = renamed.place(module.package_path(), lowered.head);
            let (path, head) = within_packages(&set.tree, path, head);
            lowered.head = head;
            let printer = printers.entry(path).or_insert_with_key(printer);
            printer.set_source(at);
            printer.rule(&lowered);
        }
    }
    printers
        .into_iter()
        .chain(mocked.package())
        .map(|(path, printer)| {
            let (text, map) = printer.finish();
            Package { path, text, map }
        })
        .collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::rego::builtin::{Form, Signature};

    /// A few built-in functions, enough to call.
    #[derive(Debug)]
    pub(in crate::rego) struct Few;

    impl Builtins for Few {
        fn signature(&self, name: &str) -> Option<Signature> {
            let function = Signature::function;
            Some(match name {
                "count" | "upper" | "sum" => function(1),
                "startswith" | "concat" | "sprintf" | "plus" | "minus" => function(2),
                "object.get" => function(3),
                "time.now_ns" | "rego.metadata.rule" | "rego.metadata.chain" => function(0),
                "any" => Signature {
                    deprecated: true,
                    ..function(1)
                },
                "walk" => Signature {
                    form: Form::Relation,
                    ..function(1)
                },
                "print" => Signature {
                    form: Form::Statement,
                    ..function(0)
                },
                _ => return None,
            })
        }

        fn names(&self) -> Vec<&str> {
            vec![
                "count",
                "upper",
                "sum",
                "startswith",
                "concat",
                "sprintf",
                "walk",
                "print",
            ]
        }
    }

    pub(in crate::rego) fn compiled(texts: &[&str]) -> Compiled {
        let sources: Vec<SourceText> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| SourceText {
                name: format!("{at}.rego").into(),
                text: (*text).into(),
                version: Version::V1,
            })
            .collect();
        compile(&sources, &Few)
    }

    fn errors(texts: &[&str]) -> Vec<String> {
        let errors = compiled(texts).errors;
        errors.iter().map(|error| format!("{} {error}", error.code())).collect()
    }

    /// The lowered rules of a package `p`, without the package line.
    fn lowered(rules: &str) -> String {
        let compiled = compiled(&[&format!("package p\n{rules}")]);
        assert_eq!(compiled.errors, [], "{rules}");
        let text = &compiled.packages.last().unwrap().text;
        text.split_once('\n').unwrap().1.trim().to_owned()
    }

    #[test]
    fn operands_are_evaluated_before_a_negation() {
        // Checked with OPA 1.22: all but the sides of `=` and `==` must be defined.
        assert_eq!(
            lowered("q if not startswith(input.x, \"a\")"),
            "q if {\n  value__1 := input.x\n  not startswith(value__1, \"a\")\n}"
        );
        assert_eq!(
            lowered("q if not input.x == input.y"),
            "q if {\n  not input.x == input.y\n}"
        );
        assert_eq!(lowered("q if not input.x"), "q if {\n  not input.x\n}");
        assert_eq!(
            lowered("q if not input.x > count(input.y) with input as {}"),
            "q if {\n  value__1 := input.x with input as {}\n  value__2 := count(input.y) with input as {}\n  \
             not value__1 > value__2 with input as {}\n}"
        );
        assert_eq!(
            lowered("q if not [input.x] = [1]"),
            "q if {\n  value__1 := input.x\n  not [value__1] = [1]\n}"
        );
        assert_eq!(
            lowered("q if not input.a[input.b]"),
            "q if {\n  value__1 := input.b\n  not input.a[value__1]\n}"
        );
    }

    #[test]
    fn relations_are_called_with_their_result() {
        assert_eq!(
            lowered("q contains v if [_, v] := walk(input)"),
            "q contains v if {\n  walk(input, value__1)\n  [_, v] := value__1\n}"
        );
    }

    #[test]
    fn values_of_with_are_evaluated_before() {
        assert_eq!(
            lowered("q if r with input as {\"a\": s}\nr if input.a\ns := 1"),
            "q if {\n  value__1 := {\"a\": data.p.s}\n  data.p.r with input as value__1\n}\n\n\
             r if {\n  input.a\n}\n\ns := 1"
        );
    }

    #[test]
    fn replaced_builtins_go_through_functions_of_policies() {
        let compiled = compiled(&["package p\nq := count([1]) + 1\nr if q == 3 with count as sum with plus as minus"]);
        assert_eq!(compiled.errors, []);
        let texts: Vec<&str> = compiled.packages.iter().map(|package| package.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "package p\n\nq := data.builtin__functions.plus__(data.builtin__functions.count__([1]), 1)\n\n\
                 r if {\n  data.p.q == 3 with data.builtin__functions.count__ as data.builtin__functions.sum__ \
                 with data.builtin__functions.plus__ as data.builtin__functions.minus__\n}\n",
                "package builtin__functions\n\ncount__(a1) := result if {\n  result := count(a1)\n}\n\n\
                 minus__(a1, a2) := result if {\n  result := a1 - a2\n}\n\n\
                 plus__(a1, a2) := result if {\n  result := a1 + a2\n}\n\n\
                 sum__(a1) := result if {\n  result := sum(a1)\n}\n",
            ]
        );
    }

    #[test]
    fn template_strings_show_what_is_undefined() {
        assert_eq!(lowered("q := $\"a\""), "q := \"a\"");
        assert_eq!(
            lowered("q := $\"{input.x}!\""),
            "q := concat(\"\", [object.get({\"text\": sprintf(\"%v\", [value__1]) | value__1 := input.x}, \
             \"text\", \"<undefined>\"), \"!\"])"
        );
    }

    #[test]
    fn shadowing_variables_get_names_of_their_own() {
        assert_eq!(
            lowered("x := 1\nq := [x | some x in input] if x == 1"),
            "x := 1\n\nq := [x__1 | some x__1 in input] if {\n  data.p.x == 1\n}"
        );
        assert_eq!(
            lowered("q if { x := 1; y := [x | x := 2]; y == [x] }"),
            "q if {\n  x := 1\n  y := [x__1 | x__1 := 2]\n  y == [x]\n}"
        );
    }

    #[test]
    fn rules_named_like_keywords_move() {
        let compiled = compiled(&["package p\nif.x := 1\nq := data.p.if.x"]);
        let texts: Vec<&str> = compiled.packages.iter().map(|package| package.text.as_str()).collect();
        assert_eq!(
            texts,
            ["package p\n\nq := data.p[\"if\"].x\n", "package p[\"if\"]\n\nx := 1\n"]
        );
    }

    #[test]
    fn deep_literals_are_built_in_steps() {
        let text = lowered(&format!("q := {}1{}", "[".repeat(12), "]".repeat(12)));
        assert!(text.lines().all(|line| line.matches('[').count() <= 6), "{text}");
    }

    #[test]
    fn deep_parentheses_are_taken_apart() {
        let text = lowered(&format!("q := {}1{}", "(2 - ".repeat(60), ")".repeat(60)));
        assert!(text.lines().all(|line| line.matches('(').count() <= 6), "{text}");
        let text = lowered(&format!("q := 1{}", " + 1".repeat(300)));
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn files_of_one_package_become_one() {
        let compiled = compiled(&[
            "package p\nf(1) := 1",
            "package p\nimport input.a as b\nf(2) := b\nq := f(2)",
        ]);
        assert_eq!(compiled.errors, []);
        let package = &compiled.packages[0];
        assert_eq!(
            package.text,
            "package p\n\nf(1) := 1\n\nf(2) := input.a\n\nq := data.p.f(2)\n"
        );
        let at = package.text.find("data.p.f(2)").unwrap();
        let origin = package.map.origin(at).unwrap();
        assert_eq!(
            (
                origin.source,
                origin.span.of("package p\nimport input.a as b\nf(2) := b\nq := f(2)")
            ),
            (1, "f")
        );
    }

    #[test]
    fn versions_are_told_apart() {
        assert_eq!(detect(&"package p\nq if true".into()), Some(Version::V1));
        assert_eq!(detect(&"package p\nq { true }".into()), Some(Version::V0));
        assert_eq!(detect(&"package p\nq { true".into()), None);
    }

    #[test]
    fn metadata_are_known_to_the_rule() {
        assert_eq!(
            lowered("# METADATA\n# title: T\n# authors:\n# - Jo Doe <jo@x.org>\nq := rego.metadata.rule()"),
            "q := {\"authors\": [{\"email\": \"jo@x.org\", \"name\": \"Jo Doe\"}], \"scope\": \"rule\", \"title\": \"T\"}"
        );
    }

    #[test]
    fn unsafe_variables_are_found_at_their_cause() {
        assert_eq!(
            errors(&["package p\nq if { y := x + 1; y > z }\nr contains v if not input.vs[_] == w\ns := [a | b := 1]"]),
            [
                "rego.unsafe_var 0.rego:2:13: the variable `x` is unsafe: nothing gives it a value here",
                "rego.unsafe_var 0.rego:2:24: the variable `z` is unsafe: nothing gives it a value here",
                "rego.unsafe_var 0.rego:3:12: the variable `v` is unsafe: nothing gives it a value here",
                "rego.unsafe_var 0.rego:3:30: the variable `_` is unsafe: nothing gives it a value here",
                "rego.unsafe_var 0.rego:3:36: the variable `w` is unsafe: nothing gives it a value here",
                "rego.unsafe_var 0.rego:4:7: the variable `a` is unsafe: nothing gives it a value here",
            ]
        );
    }

    #[test]
    fn statements_are_put_in_an_order_that_works() {
        assert_eq!(
            lowered("q if { not x == 1; x > y; x = input.x; y = input.y }"),
            "q if {\n  x = input.x\n  not x == 1\n  y = input.y\n  x > y\n}"
        );
    }

    #[test]
    fn all_errors_of_all_files_are_reported() {
        assert_eq!(
            errors(&[
                "package p\nq := cuont([1])\nf(x) := g(x)\ng(x) := f(x)",
                "package p\nq contains 1\ndefault r := 1\ndefault r := 2\ns := f(1, 2)\nt := any([])",
                "package p.q\nimport data.a\nimport data.b.a\nx if input with y as 1\nz if { some a; b := 1; b := 2 }",
            ]),
            [
                "rego.type 0.rego:2:6: there is no function `cuont`",
                "rego.recursion 0.rego:3:1: `data.p.f` depends on itself: data.p.f → data.p.g → data.p.f",
                "rego.type 1.rego:2:1: the rules `data.p.q` conflict: one is a value, another a set",
                "rego.type 1.rego:4:9: `data.p.r` has a second default",
                "rego.type 1.rego:5:6: `data.p.f` takes 1 argument, here it has 2",
                "rego.type 1.rego:6:6: `any` is deprecated and not part of Rego v1",
                "rego.type 2.rego:1:11: the package `data.p.q` has the path of a rule",
                "rego.compile 2.rego:3:1: there are two imports of the name `a`",
                "rego.type 2.rego:4:17: `with` cannot replace `y`: it is neither part of `input` or `data` nor a function",
                "rego.compile 2.rego:5:13: `a` is declared and never used",
                "rego.compile 2.rego:5:24: `b` is assigned above",
            ]
        );
    }

    #[test]
    fn types_that_are_plain_are_checked() {
        assert_eq!(
            errors(&[
                "package p\nq := input.a + \"b\"\nr if { x := 1; x.y }\ns if { x := [1]; x.y }\nt if 1 == \"1\"\nu := {1} & [2]\nv if { x := \"a\"; x == input.b; x == 1 }"
            ]),
            [
                "rego.type 0.rego:2:16: `+` works on numbers, this is a string",
                "rego.type 0.rego:3:18: there is nothing inside a number",
                "rego.type 0.rego:4:20: an array has no member of this name",
                "rego.type 0.rego:5:6: a number can never equal a string",
                "rego.type 0.rego:6:12: `&` works on sets, this is an array",
                "rego.type 0.rego:7:32: a string can never equal a number",
            ]
        );
    }

    #[test]
    fn numbers_that_cannot_be_computed_with_are_refused() {
        assert_eq!(
            errors(&["package p\nq := 2e308\nr := 1e308"]),
            ["rego.number 0.rego:2:6: a number is larger than 1.797e308, the largest to compute with"]
        );
    }

    #[test]
    fn recursion_through_a_whole_package_is_found() {
        assert_eq!(
            errors(&["package p\nq := data.p\nr := data[x].s if x := 1"]),
            ["rego.recursion 0.rego:2:1: `data.p.q` depends on itself: data.p.q → data.p.q"]
        );
    }

    #[test]
    fn what_the_limits_allow_needs_no_large_stack() {
        use crate::limits::Limits;
        // Tests run on threads of 2 MiB.
        let nest = |open: &str, close: &str| {
            let depth = Limits::NESTING / 2 - 3;
            format!("package p\nq := {}input{}", open.repeat(depth), close.repeat(depth))
        };
        let chain = Limits::CHAIN - 2;
        for text in [
            nest("[", "]"),
            nest("{\"a\": ", "}"),
            nest("count(", ")"),
            nest("(1 + ", ")"),
            nest("[x | x := ", "]"),
            nest("$\"{", "}\""),
            format!("package p\nq := 1{}", " + 1".repeat(chain)),
            format!("package p\nq if not {{1}}{}", " | {1}".repeat(chain)),
            format!("package p\nq := input{}", "[0]".repeat(chain)),
            format!("package p\nq := 1 if true{}", " else := 2 if true".repeat(2_000)),
        ] {
            assert_eq!(errors(&[&text]), [] as [&str; 0], "{text}");
        }
    }

    #[test]
    fn time_is_bounded_by_the_length() {
        let statements: Vec<String> = (0..2_000).map(|at| format!("  x{at} = x{}\n", at + 1)).collect();
        let rules: Vec<String> = (0..1_000).map(|at| format!("r{at} := r{}\n", at + 1)).collect();
        for text in [
            format!("package p\nq if {{\n{}  x2000 = 1\n}}", statements.concat()),
            format!("package p\n{}r1000 := 1", rules.concat()),
        ] {
            assert_eq!(errors(&[&text]), [] as [&str; 0]);
        }
    }
}
