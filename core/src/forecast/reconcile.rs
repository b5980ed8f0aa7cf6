//! Reconciled forecasts: products, categories, shops and the whole business add up.
//!
//! Question answered: each node of a tree has a forecast of its own; which forecasts are near to all of them and
//! yet add up? Input: a [`Hierarchy`], a base forecast of every node, and every node's one-step errors over the same
//! past steps, all in one unit. Output: forecasts of every node; a parent is the sum of its children.
//!
//! Model: minimum trace. Of base forecasts ŷ with error covariance W and constraints C·y = 0 (a parent less its
//! children) the best unbiased ones are ỹ = ŷ − W·Cᵀ(C·W·Cᵀ)⁻¹·C·ŷ. W = λ·diag + (1 − λ)·sample covariance, with
//! Schäfer & Strimmer's λ ([`Weights::Shrunk`]). Neither W nor anything else as large as nodes × nodes is ever
//! formed: the system has one row for each node with children. Of a diagonal W ([`Weights::Variance`],
//! [`Weights::Structural`]) one sweep up and one down the tree solve it, whatever its size: a node's forecast is
//! weighed against the sum of its children's, then the difference is handed down by their variances.
//!
//! Assumptions: base forecasts are unbiased, and their errors' covariance is the same at all horizons up to a factor.
//! How it fails: with fewer than [`MIN_ERRORS`] errors, or none but zeros, weights are structural. The cut at zero
//! (leaves below it become 0, sums follow) lifts sums a little where leaves are near nothing.
//!
//! References: Wickramasuriya, Athanasopoulos & Hyndman, JASA 114 (2019), eq. 9 and 14; Schäfer & Strimmer, Stat.
//! Appl. Genet. Mol. Biol. 4 (2005), table 2, target D; Athanasopoulos et al., EJOR 262 (2017) (structural scaling);
//! Di Fonzo & Girolimetto, Solar Energy 251 (2023) (negatives set to zero).

use std::collections::BTreeMap;

/// Errors of each node that a covariance needs at least.
pub const MIN_ERRORS: usize = 14;

/// Nodes with children up to which the full covariance is used; the system is dense in these.
pub const MAX_SHRUNK_SUMS: usize = 300;

/// A tree of series, parents before children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hierarchy {
    parent: Vec<Option<usize>>,
    children: Vec<Vec<usize>>,
}

/// What errors weigh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weights {
    /// A node's variance is its number of leaves.
    Structural,
    /// Each node's own variance, no covariance.
    Variance,
    /// The covariance, shrunk towards its diagonal.
    Shrunk,
}

/// Why forecasts could not be reconciled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReconcileError {
    /// Children stand after their parents.
    #[error("parent of node {node} is {parent}: an earlier node was expected")]
    Parent {
        /// The child.
        node: usize,
        /// What it named.
        parent: usize,
    },
    /// A column for each node.
    #[error("{given} {what} for {nodes} nodes: one for each was expected")]
    Nodes {
        /// Of what.
        what: &'static str,
        /// How many were given.
        given: usize,
        /// How many nodes there are.
        nodes: usize,
    },
    /// All nodes reach equally far.
    #[error("{what} of node {node} are {given} values: {expected} were expected, as of node 0")]
    Steps {
        /// Of what.
        what: &'static str,
        /// Which node.
        node: usize,
        /// How many it has.
        given: usize,
        /// How many the first one has.
        expected: usize,
    },
    /// A value is NaN or infinite.
    #[error("{what} of node {node} hold a value that is not finite at index {index}")]
    NotFinite {
        /// Of what.
        what: &'static str,
        /// Which node.
        node: usize,
        /// Where, from 0.
        index: usize,
    },
}

impl Hierarchy {
    /// From each node's parent; roots have none. A parent must stand before its children.
    pub fn new(parent: Vec<Option<usize>>) -> Result<Self, ReconcileError> {
        let mut children = vec![Vec::new(); parent.len()];
        for (node, above) in parent.iter().enumerate() {
            if let Some(above) = *above {
                if above >= node {
                    return Err(ReconcileError::Parent { node, parent: above });
                }
                children[above].push(node);
            }
        }
        Ok(Self { parent, children })
    }

    /// One root over groups over leaves: a leaf's key says its groups from the top, e.g. `[shop, category]`. Nodes come
    /// level by level, groups by key, leaves last and as given.
    pub fn grouped(leaves: &[Vec<u32>]) -> Self {
        let mut groups: BTreeMap<(usize, &[u32]), usize> = BTreeMap::new();
        for key in leaves {
            (1..=key.len()).for_each(|depth| _ = groups.insert((depth, &key[..depth]), 0));
        }
        let mut parent = vec![None];
        let mut places = groups.clone();
        for (depth, key) in groups.keys() {
            let above = places.get(&(depth - 1, &key[..depth - 1])).copied().unwrap_or(0);
            places.insert((*depth, key), parent.len());
            parent.push(Some(above));
        }
        let of_leaf = |key: &Vec<u32>| places.get(&(key.len(), &key[..])).copied().unwrap_or(0);
        parent.extend(leaves.iter().map(|key| Some(of_leaf(key))));
        let mut children = vec![Vec::new(); parent.len()];
        for (node, above) in parent.iter().enumerate() {
            above.iter().for_each(|&above| children[above].push(node));
        }
        Self { parent, children }
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.parent.len()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.parent.is_empty()
    }

