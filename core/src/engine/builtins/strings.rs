//! Built-in functions on strings, by characters as Go counts them.

use num_bigint::BigInt;
use regorus::Value;

use super::operand::{self, any, integer, string, wrong_element, wrong_kind};
use super::{Builtin, Call, Failure};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("concat", 2, concat),
    Builtin::here("contains", 2, contains),
    Builtin::here("endswith", 2, endswith),
    Builtin::here("format_int", 2, format_int),
    Builtin::here("indexof", 2, indexof),
    Builtin::here("indexof_n", 2, indexof_n),
    Builtin::here("lower", 1, lower),
    Builtin::here("replace", 3, replace),
    Builtin::here("split", 2, split),
    Builtin::here("startswith", 2, startswith),
    Builtin::here("strings.any_prefix_match", 2, any_prefix_match),
    Builtin::here("strings.any_suffix_match", 2, any_suffix_match),
    Builtin::here("strings.count", 2, count),
    Builtin::here("strings.replace_n", 2, replace_n),
    Builtin::here("strings.reverse", 1, reverse),
    Builtin::here("strings.split_n", 3, split_n),
    Builtin::here("substring", 3, substring),
    Builtin::here("trim", 2, trim),
    Builtin::here("trim_left", 2, trim_left),
    Builtin::here("trim_prefix", 2, trim_prefix),
    Builtin::here("trim_right", 2, trim_right),
    Builtin::here("trim_space", 1, trim_space),
    Builtin::here("trim_suffix", 2, trim_suffix),
    Builtin::here("upper", 1, upper),
];

fn concat(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let separator = string(operands, 1)?;
    let collection = any(operands, 2);
    let parts = operand::elements(operands, 2, &["set", "array"])?
        .into_iter()
        .map(|part| match part {
            Value::String(text) => Ok(&**text),
            other => Err(wrong_element(2, collection, other, "string")),
        })
        .collect::<Result<Vec<&str>, Failure>>()?;
    let separators = separator.len().saturating_mul(parts.len().saturating_sub(1));
    call.check_text(
        parts
            .iter()
            .map(|part| part.len())
            .fold(separators, usize::saturating_add),
    )?;
    Ok(parts.join(separator).into())
}

fn contains(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(string(operands, 1)?.contains(string(operands, 2)?).into())
}

fn startswith(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(string(operands, 1)?.starts_with(string(operands, 2)?).into())
}

fn endswith(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(string(operands, 1)?.ends_with(string(operands, 2)?).into())
}

fn format_int(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let number = operand::number(operands, 1)?;
    let base = operand::number(operands, 2)?;
    let radix = operand::exact_integer(base).and_then(|base| u32::try_from(base).ok());
    let Some(radix @ (2 | 8 | 10 | 16)) = radix else {
        return Err(Failure::Operand("operand 2 must be one of {2, 8, 10, 16}".into()));
    };
    let integer = operand::exact_integer(number).or_else(|| truncated(number));
    let integer = integer.ok_or_else(|| Failure::failed("not a finite number"))?;
    Ok(integer.to_str_radix(radix).into())
}

fn truncated(number: &Value) -> Option<BigInt> {
    let float = operand::float(number)?.trunc();
    format!("{float:.0}").parse().ok()
}

fn searched(operands: &[Value]) -> Result<(&str, &str), Failure> {
    let (text, search) = (string(operands, 1)?, string(operands, 2)?);
    if search.is_empty() {
        return Err(Failure::failed("empty search character"));
    }
    Ok((text, search))
}

fn indexof(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (text, search) = searched(operands)?;
    let characters = text
        .find(search)
        .and_then(|index| text.get(..index))
        .map(|before| before.chars().count());
    Ok(characters.map_or(Value::from(-1_i64), Value::from))
}

fn indexof_n(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (text, search) = searched(operands)?;
    let found = text
        .char_indices()
        .enumerate()
        .filter(|(_, (byte, _))| text.get(*byte..).is_some_and(|rest| rest.starts_with(search)));
    let found: Vec<Value> = found.map(|(index, _)| Value::from(index)).collect();
    call.check_items(found.len())?;
    Ok(found.into())
}

fn lower(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    // Go maps character by character: no final sigma, and no character becomes two.
    Ok(string(operands, 1)?
        .chars()
        .map(|c| single(c.to_lowercase(), c))
        .collect::<String>()
        .into())
}

fn upper(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(string(operands, 1)?
        .chars()
        .map(|c| single(c.to_uppercase(), c))
        .collect::<String>()
        .into())
}

fn single(mut mapped: impl Iterator<Item = char>, original: char) -> char {
    match (mapped.next(), mapped.next()) {
        (Some('i'), Some('\u{307}')) => 'i',
        (Some(one), None) => one,
        _ => original,
    }
}

fn split(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    texts(call, pieces(string(operands, 1)?, string(operands, 2)?))
}

/// Go's `strings.Split`: an empty separator splits into characters.
fn pieces<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    if !separator.is_empty() {
        return text.split(separator).collect();
    }
    text.char_indices()
        .filter_map(|(index, character)| text.get(index..index + character.len_utf8()))
        .collect()
}

