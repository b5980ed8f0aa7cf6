//! Sealing: a person's name, phone, CNIC and address are encrypted under that person's own key from the
//! first version on; the key is a record of its own, wrapped by the tenant's key. Destroying the key
//! erases the person while the journal and its figures stay whole.
//!
//! XChaCha20-Poly1305 (Arciszewski, draft-irtf-cfrg-xchacha-03): its 192-bit nonces may be drawn at random.

use super::hex::Hex;
use crate::{id::PersonKeyId, rng::Rng};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use serde::{Deserialize, Serialize};

/// A 256-bit key. Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey([u8; 32]);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// Data under a person's key. Serialised as hexadecimal text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Which key opens it.
    pub key: PersonKeyId,
    /// Nonce.
    pub nonce: Hex,
    /// Ciphertext with its tag.
    pub text: Hex,
}

/// A person's key under the tenant's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrappedKey {
    /// Nonce.
    pub nonce: Hex,
    /// Ciphertext with its tag.
    pub text: Hex,
}

/// Why sealed data stays closed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Wrong key, or the bytes were changed.
    #[error("sealed data does not open with this key")]
    WrongKey,
    /// Not hexadecimal of the right length.
    #[error("sealed data is damaged: expected hexadecimal")]
    Damaged,
    /// The key was destroyed: the person is gone.
    #[error("the person's key was destroyed")]
    Erased,
}

impl SecretKey {
    /// A fresh key.
    pub fn fresh(rng: &mut Rng) -> Self {
        let mut bytes = [0; 32];
        rng.fill(&mut bytes);
        Self(bytes)
    }

    /// The key of these bytes.
    pub fn from_hex(text: &str) -> Result<Self, SealError> {
        let bytes = from_hex(text)?;
        Ok(Self(bytes.try_into().map_err(|_| SealError::Damaged)?))
    }

    /// As hexadecimal text, for storage under the device's or server's own protection.
    pub fn to_hex(&self) -> String {
        to_hex(&self.0)
    }

    fn encrypt(&self, plain: &[u8], bound_to: &[u8], rng: &mut Rng) -> (Hex, Hex) {
        let mut nonce = [0; 24];
        rng.fill(&mut nonce);
        let payload = Payload { msg: plain, aad: bound_to };
        // Encryption in memory fails only beyond 256 GiB.
        let text = XChaCha20Poly1305::new(&self.0.into()).encrypt(&nonce.into(), payload).unwrap_or_default();
        (Hex::from(nonce.as_slice()), Hex::from(text.as_slice()))
    }

    fn decrypt(&self, nonce: &Hex, text: &Hex, bound_to: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; 24] = nonce.bytes()?.try_into().map_err(|_| SealError::Damaged)?;
        XChaCha20Poly1305::new(&self.0.into())
            .decrypt(&nonce.into(), Payload { msg: text.bytes()?, aad: bound_to })
            .map_err(|_| SealError::WrongKey)
    }

    /// Wraps a person's key under this, the tenant's, key. The id is bound in, so keys cannot be swapped.
    pub fn wrap(&self, id: PersonKeyId, key: &SecretKey, rng: &mut Rng) -> WrappedKey {
        let (nonce, text) = self.encrypt(&key.0, &id.as_u128().to_be_bytes(), rng);
        WrappedKey { nonce, text }
    }

    /// Unwraps a person's key.
    pub fn unwrap_key(&self, id: PersonKeyId, wrapped: &WrappedKey) -> Result<SecretKey, SealError> {
        let bytes = self.decrypt(&wrapped.nonce, &wrapped.text, &id.as_u128().to_be_bytes())?;
        Ok(Self(bytes.try_into().map_err(|_| SealError::Damaged)?))
    }

    /// Seals a value under this, the person's, key.
    pub fn seal<T: Serialize>(&self, id: PersonKeyId, value: &T, rng: &mut Rng) -> Result<Sealed, SealError> {
        let plain = serde_json::to_vec(value).map_err(|_| SealError::Damaged)?;
        let (nonce, text) = self.encrypt(&plain, &id.as_u128().to_be_bytes(), rng);
        Ok(Sealed { key: id, nonce, text })
    }

    /// Opens a sealed value.
    pub fn open<T: for<'de> Deserialize<'de>>(&self, sealed: &Sealed) -> Result<T, SealError> {
        let plain = self.decrypt(&sealed.nonce, &sealed.text, &sealed.key.as_u128().to_be_bytes())?;
        serde_json::from_slice(&plain).map_err(|_| SealError::Damaged)
    }
}

/// Lower-case hexadecimal.
pub fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Reads hexadecimal.
pub fn from_hex(text: &str) -> Result<Vec<u8>, SealError> {
    let nibble = |byte: u8| (byte as char).to_digit(16).map(|digit| digit as u8).ok_or(SealError::Damaged);
    if !text.len().is_multiple_of(2) {
        return Err(SealError::Damaged);
    }
    text.as_bytes().chunks(2).map(|pair| Ok(nibble(pair[0])? << 4 | nibble(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn a_person_opens_with_the_key_and_only_with_it() {
        let mut rng = Rng::seeded(5);
        let (tenant, person) = (SecretKey::fresh(&mut rng), SecretKey::fresh(&mut rng));
        let (id, other) = (PersonKeyId::from_u128(1), PersonKeyId::from_u128(2));
        let wrapped = tenant.wrap(id, &person, &mut rng);
        assert_eq!(tenant.unwrap_key(id, &wrapped), Ok(person.clone()));
        assert_eq!(tenant.unwrap_key(other, &wrapped), Err(SealError::WrongKey));
        let sealed = person.seal(id, &"علی", &mut rng).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(person.open::<String>(&sealed), Ok("علی".to_owned()));
        assert_eq!(tenant.open::<String>(&sealed), Err(SealError::WrongKey));
        assert!(!sealed.text.to_string().contains(&to_hex("علی".as_bytes())));
    }

    #[test]
    fn hexadecimal_round_trip_and_damage() {
        assert_eq!(from_hex(&to_hex(&[0, 15, 255])), Ok(vec![0, 15, 255]));
        assert_eq!(from_hex("0g"), Err(SealError::Damaged));
        assert_eq!(from_hex("abc"), Err(SealError::Damaged));
    }
}
