//! `sales_v1`, `demand_inputs_v1` and `lags_v1`: what stood in the books before a day began.
//!
//! Question answered: what could be known of a product, its customer and its market on the morning of a day? Input:
//! [`Tables`] and a [`Calendar`]. Output: the seed's sales features by their names, the eight inputs of its demand
//! forecaster, and lags with rolling means. Units last in names; amounts in whole currency units, shares 0–1.
//!
//! Nothing here reads the day itself or a later one, whatever stands in the tables: windows end on the day before.
//! They count calendar days, not rows: a day without a sale is a 0. What the records do not hold is `None`. Two
//! fields are as of now and not of then, because the tables keep no older state: a product's fields, and its price
//! where it never sold before the day.

use super::demand::DailySeries;
use crate::{
    calendar::{Calendar, YearSeason},
    record::CompetitorPrice,
    table::{MovementCause, NONE, ReceiptKind, Tables},
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[cfg(test)]
mod tests;

/// Days of a market's recent past.
const MARKET_DAYS: i32 = 90;
/// Days of the recent past where it should be fresh.
const RECENT_DAYS: i32 = 28;
/// Days of a year.
const YEAR_DAYS: i32 = 365;
/// Mean days of a month.
const MONTH_DAYS: f64 = 365.25 / 12.0;

/// The seed's tiers of price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceTier {
    /// Below the first end.
    Budget,
    /// Below the second.
    MidRange,
    /// Below the third.
    Premium,
    /// The rest.
    Flagship,
}

impl PriceTier {
    /// The tier of a price in whole units, with the ends the shop set.
    pub fn of(price: f64, tables: &Tables) -> Self {
        let above = tables.context.price_tiers.iter().filter(|end| price >= end.as_units()).count();
        [Self::Budget, Self::MidRange, Self::Premium, Self::Flagship][above]
    }
}

/// How often a customer buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PurchaseFrequency {
    /// No receipt before.
    FirstTime,
    /// One or two in the last year, or older ones only.
    Occasional,
    /// Three to five in the last year.
    Regular,
    /// More.
    Frequent,
}

/// Estimated age of a customer. Shops do not write it down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgeGroup {
    /// Under 30.
    Young,
    /// Under 60.
    Adult,
    /// Older.
    Senior,
}

/// When.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "as in DayFlags")]
pub struct TemporalFeatures {
    /// 0–23.
    pub hour_of_day: u8,
    pub day_of_week: u8,
    pub month: u8,
    pub season: YearSeason,
    pub is_holiday: bool,
    pub is_payday_week: bool,
    pub is_ramadan: bool,
    pub is_eid_season: bool,
    pub is_weekend: bool,
}

/// What.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductFeatures {
    /// By the price of the last sale before the day.
    pub price_tier: Option<PriceTier>,
    /// The brand's share of its category's pieces in 90 days.
    pub brand_popularity_score: Option<f64>,
    /// Months since the launch as entered, else since the first sale.
    pub launch_age_months: Option<f64>,
    /// Gigabytes.
    pub storage_capacity: Option<u16>,
    /// Main camera.
    pub camera_megapixels: Option<u16>,
    /// 5G or not.
    pub has_5g: Option<bool>,
}

/// Who.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerFeatures {
    /// Where it was noted.
    pub age_group: Option<AgeGroup>,
    /// By receipts before the day.
    pub purchase_frequency: PurchaseFrequency,
    /// Net spend a receipt.
    pub average_order_value: Option<f64>,
    /// By net pieces, most first, three at most.
    pub preferred_brands: Vec<String>,
    /// Months with a purchase ÷ months since the first one.
    pub loyalty_score: Option<f64>,
}

/// Around it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MarketFeatures {
    /// Own price ÷ mean of the competitors' newest prices.
    pub competitor_price_ratio: Option<f64>,
    /// Pieces of the category a day in 28 days ÷ in the year before the day: 1 is as usual.
    pub market_demand_index: Option<f64>,
    /// Pieces sold in 28 days ÷ pieces on the shelf that morning.
    pub inventory_velocity: Option<f64>,
    /// (revenue − cost) ÷ revenue of the lines of 90 days whose cost is known.
    pub profit_margin: Option<f64>,
}

/// The values of `sales_v1`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each is its struct, documented there")]
pub struct SalesFeatures {
    pub temporal: TemporalFeatures,
    pub product: ProductFeatures,
    /// None for a buyer without a name.
    pub customer: Option<CustomerFeatures>,
    pub market: MarketFeatures,
}

