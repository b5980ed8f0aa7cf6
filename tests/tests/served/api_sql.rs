//! Sums in SQL beside the journal equal what core's fold says of the same journal.

use crate::api::{DEVICE, Pen, SHOP, TENANT, caller, on_both};
use dukandar_core::{
    feature::demand::SalesByProduct,
    fold::Fold,
    id::{CustomerId, DocumentId, FeatureRowId, ImportId, ModelId, PredictionId, ProductId, SaleId},
    money::{Currency, Paisa},
    quantity::Quantity,
    record::{
        FeatureRow, Import, ModelVersion, Prediction, PredictionIssued, PredictionOutcome, Product,
        ProductFields, Record, Return, SegmentRef, StockLine, SupplierReceipt,
    },
    rng::Rng,
    role::Role,
    sync::{
        event::Stream,
        protocol::{PROTOCOL_VERSION, Pull},
    },
    table::{
        NONE, ReceiptKind, Tables,
        segment::{Segment, SegmentCustomer, SegmentProduct, segment_name},
    },
    task::{self, Answer, Task},
    time::{Day, Period, Timestamp, Zone},
};
use dukandar_server::{
    sql_report::{self, SqlReportArgs},
    store::{self, Store, due, journal, segment},
};
use serde_json::json;
use sqlx::Row;
use std::collections::BTreeMap;

/// A segment of `receipts` receipts with three lines each, every seventh of them a return.
fn imported(receipts: u32) -> Segment {
    let mut segment = Segment::empty(SHOP, Currency::PKR, Zone::KARACHI);
    segment.products = (0..50)
        .map(|n| SegmentProduct {
            id: ProductId::from_u128(0x9000 + n),
            sku: Some(format!("S{n}")),
            name: Some(format!("Cover \"{n}\" اردو")),
            category: None,
            brand: None,
        })
        .collect();
    segment.customers =
        (0..9).map(|n| SegmentCustomer { id: CustomerId::from_u128(0xa000 + n), code: None }).collect();
    for receipt in 0..receipts {
        let back = receipt % 7 == 3;
        segment.id.push(SaleId::from_u128(0x1_0000_0000 + u128::from(receipt)));
        segment.at.push(Timestamp(1_600_000_000_000 + i64::from(receipt) * 600_000));
        segment.kind.push(if back { ReceiptKind::Return } else { ReceiptKind::Sale });
        segment.customer.push(if receipt % 4 == 0 { NONE } else { receipt % 9 });
        segment.number.push(format!("{}", 500_000 + receipt));
        for line in 0..3 {
            let quantity = i64::from(1 + (receipt + line) % 5) * if back { -1 } else { 1 };
            let price = Paisa(i64::from(99 + (receipt * 31 + line * 17) % 5_000));
            segment.product.push((receipt * 3 + line) % 50);
            segment.quantity.push(Quantity::pieces(quantity));
            segment.unit_price.push(price);
            segment.amount.push(Paisa(price.0 * quantity));
        }
        segment.first_line.push(segment.product.len() as u32);
    }
    segment
}

fn import(pen: &mut Pen, segment: &Segment) -> Record {
    let bytes = segment.encode();
    let named = SegmentRef {
        hash: segment_name(&bytes),
        period: Period { from: Day(0), to: Day(1) },
        bytes: bytes.len() as u64,
        receipts: segment.receipts() as u64,
        lines: segment.lines() as u64,
    };
    Record::Import(Import {
        id: ImportId::from_u128(1),
        shop: SHOP,
        file_name: "sales.csv".to_owned(),
        file_sha256: "0".repeat(64),
        at: pen.at,
        currency: Currency::PKR,
        zone: Zone::KARACHI,
        mapping: BTreeMap::new(),
        rows: segment.lines() as u64,
        kept: segment.lines() as u64,
        segments: vec![named],
        rejected: BTreeMap::new(),
        rounded_prices: 0,
    })
}

async fn folded(store: &dyn Store, segments: &[Segment]) -> Tables {
    let epoch = store::server_epoch(store).await.unwrap();
    let pull = Pull { protocol: PROTOCOL_VERSION, device: DEVICE, cursors: vec![], limit: 1_000 };
    let reply = journal::pull(store, epoch, &caller(Role::Owner), &pull, Timestamp(0)).await.unwrap();
    assert!(!reply.more);
    let mut fold = Fold::default();
    for segment in segments {
        fold.segment(segment.clone());
    }
    for confirmed in reply.pages.iter().flat_map(|page| &page.events) {
        fold.event(&confirmed.event, Some(confirmed.version));
    }
    fold.tables().clone()
}

