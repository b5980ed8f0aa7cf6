//! Which events a journal takes, and a journal in memory that takes them: the reference that every database
//! behind the server is held to, and the server of the simulator.
//!
//! Events are atomic, batches are not: whatever becomes of one event, the others of its push go their way.
//! [`admit`] decides; it sees only what a database can answer with two look-ups.

use super::{
    event::{Confirmed, Event, Flag, PERSON_KEY, Stream},
    protocol::{
        Attention, Cursor, Outcome, PULL_MAX_EVENTS, Pull, PullReply, Push, PushReply, QuarantineReason,
        StreamPage, Verdict, digest_step,
    },
};
use crate::{
    id::{DeviceId, EpochId, EventId, PersonKeyId, ShopId, TenantId, UserId},
    record::{Record, RecordError, SegmentRef, validate::holds_nul},
    role::Role,
    time::Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

/// An event is late when it arrives more than this after it was written.
pub const LATE_AFTER_MS: i64 = 24 * 60 * 60 * 1_000;
/// Largest `seq`: what JavaScript and 64-bit columns both hold exactly.
pub const SEQ_MAX: u64 = 1 << 53;
/// Longest kind name.
pub const KIND_MAX_BYTES: usize = 64;

/// Who pushes or pulls, as the server knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Their business.
    pub tenant: TenantId,
    /// The person.
    pub user: UserId,
    /// Their role.
    pub role: Role,
    /// Version of their grant.
    pub grant: u32,
    /// Shops they may read and write; empty means all.
    pub shops: Vec<ShopId>,
    /// The device they sit at.
    pub device: DeviceId,
    /// Whether the owner revoked it.
    pub revoked: bool,
}

impl Caller {
    /// Whether the caller may read and write this log.
    pub fn reaches(&self, stream: Stream) -> bool {
        match stream {
            Stream::Tenant => true,
            Stream::Shop(shop) => self.shops.is_empty() || self.shops.contains(&shop),
        }
    }
}

/// Earlier events that share an event's id or seq.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prior {
    /// Hash and version of the accepted event of this id.
    pub by_id: Option<(String, u64)>,
    /// Accepted event of this (device, epoch, seq).
    pub by_seq: Option<EventId>,
    /// Why this very event (id and hash) was put aside before.
    pub quarantined: Option<(QuarantineReason, String)>,
}

/// What is to become of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Admission {
    /// It is in the journal already.
    Known {
        /// Its place.
        version: u64,
    },
    /// Append it.
    Append {
        /// With these notes.
        flags: Vec<Flag>,
        /// What it says; none if its kind is from a newer release.
        record: Option<Box<Record>>,
    },
    /// Put it aside.
    Quarantine {
        /// Why.
        reason: QuarantineReason,
        /// In words.
        detail: String,
        /// Whether it is put aside already.
        again: bool,
    },
    /// Its segments are missing.
    NeedsSegments {
        /// These.
        hashes: Vec<String>,
    },
}

/// What the journal holds already that bears on an event.
pub struct Held<'a> {
    /// Of this id and seq.
    pub prior: &'a Prior,
    /// The tenant's shops.
    pub shops: &'a BTreeSet<ShopId>,
    /// Segments whose bytes are stored, with their shop: at least all that the event names.
    pub segments: &'a BTreeMap<String, ShopId>,
}

/// Where a pushed event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The sender's own database of this lifetime.
    Own(EpochId),
    /// Lost by a restored server and brought back by the sender, whoever wrote it. The sender must have the right to
    /// write such a record: with it an event could as well be their own.
    Relayed,
}

impl Origin {
    /// Of the events of a push.
    pub fn of(push: &Push) -> Self {
        if push.relay { Self::Relayed } else { Self::Own(push.epoch) }
    }
}

