//! Templates to trees.

use super::super::Failure;

#[derive(Clone, Debug)]
pub(super) enum Node {
    Text(String),
    /// A pipeline whose value is printed, unless it sets a variable.
    Print(Pipeline),
    /// `if` and `with`: the branch, and what `else` says.
    Branch {
        with: bool,
        pipeline: Pipeline,
        then: Vec<Node>,
        otherwise: Vec<Node>,
    },
    Range {
        pipeline: Pipeline,
        each: Vec<Node>,
        otherwise: Vec<Node>,
    },
    Break,
    Continue,
}

/// `$index, $value := .list | function argument`.
#[derive(Clone, Debug, Default)]
pub(super) struct Pipeline {
    pub(super) variables: Vec<String>,
    /// `=` rather than `:=`.
    pub(super) assigns: bool,
    pub(super) commands: Vec<Vec<Operand>>,
}

#[derive(Clone, Debug)]
pub(super) enum Operand {
    Dot,
    Variable(String),
    Function(String),
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    Nil,
    Pipeline(Pipeline),
    /// `.a.b` of an operand.
    Fields(Box<Operand>, Vec<String>),
}

/// How deep actions and parentheses may nest.
const MAX_DEPTH: usize = 100;

fn wrong(what: &str) -> Failure {
    Failure::failed(format!("template: {what}"))
}

pub(super) fn parse(text: &str) -> Result<Vec<Node>, Failure> {
    let mut parser = Parser {
        rest: text,
        trim: false,
        depth: 0,
    };
    let (nodes, end) = parser.nodes()?;
    if end.is_some() {
        return Err(wrong("unexpected end of an action that was not begun"));
    }
    Ok(nodes)
}

struct Parser<'a> {
    rest: &'a str,
    /// Whether the next text loses the spaces at its start.
    trim: bool,
    depth: usize,
}

/// What ends a list of nodes: `{{end}}`, or `{{else ...}}` with what follows the word.
enum End {
    End,
    Else(String),
}

impl<'a> Parser<'a> {
    /// The text up to the next action, and the action without its marks.
    fn action(&mut self) -> Result<(String, Option<&'a str>), Failure> {
        let Some((before, after)) = self.rest.split_once("{{") else {
            let text = std::mem::take(&mut self.rest);
            return Ok((self.trimmed(text).to_owned(), None));
        };
        let mut text = self.trimmed(before);
        let mut body = after;
        if let Some(trimmed) = after
            .strip_prefix('-')
            .filter(|rest| rest.starts_with(char::is_whitespace))
        {
            text = text.trim_end();
            body = trimmed;
        }
        let end = action_end(body).ok_or_else(|| wrong("unclosed action"))?;
        let (action, rest) = body.split_at_checked(end).unwrap_or((body, ""));
        self.rest = rest.strip_prefix("}}").unwrap_or(rest);
        let kept = action
            .strip_suffix('-')
            .filter(|action| action.ends_with(char::is_whitespace));
        self.trim = kept.is_some();
        Ok((text.to_owned(), Some(kept.unwrap_or(action).trim())))
    }

