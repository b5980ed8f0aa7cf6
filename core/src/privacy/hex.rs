//! Bytes that are hexadecimal text wherever they are stored or sent: half as large in memory, and shared by copies, as a
//! shop knows a hundred thousand people by them.

use super::seal::{SealError, from_hex, to_hex};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, sync::Arc};

/// Bytes, written as lower-case hexadecimal.
#[derive(Clone, PartialEq, Eq)]
pub struct Hex(Held);

#[derive(Clone, PartialEq, Eq)]
enum Held {
    Bytes(Arc<[u8]>),
    /// Not lower-case hexadecimal: kept as it came, so that what was stored is what is sent on.
    Damaged(Arc<str>),
}

impl Hex {
    /// The bytes; [`SealError::Damaged`] where the text is not lower-case hexadecimal.
    pub fn bytes(&self) -> Result<&[u8], SealError> {
        match &self.0 {
            Held::Bytes(bytes) => Ok(bytes),
            Held::Damaged(_) => Err(SealError::Damaged),
        }
    }
}

impl From<&[u8]> for Hex {
    fn from(bytes: &[u8]) -> Self {
        Self(Held::Bytes(bytes.into()))
    }
}

impl From<&str> for Hex {
    fn from(text: &str) -> Self {
        let is_ours = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        match from_hex(text) {
            Ok(bytes) if is_ours => Self(Held::Bytes(bytes.into())),
            _ => Self(Held::Damaged(text.into())),
        }
    }
}

impl fmt::Display for Hex {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Held::Bytes(bytes) => out.write_str(&to_hex(bytes)),
            Held::Damaged(text) => out.write_str(text),
        }
    }
}

impl fmt::Debug for Hex {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}", self.to_string())
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(String::deserialize(deserializer)?.as_str()))
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    /// What was stored under a hash is sent on with the same letters, sound or not.
    #[test]
    fn every_text_is_written_as_it_was_read() {
        for text in ["", "00ff", "0g", "abc", "00FF", "کلید"] {
            let json = format!("{text:?}");
            let read: Hex = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(serde_json::to_string(&read).ok(), Some(json));
            assert_eq!(read.bytes().is_ok(), matches!(text, "" | "00ff"), "{text}");
        }
        assert_eq!(Hex::from("00ff").bytes(), Ok([0, 255].as_slice()));
    }
}
