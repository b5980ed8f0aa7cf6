//! A device of the simulator: a disk with transactions, and a client that dies with the power.

use super::Bug;
use dukandar_core::{
    fold::{Fold, digest},
    id::{DeviceId, EpochId, EventId, TenantId},
    record::Record,
    rng::Rng,
    sync::{
        client::{Client, Effect, Kept, Mark, Saved, Waiting},
        event::{Event, Stream},
    },
    table::Tables,
    time::Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

/// An event as it lies on the disk.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its place, once confirmed.
    pub version: Option<u64>,
    /// Server's clock when a pull brought it, for own events.
    pub seen_ms: Option<i64>,
    /// The event.
    pub event: Event,
}

/// What survives a crash.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    /// Cursors.
    pub saved: Saved,
    /// Every event.
    pub events: BTreeMap<EventId, Stored>,
    /// Own events that no pull brought back, in order.
    pub outbox: Vec<EventId>,
    /// Put aside by the server.
    pub aside: BTreeSet<EventId>,
    /// Last `seq`.
    pub seq: u64,
}

/// A device.
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Its database's lifetime.
    pub epoch: EpochId,
    /// How far its wall clock is off.
    pub skew_ms: i64,
    /// The disk.
    pub disk: Disk,
    /// None while it is off.
    pub client: Option<Client>,
    /// Counts starts; what was meant for an earlier life is ignored.
    pub life: u32,
    /// Counts timers; only the last one rings.
    pub timer: u64,
    /// No network before this.
    pub offline_until: u64,
    /// When it was switched on: its steady clock starts there.
    pub started_ms: u64,
    /// Everything its user was told is safe.
    pub acknowledged: BTreeSet<EventId>,
    /// Cursors that went backwards, as found.
    pub regressions: Vec<String>,
    /// Events that were pushed before.
    pub pushed: BTreeSet<EventId>,
    /// Projections that were made anew.
    pub rebuilds: usize,
    /// Sealed runs that were stored.
    pub runs: usize,
    /// Events of others that were brought back to a restored server.
    pub relayed: usize,
    /// Everything that was durably here as confirmed.
    pub seen: BTreeSet<EventId>,
    /// Stolen or broken for good.
    pub is_lost: bool,
}

impl Device {
    /// A new device, switched on at `now_ms`.
    pub fn new(number: u128, skew_ms: i64, now_ms: u64) -> Self {
        let mut device = Self {
            id: DeviceId::from_u128(0xd0 + number),
            epoch: EpochId::from_u128(0xe0 + number),
            skew_ms,
            disk: Disk::default(),
            client: None,
            life: 0,
            timer: 0,
            offline_until: 0,
            started_ms: now_ms,
            acknowledged: BTreeSet::new(),
            regressions: Vec::new(),
            pushed: BTreeSet::new(),
            rebuilds: 0,
            runs: 0,
            relayed: 0,
            seen: BTreeSet::new(),
            is_lost: false,
        };
        device.start(now_ms, None);
        device
    }

    /// Switches on: the client is opened from the disk.
    pub fn start(&mut self, now_ms: u64, bug: Option<Bug>) {
        self.life += 1;
        self.started_ms = now_ms;
        let outbox = self.disk.outbox.iter().filter_map(|id| self.waiting(*id)).collect();
        let forgets = matches!(bug, Some(Bug::KeepsNothing | Bug::LeavesOnAcceptance));
        let kept = self.disk.events.iter().filter_map(|(id, stored)| {
            let seen_ms = stored.seen_ms.filter(|_| !forgets)?;
            Some(Kept { event: self.waiting(*id)?, seen_ms })
        });
        let kept: Vec<Kept> = kept.collect();
        let rng = Rng::seeded(u64::from(self.life) << 8 | (self.id.as_u128() & 0xff) as u64);
        let aside = match bug {
            Some(Bug::ForgetsAside) => Vec::new(),
            _ => self.disk.aside.iter().filter_map(|id| self.waiting(*id)).collect(),
        };
        self.client = Some(Client::open(self.disk.saved.clone(), outbox, kept, aside, rng));
    }

    /// The event as the outbox names it.
    pub fn waiting(&self, id: EventId) -> Option<Waiting> {
        let event = &self.disk.events.get(&id)?.event;
        let relay = event.device != self.id;
        Some(Waiting { id, stream: event.stream, bytes: event.canonical().len(), relay })
    }

    /// Events of these streams that have no place, wait nowhere and were not put aside.
    pub fn orphans(&self, streams: &[Stream]) -> Vec<Waiting> {
        let disk = &self.disk;
        let is_orphan = |(id, stored): &(&EventId, &Stored)| {
            stored.version.is_none()
                && streams.contains(&stored.event.stream)
                && !disk.outbox.contains(id)
                && !disk.aside.contains(id)
        };
        let orphans = disk.events.iter().filter(is_orphan).filter_map(|(id, _)| self.waiting(*id));
        orphans.map(|waiting| Waiting { relay: true, ..waiting }).collect()
    }

