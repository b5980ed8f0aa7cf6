//! Scores by case, ours and the peers', such that the mean over cases is the set's figure.

use dukandar_core::metric::{Intervals, mean_abs_difference};

use super::run::{Material, Run};
use crate::series_sets::{Case, Cases, Scores, Set, mean, peer_scores, point_scores};

/// A score as `../shared/data/README.md` defines it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Symmetric percentage error.
    Smape,
    /// Mean absolute scaled error.
    Mase,
    /// Root mean squared scaled error.
    Rmsse,
    /// Mean of sMAPE and MASE over those of naive 2, which is naive where the season is 1.
    Owa,
    /// Σ|e| / Σy over all cases.
    Wape,
}

impl Metric {
    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Smape => "sMAPE",
            Self::Mase => "MASE",
            Self::Rmsse => "RMSSE",
            Self::Owa => "OWA",
            Self::Wape => "WAPE",
        }
    }

    /// Of our forecasts.
    pub fn ours(self, material: &Material<'_>, run: &Run) -> Scores {
        let cases = material.cases();
        let set = material.bench().set;
        let by_case = |at: usize| -> Scores {
            let score = |(id, case): (&String, &Case)| {
                Some((id.clone(), point_scores(set, case, &run.said.get(id)?.mean)[at]?))
            };
            cases.iter().filter_map(score).collect()
        };
        match self {
            Self::Smape => by_case(0),
            Self::Mase => by_case(1),
            Self::Rmsse => by_case(2),
            Self::Owa => owa(set, cases, &by_case(0), &by_case(1)),
            Self::Wape => {
                let missed = |(id, case): (&String, &Case)| {
                    let mean = &run.said.get(id)?.mean;
                    let missed = case.actual.iter().zip(mean).map(|(y, mean)| (y - mean).abs()).sum();
                    Some((id.clone(), missed))
                };
                per_unit_sold(cases, &cases.iter().filter_map(missed).collect())
            }
        }
    }

    /// Of a peer; `None` where it has none.
    pub fn peer(self, material: &Material<'_>, peer: &str) -> Option<Scores> {
        let (set, cases) = (material.bench().set, material.cases());
        let column = |name: &str| peer_scores(set, name)?.remove(peer);
        match self {
            Self::Smape => column("smape"),
            Self::Mase => column(if set.panel { "mase7" } else { "mase" }),
            Self::Rmsse => column("rmsse"),
            Self::Owa => Some(owa(set, cases, &column("smape")?, &column("mase")?)),
            Self::Wape => Some(per_unit_sold(cases, &column("abs_err")?)),
        }
    }
}

/// Half of each score over naive's mean.
fn owa(set: Set, cases: &Cases, smape: &Scores, mase: &Scores) -> Scores {
    let naive = |at: usize| {
        let of_case = |(id, case): (&String, &Case)| {
            let last = vec![case.known[case.known.len() - 1]; case.actual.len()];
            Some((id.clone(), point_scores(set, case, &last)[at]?))
        };
        mean(&cases.iter().filter_map(of_case).collect())
    };
    let (of_smape, of_mase) = (naive(0), naive(1));
    let both =
        |(id, smape): (&String, &f64)| Some((id.clone(), 0.5 * (smape / of_smape + mase.get(id)? / of_mase)));
    smape.iter().filter_map(both).collect()
}

/// Errors such that their mean is their sum over what was sold.
fn per_unit_sold(cases: &Cases, missed: &Scores) -> Scores {
    let sold: f64 = missed.keys().filter_map(|id| cases.get(id)).flat_map(|case| &case.actual).sum();
    let factor = missed.len() as f64 / sold;
    missed.iter().map(|(id, missed)| (id.clone(), missed * factor)).collect()
}

/// Σ(f − y) / Σy over all cases.
pub fn bias(cases: &Cases, run: &Run) -> f64 {
    let (mut over, mut sold) = (0.0, 0.0);
    for (id, said) in &run.said {
        let actual = &cases[id].actual;
        over += said.mean.iter().sum::<f64>() - actual.iter().sum::<f64>();
        sold += actual.iter().sum::<f64>();
    }
    over / sold
}

/// Share of values inside a band: in all; by thirds of the horizon; by thirds of the series' volume.
#[derive(Debug, Clone, Copy, Default)]
pub struct Coverage {
    /// Over everything.
    pub all: f64,
    /// Near, middle and far steps.
    pub by_horizon: [f64; 3],
    /// Series that sell little, more, most.
    pub by_volume: [f64; 3],
}

/// Of the band of this place in the list of levels; only on days that could sell.
pub fn coverage(material: &Material<'_>, run: &Run, level: usize) -> Coverage {
    let cases = material.cases();
    let volume = |id: &String| {
        let known = &cases[id].known;
        known.iter().sum::<f64>() / known.len() as f64
    };
    let mut by_volume: Vec<&String> = run.said.keys().collect();
    by_volume.sort_by(|a, b| volume(a).total_cmp(&volume(b)));
    let mut counts = [[(0.0, 0.0); 3]; 2];
    for (rank, id) in by_volume.iter().enumerate() {
        let (actual, band) = (&cases[*id].actual, &run.said[*id].bands[level]);
        for (step, y) in actual.iter().enumerate().filter(|(step, _)| material.is_open(id, *step)) {
            let inside = f64::from(u8::from(band.lo[step] <= *y && *y <= band.hi[step]));
            let thirds = [3 * step / actual.len(), 3 * rank / by_volume.len()];
            for (counts, third) in counts.iter_mut().zip(thirds) {
                counts[third].0 += inside;
                counts[third].1 += 1.0;
            }
        }
    }
    let shares = counts.map(|thirds| thirds.map(|(inside, n)| inside / n));
    let (inside, n) = counts[0].iter().fold((0.0, 0.0), |(a, b), (inside, n)| (a + inside, b + n));
    Coverage { all: inside / n, by_horizon: shares[0], by_volume: shares[1] }
}

/// MSIS of the 95 % bands by case; only days that could sell.
pub fn msis(material: &Material<'_>, run: &Run) -> Scores {
    let set = material.bench().set;
    let of_case = |(id, case): (&String, &Case)| {
        let band = &run.said.get(id)?.bands[1];
        let open: Vec<usize> = (0..case.actual.len()).filter(|step| material.is_open(id, *step)).collect();
        let at = |values: &[f64]| -> Vec<f64> { open.iter().map(|step| values[*step]).collect() };
        let (actual, lo, hi) = (at(&case.actual), at(&band.lo), at(&band.hi));
        let intervals = Intervals::new(&actual, &lo, &hi).ok()?;
        Some((id.clone(), intervals.msis(0.05, mean_abs_difference(&case.known, set.mase_lag)?)?))
    };
    material.cases().iter().filter_map(of_case).collect()
}
