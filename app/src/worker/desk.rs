//! The worker's desk: takes messages as they come, does one job after the other, hears "cancel" in between.

use crate::{
    aside::{Aside, Leave},
    engine::Engine,
    import, outlet,
    pool::{Learning, Pool},
    source, workbook,
};
use dukandar_app::{
    effect::{
        clock,
        storage::{Db, StorageError},
        sync::{self, Doorbell, News},
    },
    message::{Failure, FromWorker, ImportChoices, RequestId, SyncPhase, ToWorker},
};
use dukandar_core::{
    demand::{
        Batch, Learned, Lesson, SeriesForecast,
        study::{Found, Piece},
    },
    sync::event::Confirmed,
    task::Task,
};
use js_sys::{Array, Uint8Array};
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeSet, VecDeque},
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, MessageEvent};

/// Something to be done in its turn.
pub enum Job {
    /// The page asks.
    Message(ToWorker, Option<File>),
    /// The server's events are stored: fold them in.
    Pulled(Vec<Confirmed>),
    /// Forecasts that were made.
    Forecasts(Vec<SeriesForecast>),
    /// What was learned, with the series to forecast anew.
    Learned(Batch, Learned),
    /// Forecasts made with it.
    Renewed(Learned, Vec<SeriesForecast>),
    /// No more of them are being made.
    ForecastsEnd {
        /// The user stopped it.
        is_stopped: bool,
    },
    /// A piece of long work is done.
    Found(Box<(Piece, Found)>),
    /// No more of it is being done.
    AsideEnd {
        /// It was stopped, or could not be done: who waits gets what there is.
        in_part: bool,
    },
    /// There is more in the journal or the manifest.
    Refresh,
    /// Nothing more is to be fetched: predictions that are due can be judged.
    Judge,
}

/// Jobs in order, and the requests that nobody waits for any more.
#[derive(Default)]
pub struct Desk {
    jobs: RefCell<VecDeque<Job>>,
    waker: RefCell<Option<Waker>>,
    cancelled: RefCell<BTreeSet<RequestId>>,
    is_importing: Cell<bool>,
    /// The run that makes forecasts, and the questions that wait for its end.
    pool: RefCell<Option<Rc<Pool>>>,
    held: RefCell<Vec<ToWorker>>,
    /// What the shop's products teach each other is being learned, or was and all forecasts are being made anew.
    learning: RefCell<Option<Rc<Learning>>>,
    renewal: RefCell<Option<Rc<Pool>>>,
    /// Nothing is learned until a database is opened again: the user stopped it, or it came to nothing.
    learns_no_more: Cell<bool>,
    /// Of a helper: what it was told.
    learned: RefCell<Option<Learned>>,
    /// The user stopped a run: what is missing is made while a question is answered, not before.
    answers_at_once: Cell<bool>,
    /// Long work, and the questions that wait for it.
    aside: RefCell<Option<Rc<Aside>>>,
    waiting: RefCell<Vec<(RequestId, Task)>>,
    /// Questions that are answered with what of it is done: it was stopped, or came to nothing.
    in_part: RefCell<BTreeSet<RequestId>>,
    doorbell: Doorbell,
}

impl Desk {
    /// Puts a job at the end.
    pub fn push(&self, job: Job) {
        self.jobs.borrow_mut().push_back(job);
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    /// Whether nobody waits for this request any more.
    pub fn is_cancelled(&self, id: RequestId) -> bool {
        self.cancelled.borrow().contains(&id)
    }

    /// Another database is opened: forecasts of the one before are of no use.
    fn abandon_forecasts(&self) {
        self.pool.take().into_iter().for_each(|pool| pool.abandon());
        self.stop_learning();
        self.held.take();
        self.aside.take().into_iter().for_each(|aside| aside.stop());
        self.waiting.take();
        self.answers_at_once.set(false);
        self.learns_no_more.set(false);
    }

    fn stop_learning(&self) {
        self.learning.take().into_iter().for_each(|learning| learning.end());
        self.renewal.take().into_iter().for_each(|pool| pool.abandon());
    }

    /// What long work may do next.
    fn leave(&self) -> Leave {
        if !self.waiting.borrow().iter().any(|(id, _)| !self.is_cancelled(*id)) {
            Leave::NotAny
        } else if self.pool.borrow().is_some() || self.learning.borrow().is_some() {
            Leave::NotNow
        } else {
            Leave::Granted
        }
    }

    async fn next(&self) -> Job {
        poll_fn(|context| match self.jobs.borrow_mut().pop_front() {
            Some(job) => Poll::Ready(job),
            None => {
                *self.waker.borrow_mut() = Some(context.waker().clone());
                Poll::Pending
            }
        })
        .await
    }

    fn hear(&self, event: &MessageEvent) {
        let Ok(parts) = event.data().dyn_into::<Array>() else { return };
        let bytes = Uint8Array::new(&parts.get(0)).to_vec();
        let Ok(message) = postcard::from_bytes::<ToWorker>(&bytes) else {
            web_sys::console::error_1(&"a message from the page could not be read".into());
            return;
        };
        match message {
            // Not queued: it speaks of what is queued or running.
            ToWorker::Cancel { id } => {
                self.cancelled.borrow_mut().insert(id);
            }
            ToWorker::StopForecasting => {
                if let Some(pool) = self.pool.borrow().as_ref() {
                    pool.stop();
                }
                self.stop_learning();
                self.learns_no_more.set(true);
                if let Some(aside) = self.aside.borrow().as_ref() {
                    aside.stop();
                }
            }
            ToWorker::SyncNow => self.doorbell.ring(),
            message => self.push(Job::Message(message, parts.get(1).dyn_into().ok())),
        }
    }
}

/// Starts to listen, says so, and works until the page ends the worker.
pub fn open() {
    let desk = Rc::new(Desk::default());
    let ear = desk.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| ear.hear(&event));
    outlet::scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    outlet::post(&FromWorker::Ready);
    spawn_local(work(desk));
}