/// Decides on one event of a push; `hash` is the event's.
pub fn admit(
    event: &Event,
    hash: &str,
    caller: &Caller,
    origin: Origin,
    held: &Held,
    now: Timestamp,
) -> Admission {
    let Held { prior, shops, segments } = held;
    let quarantine = |reason, detail: String| Admission::Quarantine { reason, detail, again: false };
    use QuarantineReason::{Forbidden, HashMismatch, Malformed, RevokedDevice, SeqReused, WrongTenant};

    if let Some((known, version)) = &prior.by_id
        && known == hash
    {
        return Admission::Known { version: *version };
    }
    // What one may not bring back another may.
    if let Some((reason, detail)) = &prior.quarantined
        && *reason != QuarantineReason::Relayed
    {
        return Admission::Quarantine { reason: *reason, detail: detail.clone(), again: true };
    }
    if event.tenant != caller.tenant {
        return quarantine(WrongTenant, format!("tenant {} is not the sender's", event.tenant));
    }
    if prior.by_id.is_some() {
        return quarantine(HashMismatch, "an event of this id and other content came before".to_owned());
    }
    if let Origin::Own(epoch) = origin
        && (event.device, event.epoch) != (caller.device, epoch)
    {
        return quarantine(Malformed, "device and epoch: expected those of the push".to_owned());
    }
    if !(1..=SEQ_MAX).contains(&event.seq) {
        return quarantine(Malformed, format!("seq: expected 1 to {SEQ_MAX}"));
    }
    if let Some(other) = prior.by_seq {
        return quarantine(SeqReused, format!("seq {} of this device is taken by event {other}", event.seq));
    }
    if event.kind.is_empty() || event.kind.len() > KIND_MAX_BYTES || event.kind.contains('\0') {
        return quarantine(Malformed, format!("kind: expected 1 to {KIND_MAX_BYTES} bytes"));
    }
    if holds_nul(&event.data) {
        return quarantine(Malformed, "data: expected text without NUL characters".to_owned());
    }
    if caller.revoked {
        return quarantine(RevokedDevice, "the owner revoked this device".to_owned());
    }
    if let Stream::Shop(shop) = event.stream
        && !shops.contains(&shop)
    {
        return quarantine(WrongTenant, format!("shop {shop} is not the tenant's"));
    }
    if !caller.reaches(event.stream) {
        return quarantine(Forbidden, "the sender has no part in this shop".to_owned());
    }
    let record = match event.record() {
        Ok(record) => record,
        // From a newer release: stored, authorised when it is understood.
        Err(RecordError::Unknown { .. }) => {
            return Admission::Append { flags: flags(event, caller, origin, now), record: None };
        }
        Err(error) => return quarantine(Malformed, error.to_string()),
    };
    if let Err(fault) = record.validate() {
        return quarantine(Malformed, format!("{}: {fault}", event.kind));
    }
    if let Some(shop) = record.shop()
        && event.stream != Stream::Shop(shop)
    {
        return quarantine(Malformed, format!("stream: expected that of shop {shop}"));
    }
    if let Record::Product(product) = &record
        && let Some(kind) = product.fields.open
        && product.id != kind.product(event.tenant)
    {
        return quarantine(Malformed, format!("id: expected that of the open item {}", kind.key()));
    }
    if !caller.role.may(record.action()) {
        let reason = if origin == Origin::Relayed { QuarantineReason::Relayed } else { Forbidden };
        let detail = format!("{:?} may not write {}", caller.role, event.kind);
        return Admission::Quarantine { reason, detail, again: prior.quarantined.is_some() };
    }
    if let Record::Import(import) = &record {
        let mut missing = Vec::new();
        for SegmentRef { hash, .. } in &import.segments {
            match segments.get(hash) {
                Some(shop) if *shop == import.shop => {}
                Some(_) => return quarantine(Malformed, format!("import: segment {hash} is another shop's")),
                None => missing.push(hash.clone()),
            }
        }
        if !missing.is_empty() {
            return Admission::NeedsSegments { hashes: missing };
        }
    }
    Admission::Append { flags: flags(event, caller, origin, now), record: Some(Box::new(record)) }
}

/// What the event itself and its sender give reason to note. What shelves, prices and fields give reason to note
/// ([`Flag::asks_for_a_look`]) is found by the server, which keeps rows of them.
fn flags(event: &Event, caller: &Caller, origin: Origin, now: Timestamp) -> Vec<Flag> {
    let late = now.0.saturating_sub(event.at.0) > LATE_AFTER_MS;
    let relayed = origin == Origin::Relayed;
    // Grant 0: written before any sign-up, when nobody could have held one. A relayed event was judged before.
    let expired = !relayed && event.grant != 0 && event.grant < caller.grant;
    [(late && !relayed, Flag::Late), (expired, Flag::ExpiredLease), (relayed, Flag::Relayed)]
        .into_iter()
        .filter_map(|(noted, flag)| noted.then_some(flag))
        .collect()
}

