//! Alarms of the series detector: kept false-alarm rate on clean series of families it knows nothing of, and planted
//! spikes, drops and level shifts against a rolling z-score and an STL residual z-score (docs/bench-anomaly.md).

use dukandar_core::{
    anomaly::{Options, watch},
    forecast::mstl,
    rng::Rng,
};

const SEASON: usize = 7;
const DAYS: usize = 400;
const SERIES: usize = 40;

/// Values after a level shift within which it must be seen.
const SOON: usize = 14;

/// What a family's values are drawn from; the detector is told none of it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Family {
    Poisson,
    NegativeBinomial,
    Seasonal,
    Trending,
    HeavyTail,
    Wandering,
}

const FAMILIES: [Family; 6] = [
    Family::Poisson,
    Family::NegativeBinomial,
    Family::Seasonal,
    Family::Trending,
    Family::HeavyTail,
    Family::Wandering,
];

/// Gamma of this shape with mean 1 (Marsaglia & Tsang 2000).
fn gamma(rng: &mut Rng, shape: f64) -> f64 {
    if shape < 1.0 {
        let boost = (1.0 - rng.uniform()).powf(1.0 / shape);
        return gamma(rng, shape + 1.0) * (shape + 1.0) * boost / shape;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = rng.normal();
        let v = (1.0 + c * x).powi(3);
        if v > 0.0 && (1.0 - rng.uniform()).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v / shape;
        }
    }
}

/// Makes the values of one series.
struct Maker {
    family: Family,
    level: f64,
    weekday: [f64; SEASON],
    slope: f64,
    spread: f64,
    walk: f64,
}

impl Maker {
    fn new(family: Family, rng: &mut Rng) -> Self {
        let weekday = std::array::from_fn(|_| (0.35 * rng.normal()).exp());
        let spread = 0.1 + 0.25 * rng.uniform();
        let level = match family {
            Family::Poisson | Family::NegativeBinomial => (0.7 + 3.0 * rng.uniform()).exp(),
            _ => (8.0 + 3.0 * rng.uniform()).exp(),
        };
        let slope = if family == Family::Trending { 0.002 + 0.004 * rng.uniform() } else { 0.0 };
        Self { family, level, weekday, slope, spread, walk: 0.0 }
    }

    fn value(&mut self, day: usize, factor: f64, rng: &mut Rng) -> f64 {
        let mean = self.level * self.weekday[day % SEASON] * (1.0 + self.slope * day as f64) * factor;
        match self.family {
            Family::Poisson => f64::from(rng.poisson(mean)),
            Family::NegativeBinomial => {
                let excess = 2.0 * self.spread;
                let mean = mean * gamma(rng, 1.0 / excess);
                f64::from(rng.poisson(mean))
            }
            Family::Seasonal => (mean * (self.spread * rng.normal()).exp()).round(),
            Family::Trending => (mean + self.level * self.spread * rng.normal()).max(0.0).round(),
            Family::HeavyTail => {
                let chi = (0..3).map(|_| rng.normal().powi(2)).sum::<f64>() / 3.0;
                let t = (0.5 * self.spread * rng.normal() / chi.sqrt()).clamp(-4.0, 4.0);
                (mean * t.exp()).round()
            }
            Family::Wandering => {
                self.walk += 0.02 * rng.normal();
                (mean * (self.walk + self.spread * rng.normal()).exp()).round()
            }
        }
    }
}

/// Something planted: where, and whether it stays.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Planted {
    at: usize,
    kind: usize,
}

const KINDS: [&str; 3] = ["spikes", "drops", "level shifts"];

