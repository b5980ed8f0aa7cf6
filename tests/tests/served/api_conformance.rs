//! One suite for every store: SQLite and Postgres answer exactly as core's journal in memory does.

use crate::api::{DEVICE, EPOCH, Pen, SHOP, TENANT, caller, on_both};
use dukandar_core::{
    id::{DeviceId, EpochId, EventId, ShopId, TenantId},
    money::Currency,
    record::{Import, Record, SegmentRef},
    rng::Rng,
    role::Role,
    sync::{
        event::{Event, Stream},
        journal::{Caller, Journal},
        protocol::{Cursor, Outcome, PROTOCOL_VERSION, Pull, Push, QuarantineReason, Verdict},
    },
    table::segment::{Segment, segment_name},
    time::{Day, Period, Timestamp, Zone},
};
use dukandar_server::store::{self, Store, journal, segment};
use std::collections::BTreeMap;

/// A store beside the reference: every step is done on both and must answer alike.
struct Pair<'a> {
    store: &'a dyn Store,
    epoch: EpochId,
    memory: Journal,
    now: i64,
}

impl<'a> Pair<'a> {
    async fn new(store: &'a dyn Store) -> Self {
        let epoch = store::server_epoch(store).await.unwrap();
        Self { store, epoch, memory: Journal::new(epoch), now: store::now_ms() }
    }

    fn tick(&mut self) -> Timestamp {
        self.now += 1_000;
        Timestamp(self.now)
    }

    async fn push(&mut self, caller: &Caller, push: &Push) -> Vec<Outcome> {
        let now = self.tick();
        let expected = self.memory.push(caller, push, now);
        let reply = journal::push(self.store, self.epoch, caller, push, now).await.unwrap();
        assert_eq!(reply, expected);
        reply.outcomes
    }

    async fn pull(&mut self, caller: &Caller, pull: &Pull) -> dukandar_core::sync::protocol::PullReply {
        let now = self.tick();
        let expected = self.memory.pull(caller, pull, now);
        let reply = journal::pull(self.store, self.epoch, caller, pull, now).await.unwrap();
        assert_eq!(reply, expected);
        reply
    }

    async fn attention(&self) -> Vec<QuarantineReason> {
        let expected = self.memory.attention(TENANT);
        assert_eq!(journal::attention(self.store, TENANT).await.unwrap(), expected);
        expected.into_iter().map(|aside| aside.reason).collect()
    }

    async fn settle(&mut self, owner: &Caller, id: EventId, verdict: Verdict) -> bool {
        let now = self.tick();
        let expected = self.memory.settle(owner, id, verdict, now);
        assert_eq!(journal::settle(self.store, owner, id, verdict, now).await.unwrap(), expected);
        expected.is_some()
    }

    async fn segment(&mut self, segment: &Segment) -> String {
        let bytes = segment.encode();
        let hash = segment_name(&bytes);
        self.memory.store_segment(TENANT, &hash, segment.shop);
        segment::put(self.store, TENANT, &hash, segment.shop, &bytes).await.unwrap();
        hash
    }
}

fn pull(cursors: &[Cursor], limit: u32) -> Pull {
    Pull { protocol: PROTOCOL_VERSION, device: DEVICE, cursors: cursors.to_vec(), limit }
}

fn accepted(outcomes: &[Outcome]) -> Vec<Option<u64>> {
    let version = |outcome: &Outcome| match outcome {
        Outcome::Accepted { version, .. } => Some(*version),
        _ => None,
    };
    outcomes.iter().map(version).collect()
}

#[tokio::test]
async fn replays_duplicates_and_any_order_answer_as_the_first_time() {
    on_both("replay", async |store| {
        let (mut pair, owner) = (Pair::new(&*store).await, caller(Role::Owner));
        let mut pen = Pen::new(DEVICE, 1);
        let events = [pen.shop(SHOP), pen.sale(SHOP, 1, 500), pen.sale(SHOP, 2, 700), pen.sale(SHOP, 1, 900)];
        let first = pair.push(&owner, &pen.push(&events)).await;
        assert_eq!(accepted(&first), [Some(1), Some(1), Some(2), Some(3)]);
        let mut shuffled: Vec<Event> = events.iter().chain(&events).cloned().collect();
        shuffled.reverse();
        let again = pair.push(&owner, &pen.push(&shuffled)).await;
        assert_eq!(accepted(&again)[..4], [Some(3), Some(2), Some(1), Some(1)]);
        let all = pair.pull(&owner, &pull(&[], 1_000)).await;
        assert_eq!(all.pages.iter().map(|page| page.head).collect::<Vec<_>>(), [1, 3]);
    })
    .await;
}

