//! Bytes as they arrive, to text: encodings are decoded, other formats are named.

use std::borrow::Cow;

use super::{SHOW, refused};
use crate::error::{Error, ErrorKind};

/// How other formats begin, the code of the error, and what they are.
const MAGIC: &[(&[u8], &str, &str)] = &[
    (b"PK", "plan.binary", "a binary plan file"),
    (b"tfplan", "plan.binary", "a binary plan file of Terraform before 0.12"),
    (b"\x1f\x8b", "plan.compressed", "data compressed with gzip"),
    (b"\x28\xb5\x2f\xfd", "plan.compressed", "data compressed with zstd"),
    (b"\xfd7zXZ\x00", "plan.compressed", "data compressed with xz"),
    (b"BZh", "plan.compressed", "data compressed with bzip2"),
];

/// The text of a plan file, whatever its encoding: UTF-8, or UTF-16 as `PowerShell` 5 writes it, with or without a byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    for (magic, code, what) in MAGIC {
        if bytes.starts_with(magic) {
            return Err(refused(ErrorKind::Shape, code, what, help(code)));
        }
    }
    let text = match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return Err(not_text("text in UTF-32")),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest)?,
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        // Without a mark, the zero byte of the first character tells: a plan begins with an ASCII character.
        [1..=0xff, 0, ..] => utf16(bytes, u16::from_le_bytes)?,
        [0, 1..=0xff, ..] => utf16(bytes, u16::from_be_bytes)?,
        _ => utf8(bytes)?,
    };
    if text.trim().is_empty() {
        return Err(refused(ErrorKind::Shape, "plan.empty", "an empty file", EMPTY));
    }
    Ok(text)
}

const EMPTY: &str = "the command that wrote it has probably failed: look at its output, then write the file with \
                     `terraform show -json tfplan > plan.json`";

fn help(code: &str) -> &'static str {
    match code {
        "plan.compressed" => "unpack it first, as with `gunzip plan.json.gz`",
        _ => SHOW,
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    std::str::from_utf8(bytes)
        .map(Cow::Borrowed)
        .map_err(|_| not_text("bytes that are neither UTF-8 nor UTF-16"))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'static, str>, Error> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(Cow::Owned(text)),
        _ => Err(not_text("text in UTF-16 that is cut off or damaged")),
    }
}

fn not_text(what: &str) -> Error {
    let help = "write the file anew as UTF-8, in PowerShell with `terraform show -json tfplan | Out-File -Encoding utf8 plan.json`";
    refused(ErrorKind::Syntax, "plan.encoding", what, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16_bytes(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn decodes_utf_16_with_and_without_a_mark() {
        let text = "{\"a\": \"é😀\"}";
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            assert_eq!(decode(&utf16_bytes(text, bytes)).unwrap(), text);
            assert_eq!(decode(&utf16_bytes(&format!("\u{feff}{text}"), bytes)).unwrap(), text);
        }
        assert_eq!(decode(format!("\u{feff}{text}").as_bytes()).unwrap(), text);
    }

    #[test]
    fn names_what_is_not_text() {
        for (bytes, code) in [
            (&b"PK\x03\x04..."[..], "plan.binary"),
            (b"\x1f\x8b\x08", "plan.compressed"),
            (b"", "plan.empty"),
            (b" \n\t", "plan.empty"),
            (b"\xef\xbb\xbf", "plan.empty"),
            (b"\xff\xfe", "plan.empty"),
            (b"\xff\xfe{", "plan.encoding"),
            (b"\xff\xfe\x00\xd8", "plan.encoding"),
            (b"\xff\xfe\x00\x00{\x00\x00\x00", "plan.encoding"),
            (b"{\"a\": \"\xff\"}", "plan.encoding"),
        ] {
            let error = decode(bytes).unwrap_err();
            assert_eq!(error.code(), code);
            assert!(error.help().is_some());
        }
    }
}