fn series(family: Family, planted: bool, rng: &mut Rng) -> (Vec<f64>, Vec<Planted>) {
    let mut maker = Maker::new(family, rng);
    let mut events = Vec::new();
    let mut factors = vec![1.0; DAYS];
    if planted {
        // One in each stretch of 60, so that no event is another's beginning.
        for (stretch, kind) in [0, 1, 2, 0, 1].into_iter().enumerate() {
            let at = 70 + 60 * stretch + rng.below(30);
            let factor = match kind {
                0 => 2.2 + 2.5 * rng.uniform(),
                1 => 0.3 * rng.uniform(),
                _ if rng.chance(0.5) => 1.5 + rng.uniform(),
                _ => 1.0 / (1.5 + rng.uniform()),
            };
            let until = if kind == 2 { DAYS } else { at + 1 };
            factors[at..until].iter_mut().for_each(|it| *it *= factor);
            events.push(Planted { at, kind });
        }
    }
    ((0..DAYS).map(|day| maker.value(day, factors[day], rng)).collect(), events)
}

fn many(family: Family, planted: bool, seed: u64) -> Vec<(Vec<f64>, Vec<Planted>)> {
    let mut rng = Rng::seeded(seed);
    (0..SERIES).map(|_| series(family, planted, &mut rng)).collect()
}

/// Our alarms at a rate.
fn ours(values: &[Vec<f64>], rate: f64) -> Vec<Vec<bool>> {
    let points = watch(values, Options { season: SEASON, rate });
    points.iter().map(|points| points.iter().map(|point| point.alarm.is_some()).collect()).collect()
}

/// |value − mean| ÷ standard deviation of the 28 values before.
fn rolling(values: &[f64]) -> Vec<f64> {
    let score = |t: usize| {
        let before = &values[t.saturating_sub(28)..t];
        if before.len() < 14 {
            return 0.0;
        }
        let mean = before.iter().sum::<f64>() / before.len() as f64;
        let variance = before.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (before.len() - 1) as f64;
        (values[t] - mean).abs() / variance.sqrt().max(1e-9)
    };
    (0..values.len()).map(score).collect()
}

/// |residual| ÷ its robust standard deviation; season of STL, trend by its loess (window by Cleveland's formula).
fn stl(values: &[f64]) -> Vec<f64> {
    let fitted = mstl::fit(values, SEASON).expect("400 values are enough");
    let mut rest = values.to_vec();
    for effects in fitted.effects() {
        rest.iter_mut().zip(effects).for_each(|(rest, effect)| *rest -= effect);
    }
    let half = 7usize;
    let smooth = |t: usize| {
        let (from, to) = (t.saturating_sub(half), (t + half + 1).min(rest.len()));
        let reach = (t - from).max(to - 1 - t) as f64 + 1.0;
        let (mut w, mut wx, mut wy, mut wxx, mut wxy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (at, y) in rest.iter().enumerate().take(to).skip(from) {
            let x = at as f64 - t as f64;
            let weight = (1.0 - (x.abs() / reach).powi(3)).powi(3);
            (w, wx, wy) = (w + weight, wx + weight * x, wy + weight * y);
            (wxx, wxy) = (wxx + weight * x * x, wxy + weight * x * y);
        }
        (wxx * wy - wx * wxy) / (w * wxx - wx * wx)
    };
    let residuals: Vec<f64> = (0..rest.len()).map(|t| (rest[t] - smooth(t)).abs()).collect();
    let mut sorted = residuals.clone();
    sorted.sort_by(f64::total_cmp);
    let scale = (1.4826 * sorted[sorted.len() / 2]).max(1e-9);
    residuals.into_iter().map(|residual| residual / scale).collect()
}

/// The threshold that a baseline's scores on clean series pass at just the rate.
fn matched(score: fn(&[f64]) -> Vec<f64>, clean: &[Vec<f64>], rate: f64) -> f64 {
    let mut all: Vec<f64> = clean.iter().flat_map(|values| score(values)).collect();
    all.sort_by(f64::total_cmp);
    all[(all.len() as f64 * (1.0 - rate)) as usize]
}

/// What alarms were worth on one series.
#[derive(Clone, Copy, Debug, Default)]
struct Worth {
    alarms: f64,
    right: f64,
    found: [f64; 3],
    planted: [f64; 3],
}

impl Worth {
    fn of(alarms: &[bool], events: &[Planted]) -> Self {
        let mut worth = Self::default();
        let window = |event: &Planted| event.at..(event.at + if event.kind == 2 { SOON } else { 1 });
        for event in events {
            worth.planted[event.kind] += 1.0;
            let found = window(event).any(|at| alarms[at]);
            worth.found[event.kind] += f64::from(u8::from(found));
        }
        for at in (0..alarms.len()).filter(|at| alarms[*at]) {
            worth.alarms += 1.0;
            worth.right += f64::from(u8::from(events.iter().any(|event| window(event).contains(&at))));
        }
        worth
    }

    fn sum(all: &[Self]) -> Self {
        all.iter().fold(Self::default(), |mut sum, it| {
            (sum.alarms, sum.right) = (sum.alarms + it.alarms, sum.right + it.right);
            for kind in 0..3 {
                sum.found[kind] += it.found[kind];
                sum.planted[kind] += it.planted[kind];
            }
            sum
        })
    }

    fn precision(&self) -> f64 {
        self.right / self.alarms.max(1.0)
    }

    fn recall(&self, kind: usize) -> f64 {
        self.found[kind] / self.planted[kind].max(1.0)
    }

    fn recall_of_all(&self) -> f64 {
        self.found.iter().sum::<f64>() / self.planted.iter().sum::<f64>().max(1.0)
    }

    fn f1(&self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall_of_all());
        2.0 * precision * recall / (precision + recall).max(1e-9)
    }
}

