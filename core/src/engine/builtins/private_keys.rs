//! `crypto.parse_private_keys` and `crypto.x509.parse_rsa_private_key`: keys in PEM, as Go prints their structs.

use std::collections::BTreeMap;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use num_bigint::{BigInt, BigUint, Sign};
use regorus::Value;

use super::encoding::decode_base64;
use super::keys::{PrivateKey, PublicKey};
use super::operand::{from_integer, string};
use super::{Call, Failure, der, pem};

/// A private key by its numbers.
pub(super) enum Parsed {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
        private: Vec<u8>,
        primes: [Vec<u8>; 2],
        rest: [Vec<u8>; 3],
    },
    Ec {
        curve: &'static str,
        scalar: Vec<u8>,
        x: Vec<u8>,
        y: Vec<u8>,
    },
    Ed25519 {
        seed: Vec<u8>,
        public: Vec<u8>,
    },
}

fn invalid() -> Failure {
    Failure::failed("failed to parse private key")
}

/// The keys of all blocks that hold one.
pub(super) fn parse_all(text: &str) -> Result<Vec<Parsed>, Failure> {
    let decoded = decode_base64(text).and_then(|bytes| String::from_utf8(bytes).ok());
    let mut rest = decoded.as_deref().unwrap_or(text);
    let mut keys = Vec::new();
    while let Some((block, after)) = pem::decode(rest) {
        rest = after;
        match block.label.as_str() {
            "RSA PRIVATE KEY" => keys.push(pkcs1(&block.bytes).ok_or_else(invalid)?),
            "PRIVATE KEY" => keys.push(pkcs8(&block.bytes).ok_or_else(invalid)?),
            "EC PRIVATE KEY" => keys.push(sec1(&block.bytes, None).ok_or_else(invalid)?),
            _ => {}
        }
    }
    Ok(keys)
}

fn pkcs1(bytes: &[u8]) -> Option<Parsed> {
    let elements = der::sequence(bytes)?;
    let mut numbers = elements
        .iter()
        .skip(1)
        .map(|element| element.unsigned().map(<[u8]>::to_vec));
    let mut next = || numbers.next()?;
    Some(Parsed::Rsa {
        modulus: next()?,
        exponent: next()?,
        private: next()?,
        primes: [next()?, next()?],
        rest: [next()?, next()?, next()?],
    })
}

fn pkcs8(bytes: &[u8]) -> Option<Parsed> {
    let elements = der::sequence(bytes)?;
    let [_, algorithm, key, ..] = elements.as_slice() else {
        return None;
    };
    let algorithm = der::all(algorithm.content)?;
    let key = key.octets()?;
    match algorithm.first()?.object_identifier()?.as_slice() {
        [1, 2, 840, 113_549, 1, 1, 1] => pkcs1(key),
        [1, 2, 840, 10_045, 2, 1] => sec1(key, algorithm.get(1)?.object_identifier()),
        [1, 3, 101, 112] => {
            let seed = der::first(key)?.0.octets()?;
            let PrivateKey::Ed25519(signing) = PrivateKey::ed25519(seed)? else {
                return None;
            };
            Some(Parsed::Ed25519 {
                seed: seed.to_vec(),
                public: signing.verifying_key().to_bytes().to_vec(),
            })
        }
        _ => None,
    }
}

