//! `strings.render_template`: Go's `text/template` over a document.

mod parse;

use std::cmp::Ordering;

use regorus::Value;

use super::operand::{any, object, string};
use super::{Builtin, Call, Failure, sprintf};
use parse::{Node, Operand, Pipeline};

pub(super) const TABLE: &[Builtin] = &[Builtin::here("strings.render_template", 2, render)];

/// How many nodes a template may run.
const MAX_STEPS: usize = 1_000_000;

fn wrong(what: &str) -> Failure {
    Failure::failed(format!("template: {what}"))
}

fn render(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let nodes = parse::parse(string(operands, 1)?)?;
    object(operands, 2)?;
    let root = Item::Data(any(operands, 2).clone());
    let mut machine = Machine {
        call,
        out: String::new(),
        variables: vec![("$".into(), root.clone())],
        steps: 0,
    };
    machine.run(&nodes, &root)?;
    let text = machine.out.replace("<no value>", "<undefined>");
    call.check_text(text.len())?;
    Ok(text.into())
}

/// A value while a template runs. Numbers of the document are texts, as `json.Number` is; those that a template makes are not.
#[derive(Clone, Debug)]
enum Item {
    Data(Value),
    Int(i64),
    Float(f64),
    /// A member that is not there.
    Missing,
}

impl From<bool> for Item {
    fn from(truth: bool) -> Self {
        Self::Data(truth.into())
    }
}

/// The text of a document's string, or number.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_string()),
        number @ Value::Number(_) => Some(number.to_string()),
        _ => None,
    }
}

impl Item {
    fn is_true(&self) -> bool {
        match self {
            Self::Missing => false,
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::Data(value) => match value {
                Value::Bool(truth) => *truth,
                Value::String(text) => !text.is_empty(),
                Value::Number(_) => true,
                Value::Array(array) => array.first().is_some(),
                Value::Set(set) => !set.is_empty(),
                Value::Object(object) => !object.is_empty(),
                Value::Null | Value::Undefined => false,
            },
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Missing | Self::Data(Value::Null) => "<no value>".into(),
            Self::Int(number) => number.to_string(),
            Self::Float(number) => super::float::format(*number, 'g', None),
            Self::Data(value) => printed(value),
        }
    }

    fn field(&self, name: &str) -> Result<Self, Failure> {
        match self {
            Self::Missing => Ok(Self::Missing),
            Self::Data(Value::Object(object)) => Ok(object
                .get(&Value::from(name))
                .cloned()
                .map_or(Self::Missing, Self::Data)),
            _ => Err(wrong("can't evaluate a field of what is no map")),
        }
    }
}

/// A value as Go's `fmt` prints maps and slices.
fn printed(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".into(),
        Value::Array(array) => format!("[{}]", array.iter().map(printed).collect::<Vec<_>>().join(" ")),
        Value::Set(set) => format!("[{}]", set.iter_sorted().map(printed).collect::<Vec<_>>().join(" ")),
        Value::Object(object) => {
            let members = object
                .iter_sorted()
                .map(|(key, value)| format!("{}:{}", printed(key), printed(value)));
            format!("map[{}]", members.collect::<Vec<_>>().join(" "))
        }
        other => text_of(other).unwrap_or_else(|| other.to_string()),
    }
}

/// How a list of nodes ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Continue,
}

struct Machine<'a> {
    call: &'a Call<'a>,
    out: String,
    variables: Vec<(String, Item)>,
    steps: usize,
}

