//! The khata: who a customer is, what was given and received, what may be owed. Each act is one commit; taking one
//! back is another.

use super::{AppState, Problem};
use crate::{
    effect::{clock, journal::Draft, storage::StorageError},
    message::{FromWorker, ToWorker},
};
use dukandar_core::{
    customer::khata::KhataRow,
    id::{CustomerId, DocumentId},
    money::Paisa,
    privacy::seal::{Sealed, WrappedKey},
    record::{CreditEntry, CreditKind, CreditLimit, Customer, PaymentMethod, Person, PersonKey},
    role::{Action, Role},
    sync::event::Stream,
    time::Day,
};
use leptos::prelude::*;

/// What is entered beside a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Diye: the customer owes more. By cash out of the drawer, else in goods.
    Gave(Option<PaymentMethod>, Option<Day>),
    /// Mile: paid back, by this.
    Got(PaymentMethod),
    /// Given up.
    WriteOff,
}

impl AppState {
    /// Whether whoever uses this device may do that: without an account it is the owner's, and while the counter is
    /// locked that of whoever has taken it, a cashier's where nobody has. Tracked.
    pub fn may(self, action: Action) -> bool {
        let hand = || self.hand.with(|hand| hand.as_ref().map_or(Role::Cashier, |hand| hand.role));
        let here = !self.locked.get() || hand().may(action);
        here && self.account.with(|account| account.as_ref().is_none_or(|account| account.role.may(action)))
    }

    /// Customers by name, phone or number, with what they owe today; those who came last where nothing is typed.
    pub async fn find_customers(self, query: String, limit: u32) -> Result<Vec<KhataRow>, Problem> {
        let today = untrack(|| self.today());
        let make = Box::new(move |id| ToWorker::Find { id, query, today, limit });
        let FromWorker::Found { found, .. } = self.request(make).await? else { return Ok(Vec::new()) };
        let keep = |(row, person): (KhataRow, Option<Person>)| {
            if let Some(sealed) = &row.person {
                self.people.update(|people| _ = people.insert(row.customer, (sealed.clone(), person)));
            }
            row
        };
        Ok(found.into_iter().map(keep).collect())
    }

    /// Writes a new customer down, sealed.
    pub async fn add_customer(self, name: &str, phone: &str) -> Result<CustomerId, Problem> {
        let (id, drafts, person) = self.new_customer(name, phone).await?;
        self.write(drafts).await?;
        self.know(vec![(id, person)]);
        Ok(id)
    }

    /// The records of a new customer, and what to know of them once these are written.
    pub(super) async fn new_customer(
        self,
        name: &str,
        phone: &str,
    ) -> Result<(CustomerId, Vec<Draft>, (Sealed, Person)), Problem> {
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let phones = text(phone).into_iter().collect();
        let person = Person { name: text(name), phones, ..Person::default() };
        let (key, sealed) = self.seal(person.clone()).await?;
        let id = CustomerId::fresh(clock::now().0.unsigned_abs(), &mut clock::entropy());
        Ok((id, vec![key, customer_draft(id, &sealed)?], (sealed, person)))
    }

    /// Seals a person under a key of their own; the key's record comes with it.
    pub(super) async fn seal(self, person: Person) -> Result<(Draft, Sealed), Problem> {
        let (wrapped, mut sealed) = self.seal_all(person, &[], None).await?;
        // One was sent, under no key that is there already.
        let (Some(wrapped), Some(sealed)) = (wrapped, sealed.pop()) else { return Err(Problem::NoShop) };
        Ok((key_draft(&sealed, wrapped)?, sealed))
    }

    /// Seals a person and pictures of theirs, in this order, under one key: that of the customer `whose` they are where
    /// there is one, else a new one, which comes with them.
    pub(super) async fn seal_all(
        self,
        person: Person,
        pictures: &[String],
        whose: Option<CustomerId>,
    ) -> Result<(Option<WrappedKey>, Vec<Sealed>), Problem> {
        let picture = |data: &String| Person { picture: Some(data.clone()), ..Person::default() };
        let people: Vec<Person> = std::iter::once(person).chain(pictures.iter().map(picture)).collect();
        let sealing = self.request(Box::new(move |id| ToWorker::Seal { id, people, whose })).await?;
        let FromWorker::Locked { locked: Some(locked), .. } = sealing else { return Err(Problem::NoShop) };
        Ok(locked)
    }

    /// Names that were written down just now are open already.
    pub(super) fn know(self, new: Vec<(CustomerId, (Sealed, Person))>) {
        self.people.update(|people| {
            people.extend(new.into_iter().map(|(id, (sealed, person))| (id, (sealed, Some(person)))));
        });
    }

    /// Sets how much a customer may owe.
    pub async fn set_limit(self, id: CustomerId, limit: Option<Paisa>) -> Result<(), Problem> {
        let limit = Some(limit.map_or(CreditLimit::Open, CreditLimit::Upto));
        let customer = Customer { id, code: None, person: None, limit, base_version: None };
        self.write(vec![Draft::new(Stream::Tenant, "customer", &customer)?]).await
    }

    /// Writes an entry of the khata; `amount` is above zero.
    pub async fn enter_khata(
        self,
        customer: CustomerId,
        act: Act,
        amount: Paisa,
    ) -> Result<CreditEntry, Problem> {
        if amount <= Paisa::ZERO {
            return Err(Problem::Invalid { field: "amount", expected: "an amount above zero" });
        }
        let (amount, method, kind, due) = match act {
            Act::Gave(method, due) => (amount, method, CreditKind::Plain, due),
            Act::Got(method) => (-amount, Some(method), CreditKind::Plain, None),
            Act::WriteOff => (-amount, None, CreditKind::WriteOff, None),
        };
        let shop = untrack(|| self.writing_shop()).ok_or(Problem::NoShop)?.id;
        let (id, at, sale, undoes) = (fresh(), clock::now(), None, None);
        let entry = CreditEntry { id, customer, shop, amount, sale, at, due, method, kind, undoes };
        self.write(vec![credit_draft(&entry)?]).await?;
        Ok(entry)
    }

    /// Takes an entry back: a further one of the other sign that names it. Both stay to be seen.
    pub async fn take_entry_back(self, entry: CreditEntry) -> Result<(), Problem> {
        let (id, amount, undoes) = (fresh(), -entry.amount, Some(entry.id));
        let back = CreditEntry { id, amount, undoes, at: clock::now(), due: None, ..entry };
        self.write(vec![credit_draft(&back)?]).await
    }
}

/// An id for a document of now.
pub(super) fn fresh() -> DocumentId {
    DocumentId::fresh(clock::now().0.unsigned_abs(), &mut clock::entropy())
}

/// The record of the key that something is sealed under.
pub(super) fn key_draft(sealed: &Sealed, wrapped: WrappedKey) -> Result<Draft, StorageError> {
    let key = PersonKey { id: sealed.key, wrapped: Some(wrapped), wrapped_sha256: None };
    Draft::new(Stream::Tenant, "person_key", &key)
}

/// The record of a customer who is this person.
pub(super) fn customer_draft(id: CustomerId, sealed: &Sealed) -> Result<Draft, StorageError> {
    let person = Some(sealed.clone());
    let customer = Customer { id, code: None, person, limit: None, base_version: None };
    Draft::new(Stream::Tenant, "customer", &customer)
}

pub(super) fn credit_draft(entry: &CreditEntry) -> Result<Draft, StorageError> {
    Draft::new(Stream::Shop(entry.shop), "credit_entry", entry)
}
