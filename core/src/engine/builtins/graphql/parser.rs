//! Tokens to syntax trees, with the grammar of `gqlparser`.

use regorus::Value;

use super::super::Failure;
use super::lexer::{Kind, Token, tokens};
use super::tree::{Node, ValueKind};

/// Levels of selections, lists, objects and types inside each other.
const MAX_DEPTH: usize = 200;

type Parsed<T> = Result<T, Failure>;

pub(super) struct Parser {
    tokens: Vec<Token>,
    end: Token,
    at: usize,
    depth: usize,
}

/// Whether a value may hold variables.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Variables {
    Allowed,
    Refused,
}

impl Parser {
    pub(super) fn new(text: &str) -> Parsed<Self> {
        let tokens = tokens(text)?;
        let end = Token {
            kind: Kind::End,
            text: String::new(),
            line: 1,
            column: 1,
            comments: Vec::new(),
        };
        let end = tokens.last().cloned().unwrap_or(end);
        Ok(Self {
            tokens,
            end,
            at: 0,
            depth: 0,
        })
    }

    fn peek(&self) -> &Token {
        self.tokens.get(self.at).unwrap_or(&self.end)
    }

    pub(super) fn is_end(&self) -> bool {
        self.peek().kind == Kind::End
    }

    /// The word that is next, empty where it is none.
    pub(super) fn word(&self) -> &str {
        let token = self.peek();
        if token.kind == Kind::Name { &token.text } else { "" }
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    pub(super) fn is(&self, punctuation: char) -> bool {
        self.peek().kind == Kind::Punctuation(punctuation)
    }

    pub(super) fn skip(&mut self, punctuation: char) -> bool {
        let found = self.is(punctuation);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, punctuation: char) -> Parsed<()> {
        if self.skip(punctuation) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    pub(super) fn keyword(&mut self, word: &str) -> Parsed<()> {
        if self.word() != word {
            return Err(self.unexpected());
        }
        self.at += 1;
        Ok(())
    }

    pub(super) fn unexpected(&self) -> Failure {
        let token = self.peek();
        Failure::failed(format!(
            "Unexpected token in GraphQL string at location {}:{}",
            token.line, token.column
        ))
    }

    /// The comments before the next token.
    pub(super) fn comments(&self) -> Value {
        let comments = self.peek().comments.iter();
        let list: Vec<Value> = comments
            .map(|comment| Node::default().with("Value", comment.as_str()).into())
            .collect();
        Node::default().with("List", list).into()
    }

    pub(super) fn name(&mut self) -> Parsed<String> {
        if self.peek().kind != Kind::Name {
            return Err(self.unexpected());
        }
        Ok(self.next().text)
    }

    /// A text that describes what follows.
    pub(super) fn description(&mut self) -> Option<(Value, String)> {
        if !matches!(self.peek().kind, Kind::Text | Kind::Block) {
            return None;
        }
        let comments = self.comments();
        Some((comments, self.next().text))
    }

    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Failure::Limit(format!("GraphQL nests more than {MAX_DEPTH} levels")));
        }
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// Nothing, or at least one between brackets. With the comments before the closing one.
    pub(super) fn some(
        &mut self,
        [open, close]: [char; 2],
        mut parse: impl FnMut(&mut Self) -> Parsed<Value>,
    ) -> Parsed<(Vec<Value>, Value)> {
        if !self.skip(open) {
            return Ok((Vec::new(), Value::Null));
        }
        let mut found = Vec::new();
        while !self.is(close) {
            found.push(parse(self)?);
        }
        if found.is_empty() {
            return Err(self.unexpected());
        }
        let comments = self.comments();
        self.expect(close)?;
        Ok((found, comments))
    }

    pub(super) fn query_document(&mut self) -> Parsed<Value> {
        let (mut operations, mut fragments) = (Vec::new(), Vec::new());
        while !self.is_end() {
            match self.word() {
                "query" | "mutation" | "subscription" => operations.push(self.operation()?),
                "fragment" => fragments.push(self.fragment()?),
                _ if self.is('{') => operations.push(self.operation()?),
                _ => return Err(self.unexpected()),
            }
        }
        Ok(Node::default()
            .with("Operations", operations)
            .with("Fragments", fragments)
            .into())
    }

    fn operation(&mut self) -> Parsed<Value> {
        let mut node = Node::default().with("Comment", self.comments());
        if self.is('{') {
            let node = node.with("Operation", "query").with("Name", "");
            return Ok(node.with("SelectionSet", self.selection_set()?).into());
        }
        node.put("Operation", self.operation_type()?);
        node.put(
            "Name",
            if self.word().is_empty() {
                String::new()
            } else {
                self.name()?
            },
        );
        node.put("VariableDefinitions", self.variable_definitions()?);
        node.put("Directives", self.directives(Variables::Allowed)?);
        Ok(node.with("SelectionSet", self.selection_set()?).into())
    }

    pub(super) fn operation_type(&mut self) -> Parsed<String> {
        match self.word() {
            "query" | "mutation" | "subscription" => self.name(),
            _ => Err(self.unexpected()),
        }
    }

    fn variable_definitions(&mut self) -> Parsed<Vec<Value>> {
        Ok(self.some(['(', ')'], Self::variable_definition)?.0)
    }

    fn variable_definition(&mut self) -> Parsed<Value> {
        let mut node = Node::default().with("Comment", self.comments()).with("Used", false);
        self.expect('$')?;
        node.put("Variable", self.name()?);
        self.expect(':')?;
        node.put("Type", self.type_reference()?);
        if self.skip('=') {
            node.put("DefaultValue", self.value(Variables::Refused)?);
        }
        Ok(node.with("Directives", self.directives(Variables::Allowed)?).into())
    }