async fn work(desk: Rc<Desk>) {
    let mut engine: Option<Engine> = None;
    loop {
        let done = match desk.next().await {
            Job::Message(message, file) => serve(&desk, &mut engine, message, file).await,
            Job::Pulled(events) => match engine.as_mut() {
                Some(engine) => {
                    engine.pulled(&events);
                    refresh(engine).await
                }
                None => Ok(()),
            },
            Job::Forecasts(made) => match engine.as_mut() {
                Some(engine) => engine.keep(made).await,
                None => Ok(()),
            },
            Job::Learned(batch, learned) => {
                start_renewal(&desk, batch, learned);
                Ok(())
            }
            Job::Renewed(learned, made) => match engine.as_mut() {
                Some(engine) => {
                    *desk.renewal.borrow_mut() = None;
                    let written = engine.renew(learned, made).await;
                    outlet::post(&FromWorker::Renewed);
                    written.and(engine.note_training().await)
                }
                None => Ok(()),
            },
            Job::ForecastsEnd { is_stopped } => {
                *desk.pool.borrow_mut() = None;
                // After a stop the questions are answered all the same, with what they still lack made on the way.
                let held = std::mem::take(&mut *desk.held.borrow_mut());
                held.into_iter().for_each(|message| desk.push(Job::Message(message, None)));
                desk.answers_at_once.set(is_stopped);
                match engine.as_mut() {
                    Some(engine) => engine.note_training().await,
                    None => Ok(()),
                }
            }
            Job::Found(done) => {
                if let Some(engine) = engine.as_mut() {
                    engine.learn(&done.0, done.1);
                }
                Ok(())
            }
            Job::AsideEnd { in_part } => {
                *desk.aside.borrow_mut() = None;
                for (id, task) in desk.waiting.take() {
                    if in_part {
                        desk.in_part.borrow_mut().insert(id);
                    }
                    desk.push(Job::Message(ToWorker::Run { id, task }, None));
                }
                match engine.as_ref() {
                    Some(engine) => engine.keep_studies().await,
                    None => Ok(()),
                }
            }
            Job::Refresh => match engine.as_mut() {
                Some(engine) => refresh(engine).await,
                None => Ok(()),
            },
            Job::Judge => match engine.as_mut() {
                Some(engine) => engine.judge().await.map(|is_new| {
                    if is_new {
                        desk.doorbell.ring()
                    }
                }),
                None => Ok(()),
            },
        };
        if let Err(error) = done {
            outlet::post(&FromWorker::Unavailable(error));
        }
        // Messages that came meanwhile, a cancel among them, are heard before the next job.
        clock::turn().await;
    }
}

async fn refresh(engine: &mut Engine) -> Result<(), StorageError> {
    if engine.refresh().await? {
        outlet::post(&engine.tables_message());
        engine.keep_shops().await?;
    }
    Ok(())
}

