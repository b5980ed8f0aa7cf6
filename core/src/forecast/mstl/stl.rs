//! One season taken out of a series by repeated local regression: STL.
//!
//! Question answered: which part of each value is the season's, when the season may change slowly and the trend may
//! bend. Input: a regular history of at least two seasons, [`Stl`]. Output: the season's share of each value, in the
//! history's unit. Each pass smooths the values of every position in the season along the cycles, takes what is slow
//! in that off again, and smooths the rest into the trend that the next pass starts from.
//!
//! Local regression on a regular grid is the same weighted sum wherever a whole window fits, so [`Loess`] works out the
//! weights once for a length and each pass is sums of products alone.
//!
//! Assumptions: noise without huge outliers (the robust passes of the paper are left out: a band of days with a closed
//! shop would be taken for outliers). How it fails: it cannot; a history of fewer than two seasons is the caller's to
//! refuse.
//! References: Cleveland, Cleveland, McRae & Terpenning, Journal of Official Statistics 6 (1990), sections 2 and 3;
//! Cleveland, JASA 74 (1979) (loess).

/// Local regression on a regular grid, its weights worked out for one length.
#[derive(Debug, Clone)]
pub(super) struct Loess {
    /// Values that each result sums up.
    reach: usize,
    /// Where results are worked out, the first value's place and the weights' place for each.
    points: Vec<(usize, usize, usize)>,
    weights: Vec<f64>,
}

impl Loess {
    /// For `length` ≥ 2 values: a window of `window` (odd, ≥ 3) nearest values, a level or a line through them. With `jump`
    /// above 1 results are worked out at every `jump`-th place and at both ends, and joined by straight lines. `beyond`
    /// adds a result one step before the first value and one after the last.
    pub fn new(length: usize, window: usize, straight: bool, jump: usize, beyond: bool) -> Self {
        let reach = window.min(length);
        let edge = usize::from(beyond);
        let last = length - 1 + 2 * edge;
        let mut places: Vec<usize> = (edge..last + 1 - edge).step_by(jump.max(1)).collect();
        if beyond {
            places.insert(0, 0);
        }
        // the last value has a result of its own, and so has the place beyond it
        for place in [last - edge, last] {
            if places.last().is_some_and(|it| *it < place) {
                places.push(place);
            }
        }
        let mut made = Self { reach, points: Vec::new(), weights: Vec::new() };
        let mut inside = None;
        for place in places {
            let x = place as f64 - edge as f64;
            let start = (place.saturating_sub(edge + (window - 1) / 2)).min(length - reach);
            // as far on one side as on the other: all such places share their weights
            let centred = x - start as f64 == (window - 1) as f64 / 2.0 && reach == window;
            let at = match inside {
                Some(at) if centred => at,
                _ => made.add(x - start as f64, window, straight),
            };
            if centred {
                inside = Some(at);
            }
            made.points.push((place, start, at));
        }
        made
    }

    /// Works out the weights of `reach` values for a result at `x`, counted from the first of them; returns their place.
    fn add(&mut self, x: f64, window: usize, straight: bool) -> usize {
        let at = self.weights.len();
        let n = self.reach;
        // a window wider than the history counts its missing half as well
        let far = x.max(n as f64 - 1.0 - x) + ((window - n) / 2) as f64;
        self.weights.extend((0..n).map(|j| {
            let r = ((j as f64 - x).abs() / far).min(1.0);
            (1.0 - r * r * r).powi(3)
        }));
        let weights = &mut self.weights[at..];
        let total: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|w| *w /= total);
        if straight {
            let centre: f64 = weights.iter().enumerate().map(|(j, w)| w * j as f64).sum();
            let spread: f64 = weights.iter().enumerate().map(|(j, w)| w * (j as f64 - centre).powi(2)).sum();
            // a window of one value that counts has no slope
            if spread.sqrt() > 1e-3 * n as f64 {
                let slope = (x - centre) / spread;
                weights.iter_mut().enumerate().for_each(|(j, w)| *w *= 1.0 + slope * (j as f64 - centre));
            }
        }
        at
    }

    /// Smooths `y` into `out`, which is longer by the two results beyond the ends when these were asked for.
    pub fn smooth(&self, y: &[f64], out: &mut [f64]) {
        let mut before = None;
        for &(place, start, at) in &self.points {
            let result = dot(&y[start..start + self.reach], &self.weights[at..at + self.reach]);
            out[place] = result;
            if let Some((from, value)) = before {
                let slope = (result - value) / (place - from) as f64;
                (from + 1..place).for_each(|it| out[it] = value + slope * (it - from) as f64);
            }
            before = Some((place, result));
        }
    }
}

