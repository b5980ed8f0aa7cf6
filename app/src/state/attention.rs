//! Needs attention: what the server put aside, and what it took with a remark.

use super::{AppState, Problem};
use crate::effect::{
    ledger::{self, PutAside},
    storage::{QUARANTINE, from_text},
};
use dukandar_core::{
    id::EventId,
    sync::{
        event::{Event, Flag},
        protocol::QuarantineReason,
    },
    time::Timestamp,
};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// What an event was about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// The event.
    pub event: EventId,
    /// Its record's kind.
    pub kind: String,
    /// Its printed number, where it has one.
    pub number: Option<String>,
    /// When it was written, by its device.
    pub at: Timestamp,
    /// What the server remarked.
    pub flags: Vec<Flag>,
}

/// An event that the server put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// What it was.
    pub what: Noted,
    /// Why.
    pub reason: QuarantineReason,
}

impl Noted {
    fn of(event: Event, flags: Vec<Flag>) -> Self {
        let number = event.data["number"].as_str().map(str::to_owned);
        Self { event: event.id, kind: event.kind, number, at: event.at, flags }
    }
}

impl AppState {
    /// What waits for a word, newest first: this device's own, and with an account everybody's.
    pub async fn set_aside(self) -> Result<Vec<SetAside>, Problem> {
        let db = self.inner().db()?;
        let values = db.read(&[QUARANTINE])?.values(QUARANTINE, &JsValue::UNDEFINED, u32::MAX).await?;
        let mut all = Vec::new();
        for value in &values {
            let PutAside { event, reason, .. } = from_text(value)?;
            all.push(SetAside { what: Noted::of(event, Vec::new()), reason });
        }
        if self.account.with_untracked(Option::is_some)
            && self.online.get_untracked()
            // Offline, or without the role for it: the device's own are what there is to show.
            && let Ok(others) = self.attention().await
        {
            for other in others {
                if !all.iter().any(|known| known.what.event == other.event.id) {
                    all.push(SetAside { what: Noted::of(other.event, Vec::new()), reason: other.reason });
                }
            }
        }
        dukandar_core::order::by_key(&mut all, |aside| std::cmp::Reverse((aside.what.at, aside.what.event)));
        Ok(all)
    }

    /// What was taken with a remark that asks for a look, newest first.
    pub async fn remarks(self) -> Result<Vec<Noted>, Problem> {
        let flagged = ledger::flagged(&self.inner().db()?).await?;
        Ok(flagged.into_iter().rev().map(|it| Noted::of(it.event, it.flags)).collect())
    }

    /// Somebody has looked at it: it is off the list of this device.
    pub async fn looked_at(self, event: EventId) -> Result<(), Problem> {
        ledger::looked_at(&self.inner().db()?, event).await?;
        self.sync_now();
        Ok(())
    }
}
