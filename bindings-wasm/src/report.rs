//! The class `Report`.

use js_sys::JSON;
use plangate::Format;
use wasm_bindgen::prelude::*;

use crate::error::thrown;

/// What a policy set says about an input.
#[derive(Debug)]
#[wasm_bindgen]
pub struct Report(pub(crate) plangate::Report);

#[wasm_bindgen]
impl Report {
    /// The decision: `allow`, `review` or `deny`.
    #[wasm_bindgen(getter, unchecked_return_type = "Decision")]
    pub fn decision(&self) -> String {
        self.0.decision().as_str().to_owned()
    }

    /// What policies said, worst first: the `findings` of the report.
    #[wasm_bindgen(getter, unchecked_return_type = "Finding[]")]
    pub fn findings(&self) -> Result<JsValue, JsValue> {
        JSON::parse(&serde_json::to_string(self.0.findings()).unwrap_or_default())
    }

    /// The report in a format: `text`, `markdown`, or `json`: the bytes that every language gives.
    pub fn render(&self, format: &str) -> Result<String, JsValue> {
        let format: Format = format.parse().map_err(|error| thrown(&error))?;
        Ok(self.0.render(format))
    }

    /// The report as an object. `JSON.stringify` calls this.
    #[wasm_bindgen(js_name = toJSON, unchecked_return_type = "Record<string, unknown>")]
    pub fn to_object(&self) -> Result<JsValue, JsValue> {
        JSON::parse(&self.0.render(Format::Json))
    }
}
