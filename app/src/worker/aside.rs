//! Long work for a screen that few look at: one helper does it piece by piece, while this worker answers the other
//! screens. It waits while forecasts are being made, and ends when nobody waits for it any more.
//!
//! One helper, never more: of two cores one stays free for the page. A helper that dies ends the work; what it had
//! found is kept.

use crate::{
    desk::Job,
    outlet,
    pool::{ask, packed},
};
use dukandar_app::{
    effect::{clock, port::Port},
    message::{FromWorker, ToWorker},
};
use dukandar_core::demand::study::{Found, Piece};
use std::{cell::Cell, rc::Rc};
use wasm_bindgen_futures::spawn_local;

/// Between two looks whether it may go on.
const PAUSE_MS: u32 = 100;

/// What a run may do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// Go on.
    Granted,
    /// Something more urgent is being made.
    NotNow,
    /// Nobody waits for it.
    NotAny,
}

/// A run.
pub struct Aside {
    is_stopped: Cell<bool>,
    port: Port,
}

impl Aside {
    /// Starts it. What was found comes back as [`Job::Found`], at the end [`Job::AsideEnd`].
    pub fn start(
        pieces: Vec<Piece>,
        leave: impl Fn() -> Leave + 'static,
        put: impl Fn(Job) + 'static,
    ) -> Rc<Self> {
        let aside = Rc::new(Self { is_stopped: Cell::new(false), port: Port::start(|_| ()) });
        spawn_local(aside.clone().work(pieces, Box::new(leave), Box::new(put)));
        aside
    }

    /// Does no more of it.
    pub fn stop(&self) {
        self.is_stopped.set(true);
        self.port.end();
    }

    async fn work(self: Rc<Self>, pieces: Vec<Piece>, leave: Box<dyn Fn() -> Leave>, put: Box<dyn Fn(Job)>) {
        let (started, total) = (clock::elapsed_ms(), pieces.len() as u32);
        let mut is_broken = false;
        for (done, piece) in (0..).zip(pieces) {
            let mut granted = leave();
            while granted == Leave::NotNow && !self.is_stopped.get() {
                clock::sleep(PAUSE_MS).await;
                granted = leave();
            }
            if granted != Leave::Granted || self.is_stopped.get() {
                break;
            }
            outlet::post(&FromWorker::Forecasting(Some((done, total))));
            let packed = packed(&piece);
            let found = match ask(&self.port, |id| ToWorker::Study { id, piece: packed }).await {
                Some(FromWorker::Fitted { made, .. }) => postcard::from_bytes::<Found>(&made).ok(),
                _ => None,
            };
            let Some(found) = found else {
                is_broken = true;
                break;
            };
            put(Job::Found(Box::new((piece, found))));
        }
        self.port.end();
        clock::measure("forecast:aside", started);
        outlet::post(&FromWorker::Forecasting(None));
        put(Job::AsideEnd { in_part: is_broken || self.is_stopped.get() });
    }
}
