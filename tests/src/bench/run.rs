//! Lets models speak on every case of a set, on one thread, and takes the CPU time that they need.

use std::collections::BTreeMap;

use dukandar_core::forecast::{Advice, Band, ForecastParams, Model, Regressor, Season, Series, panel};

use super::{Bench, resample::series_of};
use crate::series_sets::{Case, Cases};

/// Steps' values come from so many equally likely paths.
const PATHS: usize = 200;

/// What a model said of one case.
pub struct Said {
    /// Means.
    pub mean: Vec<f64>,
    /// Bands of 80 and 95 %.
    pub bands: Vec<Band>,
    /// Of each step, equally likely values, ascending; empty unless asked for.
    pub slices: Vec<Vec<f64>>,
}

/// What a model said of a set.
pub struct Run {
    /// The model.
    pub model: Model,
    /// By case; cases that it refused are missing.
    pub said: BTreeMap<String, Said>,
    /// CPU milliseconds of fit, means and bands per case, the panel's part included.
    pub cpu_ms: f64,
    /// Mean share of each model that spoke.
    pub shares: BTreeMap<&'static str, f64>,
}

/// A set ready to be forecast.
pub struct Material<'a> {
    bench: &'a Bench,
    cases: &'a Cases,
    series: BTreeMap<String, Series>,
    told: Vec<Told>,
}

/// What one model of the panel says, by case.
struct Told {
    model: Model,
    advice: BTreeMap<String, Advice>,
    /// CPU milliseconds of all cases.
    cpu_ms: f64,
}

/// CPU time of this thread in milliseconds, where the system tells; 0 elsewhere.
pub fn cpu_ms() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|it| it.parse::<f64>().ok()).unwrap_or(0.0) * 1e-6
}

/// Steps ahead of a case.
fn horizon(case: &Case) -> usize {
    case.actual.len()
}

/// Columns as far as they are known at a case's origin: the horizon included.
fn regressors(known: Option<&Vec<Regressor>>, case: &Case) -> Vec<Regressor> {
    let until = case.known.len() + horizon(case);
    let cut = |it: &Regressor| Regressor { name: it.name.clone(), values: it.values[..until].to_vec() };
    known.map(|it| it.iter().map(cut).collect()).unwrap_or_default()
}

impl<'a> Material<'a> {
    /// Prepares the series and asks the panel's `learners`, from each origin knowing nothing after it.
    pub fn new(
        bench: &'a Bench,
        cases: &'a Cases,
        known: &BTreeMap<String, Vec<Regressor>>,
        learners: &[Model],
    ) -> Material<'a> {
        let of_case = |(id, case): (&String, &Case)| {
            let series = Series::new(case.known.clone(), Season::Every(bench.season)).expect("finite values");
            (id.clone(), series.with_regressors(regressors(known.get(series_of(id)), case)))
        };
        let series: BTreeMap<String, Series> = cases.iter().map(of_case).collect();
        let mut turns: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
        cases.keys().for_each(|id| turns.entry(series_of(id)).or_default().push(id));
        turns.values_mut().for_each(|ids| ids.sort_by_key(|id| cases[*id].known.len()));
        let origins = turns.values().map(Vec::len).max().unwrap_or(0);
        let told: Vec<Told> = learners
            .iter()
            .map(|&model| {
                let (before, mut advice) = (cpu_ms(), BTreeMap::new());
                for turn in 0..origins {
                    let ids: Vec<&String> = turns.values().filter_map(|ids| ids.get(turn).copied()).collect();
                    let panel: Vec<Series> = ids.iter().map(|id| series[*id].clone()).collect();
                    let told = panel::advise(&panel, model, horizon(&cases[ids[0]]), 1);
                    advice.extend(ids.into_iter().cloned().zip(told).filter_map(|(id, it)| Some((id, it?))));
                }
                Told { model, advice, cpu_ms: cpu_ms() - before }
            })
            .collect();
        Material { bench, cases, series, told }
    }

    /// One model on all cases.
    pub fn run(&self, model: Model, with_slices: bool) -> Run {
        let told = model.speaker().and_then(|speaker| self.told.iter().find(|it| it.model == speaker));
        let mut said = BTreeMap::new();
        let mut shares: BTreeMap<&'static str, f64> = BTreeMap::new();
        let mut total = told.map_or(0.0, |it| it.cpu_ms);
        for (id, case) in self.cases {
            let advice = told.and_then(|it| it.advice.get(id).cloned());
            let params = ForecastParams {
                model,
                horizon: horizon(case),
                levels: vec![80.0, 95.0],
                non_negative: true,
            };
            let before = cpu_ms();
            let fitted = params.check().expect("sound wishes").fit_advised(&self.series[id], advice);
            let Ok(fitted) = fitted else { continue };
            let forecast = fitted.predict();
            total += cpu_ms() - before;
            for weight in fitted.weights() {
                *shares.entry(weight.model.name()).or_default() += weight.weight / self.cases.len() as f64;
            }
            let paths = if with_slices { fitted.paths(PATHS, 1) } else { None };
            let slices = (0..forecast.mean.len()).filter_map(|step| {
                let mut values: Vec<f64> = paths.as_ref()?.iter().map(|path| path[step]).collect();
                values.sort_by(f64::total_cmp);
                Some(values)
            });
            let slices = slices.collect();
            said.insert(id.clone(), Said { mean: forecast.mean, bands: forecast.bands, slices });
        }
        Run { model, said, cpu_ms: total / self.cases.len() as f64, shares }
    }

    /// The cases.
    pub fn cases(&self) -> &Cases {
        self.cases
    }

    /// What is asked of the set.
    pub fn bench(&self) -> &Bench {
        self.bench
    }

    /// Whether a step of a case could sell: a closed day's zero is no achievement. `ahead` counts from 0.
    pub fn is_open(&self, id: &str, ahead: usize) -> bool {
        let at = self.cases[id].known.len() + ahead;
        let open = self.series[id].regressors().iter().find(|it| it.name == "open");
        open.is_none_or(|it| it.values[at] > 0.0)
    }
}
