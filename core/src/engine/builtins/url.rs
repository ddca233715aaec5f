//! `urlquery.*` and `uri.*`, as Go's `net/url` reads and writes them.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};

use regorus::Value;

use super::json_text::key_text;
use super::operand::{any, object, sequence, string};
use super::{Builtin, Call, Failure};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("uri.is_valid", 1, |_, operands| {
        Ok(string(operands, 1)
            .is_ok_and(|text| !text.is_empty() && parse(text).is_some())
            .into())
    }),
    Builtin::here("uri.parse", 1, |_, operands| {
        parse(string(operands, 1)?).ok_or_else(|| Failure::failed("invalid URI"))
    }),
    Builtin::here("urlquery.decode", 1, |_, operands| {
        Ok(unescape(string(operands, 1)?, Plus::Space)
            .ok_or_else(invalid_escape)?
            .into())
    }),
    Builtin::here("urlquery.decode_object", 1, decode_object),
    Builtin::here("urlquery.encode", 1, |_, operands| {
        Ok(escape(string(operands, 1)?).into())
    }),
    Builtin::here("urlquery.encode_object", 1, encode_object),
];

fn invalid_escape() -> Failure {
    Failure::failed("invalid URL escape")
}

/// What `+` stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plus {
    Itself,
    Space,
}

fn unescape(text: &str, plus: Plus) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
                bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
            }
            b'+' if plus == Plus::Space => bytes.push(b' '),
            byte => bytes.push(byte),
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

pub(super) fn escape(text: &str) -> String {
    escape_but(text, |byte| matches!(byte, b'-' | b'_' | b'.' | b'~')).replace("%20", "+")
}

fn escape_but(text: &str, keep: impl Fn(u8) -> bool) -> String {
    let escaped = |byte: u8| {
        if byte.is_ascii_alphanumeric() || keep(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(escaped).collect()
}

fn decode_object(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let mut members: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for pair in string(operands, 1)?.split('&').filter(|pair| !pair.is_empty()) {
        if pair.contains(';') {
            return Err(Failure::failed("invalid semicolon separator in query"));
        }
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let unescaped = unescape(key, Plus::Space)
            .zip(unescape(value, Plus::Space))
            .ok_or_else(invalid_escape)?;
        members.entry(unescaped.0).or_default().push(unescaped.1.into());
    }
    let members: BTreeMap<Value, Value> = members
        .into_iter()
        .map(|(key, values)| (key.into(), values.into()))
        .collect();
    Ok(members.into())
}

fn encode_object(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let wrong = || Failure::Operand("operand 1 values must be string, array[string], or set[string]".into());
    object(operands, 1)?;
    let Value::Object(members) = any(operands, 1) else {
        return Err(wrong());
    };
    let members: BTreeMap<String, &Value> = members.iter().map(|(key, value)| (key_text(key), value)).collect();
    let mut pairs = Vec::new();
    for (key, value) in members {
        let values = match value {
            Value::String(_) => vec![value],
            other => sequence(other).ok_or_else(wrong)?,
        };
        for value in values {
            let Value::String(text) = value else {
                return Err(wrong());
            };
            pairs.push(format!("{}={}", escape(&key), escape(text)));
        }
    }
    let encoded = pairs.join("&");
    call.check_text(encoded.len())?;
    Ok(encoded.into())
}

/// The parts of a URI that it has. `None`: none that `url.Parse` takes.
fn parse(text: &str) -> Option<Value> {
    let (text, fragment) = text
        .split_once('#')
        .map_or((text, ""), |(text, fragment)| (text, fragment));
    if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
        return None;
    }
    let mut members = BTreeMap::new();
    let mut put = |name: &str, value: &str| {
        if !value.is_empty() {
            members.insert(Value::from(name), Value::from(value));
        }
    };
    put("fragment", &unescape(fragment, Plus::Itself)?);
    let (scheme, rest) = scheme(text)?;
    put("scheme", &scheme.to_lowercase());
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    put("raw_query", query);
    if !rest.starts_with('/') {
        if !scheme.is_empty() {
            return Some(members.into());
        }
        if rest.split('/').next().is_some_and(|segment| segment.contains(':')) {
            return None;
        }
    }
    let authority = rest
        .strip_prefix("//")
        .filter(|_| !scheme.is_empty() || !rest.starts_with("///"));
    let path = match authority {
        Some(authority) => {
            let (authority, path) = authority.split_at_checked(authority.find('/').unwrap_or(authority.len()))?;
            let (host, port) = host_and_port(authority)?;
            put("hostname", &host);
            put("port", port);
            path
        }
        None => rest,
    };
    let decoded = unescape(path, Plus::Itself)?;
    put("path", &decoded);
    if !decoded.is_empty() {
        put("raw_path", if path == escape_path(&decoded) { &decoded } else { path });
    }
    Some(members.into())
}

/// What a signature is made over.
#[cfg(feature = "crypto")]
pub(super) struct Parts {
    /// With the port.
    pub(super) host: String,
    pub(super) escaped_path: String,
    pub(super) query: String,
}

#[cfg(feature = "crypto")]
impl Parts {
    pub(super) fn of(text: &str) -> Option<Self> {
        parse(text)?;
        let text = text.split_once('#').map_or(text, |(text, _)| text);
        let (_, rest) = scheme(text)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let authority = rest.strip_prefix("//").unwrap_or_default();
        let (authority, path) = authority.split_at_checked(authority.find('/').unwrap_or(authority.len()))?;
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        // Go keeps an escaping that is a valid one, and makes its own of what is none.
        let decoded = unescape(path, Plus::Itself)?;
        let valid = path
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:@/[]%".contains(&byte));
        let escaped_path = if valid { path.to_owned() } else { escape_path(&decoded) };
        Some(Self {
            host: host.to_owned(),
            escaped_path,
            query: query.to_owned(),
        })
    }
}

fn escape_path(path: &str) -> String {
    escape_but(path, |byte| b"-_.~$&+,/:;=@".contains(&byte))
}

fn scheme(text: &str) -> Option<(&str, &str)> {
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if index > 0 => {}
            b':' if index == 0 => return None,
            b':' => return Some((text.get(..index)?, text.get(index + 1..)?)),
            _ => break,
        }
    }
    Some(("", text))
}

