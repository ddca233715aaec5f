//! The effective tags or labels of a resource, whatever its provider calls them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Tri;

/// Tags that the object will have (or had, where it is deleted), and how sure that is.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Tags {
    /// Whether the resource type takes tags at all.
    pub supported: Tri,
    /// The attribute that holds them: `tags`, `labels`, `metadata[0].labels`. Absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// The tags that are known, name to value. A tag without a value (a bare list element) has an empty one; a sensitive value is a handle.
    pub values: BTreeMap<String, String>,
    /// Where each tag in `values` comes from.
    pub origin: BTreeMap<String, TagOrigin>,
    /// Tags that are there and whose value is known only after apply, sorted.
    pub unknown_keys: Vec<String>,
    /// Whether nothing is known of the tags, or there could be more than are listed: the whole map, or defaults of the provider, are known only after apply.
    pub all_unknown: bool,
    /// The tags of the object as it is now, before the change. Empty where there is no object yet.
    pub previous: BTreeMap<String, String>,
}

/// Where a tag comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum TagOrigin {
    /// From the resource's own block.
    Resource,
    /// From the provider's defaults.
    Default,
    /// From the plan's merged attribute (`tags_all`, `terraform_labels`) and not from the resource: a default, or set outside.
    Merged,
}