#[tokio::test]
async fn sums_in_sql_equal_the_fold_by_day_product_and_customer() {
    on_both("sums", async |store| {
        let (owner, epoch) = (caller(Role::Owner), store::server_epoch(&*store).await.unwrap());
        let mut pen = Pen::new(DEVICE, 1);
        let segment = imported(2_500);
        segment::put(&*store, TENANT, &segment_name(&segment.encode()), SHOP, &segment.encode()).await.unwrap();
        let mut events = vec![pen.shop(SHOP)];
        let record = import(&mut pen, &segment);
        events.push(pen.write(Stream::Shop(SHOP), &record));
        events.push(pen.write(Stream::Shop(SHOP), &record));
        for rupees in 1..40 {
            let mut sale = pen.sale_record(SHOP, 1 + rupees % 3, 100 + rupees);
            if rupees % 2 == 0 {
                sale.customer = Some(CustomerId::from_u128(0xa001));
            }
            if rupees % 5 == 0 {
                let back = Return {
                    id: sale.id,
                    original: None,
                    shop: SHOP,
                    number: sale.number,
                    at: sale.at,
                    zone: sale.zone,
                    customer: sale.customer,
                    staff: None,
                    lines: sale.lines,
                    payments: sale.payments,
                    of_lines: Vec::new(),
                    exchange: None,
                };
                events.push(pen.write(Stream::Shop(SHOP), &Record::Return(back)));
            } else {
                events.push(pen.write(Stream::Shop(SHOP), &Record::Sale(sale)));
            }
        }
        for _ in 0..2 {
            journal::push(&*store, epoch, &owner, &pen.push(&events), Timestamp(store::now_ms())).await.unwrap();
        }
        due::finish(&*store).await.unwrap();
        let tables = folded(&*store, std::slice::from_ref(&segment)).await;
        let sales = &tables.sales;
        assert_eq!(sales.lines(), 7_539);

        type Sums = BTreeMap<String, (i64, i64, i64)>;
        let by = |key: &dyn Fn(usize) -> String| {
            let mut sums = Sums::new();
            for line in 0..sales.lines() {
                let sum = sums.entry(key(line)).or_default();
                sum.0 += 1;
                sum.1 += sales.quantity[line].0;
                sum.2 += sales.amount[line].0;
            }
            sums
        };
        let receipt = |line: usize| sales.receipt[line] as usize;
        let customer = |line: usize| match sales.customer[receipt(line)] {
            NONE => String::new(),
            customer => tables.customers[customer as usize].id.to_string(),
        };
        let expected = [
            ("CAST(day AS TEXT)", by(&|line| sales.day[receipt(line)].to_string())),
            ("product_id", by(&|line| tables.products[sales.product[line] as usize].id.to_string())),
            ("coalesce(customer_id, '')", by(&customer)),
            ("number", by(&|line| sales.number[receipt(line)].clone())),
        ];
        for (column, expected) in expected {
            let query = format!(
                "SELECT {column} AS name, CAST(count(*) AS BIGINT) AS lines,
                     CAST(sum(quantity_milli) AS BIGINT) AS quantity, CAST(sum(amount_paisa) AS BIGINT) AS amount
                 FROM sale_lines WHERE tenant = $1 GROUP BY 1"
            );
            let rows = sqlx::query(sqlx::AssertSqlSafe(query)).bind(TENANT.to_string());
            let sums: Sums = rows
                .fetch_all(store.pool())
                .await
                .unwrap()
                .iter()
                .map(|row| (row.get("name"), (row.get("lines"), row.get("quantity"), row.get("amount"))))
                .collect();
            assert_eq!(sums, expected, "{column}");
        }
        let returns: i64 = sqlx::query_scalar(
            "SELECT CAST(count(DISTINCT sale_id) AS BIGINT) FROM sale_lines WHERE tenant = $1 AND is_return = 1",
        )
        .bind(TENANT.to_string())
        .fetch_one(store.pool())
        .await
        .unwrap();
        assert_eq!(returns as usize, sales.kind.iter().filter(|kind| **kind == ReceiptKind::Return).count());
    })
    .await;
}

