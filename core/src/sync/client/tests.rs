//! Rules of the client one by one; whole histories are played by the convergence test.

use super::*;
use crate::{
    id::{DeviceId, EpochId, TenantId},
    sync::{
        event::Event,
        protocol::{EventSegment, SegmentList},
    },
};
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn waiting(number: u128, bytes: usize) -> Waiting {
    Waiting { id: EventId::from_u128(number), stream: Stream::Tenant, bytes, relay: false }
}

/// A device that is past its first sync of nothing, so that tests of pages begin with a page.
fn client(outbox: Vec<Waiting>) -> Client {
    let mut client = Client::open(Saved::default(), outbox, Vec::new(), Vec::new(), Rng::seeded(1));
    client.first = FirstSync::Done;
    client
}

fn confirmed(number: u128, version: u64) -> Confirmed {
    let event = Event {
        id: EventId::from_u128(number),
        tenant: TenantId::from_u128(1),
        stream: Stream::Tenant,
        device: DeviceId::from_u128(2),
        epoch: EpochId::from_u128(3),
        seq: version,
        at: Timestamp(0),
        grant: 0,
        actor: None,
        kind: "hologram".to_owned(),
        v: 1,
        data: serde_json::Value::Null,
    };
    Confirmed { version, flags: Vec::new(), event }
}

/// A pull's answer: events 1, 2, 3 … up to `to` after `from`, in a log whose event numbers are its versions.
fn pulled(epoch: u128, from: u64, to: u64) -> PullReply {
    let chain = (1..=to).fold(String::new(), |digest, version| {
        digest_step(&digest, &confirmed(version.into(), version).event.hash())
    });
    let events = (from + 1..=to).map(|version| confirmed(version.into(), version)).collect();
    let page = StreamPage { stream: Stream::Tenant, head: to, digest: chain, events };
    PullReply {
        server_epoch: EpochId::from_u128(epoch),
        server_time_ms: 1_000,
        pages: vec![page],
        more: false,
    }
}

fn accepted(epoch: u128, numbers: std::ops::RangeInclusive<u128>) -> PushReply {
    let outcomes =
        numbers.map(|number| Outcome::Accepted { id: EventId::from_u128(number), version: number as u64 });
    PushReply { server_epoch: EpochId::from_u128(epoch), outcomes: outcomes.collect() }
}

#[test]
fn a_push_holds_at_most_its_events_and_bytes() {
    let many = client((1..=700).map(|number| waiting(number, 10)).collect()).step(0, Input::Online);
    assert!(matches!(&many[..], [Effect::Push { events, .. }] if events.len() == PUSH_MAX_EVENTS));
    let large = (1..=4).map(|number| waiting(number, PUSH_MAX_BYTES / 3 + 1)).collect();
    let large = client(large).step(0, Input::Online);
    assert!(matches!(&large[..], [Effect::Push { events, .. }] if events.len() == 2));
    let giant = client(vec![waiting(1, PUSH_MAX_BYTES * 2), waiting(2, 1)]).step(0, Input::Online);
    assert!(matches!(&giant[..], [Effect::Push { events, .. }] if events.len() == 1));
}

#[test]
fn an_event_leaves_the_outbox_only_with_a_pull() {
    let mut client = client(vec![waiting(1, 10), waiting(2, 10)]);
    client.step(0, Input::Online);
    let effects = client.step(1, Input::PushReply(1, accepted(9, 1..=2)));
    assert!(matches!(&effects[..], [Effect::Pull { request: 2, .. }]), "{effects:?}");
    assert_eq!(client.waiting(), 2);
    let effects = client.step(2, Input::PullReply(2, pulled(9, 0, 1)));
    let Effect::StoreConfirmed { home, saved, .. } = &effects[0] else { panic!("{effects:?}") };
    assert_eq!(home, &[EventId::from_u128(1)]);
    assert_eq!(saved.marks[0].version, 1);
    assert_eq!(client.waiting(), 1);
}

#[test]
fn an_answer_to_an_earlier_request_changes_nothing() {
    let mut client = client(vec![waiting(1, 10)]);
    client.step(0, Input::Online);
    assert_eq!(client.step(1, Input::PullReply(1, pulled(9, 0, 3))), []);
    assert_eq!(client.step(1, Input::PushReply(7, accepted(9, 1..=1))), []);
    assert_eq!(client.saved(), &Saved::default());
}

