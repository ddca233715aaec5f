//! `io.jwt.*`: JSON Web Tokens (RFC 7519) in the compact form of JSON Web Signatures (RFC 7515).

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use regorus::Value;

use super::encoding::decode_base64url;
use super::impure::random_bytes;
use super::jwk::{self, VerificationKey};
use super::keys::{Hash, PublicKey, Scheme};
use super::operand::{any, float, object, string};
use super::{Builtin, Call, Failure, json_text};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("io.jwt.decode", 1, |_, operands| decode(string(operands, 1)?)),
    Builtin::here("io.jwt.decode_verify", 2, decode_verify),
    Builtin::here("io.jwt.encode_sign", 3, encode_sign),
    Builtin::here("io.jwt.encode_sign_raw", 3, encode_sign_raw),
    Builtin::here("io.jwt.verify_eddsa", 2, |_, operands| verify(operands, Scheme::EdDsa)),
    Builtin::here("io.jwt.verify_es256", 2, |_, operands| {
        verify(operands, Scheme::Ecdsa(Hash::Sha256))
    }),
    Builtin::here("io.jwt.verify_es384", 2, |_, operands| {
        verify(operands, Scheme::Ecdsa(Hash::Sha384))
    }),
    Builtin::here("io.jwt.verify_es512", 2, |_, operands| {
        verify(operands, Scheme::Ecdsa(Hash::Sha512))
    }),
    Builtin::here("io.jwt.verify_hs256", 2, |_, operands| {
        verify_secret(operands, Hash::Sha256)
    }),
    Builtin::here("io.jwt.verify_hs384", 2, |_, operands| {
        verify_secret(operands, Hash::Sha384)
    }),
    Builtin::here("io.jwt.verify_hs512", 2, |_, operands| {
        verify_secret(operands, Hash::Sha512)
    }),
    Builtin::here("io.jwt.verify_ps256", 2, |_, operands| {
        verify(operands, Scheme::Pss(Hash::Sha256))
    }),
    Builtin::here("io.jwt.verify_ps384", 2, |_, operands| {
        verify(operands, Scheme::Pss(Hash::Sha384))
    }),
    Builtin::here("io.jwt.verify_ps512", 2, |_, operands| {
        verify(operands, Scheme::Pss(Hash::Sha512))
    }),
    Builtin::here("io.jwt.verify_rs256", 2, |_, operands| {
        verify(operands, Scheme::Pkcs1(Hash::Sha256))
    }),
    Builtin::here("io.jwt.verify_rs384", 2, |_, operands| {
        verify(operands, Scheme::Pkcs1(Hash::Sha384))
    }),
    Builtin::here("io.jwt.verify_rs512", 2, |_, operands| {
        verify(operands, Scheme::Pkcs1(Hash::Sha512))
    }),
];

/// How many tokens may wrap each other.
const MAX_NESTING: usize = 16;

/// The three parts of a token.
struct Token<'a> {
    header: &'a str,
    payload: &'a str,
    signature: &'a str,
}

impl<'a> Token<'a> {
    fn split(text: &'a str) -> Result<Self, Failure> {
        if !text.contains('.') {
            return Err(Failure::failed("encoded JWT had no period separators"));
        }
        let parts: Vec<&str> = text.split('.').collect();
        match parts.as_slice() {
            [header, payload, signature] => Ok(Self {
                header,
                payload,
                signature,
            }),
            parts => Err(Failure::failed(format!(
                "encoded JWT must have 3 sections, found {}",
                parts.len()
            ))),
        }
    }

    fn decoded_header(&self) -> Result<Value, Failure> {
        let text = decoded_text(self.header).ok_or_else(|| Failure::failed("JWT header had invalid encoding"))?;
        let header = json_object(&text).ok_or_else(|| Failure::failed("bad JWT header: not a JSON object"))?;
        if member(&header, "enc").is_some() {
            return Err(Failure::failed("JWT is a JWE object, which is not supported"));
        }
        Ok(header)
    }

    fn decoded_payload(&self) -> Result<String, Failure> {
        decoded_text(self.payload).ok_or_else(|| Failure::failed("JWT payload had invalid encoding"))
    }

    fn decoded_signature(&self) -> Result<Vec<u8>, Failure> {
        decode_base64url(self.signature).ok_or_else(|| Failure::failed("JWT signature had invalid encoding"))
    }

    fn signed(&self) -> Vec<u8> {
        format!("{}.{}", self.header, self.payload).into_bytes()
    }
}

fn decoded_text(part: &str) -> Option<String> {
    Some(String::from_utf8_lossy(&decode_base64url(part)?).into_owned())
}

fn json_object(text: &str) -> Option<Value> {
    json_text::parse(text).filter(|value| matches!(value, Value::Object(_)))
}

fn payload_object(text: &str) -> Result<Value, Failure> {
    json_object(text).ok_or_else(|| Failure::failed("invalid JSON: the payload is not a JSON object"))
}

fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    match object {
        Value::Object(object) => object.get(&Value::from(name)),
        _ => None,
    }
}

