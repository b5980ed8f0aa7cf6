//! Many forecasts at once: this worker makes one after the other and hears messages in between, and where there are
//! many it starts helpers, further copies of itself that open no database and get only the series they work on.
//!
//! A helper that cannot be started, or dies, costs nothing but its help: what it had in hand is made here. What a shop
//! learns once a week is learned by a helper alone, or not at all: it takes seconds in one piece.

use crate::{desk::Job, outlet};
use dukandar_app::{
    effect::{clock, port::Port},
    message::{FromWorker, RequestId, ToWorker},
};
use dukandar_core::{
    calendar::Calendar,
    demand::{Batch, Learned, Lesson, SeriesForecast, SeriesWork},
};
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Series from which helpers are worth their start, and from which the page says how far it is.
const MANY: usize = 48;
/// Series that a helper gets at once.
const PORTION: usize = 8;
/// Quiet before something is learned.
const SETTLE_MS: u32 = 5_000;
/// Most helpers: a phone has other things to do.
const MOST_HELPERS: usize = 4;

/// A run over many series.
pub struct Pool {
    calendar: Calendar,
    learned: Option<Learned>,
    open: RefCell<VecDeque<SeriesWork>>,
    /// Series that helpers have in hand.
    away: Cell<usize>,
    made: RefCell<Vec<SeriesForecast>>,
    done: Cell<u32>,
    total: u32,
    helpers: RefCell<Vec<Port>>,
    is_stopped: Cell<bool>,
    is_abandoned: Cell<bool>,
    put: Box<dyn Fn(Job)>,
}

impl Pool {
    /// Starts the run. Forecasts come back as jobs, [`Job::Forecasts`] and at the end [`Job::ForecastsEnd`].
    pub fn start(
        Batch { calendar, works }: Batch,
        learned: Option<Learned>,
        put: impl Fn(Job) + 'static,
    ) -> Rc<Self> {
        let pool = Rc::new(Self {
            calendar,
            learned,
            total: works.len() as u32,
            open: RefCell::new(works.into()),
            away: Cell::new(0),
            made: RefCell::default(),
            done: Cell::new(0),
            helpers: RefCell::default(),
            is_stopped: Cell::new(false),
            is_abandoned: Cell::new(false),
            put: Box::new(put),
        });
        if pool.total as usize >= MANY {
            let learned = pool.learned.as_ref().map(|it| ToWorker::Hear { learned: packed(it) });
            for _ in 0..helpers() {
                let port = Port::start(|_| ());
                if let Some(learned) = &learned {
                    port.post(learned, None);
                }
                pool.helpers.borrow_mut().push(port.clone());
                spawn_local(pool.clone().help(port));
            }
        }
        spawn_local(pool.clone().work());
        pool
    }

    /// Makes no more of them; what was made is kept.
    pub fn stop(&self) {
        self.is_stopped.set(true);
        self.open.borrow_mut().clear();
        self.end_helpers();
    }

    /// Stops and says nothing more: another database is opened.
    pub fn abandon(&self) {
        self.is_abandoned.set(true);
        self.stop();
    }

    fn end_helpers(&self) {
        for port in self.helpers.borrow_mut().drain(..) {
            port.end();
        }
    }

    /// One series after the other, with a turn of the event loop in between.
    async fn work(self: Rc<Self>) {
        let started = clock::elapsed_ms();
        loop {
            let next = self.open.borrow_mut().pop_front();
            match next {
                Some(work) => self.take(vec![work.forecast(&self.calendar, self.learned.as_ref())]),
                None if self.away.get() == 0 || self.is_stopped.get() => break,
                None => clock::sleep(5).await,
            }
            clock::turn().await;
        }
        self.end_helpers();
        self.hand_over();
        clock::measure("forecast:run", started);
        self.say(None);
        if !self.is_abandoned.get() {
            (self.put)(Job::ForecastsEnd { is_stopped: self.is_stopped.get() });
        }
    }

