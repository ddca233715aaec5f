//! `regex.*` and `glob.*`: RE2's language on the `regex` crate, which takes linear time as RE2 does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use regex::{Captures, Regex, RegexBuilder};
use regorus::Value;

use super::operand::{any, integer, string, wrong_element, wrong_kind};
use super::re2::{self, Translated};
use super::{Builtin, Call, Failure, globs};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("glob.match", 3, glob_match),
    Builtin::here("glob.quote_meta", 1, |_, operands| {
        Ok(globs::quote(string(operands, 1)?).into())
    }),
    Builtin::here("re_match", 2, matches),
    Builtin::here("regex.find_all_string_submatch_n", 3, find_all_submatch),
    Builtin::here("regex.find_n", 3, find_n),
    Builtin::here("regex.globs_match", 2, |_, operands| {
        Ok(super::intersection::intersect(string(operands, 1)?, string(operands, 2)?)?.into())
    }),
    Builtin::here("regex.is_valid", 1, is_valid),
    Builtin::here("regex.match", 2, matches),
    Builtin::here("regex.replace", 3, replace),
    Builtin::here("regex.split", 2, split),
    Builtin::here("regex.template_match", 4, template_match),
];

/// How much memory a compiled expression may take.
const SIZE_LIMIT: usize = 4 << 20;
/// How many compiled expressions are kept for the next call.
const KEPT: usize = 256;

/// A compiled expression and the names of its groups.
#[derive(Debug)]
pub(super) struct Expression {
    regex: Regex,
    groups: Vec<String>,
}

/// Compiled expressions by pattern, so that a rule that runs once a resource compiles once.
#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<HashMap<String, Arc<Expression>>>);

impl Cache {
    fn expression(
        &self,
        key: &str,
        translate: impl FnOnce() -> Result<Translated, Failure>,
    ) -> Result<Arc<Expression>, Failure> {
        if let Some(found) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key) {
            return Ok(Arc::clone(found));
        }
        let Translated { pattern, groups } = translate()?;
        let compiled = RegexBuilder::new(&pattern)
            .size_limit(SIZE_LIMIT)
            .dfa_size_limit(SIZE_LIMIT)
            .nest_limit(500)
            .build();
        let regex = compiled.map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => Failure::Limit(format!(
                "the regular expression takes more than {SIZE_LIMIT} bytes compiled"
            )),
            _ => invalid(),
        })?;
        let expression = Arc::new(Expression { regex, groups });
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key.to_owned(), Arc::clone(&expression));
        Ok(expression)
    }
}

fn invalid() -> Failure {
    Failure::failed("error parsing regexp")
}

fn expression(call: &Call<'_>, pattern: &str) -> Result<Arc<Expression>, Failure> {
    call.expressions
        .expression(&format!("r{pattern}"), || re2::translate(pattern).ok_or_else(invalid))
}

/// Whether an expression finds anything in a text.
pub(super) fn is_match(call: &Call<'_>, pattern: &str, text: &str) -> Result<bool, Failure> {
    Ok(expression(call, pattern)?.regex.is_match(text))
}

fn is_valid(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let Value::String(pattern) = any(operands, 1) else {
        return Ok(false.into());
    };
    match expression(call, pattern) {
        Ok(_) => Ok(true.into()),
        Err(limit @ Failure::Limit(_)) => Err(limit),
        Err(_) => Ok(false.into()),
    }
}

fn matches(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (pattern, text) = (string(operands, 1)?, string(operands, 2)?);
    Ok(expression(call, pattern)?.regex.is_match(text).into())
}

/// Go's limit of matches: negative is none.
fn limit(count: i64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn find_n(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (pattern, text, count) = (string(operands, 1)?, string(operands, 2)?, integer(operands, 3)?);
    let expression = expression(call, pattern)?;
    let found: Vec<Value> = expression
        .regex
        .find_iter(text)
        .take(limit(count))
        .map(|found| found.as_str().into())
        .collect();
    call.check_items(found.len())?;
    Ok(found.into())
}

fn find_all_submatch(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (pattern, text, count) = (string(operands, 1)?, string(operands, 2)?, integer(operands, 3)?);
    let expression = expression(call, pattern)?;
    let groups = |captures: Captures<'_>| -> Value {
        captures
            .iter()
            .map(|group| group.map_or("", |group| group.as_str()).into())
            .collect::<Vec<Value>>()
            .into()
    };
    let found: Vec<Value> = expression
        .regex
        .captures_iter(text)
        .take(limit(count))
        .map(groups)
        .collect();
    call.check_items(found.len().saturating_mul(expression.groups.len()))?;
    Ok(found.into())
}

/// Go's `Regexp.Split`: a match of nothing at the start splits nothing off.
fn split(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (pattern, text) = (string(operands, 1)?, string(operands, 2)?);
    let expression = expression(call, pattern)?;
    if !pattern.is_empty() && text.is_empty() {
        return Ok(vec![Value::from("")].into());
    }
    let mut parts: Vec<Value> = Vec::new();
    let (mut begin, mut end) = (0, 0);
    for found in expression.regex.find_iter(text) {
        end = found.start();
        if found.end() != 0 {
            parts.push(text.get(begin..end).unwrap_or_default().into());
        }
        begin = found.end();
    }
    if end != text.len() {
        parts.push(text.get(begin..).unwrap_or_default().into());
    }
    call.check_items(parts.len())?;
    Ok(parts.into())
}

