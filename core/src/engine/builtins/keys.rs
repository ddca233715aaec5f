//! Public and private keys: RSA, three curves of ECDSA, Ed25519, and shared secrets.

use ed25519_dalek::Verifier;
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::traits::SignatureScheme;
use rsa::{BoxedUint, Pkcs1v15Sign, Pss, RsaPrivateKey, RsaPublicKey};
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey as ParsedKey;
use x509_parser::x509::SubjectPublicKeyInfo;

/// The largest modulus that is worked with, in bits.
const MAX_MODULUS_BITS: usize = 16_384;

/// A key that signatures are checked with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PublicKey {
    Rsa(Box<RsaPublicKey>),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
    Ed25519(ed25519_dalek::VerifyingKey),
    Secret(Vec<u8>),
}

/// A key that signatures are made with.
pub(super) enum PrivateKey {
    Rsa(Box<RsaPrivateKey>),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    Ed25519(Box<ed25519_dalek::SigningKey>),
    Secret(Vec<u8>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    pub(super) fn hmac(self, secret: &[u8], message: &[u8]) -> Vec<u8> {
        macro_rules! code {
            ($hash:ty) => {
                Hmac::<$hash>::new_from_slice(secret)
                    .map(|mac| mac.chain_update(message).finalize().into_bytes().to_vec())
            };
        }
        // A key of any length will do, so there is no error to speak of.
        match self {
            Self::Sha256 => code!(Sha256).unwrap_or_default(),
            Self::Sha384 => code!(Sha384).unwrap_or_default(),
            Self::Sha512 => code!(Sha512).unwrap_or_default(),
        }
    }
}

/// A way to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Pkcs1(Hash),
    Pss(Hash),
    Ecdsa(Hash),
    EdDsa,
    Hmac(Hash),
}

impl Scheme {
    /// By the name that a token's header gives it.
    pub(super) fn named(name: &str) -> Option<Self> {
        if name == "EdDSA" {
            return Some(Self::EdDsa);
        }
        let (family, size) = name.split_at_checked(2)?;
        let hash = match size {
            "256" => Hash::Sha256,
            "384" => Hash::Sha384,
            "512" => Hash::Sha512,
            _ => return None,
        };
        match family {
            "RS" => Some(Self::Pkcs1(hash)),
            "PS" => Some(Self::Pss(hash)),
            "ES" => Some(Self::Ecdsa(hash)),
            "HS" => Some(Self::Hmac(hash)),
            _ => None,
        }
    }
}

fn verify_rsa(key: &RsaPublicKey, scheme: impl SignatureScheme, digest: &[u8], signature: &[u8]) -> bool {
    key.verify(scheme, digest, signature).is_ok()
}

fn pkcs1(hash: Hash) -> Pkcs1v15Sign {
    match hash {
        Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
        Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
        Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
    }
}

/// PSS with a salt of any length.
fn pss<D: Digest>() -> Pss<D> {
    Pss {
        blinded: true,
        digest: D::new(),
        salt_len: None,
    }
}

impl PublicKey {
    pub(super) fn rsa(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let (modulus, exponent) = (
            BoxedUint::from_be_slice_vartime(modulus),
            BoxedUint::from_be_slice_vartime(exponent),
        );
        let key = RsaPublicKey::new_with_size_limits(modulus, exponent, 512..=MAX_MODULUS_BITS).ok()?;
        Some(Self::Rsa(Box::new(key)))
    }

    /// A point in the form of SEC 1, on the curve that an object identifier names.
    fn point(curve: &str, point: &[u8]) -> Option<Self> {
        match curve {
            "1.2.840.10045.3.1.7" => p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self::P256),
            "1.3.132.0.34" => p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self::P384),
            "1.3.132.0.35" => p521::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self::P521),
            _ => None,
        }
    }

    /// A point by its coordinates, on a curve that a JWK names.
    pub(super) fn coordinates(curve: &str, x: &[u8], y: &[u8]) -> Option<Self> {
        let (curve, size) = match curve {
            "P-256" => ("1.2.840.10045.3.1.7", 32),
            "P-384" => ("1.3.132.0.34", 48),
            "P-521" => ("1.3.132.0.35", 66),
            _ => return None,
        };
        let mut point = vec![4];
        for coordinate in [x, y] {
            point.resize(point.len() + size - coordinate.len().min(size), 0);
            point.extend_from_slice(coordinate);
        }
        Self::point(curve, &point)
    }

    pub(super) fn ed25519(bytes: &[u8]) -> Option<Self> {
        ed25519_dalek::VerifyingKey::from_bytes(bytes.try_into().ok()?)
            .ok()
            .map(Self::Ed25519)
    }

    /// The key of a certificate.
    pub(super) fn of(info: &SubjectPublicKeyInfo<'_>) -> Option<Self> {
        if info.algorithm.algorithm.to_id_string() == "1.3.101.112" {
            return Self::ed25519(&info.subject_public_key.data);
        }
        match info.parsed().ok()? {
            ParsedKey::RSA(key) => Self::rsa(key.modulus, key.exponent),
            ParsedKey::EC(point) => {
                let curve = info.algorithm.parameters.as_ref()?.as_oid().ok()?;
                Self::point(&curve.to_id_string(), point.data())
            }
            _ => None,
        }
    }

    /// The key of a `PUBLIC KEY` block.
    pub(super) fn from_der(bytes: &[u8]) -> Option<Self> {
        let (_, info) = SubjectPublicKeyInfo::from_der(bytes).ok()?;
        Self::of(&info)
    }

    /// Whether a signature is of this key, over this message. Of ECDSA, both numbers one after the other.
    pub(super) fn verifies(&self, scheme: Scheme, message: &[u8], signature: &[u8]) -> bool {
        match (self, scheme) {
            (Self::Rsa(key), Scheme::Pkcs1(hash)) => verify_rsa(key, pkcs1(hash), &hash.digest(message), signature),
            (Self::Rsa(key), Scheme::Pss(hash)) => {
                let digest = hash.digest(message);
                match hash {
                    Hash::Sha256 => verify_rsa(key, pss::<Sha256>(), &digest, signature),
                    Hash::Sha384 => verify_rsa(key, pss::<Sha384>(), &digest, signature),
                    Hash::Sha512 => verify_rsa(key, pss::<Sha512>(), &digest, signature),
                }
            }
            (Self::P256(key), Scheme::Ecdsa(hash)) => {
                let signature = p256::ecdsa::Signature::from_slice(signature);
                signature.is_ok_and(|signature| key.verify_prehash(&hash.digest(message), &signature).is_ok())
            }
            (Self::P384(key), Scheme::Ecdsa(hash)) => {
                let signature = p384::ecdsa::Signature::from_slice(signature);
                signature.is_ok_and(|signature| key.verify_prehash(&hash.digest(message), &signature).is_ok())
            }
            (Self::P521(key), Scheme::Ecdsa(hash)) => {
                let signature = p521::ecdsa::Signature::from_slice(signature);
                signature.is_ok_and(|signature| key.verify_prehash(&hash.digest(message), &signature).is_ok())
            }
            (Self::Ed25519(key), Scheme::EdDsa) => {
                let signature = ed25519_dalek::Signature::from_slice(signature);
                signature.is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
            (Self::Secret(secret), Scheme::Hmac(hash)) => equal(&hash.hmac(secret, message), signature),
            _ => false,
        }
    }
}

