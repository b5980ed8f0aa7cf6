//! The keys of the people on record: collected from the journal, used only when a screen shows a person.

use dukandar_core::{
    id::PersonKeyId,
    privacy::seal::{Sealed, SecretKey, WrappedKey},
    record::{Person, Record},
    search::normal,
    sync::event::Event,
    table::CustomerRow,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Wrapped keys; a destroyed one never comes back, in whatever order the records arrive.
#[derive(Clone, Debug, Default)]
pub struct Keyring {
    /// Key of the sample shop's tenant, which no database holds.
    tenant: Option<SecretKey>,
    wrapped: BTreeMap<PersonKeyId, WrappedKey>,
    destroyed: BTreeSet<PersonKeyId>,
    /// What a search reads of people who were opened for one, by the start of their nonce. In memory only.
    texts: HashMap<u64, Line>,
}

/// What a search reads of one customer.
#[derive(Clone, Debug, Default)]
struct Line {
    /// The customer's number as it was when the line was made.
    code: Option<Box<str>>,
    /// Name, phones, phones without gaps; on a line of its own the number.
    text: Box<str>,
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
                self.texts.clear();
            }
            _ => {}
        }
    }

    /// Opens what can be opened.
    pub fn open(&self, own: Option<&SecretKey>, sealed: &Sealed) -> Option<Person> {
        self.key(own, sealed.key)?.open(sealed).ok()
    }

    /// A person's key; none where it was destroyed or is not here.
    pub fn key(&self, own: Option<&SecretKey>, id: PersonKeyId) -> Option<SecretKey> {
        let wrapped = self.wrapped.get(&id).filter(|_| !self.destroyed.contains(&id))?;
        // In the sample shop people of its past lie under its own tenant's key, new ones under the device's.
        let mut tenants = self.tenant.iter().chain(own);
        tenants.find_map(|tenant| tenant.unwrap_key(id, wrapped).ok())
    }

    /// Positions of the customers whose name, phone or number holds every word, names that begin so first.
    pub fn find(
        &mut self,
        own: Option<&SecretKey>,
        customers: &[CustomerRow],
        query: &str,
        limit: usize,
    ) -> Vec<u32> {
        let query = normal(query);
        let words: Vec<&str> = query.split(' ').collect();
        let mut found = Vec::new();
        for (position, row) in customers.iter().enumerate() {
            let unnamed;
            let text = match &row.person {
                Some(sealed) => self.line(own, sealed, row.code.as_deref()),
                None => {
                    unnamed = line_of("", row.code.as_deref());
                    &unnamed
                }
            };
            if words.iter().all(|word| text.contains(word)) {
                let (name, code) = text.split_once('\n').unwrap_or_default();
                let begins = name.starts_with(&query) || code == query;
                found.push((!begins, position as u32));
            }
        }
        dukandar_core::order::by(&mut found, Ord::cmp);
        found.into_iter().take(limit).map(|(_, position)| position).collect()
    }

    /// What a search reads of a person; opened once.
    fn line(&mut self, own: Option<&SecretKey>, sealed: &Sealed, code: Option<&str>) -> &str {
        // Nonces are drawn at random: their first 64 bits tell people apart.
        let start = sealed.nonce.bytes().ok().and_then(|nonce| nonce.first_chunk().copied());
        let key = u64::from_be_bytes(start.unwrap_or_default());
        if self.texts.get(&key).is_none_or(|line| line.code.as_deref() != code) {
            let person = self.open(own, sealed).unwrap_or_default();
            let phones = person.phones.join(" ");
            let digits = phones.replace([' ', '-'], "");
            let text = line_of(&format!("{} {phones} {digits}", person.name.unwrap_or_default()), code);
            self.texts.insert(key, Line { code: code.map(Box::from), text: text.into() });
        }
        self.texts.get(&key).map_or("", |line| &line.text)
    }
}

fn line_of(person: &str, code: Option<&str>) -> String {
    format!("{}\n{}", normal(person), normal(code.unwrap_or_default()))
}
