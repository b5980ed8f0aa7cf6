//! RFM scores and named segments.
//!
//! Question: who buys how recently, how often and for how much, and what should be done about it?
//! Input: `rfm_v1` ([`crate::feature::customer`]): days, receipts, paisa. Output: scores 1–5 and one of eight
//! segments for everyone who ever bought.
//!
//! **Scores.** Quintiles by rank (Hughes 1994), not equal-width bins, which outliers swamp. With `b` of `n`
//! customers strictly below a value, its quintile is `⌊5b ÷ n⌋ + 1`: competition ranking, so that equal values
//! get equal scores and the order of customers changes nothing. Frequency and monetary scores are the quintile;
//! the recency score is 6 − quintile, since fewer days are better. Of a single customer: r 5, f 1, m 1.
//!
//! **Segments.** Of r, f and the value score v = (f + m) ÷ 2, halves rounded up. Total: every triple has a name.
//!
//! | r | v = 1 | v = 2 | v = 3 | v = 4 | v = 5 |
//! |---|---|---|---|---|---|
//! | 5 | new | potential loyalists | loyal | champions | champions |
//! | 4 | new | potential loyalists | loyal | loyal | champions |
//! | 3 | promising | promising | needing attention | loyal | loyal |
//! | 2 | lost | needing attention | needing attention | at risk | at risk |
//! | 1 | lost | lost | at risk | at risk | at risk |
//!
//! and, before the table, r ≥ 4 with f = 1 is a new customer whatever was spent: one dear phone is no loyalty.
//!
//! Assumptions: a customer is one person (merged aliases are merged in the tables). How it fails: where few
//! buyers give a name, scores rank the few only; `known_customer_share` says how much that is, and below
//! [`MIN_KNOWN_SHARE`] screens stay silent. Reference: Hughes, "Strategic Database Marketing" (1994), ch. 4.

use crate::{
    feature::{
        behaviour::Behaviour,
        customer::{RfmFeatures, rfm},
    },
    id::{CustomerId, ProductId},
    money::{Currency, Paisa},
    privacy::seal::Sealed,
    quantity::Quantity,
    table::{ReceiptKind, Tables},
    time::Day,
};
use serde::{Deserialize, Serialize};

/// Version of scores and segments, kept with every prediction.
pub const VERSION: &str = "1.0.0";

/// Below this share of revenue with a known customer, segments are computed and not shown.
pub const MIN_KNOWN_SHARE: f64 = 0.3;

/// Receipts in a profile.
const PROFILE_RECEIPTS: usize = 50;

/// Favourite products in a profile.
const PROFILE_FAVOURITES: usize = 10;

/// The seed's eight segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Segment {
    /// High value, frequent customers.
    Champions,
    /// Regular buyers with good value.
    LoyalCustomers,
    /// Recent customers with potential.
    PotentialLoyalists,
    /// First-time or very recent buyers.
    NewCustomers,
    /// Good potential but need nurturing.
    Promising,
    /// Declining engagement.
    CustomersNeedingAttention,
    /// High churn probability.
    AtRisk,
    /// Inactive customers.
    Lost,
}

impl Segment {
    /// All eight, in order.
    pub const ALL: [Self; 8] = [
        Self::Champions,
        Self::LoyalCustomers,
        Self::PotentialLoyalists,
        Self::NewCustomers,
        Self::Promising,
        Self::CustomersNeedingAttention,
        Self::AtRisk,
        Self::Lost,
    ];