    /// Portions of the series, as long as there are any.
    async fn help(self: Rc<Self>, port: Port) {
        loop {
            let works: Vec<SeriesWork> = {
                let mut open = self.open.borrow_mut();
                let portion = PORTION.min(open.len());
                open.drain(..portion).collect()
            };
            if works.is_empty() {
                return;
            }
            self.away.set(self.away.get() + works.len());
            let count = works.len();
            let batch = Batch { calendar: self.calendar.clone(), works };
            let packed = packed(&batch);
            let made = ask(&port, |id| ToWorker::Fit { id, batch: packed }).await;
            let made = made.and_then(|message| match message {
                FromWorker::Fitted { made, .. } => postcard::from_bytes::<Vec<SeriesForecast>>(&made).ok(),
                _ => None,
            });
            let answer = made.filter(|made| made.len() == count);
            self.away.set(self.away.get() - count);
            match answer {
                Some(made) => self.take(made),
                None => {
                    // Whoever is left makes them.
                    if !self.is_stopped.get() {
                        self.open.borrow_mut().extend(batch.works);
                    }
                    return;
                }
            }
        }
    }

    fn take(&self, made: Vec<SeriesForecast>) {
        self.done.set(self.done.get() + made.len() as u32);
        self.made.borrow_mut().extend(made);
        if self.made.borrow().len() >= PORTION {
            self.hand_over();
            self.say(Some((self.done.get(), self.total)));
        }
    }

    fn hand_over(&self) {
        let made = std::mem::take(&mut *self.made.borrow_mut());
        if !made.is_empty() && !self.is_abandoned.get() {
            (self.put)(Job::Forecasts(made));
        }
    }

    fn say(&self, progress: Option<(u32, u32)>) {
        if self.total as usize >= MANY {
            outlet::post(&FromWorker::Forecasting(progress));
        }
    }
}

/// How many helpers this device has cores for.
fn helpers() -> usize {
    let cores = outlet::scope().navigator().hardware_concurrency() as usize;
    cores.saturating_sub(1).clamp(1, MOST_HELPERS)
}

/// What a shop's products teach each other, learned beside everything else.
pub struct Learning {
    port: RefCell<Option<Port>>,
    is_over: Cell<bool>,
}

impl Learning {
    /// Starts; `put` gets what was learned, or nothing when the helper died.
    pub fn start(lesson: Lesson, put: impl FnOnce(Lesson, Option<Learned>) + 'static) -> Rc<Self> {
        let learning = Rc::new(Self { port: RefCell::default(), is_over: Cell::new(false) });
        let this = learning.clone();
        spawn_local(async move {
            // Whoever has just opened the app waits for screens, not for this.
            clock::sleep(SETTLE_MS).await;
            if this.is_over.get() {
                return;
            }
            let started = clock::elapsed_ms();
            say_learning(true);
            let packed = packed(&lesson);
            let port = Port::start(|_| ());
            this.port.replace(Some(port.clone()));
            let learned = match ask(&port, |id| ToWorker::Learn { id, lesson: packed }).await {
                Some(FromWorker::Learned { learned, .. }) => postcard::from_bytes(&learned).ok(),
                _ => None,
            };
            if !this.is_over.replace(true) {
                port.end();
                clock::measure("forecast:lesson", started);
                say_learning(false);
                put(lesson, learned);
            }
        });
        learning
    }

    /// Stops and says nothing more.
    pub fn end(&self) {
        if !self.is_over.replace(true) {
            self.port.take().into_iter().for_each(|port| port.end());
            say_learning(false);
        }
    }
}

/// Nothing of nothing stands for learning.
fn say_learning(is_on: bool) {
    outlet::post(&FromWorker::Forecasting(is_on.then_some((0, 0))));
}

/// For a helper.
pub fn packed<T: serde::Serialize>(message: &T) -> Vec<u8> {
    // A message of plain data always serialises.
    postcard::to_allocvec(message).unwrap_or_default()
}

/// What a helper answers; none when it has died.
pub async fn ask(port: &Port, make: impl FnOnce(RequestId) -> ToWorker) -> Option<FromWorker> {
    let slot = Rc::new(RefCell::new(None));
    let mut make = Some(make);
    let answered = js_sys::Promise::new(&mut |resolve, _| {
        let slot = slot.clone();
        // Called once, at once.
        let Some(make) = make.take() else { return };
        port.request(make, None, move |message, _| {
            slot.replace(Some(message));
            let _ = resolve.call0(&JsValue::NULL);
        });
    });
    // A promise that is only ever resolved.
    let _ = JsFuture::from(answered).await;
    slot.take()
}
