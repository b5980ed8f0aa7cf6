//! The world of the simulator: occurrences in order of time, faults drawn from the seed.

use super::{
    Bug,
    acts::{import, name, price, receipt, sale},
    device::{Content, Device},
};
use dukandar_core::{
    id::{DeviceId, EpochId, EventId, ProductId, ShopId, TenantId, UserId},
    money::Currency,
    record::{Record, Shop},
    rng::Rng,
    role::Role,
    sync::{
        client::{Effect, Input, RequestId},
        event::{Confirmed, Stream},
        journal::{Caller, Journal},
        protocol::{EventSegment, Outcome, PROTOCOL_VERSION, Pull, Push, SegmentList, digest_step},
    },
    time::{Timestamp, Zone},
};
use std::collections::{BTreeMap, BTreeSet};

/// The tenant.
pub const TENANT: TenantId = TenantId::from_u128(0x7e);
/// Its shop.
pub const SHOP: ShopId = ShopId::from_u128(0x50);
/// Products that are sold.
pub const PRODUCTS: [ProductId; 3] =
    [ProductId::from_u128(0x11), ProductId::from_u128(0x12), ProductId::from_u128(0x13)];

/// 23 November 2026, noon in Lahore.
const BEGIN: i64 = 1_795_417_200_000;
const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// How long faults last.
const CHAOS: u64 = 26 * DAY;
/// How long the healed world may take to become quiet.
const HEALING: u64 = 3 * HOUR;
/// Events in a sealed run.
const RUN: usize = 6;

/// Something that happens.
enum Occurrence {
    /// A user does something on a device.
    Act(usize),
    /// A request reaches the server.
    Request(usize, u32, RequestId, Request),
    /// An answer reaches a device.
    Answer(usize, u32, Input),
    /// A device's timer rings.
    Ring(usize, u32, u64),
    /// Nothing came back in time.
    TimeOut(usize, u32, RequestId),
    /// Power, network, backups.
    Fault(Fault),
    /// A new device signs in.
    Join,
    /// Faults end.
    Heal,
}

#[derive(Clone)]
enum Request {
    Push(Push),
    Pull(Pull),
    List,
    Fetch(EventSegment),
    Upload(Vec<String>),
}

enum Fault {
    Crash(usize),
    Lost(usize),
    Offline(usize, u64),
    Backup,
    Restore,
    Revoke(usize, bool),
    ClockJump(usize, i64),
}

/// Everything.
pub struct World {
    /// The server.
    pub journal: Journal,
    /// Who takes part.
    pub devices: Vec<Device>,
    /// What happened, line by line.
    pub trace: String,
    /// Segments whose bytes the server has.
    pub uploaded: BTreeSet<String>,
    /// The planted mistake.
    pub bug: Option<Bug>,
    backup: Option<Journal>,
    epochs: u128,
    revoked: BTreeSet<usize>,
    queue: BTreeMap<(u64, u64), Occurrence>,
    drawn: u64,
    now_ms: u64,
    healed: bool,
    rng: Rng,
}

impl World {
    /// Plays a seed to the end.
    pub fn play(seed: u64, devices: usize, bug: Option<Bug>) -> Self {
        let mut world = Self {
            journal: Journal::new(EpochId::from_u128(1)),
            devices: Vec::new(),
            trace: String::new(),
            uploaded: BTreeSet::new(),
            bug,
            backup: None,
            epochs: 1,
            revoked: BTreeSet::new(),
            queue: BTreeMap::new(),
            drawn: 0,
            now_ms: 0,
            healed: true,
            rng: Rng::seeded(seed),
        };
        world.found();
        for number in 1..devices {
            // Clocks are off by up to nine years.
            let skew = (world.rng.uniform() * 18.0 - 9.0) * 365.0 * DAY as f64;
            world.devices.push(Device::new(number as u128, skew as i64, world.now_ms));
        }
        world.healed = false;
        world.plan();
        world.run(CHAOS + HEALING);
        world
    }

    /// The first device makes the shop and reaches the server in peace.
    fn found(&mut self) {
        self.devices.push(Device::new(0, 0, 0));
        let shop = Shop {
            id: SHOP,
            name: "Hall Road".to_owned(),
            code: "HR".to_owned(),
            city: "Lahore".to_owned(),
            currency: Currency::PKR,
            zone: Zone::KARACHI,
            bargaining: None,
        };
        self.commit(0, Stream::Tenant, Content::Record(Record::Shop(shop)), true);
        for product in PRODUCTS {
            self.commit(0, Stream::Tenant, name(product, "Redmi"), true);
            // A shelf counts from its first receipt on: this one lies before every clock's sales.
            let at = Timestamp(BEGIN - 40 * 365 * DAY as i64);
            let first = receipt(&mut self.rng, product, at);
            self.commit(0, Stream::Shop(SHOP), first, true);
        }
        self.run(HOUR);
        self.backup = Some(self.journal.clone());
    }