    /// Nodes without children, in order.
    pub fn leaves(&self) -> Vec<usize> {
        (0..self.len()).filter(|&node| self.children[node].is_empty()).collect()
    }

    /// A node's children.
    pub fn children(&self, node: usize) -> &[usize] {
        &self.children[node]
    }

    /// Makes every node with children their sum.
    pub fn sum_up(&self, values: &mut [f64]) {
        for node in (0..self.len()).rev().filter(|&node| !self.children[node].is_empty()) {
            values[node] = self.children[node].iter().map(|&child| values[child]).sum();
        }
    }

    fn leaf_counts(&self) -> Vec<f64> {
        let mut counts = vec![1.0; self.len()];
        self.sum_up(&mut counts);
        counts
    }

    /// C·y: each sum less its children.
    fn incoherence(&self, sums: &[usize], y: &[f64]) -> Vec<f64> {
        let gap = |&node: &usize| y[node] - self.children[node].iter().map(|&it| y[it]).sum::<f64>();
        sums.iter().map(gap).collect()
    }
}

/// Learned weights of one hierarchy: reconciles any number of forecasts.
#[derive(Clone, Debug)]
pub struct Reconciler<'a> {
    tree: &'a Hierarchy,
    weights: Weights,
    variance: Vec<f64>,
    shrunk: Option<Shrunk>,
}

#[derive(Clone, Debug)]
struct Shrunk {
    lambda: f64,
    /// Node × step.
    errors: Vec<Vec<f64>>,
    /// Nodes with children.
    sums: Vec<usize>,
    /// Step × sum: errors' own incoherence.
    gaps: Vec<Vec<f64>>,
    /// Cholesky factor of C·W·Cᵀ, lower, row by row.
    factor: Vec<f64>,
}

impl<'a> Reconciler<'a> {
    /// Learns from `errors[node][step]`: one-step errors over the same past steps. Falls back to
    /// [`Weights::Structural`] where they are few, and to [`Weights::Variance`] where sums are too many or the
    /// covariance is not definite; [`Reconciler::weights`] tells.
    pub fn learn(tree: &'a Hierarchy, errors: &[Vec<f64>], wish: Weights) -> Result<Self, ReconcileError> {
        checked(tree, errors, "errors")?;
        let steps = errors.first().map_or(0, Vec::len);
        let mean_square = |row: &Vec<f64>| row.iter().map(|e| e * e).sum::<f64>() / steps as f64;
        let mut reconciler =
            Self { tree, weights: Weights::Structural, variance: tree.leaf_counts(), shrunk: None };
        if wish == Weights::Structural || steps < MIN_ERRORS {
            return Ok(reconciler);
        }
        let variance: Vec<f64> = errors.iter().map(mean_square).collect();
        let most = variance.iter().copied().fold(0.0, f64::max);
        if most <= 0.0 || !most.is_finite() {
            return Ok(reconciler);
        }
        // A series without errors is not certain for that: a product that did not sell yet.
        reconciler.variance = variance.into_iter().map(|it| it.max(1e-6 * most)).collect();
        reconciler.weights = Weights::Variance;
        let sums: Vec<usize> = (0..tree.len()).filter(|&node| !tree.children[node].is_empty()).collect();
        if wish == Weights::Shrunk && sums.len() <= MAX_SHRUNK_SUMS {
            reconciler.shrunk = Shrunk::learn(tree, errors, sums, &reconciler.variance);
        }
        if reconciler.shrunk.is_some() {
            reconciler.weights = Weights::Shrunk;
        }
        Ok(reconciler)
    }

    /// The weights that are used.
    pub fn weights(&self) -> Weights {
        self.weights
    }

    /// Reconciles `base[node][step]`.
    pub fn reconcile(&self, base: &[Vec<f64>], non_negative: bool) -> Result<Vec<Vec<f64>>, ReconcileError> {
        checked(self.tree, base, "forecasts")?;
        let steps = base.first().map_or(0, Vec::len);
        let mut reconciled = vec![vec![0.0; steps]; base.len()];
        for step in 0..steps {
            let y: Vec<f64> = base.iter().map(|row| row[step]).collect();
            let mut y = match &self.shrunk {
                Some(shrunk) => shrunk.step(self.tree, &self.variance, y),
                None => self.sweep(y),
            };
            if non_negative {
                y.iter_mut().for_each(|it| *it = it.max(0.0));
            }
            self.tree.sum_up(&mut y);
            for (row, value) in reconciled.iter_mut().zip(y) {
                row[step] = value;
            }
        }
        Ok(reconciled)
    }

