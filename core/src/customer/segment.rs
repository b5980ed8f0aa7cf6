//! Segments found in the data: k-means over the seed's seven customer features, named by what they resemble.
//!
//! Question: which groups of customers are there, whatever the RFM table says? Input: purchases as rows. Output: a
//! cluster and a segment name for each customer, with the partition's silhouette, inertia, distance between
//! centres and stability.
//!
//! Features, each log1p-transformed (they are skewed) and standardised (mean 0, deviation 1; a constant column is
//! 0): recency_days, frequency_purchases, monetary_total (net, at least 0), avg_order_value, brand_diversity
//! (distinct brands), price_sensitivity (discounts ÷ list value, 0–1), service_interactions (rows of service).
//!
//! Method: Lloyd's k-means from k-means++ starts, the best of [`SegmentParams::runs`] seeded runs (linfa).
//! Stability: mean adjusted Rand index between the partition and those that centres of bootstrap samples make.
//! Names: each cluster has its members' mean (r, f, m) scores, each segment the mean of its cells in the table of
//! [`super::rfm`]; names go to clusters one to one such that the summed squared distance is least (all ways are
//! compared). With more than eight clusters each takes the nearest name.
//!
//! Assumptions: groups are round and of like spread. How it fails: fewer different customers than clusters are
//! refused; where there are no groups, silhouette and stability are low and say so.
//! References: Arthur & Vassilvitskii, SODA (2007) (k-means++); Hennig, CSDA 52 (2007) (bootstrap stability).

use super::rfm::{Scores, Segment};
use crate::{
    feature::customer::SegmentFeatures,
    metric::{adjusted_rand_index, silhouette},
    rng::Rng,
};
use linfa::{DatasetBase, traits::Fit};
use linfa_clustering::{KMeans, KMeansError, KMeansInit};
use ndarray::{Array1, Array2, ArrayView1, Axis, aview1};

/// Version of features, clustering and naming.
pub const VERSION: &str = "1.0.0";

/// Samples that stability rests on.
const BOOTSTRAPS: usize = 5;

/// Restarts for each of them.
const BOOTSTRAP_RUNS: usize = 2;

/// Most customers whose silhouette is taken pair by pair; of more, a seeded sample of so many.
const SILHOUETTE_CUSTOMERS: usize = 5_000;

/// What is wished, unchecked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentParams {
    /// Clusters: the seed's eight.
    pub clusters: usize,
    /// Of every random choice.
    pub seed: u64,
    /// Restarts, of which the best counts.
    pub runs: usize,
}

impl Default for SegmentParams {
    fn default() -> Self {
        Self { clusters: 8, seed: 42, runs: 10 }
    }
}

/// Checked wishes: only these can fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedParams(SegmentParams);

/// Why there are no segments.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SegmentError {
    /// No such number of clusters.
    #[error("clusters is {0}: 2 to 64 were expected")]
    Clusters(usize),
    /// No restart.
    #[error("runs is 0: at least 1 was expected")]
    Runs,
    /// Not enough to tell apart.
    #[error("{have} different customers but {need} clusters: more customers or fewer clusters were expected")]
    TooFew {
        /// Customers that differ in any feature.
        have: usize,
        /// Clusters.
        need: usize,
    },
    /// The library found no partition.
    #[error("k-means found no partition: {0}")]
    KMeans(String),
}

impl From<KMeansError> for SegmentError {
    fn from(error: KMeansError) -> Self {
        Self::KMeans(error.to_string())
    }
}

impl SegmentParams {
    /// Checks the wishes.
    pub fn check(self) -> Result<CheckedParams, SegmentError> {
        match self {
            Self { clusters, .. } if !(2..=64).contains(&clusters) => Err(SegmentError::Clusters(clusters)),
            Self { runs: 0, .. } => Err(SegmentError::Runs),
            _ => Ok(CheckedParams(self)),
        }
    }
}

/// A partition of points.
#[derive(Clone, Debug, PartialEq)]
pub struct Partition {
    /// Point → cluster, the largest being 0.
    pub cluster: Vec<usize>,
    /// Centres, one row a cluster.
    pub centroids: Array2<f64>,
    /// Sum of squared distances to the own centre.
    pub inertia: f64,
}

impl CheckedParams {
    /// The best partition of `points` (one a row) that the runs found.
    pub fn partition(&self, points: &Array2<f64>) -> Result<Partition, SegmentError> {
        let need = self.0.clusters;
        let have = different(points);
        if have < need {
            return Err(SegmentError::TooFew { have, need });
        }
        let centres = centres(points, self.0.clusters, self.0.runs, self.0.seed)?;
        Ok(Partition::around(points, &centres))
    }

    /// Segments customers by their features.
    pub fn fit(&self, features: &SegmentFeatures) -> Result<Segmentation, SegmentError> {
        let points = standardise(features);
        let partition = self.partition(&points)?;
        let scores =
            Scores::of(&features.recency_days, &features.frequency_purchases, &features.monetary_total);
        let names = names(&partition, &scores);
        let quality = Quality {
            silhouette: self.silhouette(&points, &partition.cluster),
            inertia: partition.inertia,
            inter_cluster_distance: inter_cluster_distance(&partition.centroids),
            stability: self.stability(&points, &partition.cluster)?,
        };
        let segment = partition.cluster.iter().map(|&cluster| names[cluster]).collect();
        Ok(Segmentation { partition, scores, segment, quality })
    }

