//! Identities: 128-bit UUIDs with a type that says what they name.
//!
//! Devices make UUIDv7 (RFC 9562 §5.7: time-ordered) for what a hand does; imports derive UUIDv8
//! (RFC 9562 §5.8: SHA-256 of a namespace and parts) so that two devices that read one file name
//! its rows alike.

use crate::rng::Rng;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};
use uuid::Uuid;

/// An identity of a `T`. `T` is a marker only; it is never stored.
pub struct Id<T> {
    uuid: Uuid,
    of: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// The id with these 128 bits.
    pub const fn from_u128(bits: u128) -> Self {
        Self { uuid: Uuid::from_u128(bits), of: PhantomData }
    }

    /// The 128 bits, for columns.
    pub const fn as_u128(self) -> u128 {
        self.uuid.as_u128()
    }

    /// A fresh UUIDv7: `now_ms` is the device's wall clock (milliseconds since 1970), the rest is random.
    pub fn fresh(now_ms: u64, rng: &mut Rng) -> Self {
        let mut random = [0u8; 10];
        rng.fill(&mut random);
        let uuid = uuid::Builder::from_unix_timestamp_millis(now_ms, &random).into_uuid();
        Self { uuid, of: PhantomData }
    }

    /// A deterministic UUIDv8 from a namespace and its parts: equal input, equal id, on any device.
    pub fn derived(namespace: &str, parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in std::iter::once(&namespace).chain(parts) {
            // The length keeps ("ab","c") and ("a","bc") apart.
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut bytes = [0u8; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self { uuid: uuid::Builder::from_custom_bytes(bytes).into_uuid(), of: PhantomData }
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.as_hyphenated().fmt(f)
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.as_hyphenated().fmt(f)
    }
}
impl<T> FromStr for Id<T> {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self { uuid: Uuid::from_str(text)?, of: PhantomData })
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.uuid.serialize(serializer)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { uuid: Uuid::deserialize(deserializer)?, of: PhantomData })
    }
}

/// What ids can name. Empty types: they exist only as `Id`'s parameter.
pub mod of {
    /// A business: everything below belongs to one.
    pub enum Tenant {}
    /// A shop (branch).
    pub enum Shop {}
    /// A phone, tablet or computer that writes to the journal.
    pub enum Device {}
    /// One lifetime of a device's local database.
    pub enum Epoch {}
    /// A person who signs in.
    pub enum User {}
    /// One entry of the journal.
    pub enum Event {}
    /// A sale or return with its lines.
    pub enum Sale {}
    /// A product variant that is sold and counted.
    pub enum Product {}
    /// One physical piece (IMEI or serial).
    pub enum Unit {}
    /// A buyer.
    pub enum Customer {}
    /// Customers who decide together.
    pub enum Household {}
    /// Who sells to the shop.
    pub enum Supplier {}
    /// A purchase order, receipt, bill, transfer, repair or other document.
    pub enum Document {}
    /// The key that seals one person's data.
    pub enum PersonKey {}
    /// An import of one file.
    pub enum Import {}
    /// A trained model version.
    pub enum Model {}
    /// One issued prediction.
    pub enum Prediction {}
    /// One stored feature row.
    pub enum FeatureRow {}
}

/// A business.
pub type TenantId = Id<of::Tenant>;
/// A shop (branch).
pub type ShopId = Id<of::Shop>;
/// A device.
pub type DeviceId = Id<of::Device>;
/// A lifetime of a device's local database.
pub type EpochId = Id<of::Epoch>;
/// A person who signs in.
pub type UserId = Id<of::User>;
/// A journal entry.
pub type EventId = Id<of::Event>;
/// A sale or return.
pub type SaleId = Id<of::Sale>;
/// A product variant.
pub type ProductId = Id<of::Product>;
/// A physical piece.
pub type UnitId = Id<of::Unit>;
/// A buyer.
pub type CustomerId = Id<of::Customer>;
/// A household.
pub type HouseholdId = Id<of::Household>;
/// A supplier.
pub type SupplierId = Id<of::Supplier>;
/// A document.
pub type DocumentId = Id<of::Document>;
/// A person's key.
pub type PersonKeyId = Id<of::PersonKey>;
/// An import.
pub type ImportId = Id<of::Import>;
/// A model version.
pub type ModelId = Id<of::Model>;
/// A prediction.
pub type PredictionId = Id<of::Prediction>;
/// A feature row.
pub type FeatureRowId = Id<of::FeatureRow>;

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn derived_ids_are_equal_for_equal_parts_only() {
        let id = |parts: &[&str]| SaleId::derived("sale", parts);
        assert_eq!(id(&["a", "b"]), id(&["a", "b"]));
        assert_ne!(id(&["ab", ""]), id(&["a", "b"]));
        assert_ne!(id(&["a", "b"]), SaleId::derived("return", &["a", "b"]));
    }

    #[test]
    fn fresh_ids_sort_by_time() {
        let mut rng = Rng::seeded(1);
        let earlier = EventId::fresh(1_000, &mut rng);
        let later = EventId::fresh(2_000, &mut rng);
        assert!(earlier < later);
        assert_eq!(earlier.to_string().parse::<EventId>().ok(), Some(earlier));
    }
}
