//! The next month of each product from the seed's eight inputs: its `ProductDemandForecaster`, judged on the shop's own
//! past before it is believed.
//!
//! Question answered: how many pieces of a product are sold in the next [`super::MONTH_DAYS`] days, given its price among its
//! rivals', its brand's share, its age, rivals, season, marketing, stock and last month. Input: a [`SalesBook`]. Output:
//! pieces, and for each kind of goods who answers and how wrong each learner was. Smartphones begin with boosted trees
//! (1000, rate 0.01, feature fraction 0.8), accessories with a random forest (500, depth 10); last month's pieces stand
//! beside both. [`SPLITS`] expanding splits in time judge the three, and the one with the least mean absolute error
//! answers.
//!
//! Every [`super::MONTH_DAYS`] days back from today give a row for each product that had sold by then; a row's target is the
//! month after it, so that no row of a split's past reaches into its test. Assumptions: what the inputs meant in past
//! months they mean in the next. How it fails: [`TooFew`] rows of a kind, or too few months, leave that kind without an
//! answer. References: Friedman, Annals of Statistics 29 (2001); Breiman, Machine Learning 45 (2001); Bergmeir &
//! Benítez, Information Sciences 191 (2012) (splits in time).

use super::SELLING_DAYS;
use crate::{
    feature::sales::{DemandInputs, SalesBook},
    forecast::Model,
    id::ProductId,
    learn::{
        Columns, Examples,
        bins::Binned,
        boosting::{BoostingParams, FittedBoosting},
        forest::{FittedForest, ForestParams},
    },
    rng::Rng,
    table::Tables,
    time::Day,
};
use serde::{Deserialize, Serialize};

/// Days of a month here: from today on, not by the calendar.
const MONTH_DAYS: i32 = super::MONTH_DAYS as i32;

/// Splits in time.
pub const SPLITS: usize = 5;

/// Months of history that are learned from at most.
const MOST_MONTHS: i32 = 36;

/// Fewest rows that a split learns from, and most: more of them, drawn from all there are, only cost time.
const MIN_ROWS: usize = 40;
const MAX_ROWS: usize = 5_000;

/// What goods are, by what a piece carries and its category's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goods {
    /// With an IMEI, or of a category that is called so.
    Smartphones,
    /// All else.
    Accessories,
}

impl Goods {
    /// Of a product.
    pub fn of(tables: &Tables, product: usize) -> Self {
        let fields = &tables.products[product].fields;
        let category = fields.category.as_deref().unwrap_or_default().to_lowercase();
        let named = ["mobile", "phone", "موبائل", "فون"].iter().any(|name| category.contains(name));
        let beside = ["accessor", "cover", "case", "لوازمات"].iter().any(|name| category.contains(name));
        match fields.imei_count {
            Some(count) if count > 0 => Self::Smartphones,
            None if named && !beside => Self::Smartphones,
            _ => Self::Accessories,
        }
    }
}

/// Who can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Learner {
    /// Boosted trees.
    Boosting,
    /// Random forest.
    Forest,
    /// As many as last month.
    LastMonth,
}

impl Learner {
    const ALL: [Self; 3] = [Self::Boosting, Self::Forest, Self::LastMonth];

    /// The seed's choice.
    pub fn by_default(goods: Goods) -> Self {
        match goods {
            Goods::Smartphones => Self::Boosting,
            Goods::Accessories => Self::Forest,
        }
    }

    /// The model of a panel that is the seed's choice for a product.
    pub fn model_of(tables: &Tables, product: usize) -> Model {
        match Goods::of(tables, product) {
            Goods::Smartphones => Model::Boosting,
            Goods::Accessories => Model::Forest,
        }
    }
}

/// How a kind of goods is answered for, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GoodsRecord {
    /// Which kind.
    pub goods: Goods,
    /// Who answers.
    pub learner: Learner,
    /// Whom the seed names.
    pub by_default: Learner,
    /// Mean absolute error in pieces a month over the splits, by learner.
    pub mae: Vec<(Learner, f64)>,
    /// Months that were judged.
    pub months: u32,
    /// Rows that the last fit learned from.
    pub rows: u32,
}

/// Too little for a kind of goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{goods:?}: {have} product months are known, {need} in at least {} months were expected", SPLITS + 1)]
pub struct TooFew {
    /// Which kind.
    pub goods: Goods,
    /// Rows there are.
    pub have: u32,
    /// Rows that a first split needs.
    pub need: u32,
}

/// Learned.
#[derive(Debug)]
enum Fitted {
    Boosting(Box<FittedBoosting>),
    Forest(Box<FittedForest>),
    LastMonth,
}

impl Fitted {
    fn predict(&self, inputs: &DemandInputs) -> f64 {
        let row = row(inputs);
        let said = match self {
            Self::Boosting(fitted) => fitted.predict_row(&row).ok(),
            Self::Forest(fitted) => fitted.predict_row(&row).ok(),
            Self::LastMonth => None,
        };
        // the row has the columns that it was fitted on, so neither can refuse it
        said.unwrap_or(inputs.previous_month_sales).max(0.0)
    }
}

