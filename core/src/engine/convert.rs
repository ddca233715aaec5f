//! Serializable data to the engine's values and back.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use regorus::Value as EngineValue;
use serde::ser::{self, Serialize};

use crate::json::{Number, Value};

/// Anything that serializes, as the engine sees it. Data that cannot be expressed becomes undefined, which no plain data does.
pub(super) fn from_serde(data: &impl Serialize) -> EngineValue {
    data.serialize(&mut Builder::default())
        .unwrap_or(EngineValue::Undefined)
}

/// The engine's value as JSON, `None` where undefined. Sets become sorted lists, and keys that are no strings their JSON text.
pub(super) fn to_json(value: &EngineValue) -> Option<Value> {
    Some(match value {
        EngineValue::Undefined => return None,
        EngineValue::Null => Value::Null,
        EngineValue::Bool(value) => Value::Bool(*value),
        // `to_json_str` would round what is longer than 64 bits.
        EngineValue::Number(number) => Value::Number(Number::from_checked(&number.format_decimal())),
        EngineValue::String(text) => Value::String(text.to_string()),
        EngineValue::Array(items) => Value::Array(items.iter().filter_map(to_json).collect()),
        EngineValue::Set(items) => Value::Array(items.iter_sorted().filter_map(to_json).collect()),
        EngineValue::Object(members) => Value::Object(
            members
                .iter_sorted()
                .filter_map(|(name, value)| Some((member_name(name), to_json(value)?)))
                .collect(),
        ),
    })
}

fn member_name(name: &EngineValue) -> String {
    match name {
        EngineValue::String(name) => name.to_string(),
        other => other.to_json_str().unwrap_or_default(),
    }
}

/// A serializer into the engine's values. Member names are made once and shared.
#[derive(Default)]
struct Builder {
    names: HashMap<String, EngineValue>,
}

impl Builder {
    fn name(&mut self, name: &str) -> EngineValue {
        if let Some(value) = self.names.get(name) {
            return value.clone();
        }
        let value = EngineValue::from(name);
        self.names.insert(name.to_owned(), value.clone());
        value
    }
}

/// Plain data has no way to fail here but a number that is none.
#[derive(Debug)]
struct Unserializable(String);

impl fmt::Display for Unserializable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unserializable {}

impl ser::Error for Unserializable {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

type Built = Result<EngineValue, Unserializable>;

impl<'a> ser::Serializer for &'a mut Builder {
    type Ok = EngineValue;
    type Error = Unserializable;
    type SerializeSeq = List<'a>;
    type SerializeTuple = List<'a>;
    type SerializeTupleStruct = List<'a>;
    type SerializeTupleVariant = ser::Impossible<EngineValue, Unserializable>;
    type SerializeMap = Members<'a>;
    type SerializeStruct = Members<'a>;
    type SerializeStructVariant = ser::Impossible<EngineValue, Unserializable>;