    fn plan(&mut self) {
        let begin = self.now_ms;
        self.schedule(begin + CHAOS, Occurrence::Heal);
        for device in 0..self.devices.len() {
            self.feed(device, Input::Online);
            for _ in 0..25 {
                let at = begin + self.within(CHAOS);
                self.schedule(at, Occurrence::Act(device));
            }
            for _ in 0..5 {
                let at = begin + self.within(CHAOS);
                self.schedule(at, Occurrence::Fault(Fault::Crash(device)));
                let (at, long) = (begin + self.within(CHAOS), self.within(3 * DAY));
                self.schedule(at, Occurrence::Fault(Fault::Offline(device, at + long)));
            }
            if self.rng.chance(0.4) {
                let (at, long) = (begin + self.within(CHAOS / 4), 14 * DAY);
                self.schedule(at, Occurrence::Fault(Fault::Offline(device, at + long)));
            }
            let (at, jump) = (begin + self.within(CHAOS), self.within(6 * 365 * DAY) as i64);
            self.schedule(at, Occurrence::Fault(Fault::ClockJump(device, jump - 3 * 365 * DAY as i64)));
        }
        for _ in 0..2 {
            let at = begin + self.within(CHAOS);
            self.schedule(at, Occurrence::Fault(Fault::Backup));
        }
        let at = begin + CHAOS / 2 + self.within(CHAOS / 3);
        self.schedule(at, Occurrence::Join);
        if self.rng.chance(0.6) {
            let at = begin + CHAOS / 4 + self.within(CHAOS / 2);
            self.schedule(at, Occurrence::Fault(Fault::Restore));
            if self.rng.chance(0.6) {
                // The worst moment: what it alone wrote since the backup, only others can bring back.
                let device = self.rng.below(self.devices.len());
                self.schedule(at - MINUTE, Occurrence::Fault(Fault::Lost(device)));
            }
        }
        if self.devices.len() > 1 && self.rng.chance(0.5) {
            let last = self.devices.len() - 1;
            let at = begin + self.within(CHAOS);
            self.schedule(at, Occurrence::Fault(Fault::Revoke(last, true)));
            let again = at + self.within(3 * DAY);
            self.schedule(again, Occurrence::Fault(Fault::Revoke(last, false)));
        }
    }

    fn within(&mut self, length: u64) -> u64 {
        (self.rng.uniform() * length as f64) as u64
    }

    fn schedule(&mut self, at: u64, what: Occurrence) {
        self.drawn += 1;
        self.queue.insert((at, self.drawn), what);
    }

    fn run(&mut self, for_ms: u64) {
        let end = self.now_ms + for_ms;
        while let Some(entry) = self.queue.first_entry() {
            if entry.key().0 > end {
                break;
            }
            let ((at, _), what) = entry.remove_entry();
            self.now_ms = self.now_ms.max(at);
            self.happen(what);
        }
        self.now_ms = end;
    }

    fn note(&mut self, line: std::fmt::Arguments<'_>) {
        use std::fmt::Write as _;
        let _ = writeln!(self.trace, "{} {line}", self.now_ms);
    }

    fn happen(&mut self, what: Occurrence) {
        match what {
            Occurrence::Act(device) => self.act(device),
            Occurrence::Request(device, life, request, body) => self.serve(device, life, request, body),
            Occurrence::Answer(device, life, input) => {
                let reachable = self.devices[device].offline_until <= self.now_ms;
                if self.devices[device].life == life && (reachable || self.healed) {
                    self.feed(device, input);
                }
            }
            Occurrence::Ring(device, life, timer) => {
                let rings = &self.devices[device];
                if (rings.life, rings.timer) == (life, timer) {
                    self.feed(device, Input::Tick);
                }
            }
            Occurrence::TimeOut(device, life, request) => {
                if self.devices[device].life == life {
                    self.fail(device, Input::Failed { request, status: 0, retry_after_ms: None });
                }
            }
            Occurrence::Fault(fault) if !self.healed => self.strike(fault),
            Occurrence::Fault(_) => {}
            Occurrence::Join => self.join(),
            Occurrence::Heal => {
                self.healed = true;
                self.revoked.clear();
                self.note(format_args!("heal"));
                for device in 0..self.devices.len() {
                    self.devices[device].offline_until = 0;
                    self.feed(device, Input::SignedIn);
                    self.feed(device, Input::Online);
                }
            }
        }
    }