/// Product, month and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Row {
    /// Months back from today at which the month began, at least 1.
    back: i32,
    inputs: DemandInputs,
    sold: f64,
}

/// The seed's `ProductDemandForecaster`.
#[derive(Debug)]
pub struct ProductDemandForecaster;

/// All that is needed to learn a kind of goods and to answer for each of its products, as plain data: a helper without
/// the tables can do it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GoodsWork {
    goods: Goods,
    rows: Vec<Row>,
    /// The inputs of this morning.
    now: Vec<(ProductId, DemandInputs)>,
    seed: u64,
}

/// What came of it: pieces in the [`super::MONTH_DAYS`] days from today on, by product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GoodsLearned {
    /// How the kind is answered for.
    pub record: GoodsRecord,
    /// In the products' order.
    pub ahead: Vec<(ProductId, f64)>,
}

impl ProductDemandForecaster {
    /// The inputs, in their order.
    pub const FEATURES: [&'static str; 8] = [
        "price_ratio_to_category_avg",
        "brand_market_share",
        "launch_age_months",
        "competitor_count",
        "seasonal_index",
        "marketing_spend",
        "inventory_level",
        "previous_month_sales",
    ];

    /// What there is to learn before `today` of each kind of goods, for the products that still sell.
    pub fn works(tables: &Tables, shop: Option<usize>, today: Day, seed: u64) -> Vec<GoodsWork> {
        let book = SalesBook::build(tables, shop);
        let market = book.market(today);
        let work = |goods| {
            let of_kind = |product: &usize| Goods::of(tables, *product) == goods;
            let products: Vec<usize> = (0..tables.products.len()).filter(of_kind).collect();
            let sells = |product: &&usize| book.units(**product, Day(today.0 - SELLING_DAYS), today) > 0.0;
            let inputs =
                |product: &usize| (tables.products[*product].id, book.demand_inputs_in(&market, *product));
            let now = products.iter().filter(sells).map(inputs).collect();
            GoodsWork { goods, rows: rows(&book, &products, today), now, seed }
        };
        let works = [Goods::Smartphones, Goods::Accessories].map(work);
        works.into_iter().filter(|work| !work.now.is_empty()).collect()
    }
}

impl GoodsWork {
    /// Judges the learners, lets the best one learn all of it and asks it.
    pub fn learn(&self) -> Result<GoodsLearned, TooFew> {
        let (record, fitted) = fit(self.goods, &self.rows, self.seed)?;
        let ahead = self.now.iter().map(|(product, inputs)| (*product, fitted.predict(inputs))).collect();
        Ok(GoodsLearned { record, ahead })
    }
}

fn rows(book: &SalesBook<'_>, products: &[usize], today: Day) -> Vec<Row> {
    let mut rows = Vec::new();
    for back in 1..=MOST_MONTHS {
        let day = Day(today.0 - back * MONTH_DAYS);
        let market = book.market(day);
        for &product in products.iter().filter(|product| book.sold_before(**product, day)) {
            let sold = book.units(product, day, Day(day.0 + MONTH_DAYS));
            rows.push(Row { back, inputs: book.demand_inputs_in(&market, product), sold });
        }
    }
    rows
}

fn row(it: &DemandInputs) -> [f32; 8] {
    let known = |value: Option<f64>| value.map_or(f32::NAN, |value| value as f32);
    [
        known(it.price_ratio_to_category_avg),
        known(it.brand_market_share),
        known(it.launch_age_months),
        known(it.competitor_count.map(f64::from)),
        known(it.seasonal_index),
        it.marketing_spend as f32,
        known(it.inventory_level),
        it.previous_month_sales as f32,
    ]
}

fn fit(goods: Goods, rows: &[Row], seed: u64) -> Result<(GoodsRecord, Fitted), TooFew> {
    // the last months, one a split, each judged by what was known before it
    let judged = 1..=SPLITS as i32;
    let too_few = TooFew { goods, have: rows.len() as u32, need: MIN_ROWS as u32 };
    let mut mae: Vec<(Learner, f64)> = Learner::ALL.map(|learner| (learner, 0.0)).to_vec();
    let mut tested = 0usize;
    for back in judged.clone() {
        let past: Vec<&Row> = rows.iter().filter(|row| row.back > back).collect();
        if past.len() < MIN_ROWS {
            return Err(too_few);
        }
        let test: Vec<&Row> = rows.iter().filter(|row| row.back == back).collect();
        tested += test.len();
        for (learner, sum) in &mut mae {
            let fitted = learn(*learner, &past, seed).ok_or(too_few)?;
            *sum += test.iter().map(|row| (fitted.predict(&row.inputs) - row.sold).abs()).sum::<f64>();
        }
    }
    mae.iter_mut().for_each(|(_, sum)| *sum /= tested.max(1) as f64);
    let by_default = Learner::by_default(goods);
    let error = |learner: Learner| mae.iter().find(|it| it.0 == learner).map_or(f64::INFINITY, |it| it.1);
    let best = Learner::ALL.into_iter().min_by(|a, b| error(*a).total_cmp(&error(*b)));
    let learner = best.filter(|best| error(*best) < error(by_default)).unwrap_or(by_default);
    let all: Vec<&Row> = rows.iter().collect();
    let fitted = learn(learner, &all, seed).ok_or(too_few)?;
    let (months, rows) = (judged.count() as u32, rows.len() as u32);
    Ok((GoodsRecord { goods, learner, by_default, mae, months, rows }, fitted))
}

