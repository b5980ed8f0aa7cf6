//! Grows one tree: histograms, the best split, rows moved apart, again.
//!
//! The open leaf that gains most is split first (leaf-wise growth, as in Ke et al. 2017) or, for full trees, the one
//! that came last, so that few histograms are held at once. Only the smaller child's histogram is counted; the larger
//! one's is the parent's less the sibling's.

use super::scan::{CODES, Rule, Split, Units, accumulate, scan};
use super::tree::{Node, Test, Tree, holds};
use crate::rng::Rng;

/// How far a tree may grow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub rule: Rule,
    pub max_leaves: usize,
    pub max_depth: usize,
    /// Columns that are looked at for each split; all when there are not more.
    pub columns_per_split: usize,
    /// Least gain, in the gradients' unit squared.
    pub min_gain: f64,
    /// Whether the leaf that gains most goes first.
    pub best_first: bool,
}

/// A column of this tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub column: usize,
    pub codes: usize,
    pub categorical: bool,
}

/// A leaf that may still be split.
#[derive(Debug)]
struct Open {
    leaf: usize,
    depth: usize,
    histograms: Vec<i64>,
    total: [i64; 2],
    split: Split,
    gain: f64,
}

/// A leaf's rows, as a range of the grower's order, and the sums over them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaf {
    pub start: usize,
    pub end: usize,
    total: [i64; 2],
    /// The node above and the side it is on.
    parent: Option<(usize, usize)>,
}

/// What grows a tree; its buffers serve one tree after the other.
#[derive(Debug)]
pub(super) struct Grower {
    limits: Limits,
    units: Units,
    /// Words of a bin: 1 when every row's curvature is 1, else 2.
    words: usize,
    places: Vec<Place>,
    /// Codes of this tree's rows and columns, row by row.
    codes: Vec<u8>,
    gradients: Vec<i64>,
    order: Vec<u32>,
    spare: Vec<u32>,
    pool: Vec<Vec<i64>>,
    pub leaves: Vec<Leaf>,
    /// Columns and gains of the splits of the last tree.
    pub gains: Vec<(usize, f64)>,
}

impl Grower {
    pub fn new(limits: Limits) -> Self {
        let units = Units { count_bits: 1, gradient: 1.0, curvature: 1.0 };
        Self {
            limits,
            units,
            words: 1,
            places: Vec::new(),
            codes: Vec::new(),
            gradients: Vec::new(),
            order: Vec::new(),
            spare: Vec::new(),
            pool: Vec::new(),
            leaves: Vec::new(),
            gains: Vec::new(),
        }
    }

    /// The rows and columns of the next trees.
    pub fn take_rows(&mut self, (codes, width): (&[u8], usize), places: &[Place], rows: &[u32]) {
        if places.len() != self.places.len() {
            self.pool.clear();
        }
        self.places = places.to_vec();
        self.codes.clear();
        self.codes.reserve(rows.len() * places.len());
        for &row in rows {
            let row = &codes[row as usize * width..(row as usize + 1) * width];
            self.codes.extend(places.iter().map(|place| row[place.column]));
        }
    }

    /// Turns the rows' gradients and, when they differ, curvatures into integers. False when all gradients are 0.
    pub fn take_gradients(&mut self, gradients: &[f64], curvatures: Option<&[f64]>) -> bool {
        /// Adding this makes a number's nearest integer the low bits of its representation.
        const ROUND: f64 = 6_755_399_441_055_744.0;
        let rows = gradients.len() as u64;
        let count_bits = 64 - rows.leading_zeros();
        let scale = |values: &[f64], bits: u32| {
            let largest = values.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
            // Below the least normal number the scale would overflow: such gradients are none.
            if largest < f64::MIN_POSITIVE / f64::EPSILON {
                0.0
            } else {
                ((1_u64 << bits) - 1) as f64 / largest
            }
        };
        let gradient = scale(gradients, (62 - 2 * count_bits).min(30));
        let curvature = curvatures.map_or(1.0, |values| scale(values, (62 - count_bits).min(30)));
        self.words = if curvatures.is_some() { 2 } else { 1 };
        self.units =
            Units { count_bits, gradient, curvature: if curvature > 0.0 { 1.0 / curvature } else { 0.0 } };
        let integer = |value: f64| i64::from((value + ROUND).to_bits() as i32);
        let pack = |value: f64| (integer(value * gradient) << count_bits) + 1;
        self.gradients.clear();
        match curvatures {
            None => self.gradients.extend(gradients.iter().map(|g| pack(*g))),
            Some(curvatures) => {
                let pairs = gradients.iter().zip(curvatures);
                self.gradients.extend(pairs.flat_map(|(g, h)| [pack(*g), integer(h * curvature)]));
            }
        }
        gradient > 0.0
    }

