//! The syntax tree: what the parser found, every node with its place in the text.

use std::sync::Arc;

use crate::json::Value;

/// A stretch of a source text, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Span {
    /// The first byte.
    pub(crate) start: u32,
    /// The byte behind the last one.
    pub(crate) end: u32,
}

impl Span {
    /// From this one's start to the other's end.
    pub(crate) fn to(self, other: Self) -> Self {
        Self {
            start: self.start,
            end: other.end.max(self.end),
        }
    }

    /// The text that the span covers.
    pub(crate) fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// The version of the language that a source is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Version {
    /// Rego before OPA 1.0: `if` and `contains` are not keywords unless imported.
    V0,
    /// Rego as of OPA 1.0.
    #[default]
    V1,
}

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: Arc<str>,
    pub(crate) span: Span,
}

/// One parsed source.
#[derive(Clone, Debug)]
pub(crate) struct Module {
    /// What errors call the source.
    pub(crate) source: Arc<str>,
    pub(crate) text: Arc<str>,
    /// The version its rules follow: [`Version::V1`] also for a v0 source with `import rego.v1`.
    pub(crate) version: Version,
    /// The package path, without `data`.
    pub(crate) package: Vec<Name>,
    pub(crate) imports: Vec<Import>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) annotations: Vec<Annotation>,
}

impl Module {
    /// The package path as plain text parts.
    pub(crate) fn package_path(&self) -> Vec<Arc<str>> {
        self.package.iter().map(|name| name.text.clone()).collect()
    }

    /// The first rule with this span. Chained bodies share that of the rule they belong to.
    pub(crate) fn rule_at(&self, span: Span) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.span == span)
    }
}

/// `import data.a.b as c`
#[derive(Clone, Debug)]
pub(crate) struct Import {
    pub(crate) span: Span,
    /// The whole path; the first part is `data`, `input`, `future` or `rego`.
    pub(crate) path: Vec<Name>,
    pub(crate) alias: Option<Name>,
}

impl Import {
    /// The name that the module knows the import by.
    pub(crate) fn name(&self) -> Option<&Name> {
        self.alias.as_ref().or(self.path.last())
    }

    /// Whether the import switches on language features and names nothing.
    pub(crate) fn is_language(&self) -> bool {
        self.path
            .first()
            .is_some_and(|root| matches!(&*root.text, "future" | "rego"))
    }
}

/// A `# METADATA` block.
#[derive(Clone, Debug)]
pub(crate) struct Annotation {
    pub(crate) span: Span,
    pub(crate) scope: Scope,
    /// Everything the block says, `scope` included.
    pub(crate) value: Value,
    /// The span of the rule that it stands before. `None`: it stands before the package.
    pub(crate) rule: Option<Span>,
}

/// What a `# METADATA` block is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Scope {
    /// The package and all packages below it.
    Subpackages,
    /// The package, over all its files.
    Package,
    /// All rules of one name.
    Document,
    /// The one rule that follows.
    Rule,
}

impl Scope {
    /// As blocks name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Subpackages => "subpackages",
            Self::Package => "package",
            Self::Document => "document",
            Self::Rule => "rule",
        }
    }
}

/// A rule with everything chained to it.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) span: Span,
    pub(crate) default: bool,
    pub(crate) head: Head,
    /// The first body. Empty where nothing is asked: `p := 1`.
    pub(crate) body: Body,
    /// Further bodies with the same head: `p { a } { b }`.
    pub(crate) chained: Vec<Body>,
    pub(crate) otherwise: Vec<Else>,
}

/// The head of a rule.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) span: Span,
    /// The name as a reference: `p`, `p.q`, `p[x].r`. Never empty, the first is a name.
    pub(crate) path: Vec<Term>,
    pub(crate) kind: HeadKind,
}

/// What a rule makes.
#[derive(Clone, Debug)]
pub(crate) enum HeadKind {
    /// One value, or with variables in the path, entries of an object. `None` is `true`.
    Value(Option<Term>),
    /// An element of a set: `p contains x`, v0 `p[x]`.
    Element(Term),
    /// A function. `None` is `true`.
    Function(Vec<Term>, Option<Term>),
}

