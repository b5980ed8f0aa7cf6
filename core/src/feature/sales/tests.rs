//! Features by hand, and the proof that they never see the target's own day: another value there, or on any later
//! day, changes nothing; the seed's own formula fails the same test.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::{
    feature::demand::SalesByProduct,
    id::{ProductId, SaleId},
    money::Paisa,
    quantity::Quantity,
    record::ProductFields,
    table::{Movement, ProductRow, context::Spend},
    time::Zone,
};

const TODAY: &str = "2025-06-15";

fn today() -> Day {
    Day::parse(TODAY).unwrap()
}

/// A line: days before (positive) or after today, product, pieces, rupees for one, customer.
type Line = (i32, u32, i64, i64, u32);

const PHONE: u32 = 0;
const RIVAL: u32 = 1;
const COVER: u32 = 2;
const DEAR: u32 = 3;

fn tables(lines: &[Line]) -> Tables {
    let product = |id, category: &str, brand: &str| ProductRow {
        id: ProductId::from_u128(id),
        fields: ProductFields {
            category: Some(category.to_owned()),
            brand: Some(brand.to_owned()),
            storage_gb: Some(128),
            has_5g: Some(false),
            ..ProductFields::default()
        },
        price: Some(Paisa::rupees(60_000)),
        cost: None,
        floor: None,
    };
    let mut tables = Tables {
        products: vec![
            product(1, "Mobiles", "Infinix"),
            product(2, "Mobiles", "Tecno"),
            product(3, "Accessories", "Tecno"),
            product(4, "Mobiles", "Tecno"),
        ],
        ..Tables::default()
    };
    let at =
        |back: i32, hour: i64| Timestamp(Day(today().0 - back).start(Zone::KARACHI).0 + hour * 3_600_000);
    tables.context.marketing_spend = [(5, 900), (0, 70_000), (40, 4_000)]
        .map(|(back, rupees)| Spend {
            day: Day(today().0 - back),
            name: String::new(),
            amount: Paisa::rupees(rupees),
        })
        .to_vec();
    let mut lines = lines.to_vec();
    lines.sort_by_key(|line| -line.0);
    let received = |back| Movement {
        at: at(back, 9),
        shop: 0,
        product: PHONE,
        quantity: Quantity::pieces(50),
        cause: MovementCause::Received,
    };
    tables.stock.movements.push(received(300));
    let sales = &mut tables.sales;
    for (number, &(back, product, pieces, rupees, customer)) in lines.iter().enumerate() {
        sales.id.push(SaleId::from_u128(number as u128 + 1));
        sales.at.push(at(back, 15));
        sales.day.push(Day(today().0 - back));
        sales.shop.push(0);
        sales.customer.push(customer);
        sales.kind.push(ReceiptKind::Sale);
        sales.number.push(String::new());
        sales.first_line.push(number as u32);
        sales.product.push(product);
        sales.receipt.push(number as u32);
        sales.quantity.push(Quantity::pieces(pieces));
        sales.amount.push(Paisa::rupees(pieces * rupees));
        sales.discount.push(Paisa::ZERO);
        sales.unit_cost.push(Some(Paisa::rupees(rupees * 9 / 10)));
        let quantity = Quantity::pieces(-pieces);
        tables.stock.movements.push(Movement {
            at: at(back, 15),
            shop: 0,
            product,
            quantity,
            cause: MovementCause::Sold,
        });
    }
    sales.first_line.push(lines.len() as u32);
    tables
}

fn past() -> Vec<Line> {
    let mut lines = vec![
        (60, PHONE, 1, 40_000, 7),
        (50, RIVAL, 3, 30_000, 7),
        (45, DEAR, 1, 110_000, NONE),
        (40, COVER, 9, 500, 7),
        (20, PHONE, 2, 40_000, NONE),
        (8, PHONE, 1, 42_000, 7),
    ];
    lines.extend((100..140).map(|back| (back, PHONE, 1, 40_000, NONE)));
    lines
}

