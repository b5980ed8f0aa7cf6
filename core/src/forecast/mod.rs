//! Forecasts of one series: how much will be sold on each of the next days, and how sure that is.
//!
//! Question answered: given a regular history, what are the next `horizon` values and which bands hold 80 and
//! 95 % of them. Input: [`Series`], equally spaced values in any one unit, oldest first. Output: [`Forecast`],
//! means and bands in the same unit. The contract of every model here: [`ForecastParams`] are checked once
//! ([`ForecastParams::check`]), only checked ones can fit, fitting returns a type of its own, and only that
//! can predict; so "not fitted" cannot occur.
//!
//! Assumptions: equal steps without gaps ([`table`] sees to that), a future like the past. How it fails:
//! [`ParamsError`] and [`FitError`] say what was expected and how many more values are needed; nothing panics
//! and no NaN comes out. References stand in each model's file.

pub mod aggregate;
pub mod arima;
pub mod backtest;
pub mod censored;
pub mod ces;
pub mod croston;
mod decompose;
pub mod ensemble;
mod error;
pub mod ets;
pub mod interval;
mod known;
mod least_squares;
pub mod lstm;
mod marginal;
pub mod metrics;
pub mod mstl;
pub mod naive;
pub mod panel;
pub mod path;
pub mod prophet;
pub mod reconcile;
mod replay;
pub mod season;
pub mod sum_law;
pub mod table;
pub mod theta;

pub use error::{FitError, ForecastError, ParamsError};
pub use interval::Band;
pub use panel::Advice;
pub use replay::{Errors, Replay};
pub use sum_law::SumLaw;

use marginal::Marginal;
use path::Paths;

/// Version of the models' arithmetic: kept with every prediction, raised when the same history would get
/// another figure.
pub const VERSION: u32 = 5;

/// Paths that sums are read from.
const SUM_PATHS: usize = 400;

/// Longest horizon that is served, in steps: ten years of days.
pub const MAX_HORIZON: usize = 3660;

/// Which model is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// The last value, repeated.
    Naive,
    /// The value one season ago, repeated.
    SeasonalNaive,
    /// Exponential smoothing, its form chosen by AICc.
    Ets,
    /// Half the line, half the smoothed level: the theta method.
    Theta,
    /// Theta with its line's weight optimised and its drift moving along.
    DynamicTheta,
    /// Complex exponential smoothing.
    Ces,
    /// Seasonal ARIMA, its orders chosen by AICc, with regressors.
    Arima,
    /// Piecewise trend, Fourier seasons, holidays and regressors, fitted by maximum a posteriori.
    Prophet,
    /// Several seasons taken out by loess, the rest smoothed.
    Mstl,
    /// Sizes and gaps of an intermittent history, smoothed apart.
    Croston,
    /// Croston with Syntetos and Boylan's correction of its bias.
    Sba,
    /// Sizes and the chance of any sale, smoothed apart.
    Tsb,
    /// The history in longer buckets, smoothed, spread again.
    Adida,
    /// The average of [`Model::Adida`] over several bucket lengths.
    Imapa,
    /// Boosted trees on lags and regressors, one for all series together.
    Boosting,
    /// A random forest on the same.
    Forest,
    /// A small recurrent network, one for all series together.
    Lstm,
    /// An average of several: of seasonal naive and exponential smoothing in equal parts when asked for by name, of
    /// what `auto` raced by their weights when it chose it.
    Average,
    /// Several models, and the panel's advice where there is a panel, weighted by what they did on origins inside the
    /// history.
    Auto,
}

impl Model {
    /// All of them, in the order of their simplicity.
    pub const ALL: [Self; 19] = [
        Self::Naive,
        Self::SeasonalNaive,
        Self::Ets,
        Self::Theta,
        Self::DynamicTheta,
        Self::Ces,
        Self::Arima,
        Self::Prophet,
        Self::Mstl,
        Self::Croston,
        Self::Sba,
        Self::Tsb,
        Self::Adida,
        Self::Imapa,
        Self::Boosting,
        Self::Forest,
        Self::Lstm,
        Self::Average,
        Self::Auto,
    ];

