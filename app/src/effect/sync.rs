//! Drives core's sync client: carries out its effects with network and database, one leader among all tabs.
//! Runs in the worker, so that no page waits for it. Nothing here decides anything about sync.

use super::{
    clock, journal,
    ledger::{self, Loaded},
    lock::{self, Held, Request},
    network,
    storage::{Db, META, StorageError},
};
use crate::message::{SyncPhase, SyncState};
use dukandar_core::sync::{
    client::{Client, Effect, IDLE_MS, Input},
    event::Confirmed,
    protocol::{PROTOCOL_VERSION, Pull, Push},
};
use dukandar_server::api::{self, ApiError};
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};

const LOCK: &str = "dukandar-sync";
/// Meta row: when the leader last showed a sign of life.
const HEARTBEAT: &str = "sync_heartbeat";
/// A leader silent for this long is frozen or gone: another one takes over. Two leaders are harmless.
const SILENCE_MS: i64 = 90_000;
/// A follower looks again after this.
const FOLLOW_MS: u32 = 10_000;
const ACCOUNT: &str = "account";

/// What sync has to say.
pub enum News {
    /// Where it stands.
    State(SyncState),
    /// Events of the server are stored.
    Pulled(Vec<Confirmed>),
    /// Stored events were taken back or put aside, or segments were fetched and count now.
    Changed,
}

/// Wakes sync before its time.
#[derive(Clone, Default)]
pub struct Doorbell(Rc<Bell>);