fn sec1(bytes: &[u8], curve: Option<Vec<u64>>) -> Option<Parsed> {
    let elements = der::sequence(bytes)?;
    let scalar = elements.get(1)?.octets()?;
    let stated = elements
        .iter()
        .find(|element| element.tag == 0xa0)
        .and_then(|element| der::first(element.content));
    let curve = stated.and_then(|(element, _)| element.object_identifier()).or(curve)?;
    let curve = match curve.as_slice() {
        [1, 2, 840, 10_045, 3, 1, 7] => "P-256",
        [1, 3, 132, 0, 34] => "P-384",
        [1, 3, 132, 0, 35] => "P-521",
        _ => return None,
    };
    let point = match PrivateKey::scalar(curve, scalar)? {
        PrivateKey::P256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        PrivateKey::P384(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        PrivateKey::P521(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        _ => return None,
    };
    let (x, y) = point.get(1..)?.split_at_checked(point.len() / 2)?;
    Some(Parsed::Ec {
        curve,
        scalar: scalar.to_vec(),
        x: x.to_vec(),
        y: y.to_vec(),
    })
}

pub(super) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    members
        .into_iter()
        .map(|(name, value)| (Value::from(name), value))
        .collect::<BTreeMap<Value, Value>>()
        .into()
}

pub(super) fn number(bytes: &[u8]) -> Value {
    from_integer(&BigInt::from_biguint(Sign::Plus, BigUint::from_bytes_be(bytes)))
}

impl Parsed {
    /// The struct of Go's `crypto/rsa`, `ecdsa` or `ed25519`, as JSON.
    pub(super) fn value(&self) -> Value {
        match self {
            Self::Rsa {
                modulus,
                exponent,
                private,
                primes: [p, q],
                rest: [dp, dq, qinv],
            } => object([
                ("N", number(modulus)),
                ("E", number(exponent)),
                ("D", number(private)),
                ("Primes", vec![number(p), number(q)].into()),
                (
                    "Precomputed",
                    object([
                        ("Dp", number(dp)),
                        ("Dq", number(dq)),
                        ("Qinv", number(qinv)),
                        ("CRTValues", Vec::<Value>::new().into()),
                    ]),
                ),
            ]),
            Self::Ec { scalar, x, y, .. } => object([
                ("Curve", Value::new_object()),
                ("D", number(scalar)),
                ("X", number(x)),
                ("Y", number(y)),
            ]),
            Self::Ed25519 { seed, public } => BASE64.encode(&[seed.as_slice(), public].concat()).into(),
        }
    }

    /// The key as a JSON Web Key.
    fn web_key(&self) -> Value {
        let text = |bytes: &[u8]| Value::from(BASE64URL_NOPAD.encode(bytes));
        match self {
            Self::Rsa {
                modulus,
                exponent,
                private,
                primes: [p, q],
                rest: [dp, dq, qinv],
            } => object([
                ("kty", "RSA".into()),
                ("n", text(modulus)),
                ("e", text(exponent)),
                ("d", text(private)),
                ("p", text(p)),
                ("q", text(q)),
                ("dp", text(dp)),
                ("dq", text(dq)),
                ("qi", text(qinv)),
            ]),
            Self::Ec { curve, scalar, x, y } => object([
                ("kty", "EC".into()),
                ("crv", (*curve).into()),
                ("d", text(scalar)),
                ("x", text(x)),
                ("y", text(y)),
            ]),
            Self::Ed25519 { seed, public } => object([
                ("kty", "OKP".into()),
                ("crv", "Ed25519".into()),
                ("d", text(seed)),
                ("x", text(public)),
            ]),
        }
    }

    /// Whether it is the private half of a public key.
    pub(super) fn belongs_to(&self, public: &PublicKey) -> bool {
        let own = match self {
            Self::Rsa { modulus, exponent, .. } => PublicKey::rsa(modulus, exponent),
            Self::Ec { curve, x, y, .. } => PublicKey::coordinates(curve, x, y),
            Self::Ed25519 { public, .. } => PublicKey::ed25519(public),
        };
        own.is_some_and(|own| own == *public)
    }
}

/// Null of an empty text, and no keys of a text without any.
pub(super) fn parse_private_keys(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let text = string(operands, 1)?;
    if text.is_empty() {
        return Ok(Value::Null);
    }
    Ok(parse_all(text)?
        .iter()
        .map(Parsed::value)
        .collect::<Vec<Value>>()
        .into())
}

/// The first key, of whatever kind, as a JSON Web Key.
pub(super) fn parse_rsa_private_key(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let text = string(operands, 1)?;
    if text.is_empty() {
        return Err(Failure::failed("input PEM data was empty"));
    }
    if !text.starts_with("-----BEGIN") && decode_base64(text).is_none() {
        return Err(Failure::failed("illegal base64 data"));
    }
    Ok(parse_all(text)?.first().map_or(Value::Null, Parsed::web_key))
}
