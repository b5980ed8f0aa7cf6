//! Exact Gaussian likelihood of a stationary, invertible ARMA process.
//!
//! Question answered: how surprising is each value of a series, given those before it, if it came from this process.
//! Input: the factors of the process, a series without missing values. Output: standardised innovations v/√F and
//! Σ ln F, where the variance of the noise is taken as 1. Method: the prediction covariance starts from the
//! stationary one and changes by a matrix of rank one in each step, so gains cost O(r) each (Chandrasekhar's
//! recursions) instead of O(r²); only its first column is ever needed, which comes from the autocovariances.
//! Assumptions: normal noise. How it fails: a process at the edge of stationarity is refused (`false`).
//! References: Morf, Sidhu & Kailath, IEEE Trans. Automatic Control 19 (1974); Pearlman, Biometrika 67 (1980);
//! Mélard, Applied Statistics 33 (1984), AS 197; Durbin, Revue de l'Institut International de Statistique 28 (1960)
//! (partial autocorrelations to coefficients and back).

/// Most coefficients in one factor.
pub(super) const MAX_FACTOR: usize = 5;

/// From here on the gain is as good as steady.
const STEADY: f64 = 1e-10;

/// Orders of the factors: (1 − φB − …)(1 − ΦBᵐ − …) w = (1 + θB + …)(1 + ΘBᵐ + …) e.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// p, q, P, Q.
    pub orders: [usize; 4],
    pub season: usize,
}

impl Shape {
    pub fn parameters(&self) -> usize {
        self.orders.iter().sum()
    }
}

/// Coefficients of a process with these partial autocorrelations.
fn coefficients(partials: &[f64], out: &mut [f64; MAX_FACTOR]) {
    for (k, &partial) in partials.iter().enumerate() {
        let before = *out;
        for j in 0..k {
            out[j] = before[j] - partial * before[k - 1 - j];
        }
        out[k] = partial;
    }
}

/// Whether all roots of 1 − c₁z − c₂z² − … lie outside the circle of this radius.
pub(super) fn roots_outside(coefficients: &[f64], radius: f64) -> bool {
    let mut c: Vec<f64> = coefficients.to_vec();
    let mut scale = 1.0;
    for value in &mut c {
        scale *= radius;
        *value *= scale;
    }
    let mut lower = c.clone();
    for k in (0..c.len()).rev() {
        let partial = c[k];
        if partial.is_nan() || partial.abs() >= 1.0 {
            return false;
        }
        for j in 0..k {
            lower[j] = (c[j] + partial * c[k - 1 - j]) / (1.0 - partial * partial);
        }
        c[..k].copy_from_slice(&lower[..k]);
    }
    true
}

/// The four factors with their coefficients: φ, θ, Φ, Θ in the order p, q, P, Q.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Factors {
    pub shape: Shape,
    values: [[f64; MAX_FACTOR]; 4],
}

impl Factors {
    /// From unbounded coordinates: tanh makes each a partial autocorrelation, so every point is stationary and
    /// invertible, and a further order starts at 0 without changing the process (Monahan, Biometrika 71, 1984).
    pub fn new(shape: Shape, coordinates: &[f64]) -> Self {
        let mut values = [[0.0; MAX_FACTOR]; 4];
        let mut rest = coordinates;
        for (at, (&order, out)) in shape.orders.iter().zip(&mut values).enumerate() {
            let (own, later) = rest.split_at(order);
            rest = later;
            let mut partials = [0.0; MAX_FACTOR];
            partials.iter_mut().zip(own).for_each(|(p, u)| *p = u.tanh());
            coefficients(&partials[..order], out);
            if at % 2 == 1 {
                out.iter_mut().for_each(|c| *c = -*c);
            }
        }
        Self { shape, values }
    }

    pub fn factor(&self, at: usize) -> &[f64] {
        &self.values[at][..self.shape.orders[at]]
    }

    /// Whether every root is that far outside of the unit circle; seasonal ones are measured in whole seasons.
    pub fn well_inside(&self, regular: f64, seasonal: f64) -> bool {
        (0..4).all(|at| {
            let sign = if at % 2 == 1 { -1.0 } else { 1.0 };
            let own: Vec<f64> = self.factor(at).iter().map(|c| sign * c).collect();
            roots_outside(&own, if at < 2 { regular } else { seasonal })
        })
    }