/// The rows of an import are written in steps: a server that dies between two, and two servers at once, end alike.
#[tokio::test]
async fn an_import_that_breaks_off_is_finished_once_and_whole() {
    on_both("due", async |store| {
        let (owner, epoch) = (caller(Role::Owner), store::server_epoch(&*store).await.unwrap());
        let mut pen = Pen::new(DEVICE, 1);
        let segment = imported(2_500);
        segment::put(&*store, TENANT, &segment_name(&segment.encode()), SHOP, &segment.encode())
            .await
            .unwrap();
        // Three shelves that were known before, from a day within the file on: what the file sold of them counts.
        let from = segment.at[1_200];
        let lines = (0..3).map(|n| StockLine {
            product: segment.products[n].id,
            units: vec![],
            quantity: Quantity::pieces(10_000),
            unit_cost: None,
        });
        let receipt = Record::SupplierReceipt(SupplierReceipt {
            id: DocumentId::from_u128(1),
            order: None,
            shop: SHOP,
            supplier: None,
            lines: lines.collect(),
            at: from,
        });
        let record = import(&mut pen, &segment);
        let events =
            [pen.shop(SHOP), pen.write(Stream::Shop(SHOP), &receipt), pen.write(Stream::Shop(SHOP), &record)];
        let push = pen.push(&events);
        journal::push(&*store, epoch, &owner, &push, Timestamp(store::now_ms())).await.unwrap();
        let rows = async || -> i64 {
            let count = "SELECT CAST(count(*) AS BIGINT) FROM sale_lines";
            sqlx::query_scalar(count).fetch_one(store.pool()).await.unwrap()
        };
        assert_eq!(rows().await, 0, "the push itself writes none");
        let mut first = due::Steps::of(700);
        for _ in 0..3 {
            assert!(first.step(&*store).await.unwrap());
        }
        assert_eq!(rows().await, 2_100);
        // It dies; another takes over, and pushes that come again change nothing.
        drop(first);
        journal::push(&*store, epoch, &owner, &push, Timestamp(store::now_ms())).await.unwrap();
        let (mut one, mut other) = (due::Steps::of(700), due::Steps::of(900));
        while one.step(&*store).await.unwrap() | other.step(&*store).await.unwrap() {}
        assert_eq!(rows().await, 7_500);
        let tables = folded(&*store, std::slice::from_ref(&segment)).await;
        for n in 0..3 {
            let id = segment.products[n].id;
            let shelf: i64 = sqlx::query_scalar(
                "SELECT moved_milli - sold_milli FROM shelves WHERE tenant = $1 AND product_id = $2",
            )
            .bind(TENANT.to_string())
            .bind(id.to_string())
            .fetch_one(store.pool())
            .await
            .unwrap();
            let place = tables.product(id).unwrap();
            assert_eq!(Some(Quantity(shelf)), tables.on_hand(tables.shop(SHOP), place));
            assert_ne!(shelf, 10_000_000);
        }
    })
    .await;
}