/// `None` where a learner refuses the table.
fn learn(learner: Learner, rows: &[&Row], seed: u64) -> Option<Fitted> {
    if learner == Learner::LastMonth {
        return Some(Fitted::LastMonth);
    }
    let mut random = Rng::seeded(seed);
    let kept = MAX_ROWS as f64 / rows.len().max(1) as f64;
    let rows: Vec<&Row> = rows.iter().copied().filter(|_| kept >= 1.0 || random.chance(kept)).collect();
    let values: Vec<[f32; 8]> = rows.iter().map(|it| row(&it.inputs)).collect();
    let target: Vec<f64> = rows.iter().map(|row| row.sold).collect();
    let mut columns = Columns::new(rows.len());
    for (place, name) in ProductDemandForecaster::FEATURES.iter().enumerate() {
        columns.push(name, values.iter().map(|row| row[place]).collect()).ok()?;
    }
    let binned = Binned::new(&columns).ok()?;
    let examples = Examples::new(&binned, &target);
    match learner {
        Learner::Boosting => {
            let params = BoostingParams { seed, ..BoostingParams::default() };
            let fitted = params.check().ok()?.fit(&examples).ok()?;
            Some(Fitted::Boosting(Box::new(fitted)))
        }
        _ => {
            let params = ForestParams { seed, ..ForestParams::default() };
            let fitted = params.check().ok()?.fit(&examples).ok()?;
            Some(Fitted::Forest(Box::new(fitted)))
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn inputs(previous_month_sales: f64, marketing_spend: f64) -> DemandInputs {
        DemandInputs {
            price_ratio_to_category_avg: Some(1.0),
            brand_market_share: None,
            launch_age_months: Some(4.0),
            competitor_count: Some(3),
            seasonal_index: None,
            marketing_spend,
            inventory_level: None,
            previous_month_sales,
        }
    }

    /// `sold` of (month back, product).
    fn made(months: i32, products: i32, sold: impl Fn(i32, i32) -> (DemandInputs, f64)) -> Vec<Row> {
        let all = (1..=months).flat_map(|back| (0..products).map(move |product| (back, product)));
        all.map(|(back, product)| {
            let (inputs, sold) = sold(back, product);
            Row { back, inputs, sold }
        })
        .collect()
    }

    #[test]
    fn what_repeats_last_month_is_answered_by_last_month() {
        let rows = made(9, 12, |_, product| (inputs(f64::from(product * 7), 0.0), f64::from(product * 7)));
        let (record, fitted) = fit(Goods::Smartphones, &rows, 1).unwrap();
        assert_eq!((record.learner, record.by_default), (Learner::LastMonth, Learner::Boosting));
        assert_eq!(record.mae[2], (Learner::LastMonth, 0.0));
        assert_eq!(fitted.predict(&inputs(21.0, 0.0)), 21.0);
        assert_eq!((record.months, record.rows), (5, 108));
    }

    #[test]
    fn marketing_that_sells_is_learned_and_the_default_stays_where_it_wins() {
        // nothing of last month's figure matters, only whether money was spent
        let rows = made(9, 12, |back, product| {
            let spent = f64::from((back * 5 + product * 3) % 2);
            (inputs(f64::from((back * 7 + product) % 5), spent * 1000.0), 2.0 + 20.0 * spent)
        });
        for goods in [Goods::Smartphones, Goods::Accessories] {
            let (record, fitted) = fit(goods, &rows, 1).unwrap();
            assert_ne!(record.learner, Learner::LastMonth);
            let (with, without) = (fitted.predict(&inputs(2.0, 1000.0)), fitted.predict(&inputs(2.0, 0.0)));
            assert!((with - 22.0).abs() < 1.0 && (without - 2.0).abs() < 1.0, "{with} {without}");
        }
    }

    #[test]
    fn no_split_sees_its_own_month() {
        // in the judged months the target is the opposite of what the same inputs meant before
        let rows = made(20, 6, |back, product| {
            let spent = f64::from(product % 2);
            let sold = if back > 5 { 30.0 * spent } else { 30.0 * (1.0 - spent) };
            (inputs(15.0, spent * 100.0), sold)
        });
        let (record, _) = fit(Goods::Accessories, &rows, 1).unwrap();
        // the first judged month is wrong by all of it, whoever had seen it would not be
        let forest = record.mae[1].1;
        assert!(forest > 15.0, "{forest}");
    }

    #[test]
    fn too_few_months_are_refused_with_what_there_is() {
        let rows = made(4, 12, |_, _| (inputs(1.0, 0.0), 1.0));
        let refused = fit(Goods::Accessories, &rows, 1).unwrap_err();
        assert_eq!(refused, TooFew { goods: Goods::Accessories, have: 48, need: MIN_ROWS as u32 });
    }
}
