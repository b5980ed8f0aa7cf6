//! The day: the drawer is counted, expenses and services are written down, staff come and go.

use super::{AppState, Problem, khata::fresh};
use crate::effect::{
    clock,
    journal::{self, Append, Draft, Identity},
    storage::StorageError,
};
use dukandar_core::{
    id::{DocumentId, ShopId, UserId},
    insight::day::{Act, DayAnswer},
    money::Paisa,
    record::{CashMovement, Closing, Expense, Service, StaffAct, StaffActKind, Wallet},
    sync::event::Stream,
};
use leptos::prelude::{GetUntracked, WithUntracked};
use std::collections::BTreeMap;

/// A count of the drawer as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Before the first customer, or after the last.
    pub opening: bool,
    /// Denomination in rupees → pieces.
    pub notes: BTreeMap<u32, u32>,
    /// Balances that were looked up.
    pub floats: BTreeMap<Wallet, Paisa>,
    /// What there is to say.
    pub note: String,
}

impl Counted {
    /// What the notes come to.
    pub fn amount(&self) -> Paisa {
        self.notes.iter().map(|(&note, &pieces)| Paisa::rupees(i64::from(note) * i64::from(pieces))).sum()
    }
}

impl AppState {
    /// Writes a count of the drawer, as an opening or a closing of the day in `known`. A day is closed once: to count
    /// again it is opened again.
    pub async fn count_drawer(self, known: &DayAnswer, counted: Counted) -> Result<(), Problem> {
        if !counted.opening && known.closed().is_some() {
            return Err(Problem::Invalid { field: "day", expected: "a day that is not closed yet" });
        }
        let now = clock::now();
        let id = fresh();
        let Counted { opening, notes, floats, note } = counted;
        let closing = Closing { floats, note, ..known.count(id, now, opening, notes) };
        self.enter(known.shop, "closing", move |identity, stream, kind| {
            Draft::new(stream, kind, &Closing { staff: identity.actor, ..closing })
        })
        .await
    }

    /// Writes down what a hand did beside selling; `undoes` names the document that it takes back.
    pub async fn act(
        self,
        shop: ShopId,
        act: Act,
        undoes: Option<DocumentId>,
    ) -> Result<DocumentId, Problem> {
        let (id, at) = (fresh(), clock::now());
        let stream = Stream::Shop(shop);
        let draft = match act {
            Act::Expense { category, amount, paid } => {
                Draft::new(stream, "expense", &Expense { id, shop, category, amount, at, paid, undoes })
            }
            Act::Movement { reason, amount } => {
                Draft::new(stream, "cash_movement", &CashMovement { id, shop, amount, reason, at, undoes })
            }
            Act::Service { kind, wallet, amount, commission, fee, paid } => {
                let customer = None;
                let service =
                    Service { id, shop, kind, customer, amount, commission, at, wallet, fee, paid, undoes };
                Draft::new(stream, "service", &service)
            }
        };
        self.write(vec![draft?]).await?;
        Ok(id)
    }

    /// Whoever is here comes or goes: at the counter, else signed in.
    pub async fn clock_in(self, shop: ShopId, comes: bool) -> Result<(), Problem> {
        let act = if comes { StaffActKind::ClockIn } else { StaffActKind::ClockOut };
        self.enter(shop, "staff_act", move |identity, stream, kind| {
            let user =
                identity.actor.ok_or_else(|| StorageError::Damaged("nobody is signed in".to_owned()))?;
            Draft::new(stream, kind, &StaffAct { user, shop, act, at: clock::now(), taken_back: false })
        })
        .await?;
        if !comes && self.hand.with_untracked(Option::is_some) {
            self.leave_counter().await?;
        }
        Ok(())
    }

    async fn enter(
        self,
        shop: ShopId,
        kind: &str,
        make: impl FnOnce(&Identity, Stream, &str) -> Result<Draft, StorageError>,
    ) -> Result<(), Problem> {
        let db = self.inner().db()?;
        let stream = Stream::Shop(shop);
        journal::append(&db, Append::RECORDS, |identity, _| Ok((vec![make(identity, stream, kind)?], ())))
            .await?;
        self.journal_changed();
        Ok(())
    }

    /// Who is here, as records name them: at the counter, else signed in.
    pub async fn this_user(self) -> Result<Option<UserId>, Problem> {
        if let Some(hand) = self.hand.get_untracked() {
            return Ok(Some(hand.user));
        }
        Ok(journal::identity(&self.inner().db()?).await?.and_then(|identity| identity.actor))
    }
}