    /// The names of all, for messages and help.
    pub fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }

    /// The name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Naive => "naive",
            Self::SeasonalNaive => "seasonal_naive",
            Self::Ets => "ets",
            Self::Theta => "theta",
            Self::DynamicTheta => "dynamic_theta",
            Self::Ces => "ces",
            Self::Arima => "arima",
            Self::Prophet => "prophet",
            Self::Mstl => "mstl",
            Self::Croston => "croston",
            Self::Sba => "sba",
            Self::Tsb => "tsb",
            Self::Adida => "adida",
            Self::Imapa => "imapa",
            Self::Boosting => "boosting",
            Self::Forest => "forest",
            Self::Lstm => "lstm",
            Self::Average => "average",
            Self::Auto => "auto",
        }
    }

    /// Whether it learns from many series at once and has nothing to say of one alone.
    pub fn of_panel(self) -> bool {
        panel::LEARNERS.contains(&self)
    }

    /// Which model of a panel speaks when this one is asked for; none where no panel is heard.
    pub fn speaker(self) -> Option<Self> {
        match self {
            Self::Auto => Some(Self::Boosting),
            _ => Some(self).filter(|it| it.of_panel()),
        }
    }

    /// The model of that name; the error lists the names there are.
    pub fn parse(name: &str) -> Result<Self, ParamsError> {
        let found = Self::ALL.into_iter().find(|model| model.name() == name);
        found.ok_or_else(|| ParamsError::Model { given: name.to_owned() })
    }
}

impl std::fmt::Display for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// How many steps make a season.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Season {
    /// So many: 7 for days, 12 for months, 1 for none.
    Every(usize),
    /// Looked for in the history ([`season::detect`]).
    Auto,
}

/// A known column beside a history: promotions, holidays, prices. One value for each step of the history and for
/// each future step that is to be forecast.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Regressor {
    /// Its name, for messages and reasons.
    pub name: String,
    /// History first, future after it.
    pub values: Vec<f64>,
}

/// Checks that every regressor covers `history` and `horizon` further steps, and is finite.
pub(crate) fn check_regressors(
    regressors: &[Regressor],
    history: usize,
    horizon: usize,
) -> Result<(), FitError> {
    for Regressor { name, values } in regressors {
        if values.len() < history + horizon {
            let (name, have) = (name.clone(), values.len().saturating_sub(history));
            return Err(FitError::RegressorTooShort { name, have, need: horizon });
        }
        if let Some(index) = values.iter().position(|v| !v.is_finite()) {
            return Err(FitError::RegressorNotFinite { name: name.clone(), index, value: values[index] });
        }
    }
    Ok(())
}

/// A regular history, checked: not empty, every value finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    values: Vec<f64>,
    season: Season,
    regressors: Vec<Regressor>,
}

impl Series {
    /// Checks the history. Values may be negative (a day with more returns than sales).
    pub fn new(values: Vec<f64>, season: Season) -> Result<Self, FitError> {
        if values.is_empty() {
            return Err(FitError::TooShort { have: 0, need: 1, what: "any forecast" });
        }
        if let Some(index) = values.iter().position(|v| !v.is_finite()) {
            return Err(FitError::NotFinite { index, value: values[index] });
        }
        Ok(Self { values, season, regressors: Vec::new() })
    }

    /// The same history with known columns beside it. Models that use them check their lengths when they fit.
    pub fn with_regressors(mut self, regressors: Vec<Regressor>) -> Self {
        self.regressors = regressors;
        self
    }

    /// The same with only the first `length` values; regressors keep what they know. `None` for none.
    pub fn until(&self, length: usize) -> Option<Self> {
        let values = self.values.get(..length).filter(|it| !it.is_empty())?.to_vec();
        Some(Self { values, season: Season::Every(self.season()), regressors: self.regressors.clone() })
    }

    /// Known columns.
    pub fn regressors(&self) -> &[Regressor] {
        &self.regressors
    }

    /// The values, oldest first.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Steps per season, at least 1; detected when it was left to us.
    pub fn season(&self) -> usize {
        match self.season {
            Season::Every(steps) => steps.max(1),
            Season::Auto => season::detect(&self.values),
        }
    }
}

/// What is wished, unchecked.
#[derive(Debug, Clone, PartialEq)]
pub struct ForecastParams {
    /// The model.
    pub model: Model,
    /// Steps ahead.
    pub horizon: usize,
    /// Central coverage of each band in percent, e.g. 80 and 95. May be empty.
    pub levels: Vec<f64>,
    /// Whether values below zero are impossible: means and bands are then cut at 0.
    pub non_negative: bool,
}

impl Default for ForecastParams {
    fn default() -> Self {
        Self { model: Model::Auto, horizon: 28, levels: vec![80.0, 95.0], non_negative: true }
    }
}

/// Checked wishes: only these can fit. Levels are in rising order.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedParams(ForecastParams);

impl ForecastParams {
    /// Checks horizon and levels.
    pub fn check(mut self) -> Result<CheckedParams, ParamsError> {
        if self.horizon == 0 || self.horizon > MAX_HORIZON {
            return Err(ParamsError::Horizon { given: self.horizon });
        }
        if let Some(&given) = self.levels.iter().find(|level| !(**level > 0.0 && **level < 100.0)) {
            return Err(ParamsError::Level { given });
        }
        crate::order::floats(&mut self.levels);
        self.levels.dedup();
        Ok(CheckedParams(self))
    }
}