/// The values of `demand_inputs_v1`: the eight of the seed's `ProductDemandForecaster`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemandInputs {
    /// Own price ÷ mean price of the category's products that sold in 90 days.
    pub price_ratio_to_category_avg: Option<f64>,
    /// The brand's share of its category's revenue in 90 days.
    pub brand_market_share: Option<f64>,
    /// As in [`ProductFeatures`].
    pub launch_age_months: Option<f64>,
    /// Other products of category and price tier that sold in 90 days.
    pub competitor_count: Option<u32>,
    /// Pieces of the category a day in this month of earlier years ÷ in all days before; none in the first year.
    pub seasonal_index: Option<f64>,
    /// Entered for the 28 days before the day.
    pub marketing_spend: f64,
    /// Pieces on the shelf that morning.
    pub inventory_level: Option<f64>,
    /// Net pieces of the calendar month before.
    pub previous_month_sales: f64,
}

/// The values of `lags_v1`: sums and means of whole calendar days, none where the history does not reach so far.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LagFeatures {
    /// Sold on the same weekday of the last week that is known.
    pub sales_7d_lag: Option<f64>,
    /// The same, four weeks back.
    pub sales_28d_lag: Option<f64>,
    /// Mean a day of the last 7 known days.
    pub sales_7d_avg: Option<f64>,
    /// Mean a day of the last 30 known days.
    pub sales_30d_avg: Option<f64>,
    /// Mean a day of the last 90 known days.
    pub sales_90d_avg: Option<f64>,
}

impl LagFeatures {
    /// For `target`, when days before `known_until` are known: `target` itself for one day ahead, an earlier day for
    /// longer horizons. Lags go back by whole weeks until they reach a known day.
    pub fn of(series: &DailySeries, target: Day, known_until: Day) -> Self {
        let end =
            usize::try_from(known_until.min(target).0 - series.from.0).unwrap_or(0).min(series.net.len());
        let known = &series.net[..end];
        let lag = |weeks: i32| {
            let mut day = target.0 - 7 * weeks;
            while day >= series.from.0 + end as i32 {
                day -= 7;
            }
            usize::try_from(day - series.from.0).ok().map(|at| known[at])
        };
        let mean = |days: usize| {
            (known.len() >= days).then(|| known[known.len() - days..].iter().sum::<f64>() / days as f64)
        };
        Self {
            sales_7d_lag: lag(1),
            sales_28d_lag: lag(4),
            sales_7d_avg: mean(7),
            sales_30d_avg: mean(30),
            sales_90d_avg: mean(90),
        }
    }
}

/// Sums over days, as differences of running totals.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Totals {
    units: f64,
    /// In paisa, like the next two: whole numbers, so that differences are exact.
    revenue: f64,
    /// Revenue of lines whose cost is known.
    costed: f64,
    cost: f64,
}

#[derive(Clone, Debug, Default)]
struct Running {
    days: Vec<Day>,
    upto: Vec<Totals>,
}

impl Running {
    fn add(&mut self, day: Day, line: Totals) {
        let mut sum = self.upto.last().copied().unwrap_or_default();
        sum.units += line.units;
        sum.revenue += line.revenue;
        sum.costed += line.costed;
        sum.cost += line.cost;
        if self.days.last() == Some(&day) {
            self.upto.pop();
            self.days.pop();
        }
        self.days.push(day);
        self.upto.push(sum);
    }

    /// From `from` to the day before `until`.
    fn between(&self, from: i32, until: Day) -> Totals {
        let at = |day: Day| {
            let before = self.days.partition_point(|it| *it < day);
            before.checked_sub(1).map(|index| self.upto[index]).unwrap_or_default()
        };
        let (low, high) = (at(Day(from).min(until)), at(until));
        Totals {
            units: high.units - low.units,
            revenue: high.revenue - low.revenue,
            costed: high.costed - low.costed,
            cost: high.cost - low.cost,
        }
    }

    fn first_day(&self) -> Option<Day> {
        self.days.first().copied()
    }
}

/// What sold before a day, by category.
#[derive(Clone, Debug)]
pub struct Market<'a> {
    day: Day,
    /// Product → whether it stands in its category's figures.
    sells: Vec<bool>,
    categories: BTreeMap<&'a str, Category>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Category {
    /// Sum over its products.
    prices: f64,
    products: u32,
    of_tier: [u32; 4],
}