async fn serve(
    desk: &Rc<Desk>,
    engine: &mut Option<Engine>,
    message: ToWorker,
    file: Option<File>,
) -> Result<(), StorageError> {
    match message {
        ToWorker::Open { database } => {
            // After a sign-in the same database is opened again: only sync has news then.
            if engine.as_ref().is_none_or(|engine| engine.database != database) {
                if engine.is_some() {
                    desk.abandon_forecasts();
                }
                let opened = engine.insert(Engine::open(&database, None).await?);
                refresh(opened).await?;
                import::clear_staging(&opened.db).await?;
                start_sync(desk, opened.db.clone());
            }
            desk.doorbell.sign_in();
        }
        ToWorker::OpenSample { database, seed, now } => {
            desk.abandon_forecasts();
            let opened = engine.insert(Engine::open(&database, Some((seed, now))).await?);
            refresh(opened).await?;
        }
        ToWorker::Run { id, task } => {
            if desk.cancelled.borrow_mut().remove(&id) {
                return Ok(());
            }
            let Some(engine) = engine else {
                outlet::fail(id, Failure::NotOpen);
                return Ok(());
            };
            let due = engine.due(&task).await?;
            if !due.works.is_empty() && !desk.answers_at_once.get() {
                desk.held.borrow_mut().push(ToWorker::Run { id, task });
                start_forecasting(desk, engine, due);
                return Ok(());
            }
            let mut open = engine.pieces(&task).await?;
            let is_in_part = desk.in_part.borrow_mut().remove(&id);
            if let Some(one) = open.pop().filter(|_| !is_in_part) {
                open.push(one);
                desk.waiting.borrow_mut().push((id, task));
                start_aside(desk, open);
                return Ok(());
            }
            match engine.run(task.clone()).await {
                Ok(answer) => {
                    let version = engine.version;
                    outlet::post(&FromWorker::Answer { id, version, answer: Box::new(answer.clone()) });
                    // After the screen has it. A history that cannot be kept now disturbs nobody: the disk's
                    // state shows elsewhere.
                    match engine.note_shown(&task, &answer).await {
                        Ok(is_new) if is_new => desk.doorbell.ring(),
                        Ok(_) => {}
                        Err(error) => outlet::warn(&format!("predictions shown were not kept: {error}")),
                    }
                }
                Err(failure) => outlet::fail(id, failure),
            }
            if let Some(lesson) = engine.lesson.take() {
                start_learning(desk, lesson);
            }
        }
        ToWorker::Preview { id, sheet } => match file {
            Some(file) => match source::preview(&file, sheet).await {
                Ok(preview) => outlet::post(&FromWorker::Preview { id, preview: Box::new(preview) }),
                Err(failure) => outlet::fail(id, failure),
            },
            None => outlet::fail(id, Failure::Unreadable("no file came with the request".to_owned())),
        },
        ToWorker::List { id, sheet } => match file {
            Some(file) => match workbook::list(&file, sheet).await {
                Ok(list) => outlet::post(&FromWorker::List { id, list: Box::new(list) }),
                Err(failure) => outlet::fail(id, failure),
            },
            None => outlet::fail(id, Failure::Unreadable("no file came with the request".to_owned())),
        },
        ToWorker::Fit { id, batch } => {
            // Written by this same program; what cannot be read is made by whoever asked.
            let batch: Batch = postcard::from_bytes(&batch).unwrap_or_default();
            let made: Vec<SeriesForecast> = batch.forecasts(desk.learned.borrow().as_ref()).collect();
            outlet::post(&FromWorker::Fitted { id, made: postcard::to_allocvec(&made).unwrap_or_default() });
        }
        ToWorker::Hear { learned } => *desk.learned.borrow_mut() = postcard::from_bytes(&learned).ok(),
        ToWorker::Learn { id, lesson } => {
            // As above: a lesson that cannot be read teaches nothing.
            let learned = postcard::from_bytes::<Lesson>(&lesson).map(|lesson| lesson.learn());
            let learned = learned.and_then(|learned| postcard::to_allocvec(&learned)).unwrap_or_default();
            outlet::post(&FromWorker::Learned { id, learned });
        }
        ToWorker::Study { id, piece } => {
            // As above: a piece that cannot be read is not answered with anything that could be.
            let found = postcard::from_bytes::<Piece>(&piece).map(|piece| piece.work());
            let made = found.and_then(|found| postcard::to_allocvec(&found)).unwrap_or_default();
            outlet::post(&FromWorker::Fitted { id, made });
        }
        ToWorker::Unseal { id, sealed } => match engine {
            Some(engine) => {
                let people = engine.unseal(&sealed).await?;
                outlet::post(&FromWorker::People { id, people });
            }
            None => outlet::fail(id, Failure::NotOpen),
        },
        ToWorker::Seal { id, people, whose } => match engine {
            Some(engine) => {
                let locked = engine.seal(&people, whose).await?;
                outlet::post(&FromWorker::Locked { id, locked });
            }
            None => outlet::fail(id, Failure::NotOpen),
        },
        ToWorker::Find { id, query, today, limit } => match engine {
            Some(engine) => {
                let found = engine.find(&query, today, limit as usize).await?;
                outlet::post(&FromWorker::Found { id, found });
            }
            None => outlet::fail(id, Failure::NotOpen),
        },
        ToWorker::Import { id, choices } => start_import(desk, engine, id, *choices, file),
        ToWorker::JournalChanged => {
            if let Some(engine) = engine {
                refresh(engine).await?;
            }
            desk.doorbell.ring();
        }
        ToWorker::SyncNow => desk.doorbell.ring(),
        // Heard at once, never queued.
        ToWorker::Cancel { .. } | ToWorker::StopForecasting => {}
    }
    Ok(())
}

