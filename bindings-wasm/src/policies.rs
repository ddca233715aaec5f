//! The class `PolicySet`.

use js_sys::{Array, Object};
use plangate::{Config, Source};
use wasm_bindgen::prelude::*;

use crate::error::thrown;
use crate::input::Input;
use crate::report::Report;

/// Compiled policies. A set never changes.
#[derive(Debug)]
#[wasm_bindgen]
pub struct PolicySet(plangate::PolicySet);

#[wasm_bindgen]
impl PolicySet {
    /// The policies that come with Plangate.
    pub fn bundled() -> Result<Self, JsValue> {
        compiled(plangate::PolicySet::bundled())
    }

    /// Their sources, a text for each name, to compile together with others.
    #[wasm_bindgen(js_name = bundledSources, unchecked_return_type = "Record<string, string>")]
    pub fn bundled_sources() -> Result<Object, JsValue> {
        let entries = Source::bundled().map(|source| Array::of2(&source.name().into(), &source.text().into()));
        Object::from_entries(&entries.collect::<Array>())
    }

    /// Compiles Rego: a text for each name. Names are what errors and findings call the texts.
    pub fn compile(
        #[wasm_bindgen(unchecked_param_type = "Record<string, string>")] sources: &Object,
    ) -> Result<Self, JsValue> {
        let mut texts = Vec::new();
        for entry in Object::entries(sources) {
            let entry = Array::from(&entry);
            let text = |index| {
                let text = entry.get(index).as_string();
                text.ok_or_else(|| js_sys::TypeError::new("expected an object of strings"))
            };
            texts.push(Source::new(text(0)?, text(1)?));
        }
        compiled(plangate::PolicySet::compile(texts))
    }

    /// The same policies under a configuration, the text of a `plangate.toml`.
    #[wasm_bindgen(js_name = withConfig)]
    pub fn with_config(&self, toml: &str) -> Result<Self, JsValue> {
        compiled(Config::from_toml("plangate.toml", toml).and_then(|config| self.0.clone().with_config(&config)))
    }

    /// Evaluates the policies. Never throws: a policy that goes wrong denies, and the report says so.
    pub fn evaluate(&self, input: &Input) -> Report {
        Report(self.0.evaluate(&input.0))
    }
}

fn compiled(set: Result<plangate::PolicySet, plangate::Error>) -> Result<PolicySet, JsValue> {
    set.map(PolicySet).map_err(|error| thrown(&error))
}