/// `else := value if { … }`
#[derive(Clone, Debug)]
pub(crate) struct Else {
    pub(crate) span: Span,
    /// `None` is `true`.
    pub(crate) value: Option<Term>,
    pub(crate) body: Body,
}

/// Literals of which all must hold.
pub(crate) type Body = Vec<Literal>;

/// One statement of a body.
#[derive(Clone, Debug)]
pub(crate) struct Literal {
    pub(crate) span: Span,
    pub(crate) kind: LiteralKind,
    pub(crate) with: Vec<With>,
}

/// What a statement says.
#[derive(Clone, Debug)]
pub(crate) enum LiteralKind {
    /// Defined and not `false`.
    Term(Term),
    /// `not …`; the inner one is a term, `:=` or `=`.
    Not(Box<LiteralKind>),
    /// `a := b`
    Assign(Term, Term),
    /// `a = b`
    Unify(Term, Term),
    /// An operand that lowering evaluates ahead of its statement, under a name of its own: unlike in `:=`, references
    /// in it bind no variables.
    Operand(Term, Term),
    /// `some a, b`
    Some(Vec<Name>),
    /// `some k, v in xs`
    SomeIn(Membership),
    /// `every k, v in xs { … }`
    Every(Membership, Body),
}

/// `k, v in xs`
#[derive(Clone, Debug)]
pub(crate) struct Membership {
    pub(crate) key: Option<Box<Term>>,
    pub(crate) value: Box<Term>,
    pub(crate) domain: Box<Term>,
}

/// `with target as value`
#[derive(Clone, Debug)]
pub(crate) struct With {
    pub(crate) span: Span,
    pub(crate) target: Term,
    pub(crate) value: Term,
}

/// An expression that has a value.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    pub(crate) span: Span,
    pub(crate) kind: TermKind,
}

/// What a term is.
#[derive(Clone, Debug)]
pub(crate) enum TermKind {
    Null,
    Bool(bool),
    /// The digits as written.
    Number(Arc<str>),
    /// The text, escapes undone.
    String(Arc<str>),
    /// A variable, the name of a rule or import, `input` or `data`. Each `_` has a name of its own, which starts with `$`.
    Var(Arc<str>),
    /// `head.a[b]`: what is looked into, and the steps. `.a` is the step `"a"`.
    Ref(Box<Term>, Vec<Term>),
    Array(Vec<Term>),
    Set(Vec<Term>),
    Object(Vec<(Term, Term)>),
    ArrayComprehension(Box<Term>, Body),
    SetComprehension(Box<Term>, Body),
    ObjectComprehension(Box<(Term, Term)>, Body),
    /// `f(x)`, `a.b.f(x)`: a variable or a reference, and the arguments.
    Call(Box<Term>, Vec<Term>),
    Infix(Operator, Box<(Term, Term)>),
    /// `x in xs`, `k, v in xs`
    In(Membership),
    /// `$"text {term} text"`
    Template(Vec<Part>),
}

/// A part of a template string.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    Text(Arc<str>),
    Term(Term, Vec<With>),
}

/// An infix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Or,
    And,
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
}

