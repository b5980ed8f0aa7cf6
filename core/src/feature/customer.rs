//! `rfm_v1` and `segment_v1`: what is known of every customer who bought.
//!
//! `rfm_v1` is recency, frequency and monetary value, out of the sales columns. Units: whole days since the last sale receipt, number of sale receipts, net spend in paisa (sales less
//! returns, which may be negative). One pass over the receipts into arrays as long as the customer table.
//! Returns lower the spend; they are no visit and never count as a purchase.
//!
//! `segment_v1` is the seed's seven customer features, out of rows as files give them ([`PurchaseRow`]).

use crate::{
    money::Paisa,
    table::{NONE, ReceiptKind, Tables},
    time::Day,
};
use std::collections::{BTreeMap, BTreeSet};

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

/// One purchase line as a file gives it; a negative amount is a return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurchaseRow {
    /// Who, as written.
    pub customer_id: String,
    /// When.
    pub day: Day,
    /// Net amount.
    pub amount: Paisa,
    /// Which order; none: one order a day.
    pub order_id: Option<String>,
    /// Brand of the goods.
    pub brand: Option<String>,
    /// Taken off the list price.
    pub discount: Paisa,
    /// Whether it was a service (repair, easyload …).
    pub service: bool,
}

/// Columns of `segment_v1`, one row per customer with a purchase, by `customer_id`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SegmentFeatures {
    /// Who, as written.
    pub customer_id: Vec<String>,
    /// Days since the last order with a positive amount.
    pub recency_days: Vec<u32>,
    /// Orders with a positive amount.
    pub frequency_purchases: Vec<u32>,
    /// Net spend.
    pub monetary_total: Vec<Paisa>,
    /// Net spend a purchase.
    pub avg_order_value: Vec<f64>,
    /// Distinct brands bought.
    pub brand_diversity: Vec<u32>,
    /// Discounts ÷ (amounts + discounts), 0–1.
    pub price_sensitivity: Vec<f64>,
    /// Rows of service.
    pub service_interactions: Vec<u32>,
}

#[derive(Default)]
struct Customer<'a> {
    /// Orders with a positive amount, by number or by day.
    orders: BTreeSet<(Option<&'a str>, Option<Day>)>,
    last: Option<Day>,
    spend: i64,
    bought: i64,
    discount: i64,
    brands: BTreeSet<&'a str>,
    services: u32,
}

impl SegmentFeatures {
    /// Gathers rows up to the end of `until`; who never bought anything for a positive amount is left out.
    pub fn from_rows(rows: &[PurchaseRow], until: Day) -> Self {
        let mut customers: BTreeMap<&str, Customer> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.day <= until) {
            let customer = customers.entry(&row.customer_id).or_default();
            customer.spend += row.amount.0;
            customer.services += u32::from(row.service);
            if row.amount.0 > 0 {
                // An order keeps its number whatever the day; without one, a day is an order.
                let day = row.order_id.is_none().then_some(row.day);
                customer.orders.insert((row.order_id.as_deref(), day));
                customer.last = customer.last.max(Some(row.day));
                customer.bought += row.amount.0;
                customer.discount += row.discount.0.max(0);
                customer.brands.extend(row.brand.as_deref());
            }
        }
        let mut features = Self::default();
        for (id, customer) in customers {
            let Some(last) = customer.last else { continue };
            let orders = customer.orders.len() as u32;
            let list_value = customer.bought + customer.discount;
            features.customer_id.push(id.to_owned());
            features.recency_days.push((until.0 - last.0) as u32);
            features.frequency_purchases.push(orders);
            features.monetary_total.push(Paisa(customer.spend));
            features.avg_order_value.push(Paisa(customer.spend).as_units() / f64::from(orders));
            features.brand_diversity.push(customer.brands.len() as u32);
            features.price_sensitivity.push(customer.discount as f64 / list_value as f64);
            features.service_interactions.push(customer.services);
        }
        features
    }

    /// The seven features in the seed's order, as floats.
    pub fn columns(&self) -> [Vec<f64>; 7] {
        let whole = |values: &[u32]| values.iter().map(|&value| f64::from(value)).collect();
        [
            whole(&self.recency_days),
            whole(&self.frequency_purchases),
            self.monetary_total.iter().map(|amount| amount.as_units()).collect(),
            self.avg_order_value.clone(),
            whole(&self.brand_diversity),
            self.price_sensitivity.clone(),
            whole(&self.service_interactions),
        ]
    }
}
