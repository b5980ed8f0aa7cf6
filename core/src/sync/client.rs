//! The device's half of synchronisation, as a pure state machine: an input goes in, effects come out.
//!
//! It owns no storage, no network and no clock. Whoever drives it carries out the effects in order and feeds
//! back what became of them. Rules it keeps:
//!
//! - An own event leaves the outbox only when a pull brings it back; until then it is pushed again and again,
//!   which the server answers alike each time.
//! - What a pull brings is stored together with the cursor ([`Saved`]), or not at all. If a write fails, throw
//!   the client away and [`Client::open`] it again from what is stored.
//! - The first sync reads sealed runs, newest first; each is stored in one transaction with a note of it, so that
//!   a break costs one run at most. Pages follow once no run is missing ([`first`]).
//! - When the server turns out to be another database (restored from a backup), or a stream's digest does not
//!   match, the stream is read again from its start. Nothing confirmed is thrown away meanwhile: what does not come
//!   again is offered to the server by whoever holds it, its writer or not ([`restore`]). Own events of the last 30
//!   days and what was put aside are offered without waiting to see.
//! - No answer of the server deletes anything from the outbox but an acceptance that a pull confirmed, or a
//!   quarantine. 401, 403, 429 and 5xx only make it wait; Retry-After is obeyed.
//!
//! One request is under way at a time; answers to any other are ignored.

mod first;
mod restore;
mod types;

pub use types::*;

use super::{
    event::{Confirmed, Stream},
    protocol::{
        Cursor, Outcome, PULL_MAX_EVENTS, PUSH_MAX_BYTES, PUSH_MAX_EVENTS, PullReply, PushReply, StreamPage,
        digest_step,
    },
    stamp::Clock,
};
use crate::{id::EventId, rng::Rng, time::Timestamp};
use first::FirstSync;
use std::collections::{BTreeMap, BTreeSet};

/// How long own events are kept for a server that has lost them.
pub const KEEP_MS: i64 = 30 * 86_400_000;
/// When nothing is to be done, look again after this.
pub const IDLE_MS: u64 = 30_000;
/// First and longest wait after a failure, before jitter.
pub const BACKOFF_MS: (u64, u64) = (1_000, 300_000);

/// How far an own event has come.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Progress {
    /// To be pushed.
    Ready,
    /// Waits for its segments.
    Blocked(Vec<String>),
    /// Taken by the server at this version; a pull will bring it back.
    Accepted(u64),
    /// Sent alone and called malformed or too large; tried again when someone looks at the app.
    Refused,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Own {
    event: Waiting,
    progress: Progress,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Request {
    Push(Vec<EventId>),
    Pull,
    List,
    Fetch,
}

/// Whether it is known which events a restored server has lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Orphans {
    /// Its streams have not been read to their end yet.
    Unread,
    /// Asked for.
    Asked,
    /// In the outbox.
    Known,
}

/// The device's half.
#[derive(Clone, Debug)]
pub struct Client {
    saved: Saved,
    outbox: Vec<Own>,
    kept: BTreeMap<EventId, Kept>,
    /// What the server put aside.
    aside: BTreeMap<EventId, Waiting>,
    under_way: Option<(RequestId, Request)>,
    last_request: RequestId,
    uploading: bool,
    signed_out: bool,
    /// Nothing is sent before this, by the steady clock.
    hold_until_ms: u64,
    /// The server itself asked for the hold.
    patience: bool,
    failures: u32,
    /// A pull is due at this time at the latest.
    pull_at_ms: u64,
    /// Most events of the next push; shrinks when the server calls a push malformed or too large.
    batch: usize,
    /// Streams that are read from the start after a mismatch.
    rebuilding: Vec<Stream>,
    first: FirstSync,
    orphans: Orphans,
    /// The server was restored in this client's life.
    is_restored: bool,
    clock: Clock,
    rng: Rng,
}

impl Client {
    /// A client from what is stored: cursors, the outbox in order of `seq`, own events that came back in the last 30
    /// days, and what the server put aside. `rng` spreads the retries of many devices.
    pub fn open(saved: Saved, outbox: Vec<Waiting>, kept: Vec<Kept>, aside: Vec<Waiting>, rng: Rng) -> Self {
        let ready = |event| Own { event, progress: Progress::Ready };
        Self {
            first: FirstSync::of(&saved),
            orphans: Orphans::Unread,
            is_restored: false,
            aside: aside.into_iter().map(|event| (event.id, event)).collect(),
            saved,
            outbox: outbox.into_iter().map(ready).collect(),
            kept: kept.into_iter().map(|kept| (kept.event.id, kept)).collect(),
            under_way: None,
            last_request: 0,
            uploading: false,
            signed_out: false,
            hold_until_ms: 0,
            patience: false,
            failures: 0,
            pull_at_ms: 0,
            batch: PUSH_MAX_EVENTS,
            rebuilding: Vec::new(),
            clock: Clock::default(),
            rng,
        }
    }

