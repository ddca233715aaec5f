//! The class `Input`.

use wasm_bindgen::prelude::*;

use crate::error::{bytes, thrown};

/// Everything a decision is made from: the plan, the pull request behind it, who asks, for what, and when.
///
/// An input never changes: each `with` method gives a new one. Free both when they are no longer needed, or leave it to the
/// garbage collector.
#[derive(Debug)]
#[wasm_bindgen]
pub struct Input(pub(crate) plangate::Input);

#[wasm_bindgen]
impl Input {
    /// An input without anything in it yet, for an access decision.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default, reason = "JavaScript has no such thing")]
    pub fn new() -> Self {
        Self(plangate::Input::new())
    }

    /// Reads a plan: what `terraform show -json` or `tofu show -json` prints.
    #[wasm_bindgen(js_name = fromTerraform)]
    pub fn from_terraform(#[wasm_bindgen(unchecked_param_type = "Document")] plan: &JsValue) -> Result<Self, JsValue> {
        read(plangate::Input::from_terraform(&bytes(plan)?))
    }

    /// Adds a payload about the change, whichever host it comes from.
    #[wasm_bindgen(js_name = withChange)]
    pub fn with_change(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Document")] payload: &JsValue,
    ) -> Result<Self, JsValue> {
        read(self.0.clone().with_change(&bytes(payload)?))
    }

    /// Adds a GitHub payload: a webhook event, or an answer of the REST API.
    #[wasm_bindgen(js_name = withGithub)]
    pub fn with_github(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Document")] payload: &JsValue,
    ) -> Result<Self, JsValue> {
        read(self.0.clone().with_github(&bytes(payload)?))
    }

    /// Adds the members of a team, as `GET /orgs/{org}/teams/{team}/members` lists them. `slug` is `org/team`.
    #[wasm_bindgen(js_name = withGithubTeam)]
    pub fn with_github_team(
        &self,
        slug: &str,
        #[wasm_bindgen(unchecked_param_type = "Document")] members: &JsValue,
    ) -> Result<Self, JsValue> {
        read(self.0.clone().with_github_team(slug, &bytes(members)?))
    }

    /// Says who asks.
    #[wasm_bindgen(js_name = withActor)]
    pub fn with_actor(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Document")] actor: &JsValue,
    ) -> Result<Self, JsValue> {
        read(self.0.clone().with_actor(&bytes(actor)?))
    }

    /// Says what for.
    #[wasm_bindgen(js_name = withStack)]
    pub fn with_stack(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Document")] stack: &JsValue,
    ) -> Result<Self, JsValue> {
        read(self.0.clone().with_stack(&bytes(stack)?))
    }

    /// Says what the actor wants to do.
    #[wasm_bindgen(js_name = withRequest)]
    pub fn with_request(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Document")] request: &JsValue,
    ) -> Result<Self, JsValue> {
        read(self.0.clone().with_request(&bytes(request)?))
    }

    /// Says which run asks.
    #[wasm_bindgen(js_name = withRun)]
    pub fn with_run(&self, #[wasm_bindgen(unchecked_param_type = "Document")] run: &JsValue) -> Result<Self, JsValue> {
        read(self.0.clone().with_run(&bytes(run)?))
    }

    /// Says when the decision is made, in RFC 3339. Nothing else tells the time.
    #[wasm_bindgen(js_name = withTime)]
    pub fn with_time(&self, rfc3339: &str) -> Result<Self, JsValue> {
        read(self.0.clone().with_time(rfc3339))
    }

    /// The document that policies read as `input`, as JSON text, with handles in place of sensitive values.
    #[wasm_bindgen(js_name = toString)]
    pub fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// The document as an object. `JSON.stringify` calls this. Numbers that JavaScript does not have are rounded: see `toString`.
    #[wasm_bindgen(js_name = toJSON, unchecked_return_type = "Record<string, unknown>")]
    pub fn to_object(&self) -> Result<JsValue, JsValue> {
        js_sys::JSON::parse(&self.0.to_json())
    }
}

fn read(input: Result<plangate::Input, plangate::Error>) -> Result<Input, JsValue> {
    input.map(Input).map_err(|error| thrown(&error))
}