    /// Up: what a node's subtree says of it, its own forecast included. Down: the difference by variances.
    fn sweep(&self, mut y: Vec<f64>) -> Vec<f64> {
        let mut variance = self.variance.clone();
        let below = |y: &[f64], variance: &[f64], node: usize| {
            let children = self.tree.children[node].iter();
            children.fold((0.0, 0.0), |(sum, spread), &it| (sum + y[it], spread + variance[it]))
        };
        for node in (0..y.len()).rev().filter(|&node| !self.tree.children[node].is_empty()) {
            let (sum, spread) = below(&y, &variance, node);
            let trust = spread / (spread + variance[node]);
            y[node] = sum + trust * (y[node] - sum);
            variance[node] *= trust;
        }
        for node in 0..y.len() {
            let (sum, spread) = below(&y, &variance, node);
            let left = y[node] - sum;
            for &child in &self.tree.children[node] {
                y[child] += left * variance[child] / spread;
            }
        }
        y
    }
}

impl Shrunk {
    fn learn(tree: &Hierarchy, errors: &[Vec<f64>], sums: Vec<usize>, variance: &[f64]) -> Option<Self> {
        let steps = errors[0].len();
        let lambda = shrinkage(errors);
        let at = |step: usize| -> Vec<f64> { errors.iter().map(|row| row[step]).collect() };
        let gaps: Vec<Vec<f64>> = (0..steps).map(|step| tree.incoherence(&sums, &at(step))).collect();
        let n = sums.len();
        let mut system = vec![0.0; n * n];
        let place: BTreeMap<usize, usize> = sums.iter().enumerate().map(|(at, node)| (*node, at)).collect();
        for (i, node) in sums.iter().enumerate() {
            let children: f64 = tree.children[*node].iter().map(|&it| variance[it]).sum();
            system[i * n + i] += lambda * (variance[*node] + children);
            if let Some(above) = tree.parent[*node].and_then(|it| place.get(&it)) {
                system[i * n + above] -= lambda * variance[*node];
            }
        }
        for gap in &gaps {
            for i in 0..n {
                let own = (1.0 - lambda) / steps as f64 * gap[i];
                (0..=i).for_each(|j| system[i * n + j] += own * gap[j]);
            }
        }
        cholesky(&mut system, n).then_some(Self {
            lambda,
            errors: errors.to_vec(),
            sums,
            gaps,
            factor: system,
        })
    }

    /// ŷ − W·Cᵀ(C·W·Cᵀ)⁻¹·C·ŷ.
    fn step(&self, tree: &Hierarchy, variance: &[f64], mut y: Vec<f64>) -> Vec<f64> {
        let n = self.sums.len();
        let mut u = tree.incoherence(&self.sums, &y);
        for i in 0..n {
            let dot: f64 = (0..i).map(|j| self.factor[i * n + j] * u[j]).sum();
            u[i] = (u[i] - dot) / self.factor[i * n + i];
        }
        for i in (0..n).rev() {
            let dot: f64 = (i + 1..n).map(|j| self.factor[j * n + i] * u[j]).sum();
            u[i] = (u[i] - dot) / self.factor[i * n + i];
        }
        let dot = |gap: &Vec<f64>| gap.iter().zip(&u).map(|(a, b)| a * b).sum::<f64>();
        let along: Vec<f64> = self.gaps.iter().map(dot).collect();
        let factor = (1.0 - self.lambda) / along.len() as f64;
        for (node, value) in y.iter_mut().enumerate() {
            *value -= factor * self.errors[node].iter().zip(&along).map(|(a, b)| a * b).sum::<f64>();
        }
        for (place, &node) in self.sums.iter().enumerate() {
            y[node] -= self.lambda * variance[node] * u[place];
            for &child in &tree.children[node] {
                y[child] += self.lambda * variance[child] * u[place];
            }
        }
        y
    }
}