fn replace(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (text, pattern, template) = (string(operands, 1)?, string(operands, 2)?, string(operands, 3)?);
    let expression = expression(call, pattern)?;
    let mut replaced = String::with_capacity(text.len());
    let mut copied = 0;
    for captures in expression.regex.captures_iter(text) {
        let Some(found) = captures.get(0) else { continue };
        replaced.push_str(text.get(copied..found.start()).unwrap_or_default());
        expand(template, &captures, &expression.groups, &mut replaced);
        call.check_text(replaced.len())?;
        copied = found.end();
    }
    replaced.push_str(text.get(copied..).unwrap_or_default());
    call.check_text(replaced.len())?;
    Ok(replaced.into())
}

/// Go's `Regexp.Expand`: `$1`, `$name`, `${name}`, `$$`. The longest name counts, and one that no group has is nothing.
fn expand(template: &str, captures: &Captures<'_>, groups: &[String], out: &mut String) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let Some((name, after)) = group_name(after) else {
            out.push('$');
            rest = after;
            continue;
        };
        let number = name
            .parse()
            .ok()
            .filter(|_| name.bytes().all(|byte| byte.is_ascii_digit()));
        let text = |index: usize| captures.get(index).map(|group| group.as_str());
        // Of groups with one name, the first that matched.
        let named = || {
            groups
                .iter()
                .enumerate()
                .filter(|(_, group)| *group == name)
                .find_map(|(index, _)| text(index))
        };
        out.push_str(number.map_or_else(named, text).unwrap_or_default());
        rest = after;
    }
    out.push_str(rest);
}

fn group_name(text: &str) -> Option<(&str, &str)> {
    let (braced, text) = text.strip_prefix('{').map_or((false, text), |text| (true, text));
    let end = text
        .find(|c: char| c != '_' && !c.is_alphanumeric())
        .unwrap_or(text.len());
    let (name, after) = text.split_at_checked(end).filter(|(name, _)| !name.is_empty())?;
    Some((name, if braced { after.strip_prefix('}')? } else { after }))
}

fn template_match(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (template, text) = (string(operands, 1)?, string(operands, 2)?);
    let (start, end) = (delimiter(string(operands, 3)?)?, delimiter(string(operands, 4)?)?);
    let pattern = template_pattern(call, template, start, end)?;
    Ok(expression(call, &pattern)?.regex.is_match(text).into())
}

fn delimiter(text: &str) -> Result<char, Failure> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(one), None) if one.is_ascii() => Ok(one),
        _ => Err(Failure::failed(format!(
            "a delimiter has to be exactly one character long but is {} long",
            text.len()
        ))),
    }
}

/// The text between delimiters is an expression, all other stands for itself.
fn template_pattern(call: &Call<'_>, template: &str, start: char, end: char) -> Result<String, Failure> {
    let unbalanced = || Failure::failed("unbalanced braces in the template");
    let mut pattern = String::from("^");
    let (mut level, mut begin, mut copied) = (0_usize, 0, 0);
    for (index, character) in template.char_indices() {
        if character == start {
            level += 1;
            if level == 1 {
                begin = index;
            }
        } else if character == end {
            level = level.checked_sub(1).ok_or_else(unbalanced)?;
            if level == 0 {
                let inner = template.get(begin + 1..index).unwrap_or_default();
                expression(call, &format!("^{inner}$"))?;
                pattern.push_str(&globs::quote_expression(
                    template.get(copied..begin).unwrap_or_default(),
                ));
                pattern.push_str(&format!("({inner})"));
                copied = index + 1;
            }
        }
    }
    if level != 0 {
        return Err(unbalanced());
    }
    pattern.push_str(&globs::quote_expression(template.get(copied..).unwrap_or_default()));
    pattern.push('$');
    Ok(pattern)
}

fn glob_match(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let pattern = string(operands, 1)?;
    let separators = separators(any(operands, 2))?;
    let text = string(operands, 3)?;
    let key = format!("g{separators}\0{pattern}");
    let translate = || globs::translate(pattern, &separators).ok_or_else(|| Failure::failed("glob: syntax error"));
    Ok(call
        .expressions
        .expression(&key, translate)?
        .regex
        .is_match(text)
        .into())
}

/// None for null, the dot where none are listed.
fn separators(operand: &Value) -> Result<String, Failure> {
    match operand {
        Value::Null => Ok(String::new()),
        Value::Array(array) if array.first().is_none() => Ok(".".into()),
        Value::Array(array) => {
            let single = |value: &Value| match value {
                Value::String(text) if text.chars().count() == 1 => Ok(text.to_string()),
                Value::String(_) => Err(wrong_element(2, operand, value, "rune")),
                other => Err(wrong_element(2, operand, other, "string")),
            };
            array.iter().map(single).collect()
        }
        other => Err(wrong_kind(2, other, &["array", "null"])),
    }
}