fn host_and_port(authority: &str) -> Option<(String, &str)> {
    let host = match authority.rsplit_once('@') {
        Some((user, host)) => {
            let allowed = |c: char| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c);
            if !user.chars().all(allowed) {
                return None;
            }
            unescape(user, Plus::Itself)?;
            host
        }
        None => authority,
    };
    let valid_port = |port: &str| {
        port.is_empty()
            || port
                .strip_prefix(':')
                .is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if let Some(literal) = host.strip_prefix('[') {
        let (address, port) = literal.rsplit_once(']').filter(|(_, port)| valid_port(port))?;
        let (address, zone) = address
            .split_once("%25")
            .map_or((address, String::new()), |(address, zone)| {
                (address, format!("%{zone}"))
            });
        address.parse::<Ipv6Addr>().ok()?;
        return Some((format!("{address}{zone}"), port.strip_prefix(':').unwrap_or(port)));
    }
    if host.contains('[') {
        return None;
    }
    let (name, port) = host.split_at_checked(host.find(':').unwrap_or(host.len()))?;
    if !valid_port(port) || name.parse::<IpAddr>().is_err() && !valid_name(name) {
        return None;
    }
    Some((unescape(name, Plus::Itself)?, port.strip_prefix(':').unwrap_or(port)))
}

/// A name may escape only what is not ASCII.
fn valid_name(name: &str) -> bool {
    let allowed = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-_.~!$&'()*+,;=:[]<>\"%".contains(c);
    let high = |escape: &str| {
        escape
            .get(..2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .is_some_and(|byte| byte >= 0x80)
    };
    name.chars().all(allowed) && name.split('%').skip(1).all(high)
}
