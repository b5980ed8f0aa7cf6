//! Histograms of gradients and the best split of one.
//!
//! A bin is W words of fixed-point integers: a word with the sum of gradients above and the count of rows below, and,
//! when curvatures differ between rows, a word with their sum. So a row costs one addition a column, sums are exact
//! (a child is its parent less its sibling to the last bit) and the same on every machine.
//!
//! Gain of a split, with G and H the sums of gradients and curvatures: G_l²/(H_l + λ) + G_r²/(H_r + λ) − G²/(H + λ).
//! Reference: Chen & Guestrin, "XGBoost", KDD 2016, equation 7; labels are tried in the order of G/H (Fisher, "On
//! grouping for maximum homogeneity", JASA 53, 1958).

use super::tree::Test;

/// Codes of a column.
pub(super) const CODES: usize = 256;

/// Labels with fewer rows in a leaf count as less certain by this much curvature when they are put in order.
const LABEL_SMOOTHING: f64 = 10.0;

/// How sums are held in integers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Units {
    /// Bits of the row count below the gradients' sum.
    pub count_bits: u32,
    /// A gradient of 1 in units of the integer sum.
    pub gradient: f64,
    /// Curvature of one unit in the second word.
    pub curvature: f64,
}

/// Sums over the rows of a node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums {
    pub rows: f64,
    /// In units of the integer sum.
    pub gradient: f64,
    pub curvature: f64,
}

impl Units {
    /// Reads a bin.
    #[inline(always)]
    pub fn read<const W: usize>(&self, words: [i64; W]) -> Sums {
        let rows = (words[0] & ((1 << self.count_bits) - 1)) as f64;
        let gradient = (words[0] >> self.count_bits) as f64;
        // Without a second word every row's curvature is 1.
        let curvature = if W == 1 { rows } else { words[W - 1] as f64 * self.curvature };
        Sums { rows, gradient, curvature }
    }
}

/// What a split must fulfil.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub min_rows: f64,
    pub min_curvature: f64,
    pub lambda: f64,
}

/// A split that was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split {
    /// G_l²/(H_l + λ) + G_r²/(H_r + λ), in units of the integer sum.
    pub score: f64,
    /// Place among the columns of this tree.
    pub place: usize,
    pub test: Test,
    /// The set of codes when the test is [`Test::In`].
    pub set: [u64; 4],
    /// Sums of the left child.
    pub left: [i64; 2],
}

/// Adds the rows' gradients to the histograms of all columns of the tree; `codes` are row by row.
pub(super) fn accumulate<const W: usize>(
    histograms: &mut [i64],
    codes: &[u8],
    width: usize,
    rows: &[u32],
    gradients: &[i64],
) {
    let (bins, _) = histograms.as_chunks_mut::<W>();
    let (columns, _) = bins.as_chunks_mut::<CODES>();
    let (gradients, _) = gradients.as_chunks::<W>();
    for &row in rows {
        let row = row as usize;
        let gradient = &gradients[row];
        let codes = &codes[row * width..(row + 1) * width];
        for (column, &code) in columns.iter_mut().zip(codes) {
            let bin = &mut column[usize::from(code)];
            for word in 0..W {
                bin[word] += gradient[word];
            }
        }
    }
}

/// Looks for a better split than `best` in one column's histogram.
pub(super) fn scan<const W: usize>(
    histogram: &[i64],
    (place, codes, categorical): (usize, usize, bool),
    total: [i64; W],
    (units, rule): (&Units, &Rule),
    best: &mut Option<Split>,
) {
    let (bins, _) = histogram.as_chunks::<W>();
    let Some(bins) = bins.first_chunk::<CODES>() else { return };
    if categorical {
        return scan_labels(bins, (place, codes), total, (units, rule), best);
    }
    // Rows that are not known go right, and, when there are any, left in a second pass.
    let known = [0; W];
    cut(bins, (place, codes, Some(1)), known, total, (units, rule), best);
    if bins[0] != known {
        cut(bins, (place, codes, Some(0)), bins[0], total, (units, rule), best);
    }
}

/// Tries every cut between codes 1, 2, … `codes` − 1, with `left` on the left side already.
fn cut<const W: usize>(
    bins: &[[i64; W]; CODES],
    (place, codes, shift): (usize, usize, Option<u8>),
    mut left: [i64; W],
    total: [i64; W],
    (units, rule): (&Units, &Rule),
    best: &mut Option<Split>,
) {
    let all = units.read(total);
    let mut found = best.as_ref().map_or(0.0, |split| split.score);
    let mut at = None;
    for (code, bin) in bins.iter().enumerate().take(codes).skip(1) {
        if *bin == [0; W] {
            continue;
        }
        for word in 0..W {
            left[word] += bin[word];
        }
        let l = units.read(left);
        if l.rows < rule.min_rows || l.curvature < rule.min_curvature {
            continue;
        }
        let (rows, gradient, curvature) =
            (all.rows - l.rows, all.gradient - l.gradient, all.curvature - l.curvature);
        if rows < rule.min_rows || curvature < rule.min_curvature {
            break;
        }
        let (hl, hr) = (l.curvature + rule.lambda, curvature + rule.lambda);
        // One comparison of products instead of two divisions.
        let numerator = l.gradient * l.gradient * hr + gradient * gradient * hl;
        if numerator > found * (hl * hr) {
            found = numerator / (hl * hr);
            at = Some((code, left));
        }
    }
    let Some((code, left)) = at else { return };
    let rows = units.read(left).rows;
    let shift = match shift {
        // With no unknown row seen, they will go with the majority.
        Some(1) if bins[0] == [0; W] => u8::from(rows < all.rows - rows),
        Some(shift) => shift,
        None => 0,
    };
    let mut sums = [0; 2];
    sums[..W].copy_from_slice(&left);
    let test = Test::AtMost { cut: code as u8 - shift, shift };
    *best = Some(Split { score: found, place, test, set: [0; 4], left: sums });
}

/// Puts labels in the order of their mean gradients and cuts that order.
fn scan_labels<const W: usize>(
    bins: &[[i64; W]; CODES],
    (place, codes): (usize, usize),
    total: [i64; W],
    (units, rule): (&Units, &Rule),
    best: &mut Option<Split>,
) {
    let mean = |code: &u8| {
        let sums = units.read(bins[usize::from(*code)]);
        sums.gradient / (sums.curvature + LABEL_SMOOTHING)
    };
    let mut order: Vec<u8> = (0..codes).map(|code| code as u8).collect();
    order.retain(|code| bins[usize::from(*code)] != [0; W]);
    crate::order::by(&mut order, |a, b| mean(a).total_cmp(&mean(b)));
    let mut sorted = [[0; W]; CODES];
    for (to, from) in sorted[1..].iter_mut().zip(&order) {
        *to = bins[usize::from(*from)];
    }
    let before = best.map(|split| split.score);
    cut(&sorted, (place, order.len() + 1, None), [0; W], total, (units, rule), best);
    let Some(split) = best.as_mut().filter(|split| Some(split.score) != before) else { return };
    if let Test::AtMost { cut, .. } = split.test {
        for code in &order[..usize::from(cut)] {
            split.set[usize::from(code >> 6)] |= 1 << (code & 63);
        }
        // The grower gives the set its index.
        split.test = Test::In(0);
    }
}
