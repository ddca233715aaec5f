//! Whether certificates form a chain, from the first, which is trusted, to the last.

use std::net::IpAddr;

use regorus::Value;
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::X509Certificate;

use super::keys::{Hash, PublicKey, Scheme};
use super::operand::{object, sequence, string};
use super::x509::{self, Names, extended_usages};
use super::{Call, Failure, der};

/// What a chain is checked for.
struct Options {
    host: String,
    seconds: Option<i64>,
    usages: Vec<i64>,
}

fn unverified() -> Value {
    vec![Value::from(false), Vec::<Value>::new().into()].into()
}

pub(super) fn parse_and_verify(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let options = Options {
        host: String::new(),
        seconds: None,
        usages: vec![SERVER],
    };
    verified(call, string(operands, 1)?, &options)
}

pub(super) fn parse_and_verify_with_options(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let text = string(operands, 1)?;
    let given = object(operands, 2)?;
    let Ok(bytes) = x509::certificate_bytes(text) else {
        return Ok(unverified());
    };
    if x509::certificates(&bytes).is_err() {
        return Ok(unverified());
    }
    let mut options = Options {
        host: String::new(),
        seconds: None,
        usages: Vec::new(),
    };
    for (name, value) in given {
        let Value::String(name) = name else { continue };
        match (&**name, value) {
            ("DNSName", Value::String(host)) => host.trim_matches('"').clone_into(&mut options.host),
            ("CurrentTime", Value::Number(time)) => {
                let nanoseconds = time
                    .as_i64()
                    .ok_or_else(|| Failure::failed("`CurrentTime` should be a valid int64 number"))?;
                options.seconds = Some(nanoseconds.div_euclid(1_000_000_000));
            }
            // A bound on the work of name constraints, which are refused here.
            ("MaxConstraintComparisons", Value::Number(_)) => {}
            ("KeyUsages", usages) => {
                for usage in sequence(usages).ok_or_else(|| Failure::failed("`KeyUsages` should be an Array or Set"))? {
                    let Value::String(usage) = usage else { continue };
                    let number = USAGES.iter().position(|known| *known == usage.trim_matches('"'));
                    let number = number.and_then(|number| i64::try_from(number).ok());
                    options
                        .usages
                        .push(number.ok_or_else(|| Failure::failed("invalid entries for `KeyUsages` found"))?);
                }
            }
            ("DNSName" | "CurrentTime" | "MaxConstraintComparisons", _) => {
                return Err(Failure::failed(format!("`{name}` is of the wrong type")));
            }
            _ => return Err(Failure::failed("invalid key option")),
        }
    }
    if options.usages.is_empty() {
        options.usages.push(SERVER);
    }
    verified(call, text, &options)
}

/// By Go's numbers.
const USAGES: [&str; 14] = [
    "KeyUsageAny",
    "KeyUsageServerAuth",
    "KeyUsageClientAuth",
    "KeyUsageCodeSigning",
    "KeyUsageEmailProtection",
    "KeyUsageIPSECEndSystem",
    "KeyUsageIPSECTunnel",
    "KeyUsageIPSECUser",
    "KeyUsageTimeStamping",
    "KeyUsageOCSPSigning",
    "KeyUsageMicrosoftServerGatedCrypto",
    "KeyUsageNetscapeServerGatedCrypto",
    "KeyUsageMicrosoftCommercialCodeSigning",
    "KeyUsageMicrosoftKernelCodeSigning",
];
const ANY: i64 = 0;
const SERVER: i64 = 1;

fn verified(call: &Call<'_>, text: &str, options: &Options) -> Result<Value, Failure> {
    let Ok(bytes) = x509::certificate_bytes(text) else {
        return Ok(unverified());
    };
    let Ok(certificates) = x509::certificates(&bytes) else {
        return Ok(unverified());
    };
    let [root, intermediates @ .., leaf] = certificates.as_slice() else {
        return Ok(unverified());
    };
    let constrained = |certificate: &X509Certificate<'_>| {
        certificate
            .extensions()
            .iter()
            .any(|extension| matches!(extension.parsed_extension(), ParsedExtension::NameConstraints(_)))
    };
    if certificates.iter().any(constrained) {
        return Err(Failure::Refused(
            "certificates with name constraints are not verified here".into(),
        ));
    }
    let seconds = match (options.seconds, call.options.time_ns) {
        (Some(seconds), _) => seconds,
        (None, Some(now)) => now.div_euclid(1_000_000_000),
        (None, None) => {
            return Err(Failure::Refused(
                "give `CurrentTime`, or give the evaluation a time".into(),
            ));
        }
    };
    let chain = chain(leaf, intermediates, root);
    let holds = |chain: &Vec<&X509Certificate<'_>>| {
        chain.iter().all(|certificate| is_current(certificate, seconds))
            && (options.host.is_empty() || names_host(leaf, &options.host))
            && options
                .usages
                .iter()
                .any(|usage| chain.iter().all(|certificate| allows(certificate, *usage)))
            && !leaf
                .extensions()
                .iter()
                .any(|extension| extension.critical && extension.parsed_extension().unsupported())
    };
    match chain.filter(holds) {
        Some(chain) => {
            let chain: Vec<Value> = chain.into_iter().map(x509::certificate).collect();
            Ok(vec![Value::from(true), chain.into()].into())
        }
        None => Ok(unverified()),
    }
}

