//! Certificates and requests, as Go prints the structs of `crypto/x509`.

use std::net::IpAddr;

use chrono::DateTime;
use data_encoding::BASE64;
use num_bigint::{BigInt, BigUint, Sign};
use regorus::Value;
use x509_parser::asn1_rs::Oid;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::cri_attributes::ParsedCriAttribute;
use x509_parser::extensions::{DistributionPointName, GeneralName, GeneralSubtree, ParsedExtension, X509Extension};
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey as ParsedKey;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo, X509Name};

use super::encoding::decode_base64;
use super::operand::{from_integer, string};
use super::private_keys::{number, object};
use super::{Call, Failure, der, pem};

fn malformed() -> Failure {
    Failure::failed("x509: malformed certificate")
}

/// The bytes of certificates, one after the other: PEM, PEM in base 64, or DER in base 64.
pub(super) fn certificate_bytes(text: &str) -> Result<Vec<u8>, Failure> {
    if text.starts_with("-----BEGIN") {
        return from_pem(text);
    }
    let bytes = decode_base64(text).ok_or_else(|| Failure::failed("illegal base64 data"))?;
    match std::str::from_utf8(&bytes) {
        Ok(text) if text.starts_with("-----BEGIN") => from_pem(text),
        _ => Ok(bytes),
    }
}

fn from_pem(mut text: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some((block, rest)) = pem::decode(text) {
        if block.label != "CERTIFICATE" {
            return Err(Failure::failed("a PEM block is not of the type CERTIFICATE"));
        }
        bytes.extend(block.bytes);
        text = rest;
    }
    Ok(bytes)
}

pub(super) fn certificates(mut bytes: &[u8]) -> Result<Vec<X509Certificate<'_>>, Failure> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (rest, certificate) = X509Certificate::from_der(bytes).map_err(|_| malformed())?;
        found.push(certificate);
        bytes = rest;
    }
    Ok(found)
}

pub(super) fn parse_certificates(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let bytes = certificate_bytes(string(operands, 1)?)?;
    Ok(certificates(&bytes)?
        .iter()
        .map(certificate)
        .collect::<Vec<Value>>()
        .into())
}

pub(super) fn parse_request(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let text = string(operands, 1)?;
    let bytes = if text.starts_with("-----BEGIN CERTIFICATE REQUEST-----") {
        text.as_bytes().to_vec()
    } else {
        decode_base64(text).ok_or_else(|| Failure::failed("illegal base64 data"))?
    };
    let block = std::str::from_utf8(&bytes)
        .ok()
        .and_then(pem::decode)
        .map(|(block, _)| block);
    if block.as_ref().is_some_and(|block| block.label != "CERTIFICATE REQUEST") {
        return Err(Failure::failed("invalid PEM-encoded certificate signing request"));
    }
    let bytes = block.map_or(bytes, |block| block.bytes);
    let (_, parsed) =
        X509CertificationRequest::from_der(&bytes).map_err(|_| Failure::failed("asn1: structure error"))?;
    Ok(request(&parsed))
}

fn base64(bytes: &[u8]) -> Value {
    BASE64.encode(bytes).into()
}

/// Go's nil slice where there is nothing.
fn list(values: impl IntoIterator<Item = Value>) -> Value {
    let values: Vec<Value> = values.into_iter().collect();
    if values.is_empty() { Value::Null } else { values.into() }
}

fn identifier(oid: &Oid<'_>) -> Value {
    numbers(&der::object_identifier(oid.as_bytes()).unwrap_or_default())
}

fn numbers(numbers: &[u64]) -> Value {
    numbers.iter().copied().map(Value::from).collect::<Vec<Value>>().into()
}