#[test]
fn a_restored_server_gets_its_lost_events_again() {
    let mut client = client(vec![waiting(1, 10)]);
    client.step(0, Input::Online);
    client.step(1, Input::PushReply(1, accepted(9, 1..=1)));
    client.step(2, Input::PullReply(2, pulled(9, 0, 1)));
    assert_eq!(client.waiting(), 0);
    client.step(40_000, Input::Tick);
    let effects = client.step(40_001, Input::PullReply(3, pulled(10, 0, 0)));
    let Effect::RebuildProjection { streams, again, saved } = &effects[0] else { panic!("{effects:?}") };
    assert_eq!((&streams[..], &again[..]), (&[Stream::Tenant][..], &[EventId::from_u128(1)][..]));
    assert_eq!((saved.server_epoch, saved.marks.len()), (Some(EpochId::from_u128(10)), 0));
    assert_eq!(saved.orphaned, [Stream::Tenant]);
    // First it is read what the server still has, then all that it lost is brought back: the own event and, before
    // it, one of another device that is stored here.
    assert!(matches!(effects[1], Effect::ListSegments { request: 4, .. }), "{effects:?}");
    let list = SegmentList { server_epoch: EpochId::from_u128(10), server_time_ms: 1_000, segments: vec![] };
    let effects = client.step(40_002, Input::SegmentList(4, list));
    assert!(matches!(effects[..], [Effect::Pull { request: 5, .. }]), "{effects:?}");
    let effects = client.step(40_003, Input::PullReply(5, pulled(10, 0, 0)));
    assert_eq!(effects[0], Effect::FindOrphans(vec![Stream::Tenant]));
    let orphan = Waiting { relay: true, ..waiting(7, 10) };
    let effects = client.step(80_000, Input::Orphans(vec![orphan]));
    let Effect::Push { request, events, relay } = &effects[0] else { panic!("{effects:?}") };
    assert_eq!((&events[..], *relay), (&[EventId::from_u128(7)][..], true));
    let effects = client.step(80_001, Input::PushReply(*request, accepted(10, 7..=7)));
    let Effect::Push { events, relay, .. } = &effects[0] else { panic!("{effects:?}") };
    assert_eq!((&events[..], *relay), (&[EventId::from_u128(1)][..], false));
}

/// Runs of the log of [`pulled`], newest first as a server lists them.
fn listed(epoch: u128, runs: &[(u64, u64)]) -> SegmentList {
    let segment = |&(first, last): &(u64, u64)| EventSegment {
        stream: Stream::Tenant,
        first,
        last,
        hash: format!("{first}-{last}"),
        bytes: 1,
        digest: pulled(epoch, 0, last).pages[0].digest.clone(),
    };
    let segments = runs.iter().map(segment).collect();
    SegmentList { server_epoch: EpochId::from_u128(epoch), server_time_ms: 1_000, segments }
}

fn run(first: u64, last: u64) -> Vec<Confirmed> {
    (first..=last).map(|version| confirmed(version.into(), version)).collect()
}