/// Compares without saying by the time it takes where two texts part.
pub(super) fn equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |different, (a, b)| different | (a ^ b)) == 0
}

impl PrivateKey {
    pub(super) fn rsa(modulus: &[u8], exponent: &[u8], private: &[u8], primes: [&[u8]; 2]) -> Option<Self> {
        let number = BoxedUint::from_be_slice_vartime;
        let primes = primes.map(number).to_vec();
        let key = RsaPrivateKey::from_components(number(modulus), number(exponent), number(private), primes).ok()?;
        Some(Self::Rsa(Box::new(key)))
    }

    pub(super) fn scalar(curve: &str, scalar: &[u8]) -> Option<Self> {
        match curve {
            "P-256" => p256::ecdsa::SigningKey::from_slice(scalar).ok().map(Self::P256),
            "P-384" => p384::ecdsa::SigningKey::from_slice(scalar).ok().map(Self::P384),
            "P-521" => p521::ecdsa::SigningKey::from_slice(scalar).ok().map(Self::P521),
            _ => None,
        }
    }

    pub(super) fn ed25519(bytes: &[u8]) -> Option<Self> {
        Some(Self::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(
            bytes.try_into().ok()?,
        ))))
    }

    /// `seed` blinds an RSA key and salts a PSS signature. ECDSA takes its nonce from key and message (RFC 6979).
    pub(super) fn sign(&self, scheme: Scheme, message: &[u8], seed: [u8; 32]) -> Option<Vec<u8>> {
        let mut random = Seeded { seed, block: 0 };
        match (self, scheme) {
            (Self::Rsa(key), Scheme::Pkcs1(hash)) => {
                key.sign_with_rng(&mut random, pkcs1(hash), &hash.digest(message)).ok()
            }
            (Self::Rsa(key), Scheme::Pss(hash)) => {
                let digest = hash.digest(message);
                match hash {
                    Hash::Sha256 => key.sign_with_rng(&mut random, Pss::<Sha256>::new(), &digest).ok(),
                    Hash::Sha384 => key.sign_with_rng(&mut random, Pss::<Sha384>::new(), &digest).ok(),
                    Hash::Sha512 => key.sign_with_rng(&mut random, Pss::<Sha512>::new(), &digest).ok(),
                }
            }
            (Self::P256(key), Scheme::Ecdsa(hash)) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(&hash.digest(message)).ok()?;
                Some(signature.to_bytes().to_vec())
            }
            (Self::P384(key), Scheme::Ecdsa(hash)) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(&hash.digest(message)).ok()?;
                Some(signature.to_bytes().to_vec())
            }
            (Self::P521(key), Scheme::Ecdsa(hash)) => {
                let signature: p521::ecdsa::Signature = key.sign_prehash(&hash.digest(message)).ok()?;
                Some(signature.to_bytes().to_vec())
            }
            (Self::Ed25519(key), Scheme::EdDsa) => {
                Some(ed25519_dalek::Signer::sign(&**key, message).to_bytes().to_vec())
            }
            (Self::Secret(secret), Scheme::Hmac(hash)) => Some(hash.hmac(secret, message)),
            _ => None,
        }
    }
}

/// Bytes that a seed decides: the digests of seed and counter.
struct Seeded {
    seed: [u8; 32],
    block: u64,
}

impl TryRng for Seeded {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in out.chunks_mut(32) {
            let digest = Sha256::new()
                .chain_update(self.seed)
                .chain_update(self.block.to_be_bytes())
                .finalize();
            self.block += 1;
            for (byte, random) in chunk.iter_mut().zip(digest) {
                *byte = random;
            }
        }
        Ok(())
    }
}

impl TryCryptoRng for Seeded {}
