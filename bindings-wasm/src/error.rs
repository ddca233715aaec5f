//! The core's error as a JavaScript `Error`, with its parts as properties.

use js_sys::{JSON, Object};
use wasm_bindgen::JsValue;

/// An `Error` whose message is that of the core, with the place in front. Where there are several, `others` has the rest as plain data.
pub(crate) fn thrown(error: &plangate::Error) -> JsValue {
    let exception = js_sys::Error::new("");
    // `{kind, code, message, location?, help?, others?}`: the same data that the other languages have.
    let parts = serde_json::to_string(error).unwrap_or_default();
    if let Ok(parts) = JSON::parse(&parts) {
        Object::assign(&exception, &Object::from(parts));
    }
    exception.set_name("PlangateError");
    exception.set_message(&error.to_string());
    exception.into()
}

/// What JavaScript may pass as a document is text or bytes. Anything else is the caller's mistake: a `TypeError`.
pub(crate) fn bytes(document: &JsValue) -> Result<Vec<u8>, JsValue> {
    if let Some(text) = document.as_string() {
        return Ok(text.into_bytes());
    }
    if let Some(bytes) = wasm_bindgen::JsCast::dyn_ref::<js_sys::Uint8Array>(document) {
        return Ok(bytes.to_vec());
    }
    Err(js_sys::TypeError::new("expected a string or a Uint8Array").into())
}