impl CheckedParams {
    /// Fits the model that was asked for to the history.
    pub fn fit(&self, series: &Series) -> Result<FittedForecast, FitError> {
        ensemble::fit(self, series, None)
    }

    /// The same for a series of a panel: `auto` weighs the panel's advice too.
    pub fn fit_advised(&self, series: &Series, advice: Option<Advice>) -> Result<FittedForecast, FitError> {
        ensemble::fit(self, series, advice)
    }

    /// The wishes.
    pub fn get(&self) -> &ForecastParams {
        &self.0
    }
}

/// A fitted model of one series' mean: what every model's own fitted type can do.
pub trait Fitted: std::fmt::Debug {
    /// Which model this is.
    fn model(&self) -> Model;

    /// How many figures were estimated from the history; widens bands that rest on in-sample errors.
    fn parameters(&self) -> usize;

    /// The means of the next `horizon` steps after the history it was fitted to.
    fn predict(&self, horizon: usize) -> Vec<f64>;

    /// What the model, its parameters as fitted, would have said from inside `values`: for each origin o in
    /// `first_origin..values.len()` (so many values known), the means of o, o + 1, …, as far as `horizon` and
    /// `values` reach. `values` must start where the fitted history started; it may go on for longer.
    fn replay(&self, values: &[f64], first_origin: usize, horizon: usize) -> Replay;

    /// The same form with parameters fitted to other values; `None` where the model has but one form, or it does not
    /// fit them.
    fn refitted(&self, _values: &[f64], _season: usize) -> Option<Box<dyn Fitted>> {
        None
    }

    /// The models that speak, with their weights.
    fn weights(&self) -> Vec<Weight> {
        vec![Weight { model: self.model(), weight: 1.0 }]
    }
}

/// How much of a forecast is one model's.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Weight {
    /// The model.
    pub model: Model,
    /// Its share of the mean, 0 to 1.
    pub weight: f64,
}

/// A fitted forecast: the model that speaks with its record inside the history.
#[derive(Debug)]
pub struct FittedForecast {
    pub(crate) fitted: Box<dyn Fitted>,
    /// What the panel adds, and its share.
    pub(crate) advice: Option<(f64, Advice)>,
    pub(crate) values: Vec<f64>,
    pub(crate) season: usize,
    pub(crate) params: ForecastParams,
    /// Errors from many origins; `None` when no bands were wished.
    pub(crate) errors: Option<Errors>,
    /// Whether those errors are of values that the parameters had not seen.
    pub(crate) honest: bool,
}

impl FittedForecast {
    /// The model that will speak: never [`Model::Auto`].
    pub fn model(&self) -> Model {
        match &self.advice {
            Some((share, advice)) if *share >= 1.0 => advice.model,
            Some((share, _)) if *share > 0.0 => Model::Average,
            _ => self.fitted.model(),
        }
    }

    /// Steps per season that were used.
    pub fn season(&self) -> usize {
        self.season
    }

    /// The models that speak, with their weights.
    pub fn weights(&self) -> Vec<Weight> {
        let mut weights = self.fitted.weights();
        if let Some((share, advice)) = &self.advice {
            weights.iter_mut().for_each(|it| it.weight *= 1.0 - share);
            weights.push(Weight { model: advice.model, weight: *share });
            weights.retain(|it| it.weight > 0.0);
        }
        weights
    }

    /// Takes the panel's advice; the bands then rest on what the average missed from the origins that both share.
    fn hear(&mut self, advice: Advice, own: Option<&Replay>) {
        let shared = own.map(|own| own.since(advice.replay.first_origin()));
        let shared = shared.filter(|own| own.rows().next().is_some());
        let share = advice.share(shared.as_ref(), &self.values);
        let told = advice.replay.rows().next().is_some();
        if let Some(errors) = self.errors.as_mut().filter(|_| told) {
            *errors = match shared.zip(own).filter(|_| share < 1.0) {
                // many origins give the errors' shape, the shared ones their size
                Some((shared, own)) => {
                    let (mine, theirs) = (shared.clone(), advice.replay.clone());
                    let both = Replay::weighted(vec![(1.0 - share, mine), (share, theirs)]);
                    let ratio = both.mean_square(&self.values) / shared.mean_square(&self.values);
                    let ratio = if ratio.is_finite() { ratio.sqrt().clamp(0.5, 1.5) } else { 1.0 };
                    own.errors(&self.values, ratio)
                }
                None => advice.replay.errors(&self.values, 1.0),
            };
            self.honest = true;
        }
        self.advice = Some((share, advice));
    }

