//! What happens with customers without a sale: who came, compared, bargained, sent somebody, and what was not there.

use super::{AppState, Problem, khata::fresh};
use crate::effect::{clock, journal::Draft};
use dukandar_core::{
    id::{CustomerId, ProductId},
    record::{Interaction, InteractionKind},
    sync::event::Stream,
};
use gloo::storage::{LocalStorage, Storage};
use leptos::prelude::*;

/// Local storage: the till shows the button that notes visits.
const NOTING: &str = "dukandar.visits";

/// What is noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What.
    pub kind: InteractionKind,
    /// Who, if known.
    pub customer: Option<CustomerId>,
    /// About what; of a comparison, all that was compared.
    pub products: Vec<ProductId>,
    /// What was asked for, in words.
    pub text: Option<String>,
    /// Minutes in the shop.
    pub minutes: Option<u16>,
}

impl AppState {
    /// As this browser was left.
    pub(super) fn notes_visits_at_start() -> bool {
        LocalStorage::get(NOTING).unwrap_or(false)
    }

    /// Whether the till shows the button.
    pub fn set_noting(self, noting: bool) {
        // A browser that keeps nothing forgets it with the page.
        let _ = LocalStorage::set(NOTING, noting);
        self.noting.set(noting);
    }

    /// Writes a note down; what was written comes back, so that it can be taken back.
    pub async fn note(self, note: Note) -> Result<Interaction, Problem> {
        let shop = untrack(|| self.writing_shop()).ok_or(Problem::NoShop)?.id;
        let text = note.text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if note.kind == InteractionKind::NotInStock && note.products.is_empty() && text.is_none() {
            return Err(Problem::Invalid { field: "text", expected: "what was asked for" });
        }
        let mut products = note.products.into_iter();
        let it = Interaction {
            customer: note.customer,
            shop,
            kind: note.kind,
            product: products.next(),
            text,
            minutes: note.minutes,
            at: clock::now(),
            id: Some(fresh()),
            others: products.collect(),
            undoes: None,
        };
        self.write(vec![Draft::new(Stream::Shop(shop), "interaction", &it)?]).await?;
        Ok(it)
    }

    /// Takes a note back: a further record that names it.
    pub async fn take_note_back(self, it: Interaction) -> Result<(), Problem> {
        let back = Interaction { id: Some(fresh()), undoes: it.id, at: clock::now(), ..it };
        self.write(vec![Draft::new(Stream::Shop(back.shop), "interaction", &back)?]).await
    }
}
