//! OPA's compliance cases: read from a folder, run, and compared as OPA's own harness compares them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;
use std::{fmt, fs, io, thread};

use plangate::compliance::{BuiltinErrors, Input, run};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// The stack of a case's thread. Deep on purpose: the suite asks what the answer is, not how deep the engine gets.
const STACK_BYTES: usize = 256 << 20;
/// After this a case counts as an error. The slowest takes well under a second.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

/// One case, as `INDEX.md` of the cases describes it.
#[derive(Clone, Deserialize)]
struct Case {
    note: String,
    query: String,
    #[serde(default)]
    modules: Option<Vec<String>>,
    data: Option<Box<RawValue>>,
    input: Option<Box<RawValue>>,
    input_term: Option<String>,
    want_result: Option<Vec<BTreeMap<String, Value>>>,
    want_error_code: Option<String>,
    want_error: Option<String>,
    #[serde(default)]
    sort_bindings: bool,
    #[serde(default)]
    strict_error: bool,
}

/// What became of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As OPA does it.
    Pass,
    /// Another value, or no error where OPA has one, or an error of another code.
    Fail(String),
    /// An error where OPA has a value, a panic, or no end.
    Error(String),
}

/// A case that was run.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The folder it is in.
    pub topic: String,
    /// Its name.
    pub note: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// All cases of a folder, in the order of their files.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The cases.
    pub cases: Vec<Ran>,
}

impl Summary {
    /// How many cases passed.
    pub fn passed(&self) -> usize {
        self.cases.iter().filter(|case| case.outcome == Outcome::Pass).count()
    }

    /// The cases that did not pass.
    pub fn failures(&self) -> impl Iterator<Item = &Ran> {
        self.cases.iter().filter(|case| case.outcome != Outcome::Pass)
    }
}

impl fmt::Display for Summary {
    /// A line for each topic, and one last line `N of M passed`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut topics: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
        for case in &self.cases {
            let [pass, fail, error] = topics.entry(&case.topic).or_default();
            *match case.outcome {
                Outcome::Pass => pass,
                Outcome::Fail(_) => fail,
                Outcome::Error(_) => error,
            } += 1;
        }
        writeln!(f, "{:<40} {:>5} {:>5} {:>5}", "topic", "pass", "fail", "error")?;
        for (topic, [pass, fail, error]) in topics {
            writeln!(f, "{topic:<40} {pass:>5} {fail:>5} {error:>5}")?;
        }
        write!(f, "{} of {} passed", self.passed(), self.cases.len())
    }
}

/// Runs every case below a folder.
///
/// # Errors
///
/// When a file cannot be read, or is not a file of cases.
pub fn run_folder(folder: &Path) -> io::Result<Summary> {
    let mut files = Vec::new();
    json_files(folder, &mut files)?;
    files.sort();
    let mut summary = Summary::default();
    for path in files {
        let text = fs::read_to_string(&path)?;
        let file: File =
            serde_json::from_str(&text).map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
        let topic = path
            .parent()
            .and_then(Path::file_name)
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        for case in file.cases {
            summary.cases.push(Ran {
                topic: topic.clone(),
                note: case.note.clone(),
                outcome: outcome(case),
            });
        }
    }
    Ok(summary)
}

fn json_files(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            json_files(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}

/// Runs a case on a thread of its own, so that a panic or a loop is the case's and not the run's.
fn outcome(case: Case) -> Outcome {
    let (sender, receiver) = mpsc::channel();
    let worker = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || {
        let outcome = compare(&case);
        drop(sender.send(outcome));
    });
    if let Err(error) = worker {
        return Outcome::Error(format!("no thread: {error}"));
    }
    receiver.recv_timeout(PATIENCE).unwrap_or_else(|error| match error {
        mpsc::RecvTimeoutError::Timeout => Outcome::Error(format!("no answer in {} seconds", PATIENCE.as_secs())),
        mpsc::RecvTimeoutError::Disconnected => Outcome::Error("panicked".into()),
    })
}

fn compare(case: &Case) -> Outcome {
    let input = match (&case.input_term, &case.input) {
        (Some(term), _) => Input::Term(term),
        (None, Some(json)) => Input::Json(json.get()),
        (None, None) => Input::None,
    };
    let result = run(&plangate::compliance::Case {
        modules: case.modules.as_deref().unwrap_or_default(),
        data: case.data.as_deref().map(RawValue::get),
        input,
        query: &case.query,
        builtin_errors: if case.strict_error {
            BuiltinErrors::Raised
        } else {
            BuiltinErrors::Undefined
        },
    });
    match (result, wanted_code(case)) {
        (Ok(_), Some(code)) => Outcome::Fail(format!("no error, but `{code}` is expected")),
        (Err(failure), Some(code)) if failure.code == code => Outcome::Pass,
        (Err(failure), Some(code)) => {
            Outcome::Fail(format!("`{}` in place of `{code}`: {}", failure.code, failure.message))
        }
        (Err(failure), None) => Outcome::Error(failure.message),
        (Ok(found), None) => compare_results(case, found),
    }
}

/// The code of the error that a case expects. Where only the text is given, it holds the code.
///
/// The rest of the text is not compared: ours never hold a value of the document, and OPA's do.
fn wanted_code(case: &Case) -> Option<String> {
    let in_text = || {
        let text = case.want_error.as_deref()?;
        let code = text.split(": ").find(|part| part.starts_with("eval_")).unwrap_or(text);
        Some(code.to_owned())
    };
    case.want_error_code.clone().or_else(in_text)
}

fn compare_results(case: &Case, mut found: Vec<BTreeMap<String, Value>>) -> Outcome {
    let mut expected = case.want_result.clone().unwrap_or_default();
    if case.sort_bindings {
        for array in found
            .iter_mut()
            .flat_map(BTreeMap::values_mut)
            .filter_map(Value::as_array_mut)
        {
            array.sort_by(order);
        }
    }
    for results in [&mut found, &mut expected] {
        results.sort_by(order_members);
        results.dedup_by(|a, b| order_members(a, b) == Ordering::Equal);
    }
    let equal = found.len() == expected.len()
        && found
            .iter()
            .zip(&expected)
            .all(|(a, b)| order_members(a, b) == Ordering::Equal);
    if equal {
        return Outcome::Pass;
    }
    Outcome::Fail(format!("found {}, expected {}", json(&found), json(&expected)))
}

fn json(results: &[BTreeMap<String, Value>]) -> String {
    serde_json::to_string(results).unwrap_or_default()
}

fn order_members(a: &BTreeMap<String, Value>, b: &BTreeMap<String, Value>) -> Ordering {
    let key_first = |(a_key, a_value): (&String, &Value), (b_key, b_value): (&String, &Value)| {
        a_key.cmp(b_key).then_with(|| order(a_value, b_value))
    };
    a.iter()
        .zip(b)
        .map(|(a, b)| key_first(a, b))
        .find(|order| order.is_ne())
        .unwrap_or_else(|| a.len().cmp(&b.len()))
}

/// OPA's order of JSON values. Numbers are equal when they are the same number, however written.
fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
        },
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Array(a), Value::Array(b)) => a
            .iter()
            .zip(b)
            .map(|(a, b)| order(a, b))
            .find(|order| order.is_ne())
            .unwrap_or_else(|| a.len().cmp(&b.len())),
        (Value::Object(a), Value::Object(b)) => {
            let sorted = |object: &serde_json::Map<String, Value>| {
                object.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
            };
            order_members(&sorted(a), &sorted(b))
        }
        _ => rank(a).cmp(&rank(b)),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}
