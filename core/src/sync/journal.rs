//! Which events a journal takes, and a journal in memory that takes them: the reference that every database
//! behind the server is held to, and the server of the simulator.
//!
//! Events are atomic, batches are not: whatever becomes of one event, the others of its push go their way.
//! [`admit`] decides; it sees only what a database can answer with two look-ups.

use super::{
    event::{Confirmed, Event, Flag, Stream},
    protocol::{
        Attention, Cursor, Outcome, PULL_MAX_EVENTS, Pull, PullReply, Push, PushReply, QuarantineReason,
        StreamPage, Verdict, digest_step,
    },
};
use crate::{
    id::{DeviceId, EpochId, EventId, ShopId, TenantId, UserId},
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

/// Decides on one event of a push from `epoch`; `hash` is the event's.
pub fn admit(
    event: &Event,
    hash: &str,
    caller: &Caller,
    epoch: EpochId,
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
    if let Some((reason, detail)) = &prior.quarantined {
        return Admission::Quarantine { reason: *reason, detail: detail.clone(), again: true };
    }
    if event.tenant != caller.tenant {
        return quarantine(WrongTenant, format!("tenant {} is not the sender's", event.tenant));
    }
    if prior.by_id.is_some() {
        return quarantine(HashMismatch, "an event of this id and other content came before".to_owned());
    }
    if (event.device, event.epoch) != (caller.device, epoch) {
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
            return Admission::Append { flags: flags(event, caller, now), record: None };
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
    if !caller.role.may(record.action()) {
        return quarantine(Forbidden, format!("{:?} may not write {}", caller.role, event.kind));
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
    Admission::Append { flags: flags(event, caller, now), record: Some(Box::new(record)) }
}

fn flags(event: &Event, caller: &Caller, now: Timestamp) -> Vec<Flag> {
    let late = now.0.saturating_sub(event.at.0) > LATE_AFTER_MS;
    // Grant 0: written before any sign-up, when nobody could have held one.
    let expired = event.grant != 0 && event.grant < caller.grant;
    [(late, Flag::Late), (expired, Flag::ExpiredLease)]
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
        let outcomes =
            push.events.iter().map(|event| business.take(event, caller, push.epoch, now)).collect();
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
        waiting.sort_by_key(|aside| aside.order);
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
            Verdict::Take if attention.reason != QuarantineReason::RevokedDevice => return None,
            Verdict::Take => {
                let event = &attention.event;
                let writer = Caller { device: event.device, ..owner.clone() };
                let aside = business.put_aside.remove(&key)?;
                match business.take(event, &writer, event.epoch, now) {
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
    fn take(&mut self, event: &Event, caller: &Caller, epoch: EpochId, now: Timestamp) -> Outcome {
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
        match admit(event, &hash, caller, epoch, &held, now) {
            Admission::Known { version } => Outcome::Accepted { id, version },
            Admission::NeedsSegments { hashes } => Outcome::NeedsSegments { id, hashes },
            Admission::Quarantine { reason, detail, again } => {
                if !again {
                    let attention =
                        Attention { event: event.clone(), reason, detail: detail.clone(), arrived_ms: now.0 };
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
                self.by_id.insert(id, (hash, version));
                self.by_seq.insert((event.device, event.epoch, event.seq), id);
                Outcome::Accepted { id, version }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::record::{Record, Shop};
    use crate::{money::Currency, time::Zone};

    const SHOP: ShopId = ShopId::from_u128(30);

    fn caller(role: Role) -> Caller {
        Caller {
            tenant: TenantId::from_u128(1),
            user: UserId::from_u128(2),
            role,
            grant: 2,
            shops: vec![],
            device: DeviceId::from_u128(3),
            revoked: false,
        }
    }

    fn event(seq: u64, stream: Stream, record: Record) -> Event {
        let (kind, v, data) = record.encode().unwrap();
        Event {
            id: EventId::from_u128(100 + u128::from(seq)),
            tenant: TenantId::from_u128(1),
            stream,
            device: DeviceId::from_u128(3),
            epoch: EpochId::from_u128(4),
            seq,
            at: Timestamp(0),
            grant: 2,
            actor: None,
            kind,
            v,
            data,
        }
    }

    fn shop_opens() -> Event {
        let shop = Shop {
            id: SHOP,
            name: "Hall Road".to_owned(),
            code: "HR".to_owned(),
            city: "Lahore".to_owned(),
            currency: Currency::PKR,
            zone: Zone::KARACHI,
        };
        event(1, Stream::Tenant, Record::Shop(shop))
    }

    fn unknown(seq: u64) -> Event {
        let mut event = shop_opens();
        (event.id, event.seq, event.kind) = (EventId::from_u128(u128::from(seq)), seq, "hologram".to_owned());
        event.stream = Stream::Shop(SHOP);
        event
    }

    fn push(journal: &mut Journal, caller: &Caller, events: &[Event]) -> Vec<Outcome> {
        let epoch = EpochId::from_u128(4);
        let push = Push { protocol: 1, device: caller.device, epoch, events: events.to_vec() };
        journal.push(caller, &push, Timestamp(10)).outcomes
    }

    fn versions(outcomes: &[Outcome]) -> Vec<Option<u64>> {
        outcomes
            .iter()
            .map(|outcome| match outcome {
                Outcome::Accepted { version, .. } => Some(*version),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_push_again_in_any_order_changes_nothing() {
        let (mut journal, owner) = (Journal::new(EpochId::from_u128(9)), caller(Role::Owner));
        let events = [shop_opens(), unknown(2), unknown(3)];
        let first = push(&mut journal, &owner, &events);
        assert_eq!(versions(&first), [Some(1), Some(1), Some(2)]);
        let before = format!("{journal:?}");
        let mut reversed = events.clone();
        reversed.reverse();
        let mut again = push(&mut journal, &owner, &reversed);
        again.reverse();
        assert_eq!((again, format!("{journal:?}")), (first, before));
    }

    #[test]
    fn a_bad_event_is_put_aside_and_the_rest_flows() {
        let (mut journal, owner) = (Journal::new(EpochId::from_u128(9)), caller(Role::Owner));
        let mut forged = unknown(2);
        forged.data = serde_json::json!("other content");
        let mut reused = unknown(2);
        reused.id = EventId::from_u128(77);
        let outcomes = push(&mut journal, &owner, &[shop_opens(), unknown(2), forged, reused, unknown(4)]);
        assert_eq!(versions(&outcomes), [Some(1), Some(1), None, None, Some(2)]);
        let reasons: Vec<_> = journal.attention(owner.tenant).iter().map(|aside| aside.reason).collect();
        assert_eq!(reasons, [QuarantineReason::HashMismatch, QuarantineReason::SeqReused]);
    }

    #[test]
    fn an_event_of_a_revoked_device_waits_for_the_owner() {
        let (mut journal, owner) = (Journal::new(EpochId::from_u128(9)), caller(Role::Owner));
        push(&mut journal, &owner, &[shop_opens()]);
        let revoked = Caller { revoked: true, ..owner.clone() };
        assert_eq!(versions(&push(&mut journal, &revoked, &[unknown(2), unknown(3)])), [None, None]);
        let settle = |journal: &mut Journal, event: u128, verdict| {
            journal.settle(&owner, EventId::from_u128(event), verdict, Timestamp(20))
        };
        let taken = settle(&mut journal, 2, Verdict::Take).flatten();
        assert_eq!(taken.map(|confirmed| confirmed.version), Some(1));
        assert_eq!(settle(&mut journal, 3, Verdict::Refuse), Some(None));
        assert_eq!(settle(&mut journal, 3, Verdict::Take), None);
        assert!(journal.attention(owner.tenant).is_empty());
        assert_eq!(versions(&push(&mut journal, &revoked, &[unknown(2), unknown(3)])), [Some(1), None]);
    }

    #[test]
    fn roles_and_shops_bound_what_is_taken() {
        let mut journal = Journal::new(EpochId::from_u128(9));
        assert_eq!(versions(&push(&mut journal, &caller(Role::Cashier), &[shop_opens()])), [None]);
        let stranger = Caller { tenant: TenantId::from_u128(8), ..caller(Role::Owner) };
        assert_eq!(versions(&push(&mut journal, &stranger, &[shop_opens()])), [None]);
        assert_eq!(versions(&push(&mut journal, &caller(Role::Owner), &[unknown(2)])), [None]);
    }
}