/// 95 % of bootstrapped differences of F1, series by series in pairs.
fn paired(ours: &[Worth], theirs: &[Worth]) -> (f64, f64) {
    let mut rng = Rng::seeded(9);
    let mut differences: Vec<f64> = (0..1_000)
        .map(|_| {
            let drawn: Vec<usize> = (0..ours.len()).map(|_| rng.below(ours.len())).collect();
            let of = |all: &[Worth]| Worth::sum(&drawn.iter().map(|&at| all[at]).collect::<Vec<_>>()).f1();
            of(ours) - of(theirs)
        })
        .collect();
    differences.sort_by(f64::total_cmp);
    (differences[25], differences[974])
}

fn values(all: &[(Vec<f64>, Vec<Planted>)]) -> Vec<Vec<f64>> {
    all.iter().map(|(values, _)| values.clone()).collect()
}

/// 99.9 % limits of a binomial about its mean.
fn limits(count: f64, rate: f64) -> std::ops::RangeInclusive<f64> {
    let give = 3.29 * (count * rate * (1.0 - rate)).sqrt();
    count * rate - give..=count * rate + give
}

#[test]
fn the_false_alarm_rate_on_clean_series_of_every_family_is_within_binomial_limits_of_the_one_set() {
    let count = (SERIES * DAYS) as f64;
    for rate in [0.01, 0.003] {
        let mut total = 0.0;
        for (seed, family) in FAMILIES.into_iter().enumerate() {
            let clean = values(&many(family, false, 8_100 + seed as u64));
            let alarms = ours(&clean, rate).iter().flatten().filter(|it| **it).count() as f64;
            println!("{family:?} | {rate} | {:.4}", alarms / count);
            total += alarms;
            // At the rarer rate, which is beyond what 16,000 values show, the tail's own error comes on top.
            let held = limits(count, rate).contains(&alarms) || rate < 0.01 && alarms < 2.0 * count * rate;
            assert!(held, "{family:?} at {rate}: {alarms} alarms of {count} values");
        }
        let count = count * FAMILIES.len() as f64;
        println!("all | {rate} | {:.4}", total / count);
        assert!(limits(count, rate).contains(&total), "all at {rate}: {total} alarms of {count} values");
    }
}

#[test]
fn slow_sellers_whose_counts_come_in_lumps_raise_no_more_false_alarms_than_were_set() {
    let mut rng = Rng::seeded(3);
    for mean in [0.1, 0.3, 1.0, 3.0] {
        let series: Vec<Vec<f64>> =
            (0..150).map(|_| (0..DAYS).map(|_| f64::from(rng.poisson(mean))).collect()).collect();
        for rate in [0.003, 0.0003] {
            let alarms = ours(&series, rate).iter().flatten().filter(|it| **it).count() as f64;
            let count = (series.len() * DAYS) as f64;
            println!("Poisson of {mean} | {rate} | {:.5}", alarms / count);
            // Nothing lies just at the rate: the next lump is rarer than that.
            assert!(
                alarms <= *limits(count, rate).end(),
                "mean {mean} at {rate}: {alarms} alarms of {count}"
            );
        }
    }
}

