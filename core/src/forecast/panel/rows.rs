//! The rows of a panel: what is known at an origin about one step ahead, relative to the series' own size.
//!
//! Question answered: which columns does the panel's model see for the value `step` steps after an origin. Input: the
//! history before the origin, regressors up to and at the target. Output: a row of figures in units of the series'
//! mean size over its last cycles; NaN is "not known" (older than the history). Nothing at or after the origin enters
//! but regressors. Assumption: a season's position repeats. How it fails: [`Window::at`] is `None` for a history
//! shorter than a cycle, or without any size.

use super::super::{Regressor, Series};
use crate::{learn::Columns, rng::Rng};
use serde::{Deserialize, Serialize};

/// Cycles that averages reach back.
const CYCLES: usize = 4;

/// Cycles in which like days are looked for.
const LIKE_CYCLES: usize = 26;

/// Like days that are averaged.
const LIKE_DAYS: usize = 6;

/// Steps of one origin that are drawn at most.
const STEPS_OF_ORIGIN: usize = 6;

/// Rows that the draw is made from at most: a large shop's would not fit beside its tables.
const MOST_DRAWN: usize = 1_500_000;

/// Targets this many sizes away from the base say no more than that they are far.
const FAR: f64 = 8.0;

/// The same in sizes of a day with a sale, which are the larger the fewer such days there are. Set on held-out ends of
/// training parts.
const FAR_SALES: f64 = 3.0;

/// What all rows of a panel share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    season: usize,
    horizon: usize,
    /// Values that the size is taken over.
    span: usize,
    regressors: Vec<String>,
    /// Which regressors are flags: like days have the same ones.
    flags: Vec<bool>,
    /// Regressor and value with which nothing was ever sold: a closed day.
    idle: Vec<(usize, f64)>,
}

/// Different values that a flag has at most.
const FLAG_VALUES: usize = 3;

/// Days with a flag's value that must all have been empty before it counts as closed.
const IDLE_DAYS: usize = 20;

/// Flag values with which no series of the panel ever sold anything.
fn idle(series: &[Series], flags: &[bool]) -> Vec<(usize, f64)> {
    let mut found = Vec::new();
    for (at, _) in flags.iter().enumerate().filter(|(_, flag)| **flag) {
        let mut seen: Vec<(f64, usize, bool)> = Vec::new();
        for one in series {
            for (value, sold) in one.regressors()[at].values.iter().zip(one.values()) {
                match seen.iter_mut().find(|it| it.0 == *value) {
                    Some((_, days, sells)) => {
                        *days += 1;
                        *sells |= *sold != 0.0;
                    }
                    None => seen.push((*value, 1, *sold != 0.0)),
                }
            }
        }
        let closed = seen.iter().filter(|(_, days, sells)| *days >= IDLE_DAYS && !sells);
        found.extend(closed.map(|(value, ..)| (at, *value)));
    }
    found
}

/// Part of all values that are zero though the day could sell.
pub fn zeros(series: &[Series], shape: &Shape) -> f64 {
    let (mut zeros, mut days) = (0usize, 0usize);
    for one in series {
        let able = (0..one.values().len()).filter(|place| !shape.is_idle(one, *place));
        for place in able {
            days += 1;
            zeros += usize::from(one.values()[place] == 0.0);
        }
    }
    zeros as f64 / days.max(1) as f64
}

fn is_flag(regressor: &Regressor) -> bool {
    let mut seen: Vec<f64> = Vec::new();
    for value in &regressor.values {
        if !seen.contains(value) {
            seen.push(*value);
            if seen.len() > FLAG_VALUES {
                return false;
            }
        }
    }
    true
}

/// What the trees' advice is added to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Base {
    /// The value one cycle ago.
    Last,
    /// The mean at this position over the last cycles.
    Average,
    /// The mean of the latest days with the same position and the same regressors.
    Like,
}

impl Shape {
    /// The season of the first series (all share one) and the regressors by name.
    pub fn of(series: &[Series], horizon: usize) -> Self {
        let season = series.first().map_or(1, Series::season);
        let regressors = series.first().map(Series::regressors).unwrap_or_default();
        let flags: Vec<bool> = regressors.iter().map(is_flag).collect();
        let idle = idle(series, &flags);
        let regressors = regressors.iter().map(|it| it.name.clone()).collect();
        let span = if season >= 12 { season } else { season * (12 / season) };
        Self { season, horizon, span, regressors, flags, idle }
    }

    /// Whether there are days on which nothing is ever sold, by what their flags say.
    pub fn has_idle(&self) -> bool {
        !self.idle.is_empty()
    }

    /// Whether nothing can be sold at `place` of a series: its flags say that it is closed.
    pub fn is_idle(&self, series: &Series, place: usize) -> bool {
        let is = |(at, value): &(usize, f64)| series.regressors()[*at].values.get(place) == Some(value);
        self.idle.iter().any(is)
    }

