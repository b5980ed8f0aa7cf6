//! The wire between device and server, held by a hash: who changes a shape must raise `PROTOCOL_VERSION` and put the
//! new hash beside it. Earlier hashes stay, as a record of which versions there were. An event of every shape that
//! was ever stored is read by this release.

use dukandar_core::{
    id::{DeviceId, EpochId, EventId, ShopId, TenantId, UserId},
    privacy::seal::to_hex,
    record::{PersonKey, Record},
    role::Role,
    sync::{
        event::{Confirmed, Event, Flag, Stream},
        protocol::{
            Attention, Cursor, DeviceInfo, EventSegment, Outcome, PROTOCOL_VERSION, Pull, PullReply, Push,
            PushReply, QuarantineReason, SegmentList, Session, SignIn, SignUp, StreamPage, Verdict,
        },
    },
    time::Timestamp,
};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Version → SHA-256 of one message of every shape. Version 1 had no such test; 2 is the first that is held.
const HASHES: [(u32, &str); 1] = [(2, "50527aab830a105d3897ae1f026e082d1c509f753381f8ff190f46717e51d32b")];

fn event() -> Event {
    Event {
        id: EventId::from_u128(1),
        tenant: TenantId::from_u128(2),
        stream: Stream::Shop(ShopId::from_u128(3)),
        device: DeviceId::from_u128(4),
        epoch: EpochId::from_u128(5),
        seq: 6,
        at: Timestamp(7),
        grant: 8,
        actor: Some(UserId::from_u128(9)),
        kind: "hologram".to_owned(),
        v: 10,
        data: json!({ "b": 1, "a": [null, true, 0.5, "اردو"] }),
    }
}

fn shape<T: Serialize>(name: &str, message: &T) -> (String, Value) {
    (name.to_owned(), serde_json::to_value(message).unwrap())
}

/// One message of every shape, every variant of every enum in it.
fn messages() -> Vec<(String, Value)> {
    use QuarantineReason::{
        Forbidden, HashMismatch, Malformed, Relayed, RevokedDevice, SeqReused, WrongTenant,
    };
    let (device, epoch, id) = (DeviceId::from_u128(4), EpochId::from_u128(5), EventId::from_u128(1));
    let flags = vec![
        Flag::Oversold,
        Flag::StalePrice,
        Flag::Late,
        Flag::ExpiredLease,
        Flag::UnitSoldTwice,
        Flag::Clash,
        Flag::Relayed,
    ];
    let confirmed = Confirmed { version: 11, flags, event: event() };
    let cursor = Cursor { stream: Stream::Tenant, version: 12 };
    let mut outcomes = vec![
        Outcome::Accepted { id, version: 13 },
        Outcome::NeedsSegments { id, hashes: vec!["aa".to_owned()] },
    ];
    let reasons = [HashMismatch, SeqReused, Malformed, Forbidden, RevokedDevice, WrongTenant, Relayed];
    outcomes.extend(reasons.map(|reason| Outcome::Quarantined { id, reason, detail: "why".to_owned() }));
    let page = StreamPage {
        stream: Stream::Tenant,
        head: 14,
        digest: "bb".to_owned(),
        events: vec![confirmed.clone()],
    };
    let segment = EventSegment {
        stream: Stream::Tenant,
        first: 1,
        last: 2,
        hash: "cc".to_owned(),
        bytes: 3,
        digest: "dd".to_owned(),
    };
    let session = Session {
        user: UserId::from_u128(9),
        login: "0300".to_owned(),
        tenant: TenantId::from_u128(2),
        role: Role::Owner,
        grant: 1,
        shops: vec![ShopId::from_u128(3)],
        device_number: 1,
        tenant_key: "ee".to_owned(),
        server_epoch: epoch,
    };
    let sign_up = SignUp {
        login: "0300".to_owned(),
        password: "p".to_owned(),
        business: "b".to_owned(),
        tenant: TenantId::from_u128(2),
        device,
        device_name: "d".to_owned(),
        tenant_key: "ee".to_owned(),
    };
    let sign_in =
        SignIn { login: "0300".to_owned(), password: "p".to_owned(), device, device_name: "d".to_owned() };
    let about = DeviceInfo { id: device, name: "d".to_owned(), number: 1, last_seen_ms: 2, revoked: true };
    let aside = Attention { event: event(), reason: Malformed, detail: "why".to_owned(), arrived_ms: 3 };
    vec![
        shape("push", &Push { protocol: 1, device, epoch, events: vec![event()], relay: true }),
        shape("push reply", &PushReply { server_epoch: epoch, outcomes }),
        shape("pull", &Pull { protocol: 1, device, cursors: vec![cursor], limit: 15 }),
        shape(
            "pull reply",
            &PullReply { server_epoch: epoch, server_time_ms: 16, pages: vec![page], more: true },
        ),
        shape("segments", &SegmentList { server_epoch: epoch, server_time_ms: 16, segments: vec![segment] }),
        shape("session", &session),
        shape("sign up", &sign_up),
        shape("sign in", &sign_in),
        shape("device", &about),
        shape("attention", &aside),
        shape("verdicts", &[Verdict::Take, Verdict::Refuse]),
        shape("roles", &[Role::Owner, Role::Manager, Role::Cashier, Role::Accountant]),
    ]
}