fn fetches(effects: &[Effect]) -> (RequestId, u64) {
    match effects.last() {
        Some(Effect::FetchSegment { request, segment }) => (*request, segment.first),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_first_sync_reads_runs_newest_first_and_goes_on_where_it_broke_off() {
    let open = |saved: Saved| Client::open(saved, Vec::new(), Vec::new(), Vec::new(), Rng::seeded(1));
    let mut client = open(Saved::default());
    let effects = client.step(0, Input::Online);
    assert!(matches!(&effects[..], [Effect::ListSegments { request: 1, cursors }] if cursors.is_empty()));
    let effects = client.step(1, Input::SegmentList(1, listed(9, &[(5, 6), (3, 4), (1, 2)])));
    assert_eq!(fetches(&effects), (2, 5));
    let effects = client.step(2, Input::Segment(2, run(5, 6)));
    let Effect::StoreConfirmed { events, saved, .. } = &effects[0] else { panic!("{effects:?}") };
    assert_eq!((events.len(), saved.marks.len(), saved.runs.len()), (2, 0, 1));
    assert_eq!(fetches(&effects), (3, 3));

    // The power fails; what is stored is not fetched again.
    let mut client = open(saved.clone());
    client.step(0, Input::Online);
    let effects = client.step(1, Input::SegmentList(1, listed(9, &[(5, 6), (3, 4), (1, 2)])));
    assert_eq!(fetches(&effects), (2, 3));
    // A run that does not lead to the digest it promised is not stored.
    let effects = client.step(2, Input::Segment(2, run(2, 3)));
    assert!(matches!(effects[..], [Effect::Wait(_)]), "{effects:?}");
    assert!(matches!(client.step(9_000, Input::Tick)[..], [Effect::ListSegments { request: 3, .. }]));
    let effects = client.step(9_001, Input::SegmentList(3, listed(9, &[(5, 6), (3, 4), (1, 2)])));
    assert_eq!(fetches(&effects), (4, 3));
    let effects = client.step(9_002, Input::Segment(4, run(3, 4)));
    assert_eq!(fetches(&effects), (5, 1));
    let effects = client.step(9_003, Input::Segment(5, run(1, 2)));
    let Effect::StoreConfirmed { saved, .. } = &effects[0] else { panic!("{effects:?}") };
    assert_eq!((saved.marks[0].version, saved.runs.len()), (6, 0));
    // The tail by pages.
    let tail = Cursor { stream: Stream::Tenant, version: 6 };
    assert!(matches!(&effects[1], Effect::Pull { cursors, .. } if cursors[..] == [tail]));
    let effects = client.step(9_004, Input::PullReply(6, pulled(9, 6, 7)));
    assert!(matches!(&effects[0], Effect::StoreConfirmed { saved, .. } if saved.marks[0].version == 7));
}

#[test]
fn what_was_put_aside_is_offered_to_a_restored_server() {
    let aside = vec![waiting(4, 10)];
    let saved = Saved { server_epoch: Some(EpochId::from_u128(9)), ..Saved::default() };
    let mut client = Client::open(saved, Vec::new(), Vec::new(), aside, Rng::seeded(1));
    client.first = FirstSync::Done;
    client.step(0, Input::Online);
    let effects = client.step(1, Input::PullReply(1, pulled(10, 0, 0)));
    let Effect::RebuildProjection { again, .. } = &effects[0] else { panic!("{effects:?}") };
    assert_eq!(again[..], [EventId::from_u128(4)]);
    assert!(matches!(&effects[1], Effect::Push { events, .. } if events == again), "{effects:?}");
}

#[test]
fn a_wrong_digest_rebuilds_the_stream_and_leaves_the_outbox() {
    let mut client = client(Vec::new());
    client.step(0, Input::Online);
    client.step(1, Input::PullReply(1, pulled(9, 0, 2)));
    client.step(40_000, Input::LocalCommit(vec![waiting(50, 10)]));
    client.step(40_001, Input::PushReply(2, accepted(9, 50..=50)));
    let mut forged = pulled(9, 2, 3);
    forged.pages[0].digest = "another".to_owned();
    let effects = client.step(40_002, Input::PullReply(3, forged.clone()));
    let Effect::RebuildProjection { streams, again, saved } = &effects[0] else { panic!("{effects:?}") };
    assert_eq!((&streams[..], again.len(), saved.marks.len()), (&[Stream::Tenant][..], 0, 0));
    assert_eq!(saved.orphaned, [Stream::Tenant]);
    assert!(matches!(&effects[1], Effect::Pull { cursors, .. } if cursors.is_empty()));
    assert_eq!(client.waiting(), 1);
    // The second time from the start: no haste.
    let effects = client.step(40_003, Input::PullReply(4, forged));
    assert!(matches!(effects.last(), Some(Effect::Wait(_))), "{effects:?}");
}

#[test]
fn failures_delete_nothing_and_wait_longer_each_time() {
    let mut client = client(vec![waiting(1, 10)]);
    let mut now = 0;
    let mut waits = Vec::new();
    client.step(now, Input::Online);
    for request in 1..=9 {
        let failed = Input::Failed { request, status: 503, retry_after_ms: None };
        let effects = client.step(now, failed);
        let [Effect::Wait(ms)] = effects[..] else { panic!("{effects:?}") };
        waits.push(ms);
        now += ms;
        assert!(matches!(client.step(now, Input::Tick)[..], [Effect::Push { .. }]));
    }
    let full = |failures: u32| (BACKOFF_MS.0 << failures).min(BACKOFF_MS.1);
    for (failures, wait) in (0..).zip(&waits) {
        assert!((full(failures) / 2..=full(failures)).contains(wait), "{waits:?}");
    }
    assert_eq!(client.waiting(), 1);
}

#[test]
fn retry_after_is_obeyed_even_when_someone_looks() {
    let mut client = client(vec![waiting(1, 10)]);
    client.step(0, Input::Online);
    let failed = Input::Failed { request: 1, status: 429, retry_after_ms: Some(7_000) };
    assert_eq!(client.step(100, failed), [Effect::Wait(7_000)]);
    assert_eq!(client.step(1_100, Input::Online), [Effect::Wait(6_000)]);
    assert!(matches!(client.step(7_100, Input::Tick)[..], [Effect::Push { .. }]));
}

#[test]
fn an_ended_session_waits_for_the_person() {
    let mut client = client(vec![waiting(1, 10)]);
    client.step(0, Input::Online);
    let failed = Input::Failed { request: 1, status: 401, retry_after_ms: None };
    assert_eq!(client.step(1, failed), [Effect::NeedSignIn]);
    assert_eq!(client.step(99_999, Input::Tick), []);
    assert!(matches!(client.step(100_000, Input::SignedIn)[..], [Effect::Push { .. }]));
}

#[test]
fn one_event_that_is_refused_does_not_stop_the_others() {
    let mut client = client((1..=4).map(|number| waiting(number, 10)).collect());
    let mut effects = client.step(0, Input::Online);
    let mut sent = Vec::new();
    let mut now = 0;
    for _ in 0..20 {
        effects = match &effects[..] {
            [Effect::Push { request, events, .. }] if events.contains(&EventId::from_u128(2)) => {
                client.step(now, Input::Failed { request: *request, status: 413, retry_after_ms: None })
            }
            [Effect::Push { request, events, .. }] => {
                let outcome = |id: &EventId| Outcome::Accepted { id: *id, version: 1 };
                sent.extend(events.iter().copied());
                let outcomes = events.iter().map(outcome).collect();
                client.step(
                    now,
                    Input::PushReply(*request, PushReply { server_epoch: EpochId::from_u128(9), outcomes }),
                )
            }
            [Effect::Wait(ms)] => {
                now += ms;
                client.step(now, Input::Tick)
            }
            _ => break,
        };
    }
    let expected: Vec<EventId> = [1, 3, 4].map(EventId::from_u128).to_vec();
    assert_eq!(sent, expected);
    assert_eq!(client.waiting(), 4);
}

#[test]
fn an_import_waits_for_its_segments_and_the_rest_flows() {
    let mut client = client(vec![waiting(1, 10), waiting(2, 10)]);
    client.step(0, Input::Online);
    let outcomes = vec![
        Outcome::NeedsSegments { id: EventId::from_u128(1), hashes: vec!["abc".to_owned()] },
        Outcome::Accepted { id: EventId::from_u128(2), version: 1 },
    ];
    let reply = PushReply { server_epoch: EpochId::from_u128(9), outcomes };
    let effects = client.step(1, Input::PushReply(1, reply));
    assert_eq!(effects[0], Effect::UploadSegments(vec!["abc".to_owned()]));
    assert!(matches!(effects[1], Effect::Pull { request: 2, .. }));
    client.step(2, Input::SegmentsUploaded(vec!["abc".to_owned()]));
    let failed = Input::Failed { request: 2, status: 0, retry_after_ms: None };
    let [Effect::Wait(ms)] = client.step(3, failed)[..] else { panic!("expected a wait") };
    let effects = client.step(3 + ms, Input::Tick);
    assert!(matches!(&effects[..], [Effect::Push { events, .. }] if events == &[EventId::from_u128(1)]));
}