fn decode(text: &str) -> Result<Value, Failure> {
    let mut text = text.to_owned();
    for _ in 0..MAX_NESTING {
        let token = Token::split(&text)?;
        let header = token.decoded_header()?;
        let payload = token.decoded_payload()?;
        if member(&header, "cty") == Some(&Value::from("JWT")) {
            // A token inside a token often stands in quotes.
            payload.trim_matches(['"', '\'']).clone_into(&mut text);
            continue;
        }
        let payload = payload_object(&payload)?;
        let signature = HEXLOWER.encode(&token.decoded_signature()?);
        return Ok(vec![header, payload, signature.into()].into());
    }
    Err(nested_too_deeply())
}

fn nested_too_deeply() -> Failure {
    Failure::Limit(format!("more than {MAX_NESTING} tokens inside each other"))
}

/// What a header says that matters here.
#[derive(Default)]
struct Header {
    algorithm: String,
    key_id: String,
    content_type: String,
    /// A parameter that must be understood, and is not.
    unknown_critical: bool,
}

impl Header {
    fn of(header: &Value) -> Result<Self, Failure> {
        let text = |name: &str| match member(header, name) {
            None => Ok(String::new()),
            Some(Value::String(text)) => Ok((**text).to_owned()),
            Some(_) => Err(Failure::failed(format!("{name}: must be a string"))),
        };
        text("typ")?;
        let critical = match member(header, "crit") {
            None => Vec::new(),
            Some(Value::Array(names)) if names.first().is_some() => names.iter().cloned().collect(),
            Some(Value::Array(_)) => return Err(Failure::failed("crit: must be a nonempty list")),
            Some(_) => return Err(Failure::failed("crit: must be a list")),
        };
        let known = ["alg", "kid", "typ", "cty", "crit"].map(Value::from);
        let Value::Object(members) = header else {
            return Ok(Self::default());
        };
        let unknown_critical = members
            .keys()
            .any(|name| !known.contains(name) && critical.contains(name));
        Ok(Self {
            algorithm: text("alg")?,
            key_id: text("kid")?,
            content_type: text("cty")?,
            unknown_critical,
        })
    }

    fn is_valid(&self) -> bool {
        !self.algorithm.is_empty() && !self.unknown_critical
    }
}

/// The key that the header names, or else any that does not say it is for another algorithm.
fn any_verifies(keys: &[VerificationKey], header: &Header, check: impl Fn(&PublicKey) -> bool) -> bool {
    let named = keys
        .iter()
        .find(|key| !header.key_id.is_empty() && key.id.as_deref() == Some(&header.key_id));
    match named {
        Some(key) => check(&key.key),
        None => keys.iter().any(|key| {
            key.algorithm
                .as_ref()
                .is_none_or(|algorithm| *algorithm == header.algorithm)
                && check(&key.key)
        }),
    }
}

fn verify(operands: &[Value], scheme: Scheme) -> Result<Value, Failure> {
    let token = Token::split(string(operands, 1)?)?;
    let keys = jwk::verification_keys(string(operands, 2)?)?;
    let signature = token.decoded_signature()?;
    let header = Header::of(&token.decoded_header()?)?;
    let message = token.signed();
    Ok(any_verifies(&keys, &header, |key| key.verifies(scheme, &message, &signature)).into())
}

fn verify_secret(operands: &[Value], hash: Hash) -> Result<Value, Failure> {
    let (token, secret) = (string(operands, 1)?, string(operands, 2)?);
    let token = Token::split(token)?;
    let signature = token.decoded_signature()?;
    Ok(PublicKey::Secret(secret.into())
        .verifies(Scheme::Hmac(hash), &token.signed(), &signature)
        .into())
}

/// What a token must meet to be accepted.
struct Constraints {
    keys: Vec<VerificationKey>,
    algorithm: Option<String>,
    issuer: Option<String>,
    audience: Option<String>,
    seconds: f64,
}

impl Constraints {
    fn of(call: &Call<'_>, operands: &[Value]) -> Result<Self, Failure> {
        let (mut keys, mut secret, mut algorithm, mut issuer, mut audience, mut nanoseconds) =
            (None, None, None, None, None, None);
        for (name, value) in object(operands, 2)? {
            let Value::String(name) = name else {
                return Err(Failure::failed("unknown token validation constraint"));
            };
            let text = || match value {
                Value::String(text) => Ok(Some((**text).to_owned()).filter(|text| !text.is_empty())),
                _ => Err(Failure::failed(format!("{name} constraint: must be a string"))),
            };
            match &**name {
                "cert" => keys = Some(jwk::verification_keys(&text()?.unwrap_or_default())?),
                "secret" => secret = text()?,
                "alg" => algorithm = text()?,
                "iss" => issuer = text()?,
                "aud" => audience = text()?,
                "time" => {
                    nanoseconds =
                        Some(float(value).ok_or_else(|| Failure::failed("token time constraint: must be a number"))?);
                }
                _ => return Err(Failure::failed("unknown token validation constraint")),
            }
        }
        #[allow(clippy::cast_precision_loss, reason = "OPA compares the times as 64-bit floats")]
        let nanoseconds = match (nanoseconds, call.options.time_ns) {
            (Some(nanoseconds), _) => nanoseconds,
            (None, Some(now)) => now as f64,
            (None, None) => {
                return Err(Failure::Refused(
                    "give a `time` constraint, or give the evaluation a time".into(),
                ));
            }
        };
        if nanoseconds < 0.0 {
            return Err(Failure::failed("token time constraint: must not be negative"));
        }
        let keys = match (keys, secret) {
            (Some(_), Some(_)) => return Err(Failure::failed("duplicate key constraints")),
            (None, None) => return Err(Failure::failed("no key constraint")),
            (Some(keys), None) => keys,
            (None, Some(secret)) => vec![VerificationKey {
                algorithm: None,
                id: None,
                key: PublicKey::Secret(secret.into_bytes()),
            }],
        };
        Ok(Self {
            keys,
            algorithm,
            issuer,
            audience,
            seconds: nanoseconds / 1_000_000_000.0,
        })
    }