#[test]
fn a_changed_shape_raises_the_protocols_version() {
    let text = serde_json::to_string(&messages()).unwrap();
    let hash = to_hex(&Sha256::digest(text.as_bytes()));
    let newest = HASHES.last().unwrap();
    assert_eq!(
        *newest,
        (PROTOCOL_VERSION, hash.as_str()),
        "a message changed its shape: raise PROTOCOL_VERSION and add its hash here"
    );
    assert!(HASHES.is_sorted_by_key(|(version, _)| *version));
}

/// Events as they were stored; the hashes were computed beside this code (Python's hashlib over the text as it stands,
/// for the key's with `null` and the SHA-256 of `wrapped` in its place).
#[test]
fn events_of_earlier_releases_are_read_and_bear_their_hash() {
    let golden = r#"{"actor":null,"at":1795417200000,"data":{"key":"00000000-0000-0000-0000-000000000007"},"device":"00000000-0000-0000-0000-000000000004","epoch":"00000000-0000-0000-0000-000000000005","grant":1,"id":"00000000-0000-0000-0000-000000000001","kind":"erase","seq":3,"stream":"tenant","tenant":"00000000-0000-0000-0000-000000000002","v":1}"#;
    let erase: Event = serde_json::from_str(golden).unwrap();
    assert_eq!(
        (erase.canonical(), erase.hash()),
        (golden.to_owned(), "1a3a936596b2eba42370009c919037b5f89fe32044351b707663ea9034ecb2df".to_owned())
    );

    // Version 1 of the key's record, as releases before protocol 2 wrote it: the same bytes, and a key inside.
    let golden = r#"{"actor":null,"at":1795417200000,"data":{"id":"00000000-0000-0000-0000-000000000007","wrapped":{"nonce":"00ff","text":"beef"}},"device":"00000000-0000-0000-0000-000000000004","epoch":"00000000-0000-0000-0000-000000000005","grant":1,"id":"00000000-0000-0000-0000-000000000001","kind":"person_key","seq":2,"stream":"tenant","tenant":"00000000-0000-0000-0000-000000000002","v":1}"#;
    let key: Event = serde_json::from_str(golden).unwrap();
    assert_eq!(
        (key.canonical(), key.hash()),
        (golden.to_owned(), "7d1112b0a310cc0cba10f60623942407e10ffa6c508d2d0bf4aead776411e200".to_owned())
    );
    let Ok(Record::PersonKey(PersonKey { wrapped: Some(wrapped), wrapped_sha256: None, .. })) = key.record()
    else {
        panic!("{key:?}")
    };
    assert_eq!((wrapped.nonce.to_string(), wrapped.text.to_string()), ("00ff".to_owned(), "beef".to_owned()));
    assert_eq!(key.without_key().unwrap().hash(), key.hash());
}
