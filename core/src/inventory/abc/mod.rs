//! ABC with AI: which products earn the closest watch, and why; XYZ beside it.
//!
//! Question answered: how sure must each product be there, and how often must somebody look? Input: the books of the last
//! [`YEAR_DAYS`] days of a shop or of all. Output: a row for each product that sold in them or lies on a shelf, by value,
//! with class, features, substitutes and reasons; and the grid of ABC by XYZ with counts and money.
//!
//! Parts: [`class`] (value and risk), [`variability`] (XYZ), [`substitute`] (who stands in), [`year`] (what hangs on a
//! product). Goods without a shelf (loose goods, services) are left out, as are those no longer sold, unless some lie
//! there. How it fails: what the books do not hold is none and moves nothing; each row says what was missing.

pub mod class;
pub mod substitute;
#[cfg(test)]
mod tests;
pub mod variability;
pub mod year;

pub use class::{Class, ClassFeatures, InventoryClassification};
pub use variability::Xyz;

use self::{
    class::{Evidence, Placed},
    substitute::{Match, Spec, substitutes, together},
    variability::{Weeks, variation, weeks},
    year::Year,
};
use super::{
    lead_time::{LeadTime, MIN_SEEN},
    reorder::prices,
};
use crate::{
    feature::{availability::Availability, demand::SalesByProduct},
    id::ProductId,
    money::{Currency, Paisa},
    quantity::Quantity,
    reason::Reason,
    table::Tables,
    time::Day,
};
use serde::{Deserialize, Serialize};

/// Days that are looked back on.
pub const YEAR_DAYS: i32 = 365;

/// What goes with a product is told from this share of its bills on.
const TOLD_PULL: f64 = 0.1;
/// A supplier's days are told to swing from this coefficient of variation on.
const TOLD_LEAD: f64 = 0.3;

/// Answer to `Task::Abc`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AbcAnswer {
    /// As of.
    pub today: Day,
    /// What amounts are in.
    pub currency: Currency,
    /// By class (A, B, C) and X, Y, Z, not known.
    pub grid: [[Cell; 4]; 3],
    /// By value, then by id: all, or the one that was asked for.
    pub products: Vec<AbcRow>,
}

/// What stands in a cell of the grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Products.
    pub products: u32,
    /// What they brought in in the year.
    pub revenue: Paisa,
    /// What lies in them at cost (at price where no cost is known).
    pub stock: Paisa,
}

/// One product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AbcRow {
    /// Which product.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: Class,
    /// Its class by value alone.
    pub value_class: Class,
    /// None where its weeks are too few.
    pub xyz: Option<Xyz>,
    /// What it was judged by.
    pub features: ClassFeatures,
    /// 0–1; none where too little is known.
    pub risk: Option<f64>,
    /// Share of value, and of those that are larger.
    pub value: (f64, f64),
    /// Net revenue of the year.
    pub revenue: Paisa,
    /// On the shelf; none when never counted.
    pub on_hand: Option<Quantity>,
    /// What lies there is worth.
    pub stock: Paisa,
    /// Who stands in for it, best first.
    pub substitutes: Vec<Substitute>,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// A stand-in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Substitute {
    /// Which product.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// 0–1.
    pub score: f64,
}

/// Answers `Task::Abc`; with a product only its row.
pub fn answer(tables: &Tables, shop: Option<usize>, today: Day, of: Option<usize>) -> AbcAnswer {
    let book = Book::read(tables, shop, today);
    let found = InventoryClassification::default().classify(&book.evidence);
    let mut grid = [[Cell::default(); 4]; 3];
    let mut rows: Vec<(usize, Placed)> = book.places.iter().copied().zip(found.placed).collect();
    // Stable: equals stay in the order of their ids.
    crate::order::by(&mut rows, |a, b| b.1.value.total_cmp(&a.1.value));
    let mut products = Vec::new();
    for (product, placed) in rows {
        let xyz = placed.features.demand_variability.map(Xyz::of);
        let cell = &mut grid[placed.class as usize][xyz.map_or(3, |it| it as usize)];
        cell.products += 1;
        cell.revenue += Paisa(book.year.revenue[product]);
        cell.stock += book.worth(product);
        if of.is_none_or(|of| of == product) {
            products.push(book.row(product, &placed, xyz));
        }
    }
    AbcAnswer { today, currency: tables.currency(shop), grid, products }
}

/// What the books say, by product.
struct Book<'a> {
    tables: &'a Tables,
    shop: Option<usize>,
    today: Day,
    year: Year,
    prices: Vec<Option<Paisa>>,
    last_sale: Vec<Option<Day>>,
    lead: Vec<Option<LeadTime>>,
    matches: Vec<Option<Vec<Match>>>,
    /// Those that are classed, as positions.
    places: Vec<usize>,
    /// Of those.
    evidence: Vec<Evidence>,
}