    /// Rows of a leaf, as positions among the rows that were taken.
    pub fn rows(&self, leaf: &Leaf) -> &[u32] {
        &self.order[leaf.start..leaf.end]
    }

    /// Sum of gradients and of curvatures of a leaf.
    pub fn sums(&self, leaf: &Leaf) -> (f64, f64) {
        let sums = match self.words {
            1 => self.units.read([leaf.total[0]]),
            _ => self.units.read(leaf.total),
        };
        (sums.gradient / self.units.gradient, sums.curvature)
    }

    fn histograms(&mut self, rows: (usize, usize)) -> Vec<i64> {
        let size = self.places.len() * CODES * self.words;
        let mut histograms = self.pool.pop().unwrap_or_default();
        histograms.clear();
        histograms.resize(size, 0);
        let count = match self.words {
            1 => accumulate::<1>,
            _ => accumulate::<2>,
        };
        let rows = &self.order[rows.0..rows.1];
        count(&mut histograms, &self.codes, self.places.len(), rows, &self.gradients);
        histograms
    }

    fn best(&self, histograms: &[i64], total: [i64; 2], rng: &mut Rng) -> Option<(Split, f64)> {
        let (mut best, context) = (None, (&self.units, &self.limits.rule));
        let mut wanted = self.limits.columns_per_split;
        for (index, (histogram, place)) in
            histograms.chunks_exact(CODES * self.words).zip(&self.places).enumerate()
        {
            // So many of those that are left, each with the same chance.
            let left = self.places.len() - index;
            if wanted < left && rng.below(left) >= wanted {
                continue;
            }
            wanted = wanted.saturating_sub(1);
            let column = (index, place.codes, place.categorical);
            match self.words {
                1 => scan(histogram, column, [total[0]], context, &mut best),
                _ => scan(histogram, column, total, context, &mut best),
            }
        }
        let split: Split = best?;
        let all = match self.words {
            1 => self.units.read([total[0]]),
            _ => self.units.read(total),
        };
        let whole = all.gradient * all.gradient / (all.curvature + self.limits.rule.lambda);
        let gain = (split.score - whole) / (self.units.gradient * self.units.gradient);
        (gain > self.limits.min_gain).then_some((split, gain))
    }

    fn may_split(&self, leaf: &Leaf, depth: usize) -> bool {
        depth < self.limits.max_depth && (leaf.end - leaf.start) as f64 >= 2.0 * self.limits.rule.min_rows
    }

    /// Opens a leaf if a split of it gains anything.
    fn open(&mut self, leaf: usize, depth: usize, histograms: Vec<i64>, rng: &mut Rng) -> Option<Open> {
        let total = self.leaves[leaf].total;
        let best =
            if self.may_split(&self.leaves[leaf], depth) { self.best(&histograms, total, rng) } else { None };
        match best {
            Some((split, gain)) => Some(Open { leaf, depth, histograms, total, split, gain }),
            None => {
                self.pool.push(histograms);
                None
            }
        }
    }