#[tokio::test]
async fn the_report_by_sql_equals_the_report_of_the_fold() {
    on_both("sql-report", async |store| {
        let (owner, epoch) = (caller(Role::Owner), store::server_epoch(&*store).await.unwrap());
        let mut pen = Pen::new(DEVICE, 1);
        let segment = imported(2_500);
        segment::put(&*store, TENANT, &segment_name(&segment.encode()), SHOP, &segment.encode())
            .await
            .unwrap();
        let record = import(&mut pen, &segment);
        let mut events = vec![pen.shop(SHOP), pen.write(Stream::Shop(SHOP), &record)];
        // Customers of every kind: recent and old, frequent and rare, dear and cheap.
        let mut rng = Rng::seeded(5);
        for _ in 0..300 {
            pen.at = Timestamp(1_602_000_000_000 + rng.below(97) as i64 * 86_400_000);
            let mut sale = pen.sale_record(SHOP, 1 + rng.below(3) as i64, 50 + rng.below(400) as i64);
            sale.customer = Some(CustomerId::from_u128(0xb000 + rng.below(60).min(rng.below(60)) as u128));
            events.push(pen.write(Stream::Shop(SHOP), &Record::Sale(sale)));
        }
        journal::push(&*store, epoch, &owner, &pen.push(&events), Timestamp(store::now_ms())).await.unwrap();
        due::finish(&*store).await.unwrap();
        let tables = folded(&*store, std::slice::from_ref(&segment)).await;
        let all = tables.sales.period().unwrap();
        let periods = [all, Period { from: Day(all.from.0 + 9), to: Day(all.to.0 - 20) }];
        for (period, from, to) in
            [(periods[0], None, None), (periods[1], Some(periods[1].from), Some(periods[1].to))]
        {
            let args = SqlReportArgs { from, to, ..SqlReportArgs::default() };
            let found: serde_json::Value =
                serde_json::from_str(&sql_report::text(&*store, &args).await.unwrap()).unwrap();
            let Ok(Answer::Report(folded)) = task::run(&Task::Report { shop: None, period }, &tables) else {
                panic!("no report")
            };
            let it = &folded.summary;
            let summary = json!({
                "revenue": it.revenue.as_units(), "quantity": it.quantity.as_units(), "sales": it.sales,
                "returns": it.returns, "returned": it.returned.as_units(), "lines": it.lines,
                "customers": it.customers, "products": it.products,
            });
            assert_eq!(found["summary"], summary);
            let top: Vec<_> = folded
                .top_products
                .iter()
                .map(|row| {
                    json!({
                        "product_id": row.product, "sku": row.sku, "name": row.name,
                        "revenue": row.revenue.as_units(), "quantity": row.quantity.as_units(),
                    })
                })
                .collect();
            assert_eq!((found["top_products"].clone(), top.len()), (json!(top), 10));
            let rfm: Vec<_> = folded
                .rfm
                .iter()
                .map(|row| {
                    json!({
                        "segment": row.segment, "customers": row.customers, "spend": row.spend.as_units(),
                    })
                })
                .collect();
            assert_eq!(found["rfm"], json!(rfm));
            assert!(folded.rfm.iter().filter(|row| row.customers > 0).count() >= 5, "{:?}", folded.rfm);
        }

        let args = SqlReportArgs { series: Some(2), ..SqlReportArgs::default() };
        let csv = sql_report::text(&*store, &args).await.unwrap();
        let Ok(Answer::Report(report)) = task::run(&Task::Report { shop: None, period: all }, &tables) else {
            panic!("no report")
        };
        let sold = SalesByProduct::build(&tables, None, Day(all.to.0 + 1));
        let mut expected = "series_id,t,value\n".to_owned();
        for row in &report.top_products[..2] {
            let series = sold.series(tables.product(row.product).unwrap()).unwrap();
            for (day, pieces) in (series.from.0..).zip(series.demand()) {
                expected += &format!("{},{},{pieces}\n", row.product, Day(day));
            }
        }
        assert_eq!(csv, expected);
    })
    .await;
}

#[tokio::test]
async fn products_keep_the_newest_word_of_a_hand() {
    on_both("products", async |store| {
        let (owner, epoch) = (caller(Role::Owner), store::server_epoch(&*store).await.unwrap());
        let mut pen = Pen::new(DEVICE, 1);
        let segment = imported(10);
        segment::put(&*store, TENANT, &segment_name(&segment.encode()), SHOP, &segment.encode())
            .await
            .unwrap();
        let id = ProductId::from_u128(0x9000);
        let edit = |pen: &mut Pen, fields: ProductFields| {
            pen.write(Stream::Tenant, &Record::Product(Product { id, base_version: None, fields }))
        };
        let name = |name: &str| ProductFields { name: Some(name.to_owned()), ..Default::default() };
        let retired = ProductFields { retired: Some(true), ..Default::default() };
        let mut events = vec![pen.shop(SHOP), edit(&mut pen, name("Older")), edit(&mut pen, name("Newer"))];
        events.push(edit(&mut pen, retired));
        let record = import(&mut pen, &segment);
        events.push(pen.write(Stream::Shop(SHOP), &record));
        journal::push(&*store, epoch, &owner, &pen.push(&events), Timestamp(store::now_ms())).await.unwrap();
        due::finish(&*store).await.unwrap();
        let tables = folded(&*store, std::slice::from_ref(&segment)).await;
        let rows =
            sqlx::query("SELECT product_id, name, sku FROM products WHERE tenant = $1 ORDER BY product_id")
                .bind(TENANT.to_string())
                .fetch_all(store.pool())
                .await
                .unwrap();
        let found: Vec<(String, Option<String>, Option<String>)> =
            rows.iter().map(|row| (row.get("product_id"), row.get("name"), row.get("sku"))).collect();
        let expected: Vec<_> = tables
            .products
            .iter()
            .map(|row| (row.id.to_string(), row.fields.name.clone(), row.fields.sku.clone()))
            .collect();
        assert_eq!(found, expected);
        assert!(found.contains(&(id.to_string(), Some("Newer".to_owned()), Some("S0".to_owned()))));
    })
    .await;
}

