//! Reconciliation by hand, against the formula written out with dense matrices, and its properties.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::rng::Rng;
use ndarray::Array2;

fn near(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-9 * (1.0 + b.abs()), "{a} {b}");
}

/// Total, two shops, two categories each, three products each.
fn tree() -> Hierarchy {
    let mut leaves = Vec::new();
    for shop in 0..2 {
        for category in 0..2 {
            leaves.extend(vec![vec![shop, category]; 3]);
        }
    }
    Hierarchy::grouped(&leaves)
}

/// Errors with a shock that all share.
fn errors(tree: &Hierarchy, steps: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut rng = Rng::seeded(seed);
    let shared: Vec<f64> = (0..steps).map(|_| rng.normal()).collect();
    let row = |node: usize| {
        shared.iter().map(|it| it + (1.0 + node as f64 / 5.0) * rng.normal()).collect::<Vec<f64>>()
    };
    (0..tree.len()).map(row).collect()
}

fn base(tree: &Hierarchy, steps: usize) -> Vec<Vec<f64>> {
    let mut rng = Rng::seeded(5);
    (0..tree.len()).map(|_| (0..steps).map(|_| 20.0 + 9.0 * rng.normal()).collect()).collect()
}

#[test]
fn groups_stand_level_by_level() {
    let tree = tree();
    assert_eq!((tree.len(), tree.leaves()), (1 + 2 + 4 + 12, (7..19).collect()));
    assert_eq!((tree.children(0), tree.children(1)), (&[1, 2][..], &[3, 4][..]));
    assert_eq!(tree.children(6), [16, 17, 18]);
    assert_eq!(Hierarchy::grouped(&[vec![], vec![]]).children(0), [1, 2]);
    assert_eq!(
        Hierarchy::new(vec![Some(1), None]).unwrap_err().to_string(),
        "parent of node 0 is 1: an earlier node was expected"
    );
}

#[test]
fn three_nodes_match_hand_arithmetic() {
    // Total 12, parts 4 and 5: 3 too little below. Structural weights 2, 1, 1: the total gives 2/4 of it, each part 1/4.
    let tree = Hierarchy::new(vec![None, Some(0), Some(0)]).unwrap();
    let base = [vec![12.0], vec![4.0], vec![5.0]];
    let few = vec![vec![1.0]; 3];
    let structural = Reconciler::learn(&tree, &few, Weights::Shrunk).unwrap();
    assert_eq!(structural.weights(), Weights::Structural, "one error is few");
    assert_eq!(structural.reconcile(&base, false).unwrap(), [[10.5], [4.75], [5.75]]);
    // Variances 1, 4, 1 (errors ± their roots): shares 1/6, 4/6, 1/6.
    let sign = |size: f64| (0..20).map(|t| if t % 2 == 0 { size } else { -size }).collect::<Vec<f64>>();
    let own = Reconciler::learn(&tree, &[sign(1.0), sign(2.0), sign(1.0)], Weights::Variance).unwrap();
    let found = own.reconcile(&base, false).unwrap();
    near(found[0][0], 11.5);
    near(found[1][0], 6.0);
    near(found[2][0], 5.5);
}

#[test]
fn both_ways_equal_the_formula_written_out_with_dense_matrices() {
    let tree = tree();
    let (errors, base) = (errors(&tree, 60, 3), base(&tree, 2));
    let (n, leaves) = (tree.len(), tree.leaves());
    for wish in [Weights::Structural, Weights::Variance, Weights::Shrunk] {
        let found = Reconciler::learn(&tree, &errors, wish).unwrap();
        assert_eq!(found.weights(), wish);
        let lambda = if wish == Weights::Shrunk { naive_shrinkage(&errors) } else { 1.0 };
        let w = Array2::from_shape_fn((n, n), |(i, j)| {
            let mean: f64 = errors[i].iter().zip(&errors[j]).map(|(a, b)| a * b).sum::<f64>() / 60.0;
            match (i == j, wish) {
                (true, Weights::Structural) => tree.leaf_counts()[i],
                (true, _) => mean,
                _ => (1.0 - lambda) * mean,
            }
        });
        // ỹ = S (Sᵀ W⁻¹ S)⁻¹ Sᵀ W⁻¹ ŷ
        let s = Array2::from_shape_fn((n, leaves.len()), |(node, leaf)| {
            let mut at = Some(leaves[leaf]);
            while at.is_some_and(|it| it != node) {
                at = at.and_then(|it| tree.parent[it]);
            }
            f64::from(u8::from(at.is_some()))
        });
        let st_w = s.t().dot(&inverse(&w));
        let p = s.dot(&inverse(&st_w.dot(&s))).dot(&st_w);
        let y = Array2::from_shape_fn((n, 2), |(node, step)| base[node][step]);
        let expected = p.dot(&y);
        for (node, row) in found.reconcile(&base, false).unwrap().iter().enumerate() {
            (0..2).for_each(|step| near(row[step], expected[[node, step]]));
        }
    }
}

/// Pair by pair, as the paper has it.
fn naive_shrinkage(errors: &[Vec<f64>]) -> f64 {
    let t = errors[0].len() as f64;
    let scale = |row: &Vec<f64>| (row.iter().map(|e| e * e).sum::<f64>() / t).sqrt();
    let (mut variance, mut square) = (0.0, 0.0);
    for (i, a) in errors.iter().enumerate() {
        for b in errors.iter().take(i) {
            let w: Vec<f64> = a.iter().zip(b).map(|(x, y)| x * y / scale(a) / scale(b)).collect();
            let r = w.iter().sum::<f64>() / t;
            variance += w.iter().map(|w| (w - r) * (w - r)).sum::<f64>() / (t * (t - 1.0));
            square += r * r;
        }
    }
    (variance / square).min(1.0)
}

