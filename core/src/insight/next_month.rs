//! The next month of a shop and of its products: the seed's `predictNextMonthSales` and `ProductDemandForecaster`, beside
//! what the screens expect, with who spoke and why.
//!
//! Input: the shop's revenue forecast and the products' own, kept or made; what was found of the learners' pieces.
//! Output: revenue in whole currency units with its 80 % band; for each product that still sells, pieces in
//! [`MONTH_DAYS`] days: by its own series (the product page's [`PRODUCT_DAYS`] days, carried on at the same pace, as its
//! band is), by the seed's eight inputs, and by its daily columns ([`MAX_LEAD_DAYS`] days, carried on likewise); how each
//! kind of goods is answered for; which models speak how often.
//!
//! How it fails: a product with too little history has no series forecast; a kind of goods with too few months, or whose
//! piece is not done, has no learned one.

use crate::{
    demand::{
        self, Ahead, ForecastState, Forecasts, MONTH_DAYS, PRODUCT_DAYS, Total,
        by_product::{GoodsRecord, ProductDemandForecaster, TooFew},
        sales_forecast::{MAX_LEAD_DAYS, SalesForecaster, Score, predict_next_month_sales},
        study::{Found, Piece, Studies},
    },
    forecast::{Model, Weight},
    id::ProductId,
    money::Currency,
    table::Tables,
    time::Day,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Seed of everything that is drawn while trees grow.
const SEED: u64 = 1;

/// Answer to `Task::NextMonth`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextMonth {
    /// First day of the month ahead.
    pub from: Day,
    /// Days of it.
    pub days: u16,
    /// What amounts are in.
    pub currency: Currency,
    /// Revenue in whole currency units; none where there is too little history.
    pub revenue: Option<Total>,
    /// Then so many more days unlock it.
    pub more_days: u32,
    /// Products by expected pieces, most first.
    pub products: Vec<ProductMonth>,
    /// How each kind of goods is answered for.
    pub goods: Vec<GoodsRecord>,
    /// Kinds of goods without an answer.
    pub refused: Vec<TooFew>,
    /// The daily trees' error beside the average of 30 days, mean of their splits; none where there was too little.
    pub daily: Option<Score>,
    /// Whether pieces are missing: somebody stopped the work.
    pub is_partial: bool,
    /// Models by how often they speak, over shop and products.
    pub voices: Vec<Voice>,
    /// Forecasts that `voices` is of.
    pub forecasts: u32,
    /// What the shop entered of its own days: the models see more with it.
    pub entered: Entered,
}

/// A product's month in pieces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductMonth {
    /// Which.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// By its own series.
    pub series: Option<Total>,
    /// By the seed's eight inputs.
    pub inputs: Option<f64>,
    /// By the seed's daily columns.
    pub daily: Option<f64>,
}

/// How often a model speaks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Voice {
    /// Which.
    pub model: Model,
    /// Forecasts that it has a share of.
    pub speaks: u32,
    /// Forecasts in which no other has more.
    pub leads: u32,
    /// Its mean share over all forecasts, 0 to 1.
    pub share: f64,
}

/// How much was entered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// Holidays and offers.
    pub days: u32,
    /// Entries of advertising.
    pub advertising: u32,
}

/// What is to be done for an answer.
pub fn pieces(tables: &Tables, shop: Option<usize>, today: Day) -> Vec<Piece> {
    let goods = ProductDemandForecaster::works(tables, shop, today, SEED).into_iter().map(Piece::Goods);
    let daily = Piece::Daily(SalesForecaster::work(tables, shop, today, SEED));
    goods.chain([daily]).collect()
}

/// Answers `Task::NextMonth`.
pub fn answer(
    tables: &Tables,
    shop: Option<usize>,
    today: Day,
    known: &Forecasts,
    studies: &Studies,
) -> NextMonth {
    let month = predict_next_month_sales(tables, shop, today, known);
    let mut voices = Voices::default();
    let mut products: BTreeMap<ProductId, ProductMonth> = BTreeMap::new();
    let batch = demand::works(tables, shop, today);
    for work in &batch.works {
        let Some(ahead) = known.ahead(work, &batch.calendar) else { continue };
        voices.hear(&ahead.voices);
        if let Some(product) = work.key.product {
            row(&mut products, tables, product).series = total(&ahead).map(|it| carried_on(it, PRODUCT_DAYS));
        }
    }
    let (mut goods, mut refused, mut daily, mut is_partial) = (Vec::new(), Vec::new(), None, false);
    for piece in pieces(tables, shop, today) {
        match studies.found(&piece) {
            Some(Found::Goods(Ok(learned))) => {
                goods.push(learned.record.clone());
                for (product, pieces) in &learned.ahead {
                    row(&mut products, tables, *product).inputs = Some(*pieces);
                }
            }
            Some(Found::Goods(Err(too_few))) => refused.push(*too_few),
            Some(Found::Daily(Ok(learned))) => {
                daily = mean(&learned.scores);
                let factor = f64::from(MONTH_DAYS) / f64::from(MAX_LEAD_DAYS);
                for (product, pieces) in &learned.ahead {
                    row(&mut products, tables, *product).daily = Some(pieces * factor);
                }
            }
            Some(Found::Daily(Err(_)) | Found::Past(_)) => {}
            None => is_partial = true,
        }
    }
    let mut products: Vec<ProductMonth> = products.into_values().collect();
    let expected =
        |it: &ProductMonth| it.series.map(|total| total.mean).or(it.inputs).or(it.daily).unwrap_or_default();
    // stable: equals stay in the order of their ids
    crate::order::by(&mut products, |a, b| expected(b).total_cmp(&expected(a)));
    let entered = Entered {
        days: tables.context.spans.len() as u32,
        advertising: tables.context.marketing_spend.len() as u32,
    };
    NextMonth {
        from: today,
        days: MONTH_DAYS,
        currency: tables.currency(shop),
        revenue: month.total,
        more_days: match month.state {
            ForecastState::TooLittleData { more_days } => more_days,
            ForecastState::Ready { .. } => 0,
        },
        products,
        goods,
        refused,
        daily,
        is_partial,
        forecasts: voices.forecasts,
        voices: voices.told(),
        entered,
    }
}

