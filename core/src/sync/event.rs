//! An event: one record in its envelope, as it lies in journals and travels between them.

use crate::{
    id::{DeviceId, EpochId, EventId, PersonKeyId, ShopId, TenantId, UserId},
    privacy::seal::to_hex,
    record::{Record, RecordError},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Which log an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    /// Products, customers, suppliers, settings: the business as a whole.
    Tenant,
    /// What happened in one shop.
    Shop(ShopId),
}

/// Kind of the record that carries a person's wrapped key.
pub const PERSON_KEY: &str = "person_key";

/// One act in its envelope. Wire form: JSON with sorted keys; hash: SHA-256 of that, see [`Event::hash`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// UUIDv7 made by the device.
    pub id: EventId,
    /// The business.
    pub tenant: TenantId,
    /// The log.
    pub stream: Stream,
    /// The device that wrote it.
    pub device: DeviceId,
    /// The lifetime of that device's database.
    pub epoch: EpochId,
    /// 1, 2, 3 … without a gap within (device, epoch).
    pub seq: u64,
    /// Wall clock of the device, for display; order never depends on it once the server has spoken.
    pub at: Timestamp,
    /// Version of the grant it was written under; 0 before any sign-up.
    pub grant: u32,
    /// Who, if signed in.
    pub actor: Option<UserId>,
    /// Record kind.
    pub kind: String,
    /// Version of the kind.
    pub v: u16,
    /// The record's fields.
    pub data: serde_json::Value,
}

impl Event {
    /// The record inside.
    pub fn record(&self) -> Result<Record, RecordError> {
        Record::decode(&self.kind, self.v, self.data.clone())
    }

    /// The bytes that travel and are hashed: compact JSON, keys sorted at every level.
    pub fn canonical(&self) -> String {
        // Through Value, whose map is ordered by key; an Event always serialises.
        serde_json::to_value(self).map(|value| value.to_string()).unwrap_or_default()
    }

    /// Lower-case hexadecimal SHA-256 of the canonical bytes of the event without the key it may carry: destroying
    /// a person's key changes no hash and no digest over hashes.
    pub fn hash(&self) -> String {
        let keyless = self.without_key();
        to_hex(&Sha256::digest(keyless.as_ref().unwrap_or(self).canonical().as_bytes()))
    }

    /// The event with the hash of a person's wrapped key in the key's place; none if it carries no key.
    pub fn without_key(&self) -> Option<Self> {
        if self.kind != PERSON_KEY {
            return None;
        }
        let wrapped = self.data.get("wrapped").filter(|wrapped| !wrapped.is_null())?;
        // Of 72 random bytes: the hash tells nothing about them.
        let digest = to_hex(&Sha256::digest(wrapped.to_string().as_bytes()));
        let mut event = self.clone();
        event.data["wrapped"] = serde_json::Value::Null;
        event.data["wrapped_sha256"] = digest.into();
        Some(event)
    }

    /// The personal key that this event makes or destroys.
    pub fn person_key(&self) -> Option<PersonKeyId> {
        let field = match self.kind.as_str() {
            PERSON_KEY => "id",
            "erase" => "key",
            _ => return None,
        };
        self.data.get(field)?.as_str()?.parse().ok()
    }
}

/// An event with its place in the server's order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Confirmed {
    /// Position in its stream, from 1, without a gap.
    pub version: u64,
    /// What the server noted on arrival.
    #[serde(default)]
    pub flags: Vec<Flag>,
    /// The event.
    pub event: Event,
}

/// Accepted, but someone should look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Stock went below zero.
    Oversold,
    /// The price had changed before.
    StalePrice,
    /// Written more than a day before it arrived.
    Late,
    /// Written under a grant or lease that had run out.
    ExpiredLease,
    /// The same piece was sold before.
    UnitSoldTwice,
    /// Another edit of the same field came first, which this one had not seen: this one stands, the other is lost.
    Clash,
    /// A restored server had lost it, and a device that held it brought it back.
    Relayed,
}

impl Flag {
    /// Whether someone should look at the event; the others are notes for whoever does.
    pub fn asks_for_a_look(self) -> bool {
        matches!(self, Self::Oversold | Self::StalePrice | Self::UnitSoldTwice | Self::Clash)
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::{
        privacy::seal::SecretKey,
        record::{Erase, PersonKey},
        rng::Rng,
    };

    fn event(record: &Record) -> Event {
        let (kind, v, data) = record.encode().unwrap_or_else(|error| panic!("{error}"));
        Event {
            id: EventId::from_u128(1),
            tenant: TenantId::from_u128(2),
            stream: Stream::Tenant,
            device: DeviceId::from_u128(3),
            epoch: EpochId::from_u128(4),
            seq: 1,
            at: Timestamp(0),
            grant: 0,
            actor: None,
            kind,
            v,
            data,
        }
    }

    #[test]
    fn a_destroyed_key_leaves_the_hash_and_nothing_else() {
        let mut rng = Rng::seeded(3);
        let id = PersonKeyId::from_u128(9);
        let wrapped = SecretKey::fresh(&mut rng).wrap(id, &SecretKey::fresh(&mut rng), &mut rng);
        let text = wrapped.text.to_string();
        let made = event(&Record::PersonKey(PersonKey { id, wrapped: Some(wrapped), wrapped_sha256: None }));
        let gone = made.without_key().unwrap_or_else(|| panic!("it carries a key"));
        assert!(made.canonical().contains(&text) && !gone.canonical().contains(&text));
        assert_eq!((made.hash(), gone.without_key()), (gone.hash(), None));
        assert!(matches!(gone.record(), Ok(Record::PersonKey(PersonKey { wrapped: None, .. }))));
        assert_eq!((made.person_key(), gone.person_key()), (Some(id), Some(id)));
        // Another key under the same id is another event.
        let other = SecretKey::fresh(&mut rng).wrap(id, &SecretKey::fresh(&mut rng), &mut rng);
        let other = event(&Record::PersonKey(PersonKey { id, wrapped: Some(other), wrapped_sha256: None }));
        assert_ne!(other.hash(), made.hash());
        let erase = event(&Record::Erase(Erase { key: id }));
        assert_eq!((erase.person_key(), erase.without_key()), (Some(id), None));
    }
}
