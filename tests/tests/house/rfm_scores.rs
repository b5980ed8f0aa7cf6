//! RFM scores and segments: small cases worked by hand, and properties that hold for every shop.

use dukandar_core::{
    customer::rfm::{ListFilter, RfmTable, Scores, Segment, answer, list, profile, quintiles},
    money::Paisa,
    time::Day,
};
use dukandar_tests::shop_tables::ShopTables;
use proptest::prelude::*;

/// Ten customers: customer i bought i + 1 times, last on day 100 − 10·i, 10 rupees a time.
fn ten() -> ShopTables {
    let mut shop = ShopTables::new(1, 1, 10);
    for customer in 0..10 {
        for visit in 0..=customer {
            shop.sale(100 - 10 * customer as i32 - visit as i32, Some(customer), 0, 1, 10);
        }
    }
    shop
}

#[test]
fn quintiles_of_ten_distinct_values_are_pairs() {
    assert_eq!(quintiles(&[10, 20, 30, 40, 50, 60, 70, 80, 90, 100]), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    assert_eq!(quintiles(&[3, 1, 2]), [4, 1, 2]);
    assert_eq!(quintiles::<i32>(&[]), Vec::<u8>::new());
}

#[test]
fn ties_share_the_quintile_of_their_lowest_rank() {
    // Six of ten bought once: all in the lowest fifth. The next rank has six below: ⌊30/10⌋ + 1 = 4.
    assert_eq!(quintiles(&[1, 1, 1, 1, 1, 1, 2, 2, 3, 9]), [1, 1, 1, 1, 1, 1, 4, 4, 5, 5]);
}

#[test]
fn scores_of_ten_customers_by_hand() {
    let table = RfmTable::build(&ten().build(), None, Day(100));
    assert_eq!(table.features.recency_days, [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
    assert_eq!(table.features.frequency_purchases, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert_eq!(table.r_score, [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]);
    assert_eq!(table.f_score, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    assert_eq!(table.m_score, table.f_score);
    use Segment::*;
    assert_eq!(
        table.segment,
        [
            NewCustomers,
            NewCustomers,
            PotentialLoyalists,
            PotentialLoyalists,
            CustomersNeedingAttention,
            CustomersNeedingAttention,
            AtRisk,
            AtRisk,
            AtRisk,
            AtRisk
        ]
    );
}

#[test]
fn the_published_table_of_segments() {
    use Segment::*;
    // The rows of the module's head, at f = m = v; r ≥ 4 with f = 1 is new whatever the spend.
    let rows = [
        (5, [NewCustomers, PotentialLoyalists, LoyalCustomers, Champions, Champions]),
        (4, [NewCustomers, PotentialLoyalists, LoyalCustomers, LoyalCustomers, Champions]),
        (3, [Promising, Promising, CustomersNeedingAttention, LoyalCustomers, LoyalCustomers]),
        (2, [Lost, CustomersNeedingAttention, CustomersNeedingAttention, AtRisk, AtRisk]),
        (1, [Lost, Lost, AtRisk, AtRisk, AtRisk]),
    ];
    for (r, expected) in rows {
        for (v, segment) in (1..=5).zip(expected) {
            assert_eq!(Segment::of(r, v, v), segment, "r {r} v {v}");
        }
    }
    assert_eq!(Segment::of(5, 1, 5), NewCustomers);
    assert_eq!(Segment::of(5, 2, 5), Champions, "halves round up: v = 4");
    assert_eq!(Segment::of(1, 2, 3), AtRisk, "v = 3");
}

#[test]
fn a_return_lowers_spend_and_is_no_visit() {
    let mut shop = ShopTables::new(1, 1, 2);
    shop.sale(10, Some(0), 0, 2, 200).refund(15, Some(0), 0, 1, 100).refund(16, Some(1), 0, 1, 30);
    let table = RfmTable::build(&shop.build(), None, Day(20));
    assert_eq!(table.features.customer, [0], "who only returned never bought");
    assert_eq!(table.features.recency_days, [10]);
    assert_eq!(table.features.frequency_purchases, [1]);
    assert_eq!(table.features.monetary_total, [Paisa::rupees(100)]);
}

#[test]
fn receipts_after_the_day_and_of_other_shops_do_not_count() {
    let mut shop = ShopTables::new(2, 1, 1);
    shop.sale(10, Some(0), 0, 1, 100).sale(30, Some(0), 0, 1, 100);
    shop.sale_at(11, 12, 1, Some(0), &[(0, 1, 50)]);
    let tables = shop.build();
    let first = RfmTable::build(&tables, Some(0), Day(20)).features;
    assert_eq!((first.recency_days[0], first.frequency_purchases[0]), (10, 1));
    let all = RfmTable::build(&tables, None, Day(30)).features;
    assert_eq!((all.recency_days[0], all.frequency_purchases[0]), (0, 3));
}

#[test]
fn known_share_is_of_net_revenue() {
    let mut shop = ShopTables::new(1, 1, 1);
    shop.sale(1, Some(0), 0, 1, 30).sale(1, None, 0, 1, 90).refund(2, None, 0, 1, 20);
    assert_eq!(answer(&shop.build(), None, Day(5)).known_customer_share, 0.3);
    assert_eq!(answer(&ShopTables::new(1, 1, 1).build(), None, Day(5)).known_customer_share, 0.0);
}

#[test]
fn list_pages_by_spend_and_profile_tells_receipts_and_dues() {
    let mut shop = ten();
    shop.credit(50, 9, 500, None).credit(60, 9, -200, None).credit(500, 9, 999, None);
    let tables = shop.build();
    let all = ListFilter { limit: 3, offset: 1, ..ListFilter::default() };
    let page = list(&tables, None, Day(100), all);
    assert_eq!(page.total, 10);
    assert_eq!(page.rows.iter().map(|row| row.frequency_purchases).collect::<Vec<_>>(), [9, 8, 7]);
    let cell = ListFilter { cell: Some((5, 1)), limit: 100, ..ListFilter::default() };
    assert_eq!(list(&tables, None, Day(100), cell).total, 2);
    let risk = ListFilter { segment: Some(Segment::AtRisk), limit: 100, ..ListFilter::default() };
    assert_eq!(list(&tables, None, Day(100), risk).total, 4);
    let profile = profile(&tables, 9, Day(100));
    let row = profile.rfm.unwrap();
    assert_eq!(row.balance, Paisa::rupees(300), "the entry of day 500 lies ahead");
    assert_eq!(profile.receipts.len(), 10);
    assert_eq!((profile.receipts[0].day, profile.receipts[9].day), (Day(10), Day(1)));
    assert_eq!(profile.favourites.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(dukandar_tests::cases(64)))]

    #[test]
    fn the_grid_and_the_segments_hold_every_customer_once(
        visits in prop::collection::vec((0u32..12, 0i32..200, 1i64..5_000), 1..80),
    ) {
        let mut shop = ShopTables::new(1, 1, 12);
        for (customer, day, rupees) in visits {
            shop.sale(day, Some(customer), 0, 1, rupees);
        }
        let tables = shop.build();
        let answer = answer(&tables, None, Day(200));
        let spend: i64 = tables.sales.amount.iter().map(|amount| amount.0).sum();
        let cells = answer.grid.iter().flatten();
        prop_assert_eq!(cells.clone().map(|cell| cell.customers).sum::<u64>(), answer.customers);
        prop_assert_eq!(cells.map(|cell| cell.spend.0).sum::<i64>(), spend);
        prop_assert_eq!(answer.segments.len(), 8);
        prop_assert_eq!(answer.segments.iter().map(|segment| segment.customers).sum::<u64>(), answer.customers);
        prop_assert_eq!(answer.segments.iter().map(|segment| segment.spend.0).sum::<i64>(), spend);
    }

    #[test]
    fn scores_are_monotone_and_blind_to_the_order_of_customers(
        mut rows in prop::collection::vec((0u32..400, 1u32..20, -5_000i64..90_000), 1..60),
        turn in 0usize..60,
    ) {
        let score = |rows: &[(u32, u32, i64)]| {
            let recency: Vec<u32> = rows.iter().map(|row| row.0).collect();
            let frequency: Vec<u32> = rows.iter().map(|row| row.1).collect();
            let spend: Vec<Paisa> = rows.iter().map(|row| Paisa(row.2)).collect();
            Scores::of(&recency, &frequency, &spend)
        };
        let scores = score(&rows);
        for a in 0..rows.len() {
            for b in 0..rows.len() {
                prop_assert!(rows[a].0 > rows[b].0 || scores.r_score[a] >= scores.r_score[b]);
                prop_assert!(rows[a].1 < rows[b].1 || scores.f_score[a] >= scores.f_score[b]);
                prop_assert!(rows[a].2 < rows[b].2 || scores.m_score[a] >= scores.m_score[b]);
            }
        }
        let turn = turn % rows.len();
        rows.rotate_left(turn);
        let mut turned = scores.segment.clone();
        turned.rotate_left(turn);
        prop_assert_eq!(score(&rows).segment, turned);
    }
}