/// Σ a·b in four partial sums, which a processor can work on side by side.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (fours, others) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = fours.remainder().iter().zip(others.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in fours.zip(others) {
        for lane in 0..4 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// The smallest odd number above `x`, at least 3.
fn odd_above(x: f64) -> usize {
    let least = (x.floor() as usize).max(2) + 1;
    least + usize::from(least.is_multiple_of(2))
}

/// How the season is taken out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stl {
    /// Steps per season, at least 2.
    pub season: usize,
    /// Cycles that speak of one cycle's effects, odd, at least 7: more hold the season stiffer.
    pub window: usize,
    /// Whether effects may run along a line within that window.
    pub straight: bool,
    /// Passes.
    pub passes: usize,
    /// Results of a window of w values are worked out at every w/`sparse`-th place; 0 for all places.
    pub sparse: usize,
}

impl Stl {
    /// Steps between the results of a window.
    fn jump(&self, window: usize) -> usize {
        if self.sparse == 0 { 1 } else { window.div_ceil(self.sparse) }
    }

    /// The season's share of each value of `y` and the trend; at least two seasons of values.
    pub fn split(&self, y: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (n, m) = (y.len(), self.season);
        // the paper's least window that leaves none of the season in the trend
        let trended = odd_above(1.5 * m as f64 / (1.0 - 1.5 / self.window as f64) - 1e-9);
        let slow = odd_above(m as f64);
        let made = |length, window, straight, beyond| {
            Loess::new(length, window, straight, self.jump(window), beyond)
        };
        let along = [n / m, n / m + 1].map(|cycles| made(cycles, self.window, self.straight, true));
        let (slow, trended) = (made(n, slow, true, false), made(n, trended, true, false));
        let (mut season, mut trend) = (vec![0.0; n], vec![0.0; n]);
        let mut cycles = vec![0.0; n + 2 * m];
        let (mut first, mut second, mut third) = (vec![0.0; n + m + 1], vec![0.0; n + 2], vec![0.0; n]);
        let (mut some, mut smoothed) = (Vec::new(), vec![0.0; n / m + 3]);
        for _ in 0..self.passes {
            for position in 0..m {
                some.clear();
                some.extend((position..n).step_by(m).map(|t| y[t] - trend[t]));
                let smoothed = &mut smoothed[..some.len() + 2];
                along[some.len() - n / m].smooth(&some, smoothed);
                for (cycle, value) in smoothed.iter().enumerate() {
                    cycles[position + cycle * m] = *value;
                }
            }
            // what is slow in them is the trend's
            moving_average(&cycles, m, &mut first);
            moving_average(&first, m, &mut second);
            moving_average(&second, 3, &mut third);
            slow.smooth(&third, &mut season);
            for (t, s) in season.iter_mut().enumerate() {
                *s = cycles[m + t] - *s;
                third[t] = y[t] - *s;
            }
            trended.smooth(&third, &mut trend);
        }
        (season, trend)
    }
}

/// Means of `width` neighbours, as many as there are whole windows.
fn moving_average(y: &[f64], width: usize, out: &mut [f64]) {
    let mut sum: f64 = y[..width].iter().sum();
    out[0] = sum / width as f64;
    for (t, mean) in out.iter_mut().enumerate().skip(1) {
        sum += y[t + width - 1] - y[t - 1];
        *mean = sum / width as f64;
    }
}