    fn trimmed(&self, text: &'a str) -> &'a str {
        if self.trim { text.trim_start() } else { text }
    }

    fn nodes(&mut self) -> Result<(Vec<Node>, Option<End>), Failure> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Failure::Limit(format!("a template nests more than {MAX_DEPTH} levels")));
        }
        let mut nodes = Vec::new();
        loop {
            let (text, action) = self.action()?;
            if !text.is_empty() {
                nodes.push(Node::Text(text));
            }
            let Some(action) = action else {
                self.depth -= 1;
                return Ok((nodes, None));
            };
            if action.starts_with("/*") {
                continue;
            }
            let (word, rest) = action.split_once(char::is_whitespace).unwrap_or((action, ""));
            match word {
                "end" | "else" => {
                    self.depth -= 1;
                    return Ok((
                        nodes,
                        Some(if word == "end" {
                            End::End
                        } else {
                            End::Else(rest.trim().to_owned())
                        }),
                    ));
                }
                "if" | "with" | "range" => nodes.push(self.control(word, rest)?),
                "break" => nodes.push(Node::Break),
                "continue" => nodes.push(Node::Continue),
                "define" | "template" | "block" => return Err(wrong("named templates are not supported")),
                _ => nodes.push(Node::Print(pipeline(action)?)),
            }
        }
    }

    fn control(&mut self, word: &str, rest: &str) -> Result<Node, Failure> {
        let pipeline = pipeline(rest)?;
        let (body, end) = self.nodes()?;
        let otherwise = match end.ok_or_else(|| wrong("unexpected end of the template"))? {
            End::End => Vec::new(),
            End::Else(rest) if rest.is_empty() => match self.nodes()? {
                (nodes, Some(End::End)) => nodes,
                _ => return Err(wrong("expected `end` after `else`")),
            },
            End::Else(rest) => {
                let (next, rest) = rest.split_once(char::is_whitespace).unwrap_or((&rest, ""));
                if next != word || word == "range" {
                    return Err(wrong("unexpected words after `else`"));
                }
                self.depth += 1;
                let node = self.control(word, rest)?;
                self.depth -= 1;
                vec![node]
            }
        };
        Ok(match word {
            "range" => Node::Range {
                pipeline,
                each: body,
                otherwise,
            },
            _ => Node::Branch {
                with: word == "with",
                pipeline,
                then: body,
                otherwise,
            },
        })
    }
}

/// Where the `}}` of an action is, past the texts and comments in it.
fn action_end(body: &str) -> Option<usize> {
    if body.trim_start().starts_with("/*") {
        let close = body.find("*/")?;
        return body.get(close..)?.find("}}").map(|end| close + end);
    }
    let mut quote = None;
    let mut escaped = false;
    for (index, character) in body.char_indices() {
        match quote {
            Some(mark) => {
                if escaped {
                    escaped = false;
                } else if character == '\\' && mark != '`' {
                    escaped = true;
                } else if character == mark {
                    quote = None;
                }
            }
            None if matches!(character, '"' | '`' | '\'') => quote = Some(character),
            None if body.get(index..)?.starts_with("}}") => return Some(index),
            None => {}
        }
    }
    None
}

fn pipeline(text: &str) -> Result<Pipeline, Failure> {
    let tokens = tokens(text)?;
    let mut reader = Reader {
        tokens: &tokens,
        at: 0,
        depth: 0,
    };
    let pipeline = reader.pipeline()?;
    if reader.at < tokens.len() {
        return Err(wrong("unexpected token in an action"));
    }
    Ok(pipeline)
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Open,
    Close,
    Pipe,
    Comma,
    Declare,
    Assign,
    Space,
    /// `.a.b`, or `.` alone.
    Fields(Vec<String>),
    Variable(String),
    Word(String),
    Text(String),
    Int(i64),
    Float(f64),
}