/// Every line of a shop (or of all), by product, by category and by brand within it: build once, then ask for any
/// product and day.
#[derive(Debug)]
pub struct SalesBook<'a> {
    tables: &'a Tables,
    shop: Option<usize>,
    products: Vec<Running>,
    /// Product → (day, price of one in whole units) of its sale lines.
    prices: Vec<Vec<(Day, f64)>>,
    /// Product → (day, thousandths that moved, whether sold) of its shelf.
    stock: Vec<Vec<(Day, i64, bool)>>,
    categories: BTreeMap<&'a str, Running>,
    brands: BTreeMap<(&'a str, &'a str), Running>,
}

impl<'a> SalesBook<'a> {
    /// Gathers the lines.
    pub fn build(tables: &'a Tables, shop: Option<usize>) -> Self {
        let mut book = Self {
            tables,
            shop,
            products: vec![Running::default(); tables.products.len()],
            prices: vec![Vec::new(); tables.products.len()],
            stock: vec![Vec::new(); tables.products.len()],
            categories: BTreeMap::new(),
            brands: BTreeMap::new(),
        };
        let sales = &tables.sales;
        for receipt in 0..sales.receipts() {
            if shop.is_some_and(|shop| sales.shop[receipt] as usize != shop) {
                continue;
            }
            let day = sales.day[receipt];
            for line in sales.lines_of(receipt) {
                let product = sales.product[line] as usize;
                let (units, revenue) = (sales.quantity[line].as_units(), sales.amount[line].0 as f64);
                let cost = sales.unit_cost[line].map(|cost| cost.0 as f64 * units);
                let costed = if cost.is_some() { revenue } else { 0.0 };
                let totals = Totals { units, revenue, costed, cost: cost.unwrap_or(0.0) };
                book.products[product].add(day, totals);
                if units > 0.0 {
                    let list = (sales.amount[line] + sales.discount[line]).as_units();
                    book.prices[product].push((day, list / units));
                }
                let (category, brand) = book.group(product);
                book.categories.entry(category).or_default().add(day, totals);
                book.brands.entry((category, brand)).or_default().add(day, totals);
            }
        }
        for it in &tables.stock.movements {
            if shop.is_none_or(|own| own == it.shop as usize) {
                let day = it.at.day(tables.zone(Some(it.shop as usize)));
                let sold = it.cause == MovementCause::Sold;
                book.stock[it.product as usize].push((day, it.quantity.0, sold));
            }
        }
        book
    }

    /// Category and brand; goods without one stand together.
    fn group(&self, product: usize) -> (&'a str, &'a str) {
        let fields = &self.tables.products[product].fields;
        (fields.category.as_deref().unwrap_or_default(), fields.brand.as_deref().unwrap_or_default())
    }

    /// Price of the last sale before the day, else as of now.
    fn price(&self, product: usize, day: Day) -> Option<f64> {
        let prices = &self.prices[product];
        let before = prices.partition_point(|(sold, _)| *sold < day);
        let last = before.checked_sub(1).map(|index| prices[index].1);
        last.or_else(|| self.tables.products[product].price.map(|price| price.as_units()))
    }

    fn brand_share(&self, product: usize, day: Day, of: fn(&Totals) -> f64) -> Option<f64> {
        let (category, brand) = self.group(product);
        let from = day.0 - MARKET_DAYS;
        let all = of(&self.categories.get(category)?.between(from, day));
        let own = self.brands.get(&(category, brand)).map_or(0.0, |it| of(&it.between(from, day)));
        (all > 0.0).then(|| (own / all).clamp(0.0, 1.0))
    }

    fn launch_age_months(&self, product: usize, day: Day) -> Option<f64> {
        let entered = self.tables.products[product].fields.launched;
        let launched = entered.or(self.products[product].first_day()).filter(|it| *it < day)?;
        Some(f64::from(day.0 - launched.0) / MONTH_DAYS)
    }

    /// Pieces on the shelf when the day began; none where nothing was ever counted or received by then.
    fn on_hand(&self, product: usize, day: Day) -> Option<f64> {
        let before = || self.stock[product].iter().filter(|(moved, ..)| *moved < day);
        let known = before().any(|(_, _, sold)| !sold);
        known.then(|| before().map(|(_, thousandths, _)| *thousandths).sum::<i64>() as f64 / 1_000.0)
    }

    /// Whether anything of it was sold before a day.
    pub fn sold_before(&self, product: usize, day: Day) -> bool {
        self.products[product].first_day().is_some_and(|first| first < day)
    }

