//! PEM blocks, as leniently as Go's `encoding/pem` reads them.

use super::encoding::decode_base64;

/// A block: its label and its bytes.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) label: String,
    pub(super) bytes: Vec<u8>,
}

/// The first block of a text, and what follows it. What stands before it is passed over.
pub(super) fn decode(text: &str) -> Option<(Block, &str)> {
    let mut rest = text;
    loop {
        let begin = rest.find("-----BEGIN ")?;
        let after = rest.get(begin + "-----BEGIN ".len()..)?;
        if let Some(found) = block(after) {
            return Some(found);
        }
        rest = after;
    }
}

fn block(after_begin: &str) -> Option<(Block, &str)> {
    let (label, body) = after_begin.split_once("-----")?;
    if label.contains('\n') {
        return None;
    }
    let end_mark = format!("-----END {label}-----");
    let (body, rest) = body.split_once(&end_mark)?;
    // `Proc-Type: 4,ENCRYPTED` and the like, up to an empty line.
    let body = match body.split_once("\n\n") {
        Some((headers, body)) if headers.contains(':') => body,
        _ => body,
    };
    let compact: String = body
        .chars()
        .filter(|character| !character.is_ascii_whitespace())
        .collect();
    let bytes = decode_base64(&compact)?;
    let rest = rest.strip_prefix('\r').unwrap_or(rest);
    Some((
        Block {
            label: label.to_owned(),
            bytes,
        },
        rest.strip_prefix('\n').unwrap_or(rest),
    ))
}
