//! The network's arithmetic: forward, the loss, and its gradient by backpropagation through time.
//!
//! Equations, with σ the logistic function and ⊙ products by element: i, f, o = σ(W·[x, h] + b), g = tanh(…),
//! c ← f ⊙ c + i ⊙ g, h = o ⊙ tanh c; for each step ahead z = tanh(A·[h, d] + a), y = base + u·z + v. All weights lie
//! in one vector, in the order W, b, A, a, u, v.

use ndarray::{Array2, ArrayView1, ArrayView2, s};

use crate::rng::Rng;
use serde::{Deserialize, Serialize};

/// Sizes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Shape {
    /// Figures that are read at each past step.
    pub inputs: usize,
    /// Figures that are known of each step ahead.
    pub known: usize,
    pub hidden: usize,
    pub window: usize,
    pub horizon: usize,
}

/// Windows side by side.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    shape: Shape,
    size: usize,
    /// By past step, a row for each window.
    inputs: Vec<Array2<f64>>,
    /// A row for each window and step ahead.
    known: Array2<f64>,
    base: Vec<f64>,
    target: Vec<f64>,
}

impl Batch {
    /// So many windows, all 0.
    pub fn new(shape: Shape, size: usize) -> Self {
        let rows = size * shape.horizon;
        Self {
            shape,
            size,
            inputs: vec![Array2::zeros((size, shape.inputs)); shape.window],
            known: Array2::zeros((rows, shape.known)),
            base: vec![0.0; rows],
            target: vec![0.0; rows],
        }
    }

    /// What window `at` reads at a past step.
    pub fn input(&mut self, step: usize, at: usize) -> &mut [f64] {
        let width = self.shape.inputs;
        &mut cells(&mut self.inputs[step])[at * width..(at + 1) * width]
    }

    /// What window `at` knows of a step ahead.
    pub fn known(&mut self, ahead: usize, at: usize) -> &mut [f64] {
        let (row, width) = (at * self.shape.horizon + ahead, self.shape.known);
        &mut cells(&mut self.known)[row * width..(row + 1) * width]
    }

    /// What the network corrects, and what it should say.
    pub fn set_target(&mut self, ahead: usize, at: usize, base: f64, target: f64) {
        let row = at * self.shape.horizon + ahead;
        (self.base[row], self.target[row]) = (base, target);
    }
}

/// An array's cells, row by row; arrays made here are always in that order.
fn cells(array: &mut Array2<f64>) -> &mut [f64] {
    array.as_slice_mut().unwrap_or_default()
}

/// What a past step leaves for the way back.
struct Step {
    joined: Array2<f64>,
    /// i, f, o, g side by side.
    gates: Array2<f64>,
    before: Array2<f64>,
    cell: Array2<f64>,
}

/// What forward leaves for the way back.
struct Trace {
    steps: Vec<Step>,
    joined: Array2<f64>,
    mixed: Array2<f64>,
    output: Vec<f64>,
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// tanh by one exponential.
fn tanh(x: f64) -> f64 {
    2.0 * sigmoid(2.0 * x) - 1.0
}

/// Adds a vector to every row.
fn add_to_rows(array: &mut Array2<f64>, vector: &[f64]) {
    for mut row in array.rows_mut() {
        row.iter_mut().zip(vector).for_each(|(cell, value)| *cell += value);
    }
}

/// Adds the sums of an array's columns.
fn add_column_sums(array: &Array2<f64>, sums: &mut [f64]) {
    for row in array.rows() {
        sums.iter_mut().zip(row).for_each(|(sum, cell)| *sum += cell);
    }
}

impl Shape {
    /// Lengths of W, b, A, a, u, v.
    fn lengths(&self) -> [usize; 6] {
        let n = self.hidden;
        [(self.inputs + n) * 4 * n, 4 * n, (n + self.known) * n, n, n, 1]
    }

    /// Random weights as large as their inputs are many; the network begins by changing nothing.
    pub fn initial(&self, rng: &mut Rng) -> Vec<f64> {
        let lengths = self.lengths();
        let n = self.hidden;
        let mut weights = vec![0.0; lengths.iter().sum()];
        let (gates, rest) = weights.split_at_mut(lengths[0]);
        let scale = (1.0 / (self.inputs + n) as f64).sqrt();
        gates.iter_mut().for_each(|w| *w = scale * rng.normal());
        let (bias, rest) = rest.split_at_mut(lengths[1]);
        // Gates that forget start open: what is far back is learned from at once.
        bias[n..2 * n].fill(1.0);
        let scale = (1.0 / (self.known + n) as f64).sqrt();
        rest[..lengths[2]].iter_mut().for_each(|w| *w = scale * rng.normal());
        weights
    }

    /// The parts of a vector of weights.
    fn parts<'a>(&self, weights: &'a [f64]) -> [&'a [f64]; 6] {
        let mut rest = weights;
        self.lengths().map(|length| {
            let (part, more) = rest.split_at(length);
            rest = more;
            part
        })
    }