    fn names(&self) -> Vec<String> {
        let fixed = [
            "step",
            "position",
            "cycle_ago",
            "cycles_2_ago",
            "cycles_3_ago",
            "before_cycle_ago",
            "after_cycle_ago",
            "position_mean",
            "year_ago",
            "last",
            "last_2",
            "last_3",
            "mean_3",
            "mean_half_cycle",
            "mean_span",
            "mean_before",
            "growth",
            "spread",
            "slope",
            "zeros",
        ];
        let mut names: Vec<String> = fixed.map(str::to_owned).to_vec();
        if !self.regressors.is_empty() {
            names.push("like_days_mean".to_owned());
            for name in &self.regressors {
                names.extend([name.clone(), format!("{name}_day_before"), format!("{name}_day_after")]);
            }
        }
        names
    }
}

/// A place to forecast from and a step ahead of it.
#[derive(Debug, Clone, Copy)]
pub struct Drawn {
    series: usize,
    origin: usize,
    step: usize,
}

/// Draws at most `most` rows from all origins of all series, each origin giving a few steps.
pub fn draw(series: &[Series], shape: &Shape, most: usize, seed: u64) -> Vec<Drawn> {
    let mut rng = Rng::seeded(seed);
    let mut all = Vec::new();
    let origins: usize = series.iter().map(|it| it.values().len().saturating_sub(shape.span)).sum();
    let chance = (MOST_DRAWN / STEPS_OF_ORIGIN) as f64 / origins.max(1) as f64;
    for (at, one) in series.iter().enumerate() {
        let n = one.values().len();
        for origin in shape.span..n {
            if chance < 1.0 && !rng.chance(chance) {
                continue;
            }
            let steps = shape.horizon.min(n - origin);
            if steps <= STEPS_OF_ORIGIN {
                all.extend((0..steps).map(|step| Drawn { series: at, origin, step }));
            } else {
                // one of each stretch of the horizon, so that near and far steps are seen as often
                for part in 0..STEPS_OF_ORIGIN {
                    let (from, to) = (part * steps / STEPS_OF_ORIGIN, (part + 1) * steps / STEPS_OF_ORIGIN);
                    all.push(Drawn { series: at, origin, step: from + rng.below(to - from) });
                }
            }
        }
    }
    // a partial shuffle: the first `most` places get a fair draw
    let most = most.min(all.len());
    for place in 0..most {
        let other = place + rng.below(all.len() - place);
        all.swap(place, other);
    }
    all.truncate(most);
    all.retain(|it| !shape.is_idle(&series[it.series], it.origin + it.step));
    all
}

/// The table of the drawn rows, the best base for all of them, and what each target differs from it by. Rows of
/// windows without a size are left out. `zeros` as [`zeros()`] tells.
pub fn examples(series: &[Series], shape: &Shape, drawn: &[Drawn], zeros: f64) -> (Columns, Base, Vec<f64>) {
    let names = shape.names();
    let mut columns: Vec<Vec<f32>> = names.iter().map(|_| Vec::with_capacity(drawn.len())).collect();
    let bases = [Base::Last, Base::Average, Base::Like];
    let mut missed = [0.0; 3];
    let mut targets: Vec<[f64; 3]> = Vec::with_capacity(drawn.len());
    let far = (FAR_SALES / (1.0 - zeros)).max(FAR);
    let mut row = Vec::new();
    for &Drawn { series: at, origin, step } in drawn {
        let one = &series[at];
        let Some(window) = Window::at(one, shape, origin) else { continue };
        row.clear();
        window.row(step, &mut row);
        columns.iter_mut().zip(&row).for_each(|(column, value)| column.push(*value));
        let actual = one.values()[origin + step] / window.scale();
        let away = bases.map(|base| (actual - window.base(base, step)).clamp(-far, far));
        missed.iter_mut().zip(away).for_each(|(sum, it)| *sum += it.abs());
        targets.push(away);
    }
    let best = (0..bases.len()).min_by(|a, b| missed[*a].total_cmp(&missed[*b])).unwrap_or(0);
    let mut table = Columns::new(targets.len());
    for (name, values) in names.iter().zip(columns) {
        // every column got one value a row, all finite or NaN
        let pushed = table.push(name, values);
        debug_assert!(pushed.is_ok(), "{pushed:?}");
    }
    (table, bases[best], targets.into_iter().map(|it| it[best]).collect())
}

/// One series before an origin.
#[derive(Debug)]
pub struct Window<'a> {
    known: &'a [f64],
    regressors: &'a [Regressor],
    flags: &'a [bool],
    season: usize,
    span: usize,
    scale: f64,
}