#[tokio::test]
async fn predictions_stand_in_the_seeds_columns_once_and_get_their_outcome() {
    on_both("predictions", async |store| {
        let (owner, epoch) = (caller(Role::Owner), store::server_epoch(&*store).await.unwrap());
        let mut pen = Pen::new(DEVICE, 1);
        let (model, prediction) = (ModelId::from_u128(1), PredictionId::from_u128(2));
        let product = ProductId::from_u128(3).to_string();
        let issued = Record::PredictionIssued(PredictionIssued {
            model: ModelVersion {
                id: model,
                name: "sales_forecasting".to_owned(),
                version: "1.0.0".to_owned(),
                algorithm: "ets".to_owned(),
                status: "active".to_owned(),
                accuracy_metrics: json!({ "wape": 0.1 + 0.2 }),
                last_trained: Some(Timestamp(0)),
                next_training: None,
                configuration: json!({ "season": 7 }),
            },
            predictions: vec![Prediction {
                id: prediction,
                model_id: model,
                shop_id: SHOP,
                prediction_type: "forecast".to_owned(),
                entity_id: Some(product.clone()),
                prediction_data: json!({ "mean": [1.5, 2.25] }),
                confidence_score: Some(0.9375),
                prediction_date: Day::parse("2026-11-24").unwrap(),
                created_at: Timestamp(1_000),
            }],
            features: vec![FeatureRow {
                id: FeatureRowId::from_u128(4),
                shop_id: SHOP,
                entity_type: "product".to_owned(),
                entity_id: product,
                feature_set: "demand_v1".to_owned(),
                features: json!({ "mean_7": 1.0 }),
                computed_at: Timestamp(1_000),
                expires_at: None,
            }],
        });
        let outcome = Record::PredictionOutcome(PredictionOutcome {
            prediction,
            actual_outcome: json!({ "units": 3 }),
            accuracy_score: Some(0.5),
            at: Timestamp(2_000),
        });
        let events = [
            pen.shop(SHOP),
            pen.write(Stream::Shop(SHOP), &issued),
            pen.write(Stream::Shop(SHOP), &issued),
            pen.write(Stream::Shop(SHOP), &outcome),
        ];
        let reply = journal::push(&*store, epoch, &owner, &pen.push(&events), Timestamp(store::now_ms()))
            .await
            .unwrap();
        assert_eq!(reply.outcomes.len(), 4);
        let row = sqlx::query(
            "SELECT m.name, CAST(p.prediction_date AS TEXT) AS day, CAST(p.confidence_score AS TEXT) AS score,
                 CAST(p.actual_outcome AS TEXT) AS outcome, CAST(p.accuracy_score AS TEXT) AS accuracy,
                 CAST(f.features AS TEXT) AS features, CAST(m.accuracy_metrics AS TEXT) AS metrics
             FROM model_predictions p
             JOIN ai_models m ON m.tenant = p.tenant AND m.id = p.model_id
             JOIN feature_store f ON f.tenant = p.tenant AND f.entity_id = p.entity_id
             WHERE p.tenant = $1",
        )
        .bind(TENANT.to_string())
        .fetch_one(store.pool())
        .await
        .unwrap();
        let text = |column: &str| row.get::<String, _>(column);
        let number = |column: &str| text(column).parse::<f64>().unwrap();
        assert_eq!((text("name").as_str(), text("day").as_str()), ("sales_forecasting", "2026-11-24"));
        assert_eq!((number("score"), number("accuracy")), (0.9375, 0.5));
        let json = |column: &str| serde_json::from_str::<serde_json::Value>(&text(column)).unwrap();
        assert_eq!((json("outcome"), json("features")), (json!({ "units": 3 }), json!({ "mean_7": 1.0 })));
        assert_eq!(json("metrics"), json!({ "wape": 0.1 + 0.2 }));
    })
    .await;
}