#[tokio::test]
async fn each_fault_is_put_aside_under_its_reason_and_the_rest_flows() {
    on_both("faults", async |store| {
        let (mut pair, owner) = (Pair::new(&*store).await, caller(Role::Owner));
        let mut pen = Pen::new(DEVICE, 2);
        let (shop, good) = (pen.shop(SHOP), pen.sale(SHOP, 1, 500));
        pair.push(&owner, &pen.push(&[shop, good.clone()])).await;

        let mut forged = good.clone();
        forged.data["number"] = "HR-1-999".into();
        let mut reused = pen.sale(SHOP, 1, 100);
        reused.seq = good.seq;
        let mut unequal = pen.sale(SHOP, 1, 200);
        unequal.data["payments"][0]["amount"] = 1.into();
        let mut shapeless = pen.sale(SHOP, 1, 300);
        shapeless.data = serde_json::json!({ "lines": "none" });
        let mut foreign = pen.sale(SHOP, 1, 400);
        foreign.tenant = TenantId::from_u128(9);
        let mut elsewhere = pen.sale(SHOP, 1, 400);
        elsewhere.stream = Stream::Tenant;
        let unknown_shop = pen.sale(ShopId::from_u128(99), 1, 500);
        let mut other_device = pen.sale(SHOP, 1, 600);
        other_device.device = DeviceId::from_u128(98);
        let mut nul = pen.sale(SHOP, 1, 700);
        nul.data["number"] = "HR\0".into();
        let mut no_seq = pen.sale(SHOP, 1, 800);
        no_seq.seq = 0;
        let mut endless_seq = pen.sale(SHOP, 1, 800);
        endless_seq.seq = u64::MAX;
        let last = pen.sale(SHOP, 1, 900);
        let batch = [
            forged,
            reused,
            unequal,
            shapeless,
            foreign,
            elsewhere,
            unknown_shop,
            other_device,
            nul,
            no_seq,
            endless_seq,
            last,
        ];
        let outcomes = pair.push(&owner, &pen.push(&batch)).await;
        use QuarantineReason::{HashMismatch, Malformed, SeqReused, WrongTenant};
        let reasons = [
            HashMismatch,
            SeqReused,
            Malformed,
            Malformed,
            WrongTenant,
            Malformed,
            WrongTenant,
            Malformed,
            Malformed,
            Malformed,
            Malformed,
        ];
        assert_eq!(accepted(&outcomes).last(), Some(&Some(2)));
        assert_eq!(pair.attention().await, reasons);
        // Pushed again, they are told the same and not put aside twice.
        assert_eq!(pair.push(&owner, &pen.push(&batch)).await, outcomes);
        assert_eq!(pair.attention().await, reasons);
    })
    .await;
}

