//! Texts in and out of JSON, YAML, base 64 and base 16.

use std::sync::LazyLock;

use data_encoding::{BASE64, BASE64URL, BASE64URL_NOPAD, Encoding, HEXLOWER, HEXLOWER_PERMISSIVE};
use regorus::Value;

use super::json_text::{self, Layout};
use super::operand::{any, object, string};
use super::{Builtin, Call, Failure};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("base64.decode", 1, |_, operands| {
        text_of(decode_base64(string(operands, 1)?))
    }),
    Builtin::here("base64.encode", 1, |call, operands| encode(call, operands, &BASE64)),
    Builtin::here("base64.is_valid", 1, |_, operands| {
        Ok(string(operands, 1)
            .is_ok_and(|text| decode_base64(text).is_some())
            .into())
    }),
    Builtin::here("base64url.decode", 1, |_, operands| {
        text_of(decode_base64url(string(operands, 1)?))
    }),
    Builtin::here("base64url.encode", 1, |call, operands| {
        encode(call, operands, &BASE64URL)
    }),
    Builtin::here("base64url.encode_no_pad", 1, |call, operands| {
        encode(call, operands, &BASE64URL_NOPAD)
    }),
    Builtin::here("hex.decode", 1, |_, operands| {
        text_of(HEXLOWER_PERMISSIVE.decode(string(operands, 1)?.as_bytes()).ok())
    }),
    Builtin::here("hex.encode", 1, |call, operands| encode(call, operands, &HEXLOWER)),
    Builtin::here("json.is_valid", 1, |_, operands| {
        Ok(string(operands, 1)
            .is_ok_and(|text| json_text::parse(text).is_some())
            .into())
    }),
    Builtin::here("json.marshal", 1, |call, operands| {
        marshal(call, any(operands, 1), None)
    }),
    Builtin::here("json.marshal_with_options", 2, marshal_with_options),
    Builtin::here("json.unmarshal", 1, |_, operands| {
        json_text::parse(string(operands, 1)?).ok_or_else(|| Failure::failed("invalid JSON"))
    }),
    Builtin::here("yaml.is_valid", 1, |_, operands| {
        Ok(string(operands, 1)
            .is_ok_and(|text| Value::from_yaml_str(text).is_ok())
            .into())
    }),
    Builtin::here("yaml.unmarshal", 1, |_, operands| {
        Value::from_yaml_str(string(operands, 1)?).map_err(|_| Failure::failed("invalid YAML"))
    }),
];

fn encode(call: &Call<'_>, operands: &[Value], encoding: &Encoding) -> Result<Value, Failure> {
    let bytes = string(operands, 1)?.as_bytes();
    call.check_text(encoding.encode_len(bytes.len()))?;
    Ok(encoding.encode(bytes).into())
}

/// Go's decoders pass over line breaks, and over bits after the last byte.
fn lenient(strict: &Encoding) -> Option<Encoding> {
    let mut specification = strict.specification();
    specification.check_trailing_bits = false;
    specification.ignore.push_str("\r\n");
    specification.encoding().ok()
}

pub(super) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    static LENIENT: LazyLock<Option<Encoding>> = LazyLock::new(|| lenient(&BASE64));
    LENIENT.as_ref()?.decode(text.as_bytes()).ok()
}

/// With or without padding.
pub(super) fn decode_base64url(text: &str) -> Option<Vec<u8>> {
    static LENIENT: LazyLock<Option<Encoding>> = LazyLock::new(|| lenient(&BASE64URL));
    let padding = match (text.ends_with('='), text.len() % 4) {
        (true, _) | (false, 0) => "",
        (false, 2) => "==",
        (false, 3) => "=",
        _ => return None,
    };
    LENIENT.as_ref()?.decode(format!("{text}{padding}").as_bytes()).ok()
}

/// Values are texts, so bytes that are none become replacement characters, as they do in OPA's JSON.
fn text_of(bytes: Option<Vec<u8>>) -> Result<Value, Failure> {
    let bytes = bytes.ok_or_else(|| Failure::failed("illegal encoding"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned().into())
}

fn marshal(call: &Call<'_>, value: &Value, layout: Option<Layout<'_>>) -> Result<Value, Failure> {
    let text = json_text::write(value, layout);
    let prefix = layout.map_or("", |layout| layout.prefix);
    call.check_text(text.len().saturating_add(prefix.len()))?;
    Ok(format!("{prefix}{text}").into())
}

fn marshal_with_options(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (mut prefix, mut indent, mut pretty, mut laid_out) = ("", "\t", None, false);
    for (key, value) in object(operands, 2)? {
        let wrong = |expected: &str| Failure::Operand(format!("operand 2 key failed cast to {expected}"));
        let Value::String(key) = key else {
            return Err(Failure::Operand("operand 2 failed to stringify key".into()));
        };
        match (&**key, value) {
            ("prefix", Value::String(text)) => (prefix, laid_out) = (text, true),
            ("indent", Value::String(text)) => (indent, laid_out) = (text, true),
            ("pretty", Value::Bool(truth)) => pretty = Some(*truth),
            ("prefix" | "indent", _) => return Err(wrong("string")),
            ("pretty", _) => return Err(wrong("bool")),
            _ => return Err(Failure::Operand("operand 2 object contained unknown key".into())),
        }
    }
    marshal(
        call,
        any(operands, 1),
        pretty.unwrap_or(laid_out).then_some(Layout { prefix, indent }),
    )
}