    /// The seed's name, as in files: `champions`, `loyal_customers` …
    pub fn name(self) -> &'static str {
        match self {
            Self::Champions => "champions",
            Self::LoyalCustomers => "loyal_customers",
            Self::PotentialLoyalists => "potential_loyalists",
            Self::NewCustomers => "new_customers",
            Self::Promising => "promising",
            Self::CustomersNeedingAttention => "customers_needing_attention",
            Self::AtRisk => "at_risk",
            Self::Lost => "lost",
        }
    }

    /// The segment of three scores, each 1–5: the table at the head of this file.
    pub fn of(r_score: u8, f_score: u8, m_score: u8) -> Self {
        if r_score >= 4 && f_score <= 1 {
            return Self::NewCustomers;
        }
        let value = (f_score + m_score).div_ceil(2);
        match (r_score, value) {
            (5.., 4..) | (4, 5..) => Self::Champions,
            (5.., 3) | (4, 3 | 4) | (3, 4..) => Self::LoyalCustomers,
            (4.., _) => Self::PotentialLoyalists,
            (3, 3) | (2, 2 | 3) => Self::CustomersNeedingAttention,
            (3, _) => Self::Promising,
            (2, 4..) | (..2, 3..) => Self::AtRisk,
            (2, _) | (..2, _) => Self::Lost,
        }
    }
}

/// Customers and money of one segment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SegmentCount {
    /// Which segment.
    pub segment: Segment,
    /// Customers in it.
    pub customers: u64,
    /// Their net spend.
    pub spend: Paisa,
}

/// Answer to `Task::Rfm`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RfmAnswer {
    /// As of.
    pub today: Day,
    /// What amounts are in.
    pub currency: Currency,
    /// Share of net revenue with a known customer, 0–1. Below 0.3 segments are not shown.
    pub known_customer_share: f64,
    /// Customers scored.
    pub customers: u64,
    /// `grid[r − 1][f − 1]`: customers with that recency and frequency score, and their spend.
    pub grid: [[Cell; 5]; 5],
    /// All eight, in the order of [`Segment`].
    pub segments: Vec<SegmentCount>,
}

/// One cell of the grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Customers.
    pub customers: u64,
    /// Net spend.
    pub spend: Paisa,
}

/// One customer's scores and what they rest on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RfmRow {
    /// Who.
    pub customer: CustomerId,
    /// The shop's number for them.
    pub code: Option<String>,
    /// Sealed name and phone.
    pub person: Option<Sealed>,
    /// Days since the last purchase.
    pub recency_days: u32,
    /// Purchases.
    pub frequency_purchases: u32,
    /// Net spend.
    pub monetary_total: Paisa,
    /// 5 = most recent fifth.
    pub r_score: u8,
    /// 5 = most frequent fifth.
    pub f_score: u8,
    /// 5 = highest spend.
    pub m_score: u8,
    /// Named segment.
    pub segment: Segment,
    /// Owes, if anything.
    pub balance: Paisa,
}

/// Answer to `Task::Customers`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerList {
    /// What amounts are in.
    pub currency: Currency,
    /// How many match in all.
    pub total: u64,
    /// The asked page, by spend.
    pub rows: Vec<RfmRow>,
}

/// Answer to `Task::Customer`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerProfile {
    /// What amounts are in.
    pub currency: Currency,
    /// Scores; none when they never bought.
    pub rfm: Option<RfmRow>,
    /// Latest receipts, newest first, at most 50.
    pub receipts: Vec<CustomerReceipt>,
    /// Most bought products, at most 10.
    pub favourites: Vec<(ProductId, String, Quantity)>,
    /// How they come, look and bargain, as far as the till noted it.
    pub behaviour: Behaviour,
}

/// One receipt of a customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerReceipt {
    /// Number.
    pub number: String,
    /// Day.
    pub day: Day,
    /// Sale or return.
    pub kind: ReceiptKind,
    /// Net amount; negative for a return.
    pub amount: Paisa,
    /// Lines.
    pub lines: u32,
}

/// `rfm_v1` with its scores and segments, row by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RfmTable {
    /// The features.
    pub features: RfmFeatures,
    /// 5 = most recent fifth.
    pub r_score: Vec<u8>,
    /// 5 = most frequent fifth.
    pub f_score: Vec<u8>,
    /// 5 = highest spend.
    pub m_score: Vec<u8>,
    /// Named segment.
    pub segment: Vec<Segment>,
}