    /// Lags and coefficients of one side multiplied out: w(t) = Σ φ w(t − lag) + e(t) + Σ θ e(t − lag).
    fn expand(&self, side: usize, out: &mut Vec<(usize, f64)>) {
        out.clear();
        let sign = if side == 0 { -1.0 } else { 1.0 };
        let (regular, seasonal) = (self.factor(side), self.factor(side + 2));
        for j in 0..=seasonal.len() {
            for i in 0..=regular.len() {
                let a = if i == 0 { 1.0 } else { sign * regular[i - 1] };
                let b = if j == 0 { 1.0 } else { sign * seasonal[j - 1] };
                let lag = i + j * self.shape.season;
                if lag > 0 {
                    out.push((lag, sign * a * b));
                }
            }
        }
    }
}

/// The filter and its buffers.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    ar: Vec<(usize, f64)>,
    ma: Vec<(usize, f64)>,
    /// Dense, as long as the state.
    phi: Vec<f64>,
    /// Predicted state; what it says of the next value comes first. One slot longer than the state, for a zero.
    state: Vec<f64>,
    /// Gain times variance, and the direction in which the covariance changes next.
    gain: Vec<f64>,
    change: Vec<f64>,
    variance: f64,
    weight: f64,
    psi: Vec<f64>,
    gamma: Vec<f64>,
    lower: Vec<f64>,
}

impl Filter {
    /// Makes ready for the first value. False: not stationary as far as numbers can tell.
    pub fn start(&mut self, factors: &Factors) -> bool {
        factors.expand(0, &mut self.ar);
        factors.expand(1, &mut self.ma);
        let p = self.ar.iter().map(|it| it.0).max().unwrap_or(0);
        let q = self.ma.iter().map(|it| it.0).max().unwrap_or(0);
        let r = p.max(q + 1);
        self.phi.clear();
        self.phi.resize(r, 0.0);
        for &(lag, c) in &self.ar {
            self.phi[lag - 1] += c;
        }
        if !self.autocovariances(p, q, r) {
            return false;
        }
        self.responses(r);
        for buffer in [&mut self.state, &mut self.gain, &mut self.change] {
            buffer.clear();
            buffer.resize(r + 1, 0.0);
        }
        // first column of the stationary covariance of the state, into `change`
        self.change[0] = self.gamma[0];
        for i in 1..r {
            let of_values =
                self.ar.iter().filter(|(lag, _)| *lag > i).map(|(lag, c)| c * self.gamma[lag - i]);
            let of_noise = self.ma.iter().filter(|(lag, _)| *lag >= i).map(|(lag, c)| c * self.psi[lag - i]);
            self.change[i] = of_values.sum::<f64>() + of_noise.sum::<f64>();
        }
        self.variance = self.gamma[0];
        for i in 0..r {
            self.gain[i] = self.phi[i] * self.change[0] + self.change[i + 1];
        }
        for i in 0..r {
            self.change[i] = self.gain[i] / self.variance;
        }
        self.weight = -self.variance;
        self.variance.is_finite()
    }