/// From the leaf to the root, each signed by the next.
fn chain<'c, 'a>(
    leaf: &'c X509Certificate<'a>,
    intermediates: &'c [X509Certificate<'a>],
    root: &'c X509Certificate<'a>,
) -> Option<Vec<&'c X509Certificate<'a>>> {
    let mut chain = vec![leaf];
    loop {
        let last = chain.last()?;
        if last.as_raw() == root.as_raw() {
            return Some(chain);
        }
        let below = u32::try_from(chain.len() - 1).ok()?;
        if is_signed_by(last, root, below) {
            chain.push(root);
            return Some(chain);
        }
        let next = intermediates.iter().find(|candidate| {
            !chain.iter().any(|used| used.as_raw() == candidate.as_raw()) && is_signed_by(last, candidate, below)
        })?;
        chain.push(next);
    }
}

/// `below`: how many certificates between the issuer and the leaf.
fn is_signed_by(certificate: &X509Certificate<'_>, issuer: &X509Certificate<'_>, below: u32) -> bool {
    if certificate.issuer().as_raw() != issuer.subject().as_raw() {
        return false;
    }
    let may_sign = match issuer.basic_constraints() {
        Ok(Some(constraints)) => {
            constraints.value.ca && constraints.value.path_len_constraint.is_none_or(|limit| below <= limit)
        }
        // Certificates of version 3 need to say that they are an authority.
        _ => issuer.version().0 < 2,
    };
    let usage_allows = issuer
        .key_usage()
        .ok()
        .flatten()
        .is_none_or(|usage| usage.value.key_cert_sign());
    may_sign && usage_allows && PublicKey::of(issuer.public_key()).is_some_and(|key| signature_holds(certificate, &key))
}

/// SHA-1 and older do not count, as in Go.
fn signature_holds(certificate: &X509Certificate<'_>, key: &PublicKey) -> bool {
    let scheme = match certificate.signature_algorithm.algorithm.to_id_string().as_str() {
        "1.2.840.113549.1.1.11" => Scheme::Pkcs1(Hash::Sha256),
        "1.2.840.113549.1.1.12" => Scheme::Pkcs1(Hash::Sha384),
        "1.2.840.113549.1.1.13" => Scheme::Pkcs1(Hash::Sha512),
        "1.2.840.10045.4.3.2" => Scheme::Ecdsa(Hash::Sha256),
        "1.2.840.10045.4.3.3" => Scheme::Ecdsa(Hash::Sha384),
        "1.2.840.10045.4.3.4" => Scheme::Ecdsa(Hash::Sha512),
        "1.3.101.112" => Scheme::EdDsa,
        _ => return false,
    };
    let signature = certificate.signature_value.data.as_ref();
    let signature = match scheme {
        Scheme::Ecdsa(_) => fixed_width(signature, key),
        _ => Some(signature.to_vec()),
    };
    signature.is_some_and(|signature| key.verifies(scheme, certificate.tbs_certificate.as_ref(), &signature))
}

/// The two numbers of an ECDSA signature in the width of the curve.
fn fixed_width(signature: &[u8], key: &PublicKey) -> Option<Vec<u8>> {
    let width: usize = match key {
        PublicKey::P256(_) => 32,
        PublicKey::P384(_) => 48,
        PublicKey::P521(_) => 66,
        _ => return None,
    };
    let mut fixed = Vec::new();
    for number in der::sequence(signature)? {
        let digits = number.unsigned()?;
        fixed.resize(fixed.len() + width.checked_sub(digits.len())?, 0);
        fixed.extend_from_slice(digits);
    }
    Some(fixed)
}

fn is_current(certificate: &X509Certificate<'_>, seconds: i64) -> bool {
    let validity = certificate.validity();
    (validity.not_before.timestamp()..=validity.not_after.timestamp()).contains(&seconds)
}

fn allows(certificate: &X509Certificate<'_>, usage: i64) -> bool {
    let extension = certificate
        .extensions()
        .iter()
        .find(|extension| matches!(extension.parsed_extension(), ParsedExtension::ExtendedKeyUsage(_)));
    let Some(extension) = extension else { return true };
    let (known, _) = extended_usages(extension);
    usage == ANY || known.contains(&usage) || known.contains(&ANY)
}

/// By the alternative names only: the common name has not counted for years.
fn names_host(leaf: &X509Certificate<'_>, host: &str) -> bool {
    let Ok(Some(names)) = leaf.subject_alternative_name() else {
        return false;
    };
    let names = Names::of(&names.value.general_names);
    if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
        return names.ip.contains(&address.to_string().into());
    }
    let host = host.trim_end_matches('.').to_lowercase();
    let matches = |pattern: &str| {
        let pattern = pattern.trim_end_matches('.').to_lowercase();
        match (pattern.strip_prefix("*."), host.split_once('.')) {
            (Some(domain), Some((_, rest))) => domain == rest,
            (Some(_), None) => false,
            (None, _) => pattern == host,
        }
    };
    names
        .dns
        .iter()
        .any(|name| name.as_string().is_ok_and(|name| matches(name)))
}