impl Machine<'_> {
    fn run(&mut self, nodes: &[Node], dot: &Item) -> Result<Flow, Failure> {
        let scope = self.variables.len();
        let mut flow = Flow::On;
        for node in nodes {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return Err(Failure::Limit(format!("the template runs more than {MAX_STEPS} steps")));
            }
            flow = self.node(node, dot)?;
            self.call.check_text(self.out.len())?;
            if flow != Flow::On {
                break;
            }
        }
        self.variables.truncate(scope);
        Ok(flow)
    }

    fn node(&mut self, node: &Node, dot: &Item) -> Result<Flow, Failure> {
        match node {
            Node::Text(text) => self.out.push_str(text),
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
            Node::Print(pipeline) => {
                let value = self.pipeline(pipeline, dot)?;
                if pipeline.variables.is_empty() {
                    self.out.push_str(&value.text());
                }
            }
            Node::Branch {
                with,
                pipeline,
                then,
                otherwise,
            } => {
                let scope = self.variables.len();
                let value = self.pipeline(pipeline, dot)?;
                let flow = match (value.is_true(), with) {
                    (true, true) => self.run(then, &value)?,
                    (true, false) => self.run(then, dot)?,
                    (false, _) => self.run(otherwise, dot)?,
                };
                self.variables.truncate(scope);
                return Ok(flow);
            }
            Node::Range {
                pipeline,
                each,
                otherwise,
            } => return self.range(pipeline, each, otherwise, dot),
        }
        Ok(Flow::On)
    }

    fn range(&mut self, pipeline: &Pipeline, each: &[Node], otherwise: &[Node], dot: &Item) -> Result<Flow, Failure> {
        let scope = self.variables.len();
        let bare = Pipeline {
            variables: Vec::new(),
            assigns: false,
            commands: pipeline.commands.clone(),
        };
        let elements: Vec<(Item, Item)> = match self.pipeline(&bare, dot)? {
            Item::Missing | Item::Data(Value::Null) => Vec::new(),
            Item::Int(count) => (0..count.min(i64::try_from(MAX_STEPS).unwrap_or(i64::MAX)))
                .map(|index| (Item::Int(index), Item::Int(index)))
                .collect(),
            Item::Data(Value::Array(array)) => indexed(array.iter()),
            Item::Data(Value::Set(set)) => indexed(set.iter_sorted()),
            Item::Data(Value::Object(object)) => object
                .iter_sorted()
                .map(|(key, value)| (Item::Data(key.clone()), Item::Data(value.clone())))
                .collect(),
            _ => return Err(wrong("range can't iterate over this")),
        };
        if elements.is_empty() {
            return self.run(otherwise, dot);
        }
        for (key, value) in elements {
            match pipeline.variables.as_slice() {
                [] => {}
                [one] => self.variables.push((one.clone(), value.clone())),
                [index, element, ..] => self
                    .variables
                    .extend([(index.clone(), key), (element.clone(), value.clone())]),
            }
            let flow = self.run(each, &value)?;
            self.variables.truncate(scope);
            if flow == Flow::Break {
                break;
            }
        }
        Ok(Flow::On)
    }

    fn pipeline(&mut self, pipeline: &Pipeline, dot: &Item) -> Result<Item, Failure> {
        let mut value = None;
        for command in &pipeline.commands {
            value = Some(self.command(command, dot, value)?);
        }
        let value = value.unwrap_or(Item::Missing);
        for name in &pipeline.variables {
            if !pipeline.assigns {
                self.variables.push((name.clone(), value.clone()));
                continue;
            }
            let variable = self.variables.iter_mut().rev().find(|(known, _)| known == name);
            variable.ok_or_else(|| wrong("undefined variable"))?.1 = value.clone();
        }
        Ok(value)
    }

    /// `piped` is the value of the command before, which comes as the last argument.
    fn command(&mut self, operands: &[Operand], dot: &Item, piped: Option<Item>) -> Result<Item, Failure> {
        let Some((first, rest)) = operands.split_first() else {
            return Err(wrong("missing value for command"));
        };
        if let Operand::Function(name) = first {
            return self.function(name, rest, dot, piped);
        }
        if !rest.is_empty() || piped.is_some() {
            return Err(wrong("can't give an argument to a non-function"));
        }
        self.operand(first, dot)
    }

    fn operand(&mut self, operand: &Operand, dot: &Item) -> Result<Item, Failure> {
        Ok(match operand {
            Operand::Dot => dot.clone(),
            Operand::Variable(name) => {
                let found = self.variables.iter().rev().find(|(known, _)| known == name);
                found.ok_or_else(|| wrong("undefined variable"))?.1.clone()
            }
            Operand::Function(name) => self.function(name, &[], dot, None)?,
            Operand::Text(text) => Item::Data(text.as_str().into()),
            Operand::Int(number) => Item::Int(*number),
            Operand::Float(number) => Item::Float(*number),
            Operand::Bool(truth) => (*truth).into(),
            Operand::Nil => return Err(wrong("nil is not a command")),
            Operand::Pipeline(pipeline) => self.pipeline(pipeline, dot)?,
            Operand::Fields(base, names) => {
                let base = self.operand(base, dot)?;
                names.iter().try_fold(base, |value, name| value.field(name))?
            }
        })
    }

    fn function(&mut self, name: &str, operands: &[Operand], dot: &Item, piped: Option<Item>) -> Result<Item, Failure> {
        if matches!(name, "and" | "or") {
            // Only as many arguments as it takes to decide.
            let mut last = None;
            for operand in operands {
                let value = self.operand(operand, dot)?;
                if value.is_true() == (name == "or") {
                    return Ok(value);
                }
                last = Some(value);
            }
            return piped.or(last).ok_or_else(|| wrong("wrong number of arguments"));
        }
        let mut arguments = operands
            .iter()
            .map(|operand| self.operand(operand, dot))
            .collect::<Result<Vec<Item>, Failure>>()?;
        arguments.extend(piped);
        apply(self.call, name, &arguments)
    }
}

fn indexed<'a>(values: impl Iterator<Item = &'a Value>) -> Vec<(Item, Item)> {
    (0_i64..)
        .zip(values)
        .map(|(index, value)| (Item::Int(index), Item::Data(value.clone())))
        .collect()
}