    /// Autocovariances at lags 0 to r: those of the autoregression by its lower orders, then smoothed by the moving
    /// average.
    fn autocovariances(&mut self, p: usize, q: usize, r: usize) -> bool {
        // coefficients of order k stand at k(k − 1)/2
        self.lower.resize(p * (p + 1) / 2, 0.0);
        let mut own = 1.0;
        if p > 0 {
            let top = p * (p - 1) / 2;
            self.lower[top..top + p].copy_from_slice(&self.phi[..p]);
            for k in (1..=p).rev() {
                let (below, from) = self.lower.split_at_mut(k * (k - 1) / 2);
                let partial = from[k - 1];
                let left = 1.0 - partial * partial;
                if left.is_nan() || left <= 1e-12 {
                    return false;
                }
                own /= left;
                if k > 1 {
                    let below = &mut below[(k - 1) * (k - 2) / 2..];
                    for j in 0..k - 1 {
                        below[j] = (from[j] + partial * from[k - 2 - j]) / left;
                    }
                }
            }
        }
        let reach = r + q + 1;
        let mut pure = std::mem::take(&mut self.psi);
        pure.clear();
        pure.push(own);
        for k in 1..reach {
            let value = if k <= p {
                let row = &self.lower[k * (k - 1) / 2..k * (k + 1) / 2];
                row.iter().zip(pure.iter().rev()).map(|(c, g)| c * g).sum()
            } else {
                self.ar.iter().map(|(lag, c)| c * pure[k - lag]).sum()
            };
            pure.push(value);
        }
        // γ(k) = Σᵢ Σⱼ θᵢ θⱼ γₓ(k + i − j), θ₀ = 1
        self.gamma.clear();
        self.gamma.resize(r + 1, 0.0);
        let with_zero = || std::iter::once((0, 1.0)).chain(self.ma.iter().copied());
        for (i, a) in with_zero() {
            for (j, b) in with_zero() {
                let c = a * b;
                for (k, out) in self.gamma.iter_mut().enumerate() {
                    *out += c * pure[(k + i).abs_diff(j)];
                }
            }
        }
        self.psi = pure;
        true
    }

    /// What one unit of noise does to later values.
    fn responses(&mut self, r: usize) {
        self.psi.clear();
        self.psi.resize(r, 0.0);
        self.psi[0] = 1.0;
        for &(lag, c) in &self.ma {
            self.psi[lag] += c;
        }
        for k in 1..r {
            let of_values = self.ar.iter().filter(|(lag, _)| *lag <= k).map(|(lag, c)| c * self.psi[k - lag]);
            self.psi[k] += of_values.sum::<f64>();
        }
    }

    /// Takes one value; returns how far it lies from what was predicted.
    pub fn step(&mut self, value: f64) -> f64 {
        let r = self.phi.len();
        let (state, gain, change) = (&mut self.state[..=r], &mut self.gain[..=r], &mut self.change[..=r]);
        let phi = &self.phi[..r];
        let (first, along) = (state[0], change[0]);
        let innovation = value - first;
        let scale = 1.0 / self.variance;
        let push = self.weight * along;
        for i in 0..r {
            let moved = phi[i] * along + change[i + 1];
            let k = gain[i] * scale;
            state[i] = phi[i] * first + state[i + 1] + k * innovation;
            change[i] = moved - k * along;
            gain[i] += moved * push;
        }
        let next = self.variance + along * push;
        self.weight *= self.variance / next;
        self.variance = next;
        innovation
    }

    /// Means of the next values, as far as `row` is long.
    pub fn project(&self, scratch: &mut Vec<f64>, row: &mut [f64]) {
        scratch.clone_from(&self.state);
        let r = self.phi.len();
        for mean in row {
            let first = scratch[0];
            *mean = first;
            for i in 0..r {
                scratch[i] = self.phi[i] * first + scratch[i + 1];
            }
        }
    }

    /// Standardised innovations of the whole series into `out`; returns Σ ln F. Call [`Filter::start`] before.
    pub fn innovations(&mut self, series: &[f64], out: &mut Vec<f64>) -> f64 {
        out.clear();
        let (mut log, mut product) = (0.0, 1.0_f64);
        for (t, &value) in series.iter().enumerate() {
            if self.variance - 1.0 < STEADY && t >= self.phi.len() {
                self.go_on_steadily(series, out);
                break;
            }
            let variance = self.variance;
            product *= variance;
            if product > 1e200 {
                log += product.ln();
                product = 1.0;
            }
            let innovation = self.step(value);
            out.push(innovation / variance.sqrt());
        }
        log + product.ln()
    }

    /// The rest of a series once variances are 1: a plain recursion over the few lags that count.
    fn go_on_steadily(&self, series: &[f64], out: &mut Vec<f64>) {
        for t in out.len()..series.len() {
            let of_values: f64 = self.ar.iter().map(|(lag, c)| c * series[t - lag]).sum();
            let of_noise: f64 = self.ma.iter().map(|(lag, c)| c * out[t - lag]).sum();
            out.push(series[t] - of_values - of_noise);
        }
    }
}