    /// A device that was never here reads everything, and its power fails more than once while it does.
    fn join(&mut self) {
        let number = self.devices.len();
        self.note(format_args!("join {number}"));
        self.devices.push(Device::new(number as u128, 0, self.now_ms));
        for _ in 0..6 {
            let at = self.now_ms + self.within(2 * MINUTE);
            self.schedule(at, Occurrence::Fault(Fault::Crash(number)));
            let at = self.now_ms + self.within(4 * DAY);
            self.schedule(at, Occurrence::Act(number));
        }
        self.feed(number, Input::Online);
    }

    fn strike(&mut self, fault: Fault) {
        match fault {
            Fault::Lost(device) => {
                self.note(format_args!("lost {device}"));
                let gone = &mut self.devices[device];
                (gone.client, gone.is_lost) = (None, true);
                gone.life += 1;
            }
            Fault::Crash(device) => {
                self.note(format_args!("crash {device}"));
                self.restart(device);
            }
            Fault::Offline(device, until) => {
                self.note(format_args!("offline {device} until {until}"));
                self.devices[device].offline_until = until;
            }
            Fault::Backup => {
                self.note(format_args!("backup"));
                self.backup = Some(self.journal.clone());
            }
            Fault::Restore => {
                self.epochs += 1;
                let epoch = self.epochs;
                self.note(format_args!("restore as {epoch}"));
                if let Some(backup) = &self.backup {
                    self.journal = backup.clone().restored_as(EpochId::from_u128(epoch));
                }
            }
            Fault::Revoke(device, revoked) => {
                self.note(format_args!("revoke {device} {revoked}"));
                match revoked {
                    true => self.revoked.insert(device),
                    false => self.revoked.remove(&device),
                };
            }
            Fault::ClockJump(device, by) => self.devices[device].skew_ms += by,
        }
    }

    fn restart(&mut self, device: usize) {
        if self.devices[device].is_lost {
            return;
        }
        let (now_ms, bug) = (self.now_ms, self.bug);
        self.devices[device].start(now_ms, bug);
        self.feed(device, Input::Online);
    }

    /// The user sells, receives, renames, or imports.
    fn act(&mut self, device: usize) {
        if self.devices[device].is_lost {
            return;
        }
        let number = self.rng.below(1_000_000);
        let at = self.wall(device);
        let product = PRODUCTS[self.rng.below(PRODUCTS.len())];
        let (stream, content) = match self.rng.below(20) {
            0..10 => (Stream::Shop(SHOP), Content::Record(Record::Sale(sale(&mut self.rng, product, at)))),
            10..13 => (Stream::Shop(SHOP), receipt(&mut self.rng, product, at)),
            13..16 => (Stream::Tenant, name(product, &format!("Redmi {number}"))),
            16..18 => (Stream::Tenant, price(product, number as i64, at)),
            18 => (Stream::Shop(SHOP), import(&mut self.rng, number, at)),
            _ => (Stream::Shop(SHOP), Content::FromTheFuture),
        };
        // Some crash between the save and telling the client of it.
        let told = !self.rng.chance(0.1);
        self.commit(device, stream, content, told);
    }

    fn commit(&mut self, device: usize, stream: Stream, content: Content, told: bool) {
        let wall = self.wall(device);
        let id = self.devices[device].commit(TENANT, stream, content, wall, &mut self.rng);
        self.note(format_args!("commit {device} {id} {told}"));
        if !told && !self.healed {
            self.restart(device);
        } else if let Some(waiting) = self.devices[device].waiting(id) {
            self.feed(device, Input::LocalCommit(vec![waiting]));
        }
    }

    fn wall(&self, device: usize) -> Timestamp {
        Timestamp(BEGIN + self.now_ms as i64 + self.devices[device].skew_ms)
    }

    fn fail(&mut self, device: usize, input: Input) {
        if self.bug == Some(Bug::ClearsOnFailure) {
            self.devices[device].disk.outbox.clear();
        }
        self.feed(device, input);
    }