/// Everything there is, on the morning of `day`.
fn all_features(tables: &Tables, day: Day) -> (SalesFeatures, DemandInputs, LagFeatures) {
    let book = SalesBook::build(tables, None);
    let at = Timestamp(day.start(Zone::KARACHI).0 + 18 * 3_600_000);
    let calendar = Calendar { weekend: vec![6], ..Calendar::default() };
    let price = |back: i32, rupees| CompetitorPrice {
        product: ProductId::from_u128(1),
        source: "Daraz".to_owned(),
        price: Paisa::rupees(rupees),
        at: Day(today().0 - back).start(Zone::KARACHI),
    };
    let seen = [price(30, 50_000), price(10, 40_000), price(0, 1)];
    // The series is built as of a later day, so that the values after the target are there to be seen.
    let series = SalesByProduct::build(tables, None, Day(today().0 + 30)).series(0).unwrap();
    (
        book.sales_features(&calendar, 0, Some(7), at, &seen),
        book.demand_inputs(0, day),
        LagFeatures::of(&series, day, day),
    )
}

#[test]
fn features_match_hand_arithmetic() {
    let (sales, inputs, lags) = all_features(&tables(&past()), today());
    assert_eq!((sales.temporal.hour_of_day, sales.temporal.day_of_week), (18, 6));
    assert!(sales.temporal.is_weekend && !sales.temporal.is_payday_week);
    assert_eq!(sales.temporal.season, YearSeason::Summer);
    let product = sales.product;
    assert_eq!(product.price_tier, Some(PriceTier::Budget));
    // 90 days: 4 of Infinix, 4 of Tecno (3 rivals, 1 dear one); revenue 162,000 of 362,000
    assert_eq!(product.brand_popularity_score, Some(0.5));
    assert!((inputs.brand_market_share.unwrap() - 162.0 / 362.0).abs() < 1e-12);
    assert!((product.launch_age_months.unwrap() - 139.0 / MONTH_DAYS).abs() < 1e-12);
    assert_eq!(
        (product.storage_capacity, product.has_5g, product.camera_megapixels),
        (Some(128), Some(false), None)
    );
    let customer = sales.customer.unwrap();
    assert_eq!(customer.purchase_frequency, PurchaseFrequency::Regular);
    assert_eq!(customer.average_order_value, Some((40_000.0 + 90_000.0 + 4_500.0 + 42_000.0) / 4.0));
    assert_eq!(customer.preferred_brands, ["Tecno", "Infinix"]);
    // April, April/May, June: bought in three of three months
    assert_eq!((customer.loyalty_score, customer.age_group), (Some(1.0), None));
    let market = sales.market;
    assert_eq!(market.competitor_price_ratio, Some(42_000.0 / 40_000.0));
    // 28 days: 3 pieces; all 139 days: 40 + 1 + 3 + 1 + 2 + 1 = 48
    assert!((market.market_demand_index.unwrap() - (3.0 / 28.0) / (48.0 / 139.0)).abs() < 1e-12);
    assert_eq!(inputs.inventory_level, Some(50.0 - 44.0));
    assert_eq!(market.inventory_velocity, Some(3.0 / 6.0));
    assert!((market.profit_margin.unwrap() - 0.1).abs() < 1e-12);
    // Prices of what sold in 90 days: 42,000, 30,000, 110,000
    assert!((inputs.price_ratio_to_category_avg.unwrap() - 42.0 * 3.0 / 182.0).abs() < 1e-12);
    assert_eq!(inputs.competitor_count, Some(1), "the dear one is of another tier");
    assert_eq!((inputs.marketing_spend, inputs.previous_month_sales), (900.0, 2.0));
    assert_eq!(inputs.seasonal_index, None, "less than a year");
    assert_eq!((lags.sales_7d_lag, lags.sales_28d_lag), (Some(0.0), Some(0.0)));
    assert_eq!((lags.sales_7d_avg, lags.sales_30d_avg), (Some(0.0), Some(3.0 / 30.0)));
    assert_eq!(lags.sales_90d_avg, Some(4.0 / 90.0));
}