fn tokens(text: &str) -> Result<Vec<Token>, Failure> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = |text: &str| {
            text.find(|c: char| c != '_' && !c.is_alphanumeric())
                .unwrap_or(text.len())
        };
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '|' => (Token::Pipe, 1),
            ',' => (Token::Comma, 1),
            ':' if rest.starts_with(":=") => (Token::Declare, 2),
            '=' => (Token::Assign, 1),
            c if c.is_whitespace() => (Token::Space, rest.len() - rest.trim_start().len()),
            '`' => {
                let end = rest
                    .get(1..)
                    .and_then(|rest| rest.find('`'))
                    .ok_or_else(|| wrong("unterminated raw quoted string"))?;
                (Token::Text(rest.get(1..=end).unwrap_or_default().to_owned()), end + 2)
            }
            '"' => {
                let mut escaped = false;
                let end = rest.char_indices().skip(1).find(|(_, c)| {
                    let closes = *c == '"' && !escaped;
                    escaped = *c == '\\' && !escaped;
                    closes
                });
                let end = end.ok_or_else(|| wrong("unterminated quoted string"))?.0;
                let text = rest.get(..=end).and_then(super::super::json_text::parse);
                match text {
                    Some(regorus::Value::String(text)) => (Token::Text(text.to_string()), end + 1),
                    _ => return Err(wrong("a quoted string with an unknown escape")),
                }
            }
            '.' => {
                let (mut fields, mut length) = (Vec::new(), 0);
                while let Some(after) = rest.get(length..).and_then(|rest| rest.strip_prefix('.')) {
                    let end = word(after);
                    if end == 0 {
                        break;
                    }
                    fields.push(after.get(..end).unwrap_or_default().to_owned());
                    length += end + 1;
                }
                (Token::Fields(fields), length.max(1))
            }
            '$' => {
                let end = word(rest.get(1..).unwrap_or_default()) + 1;
                (Token::Variable(rest.get(..end).unwrap_or_default().to_owned()), end)
            }
            c if c.is_ascii_digit() || (matches!(c, '-' | '+') && rest.len() > 1) => {
                let end = rest
                    .char_indices()
                    .skip(1)
                    .find(|(_, c)| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_'))
                    .map_or(rest.len(), |(end, _)| end);
                let number = rest.get(..end).unwrap_or_default();
                let token = number
                    .parse()
                    .map(Token::Int)
                    .or_else(|_| number.parse().map(Token::Float));
                (
                    token.map_err(|_: std::num::ParseFloatError| wrong("bad number syntax"))?,
                    end,
                )
            }
            c if c == '_' || c.is_alphabetic() => {
                let end = word(rest);
                (Token::Word(rest.get(..end).unwrap_or_default().to_owned()), end)
            }
            _ => return Err(wrong("unexpected character in an action")),
        };
        tokens.push(token);
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(tokens)
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn space(&mut self) {
        while self.peek() == Some(&Token::Space) {
            self.at += 1;
        }
    }

    fn pipeline(&mut self) -> Result<Pipeline, Failure> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Failure::Limit(format!("a template nests more than {MAX_DEPTH} levels")));
        }
        let mut pipeline = self.declaration();
        loop {
            pipeline.commands.push(self.command()?);
            if self.peek() != Some(&Token::Pipe) {
                break;
            }
            self.at += 1;
        }
        self.depth -= 1;
        Ok(pipeline)
    }

    fn declaration(&mut self) -> Pipeline {
        let start = self.at;
        let mut pipeline = Pipeline::default();
        self.space();
        while let Some(Token::Variable(name)) = self.peek() {
            pipeline.variables.push(name.clone());
            self.at += 1;
            self.space();
            match self.peek() {
                Some(Token::Comma) => {
                    self.at += 1;
                    self.space();
                }
                Some(end @ (Token::Declare | Token::Assign)) => {
                    pipeline.assigns = *end == Token::Assign;
                    self.at += 1;
                    return pipeline;
                }
                _ => break,
            }
        }
        self.at = start;
        Pipeline::default()
    }

    fn command(&mut self) -> Result<Vec<Operand>, Failure> {
        let mut operands = Vec::new();
        loop {
            self.space();
            match self.peek() {
                None | Some(Token::Pipe | Token::Close) => break,
                Some(_) => operands.push(self.operand()?),
            }
        }
        if operands.is_empty() {
            Err(wrong("missing value for command"))
        } else {
            Ok(operands)
        }
    }

    fn operand(&mut self) -> Result<Operand, Failure> {
        let token = self.peek().cloned();
        self.at += 1;
        let operand = match token {
            Some(Token::Fields(fields)) if fields.is_empty() => Operand::Dot,
            Some(Token::Fields(fields)) => return Ok(Operand::Fields(Box::new(Operand::Dot), fields)),
            Some(Token::Variable(name)) => Operand::Variable(name),
            Some(Token::Word(word)) => match word.as_str() {
                "true" => Operand::Bool(true),
                "false" => Operand::Bool(false),
                "nil" => Operand::Nil,
                _ => Operand::Function(word),
            },
            Some(Token::Text(text)) => Operand::Text(text),
            Some(Token::Int(number)) => Operand::Int(number),
            Some(Token::Float(number)) => Operand::Float(number),
            Some(Token::Open) => {
                let pipeline = self.pipeline()?;
                if self.peek() != Some(&Token::Close) {
                    return Err(wrong("unclosed left paren"));
                }
                self.at += 1;
                Operand::Pipeline(pipeline)
            }
            _ => return Err(wrong("unexpected token in operand")),
        };
        match self.peek() {
            Some(Token::Fields(fields)) if !fields.is_empty() => {
                let fields = fields.clone();
                self.at += 1;
                Ok(Operand::Fields(Box::new(operand), fields))
            }
            _ => Ok(operand),
        }
    }
}