    fn mean(&self) -> Vec<f64> {
        let mut mean = self.fitted.predict(self.params.horizon);
        if let Some((share, advice)) = &self.advice {
            mean.iter_mut().zip(&advice.mean).for_each(|(own, it)| *own = (1.0 - share) * *own + share * it);
        }
        if self.params.non_negative {
            mean.iter_mut().for_each(|m| *m = m.max(0.0));
        }
        mean
    }

    fn bands(&self, errors: &Errors, season: usize, mean: &[f64]) -> Vec<Band> {
        let Some(marginal) = Marginal::learn(errors, &self.values, season) else { return Vec::new() };
        let mut bands = marginal.bands(mean, &self.params.levels);
        if self.params.non_negative {
            let ends = bands.iter_mut().flat_map(|band| band.lo.iter_mut().chain(band.hi.iter_mut()));
            ends.for_each(|v| *v = v.max(0.0));
        }
        bands
    }

    /// The forecast.
    pub fn predict(&self) -> Forecast {
        let mean = self.mean();
        let bands = self.errors.as_ref().map(|errors| self.bands(errors, self.season, &mean));
        let bands = bands.unwrap_or_default();
        Forecast { mean, bands, model: self.model(), season: self.season, version: VERSION }
    }

    /// `count` joint sample paths of the next steps; the same seed gives the same paths. `None` when no bands were wished.
    pub fn paths(&self, count: usize, seed: u64) -> Option<Paths> {
        let errors = self.errors.as_ref()?;
        let marginal = Marginal::learn(errors, &self.values, self.season)?;
        let paths = Paths::draw(&self.mean(), &marginal, &marginal.templates(errors), count, seed);
        Some(if self.params.non_negative { paths.clipped() } else { paths })
    }

    /// The sum of the first 1, 2, … steps with bands of its own, from joint sample paths: days that are all too high
    /// together don't cancel out. What is ordered for a lead time, or sold in a month.
    pub fn predict_sums(&self) -> Forecast {
        self.predict_sums_with_law().0
    }

    /// The same with the whole law of those sums; an empty one when no bands were wished.
    pub fn predict_sums_with_law(&self) -> (Forecast, SumLaw) {
        let mut mean = self.mean();
        for h in 1..mean.len() {
            mean[h] += mean[h - 1];
        }
        let paths = self.paths(SUM_PATHS, 0);
        let (bands, law) = paths.map(|paths| paths.sum_bands(&mean, &self.params.levels)).unwrap_or_default();
        (Forecast { mean, bands, model: self.model(), season: self.season, version: VERSION }, law)
    }

    /// How good the model was on the later part of its own history, with parameters from the earlier part. `None`
    /// when there was too little history for such a split, or no bands were wished.
    pub fn record(&self) -> Option<Record> {
        let errors = self.errors.as_ref().filter(|_| self.honest)?;
        let naive = naive::fit_seasonal(&self.values, self.season).ok()?;
        let naive = naive.replay(&self.values, errors.first_origin(), self.params.horizon);
        let wape = |errors: &Errors| {
            let (mut missed, mut sold) = (0.0, 0.0);
            for (origin, row) in errors.rows() {
                missed += row.iter().map(|e| e.abs()).sum::<f64>();
                sold += self.values[origin..origin + row.len()].iter().map(|y| y.abs()).sum::<f64>();
            }
            (sold > 0.0).then(|| missed / sold)
        };
        Some(Record {
            origins: errors.rows().count(),
            wape: wape(errors),
            wape_naive: wape(&naive.errors(&self.values, 1.0)),
            coverage: interval::measured_coverage(errors, &self.values, self.season, &self.params.levels),
        })
    }
}

/// A model's record inside the history.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Record {
    /// Origins that it was judged from.
    pub origins: usize,
    /// Σ|e| / Σ|y| over all origins and steps up to the horizon.
    pub wape: Option<f64>,
    /// The same of seasonal naive.
    pub wape_naive: Option<f64>,
    /// Share of values inside the band of each level, in the order of the levels: bands calibrated on the earlier
    /// origins, judged on the later ones. Empty when there are too few of them.
    pub coverage: Vec<f64>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Forecast {
    /// The mean of each step, nearest first.
    pub mean: Vec<f64>,
    /// One band per level, narrowest first; each holds the mean and the narrower ones.
    pub bands: Vec<Band>,
    /// The model that spoke: with `auto`, the one that was chosen.
    pub model: Model,
    /// Steps per season that were used.
    pub season: usize,
    /// [`VERSION`] at the time.
    pub version: u32,
}

/// Checks, fits and predicts in one call.
pub fn forecast(params: ForecastParams, series: &Series) -> Result<Forecast, ForecastError> {
    Ok(params.check()?.fit(series)?.predict())
}