#[test]
fn no_feature_sees_the_targets_own_day_or_a_later_one() {
    let quiet = tables(&past());
    let mut lines = past();
    lines.extend([(0, PHONE, 20, 45_000, 7), (0, RIVAL, 30, 160_000, 7), (-1, PHONE, 9, 1_000, 7)]);
    lines.extend([(-9, COVER, 100, 10, NONE), (-20, PHONE, 1, 400_000, 7)]);
    assert_eq!(all_features(&quiet, today()), all_features(&tables(&lines), today()));
    // The test would notice: the day after knows of it.
    let next = Day(today().0 + 1);
    assert_ne!(all_features(&quiet, next), all_features(&tables(&lines), next));
}

#[test]
fn the_seeds_rolling_mean_fails_that_test_and_its_lag_counts_rows() {
    // pandas: amount.rolling(30).mean() ends with the row's own amount.
    let seeds = |values: &[f64]| values[values.len() - 30..].iter().sum::<f64>() / 30.0;
    let (quiet, mut busy) = (vec![1.0; 60], vec![1.0; 60]);
    busy[59] = 400.0;
    assert_ne!(seeds(&quiet), seeds(&busy), "the seed's formula leaks");
    let of = |net: &[f64]| {
        let series = DailySeries { from: Day(1_000), net: net.to_vec() };
        LagFeatures::of(&series, Day(1_059), Day(1_059))
    };
    assert_eq!(of(&quiet), of(&busy));
    // amount.shift(7) is seven receipts ago, whatever their days: of weekly sales, seven weeks.
    let weekly: Vec<f64> = (0..70).map(|t| if t % 7 == 0 { f64::from(t) } else { 0.0 }).collect();
    let rows: Vec<f64> = weekly.iter().copied().filter(|it| *it > 0.0).collect();
    let series = DailySeries { from: Day(0), net: weekly };
    assert_eq!(LagFeatures::of(&series, Day(70), Day(70)).sales_7d_lag, Some(63.0));
    assert_eq!(rows[rows.len() - 7], 21.0);
}

#[test]
fn longer_horizons_know_no_more_than_the_first_day() {
    let series = DailySeries { from: Day(0), net: (0..100).map(f64::from).collect() };
    let ahead = LagFeatures::of(&series, Day(63), Day(50));
    assert_eq!(ahead.sales_7d_lag, Some(49.0), "two weeks back, as one week back is not known yet");
    assert_eq!(ahead.sales_28d_lag, Some(35.0));
    assert_eq!(ahead.sales_7d_avg, Some(46.0));
    assert_eq!(ahead.sales_90d_avg, None);
    let early = LagFeatures::of(&series, Day(3), Day(3));
    assert_eq!((early.sales_7d_lag, early.sales_7d_avg), (None, None));
    let before = LagFeatures::of(&series, Day(-5), Day(-5));
    assert_eq!((before.sales_7d_lag, before.sales_30d_avg), (None, None));
}

#[test]
fn a_second_year_knows_its_season() {
    let mut lines: Vec<Line> = (1..=730).map(|back| (back, PHONE, 1, 40_000, NONE)).collect();
    // Twice as many in June of the year before.
    let june = |back: &i32| Day(today().0 - back).parts().0 == 2024 && Day(today().0 - back).parts().1 == 6;
    lines.extend((1..=730).filter(june).map(|back| (back, PHONE, 1, 40_000, NONE)));
    let tables = tables(&lines);
    let index = SalesBook::build(&tables, None).demand_inputs(0, today()).seasonal_index.unwrap();
    // Junes before 2025: 15 days of 2023 at 1 and 30 of 2024 at 2.
    assert!((index - (75.0 / 45.0) / (760.0 / 730.0)).abs() < 1e-12, "{index}");
}

#[test]
fn a_shop_without_sales_has_no_features_and_no_panic() {
    let tables = tables(&[]);
    let book = SalesBook::build(&tables, None);
    let inputs = book.demand_inputs(1, today());
    assert_eq!((inputs.brand_market_share, inputs.price_ratio_to_category_avg), (None, None));
    assert_eq!((inputs.previous_month_sales, inputs.inventory_level), (0.0, None));
    let features = book.sales_features(&Calendar::default(), 1, Some(3), Timestamp(0), &[]);
    assert_eq!(features.product.price_tier, Some(PriceTier::MidRange), "by the entered price");
    assert_eq!(features.customer.unwrap().purchase_frequency, PurchaseFrequency::FirstTime);
    assert_eq!(features.market.profit_margin, None);
}