    /// One step of a device's client, with everything that follows from it.
    fn feed(&mut self, device: usize, input: Input) {
        if let (Some(Bug::LeavesOnAcceptance), Input::PushReply(_, reply)) = (self.bug, &input) {
            let accepted = |id: &EventId| {
                reply
                    .outcomes
                    .iter()
                    .any(|outcome| matches!(outcome, Outcome::Accepted { id: it, .. } if it == id))
            };
            self.devices[device].disk.outbox.retain(|id| !accepted(id));
            return self.restart(device);
        }
        let steady_ms = self.now_ms - self.devices[device].started_ms;
        let Some(client) = self.devices[device].client.as_mut() else { return };
        let effects = client.step(steady_ms, input);
        let life = self.devices[device].life;
        let mut found = None;
        for effect in effects {
            self.note(format_args!("{device} {}", short(&effect)));
            match effect {
                Effect::Push { request, events, relay } => {
                    let push = self.push_of(device, events, relay);
                    self.send(device, life, request, Request::Push(push));
                }
                Effect::Pull { request, cursors, limit } => {
                    // Small pages, so that reading takes several.
                    let limit = limit.min(if self.healed { 50 } else { 7 });
                    let device_id = self.devices[device].id;
                    let pull = Pull { protocol: PROTOCOL_VERSION, device: device_id, cursors, limit };
                    self.send(device, life, request, Request::Pull(pull));
                }
                Effect::ListSegments { request, .. } => self.send(device, life, request, Request::List),
                Effect::FetchSegment { request, segment } => {
                    self.send(device, life, request, Request::Fetch(segment));
                }
                Effect::FindOrphans(streams) => {
                    let orphans = self.devices[device].orphans(&streams);
                    self.devices[device].relayed += orphans.len();
                    let forgets = self.bug == Some(Bug::KeepsNothing);
                    found = Some(Input::Orphans(if forgets { Vec::new() } else { orphans }));
                }
                Effect::UploadSegments(hashes) => self.send(device, life, 0, Request::Upload(hashes)),
                Effect::Wait(ms) => {
                    let owner = &mut self.devices[device];
                    owner.timer += 1;
                    let ring = Occurrence::Ring(device, life, owner.timer);
                    // Phones sleep: most of the month, a timer rings late.
                    let asleep = if self.healed { 0 } else { self.within(4 * HOUR) };
                    self.schedule(self.now_ms + ms.max(1) + asleep, ring);
                }
                Effect::NeedSignIn => {
                    let at = self.now_ms + MINUTE + self.within(HOUR);
                    self.schedule(at, Occurrence::Answer(device, life, Input::SignedIn));
                }
                write => {
                    let torn = !self.healed && self.rng.chance(0.08);
                    let bug = self.bug;
                    self.devices[device].write(&write, bug, torn);
                    if torn {
                        // The rest of the effects dies with the power.
                        self.note(format_args!("torn {device}"));
                        return self.restart(device);
                    }
                }
            }
        }
        if let Some(found) = found {
            self.feed(device, found);
        }
    }

    fn push_of(&mut self, device: usize, ids: Vec<EventId>, relay: bool) -> Push {
        let mut events = Vec::with_capacity(ids.len());
        for id in ids {
            let owner = &mut self.devices[device];
            let Some(stored) = owner.disk.events.get(&id) else { continue };
            let mut event = stored.event.clone();
            let retried = !owner.pushed.insert(id);
            if self.bug == Some(Bug::FreshIdOnRetry) && retried {
                event.id = EventId::fresh(self.now_ms, &mut self.rng);
                owner.disk.seq += 1;
                event.seq = owner.disk.seq;
            }
            events.push(event);
        }
        let owner = &self.devices[device];
        Push { protocol: PROTOCOL_VERSION, device: owner.id, epoch: owner.epoch, events, relay }
    }

    /// The sealed runs of every log.
    fn runs(&self) -> Vec<(EventSegment, Vec<Confirmed>)> {
        let mut logs: BTreeMap<Stream, Vec<Confirmed>> = BTreeMap::new();
        for confirmed in self.log() {
            logs.entry(confirmed.event.stream).or_default().push(confirmed);
        }
        let mut runs = Vec::new();
        for (stream, log) in logs {
            let mut digest = String::new();
            for run in log.chunks_exact(RUN) {
                digest = run.iter().fold(digest, |digest, it| digest_step(&digest, &it.event.hash()));
                let (first, last) = (run[0].version, run[RUN - 1].version);
                let hash = format!("{stream:?} {first} {digest}");
                let segment = EventSegment { stream, first, last, hash, bytes: 0, digest: digest.clone() };
                runs.push((segment, run.to_vec()));
            }
        }
        runs.reverse();
        runs
    }