fn name(name: &X509Name<'_>) -> Value {
    let text = |value: &x509_parser::x509::AttributeTypeAndValue<'_>| {
        value.as_str().map_or_else(
            |_| String::from_utf8_lossy(value.attr_value().data).into_owned(),
            ToOwned::to_owned,
        )
    };
    let attributes: Vec<(String, String, Value)> = name
        .iter_attributes()
        .map(|attribute| {
            (
                attribute.attr_type().to_id_string(),
                text(attribute),
                identifier(attribute.attr_type()),
            )
        })
        .collect();
    let of = |kind: &str| {
        attributes
            .iter()
            .filter(|(found, ..)| found == kind)
            .map(|(_, text, _)| Value::from(text.as_str()))
            .collect::<Vec<_>>()
    };
    let last = |kind: &str| of(kind).pop().unwrap_or_else(|| "".into());
    object([
        ("CommonName", last("2.5.4.3")),
        ("SerialNumber", last("2.5.4.5")),
        ("Country", list(of("2.5.4.6"))),
        ("Locality", list(of("2.5.4.7"))),
        ("Province", list(of("2.5.4.8"))),
        ("StreetAddress", list(of("2.5.4.9"))),
        ("Organization", list(of("2.5.4.10"))),
        ("OrganizationalUnit", list(of("2.5.4.11"))),
        ("PostalCode", list(of("2.5.4.17"))),
        ("ExtraNames", Value::Null),
        (
            "Names",
            list(
                attributes
                    .iter()
                    .map(|(_, text, kind)| object([("Type", kind.clone()), ("Value", text.as_str().into())])),
            ),
        ),
    ])
}

/// The key, and the number that Go gives to its kind.
fn public_key(info: &SubjectPublicKeyInfo<'_>) -> (Value, i64) {
    if info.algorithm.algorithm.to_id_string() == "1.3.101.112" {
        return (base64(&info.subject_public_key.data), 4);
    }
    match info.parsed() {
        Ok(ParsedKey::RSA(key)) => (object([("N", number(key.modulus)), ("E", number(key.exponent))]), 1),
        Ok(ParsedKey::EC(point)) => {
            let coordinates = point.data().get(1..).unwrap_or_default();
            let (x, y) = coordinates.split_at_checked(coordinates.len() / 2).unwrap_or_default();
            (
                object([("Curve", Value::new_object()), ("X", number(x)), ("Y", number(y))]),
                3,
            )
        }
        _ => (Value::Null, 0),
    }
}

/// The number that Go gives to a signature's algorithm.
fn signature_algorithm(algorithm: &AlgorithmIdentifier<'_>) -> i64 {
    match algorithm.algorithm.to_id_string().as_str() {
        "1.2.840.113549.1.1.2" => 1,
        "1.2.840.113549.1.1.4" => 2,
        "1.2.840.113549.1.1.5" => 3,
        "1.2.840.113549.1.1.11" => 4,
        "1.2.840.113549.1.1.12" => 5,
        "1.2.840.113549.1.1.13" => 6,
        "1.2.840.10040.4.3" => 7,
        "2.16.840.1.101.3.4.3.2" => 8,
        "1.2.840.10045.4.1" => 9,
        "1.2.840.10045.4.3.2" => 10,
        "1.2.840.10045.4.3.3" => 11,
        "1.2.840.10045.4.3.4" => 12,
        "1.3.101.112" => 16,
        _ => 0,
    }
}

fn time(seconds: i64) -> Value {
    DateTime::from_timestamp(seconds, 0)
        .map_or(Value::Null, |time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string().into())
}

fn extension(extension: &X509Extension<'_>) -> Value {
    object([
        ("Id", identifier(&extension.oid)),
        ("Critical", extension.critical.into()),
        ("Value", base64(extension.value)),
    ])
}

/// A subject's other names, by kind.
#[derive(Default)]
pub(super) struct Names {
    pub(super) dns: Vec<Value>,
    email: Vec<Value>,
    pub(super) ip: Vec<Value>,
    uri: Vec<String>,
}