    /// A part as a matrix of so many columns.
    fn matrix(part: &[f64], columns: usize) -> ArrayView2<'_, f64> {
        ArrayView2::from_shape((part.len() / columns, columns), part)
            .expect("`lengths` are multiples of the columns")
    }

    fn forward(&self, weights: &[f64], batch: &Batch) -> Trace {
        let n = self.hidden;
        let [gates, bias, mix, mix_bias, out, shift] = self.parts(weights);
        let (gates, mix) = (Self::matrix(gates, 4 * n), Self::matrix(mix, n));
        let mut memory = Array2::<f64>::zeros((batch.size, n));
        let mut state = Array2::<f64>::zeros((batch.size, n));
        let mut steps = Vec::with_capacity(self.window);
        for input in &batch.inputs {
            let joined = join(input.view(), state.view());
            let mut z = joined.dot(&gates);
            add_to_rows(&mut z, bias);
            let before = memory.clone();
            let rows = z.rows_mut().into_iter().zip(memory.rows_mut()).zip(state.rows_mut());
            let mut cell = Array2::zeros((batch.size, n));
            for (((mut z, mut memory), mut state), mut cell) in rows.zip(cell.rows_mut()) {
                z.iter_mut().take(3 * n).for_each(|v| *v = sigmoid(*v));
                z.iter_mut().skip(3 * n).for_each(|v| *v = tanh(*v));
                for unit in 0..n {
                    memory[unit] = z[n + unit] * memory[unit] + z[unit] * z[3 * n + unit];
                    cell[unit] = tanh(memory[unit]);
                    state[unit] = z[2 * n + unit] * cell[unit];
                }
            }
            steps.push(Step { joined, gates: z, before, cell });
        }
        let mut spread = Array2::zeros((batch.size * self.horizon, n));
        for (row, mut to) in spread.rows_mut().into_iter().enumerate() {
            to.assign(&state.row(row / self.horizon));
        }
        let joined = join(spread.view(), batch.known.view());
        let mut mixed = joined.dot(&mix);
        add_to_rows(&mut mixed, mix_bias);
        mixed.mapv_inplace(tanh);
        let say = |(z, base): (ArrayView1<'_, f64>, &f64)| {
            base + shift[0] + z.iter().zip(out).map(|(z, u)| z * u).sum::<f64>()
        };
        let output = mixed.rows().into_iter().zip(&batch.base).map(say).collect();
        Trace { steps, joined, mixed, output }
    }

    /// What the network says of each window's steps ahead, window by window.
    pub fn predict(&self, weights: &[f64], batch: &Batch) -> Vec<f64> {
        self.forward(weights, batch).output
    }

    /// Huber's loss, its mean over windows and steps ahead; its gradient is added to `slope`.
    pub fn learn(&self, weights: &[f64], batch: &Batch, slope: &mut [f64]) -> f64 {
        let n = self.hidden;
        let trace = self.forward(weights, batch);
        let [gates, _, mix, _, out, _] = self.parts(weights);
        let (gates, mix) = (Self::matrix(gates, 4 * n), Self::matrix(mix, n));
        let lengths = self.lengths();
        let (gates_slope, rest) = slope.split_at_mut(lengths[0]);
        let (bias_slope, rest) = rest.split_at_mut(lengths[1]);
        let (mix_slope, rest) = rest.split_at_mut(lengths[2]);
        let (mix_bias_slope, rest) = rest.split_at_mut(lengths[3]);
        let (out_slope, shift_slope) = rest.split_at_mut(lengths[4]);

        let count = trace.output.len() as f64;
        let mut loss = 0.0;
        let mut back = trace.mixed.clone();
        for ((output, target), mut z) in trace.output.iter().zip(&batch.target).zip(back.rows_mut()) {
            let error = output - target;
            loss += if error.abs() <= 1.0 { error * error / 2.0 } else { error.abs() - 0.5 };
            let error = error.clamp(-1.0, 1.0) / count;
            shift_slope[0] += error;
            for ((z, u), out_slope) in z.iter_mut().zip(out).zip(out_slope.iter_mut()) {
                *out_slope += error * *z;
                *z = error * u * (1.0 - *z * *z);
            }
        }
        add_to(mix_slope, &trace.joined.t().dot(&back));
        add_column_sums(&back, mix_bias_slope);
        let to_state = back.dot(&mix.slice(s![..n, ..]).t());
        let mut state = Array2::<f64>::zeros((batch.size, n));
        for (row, from) in to_state.rows().into_iter().enumerate() {
            let mut to = state.row_mut(row / self.horizon);
            to += &from;
        }
        let mut memory = Array2::<f64>::zeros((batch.size, n));
        for step in trace.steps.iter().rev() {
            let mut z = step.gates.clone();
            for row in 0..batch.size {
                for unit in 0..n {
                    let at = |gate: usize| step.gates[(row, gate * n + unit)];
                    let (i, f, o, g) = (at(0), at(1), at(2), at(3));
                    let (h, c) = (state[(row, unit)], step.cell[(row, unit)]);
                    let m = memory[(row, unit)] + h * o * (1.0 - c * c);
                    z[(row, unit)] = m * g * i * (1.0 - i);
                    z[(row, n + unit)] = m * step.before[(row, unit)] * f * (1.0 - f);
                    z[(row, 2 * n + unit)] = h * c * o * (1.0 - o);
                    z[(row, 3 * n + unit)] = m * i * (1.0 - g * g);
                    memory[(row, unit)] = m * f;
                }
            }
            add_to(gates_slope, &step.joined.t().dot(&z));
            add_column_sums(&z, bias_slope);
            state = z.dot(&gates.slice(s![self.inputs.., ..]).t());
        }
        loss / count
    }
}

/// Two arrays of as many rows side by side.
fn join(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> Array2<f64> {
    let mut joined = Array2::zeros((a.nrows(), a.ncols() + b.ncols()));
    joined.slice_mut(s![.., ..a.ncols()]).assign(&a);
    joined.slice_mut(s![.., a.ncols()..]).assign(&b);
    joined
}

/// Adds a matrix to a part of the gradient.
fn add_to(part: &mut [f64], matrix: &Array2<f64>) {
    part.iter_mut().zip(matrix.iter()).for_each(|(sum, value)| *sum += value);
}