fn inverse(a: &Array2<f64>) -> Array2<f64> {
    let n = a.nrows();
    let (mut a, mut inverse) = (a.clone(), Array2::eye(n));
    for i in 0..n {
        let pivot = a[[i, i]];
        for j in 0..n {
            (a[[i, j]], inverse[[i, j]]) = (a[[i, j]] / pivot, inverse[[i, j]] / pivot);
        }
        for k in (0..n).filter(|&k| k != i) {
            let factor = a[[k, i]];
            for j in 0..n {
                (a[[k, j]], inverse[[k, j]]) =
                    (a[[k, j]] - factor * a[[i, j]], inverse[[k, j]] - factor * inverse[[i, j]]);
            }
        }
    }
    inverse
}

#[test]
fn the_shrinkage_by_steps_is_the_one_by_pairs() {
    for (steps, seed) in [(20, 1), (60, 2)] {
        let errors = errors(&tree(), steps, seed);
        near(shrinkage(&errors), naive_shrinkage(&errors));
    }
    assert_eq!(shrinkage(&[vec![1.0, -1.0]]), 1.0, "one series has no pair");
}

#[test]
fn parts_add_up_coherent_forecasts_stay_and_negatives_are_cut() {
    let tree = tree();
    let (errors, base) = (errors(&tree, 40, 9), base(&tree, 7));
    for wish in [Weights::Structural, Weights::Variance, Weights::Shrunk] {
        let reconciler = Reconciler::learn(&tree, &errors, wish).unwrap();
        let found = reconciler.reconcile(&base, false).unwrap();
        for node in 0..7 {
            for (step, sum) in found[node].iter().enumerate() {
                near(*sum, tree.children(node).iter().map(|&it| found[it][step]).sum());
            }
        }
        // Unbiased stays unbiased: a projection leaves what adds up as it is.
        let again = reconciler.reconcile(&found, false).unwrap();
        for (row, expected) in again.iter().zip(&found) {
            row.iter().zip(expected).for_each(|(a, b)| near(*a, *b));
        }
        let low: Vec<Vec<f64>> = base.iter().map(|row| row.iter().map(|it| it - 20.0).collect()).collect();
        let cut = reconciler.reconcile(&low, true).unwrap();
        assert!(cut.iter().flatten().all(|it| *it >= 0.0));
        near(cut[0][0], tree.leaves().iter().map(|&leaf| cut[leaf][0]).sum());
    }
}

#[test]
fn a_thousand_products_and_more_are_reconciled_by_one_sweep() {
    let leaves: Vec<Vec<u32>> = (0..3_000).map(|leaf| vec![leaf % 3, leaf % 30]).collect();
    let tree = Hierarchy::grouped(&leaves);
    let base: Vec<Vec<f64>> = (0..tree.len()).map(|node| vec![(node % 17) as f64; 2]).collect();
    let reconciler = Reconciler::learn(&tree, &vec![Vec::new(); tree.len()], Weights::Shrunk).unwrap();
    let found = reconciler.reconcile(&base, false).unwrap();
    near(found[0][1], tree.leaves().iter().map(|&leaf| found[leaf][1]).sum());
}

#[test]
fn paths_meet_the_reconciled_means_and_add_up() {
    let tree = Hierarchy::new(vec![None, Some(0), Some(0)]).unwrap();
    let means = [vec![9.0], vec![6.0], vec![3.0]];
    let paths = [vec![vec![1.0], vec![3.0]], vec![vec![0.0], vec![4.0]]];
    let shifted = reconcile_paths(&tree, &means, &paths, false).unwrap();
    assert_eq!(shifted, [[[6.0], [12.0]], [[5.0], [7.0]], [[1.0], [5.0]]]);
    let scaled = reconcile_paths(&tree, &means, &paths, true).unwrap();
    assert_eq!(scaled, [[[3.0], [15.0]], [[3.0], [9.0]], [[0.0], [6.0]]]);
    assert!(reconcile_paths(&tree, &means, &paths[..1], true).is_err());
}

#[test]
fn bad_input_names_its_place() {
    let tree = tree();
    let base = base(&tree, 3);
    let structural = Reconciler::learn(&tree, &errors(&tree, 3, 1), Weights::Variance).unwrap();
    let message = |base: &[Vec<f64>]| structural.reconcile(base, false).unwrap_err().to_string();
    assert_eq!(message(&base[1..]), "18 forecasts for 19 nodes: one for each was expected");
    let mut short = base.clone();
    short[4].pop();
    assert_eq!(message(&short), "forecasts of node 4 are 2 values: 3 were expected, as of node 0");
    short[4].push(f64::NAN);
    assert_eq!(message(&short), "forecasts of node 4 hold a value that is not finite at index 2");
    let zeros = vec![vec![0.0; 30]; tree.len()];
    assert_eq!(Reconciler::learn(&tree, &zeros, Weights::Shrunk).unwrap().weights(), Weights::Structural);
    let empty = Hierarchy::new(Vec::new()).unwrap();
    let nothing = Reconciler::learn(&empty, &[], Weights::Shrunk).unwrap();
    assert!(empty.is_empty() && nothing.reconcile(&[], true).unwrap().is_empty());
    // Equal errors everywhere leave no definite covariance: still an answer.
    let equal = vec![(0..30).map(|t| f64::from(t % 3) - 1.0).collect::<Vec<f64>>(); tree.len()];
    let found = Reconciler::learn(&tree, &equal, Weights::Shrunk).unwrap().reconcile(&base, false).unwrap();
    assert!(found.iter().flatten().all(|it| it.is_finite()));
}