#[tokio::test]
async fn roles_shops_and_grants_are_judged_on_arrival() {
    on_both("roles", async |store| {
        let mut pair = Pair::new(&*store).await;
        let mut pen = Pen::new(DEVICE, 3);
        let other = ShopId::from_u128(0x7102);
        let shops = [pen.shop(SHOP), pen.shop(other)];
        assert_eq!(accepted(&pair.push(&caller(Role::Cashier), &pen.push(&shops)).await), [None, None]);
        let shops = [pen.shop(SHOP), pen.shop(other)];
        pair.push(&caller(Role::Owner), &pen.push(&shops)).await;

        let cashier = Caller { shops: vec![SHOP], grant: 3, ..caller(Role::Cashier) };
        let mut stale = pen.sale(SHOP, 1, 500);
        stale.grant = 2;
        let mut late = pen.sale(SHOP, 1, 500);
        late.at = Timestamp(0);
        let mut newer = pen.sale(SHOP, 1, 500);
        (newer.kind, newer.v) = ("hologram".to_owned(), 7);
        let outside = pen.sale(other, 1, 500);
        let outcomes = pair.push(&cashier, &pen.push(&[stale, late, newer, outside])).await;
        assert_eq!(accepted(&outcomes), [Some(1), Some(2), Some(3), None]);
        let seen = pair.pull(&cashier, &pull(&[], 1_000)).await;
        let streams: Vec<Stream> = seen.pages.iter().map(|page| page.stream).collect();
        assert_eq!(streams, [Stream::Tenant, Stream::Shop(SHOP)]);
        let flags: Vec<usize> = seen.pages[1].events.iter().map(|event| event.flags.len()).collect();
        assert_eq!(flags, [1, 1, 0]);
        let accountant = pen.sale(SHOP, 1, 1);
        assert_eq!(accepted(&pair.push(&caller(Role::Accountant), &pen.push(&[accountant])).await), [None]);
    })
    .await;
}

#[tokio::test]
async fn what_a_revoked_device_sends_waits_for_the_owner() {
    on_both("revoked", async |store| {
        let (mut pair, owner) = (Pair::new(&*store).await, caller(Role::Owner));
        let mut pen = Pen::new(DEVICE, 4);
        let shop = pen.shop(SHOP);
        pair.push(&owner, &pen.push(&[shop])).await;
        let revoked = Caller { revoked: true, ..owner.clone() };
        let sales = [pen.sale(SHOP, 1, 500), pen.sale(SHOP, 1, 600), pen.sale(SHOP, 1, 700)];
        assert_eq!(accepted(&pair.push(&revoked, &pen.push(&sales)).await), [None; 3]);
        let counter = Caller { device: DeviceId::from_u128(0x7777), ..owner.clone() };
        assert!(pair.settle(&counter, sales[0].id, Verdict::Take).await);
        assert!(pair.settle(&counter, sales[1].id, Verdict::Refuse).await);
        assert!(!pair.settle(&counter, sales[1].id, Verdict::Take).await);
        assert!(!pair.settle(&counter, EventId::from_u128(5), Verdict::Refuse).await);
        assert_eq!(pair.attention().await, [QuarantineReason::RevokedDevice]);
        assert_eq!(accepted(&pair.push(&revoked, &pen.push(&sales)).await), [Some(1), None, None]);
        pair.pull(&owner, &pull(&[], 1_000)).await;
    })
    .await;
}

#[tokio::test]
async fn an_import_waits_for_its_segments() {
    on_both("import", async |store| {
        let (mut pair, owner) = (Pair::new(&*store).await, caller(Role::Owner));
        let mut pen = Pen::new(DEVICE, 5);
        let other = ShopId::from_u128(0x7102);
        let shops = [pen.shop(SHOP), pen.shop(other)];
        pair.push(&owner, &pen.push(&shops)).await;
        let mine = Segment::empty(SHOP, Currency::PKR, Zone::KARACHI);
        let theirs = Segment::empty(other, Currency::PKR, Zone::KARACHI);
        let hash = segment_name(&mine.encode());
        let import = |pen: &mut Pen, hash: &str| {
            let segment = SegmentRef {
                hash: hash.to_owned(),
                period: Period { from: Day(0), to: Day(1) },
                bytes: 1,
                receipts: 0,
                lines: 0,
            };
            let import = Import {
                id: dukandar_core::id::ImportId::from_u128(1),
                shop: SHOP,
                file_name: "sales.csv".to_owned(),
                file_sha256: "0".repeat(64),
                at: pen.at,
                currency: Currency::PKR,
                zone: Zone::KARACHI,
                mapping: BTreeMap::new(),
                segments: vec![segment],
                rows: 0,
                kept: 0,
                rejected: BTreeMap::new(),
                rounded_prices: 0,
            };
            pen.write(Stream::Shop(SHOP), &Record::Import(import))
        };
        let event = import(&mut pen, &hash);
        let sale = pen.sale(SHOP, 1, 500);
        let waits = pair.push(&owner, &pen.push(&[event.clone(), sale])).await;
        assert_eq!(waits[0], Outcome::NeedsSegments { id: event.id, hashes: vec![hash.clone()] });
        assert_eq!(accepted(&waits), [None, Some(1)]);
        assert_eq!(pair.segment(&mine).await, hash);
        assert_eq!(accepted(&pair.push(&owner, &pen.push(&[event])).await), [Some(2)]);
        let foreign = pair.segment(&theirs).await;
        let wrong = import(&mut pen, &foreign);
        assert_eq!(accepted(&pair.push(&owner, &pen.push(&[wrong])).await), [None]);
        assert_eq!(pair.attention().await, [QuarantineReason::Malformed]);
    })
    .await;
}