#[derive(Default)]
struct Bell {
    is_rung: Cell<bool>,
    is_over: Cell<bool>,
    has_signed_in: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Doorbell {
    /// Something is to be sent, or someone looks.
    pub fn ring(&self) {
        self.0.is_rung.set(true);
        self.wake();
    }

    /// The person signed in.
    pub fn sign_in(&self) {
        self.0.has_signed_in.set(true);
        self.ring();
    }

    fn wake(&self) {
        if let Some(waker) = self.0.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    /// Returns when rung (true), or after this time (false).
    async fn wait(&self, ms: u64) -> bool {
        self.0.is_over.set(false);
        let bell = self.clone();
        // At most a day: timers count in 31 bits.
        let timer = gloo::timers::callback::Timeout::new(ms.min(86_400_000) as u32, move || {
            bell.0.is_over.set(true);
            bell.wake();
        });
        let is_rung = poll_fn(|context| {
            if self.0.is_rung.replace(false) {
                return Poll::Ready(true);
            }
            if self.0.is_over.get() {
                return Poll::Ready(false);
            }
            *self.0.waker.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
        timer.cancel();
        is_rung
    }
}

/// Syncs a database for as long as the worker lives.
pub async fn run(db: Db, doorbell: Doorbell, tell: impl Fn(News)) {
    loop {
        match lead(&db, &doorbell, &tell).await {
            Ok(()) => {}
            Err(StorageError::Outdated) => return,
            Err(error) => {
                web_sys::console::warn_1(&format!("sync pauses: {error}").into());
                doorbell.wait(IDLE_MS).await;
            }
        }
    }
}

/// Waits for leadership: the lock, or a leader's long silence.
async fn leadership(db: &Db, doorbell: &Doorbell) -> Result<Option<Held>, StorageError> {
    loop {
        match lock::take(LOCK, false).await {
            Request::Held(held) => return Ok(Some(held)),
            Request::Unknown => return Ok(None),
            Request::Taken => {}
        }
        let beat: i64 = db.read(&[META])?.meta(HEARTBEAT).await?.unwrap_or_default();
        if clock::now().0.saturating_sub(beat) > SILENCE_MS
            && let Request::Held(held) = lock::take(LOCK, true).await
        {
            return Ok(Some(held));
        }
        doorbell.wait(FOLLOW_MS.into()).await;
    }
}

async fn lead(db: &Db, doorbell: &Doorbell, tell: &impl Fn(News)) -> Result<(), StorageError> {
    let _held = leadership(db, doorbell).await?;
    let mut driver = Driver { db, tell, state: SyncState::default(), steps: VecDeque::new() };
    loop {
        // Without an account nothing leaves the device.
        while db.read(&[META])?.get(META, &ACCOUNT.into()).await?.is_none() {
            driver.say(SyncPhase::LocalOnly).await?;
            doorbell.wait(SILENCE_MS as u64).await;
        }
        doorbell.0.has_signed_in.set(false);
        let Loaded { saved, outbox, kept, aside } = ledger::load(db).await?;
        let mut client = Client::open(saved, outbox, kept, aside, clock::entropy());
        let mut wait_ms = driver.drive(&mut client, Input::Online).await?;
        loop {
            driver.beat().await?;
            driver.fetch_segments().await?;
            let signed_out = driver.state.phase == SyncPhase::NeedsSignIn;
            let is_rung = doorbell.wait(if signed_out { SILENCE_MS as u64 / 2 } else { wait_ms }).await;
            if doorbell.0.has_signed_in.replace(false) {
                // Perhaps as another person: begin with what is stored now.
                break;
            }
            if db.read(&[META])?.get(META, &ACCOUNT.into()).await?.is_none() {
                break;
            }
            let commit = Input::LocalCommit(ledger::outbox(db).await?);
            wait_ms = driver.drive(&mut client, commit).await?;
            let next = if is_rung { Input::Online } else { Input::Tick };
            wait_ms = driver.drive(&mut client, next).await?.min(wait_ms);
        }
    }
}

struct Driver<'a, T> {
    db: &'a Db,
    tell: &'a T,
    state: SyncState,
    steps: VecDeque<Effect>,
}

impl<T: Fn(News)> Driver<'_, T> {
    /// One input and everything that follows from it. Returns how long to wait then.
    async fn drive(&mut self, client: &mut Client, input: Input) -> Result<u64, StorageError> {
        let mut wait_ms = IDLE_MS;
        self.steps.extend(client.step(steady_ms(), input));
        while let Some(effect) = self.steps.pop_front() {
            if let Effect::Wait(ms) = effect {
                wait_ms = ms;
                continue;
            }
            if let Some(answer) = self.carry_out(effect).await? {
                self.steps.extend(client.step(steady_ms(), answer));
            }
        }
        if self.state.phase == SyncPhase::Busy {
            self.say(SyncPhase::Quiet).await?;
        } else {
            self.say(self.state.phase).await?;
        }
        Ok(wait_ms)
    }

    async fn carry_out(&mut self, effect: Effect) -> Result<Option<Input>, StorageError> {
        match effect {
            Effect::Push { request, events, relay } => {
                self.say(SyncPhase::Busy).await?;
                let Some(identity) = journal::identity(self.db).await? else { return Ok(None) };
                let push = Push {
                    protocol: PROTOCOL_VERSION,
                    device: identity.device,
                    epoch: identity.epoch,
                    events: ledger::events(self.db, &events).await?,
                    relay,
                };
                Ok(Some(match api::push(push).await {
                    Ok(reply) => {
                        self.heard();
                        Input::PushReply(request, reply)
                    }
                    Err(error) => self.failed(request, &error),
                }))
            }
            Effect::Pull { request, cursors, limit } => {
                let Some(identity) = journal::identity(self.db).await? else { return Ok(None) };
                let pull = Pull { protocol: PROTOCOL_VERSION, device: identity.device, cursors, limit };
                Ok(Some(match api::pull(pull).await {
                    Ok(reply) => {
                        self.heard();
                        Input::PullReply(request, reply)
                    }
                    Err(error) => self.failed(request, &error),
                }))
            }
            Effect::ListSegments { request, cursors } => {
                self.say(SyncPhase::Busy).await?;
                Ok(Some(match api::segments(cursors).await {
                    Ok(list) => {
                        self.heard();
                        Input::SegmentList(request, list)
                    }
                    Err(error) => self.failed(request, &error),
                }))
            }
            Effect::FetchSegment { request, segment } => {
                self.say(SyncPhase::Busy).await?;
                Ok(Some(match network::get_events(&segment.hash).await {
                    Ok(events) => {
                        self.heard();
                        Input::Segment(request, events)
                    }
                    Err(error) => self.failed(request, &error),
                }))
            }
            Effect::FindOrphans(streams) => {
                Ok(Some(Input::Orphans(ledger::orphans(self.db, &streams).await?)))
            }
            Effect::UploadSegments(hashes) => {
                self.say(SyncPhase::Busy).await?;
                for hash in &hashes {
                    let bytes = ledger::segment(self.db, hash).await?;
                    let bytes =
                        bytes.ok_or_else(|| StorageError::Damaged(format!("segment {hash} is missing")))?;
                    if let Err(error) = network::put_segment(hash, &bytes).await {
                        return Ok(Some(self.failed(0, &error)));
                    }
                }
                Ok(Some(Input::SegmentsUploaded(hashes)))
            }
            Effect::StoreConfirmed { events, home, seen_ms, saved } => {
                ledger::store_confirmed(self.db, &events, &home, seen_ms, &saved).await?;
                if !events.is_empty() {
                    (self.tell)(News::Pulled(events));
                }
                Ok(None)
            }
            Effect::Quarantine { id, reason, detail } => {
                ledger::quarantine(self.db, id, reason, detail).await?;
                (self.tell)(News::Changed);
                Ok(None)
            }
            Effect::RebuildProjection { streams, again, saved } => {
                ledger::rebuild(self.db, &streams, &again, &saved).await?;
                (self.tell)(News::Changed);
                Ok(None)
            }
            Effect::Purge { stream, saved } => {
                ledger::purge(self.db, stream, &saved).await?;
                (self.tell)(News::Changed);
                Ok(None)
            }
            Effect::NeedSignIn => {
                self.say(SyncPhase::NeedsSignIn).await?;
                Ok(None)
            }
            // Taken by `drive`.
            Effect::Wait(_) => Ok(None),
        }
    }

    fn heard(&mut self) {
        self.state.phase = SyncPhase::Busy;
        self.state.last_ok_ms = Some(clock::now().0);
    }

    fn failed(&mut self, request: u64, error: &ApiError) -> Input {
        self.state.phase = match error {
            ApiError::Unauthorized => SyncPhase::NeedsSignIn,
            ApiError::DeviceRevoked => SyncPhase::Revoked,
            ApiError::OtherProtocol { .. } => SyncPhase::NeedsUpdate,
            _ => SyncPhase::Offline,
        };
        let retry_after_ms = match error {
            ApiError::TooMany { retry_after_s } => Some(u64::from(*retry_after_s) * 1_000),
            _ => None,
        };
        let status = if matches!(error, ApiError::Offline { .. }) { 0 } else { error.status() };
        Input::Failed { request, status, retry_after_ms }
    }

    /// Fetches the files of other devices' imports; each import counts once all of it is here.
    async fn fetch_segments(&mut self) -> Result<(), StorageError> {
        let mut wanted = ledger::wanted(self.db).await?;
        // The newest sales are what a shop looks at first.
        dukandar_core::order::by_key(&mut wanted, |import| std::cmp::Reverse(import.at));
        let mut left = 0;
        for import in wanted {
            let missing = ledger::missing(self.db, &import).await?;
            left += missing.len() as u64;
            self.state.missing_segments = left;
            for hash in missing.iter().rev() {
                self.say(SyncPhase::Busy).await?;
                match network::get_segment(hash).await {
                    Ok(bytes) => ledger::stage(self.db, hash, &bytes).await?,
                    Err(error) => {
                        self.failed(0, &error);
                        return self.say(self.state.phase).await;
                    }
                }
                left -= 1;
                self.state.missing_segments = left;
            }
            ledger::reveal(self.db, &import).await?;
            (self.tell)(News::Changed);
        }
        if self.state.phase == SyncPhase::Busy {
            self.say(SyncPhase::Quiet).await?;
        }
        Ok(())
    }

    async fn say(&mut self, phase: SyncPhase) -> Result<(), StorageError> {
        let (waiting, attention) = ledger::counts(self.db).await?;
        self.state = SyncState { phase, waiting, attention, ..self.state.clone() };
        (self.tell)(News::State(self.state.clone()));
        Ok(())
    }

    async fn beat(&self) -> Result<(), StorageError> {
        let tx = self.db.write_cache(&[META])?;
        tx.set_meta(HEARTBEAT, &clock::now().0)?;
        tx.commit().await
    }
}

/// A clock that only goes forward.
fn steady_ms() -> u64 {
    clock::elapsed_ms() as u64
}
