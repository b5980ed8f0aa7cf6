//! How long a small push waits while the rows of a bulk import are written: all at once, as it was, and in steps.
//! `cargo test --release -p dukandar-tests --test served api_wait:: -- --ignored --nocapture` prints both; nothing is asserted
//! of times, only that both ways end in the same rows. Lines are synthetic: 13 segments of 42,000.

use crate::api::{DEVICE, EPOCH, Folder, Pen, SHOP, TENANT, caller};
use dukandar_core::{
    id::{DeviceId, ImportId, ProductId, SaleId},
    money::{Currency, Paisa},
    quantity::Quantity,
    record::{Import, Record, SegmentRef},
    role::Role,
    sync::{event::Stream, journal::Caller},
    table::{
        NONE, ReceiptKind,
        segment::{Segment, SegmentProduct, segment_name},
    },
    time::{Day, Period, Timestamp, Zone},
};
use dukandar_server::store::{self, SharedStore, due, journal, segment};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

const SEGMENTS: u32 = 13;
const RECEIPTS: u32 = 2_100;
const LINES: u32 = 20;

fn month(number: u32) -> Segment {
    let mut segment = Segment::empty(SHOP, Currency::PKR, Zone::KARACHI);
    segment.products = (0..4_000)
        .map(|n| SegmentProduct {
            id: ProductId::from_u128(0x9000_0000 + n),
            sku: Some(format!("S{n}")),
            name: Some(format!("Cover {n}")),
            category: None,
            brand: None,
        })
        .collect();
    for receipt in 0..RECEIPTS {
        let place = number * RECEIPTS + receipt;
        segment.id.push(SaleId::derived("sale", &[&place.to_string()]));
        segment.at.push(Timestamp(1_600_000_000_000 + i64::from(place) * 600_000));
        segment.kind.push(ReceiptKind::Sale);
        segment.customer.push(NONE);
        segment.number.push(format!("{}", 500_000 + place));
        for line in 0..LINES {
            let price = Paisa(i64::from(99 + (place * 31 + line * 17) % 5_000));
            segment.product.push((place * 7 + line * 13) % 4_000);
            segment.quantity.push(Quantity::pieces(1));
            segment.unit_price.push(price);
            segment.amount.push(price);
        }
        segment.first_line.push(segment.product.len() as u32);
    }
    segment
}

/// Pushes one sale after the other until told to stop; the longest took this long, and one at a time came.
async fn small_pushes(store: SharedStore, stop: &AtomicBool) -> (Duration, u32) {
    let epoch = store::server_epoch(&*store).await.unwrap();
    let device = DeviceId::from_u128(0x7103);
    let sender = Caller { device, ..caller(Role::Owner) };
    let mut pen = Pen::new(device, 2);
    let (mut longest, mut count) = (Duration::ZERO, 0);
    while !stop.load(Ordering::Relaxed) {
        let sale = pen.sale(SHOP, 1, 500);
        let began = Instant::now();
        // A server answers 503 when the writer is busy for longer than the database waits: the device tries again.
        while journal::push(
            &*store,
            epoch,
            &sender,
            &pen.push(std::slice::from_ref(&sale)),
            Timestamp(store::now_ms()),
        )
        .await
        .is_err()
        {}
        longest = longest.max(began.elapsed());
        count += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    (longest, count)
}

async fn run(name: &str, lines: usize) -> i64 {
    let folder = Folder::new("wait");
    let store = store::open(None, folder.path()).await.unwrap();
    let (owner, epoch) = (caller(Role::Owner), store::server_epoch(&*store).await.unwrap());
    let mut pen = Pen::new(DEVICE, 1);
    let mut named = Vec::new();
    for number in 0..SEGMENTS {
        let segment = month(number);
        let bytes = segment.encode();
        segment::put(&*store, TENANT, &segment_name(&bytes), SHOP, &bytes).await.unwrap();
        named.push(SegmentRef {
            hash: segment_name(&bytes),
            period: Period { from: Day(0), to: Day(1) },
            bytes: bytes.len() as u64,
            receipts: segment.receipts() as u64,
            lines: segment.lines() as u64,
        });
    }
    let lines_in_all = u64::from(SEGMENTS * RECEIPTS * LINES);
    let import = Record::Import(Import {
        id: ImportId::from_u128(1),
        shop: SHOP,
        file_name: "sales.csv".to_owned(),
        file_sha256: "0".repeat(64),
        at: pen.at,
        currency: Currency::PKR,
        zone: Zone::KARACHI,
        mapping: BTreeMap::new(),
        rows: lines_in_all,
        kept: lines_in_all,
        segments: named,
        rejected: BTreeMap::new(),
        rounded_prices: 0,
    });
    let events = [pen.shop(SHOP), pen.write(Stream::Shop(SHOP), &import)];
    assert_eq!(pen.epoch, EPOCH);
    let push = pen.push(&events);
    journal::push(&*store, epoch, &owner, &push, Timestamp(store::now_ms())).await.unwrap();

    let stop = AtomicBool::new(false);
    let began = Instant::now();
    let work = async {
        let mut steps = due::Steps::of(lines);
        loop {
            let step = Instant::now();
            if !steps.step(&*store).await.unwrap() {
                break;
            }
            // The rest that the server's worker takes.
            tokio::time::sleep(step.elapsed().min(Duration::from_millis(200))).await;
        }
        stop.store(true, Ordering::Relaxed);
        began.elapsed()
    };
    let (took, (longest, pushes)) = tokio::join!(work, small_pushes(store.clone(), &stop));
    println!("{name}: rows written in {took:?}; longest of {pushes} small pushes meanwhile {longest:?}");
    let device_rows = i64::from(pushes);
    let rows: i64 = sqlx::query_scalar("SELECT CAST(count(*) AS BIGINT) FROM sale_lines")
        .fetch_one(store.pool())
        .await
        .unwrap();
    rows - device_rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: it takes a minute and asserts nothing of time"]
async fn a_small_push_waits_for_one_step_of_an_import_not_for_all_of_it() {
    let whole = run("a segment at once", usize::MAX).await;
    let steps = run("in steps", due::LINES_PER_STEP).await;
    assert_eq!((whole, steps), (i64::from(SEGMENTS * RECEIPTS * LINES), whole));
}
