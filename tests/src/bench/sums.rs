//! How well sums over series are told: all stores together, and any three, by day, week and month.
//!
//! WAPE of sums: forecasts are summed first, then judged; weeks are 7 and months 28 steps from the origin.

use std::collections::BTreeMap;

use dukandar_core::rng::Rng;

use super::{
    resample::series_of,
    run::{Material, Run},
};

/// Days of a step's sum: a day, a week, a month.
pub const SPANS: [usize; 3] = [1, 7, 28];

/// Triples that are drawn.
const TRIPLES: usize = 500;

/// WAPE of the sum over these series, by span.
fn wape(
    material: &Material<'_>,
    run: &Run,
    turns: &BTreeMap<&str, Vec<&String>>,
    chosen: &[&str],
) -> [f64; 3] {
    let mut missed = [0.0; 3];
    let mut sold = 0.0;
    let origins = turns[chosen[0]].len();
    for turn in 0..origins {
        let mut steps: Vec<(f64, f64)> = Vec::new();
        for id in chosen.iter().filter_map(|series| turns[series].get(turn)) {
            let (Some(said), case) = (run.said.get(*id), &material.cases()[*id]) else { continue };
            steps.resize(case.actual.len(), (0.0, 0.0));
            for ((mean, y), (said, actual)) in steps.iter_mut().zip(said.mean.iter().zip(&case.actual)) {
                *mean += said;
                *y += actual;
            }
        }
        sold += steps.iter().map(|(_, y)| y).sum::<f64>();
        for (missed, span) in missed.iter_mut().zip(SPANS) {
            let error = |days: &[(f64, f64)]| days.iter().map(|(mean, y)| mean - y).sum::<f64>().abs();
            *missed += steps.chunks(span).map(error).sum::<f64>();
        }
    }
    missed.map(|it| it / sold)
}

fn turns(run: &Run) -> BTreeMap<&str, Vec<&String>> {
    let mut turns: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    run.said.keys().for_each(|id| turns.entry(series_of(id)).or_default().push(id));
    turns
}

/// Of all series together.
pub fn of_all(material: &Material<'_>, run: &Run) -> [f64; 3] {
    let turns = turns(run);
    let all: Vec<&str> = turns.keys().copied().collect();
    wape(material, run, &turns, &all)
}

/// Median and ninth decile over random triples of series, by span.
pub fn of_triples(material: &Material<'_>, run: &Run, seed: u64) -> [(f64, f64); 3] {
    let turns = turns(run);
    let all: Vec<&str> = turns.keys().copied().collect();
    let mut rng = Rng::seeded(seed);
    let mut found: [Vec<f64>; 3] = Default::default();
    for _ in 0..TRIPLES {
        let mut triple: Vec<&str> = Vec::new();
        while triple.len() < 3.min(all.len()) {
            let one = all[rng.below(all.len())];
            if !triple.contains(&one) {
                triple.push(one);
            }
        }
        let scores = wape(material, run, &turns, &triple);
        found.iter_mut().zip(scores).for_each(|(of_span, score)| of_span.push(score));
    }
    found.map(|mut of_span| {
        of_span.sort_by(f64::total_cmp);
        let at = |share: f64| of_span[(share * (of_span.len() - 1) as f64) as usize];
        (at(0.5), at(0.9))
    })
}