#[tokio::test]
async fn pages_of_any_size_give_every_event_once_and_the_digest_of_their_end() {
    on_both("pages", async |store| {
        let (mut pair, owner) = (Pair::new(&*store).await, caller(Role::Owner));
        let mut pen = Pen::new(DEVICE, 6);
        let mut events = vec![pen.shop(SHOP)];
        events.extend((1..60).map(|rupees| pen.sale(SHOP, 1, rupees)));
        pair.push(&owner, &pen.push(&events)).await;
        for limit in [1, 7, 59, 60, 1_000, u32::MAX] {
            let mut cursors: BTreeMap<Stream, u64> = BTreeMap::new();
            let mut seen = Vec::new();
            loop {
                let known: Vec<Cursor> =
                    cursors.iter().map(|(&stream, &version)| Cursor { stream, version }).collect();
                let reply = pair.pull(&owner, &pull(&known, limit)).await;
                for page in reply.pages {
                    seen.extend(page.events.iter().map(|event| event.event.id));
                    let last = page.events.last().map_or(0, |event| event.version);
                    let cursor = cursors.entry(page.stream).or_default();
                    *cursor = last.max(*cursor);
                }
                if !reply.more {
                    break;
                }
            }
            assert_eq!(seen, events.iter().map(|event| event.id).collect::<Vec<_>>(), "limit {limit}");
        }
        // A cursor beyond the head: the server was restored from a backup.
        pair.pull(&owner, &pull(&[Cursor { stream: Stream::Shop(SHOP), version: 1_000 }], 10)).await;
    })
    .await;
}

#[tokio::test]
async fn long_tails_are_sealed_into_immutable_runs() {
    on_both("seal", async |store| {
        let (mut pair, owner) = (Pair::new(&*store).await, caller(Role::Owner));
        let mut pen = Pen::new(DEVICE, 7);
        let shop = pen.shop(SHOP);
        pair.push(&owner, &pen.push(&[shop])).await;
        let mut events = Vec::new();
        for _ in 0..9 {
            let sales: Vec<Event> = (1..=500).map(|rupees| pen.sale(SHOP, 1, rupees)).collect();
            pair.push(&owner, &pen.push(&sales)).await;
            events.extend(sales);
        }
        let sealed = segment::list(&*store, &owner, &[]).await.unwrap();
        let ranges: Vec<(u64, u64)> = sealed.iter().map(|segment| (segment.first, segment.last)).collect();
        assert_eq!(ranges, [(2_001, 4_000), (1, 2_000)]);
        let after = [Cursor { stream: Stream::Shop(SHOP), version: 2_000 }];
        assert_eq!(segment::list(&*store, &owner, &after).await.unwrap(), sealed[..1]);

        let bytes = segment::get_events(&*store, &owner, &sealed[0].hash).await.unwrap().unwrap();
        assert_eq!((segment_name(&bytes), bytes.len() as u64), (sealed[0].hash.clone(), sealed[0].bytes));
        let run: Vec<dukandar_core::sync::event::Confirmed> =
            serde_json::from_reader(flate2::read::GzDecoder::new(&bytes[..])).unwrap();
        assert_eq!(run.len(), 2_000);
        assert_eq!(run[0].event, events[2_000]);
        let cursors = [
            Cursor { stream: Stream::Tenant, version: 1 },
            Cursor { stream: Stream::Shop(SHOP), version: 3_999 },
        ];
        let page = pair.pull(&owner, &pull(&cursors, 1)).await;
        let page = page.pages.into_iter().find(|page| page.stream == Stream::Shop(SHOP)).unwrap();
        assert_eq!((page.digest, &page.events[0]), (sealed[0].digest.clone(), &run[1_999]));
        let elsewhere = Caller { shops: vec![ShopId::from_u128(1)], ..caller(Role::Cashier) };
        assert_eq!(segment::list(&*store, &elsewhere, &[]).await.unwrap(), []);
        assert_eq!(segment::get_events(&*store, &elsewhere, &sealed[0].hash).await.unwrap(), None);
    })
    .await;
}