    /// Own events that no pull has brought back yet.
    pub fn waiting(&self) -> usize {
        self.outbox.len()
    }

    /// Cursors and server identity as of the last effect.
    pub fn saved(&self) -> &Saved {
        &self.saved
    }

    /// The clock for display, set by the server's answers.
    pub fn clock(&mut self) -> &mut Clock {
        &mut self.clock
    }

    /// Takes an input at `now_ms` of a clock that only goes forward, and says what to do.
    pub fn step(&mut self, now_ms: u64, input: Input) -> Vec<Effect> {
        let mut effects = Vec::new();
        match input {
            Input::LocalCommit(events) => self.commit(events),
            Input::Online => {
                self.pull_at_ms = now_ms;
                if !self.patience {
                    self.hold_until_ms = now_ms;
                }
                for own in self.outbox.iter_mut().filter(|own| own.progress == Progress::Refused) {
                    own.progress = Progress::Ready;
                }
            }
            Input::Tick => {}
            Input::PushReply(request, reply) => {
                if self.finish(request, |sent| matches!(sent, Request::Push(_))).is_some() {
                    self.pushed(now_ms, reply, &mut effects);
                }
            }
            Input::PullReply(request, reply) => {
                if self.finish(request, |sent| *sent == Request::Pull).is_some() {
                    self.pulled(now_ms, reply, &mut effects);
                }
            }
            Input::SegmentList(request, reply) => {
                if self.finish(request, |sent| *sent == Request::List).is_some() {
                    self.listed(now_ms, reply, &mut effects);
                }
            }
            Input::Segment(request, events) => {
                if self.finish(request, |sent| *sent == Request::Fetch).is_some() {
                    self.fetched(now_ms, events, &mut effects);
                }
            }
            Input::Orphans(events) => self.adopt(events),
            Input::Failed { request, status, retry_after_ms } => {
                let sent = self.finish(request, |_| true);
                if sent.is_some() || (request == 0 && std::mem::take(&mut self.uploading)) {
                    self.failed(now_ms, sent, status, retry_after_ms, &mut effects);
                }
            }
            Input::SegmentsUploaded(hashes) => self.uploaded(&hashes),
            Input::SignedIn => {
                self.signed_out = false;
                self.calm(now_ms);
            }
        }
        self.proceed(now_ms, &mut effects);
        effects
    }

    fn commit(&mut self, events: Vec<Waiting>) {
        for event in events {
            let known = self.kept.contains_key(&event.id);
            if !known && !self.outbox.iter().any(|own| own.event.id == event.id) {
                self.outbox.push(Own { event, progress: Progress::Ready });
            }
        }
    }

    /// The request that this answers, if it is the one under way and of that kind.
    fn finish(&mut self, request: RequestId, fits: fn(&Request) -> bool) -> Option<Request> {
        let (_, sent) = self.under_way.take_if(|(id, sent)| *id == request && fits(sent))?;
        Some(sent)
    }

    fn calm(&mut self, now_ms: u64) {
        (self.failures, self.patience) = (0, false);
        self.hold_until_ms = now_ms;
    }

    fn pushed(&mut self, now_ms: u64, reply: PushReply, effects: &mut Vec<Effect>) {
        self.calm(now_ms);
        self.batch = (self.batch * 2).min(PUSH_MAX_EVENTS);
        self.meet(reply.server_epoch, effects);
        for outcome in reply.outcomes {
            match outcome {
                Outcome::Accepted { id, version } => self.advance(id, Progress::Accepted(version)),
                Outcome::Quarantined { id, reason, detail } => {
                    if let Some(place) = self.outbox.iter().position(|own| own.event.id == id) {
                        self.aside.insert(id, self.outbox.remove(place).event);
                        effects.push(Effect::Quarantine { id, reason, detail });
                    }
                }
                Outcome::NeedsSegments { id, hashes } => self.advance(id, Progress::Blocked(hashes)),
            }
        }
        self.pull_at_ms = now_ms;
    }

    fn advance(&mut self, id: EventId, progress: Progress) {
        if let Some(own) = self.outbox.iter_mut().find(|own| own.event.id == id) {
            own.progress = progress;
        }
    }