    fn silhouette(&self, points: &Array2<f64>, cluster: &[usize]) -> Option<f64> {
        if points.nrows() <= SILHOUETTE_CUSTOMERS {
            return silhouette(points.view(), cluster);
        }
        let sample = sample(points.nrows(), SILHOUETTE_CUSTOMERS, self.0.seed);
        let labels: Vec<usize> = sample.iter().map(|&row| cluster[row]).collect();
        silhouette(points.select(Axis(0), &sample).view(), &labels)
    }

    fn stability(&self, points: &Array2<f64>, cluster: &[usize]) -> Result<Option<f64>, SegmentError> {
        let mut indices = Vec::with_capacity(BOOTSTRAPS);
        for bootstrap in 1..=BOOTSTRAPS as u64 {
            let seed = self.0.seed.wrapping_add(bootstrap);
            let resampled = points.select(Axis(0), &sample(points.nrows(), points.nrows(), seed));
            // A sample may miss whole groups of equal customers.
            if different(&resampled) < self.0.clusters {
                continue;
            }
            let centres = centres(&resampled, self.0.clusters, BOOTSTRAP_RUNS, seed)?;
            indices.extend(adjusted_rand_index(cluster, &nearest(points, &centres)));
        }
        Ok((!indices.is_empty()).then(|| indices.iter().sum::<f64>() / indices.len() as f64))
    }
}

/// The centres of the best of so many seeded runs.
fn centres(
    points: &Array2<f64>,
    clusters: usize,
    runs: usize,
    seed: u64,
) -> Result<Array2<f64>, SegmentError> {
    let rng = Rng::seeded(seed).inner().clone();
    let params = KMeans::params_with_rng(clusters, rng).n_runs(runs).init_method(KMeansInit::KMeansPlusPlus);
    Ok(params.fit(&DatasetBase::from(points.view()))?.centroids().clone())
}

/// Point → nearest centre, the first of equal ones.
fn nearest(points: &Array2<f64>, centres: &Array2<f64>) -> Vec<usize> {
    let of_point = |point: ArrayView1<f64>| {
        let mut best = (f64::INFINITY, 0);
        for (cluster, centre) in centres.rows().into_iter().enumerate() {
            let distance = squared_distance(point, centre);
            if distance < best.0 {
                best = (distance, cluster);
            }
        }
        best.1
    };
    points.rows().into_iter().map(of_point).collect()
}

/// So many rows of `rows`, drawn with replacement.
fn sample(rows: usize, count: usize, seed: u64) -> Vec<usize> {
    let mut rng = Rng::seeded(seed);
    (0..count).map(|_| rng.below(rows)).collect()
}

fn different(points: &Array2<f64>) -> usize {
    let mut rows: Vec<Vec<u64>> =
        points.rows().into_iter().map(|row| row.iter().map(|value| value.to_bits()).collect()).collect();
    rows.sort_unstable();
    rows.dedup();
    rows.len()
}

fn squared_distance(a: ArrayView1<f64>, b: ArrayView1<f64>) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

impl Partition {
    /// Assigns every point to its nearest centre, numbers clusters by size and takes the inertia from the means.
    fn around(points: &Array2<f64>, centres: &Array2<f64>) -> Self {
        let assigned = nearest(points, centres);
        let clusters = centres.nrows();
        let mut sizes = vec![0usize; clusters];
        let mut sums = Array2::<f64>::zeros((clusters, points.ncols()));
        for (point, &cluster) in points.rows().into_iter().zip(&assigned) {
            sizes[cluster] += 1;
            let mut sum = sums.row_mut(cluster);
            sum += &point;
        }
        let mut order: Vec<usize> = (0..clusters).collect();
        crate::order::by_key(&mut order, |&cluster| std::cmp::Reverse(sizes[cluster]));
        let mut number = vec![0usize; clusters];
        let mut centroids = Array2::<f64>::zeros(sums.dim());
        for (new, &old) in order.iter().enumerate() {
            number[old] = new;
            // An empty cluster keeps the centre that it was given.
            let centre =
                if sizes[old] > 0 { &sums.row(old) / sizes[old] as f64 } else { centres.row(old).to_owned() };
            centroids.row_mut(new).assign(&centre);
        }
        let cluster: Vec<usize> = assigned.iter().map(|&old| number[old]).collect();
        let own = points.rows().into_iter().zip(&cluster);
        let inertia = own.map(|(point, &cluster)| squared_distance(point, centroids.row(cluster))).sum();
        Self { cluster, centroids, inertia }
    }
}

