//! The schema half of the grammar: types, directives, extensions.

use regorus::Value;

use super::super::Failure;
use super::parser::{Parser, Variables};
use super::tree::Node;

type Parsed<T> = Result<T, Failure>;

/// What a type definition begins with, and its kind.
const KINDS: [(&str, &str); 6] = [
    ("scalar", "SCALAR"),
    ("type", "OBJECT"),
    ("interface", "INTERFACE"),
    ("union", "UNION"),
    ("enum", "ENUM"),
    ("input", "INPUT_OBJECT"),
];

/// The places that a directive may be used in.
const LOCATIONS: [&str; 19] = [
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "SCHEMA",
    "SCALAR",
    "OBJECT",
    "FIELD_DEFINITION",
    "ARGUMENT_DEFINITION",
    "INTERFACE",
    "UNION",
    "ENUM",
    "ENUM_VALUE",
    "INPUT_OBJECT",
    "INPUT_FIELD_DEFINITION",
    "VARIABLE_DEFINITION",
];

/// The comment and the text of a description, both empty where there is none.
fn described(description: Option<(Value, String)>) -> Node {
    let (comments, text) = description.unwrap_or((Value::Null, String::new()));
    Node::default()
        .with("BeforeDescriptionComment", comments)
        .with("Description", text)
}

impl Parser {
    pub(super) fn schema_document(&mut self) -> Parsed<Value> {
        let (mut schema, mut schema_extensions) = (Vec::new(), Vec::new());
        let (mut directives, mut definitions, mut extensions) = (Vec::new(), Vec::new(), Vec::new());
        while !self.is_end() {
            let description = self.description();
            match self.word() {
                "schema" => schema.push(self.schema_definition(described(description))?),
                "directive" => directives.push(self.directive_definition(described(description))?),
                "extend" => {
                    if description.is_some_and(|(_, text)| !text.is_empty()) {
                        return Err(self.unexpected());
                    }
                    let node = described(None).with("AfterDescriptionComment", self.comments());
                    self.keyword("extend")?;
                    if self.word() == "schema" {
                        schema_extensions.push(self.schema_extension(node)?);
                    } else {
                        extensions.push(self.type_extension(node)?);
                    }
                }
                _ => {
                    let node = described(description).with("AfterDescriptionComment", self.comments());
                    definitions.push(self.type_definition(node)?.0);
                }
            }
        }
        let node = Node::default()
            .with("Schema", schema)
            .with("SchemaExtension", schema_extensions)
            .with("Directives", directives);
        Ok(node
            .with("Definitions", definitions)
            .with("Extensions", extensions)
            .with("Comment", self.comments())
            .into())
    }

    fn schema_definition(&mut self, node: Node) -> Parsed<Value> {
        let node = node.with("AfterDescriptionComment", self.comments());
        self.keyword("schema")?;
        let node = node.with("Directives", self.directives(Variables::Refused)?);
        let (types, comments) = self.some(['{', '}'], Self::operation_type_definition)?;
        Ok(node
            .with("OperationTypes", types)
            .with("EndOfDefinitionComment", comments)
            .into())
    }

    fn schema_extension(&mut self, node: Node) -> Parsed<Value> {
        self.keyword("schema")?;
        let directives = self.directives(Variables::Refused)?;
        let (types, comments) = self.some(['{', '}'], Self::operation_type_definition)?;
        if directives.is_empty() && types.is_empty() {
            return Err(self.unexpected());
        }
        Ok(node
            .with("Directives", directives)
            .with("OperationTypes", types)
            .with("EndOfDefinitionComment", comments)
            .into())
    }

    fn operation_type_definition(&mut self) -> Parsed<Value> {
        let node = Node::default()
            .with("Comment", self.comments())
            .with("Operation", self.operation_type()?);
        self.expect(':')?;
        Ok(node.with("Type", self.name()?).into())
    }

