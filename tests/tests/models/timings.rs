//! How long the data path takes on the standard real input; nothing is asserted, since machines differ.
//!
//! `cargo test --release -p dukandar-tests --test models timings:: -- --ignored --nocapture`

use dukandar_core::{
    fold::{Fold, Order, digest},
    id::{DeviceId, EpochId, EventId, SaleId},
    insight::aggregate::Aggregation,
    money::Paisa,
    quantity::Quantity,
    record::{Record, Sale, SaleLine},
    search::Index,
    table::segment::Segment,
    task::{Task, run},
    time::{Timestamp, Zone},
};
use dukandar_tests::online_retail::{SHOP, import, options, text};
use std::{hint::black_box, time::Instant};

/// Milliseconds that this thread was on a CPU, where the system tells it as Linux does: a busy machine does not
/// change them much. Else none.
fn cpu_ms() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e6)
}

/// The best of five runs in milliseconds: by the clock, and on the CPU.
fn time<T>(what: &str, mut work: impl FnMut() -> T) -> T {
    let (mut best, mut best_cpu) = (f64::INFINITY, f64::INFINITY);
    let mut last = None;
    for _ in 0..5 {
        let (start, cpu) = (Instant::now(), cpu_ms());
        let answer = work();
        best = best.min(start.elapsed().as_secs_f64() * 1_000.0);
        best_cpu = best_cpu.min(cpu_ms().zip(cpu).map_or(f64::NAN, |(after, before)| after - before));
        last = Some(answer);
    }
    println!("{what:<48} {best:>8.2} ms, {best_cpu:>8.2} ms of CPU");
    last.unwrap_or_else(|| unreachable!("five runs were made"))
}

#[test]
#[ignore = "a measurement, to be run in release"]
fn the_data_path_on_half_a_million_lines() {
    println!("{:.1} MB of text", text().len() as f64 / 1e6);
    let outcome = time("import: parse, check, seal", || import(text(), options()));
    let decode = |bytes: &Vec<u8>| Segment::decode(bytes).unwrap_or_else(|error| panic!("{error}"));
    let segments: Vec<Segment> =
        time("decode 13 segments", || outcome.segments.iter().map(|it| decode(&it.bytes)).collect());
    let mut fold = time("fold segments into tables", || {
        let mut fold = Fold::default();
        segments.iter().cloned().for_each(|segment| fold.segment(segment));
        fold.tables();
        fold
    });
    let product = fold.tables().products[0].id;
    let mut number = 0_u32;
    time("one more sale", || {
        number += 1;
        let lines = vec![SaleLine {
            product,
            units: vec![],
            quantity: Quantity::pieces(1),
            unit_price: Paisa(100),
            discount: Paisa(0),
            amount: Paisa(100),
            unit_cost: None,
        }];
        let sale = Sale {
            id: SaleId::from_u128(u128::from(number)),
            shop: SHOP,
            number: format!("T-{number}"),
            at: Timestamp(1_800_000_000_000 + i64::from(number)),
            zone: Zone { offset_minutes: 0 },
            customer: None,
            staff: None,
            lines,
            payments: vec![],
            approval: None,
        };
        let order = Order::Pending {
            device: DeviceId::from_u128(1),
            epoch: EpochId::from_u128(1),
            seq: u64::from(number),
        };
        fold.record(EventId::from_u128(u128::from(number)), order, Record::Sale(sale));
        fold.tables().sales.lines()
    });
    let tables = fold.into_tables();
    for aggregation in [Aggregation::DayTotals, Aggregation::ProductDay, Aggregation::CustomerRfm] {
        let _ = time(&format!("{aggregation:?}"), || black_box(run(&Task::Aggregate(aggregation), &tables)));
    }
    let period = tables.sales.period().unwrap_or_else(|| panic!("no sales"));
    let _ = time("report", || black_box(run(&Task::Report { shop: None, period }, &tables)));
    let _ = time("catalogue", || {
        black_box(run(&Task::Catalog { shop: None, now: Timestamp(1_323_500_000_000) }, &tables))
    });
    time("digest", || digest(&tables));

    let labels: Vec<String> = tables.products.iter().map(|row| row.label()).collect();
    let texts = (0..20_000).map(|row| format!("{} {row}", labels[row % labels.len()]));
    let texts: Vec<String> = texts.collect();
    let index = time("index 20,000 products", || Index::new(&texts));
    for query in ["w", "white heart", "lanttern", "xyzzyx"] {
        time(&format!("search {query:?}"), || index.search(query, 50));
    }
}
