//! What the journal in memory takes, puts aside and brings back, by hand-made pushes.

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
        bargaining: None,
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
    let push = Push { protocol: 2, device: caller.device, epoch, events: events.to_vec(), relay: false };
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
fn a_lost_event_is_brought_back_by_whoever_may_write_it() {
    let mut journal = Journal::new(EpochId::from_u128(9));
    let relay = |journal: &mut Journal, caller: &Caller, event: &Event| {
        let epoch = EpochId::from_u128(5);
        let push =
            Push { protocol: 2, device: caller.device, epoch, events: vec![event.clone()], relay: true };
        journal.push(caller, &push, Timestamp(10)).outcomes
    };
    let cashier = Caller { device: DeviceId::from_u128(77), ..caller(Role::Cashier) };
    let owner = Caller { device: DeviceId::from_u128(78), ..caller(Role::Owner) };
    let outcomes = relay(&mut journal, &cashier, &shop_opens());
    assert!(matches!(outcomes[..], [Outcome::Quarantined { reason: QuarantineReason::Relayed, .. }]));
    let id = shop_opens().id;
    let taken = journal.settle(&owner, id, Verdict::Take, Timestamp(11)).flatten();
    assert_eq!(taken.map(|confirmed| confirmed.version), Some(1));
    assert_eq!(versions(&relay(&mut journal, &owner, &unknown(2))), [Some(1)]);
    // Its writer comes later: the same event.
    assert_eq!(versions(&push(&mut journal, &caller(Role::Owner), &[unknown(2)])), [Some(1)]);
    // As its own, nobody brings another device's event.
    assert_eq!(versions(&push(&mut journal, &owner, &[unknown(3)])), [None]);
}

#[test]
fn roles_and_shops_bound_what_is_taken() {
    let mut journal = Journal::new(EpochId::from_u128(9));
    assert_eq!(versions(&push(&mut journal, &caller(Role::Cashier), &[shop_opens()])), [None]);
    let stranger = Caller { tenant: TenantId::from_u128(8), ..caller(Role::Owner) };
    assert_eq!(versions(&push(&mut journal, &stranger, &[shop_opens()])), [None]);
    assert_eq!(versions(&push(&mut journal, &caller(Role::Owner), &[unknown(2)])), [None]);
}
