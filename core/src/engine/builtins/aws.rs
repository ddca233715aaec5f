//! `providers.aws.sign_req`: requests with a signature of AWS, version 4.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use data_encoding::HEXLOWER;
use regorus::Value;
use sha2::{Digest, Sha256};

use super::json_text;
use super::keys::Hash;
use super::operand::{any, number, object, wrong_kind};
use super::{Builtin, Call, Failure, url};

pub(super) const TABLE: &[Builtin] = &[Builtin::here("providers.aws.sign_req", 3, sign_request)];

/// Headers that proxies change, so that they cannot be signed.
const UNSIGNED_HEADERS: [&str; 3] = ["authorization", "user-agent", "x-amzn-trace-id"];

const REQUEST_KEYS: [&str; 22] = [
    "method",
    "url",
    "body",
    "enable_redirect",
    "force_json_decode",
    "force_yaml_decode",
    "headers",
    "raw_body",
    "tls_use_system_certs",
    "tls_ca_cert",
    "tls_ca_cert_file",
    "tls_ca_cert_env_variable",
    "tls_client_cert",
    "tls_client_cert_file",
    "tls_client_cert_env_variable",
    "tls_client_key",
    "tls_client_key_file",
    "tls_client_key_env_variable",
    "tls_insecure_skip_verify",
    "tls_server_name",
    "timeout",
    "cache",
];
const MORE_REQUEST_KEYS: [&str; 7] = [
    "force_cache",
    "force_cache_duration_seconds",
    "raise_error",
    "caching_mode",
    "max_retry_attempts",
    "cache_ignored_headers",
    "redact_url",
];

fn wrong(position: usize, what: &str) -> Failure {
    Failure::Operand(format!("operand {position} {what}"))
}

fn member<'a>(members: &'a Value, name: &str) -> Option<&'a Value> {
    match members {
        Value::Object(members) => members.get(&Value::from(name)),
        _ => None,
    }
}

fn text<'a>(members: &'a Value, name: &str) -> Option<&'a str> {
    match member(members, name)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// Members that must be there and be texts.
fn required<'a, const N: usize>(
    members: &'a Value,
    names: [&str; N],
    position: usize,
    what: &str,
) -> Result<[&'a str; N], Failure> {
    if names.iter().any(|name| member(members, name).is_none()) {
        return Err(wrong(
            position,
            &format!("missing required {what} parameters(s): {}", names.join(", ")),
        ));
    }
    let texts = names.map(|name| text(members, name));
    if texts.iter().any(Option::is_none) {
        return Err(wrong(
            position,
            &format!("invalid values for required {what} parameters(s): {}", names.join(", ")),
        ));
    }
    Ok(texts.map(Option::unwrap_or_default))
}

#[allow(clippy::too_many_lines, reason = "one algorithm, step by step")]
fn sign_request(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let request_keys: BTreeSet<&Value> = object(operands, 1)?.into_iter().map(|(key, _)| key).collect();
    if !matches!(any(operands, 2), Value::Object(_)) {
        return Err(wrong_kind(1, any(operands, 2), &["object"]));
    }
    let (request, config) = (any(operands, 1), any(operands, 2));
    let [service, access_key, secret_key, region] = required(
        config,
        ["aws_service", "aws_access_key", "aws_secret_access_key", "aws_region"],
        2,
        "AWS config",
    )?;
    let time = match number(operands, 3) {
        Ok(time) => time
            .as_i64()
            .map_err(|_| wrong(3, "could not convert time_ns value into a unix timestamp"))?,
        Err(_) => return Err(wrong_kind(1, any(operands, 3), &["number"])),
    };
    let known = |key: &Value| {
        REQUEST_KEYS
            .iter()
            .chain(&MORE_REQUEST_KEYS)
            .any(|known| *key == Value::from(*known))
    };
    if !request_keys.into_iter().all(known) {
        return Err(wrong(1, "invalid request parameters(s)"));
    }
    let headers: Vec<(&str, &str)> = match member(request, "headers") {
        None => Vec::new(),
        Some(Value::Object(headers)) => headers
            .iter_sorted()
            .map(|(name, value)| (as_text(name), as_text(value)))
            .collect(),
        Some(other) => return Err(wrong_kind(0, other, &["object"])),
    };
    let [method, address] = required(request, ["method", "url"], 1, "request")?;
    let body = match (member(request, "raw_body"), member(request, "body")) {
        (Some(raw), _) => as_text(raw).to_owned(),
        (None, Some(body)) => json_text::write(body, None),
        (None, None) => String::new(),
    };
    let unsigned_payload = match member(config, "disable_payload_signing") {
        None => false,
        Some(Value::Bool(disabled)) => *disabled,
        Some(_) => return Err(wrong(2, "invalid value for 'disable_payload_signing' in AWS config")),
    };
    let content = if unsigned_payload {
        "UNSIGNED-PAYLOAD".to_owned()
    } else {
        digest(&body)
    };
    let url = url::Parts::of(address).ok_or_else(|| Failure::failed("invalid URL"))?;
    let time = DateTime::from_timestamp(time.div_euclid(1_000_000_000), 0)
        .ok_or_else(|| Failure::failed("time outside of valid range"))?;
    let (date, stamp) = (
        time.format("%Y%m%d").to_string(),
        time.format("%Y%m%dT%H%M%SZ").to_string(),
    );

    let mut added: BTreeMap<String, String> =
        BTreeMap::from([("host".into(), url.host), ("x-amz-date".into(), stamp.clone())]);
    if matches!(service, "s3" | "glacier") {
        added.insert("x-amz-content-sha256".into(), content.clone());
    }
    if let Some(token) = text(config, "aws_session_token").filter(|token| !token.is_empty()) {
        added.insert("x-amz-security-token".into(), token.to_owned());
    }
    let mut signed = added.clone();
    for (name, value) in &headers {
        let name = name.to_lowercase();
        if !UNSIGNED_HEADERS.contains(&name.as_str()) {
            signed.insert(name, (*value).to_owned());
        }
    }
    let names: Vec<&str> = signed.keys().map(String::as_str).collect();
    let names = names.join(";");
    let lines: Vec<String> = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let lines = lines.concat();
    let canonical = format!(
        "{method}\n{}\n{}\n{lines}\n{names}\n{content}",
        url.escaped_path, url.query
    );
    let scope = format!("{date}/{region}/{service}/aws4_request");
    let to_sign = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}", digest(&canonical));
    let key = [date.as_str(), region, service, "aws4_request"]
        .iter()
        .fold(format!("AWS4{secret_key}").into_bytes(), |key, part| {
            Hash::Sha256.hmac(&key, part.as_bytes())
        });
    let signature = HEXLOWER.encode(&Hash::Sha256.hmac(&key, to_sign.as_bytes()));
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={access_key}/{scope},SignedHeaders={names},Signature={signature}");

    let mut all: BTreeMap<Value, Value> = headers
        .into_iter()
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    all.insert("Authorization".into(), authorization.into());
    all.extend(added.into_iter().map(|(name, value)| (name.into(), value.into())));
    let mut result: BTreeMap<Value, Value> = object(operands, 1)?
        .into_iter()
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    result.insert("headers".into(), all.into());
    Ok(result.into())
}

/// Empty where it is no text, as OPA has it.
fn as_text(value: &Value) -> &str {
    match value {
        Value::String(text) => text,
        _ => "",
    }
}

fn digest(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text))
}