fn row<'a>(
    products: &'a mut BTreeMap<ProductId, ProductMonth>,
    tables: &Tables,
    product: ProductId,
) -> &'a mut ProductMonth {
    products.entry(product).or_insert_with(|| {
        let fields = tables.product(product).map(|place| &tables.products[place].fields);
        let name = fields.and_then(|fields| fields.name.clone()).unwrap_or_default();
        ProductMonth { product, name, series: None, inputs: None, daily: None }
    })
}

/// All days of a forecast together.
fn total(ahead: &Ahead) -> Option<Total> {
    let band = ahead.sums.bands.get(Ahead::place(80.0))?;
    Some(Total { mean: *ahead.sums.mean.last()?, lo80: *band.lo.last()?, hi80: *band.hi.last()? })
}

/// A sum of so many days at the same pace over a month.
fn carried_on(total: Total, days: u16) -> Total {
    let factor = f64::from(MONTH_DAYS) / f64::from(days);
    Total { mean: total.mean * factor, lo80: total.lo80 * factor, hi80: total.hi80 * factor }
}

fn mean(scores: &[Score]) -> Option<Score> {
    let of = |error: fn(&Score) -> f64| scores.iter().map(error).sum::<f64>() / scores.len() as f64;
    (!scores.is_empty()).then(|| Score { mae: of(|it| it.mae), mae_average: of(|it| it.mae_average) })
}

#[derive(Default)]
struct Voices {
    forecasts: u32,
    /// Forecasts that a model speaks in, leads, and the sum of its shares.
    models: BTreeMap<Model, (u32, u32, f64)>,
}

impl Voices {
    fn hear(&mut self, voices: &[Weight]) {
        self.forecasts += 1;
        let most = voices.iter().map(|it| it.weight).fold(0.0, f64::max);
        for it in voices.iter().filter(|it| it.weight > 0.0) {
            let (speaks, leads, shares) = self.models.entry(it.model).or_default();
            *speaks += 1;
            *leads += u32::from(it.weight == most);
            *shares += it.weight;
        }
    }

    fn told(self) -> Vec<Voice> {
        let count = f64::from(self.forecasts.max(1));
        let voice = |(model, (speaks, leads, shares)): (Model, (u32, u32, f64))| Voice {
            model,
            speaks,
            leads,
            share: shares / count,
        };
        let mut voices: Vec<Voice> = self.models.into_iter().map(voice).collect();
        crate::order::by(&mut voices, |a, b| b.share.total_cmp(&a.share));
        voices
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn voices_are_counted_and_their_shares_averaged_over_all_forecasts() {
        let weight = |model, weight| Weight { model, weight };
        let mut voices = Voices::default();
        voices.hear(&[weight(Model::Ets, 0.6), weight(Model::Theta, 0.4)]);
        voices.hear(&[weight(Model::Ets, 1.0), weight(Model::Naive, 0.0)]);
        assert_eq!(voices.forecasts, 2);
        assert_eq!(
            voices.told(),
            [
                Voice { model: Model::Ets, speaks: 2, leads: 2, share: 0.8 },
                Voice { model: Model::Theta, speaks: 1, leads: 0, share: 0.2 },
            ]
        );
    }

    #[test]
    fn four_weeks_are_carried_on_to_a_month() {
        let month = carried_on(Total { mean: 28.0, lo80: 14.0, hi80: 56.0 }, 28);
        assert!((month.mean - 30.0).abs() < 1e-12 && (month.lo80 - 15.0).abs() < 1e-12);
    }

    #[test]
    fn an_empty_shop_has_nothing_ahead_and_says_how_long_it_takes() {
        let (tables, known) = (Tables::default(), Forecasts::default());
        let answer = answer(&tables, None, Day(20_000), &known, &Studies::default());
        assert_eq!((answer.revenue, answer.more_days, answer.products.len()), (None, 28, 0));
        assert!(answer.is_partial && answer.voices.is_empty());
    }
}
