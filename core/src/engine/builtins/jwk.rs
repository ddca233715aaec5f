//! Keys of tokens: a certificate or public key in PEM, or JSON Web Keys (RFC 7517).

use regorus::Value;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::encoding::decode_base64url;
use super::keys::{PrivateKey, PublicKey, Scheme};
use super::{Failure, json_text, pem};

/// A key to check with, and what is said about it.
#[derive(Debug)]
pub(super) struct VerificationKey {
    pub(super) algorithm: Option<String>,
    pub(super) id: Option<String>,
    pub(super) key: PublicKey,
}

pub(super) fn verification_keys(text: &str) -> Result<Vec<VerificationKey>, Failure> {
    let Some((block, rest)) = pem::decode(text) else {
        return key_set(text);
    };
    if !rest.is_empty() {
        return Err(Failure::failed("extra data after a PEM certificate block"));
    }
    let key = match block.label.as_str() {
        "CERTIFICATE" => X509Certificate::from_der(&block.bytes)
            .ok()
            .and_then(|(_, certificate)| PublicKey::of(certificate.public_key())),
        "PUBLIC KEY" => PublicKey::from_der(&block.bytes),
        _ => return Err(Failure::failed("failed to extract a Key from the PEM certificate")),
    };
    let key = key.ok_or_else(|| Failure::failed("failed to parse a PEM certificate or public key"))?;
    Ok(vec![VerificationKey {
        algorithm: None,
        id: None,
        key,
    }])
}

fn invalid() -> Failure {
    Failure::failed("failed to parse a JWK key (set)")
}

/// The members of a set, or a single key.
fn members(text: &str) -> Result<Vec<Value>, Failure> {
    let document = json_text::parse(text)
        .filter(|document| matches!(document, Value::Object(_)))
        .ok_or_else(invalid)?;
    match member(&document, "keys") {
        Some(Value::Array(keys)) => Ok(keys.iter().cloned().collect()),
        Some(_) => Err(invalid()),
        None => Ok(vec![document]),
    }
}

fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    match object {
        Value::Object(object) => object.get(&Value::from(name)),
        _ => None,
    }
}

fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    match member(object, name)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn bytes(object: &Value, name: &str) -> Option<Vec<u8>> {
    decode_base64url(text(object, name)?)
}

fn key_set(text_of_set: &str) -> Result<Vec<VerificationKey>, Failure> {
    let mut keys = Vec::new();
    for key in members(text_of_set)? {
        let public = public_key(&key).ok_or_else(invalid)?;
        let algorithm = text(&key, "alg")
            .filter(|algorithm| !algorithm.is_empty())
            .map(ToOwned::to_owned);
        // A key for something else than signatures.
        if algorithm
            .as_deref()
            .is_some_and(|algorithm| Scheme::named(algorithm).is_none())
        {
            continue;
        }
        keys.push(VerificationKey {
            algorithm,
            id: text(&key, "kid").map(ToOwned::to_owned),
            key: public,
        });
    }
    Ok(keys)
}

fn public_key(key: &Value) -> Option<PublicKey> {
    match text(key, "kty")? {
        "RSA" => PublicKey::rsa(&bytes(key, "n")?, &bytes(key, "e")?),
        "EC" => PublicKey::coordinates(text(key, "crv")?, &bytes(key, "x")?, &bytes(key, "y")?),
        "OKP" if text(key, "crv")? == "Ed25519" => PublicKey::ed25519(&bytes(key, "x")?),
        "oct" => Some(PublicKey::Secret(bytes(key, "k")?)),
        _ => None,
    }
}

/// The first key of a set, to sign with.
pub(super) fn signing_key(text_of_set: &str) -> Result<PrivateKey, Failure> {
    let keys = members(text_of_set)?;
    let key = keys
        .first()
        .ok_or_else(|| Failure::failed("no keys found in JWK set"))?;
    private_key(key).ok_or_else(invalid)
}

fn private_key(key: &Value) -> Option<PrivateKey> {
    match text(key, "kty")? {
        "RSA" => PrivateKey::rsa(
            &bytes(key, "n")?,
            &bytes(key, "e")?,
            &bytes(key, "d")?,
            [&bytes(key, "p")?, &bytes(key, "q")?],
        ),
        "EC" => PrivateKey::scalar(text(key, "crv")?, &bytes(key, "d")?),
        "OKP" if text(key, "crv")? == "Ed25519" => PrivateKey::ed25519(&bytes(key, "d")?),
        "oct" => Some(PrivateKey::Secret(bytes(key, "k")?)),
        _ => None,
    }
}