    fn uploaded(&mut self, hashes: &[String]) {
        self.uploading = false;
        for own in &mut self.outbox {
            if let Progress::Blocked(missing) = &mut own.progress {
                missing.retain(|hash| !hashes.contains(hash));
                if missing.is_empty() {
                    own.progress = Progress::Ready;
                }
            }
        }
    }

    fn pulled(&mut self, now_ms: u64, reply: PullReply, effects: &mut Vec<Effect>) {
        self.clock.heard_server(Timestamp(reply.server_time_ms), now_ms);
        self.calm(now_ms);
        self.pull_at_ms = now_ms;
        let seen_ms = reply.server_time_ms;
        let before = self.saved.clone();
        self.meet(reply.server_epoch, effects);
        if before.server_epoch.is_some_and(|known| known != reply.server_epoch) {
            // These pages follow cursors into the old database: ask again.
            return;
        }
        self.purge(&reply.pages, effects);
        let (mut events, mut broken) = (Vec::new(), Vec::new());
        for page in reply.pages {
            let stream = page.stream;
            match self.read(page) {
                Some(new) => events.extend(new),
                None => broken.push(stream),
            }
        }
        let home = self.bring_home(&events, seen_ms);
        self.settle_orphans();
        if !events.is_empty() || self.saved != before {
            effects.push(Effect::StoreConfirmed { events, home, seen_ms, saved: self.saved.clone() });
        }
        let again = broken.iter().any(|stream| self.rebuilding.contains(stream));
        if !broken.is_empty() {
            self.rebuilding.extend(broken.iter().copied());
            crate::order::by(&mut self.rebuilding, Ord::cmp);
            self.rebuilding.dedup();
            let lost = broken.clone();
            self.rebuild(broken, |kept| lost.contains(&kept.event.stream), Vec::new(), effects);
        }
        self.kept.retain(|_, kept| seen_ms.saturating_sub(kept.seen_ms) <= KEEP_MS);
        let complete = !reply.more && self.rebuilding.is_empty();
        if complete {
            self.find_orphans(effects);
        }
        if again || (complete && self.missed_some()) {
            // The server contradicts itself: haste would not cure it.
            self.back_off(now_ms, None);
        } else if complete {
            self.pull_at_ms = now_ms.saturating_add(IDLE_MS);
        }
    }

    /// Takes in a page: its events, or nothing if they do not follow the mark or the digest differs.
    fn read(&mut self, page: StreamPage) -> Option<Vec<Confirmed>> {
        let place = self.saved.marks.binary_search_by_key(&page.stream, |mark| mark.stream);
        let mut mark = match place {
            Ok(place) => self.saved.marks[place].clone(),
            Err(_) => Mark { stream: page.stream, version: 0, digest: String::new() },
        };
        for confirmed in &page.events {
            if confirmed.version != mark.version + 1 || confirmed.event.stream != page.stream {
                return None;
            }
            mark.version = confirmed.version;
            mark.digest = digest_step(&mark.digest, &confirmed.event.hash());
        }
        if page.head < mark.version || mark.digest != page.digest {
            return None;
        }
        if mark.version == page.head {
            self.rebuilding.retain(|stream| *stream != page.stream);
        }
        match place {
            Ok(place) => self.saved.marks[place] = mark,
            Err(_) if mark.version == 0 => {}
            Err(place) => self.saved.marks.insert(place, mark),
        }
        Some(page.events)
    }

    /// Own events among `events` leave the outbox.
    fn bring_home(&mut self, events: &[Confirmed], seen_ms: i64) -> Vec<EventId> {
        let came: BTreeSet<EventId> = events.iter().map(|confirmed| confirmed.event.id).collect();
        let (home, out) =
            std::mem::take(&mut self.outbox).into_iter().partition(|own| came.contains(&own.event.id));
        self.outbox = out;
        let home: Vec<Own> = home;
        let ids = home.iter().map(|own| own.event.id).collect();
        self.aside.retain(|id, _| !came.contains(id));
        let own = home.into_iter().filter(|own| !own.event.relay);
        self.kept.extend(own.map(|own| (own.event.id, Kept { event: own.event, seen_ms })));
        ids
    }

    /// A shop that the server does not show any more: the right to read it is gone.
    fn purge(&mut self, pages: &[StreamPage], effects: &mut Vec<Effect>) {
        let gone: Vec<Stream> = self
            .saved
            .marks
            .iter()
            .map(|mark| mark.stream)
            .filter(|stream| *stream != Stream::Tenant && !pages.iter().any(|page| page.stream == *stream))
            .collect();
        for stream in gone {
            self.saved.marks.retain(|mark| mark.stream != stream);
            effects.push(Effect::Purge { stream, saved: self.saved.clone() });
        }
    }