impl Names {
    pub(super) fn of(names: &[GeneralName<'_>]) -> Self {
        let mut found = Self::default();
        for name in names {
            match name {
                GeneralName::DNSName(text) => found.dns.push((*text).into()),
                GeneralName::RFC822Name(text) => found.email.push((*text).into()),
                GeneralName::URI(text) => found.uri.push((*text).to_owned()),
                GeneralName::IPAddress(bytes) => found.ip.extend(address(bytes).map(Value::from)),
                _ => {}
            }
        }
        found
    }
}

fn address(bytes: &[u8]) -> Option<String> {
    let address = match bytes.len() {
        4 => IpAddr::from(<[u8; 4]>::try_from(bytes).ok()?),
        16 => IpAddr::from(<[u8; 16]>::try_from(bytes).ok()?),
        _ => return None,
    };
    Some(address.to_string())
}

/// The struct of Go's `net/url`.
fn uri(text: &str) -> Value {
    let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (scheme, rest) = rest.split_once(':').unwrap_or(("", rest));
    let (host, path, opaque) = match rest.strip_prefix("//") {
        Some(rest) => {
            let (host, path) = rest
                .split_at_checked(rest.find('/').unwrap_or(rest.len()))
                .unwrap_or((rest, ""));
            (host, path, "")
        }
        None if rest.starts_with('/') || scheme.is_empty() => ("", rest, ""),
        None => ("", "", rest),
    };
    let (user, host) = host
        .rsplit_once('@')
        .map_or((Value::Null, host), |(_, host)| (Value::new_object(), host));
    object([
        ("Scheme", scheme.to_lowercase().into()),
        ("Opaque", opaque.into()),
        ("User", user),
        ("Host", host.into()),
        ("Path", path.into()),
        ("RawPath", "".into()),
        (
            "OmitHost",
            (!scheme.is_empty() && opaque.is_empty() && !rest.starts_with("//")).into(),
        ),
        ("ForceQuery", (text.ends_with('?')).into()),
        ("RawQuery", query.into()),
        ("Fragment", fragment.into()),
        ("RawFragment", "".into()),
    ])
}

/// What a key may be used for besides, by Go's numbers, and what Go has no number for.
pub(super) fn extended_usages(extension: &X509Extension<'_>) -> (Vec<i64>, Vec<Value>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for usage in der::sequence(extension.value)
        .unwrap_or_default()
        .into_iter()
        .filter_map(der::Element::object_identifier)
    {
        match usage.as_slice() {
            [2, 5, 29, 37, 0] => known.push(0),
            [1, 3, 6, 1, 5, 5, 7, 3, last @ 1..=9] => known.push(i64::try_from(*last).unwrap_or_default()),
            [1, 3, 6, 1, 4, 1, 311, 10, 3, 3] => known.push(10),
            [2, 16, 840, 1, 113_730, 4, 1] => known.push(11),
            [1, 3, 6, 1, 4, 1, 311, 2, 1, 22] => known.push(12),
            [1, 3, 6, 1, 4, 1, 311, 61, 1, 1] => known.push(13),
            other => unknown.push(numbers(other)),
        }
    }
    (known, unknown)
}

fn uris(names: &[GeneralName<'_>]) -> Vec<Value> {
    Names::of(names).uri.into_iter().map(Value::from).collect()
}

/// Members of a certificate that extensions say, with what Go has where there is no such extension.
#[allow(clippy::too_many_lines, reason = "a list of members, one extension after the other")]
fn extension_members(extensions: &[X509Extension<'_>]) -> Vec<(&'static str, Value)> {
    let absent = [
        "AuthorityKeyId",
        "CRLDistributionPoints",
        "DNSNames",
        "EmailAddresses",
        "ExcludedDNSDomains",
        "ExcludedEmailAddresses",
        "ExcludedIPRanges",
        "ExcludedURIDomains",
        "ExtKeyUsage",
        "IPAddresses",
        "IssuingCertificateURL",
        "OCSPServer",
        "PermittedDNSDomains",
        "PermittedEmailAddresses",
        "PermittedIPRanges",
        "PermittedURIDomains",
        "Policies",
        "PolicyIdentifiers",
        "PolicyMappings",
        "SubjectKeyId",
        "URIStrings",
        "URIs",
        "UnknownExtKeyUsage",
    ];
    let mut members: Vec<(&str, Value)> = absent.into_iter().map(|name| (name, Value::Null)).collect();
    for name in [
        "InhibitAnyPolicy",
        "InhibitPolicyMapping",
        "KeyUsage",
        "MaxPathLen",
        "RequireExplicitPolicy",
    ] {
        members.push((name, Value::from(0_i64)));
    }
    for name in [
        "BasicConstraintsValid",
        "InhibitAnyPolicyZero",
        "InhibitPolicyMappingZero",
        "IsCA",
        "MaxPathLenZero",
        "PermittedDNSDomainsCritical",
        "RequireExplicitPolicyZero",
    ] {
        members.push((name, false.into()));
    }
    let mut unhandled = Vec::new();
    for extension in extensions {
        match extension.parsed_extension() {
            ParsedExtension::BasicConstraints(constraints) => {
                let length = constraints.path_len_constraint;
                members.push(("BasicConstraintsValid", true.into()));
                members.push(("IsCA", constraints.ca.into()));
                members.push(("MaxPathLen", length.map_or(Value::from(-1_i64), Value::from)));
                members.push(("MaxPathLenZero", (length == Some(0)).into()));
            }
            ParsedExtension::KeyUsage(usage) => members.push(("KeyUsage", Value::from(i64::from(usage.flags)))),
            ParsedExtension::ExtendedKeyUsage(_) => {
                let (known, unknown) = extended_usages(extension);
                members.push(("ExtKeyUsage", list(known.into_iter().map(Value::from))));
                members.push(("UnknownExtKeyUsage", list(unknown)));
            }
            ParsedExtension::SubjectAlternativeName(names) => {
                let names = Names::of(&names.general_names);
                members.push(("URIs", list(names.uri.iter().map(|text| uri(text)))));
                members.push(("URIStrings", list(names.uri.into_iter().map(Value::from))));
                members.push(("DNSNames", list(names.dns)));
                members.push(("EmailAddresses", list(names.email)));
                members.push(("IPAddresses", list(names.ip)));
            }
            ParsedExtension::SubjectKeyIdentifier(key) => members.push(("SubjectKeyId", base64(key.0))),
            ParsedExtension::AuthorityKeyIdentifier(key) => {
                members.push((
                    "AuthorityKeyId",
                    key.key_identifier.as_ref().map_or(Value::Null, |key| base64(key.0)),
                ));
            }
            ParsedExtension::AuthorityInfoAccess(access) => {
                let of = |method: &str| {
                    let found = access
                        .accessdescs
                        .iter()
                        .filter(|found| found.access_method.to_id_string() == method);
                    list(found.flat_map(|found| uris(std::slice::from_ref(&found.access_location))))
                };
                members.push(("OCSPServer", of("1.3.6.1.5.5.7.48.1")));
                members.push(("IssuingCertificateURL", of("1.3.6.1.5.5.7.48.2")));
            }
            ParsedExtension::CRLDistributionPoints(points) => {
                let names = points
                    .points
                    .iter()
                    .filter_map(|point| match &point.distribution_point {
                        Some(DistributionPointName::FullName(names)) => Some(uris(names)),
                        _ => None,
                    });
                members.push(("CRLDistributionPoints", list(names.flatten())));
            }
            ParsedExtension::CertificatePolicies(policies) => {
                members.push((
                    "PolicyIdentifiers",
                    list(policies.iter().map(|policy| identifier(&policy.policy_id))),
                ));
                members.push((
                    "Policies",
                    list(policies.iter().map(|policy| policy.policy_id.to_id_string().into())),
                ));
            }
            ParsedExtension::NameConstraints(constraints) => {
                let (permitted, excluded) = (
                    subtrees(constraints.permitted_subtrees.as_ref()),
                    subtrees(constraints.excluded_subtrees.as_ref()),
                );
                members.push(("PermittedDNSDomains", list(permitted.dns)));
                members.push(("PermittedEmailAddresses", list(permitted.email)));
                members.push(("PermittedURIDomains", list(permitted.uri.into_iter().map(Value::from))));
                members.push(("ExcludedDNSDomains", list(excluded.dns)));
                members.push(("ExcludedEmailAddresses", list(excluded.email)));
                members.push(("ExcludedURIDomains", list(excluded.uri.into_iter().map(Value::from))));
                members.push(("PermittedDNSDomainsCritical", extension.critical.into()));
            }
            ParsedExtension::PolicyConstraints(constraints) => {
                let (require, inhibit) = (constraints.require_explicit_policy, constraints.inhibit_policy_mapping);
                members.push(("RequireExplicitPolicy", Value::from(require.unwrap_or(0))));
                members.push(("RequireExplicitPolicyZero", (require == Some(0)).into()));
                members.push(("InhibitPolicyMapping", Value::from(inhibit.unwrap_or(0))));
                members.push(("InhibitPolicyMappingZero", (inhibit == Some(0)).into()));
            }
            ParsedExtension::InhibitAnyPolicy(inhibit) => {
                members.push(("InhibitAnyPolicy", Value::from(inhibit.skip_certs)));
                members.push(("InhibitAnyPolicyZero", (inhibit.skip_certs == 0).into()));
            }
            _ if extension.critical => unhandled.push(identifier(&extension.oid)),
            _ => {}
        }
    }
    members.push(("UnhandledCriticalExtensions", list(unhandled)));
    members
}

fn subtrees(subtrees: Option<&Vec<GeneralSubtree<'_>>>) -> Names {
    let names: Vec<GeneralName<'_>> = subtrees
        .into_iter()
        .flatten()
        .map(|subtree| subtree.base.clone())
        .collect();
    Names::of(&names)
}

fn with(first: Value, members: Vec<(&str, Value)>) -> Value {
    let Value::Object(object) = &first else { return first };
    let mut all: std::collections::BTreeMap<Value, Value> =
        object.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    all.extend(members.into_iter().map(|(name, value)| (Value::from(name), value)));
    all.into()
}

/// The struct of a certificate.
pub(super) fn certificate(certificate: &X509Certificate<'_>) -> Value {
    let info = certificate.public_key();
    let (key, key_algorithm) = public_key(info);
    let serial = BigInt::from_biguint(Sign::Plus, BigUint::from_bytes_be(&certificate.serial.to_bytes_be()));
    let fixed = object([
        ("Raw", base64(certificate.as_raw())),
        ("RawTBSCertificate", base64(certificate.tbs_certificate.as_ref())),
        ("RawSubjectPublicKeyInfo", base64(info.raw)),
        ("RawSubject", base64(certificate.subject().as_raw())),
        ("RawIssuer", base64(certificate.issuer().as_raw())),
        ("Signature", base64(&certificate.signature_value.data)),
        (
            "SignatureAlgorithm",
            Value::from(signature_algorithm(&certificate.signature_algorithm)),
        ),
        ("PublicKeyAlgorithm", Value::from(key_algorithm)),
        ("PublicKey", key),
        ("Version", Value::from(i64::from(certificate.version().0) + 1)),
        ("SerialNumber", from_integer(&serial)),
        ("Issuer", name(certificate.issuer())),
        ("Subject", name(certificate.subject())),
        ("NotBefore", time(certificate.validity().not_before.timestamp())),
        ("NotAfter", time(certificate.validity().not_after.timestamp())),
        ("Extensions", list(certificate.extensions().iter().map(extension))),
        ("ExtraExtensions", Value::Null),
    ]);
    with(fixed, extension_members(certificate.extensions()))
}

/// The struct of a request.
fn request(request: &X509CertificationRequest<'_>) -> Value {
    let info = &request.certification_request_info;
    let (key, key_algorithm) = public_key(&info.subject_pki);
    let extensions: Vec<&X509Extension<'_>> = info
        .iter_attributes()
        .filter_map(|attribute| match attribute.parsed_attribute() {
            ParsedCriAttribute::ExtensionRequest(request) => Some(&request.extensions),
            _ => None,
        })
        .flatten()
        .collect();
    let names = extensions
        .iter()
        .find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => Some(Names::of(&names.general_names)),
            _ => None,
        });
    let names = names.unwrap_or_default();
    object([
        ("Raw", base64(request.as_raw())),
        ("RawTBSCertificateRequest", base64(info.raw)),
        ("RawSubjectPublicKeyInfo", base64(info.subject_pki.raw)),
        ("RawSubject", base64(info.subject.as_raw())),
        ("Version", Value::from(i64::from(info.version.0))),
        ("Signature", base64(&request.signature_value.data)),
        (
            "SignatureAlgorithm",
            Value::from(signature_algorithm(&request.signature_algorithm)),
        ),
        ("PublicKeyAlgorithm", Value::from(key_algorithm)),
        ("PublicKey", key),
        ("Subject", name(&info.subject)),
        ("Attributes", Value::Null),
        ("Extensions", list(extensions.into_iter().map(extension))),
        ("ExtraExtensions", Value::Null),
        ("DNSNames", list(names.dns)),
        ("EmailAddresses", list(names.email)),
        ("IPAddresses", list(names.ip)),
        ("URIs", list(names.uri.iter().map(|text| uri(text)))),
    ])
}