    fn selection_set(&mut self) -> Parsed<Vec<Value>> {
        if !self.is('{') {
            return Err(self.unexpected());
        }
        self.deeper(|parser| Ok(parser.some(['{', '}'], Self::selection)?.0))
    }

    fn selection(&mut self) -> Parsed<Value> {
        let comments = self.comments();
        if self.skip('.') {
            return self.spread(comments);
        }
        let alias = self.name()?;
        let name = if self.skip(':') { self.name()? } else { alias.clone() };
        let mut node = Node::default()
            .with("Comment", comments)
            .with("Alias", alias)
            .with("Name", name);
        node.put("Arguments", self.arguments(Variables::Allowed)?);
        node.put("Directives", self.directives(Variables::Allowed)?);
        if self.is('{') {
            node.put("SelectionSet", self.selection_set()?);
        }
        Ok(node.into())
    }

    /// What follows three dots.
    fn spread(&mut self, comments: Value) -> Parsed<Value> {
        let node = Node::default().with("Comment", comments);
        if !matches!(self.word(), "" | "on") {
            let node = node.with("Name", self.name()?);
            return Ok(node.with("Directives", self.directives(Variables::Allowed)?).into());
        }
        let condition = if self.word() == "on" {
            self.at += 1;
            self.name()?
        } else {
            String::new()
        };
        let node = node
            .with("TypeCondition", condition)
            .with("Directives", self.directives(Variables::Allowed)?);
        Ok(node.with("SelectionSet", self.selection_set()?).into())
    }

    fn fragment(&mut self) -> Parsed<Value> {
        let mut node = Node::default().with("Comment", self.comments());
        self.keyword("fragment")?;
        if self.word() == "on" {
            return Err(self.unexpected());
        }
        node.put("Name", self.name()?);
        node.put("VariableDefinition", self.variable_definitions()?);
        self.keyword("on")?;
        node.put("TypeCondition", self.name()?);
        node.put("Directives", self.directives(Variables::Allowed)?);
        Ok(node.with("SelectionSet", self.selection_set()?).into())
    }

    fn arguments(&mut self, variables: Variables) -> Parsed<Vec<Value>> {
        let argument = |parser: &mut Self| parser.named_value(variables);
        Ok(self.some(['(', ')'], argument)?.0)
    }

    /// `name: value`, an argument or a member of an object.
    fn named_value(&mut self, variables: Variables) -> Parsed<Value> {
        let node = Node::default()
            .with("Comment", self.comments())
            .with("Name", self.name()?);
        self.expect(':')?;
        Ok(node.with("Value", self.value(variables)?).into())
    }

    pub(super) fn directives(&mut self, variables: Variables) -> Parsed<Vec<Value>> {
        let mut directives = Vec::new();
        while self.skip('@') {
            let node = Node::default().with("Name", self.name()?).with("Location", "");
            directives.push(node.with("Arguments", self.arguments(variables)?).into());
        }
        Ok(directives)
    }

    pub(super) fn type_reference(&mut self) -> Parsed<Value> {
        let mut node = Node::default();
        if self.skip('[') {
            node.put("Elem", self.deeper(Self::type_reference)?);
            node.put("NamedType", "");
            self.expect(']')?;
        } else {
            node.put("NamedType", self.name()?);
        }
        Ok(node.with("NonNull", self.skip('!')).into())
    }

    pub(super) fn value(&mut self, variables: Variables) -> Parsed<Value> {
        self.deeper(|parser| parser.value_here(variables))
    }

    fn value_here(&mut self, variables: Variables) -> Parsed<Value> {
        let comments = self.comments();
        let node = Node::default().with("ExpectedTypeHasDefault", false);
        let (kind, node) = match self.peek().kind {
            Kind::Punctuation('[') => {
                let child = |value: Value| Node::default().with("Name", "").with("Value", value).into();
                let children = self.many(['[', ']'], |parser| Ok(child(parser.value(variables)?)))?;
                (
                    ValueKind::List,
                    node.with("Comment", comments)
                        .with("Raw", "")
                        .with("Children", children),
                )
            }
            Kind::Punctuation('{') => {
                let children = self.many(['{', '}'], |parser| parser.named_value(variables))?;
                (
                    ValueKind::Object,
                    node.with("Comment", comments)
                        .with("Raw", "")
                        .with("Children", children),
                )
            }
            Kind::Punctuation('$') if variables == Variables::Allowed => {
                self.at += 1;
                (
                    ValueKind::Variable,
                    node.with("Comment", comments).with("Raw", self.name()?),
                )
            }
            Kind::Int => (ValueKind::Int, node.with("Raw", self.next().text)),
            Kind::Float => (ValueKind::Float, node.with("Raw", self.next().text)),
            Kind::Text => (ValueKind::Text, node.with("Raw", self.next().text)),
            Kind::Block => (ValueKind::Block, node.with("Raw", self.next().text)),
            Kind::Name => {
                let word = self.next().text;
                let kind = match word.as_str() {
                    "true" | "false" => ValueKind::Boolean,
                    "null" => ValueKind::Null,
                    _ => ValueKind::Enum,
                };
                (kind, node.with("Raw", word))
            }
            _ => return Err(self.unexpected()),
        };
        Ok(node.with("Kind", kind.number()).into())
    }

    /// Any number of things between brackets.
    fn many(
        &mut self,
        [open, close]: [char; 2],
        mut parse: impl FnMut(&mut Self) -> Parsed<Value>,
    ) -> Parsed<Vec<Value>> {
        self.expect(open)?;
        let mut found = Vec::new();
        while !self.skip(close) {
            found.push(parse(self)?);
        }
        Ok(found)
    }
}