    /// Events that were called accepted and yet did not come with everything else are offered again.
    fn missed_some(&mut self) -> bool {
        let mut missed = false;
        for own in self.outbox.iter_mut().filter(|own| matches!(own.progress, Progress::Accepted(_))) {
            own.progress = Progress::Ready;
            missed = true;
        }
        missed
    }

    fn failed(
        &mut self,
        now_ms: u64,
        sent: Option<Request>,
        status: u16,
        retry_after_ms: Option<u64>,
        effects: &mut Vec<Effect>,
    ) {
        match (status, sent) {
            (401, _) => {
                self.signed_out = true;
                effects.push(Effect::NeedSignIn);
            }
            (400 | 413, Some(Request::Push(events))) => {
                self.batch = (events.len() / 2).max(1);
                if let [only] = events[..] {
                    self.advance(only, Progress::Refused);
                    self.back_off(now_ms, retry_after_ms);
                }
            }
            (_, Some(Request::List | Request::Fetch)) => {
                // The run may have been cut anew, as after an erasure: ask again which there are.
                self.first = FirstSync::Due;
                self.back_off(now_ms, retry_after_ms);
            }
            _ => self.back_off(now_ms, retry_after_ms),
        }
    }

    /// Waits as the server asks, else twice as long as before, spread over half of that.
    fn back_off(&mut self, now_ms: u64, retry_after_ms: Option<u64>) {
        let (first, longest) = BACKOFF_MS;
        let full = first.saturating_mul(1 << self.failures.min(20)).min(longest);
        let spread = full / 2 + self.rng.below((full / 2) as usize + 1) as u64;
        self.failures += 1;
        self.patience = retry_after_ms.is_some();
        self.hold_until_ms = now_ms.saturating_add(retry_after_ms.unwrap_or(spread));
    }

    /// Starts the next request, or says how long to wait.
    fn proceed(&mut self, now_ms: u64, effects: &mut Vec<Effect>) {
        if self.signed_out || self.under_way.is_some() {
            return;
        }
        if now_ms < self.hold_until_ms {
            effects.push(Effect::Wait(self.hold_until_ms - now_ms));
            return;
        }
        let missing: BTreeSet<&String> = self
            .outbox
            .iter()
            .filter_map(|own| match &own.progress {
                Progress::Blocked(hashes) => Some(hashes),
                _ => None,
            })
            .flatten()
            .collect();
        if !self.uploading && !missing.is_empty() {
            effects.push(Effect::UploadSegments(missing.into_iter().cloned().collect()));
            self.uploading = true;
        }
        let events = self.next_batch();
        let request = self.last_request + 1;
        if !events.is_empty() {
            let relay = self.outbox.iter().any(|own| own.event.id == events[0] && own.event.relay);
            effects.push(Effect::Push { request, events: events.clone(), relay });
            self.under_way = Some((request, Request::Push(events)));
        } else if now_ms >= self.pull_at_ms {
            let cursor = |mark: &Mark| Cursor { stream: mark.stream, version: mark.version };
            let cursors: Vec<Cursor> = self.saved.marks.iter().map(cursor).collect();
            if let Some((effect, sent)) = self.first.next(request, &cursors) {
                effects.push(effect);
                (self.under_way, self.last_request) = (Some((request, sent)), request);
                return;
            }
            effects.push(Effect::Pull { request, cursors, limit: PULL_MAX_EVENTS });
            self.under_way = Some((request, Request::Pull));
        } else {
            effects.push(Effect::Wait(self.pull_at_ms - now_ms));
            return;
        }
        self.last_request = request;
    }

    /// The oldest events that are ready, as many as fit; a single larger one goes alone, and so do those of a kind.
    /// Nothing goes to a restored server before it is known what it has lost: an event may lean on one of those.
    fn next_batch(&self) -> Vec<EventId> {
        if self.is_restored && !self.saved.orphaned.is_empty() && self.orphans != Orphans::Known {
            return Vec::new();
        }
        let mut bytes = 0;
        let mut ready = self.outbox.iter().filter(|own| own.progress == Progress::Ready).peekable();
        let relay = ready.peek().is_some_and(|own| own.event.relay);
        ready
            .take(self.batch)
            .take_while(|own| own.event.relay == relay)
            .take_while(|own| {
                bytes += own.event.bytes;
                bytes <= PUSH_MAX_BYTES || bytes == own.event.bytes
            })
            .map(|own| own.event.id)
            .collect()
    }
}

#[cfg(test)]
mod tests;