    /// Into the network: lost, late, doubled, or refused.
    fn send(&mut self, device: usize, life: u32, request: RequestId, body: Request) {
        self.schedule(self.now_ms + MINUTE, Occurrence::TimeOut(device, life, request));
        let offline = self.devices[device].offline_until > self.now_ms;
        if !self.healed && (offline || self.rng.chance(0.12)) {
            return;
        }
        let copies = if !self.healed && self.rng.chance(0.12) { 2 } else { 1 };
        for _ in 0..copies {
            // Some arrive long after their sender has given up on them.
            let slow = if !self.healed && self.rng.chance(0.05) { 30 * MINUTE } else { 20_000 };
            let at = self.now_ms + 20 + self.within(slow);
            self.schedule(at, Occurrence::Request(device, life, request, body.clone()));
        }
    }

    fn serve(&mut self, device: usize, life: u32, request: RequestId, body: Request) {
        if !self.healed && self.rng.chance(0.08) {
            let status = [401, 403, 413, 429, 500, 503][self.rng.below(6)];
            let retry_after_ms = self.rng.chance(0.5).then_some(5_000);
            let failed = Input::Failed { request, status, retry_after_ms };
            return self.answer(device, life, failed);
        }
        let now = Timestamp(BEGIN + self.now_ms as i64);
        let caller = self.caller(device);
        if caller.revoked && matches!(body, Request::Pull(_) | Request::List | Request::Fetch(_)) {
            let failed = Input::Failed { request, status: 403, retry_after_ms: None };
            return self.answer(device, life, failed);
        }
        let answer = match body {
            Request::Push(mut push) => {
                // The server dies in the middle: what it took stays taken, no answer is sent.
                let dies = !self.healed && self.rng.chance(0.08);
                if dies {
                    let taken = self.rng.below(push.events.len() + 1);
                    push.events.truncate(taken);
                }
                let reply = self.journal.push(&caller, &push, now);
                if dies {
                    return;
                }
                Input::PushReply(request, reply)
            }
            Request::Pull(pull) => Input::PullReply(request, self.journal.pull(&caller, &pull, now)),
            Request::List => {
                let server_epoch = self.journal.pull(&caller, &nothing(caller.device), now).server_epoch;
                let segments = self.runs().into_iter().map(|(segment, _)| segment).collect();
                let list = SegmentList { server_epoch, server_time_ms: now.0, segments };
                Input::SegmentList(request, list)
            }
            Request::Fetch(segment) => {
                let found = self.runs().into_iter().find(|(it, _)| it.hash == segment.hash);
                match found {
                    Some((_, events)) => Input::Segment(request, events),
                    None => Input::Failed { request, status: 404, retry_after_ms: None },
                }
            }
            Request::Upload(hashes) => {
                for hash in &hashes {
                    self.journal.store_segment(TENANT, hash, SHOP);
                    self.uploaded.insert(hash.clone());
                }
                Input::SegmentsUploaded(hashes)
            }
        };
        self.answer(device, life, answer);
    }

    fn answer(&mut self, device: usize, life: u32, input: Input) {
        if !self.healed && self.rng.chance(0.12) {
            return;
        }
        let copies = if !self.healed && self.rng.chance(0.12) { 2 } else { 1 };
        for _ in 0..copies {
            let at = self.now_ms + 20 + self.within(20_000);
            self.schedule(at, Occurrence::Answer(device, life, input.clone()));
        }
    }

    /// What the server knows of who is calling.
    pub fn caller(&self, device: usize) -> Caller {
        Caller {
            tenant: TENANT,
            user: UserId::from_u128(1),
            role: Role::Owner,
            grant: 1,
            shops: Vec::new(),
            device: self.devices[device].id,
            revoked: self.revoked.contains(&device),
        }
    }
}

fn nothing(device: DeviceId) -> Pull {
    Pull { protocol: PROTOCOL_VERSION, device, cursors: Vec::new(), limit: 1 }
}

/// An effect in a line of the trace.
fn short(effect: &Effect) -> String {
    match effect {
        Effect::StoreConfirmed { events, home, saved, .. } => {
            format!("store {} home {home:?} {saved:?}", events.len())
        }
        other => format!("{other:?}"),
    }
}