    /// Issuer, audience and times.
    fn accept(&self, payload: &Value) -> Result<bool, Failure> {
        if let Some(issuer) = &self.issuer
            && member(payload, "iss") != Some(&Value::from(issuer.as_str()))
        {
            return Ok(false);
        }
        let audience = Value::from(self.audience.clone().unwrap_or_default());
        let audience_accepted = match member(payload, "aud") {
            None => self.audience.is_none(),
            Some(Value::Array(audiences)) => audiences.contains(&audience),
            Some(single) => *single == audience,
        };
        if !audience_accepted {
            return Ok(false);
        }
        let seconds = |name: &str| match member(payload, name) {
            None => Ok(None),
            Some(number @ Value::Number(_)) => Ok(float(number)),
            Some(_) => Err(Failure::failed(format!("{name} value must be a number"))),
        };
        if seconds("exp")?.is_some_and(|expiry| self.seconds >= expiry) {
            return Ok(false);
        }
        Ok(seconds("nbf")?.is_none_or(|start| self.seconds >= start))
    }
}

/// `[true, header, payload]`, or `[false, {}, {}]`.
fn decode_verify(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let constraints = Constraints::of(call, operands)?;
    let refused = || Ok(vec![Value::from(false), Value::new_object(), Value::new_object()].into());
    let mut text = string(operands, 1)?.to_owned();
    for _ in 0..MAX_NESTING {
        let token = Token::split(&text)?;
        let decoded = token.decoded_header()?;
        let header = Header::of(&decoded)?;
        if !header.is_valid()
            || constraints
                .algorithm
                .as_ref()
                .is_some_and(|algorithm| *algorithm != header.algorithm)
        {
            return refused();
        }
        let signature = token.decoded_signature()?;
        let message = token.signed();
        let scheme = Scheme::named(&header.algorithm);
        let verifies = |key: &PublicKey| scheme.is_some_and(|scheme| key.verifies(scheme, &message, &signature));
        if !any_verifies(&constraints.keys, &header, verifies) {
            return refused();
        }
        let payload = token.decoded_payload()?;
        if header.content_type.eq_ignore_ascii_case("JWT") {
            text = payload;
            continue;
        }
        let payload = payload_object(&payload)?;
        if !constraints.accept(&payload)? {
            return refused();
        }
        return Ok(vec![Value::from(true), decoded, payload].into());
    }
    Err(nested_too_deeply())
}

fn encode_sign(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let json = |position: usize| json_text::write(any(operands, position), None);
    sign(call, &json(1), &json(2), &json(3))
}

fn encode_sign_raw(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let key = string(operands, 3)?;
    sign(call, string(operands, 1)?, string(operands, 2)?, key)
}

fn sign(call: &Call<'_>, header: &str, payload: &str, key: &str) -> Result<Value, Failure> {
    let key = jwk::signing_key(key)?;
    let parsed = json_object(header);
    let text = |name: &str| match parsed.as_ref().and_then(|header| member(header, name)) {
        Some(Value::String(text)) => Some(&**text),
        _ => None,
    };
    let algorithm = text("alg").ok_or_else(|| Failure::failed("missing or invalid 'alg' header"))?;
    let scheme = Scheme::named(algorithm).ok_or_else(|| Failure::failed("unknown JWS algorithm"))?;
    if text("typ").is_none_or(|kind| kind == "JWT") && json_text::parse(payload).is_none() {
        return Err(Failure::failed("type is JWT but payload is not JSON"));
    }
    let message = format!(
        "{}.{}",
        BASE64URL_NOPAD.encode(header.as_bytes()),
        BASE64URL_NOPAD.encode(payload.as_bytes())
    );
    // Only RSA takes chance for anything; the others need no seed.
    let seed = if matches!(scheme, Scheme::Pkcs1(_) | Scheme::Pss(_)) {
        random_bytes(call, &message)?
    } else {
        [0; 32]
    };
    let signature = key
        .sign(scheme, message.as_bytes(), seed)
        .ok_or_else(|| Failure::failed("the key is not of the algorithm"))?;
    Ok(format!("{message}.{}", BASE64URL_NOPAD.encode(&signature)).into())
}
