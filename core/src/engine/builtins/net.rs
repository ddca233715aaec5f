//! `net.cidr_*`, with Go's view of addresses: one that maps IPv4 into IPv6 is an IPv4 address.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use regorus::Value;

use super::operand::{any, string};
use super::{Builtin, Call, Failure};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::here("net.cidr_contains", 2, contains),
    Builtin::here("net.cidr_contains_matches", 2, contains_matches),
    Builtin::here("net.cidr_expand", 1, expand),
    Builtin::here("net.cidr_intersects", 2, intersects),
    Builtin::here("net.cidr_is_valid", 1, is_valid),
    Builtin::here("net.cidr_merge", 1, merge),
    Builtin::here("net.cidr_overlap", 2, contains),
];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    V4,
    V6,
}

impl Family {
    const fn bits(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    fn text(self, address: u128) -> String {
        match (self, u32::try_from(address)) {
            (Self::V4, Ok(address)) => Ipv4Addr::from(address).to_string(),
            _ => Ipv6Addr::from(address).to_string(),
        }
    }
}

#[derive(Clone, Copy)]
struct Network {
    family: Family,
    first: u128,
    prefix: u8,
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let address: IpAddr = address.parse().ok()?;
        if prefix.is_empty() || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let prefix: u8 = prefix
            .trim_start_matches('0')
            .parse()
            .or(if prefix.contains('0') { Ok(0) } else { Err(()) })
            .ok()?;
        let (family, address) = match address {
            IpAddr::V4(address) => (Family::V4, u128::from(u32::from(address))),
            IpAddr::V6(address) => (Family::V6, u128::from(address)),
        };
        if prefix > family.bits() {
            return None;
        }
        let first = address & !host_mask(family, prefix);
        if family == Family::V6 && first >> 32 == 0xffff {
            return Some(Self {
                family: Family::V4,
                first: first & 0xffff_ffff,
                prefix: prefix.saturating_sub(96),
            });
        }
        Some(Self { family, first, prefix })
    }

    fn last(self) -> u128 {
        self.first | host_mask(self.family, self.prefix)
    }

    fn holds(self, family: Family, address: u128) -> bool {
        self.family == family && (self.first..=self.last()).contains(&address)
    }

    fn text(self) -> String {
        format!("{}/{}", self.family.text(self.first), self.prefix)
    }
}

fn host_mask(family: Family, prefix: u8) -> u128 {
    let host = u32::from(family.bits() - prefix);
    u128::MAX.checked_shr(128 - host).unwrap_or(0)
}

fn address(text: &str) -> Option<(Family, u128)> {
    Some(match text.parse().ok()? {
        IpAddr::V4(address) => (Family::V4, u128::from(u32::from(address))),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => (Family::V4, u128::from(u32::from(mapped))),
            None => (Family::V6, u128::from(address)),
        },
    })
}

fn network(text: &str) -> Result<Network, Failure> {
    Network::parse(text).ok_or_else(|| Failure::failed("invalid CIDR address"))
}

fn is_contained(outer: &str, inner: &str) -> Result<bool, Failure> {
    let outer = network(outer)?;
    if let Some((family, address)) = address(inner) {
        return Ok(outer.holds(family, address));
    }
    let inner = Network::parse(inner)
        .ok_or_else(|| Failure::failed("not a valid textual representation of an IP address or CIDR"))?;
    Ok(outer.holds(inner.family, inner.first) && outer.holds(inner.family, inner.last()))
}

/// OPA numbers both operands 1 here.
fn contains(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (outer, inner) = (string(operands, 1)?, string(operands, 2)?);
    Ok(is_contained(outer, inner)?.into())
}

fn intersects(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (a, b) = (network(string(operands, 1)?)?, network(string(operands, 2)?)?);
    Ok((a.holds(b.family, b.first) || b.holds(a.family, a.first)).into())
}

fn is_valid(_: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    Ok(string(operands, 1)
        .is_ok_and(|text| Network::parse(text).is_some())
        .into())
}

fn contains_matches(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (outer, inner) = (candidates(operands, 1)?, candidates(operands, 2)?);
    let mut found = BTreeSet::new();
    for (outer, outer_index) in &outer {
        for (inner, inner_index) in &inner {
            let (Value::String(outer), Value::String(inner)) = (outer, inner) else {
                return Err(Failure::Operand(
                    "operand 1 must be string but got another element".into(),
                ));
            };
            if is_contained(outer, inner)? {
                found.insert(Value::from(vec![outer_index.clone(), inner_index.clone()]));
                call.check_items(found.len())?;
            }
        }
    }
    Ok(found.into())
}