impl<'a> Book<'a> {
    fn read(tables: &'a Tables, shop: Option<usize>, today: Day) -> Self {
        let from = Day(today.0 - YEAR_DAYS);
        let year = Year::read(tables, shop, from, today);
        let prices = prices(tables, shop, today);
        let sales = SalesByProduct::build(tables, shop, today);
        let shelves = Availability::build(tables, shop, today);
        let last_sale: Vec<Option<Day>> =
            (0..tables.products.len()).map(|product| sales.last_sale(product)).collect();
        let classed = |product: &usize| {
            let fields = &tables.products[*product].fields;
            let lies = tables.on_hand(shop, *product).is_some_and(|left| left.0 != 0);
            let sold = last_sale[*product].is_some_and(|day| day >= from) && fields.retired != Some(true);
            fields.open.is_none() && (sold || lies)
        };
        let places: Vec<usize> = (0..tables.products.len()).filter(classed).collect();
        let text = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_lowercase();
        let specs: Vec<Spec> = (tables.products.iter().enumerate())
            .map(|(product, row)| {
                // Who sold nothing stands in for nobody.
                let price = prices[product].filter(|_| year.pieces[product] > 0.0);
                Spec {
                    category: text(&row.fields.category),
                    brand: text(&row.fields.brand),
                    fits: text(&row.fields.name)
                        .split_once(" for ")
                        .map_or_else(String::new, |it| it.1.to_owned()),
                    price: price.map_or(0.0, |price| price.0 as f64),
                    storage_gb: row.fields.storage_gb,
                    ram_gb: row.fields.ram_gb,
                }
            })
            .collect();
        let week_rows: Vec<Weeks> = (places.iter())
            .map(|&product| {
                let Some(mut series) = sales.series(product) else { return Weeks::new() };
                // No more of the past than is looked at.
                let since = (today.0 - series.from.0 - 7 * variability::WEEKS as i32).max(0);
                series.net.drain(..(since as usize).min(series.net.len()));
                series.from = Day(series.from.0 + since);
                weeks(&series, &shelves.days(product, series.from), today)
            })
            .collect();
        let groups: Vec<&str> = places.iter().map(|&product| specs[product].category.as_str()).collect();
        let variations = variation(&week_rows, &groups);
        let lead: Vec<Option<LeadTime>> =
            (0..tables.products.len()).map(|product| seen_lead(tables, shop, product)).collect();
        let matches = substitutes(&specs, year.bought());
        let evidence = (places.iter().zip(variations))
            .map(|(&product, demand_variability)| Evidence {
                revenue: Paisa(year.revenue[product]),
                costed: Paisa(year.costed[product]),
                cost: Paisa(year.cost[product]),
                demand_variability,
                lead_time_variability: lead[product]
                    .filter(|lead| lead.mean_days > 0.0)
                    .map(|lead| lead.sd_days / lead.mean_days),
                substitutability: matches[product].as_deref().map(together),
                criticality_score: year.criticality(product),
            })
            .collect();
        Self { tables, shop, today, year, prices, last_sale, lead, matches, places, evidence }
    }

    fn worth(&self, product: usize) -> Paisa {
        let row = &self.tables.products[product];
        let left = self.tables.on_hand(self.shop, product).filter(|left| left.0 > 0);
        let each = row.cost.or(self.prices[product]);
        left.zip(each).and_then(|(left, each)| left.times(each)).unwrap_or_default()
    }

    fn row(&self, product: usize, placed: &Placed, xyz: Option<Xyz>) -> AbcRow {
        let row = &self.tables.products[product];
        let stand_in = |it: &Match| {
            let other = &self.tables.products[it.product];
            Substitute { product: other.id, name: other.label(), score: it.score }
        };
        AbcRow {
            product: row.id,
            name: row.label(),
            class: placed.class,
            value_class: placed.value_class,
            xyz,
            features: placed.features,
            risk: placed.risk,
            value: (placed.value, placed.above),
            revenue: Paisa(self.year.revenue[product]),
            on_hand: self.tables.on_hand(self.shop, product),
            stock: self.worth(product),
            substitutes: self.matches[product].iter().flatten().map(stand_in).collect(),
            reasons: self.reasons(product, placed),
        }
    }

    fn reasons(&self, product: usize, placed: &Placed) -> Vec<Reason> {
        let features = &placed.features;
        let mut reasons = Vec::with_capacity(6);
        if placed.value > 0.0 {
            reasons.push(Reason::BringsShare { share: placed.value, above: placed.above });
        } else if let Some(last) = self.last_sale[product].filter(|last| last.0 < self.today.0 - YEAR_DAYS) {
            reasons.push(Reason::NoSaleForDays { days: (self.today.0 - last.0) as u32 });
        } else {
            reasons.push(Reason::NothingEarned { sold: self.last_sale[product].is_some() });
        }
        if placed.class != placed.value_class {
            reasons.push(Reason::ClassMoved { up: placed.class < placed.value_class });
        }
        match self.matches[product].as_deref() {
            Some([]) => reasons.push(Reason::NoStandIn),
            Some(matches) => {
                reasons.push(Reason::StandIns { products: matches.len() as u32, share: together(matches) })
            }
            None => {}
        }
        if self.year.pull(product) >= TOLD_PULL {
            let amount = Paisa(self.year.pulled_by_one(product).round() as i64);
            reasons.push(Reason::PullsGoods { amount });
        }
        if self.year.vain[product] > 0 {
            reasons.push(Reason::AskedInVain { times: self.year.vain[product] });
        }
        if let Some(share) = features.demand_variability {
            reasons.push(Reason::WeeksSwing { share });
        }
        if let Some(lead) = self.lead[product].filter(|_| features.lead_time_variability >= Some(TOLD_LEAD)) {
            reasons.push(Reason::SupplierSwings { days: lead.mean_days, sd_days: lead.sd_days });
        }
        if placed.value > 0.0 && features.profit_margin.is_none() {
            reasons.push(Reason::CostUnknown);
        }
        if let Some(left) = self.tables.on_hand(self.shop, product).filter(|left| left.0 < 0) {
            reasons.push(Reason::BelowZero { units: left.as_units() });
        }
        reasons
    }
}

/// The days of the supplier who delivered last, where enough arrivals were seen to know their spread.
fn seen_lead(tables: &Tables, shop: Option<usize>, product: usize) -> Option<LeadTime> {
    let row = &tables.suppliers[tables.supplier(shop, product)?];
    (row.lead_times_seen_days.len() >= MIN_SEEN).then(|| LeadTime::of(Some(row)))
}
