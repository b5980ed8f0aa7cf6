//! `rfm_v1`: recency, frequency and monetary value of every customer who bought, out of the sales columns.
//!
//! Units: whole days since the last sale receipt, number of sale receipts, net spend in paisa (sales less
//! returns, which may be negative). One pass over the receipts into arrays as long as the customer table.
//! Returns lower the spend; they are no visit and never count as a purchase.

use crate::{
    money::Paisa,
    table::{NONE, ReceiptKind, Tables},
    time::Day,
};

/// Columns of `rfm_v1`, one row per customer with at least one sale receipt, in the order of the customer table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RfmFeatures {
    /// Position in `customers`.
    pub customer: Vec<u32>,
    /// Days since the last sale receipt.
    pub recency_days: Vec<u32>,
    /// Days since the first sale receipt.
    pub tenure_days: Vec<u32>,
    /// Sale receipts.
    pub frequency_purchases: Vec<u32>,
    /// Net spend.
    pub monetary_total: Vec<Paisa>,
    /// Share of net revenue whose customer is known, 0–1; 0 without revenue.
    pub known_customer_share: f64,
}

impl RfmFeatures {
    /// Number of customers.
    pub fn len(&self) -> usize {
        self.customer.len()
    }

    /// Whether nobody bought.
    pub fn is_empty(&self) -> bool {
        self.customer.is_empty()
    }
}

/// `rfm_v1` as of the end of `today`: later receipts are left out. `shop: None` means all shops together.
pub fn rfm(tables: &Tables, shop: Option<usize>, today: Day) -> RfmFeatures {
    let sales = &tables.sales;
    let customers = tables.customers.len();
    let mut first = vec![Day(i32::MAX); customers];
    let mut last = vec![Day(i32::MIN); customers];
    let mut receipts = vec![0u32; customers];
    let mut spend = vec![0i64; customers];
    let mut anonymous = 0i64;
    let upto = sales.day.partition_point(|&day| day <= today);
    for receipt in 0..upto {
        if shop.is_some_and(|shop| sales.shop[receipt] as usize != shop) {
            continue;
        }
        let amount: i64 = sales.amount[sales.lines_of(receipt)].iter().map(|amount| amount.0).sum();
        let customer = sales.customer[receipt];
        if customer == NONE {
            anonymous += amount;
            continue;
        }
        let customer = customer as usize;
        spend[customer] += amount;
        if sales.kind[receipt] == ReceiptKind::Sale {
            receipts[customer] += 1;
            last[customer] = sales.day[receipt];
            first[customer] = first[customer].min(sales.day[receipt]);
        }
    }
    let known: i64 = spend.iter().sum();
    let revenue = known + anonymous;
    let mut features = RfmFeatures {
        known_customer_share: if revenue > 0 { (known as f64 / revenue as f64).clamp(0.0, 1.0) } else { 0.0 },
        ..RfmFeatures::default()
    };
    for customer in (0..customers).filter(|&customer| receipts[customer] > 0) {
        features.customer.push(customer as u32);
        features.recency_days.push((today.0 - last[customer].0) as u32);
        features.tenure_days.push((today.0 - first[customer].0) as u32);
        features.frequency_purchases.push(receipts[customer]);
        features.monetary_total.push(Paisa(spend[customer]));
    }
    features
}