    /// Net pieces of `product` from `from` to the day before `until`.
    pub fn units(&self, product: usize, from: Day, until: Day) -> f64 {
        self.products[product].between(from.0, until).units
    }

    /// What sold in the 90 days before a day, by category: made once, then each product's inputs are cheap.
    pub fn market(&self, day: Day) -> Market<'a> {
        let mut market = Market { day, sells: vec![false; self.products.len()], categories: BTreeMap::new() };
        for product in 0..self.products.len() {
            let sells = self.units(product, Day(day.0 - MARKET_DAYS), day) > 0.0;
            let Some(price) = self.price(product, day).filter(|_| sells) else { continue };
            market.sells[product] = true;
            let category = market.categories.entry(self.group(product).0).or_default();
            category.prices += price;
            category.products += 1;
            category.of_tier[PriceTier::of(price, self.tables) as usize] += 1;
        }
        market
    }

    /// The eight inputs of `product` on the morning of `day`.
    pub fn demand_inputs(&self, product: usize, day: Day) -> DemandInputs {
        self.demand_inputs_in(&self.market(day), product)
    }

    /// The same for the day of a market.
    pub fn demand_inputs_in(&self, market: &Market<'_>, product: usize) -> DemandInputs {
        let (day, (category, _)) = (market.day, self.group(product));
        let price = self.price(product, day);
        let around = market.categories.get(category).copied().unwrap_or_default();
        let average = around.prices / f64::from(around.products);
        let rivals = |price| {
            let own = u32::from(market.sells[product]);
            around.of_tier[PriceTier::of(price, self.tables) as usize] - own
        };
        let (year, month, _) = day.parts();
        let first = |year: i32, month: u32| {
            chrono::NaiveDate::from_ymd_opt(year, month, 1).map_or(day, Day::from_date)
        };
        let before = if month == 1 { first(year - 1, 12) } else { first(year, month - 1) };
        let spend = self.tables.context.marketing_spend.iter();
        let spend = spend.filter(|it| (day.0 - RECENT_DAYS..day.0).contains(&it.day.0));
        DemandInputs {
            price_ratio_to_category_avg: price.filter(|_| average > 0.0).map(|price| price / average),
            brand_market_share: self.brand_share(product, day, |it| it.revenue),
            launch_age_months: self.launch_age_months(product, day),
            competitor_count: price.map(rivals),
            seasonal_index: self.seasonal_index(category, day),
            marketing_spend: spend.fold(0.0, |sum, it| sum + it.amount.as_units()),
            inventory_level: self.on_hand(product, day),
            previous_month_sales: self.products[product].between(before.0, first(year, month)).units,
        }
    }

    fn seasonal_index(&self, category: &str, day: Day) -> Option<f64> {
        let sales = self.categories.get(category)?;
        let first = sales.first_day().filter(|first| day.0 - first.0 >= YEAR_DAYS)?;
        let (year, month, _) = day.parts();
        let (mut units, mut days) = (0.0, 0);
        for earlier in first.parts().0..year {
            let start = chrono::NaiveDate::from_ymd_opt(earlier, month, 1).map(Day::from_date)?;
            let next = if month == 12 { (earlier + 1, 1) } else { (earlier, month + 1) };
            let end = chrono::NaiveDate::from_ymd_opt(next.0, next.1, 1).map(Day::from_date)?;
            let start = start.max(first);
            if start < end {
                units += sales.between(start.0, end).units;
                days += end.0 - start.0;
            }
        }
        let usual = sales.between(first.0, day).units / f64::from(day.0 - first.0);
        (days > 0 && usual > 0.0).then(|| units / f64::from(days) / usual)
    }

    /// All sales features of `product` for a sale at `at` to `customer`; `competitors` are prices as seen, of any
    /// product and time.
    pub fn sales_features(
        &self,
        calendar: &Calendar,
        product: usize,
        customer: Option<usize>,
        at: Timestamp,
        competitors: &[CompetitorPrice],
    ) -> SalesFeatures {
        let zone = self.tables.zone(self.shop);
        let day = at.day(zone);
        let flags = calendar.day(day);
        let fields = &self.tables.products[product].fields;
        let price = self.price(product, day);
        SalesFeatures {
            temporal: TemporalFeatures {
                hour_of_day: at.hour(zone),
                day_of_week: flags.day_of_week,
                month: flags.month,
                season: flags.season,
                is_holiday: flags.is_holiday,
                is_payday_week: flags.is_payday_week,
                is_ramadan: flags.is_ramadan,
                is_eid_season: flags.is_eid_season,
                is_weekend: flags.is_weekend,
            },
            product: ProductFeatures {
                price_tier: price.map(|price| PriceTier::of(price, self.tables)),
                brand_popularity_score: self.brand_share(product, day, |it| it.units),
                launch_age_months: self.launch_age_months(product, day),
                storage_capacity: fields.storage_gb,
                camera_megapixels: fields.camera_megapixels,
                has_5g: fields.has_5g,
            },
            customer: customer.map(|customer| self.customer_features(customer, day)),
            market: self.market_features(product, price, day, competitors),
        }
    }

    fn market_features(
        &self,
        product: usize,
        price: Option<f64>,
        day: Day,
        competitors: &[CompetitorPrice],
    ) -> MarketFeatures {
        let zone = self.tables.zone(self.shop);
        let id = self.tables.products[product].id;
        let mut newest: BTreeMap<&str, (Timestamp, f64)> = BTreeMap::new();
        for it in competitors.iter().filter(|it| it.product == id && it.at.day(zone) < day) {
            let slot = newest.entry(&it.source).or_insert((it.at, it.price.as_units()));
            if it.at >= slot.0 {
                *slot = (it.at, it.price.as_units());
            }
        }
        let mean = newest.values().map(|(_, price)| price).sum::<f64>() / newest.len() as f64;
        let category = self.categories.get(self.group(product).0);
        let rate = |days: i32| -> Option<f64> {
            let sales = category?;
            let days = days.min(day.0 - sales.first_day()?.0);
            (days > 0).then(|| sales.between(day.0 - days, day).units / f64::from(days))
        };
        let own = &self.products[product];
        let recent = own.between(day.0 - MARKET_DAYS, day);
        MarketFeatures {
            competitor_price_ratio: price.filter(|_| mean > 0.0).map(|price| price / mean),
            market_demand_index: (rate(RECENT_DAYS).zip(rate(YEAR_DAYS)))
                .and_then(|(now, usual)| (usual > 0.0).then(|| now / usual)),
            inventory_velocity: (self.on_hand(product, day).filter(|it| *it > 0.0))
                .map(|shelf| own.between(day.0 - RECENT_DAYS, day).units / shelf),
            profit_margin: (recent.costed > 0.0).then(|| (recent.costed - recent.cost) / recent.costed),
        }
    }

    fn customer_features(&self, customer: usize, day: Day) -> CustomerFeatures {
        let sales = &self.tables.sales;
        let upto = sales.day.partition_point(|it| *it < day);
        let (mut receipts, mut within_year, mut spend) = (0u32, 0u32, 0i64);
        let mut months: Vec<(i32, u32)> = Vec::new();
        let mut brands: BTreeMap<&str, i64> = BTreeMap::new();
        let mine = |it: &usize| sales.customer[*it] != NONE && sales.customer[*it] as usize == customer;
        for receipt in (0..upto).filter(mine) {
            for line in sales.lines_of(receipt) {
                spend += sales.amount[line].0;
                let (_, brand) = self.group(sales.product[line] as usize);
                *brands.entry(brand).or_default() += sales.quantity[line].0;
            }
            if sales.kind[receipt] == ReceiptKind::Sale {
                receipts += 1;
                within_year += u32::from(day.0 - sales.day[receipt].0 <= YEAR_DAYS);
                let (year, month, _) = sales.day[receipt].parts();
                months.push((year, month));
            }
        }
        months.dedup();
        let mut brands: Vec<_> = brands.into_iter().filter(|it| it.1 > 0 && !it.0.is_empty()).collect();
        crate::order::by_key(&mut brands, |(name, pieces)| (-pieces, *name));
        let (year, month, _) = day.parts();
        let since = months.first().map(|it| (year - it.0) * 12 + month as i32 - it.1 as i32 + 1);
        CustomerFeatures {
            age_group: None,
            purchase_frequency: match (receipts, within_year) {
                (0, _) => PurchaseFrequency::FirstTime,
                (_, 0..=2) => PurchaseFrequency::Occasional,
                (_, 3..=5) => PurchaseFrequency::Regular,
                _ => PurchaseFrequency::Frequent,
            },
            average_order_value: (receipts > 0).then(|| spend as f64 / 100.0 / f64::from(receipts)),
            preferred_brands: brands.into_iter().take(3).map(|(name, _)| name.to_owned()).collect(),
            loyalty_score: since.map(|since| months.len() as f64 / f64::from(since)),
        }
    }
}