impl Operator {
    /// The built-in function that the operator stands for.
    pub(crate) fn builtin(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::NotEqual => "neq",
            Self::Less => "lt",
            Self::LessOrEqual => "lte",
            Self::Greater => "gt",
            Self::GreaterOrEqual => "gte",
            Self::Or => "or",
            Self::And => "and",
            Self::Plus => "plus",
            Self::Minus => "minus",
            Self::Times => "mul",
            Self::Divide => "div",
            Self::Remainder => "rem",
        }
    }

    /// The operator that a built-in function is written as, if it is one of the functions behind operators.
    pub(crate) fn of_builtin(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.builtin() == name)
    }

    /// As it is written.
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Or => "|",
            Self::And => "&",
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }

    /// How tightly it binds: 1 (comparison) to 5 (factor). `in` is 0.
    pub(crate) fn precedence(self) -> u8 {
        match self {
            Self::Equal | Self::NotEqual | Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 1,
            Self::Or => 2,
            Self::And => 3,
            Self::Plus | Self::Minus => 4,
            Self::Times | Self::Divide | Self::Remainder => 5,
        }
    }

    const ALL: [Self; 13] = [
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::LessOrEqual,
        Self::Greater,
        Self::GreaterOrEqual,
        Self::Or,
        Self::And,
        Self::Plus,
        Self::Minus,
        Self::Times,
        Self::Divide,
        Self::Remainder,
    ];
}

impl Term {
    pub(crate) fn new(span: Span, kind: TermKind) -> Self {
        Self { span, kind }
    }

    pub(crate) fn var(span: Span, name: impl Into<Arc<str>>) -> Self {
        Self::new(span, TermKind::Var(name.into()))
    }

    pub(crate) fn string(span: Span, text: impl Into<Arc<str>>) -> Self {
        Self::new(span, TermKind::String(text.into()))
    }

    /// A JSON value as a term.
    pub(crate) fn constant(span: Span, value: &Value) -> Self {
        let kind = match value {
            Value::Null => TermKind::Null,
            Value::Bool(value) => TermKind::Bool(*value),
            Value::Number(number) => TermKind::Number(number.as_str().into()),
            Value::String(text) => TermKind::String(text.as_str().into()),
            Value::Array(items) => TermKind::Array(items.iter().map(|item| Self::constant(span, item)).collect()),
            Value::Object(members) => TermKind::Object(
                members
                    .iter()
                    .map(|(name, value)| (Self::string(span, name.as_str()), Self::constant(span, value)))
                    .collect(),
            ),
        };
        Self::new(span, kind)
    }

    /// A call of a function by its plain name: `walk(x)`.
    pub(crate) fn call(span: Span, function: &str, arguments: Vec<Self>) -> Self {
        Self::new(span, TermKind::Call(Box::new(Self::path(span, function)), arguments))
    }

    /// A dotted path of plain names as a term: `io.jwt.decode`.
    fn path(span: Span, dotted: &str) -> Self {
        let mut parts = dotted.split('.');
        let head = Self::var(span, parts.next().unwrap_or_default());
        let steps: Vec<Self> = parts.map(|part| Self::string(span, part)).collect();
        if steps.is_empty() {
            head
        } else {
            Self::new(span, TermKind::Ref(Box::new(head), steps))
        }
    }

    /// The name, if this is a variable.
    pub(crate) fn as_var(&self) -> Option<&Arc<str>> {
        if let TermKind::Var(name) = &self.kind {
            Some(name)
        } else {
            None
        }
    }

    /// The text, if this is a string.
    pub(crate) fn as_string(&self) -> Option<&Arc<str>> {
        if let TermKind::String(text) = &self.kind {
            Some(text)
        } else {
            None
        }
    }

    /// The parts of a variable or of a reference whose steps are all strings: `data.a.b`.
    pub(crate) fn as_path(&self) -> Option<Vec<Arc<str>>> {
        match &self.kind {
            TermKind::Var(name) => Some(vec![name.clone()]),
            TermKind::Ref(head, steps) => {
                let head = head.as_var()?.clone();
                let steps = steps.iter().map(|step| step.as_string().cloned());
                std::iter::once(Some(head)).chain(steps).collect()
            }
            _ => None,
        }
    }

    /// Whether this is a call in any notation.
    pub(crate) fn is_call(&self) -> bool {
        matches!(
            self.kind,
            TermKind::Call(..) | TermKind::Infix(..) | TermKind::In(_) | TermKind::Template(_)
        )
    }
}

/// Whether a variable is a `_`.
pub(crate) fn is_wildcard(name: &str) -> bool {
    name.starts_with('$')
}
