//! Closings by SQL over the server's journal equal what core's day says of the same records, to the paisa.

use crate::api::{DEVICE, Pen, caller, on_both};
use dukandar_core::{
    fold::Fold,
    id::{DeviceId, DocumentId},
    insight::day::DayAnswer,
    record::{CashCause, Record},
    rng::Rng,
    role::Role,
    sync::{
        event::{Event, Stream},
        protocol::{PROTOCOL_VERSION, Pull},
    },
    task::{Answer, Task, run},
    time::{Day, Timestamp, Zone},
};
use dukandar_server::{
    sql_report::{self, SqlReportArgs},
    store::{self, Store, journal},
};
use dukandar_tests::scripted_day::{self, SHOP, at, notes};
use serde_json::Value;

fn day_of(fold: &mut Fold, now: Timestamp) -> DayAnswer {
    match run(&Task::Day { shop: SHOP, now }, fold.tables()) {
        Ok(Answer::Day(day)) => *day,
        other => panic!("no day: {other:?}"),
    }
}

async fn pulled(store: &dyn Store) -> Fold {
    let epoch = store::server_epoch(store).await.unwrap();
    let pull = Pull { protocol: PROTOCOL_VERSION, device: DEVICE, cursors: vec![], limit: 1_000 };
    let reply = journal::pull(store, epoch, &caller(Role::Owner), &pull, Timestamp(0)).await.unwrap();
    assert!(!reply.more);
    let mut fold = Fold::default();
    for confirmed in reply.pages.iter().flat_map(|page| &page.events) {
        fold.event(&confirmed.event, Some(confirmed.version));
    }
    fold
}

/// Two tills, one offline until after the closing: the recount by SQL knows what the closing did not.
#[tokio::test]
async fn closings_by_sql_equal_the_closings_of_the_fold() {
    on_both("day", async |store| {
        let (owner, epoch) = (caller(Role::Owner), store::server_epoch(&*store).await.unwrap());
        let mut rng = Rng::seeded(11);
        let today = Timestamp(store::now_ms()).day(Zone::KARACHI);
        let (mut counter, mut other) = (Pen::new(DEVICE, 1), Pen::new(DeviceId::from_u128(0x7103), 2));
        let stream = Stream::Shop(SHOP);
        let mut fold = Fold::default();
        let mut first: Vec<Event> = Vec::new();
        let mut write = |pen: &mut Pen, stream, record: &Record, fold: &mut Fold| {
            let event = pen.write(stream, record);
            fold.event(&event, None);
            first.push(event);
        };
        write(&mut counter, Stream::Tenant, &scripted_day::shop(), &mut fold);
        let mut late: Vec<Event> = Vec::new();
        // Three days, each opened and closed; what the other till wrote comes when all are over.
        for (number, day) in (today.0 - 3..today.0).map(Day).enumerate() {
            for (opening, minute) in [(true, 540), (false, 1_320)] {
                if !opening {
                    for it in scripted_day::acts(&mut rng, day, 541..1_320, 80) {
                        if it.known {
                            write(&mut counter, stream, &it.record, &mut fold);
                        } else {
                            late.push(other.write(stream, &it.record));
                        }
                    }
                }
                let known = day_of(&mut fold, at(day, minute));
                let id = DocumentId::from_u128(900 + number as u128 * 2 + u128::from(opening));
                let rupees = 1_000 + rng.below(90_000) as i64;
                let count = known.count(id, at(day, minute), opening, notes(rupees));
                write(&mut counter, stream, &Record::Closing(count), &mut fold);
            }
        }
        let push = async |pen: &Pen, events: &[Event]| {
            let push = pen.push(events);
            let caller = dukandar_core::sync::journal::Caller { device: pen.device, ..owner.clone() };
            let reply =
                journal::push(&*store, epoch, &caller, &push, Timestamp(store::now_ms())).await.unwrap();
            assert_eq!(reply.outcomes.len(), events.len());
        };
        push(&counter, &first).await;
        push(&other, &late).await;

        let folded = day_of(&mut pulled(&*store).await, Timestamp(store::now_ms()));
        assert_eq!(folded.closings.len(), 3);
        let text = sql_report::text(&*store, &SqlReportArgs::default()).await.unwrap();
        let report: Value = serde_json::from_str(&text).unwrap();
        let found = report["closings"].as_array().unwrap();
        assert_eq!(found.len(), 3);
        for (found, closed) in found.iter().zip(folded.closings.iter().rev()) {
            assert_eq!(found["day"], closed.day.to_string());
            assert_eq!(found["began"], closed.began.as_units());
            assert_eq!(found["expected"], closed.expected.as_units());
            assert_eq!(found["counted"], closed.counted.as_units());
            assert_eq!(found["recount"], (closed.expected + closed.late_amount()).as_units());
            let causes: [(CashCause, &str); 7] = [
                (CashCause::Sale, "sale"),
                (CashCause::Return, "return"),
                (CashCause::Udhaar, "udhaar"),
                (CashCause::Expense, "expense"),
                (CashCause::Supplier, "supplier"),
                (CashCause::Movement, "movement"),
                (CashCause::Service, "service"),
            ];
            for (cause, name) in causes {
                let of =
                    |sums: &dukandar_core::record::CashSums| sums.get(&cause).copied().unwrap_or_default();
                let (known, late) = (of(&closed.sums), of(&closed.late));
                let moved = &found["moved"][name];
                assert_eq!(moved["count"].as_i64().unwrap_or_default(), known.count + late.count, "{name}");
                let amount = (known.amount + late.amount).as_units();
                assert_eq!(moved["amount"].as_f64().unwrap_or_default(), amount, "{name}");
            }
            assert!(!closed.late.is_empty(), "the other till wrote something every day");
        }
    })
    .await;
}