/// Does long work beside the other jobs, one run at a time: what another question needs is begun when it has ended.
fn start_aside(desk: &Rc<Desk>, open: Vec<Piece>) {
    let mut aside = desk.aside.borrow_mut();
    if aside.is_none() {
        let (asks, back) = (desk.clone(), desk.clone());
        *aside = Some(Aside::start(open, move || asks.leave(), move |job| back.push(job)));
    }
}

/// Makes forecasts beside the other jobs. One run at a time: what is due then is asked anew when it has ended.
fn start_forecasting(desk: &Rc<Desk>, engine: &Engine, due: Batch) {
    let mut pool = desk.pool.borrow_mut();
    if pool.is_none() {
        let back = desk.clone();
        let shop = due.works.first().and_then(|work| work.key.shop);
        let learned = engine.forecasts.learned(shop).cloned();
        *pool = Some(Pool::start(due, learned, move |job| back.push(job)));
    }
}

/// Learns beside the other jobs, one lesson at a time, once all questions are answered.
fn start_learning(desk: &Rc<Desk>, lesson: Lesson) {
    let mut learning = desk.learning.borrow_mut();
    let is_busy = learning.is_some() || desk.renewal.borrow().is_some();
    if is_busy || desk.learns_no_more.get() {
        return;
    }
    let back = desk.clone();
    *learning = Some(Learning::start(lesson, move |lesson, learned| {
        *back.learning.borrow_mut() = None;
        match learned {
            Some(learned) => back.push(Job::Learned(lesson.into_batch(), learned)),
            None => back.learns_no_more.set(true),
        }
    }));
}

/// Makes all forecasts anew with what was learned; they take the old ones' place together.
fn start_renewal(desk: &Rc<Desk>, batch: Batch, learned: Learned) {
    let (back, heard) = (desk.clone(), learned.clone());
    let made: RefCell<Vec<SeriesForecast>> = RefCell::default();
    let put = move |job| match job {
        Job::Forecasts(these) => made.borrow_mut().extend(these),
        // stopped half-way: what was there before stands
        Job::ForecastsEnd { is_stopped: false } => {
            back.push(Job::Renewed(learned.clone(), made.take()));
        }
        _ => {}
    };
    *desk.renewal.borrow_mut() = Some(Pool::start(batch, Some(heard), put));
}

/// Runs beside the other jobs: tasks are answered while a file streams in.
fn start_import(
    desk: &Rc<Desk>,
    engine: &mut Option<Engine>,
    id: RequestId,
    choices: ImportChoices,
    file: Option<File>,
) {
    let (Some(engine), Some(file)) = (engine, file) else {
        outlet::fail(id, Failure::NotOpen);
        return;
    };
    if desk.is_importing.replace(true) {
        outlet::fail(id, Failure::Busy);
        return;
    }
    let (db, known, desk) = (engine.db.clone(), engine.customers(), desk.clone());
    spawn_local(async move {
        match import::run(&desk, &db, id, choices, known, &file).await {
            Ok(()) => {
                desk.push(Job::Refresh);
                outlet::post(&FromWorker::JournalChanged);
                desk.doorbell.ring();
            }
            Err(failure) => outlet::fail(id, failure),
        }
        desk.is_importing.set(false);
        desk.cancelled.borrow_mut().remove(&id);
    });
}

fn start_sync(desk: &Rc<Desk>, db: Db) {
    let (doorbell, desk) = (desk.doorbell.clone(), desk.clone());
    spawn_local(sync::run(db, doorbell, move |news| match news {
        News::State(state) => {
            if matches!(state.phase, SyncPhase::Quiet | SyncPhase::LocalOnly) {
                desk.push(Job::Judge);
            }
            outlet::post(&FromWorker::Sync(state));
        }
        News::Pulled(events) => {
            desk.push(Job::Pulled(events));
            outlet::post(&FromWorker::JournalChanged);
        }
        News::Changed => {
            desk.push(Job::Refresh);
            outlet::post(&FromWorker::JournalChanged);
        }
    }));
}
