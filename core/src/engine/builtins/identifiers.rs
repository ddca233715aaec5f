//! `uuid.parse` and `semver.*`.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use regorus::Value;

use super::operand::string;
use super::{Builtin, Call, Failure};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("semver.compare", 2, compare),
    Builtin::here("semver.is_valid", 1, |_, operands| {
        Ok(string(operands, 1)
            .is_ok_and(|text| Version::parse(text).is_some())
            .into())
    }),
    Builtin::here("uuid.parse", 1, parse_uuid),
];

struct Version<'a> {
    numbers: [i64; 3],
    before_release: &'a str,
}

impl<'a> Version<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (text, build) = text
            .split_once('+')
            .map_or((text, None), |(text, build)| (text, Some(build)));
        let (text, before_release) = text
            .split_once('-')
            .map_or((text, None), |(text, before)| (text, Some(before)));
        if !build.is_none_or(are_identifiers)
            || !before_release.is_none_or(|before| are_identifiers(before) && no_leading_zeros(before))
        {
            return None;
        }
        let mut parts = text.split('.').map(number);
        let numbers = [parts.next()??, parts.next()??, parts.next()??];
        parts.next().is_none().then_some(Self {
            numbers,
            before_release: before_release.unwrap_or_default(),
        })
    }
}

fn are_identifiers(text: &str) -> bool {
    text.split('.')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn no_leading_zeros(text: &str) -> bool {
    !text
        .split('.')
        .any(|part| part.len() > 1 && part.starts_with('0') && is_number(part))
}

fn number(text: &str) -> Option<i64> {
    if !is_number(text) || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    text.parse().ok()
}

fn compare(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let version = |position: usize| {
        let invalid = || Failure::failed(format!("operand {position}: the string is not a valid SemVer"));
        string(operands, position).map(|text| Version::parse(text).ok_or_else(invalid))
    };
    let (a, b) = (version(1)?, version(2)?);
    let (a, b) = (a?, b?);
    let order = a
        .numbers
        .cmp(&b.numbers)
        .then_with(|| compare_before_release(a.before_release, b.before_release));
    Ok(Value::from(match order {
        Ordering::Less => -1_i64,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }))
}

/// Without is greater. Numbers come before words, and fewer parts before more.
fn compare_before_release(a: &str, b: &str) -> Ordering {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let part = |a: &str, b: &str| match (is_number(a), is_number(b)) {
        (true, true) => {
            // Go's `Atoi` stops at the largest number.
            let number = |text: &str| text.parse::<i64>().unwrap_or(i64::MAX);
            number(a).cmp(&number(b))
        }
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => a.cmp(b),
    };
    let different = a
        .split('.')
        .zip(b.split('.'))
        .map(|(a, b)| part(a, b))
        .find(|order| order.is_ne());
    different.unwrap_or_else(|| a.split('.').count().cmp(&b.split('.').count()))
}

/// Undefined of what is no UUID, even where failures are raised.
fn parse_uuid(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(uuid_bytes(string(operands, 1)?).map_or(Value::Undefined, |bytes| members_of(&bytes)))
}

/// The four forms of `google/uuid`: plain, `urn:uuid:`, in braces, and without dashes.
fn uuid_bytes(text: &str) -> Option<[u8; 16]> {
    let text = match text.len() {
        45 => text
            .get(..9)
            .filter(|prefix| prefix.eq_ignore_ascii_case("urn:uuid:"))
            .and_then(|_| text.get(9..))?,
        38 => text.get(1..37)?,
        _ => text,
    };
    let digits = match text.len() {
        36 => {
            let dashes = [8, 13, 18, 23]
                .iter()
                .all(|index| text.as_bytes().get(*index) == Some(&b'-'));
            Some(text.replace('-', "")).filter(|_| dashes)?
        }
        32 => text.to_owned(),
        _ => return None,
    };
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok()?;
    bytes.try_into().ok()
}

fn members_of(bytes: &[u8; 16]) -> Value {
    let [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, node @ ..] = *bytes;
    let version = i64::from(b6 >> 4);
    let variant = match b8 {
        byte if byte & 0xc0 == 0x80 => "RFC4122",
        byte if byte & 0xe0 == 0xc0 => "Microsoft",
        byte if byte & 0xe0 == 0xe0 => "Future",
        _ => "Reserved",
    };
    let mut members = BTreeMap::from([
        (Value::from("version"), Value::from(version)),
        (Value::from("variant"), Value::from(variant)),
    ]);
    if matches!(version, 1 | 2) {
        let low = i64::from(u32::from_be_bytes([b0, b1, b2, b3]));
        let high = i64::from(u16::from_be_bytes([b4, b5])) << 32 | i64::from(u16::from_be_bytes([b6 & 0x0f, b7])) << 48;
        // Hundreds of nanoseconds since the Gregorian calendar began, as nanoseconds since 1970.
        let ticks = (low | high) - 0x01b2_1dd2_1381_4000;
        let hexadecimal: Vec<String> = node.iter().map(|byte| format!("{byte:02x}")).collect();
        let address = match node.first().map(|byte| byte & 0b11) {
            Some(0b11) => "local:multicast",
            Some(0b01) => "global:multicast",
            Some(0b10) => "local:unicast",
            _ => "global:unicast",
        };
        members.insert("time".into(), Value::from(ticks.wrapping_mul(100)));
        members.insert("nodeid".into(), hexadecimal.join("-").into());
        members.insert("macvariables".into(), address.into());
        members.insert(
            "clocksequence".into(),
            Value::from(i64::from(u16::from_be_bytes([b8, b9]) & 0x3fff)),
        );
        if version == 2 {
            let domain = match b9 {
                0 => "Person".to_owned(),
                1 => "Group".to_owned(),
                2 => "Org".to_owned(),
                other => format!("Domain{other}"),
            };
            members.insert("id".into(), Value::from(low));
            members.insert("domain".into(), domain.into());
        }
    }
    members.into()
}