/// A journal in memory.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    epoch: Option<EpochId>,
    businesses: BTreeMap<TenantId, Business>,
}

#[derive(Clone, Debug, Default)]
struct Business {
    logs: BTreeMap<Stream, Log>,
    by_id: BTreeMap<EventId, (String, u64)>,
    by_seq: BTreeMap<(DeviceId, EpochId, u64), EventId>,
    put_aside: BTreeMap<(EventId, String), PutAside>,
    shops: BTreeSet<ShopId>,
    segments: BTreeMap<String, ShopId>,
    /// Where each person's key stands.
    keys: BTreeMap<PersonKeyId, BTreeSet<(Stream, u64)>>,
    /// Keys that were destroyed.
    erased: BTreeSet<PersonKeyId>,
}

#[derive(Clone, Debug, Default)]
struct Log {
    events: Vec<Confirmed>,
    /// Digest up to each event.
    digests: Vec<String>,
}

#[derive(Clone, Debug)]
struct PutAside {
    attention: Attention,
    order: usize,
    settled: bool,
}

impl Journal {
    /// An empty journal of this identity.
    pub fn new(epoch: EpochId) -> Self {
        Self { epoch: Some(epoch), businesses: BTreeMap::new() }
    }

    /// The same journal under another identity: what a server is after it was restored from a backup.
    pub fn restored_as(self, epoch: EpochId) -> Self {
        Self { epoch: Some(epoch), ..self }
    }

    fn epoch(&self) -> EpochId {
        self.epoch.unwrap_or(EpochId::from_u128(0))
    }

    /// Notes that the bytes of a shop's segment are stored.
    pub fn store_segment(&mut self, tenant: TenantId, hash: &str, shop: ShopId) {
        self.businesses.entry(tenant).or_default().segments.insert(hash.to_owned(), shop);
    }

    /// Takes a push.
    pub fn push(&mut self, caller: &Caller, push: &Push, now: Timestamp) -> PushReply {
        let business = self.businesses.entry(caller.tenant).or_default();
        let origin = Origin::of(push);
        let outcomes = push.events.iter().map(|event| business.take(event, caller, origin, now)).collect();
        PushReply { server_epoch: self.epoch(), outcomes }
    }

    /// Answers a pull.
    pub fn pull(&self, caller: &Caller, pull: &Pull, now: Timestamp) -> PullReply {
        let mut left = pull.limit.clamp(1, PULL_MAX_EVENTS) as usize;
        let (mut pages, mut more) = (Vec::new(), false);
        let logs = self.businesses.get(&caller.tenant).into_iter().flat_map(|business| &business.logs);
        for (&stream, log) in logs.filter(|(stream, _)| caller.reaches(**stream)) {
            let head = log.events.len();
            let from = cursor_of(&pull.cursors, stream).min(head as u64) as usize;
            let to = head.min(from + left);
            left -= to - from;
            more |= to < head;
            let digest = to.checked_sub(1).map(|last| log.digests[last].clone()).unwrap_or_default();
            pages.push(StreamPage {
                stream,
                head: head as u64,
                digest,
                events: log.events[from..to].to_vec(),
            });
        }
        PullReply { server_epoch: self.epoch(), server_time_ms: now.0, pages, more }
    }

    /// Events put aside that wait for the owner, oldest first.
    pub fn attention(&self, tenant: TenantId) -> Vec<Attention> {
        let mut waiting: Vec<&PutAside> = self
            .businesses
            .get(&tenant)
            .into_iter()
            .flat_map(|business| business.put_aside.values())
            .filter(|aside| !aside.settled)
            .collect();
        crate::order::by_key(&mut waiting, |aside| aside.order);
        waiting.into_iter().map(|aside| aside.attention.clone()).collect()
    }