/// λ = Σ Var(r_ij) / Σ r_ij² over i ≠ j, in 0–1, of errors z scaled to unit mean square. With r = ZᵀZ/T and
/// Var(r_ij) = (Σ_t (z_ti·z_tj)² − T·r_ij²) / (T·(T − 1)), the sums over pairs are sums over steps:
/// Σ_ij Σ_t (z_ti·z_tj)² = Σ_t (Σ_i z_ti²)² and Σ_ij (T·r_ij)² = ‖Z·Zᵀ‖².
fn shrinkage(errors: &[Vec<f64>]) -> f64 {
    let steps = errors[0].len();
    let t = steps as f64;
    let mut gram = vec![0.0; steps * steps];
    let (mut fourth, mut squares) = (0.0, 0.0);
    for row in errors {
        let mean_square = row.iter().map(|e| e * e).sum::<f64>() / t;
        if mean_square <= 0.0 {
            continue;
        }
        let z: Vec<f64> = row.iter().map(|e| e / mean_square.sqrt()).collect();
        for (a, line) in z.iter().zip(gram.chunks_exact_mut(steps)) {
            line.iter_mut().zip(&z).for_each(|(cell, b)| *cell += a * b);
        }
        fourth += z.iter().map(|z| z.powi(4)).sum::<f64>();
        squares += t * t;
    }
    let of_steps: f64 = (0..steps).map(|step| gram[step * steps + step].powi(2)).sum::<f64>() - fourth;
    let of_pairs: f64 = gram.iter().map(|it| it * it).sum::<f64>() - squares;
    let variance = (of_steps - of_pairs / t) / (t * (t - 1.0));
    if of_pairs > 0.0 { (variance / (of_pairs / (t * t))).clamp(0.0, 1.0) } else { 1.0 }
}

/// In place, lower triangle; false when the matrix is not definite.
fn cholesky(a: &mut [f64], n: usize) -> bool {
    for i in 0..n {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| a[i * n + k] * a[j * n + k]).sum();
            let rest = a[i * n + j] - dot;
            if i == j {
                if rest.is_nan() || rest <= 1e-12 * a[i * n + i] {
                    return false;
                }
                a[i * n + i] = rest.sqrt();
            } else {
                a[i * n + j] = rest / a[j * n + j];
            }
        }
    }
    true
}

/// Joint sample paths `paths[leaf][path][step]` (leaves in the order of [`Hierarchy::leaves`]) brought to reconciled
/// means and summed up: `[node][path][step]`. Each leaf is shifted; where values below zero are impossible it is
/// scaled instead, so that nothing stays nothing. Path k of every leaf belongs together: sums keep the dependence
/// that the leaves' paths have. `reconciled[node][step]` must reach as far as the paths.
pub fn reconcile_paths(
    tree: &Hierarchy,
    reconciled: &[Vec<f64>],
    paths: &[Vec<Vec<f64>>],
    non_negative: bool,
) -> Result<Vec<Vec<Vec<f64>>>, ReconcileError> {
    checked(tree, reconciled, "forecasts")?;
    let leaves = tree.leaves();
    if paths.len() != leaves.len() {
        let (given, nodes) = (paths.len(), leaves.len());
        return Err(ReconcileError::Nodes { what: "leaves' paths", given, nodes });
    }
    let steps = reconciled.first().map_or(0, Vec::len);
    let count = paths.first().map_or(0, Vec::len);
    let mut all = vec![vec![vec![0.0; steps]; count]; tree.len()];
    for (&leaf, paths) in leaves.iter().zip(paths) {
        for path in paths {
            check_row(path, steps, leaf, "paths")?;
        }
        if paths.len() != count {
            let given = paths.len();
            return Err(ReconcileError::Steps { what: "paths", node: leaf, given, expected: count });
        }
        for step in 0..steps {
            let mean = paths.iter().map(|path| path[step]).sum::<f64>() / count as f64;
            let target = reconciled[leaf][step];
            for (moved, path) in all[leaf].iter_mut().zip(paths) {
                moved[step] = match non_negative {
                    true if mean > 0.0 => (path[step] * target / mean).max(0.0),
                    true => target.max(0.0),
                    false => path[step] + target - mean,
                };
            }
        }
    }
    for node in (0..tree.len()).rev().filter(|&node| !tree.children[node].is_empty()) {
        // Children stand behind their parent.
        let (above, below) = all.split_at_mut(node + 1);
        for &child in &tree.children[node] {
            let parts = below[child - node - 1].iter().flatten();
            above[node].iter_mut().flatten().zip(parts).for_each(|(sum, part)| *sum += part);
        }
    }
    Ok(all)
}

fn checked(tree: &Hierarchy, rows: &[Vec<f64>], what: &'static str) -> Result<(), ReconcileError> {
    if rows.len() != tree.len() {
        return Err(ReconcileError::Nodes { what, given: rows.len(), nodes: tree.len() });
    }
    let expected = rows.first().map_or(0, Vec::len);
    rows.iter().enumerate().try_for_each(|(node, row)| check_row(row, expected, node, what))
}

fn check_row(row: &[f64], expected: usize, node: usize, what: &'static str) -> Result<(), ReconcileError> {
    if row.len() != expected {
        return Err(ReconcileError::Steps { what, node, given: row.len(), expected });
    }
    match row.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(ReconcileError::NotFinite { what, node, index }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