    fn serialize_bool(self, value: bool) -> Built {
        Ok(value.into())
    }
    fn serialize_i8(self, value: i8) -> Built {
        self.serialize_i64(value.into())
    }
    fn serialize_i16(self, value: i16) -> Built {
        self.serialize_i64(value.into())
    }
    fn serialize_i32(self, value: i32) -> Built {
        self.serialize_i64(value.into())
    }
    fn serialize_i64(self, value: i64) -> Built {
        Ok(value.into())
    }
    fn serialize_u8(self, value: u8) -> Built {
        self.serialize_u64(value.into())
    }
    fn serialize_u16(self, value: u16) -> Built {
        self.serialize_u64(value.into())
    }
    fn serialize_u32(self, value: u32) -> Built {
        self.serialize_u64(value.into())
    }
    fn serialize_u64(self, value: u64) -> Built {
        Ok(value.into())
    }
    fn serialize_f32(self, value: f32) -> Built {
        self.serialize_f64(value.into())
    }
    fn serialize_f64(self, value: f64) -> Built {
        Ok(value.into())
    }
    fn serialize_char(self, value: char) -> Built {
        Ok(EngineValue::from(value.to_string()))
    }
    fn serialize_str(self, text: &str) -> Built {
        Ok(EngineValue::from(text))
    }
    fn serialize_bytes(self, _: &[u8]) -> Built {
        Err(ser::Error::custom("bytes"))
    }
    fn serialize_none(self) -> Built {
        Ok(EngineValue::Null)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Built {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Built {
        Ok(EngineValue::Null)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Built {
        Ok(EngineValue::Null)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Built {
        Ok(self.name(variant))
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Built {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Built {
        Err(ser::Error::custom("an enum with content"))
    }
    fn serialize_seq(self, length: Option<usize>) -> Result<List<'a>, Unserializable> {
        Ok(List {
            builder: self,
            items: Vec::with_capacity(length.unwrap_or(0)),
        })
    }
    fn serialize_tuple(self, length: usize) -> Result<List<'a>, Unserializable> {
        self.serialize_seq(Some(length))
    }
    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<List<'a>, Unserializable> {
        self.serialize_seq(Some(length))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unserializable> {
        Err(ser::Error::custom("an enum with content"))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Members<'a>, Unserializable> {
        Ok(Members {
            builder: self,
            of: "",
            entries: BTreeMap::new(),
            name: None,
        })
    }
    fn serialize_struct(self, of: &'static str, _: usize) -> Result<Members<'a>, Unserializable> {
        Ok(Members {
            builder: self,
            of,
            entries: BTreeMap::new(),
            name: None,
        })
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unserializable> {
        Err(ser::Error::custom("an enum with content"))
    }
}

struct List<'a> {
    builder: &'a mut Builder,
    items: Vec<EngineValue>,
}

impl ser::SerializeSeq for List<'_> {
    type Ok = EngineValue;
    type Error = Unserializable;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unserializable> {
        self.items.push(value.serialize(&mut *self.builder)?);
        Ok(())
    }
    fn end(self) -> Built {
        Ok(self.items.into())
    }
}

impl ser::SerializeTuple for List<'_> {
    type Ok = EngineValue;
    type Error = Unserializable;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unserializable> {
        ser::SerializeSeq::serialize_element(self, value)
    }
    fn end(self) -> Built {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeTupleStruct for List<'_> {
    type Ok = EngineValue;
    type Error = Unserializable;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unserializable> {
        ser::SerializeSeq::serialize_element(self, value)
    }
    fn end(self) -> Built {
        ser::SerializeSeq::end(self)
    }
}

struct Members<'a> {
    builder: &'a mut Builder,
    /// The type that is serialized; empty for a map.
    of: &'static str,
    entries: BTreeMap<EngineValue, EngineValue>,
    name: Option<EngineValue>,
}

impl ser::SerializeMap for Members<'_> {
    type Ok = EngineValue;
    type Error = Unserializable;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unserializable> {
        let key = key.serialize(&mut *self.builder)?;
        self.name = Some(match key {
            EngineValue::String(name) => self.builder.name(&name),
            other => other,
        });
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unserializable> {
        let name = self
            .name
            .take()
            .ok_or_else(|| ser::Error::custom("a value before its key"))?;
        let value = value.serialize(&mut *self.builder)?;
        self.entries.insert(name, value);
        Ok(())
    }
    fn end(self) -> Built {
        Ok(self.entries.into())
    }
}

impl ser::SerializeStruct for Members<'_> {
    type Ok = EngineValue;
    type Error = Unserializable;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, field: &'static str, value: &T) -> Result<(), Unserializable> {
        let name = self.builder.name(field);
        let value = if self.of == "Plan" && field == "by_type" {
            by_type(self.entries.get(&EngineValue::from("resources")))
        } else {
            value.serialize(&mut *self.builder)?
        };
        self.entries.insert(name, value);
        Ok(())
    }
    fn end(self) -> Built {
        match self.entries.first_key_value() {
            // How `json::Number` passes digits that no machine number holds: as raw JSON text.
            Some((_, EngineValue::String(digits))) if self.of == RAW_NUMBER => {
                EngineValue::from_numeric_string(digits).map_err(ser::Error::custom)
            }
            _ => Ok(self.entries.into()),
        }
    }
}

/// The type name under which `serde_json::value::RawValue` serializes itself.
const RAW_NUMBER: &str = "$serde_json::private::RawValue";

/// The resources by their `type`: the values that `resources` already holds, shared and not made a second time.
fn by_type(resources: Option<&EngineValue>) -> EngineValue {
    let mut groups: BTreeMap<EngineValue, Vec<EngineValue>> = BTreeMap::new();
    let kind = EngineValue::from("type");
    for resource in resources
        .and_then(|list| list.as_array().ok())
        .into_iter()
        .flat_map(|list| list.iter())
    {
        if let Some(kind) = resource.as_object().ok().and_then(|members| members.get(&kind)) {
            groups.entry(kind.clone()).or_default().push(resource.clone());
        }
    }
    groups
        .into_iter()
        .map(|(kind, group)| (kind, group.into()))
        .collect::<BTreeMap<EngineValue, EngineValue>>()
        .into()
}
