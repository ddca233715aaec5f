//! `graph.reachable` and `graph.reachable_paths`.

use std::collections::{BTreeSet, VecDeque};

use regorus::Value;

use super::operand::{self, any, kind, sequence};
use super::{Builtin, Call, Failure};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("graph.reachable", 2, reachable),
    Builtin::here("graph.reachable_paths", 2, reachable_paths),
];

/// How long a path may be. The search recurses along it.
const MAX_PATH: usize = 2000;

fn initial(operands: &[Value]) -> Result<Vec<&Value>, Failure> {
    operand::object(operands, 1)?;
    let found = any(operands, 2);
    sequence(found).ok_or_else(|| Failure::Operand(format!("operand 2 must be {{array, set}} but got {}", kind(found))))
}

/// The neighbors of a node, or `None` where the graph has no such node.
fn edges<'a>(graph: &'a Value, node: &Value) -> Option<Vec<&'a Value>> {
    let Value::Object(graph) = graph else { return None };
    Some(sequence(graph.get(node)?).unwrap_or_default())
}

fn reachable(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let mut queue: VecDeque<&Value> = initial(operands)?.into();
    let mut reached = BTreeSet::new();
    while let Some(node) = queue.pop_front() {
        if reached.contains(node) {
            continue;
        }
        if let Some(neighbors) = edges(any(operands, 1), node) {
            queue.extend(neighbors);
            reached.insert(node);
        }
    }
    Ok(reached.into_iter().cloned().collect::<BTreeSet<Value>>().into())
}

fn reachable_paths(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let graph = any(operands, 1);
    let mut paths = Paths {
        call,
        graph,
        found: BTreeSet::new(),
        steps: 0,
    };
    for root in initial(operands)? {
        let Some(neighbors) = edges(graph, root) else { continue };
        if neighbors.is_empty() {
            paths.found.insert(vec![root.clone()]);
        }
        for neighbor in neighbors {
            paths.follow(neighbor, &mut vec![root.clone()])?;
        }
    }
    Ok(paths
        .found
        .into_iter()
        .map(Value::from)
        .collect::<BTreeSet<Value>>()
        .into())
}

struct Paths<'a> {
    call: &'a Call<'a>,
    graph: &'a Value,
    found: BTreeSet<Vec<Value>>,
    steps: usize,
}

impl Paths<'_> {
    /// Goes on from a path to a node. A path ends before a node that it has already, and before one that the graph has not.
    fn follow(&mut self, node: &Value, path: &mut Vec<Value>) -> Result<(), Failure> {
        self.steps = self.steps.saturating_add(path.len());
        self.call.check_items(self.steps)?;
        if path.len() > MAX_PATH {
            return Err(Failure::Limit(format!("a path has more than {MAX_PATH} nodes")));
        }
        let neighbors = if path.contains(node) {
            None
        } else {
            edges(self.graph, node)
        };
        let Some(neighbors) = neighbors else {
            self.found.insert(path.clone());
            return Ok(());
        };
        path.push(node.clone());
        if neighbors.is_empty() {
            self.found.insert(path.clone());
        }
        for neighbor in neighbors {
            self.follow(neighbor, path)?;
        }
        path.pop();
        Ok(())
    }
}