impl RfmTable {
    /// Scores everyone who bought in `shop` (or anywhere) by the end of `today`.
    pub fn build(tables: &Tables, shop: Option<usize>, today: Day) -> Self {
        let features = rfm(tables, shop, today);
        let scores =
            Scores::of(&features.recency_days, &features.frequency_purchases, &features.monetary_total);
        Self {
            features,
            r_score: scores.r_score,
            f_score: scores.f_score,
            m_score: scores.m_score,
            segment: scores.segment,
        }
    }

    /// Position of the row of a customer (position in `customers`), if they bought.
    pub fn find(&self, customer: usize) -> Option<usize> {
        self.features.customer.binary_search(&(customer as u32)).ok()
    }

    fn row(&self, tables: &Tables, row: usize, balance: Paisa) -> RfmRow {
        let features = &self.features;
        let customer = &tables.customers[features.customer[row] as usize];
        RfmRow {
            customer: customer.id,
            code: customer.code.clone(),
            person: customer.person.clone(),
            recency_days: features.recency_days[row],
            frequency_purchases: features.frequency_purchases[row],
            monetary_total: features.monetary_total[row],
            r_score: self.r_score[row],
            f_score: self.f_score[row],
            m_score: self.m_score[row],
            segment: self.segment[row],
            balance,
        }
    }

    /// Customers and spend of all eight segments.
    pub fn segment_counts(&self) -> Vec<SegmentCount> {
        let mut counts =
            Segment::ALL.map(|segment| SegmentCount { segment, customers: 0, spend: Paisa::ZERO });
        for (segment, spend) in self.segment.iter().zip(&self.features.monetary_total) {
            counts[*segment as usize].customers += 1;
            counts[*segment as usize].spend += *spend;
        }
        counts.to_vec()
    }
}

/// Scores of parallel columns, for tables and for the lab alike.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// 5 = most recent fifth.
    pub r_score: Vec<u8>,
    /// 5 = most frequent fifth.
    pub f_score: Vec<u8>,
    /// 5 = highest spend.
    pub m_score: Vec<u8>,
    /// Named segment.
    pub segment: Vec<Segment>,
}

impl Scores {
    /// Scores three columns of one length.
    pub fn of(recency_days: &[u32], frequency_purchases: &[u32], monetary_total: &[Paisa]) -> Self {
        let r_score: Vec<u8> = quintiles(recency_days).into_iter().map(|quintile| 6 - quintile).collect();
        let f_score = quintiles(frequency_purchases);
        let m_score = quintiles(monetary_total);
        let triples = r_score.iter().zip(&f_score).zip(&m_score);
        let segment = triples.map(|((&r, &f), &m)| Segment::of(r, f, m)).collect();
        Self { r_score, f_score, m_score, segment }
    }
}

/// The quintile of each value, 1 to 5: ⌊5 × (values strictly below) ÷ n⌋ + 1.
pub fn quintiles<T: Ord + Copy>(values: &[T]) -> Vec<u8> {
    let mut ascending = values.to_vec();
    ascending.sort_unstable();
    let below = |value: &T| ascending.partition_point(|other| other < value);
    values.iter().map(|value| (5 * below(value) / values.len()) as u8 + 1).collect()
}

/// What each customer owes by the end of `today` (position in `customers` → balance).
pub fn balances(tables: &Tables, shop: Option<usize>, today: Day) -> Vec<Paisa> {
    let mut balances = vec![Paisa::ZERO; tables.customers.len()];
    for entry in &tables.credit {
        let here = shop.is_none_or(|shop| entry.shop as usize == shop);
        if here && entry.at.day(tables.zone(Some(entry.shop as usize))) <= today {
            balances[entry.customer as usize] += entry.amount;
        }
    }
    balances
}

