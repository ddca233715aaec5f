//! `crypto.*`: digests, message codes, certificates and keys.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use regorus::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::keys::{Hash, PublicKey, equal};
use super::operand::string;
use super::private_keys::{self, object};
use super::{Builtin, Call, Failure, chains, x509};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("crypto.hmac.equal", 2, |_, operands| {
        Ok(equal(string(operands, 1)?.as_bytes(), string(operands, 2)?.as_bytes()).into())
    }),
    Builtin::here("crypto.hmac.md5", 2, |_, operands| code(operands, hmac_md5)),
    Builtin::here("crypto.hmac.sha1", 2, |_, operands| code(operands, hmac_sha1)),
    Builtin::here("crypto.hmac.sha256", 2, |_, operands| {
        code(operands, |key, message| Hash::Sha256.hmac(key, message))
    }),
    Builtin::here("crypto.hmac.sha512", 2, |_, operands| {
        code(operands, |key, message| Hash::Sha512.hmac(key, message))
    }),
    Builtin::here("crypto.md5", 1, |_, operands| {
        Ok(HEXLOWER.encode(&Md5::digest(string(operands, 1)?)).into())
    }),
    Builtin::here("crypto.parse_private_keys", 1, private_keys::parse_private_keys),
    Builtin::here("crypto.sha1", 1, |_, operands| {
        Ok(HEXLOWER.encode(&Sha1::digest(string(operands, 1)?)).into())
    }),
    Builtin::here("crypto.sha256", 1, |_, operands| {
        Ok(HEXLOWER.encode(&Sha256::digest(string(operands, 1)?)).into())
    }),
    Builtin::here("crypto.x509.parse_and_verify_certificates", 1, chains::parse_and_verify),
    Builtin::here(
        "crypto.x509.parse_and_verify_certificates_with_options",
        2,
        chains::parse_and_verify_with_options,
    ),
    Builtin::here("crypto.x509.parse_certificate_request", 1, x509::parse_request),
    Builtin::here("crypto.x509.parse_certificates", 1, x509::parse_certificates),
    Builtin::here("crypto.x509.parse_keypair", 2, parse_keypair),
    Builtin::here(
        "crypto.x509.parse_rsa_private_key",
        1,
        private_keys::parse_rsa_private_key,
    ),
];

/// The message comes first, and the key second.
fn code(operands: &[Value], code: fn(&[u8], &[u8]) -> Vec<u8>) -> Result<Value, Failure> {
    let (message, key) = (string(operands, 1)?, string(operands, 2)?);
    Ok(HEXLOWER.encode(&code(key.as_bytes(), message.as_bytes())).into())
}

// A key of any length will do for a message code, so there is no error to speak of.

fn hmac_md5(key: &[u8], message: &[u8]) -> Vec<u8> {
    Hmac::<Md5>::new_from_slice(key)
        .map(|mac| mac.chain_update(message).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

fn hmac_sha1(key: &[u8], message: &[u8]) -> Vec<u8> {
    Hmac::<Sha1>::new_from_slice(key)
        .map(|mac| mac.chain_update(message).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

/// Certificates and the private key of the first, as Go's `tls.Certificate`.
fn parse_keypair(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (certificates, key) = (string(operands, 1)?, string(operands, 2)?);
    let bytes = x509::certificate_bytes(certificates)?;
    let certificates = x509::certificates(&bytes)?;
    let leaf = certificates
        .first()
        .ok_or_else(|| Failure::failed("tls: failed to find any PEM data in certificate input"))?;
    let keys = private_keys::parse_all(key)?;
    let key = keys
        .first()
        .ok_or_else(|| Failure::failed("tls: failed to find any PEM data in key input"))?;
    if !PublicKey::of(leaf.public_key()).is_some_and(|public| key.belongs_to(&public)) {
        return Err(Failure::failed("tls: private key does not match public key"));
    }
    let raw: Vec<Value> = certificates
        .iter()
        .map(|certificate| data_encoding::BASE64.encode(certificate.as_raw()).into())
        .collect();
    Ok(object([
        ("Certificate", raw.into()),
        ("PrivateKey", key.value()),
        ("Leaf", x509::certificate(leaf)),
        ("OCSPStaple", Value::Null),
        ("SignedCertificateTimestamps", Value::Null),
        ("SupportedSignatureAlgorithms", Value::Null),
    ]))
}