fn apply(call: &Call<'_>, name: &str, arguments: &[Item]) -> Result<Item, Failure> {
    let texts = || arguments.iter().map(Item::text);
    let text = |text: String| Item::Data(text.into());
    match (name, arguments) {
        ("not", [value]) => Ok((!value.is_true()).into()),
        ("len", [value]) => length(value),
        ("index", [value, keys @ ..]) => keys.iter().try_fold(value.clone(), |value, key| index(&value, key)),
        ("slice", [value, bounds @ ..]) => slice(value, bounds),
        ("eq", [first, others @ ..]) if !others.is_empty() => {
            let equal = others
                .iter()
                .map(|other| compare(first, other))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(equal.contains(&Ordering::Equal).into())
        }
        ("ne", [a, b]) => Ok(compare(a, b)?.is_ne().into()),
        ("lt", [a, b]) => Ok(compare(a, b)?.is_lt().into()),
        ("le", [a, b]) => Ok(compare(a, b)?.is_le().into()),
        ("gt", [a, b]) => Ok(compare(a, b)?.is_gt().into()),
        ("ge", [a, b]) => Ok(compare(a, b)?.is_ge().into()),
        ("print", _) => Ok(text(print(arguments))),
        ("println", _) => Ok(text(texts().collect::<Vec<_>>().join(" ") + "\n")),
        ("printf", [Item::Data(Value::String(format)), rest @ ..]) => {
            let rest: Vec<sprintf::Argument> = rest.iter().map(argument).collect();
            Ok(text(sprintf::format(call, format, &rest)?))
        }
        ("html", _) => Ok(text(html(&texts().collect::<String>()))),
        ("urlquery", _) => Ok(text(super::url::escape(&texts().collect::<String>()))),
        _ => Err(wrong("a function that is not defined, or with wrong arguments")),
    }
}

fn argument(item: &Item) -> sprintf::Argument {
    match item {
        Item::Int(number) => sprintf::Argument::Int(*number),
        Item::Float(number) => sprintf::Argument::Float(*number),
        other => sprintf::Argument::Text(other.text()),
    }
}

/// Go's `Sprint`: a space between two operands when neither is a text.
fn print(arguments: &[Item]) -> String {
    let mut out = String::new();
    let mut after_text = true;
    for item in arguments {
        let is_text = matches!(item, Item::Data(Value::String(_) | Value::Number(_)));
        if !out.is_empty() && !is_text && !after_text {
            out.push(' ');
        }
        out.push_str(&item.text());
        after_text = is_text;
    }
    out
}

fn html(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '\0' => out.push('\u{fffd}'),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(character),
        }
    }
    out
}

fn length(value: &Item) -> Result<Item, Failure> {
    let length = match value {
        Item::Data(Value::Array(array)) => array.len(),
        Item::Data(Value::Set(set)) => set.len(),
        Item::Data(Value::Object(object)) => object.len(),
        Item::Data(value) => text_of(value).ok_or_else(|| wrong("len of this type"))?.len(),
        _ => return Err(wrong("len of this type")),
    };
    Ok(Item::Int(i64::try_from(length).unwrap_or(i64::MAX)))
}

fn index(value: &Item, key: &Item) -> Result<Item, Failure> {
    match (value, key) {
        (Item::Data(Value::Object(object)), Item::Data(key)) => {
            Ok(object.get(key).cloned().map_or(Item::Missing, Item::Data))
        }
        (Item::Data(Value::Array(array)), Item::Int(at)) => {
            let found = usize::try_from(*at).ok().and_then(|at| array.get(at));
            found
                .cloned()
                .map(Item::Data)
                .ok_or_else(|| wrong("index out of range"))
        }
        _ => Err(wrong("cannot index this")),
    }
}

fn slice(value: &Item, bounds: &[Item]) -> Result<Item, Failure> {
    let out_of_range = || wrong("slice index out of range");
    let bound = |at: usize, default: usize| match bounds.get(at) {
        None => Ok(default),
        Some(Item::Int(bound)) => usize::try_from(*bound).map_err(|_| out_of_range()),
        Some(_) => Err(wrong("cannot slice by this")),
    };
    match value {
        Item::Data(Value::String(text)) => {
            let part = text.get(bound(0, 0)?..bound(1, text.len())?);
            part.map(|part| Item::Data(part.into())).ok_or_else(out_of_range)
        }
        Item::Data(Value::Array(array)) => {
            let elements: Vec<Value> = array.iter().cloned().collect();
            let part = elements.get(bound(0, 0)?..bound(1, elements.len())?);
            part.map(|part| Item::Data(part.to_vec().into()))
                .ok_or_else(out_of_range)
        }
        _ => Err(wrong("can't slice this")),
    }
}

/// Only values of one basic kind compare.
fn compare(a: &Item, b: &Item) -> Result<Ordering, Failure> {
    let incompatible = || wrong("incompatible types for comparison");
    match (a, b) {
        (Item::Int(a), Item::Int(b)) => Ok(a.cmp(b)),
        (Item::Float(a), Item::Float(b)) => a.partial_cmp(b).ok_or_else(incompatible),
        (Item::Data(Value::Bool(a)), Item::Data(Value::Bool(b))) => Ok(a.cmp(b)),
        (Item::Data(a), Item::Data(b)) => text_of(a)
            .zip(text_of(b))
            .map(|(a, b)| a.cmp(&b))
            .ok_or_else(incompatible),
        _ => Err(incompatible()),
    }
}