/// Answers `Task::Rfm`.
pub fn answer(tables: &Tables, shop: Option<usize>, today: Day) -> RfmAnswer {
    let table = RfmTable::build(tables, shop, today);
    let mut grid = [[Cell::default(); 5]; 5];
    for row in 0..table.features.len() {
        let cell = &mut grid[usize::from(table.r_score[row] - 1)][usize::from(table.f_score[row] - 1)];
        cell.customers += 1;
        cell.spend += table.features.monetary_total[row];
    }
    RfmAnswer {
        today,
        currency: tables.currency(shop),
        known_customer_share: table.features.known_customer_share,
        customers: table.features.len() as u64,
        grid,
        segments: table.segment_counts(),
    }
}

/// Who is asked for in a list of customers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListFilter {
    /// A segment, or all.
    pub segment: Option<Segment>,
    /// A cell of the grid as (r, f), or all.
    pub cell: Option<(u8, u8)>,
    /// Skip this many.
    pub offset: u32,
    /// Give at most this many.
    pub limit: u32,
}

/// Answers `Task::Customers`: by spend, most first, then by id.
pub fn list(tables: &Tables, shop: Option<usize>, today: Day, filter: ListFilter) -> CustomerList {
    let table = RfmTable::build(tables, shop, today);
    let asked = |row: &usize| {
        filter.segment.is_none_or(|segment| table.segment[*row] == segment)
            && filter.cell.is_none_or(|cell| (table.r_score[*row], table.f_score[*row]) == cell)
    };
    let mut rows: Vec<usize> = (0..table.features.len()).filter(asked).collect();
    // Rows stand in the order of ids: a stable sort keeps it among equal spenders.
    crate::order::by_key(&mut rows, |&row| std::cmp::Reverse(table.features.monetary_total[row]));
    let balances = balances(tables, shop, today);
    let page = rows.iter().skip(filter.offset as usize).take(filter.limit as usize);
    CustomerList {
        currency: tables.currency(shop),
        total: rows.len() as u64,
        rows: page
            .map(|&row| table.row(tables, row, balances[table.features.customer[row] as usize]))
            .collect(),
    }
}

/// Answers `Task::Customer` for a position in `customers`, over all shops.
pub fn profile(tables: &Tables, customer: usize, today: Day) -> CustomerProfile {
    let table = RfmTable::build(tables, None, today);
    let balance = balances(tables, None, today).get(customer).copied().unwrap_or_default();
    let sales = &tables.sales;
    let upto = sales.day.partition_point(|&day| day <= today);
    let of_customer = |receipt: &usize| sales.customer[*receipt] as usize == customer;
    let mut bought = vec![0i64; tables.products.len()];
    for receipt in (0..upto).filter(of_customer) {
        for line in sales.lines_of(receipt) {
            bought[sales.product[line] as usize] += sales.quantity[line].0;
        }
    }
    let mut favourites: Vec<usize> = (0..bought.len()).filter(|&product| bought[product] > 0).collect();
    crate::order::by_key(&mut favourites, |&product| std::cmp::Reverse(bought[product]));
    let favourites = favourites.into_iter().take(PROFILE_FAVOURITES).map(|product| {
        let row = &tables.products[product];
        (row.id, row.label(), Quantity(bought[product]))
    });
    let receipts = (0..upto).rev().filter(of_customer).take(PROFILE_RECEIPTS).map(|receipt| {
        let lines = sales.lines_of(receipt);
        CustomerReceipt {
            number: sales.number[receipt].clone(),
            day: sales.day[receipt],
            kind: sales.kind[receipt],
            lines: lines.len() as u32,
            amount: sales.amount[lines].iter().copied().sum(),
        }
    });
    CustomerProfile {
        currency: tables.currency(None),
        rfm: table.find(customer).map(|row| table.row(tables, row, balance)),
        receipts: receipts.collect(),
        favourites: favourites.collect(),
        behaviour: Behaviour::of(tables, customer, today),
    }
}