#[test]
fn a_missing_value_a_constant_and_a_short_series_raise_no_alarm_and_a_move_of_a_constant_does() {
    let mut rng = Rng::seeded(3);
    let mut holed: Vec<f64> = (0..200).map(|_| f64::from(rng.poisson(12.0))).collect();
    holed[50..60].fill(f64::NAN);
    let mut constant = vec![9.5; 200];
    constant[150] = 9.6;
    let series = [holed, constant, vec![1.0, 900.0], vec![f64::NAN; 90], vec![0.0; 90]];
    let points = watch(&series, Options { season: SEASON, rate: 0.001 });
    assert!(points[0][50..60].iter().all(|it| it.alarm.is_none() && it.expected.is_finite()));
    assert!(points[1][150].alarm.is_some() && points[1].iter().filter(|it| it.alarm.is_some()).count() == 1);
    assert!(points[2..].iter().flatten().all(|it| it.alarm.is_none()));
    assert_eq!(points.iter().map(Vec::len).collect::<Vec<_>>(), [200, 200, 2, 90, 90]);
}

/// A row of the table: name, each series' worth.
fn compared(rate: f64) -> Vec<(&'static str, Vec<Worth>)> {
    let mut rows: Vec<(&'static str, Vec<Worth>)> = Vec::new();
    let mut add = |name: &'static str, alarms: Vec<Vec<bool>>, all: &[(Vec<f64>, Vec<Planted>)]| {
        let worth = alarms.iter().zip(all).map(|(alarms, (_, events))| Worth::of(alarms, events));
        match rows.iter_mut().find(|row| row.0 == name) {
            Some(row) => row.1.extend(worth),
            None => rows.push((name, worth.collect())),
        }
    };
    for (seed, family) in FAMILIES.into_iter().enumerate() {
        let clean = values(&many(family, false, 8_500 + seed as u64));
        let planted = many(family, true, 8_900 + seed as u64);
        let watched = values(&planted);
        add("ours", ours(&watched, rate), &planted);
        type Score = fn(&[f64]) -> Vec<f64>;
        let scores: [(&str, &str, Score); 2] =
            [("rolling z, as set", "rolling z, tuned", rolling), ("STL z, as set", "STL z, tuned", stl)];
        for (as_set, tuned, score) in scores {
            let normal = if rate == 0.01 { 2.576 } else { 2.968 };
            let limit = matched(score, &clean, rate);
            for (name, limit) in [(as_set, normal), (tuned, limit)] {
                let alarms =
                    watched.iter().map(|values| score(values).iter().map(|it| *it > limit).collect());
                add(name, alarms.collect(), &planted);
            }
        }
    }
    rows
}

#[test]
fn planted_events_are_found_more_surely_than_by_rolling_and_stl_z_scores_tuned_to_the_same_rate() {
    for rate in [0.01, 0.003] {
        let rows = compared(rate);
        let ours = rows[0].1.clone();
        println!("rate {rate} | precision | recall | {} | F1 | ours − it, 95 %", KINDS.join(" | "));
        for (name, worth) in &rows {
            let sum = Worth::sum(worth);
            let recalls: Vec<String> = (0..3).map(|kind| format!("{:.2}", sum.recall(kind))).collect();
            let (low, high) = paired(&ours, worth);
            println!(
                "{name} | {:.2} | {:.2} | {} | {:.2} | {low:+.2} … {high:+.2}",
                sum.precision(),
                sum.recall_of_all(),
                recalls.join(" | "),
                sum.f1()
            );
            if *name != "ours" {
                assert!(low > 0.0, "{name} at {rate}: F1 is within {low}..{high} of ours");
            }
        }
    }
}
