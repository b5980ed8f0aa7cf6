//! Names of customers: the worker opens them in chunks when a screen shows them; they live in memory only.

use super::AppState;
use dukandar_core::{id::CustomerId, privacy::seal::Sealed, record::Person};
use leptos::{prelude::*, task::spawn_local};

/// Most people in one message.
const CHUNK: usize = 50;

impl AppState {
    /// Opens these names, unless they are open already. Those who were erased stay closed.
    pub fn open_names(self, who: Vec<(CustomerId, Sealed)>) {
        let closed = |(id, sealed): &(CustomerId, Sealed)| {
            self.people.with_untracked(|people| people.get(id).is_none_or(|(known, _)| known != sealed))
        };
        let closed: Vec<_> = who.into_iter().filter(closed).collect();
        if closed.is_empty() {
            return;
        }
        spawn_local(async move {
            for chunk in closed.chunks(CHUNK) {
                let sealed = chunk.iter().map(|(_, sealed)| sealed.clone()).collect();
                // Without its worker the page goes on with the shop's own numbers; the trouble shows elsewhere.
                let Ok(opened) = self.unseal(sealed).await else { return };
                self.people.update(|people| {
                    for ((id, sealed), person) in chunk.iter().zip(opened) {
                        people.insert(*id, (sealed.clone(), person));
                    }
                });
            }
        });
    }

    /// Who a customer is, if their name is open; tracked.
    pub fn person(self, customer: CustomerId) -> Option<Person> {
        self.people.with(|people| people.get(&customer).and_then(|(_, person)| person.clone()))
    }
}
