//! What reaches out of an evaluation, or changes from one to the next: refused, or answered from what the host gave.

use std::collections::BTreeMap;

use regorus::Value;
use sha2::{Digest, Sha256};

use super::operand::{integer, string};
use super::{Builtin, Call, Failure};

pub(super) const TABLE: &[Builtin] = &[
    Builtin::impure("http.send", 1, "give its answer in the input"),
    Builtin::impure("net.lookup_ip_addr", 1, "give the addresses in the input"),
    Builtin::here("opa.runtime", 0, runtime),
    Builtin::here("rand.intn", 2, random_below),
    Builtin::here("time.now_ns", 0, now),
    Builtin::here("uuid.rfc4122", 1, random_uuid),
];

fn refused(needs: &str) -> Failure {
    Failure::Refused(format!("not available in a policy: {needs}"))
}

fn now(call: &Call<'_>, _: &[Value]) -> Result<Value, Failure> {
    call.options
        .time_ns
        .map(Value::from)
        .ok_or_else(|| refused("give the evaluation a time"))
}

fn runtime(call: &Call<'_>, _: &[Value]) -> Result<Value, Failure> {
    let environment = call
        .options
        .environment
        .as_ref()
        .ok_or_else(|| refused("policies see no environment, give what they need in the input"))?;
    let variables: BTreeMap<Value, Value> = environment
        .iter()
        .map(|(name, value)| (name.as_str().into(), value.as_str().into()))
        .collect();
    Ok(BTreeMap::from([(Value::from("env"), Value::from(variables))]).into())
}

/// Bytes that only the seed and the operands decide, so equal calls agree, as they do within a query of OPA.
pub(super) fn random_bytes(call: &Call<'_>, key: &str) -> Result<[u8; 32], Failure> {
    let seed = call
        .options
        .seed
        .ok_or_else(|| refused("the same input has to give the same report"))?;
    let digest = Sha256::new()
        .chain_update(seed.to_be_bytes())
        .chain_update(call.name)
        .chain_update([0])
        .chain_update(key);
    Ok(digest.finalize().into())
}

fn random_below(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let (key, limit) = (string(operands, 1)?, integer(operands, 2)?.unsigned_abs());
    if limit == 0 {
        return Ok(Value::from(0_i64));
    }
    let bytes = random_bytes(call, &format!("{key}-{limit}"))?;
    let number = bytes
        .iter()
        .take(16)
        .fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    let below = number % u128::from(limit);
    Ok(Value::from(below))
}

fn random_uuid(call: &Call<'_>, operands: &[Value]) -> Result<Value, Failure> {
    let bytes = random_bytes(call, string(operands, 1)?)?;
    let mut number = bytes
        .iter()
        .take(16)
        .fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    number = number & !(0xf << 76) | 0x4 << 76;
    number = number & !(0x3 << 62) | 0x2 << 62;
    let digits = format!("{number:032x}");
    let parts: Option<Vec<&str>> = [0..8, 8..12, 12..16, 16..20, 20..32]
        .into_iter()
        .map(|range| digits.get(range))
        .collect();
    Ok(parts.unwrap_or_default().join("-").into())
}