    /// Commits a record: one transaction, after which the user is told that it is safe.
    pub fn commit(
        &mut self,
        tenant: TenantId,
        stream: Stream,
        content: Content,
        wall: Timestamp,
        rng: &mut Rng,
    ) -> EventId {
        let (kind, v, data) = match content {
            Content::Record(record) => record.encode().unwrap_or_else(|error| panic!("{error}")),
            Content::FromTheFuture => ("hologram".to_owned(), 3, serde_json::json!({ "depth": 3 })),
        };
        self.disk.seq += 1;
        let id = EventId::fresh(wall.0.unsigned_abs(), rng);
        let event = Event {
            id,
            tenant,
            stream,
            device: self.id,
            epoch: self.epoch,
            seq: self.disk.seq,
            at: wall,
            grant: 1,
            actor: None,
            kind,
            v,
            data,
        };
        self.disk.events.insert(id, Stored { version: None, seen_ms: None, event });
        self.disk.outbox.push(id);
        self.acknowledged.insert(id);
        id
    }

    /// Carries out what an effect wants of the disk. `torn`: the power fails in the middle of it.
    pub fn write(&mut self, effect: &Effect, bug: Option<Bug>, torn: bool) {
        let mut next = self.disk.clone();
        match effect {
            Effect::StoreConfirmed { events, home, seen_ms, saved } => {
                self.watch_cursors(saved);
                next.saved = saved.clone();
                if let (Some(Bug::MarksTheNewestRun), Some(run)) = (bug, saved.runs.first()) {
                    next.saved.runs.clear();
                    next.saved.marks =
                        vec![Mark { stream: run.stream, version: run.last, digest: run.digest.clone() }];
                }
                if torn && bug == Some(Bug::CursorBeforeRows) {
                    self.disk = next;
                    return;
                }
                for confirmed in events {
                    let id = confirmed.event.id;
                    let seen = (confirmed.event.device == self.id).then_some(*seen_ms);
                    next.aside.remove(&id);
                    let stored = Stored {
                        version: Some(confirmed.version),
                        seen_ms: seen,
                        event: confirmed.event.clone(),
                    };
                    next.events.insert(id, stored);
                }
                next.outbox.retain(|id| !home.contains(id));
                if !torn {
                    self.runs += usize::from(saved.runs.len() > self.disk.saved.runs.len());
                    self.seen.extend(events.iter().map(|confirmed| confirmed.event.id));
                }
            }
            Effect::Quarantine { id, .. } => {
                next.outbox.retain(|waiting| waiting != id);
                if bug != Some(Bug::CountsQuarantined) {
                    next.aside.insert(*id);
                }
            }
            Effect::RebuildProjection { streams, again, saved } => {
                self.rebuilds += 1;
                if bug == Some(Bug::DropsOthersOnRebuild) {
                    let others = |stored: &Stored| {
                        streams.contains(&stored.event.stream) && stored.event.device != self.id
                    };
                    next.events.retain(|_, stored| !others(stored));
                }
                for stored in next.events.values_mut() {
                    if streams.contains(&stored.event.stream) {
                        stored.version = None;
                    }
                }
                next.aside.retain(|id| !again.contains(id));
                next.outbox.extend(again);
                next.saved = saved.clone();
            }
            Effect::Purge { stream, saved } => {
                let outbox = &next.outbox;
                next.events.retain(|id, stored| stored.event.stream != *stream || outbox.contains(id));
                next.saved = saved.clone();
            }
            _ => return,
        }
        if !torn {
            self.disk = next;
        }
    }

    fn watch_cursors(&mut self, saved: &Saved) {
        let before = &self.disk.saved;
        if before.server_epoch.is_some() && before.server_epoch != saved.server_epoch {
            self.regressions.push(format!("{}: another epoch without a rebuild", self.id));
        }
        for mark in &before.marks {
            let after = saved.marks.iter().find(|after| after.stream == mark.stream);
            if after.is_none_or(|after| after.version < mark.version) {
                self.regressions.push(format!("{}: {:?} fell below {}", self.id, mark.stream, mark.version));
            }
        }
    }

    /// State = fold(confirmed ∪ pending): everything stored but what was put aside. What a restored server may have
    /// lost goes on counting.
    pub fn tables(&self) -> Tables {
        let mut fold = Fold::default();
        for (id, stored) in &self.disk.events {
            if !self.disk.aside.contains(id) {
                fold.event(&stored.event, stored.version);
            }
        }
        fold.tables().clone()
    }

    /// Hash of the tables.
    pub fn digest(&self) -> String {
        digest(&self.tables())
    }
}

/// What is committed.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "made and consumed one at a time")]
pub enum Content {
    /// A record of this release.
    Record(Record),
    /// A kind that only a newer release knows.
    FromTheFuture,
}