    /// A definition, and how many things it says.
    fn type_definition(&mut self, mut node: Node) -> Parsed<(Value, usize)> {
        let (keyword, kind) = KINDS
            .into_iter()
            .find(|(keyword, _)| *keyword == self.word())
            .ok_or_else(|| self.unexpected())?;
        self.keyword(keyword)?;
        node.put("Kind", kind);
        node.put("BuiltIn", false);
        node.put("Name", self.name()?);
        let mut said = 0;
        let mut put = |node: &mut Node, name: &str, values: Vec<Value>| {
            said += values.len();
            node.put(name, values);
        };
        if matches!(kind, "OBJECT" | "INTERFACE") {
            let interfaces = self.interfaces()?;
            put(&mut node, "Interfaces", interfaces);
        }
        let directives = self.directives(Variables::Refused)?;
        put(&mut node, "Directives", directives);
        let (name, (values, comments)) = match kind {
            "OBJECT" | "INTERFACE" => ("Fields", self.some(['{', '}'], Self::field_definition)?),
            "INPUT_OBJECT" => ("Fields", self.some(['{', '}'], Self::input_value_definition)?),
            "ENUM" => ("EnumValues", self.some(['{', '}'], Self::enum_value_definition)?),
            "UNION" => ("Types", (self.union_members()?, Value::Null)),
            _ => return Ok((node.into(), said)),
        };
        put(&mut node, name, values);
        Ok((node.with("EndOfDefinitionComment", comments).into(), said))
    }

    /// An extension has to say something.
    fn type_extension(&mut self, node: Node) -> Parsed<Value> {
        let (definition, said) = self.type_definition(node)?;
        if said == 0 {
            Err(self.unexpected())
        } else {
            Ok(definition)
        }
    }

    fn interfaces(&mut self) -> Parsed<Vec<Value>> {
        let mut names = Vec::new();
        if self.word() == "implements" {
            self.keyword("implements")?;
            self.skip('&');
            names.push(self.name()?.into());
            while self.skip('&') {
                names.push(self.name()?.into());
            }
        }
        Ok(names)
    }

    fn union_members(&mut self) -> Parsed<Vec<Value>> {
        let mut names = Vec::new();
        if self.skip('=') {
            self.skip('|');
            names.push(self.name()?.into());
            while self.skip('|') {
                names.push(self.name()?.into());
            }
        }
        Ok(names)
    }

    fn field_definition(&mut self) -> Parsed<Value> {
        let node = described(self.description()).with("AfterDescriptionComment", self.comments());
        let node = node
            .with("Name", self.name()?)
            .with("Arguments", self.argument_definitions()?);
        self.expect(':')?;
        let node = node.with("Type", self.type_reference()?);
        Ok(node.with("Directives", self.directives(Variables::Refused)?).into())
    }

    fn argument_definitions(&mut self) -> Parsed<Vec<Value>> {
        Ok(self.some(['(', ')'], Self::input_value_definition)?.0)
    }

    /// An argument, or a field of an input object.
    fn input_value_definition(&mut self) -> Parsed<Value> {
        let mut node = described(self.description()).with("AfterDescriptionComment", self.comments());
        node.put("Name", self.name()?);
        self.expect(':')?;
        node.put("Type", self.type_reference()?);
        if self.skip('=') {
            node.put("DefaultValue", self.value(Variables::Refused)?);
        }
        Ok(node.with("Directives", self.directives(Variables::Refused)?).into())
    }

    fn enum_value_definition(&mut self) -> Parsed<Value> {
        let node = described(self.description()).with("AfterDescriptionComment", self.comments());
        let node = node.with("Name", self.name()?);
        Ok(node.with("Directives", self.directives(Variables::Refused)?).into())
    }

    fn directive_definition(&mut self, node: Node) -> Parsed<Value> {
        let node = node.with("AfterDescriptionComment", self.comments());
        self.keyword("directive")?;
        self.expect('@')?;
        let node = node
            .with("Name", self.name()?)
            .with("Arguments", self.argument_definitions()?);
        let repeatable = self.word() == "repeatable";
        if repeatable {
            self.keyword("repeatable")?;
        }
        self.keyword("on")?;
        self.skip('|');
        let mut locations = vec![self.location()?];
        while self.skip('|') {
            locations.push(self.location()?);
        }
        Ok(node
            .with("IsRepeatable", repeatable)
            .with("Locations", locations)
            .into())
    }

    fn location(&mut self) -> Parsed<Value> {
        if !LOCATIONS.contains(&self.word()) {
            return Err(self.unexpected());
        }
        self.name().map(Value::from)
    }
}