impl<'a> Window<'a> {
    /// The history before `origin`; `None` when it is shorter than the span of its size, or all zeros there.
    pub fn at(series: &'a Series, shape: &'a Shape, origin: usize) -> Option<Self> {
        let known = &series.values()[..origin];
        let recent = &known[origin.checked_sub(shape.span)?..];
        let scale = recent.iter().map(|v| v.abs()).sum::<f64>() / shape.span as f64;
        let regressors = series.regressors();
        let (season, span, flags) = (shape.season, shape.span, shape.flags.as_slice());
        (scale > 0.0).then_some(Self { known, regressors, flags, season, span, scale })
    }

    /// The series' size: the unit of every row.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The value `back` steps before the target, in sizes; NaN when it is not known.
    fn lag(&self, step: usize, back: usize) -> f64 {
        let place = (self.known.len() + step).checked_sub(back);
        place.and_then(|place| self.known.get(place)).map_or(f64::NAN, |v| v / self.scale)
    }

    /// Steps back to the same position of the cycle `cycles` before the last known one at it.
    fn cycle(&self, step: usize, cycles: usize) -> usize {
        (step / self.season + cycles) * self.season
    }

    fn mean(&self, from_back: usize, to_back: usize) -> f64 {
        let n = self.known.len();
        let (from, to) = (n.saturating_sub(from_back), n.saturating_sub(to_back));
        if from >= to {
            return f64::NAN;
        }
        self.known[from..to].iter().sum::<f64>() / (to - from) as f64 / self.scale
    }

    fn position_mean(&self, step: usize) -> f64 {
        let known =
            (1..=CYCLES).map(|cycle| self.lag(step, self.cycle(step, cycle))).filter(|v| v.is_finite());
        let (sum, count) = known.fold((0.0, 0.0), |(sum, count), v| (sum + v, count + 1.0));
        sum / count
    }

    /// What the latest days at this position whose flags were what they will be sold, each relative to the level of
    /// its own time.
    fn like_days(&self, step: usize) -> f64 {
        let target = self.known.len() + step;
        let (mut sum, mut count) = (0.0, 0);
        for cycle in 1..=LIKE_CYCLES {
            let back = self.cycle(step, cycle);
            let Some(place) = target.checked_sub(back).filter(|place| *place >= self.span) else { break };
            let alike = |it: &Regressor| it.values.get(place) == it.values.get(target);
            if self.regressors.iter().zip(self.flags).all(|(it, flag)| !flag || alike(it)) {
                let around =
                    &self.known[place - self.span / 2..(place + self.span / 2).min(self.known.len())];
                let level = around.iter().map(|v| v.abs()).sum::<f64>() / around.len() as f64;
                if level > 0.0 {
                    sum += self.known[place] / level;
                    count += 1;
                }
                if count == LIKE_DAYS {
                    break;
                }
            }
        }
        if count == 0 { f64::NAN } else { sum / count as f64 }
    }

    /// What the advice is added to, in sizes.
    pub fn base(&self, base: Base, step: usize) -> f64 {
        let average = || if self.season > 1 { self.position_mean(step) } else { self.mean(CYCLES, 0) };
        let value = match base {
            Base::Last => self.lag(step, self.cycle(step, 1)),
            Base::Average => average(),
            Base::Like if self.regressors.is_empty() => average(),
            Base::Like => Some(self.like_days(step)).filter(|v| v.is_finite()).unwrap_or_else(average),
        };
        if value.is_finite() { value } else { 1.0 }
    }

    /// Appends the columns of one step, in the order of their names.
    pub fn row(&self, step: usize, row: &mut Vec<f32>) {
        let (n, season, span) = (self.known.len(), self.season, self.span);
        let back = |cycles| self.cycle(step, cycles);
        let last_cycle = &self.known[n - span..];
        let level = self.mean(span, 0);
        let variance = last_cycle.iter().map(|v| (v / self.scale - level).powi(2)).sum::<f64>() / span as f64;
        let before = self.mean(2 * span, span);
        // one more than the step is the distance from the last known value to the target
        let year = if season == 7 { 364 } else { back(1) };
        let figures = [
            (step + 1) as f64,
            ((n + step) % season) as f64,
            self.lag(step, back(1)),
            self.lag(step, back(2)),
            self.lag(step, back(3)),
            self.lag(step, back(1) + 1),
            self.lag(step, back(1).saturating_sub(1).max(step + 1)),
            self.position_mean(step),
            self.lag(step, year),
            self.lag(0, 1),
            self.lag(0, 2),
            self.lag(0, 3),
            self.mean(3, 0),
            self.mean(span.div_ceil(2), 0),
            level,
            before,
            level - before,
            variance.sqrt(),
            super::super::ets::line(last_cycle).1 / self.scale,
            last_cycle.iter().filter(|v| **v == 0.0).count() as f64,
        ];
        row.extend(figures.map(|v| v as f32));
        if !self.regressors.is_empty() {
            row.push(self.like_days(step) as f32);
            let target = n + step;
            for regressor in self.regressors {
                let at = |place: usize| regressor.values.get(place).map_or(f32::NAN, |v| *v as f32);
                row.extend([at(target), at(target - 1), at(target + 1)]);
            }
        }
    }
}