    /// Grows a tree over the rows that were taken; its leaves have no values yet.
    pub fn grow(&mut self, rng: &mut Rng) -> Tree {
        let rows = self.gradients.len() / self.words;
        self.order.clear();
        self.order.extend(0..rows as u32);
        self.spare.resize(rows, 0);
        let mut total = [0; 2];
        for words in self.gradients.chunks_exact(self.words) {
            total.iter_mut().zip(words).for_each(|(sum, word)| *sum += word);
        }
        self.leaves.clear();
        self.gains.clear();
        self.leaves.push(Leaf { start: 0, end: rows, total, parent: None });
        let mut tree = Tree::default();
        let mut open: Vec<Open> = Vec::new();
        if self.may_split(&self.leaves[0], 0) && self.limits.max_leaves > 1 {
            let histograms = self.histograms((0, rows));
            open.extend(self.open(0, 0, histograms, rng));
        }
        while self.leaves.len() < self.limits.max_leaves
            && let Some(next) = self.next(&mut open)
        {
            let right = self.split(&mut tree, &next);
            let (leaf, depth) = (next.leaf, next.depth + 1);
            let full = self.leaves.len() == self.limits.max_leaves;
            let (a, b) = (self.leaves[leaf], self.leaves[right]);
            if full || !(self.may_split(&a, depth) || self.may_split(&b, depth)) {
                self.pool.push(next.histograms);
                continue;
            }
            let (small, large) =
                if a.end - a.start <= b.end - b.start { (leaf, right) } else { (right, leaf) };
            let counted = self.histograms((self.leaves[small].start, self.leaves[small].end));
            let mut rest = next.histograms;
            rest.iter_mut().zip(&counted).for_each(|(sum, part)| *sum -= part);
            open.extend(self.open(large, depth, rest, rng));
            open.extend(self.open(small, depth, counted, rng));
        }
        self.pool.extend(open.into_iter().map(|it| it.histograms));
        tree
    }

    fn next(&self, open: &mut Vec<Open>) -> Option<Open> {
        if !self.limits.best_first {
            return open.pop();
        }
        let mut best = 0;
        for (index, it) in open.iter().enumerate() {
            if it.gain > open[best].gain {
                best = index;
            }
        }
        (best < open.len()).then(|| open.swap_remove(best))
    }

    /// Writes the node and moves the leaf's rows apart; the new leaf is the right child.
    fn split(&mut self, tree: &mut Tree, open: &Open) -> usize {
        let Open { leaf, split, total, .. } = open;
        let (leaf, right, node) = (*leaf, self.leaves.len(), tree.nodes.len());
        let place = self.places[split.place];
        let mut test = split.test;
        if matches!(test, Test::In(_)) {
            test = Test::In(tree.sets.len() as u16);
            tree.sets.push(split.set);
        }
        let children = [!(leaf as i32), !(right as i32)];
        tree.nodes.push(Node { column: place.column as u16, test, children });
        if let Some((above, side)) = self.leaves[leaf].parent {
            tree.nodes[above].children[side] = node as i32;
        }
        self.gains.push((place.column, open.gain));
        let Leaf { start, end, .. } = self.leaves[leaf];
        let middle = start + self.partition(start, end, split);
        let rest = [total[0] - split.left[0], total[1] - split.left[1]];
        self.leaves[leaf] = Leaf { start, end: middle, total: split.left, parent: Some((node, 0)) };
        self.leaves.push(Leaf { start: middle, end, total: rest, parent: Some((node, 1)) });
        right
    }

    /// Puts the rows that go left first, both sides in their order; how many go left.
    fn partition(&mut self, start: usize, end: usize, split: &Split) -> usize {
        let width = self.places.len();
        let (order, spare, codes) = (&mut self.order[start..end], &mut self.spare[..], &self.codes);
        let code = |row: u32| codes[row as usize * width + split.place];
        // Every row is written to both sides; only one of the ends moves. So nothing hangs on a guess.
        let (mut left, mut right) = (0, 0);
        for index in 0..order.len() {
            let row = order[index];
            let code = code(row);
            let goes_left = match split.test {
                Test::AtMost { cut, shift } => code.wrapping_sub(shift) <= cut,
                Test::In(_) => holds(&split.set, code),
            };
            order[left] = row;
            spare[right] = row;
            left += usize::from(goes_left);
            right += usize::from(!goes_left);
        }
        order[left..].copy_from_slice(&spare[..right]);
        left
    }
}