/// Each network, and what it is found under: itself, its index, its key.
fn candidates(operands: &[Value], position: usize) -> Result<Vec<(Value, Value)>, Failure> {
    let first = |value: &Value| match value {
        Value::String(_) => Ok(value.clone()),
        Value::Array(array) => array.first().cloned().ok_or(()),
        _ => Err(()),
    };
    let operand = any(operands, position);
    let found: Result<Vec<(Value, Value)>, ()> = match operand {
        Value::String(_) => Ok(vec![(operand.clone(), operand.clone())]),
        Value::Array(array) => array
            .iter()
            .enumerate()
            .map(|(index, value)| Ok((first(value)?, Value::from(index))))
            .collect(),
        Value::Set(set) => set
            .iter_sorted()
            .map(|value| Ok((first(value)?, value.clone())))
            .collect(),
        Value::Object(object) => object
            .iter_sorted()
            .map(|(key, value)| Ok((first(value)?, key.clone())))
            .collect(),
        _ => Ok(Vec::new()),
    };
    found.map_err(|()| Failure::failed(format!("operand {position}: element must be string or non-empty array")))
}

fn expand(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let network = network(string(operands, 1)?)?;
    let count = usize::try_from(network.last() - network.first).unwrap_or(usize::MAX);
    call.check_items(count.saturating_add(1))?;
    let addresses = (network.first..=network.last()).map(|address| Value::from(network.family.text(address)));
    Ok(addresses.collect::<BTreeSet<Value>>().into())
}

/// A run of addresses. The text is that of the network it came from, until it is merged with another.
struct Range {
    family: Family,
    first: u128,
    last: u128,
    text: Option<String>,
}

fn merge(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let values =
        super::operand::sequence(any(operands, 1)).ok_or_else(|| Failure::failed("operand must be an array"))?;
    let mut ranges = values.into_iter().map(range).collect::<Result<Vec<_>, _>>()?;
    ranges.sort_by_key(|range| (range.family, range.last, range.first));
    let mut merged: Vec<Range> = Vec::new();
    for range in ranges.into_iter().rev() {
        match merged.last_mut() {
            Some(after) if after.family == range.family && after.first.saturating_sub(1) <= range.last => {
                after.first = after.first.min(range.first);
                after.text = None;
            }
            _ => merged.push(range),
        }
    }
    let mut networks = BTreeSet::new();
    for range in merged {
        match range.text {
            Some(text) => networks.extend([Value::from(text)]),
            None => networks.extend(
                cover(range.family, range.first, range.last)
                    .into_iter()
                    .map(Value::from),
            ),
        }
        call.check_items(networks.len())?;
    }
    Ok(networks.into())
}

/// A network, or an IPv4 address, which stands for the network of its class.
fn range(value: &Value) -> Result<Range, Failure> {
    let Value::String(text) = value else {
        return Err(Failure::failed("element must be string"));
    };
    match address(text) {
        Some((Family::V4, address)) => {
            let prefix = match address >> 24 {
                ..0x80 => 8,
                0x80..0xc0 => 16,
                _ => 24,
            };
            let host = host_mask(Family::V4, prefix);
            let text = format!("{}/{prefix}", Family::V4.text(address));
            Ok(Range {
                family: Family::V4,
                first: address & !host,
                last: address | host,
                text: Some(text),
            })
        }
        Some((Family::V6, _)) => Err(Failure::failed("IPv6 invalid: needs prefix length")),
        None => {
            let network = network(text)?;
            Ok(Range {
                family: network.family,
                first: network.first,
                last: network.last(),
                text: Some(network.text()),
            })
        }
    }
}

/// The fewest networks that hold exactly these addresses.
fn cover(family: Family, first: u128, last: u128) -> Vec<String> {
    let mut networks = Vec::new();
    let mut next = Some(first).filter(|first| *first <= last);
    while let Some(first) = next {
        let mut prefix = family.bits();
        while prefix > 0 {
            let host = host_mask(family, prefix - 1);
            if first & host != 0 || first | host > last {
                break;
            }
            prefix -= 1;
        }
        let network = Network { family, first, prefix };
        networks.push(network.text());
        next = network.last().checked_add(1).filter(|first| *first <= last);
    }
    networks
}