fn texts<'a>(call: &Call<'_>, parts: impl IntoIterator<Item = &'a str>) -> Result<Value, Failure> {
    let parts: Vec<Value> = parts.into_iter().map(Value::from).collect();
    call.check_items(parts.len())?;
    Ok(parts.into())
}

/// The first `n` pieces, or the last ones where `n` is negative.
fn split_n(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (text, separator, n) = (string(operands, 1)?, string(operands, 2)?, integer(operands, 3)?);
    let mut parts = pieces(text, separator);
    let wanted = usize::try_from(n.unsigned_abs()).unwrap_or(usize::MAX);
    if n >= 0 {
        parts.truncate(wanted);
        return texts(call, parts);
    }
    texts(call, parts.split_off(parts.len().saturating_sub(wanted)))
}

fn any_prefix_match(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    any_affix(operands, |text, affix| text.starts_with(affix))
}

fn any_suffix_match(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    any_affix(operands, |text, affix| text.ends_with(affix))
}

fn any_affix(operands: &[Value], matches: fn(&str, &str) -> bool) -> Result<Value, Failure> {
    let (texts, affixes) = (one_or_more(operands, 1)?, one_or_more(operands, 2)?);
    Ok(texts
        .iter()
        .any(|text| affixes.iter().any(|affix| matches(text, affix)))
        .into())
}

fn one_or_more(operands: &[Value], position: usize) -> Result<Vec<&str>, Failure> {
    match any(operands, position) {
        Value::String(text) => Ok(vec![text]),
        Value::Array(_) | Value::Set(_) => operand::strings(operands, position),
        other => Err(wrong_kind(position, other, &["string", "set", "array"])),
    }
}

fn count(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    // An empty text matches between all characters, as in Go.
    Ok(string(operands, 1)?.matches(string(operands, 2)?).count().into())
}

fn reverse(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(string(operands, 1)?.chars().rev().collect::<String>().into())
}

fn substring(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (text, start, length) = (string(operands, 1)?, integer(operands, 2)?, integer(operands, 3)?);
    let Ok(start) = usize::try_from(start) else {
        return Err(Failure::failed("negative offset"));
    };
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    Ok(text.chars().skip(start).take(length).collect::<String>().into())
}

fn replace(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (text, old, new) = (string(operands, 1)?, string(operands, 2)?, string(operands, 3)?);
    replace_pairs(call, text, &[(old, new)])
}

fn replace_n(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let patterns = operand::object(operands, 1)?;
    let text = string(operands, 2)?;
    let pairs = patterns
        .into_iter()
        .map(|(old, new)| match (old, new) {
            (Value::String(old), Value::String(new)) => Ok((&**old, &**new)),
            (Value::String(_), _) => Err(Failure::Operand(
                "operand 1 non-string value found in pattern object".into(),
            )),
            _ => Err(Failure::Operand(
                "operand 1 non-string key found in pattern object".into(),
            )),
        })
        .collect::<Result<Vec<_>, _>>()?;
    replace_pairs(call, text, &pairs)
}

/// Go's `strings.Replacer`: all pairs in one pass, the first that matches at a position wins, and what was put in is not looked at again.
fn replace_pairs(call: &Call<'_>, text: &str, pairs: &[(&str, &str)]) -> Result<Value, Failure> {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    // An empty pattern matches once at a position, before whatever else matches there.
    let mut matched_empty = false;
    loop {
        let found = pairs
            .iter()
            .find(|(old, _)| rest.starts_with(old) && !(old.is_empty() && matched_empty));
        matched_empty = found.is_some_and(|(old, _)| old.is_empty());
        if let Some((old, new)) = found {
            replaced.push_str(new);
            rest = rest.get(old.len()..).unwrap_or_default();
            call.check_text(replaced.len())?;
            continue;
        }
        let Some(next) = rest.chars().next() else { break };
        replaced.push(next);
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
    }
    call.check_text(replaced.len())?;
    Ok(replaced.into())
}

fn trimmed(operands: &[Value], trim: impl Fn(&str, &str) -> String) -> Result<Value, Failure> {
    Ok(trim(string(operands, 1)?, string(operands, 2)?).into())
}

fn trim(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    trimmed(operands, |text, cut| text.trim_matches(|c| cut.contains(c)).to_owned())
}

fn trim_left(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    trimmed(operands, |text, cut| {
        text.trim_start_matches(|c| cut.contains(c)).to_owned()
    })
}

fn trim_right(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    trimmed(operands, |text, cut| {
        text.trim_end_matches(|c| cut.contains(c)).to_owned()
    })
}

fn trim_prefix(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    trimmed(operands, |text, prefix| {
        text.strip_prefix(prefix).unwrap_or(text).to_owned()
    })
}

fn trim_suffix(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    trimmed(operands, |text, suffix| {
        text.strip_suffix(suffix).unwrap_or(text).to_owned()
    })
}

fn trim_space(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(string(operands, 1)?.trim().into())
}