/// How good a partition is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    /// Mean silhouette, −1 to 1.
    pub silhouette: Option<f64>,
    /// Sum of squared distances to the own centre.
    pub inertia: f64,
    /// Mean distance between two centres.
    pub inter_cluster_distance: f64,
    /// Mean adjusted Rand index over bootstraps, 1 = always the same groups.
    pub stability: Option<f64>,
}

/// Customers with their clusters and names, row by row as the features.
#[derive(Clone, Debug, PartialEq)]
pub struct Segmentation {
    /// The clusters.
    pub partition: Partition,
    /// RFM scores.
    pub scores: Scores,
    /// Name of each customer's cluster.
    pub segment: Vec<Segment>,
    /// How good it is.
    pub quality: Quality,
}

/// log1p, then mean 0 and deviation 1 by column.
fn standardise(features: &SegmentFeatures) -> Array2<f64> {
    let columns = features.columns();
    let rows = features.recency_days.len();
    let mut points = Array2::zeros((rows, columns.len()));
    for (column, values) in columns.into_iter().enumerate() {
        let values = Array1::from_iter(values.into_iter().map(|value: f64| value.max(0.0).ln_1p()));
        let mean = values.mean().unwrap_or_default();
        let deviation = values.std(0.0);
        if deviation > 1e-12 {
            points.column_mut(column).assign(&((values - mean) / deviation));
        }
    }
    points
}

fn inter_cluster_distance(centroids: &Array2<f64>) -> f64 {
    let clusters = centroids.nrows();
    let mut sum = 0.0;
    for a in 0..clusters {
        for b in 0..a {
            sum += squared_distance(centroids.row(a), centroids.row(b)).sqrt();
        }
    }
    sum / (clusters * (clusters - 1) / 2) as f64
}

/// Cluster → name: see the head of this file.
fn names(partition: &Partition, scores: &Scores) -> Vec<Segment> {
    let clusters = partition.centroids.nrows();
    let mut means = vec![[0.0f64; 4]; clusters];
    for (row, &cluster) in partition.cluster.iter().enumerate() {
        let of_row = [scores.r_score[row], scores.f_score[row], scores.m_score[row]];
        for (sum, score) in means[cluster].iter_mut().zip(of_row) {
            *sum += f64::from(score);
        }
        means[cluster][3] += 1.0;
    }
    let prototypes = prototypes();
    let distance = |cluster: usize, segment: usize| {
        let [r, f, m, count] = means[cluster];
        let of_cluster = [r, f, m].map(|sum| sum / count.max(1.0));
        squared_distance(aview1(&of_cluster), aview1(&prototypes[segment]))
    };
    let nearest = |cluster: usize| {
        let by_distance = |a: &usize, b: &usize| distance(cluster, *a).total_cmp(&distance(cluster, *b));
        (0..Segment::ALL.len()).min_by(by_distance).unwrap_or_default()
    };
    let positions: Vec<usize> = if clusters > Segment::ALL.len() {
        (0..clusters).map(nearest).collect()
    } else {
        cheapest_matching(clusters, Segment::ALL.len(), distance)
    };
    positions.into_iter().map(|position| Segment::ALL[position]).collect()
}

/// Mean (r, f, m) of each segment's cells in the RFM table.
fn prototypes() -> [[f64; 3]; 8] {
    let mut sums = [[0.0; 3]; 8];
    let mut cells = [0.0; 8];
    for (r, f, m) in (1..=5).flat_map(|r| (1..=5).flat_map(move |f| (1..=5).map(move |m| (r, f, m)))) {
        let segment = Segment::of(r, f, m) as usize;
        cells[segment] += 1.0;
        for (sum, score) in sums[segment].iter_mut().zip([r, f, m]) {
            *sum += f64::from(score);
        }
    }
    for (sum, cells) in sums.iter_mut().zip(cells) {
        sum.iter_mut().for_each(|score| *score /= cells);
    }
    sums
}

/// Rows → distinct columns with the least summed cost; `rows` ≤ `columns` ≤ 8. Dynamic programming over the sets
/// of columns taken by the first rows (Held & Karp's scheme); of equal sums the earlier columns win.
fn cheapest_matching(rows: usize, columns: usize, cost: impl Fn(usize, usize) -> f64) -> Vec<usize> {
    let sets = 1usize << columns;
    let mut best = vec![f64::INFINITY; sets];
    let mut choice = vec![0usize; sets];
    best[0] = 0.0;
    for set in 1..sets {
        let row = set.count_ones() as usize - 1;
        if row >= rows {
            continue;
        }
        for column in (0..columns).filter(|column| set & (1 << column) != 0) {
            let total = best[set & !(1 << column)] + cost(row, column);
            if total < best[set] {
                (best[set], choice[set]) = (total, column);
            }
        }
    }
    let full = |set: &usize| set.count_ones() as usize == rows;
    let by_cost = |a: &usize, b: &usize| best[*a].total_cmp(&best[*b]);
    let mut set = (0..sets).filter(full).min_by(by_cost).unwrap_or_default();
    let mut matched = vec![0; rows];
    for row in (0..rows).rev() {
        matched[row] = choice[set];
        set &= !(1 << choice[set]);
    }
    matched
}
