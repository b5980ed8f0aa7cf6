//! The keys of the people on record: collected from the journal, used only when a screen shows a person.

use dukandar_core::{
    id::PersonKeyId,
    privacy::seal::{Sealed, SecretKey, WrappedKey},
    record::{Person, Record},
    sync::event::Event,
};
use std::collections::{BTreeMap, BTreeSet};

/// Wrapped keys; a destroyed one never comes back, in whatever order the records arrive.
#[derive(Clone, Debug, Default)]
pub struct Keyring {
    /// Key of the sample shop's tenant, which no database holds.
    tenant: Option<SecretKey>,
    wrapped: BTreeMap<PersonKeyId, WrappedKey>,
    destroyed: BTreeSet<PersonKeyId>,
}

impl Keyring {
    /// An empty keyring of a tenant whose key no database holds.
    pub fn of_tenant(tenant: SecretKey) -> Self {
        Self { tenant: Some(tenant), ..Self::default() }
    }

    /// Takes note of keys made and destroyed.
    pub fn hear(&mut self, event: &Event) {
        if matches!(event.kind.as_str(), "person_key" | "erase")
            && let Ok(record) = event.record()
        {
            self.hold(&record);
        }
    }

    /// The same for a record.
    pub fn hold(&mut self, record: &Record) {
        match record {
            Record::PersonKey(key) => {
                if let Some(wrapped) = key.wrapped.clone().filter(|_| !self.destroyed.contains(&key.id)) {
                    self.wrapped.insert(key.id, wrapped);
                }
            }
            Record::Erase(erase) => {
                self.wrapped.remove(&erase.key);
                self.destroyed.insert(erase.key);
            }
            _ => {}
        }
    }

    /// Opens what can be opened.
    pub fn open(&self, own: Option<SecretKey>, sealed: &[Sealed]) -> Vec<Option<Person>> {
        let tenant = self.tenant.clone().or(own);
        let open = |sealed: &Sealed| {
            let wrapped = self.wrapped.get(&sealed.key).filter(|_| !self.destroyed.contains(&sealed.key))?;
            tenant.as_ref()?.unwrap_key(sealed.key, wrapped).ok()?.open(sealed).ok()
        };
        sealed.iter().map(open).collect()
    }
}