/// Two devices, faults of every kind, in a random order per seed: store and reference never part.
#[tokio::test]
async fn random_histories_answer_as_the_reference() {
    on_both("random", async |store| {
        let mut pair = Pair::new(&*store).await;
        let mut rng = Rng::seeded(20_261_123);
        let mut pens = [Pen::new(DEVICE, 8), Pen::new(DeviceId::from_u128(0x7103), 9)];
        let shops = [SHOP, ShopId::from_u128(0x7102), ShopId::from_u128(0x7202)];
        let mut written: Vec<Vec<Event>> = vec![Vec::new(), Vec::new()];
        let mut kinds = BTreeMap::<&str, u32>::new();
        for _ in 0..120 {
            let who = rng.below(2);
            let role = [Role::Owner, Role::Owner, Role::Manager, Role::Cashier][rng.below(4)];
            let sender = Caller {
                device: pens[who].device,
                revoked: rng.chance(0.1),
                grant: 1 + rng.below(3) as u32,
                ..caller(role)
            };
            let mut batch = Vec::new();
            for _ in 0..rng.below(6) {
                let pen = &mut pens[who];
                let mut event = match rng.below(8) {
                    0 => pen.shop(shops[rng.below(3)]),
                    1 if !written[who].is_empty() => written[who][rng.below(written[who].len())].clone(),
                    _ => pen.sale(shops[rng.below(3)], 1 + rng.below(3) as i64, 1 + rng.below(900) as i64),
                };
                match rng.below(14) {
                    0 => event.data["number"] = "changed".into(),
                    1 => event.seq = 1 + rng.below(40) as u64,
                    2 => event.grant = rng.below(4) as u32,
                    3 => event.at = Timestamp(rng.below(2) as i64),
                    4 => event.kind = "hologram".to_owned(),
                    5 => event.data["lines"] = serde_json::json!([]),
                    6 => event.epoch = EpochId::from_u128(rng.below(2) as u128),
                    _ => {}
                }
                written[who].push(event.clone());
                batch.push(event);
            }
            let push = Push {
                protocol: PROTOCOL_VERSION,
                device: sender.device,
                epoch: EPOCH,
                events: batch,
                relay: false,
            };
            for outcome in pair.push(&sender, &push).await {
                let kind = match outcome {
                    Outcome::Accepted { .. } => "accepted",
                    Outcome::Quarantined { .. } => "quarantined",
                    Outcome::NeedsSegments { .. } => "waiting",
                };
                *kinds.entry(kind).or_default() += 1;
            }
            if rng.chance(0.2) {
                let waiting = pair.memory.attention(TENANT);
                if !waiting.is_empty() {
                    let id = waiting[rng.below(waiting.len())].event.id;
                    let verdict = if rng.chance(0.5) { Verdict::Take } else { Verdict::Refuse };
                    let owner = caller(Role::Owner);
                    // Two quarantined events may share an id: which one is settled first is not part of the rules.
                    if waiting.iter().filter(|aside| aside.event.id == id).count() == 1 {
                        pair.settle(&owner, id, verdict).await;
                    }
                }
            }
            pair.attention().await;
            let limit = 1 + rng.below(40) as u32;
            pair.pull(&sender, &pull(&[], limit)).await;
        }
        assert!(kinds["accepted"] > 40 && kinds["quarantined"] > 40, "{kinds:?}");
    })
    .await;
}