    /// The owner's word on an event that was put aside. `None` where there is nothing to settle or to take.
    pub fn settle(
        &mut self,
        owner: &Caller,
        id: EventId,
        verdict: Verdict,
        now: Timestamp,
    ) -> Option<Option<Confirmed>> {
        let business = self.businesses.get_mut(&owner.tenant)?;
        let (key, aside) =
            business.put_aside.iter().find(|((event, _), aside)| *event == id && !aside.settled)?;
        let (key, attention) = (key.clone(), aside.attention.clone());
        let taken = match verdict {
            Verdict::Refuse => None,
            Verdict::Take if !attention.reason.may_be_taken() => return None,
            Verdict::Take => {
                let event = &attention.event;
                let writer = Caller { device: event.device, ..owner.clone() };
                let aside = business.put_aside.remove(&key)?;
                match business.take(event, &writer, Origin::Own(event.epoch), now) {
                    Outcome::Accepted { version, .. } => {
                        business.put_aside.insert(key.clone(), aside);
                        let log = business.logs.get(&event.stream)?;
                        Some(log.events[version as usize - 1].clone())
                    }
                    _ => {
                        business.put_aside.insert(key, aside);
                        return None;
                    }
                }
            }
        };
        business.put_aside.get_mut(&key)?.settled = true;
        Some(taken)
    }
}

/// The version a device has seen of a stream; 0 where it names none.
pub fn cursor_of(cursors: &[Cursor], stream: Stream) -> u64 {
    cursors.iter().find(|cursor| cursor.stream == stream).map_or(0, |cursor| cursor.version)
}

impl Business {
    fn take(&mut self, event: &Event, caller: &Caller, origin: Origin, now: Timestamp) -> Outcome {
        let hash = event.hash();
        let id = event.id;
        let prior = Prior {
            by_id: self.by_id.get(&id).cloned(),
            by_seq: self.by_seq.get(&(event.device, event.epoch, event.seq)).copied(),
            quarantined: self
                .put_aside
                .get(&(id, hash.clone()))
                .map(|aside| (aside.attention.reason, aside.attention.detail.clone())),
        };
        let held = Held { prior: &prior, shops: &self.shops, segments: &self.segments };
        match admit(event, &hash, caller, origin, &held, now) {
            Admission::Known { version } => Outcome::Accepted { id, version },
            Admission::NeedsSegments { hashes } => Outcome::NeedsSegments { id, hashes },
            Admission::Quarantine { reason, detail, again } => {
                if !again {
                    let erased = event.person_key().is_some_and(|key| self.erased.contains(&key));
                    let keyless = erased.then(|| event.without_key()).flatten();
                    let event = keyless.unwrap_or_else(|| event.clone());
                    let attention = Attention { event, reason, detail: detail.clone(), arrived_ms: now.0 };
                    let aside = PutAside { attention, order: self.put_aside.len(), settled: false };
                    self.put_aside.insert((id, hash), aside);
                }
                Outcome::Quarantined { id, reason, detail }
            }
            Admission::Append { flags, record } => {
                if let Some(Record::Shop(shop)) = record.as_deref() {
                    self.shops.insert(shop.id);
                }
                let log = self.logs.entry(event.stream).or_default();
                let version = log.events.len() as u64 + 1;
                let previous = log.digests.last().map(String::as_str).unwrap_or_default();
                let digest = digest_step(previous, &hash);
                log.digests.push(digest);
                log.events.push(Confirmed { version, flags, event: event.clone() });
                self.guard_key(event, version);
                self.by_id.insert(id, (hash, version));
                self.by_seq.insert((event.device, event.epoch, event.seq), id);
                Outcome::Accepted { id, version }
            }
        }
    }
}

impl Business {
    /// A destroyed key leaves every event that carries it, whichever of the two came first.
    fn guard_key(&mut self, event: &Event, version: u64) {
        let Some(key) = event.person_key() else { return };
        if event.kind == PERSON_KEY {
            self.keys.entry(key).or_default().insert((event.stream, version));
        } else {
            self.erased.insert(key);
        }
        if !self.erased.contains(&key) {
            return;
        }
        for (stream, version) in self.keys.remove(&key).unwrap_or_default() {
            let stored = self.logs.get_mut(&stream).and_then(|log| log.events.get_mut(version as usize - 1));
            if let Some((stored, keyless)) = stored.and_then(|it| it.event.without_key().map(|new| (it, new)))
            {
                stored.event = keyless;
            }
        }
        for aside in self.put_aside.values_mut() {
            if aside.attention.event.person_key() == Some(key)
                && let Some(keyless) = aside.attention.event.without_key()
            {
                aside.attention.event = keyless;
            }
        }
    }
}

#[cfg(test)]
mod tests;
